//! How the answers spread over the scale.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::{Double, Int32, Int64};
use crate::schema::shared::{BREAKDOWN, DIMENSION, MEMBER, N, PERIOD, PERIOD_TYPE, SUPPRESSED};
use crate::schema::{Label, Table, column};
use crate::tally::{Key, Share, Tally};

static TABLE: Table = Table {
    name: "answer_distribution",
    label: Label { zh: "评分分布", en: "Distribution of answers" },
    grain: "one row per period, dimension, breakdown, member with an answer, and point of the scale",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        DIMENSION,
        BREAKDOWN,
        MEMBER,
        column(
            "points",
            Int32,
            "points",
            "分值",
            "Points",
            "Point of the 1–5 scale; answers between two points count to the nearer one, halves to the upper.",
        ),
        column("answers", Int64, "answers", "评价数", "Answers", "Answers of so many points."),
        N.doc("Answers of any number of points."),
        column("share", Double, "share", "占比", "Share", "answers ÷ n."),
        SUPPRESSED,
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Distribution of answers (评分分布)

## What it says
How many answers have one, two, three, four and five points, for all and for the members of the breakdowns that the plan names for
scores; not for single members of staff and models, of whom there may be thousands.

## How it is counted
From the number of answers per score value. Answers on other scales lie between whole points and count to the nearest one. Members with
fewer than `min_n` answers are `suppressed`: the rows and n stay, the figures are null.

## How to read it
The same mean can be many fours or fives beside ones: look here before you speak of an average customer. Two humps ask for
what sets the unhappy ones apart.

## Source
Likert (1932).
";

const FACT: &str = "fact_score";

/// Points of the scale.
const SCALE: std::ops::RangeInclusive<i32> = 1..=5;

fn breakdowns(context: &Context) -> Vec<(&'static str, Option<&'static str>)> {
    let mut all = context.breakdowns(FACT, &context.plan.breakdowns.scores);
    all.retain(|(name, _)| !["staff", "product_model"].contains(name));
    all
}

fn tallies(context: &Context) -> Vec<Tally> {
    let tally = |by: Option<&'static str>| {
        Tally::of(FACT, ["month", "dimension"].into_iter().chain(by)).by(Key::Number("score_thousandths"))
    };
    breakdowns(context).into_iter().map(|(_, by)| tally(by)).collect()
}

/// Rank of the period, place of the dimension, place of the breakdown, member.
type Group<'c> = (usize, usize, usize, &'c str);

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (breakdowns, spans) = (breakdowns(context), Spans::new(context));
    let dimensions = context.plan.score_names();
    let counted = taken.all()?;
    let mut groups: BTreeMap<Group, BTreeMap<i32, u64>> = BTreeMap::new();
    for ((place, (_, by)), counted) in breakdowns.iter().enumerate().zip(&counted) {
        let names = counted.texts("dimension")?;
        let (scores, rows) = (counted.numbers("score_thousandths")?, counted.sums("rows")?);
        runs::each(&spans, counted, *by, |span, member, range| {
            for row in range {
                if let Some(dimension) = dimensions.iter().position(|d| *d == names[row]) {
                    let points = (scores[row] + 500).div_euclid(1000).clamp(*SCALE.start(), *SCALE.end());
                    let group = groups.entry((span, dimension, place, member)).or_default();
                    *group.entry(points).or_default() += rows[row];
                }
            }
        })?;
    }
    let mut out = Building::new(&TABLE, groups.len() * SCALE.count())?;
    for ((span, dimension, breakdown, member), answers) in &groups {
        let n: u64 = answers.values().sum();
        let shown = i64::try_from(n).is_ok_and(|n| n >= context.plan.scores.min_n);
        let span = spans.span(*span);
        for points in SCALE {
            let own = answers.get(&points).copied().unwrap_or_default();
            out.push(vec![
                Cell::from(span.kind),
                span.name.as_str().into(),
                dimensions[*dimension].into(),
                breakdowns[*breakdown].0.into(),
                (*member).into(),
                Cell::Int(i64::from(points)),
                shown.then_some(own).into(),
                n.into(),
                shown.then(|| own as f64 / n as f64).into(),
                (!shown).into(),
            ])?;
        }
    }
    out.finish()
}
