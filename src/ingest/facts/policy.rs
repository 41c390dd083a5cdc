//! Which SLA policy a row falls under.

use polars::prelude::*;

use super::when;
use crate::plan::Policy;

/// For each row the place of the first policy that matches, in the order of the plan.
pub fn choose(rows: &DataFrame, policies: &[Policy]) -> PolarsResult<Vec<Option<usize>>> {
    when::first(rows, policies.iter().map(|policy| policy.when.as_slice()))
}
