//! One module per promise, one harness, one binary: each binary would link polars once more.

mod agreed;
mod any_dump;
mod chance;
mod docs;
mod exit_codes;
mod fixtures_are_generated;
mod from_facts;
mod generate;
mod golden;
mod hostile;
mod interrupt;
mod measures;
mod messages;
mod nothing_lost;
mod parquet_types;
mod pipelines_load;
mod plan_errors;
mod planted;
mod returns;
mod rooms;
mod same_bytes;
mod support;
mod units;
mod whom_to_call;
mod without_columns;
mod working_time;
