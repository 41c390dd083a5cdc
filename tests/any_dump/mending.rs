//! Bad rows as the person who mends them gets them, and how they come back.

use crate::support::{Desk, Output, Tiny};

const SOURCES: &str = "[sources.tickets]
files = [\"../dumps/*.csv\"]
[sources.tickets.columns]
ticket_id = \"单号\"
requested_at = \"报修\"
fault_description = \"说明\"
[quality]
tolerate = \"10%\"";

/// Twenty tickets, of which the last is as told.
fn dump(last: &str) -> String {
    let row = |i: u32| format!("T{i:02},2026-07-01 09:{i:02},x,\n");
    std::iter::once("单号,报修,说明,备注\n".to_owned()).chain((1..=19).map(row)).collect::<String>() + last
}

const BAD: &str = "T20,昨天,=1+1,\"-5, \"\"a\"\"\nb\"\n";

/// The CSV for mending, without its mark.
fn csv(desk: &Desk, file: &str) -> String {
    let text = String::from_utf8(desk.read(file)).unwrap();
    text.strip_prefix('\u{feff}').expect("Excel takes it for UTF-8 by its mark").to_owned()
}

#[test]
fn a_mended_row_is_used() {
    let tiny = Tiny::new(SOURCES).with("july.csv", dump(BAD));
    let review = tiny.review();
    assert_eq!((review.count("tickets", "used"), review.count("tickets", "quarantined")), (19, 1));
    assert_eq!(review.quarantined("tickets"), [format!("unparseable: {}", BAD.trim_end())]);
    let csv = csv(&tiny.desk, "out/2026Q3/quarantine/tickets-july.csv");
    let (header, row) = csv.split_once("\r\n").unwrap();
    assert_eq!(header, "单号,报修,说明,备注,quarantine_row,quarantine_rule,quarantine_message");
    assert!(row.starts_with("T20,昨天,'=1+1,\"'-5, \"\"a\"\"\nb\",21,Unreadable (unparseable),"), "{row}");

    // Saved as it is but for the cell, with its mark, its apostrophes and its own columns.
    tiny.put("july_mended.csv", format!("\u{feff}{}", csv.replace("昨天", "2026-07-02 10:00")));
    let review = tiny.review();
    let rows = review.rows("facts/fact_ticket", &["ticket_id", "requested_at", "fault_description"]);
    assert_eq!((rows.len(), rows.contains(&"T20|2026-07-02 10:00:00|=1+1".to_owned())), (20, true), "{rows:?}");
    let parts = ["read", "used", "quarantined", "superseded"].map(|part| review.count("tickets", part));
    assert_eq!(parts, [21, 20, 0, 1], "the mended row takes the place of the bad one");
}

#[test]
fn rows_set_aside_after_typing_are_mended_from_their_text() {
    let order = "[quality.rules]\ntimes_out_of_order = \"error\"";
    let sources = SOURCES.replace("fault_description = \"说明\"", "resolved_at = \"完成\"");
    let row = |i: u32| format!("T{i},2026/7/1 9:00, 2026/7/1 10:00 ,x\r\n");
    let text: String = std::iter::once("单号,报修,完成,备注\r\n".to_owned()).chain((1..=19).map(row)).collect();
    let bad = "T20,2026/7/2 9:00, 2026/7/1 9:00 ,\"+1\"\r\n";
    let tiny = Tiny::new(&format!("{sources}\n{order}")).with("july.csv", text.clone() + bad);
    assert_eq!(tiny.review().quarantined("tickets"), ["times_out_of_order: T20,2026/7/2 9:00, 2026/7/1 9:00 ,+1"]);
    let csv = csv(&tiny.desk, "out/2026Q3/quarantine/tickets-july.csv");
    assert!(csv.contains("\r\nT20,2026/7/2 9:00, 2026/7/1 9:00 ,'+1,21,"), "{csv}");
    tiny.put("july_mended.csv", csv.replace("2026/7/1 9:00", "2026/7/2 9:30"));
    let rows = tiny.review().rows("facts/fact_ticket", &["ticket_id", "resolved_at"]);
    assert!(rows.contains(&"T20|2026-07-02 09:30:00".to_owned()), "{rows:?}");
}

#[test]
fn refused_dumps_leave_the_previous_output_and_a_quarantine_beside_it() {
    let tiny = Tiny::new(&SOURCES.replace("10%", "2%")).with("july.csv", dump("T20,2026-07-02 09:00,x,\n"));
    let before = tiny.review().output;
    tiny.put("july.csv", dump(BAD));
    let ran = tiny.run();
    ran.assert_refused(
        5,
        &["tickets: 1 of 20 rows", "july.csv row 21", "out/rejected/quarantine", "untouched", "tolerate"],
    );
    assert_eq!(tiny.desk.names("out"), ["2026Q3", "current", "rejected"]);
    tiny.desk.output("2026Q3").assert_same(&before, &[""]);
    tiny.desk.output("current").assert_same(&before, &[""]);

    let rejected = Output::of(&tiny.desk.path("out/rejected"));
    let names: Vec<&String> = rejected.files.keys().collect();
    let expected =
        ["manifest.json", "quarantine/tickets-july.csv", "quarantine/tickets.parquet", "tables/data_quality.parquet"];
    assert_eq!(names, expected);
    assert_eq!(rejected.table("quarantine/tickets").texts("rule"), ["unparseable"]);
    assert!(rejected.table("tables/data_quality").texts("rule").contains(&"unparseable".to_owned()));
    let manifest = rejected.manifest().to_string();
    assert!(manifest.contains("1 of 20 rows") && manifest.contains("july.csv"), "{manifest}");
    assert!(csv(&tiny.desk, "out/rejected/quarantine/tickets-july.csv").contains("'=1+1"));

    // Refused again: the same; a good run takes it away.
    assert_eq!(tiny.run().code, Some(5));
    assert!(Output::of(&tiny.desk.path("out/rejected")) == rejected, "refused twice");
    tiny.put("july.csv", dump("T20,2026-07-02 09:00,x,\n"));
    tiny.review().output.assert_same(&before, &[""]);
    assert_eq!(tiny.desk.names("out"), ["2026Q3", "current"]);
}

#[test]
fn each_dump_has_its_own_csv() {
    let tiny = Tiny::new(SOURCES).with("a.csv", dump(BAD)).with("b.csv", dump("T20,前天,x,y\n").replace('T', "U"));
    tiny.review();
    let names = tiny.desk.names("out/2026Q3/quarantine");
    assert_eq!(names, ["tickets-a.csv", "tickets-b.csv", "tickets.parquet"]);
    assert!(csv(&tiny.desk, "out/2026Q3/quarantine/tickets-b.csv").contains("\r\nU20,前天,x,y,21,"));
}
