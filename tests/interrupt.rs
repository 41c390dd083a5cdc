//! Ctrl-C, whenever it comes, leaves the previous output as it was and nothing half-written beside it.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Desk, Output, small};

/// A run at a desk that tells when a stage is over, on a pipe.
fn begin(desk: &Desk) -> Child {
    let mut command = desk.command(&["run", "pipelines/quarterly.toml", "--out", "out", "--verbose"]);
    command.env("POLARS_MAX_THREADS", "1").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// A desk with an output, and that output.
fn reviewed() -> (Desk, Output) {
    let desk = Desk::small();
    desk.review(&["--quiet"], "2").done();
    let before = desk.output("2026Q3");
    // What comes next would be another output, were it not interrupted.
    desk.edit("pipelines/quarterly.toml", "title     = \"", "title     = \"新版");
    (desk, before)
}

fn assert_untouched(desk: &Desk, before: &Output) {
    assert_eq!(desk.names("out"), ["2026Q3", "current"]);
    desk.output("2026Q3").assert_same(before, &[""]);
    desk.output("current").assert_same(before, &[""]);
}

#[test]
fn an_interrupt_before_anything_is_written_ends_with_130() {
    let (desk, before) = reviewed();
    let mut child = begin(&desk);
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("read dumps"));
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_untouched(&desk, &before);
}

#[test]
fn an_interrupt_while_writing_takes_the_half_written_folder_away() {
    let (desk, before) = reviewed();
    let mut child = begin(&desk);
    let since = Instant::now();
    while desk.names("out").len() == 2 {
        assert!(since.elapsed() < Duration::from_mins(1), "no folder aside appears");
        assert!(child.try_wait().unwrap().is_none(), "the run is over");
        std::thread::sleep(Duration::from_millis(1));
    }
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_untouched(&desk, &before);
}

#[test]
fn a_second_run_replaces_the_output_as_a_whole() {
    let desk = Desk::small();
    std::fs::create_dir_all(desk.path("out/2026Q3/tables")).unwrap();
    desk.write("out/2026Q3/tables/of_yesterday.parquet", b"PAR1");
    desk.review(&["--quiet"], "2").done();
    desk.output("2026Q3").assert_same(small(), &[""]);

    desk.review(&["--quiet", "--period", "2026-07"], "2").done();
    assert_eq!(desk.names("out"), ["2026-07", "2026Q3", "current"]);
    assert_eq!(std::fs::read_link(desk.path("out/current")).unwrap().to_str(), Some("2026-07"));
    desk.output("2026Q3").assert_same(small(), &[""]);
}
