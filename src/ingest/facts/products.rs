//! Products of the answers of a survey, for regressions of the overall score on the dimensions. Not published.

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::answered::by_customer;
use super::frame;
use crate::plan::Plan;
use crate::schema::facts::{BLOCK, BLOCKS, product, score};

/// The score that the dimensions are to explain.
const OVERALL: &str = "overall";

/// For surveys of customers that answer every dimension: the block of the survey, and the product of each pair of scores, squares
/// included. Nothing where there is no overall score beside others.
pub fn columns(surveys: &DataFrame, plan: &Plan) -> PolarsResult<Vec<Column>> {
    let names = plan.score_names();
    let mut scores = Vec::new();
    for name in &names {
        let column = score(name);
        if !frame::has(surveys, column) {
            return Ok(Vec::new());
        }
        scores.push(frame::ints(surveys, column)?);
    }
    if !names.contains(&OVERALL) || names.len() < 2 {
        return Ok(Vec::new());
    }
    let evaluators = frame::texts(surveys, "evaluator")?;
    let complete = |row: usize| by_customer(plan, evaluators[row]) && scores.iter().all(|score| score[row].is_some());
    let complete: Vec<bool> = (0..surveys.height()).map(complete).collect();
    let ids = frame::texts(surveys, "survey_id")?;
    let block = |id: Option<&str>| i32::try_from(xxh3_64(id.unwrap_or_default().as_bytes()) % BLOCKS).ok();
    let blocks = ids.into_iter().zip(&complete).map(|(id, complete)| complete.then(|| block(id)).flatten());
    let mut columns = vec![frame::integers(BLOCK, blocks.collect())];
    for (place, (one, a)) in names.iter().zip(&scores).enumerate() {
        for (other, b) in names.iter().zip(&scores).skip(place) {
            let of = |row: usize| a[row].zip(b[row]).filter(|_| complete[row]).and_then(|(a, b)| a.checked_mul(b));
            columns.push(frame::integers(product(one, other), (0..surveys.height()).map(of).collect()));
        }
    }
    Ok(columns)
}
