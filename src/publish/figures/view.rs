//! Looking into a published table row by row.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::publish::charts::Estimate;

/// A table to pick figures from.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    frame: &'a DataFrame,
}

impl<'a> View<'a> {
    pub const fn new(frame: &'a DataFrame) -> Self {
        Self { frame }
    }

    /// The rows whose texts are these, in the order of the table.
    pub fn rows(self, conditions: &[(&str, &str)]) -> Vec<usize> {
        (0..self.frame.height())
            .filter(|row| conditions.iter().all(|(c, value)| self.text(c, *row) == Some(value)))
            .collect()
    }

    pub fn text(self, column: &str, row: usize) -> Option<&'a str> {
        let column = self.frame.column(column).ok()?;
        match column.try_cat32() {
            Some(categories) => categories.get_mapping().cat_to_str(categories.physical().get(row)?),
            None => column.str().ok()?.get(row),
        }
    }

    pub fn double(self, column: &str, row: usize) -> Option<f64> {
        self.frame.column(column).ok()?.f64().ok()?.get(row)
    }

    /// A whole number of either width.
    pub fn long(self, column: &str, row: usize) -> Option<i64> {
        let column = self.frame.column(column).ok()?;
        match column.i32() {
            Ok(narrow) => narrow.get(row).map(i64::from),
            Err(_) => column.i64().ok()?.get(row),
        }
    }

    /// A count; zero where there is none.
    pub fn count(self, column: &str, row: usize) -> u64 {
        self.long(column, row).map_or(0, i64::unsigned_abs)
    }

    pub fn flag(self, column: &str, row: usize) -> bool {
        let value = || self.frame.column(column).ok()?.bool().ok()?.get(row);
        value().unwrap_or(false)
    }

    /// A figure with the interval that its table gives.
    pub fn estimate(self, value: &str, n: u64, row: usize) -> Option<Estimate> {
        Some(Estimate {
            value: self.double(value, row)?,
            low: self.double("ci_low", row)?,
            high: self.double("ci_high", row)?,
            n,
        })
    }

    /// The distinct texts of a column over some rows, in the order in which they appear.
    pub fn distinct(self, column: &str, rows: &[usize]) -> Vec<&'a str> {
        let mut seen = BTreeSet::new();
        rows.iter().filter_map(|r| self.text(column, *r)).filter(|text| seen.insert(*text)).collect()
    }
}
