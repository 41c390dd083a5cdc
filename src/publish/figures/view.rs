//! Looking into a published table row by row.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::plan::{USUAL_LEVEL, level_name};
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

    /// The rows of single defects, a model with a fault: the table may rank models and faults alone as well.
    pub fn defects(self, conditions: &[(&str, &str)]) -> Vec<usize> {
        let level = level_name(&USUAL_LEVEL);
        let all: Vec<(&str, &str)> = conditions.iter().copied().chain([("level", level.as_str())]).collect();
        self.rows(&all)
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

    pub fn date(self, column: &str, row: usize) -> Option<NaiveDate> {
        let days = self.frame.column(column).ok()?.date().ok()?.physical().get(row)?;
        NaiveDate::from_epoch_days(days)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_levels_than_single_defects_are_left_out() {
        let levels = ["fault_code", "product_model+fault_code", "product_model+fault_code"];
        let frame = df!("period" => ["a", "a", "b"], "level" => levels).unwrap();
        assert_eq!(View::new(&frame).defects(&[("period", "a")]), [1]);
    }

    #[test]
    fn days_are_read_as_dates() {
        let days = Column::new("due_on".into(), [Some(20_000), None]).cast(&DataType::Date).unwrap();
        let frame = DataFrame::new_infer_height(vec![days]).unwrap();
        let view = View::new(&frame);
        assert_eq!(view.date("due_on", 0), NaiveDate::from_ymd_opt(2024, 10, 4));
        assert_eq!((view.date("due_on", 1), view.date("other", 0)), (None, None));
    }
}
