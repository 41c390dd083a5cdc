//! The figures are those that other tools count from the same dumps.
//!
//! `tests/golden/count.py` counts the fixtures a second time, with its own calendar, duplicates, joins and tests (pandas, scipy,
//! statsmodels), and writes the expected values beside itself. Counts must be equal, other numbers within 1e-9 of their size;
//! quantiles of time (`p50_seconds`, …) come from buckets and may be 1 % off. Where every row of the dumps went is in `bad_rows`.

mod bad_rows;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Cell;
use crate::support::reviewed::{Row, Rows, reviewed};

const EXACT: f64 = 1e-9;
const BUCKETS: f64 = 0.01;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn expected(name: &str) -> Value {
    let text = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    let golden: Value = serde_json::from_str(&text).unwrap();
    assert!(golden["origin"].as_str().is_some_and(|o| o.starts_with("tests/golden/count.py with ")), "{name}");
    golden
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("no list {name}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn is_quantile(column: &str) -> bool {
    column.strip_prefix('p').and_then(|rest| rest.strip_suffix("_seconds")).is_some_and(|p| p.parse::<u8>().is_ok())
}

/// Whether a cell holds the value.
fn same(column: &str, cell: &Cell, expected: &Value) -> bool {
    match (cell, expected) {
        (Cell::Null, Value::Null) => true,
        (Cell::Text(ours), Value::String(theirs)) => ours == theirs,
        (Cell::Bool(ours), Value::Bool(theirs)) => ours == theirs,
        (Cell::Int(ours), Value::Number(theirs)) if is_quantile(column) => {
            let (ours, theirs) = (f64::from(i32::try_from(*ours).unwrap()), theirs.as_f64().unwrap());
            (ours - theirs).abs() <= BUCKETS * theirs.abs()
        }
        (Cell::Int(ours), Value::Number(theirs)) => theirs.as_i64() == Some(*ours),
        (Cell::Double(ours), Value::Number(theirs)) => {
            let theirs = theirs.as_f64().unwrap();
            // What is zero by cancellation differs by rounding.
            let bound = if theirs.abs() < f64::MIN_POSITIVE { 1e-13 } else { EXACT * theirs.abs() };
            (ours - theirs).abs() <= bound
        }
        _ => false,
    }
}

/// The only row of a table that has these texts and numbers.
fn only_row<'a>(table: &'a Rows, key: &[(&str, &Value)]) -> Row<'a> {
    let mut found = table.rows().filter(|row| key.iter().all(|(column, value)| same(column, row.cell(column), value)));
    let first = found.next().unwrap_or_else(|| panic!("no row with {key:?}"));
    assert!(found.next().is_none(), "several rows with {key:?}");
    first
}

