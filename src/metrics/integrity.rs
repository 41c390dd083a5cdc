//! Flagged surveys of each member of staff, and what his mean is without them.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::peers::{self, Known};
use super::rows::{Building, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Double, Int64, Text};
use crate::schema::facts::{SURVEY, score};
use crate::schema::shared::{ALL, JOINED, NONE, PERIOD, Q, STAFF_ID, STAFF_NAME, TEAM};
use crate::schema::{Label, Table, column};
use crate::stats::{adjust, fisher};
use crate::tally::{Share, Tally};

static TABLE: Table = Table {
    name: "integrity",
    label: Label { zh: "评价真实性", en: "Integrity" },
    grain: "one row per flag of the reviewed period, and member of staff with a survey",
    columns: &[
        PERIOD,
        column("flag", Text, "", "标记", "Flag", "A flag of `survey_flags`, or `any` for at least one of them."),
        STAFF_ID.doc("Staff number; `all` for all together, `(none)` for surveys that nobody is credited with."),
        STAFF_NAME,
        TEAM,
        column("surveys", Int64, "surveys", "评价份数", "Surveys", "Surveys of the period."),
        column("flagged", Int64, "surveys", "标记份数", "Flagged", "Surveys with the flag."),
        column("share", Double, "share", "标记占比", "Share", "flagged ÷ surveys."),
        column(
            "base_rate",
            Double,
            "share",
            "总体占比",
            "Base rate",
            "The same share over all surveys of the period: how common the flag is.",
        ),
        column(
            "p",
            Double,
            "",
            "p值",
            "p",
            "Chance of so many flags or more, if the flags of the period were dealt to its surveys at random (Fisher's exact test).",
        ),
        Q,
        column("mean", Double, "points", "均分", "Mean", "Mean of all answers, 1–5; null below `min_n` surveys."),
        column(
            "mean_without",
            Double,
            "points",
            "剔除后均分",
            "Mean without",
            "The same without flagged surveys; null where fewer than `min_n` are left.",
        ),
        column(
            "difference",
            Double,
            "points",
            "差异",
            "Difference",
            "mean − mean_without: what the flagged surveys add.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Integrity (评价真实性)

## What it says
How many surveys of each member of staff carry a sign that they are not what they seem, whether chance explains so many, and what the
mean would be without them. Nothing is removed from any other figure.

## How it is counted
Flags are those of `survey_flags`, with the thresholds in `[integrity]` of the pipeline, among the used surveys of the reviewed period. `p` is the
chance that a random choice of as many surveys has as many flags or more. `mean` is over all answers in all dimensions of these
surveys.

## How to read it
A flag is a reason to look, not a proof. Many contented customers give the same mark everywhere: compare `share` with
`base_rate`, and believe a difference only when q < 0.05. Then look at `difference`: flagged surveys that do not lift the mean help nobody. Read
the surveys themselves in `survey_flags` before you ask anybody.

## Source
Fisher (1934), exact test; Benjamini and Hochberg (1995).
";

/// At least one of the flags.
const ANY: &str = "any";

fn tallies(context: &Context) -> Vec<Tally> {
    if !context.has(SURVEY, "flags") || !context.has(SURVEY, "staff_id") {
        return Vec::new();
    }
    let keys = ["month", "staff_id", "flags"];
    let scores = context.plan.score_names().into_iter().map(score);
    let scores: Vec<&'static str> = scores.filter(|column| context.has(SURVEY, column)).collect();
    let tally = scores.into_iter().fold(Tally::of(SURVEY, keys), |tally, column| {
        tally.sum(column).present(format!("{column}_answers"), column.to_owned())
    });
    vec![tally, peers::people(context)]
}

/// Surveys, answers and their sum in thousandths of a point.
#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    surveys: u64,
    answers: u64,
    thousandths: u64,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.surveys += other.surveys;
        self.answers += other.answers;
        self.thousandths += other.thousandths;
    }

    #[expect(clippy::cast_precision_loss, reason = "the sums are exact until here")]
    fn mean(self, min_n: i64) -> Option<f64> {
        let enough = i64::try_from(self.surveys).is_ok_and(|n| n >= min_n) && self.answers > 0;
        enough.then(|| self.thousandths as f64 / (1000.0 * self.answers as f64))
    }
}

/// All surveys of somebody, and those with a flag.
#[derive(Debug, Default, Clone, Copy)]
struct Both {
    all: Sums,
    flagged: Sums,
}

/// By flag and staff, `all` among them.
type Groups<'c> = BTreeMap<(&'c str, &'c str), Both>;

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let ([sums, people], Some((_, period))) = (&counted[..], context.months.last()) else {
        return Building::new(&TABLE, 0)?.finish();
    };
    let (months, staff, flags) = (sums.texts("month")?, sums.texts("staff_id")?, sums.texts("flags")?);
    let surveys = sums.sums("rows")?;
    let scores = context.plan.score_names().into_iter().map(score).filter(|column| context.has(SURVEY, column));
    let scores: Vec<(Vec<u64>, Vec<u64>)> = scores
        .map(|column| Ok((sums.sums(column)?, sums.sums(&format!("{column}_answers"))?)))
        .collect::<PolarsResult<_>>()?;
    let reviewed = |month: &str| context.period(month) == Some(period.as_str());
    let rows: Vec<(usize, Sums)> = (0..sums.len())
        .filter(|row| reviewed(months[*row]))
        .map(|row| {
            let answers = scores.iter().map(|(_, answers)| answers[row]).sum();
            (row, Sums { surveys: surveys[row], answers, thousandths: scores.iter().map(|(sums, _)| sums[row]).sum() })
        })
        .collect();
    let mut names: Vec<&str> =
        rows.iter().flat_map(|(row, _)| flags[*row].split(JOINED)).filter(|flag| *flag != NONE).collect();
    names.sort_unstable();
    names.dedup();
    let mut groups = Groups::new();
    for flag in names.into_iter().chain([ANY]) {
        for (row, own) in &rows {
            let has = flags[*row] != NONE && (flag == ANY || flags[*row].split(JOINED).any(|one| one == flag));
            for member in [ALL, staff[*row]] {
                let both = groups.entry((flag, member)).or_default();
                both.all.add(*own);
                if has {
                    both.flagged.add(*own);
                }
            }
        }
    }
    // Where no survey of the period has a flag there is nothing to tell but that.
    table(context, period, &groups, &peers::names(context, people)?)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn table(context: &Context, period: &str, groups: &Groups, known: &BTreeMap<&str, Known>) -> PolarsResult<DataFrame> {
    let min_n = context.plan.scores.min_n;
    let whole = |flag: &str| groups.get(&(flag, ALL)).copied().unwrap_or_default();
    let chance = |((flag, member), both): (&(&str, &str), &Both)| {
        let whole = whole(flag);
        let (marked, n) = (both.flagged.surveys, both.all.surveys);
        fisher::upper_tail(marked, n, whole.flagged.surveys, whole.all.surveys).filter(|_| *member != ALL)
    };
    let p_values: Vec<Option<f64>> = groups.iter().map(chance).collect();
    let q_values = adjust::benjamini_hochberg(&p_values);
    let share = |both: &Both| both.flagged.surveys as f64 / both.all.surveys as f64;
    let mut out = Building::new(&TABLE, groups.len())?;
    for (((flag, member), both), (p, q)) in groups.iter().zip(p_values.into_iter().zip(q_values)) {
        let (name, team) = known.get(member).copied().unwrap_or_default();
        let left = Sums {
            surveys: both.all.surveys - both.flagged.surveys,
            answers: both.all.answers - both.flagged.answers,
            thousandths: both.all.thousandths - both.flagged.thousandths,
        };
        let (mean, without) = (both.all.mean(min_n), left.mean(min_n));
        out.push(vec![
            Cell::from(period),
            (*flag).into(),
            (*member).into(),
            name.into(),
            team.into(),
            both.all.surveys.into(),
            both.flagged.surveys.into(),
            share(both).into(),
            share(&whole(flag)).into(),
            p.into(),
            q.into(),
            mean.into(),
            without.into(),
            mean.zip(without).map(|(mean, without)| mean - without).into(),
        ])?;
    }
    out.finish()
}
