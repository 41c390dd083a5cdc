//! When the tickets come in that are late.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Span;
use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Int32, Int64};
use crate::schema::facts::{TICKET, outcome};
use crate::schema::shared::{CLOCK, PERIOD, PERIOD_TYPE, TICKETS};
use crate::schema::{Label, Table, column};
use crate::tally::{Key, Share, Tally};

static TABLE: Table = Table {
    name: "sla_breach_hours",
    label: Label { zh: "超时时段分布", en: "Breaches by hour of request" },
    grain: "one row per period, clock, weekday and hour of the request with a judged ticket",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        CLOCK.doc("Name of the clock in the pipeline; clocks of tickets only."),
        column("weekday", Int32, "", "星期", "Weekday", "Day of the week of the request; 1 is Monday, 7 is Sunday."),
        column("hour", Int32, "", "小时", "Hour", "Hour of the day of the request, 0 to 23."),
        TICKETS.doc("Tickets requested then whose clock was judged: met or breached."),
        column("breached", Int64, "tickets", "超时", "Breached", "Of these, the breached ones."),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Breaches by hour of request (超时时段分布)

## What it says
On which weekdays and at which hours the requests come in whose targets are missed: the times at which the desk is too thinly
staffed, or that the rota forgets.

## How it is counted
Each ticket stands at the weekday and the hour of its request, by the wall clock of the pipeline's time zone. `tickets` are those met or
breached, `breached` those past their target, ended or still open. Tickets still running, without target, cancelled or unusable are not judged and
not in here. Over all cells, `breached` and `tickets` add up to the `breached` and `met` + `breached` of `sla_attainment`.

## How to read it
Look at `breached` for where most can be won, and at `breached` ÷ `tickets` for where the service is weakest; in cells with few tickets that share
jumps. Targets in working time wait for the opening: requests of the night and of closed days are not late because nobody was there, but because the
morning had too much to do.

## Source
Counts.
";

const WEEKDAY: &str = "weekday";
const HOUR: &str = "hour";

/// The clocks of tickets that the facts have, in the order of the plan.
fn clocks(context: &Context) -> Vec<&'static str> {
    let clocks = context.plan.clocks_of(TICKET).map(|clock| clock.what);
    clocks.filter(|clock| context.has(TICKET, clock.column("outcome"))).map(|clock| clock.name).collect()
}

/// One for all clocks.
fn tallies(context: &Context) -> Vec<Tally> {
    let mut tally = Tally::of(TICKET, ["month"]).by(Key::Number(WEEKDAY)).by(Key::Number(HOUR));
    for clock in clocks(context) {
        for value in [outcome::MET, outcome::BREACHED] {
            tally = tally.count(format!("{clock}_{value}"), format!("{clock}_outcome"), value);
        }
    }
    vec![tally]
}

/// Period, place of the clock, weekday, hour.
type Group = (Span, usize, i32, i32);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let clocks = clocks(context);
    // Judged and breached.
    let mut groups: BTreeMap<Group, (u64, u64)> = BTreeMap::new();
    for counted in &taken.all()? {
        let (months, weekdays, hours) = (counted.texts("month")?, counted.numbers(WEEKDAY)?, counted.numbers(HOUR)?);
        for (place, clock) in clocks.iter().enumerate() {
            let met = counted.sums(&format!("{clock}_{}", outcome::MET))?;
            let breached = counted.sums(&format!("{clock}_{}", outcome::BREACHED))?;
            for (row, month) in months.iter().enumerate() {
                if met[row] + breached[row] == 0 {
                    continue;
                }
                for span in context.spans(month) {
                    let cell = groups.entry((span, place, weekdays[row], hours[row])).or_default();
                    cell.0 += met[row] + breached[row];
                    cell.1 += breached[row];
                }
            }
        }
    }
    let mut out = Vec::with_capacity(groups.len());
    for ((span, clock, weekday, hour), (judged, breached)) in groups {
        out.push(vec![
            Cell::from(span.kind),
            span.name.as_str().into(),
            clocks[clock].into(),
            Cell::Int(i64::from(weekday)),
            Cell::Int(i64::from(hour)),
            judged.into(),
            breached.into(),
        ]);
    }
    rows::table(&TABLE, out)
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::METRIC;
    use crate::metrics::tests::{cells, context, default_plan, figure};

    #[test]
    fn judged_tickets_stand_at_the_hour_of_their_request() {
        let plan = default_plan();
        let mut known = context(&plan, true);
        known.columns.retain(|(_, column)| !column.starts_with("start_"));
        let tickets = df!(
            "month" => ["2026-07", "2026-07", "2026-07", "2026-08", "2026-08", "2026-08"],
            "weekday" => [1, 1, 1, 1, 7, 7],
            "hour" => [9, 9, 0, 9, 23, 23],
            "first_response_outcome" => ["met", "met", "running", "met", "cancelled", "unusable"],
            "resolution_outcome" => ["breached", "met", "breached", "breached", "met", "no_target"],
        );
        let table = figure(&METRIC, &known, &[("fact_ticket", tickets.unwrap())]);
        assert_eq!(
            cells(&table, &["period", "clock", "weekday", "hour", "tickets", "breached"]),
            [
                "2026-07 first_response 1 9 2 0",
                "2026-07 resolution 1 0 1 1",
                "2026-07 resolution 1 9 2 1",
                "2026-08 first_response 1 9 1 0",
                "2026-08 resolution 1 9 1 1",
                "2026-08 resolution 7 23 1 0",
                "2026Q3 first_response 1 9 3 0",
                "2026Q3 resolution 1 0 1 1",
                "2026Q3 resolution 1 9 3 2",
                "2026Q3 resolution 7 23 1 0",
            ]
        );
    }
}