/// Holds that a review has every figure of an expected file; `figures` is how many there are.
#[track_caller]
fn compare(name: &str, figures: usize) {
    let golden = expected(name);
    let (mut compared, mut differences) = (0, Vec::new());
    for section in list(&golden, "sections") {
        let table = reviewed().table(&format!("tables/{}", text(&section["table"])));
        let (keys, columns) = (list(section, "keys"), list(section, "columns"));
        for row in list(section, "rows") {
            let cells = row.as_array().expect("a row");
            assert_eq!(cells.len(), keys.len() + columns.len(), "{row}");
            let (names, values) = cells.split_at(keys.len());
            let key: Vec<(&str, &Value)> = keys.iter().map(text).zip(names).collect();
            let ours = only_row(table, &key);
            for (column, value) in columns.iter().map(text).zip(values) {
                compared += 1;
                let cell = ours.cell(column);
                if !same(column, cell, value) {
                    differences.push(format!("{names:?} {column}: {cell:?}, expected {value}"));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{} of {compared} differ:\n{}", differences.len(), differences.join("\n"));
    assert_eq!(compared, figures, "figures in {name}.json");
}

#[test]
fn attainment_is_what_other_tools_count() {
    compare("sla_attainment", 1107);
}

#[test]
fn control_charts_have_the_limits_and_signals_that_other_tools_compute() {
    compare("sla_control", 774);
}

#[test]
fn durations_are_what_other_tools_count() {
    compare("duration_quantiles", 360);
}

#[test]
fn gaps_of_timeliness_are_what_other_tools_compute() {
    compare("timeliness_gap", 495);
}

#[test]
fn use_of_targets_is_what_other_tools_count() {
    compare("sla_target_use", 230);
}

#[test]
fn breaches_by_hour_are_what_other_tools_count() {
    compare("sla_breach_hours", 210);
}

#[test]
fn breaches_are_those_that_other_tools_find_and_the_worst_come_first() {
    compare("sla_breaches", 750);
    let clocks = ["first_response", "start", "resolution", "survey_return", "suggestion_reply"];
    let place = |row: Row<'static>| {
        let clock = clocks.iter().position(|clock| row.text("clock") == Some(*clock)).unwrap();
        (clock, -row.int("over_seconds").unwrap(), row.text("ticket_id"), row.text("survey_id"))
    };
    assert!(reviewed().table("tables/sla_breaches").rows().map(place).is_sorted());
}

#[test]
fn scores_are_what_other_tools_count() {
    compare("dimension_scores", 698);
}

#[test]
fn skill_gaps_are_what_other_tools_compute() {
    compare("skill_gaps", 795);
}

#[test]
fn response_rates_are_what_other_tools_count() {
    compare("response_rates", 225);
}

#[test]
fn drivers_of_satisfaction_are_what_regressions_in_all_orders_give() {
    compare("satisfaction_drivers", 105);
}

#[test]
fn gaps_between_evaluators_are_what_other_tools_compute() {
    compare("evaluator_gap", 648);
}

#[test]
fn flags_and_the_chance_of_so_many_are_what_other_tools_compute() {
    compare("integrity", 1440);
}

#[test]
fn calls_that_are_due_are_those_that_other_tools_find() {
    compare("follow_up_due", 2989);
    let calls = reviewed().table("tables/follow_up_due");
    assert!(calls.rows().map(|row| (row.int("due_at"), row.text("ticket_id"), row.text("action_id"))).is_sorted());
}

#[test]
fn fixes_are_what_other_tools_count() {
    compare("first_time_fix", 1023);
}

#[test]
fn times_to_repeats_are_the_curves_that_other_tools_estimate() {
    compare("repeat_times", 1368);
}

#[test]
fn boxes_and_moods_are_what_other_tools_count() {
    compare("strengths", 810);
    compare("emotion", 360);
}

#[test]
fn answers_spread_as_other_tools_count() {
    compare("answer_distribution", 840);
}

#[test]
fn tests_of_tenure_are_what_other_tools_compute() {
    compare("tenure_effect", 66);
}

#[test]
fn recurring_defects_and_their_repeats_are_what_other_tools_count() {
    compare("defect_ranking", 1165);
}

#[test]
fn trends_of_defects_are_what_other_tools_compute() {
    compare("defect_trend", 1237);
}

#[test]
fn complaints_are_what_other_tools_count() {
    compare("complaints", 730);
}

#[test]
fn themes_are_those_that_regular_expressions_find() {
    compare("opinion_themes", 1067);
}

#[test]
fn words_stand_out_as_in_what_another_segmentation_cuts() {
    compare("opinion_terms", 261);
}

#[test]
fn effects_of_measures_are_what_other_tools_compute() {
    compare("action_effect", 112);
}

#[test]
fn facts_and_tables_have_as_many_rows_as_other_tools_count() {
    let totals = &expected("totals")["totals"];
    for (folder, group) in [("facts", "facts"), ("tables", "rows")] {
        let wanted = totals[group].as_object().unwrap();
        assert!(!wanted.is_empty());
        for (name, rows) in wanted {
            let height = reviewed().table(&format!("{folder}/{name}")).height() as u64;
            assert_eq!(Some(height), rows.as_u64(), "rows of {name}");
        }
    }
}

#[test]
fn defects_together_are_what_other_tools_count() {
    let totals = expected("totals");
    let quarters = totals["totals"]["defects"].as_object().unwrap();
    assert_eq!(quarters.len(), 3);
    let ranking = reviewed().table("tables/defect_ranking");
    for (period, wanted) in quarters {
        let key = [("period", period.as_str()), ("level", "product_model+fault_code")];
        let sum = |column: &str| ranking.having(&key).map(|row| row.int(column).unwrap()).sum::<i64>();
        assert_eq!(Some(ranking.having(&key).count() as u64), wanted["pairs"].as_u64(), "{period}");
        assert_eq!(Some(sum("tickets")), wanted["tickets"].as_i64(), "{period}");
        assert_eq!(Some(sum("repeats")), wanted["repeats"].as_i64(), "{period}");
    }
}

#[test]
fn every_expected_file_is_compared() {
    let source = include_str!("golden.rs");
    let mut files = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(name) = name.strip_suffix(".json") {
            files += 1;
            let used = [format!("compare(\"{name}\","), format!("expected(\"{name}\")")];
            assert!(used.iter().any(|call| source.contains(call)), "{name}.json is compared by no test");
        }
    }
    assert_eq!(files, 27);
}
