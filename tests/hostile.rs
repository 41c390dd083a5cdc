//! Damaged, oversized and mistaken files end in a message that names the file and says what to do, or in the quarantine;
//! quickly, and in little memory.

#![allow(clippy::format_collect, clippy::format_push_string, reason = "small texts of tests, which read better so")]

mod bytes;
mod large;
mod moving;
mod packed;
mod texts;

use crate::support::Tiny;

/// Reads whatever lies in `dumps/` as tickets.
const SOURCES: &str = "[sources.tickets]
files = [\"../dumps/*\"]
[sources.tickets.columns]
ticket_id = \"单号\"
requested_at = \"报修\"
[quality]
tolerate = 0.5";

const HEADER: &str = "单号,报修,备注\n";

/// Sound rows, so many.
fn rows(count: usize) -> String {
    (0..count).map(|i| format!("T{i},2026-07-01 08:30,x\n")).collect()
}

fn tiny() -> Tiny {
    Tiny::new(SOURCES)
}

/// Holds that a dump is refused, with its name and these words.
#[track_caller]
fn refused(name: &str, bytes: &[u8], parts: &[&str]) {
    let tiny = tiny().with(name, bytes);
    let ran = tiny.check();
    ran.assert_refused(4, &[&[name], parts].concat());
}
