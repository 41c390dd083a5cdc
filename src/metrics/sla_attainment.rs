//! SLA attainment in working time.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Span;
use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Double, Int64};
use crate::schema::facts::{CLOCKS, outcome};
use crate::schema::shared::{ALL, BREAKDOWN, CHANGE_Q, CI_HIGH, CI_LOW, CLOCK, MEMBER, PERIOD, PERIOD_TYPE, TICKETS};
use crate::schema::{Column, Label, Table, column};
use crate::stats::{adjust, interval, proportion, quantile};
use crate::tally::{Counted, Key, Tally};

const fn count(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Int64, "tickets", zh, en, doc)
}

static TABLE: Table = Table {
    name: "sla_attainment",
    label: Label { zh: "响应时间达标率", en: "SLA attainment" },
    grain: "one row per period, clock, breakdown and member",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        CLOCK,
        BREAKDOWN,
        MEMBER,
        TICKETS.doc("All tickets of the member; the sum of the six outcomes."),
        count("met", "达标", "Met", "Time used is at most the target."),
        count(
            "breached",
            "超时",
            "Breached",
            "Time used is more than the target, at the end of the clock or, while it is open, at `--as-of`.",
        ),
        count("running", "进行中", "Running", "Open, and the time used so far is at most the target."),
        count("no_target", "无时限", "No target", "No policy sets a target."),
        count("cancelled", "已取消", "Cancelled", "Cancelled tickets."),
        count("unusable", "无法计时", "Unusable", "Moments missing or contradictory."),
        column("attainment", Double, "share", "达标率", "Attainment", "met / (met + breached)."),
        CI_LOW.doc("Lower end of the 95 % Wilson interval of the attainment."),
        CI_HIGH.doc("Upper end of the 95 % Wilson interval of the attainment."),
        column(
            "p50_seconds",
            Int64,
            "s",
            "用时中位数",
            "Median time",
            "Median of the time used by ended clocks, within 1 %.",
        ),
        column(
            "p90_seconds",
            Int64,
            "s",
            "用时90分位",
            "90th percentile",
            "90th percentile of the time used by ended clocks, within 1 %.",
        ),
        column(
            "previous_attainment",
            Double,
            "share",
            "上期达标率",
            "Previous attainment",
            "Attainment of the period of the same type before.",
        ),
        column("change", Double, "share", "变化", "Change", "attainment − previous_attainment."),
        CHANGE_Q,
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# SLA attainment (响应时间达标率)

## What it says
How many tickets kept their promised time, for each clock, period and breakdown, with the uncertainty that the number of
tickets leaves.

## How it is counted
Each clock runs in working time from the request (policies in clock hours run around the clock). A ticket is `met` when the time
used is at most its target, `breached` when it is more, whether the clock has ended or is still open at `--as-of`. Attainment is met ÷ (met + breached); tickets still running,
without target, cancelled or unusable stand apart and are counted. A ticket belongs to the period of its request. Quantiles
come from counts per logarithmic bucket: exact up to 127 s, within 0.8 % above.

## How to read it
Compare intervals, not points: with few tickets a high share can be luck. `change_q` below 0.05 marks a change against the
previous period that chance hardly explains, with all changes of the table taken into account.

## Source
Wilson (1927), score interval; two-proportion z test with pooled variance; Benjamini and Hochberg (1995).
";

const BUCKET: &str = "bucket";

/// For each breakdown the outcomes of all clocks, then for each clock its buckets of time used.
fn tallies(context: &Context) -> Vec<Tally> {
    let mut tallies = Vec::new();
    for (_, by) in context.breakdowns("fact_ticket", &context.plan.breakdowns.sla) {
        let mut outcomes = Tally::of("fact_ticket", std::iter::once("month").chain(by));
        for clock in clocks(context) {
            for value in outcome::ALL {
                outcomes = outcomes.count(format!("{clock}_{value}"), format!("{clock}_outcome"), value);
            }
        }
        tallies.push(outcomes);
        for clock in clocks(context) {
            let key = Key::Mapped { column: format!("{clock}_seconds"), name: BUCKET, with: quantile::bucket };
            tallies.push(Tally::of("fact_ticket", std::iter::once("month").chain(by)).by(key));
        }
    }
    tallies
}

/// The clocks whose end the data have.
fn clocks(context: &Context) -> Vec<&'static str> {
    CLOCKS.iter().take(3).map(|c| c.name).filter(|c| context.has("fact_ticket", &format!("{c}_outcome"))).collect()
}

#[derive(Debug, Default, Clone)]
struct Figures {
    /// In the order of `outcome::ALL`.
    outcomes: [u64; 6],
    used: BTreeMap<i32, u64>,
}

