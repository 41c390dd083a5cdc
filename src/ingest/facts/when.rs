//! Whether conditions of the plan hold for a row.

use polars::prelude::*;

use super::frame;
use crate::plan::{Is, When};
use crate::time::{Wall, wall};

/// Conditions of one calendar or policy, all of which must hold, over the rows of a frame.
pub struct Conditions<'a>(Vec<Test<'a>>);

/// The values of one column, and what they must be.
enum Test<'a> {
    Words(Vec<Option<&'a str>>, &'a [String]),
    Numbers(Vec<Option<i64>>, Option<i64>, Option<i64>),
    Moments(Vec<Option<Wall>>, Option<Wall>, Option<Wall>),
}

impl<'a> Conditions<'a> {
    /// A column that the frame lacks matches nothing.
    pub fn new(rows: &'a DataFrame, when: &'a [When]) -> PolarsResult<Self> {
        let test = |one: &'a When| {
            Ok(match &one.is {
                Is::OneOf(allowed) => Test::Words(words(rows, one.column)?, allowed),
                Is::Number { min, max } => {
                    let values = frame::ints(rows, one.column)?;
                    Test::Numbers(values.into_iter().map(|v| v.map(i64::from)).collect(), *min, *max)
                }
                Is::Day { from, to } => {
                    let midnight = |day: chrono::NaiveDate| wall(day.and_time(chrono::NaiveTime::MIN));
                    let after = to.map(|day| day.succ_opt().map_or(Wall::MAX, midnight));
                    Test::Moments(frame::micros(rows, one.column)?, from.map(midnight), after)
                }
            })
        };
        Ok(Self(when.iter().map(test).collect::<PolarsResult<_>>()?))
    }

    /// Whether all of them hold for a row.
    pub fn hold(&self, row: usize) -> bool {
        self.0.iter().all(|test| match test {
            Test::Words(texts, allowed) => texts[row].is_some_and(|text| allowed.iter().any(|a| a == text)),
            Test::Numbers(values, min, max) => {
                values[row].is_some_and(|v| min.is_none_or(|min| v >= min) && max.is_none_or(|max| v <= max))
            }
            Test::Moments(moments, from, after) => {
                moments[row].is_some_and(|m| from.is_none_or(|from| m >= from) && after.is_none_or(|after| m < after))
            }
        })
    }
}

/// For each row the place of the first whose conditions hold.
pub fn first<'a>(rows: &'a DataFrame, all: impl Iterator<Item = &'a [When]>) -> PolarsResult<Vec<Option<usize>>> {
    let all = all.map(|when| Conditions::new(rows, when)).collect::<PolarsResult<Vec<_>>>()?;
    Ok((0..rows.height()).map(|row| all.iter().position(|conditions| conditions.hold(row))).collect())
}

/// The values of a column as a plan writes them: texts, and flags as `true` and `false`.
fn words<'a>(rows: &'a DataFrame, column: &str) -> PolarsResult<Vec<Option<&'a str>>> {
    match rows.column(column).ok().and_then(|c| c.try_bool()) {
        Some(flags) => Ok(flags.iter().map(|f| f.map(|f| if f { "true" } else { "false" })).collect()),
        None => frame::texts(rows, column),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_whose_conditions_hold() {
        let day = |text: &str| text.parse().ok();
        let at = |text: &str| Some(wall(chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()));
        let rows = DataFrame::new(
            4,
            vec![
                Column::new("region".into(), [Some("西部"), Some("华东"), None, Some("西部")]),
                Column::new("is_complaint".into(), [Some(false), Some(true), None, Some(true)]),
                frame::integers("visits", vec![Some(1), Some(2), Some(3), None]),
                frame::times(
                    "requested_at",
                    vec![
                        at("2026-06-30 23:59"),
                        at("2026-07-01 00:00"),
                        at("2026-07-31 23:59"),
                        at("2026-08-01 00:00"),
                    ],
                ),
            ],
        )
        .unwrap();
        let is = |column, is| vec![When { column, is }];
        let texts = |texts: &[&str]| Is::OneOf(texts.iter().map(|t| (*t).to_owned()).collect());
        for (when, places) in [
            (vec![], vec![0, 1, 2, 3]),
            (is("region", texts(&["西部", "x"])), vec![0, 3]),
            (is("branch", texts(&["西部"])), vec![]),
            (is("is_complaint", texts(&["true"])), vec![1, 3]),
            (is("visits", Is::Number { min: Some(2), max: None }), vec![1, 2]),
            (is("visits", Is::Number { min: None, max: Some(2) }), vec![0, 1]),
            (is("requested_at", Is::Day { from: day("2026-07-01"), to: day("2026-07-31") }), vec![1, 2]),
            (is("requested_at", Is::Day { from: None, to: day("2026-07-31") }), vec![0, 1, 2]),
            ([is("region", texts(&["西部"])), is("is_complaint", texts(&["true"]))].concat(), vec![3]),
        ] {
            let first = first(&rows, [when.as_slice()].into_iter()).unwrap();
            let found: Vec<usize> = (0..4).filter(|row| first[*row].is_some()).collect();
            assert_eq!(found, places, "{when:?}");
        }
        let (west, any) = (is("region", texts(&["西部"])), vec![]);
        let places = first(&rows, [west.as_slice(), any.as_slice()].into_iter()).unwrap();
        assert_eq!(places, [Some(0), Some(1), Some(1), Some(0)]);
    }
}
