//! `[scores]`: what scores should be, and what words mean.

use std::collections::BTreeMap;

use super::reader::{Item, Section};
use super::types::Scores;

const TARGET: f64 = 4.0;
const MIN_N: i64 = 5;
const WORDS: [(&str, f64); 5] = [("非常满意", 5.0), ("满意", 4.0), ("一般", 3.0), ("不满意", 2.0), ("非常不满意", 1.0)];

pub fn read(mut section: Section) -> Scores {
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

fn min_n(item: &Item) -> Option<i64> {
    let n = item.integer()?;
    if n < 1 {
        item.wrong(format!("`min_n` must be at least 1, not {n}"), "too small", "write 1 to suppress nothing");
    }
    Some(n)
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{check, plan};

    #[test]
    fn words_that_are_given_replace_the_usual_ones() {
        assert_eq!(plan("").scores.words.len(), 5);
        assert_eq!(
            plan("[scores.words]\n好 = 5\n差 = 1.5\n").scores.words.into_values().collect::<Vec<_>>(),
            [5.0, 1.5]
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
                "5: unknown key `min` in [scores] | known here: words, target, min_n",
            ]
        );
        assert_eq!(check("[scores]\nmin_n = 5.0\n"), ["2: `min_n` must be a whole number, not a decimal one | "]);
        assert_eq!(check("[scores]\nmin_n = 99999999999999999999\n"), ["2: `min_n` is too large | "]);
    }
}
