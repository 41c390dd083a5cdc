//! The figures. One metric, one file: its documentation, the tallies it needs, its table, and `finish`, which turns tallies
//! into that table. No metric reads another.
//!
//! To add one: write its file, and list it in [`METRICS`].

mod action_effect;
mod action_status;
mod answer_distribution;
mod chosen;
mod complaints;
mod context;
mod defect_ranking;
mod defect_trend;
mod dimension_scores;
mod duration_quantiles;
mod emotion;
mod evaluator_gap;
mod first_time_fix;
mod integrity;
mod opinion_terms;
mod opinion_themes;
mod pairs;
mod peers;
mod portion;
mod repeat_times;
mod response_rates;
mod rows;
mod runs;
mod satisfaction_drivers;
mod skill_gaps;
mod sla_attainment;
mod sla_breach_hours;
mod sla_control;
mod sla_target_use;
mod strengths;
mod tenure_effect;
mod timeliness_gap;
mod training_groups;

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
pub static METRICS: [&Metric; 26] = [
    &action_effect::METRIC,
    &action_status::METRIC,
    &answer_distribution::METRIC,
    &complaints::METRIC,
    &defect_ranking::METRIC,
    &defect_trend::METRIC,
    &dimension_scores::METRIC,
    &duration_quantiles::METRIC,
    &emotion::METRIC,
    &evaluator_gap::METRIC,
    &first_time_fix::METRIC,
    &integrity::METRIC,
    &opinion_terms::METRIC,
    &opinion_themes::METRIC,
    &repeat_times::METRIC,
    &response_rates::METRIC,
    &satisfaction_drivers::METRIC,
    &skill_gaps::METRIC,
    &sla_attainment::METRIC,
    &sla_breach_hours::METRIC,
    &sla_control::METRIC,
    &sla_target_use::METRIC,
    &strengths::METRIC,
    &tenure_effect::METRIC,
    &timeliness_gap::METRIC,
    &training_groups::METRIC,
];

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
