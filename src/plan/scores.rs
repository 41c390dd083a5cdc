//! `[scores]`: what scores should be, and what words mean.

use std::collections::BTreeMap;

use super::reader::{Item, Section};
use super::sources::Sources;
use super::timeliness;
use super::types::Scores;

const TARGET: f64 = 4.0;
const MIN_N: i64 = 5;
const WORDS: [(&str, f64); 5] = [("非常满意", 5.0), ("满意", 4.0), ("一般", 3.0), ("不满意", 2.0), ("非常不满意", 1.0)];

/// `heard` are the evaluators of [timeliness]: who says there whose scores count has said who the customers are.
pub fn read(mut section: Section, sources: &Sources, heard: &[String]) -> Scores {
    let words = match section.get("words") {
        Some(item) => item
            .section("words")
            .entries()
            .iter()
            .filter_map(|entry| Some((entry.key.trim().to_owned(), points(entry)?)))
            .collect(),
        None => WORDS.map(|(word, points)| (word.to_owned(), points)).into_iter().collect::<BTreeMap<_, _>>(),
    };
    let scores = Scores {
        target: section.get("target").and_then(|item| points(&item)).unwrap_or(TARGET),
        min_n: section.get("min_n").and_then(|item| min_n(&item)).unwrap_or(MIN_N),
        words,
        weights: section.get("weights").map(|item| weights(&item, sources)).unwrap_or_default(),
        customers: section
            .get("customers")
            .map_or_else(|| heard.to_vec(), |item| timeliness::evaluators(&item, sources)),
    };
    section.finish();
    scores
}

fn points(item: &Item) -> Option<f64> {
    let points = item.number()?;
    if !(1.0..=5.0).contains(&points) {
        let message = format!("`{}` must be from 1 to 5, not {points}", item.key);
        item.wrong(message, "outside the scale", "scores are points on a 1–5 scale");
    }
    Some(points)
}

/// How much the evaluators' means count in the weighted mean.
fn weights(item: &Item, sources: &Sources) -> BTreeMap<String, f64> {
    let entries = item.section("weights").entries();
    timeliness::check_evaluators(item, !entries.is_empty(), sources);
    let weight = |entry: &Item| {
        let weight = entry.number()?;
        if weight <= 0.0 {
            let message = format!("`{}` must weigh more than 0, not {weight}", entry.key);
            entry.wrong(message, "not a weight", "leave out evaluators that are not to count");
        }
        Some((entry.key.trim().to_owned(), weight))
    };
    entries.iter().filter_map(weight).collect()
}

fn min_n(item: &Item) -> Option<i64> {
    let n = item.integer()?;
    if n < 1 {
        item.wrong(format!("`min_n` must be at least 1, not {n}"), "too small", "write 1 to suppress nothing");
    }
    Some(n)
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};

    #[test]
    fn words_that_are_given_replace_the_usual_ones() {
        assert_eq!(plan("").scores.words.len(), 5);
        assert_eq!(
            plan("[scores.words]\n好 = 5\n差 = 1.5\n").scores.words.into_values().collect::<Vec<_>>(),
            [5.0, 1.5]
        );
    }

    #[test]
    fn customers_are_those_whose_timeliness_counts() {
        let surveys =
            SURVEYS.replace("[sources.surveys.columns]", "[sources.surveys.columns]\nevaluator = \"评价主体\"");
        let read = |more: &str| plan(&format!("{TICKETS}{surveys}{more}")).scores;
        assert_eq!(read("[timeliness]\nevaluators = [\"客户\"]\n").customers, ["客户"]);
        assert_eq!(
            read("[scores]\ncustomers = [\"用户\"]\n[timeliness]\nevaluators = [\"客户\"]\n").customers,
            ["用户"]
        );
        let weights = read("[scores]\nweights = { 客户 = 0.5, 主管 = 0.25 }\n").weights;
        assert_eq!(
            weights.into_iter().map(|(who, weight)| format!("{who} {weight}")).collect::<Vec<_>>(),
            ["主管 0.25", "客户 0.5"]
        );
    }

    #[test]
    fn points_lie_on_the_scale() {
        assert_eq!(
            check("[scores]\ntarget = 0\nmin_n = 0\nwords = { 好 = 6, 差 = \"1\", 中 = nan }\nmin = 1\n"),
            [
                "2: `target` must be from 1 to 5, not 0 | scores are points on a 1–5 scale",
                "3: `min_n` must be at least 1, not 0 | write 1 to suppress nothing",
                "4: `好` must be from 1 to 5, not 6 | scores are points on a 1–5 scale",
                "4: `差` must be a number, not a string | ",
                "4: `中` must be a number, not infinity or nan | ",
                "5: unknown key `min` in [scores] | known here: words, target, min_n, weights, customers",
            ]
        );
        assert_eq!(
            check("[scores]\nweights = { 客户 = 0.6, 主管 = 0 }\n"),
            [
                "2: nothing says who answered a survey, so none would count | \
                 add evaluator = \"their name for it\" to [sources.surveys.columns], or remove the line",
                "2: `主管` must weigh more than 0, not 0 | leave out evaluators that are not to count",
            ]
        );
        assert_eq!(check("[scores]\nmin_n = 5.0\n"), ["2: `min_n` must be a whole number, not a decimal one | "]);
        assert_eq!(check("[scores]\nmin_n = 99999999999999999999\n"), ["2: `min_n` is too large | "]);
    }
}
