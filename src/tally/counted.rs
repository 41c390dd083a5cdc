//! A tally that has been taken: a few rows of keys and sums.

use polars::prelude::*;

use super::Tally;

/// The rows of a taken tally, sorted by their keys.
#[derive(Debug, Clone)]
pub struct Counted {
    frame: DataFrame,
}

impl Counted {
    pub(super) const fn new(frame: DataFrame) -> Self {
        Self { frame }
    }

    /// A tally of no rows.
    pub fn empty(tally: &Tally) -> PolarsResult<Self> {
        let key = |k: &super::Key| match k {
            super::Key::Text(name) => Column::new_empty(PlSmallStr::from_str(name), &DataType::String),
            other => Column::new_empty(PlSmallStr::from_str(other.name()), &DataType::Int32),
        };
        let number = |name: &str| Column::new_empty(PlSmallStr::from_str(name), &DataType::Int64);
        let columns =
            tally.keys.iter().map(key).chain([number("rows")]).chain(tally.sums.iter().map(|s| number(&s.name)));
        let distinct = tally.distinct.map(|_| number("distinct"));
        Ok(Self { frame: DataFrame::new(0, columns.chain(distinct).collect())? })
    }

    pub fn len(&self) -> usize {
        self.frame.height()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Members of a text key.
    pub fn texts(&self, key: &str) -> PolarsResult<Vec<&str>> {
        Ok(self.frame.column(key)?.str()?.iter().map(Option::unwrap_or_default).collect())
    }

    /// Values of a number key.
    pub fn numbers(&self, key: &str) -> PolarsResult<Vec<i32>> {
        Ok(self.frame.column(key)?.i32()?.iter().map(Option::unwrap_or_default).collect())
    }

    /// A sum, or `rows`, or `distinct`. Never negative, for all that is summed is zero or more.
    pub fn sums(&self, name: &str) -> PolarsResult<Vec<u64>> {
        Ok(self.frame.column(name)?.i64()?.iter().map(|v| v.unwrap_or_default().unsigned_abs()).collect())
    }

    /// The frame itself, to compare or merge tallies.
    pub const fn frame(&self) -> &DataFrame {
        &self.frame
    }
}
