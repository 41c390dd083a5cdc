//! What the tests of this room share.

use std::path::Path;

use polars::prelude::*;

use super::{Context, Metric};
use crate::plan::{self, Plan};
use crate::tally::Taking;

/// The default pipeline, with tickets split by service type alone.
pub fn plan() -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/quarterly.toml");
    let mut plan = plan::load(&path).expect("the default pipeline");
    plan.breakdowns.sla = vec!["service_type"];
    plan
}

/// The table of a metric of these facts, reviewed by quarters over the six months up to June 2026.
pub fn table(metric: &Metric, plan: &Plan, facts: &[(&'static str, DataFrame)]) -> DataFrame {
    let months = (1..=6).map(|m| (format!("2026-{m:02}"), format!("2026Q{}", (m - 1) / 3 + 1))).collect();
    let names = |(fact, frame): &(&'static str, DataFrame)| {
        let fact = *fact;
        frame.get_column_names_owned().into_iter().map(move |name| (fact, name.to_string())).collect::<Vec<_>>()
    };
    let context = Context { plan, months, kind: "quarter", columns: facts.iter().flat_map(names).collect() };
    let wanted = (metric.tallies)(&context);
    let (count, mut taking) = (wanted.len(), Taking::new(wanted));
    for (fact, frame) in facts {
        taking.feed(fact, frame).expect("columns of the right types");
    }
    (metric.finish)(&context, &taking.settle().share(0..count)).expect("a table")
}

/// The cells of a column as texts; null where there is nothing.
pub fn cells(table: &DataFrame, column: &str) -> Vec<String> {
    let series = table.column(column).expect("a column").as_materialized_series();
    series.iter().map(|value| value.str_value().into_owned()).collect()
}

/// The numbers of a column.
pub fn numbers(table: &DataFrame, column: &str) -> Vec<Option<f64>> {
    let cast = table.column(column).expect("a column").cast(&DataType::Float64).expect("a number");
    cast.f64().expect("numbers").iter().collect()
}

/// Holds that numbers agree to 9 significant digits, those that are missing among them.
#[track_caller]
pub fn assert_numbers(table: &DataFrame, column: &str, expected: &[Option<f64>]) {
    let found = numbers(table, column);
    let close = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs(),
        (a, b) => a == b,
    };
    assert_eq!(found.len(), expected.len(), "{column}: {found:?}");
    assert!(found.iter().zip(expected).all(close), "{column}: {found:?}, expected {expected:?}");
}
