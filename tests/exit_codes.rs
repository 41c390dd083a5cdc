//! Each documented exit code, and stderr that says what is wrong, where, and what to do. Output appears whole or not at
//! all.

mod quiet;
mod untouched;

use crate::support::{Desk, Ran};

/// Holds that a run ended with this code and says all of these.
fn assert_said(ran: &Ran, code: i32, parts: &[&str]) {
    assert_eq!(ran.code, Some(code), "{}", ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "{part:?} is not in:\n{}", ran.stderr);
    }
    assert!(ran.stderr.ends_with('\n'), "{}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
}

/// A run at a desk that has been changed, which fails before it writes.
fn refused(change: impl FnOnce(&Desk), more: &[&str], code: i32, parts: &[&str]) {
    let desk = Desk::small();
    change(&desk);
    assert_said(&desk.review(more, "1"), code, parts);
    let written = if code == 5 { desk.names("out") } else { Vec::new() };
    assert!(written.is_empty() || written == ["rejected"], "{written:?}");
    assert_eq!(desk.path("out").exists(), code == 5, "only the quarantine of refused dumps is written");
}

const UNCHANGED: fn(&Desk) = |_| ();

#[test]
fn a_mistake_on_the_command_line_is_2() {
    refused(UNCHANGED, &["--perod", "2026Q3"], 2, &["--perod", "--period"]);
    refused(UNCHANGED, &["--period", "2026Q9"], 2, &["2026Q9", "`2026Q3`"]);
    refused(UNCHANGED, &["--as-of", "yesterday"], 2, &["yesterday", "2026-10-07"]);
}

#[test]
fn a_moment_with_nothing_to_review_is_2() {
    let nothing = ["by 2020-01-01", "nothing to review", "--period"];
    refused(UNCHANGED, &["--as-of", "2020-01-01"], 2, &nothing);
    let before = ["--as-of 2026-01-01", "2026Q3"];
    refused(UNCHANGED, &["--period", "2026Q3", "--as-of", "2026-01-01"], 2, &before);
    let unknown = ["2031-09-30", "Extend the calendar"];
    refused(UNCHANGED, &["--period", "2031Q3"], 2, &unknown);
}

#[test]
fn a_wrong_pipeline_is_3() {
    let wrong = |desk: &Desk| desk.edit("pipelines/quarterly.toml", "\"quarter\" ", "\"quater\" ");
    refused(wrong, &[], 3, &["pipelines/quarterly.toml:9:", "`quater`", "did you mean `quarter`?"]);
    let desk = Desk::bare();
    let missing = ["cannot read nowhere.toml", "name an existing pipeline file"];
    assert_said(&desk.run(&["run", "nowhere.toml"]), 3, &missing);
    assert_said(&desk.run(&["check", "nowhere.toml"]), 3, &missing);
}

#[test]
fn a_missing_dump_is_4() {
    let missing = |desk: &Desk| std::fs::remove_file(desk.path("fixtures/staff.csv")).unwrap();
    refused(missing, &[], 4, &["no file matches", "fixtures/staff.csv", "sources.staff.files", "Check the folder"]);
}

#[test]
fn a_dump_without_a_required_column_is_4() {
    let renamed = |desk: &Desk| desk.write("fixtures/tickets-2026-09.csv", "服务工单号,提出\n1,2\n".as_bytes());
    let parts = ["tickets-2026-09.csv", "`requested_at`", "line 25", "The file has in row 1: 服务工单号, 提出"];
    refused(renamed, &[], 4, &parts);
}

#[test]
fn a_dump_in_no_known_encoding_is_4() {
    let broken = |desk: &Desk| desk.write("fixtures/surveys-2026-09.csv", b"a,b\n\xff\xff,1\n");
    refused(
        broken,
        &[],
        4,
        &["surveys-2026-09.csv", "neither UTF-8 nor GB18030", "offset 4", "Save the file as UTF-8"],
    );
}

#[test]
fn an_empty_dump_is_4() {
    let empty = |desk: &Desk| desk.write("fixtures/tickets-2026-09.csv", b"");
    refused(empty, &[], 4, &["tickets-2026-09.csv", "is empty", "Export it again"]);
}

#[test]
fn a_folder_in_place_of_a_dump_is_4() {
    let folder = |desk: &Desk| std::fs::create_dir(desk.path("fixtures/tickets-2026-10.csv")).unwrap();
    refused(folder, &[], 4, &["tickets-2026-10.csv", "a folder, not a file"]);
}

#[test]
fn too_many_bad_rows_are_5() {
    let strict = |desk: &Desk| desk.edit("pipelines/quarterly.toml", "\"2%\"", "\"0.1%\"");
    refused(strict, &[], 5, &["tickets: 5 of 600 rows", "0.1 %", "row 110", "aftersales check", "`tolerate`"]);
}

#[test]
fn an_output_that_cannot_be_written_is_6() {
    let desk = Desk::small();
    let ran = desk.run(&["run", "pipelines/quarterly.toml", "--out", "fixtures/staff.csv/out"]);
    assert_said(&ran, 6, &["fixtures/staff.csv/out cannot be written", "a file is in the way"]);
}

#[test]
fn check_judges_as_a_run_does() {
    let desk = Desk::small();
    desk.edit("pipelines/quarterly.toml", "\"2%\"", "\"0.1%\"");
    let ran = desk.run(&["check"]);
    assert_said(&ran, 5, &["tickets: 5 of 600 rows"]);
    assert!(ran.stdout.contains("wrong_fields"), "the rules are shown all the same:\n{}", ran.stdout);
}
