//! A review of published facts is the review of their dumps, whatever figures it asks for; and facts that are not what the
//! pipeline and the manifest say are refused.

use std::fs;
use std::path::Path;

use crate::support::{Desk, Output, Tiny, small, whole};

/// Writes files of an output below a folder of the desk.
fn put(desk: &Desk, folder: &str, output: &Output) {
    for (file, bytes) in &output.files {
        let path = desk.path(folder).join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A desk without any dump, and with the review of the first rows of some in `out/2026Q3`.
fn reviewed() -> Desk {
    let desk = Desk::bare();
    put(&desk, "out/2026Q3", small());
    desk
}

fn again<'a>(facts: &'a str, out: &'a str) -> [&'a str; 6] {
    ["run", "pipelines/quarterly.toml", "--from-facts", facts, "--out", out]
}

const QUARTERLY: &str = "pipelines/quarterly.toml";

/// What is done to a folder of facts.
type Harm = Box<dyn Fn(&Path)>;

#[test]
fn the_same_pipeline_gives_the_same_review() {
    let desk = Desk::bare();
    put(&desk, "out/2026Q3", whole());
    let ran = desk.run(&again("out/2026Q3", "again")).done();
    assert!(ran.stdout.contains("again/2026Q3/manifest.json") && ran.stdout.contains("tickets"), "{}", ran.stdout);
    let made = Output::of(&desk.path("again/2026Q3"));
    made.assert_same(whole(), &[""]);
    // Else the columns that facts do not have would not have been asked for.
    let breaches = made.table("tables/sla_breaches");
    let surveys = breaches.texts("survey_id").into_iter().zip(breaches.ints("started_at"));
    assert!(surveys.filter(|(survey, began)| !survey.is_empty() && began.is_some()).count() > 10);
    assert!(made.table("tables/repeat_tickets").ints("earlier_resolved_at").iter().flatten().count() > 10);
}

#[test]
fn a_review_can_take_its_own_place_and_says_the_same() {
    let desk = Desk::small();
    let first = desk.review(&[], "2").done();
    let second = desk.finish(desk.command(&again("out/current", "out")).env("POLARS_MAX_THREADS", "1")).done();
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(desk.names("out"), ["2026Q3", "current"]);
    desk.output("current").assert_same(small(), &[""]);
}

#[test]
fn other_figures_are_those_of_the_dumps() {
    let desk = Desk::small();
    put(&desk, "out/2026Q3", small());
    let text = String::from_utf8(desk.read(QUARTERLY)).unwrap();
    desk.edit(QUARTERLY, "min_n  = 5", "min_n  = 3");
    desk.edit(QUARTERLY, "\"staff\", ", "");
    desk.edit(QUARTERLY, "language  = \"zh\"", "language  = \"en\"");
    desk.edit(QUARTERLY, "[clocks.first_response]\ngoal = \"90%\"", "[clocks.first_response]\ngoal = \"70%\"");
    desk.run(&again("out/2026Q3", "again")).done();
    desk.run(&["run", QUARTERLY, "--out", "dumps"]).done();
    let (made, dumps) = (Output::of(&desk.path("again/2026Q3")), Output::of(&desk.path("dumps/2026Q3")));
    made.assert_same(&dumps, &["tables/", "charts/", "quarantine/tickets.parquet", "quarantine/surveys.parquet"]);
    assert_ne!(made.files["tables/sla_attainment.parquet"], small().files["tables/sla_attainment.parquet"]);
    assert_eq!(made.files["facts/fact_ticket.parquet"], small().files["facts/fact_ticket.parquet"]);
    // And back again, from the facts of a review that was itself made of facts.
    desk.write(QUARTERLY, text.as_bytes());
    desk.run(&again("again/current", "back")).done();
    Output::of(&desk.path("back/2026Q3")).assert_same(small(), &[""]);
}

#[test]
fn other_facts_are_refused() {
    for (from, to, section) in [
        ("first_response = \"2h\"", "first_response = \"3h\"", "[[sla]]"),
        ("holidays = \"cn\"", "", "[calendars]"),
        ("服务类型\"", "服务类别\"", "[sources.tickets]"),
        ("repeat_within_days = 30", "repeat_within_days = 31", "[defects]"),
    ] {
        let desk = reviewed();
        let text = String::from_utf8(desk.read(QUARTERLY)).unwrap();
        desk.write(QUARTERLY, text.replacen(from, to, 1).as_bytes());
        let ran = desk.run(&again("out/2026Q3", "out"));
        ran.assert_refused(3, &["other facts", section, "without --from-facts"]);
        assert_eq!(desk.names("out"), ["2026Q3"]);
        desk.output("2026Q3").assert_same(small(), &[""]);
    }
}

#[test]
fn a_period_or_a_moment_cannot_be_chosen() {
    let desk = reviewed();
    for more in [["--period", "2026Q2"], ["--as-of", "2026-10-07"]] {
        let arguments = [&again("out/2026Q3", "out")[..], &more].concat();
        desk.run(&arguments).assert_refused(2, &["--from-facts", more[0]]);
    }
}

#[test]
fn what_is_no_review_is_refused() {
    let manifest = |from: &'static str, to: &'static str| {
        move |folder: &Path| {
            let path = folder.join("manifest.json");
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{from} in {text}");
            fs::write(path, text.replacen(from, to, 1)).unwrap();
        }
    };
    let cut = |folder: &Path| {
        let path = folder.join("facts/fact_fault.parquet");
        let bytes = fs::read(&path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    // The pages of a file whose end is whole.
    let spoiled = |folder: &Path| {
        let path = folder.join("facts/fact_ticket.parquet");
        let mut bytes = fs::read(&path).unwrap();
        let end = bytes.len() / 2;
        bytes[4..end].fill(0x5a);
        fs::write(path, bytes).unwrap();
    };
    let foreign = |folder: &Path| {
        let desk = Desk::small();
        desk.edit(QUARTERLY, "repeat_within_days = 30", "repeat_within_days = 31");
        desk.review(&["--quiet"], "2").done();
        let fact = "facts/fact_ticket.parquet";
        fs::copy(desk.path("out/2026Q3").join(fact), folder.join(fact)).unwrap();
    };
    let gone = |file: &'static str| move |folder: &Path| fs::remove_file(folder.join(file)).unwrap();
    let cases: Vec<(Harm, &[&str])> = vec![
        (Box::new(|folder| fs::remove_dir_all(folder).unwrap()), &["there is no such folder", "output/current"]),
        (Box::new(gone("manifest.json")), &["it has no manifest.json"]),
        (Box::new(manifest("{", "[")), &["its manifest.json is damaged"]),
        (Box::new(manifest("aftersales", "another")), &["another program"]),
        (Box::new(manifest("\"version\": \"", "\"version\": \"9.")), &["version 9.", "from the dumps again"]),
        (Box::new(manifest("\"run_id\"", "\"rejected\": \"bad\",\"run_id\"")), &["dumps that were refused"]),
        (Box::new(manifest("09-30 23:59:59", "09-29 23:59:59")), &["contradicts itself"]),
        (Box::new(gone("facts/fact_survey.parquet")), &["facts/fact_survey.parquet is not there"]),
        (Box::new(gone("quarantine/tickets.parquet")), &["quarantine/tickets.parquet is not there"]),
        (Box::new(cut), &["facts/fact_fault.parquet is damaged"]),
        (Box::new(spoiled), &["facts/fact_ticket.parquet is damaged"]),
        (Box::new(foreign), &["facts/fact_ticket.parquet was written by another run"]),
    ];
    for (harm, parts) in cases {
        let desk = reviewed();
        harm(&desk.path("out/2026Q3"));
        desk.run(&again("out/2026Q3", "new")).assert_refused(4, parts);
        let left = if desk.path("new").exists() { desk.names("new") } else { Vec::new() };
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn facts_with_other_rows_than_told_are_refused() {
    let desk = reviewed();
    let text = String::from_utf8(desk.read("out/2026Q3/manifest.json")).unwrap();
    let at = text.find("fact_survey.parquet").unwrap();
    let rows = at + text[at..].find("\"rows\": ").unwrap() + "\"rows\": ".len();
    let text = format!("{}1{}", &text[..rows], &text[rows..]);
    desk.write("out/2026Q3/manifest.json", text.as_bytes());
    desk.run(&again("out/2026Q3", "new"))
        .assert_refused(4, &["facts/fact_survey.parquet has 390 rows, and the manifest tells 1390"]);
}

#[test]
fn facts_without_tickets_or_without_rows_do_as_well() {
    let surveys = "[sources.surveys]\nfiles = \"../dumps/s*.csv\"\n[sources.surveys.columns]\nsurvey_id = \"id\"\nstaff_id = \"staff\"\n\
                   answered_at = \"at\"\nevaluator = \"by\"\n[sources.surveys.dimensions]\nattitude = \"attitude\"\n";
    let rows = "id,staff,at,by,attitude\n1,E1,2026-07-02 10:00,客户,5\n2,E2,2026-08-02 10:00,,4\n3,E2,2026-05-02 10:00,客户,\n";
    let tickets = "[sources.tickets]\nfiles = \"../dumps/t.csv\"\n[sources.tickets.columns]\nticket_id = \"id\"\n\
                   requested_at = \"at\"\nresolved_at = \"done\"\n[[sla]]\nresolution = \"1h\"\n";
    let ticket = "id,at,done\n1,2026-07-02 10:00,2026-07-02 12:00\n2,2026-07-03 10:00,\n";
    let none = "id,at,done\n";
    for tiny in [
        Tiny::surveys(surveys).with("s.csv", rows),
        Tiny::new(&format!("{surveys}{tickets}")).with("s.csv", rows).with("t.csv", ticket),
        Tiny::new(&format!("{surveys}{tickets}")).with("s.csv", rows).with("t.csv", none),
        Tiny::new(tickets).with("t.csv", ticket),
    ] {
        let first = tiny.review();
        let arguments = ["run", "pipelines/p.toml", "--from-facts", "out/current", "--out", "again", "--quiet"];
        tiny.desk.run(&arguments).done();
        Output::of(&tiny.desk.path("again/current")).assert_same(&first.output, &[""]);
    }
}
