//! `--as-of` is a time machine: what happened later has not happened, and every row that is left out is counted.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::NaiveDate;

use super::{assert_balanced, sum};
use crate::support::{Cell, Desk, Output, Stored, whole};

/// The fixtures as of the end of 15 August 2026.
fn august() -> &'static Output {
    static AUGUST: OnceLock<Output> = OnceLock::new();
    AUGUST.get_or_init(|| {
        let desk = Desk::whole();
        desk.review(&["--as-of", "2026-08-15"], "2").done();
        desk.output("2026Q3")
    })
}

fn micros(day: u32, hour: u32, minute: u32) -> i64 {
    let date = NaiveDate::from_ymd_opt(2026, 8, day).unwrap();
    date.and_hms_opt(hour, minute, 0).unwrap().and_utc().timestamp_micros()
}

/// The first microsecond that has not happened.
fn later() -> i64 {
    micros(16, 0, 0)
}

#[test]
fn rows_from_later_are_left_out_and_counted() {
    assert_balanced(august());
    for (source, fact, moment) in
        [("tickets", "facts/fact_ticket", "requested_at"), ("surveys", "facts/fact_survey", "answered_at")]
    {
        let late = whole().table(fact).ints(moment).iter().flatten().filter(|t| **t >= later()).count() as u64;
        assert!(late > 100, "{source}: only {late} are later");
        assert_eq!(sum(august(), source, "left_out"), late, "{source}");
        assert_eq!(sum(august(), source, "used"), august().table(fact).height() as u64, "{source}");
    }
}

#[test]
fn nothing_in_the_facts_lies_after_the_moment() {
    let mut moments = 0;
    for name in august().tables().filter(|name| name.starts_with("facts/fact_")) {
        let table = august().table(name);
        for column in table.names().iter().filter(|c| c.ends_with("_at") && !is_future(c)) {
            let values = table.ints(column);
            moments += values.iter().flatten().count();
            assert!(values.iter().flatten().all(|t| *t < later()), "{name}.{column}");
        }
    }
    assert!(moments > 10_000, "only {moments} moments");
}

/// Deadlines may lie ahead.
fn is_future(column: &str) -> bool {
    column.ends_with("_due_at") || column.starts_with("promised_")
}

/// The rows of `fact_ticket` by their number.
fn by_ticket(table: &Stored) -> BTreeMap<String, usize> {
    table.texts("ticket_id").into_iter().enumerate().map(|(row, id)| (id, row)).collect()
}

#[test]
fn tickets_resolved_later_are_open_again() {
    let (then, now) = (august().table("facts/fact_ticket"), whole().table("facts/fact_ticket"));
    let rows = by_ticket(&then);
    let (resolved_then, outcome_then) = (then.column("resolved_at"), then.texts("resolution_outcome"));
    let (due, used) = (then.ints("resolution_due_at"), then.ints("resolution_seconds"));
    let target = then.ints("resolution_target_seconds");
    let (resolved, outcome) = (now.ints("resolved_at"), now.texts("resolution_outcome"));
    let (first_resolved, reopened) = (now.ints("first_resolved_at"), now.ints("reopened_at"));
    let (mut open, mut settled) = (0, 0);
    for (id, row) in by_ticket(&now) {
        let Some(earlier) = rows.get(&id).copied() else { continue };
        if resolved[row].is_none_or(|t| t < later()) || !["met", "breached"].contains(&outcome[row].as_str()) {
            continue;
        }
        // Until a ticket is reopened, its first resolution holds.
        if let Some(first) = first_resolved[row].filter(|t| *t < later())
            && reopened[row].is_none_or(|t| t >= later())
        {
            settled += 1;
            assert_eq!(resolved_then[earlier], Cell::Int(first), "{id}");
            let met = used[earlier].unwrap() <= target[earlier].unwrap();
            assert_eq!(outcome_then[earlier], if met { "met" } else { "breached" }, "{id}");
            continue;
        }
        open += 1;
        assert_eq!((&resolved_then[earlier], used[earlier]), (&Cell::Null, None), "{id}");
        let due = due[earlier].unwrap_or_else(|| panic!("{id} has no due time and is {}", outcome_then[earlier]));
        // The 15th is a Saturday. What fell due at closing on Friday has used exactly its target, and is not late yet.
        let passed = due < micros(14, 17, 30);
        assert_eq!(outcome_then[earlier], if passed { "breached" } else { "running" }, "{id}");
    }
    assert!(open > 20, "only {open} tickets were resolved later");
    assert!(settled > 5, "only {settled} tickets were reopened later");
}

#[test]
fn what_was_over_by_then_is_as_it_was() {
    let (then, now) = (august().table("facts/fact_ticket"), whole().table("facts/fact_ticket"));
    let rows = by_ticket(&then);
    let columns = ["resolved_at", "resolution_seconds", "resolution_outcome", "resolution_due_at", "staff_id"];
    let (then, later_known) = (columns.map(|c| then.column(c)), columns.map(|c| now.column(c)));
    let mut over = 0;
    for (id, row) in by_ticket(&now) {
        if let Cell::Int(resolved) = later_known[0][row]
            && resolved < later()
        {
            let earlier = rows[&id];
            over += 1;
            for (column, (then, now)) in columns.iter().zip(then.iter().zip(&later_known)) {
                assert_eq!(then[earlier], now[row], "{id}: {column}");
            }
        }
    }
    assert!(over > 5_000, "only {over} tickets were resolved by then");
}
