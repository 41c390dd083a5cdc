//! The same dumps, pipeline and as-of give the same bytes, however often, with however many threads, and in whatever
//! order the rows of a dump stand. Parts add up to the whole.

mod additive;
mod shuffle;
mod tallies;

use crate::support::{Desk, whole};

/// Everything that is a table.
const TABLES: [&str; 3] = ["tables/", "facts/", "quarantine/"];

#[test]
fn a_second_run_writes_the_same_bytes() {
    let desk = Desk::whole();
    desk.review(&[], "2").done();
    // Charts and manifest too: a folder written twice is the same folder.
    desk.output("2026Q3").assert_same(whole(), &[""]);
}

#[test]
fn one_thread_writes_the_same_bytes_as_two() {
    let desk = Desk::whole();
    desk.review(&[], "1").done();
    desk.output("2026Q3").assert_same(whole(), &TABLES);
}

#[test]
fn dumps_with_shuffled_rows_give_the_same_tables() {
    let desk = Desk::whole();
    desk.rewrite_dumps(|name, bytes| shuffle::rows(name, bytes, 20_260_930));
    desk.review(&[], "2").done();
    let shuffled = desk.output("2026Q3");
    // The rows of facts and quarantine stand in the order of the dumps, so only their bytes may differ.
    shuffled.assert_same(whole(), &["tables/"]);
    let differs = |file: &str| shuffled.files[file] != whole().files[file];
    assert!(differs("quarantine/tickets.parquet"), "the rows were not shuffled");
}
