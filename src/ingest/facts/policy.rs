//! Which SLA policy a ticket falls under.

use polars::prelude::*;

use super::frame;
use crate::plan::{Is, Policy};

/// For each row the place of the first policy that matches, in the order of the plan.
pub fn choose(batch: &DataFrame, policies: &[Policy]) -> PolarsResult<Vec<Option<usize>>> {
    let mut conditions = Vec::with_capacity(policies.len());
    for policy in policies {
        let mut all = Vec::with_capacity(policy.when.len());
        for when in &policy.when {
            if let Is::OneOf(allowed) = &when.is {
                all.push((words(batch, when.column)?, allowed));
            }
        }
        conditions.push(all);
    }
    let matches = |row: usize, all: &[(Vec<Option<&str>>, &Vec<String>)]| {
        all.iter().all(|(texts, allowed)| texts[row].is_some_and(|text| allowed.iter().any(|a| a == text)))
    };
    Ok((0..batch.height()).map(|row| conditions.iter().position(|all| matches(row, all))).collect())
}

/// The values of a column as a plan writes them: texts, and flags as `true` and `false`.
fn words<'a>(batch: &'a DataFrame, column: &str) -> PolarsResult<Vec<Option<&'a str>>> {
    match batch.column(column).ok().and_then(|c| c.try_bool()) {
        Some(flags) => Ok(flags.iter().map(|f| f.map(|f| if f { "true" } else { "false" })).collect()),
        None => frame::texts(batch, column),
    }
}
