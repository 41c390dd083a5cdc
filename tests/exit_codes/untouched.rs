//! A run that fails leaves the previous output as it was.

use super::assert_said;
use crate::support::{Desk, small};

/// A desk with an output, which later runs are to leave alone.
fn reviewed() -> Desk {
    let desk = Desk::small();
    desk.review(&["--quiet"], "2").done();
    desk
}

fn assert_untouched(desk: &Desk) {
    let names: Vec<String> = desk.names("out").into_iter().filter(|name| name != "rejected").collect();
    assert_eq!(names, ["2026Q3", "current"]);
    desk.output("2026Q3").assert_same(small(), &[""]);
    desk.output("current").assert_same(small(), &[""]);
}

#[test]
fn after_4_5_and_6_the_previous_output_is_untouched() {
    let desk = reviewed();
    assert_untouched(&desk);

    desk.edit("pipelines/quarterly.toml", "\"2%\"", "\"0.1%\"");
    assert_said(&desk.review(&[], "1"), 5, &["The previous output is untouched."]);
    assert_untouched(&desk);
    assert_eq!(desk.names("out"), ["2026Q3", "current", "rejected"]);
    desk.edit("pipelines/quarterly.toml", "\"0.1%\"", "\"2%\"");

    let dump = desk.read("fixtures/tickets-2026-09.csv");
    desk.write("fixtures/tickets-2026-09.csv", b"");
    assert_said(&desk.review(&[], "1"), 4, &["is empty"]);
    assert_untouched(&desk);
    desk.write("fixtures/tickets-2026-09.csv", &dump);

    #[cfg(unix)]
    {
        assert_said(&without_room(&desk), 6, &["cannot be written", "The previous output is untouched."]);
        assert_untouched(&desk);
    }
}

/// A run that may write small files only, as on a full disk. Such a write fails half-way, with the folder aside half-full.
#[cfg(unix)]
fn without_room(desk: &Desk) -> crate::support::Ran {
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" run pipelines/quarterly.toml --out out";
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", limited, env!("CARGO_BIN_EXE_aftersales")]);
    desk.finish(shell.current_dir(desk.path("")))
}

#[test]
fn a_file_in_the_way_of_current_is_replaced() {
    let desk = Desk::small();
    std::fs::create_dir(desk.path("out")).unwrap();
    desk.write("out/current", b"2026Q2");
    desk.review(&["--quiet"], "2").done();
    assert_untouched(&desk);
}
