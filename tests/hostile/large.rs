//! What claims more room than it should have.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rust_xlsxwriter::Workbook;

use super::{HEADER, rows, tiny};
use crate::support::{Ran, Tiny};

/// Checks the dumps and tells the most memory that the program had at a time, in MiB, where the system says so.
pub fn measured(tiny: &Tiny) -> (Ran, Option<u64>) {
    let mut command = tiny.desk.command(&["check", "pipelines/p.toml"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut peak = None;
    let status = format!("/proc/{}/status", child.id());
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
        peak = peak.max(now.map(|kib| kib / 1024));
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (Ran { code: output.status.code(), stdout: String::new(), stderr }, peak)
}

#[test]
fn a_stray_cell_at_the_far_corner() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip((HEADER.to_owned() + &rows(12)).lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let tiny = tiny().with("a.xlsx", book.save_to_buffer().unwrap());
    let begun = Instant::now();
    let (ran, peak) = measured(&tiny);
    assert!(
        begun.elapsed() < Duration::from_secs(20) && peak.is_none_or(|peak| peak < 300),
        "{:?} {peak:?}",
        begun.elapsed()
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let review = tiny.review();
    assert_eq!((review.count("tickets", "read"), review.count("tickets", "used")), (13, 12));
    assert_eq!(review.quarantined("tickets").len(), 1);
}

#[test]
fn a_cell_of_a_hundred_megabytes() {
    let tiny = tiny();
    let mut file = BufWriter::new(File::create(tiny.desk.path("dumps/a.csv")).unwrap());
    write!(file, "{HEADER}{}T8,2026-07-01 08:30,\"", rows(8)).unwrap();
    let block = vec![b'x'; 1 << 20];
    for _ in 0..100 {
        file.write_all(&block).unwrap();
    }
    write!(file, "\"\nT9,2026-07-01 08:30,x\n").unwrap();
    file.into_inner().unwrap();
    let begun = Instant::now();
    let (ran, peak) = measured(&tiny);
    let took = begun.elapsed();
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(took < Duration::from_secs(20) && peak.is_none_or(|peak| peak < 300), "{took:?} {peak:?} MiB");
    let review = tiny.check();
    assert!(review.stdout.contains("damaged_row") && review.stdout.contains("larger than 16 MiB"), "{}", review.stdout);
}
