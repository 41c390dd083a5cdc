//! The figures. One metric, one file: its documentation, the tallies it needs, its table, and `finish`, which turns tallies
//! into that table. No metric reads another.
//!
//! To add one: write its file, and list it in [`METRICS`].

mod context;
mod defect_ranking;
mod dimension_scores;
mod duration_quantiles;
mod rows;
mod runs;
mod sla_attainment;
mod sla_breach_hours;
mod sla_control;
mod sla_target_use;
mod tenure_effect;
mod timeliness_gap;

use polars::prelude::{DataFrame, PolarsResult};

pub use self::context::Context;
use crate::schema::Table;
use crate::tally::{Share, Tally};

/// A figure of the review.
#[derive(Debug)]
pub struct Metric {
    pub table: &'static Table,
    /// What it means, in Markdown, with the headings of [`HEADINGS`].
    pub doc: &'static str,
    /// The tallies that `finish` wants, for what the plan asks and the data have.
    pub tallies: fn(&Context) -> Vec<Tally>,
    /// The table, from the tallies in the order in which `tallies` named them.
    pub finish: fn(&Context, &Share) -> PolarsResult<DataFrame>,
}

/// Headings of a metric's documentation, in this order.
pub const HEADINGS: [&str; 4] = ["## What it says", "## How it is counted", "## How to read it", "## Source"];

/// All metrics, sorted by table name.
pub static METRICS: [&Metric; 9] = [
    &defect_ranking::METRIC,
    &dimension_scores::METRIC,
    &duration_quantiles::METRIC,
    &sla_attainment::METRIC,
    &sla_breach_hours::METRIC,
    &sla_control::METRIC,
    &sla_target_use::METRIC,
    &tenure_effect::METRIC,
    &timeliness_gap::METRIC,
];

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
