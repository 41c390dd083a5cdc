//! Columns of `fact_survey` that follow from the dimensions of the plan.

use crate::schema::Type::Int32;
use crate::schema::{Column, column, hold};

/// Which of [`BLOCKS`] blocks a survey with all scores falls into, by the hash of its number. Not published.
pub const BLOCK: &str = "@block";

/// Surveys are resampled by blocks, so that memory does not grow with them.
pub const BLOCKS: u64 = 200;

/// Name of the column that holds the answers to a dimension.
#[must_use]
pub fn score(dimension: &str) -> &'static str {
    hold(&format!("score_{dimension}"))
}

/// Name of the column with the product of two scores; of a score with itself, its square. Not published.
#[must_use]
pub fn product(one: &str, other: &str) -> &'static str {
    hold(&format!("@{one}*{other}"))
}

/// The column of the answers to a dimension, which the dumps call `theirs`.
#[must_use]
pub fn score_column(dimension: &str, theirs: &str) -> Column {
    let doc = "Answer to this dimension, in thousandths of a point on the 1–5 scale; null where there is none.";
    column(score(dimension), Int32, "points/1000", hold(theirs), hold(dimension), doc)
}
