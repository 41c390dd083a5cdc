//! What customers speak of.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::portion::Portion;
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::{Double, Int64, Text};
use crate::schema::facts::opinion::{OF_SURVEYS, OF_TICKETS, THEMES};
use crate::schema::facts::{SURVEY, TICKET, score};
use crate::schema::shared::{
    BREAKDOWN, CHANGE_Q, CI_HIGH, CI_LOW, JOINED, MEMBER, NONE, PERIOD, PERIOD_TYPE, SUPPRESSED,
};
use crate::schema::{Column, Label, Table, column};
use crate::stats::adjust;
use crate::tally::{Share, Tally};

/// Where texts come from, as tables tell it.
pub const SOURCE: Column = column(
    "source",
    Text,
    "",
    "来源",
    "Source",
    "`survey`: what customers wrote in surveys; `ticket`: fault descriptions.",
);

static TABLE: Table = Table {
    name: "opinion_themes",
    label: Label { zh: "意见主题", en: "Themes of opinions" },
    grain: "one row per period, source, breakdown, member and theme that somebody of the same source, breakdown and period spoke of",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        SOURCE,
        BREAKDOWN,
        MEMBER,
        column(
            "theme",
            Text,
            "",
            "主题",
            "Theme",
            "A theme of the lists in `[opinions]`, or `(other)`: texts that have none of them.",
        ),
        column(
            "texts",
            Int64,
            "texts",
            "提及数",
            "Texts",
            "Surveys or tickets whose text has the theme; one with several themes counts once for each.",
        ),
        column("n", Int64, "texts", "有意见数", "n", "Surveys or tickets with a text."),
        column("share", Double, "share", "占比", "Share", "texts ÷ n; shares add up to more than 1."),
        CI_LOW.doc("Lower end of the 95 % Wilson interval of the share."),
        CI_HIGH.doc("Upper end of the 95 % Wilson interval of the share."),
        column(
            "overall_answers",
            Int64,
            "answers",
            "满意度份数",
            "Overall answers",
            "Of surveys: those with the theme that answer `overall`.",
        ),
        column(
            "mean_overall",
            Double,
            "points",
            "总体满意度",
            "Mean overall",
            "Mean of these answers; null below `min_n`, and for tickets.",
        ),
        column(
            "previous_share",
            Double,
            "share",
            "上期占比",
            "Previous share",
            "Share in the period of the same type before, where it was not suppressed.",
        ),
        column("change", Double, "share", "变化", "Change", "share − previous_share."),
        CHANGE_Q,
        SUPPRESSED.doc("True where n is below `min_n`: figures are null, the row is kept and never ranked."),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Themes of opinions (意见主题)

## What it says
What customers speak of in their suggestions and comments, and what fault descriptions tell besides the fault, how often, how satisfied
these customers are, and whether it grows.

## How it is counted
A text has a theme of the lists that `[opinions]` names if one of its words occurs in it, unless within a saying that the list takes out;
praise and complaint count alike. Suggestion and comment of a survey are one text. Of surveys, those of customers count. A text may have several themes;
without any it counts under `(other)`. Members with fewer than `min_n` texts are `suppressed`. On sentences labelled by hand that nobody had
looked at when words were chosen, four of five themes that are found are meant, and two of three that are meant are found.

## How to read it
Look for themes that grew (`change_q` below 0.05) and for those with a low `mean_overall`. Much under `(other)` means that the lists miss what
these customers speak of: `opinion_terms` shows their words.

## Source
Wilson (1927), score interval; two-proportion z test with pooled variance; Benjamini and Hochberg (1995).
";

/// The facts with texts, and what tables call them.
const SOURCES: [(&str, &str); 2] = [(SURVEY, OF_SURVEYS), (TICKET, OF_TICKETS)];

const ANSWERS: &str = "answers";

/// Fact, its name in the table, breakdown and its column.
type Split = (&'static str, &'static str, &'static str, Option<&'static str>);

fn splits(context: &Context) -> Vec<Split> {
    let there = SOURCES.into_iter().filter(|(fact, _)| context.has(fact, THEMES));
    let split = |(fact, source)| {
        let breakdowns = context.breakdowns(fact, &context.plan.breakdowns.opinions);
        breakdowns.into_iter().map(move |(breakdown, by)| (fact, source, breakdown, by))
    };
    there.flat_map(split).collect()
}

fn tallies(context: &Context) -> Vec<Tally> {
    let overall = score("overall");
    let tally = |(fact, _, _, by): Split| {
        let tally = Tally::of(fact, std::iter::once("month").chain(by).chain([THEMES]));
        let scored = fact == SURVEY && context.has(SURVEY, overall);
        if scored { tally.sum(overall).present(ANSWERS.to_owned(), overall.to_owned()) } else { tally }
    };
    splits(context).into_iter().map(tally).collect()
}

/// Texts with a theme, and the answers to `overall` beside them.
#[derive(Debug, Default, Clone, Copy)]
struct Spoken {
    texts: u64,
    answers: u64,
    thousandths: u64,
}

/// What was written of one member.
#[derive(Debug, Default)]
struct Written<'c> {
    n: u64,
    themes: BTreeMap<&'c str, Spoken>,
}

