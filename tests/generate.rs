//! `aftersales generate` writes the same dumps each time, a review of them finds what was planted, and nothing that it did
//! not write is harmed.

use std::fs;
use std::path::Path;

use crate::support::reviewed::{Reviewed, Row};
use crate::support::{Desk, Output};

const Q3: &str = "2026Q3";

/// Dumps at a desk, made with so many threads.
fn dumps(desk: &Desk, out: &str, more: &[&str], threads: &str) -> Output {
    let arguments = [&["generate", "--tickets", "5000", "--out", out, "--quiet"], more].concat();
    let ran = desk.finish(desk.command(&arguments).env("POLARS_MAX_THREADS", threads)).done();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    Output::of(&desk.path(out))
}

#[test]
fn the_same_seed_gives_the_same_bytes_whatever_the_threads() {
    let desk = Desk::bare();
    let first = dumps(&desk, "a", &[], "2");
    dumps(&desk, "b", &["--seed", "1"], "1").assert_same(&first, &[""]);
    // Dumps take the place of earlier ones.
    let other = dumps(&desk, "b", &["--seed", "2"], "2");
    for name in ["tickets-2026-01.csv", "surveys-2026-09.csv", "pauses.csv", "staff.csv"] {
        assert_ne!(first.files[name], other.files[name], "{name}");
    }
    assert_eq!(desk.names("b"), desk.names("a"));
    let lines = |name: &str| first.files[name].split(|byte| *byte == b'\n').next().unwrap().to_vec();
    assert_eq!(lines("tickets-2026-01.csv"), lines("tickets-2026-07.csv"));
}

#[test]
fn a_review_finds_what_was_planted() {
    let desk = Desk::bare();
    dumps(&desk, "dumps", &[], "2");
    let ran = desk.run(&["run", "dumps/pipeline.toml", "--out", "out"]).done();
    assert_eq!(ran.stderr, "");
    let found = Reviewed::of(&desk.output(Q3));

    let row = |table: &str, key: &[(&str, &str)]| {
        let key = [&[("period", Q3)], key].concat();
        found.table(table).row(&key)
    };
    let effect = row("tables/tenure_effect", &[("dimension", "professionalism")]);
    assert!(effect.number("q") < 0.05, "{}", effect.number("q"));
    assert_eq!(effect.text("lowest_band"), Some("0-3m"));
    let attitude = row("tables/tenure_effect", &[("dimension", "attitude")]);
    assert!(attitude.number("q") > 0.05, "{}", attitude.number("q"));

    let defect = row("tables/defect_ranking", &[("product_model", "KX-300"), ("fault_code", "漏水")]);
    assert_eq!(defect.int("rank"), Some(1));
    // 33 customers, of whom 10 come back.
    assert_eq!((defect.int("tickets"), defect.int("repeats")), (Some(43), Some(10)));

    let resolution = |branch: &str| -> Row {
        let breakdown = if branch == "all" { "all" } else { "branch" };
        row("tables/sla_attainment", &[("clock", "resolution"), ("breakdown", breakdown), ("member", branch)])
    };
    assert!(resolution("西安分部").number("ci_high") < resolution("all").number("ci_low"));

    let facts = found.table("facts/fact_ticket");
    assert_eq!(facts.height(), 5000, "distinct tickets");
    let surveys = found.table("facts/fact_survey").height();
    assert!((1900..2300).contains(&surveys), "{surveys}");
}

#[test]
fn without_a_number_the_fixtures_are_written() {
    let desk = Desk::bare();
    let ran = desk.run(&["generate"]).done();
    let written = Output::of(&desk.path("fixtures"));
    assert_eq!(written.files.len(), 22);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for (name, bytes) in &written.files {
        let same = fs::read(committed.join(name)).unwrap() == *bytes;
        assert!(same, "{name}");
    }
    assert!(ran.stdout.starts_with("| file | rows |") && ran.stderr.is_empty(), "{}", ran.stdout);
    // Again, in place of these.
    desk.run(&["generate", "--quiet"]).done();
    Output::of(&desk.path("fixtures")).assert_same(&written, &[""]);
}

#[test]
fn numbers_that_make_no_sense_are_refused_with_those_that_do() {
    let desk = Desk::bare();
    for (arguments, parts) in [
        (&["--tickets", "0"][..], ["--tickets", "1..=1000000000"]),
        (&["--tickets", "5000000000"], ["--tickets", "1..=1000000000"]),
        (&["--tickets", "many"], ["--tickets", "many"]),
        (&["--tickets", "100", "--staff", "3"], ["--staff", "20..=1000000"]),
        (&["--tickets", "100", "--models", "7"], ["--models", "8..=10000"]),
        (&["--seed", "7"], ["--tickets", "required"]),
    ] {
        desk.run(&[&["generate"], arguments].concat()).assert_refused(2, &parts);
    }
    assert_eq!(desk.names("."), ["fixtures", "pipelines"]);
}

#[test]
fn one_ticket_is_enough() {
    let desk = Desk::bare();
    let ran = desk.run(&["generate", "--tickets", "1", "--out", "one"]).done();
    assert!(ran.stdout.contains("tickets             1") && ran.stdout.contains("aftersales run one/pipeline.toml"));
}

#[test]
fn a_folder_with_anything_else_stays_as_it_is() {
    let desk = Desk::bare();
    fs::create_dir(desk.path("mine")).unwrap();
    desk.write("mine/tickets-2026-01.csv", b"mine");
    for more in [&["--tickets", "100"][..], &[]] {
        let arguments = [&["generate", "--out", "mine"], more].concat();
        desk.run(&arguments).assert_refused(6, &["mine holds tickets-2026-01.csv", "--out"]);
    }
    assert_eq!(desk.names("mine"), ["tickets-2026-01.csv"]);
    assert_eq!(desk.read("mine/tickets-2026-01.csv"), b"mine");
    let file = ["generate", "--tickets", "100", "--out", "mine/tickets-2026-01.csv"];
    desk.run(&file).assert_refused(6, &["mine/tickets-2026-01.csv cannot be written"]);
}
