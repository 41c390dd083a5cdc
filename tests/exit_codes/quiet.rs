//! What succeeds: runs without arguments, without a word, without an output.

use aftersales::review::catalogue;

use super::assert_said;
use crate::support::{Desk, Output, small};

#[test]
fn without_arguments_the_default_pipeline_runs_into_output() {
    let desk = Desk::small();
    let ran = desk.run(&[]).done();
    assert_eq!(ran.stderr, "");
    assert!(
        ran.stdout.contains("2026年第3季度") && ran.stdout.contains("output/2026Q3/manifest.json"),
        "{}",
        ran.stdout
    );
    Output::of(&desk.path("output/2026Q3")).assert_same(small(), &[""]);
    Output::of(&desk.path("output/current")).assert_same(small(), &[""]);
}

#[test]
fn a_quiet_run_says_nothing() {
    let desk = Desk::small();
    let ran = desk.review(&["--quiet"], "2").done();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let ran = desk.run(&["check", "-q"]).done();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
}

#[test]
fn check_writes_nothing() {
    let desk = Desk::small();
    let before = (desk.names("."), desk.names("fixtures"), desk.names("pipelines"));
    let ran = desk.run(&["check"]).done();
    assert_eq!((desk.names("."), desk.names("fixtures"), desk.names("pipelines")), before);
    assert!(ran.stdout.contains("流程文件正确"), "{}", ran.stdout);
}

#[test]
fn explain_lists_every_table_and_explains_each_column_of_it() {
    let desk = Desk::bare();
    let list = desk.run(&["explain"]).done().stdout;
    let entries = catalogue();
    assert_eq!(list.lines().filter(|line| line.contains(" · ")).count(), entries.len(), "{list}");
    for entry in entries {
        let table = entry.table;
        let row = list.lines().find(|line| line.split_whitespace().nth(1) == Some(table.name));
        assert!(row.is_some_and(|row| row.contains(table.label.zh) && row.contains(table.label.en)), "{list}");
        let text = desk.run(&["explain", table.name]).done().stdout;
        assert!(text.starts_with("# ") && text.contains(table.grain), "{text}");
        for column in table.columns {
            let shown = |line: &str| line.split_whitespace().next() == Some(column.name) && line.contains(column.doc);
            assert!(text.lines().any(shown), "{} in:\n{text}", column.name);
        }
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest_one() {
    let ran = Desk::bare().run(&["explain", "sla_atainment"]);
    assert_said(&ran, 2, &["\"sla_atainment\"", "Did you mean \"sla_attainment\"?", "lists all of them"]);
}
