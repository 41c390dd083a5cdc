//! Texts that are no tables, or damaged ones.

use super::{HEADER, SOURCES, refused, rows, tiny};
use crate::support::Tiny;

#[test]
fn files_without_rows() {
    refused("a.csv", b"", &["is empty", "Export it again"]);
    refused("a.csv", b"\n\n  \n", &["is empty"]);
    tiny().with("a.csv", HEADER).check().assert_refused(2, &["nothing to review", "Check the dumps"]);
    let review = tiny().with("a.csv", HEADER).with("b.csv", HEADER.to_owned() + &rows(3)).review();
    assert_eq!(review.count("tickets", "used"), 3);
}

#[test]
fn a_field_that_nothing_closes_is_one_damaged_row() {
    let cut = format!("{HEADER}{}T8,2026-07-01 08:30,\"a\nb\nT9,2026-07-01 08:30,c", rows(8));
    let review = tiny().with("a.csv", &cut).review();
    let rows = review.quarantined("tickets");
    assert!(
        rows.len() == 1 && rows[0].starts_with("damaged_row: T8,2026-07-01 08:30,") && rows[0].contains("T9"),
        "{rows:?}"
    );
    assert_eq!((review.count("tickets", "read"), review.count("tickets", "used")), (9, 8));
    let strict = Tiny::new(&SOURCES.replace("0.5", "0.02")).with("a.csv", &cut);
    strict.refused(5, &["tickets: 1 of 9 rows", "a.csv row 10", "a quotation mark"]);
}

#[test]
fn a_header_that_nothing_closes_is_refused() {
    let open = format!("{}\n{}", HEADER.trim_end().replace("备注", "\"备注"), rows(8));
    refused("a.csv", open.as_bytes(), &["row 1", "a quotation mark"]);
    let beside = tiny().with("a.csv", HEADER.to_owned() + &rows(3)).with("b.csv", &open);
    beside.refused(4, &["b.csv", "a quotation mark"]);
    let wide = format!("{}{}\n{}", HEADER.trim_end(), ",c".repeat(140_000), rows(2));
    refused("a.csv", wide.as_bytes(), &["131"]);
}

#[test]
fn messages_stay_short() {
    let ran = tiny().with("a.csv", "\"".repeat(1 << 20)).check();
    assert!(ran.code == Some(4) && ran.stderr.len() < 10_000, "{} bytes", ran.stderr.len());
}

#[test]
fn nul_bytes() {
    let one = format!("{HEADER}{}T3,2026-07-01 08:30,a\0b\n", rows(3));
    let review = tiny().with("a.csv", one).review();
    assert_eq!(review.broken(), ["tickets damaged_row error 1"]);
    refused("a.csv", &[0; 5000], &["NUL bytes", "save it as"]);
    let mut half = format!("{HEADER}{}", rows(3)).into_bytes();
    half.resize(half.len() + 100_000, 0);
    // What is left of a disk that failed is one damaged row.
    let review = tiny().with("a.csv", half).check();
    assert!(matches!(review.code, Some(0 | 4 | 5)) && !review.stderr.contains("panicked"), "{review:?}");
}

#[test]
fn bytes_of_no_encoding() {
    let bytes = [
        0xFF, 0x80, 0x91, 0x00, 0x13, 0xC3, 0x28, 0xA0, 0xFE, 0x01, 0x99, 0xFF, 0x02, 0x7F, 0xE2, 0x28, 0xA1, 0xF0,
        0x90, 0xFF,
    ];
    refused("a.csv", &bytes, &["offset 0", "Save the file as UTF-8"]);
    let late = [format!("{HEADER}{}", rows(2000)).as_bytes(), b"\xFF"].concat();
    refused("a.csv", &late, &[&format!("offset {}", late.len() - 1)]);
}

#[test]
fn three_thousand_columns() {
    let names: Vec<String> = (0..3000).map(|i| format!("c{i}")).collect();
    let header = format!("{},单号,报修\n", names.join(","));
    let row = |i: usize| format!("{}T{i},2026-07-01 08:30\n", "x,".repeat(3000));
    let text: String = std::iter::once(header).chain((0..20).map(row)).collect();
    assert_eq!(tiny().with("a.csv", text).review().count("tickets", "used"), 20);
}

#[test]
fn json_that_is_no_table() {
    let good: String = (0..9).map(|i| format!("{{\"单号\":\"T{i}\",\"报修\":\"2026-07-01 08:30\"}}\n")).collect();
    let deep = format!("{{\"单号\":{}}}\n", "[".repeat(10_000));
    let review = tiny().with("a.json", good.clone() + &deep).review();
    assert_eq!((review.count("tickets", "used"), review.broken()), (9, vec!["tickets damaged_row error 1".to_owned()]));
    let closed = format!(
        "{{\"单号\":\"T9\",\"报修\":\"2026-07-01 08:30\",\"x\":{}1{}}}\n",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let ran = tiny().with("a.json", good + &closed).check();
    assert!(matches!(ran.code, Some(0 | 4)) && !ran.stderr.contains("panicked"), "{ran:?}");
    refused("a.json", b"[{\"a\": 1}]", &["JSON list", "NDJSON"]);
    refused("a.json", format!("{}\n", "{\"a\":".repeat(10_000)).as_bytes(), &["JSON"]);
    refused("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", &["HTML", "XLSX"]);
}
