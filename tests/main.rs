//! One module per promise, one harness, one binary: each binary would link polars once more.

mod fixtures_are_generated;
mod plan_errors;
mod working_time;
