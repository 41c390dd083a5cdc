//! Which columns, rows and sheets of a dump are read.

use rust_xlsxwriter::Workbook;

use super::parts;
use crate::support::Tiny;

const COLUMNS: &str = "[sources.tickets.columns]
ticket_id = \"单号\"
requested_at = [\"报修时间\", \"提单时间\", \"受理时间\"]";

fn sources(more: &str, columns: &str) -> String {
    format!("[sources.tickets]\nfiles = [\"../dumps/*\"]\n{more}\n{COLUMNS}\n{columns}")
}

/// Tickets of one column more, `T1` and so on.
fn tickets(column: &str, cells: &[&str]) -> String {
    let row = |(i, cell): (usize, &&str)| format!("T{},2026-07-01 08:30,{cell}\n", i + 1);
    std::iter::once(format!("单号,报修时间,{column}\n")).chain(cells.iter().enumerate().map(row)).collect()
}

#[test]
fn alternative_names_are_tried_in_turn() {
    let dump = |name: &str, id: &str, day: u32| format!("单号,{name}\n{id},2026-07-0{day} 08:30\n");
    let review = Tiny::new(&sources("", ""))
        .with("a.csv", dump("提单时间", "A", 1))
        .with("b.csv", dump("报修时间", "B", 2))
        // Of both, the one that the pipeline names first.
        .with("c.csv", "单号,受理时间,提单时间\nC,2026-07-09 08:30,2026-07-03 08:30\n")
        .review();
    let rows = review.rows("facts/fact_ticket", &["ticket_id", "requested_at"]);
    assert_eq!(rows, ["A|2026-07-01 08:30:00", "B|2026-07-02 08:30:00", "C|2026-07-03 08:30:00"]);
}

#[test]
fn two_columns_of_one_name_are_refused_where_they_are_meant() {
    let tiny = Tiny::new(&sources("", "")).with("a.csv", "单号,报修时间,单号\n1,2026-07-01 08:30,2\n");
    tiny.refused(4, &["a.csv", "two columns named \"单号\"", "columns 1 and 3", "Rename one of them"]);
    tiny.put("a.csv", "单号,报修时间,备注,备注\n1,2026-07-01 08:30,a,b\n");
    assert_eq!(tiny.review().count("tickets", "used"), 1);
}

#[test]
fn every_test_of_where_counts_what_it_leaves_out() {
    let cells = ["已完成", "测试", "INC-7", "", "7"];
    for (test, kept) in [
        ("\"已完成\"", "T1"),
        ("[\"已完成\", \"测试\"]", "T1 T2"),
        ("{ is = \"测试\" }", "T2"),
        ("{ not = [\"测试\", \"7\"] }", "T1 T3 T4"),
        ("{ filled = true }", "T1 T2 T3 T5"),
        ("{ filled = false }", "T4"),
        ("{ like = [\"INC*\", \"已*\"] }", "T1 T3"),
        ("{ min = 7, max = 8 }", "T5"),
        ("{ max = 6.5, also_called = \"次数\" }", ""),
        ("{ filled = true, not = \"测试\" }", "T1 T3 T5"),
    ] {
        let text = format!(
            "[sources.tickets]\nfiles = [\"../dumps/*\"]\n[sources.tickets.where]\n类型 = {test}\n{COLUMNS}\nregion = \"类型\""
        );
        let tiny = Tiny::new(&text).with("a.csv", tickets("类型", &cells));
        let ran = tiny.check();
        let count = kept.split_whitespace().count();
        let account: Vec<&str> = ran
            .stdout
            .lines()
            .find(|line| line.starts_with("tickets"))
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        if kept.is_empty() {
            ran.assert_refused(2, &["nothing to review"]);
        } else {
            let expected = [5, count, 0, 0, 0, 0, 5 - count].map(|n| n.to_string());
            assert_eq!(account[1..], expected, "{test}\n{}{}", ran.stdout, ran.stderr);
        }
    }
    let text = format!(
        "[sources.tickets]\nfiles = [\"../dumps/*\"]\n[sources.tickets.where]\n类型 = {{ not = \"测试\" }}\n{COLUMNS}\nregion = \"类型\""
    );
    let review = Tiny::new(&text).with("a.csv", tickets("类型", &cells)).review();
    assert_eq!(review.rows("facts/fact_ticket", &["ticket_id"]), ["T1", "T3", "T4", "T5"]);
    assert_eq!((review.count("tickets", "read"), review.count("tickets", "filtered")), (5, 1));
    Tiny::new(&text.replace("类型 = {", "种类 = {"))
        .with("a.csv", tickets("类型", &cells))
        .refused(4, &["a.csv", "种类"]);
}

#[test]
fn rows_left_out_decide_nothing() {
    let text = "[sources.tickets]\nfiles = [\"../dumps/*\"]\n[sources.tickets.where]\n类别 = \"工单\"\n";
    let header = "单号,报修时间,类别\n";
    let others = "S1,01/02/2026 08:30,评价\nS2,n/a,评价\nS3,n/a,评价\nS4,n/a,评价\n";
    for rows in ["S1,01/02/2026 08:30,评价\n", others] {
        let tiny =
            Tiny::new(&format!("{text}{COLUMNS}")).with("a.csv", format!("{header}{rows}T1,2026-07-01 08:30,工单\n"));
        assert_eq!(tiny.review().rows("facts/fact_ticket", &["ticket_id", "requested_at"]), ["T1|2026-07-01 08:30:00"]);
    }
}

#[test]
fn carried_columns_reach_the_fact_and_the_dictionary() {
    let more = "carry = [\"备注\", \"@sheet\"]";
    let review = Tiny::new(&sources(more, "")).with("a.csv", tickets("备注", &["007", " x\u{a0}", ""])).review();
    let rows = review.rows("facts/fact_ticket", &["ticket_id", "备注", "@sheet"]);
    assert_eq!(rows, ["T1|007|a", "T2|x|a", "T3||a"]);
    let dictionary = review.rows("tables/data_dictionary", &["table", "column", "type"]);
    for column in ["备注", "@sheet"] {
        let found = |row: &&String| row.starts_with(&format!("fact_ticket|{column}|"));
        assert_eq!(dictionary.iter().filter(found).count(), 1, "{column}: {dictionary:?}");
    }
}

#[test]
fn a_log_is_ordered_by_its_version_or_by_its_rows() {
    let log = "单号,报修时间,状态,版本\nA,2026-07-01 08:30,已关闭,10\nB,2026-07-01 08:30,处理中,1\nA,2026-07-01 08:30,处理中,9\n\
               B,2026-07-01 08:30,已关闭,2\n";
    let states = |more: &str| {
        let review = Tiny::new(&sources(more, "branch = \"状态\"")).with("a.csv", log).review();
        (
            review.rows("facts/fact_ticket", &["ticket_id", "branch"]),
            review.count("tickets", "superseded"),
            review.broken(),
        )
    };
    let (rows, superseded, broken) = states("latest_by = \"版本\"");
    assert_eq!((rows, superseded), (vec!["A|已关闭".to_owned(), "B|已关闭".to_owned()], 2));
    assert_eq!(broken, Vec::<String>::new());
    let (rows, superseded, broken) = states("");
    assert_eq!((rows, superseded), (vec!["A|处理中".to_owned(), "B|已关闭".to_owned()], 2));
    assert_eq!(broken, ["tickets conflicting_duplicate warning 2"]);
}

#[test]
fn columns_of_every_table_can_be_named() {
    let mut book = Workbook::new();
    for (name, id) in [("西安", "A"), ("西宁", "B"), ("北京", "C"), ("汇总", "D")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (column, cell) in (0..).zip(["单号", "报修时间"]) {
            sheet.write(2, column, cell).unwrap();
        }
        sheet.write(3, 0, id).unwrap().write(3, 1, "2026-07-01 08:30").unwrap();
    }
    let book = book.save_to_buffer().unwrap();
    let columns =
        "branch = \"@sheet\"\nregion = \"@file\"\nserial_number = \"@row\"\nservice_type = { value = \"维修\" }";
    let rows = |more: &str| {
        let review = Tiny::new(&sources(more, columns)).with("七月.xlsx", &book).review();
        review.rows("facts/fact_ticket", &["ticket_id", "branch", "region", "serial_number", "service_type"])
    };
    let of = |id: &str, sheet: &str| format!("{id}|{sheet}|七月|4|维修");
    assert_eq!(rows("sheets = [\"西*\", \"北京\"]"), [of("A", "西安"), of("B", "西宁"), of("C", "北京")]);
    assert_eq!(rows("header_row = 3").len(), 4);
    Tiny::new(&sources("sheets = [\"东*\"]", "")).with("七月.xlsx", &book).refused(4, &["七月.xlsx", "西安", "汇总"]);
    Tiny::new(&sources("header_row = 9", "")).with("七月.xlsx", &book).refused(4, &["七月.xlsx"]);
}

#[test]
fn rows_that_say_nothing_are_counted_as_blank() {
    let header = "单号,报修时间,网点\n";
    let text = format!("报表,,\n{header}A,2026-07-01 08:30,西\n,,\n{header}B,2026-07-01 08:30,东\n合计,,2\n");
    let review = Tiny::new(&sources("", "branch = \"网点\"")).with("a.csv", text).review();
    assert_eq!(review.rows("facts/fact_ticket", &["ticket_id", "branch"]), ["A|西", "B|东"]);
    let counts = review.counts("tickets");
    assert_eq!((counts["read"], counts["blank"], counts["used"], counts["quarantined"]), (5, 3, 2, 0), "{counts:?}");
}

#[test]
fn one_file_feeds_three_sources() {
    let text = "类别,单号,时间,员工,姓名,总体\n工单,T1,2026-07-01 08:30,E1,,\n工单,T2,2026-07-02 08:30,E1,,\n评价,T1,2026-07-01 18:00,E1,,5\n\
                名册,,,E1,王,\n";
    let of = |kind: &str, label: &str, columns: &str| {
        format!(
            "[sources.{kind}]\nfiles = [\"../dumps/*\"]\n[sources.{kind}.where]\n类别 = \"{label}\"\n[sources.{kind}.columns]\n{columns}\n"
        )
    };
    let sources = of("tickets", "工单", "ticket_id = \"单号\"\nrequested_at = \"时间\"\nstaff_id = \"员工\"")
        + &of("surveys", "评价", "ticket_id = \"单号\"\nanswered_at = \"时间\"")
        + "[sources.surveys.dimensions]\noverall = \"总体\"\n"
        + &of("staff", "名册", "staff_id = \"员工\"\nstaff_name = \"姓名\"");
    let review = Tiny::new(&sources).with("all.csv.gz", parts::gzip(text.as_bytes())).review();
    for (source, used) in [("tickets", 2), ("surveys", 1), ("staff", 1)] {
        let counts = (review.count(source, "read"), review.count(source, "used"), review.count(source, "filtered"));
        assert_eq!(counts, (4, used, 4 - used), "{source}");
    }
    assert_eq!(review.broken(), Vec::<String>::new());
}
