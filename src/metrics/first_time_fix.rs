//! How many tickets were solved for good the first time.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::{Double, Int64};
use crate::schema::facts::{FACT_FAULT, TICKET, fix};
use crate::schema::shared::{BREAKDOWN, CHANGE_Q, CI_HIGH, CI_LOW, MEMBER, PERIOD, PERIOD_TYPE, TICKETS};
use crate::schema::{Label, Table, column};
use crate::stats::{adjust, interval, proportion};
use crate::tally::{Counted, Share, Tally};

static TABLE: Table = Table {
    name: "first_time_fix",
    label: Label { zh: "一次解决率", en: "First-time fix" },
    grain: "one row per period, breakdown and member with a resolved ticket",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        BREAKDOWN.doc("What the rows are split by; under `fault_code` a ticket counts once for each of its codes."),
        MEMBER,
        TICKETS.doc("Tickets requested in the period that are resolved and not cancelled."),
        column(
            "fixed_first_time",
            Int64,
            "tickets",
            "一次解决",
            "Fixed first time",
            "Of those that are not censored: not reopened, at most one visit, and nobody came back with the same within the days of `[defects]`.",
        ),
        column(
            "censored",
            Int64,
            "tickets",
            "观察期未满",
            "Censored",
            "Tickets that were resolved so shortly before the moment of the review that somebody may still come back.",
        ),
        column("rate", Double, "share", "一次解决率", "Rate", "fixed_first_time ÷ (tickets − censored)."),
        CI_LOW.doc("Lower end of the 95 % Wilson interval of the rate."),
        CI_HIGH.doc("Upper end of the 95 % Wilson interval of the rate."),
        column(
            "again",
            Int64,
            "tickets",
            "重开或多次上门",
            "Reopened or revisited",
            "Of those that are not censored: reopened, or more than one visit.",
        ),
        column(
            "returned",
            Int64,
            "tickets",
            "再次报修",
            "Returned",
            "Of the others: the same customer (or serial number) came back with the same model and fault in time.",
        ),
        column(
            "previous_rate",
            Double,
            "share",
            "上期一次解决率",
            "Previous rate",
            "Rate of the period of the same type before.",
        ),
        column("change", Double, "share", "变化", "Change", "rate − previous_rate."),
        CHANGE_Q,
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# First-time fix (一次解决率)

## What it says
How many tickets were solved for good at the first attempt, for all, for the members of the breakdowns that the plan names for fixes, and
for each fault.

## How it is counted
A ticket is fixed the first time if it was not reopened, took at most one visit, and no ticket of the same customer (or serial number,
`same` in `[defects]`), model and fault was requested within `repeat_within_days` × 24 h after its resolution. Tickets resolved
less than that long before the moment of the review are `censored`: counted, and in no rate, whatever has happened to them. Tickets
without faults cannot come back with the same one; where the data have no customers, none can. A ticket belongs to the period of its
request, cancelled and open ones nowhere.

## How to read it
The last month has few tickets that were watched long enough: read its interval. Whoever gets the hard cases fixes fewer at once:
compare staff within a service type, and look at `returned`, which is the fix that failed, apart from `again`, where the customer had
to wait. Speak of a change only with `change_q` below 0.05.

## Source
Wilson (1927), score interval; two-proportion z test with pooled variance; Benjamini and Hochberg (1995).
";

fn breakdowns(context: &Context) -> Vec<(&'static str, Option<&'static str>)> {
    let asked = context.breakdowns(TICKET, &context.plan.breakdowns.fixes);
    asked.into_iter().filter(|(_, by)| by.is_none_or(|by| context.has(FACT_FAULT.name, by))).collect()
}

/// For each breakdown the tickets by how they were solved, then those of them that failed; at the end the same by fault.
fn tallies(context: &Context) -> Vec<Tally> {
    if !context.has(TICKET, fix::STAGE) {
        return Vec::new();
    }
    let stages = |tally: Tally| {
        fix::STAGES.into_iter().fold(tally, |tally, stage| tally.count(stage.to_owned(), fix::STAGE.to_owned(), stage))
    };
    let keys = |by: Option<&'static str>| std::iter::once("month").chain(by);
    let both = |by| [stages(Tally::of(TICKET, keys(by))), Tally::of(FACT_FAULT.name, keys(by)).sum(fix::TICKET_FAILED)];
    let by_fault = stages(Tally::of(FACT_FAULT.name, ["month", "fault_code"])).sum(fix::FAILED);
    breakdowns(context).into_iter().flat_map(|(_, by)| both(by)).chain([by_fault]).collect()
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    /// By [`fix::STAGES`].
    stages: [u64; 3],
    failed: u64,
}

impl Counts {
    const fn watched(self) -> u64 {
        self.stages[0] + self.stages[1]
    }

    const fn fixed(self) -> u64 {
        self.stages[0].saturating_sub(self.failed)
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn rate(self) -> Option<f64> {
        (self.watched() > 0).then(|| self.fixed() as f64 / self.watched() as f64)
    }
}

/// Rank of the period, place of the breakdown, member.
type Groups<'c> = BTreeMap<(usize, usize, &'c str), Counts>;

fn add<'c>(
    groups: &mut Groups<'c>,
    spans: &Spans,
    place: usize,
    counted: &'c Counted,
    (by, failed): (Option<&str>, Option<&str>),
) -> PolarsResult<()> {
    let stages = fix::STAGES.map(|stage| counted.sums(stage).ok());
    let failed = failed.map(|column| counted.sums(column)).transpose()?;
    runs::each(spans, counted, by, |span, member, rows| {
        let counts = groups.entry((span, place, member)).or_default();
        for (count, own) in counts.stages.iter_mut().zip(&stages) {
            *count += own.as_ref().map_or(0, |own| own[rows.clone()].iter().sum::<u64>());
        }
        counts.failed += failed.as_ref().map_or(0, |failed| failed[rows].iter().sum::<u64>());
    })
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (mut breakdowns, spans) = (breakdowns(context), Spans::new(context));
    let counted = taken.all()?;
    let mut groups = Groups::new();
    let pairs = counted.chunks_exact(2);
    if let [by_fault] = pairs.remainder() {
        add(&mut groups, &spans, breakdowns.len(), by_fault, (Some("fault_code"), Some(fix::FAILED)))?;
    }
    for ((place, (_, by)), both) in breakdowns.iter().enumerate().zip(pairs) {
        add(&mut groups, &spans, place, &both[0], (*by, None))?;
        add(&mut groups, &spans, place, &both[1], (*by, Some(fix::TICKET_FAILED)))?;
    }
    breakdowns.push(("fault_code", None));
    groups.retain(|_, counts| counts.stages.iter().sum::<u64>() > 0);
    let before = |(span, place, member): &(usize, usize, &str)| {
        groups.get(&(spans.previous(*span)?, *place, *member)).copied().filter(|counts| counts.watched() > 0)
    };
    let p = |(group, own): (&(usize, usize, &str), &Counts)| {
        let before = before(group)?;
        let test = proportion::pooled_z_test(own.fixed(), own.watched(), before.fixed(), before.watched());
        test.map(|test| test.p)
    };
    let q_values = adjust::benjamini_hochberg(&groups.iter().map(p).collect::<Vec<_>>());
    let mut out = Building::new(&TABLE, groups.len())?;
    for ((group, counts), q) in groups.iter().zip(q_values) {
        let (span, place, member) = *group;
        let span = spans.span(span);
        let interval = interval::wilson(counts.fixed(), counts.watched());
        let previous = before(group).and_then(Counts::rate);
        out.push(vec![
            Cell::from(span.kind),
            span.name.as_str().into(),
            breakdowns[place].0.into(),
            member.into(),
            counts.stages.iter().sum::<u64>().into(),
            counts.fixed().into(),
            counts.stages[2].into(),
            counts.rate().into(),
            interval.map(|i| i.low).into(),
            interval.map(|i| i.high).into(),
            counts.stages[1].into(),
            counts.failed.into(),
            previous.into(),
            counts.rate().zip(previous).map(|(rate, previous)| rate - previous).into(),
            q.into(),
        ])?;
    }
    out.finish()
}
