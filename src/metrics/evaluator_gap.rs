//! How supervisors and auditors score the same tickets as customers do.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::pairs::{Figures, P, Pairs};
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::{Double, Text};
use crate::schema::shared::{BREAKDOWN, CI_HIGH, CI_LOW, DIMENSION, MEMBER, N, PERIOD, PERIOD_TYPE, Q, SUPPRESSED};
use crate::schema::{Label, Table, column};
use crate::stats::{adjust, interval};
use crate::tally::{Key, Share, Tally};

static TABLE: Table = Table {
    name: "evaluator_gap",
    label: Label { zh: "评价主体差异", en: "Evaluator gap" },
    grain: "one row per period, evaluator, dimension, breakdown and member with an answer to a ticket that a customer has answered, too",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        column(
            "evaluator",
            Text,
            "",
            "评价主体",
            "Evaluator",
            "Who scored besides the customers: supervisor, auditor, …",
        ),
        DIMENSION,
        BREAKDOWN,
        MEMBER,
        N.doc("Answers of this evaluator to tickets and dimensions that a customer has answered, too."),
        column("mean", Double, "points", "评价主体均分", "Mean", "Mean of these answers, 1–5."),
        column(
            "customer_mean",
            Double,
            "points",
            "客户均分",
            "Customer mean",
            "Mean of what customers answered for the same tickets.",
        ),
        column(
            "gap",
            Double,
            "points",
            "差距",
            "Gap",
            "mean − customer_mean; above zero the evaluator is the milder one.",
        ),
        CI_LOW.doc("Lower end of the 95 % t interval of the gap, ticket by ticket."),
        CI_HIGH.doc("Upper end of the 95 % t interval of the gap, ticket by ticket."),
        P,
        Q,
        SUPPRESSED,
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Evaluator gap (评价主体差异)

## What it says
Whether supervisors and auditors see the service as customers do: their answers beside those of the customers to the very same
tickets, dimension by dimension.

## How it is counted
Each answer of an evaluator who is no customer is set against the mean of the customers' answers for the same ticket and dimension;
tickets without both are left out. Customers are the evaluators named in `customers` of `[scores]`, else in `evaluators` of
`[timeliness]`; where neither names any, everybody is a customer and the table is empty. `gap` is the mean of the differences, with their t
interval and paired t test. An answer belongs to the period in which the evaluator gave it. With fewer than `min_n` pairs a
member is `suppressed`: the row and its n stay, the figures are null.

## How to read it
A gap is real where q < 0.05. Milder supervisors than customers mean that internal reviews do not see what hurts; sterner auditors are
usual, for they look at records that customers never see. Where the gap of one member of staff differs much from that of all, ask who
reviews whom. A gap of exactly zero in every pair is too good: see `survey_flags`.

## Source
Student (1908), paired t test; Benjamini and Hochberg (1995).
";

const FACT: &str = "fact_score";
const EVALUATOR: &str = "evaluator";
const GAP: &str = "customer_gap_thousandths";
const OWN: &str = "score_thousandths";

fn breakdowns(context: &Context) -> Vec<(&'static str, Option<&'static str>)> {
    let mut all = context.breakdowns(FACT, &context.plan.breakdowns.scores);
    all.retain(|(name, _)| *name != EVALUATOR);
    all
}

/// Answers by gap: a key may be negative, where a sum may not, and answers without one are left out.
fn tallies(context: &Context) -> Vec<Tally> {
    if !context.has(FACT, GAP) {
        return Vec::new();
    }
    let keys = |by| ["month", EVALUATOR, "dimension"].into_iter().chain(by);
    let tally = |by: Option<&'static str>| Tally::of(FACT, keys(by)).by(Key::Number(GAP)).sum(OWN);
    breakdowns(context).into_iter().map(|(_, by)| tally(by)).collect()
}

/// Rank of the period, evaluator, place of the dimension, place of the breakdown, member.
type Group<'c> = (usize, &'c str, usize, usize, &'c str);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (breakdowns, spans) = (breakdowns(context), Spans::new(context));
    let dimensions = context.plan.score_names();
    let counted = taken.all()?;
    let mut groups: BTreeMap<Group, (Pairs, u64)> = BTreeMap::new();
    for ((place, (_, by)), counted) in breakdowns.iter().enumerate().zip(&counted) {
        let (evaluators, names) = (counted.texts(EVALUATOR)?, counted.texts("dimension")?);
        let (gaps, own, rows) = (counted.numbers(GAP)?, counted.sums(OWN)?, counted.sums("rows")?);
        runs::each(&spans, counted, *by, |span, member, range| {
            for row in range {
                let Some(dimension) = dimensions.iter().position(|d| *d == names[row]) else { continue };
                let (pairs, sum) = groups.entry((span, evaluators[row], dimension, place, member)).or_default();
                *pairs.gaps.entry(gaps[row]).or_default() += rows[row];
                *sum += own[row];
            }
        })?;
    }
    let mut means = interval::MeanT::default();
    let figures: Vec<Figures> = groups
        .values_mut()
        .map(|(pairs, own)| {
            // The customers' scores are what is left of one's own without the gaps; none is below zero.
            let gaps: i128 = pairs.gaps.iter().map(|(gap, n)| i128::from(*gap) * i128::from(*n)).sum();
            pairs.base = u64::try_from(i128::from(*own) - gaps).unwrap_or_default();
            Figures::of(pairs, context.plan.scores.min_n, &mut means)
        })
        .collect();
    let q_values = adjust::benjamini_hochberg(&figures.iter().map(|f| f.p).collect::<Vec<_>>());
    let mut out = Building::new(&TABLE, groups.len())?;
    for (((span, evaluator, dimension, breakdown, member), figures), q) in groups.keys().zip(&figures).zip(q_values) {
        let span = spans.span(*span);
        out.push(vec![
            Cell::from(span.kind),
            span.name.as_str().into(),
            (*evaluator).into(),
            dimensions[*dimension].into(),
            breakdowns[*breakdown].0.into(),
            (*member).into(),
            figures.n.into(),
            figures.means.map(|m| m.other).into(),
            figures.means.map(|m| m.base).into(),
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
