//! One table in every format that people export: the same bytes come out.

use std::sync::OnceLock;

use super::parts::{self, HEADER, Rows, table};
use crate::support::{Review, Tiny};

/// The pipeline is the same for all formats.
const SOURCES: &str = "[sources.tickets]
files = [\"../dumps/*\"]
missing = [\"无\"]
[sources.tickets.columns]
ticket_id = \"工单编号\"
requested_at = \"报修时间\"
resolved_at = \"完成时间\"
branch = \"网点\"
fault_codes = { column = \"故障\", separator = \"、\" }
fault_description = \"说明\"";

/// What makes it draw charts, too, which take most of a run.
const CHARTED: &str = "[[sla]]\nresolution = \"4h\"\n[breakdowns]\nsla = [\"branch\"]";

type Files = Vec<(&'static str, Vec<u8>)>;

fn reviewed(files: &Files, more: &str) -> Review {
    let tiny = Tiny::new(&format!("{SOURCES}\n{more}"));
    for (name, bytes) in files {
        tiny.put(name, bytes);
    }
    tiny.review()
}

/// What the plain CSV gives.
fn plain() -> &'static Review {
    static PLAIN: OnceLock<Review> = OnceLock::new();
    PLAIN.get_or_init(|| reviewed(&csv(), ""))
}

fn csv() -> Files {
    vec![("a.csv", parts::text(&table(), ',', "\n").into_bytes())]
}

/// Holds that the files give the same bytes as the plain CSV; `data_quality`, which names files, the same counts.
fn assert_same(name: &str, files: &Files) {
    let (review, plain) = (reviewed(files, ""), plain());
    assert_bytes(&review, plain, &["tables/", "facts/"]);
    // Blank rows are read, too, and make no difference.
    let counts = |review: &Review| {
        let mut counts = review.counts("tickets");
        counts.retain(|rule, _| !matches!(rule.as_str(), "read" | "blank"));
        counts
    };
    assert_eq!(counts(&review), counts(plain), "{name}");
}

fn assert_bytes(one: &Review, other: &Review, folders: &[&str]) {
    let bare = |review: &Review| {
        let mut output = review.output.clone();
        let removed = output.files.remove("tables/data_quality.parquet");
        assert!(removed.is_some());
        output
    };
    bare(one).assert_same(&bare(other), folders);
}

#[test]
fn charts_are_the_same_too() {
    let book = vec![("a.xlsx", parts::laid_out(&table()))];
    assert_bytes(&reviewed(&book, CHARTED), &reviewed(&csv(), CHARTED), &["tables/", "facts/", "charts/"]);
}

#[test]
fn the_plain_table_is_all_used() {
    let review = plain();
    assert_eq!((review.count("tickets", "used"), review.count("tickets", "quarantined")), (12, 0));
    let rows =
        review.rows("facts/fact_ticket", &["ticket_id", "requested_at", "resolved_at", "branch", "fault_description"]);
    assert_eq!(rows[0], "A01|2026-07-01 08:30:00|2026-07-01 10:05:30|西安|第一行\n第二行");
    assert_eq!(rows[11], "A12|2026-07-16 08:30:00||北京|");
    assert_eq!(review.rows("facts/fact_fault", &["fault_code"])[..3], ["漏水", "异响", "漏水"]);
}

#[test]
fn texts_of_every_kind() {
    for ending in ["\r\n", "\r"] {
        assert_same(ending, &vec![("a.csv", parts::text(&table(), ',', ending).into_bytes())]);
    }
    for separator in [';', '\t', '|'] {
        assert_same("separator", &vec![("a.txt", parts::text(&table(), separator, "\r\n").into_bytes())]);
    }
    let text = parts::text(&table(), ',', "\r\n");
    for (name, bytes) in parts::encoded(&text) {
        assert_same(name, &vec![("a.csv", bytes)]);
    }
}

#[test]
fn packed_texts() {
    let text = parts::text(&table(), ',', "\n").into_bytes();
    assert_same("gzip", &vec![("a.csv.gz", parts::gzip(&text))]);
    assert_same("zstd", &vec![("a.csv.zst", zstd::encode_all(&text[..], 3).unwrap())]);
    let (first, second) = (parts::text(&table()[..6], ',', "\n"), parts::text(&table()[6..], ';', "\r\n"));
    let members = [("07/a.csv", first.as_bytes()), ("07/b.txt", second.as_bytes())];
    assert_same("zip", &vec![("a.zip", parts::zip(&members))]);
    assert_same("two files", &vec![("a.csv", first.into_bytes()), ("b.csv", second.into_bytes())]);
    let workbook = parts::workbook(&table(), parts::Dates::Cells);
    assert_same("workbook in a zip", &vec![("a.zip", parts::zip(&[("a.xlsx", &workbook)]))]);
}

#[test]
fn workbooks_with_dates_of_every_kind() {
    for dates in [parts::Dates::Cells, parts::Dates::Texts, parts::Dates::Serials, parts::Dates::Mixed] {
        assert_same("workbook", &vec![("a.xlsx", parts::workbook(&table(), dates))]);
    }
}

#[test]
fn a_workbook_as_people_lay_it_out() {
    assert_same("laid out", &vec![("a.xlsx", parts::laid_out(&table()))]);
    let counts = reviewed(&vec![("a.xlsx", parts::laid_out(&table()))], "").counts("tickets");
    // In each sheet a row without text and one of totals.
    assert_eq!((counts["read"], counts["blank"], counts["used"]), (16, 4, 12), "{counts:?}");
}

#[test]
fn objects_and_columns() {
    assert_same("NDJSON", &vec![("a.ndjson", parts::ndjson(&table()))]);
    for typed in [false, true] {
        assert_same("Parquet", &vec![("a.parquet", parts::parquet(&table(), typed))]);
    }
}

#[test]
fn a_workbook_of_old_excel_loads() {
    let old = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats/small.xls")).unwrap();
    let sources = "[sources.tickets]
files = [\"../dumps/*.xls\"]
sheets = [\"工单\"]
[sources.tickets.where]
网点 = \"西安\"
[sources.tickets.columns]
ticket_id = \"工单号\"
requested_at = { column = \"报修时间\", format = \"%Y-%m-%d %H:%M\" }
branch = \"网点\"
[quality]
tolerate = 1.0";
    let review = Tiny::new(sources).with("a.xls", old).review();
    let rows = review.rows("facts/fact_ticket", &["ticket_id", "requested_at", "branch"]);
    assert_eq!(rows[0], "2024001|2026-07-01 08:30:00|西安");
    assert_eq!(rows[2], "2024003|2026-07-03 08:30:00|西安");
}

#[test]
fn a_header_is_what_the_test_says() {
    let rows: Rows = table();
    assert!(rows.iter().all(|row| row.len() == HEADER.len()));
}