/// Rank of the period, place of the split, member.
type Group<'c> = (usize, usize, &'c str);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (splits, spans) = (splits(context), Spans::new(context));
    let counted = taken.all()?;
    let mut groups: BTreeMap<Group, Written> = BTreeMap::new();
    for ((place, (.., by)), counted) in splits.iter().enumerate().zip(&counted) {
        let (cells, cell) = counted.members(THEMES)?;
        let rows = counted.sums("rows")?;
        let (answers, points) = (counted.sums(ANSWERS).ok(), counted.sums(score("overall")).ok());
        runs::each(&spans, counted, *by, |span, member, range| {
            let written = groups.entry((span, place, member)).or_default();
            for row in range {
                let text = cells[cell[row] as usize].as_str();
                if text == NONE {
                    continue;
                }
                written.n += rows[row];
                for theme in text.split(JOINED) {
                    let spoken = written.themes.entry(theme).or_default();
                    spoken.texts += rows[row];
                    spoken.answers += answers.as_ref().map_or(0, |answers| answers[row]);
                    spoken.thousandths += points.as_ref().map_or(0, |points| points[row]);
                }
            }
        })?;
    }
    table(context, &splits, &spans, &groups)
}

/// A theme, and its place in the lists.
type Placed<'c> = (usize, &'c str);

/// One theme of one member.
struct Line<'c> {
    group: Group<'c>,
    theme: &'c str,
    spoken: Spoken,
    portion: Portion,
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn table(
    context: &Context,
    splits: &[Split],
    spans: &Spans,
    groups: &BTreeMap<Group, Written>,
) -> PolarsResult<DataFrame> {
    let min_n = context.plan.scores.min_n;
    let enough = |n: u64| n > 0 && i64::try_from(n).is_ok_and(|n| n >= min_n);
    // Themes in the order of the lists; what has none at the end.
    let place =
        |theme: &str| context.plan.opinions.themes.iter().position(|own| own.name == theme).unwrap_or(usize::MAX);
    let mut spoken_of: BTreeMap<(usize, usize), BTreeSet<Placed>> = BTreeMap::new();
    for ((span, split, _), written) in groups {
        let themes = spoken_of.entry((*span, *split)).or_default();
        themes.extend(written.themes.keys().map(|theme| (place(theme), *theme)));
    }
    let mut lines = Vec::new();
    for (group, written) in groups.iter().filter(|(_, written)| written.n > 0) {
        let (span, split, member) = *group;
        let before = spans.previous(span).and_then(|span| groups.get(&(span, split, member))).filter(|w| enough(w.n));
        let shown = enough(written.n);
        for (_, theme) in spoken_of.get(&(span, split)).into_iter().flatten() {
            let of = |written: &Written| written.themes.get(theme).copied().unwrap_or_default();
            let before = before.filter(|_| shown).map(|before| (of(before).texts, before.n));
            let spoken = of(written);
            let portion = Portion { part: spoken.texts, n: written.n, shown, before };
            lines.push(Line { group: *group, theme, spoken, portion });
        }
    }
    let q_values = adjust::benjamini_hochberg(&lines.iter().map(|line| line.portion.p()).collect::<Vec<_>>());
    let mut out = Building::new(&TABLE, lines.len())?;
    for (line, q) in lines.iter().zip(q_values) {
        let (span, split, member) = line.group;
        let (span, (_, source, breakdown, _)) = (spans.span(span), splits[split]);
        let Spoken { answers, thousandths, .. } = line.spoken;
        let shown = line.portion.shown;
        let mean = (shown && enough(answers)).then(|| thousandths as f64 / 1000.0 / answers as f64);
        let mut row = vec![Cell::from(span.kind), span.name.as_str().into(), source.into(), breakdown.into()];
        row.extend([member.into(), line.theme.into()]);
        row.extend(line.portion.now());
        row.extend([(source == OF_SURVEYS && shown).then_some(answers).into(), mean.into()]);
        row.extend(line.portion.change(q));
        out.push(row)?;
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::METRIC;
    use crate::metrics::testing::{assert_numbers, cells, plan, table};

    #[test]
    fn a_text_counts_for_each_of_its_themes() {
        let mut plan = plan();
        plan.breakdowns.opinions = Vec::new();
        plan.scores.min_n = 2;
        let surveys = df!(
            "month" => ["2026-01", "2026-01", "2026-04", "2026-05", "2026-05", "2026-05"],
            "themes" => [Some("price"), Some("(other)"), Some("price;spare_parts"), Some("spare_parts"), None, Some("price")],
            "score_overall" => [Some(5000), None, Some(3000), Some(1000), Some(5000), Some(2000)],
        );
        let found = table(&METRIC, &plan, &[("fact_survey", surveys.unwrap())]);
        let found = found.lazy().filter(col("period").eq(lit("2026Q2"))).collect().unwrap();
        // In the order of the lists; what nobody spoke of has no row.
        assert_eq!(cells(&found, "theme"), ["spare_parts", "price"]);
        assert_numbers(&found, "texts", &[Some(2.0), Some(2.0)]);
        assert_numbers(&found, "n", &[Some(3.0), Some(3.0)]);
        assert_numbers(&found, "share", &[Some(2.0 / 3.0), Some(2.0 / 3.0)]);
        assert_numbers(&found, "mean_overall", &[Some(2.0), Some(2.5)]);
        assert_numbers(&found, "previous_share", &[Some(0.0), Some(0.5)]);
        // The months alone have too few texts, all but May.
        let all =
            table(&METRIC, &plan, &[("fact_survey", df!("month" => ["2026-04"], "themes" => ["price"]).unwrap())]);
        assert_eq!((cells(&all, "suppressed")[0].as_str(), cells(&all, "share")[0].as_str()), ("true", "null"));
    }
}
