//! How much of the target tickets use.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Span;
use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::plan::Clock;
use crate::schema::Type::Int32;
use crate::schema::shared::{CLOCK, PERIOD, PERIOD_TYPE, TICKETS};
use crate::schema::{Label, Table, column};
use crate::tally::{Key, Share, Tally};

static TABLE: Table = Table {
    name: "sla_target_use",
    label: Label { zh: "时限使用率分布", en: "Use of the target" },
    grain: "one row per period, clock and class of the share of the target used",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        CLOCK.doc("Name of the clock in the pipeline."),
        column(
            "from_percent",
            Int32,
            "%",
            "使用率下限",
            "From",
            "Time used in percent of the target is more than this; 0 % itself counts in the first class.",
        ),
        column(
            "to_percent",
            Int32,
            "%",
            "使用率上限",
            "To",
            "And at most this; null for the last class, which is open.",
        ),
        TICKETS.doc(
            "Tickets of the class (surveys, for clocks of surveys) whose clock has ended; 0 where there are none.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Use of the target (时限使用率分布)

## What it says
How much of the promised time each clock uses: how many tickets end well within the target, how many just before it, and how far the
late ones are over.

## How it is counted
Time used ÷ target in percent, rounded up, so that a ticket that keeps its target never shows more than 100. Classes of ten
percent up to 200, then up to 500, up to 1000, and above; each holds its upper end. Only clocks that have ended and have a target are counted; those still open past
their target are breached in `sla_attainment`, but do not know yet how much they will use. Every class has a row in each period in which the clock ended at all.

## How to read it
A heap just below 100 % means that work is steered by the target, and that a little trouble makes it late. A heap just above 100 % is the cheapest to win: look at these
tickets first. Most tickets below 30 % mean that the target is too easy to tell anything.

## Source
Counts.
";

/// Lower ends of the classes; each but the last ends where the next begins.
const EDGES: [i32; 23] =
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 500, 1000];

/// The class of a share of the target in percent.
fn class(percent: i32) -> usize {
    EDGES[1..].partition_point(|upper| *upper < percent)
}

fn column_of(clock: &Clock) -> &'static str {
    clock.what.column("used_percent")
}

/// The clocks that the facts have, in the order of the plan.
fn clocks<'a>(context: &'a Context) -> impl Iterator<Item = &'a Clock> {
    context.plan.clocks.iter().filter(|clock| context.has(clock.what.fact, column_of(clock)))
}

fn tallies(context: &Context) -> Vec<Tally> {
    clocks(context).map(|clock| Tally::of(clock.what.fact, ["month"]).by(Key::Number(column_of(clock)))).collect()
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let clocks: Vec<&Clock> = clocks(context).collect();
    let mut groups: BTreeMap<(Span, usize), [u64; EDGES.len()]> = BTreeMap::new();
    for ((place, clock), counted) in clocks.iter().enumerate().zip(&taken.all()?) {
        let (months, percents) = (counted.texts("month")?, counted.numbers(column_of(clock))?);
        let rows = counted.sums("rows")?;
        for (row, month) in months.iter().enumerate() {
            for span in context.spans(month) {
                groups.entry((span, place)).or_insert([0; EDGES.len()])[class(percents[row])] += rows[row];
            }
        }
    }
    let percent = |edge: Option<&i32>| edge.map_or(Cell::Null, |edge| Cell::Int(i64::from(*edge)));
    let mut out = Vec::with_capacity(groups.len() * EDGES.len());
    for ((span, clock), classes) in &groups {
        for (place, tickets) in classes.iter().enumerate() {
            out.push(vec![
                Cell::from(span.kind),
                span.name.as_str().into(),
                clocks[*clock].what.name.into(),
                percent(EDGES.get(place)),
                percent(EDGES.get(place + 1)),
                (*tickets).into(),
            ]);
        }
    }
    rows::table(&TABLE, out)
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::{EDGES, METRIC, class};
    use crate::metrics::tests::{cells, context, default_plan, figure};

    /// Origin: the definition, (0,10] (10,20] … (190,200] (200,500] (500,1000] (1000,∞).
    #[test]
    fn classes_hold_their_upper_end() {
        for (percent, from) in [
            (0, 0),
            (1, 0),
            (10, 0),
            (11, 10),
            (100, 90),
            (101, 100),
            (200, 190),
            (201, 200),
            (500, 200),
            (501, 500),
            (1000, 500),
            (1001, 1000),
            (10_000, 1000),
        ] {
            assert_eq!(EDGES[class(percent)], from, "{percent} %");
        }
        assert!(EDGES.is_sorted());
    }

    #[test]
    fn every_class_of_a_clock_that_ended_has_a_row() {
        let plan = default_plan();
        let tickets = df!(
            "month" => ["2026-07", "2026-08", "2026-08", "2026-08", "2026-08"],
            "resolution_used_percent" => [Some(0), Some(100), Some(101), Some(4000), None],
        );
        let surveys = df!("month" => ["2026-08"], "survey_return_used_percent" => [Some(55)]);
        let facts = [("fact_ticket", tickets.unwrap()), ("fact_survey", surveys.unwrap())];
        let table = figure(&METRIC, &context(&plan, true), &facts);
        let groups = [
            "2026-07 resolution",
            "2026-08 resolution",
            "2026-08 survey_return",
            "2026Q3 resolution",
            "2026Q3 survey_return",
        ];
        let found = cells(&table, &["period", "clock"]);
        assert_eq!(found.chunks(EDGES.len()).map(|c| c[0].as_str()).collect::<Vec<_>>(), groups);
        let filled = table.lazy().filter(col("tickets").gt(lit(0)).and(col("period_type").eq(lit("quarter"))));
        assert_eq!(
            cells(&filled.collect().unwrap(), &["clock", "from_percent", "to_percent", "tickets"]),
            [
                "resolution 0 10 1",
                "resolution 90 100 1",
                "resolution 100 110 1",
                "resolution 1000 - 1",
                "survey_return 50 60 1"
            ]
        );
    }
}
