//! Dimension scores by period and breakdown.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::Double;
use crate::schema::shared::{
    BREAKDOWN, CHANGE_Q, CI_HIGH, CI_LOW, DIMENSION, MEMBER, N, PERIOD, PERIOD_TYPE, SUPPRESSED,
};
use crate::schema::{Label, Table, column};
use crate::stats::counts::ScoreCounts;
use crate::stats::moments::Moments;
use crate::stats::{adjust, interval, shrink, weighted, welch};
use crate::tally::{Key, Share, Tally};

static TABLE: Table = Table {
    name: "dimension_scores",
    label: Label { zh: "维度评分", en: "Dimension scores" },
    grain: "one row per period, dimension, breakdown and member with an answer",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        DIMENSION,
        BREAKDOWN,
        MEMBER,
        N,
        column("mean", Double, "points", "均分", "Mean", "Arithmetic mean of the answers, 1–5."),
        column("sd", Double, "points", "标准差", "SD", "Sample standard deviation of the answers."),
        CI_LOW.doc("Lower end of the 95 % t interval of the mean."),
        CI_HIGH.doc("Upper end of the 95 % t interval of the mean."),
        column("satisfied_share", Double, "share", "满意率", "Satisfied", "Share of answers of 4 points and more."),
        column(
            "shrunk_mean",
            Double,
            "points",
            "收缩均分",
            "Shrunk mean",
            "Mean drawn towards the mean of the breakdown's members, the more the fewer its answers.",
        ),
        SUPPRESSED,
        column(
            "previous_mean",
            Double,
            "points",
            "上期均分",
            "Previous mean",
            "Mean of the period of the same type before, where it was not suppressed.",
        ),
        column("change", Double, "points", "变化", "Change", "mean − previous_mean."),
        CHANGE_Q,
        column(
            "weighted_mean",
            Double,
            "points",
            "加权均分",
            "Weighted mean",
            "Mean of the evaluators' means by the `weights` of the pipeline; null where it has none, and by evaluator.",
        ),
        column(
            "weighted_ci_low",
            Double,
            "points",
            "加权置信下限",
            "Weighted CI low",
            "Lower end of its 95 % interval.",
        ),
        column(
            "weighted_ci_high",
            Double,
            "points",
            "加权置信上限",
            "Weighted CI high",
            "Upper end of its 95 % interval.",
        ),
        column(
            "weight_share",
            Double,
            "share",
            "权重覆盖率",
            "Weight share",
            "Part of all weights whose evaluators have answered; below 1 the weighted mean is of those alone.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Dimension scores (维度评分)

## What it says
What customers and other evaluators think of each dimension of the service, for all and for each member of the breakdowns
that the plan names (`scores` in `[breakdowns]`): staff, tenure bands, teams, service types.

## How it is counted
From the number of answers per score value: mean, sample standard deviation, t interval, and the share of answers of 4 and
more. A survey belongs to the period in which it was answered and is credited to the staff it names, else to the ticket's.
Members with fewer than `min_n` answers are `suppressed`: the row and its n stay, the figures are null.
Where `[scores]` has `weights`, `weighted_mean` is Σ weight × mean of each evaluator's own answers ÷ Σ weight, so that thirty
customers do not drown one auditor; evaluators without answers, or without a weight, take no part.
`shrunk_mean` is the normal–normal empirical Bayes mean among the members of the same breakdown, dimension and period,
with the variance between members by the method of moments (never below zero).

## How to read it
Compare intervals, and rank by `shrunk_mean` rather than by `mean`: it does not reward having few answers. `change_q` below
0.05 marks a change against the previous period that chance hardly explains.

## Source
Welch (1947) for the change, and with Satterthwaite (1946) for the interval of the weighted mean; DerSimonian and Laird (1986) for the variance between members; Benjamini and Hochberg (1995).
";

/// Four points and more are satisfied.
const SATISFIED: i32 = 4000;

fn breakdowns(context: &Context) -> Vec<(&'static str, Option<&'static str>)> {
    context.breakdowns("fact_score", &context.plan.breakdowns.scores)
}

const EVALUATOR: &str = "evaluator";

/// The key that tells evaluators apart in the tally of a breakdown, where their means are to be weighted.
fn apart(context: &Context, by: Option<&'static str>) -> Option<&'static str> {
    let asked = !context.plan.scores.weights.is_empty() && by != Some(EVALUATOR);
    (asked && context.has("fact_score", EVALUATOR)).then_some(EVALUATOR)
}

fn tallies(context: &Context) -> Vec<Tally> {
    let tally = |by: Option<&'static str>| {
        let keys = ["month", "dimension"].into_iter().chain(by).chain(apart(context, by));
        Tally::of("fact_score", keys).by(Key::Number("score_thousandths"))
    };
    breakdowns(context).into_iter().map(|(_, by)| tally(by)).collect()
}

/// Rank of the period, place of the dimension in the plan, place of the breakdown.
type Peers = (usize, usize, usize);
type Groups<'c> = BTreeMap<Peers, BTreeMap<&'c str, Answers>>;

/// The answers to one member.
#[derive(Debug, Default)]
struct Answers {
    all: ScoreCounts,
    /// Those of evaluators with a weight, by its place among the weights.
    apart: BTreeMap<usize, ScoreCounts>,
}

impl Answers {
    /// The weighted mean, and the part of all weights that takes part in it.
    fn weighted(&self, weights: &[f64]) -> Option<(weighted::Weighted, f64)> {
        let groups = self.apart.iter().filter_map(|(place, scores)| Some((weights[*place], Moments::of(scores)?)));
        let groups: Vec<(f64, Moments)> = groups.collect();
        let share = groups.iter().map(|(weight, _)| weight).sum::<f64>() / weights.iter().sum::<f64>();
        weighted::mean(&groups).map(|mean| (mean, share))
    }
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (breakdowns, spans) = (breakdowns(context), Spans::new(context));
    let dimensions = context.plan.score_names();
    let mut groups = Groups::new();
    let counted = taken.all()?;
    for ((place, (_, by)), counted) in breakdowns.iter().enumerate().zip(&counted) {
        let (names, name) = counted.members("dimension")?;
        let known: Vec<Option<usize>> =
            names.iter().map(|n| dimensions.iter().position(|d| *d == n.as_str())).collect();
        let (scores, rows) = (counted.numbers("score_thousandths")?, counted.sums("rows")?);
        let evaluators = apart(context, *by).map(|key| counted.members(key)).transpose()?;
        // The place of each evaluator's weight.
        let weights = |name: &str| context.plan.scores.weights.keys().position(|own| own == name);
        let weights: Vec<Option<usize>> =
            evaluators.map_or_else(Vec::new, |(names, _)| names.iter().map(|name| weights(name)).collect());
        runs::each(&spans, counted, *by, |span, member, range| {
            // A run of one member may go on from one dimension to the next.
            for part in range.clone().collect::<Vec<_>>().chunk_by(|a, b| name[*a] == name[*b]) {
                let Some(dimension) = part.first().and_then(|row| known[name[*row] as usize]) else { continue };
                let of =
                    |rows_of: &[usize]| rows_of.iter().map(|row| (scores[*row], rows[*row])).collect::<ScoreCounts>();
                let answers = groups.entry((span, dimension, place)).or_default().entry(member).or_default();
                answers.all.merge(&of(part));
                let Some((_, evaluator)) = evaluators else { continue };
                for own in part.chunk_by(|a, b| evaluator[*a] == evaluator[*b]) {
                    if let Some(weight) = own.first().and_then(|row| weights[evaluator[*row] as usize]) {
                        answers.apart.entry(weight).or_default().merge(&of(own));
                    }
                }
            }
        })?;
    }
    let names = |(span, dimension, breakdown): &Peers| {
        let span = spans.span(*span);
        [span.kind, span.name.as_str(), dimensions[*dimension], breakdowns[*breakdown].0].map(Cell::from)
    };
    table(context, &spans, &groups, names)
}

fn table(
    context: &Context,
    spans: &Spans,
    groups: &Groups,
    names: impl Fn(&Peers) -> [Cell; 4],
) -> PolarsResult<DataFrame> {
    // A figure that is suppressed in its own row is not told in another row either.
    let shown = |scores: &&ScoreCounts| i64::try_from(scores.n()).is_ok_and(|n| n >= context.plan.scores.min_n);
    let previous = |(span, dimension, breakdown): &Peers, member: &str| {
        let span = spans.previous(*span)?;
        groups.get(&(span, *dimension, *breakdown))?.get(member).map(|answers| &answers.all).filter(shown)
    };
    let mut p_values = Vec::new();
    for (peers, members) in groups {
        for (member, answers) in members {
            let now = Some(&answers.all).filter(shown).and_then(Moments::of);
            let before = previous(peers, member).and_then(Moments::of);
            p_values.push(now.zip(before).and_then(|(now, before)| welch::t_test(&now, &before)).map(|test| test.p));
        }
    }
    let mut q_values = adjust::benjamini_hochberg(&p_values).into_iter();
    let mut means = interval::MeanT::default();
    let weights: Vec<f64> = context.plan.scores.weights.values().copied().collect();
    let mut out = Building::new(&TABLE, p_values.len())?;
    for (peers, members) in groups {
        let moments: Vec<Moments> = members.values().filter_map(|answers| Moments::of(&answers.all)).collect();
        let shrunk = shrink::to_peer_mean(&moments).map(|s| s.means).unwrap_or_default();
        for (place, (member, answers)) in members.iter().enumerate() {
            let scores = &answers.all;
            let visible = Some(scores).filter(shown);
            let (mean, sd) = (visible.and_then(ScoreCounts::mean), visible.and_then(ScoreCounts::sd));
            let interval = mean.zip(sd).and_then(|(mean, sd)| means.interval(mean, sd, scores.n()));
            let before = visible.and(previous(peers, member)).and_then(ScoreCounts::mean);
            let change = mean.zip(before).map(|(now, before)| now - before);
            let mut row = Vec::from(names(peers));
            row.extend([
                (*member).into(),
                scores.n().into(),
                mean.into(),
                sd.into(),
                interval.map(|i| i.low).into(),
                interval.map(|i| i.high).into(),
                visible.and_then(|s| s.share_at_least(SATISFIED)).into(),
                visible.and(shrunk.get(place).copied()).into(),
                visible.is_none().into(),
                before.into(),
                change.into(),
                q_values.next().flatten().into(),
            ]);
            let weighted = visible.and_then(|_| answers.weighted(&weights));
            let interval = weighted.and_then(|(weighted, _)| weighted.interval);
            row.extend([
                weighted.map(|(weighted, _)| weighted.mean).into(),
                interval.map(|i| i.low).into(),
                interval.map(|i| i.high).into(),
                weighted.map(|(_, share)| share).into(),
            ]);
            out.push(row)?;
        }
    }
    out.finish()
}
