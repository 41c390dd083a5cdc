//! Our timeliness score against that of the evaluators.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::pairs::{Figures, P, Pairs};
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::Double;
use crate::schema::facts::SURVEY;
use crate::schema::shared::{BREAKDOWN, CI_HIGH, CI_LOW, MEMBER, N, PERIOD, PERIOD_TYPE, Q, SUPPRESSED};
use crate::schema::{Label, Table, column};
use crate::stats::{adjust, interval};
use crate::tally::{Key, Share, Tally};

static TABLE: Table = Table {
    name: "timeliness_gap",
    label: Label { zh: "响应时效评分差距", en: "Timeliness gap" },
    grain: "one row per period, breakdown and member with a survey that has both scores",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        BREAKDOWN.doc("`all`, `service_type` or `staff`: what the rows are split by."),
        MEMBER,
        N.doc("Surveys with both scores."),
        column(
            "our_mean",
            Double,
            "points",
            "系统时效评分均值",
            "Our mean",
            "Mean of the scores 1–5 that time used ÷ target gives the tickets of these surveys.",
        ),
        column(
            "their_mean",
            Double,
            "points",
            "评价时效评分均值",
            "Their mean",
            "Mean of the timeliness scores that the evaluators gave.",
        ),
        column(
            "gap",
            Double,
            "points",
            "评分差距",
            "Gap",
            "Mean of theirs − ours; below zero where the service is felt to be slower than the clock says.",
        ),
        CI_LOW.doc("Lower end of the 95 % t interval of the gap, survey by survey."),
        CI_HIGH.doc("Upper end of the 95 % t interval of the gap, survey by survey."),
        P,
        Q,
        SUPPRESSED,
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Timeliness gap (响应时效评分差距)

## What it says
Whether customers feel the service to be as fast as the clock says: our timeliness score beside their own, for all, each
service type and each member of staff.

## How it is counted
Our score follows from time used ÷ target of the clocks named in `[timeliness]`; theirs is the answer to the dimension named
there, of the evaluators named there. Only surveys with both scores count, each as one pair; a survey belongs to the period in
which it was answered and is credited to the staff it names, else to the ticket's. `gap` is the mean of theirs − ours, with the t
interval and the paired t test of these differences. Members with fewer than `min_n` pairs are `suppressed`: the row and its
n stay, the figures are null.

## How to read it
A gap is real where q < 0.05, with all rows of the table taken into account. Below zero, the targets are kept but customers wait longer than they
expect: look at the targets, at waiting that no clock covers, and at how appointments are announced. Above zero, the service
is felt to be faster than its targets demand. Surveys are answered by some customers only.

## Source
Student (1908), paired t test; Benjamini and Hochberg (1995).
";

const GAP: &str = "timeliness_gap_thousandths";
const OURS: &str = "timeliness_thousandths";

fn breakdowns(context: &Context) -> Vec<(&'static str, Option<&'static str>)> {
    context.breakdowns(SURVEY, &["service_type", "staff"])
}

/// Surveys by gap: a key may be negative, where a sum may not, and rows that lack a score are left out.
fn tallies(context: &Context) -> Vec<Tally> {
    let tally =
        |by: Option<&'static str>| Tally::of(SURVEY, std::iter::once("month").chain(by)).by(Key::Number(GAP)).sum(OURS);
    breakdowns(context).into_iter().map(|(_, by)| tally(by)).collect()
}

/// Rank of the period, place of the breakdown, member.
type Group<'c> = (usize, usize, &'c str);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (breakdowns, spans) = (breakdowns(context), Spans::new(context));
    let mut groups: BTreeMap<Group, Pairs> = BTreeMap::new();
    let counted = taken.all()?;
    for ((place, (_, by)), counted) in breakdowns.iter().enumerate().zip(&counted) {
        let (gaps, ours, rows) = (counted.numbers(GAP)?, counted.sums(OURS)?, counted.sums("rows")?);
        runs::each(&spans, counted, *by, |span, member, range| {
            let pairs = groups.entry((span, place, member)).or_default();
            for row in range {
                *pairs.gaps.entry(gaps[row]).or_default() += rows[row];
                pairs.base += ours[row];
            }
        })?;
    }
    let figures: Vec<Figures> = {
        let mut means = interval::MeanT::default();
        groups.values().map(|pairs| Figures::of(pairs, context.plan.scores.min_n, &mut means)).collect()
    };
    let q_values = adjust::benjamini_hochberg(&figures.iter().map(|f| f.p).collect::<Vec<_>>());
    let mut out = Building::new(&TABLE, groups.len())?;
    for (((span, breakdown, member), figures), q) in groups.keys().zip(&figures).zip(q_values) {
        let span = spans.span(*span);
        out.push(vec![
            Cell::from(span.kind),
            span.name.as_str().into(),
            breakdowns[*breakdown].0.into(),
            (*member).into(),
            figures.n.into(),
            figures.means.map(|m| m.base).into(),
            figures.means.map(|m| m.other).into(),
            figures.means.map(|m| m.gap).into(),
            figures.interval.map(|i| i.low).into(),
            figures.interval.map(|i| i.high).into(),
            figures.p.into(),
            q.into(),
            figures.means.is_none().into(),
        ])?;
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::METRIC;
    use crate::metrics::tests::{cells, context, default_plan, doubles, figure};

    /// Month, staff, service type, our score and the gap; scores in points, as the expected figures count them.
    fn surveys() -> DataFrame {
        df!(
            "month" => ["2026-07", "2026-07", "2026-07", "2026-07", "2026-08", "2026-08", "2026-08", "2026-08", "2026-09", "2026-09", "2026-09"],
            "staff_id" => [Some("E1"), Some("E1"), Some("E1"), Some("E2"), Some("E1"), Some("E1"), Some("E1"), Some("E2"), None, Some("E2"), Some("E2")],
            "service_type" => [Some("维修"), Some("维修"), Some("安装"), Some("安装"), Some("维修"), Some("维修"), Some("安装"), Some("维修"), Some("维修"), None, None],
            "timeliness_thousandths" => [5000, 4333, 3000, 5000, 5000, 4667, 2000, 5000, 3667, 1000, 4000],
            // The last one lacks their score.
            "timeliness_gap_thousandths" => [Some(-1000), Some(667), Some(-1000), Some(-2000), Some(-2000), Some(-667), Some(1000), Some(-4000), Some(-667), Some(1500), None],
        )
        .unwrap()
    }

    /// Origin: `scipy.stats.ttest_rel` with its confidence interval, and `scipy.stats.false_discovery_control` over the
    /// rows with at least three pairs.
    #[test]
    fn figures_are_those_of_scipy() {
        let mut plan = default_plan();
        plan.scores.min_n = 3;
        let table = figure(&METRIC, &context(&plan, true), &[("fact_survey", surveys())]);
        let names = [
            "2026Q3 all all",
            "2026Q3 service_type (none)",
            "2026Q3 service_type 安装",
            "2026Q3 service_type 维修",
            "2026Q3 staff (none)",
            "2026Q3 staff E1",
            "2026Q3 staff E2",
        ];
        let found = cells(&table, &["period", "breakdown", "member"]);
        assert_eq!(found.len(), 22);
        assert_eq!(found[15..], names);
        let n: Vec<i64> = table.column("n").unwrap().i64().unwrap().into_no_null_iter().collect();
        assert_eq!(n, [4, 2, 2, 3, 1, 4, 1, 3, 3, 1, 2, 1, 1, 1, 1, 10, 1, 3, 6, 1, 6, 3]);
        let suppressed: Vec<bool> =
            table.column("suppressed").unwrap().bool().unwrap().iter().map(Option::unwrap).collect();
        assert_eq!(suppressed, n.iter().map(|n| *n < 3).collect::<Vec<_>>());
        let figures = ["our_mean", "their_mean", "gap", "ci_low", "ci_high", "p", "q"];
        let row = |row: usize| figures.map(|name| doubles(&table, name)[row]);
        let near = |at: usize, expected: [f64; 7]| {
            for (found, expected) in row(at).into_iter().zip(expected) {
                assert!((found.unwrap() - expected).abs() < 1e-12, "row {at}: {found:?} is not {expected}");
            }
        };
        near(
            0,
            [
                4.33325,
                3.5,
                -0.83325,
                -2.592_653_274_563_426_5,
                0.926_153_274_563_426_2,
                0.228_862_606_591_871_3,
                0.545_462_422_593_581_7,
            ],
        );
        near(
            8,
            [
                3.889,
                10.0 / 3.0,
                -1.666_999_999_999_999_9 / 3.0,
                -4.289_563_090_166_452,
                3.178_229_756_833_119,
                0.587_541_310_882_521_8,
                0.587_541_310_882_521_8,
            ],
        );
        near(
            15,
            [
                3.8667,
                3.05,
                -0.8167,
                -1.982_794_613_307_912,
                0.349_394_613_307_912,
                0.147_574_356_311_448_13,
                0.495_700_539_427_008_6,
            ],
        );
        near(
            20,
            [
                4.0,
                3.5,
                -0.5,
                -1.686_352_341_846_894_6,
                0.686_352_341_846_894_6,
                0.328_088_302_492_155_4,
                0.546_813_837_486_925_7,
            ],
        );
        near(
            21,
            [
                11.0 / 3.0,
                6.5 / 3.0,
                -1.5,
                -8.415_546_711_922_802,
                5.415_546_711_922_802_5,
                0.449_208_944_774_105_94,
                0.587_328_310_232_187,
            ],
        );
        assert_eq!(row(1), [None; 7]);
    }

    #[test]
    fn gaps_that_do_not_vary_have_no_test() {
        let mut plan = default_plan();
        plan.scores.min_n = 1;
        let same = df!(
            "month" => ["2026-07", "2026-07"],
            "timeliness_thousandths" => [5000, 4000],
            "timeliness_gap_thousandths" => [-500, -500],
        );
        let mut known = context(&plan, true);
        known.columns.retain(|(_, column)| !["staff_id", "service_type"].contains(&column.as_str()));
        let table = figure(&METRIC, &known, &[("fact_survey", same.unwrap())]);
        assert_eq!(doubles(&table, "gap"), [Some(-0.5); 2]);
        assert_eq!(doubles(&table, "ci_low"), [Some(-0.5); 2]);
        assert_eq!((doubles(&table, "p"), doubles(&table, "q")), (vec![None; 2], vec![None; 2]));
    }
}
