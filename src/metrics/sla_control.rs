//! Attainment week by week, and which weeks stand out.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::CLOCKED;
use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Double, Int64, Text};
use crate::schema::facts::outcome::{BREACHED, MET, RUNNING};
use crate::schema::shared::{ALL, BREAKDOWN, CLOCK, MEMBER};
use crate::schema::{Column, Label, Table, column};
use crate::stats::control::{self, Signal};
use crate::tally::{Share, Tally};

const fn share(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Double, "share", zh, en, doc)
}

static TABLE: Table = Table {
    name: "sla_control",
    label: Label { zh: "达标率控制图", en: "SLA control chart" },
    grain: "one row per clock, breakdown, member and ISO week with tickets judged",
    columns: &[
        CLOCK,
        BREAKDOWN.doc("`all` or `service_type`."),
        MEMBER,
        column("week", Text, "", "周", "Week", "ISO week, `2026-W27`: of the request, of the answer for surveys."),
        column(
            "n",
            Int64,
            "tickets",
            "判定数",
            "Judged",
            "Tickets judged, met + breached; surveys where the clock is one of surveys.",
        ),
        column("met", Int64, "tickets", "达标", "Met", "Time used is at most the target."),
        share("attainment", "达标率", "Attainment", "met / n."),
        share(
            "center",
            "中心线",
            "Centre line",
            "Attainment of all weeks of the member together that are not still filling up.",
        ),
        column(
            "sigma_z",
            Double,
            "",
            "Sigma Z",
            "Sigma Z",
            "How many times more the weeks vary than chance alone explains (Laney); null for a single week, and where all weeks are at 0 or 1.",
        ),
        share(
            "p_low",
            "p图控制下限",
            "p chart, lower limit",
            "Binomial limit, center − 3 σ, at least 0; null while the week is filling up.",
        ),
        share(
            "p_high",
            "p图控制上限",
            "p chart, upper limit",
            "Binomial limit, center + 3 σ, at most 1; null while the week is filling up.",
        ),
        share(
            "low",
            "控制下限（Laney p′）",
            "Lower limit (Laney p′)",
            "center − 3 σ × sigma_z, at least 0; null for a single week, and while the week is filling up.",
        ),
        share(
            "high",
            "控制上限（Laney p′）",
            "Upper limit (Laney p′)",
            "center + 3 σ × sigma_z, at most 1; null for a single week, and while the week is filling up.",
        ),
        column(
            "signal",
            Text,
            "",
            "判异信号",
            "Signal",
            "`beyond`: outside low..high. `run`: inside, but at least the eighth week in a row on one side of the centre. Null otherwise.",
        ),
        column(
            "running",
            Int64,
            "tickets",
            "进行中",
            "Running",
            "Tickets of the week that are neither met nor breached yet. The newest weeks, as long as more than 2 % of their tickets are running, are still filling up: they have no limits and no signal, and are no part of the centre.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# SLA control chart (达标率控制图)

## What it says
How attainment moved week by week, for each clock, over all and for each service type, and in which weeks it moved by
more than it usually does.

## How it is counted
Tickets judged (met and breached) are counted by the ISO week of their request; for clocks of surveys it is surveys, by
the week of the answer. All months from the first of the data to the
end of the reviewed period count, except weeks that are still filling up; the first and the last week may therefore hold only those of their days that lie in
these months. Weeks in which nothing was judged have no row: they are not zero, and they do not interrupt a run.

The centre line p̄ is the attainment of all these weeks together, odd ones included. The limits of the p chart are p̄ ± 3 √(p̄ (1 − p̄) ÷
n), with n of the week. Since real weeks vary by more than coin tosses, and with many tickets nearly every week would
lie outside, the limits to read are Laney's p′: the same, widened (or narrowed) by `sigma_z`, the mean difference
between neighbouring weeks in binomial standard deviations, divided by 1.128. All limits end at 0 and 1. A single week
has no p′ limits. Where every week is at 0 or at 1, the limits are that.

## How to read it
A week without signal is ordinary: no cause needs to be looked for, whether it is a little better or worse than the
week before. `beyond` marks a week outside the p′ limits: something was different, for better or worse; look for it
while it is remembered. `run` marks the eighth week in a row on one side of the centre and those that follow: the
level itself has moved. By chance alone, a steady service of 100 tickets a week gives a `beyond` in about 3 of 1,000
weeks, and a `run` begins about as often: of such charts of 40 weeks, one in six shows some signal. Where breaches are
few, `beyond` is more frequent (about 16 of 1,000 weeks at 20 tickets a week and 97 % attainment), since the limits
suppose that shares scatter alike to both sides. Where you look at many charts, expect a few signals.

The newest weeks are still filling up where tickets are running at `--as-of`: quick successes are judged before slow
failures, so that their share looks too good. From the newest week back, weeks of whose tickets more than 2 % are
running (`running` ÷ (n + `running`)) keep their figures, but have no limits and no signal and are no part of the
baseline. Weeks with few tickets have wide limits. From fewer than about 20 weeks the limits are themselves
uncertain.

## Source
D. B. Laney, Improved Control Charts for Attributes, Quality Engineering 14 (2002); W. A. Shewhart (1931), p chart;
Western Electric, Statistical Quality Control Handbook (1956), eight points in a row on one side.
";

const BY: &str = "service_type";

/// Each fact that has clocks, with these, over all and by service type.
fn parts(context: &Context) -> impl Iterator<Item = (&'static str, Vec<&'static str>, Option<&'static str>)> {
    CLOCKED.into_iter().map(|fact| (fact, context.clocks(fact))).filter(|(_, clocks)| !clocks.is_empty()).flat_map(
        |(fact, clocks)| context.breakdowns(fact, &[BY]).into_iter().map(move |(_, by)| (fact, clocks.clone(), by)),
    )
}

/// For each of them what was met, breached and running of all clocks.
fn tallies(context: &Context) -> Vec<Tally> {
    let tally = |(fact, clocks, by): (_, Vec<&str>, _)| {
        let tally = Tally::of(fact, ["month", "week"].into_iter().chain(by));
        let outcomes = clocks.iter().flat_map(|clock| [MET, BREACHED, RUNNING].map(|value| (clock, value)));
        outcomes.fold(tally, |t, (clock, value)| t.count(format!("{clock}_{value}"), format!("{clock}_outcome"), value))
    };
    parts(context).map(tally).collect()
}

/// Share of running tickets, as 1 in so many, beyond which a week is still filling up.
const FILLING: u64 = 50;

/// What became of the tickets of a week.
#[derive(Debug, Default, Clone, Copy)]
struct Week {
    met: u64,
    judged: u64,
    running: u64,
}

impl Week {
    /// Quick successes are judged before slow failures: until they are, the share looks too good.
    const fn waits(self) -> bool {
        self.running * FILLING > self.judged + self.running
    }
}

/// By week.
type Weeks = BTreeMap<String, Week>;

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let order: Vec<&str> = CLOCKED.into_iter().flat_map(|fact| context.clocks(fact)).collect();
    // By clock, breakdown and member; a clock is its place in the order of the table, `all` comes before service types.
    let mut charts: BTreeMap<(usize, &str, String), Weeks> = BTreeMap::new();
    for ((_, clocks, by), counted) in parts(context).zip(&taken.all()?) {
        let (months, weeks) = (counted.texts("month")?, counted.texts("week")?);
        let members = by.map_or_else(|| Ok(vec![ALL; counted.len()]), |by| counted.texts(by))?;
        let rows: Vec<_> = months.into_iter().zip(weeks).zip(members).collect();
        for clock in clocks {
            let sums = |outcome: &str| counted.sums(&format!("{clock}_{outcome}"));
            let (met, breached, running) = (sums(MET)?, sums(BREACHED)?, sums(RUNNING)?);
            let place = order.iter().position(|name| *name == clock).unwrap_or(order.len());
            for (row, ((month, week), member)) in rows.iter().enumerate() {
                if met[row] + breached[row] + running[row] == 0 || context.spans(month).is_empty() {
                    continue;
                }
                let chart = charts.entry((place, by.unwrap_or(ALL), (*member).to_owned())).or_default();
                let week = chart.entry((*week).to_owned()).or_default();
                week.met += met[row];
                week.judged += met[row] + breached[row];
                week.running += running[row];
            }
        }
    }
    let mut out = Vec::new();
    for ((place, breakdown, member), weeks) in &charts {
        let clock = order.get(*place).copied().unwrap_or_default();
        out.extend(chart([clock, breakdown, member], weeks));
    }
    rows::table(&TABLE, out)
}

/// The rows of one chart.
#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^53")]
fn chart(names: [&str; 3], weeks: &Weeks) -> Vec<Vec<Cell>> {
    // Long ago a ticket may wait for a part and hold up nothing: only the newest weeks fill up.
    let filling = weeks.values().rev().take_while(|week| week.waits()).count();
    let baseline = |(place, week): (usize, &Week)| {
        if place + filling < weeks.len() { (week.met, week.judged) } else { (0, 0) }
    };
    let chart = control::p_chart(&weeks.values().enumerate().map(baseline).collect::<Vec<_>>());
    let mut out = Vec::with_capacity(weeks.len());
    for (place, (name, week)) in weeks.iter().enumerate().filter(|(_, (_, week))| week.judged > 0) {
        let point = chart.as_ref().and_then(|chart| chart.points.get(place).copied().flatten());
        let laney = point.and_then(|point| point.laney);
        let signal = point.and_then(|point| point.signal).map(|signal| match signal {
            Signal::Beyond => "beyond",
            Signal::Run => "run",
        });
        let mut row = Vec::from(names.map(Cell::from));
        row.extend([name.as_str().into(), week.judged.into(), week.met.into()]);
        row.extend([
            (week.met as f64 / week.judged as f64).into(),
            chart.as_ref().map(|chart| chart.center).into(),
            chart.as_ref().and_then(|chart| chart.sigma_z).into(),
            point.map(|point| point.binomial.low).into(),
            point.map(|point| point.binomial.high).into(),
            laney.map(|limits| limits.low).into(),
            laney.map(|limits| limits.high).into(),
            signal.into(),
            week.running.into(),
        ]);
        out.push(row);
    }
    out
}

#[cfg(test)]
mod tests;
