//! `fact_score`: one row per survey and dimension with an answer.

use polars::prelude::*;

use super::ahead::Ahead;
use super::answered::by_customer;
use super::frame;
use crate::ingest::header::SCORE;
use crate::plan::Plan;

/// Columns of the survey itself that its scores carry along.
const OF_SURVEY: [&str; 8] =
    ["survey_id", "ticket_id", "month", "period", "evaluator", "staff_id", "team", "tenure_band"];

/// Columns of the ticket that surveys and their scores carry along, where the data have them.
pub const OF_TICKET: [&str; 8] =
    ["service_type", "priority", "region", "branch", "channel", "customer_tier", "product_model", "breach"];

/// One frame for all dimensions of a batch of surveys, whose tickets have these places among those that surveys name.
pub fn melt(surveys: &DataFrame, places: &[Option<usize>], ahead: &Ahead, plan: &Plan) -> PolarsResult<DataFrame> {
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
    let points = scores.iter().map(|s: &Option<i32>| s.map(|s| f64::from(s) / 1000.0));
    facts.with_column(Float64Chunked::from_iter_options(PlSmallStr::from_static("score"), points).into_column())?;
    if !plan.scores.customers.is_empty() && frame::has(surveys, "evaluator") {
        let evaluators = frame::texts(surveys, "evaluator")?;
        let mut gaps = Vec::with_capacity(rows.len());
        for ((row, dimension), score) in rows.iter().zip(&names).zip(&scores) {
            let row = *row as usize;
            let inside = evaluators[row].is_some() && !by_customer(plan, evaluators[row]);
            let pair = places[row].filter(|_| inside).zip(*dimension).zip(*score);
            gaps.push(pair.and_then(|((place, dimension), score)| ahead.gap(place, dimension, score)));
        }
        facts.with_column(frame::integers("customer_gap_thousandths", gaps))?;
    }
    facts.with_column(frame::categories("dimension", names)?)?;
    facts.with_column(frame::integers("score_thousandths", scores))?;
    Ok(facts)
}
