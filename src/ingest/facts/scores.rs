//! `fact_score`: one row per survey and dimension with an answer.

use polars::prelude::*;

use super::frame;
use crate::ingest::header::SCORE;

/// Columns of the survey itself that its scores carry along.
const OF_SURVEY: [&str; 8] =
    ["survey_id", "ticket_id", "month", "period", "evaluator", "staff_id", "team", "tenure_band"];

/// Columns of the ticket that surveys and their scores carry along, where the data have them.
pub const OF_TICKET: [&str; 7] =
    ["service_type", "priority", "region", "branch", "channel", "customer_tier", "product_model"];

/// One frame for all dimensions of a batch of surveys.
pub fn melt(surveys: &DataFrame) -> PolarsResult<DataFrame> {
    let along = OF_SURVEY.into_iter().chain(OF_TICKET);
    let along: Vec<&str> = along.filter(|c| frame::has(surveys, c)).collect();
    let (mut rows, mut names, mut scores) = (Vec::new(), Vec::new(), Vec::new());
    for column in surveys.columns() {
        let Some(dimension) = column.name().strip_prefix(SCORE) else {
            continue;
        };
        for (row, score) in (0..).zip(column.i32()?.iter()) {
            if let Some(score) = score {
                rows.push(row);
                names.push(Some(dimension));
                scores.push(Some(score));
            }
        }
    }
    let mut facts = frame::gather(&surveys.select(along)?, &IdxCa::from_slice(PlSmallStr::EMPTY, &rows))?;
    facts.with_column(frame::categories("dimension", names)?)?;
    let points = scores.iter().map(|s: &Option<i32>| s.map(|s| f64::from(s) / 1000.0));
    facts.with_column(Float64Chunked::from_iter_options(PlSmallStr::from_static("score"), points).into_column())?;
    facts.with_column(frame::integers("score_thousandths", scores))?;
    Ok(facts)
}