impl Figures {
    /// Those met, and those judged.
    const fn judged(&self) -> (u64, u64) {
        (self.outcomes[0], self.outcomes[0] + self.outcomes[1])
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^53")]
    fn attainment(&self) -> Option<f64> {
        let (met, n) = self.judged();
        (n > 0).then(|| met as f64 / n as f64)
    }

    /// In whole seconds, as all durations.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seconds between two dates, never negative"
    )]
    fn quantile(&self, q: f64) -> Option<u64> {
        let counts: Vec<(i32, u64)> = self.used.iter().map(|(b, n)| (*b, *n)).collect();
        quantile::quantile(&counts, q).map(|seconds| seconds.round() as u64)
    }
}

/// Period, clock, breakdown (both by their place, to keep the order of the schema) and member.
type Group = (Span, usize, usize, String);

fn finish(context: &Context, counted: &[Counted]) -> PolarsResult<DataFrame> {
    let (clocks, breakdowns) = (clocks(context), context.breakdowns("fact_ticket", &context.plan.breakdowns.sla));
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    let mut tallies = counted.iter();
    for (place, (_, by)) in breakdowns.iter().enumerate() {
        let Some(outcomes) = tallies.next() else {
            break;
        };
        for (number, clock) in clocks.iter().enumerate() {
            let mut sums = Vec::new();
            for value in outcome::ALL {
                sums.push(outcomes.sums(&format!("{clock}_{value}"))?);
            }
            each_group(context, outcomes, *by, (number, place), &mut groups, |figures, row| {
                for (total, part) in figures.outcomes.iter_mut().zip(&sums) {
                    *total += part[row];
                }
            })?;
        }
        for number in 0..clocks.len() {
            let Some(used) = tallies.next() else { break };
            let (buckets, rows) = (used.numbers(BUCKET)?, used.sums("rows")?);
            each_group(context, used, *by, (number, place), &mut groups, |figures, row| {
                *figures.used.entry(buckets[row]).or_default() += rows[row];
            })?;
        }
    }
    let names = |(span, clock, breakdown, member): &Group| {
        [span.kind, span.name.as_str(), clocks[*clock], breakdowns[*breakdown].0, member.as_str()].map(Cell::from)
    };
    table(context, &groups, names)
}

/// Adds each row of a tally to all periods it counts towards.
fn each_group(
    context: &Context,
    counted: &Counted,
    by: Option<&str>,
    (clock, breakdown): (usize, usize),
    groups: &mut BTreeMap<Group, Figures>,
    mut add: impl FnMut(&mut Figures, usize),
) -> PolarsResult<()> {
    let months = counted.texts("month")?;
    let members = by.map(|b| counted.texts(b)).transpose()?;
    for (row, month) in months.iter().enumerate() {
        let member = members.as_ref().map_or(ALL, |m| m[row]);
        for span in context.spans(month) {
            add(groups.entry((span, clock, breakdown, member.to_owned())).or_default(), row);
        }
    }
    Ok(())
}

fn table(
    context: &Context,
    groups: &BTreeMap<Group, Figures>,
    names: impl Fn(&Group) -> [Cell; 5],
) -> PolarsResult<DataFrame> {
    let previous = |(span, clock, breakdown, member): &Group| {
        context.previous(span).and_then(|p| groups.get(&(p, *clock, *breakdown, member.clone())))
    };
    let p_values: Vec<Option<f64>> = groups
        .iter()
        .map(|(group, now)| {
            let ((met, n), (met_before, n_before)) = (now.judged(), previous(group)?.judged());
            proportion::pooled_z_test(met, n, met_before, n_before).map(|test| test.p)
        })
        .collect();
    let q_values = adjust::benjamini_hochberg(&p_values);
    let mut out = Vec::with_capacity(groups.len());
    for ((group, figures), q) in groups.iter().zip(q_values) {
        let (met, n) = figures.judged();
        let wilson = interval::wilson(met, n);
        let before = previous(group).and_then(Figures::attainment);
        let change = figures.attainment().zip(before).map(|(now, before)| now - before);
        let mut row = Vec::from(names(group));
        row.push(figures.outcomes.iter().sum::<u64>().into());
        row.extend(figures.outcomes.map(Cell::from));
        row.extend([
            figures.attainment().into(),
            wilson.map(|i| i.low).into(),
            wilson.map(|i| i.high).into(),
            figures.quantile(0.5).into(),
            figures.quantile(0.9).into(),
            before.into(),
            change.into(),
            q.into(),
        ]);
        out.push(row);
    }
    rows::table(&TABLE, out)
}
