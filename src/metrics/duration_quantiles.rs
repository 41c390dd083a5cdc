//! How long the parts of a ticket's time take.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PlSmallStr, PolarsResult};

use super::context::Spans;
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::{Int64, Text};
use crate::schema::facts::{SEGMENTS, TICKET};
use crate::schema::shared::{BREAKDOWN, MEMBER, N, PERIOD, PERIOD_TYPE};
use crate::schema::{Column, Label, Table, column};
use crate::stats::quantile;
use crate::tally::{Key, Share, Tally};

const fn percentile(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Int64, "s", zh, en, doc)
}

static TABLE: Table = Table {
    name: "duration_quantiles",
    label: Label { zh: "各环节用时分位数", en: "Duration quantiles" },
    grain: "one row per period, segment, breakdown and member with a ticket that has the segment",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        column(
            "segment",
            Text,
            "",
            "环节",
            "Segment",
            "`response` (request to first response), `waiting` (from then until work began) or `handling` (from then until resolved).",
        ),
        BREAKDOWN,
        MEMBER,
        Column { unit: "tickets", ..N.doc("Tickets that have the segment.") },
        percentile("p50_seconds", "用时中位数", "Median time", "Half of the tickets took at most this; within 1 %."),
        percentile(
            "p75_seconds",
            "用时75分位",
            "75th percentile",
            "Three quarters of the tickets took at most this; within 1 %.",
        ),
        percentile(
            "p90_seconds",
            "用时90分位",
            "90th percentile",
            "90 % of the tickets took at most this; within 1 %.",
        ),
        percentile(
            "p95_seconds",
            "用时95分位",
            "95th percentile",
            "95 % of the tickets took at most this; within 1 %.",
        ),
        percentile(
            "p99_seconds",
            "用时99分位",
            "99th percentile",
            "99 % of the tickets took at most this; within 1 %.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Duration quantiles (各环节用时分位数)

## What it says
How long customers wait for the first response, then for the work to begin, and how long the work itself takes: for the ticket in the
middle and for the slowest quarter, tenth, twentieth and hundredth, by period and breakdown.

## How it is counted
Each segment is measured in working time of the ticket's calendar, without pauses that stop the resolution clock and without
time between a resolution and its reopening. A ticket counts in a segment when both of its ends are known and in order; `n` says how many do. A quantile is the time of the
ticket at rank ⌈q · n⌉ (nearest rank, no interpolation). It is found from counts per logarithmic bucket, which add up over
months exactly: exact up to 127 s, and above at most 1/128 (0.8 %) away from that ticket's time, rounding to whole seconds
included.

## How to read it
The median tells the usual case, p90 and p95 what a promise has to cover. Where p90 is many times the
median, a member often holds two kinds of tickets: split further. With fewer than 100 tickets p99 is simply the slowest one, with fewer than 20 so is p95. Quantiles of segments do not add
up to the quantile of the whole. Tickets still open are missing from the segments they have not ended, so a recent period looks faster than it will be.

## Source
Hyndman and Fan (1996), type 1; buckets after Tene's HdrHistogram (2012); relative error as in DDSketch, Masson, Rim and Lee (2019).
";

const BUCKET: &str = "bucket";

/// p50 to p99, as the columns say.
const QUANTILES: [f64; 5] = [0.5, 0.75, 0.9, 0.95, 0.99];

/// The segments that the data have, each as its name and its column.
fn segments(context: &Context) -> Vec<(&'static str, &'static str)> {
    let named = ["response", "waiting", "handling"].into_iter().zip(SEGMENTS);
    named.filter(|(_, column)| context.has(TICKET, column)).collect()
}

fn breakdowns(context: &Context) -> Vec<(&'static str, Option<&'static str>)> {
    context.breakdowns(TICKET, &context.plan.breakdowns.sla)
}

/// For each segment, the buckets of each breakdown.
fn tallies(context: &Context) -> Vec<Tally> {
    let mut tallies = Vec::new();
    for (_, column) in segments(context) {
        for (_, by) in breakdowns(context) {
            let key = Key::Mapped { column: column.to_owned(), name: BUCKET, with: quantile::bucket };
            tallies.push(Tally::of(TICKET, std::iter::once("month").chain(by)).by(key));
        }
    }
    tallies
}

/// Rank of the period, place of the segment and of the breakdown, member.
type Group = (usize, usize, usize, PlSmallStr);

/// Tickets, and their quantiles in seconds.
type Figures = (u64, [Option<u64>; QUANTILES.len()]);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (segments, breakdowns, spans) = (segments(context), breakdowns(context), Spans::new(context));
    let places = (0..segments.len()).flat_map(|segment| (0..breakdowns.len()).map(move |by| (segment, by)));
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    for (at, (segment, breakdown)) in places.enumerate() {
        // One by one: members and buckets make many rows.
        let Some(counted) = taken.get(at)? else { break };
        for ((span, member), counts) in runs::buckets(&spans, &counted, breakdowns[breakdown].1, BUCKET)? {
            let n = counts.iter().map(|(_, n)| n).sum();
            let figures = (n, QUANTILES.map(|q| runs::seconds(&counts, q)));
            groups.insert((span, segment, breakdown, PlSmallStr::from_str(member)), figures);
        }
    }
    let mut out = Building::new(&TABLE, groups.len())?;
    for ((span, segment, breakdown, member), (n, quantiles)) in groups {
        let span = spans.span(span);
        let mut row: Vec<Cell> = vec![
            span.kind.into(),
            span.name.as_str().into(),
            segments[segment].0.into(),
            breakdowns[breakdown].0.into(),
            member.as_str().into(),
            n.into(),
        ];
        row.extend(quantiles.map(Cell::from));
        out.push(row)?;
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;
    use proptest::prelude::*;

    use super::{METRIC, QUANTILES};
    use crate::metrics::tests::{cells, context, default_plan, figure};
    use crate::stats::quantile::RELATIVE_ERROR;

    fn tickets(months: Vec<&str>, regions: Vec<Option<&str>>, seconds: Vec<Option<i64>>) -> DataFrame {
        df!("month" => months, "region" => regions, "segment_response_seconds" => seconds).unwrap()
    }

    fn longs(table: &DataFrame, name: &str) -> Vec<i64> {
        table.column(name).unwrap().i64().unwrap().into_no_null_iter().collect()
    }

    /// Origin: `numpy.quantile(…, method="inverted_cdf")`; up to 127 s the buckets are exact.
    #[test]
    fn months_add_up_to_quarters_and_members_to_all() {
        let mut plan = default_plan();
        plan.breakdowns.sla = vec!["region"];
        let facts = tickets(
            vec!["2026-07", "2026-07", "2026-07", "2026-08", "2026-08", "2026-09", "2026-09", "2026-10"],
            vec![Some("华东"), Some("华东"), None, Some("华东"), Some("华南"), None, Some("华南"), Some("华东")],
            // The one without the segment does not count, nor does the one after the reviewed time.
            vec![Some(0), Some(60), Some(90), Some(30), Some(127), Some(12), None, Some(1)],
        );
        let table = figure(&METRIC, &context(&plan, true), &[("fact_ticket", facts)]);
        let quarter = table.clone().lazy().filter(col("period_type").eq(lit("quarter"))).collect().unwrap();
        assert_eq!(
            cells(&quarter, &["period", "segment", "breakdown", "member"]),
            [
                "2026Q3 response all all",
                "2026Q3 response region (none)",
                "2026Q3 response region 华东",
                "2026Q3 response region 华南"
            ]
        );
        assert_eq!(longs(&quarter, "n"), [6, 2, 3, 1]);
        assert_eq!(longs(&quarter, "p50_seconds"), [30, 12, 30, 127]);
        assert_eq!(longs(&quarter, "p75_seconds"), [90, 90, 60, 127]);
        assert_eq!(longs(&quarter, "p90_seconds"), [127, 90, 60, 127]);
        assert_eq!(cells(&table, &["period", "member"])[..3], ["2026-07 all", "2026-07 (none)", "2026-07 华东"]);
        assert_eq!(longs(&table, "p50_seconds")[..3], [60, 90, 0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a test")]
        fn within_the_stated_error_of_the_exact_quantiles(
            drawn in prop::collection::vec((0_usize..3, 0_u32..32, 0_i64..1 << 32), 1..400)
        ) {
            let mut plan = default_plan();
            plan.breakdowns.sla = Vec::new();
            let months = drawn.iter().map(|(month, ..)| ["2026-07", "2026-08", "2026-09"][*month]).collect();
            // As many short ones as long ones.
            let mut seconds: Vec<i64> = drawn.iter().map(|(_, bits, seconds)| seconds >> bits).collect();
            let facts = tickets(months, vec![None; drawn.len()], seconds.iter().copied().map(Some).collect());
            let table = figure(&METRIC, &context(&plan, true), &[("fact_ticket", facts)]);
            let last = table.height() - 1;
            seconds.sort_unstable();
            prop_assert_eq!(usize::try_from(longs(&table, "n")[last]).unwrap(), seconds.len());
            for (q, percent) in QUANTILES.into_iter().zip([50, 75, 90, 95, 99]) {
                prop_assert_eq!((q * 100.0).round() as usize, percent);
                let exact = seconds[(percent * seconds.len()).div_ceil(100) - 1];
                let found = longs(&table, &format!("p{percent}_seconds"))[last];
                prop_assert!((found - exact).abs() as f64 <= RELATIVE_ERROR * exact as f64, "p{percent}: {found} is not {exact}");
                prop_assert!(exact > 127 || found == exact);
            }
        }
    }
}
