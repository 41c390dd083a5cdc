//! A round of calls asks whom `[follow_up]` says, by a draw that anybody can check; and calls that are due are listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::support::reviewed::reviewed;
use crate::support::{Cell, Desk, Ran, Tiny};

const DAY: i64 = 86_400_000_000;

/// The rows of a list by the names of its columns.
fn list(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("Excel knows UTF-8 by its mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |row: csv::StringRecord| header.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn drawn(desk: &Desk, more: &[&str]) -> (Ran, Vec<BTreeMap<String, String>>) {
    let path = desk.path("calls.csv");
    let arguments = [&["sample"], more, &["--force", "--out", "calls.csv"]].concat();
    let ran = desk.run(&arguments).done();
    let rows = list(&path);
    (ran, rows)
}

/// Drawn a second time from the published facts: by the definition, without the program's own way.
#[test]
fn the_fixtures_are_drawn_as_the_definition_says() {
    let (ran, rows) = drawn(&Desk::whole(), &[]);
    let mut customers: BTreeMap<&str, (bool, bool, bool)> = BTreeMap::new();
    let mut of_ticket = BTreeMap::new();
    for row in reviewed().table("facts/fact_ticket").rows() {
        let Some(customer) = row.text("customer_id") else { continue };
        of_ticket.insert(row.text("ticket_id").unwrap(), customer);
        if row.text("period") == Some("2026Q3") && row.text("status") != Some("cancelled") {
            let (vip, complained, finished) = customers.entry(customer).or_default();
            *vip |= row.text("customer_tier") == Some("VIP客户");
            *complained |= row.flag("is_complaint");
            *finished |= *row.cell("resolved_at") != Cell::Null;
        }
    }
    // 2026-09-30 24:00, less 90 days.
    let since = 1_790_812_800_000_000 - 90 * DAY;
    let surveys = reviewed().table("facts/fact_survey").rows();
    let lately =
        surveys.filter(|row| row.text("evaluator") == Some("客户") && row.int("answered_at").unwrap() >= since);
    let asked: BTreeSet<&str> = lately.filter_map(|row| of_ticket.get(row.text("ticket_id")?).copied()).collect();
    let mut strata: [Vec<(String, &str)>; 3] = Default::default();
    for (customer, (vip, complained, finished)) in &customers {
        if *finished && !asked.contains(customer) {
            let digest = Sha256::digest(format!("1/2026Q3/{customer}"));
            let order = digest.iter().fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").unwrap();
                hex
            });
            strata[if *vip {
                0
            } else if *complained {
                1
            } else {
                2
            }]
            .push((order, *customer));
        }
    }
    for stratum in &mut strata {
        stratum.sort();
    }
    // 10 % of 2175, rounded up, is 218: 65.4, 43.6 and 109. Of complaint cases only 21 can be called.
    assert_eq!((customers.len(), strata[1].len()), (2175, 21));
    let take =
        |stratum: usize, from: usize, count: usize| strata[stratum][from..from + count].iter().map(|(_, id)| *id);
    let expected: Vec<&str> =
        take(0, 0, 65).chain(take(1, 0, 21)).chain(take(2, 109, 23)).chain(take(2, 0, 109)).collect();
    let found: BTreeSet<&str> = rows.iter().map(|row| row["客户编号"].as_str()).collect();
    assert_eq!((rows.len(), found.len()), (218, 218), "nobody twice");
    assert_eq!(found, expected.iter().copied().collect());
    let stand_ins: Vec<&BTreeMap<_, _>> = rows.iter().filter(|row| !row["替补"].is_empty()).collect();
    assert!(stand_ins.iter().all(|row| row["替补"] == "投诉客户" && row["分层"] == "其他客户"));
    assert_eq!(stand_ins.len(), 23);
    assert!(ran.stdout.contains("由其他客户替补 23 位") && ran.stdout.contains("抽样种子 1"), "{}", ran.stdout);
    assert!(rows.iter().all(|row| row["抽样种子"] == "1" && row["评价主体"] == "客户" && row["评价时间"].is_empty()));
}

#[test]
fn a_seed_draws_the_same_and_another_one_others() {
    let desk = Desk::whole();
    let ids = |rows: Vec<BTreeMap<String, String>>| -> Vec<String> {
        rows.into_iter().map(|mut row| row.remove("客户编号").unwrap()).collect()
    };
    let first = ids(drawn(&desk, &["--seed", "7"]).1);
    assert_eq!(ids(drawn(&desk, &["pipelines/quarterly.toml", "--seed", "7"]).1), first);
    let other = ids(drawn(&desk, &["--seed", "8"]).1);
    let both = other.iter().filter(|id| first.contains(id)).count();
    assert!((1..first.len() / 2).contains(&both), "{both} of {}", first.len());
}

const SOURCES: &str = "[sources.tickets]\nfiles = \"../dumps/t.csv\"\n[sources.tickets.columns]\nticket_id = \"no\"\n\
    requested_at = \"asked\"\nresolved_at = \"done\"\nstatus = \"state\"\ncustomer_name = \"name\"\ncustomer_phone = \"phone\"\n\
    customer_tier = \"tier\"\nis_complaint = \"complaint\"\n\
    [sources.surveys]\nfiles = \"../dumps/s*.csv\"\n[sources.surveys.columns]\nticket_id = \"ticket\"\nanswered_at = \"when\"\n\
    comment = \"said\"\n[sources.surveys.dimensions]\noverall = \"all in all\"\n[follow_up]\nshare = \"100%\"\nnot_within = \"7d\"\n";

/// A dozen customers: two with tickets still open, one asked lately, one whose only ticket was cancelled.
fn desk() -> Tiny {
    let mut tickets = "no,asked,done,state,name,phone,tier,complaint\n".to_owned();
    for n in 1..=12 {
        let done = if n < 3 { "" } else { "2026-09-10 10:00" };
        let state = if n == 12 { "cancelled" } else { "" };
        let (tier, complaint) = (if n < 6 { "vip" } else { "" }, if n > 9 { "yes" } else { "no" });
        writeln!(tickets, "T{n},2026-09-08 10:00,{done},{state},Ann {n},+86 1380000{n:04},{tier},{complaint}").unwrap();
    }
    Tiny::new(SOURCES)
        .with("t.csv", tickets)
        .with("s1.csv", "ticket,when,said,all in all\nT6,2026-09-29 09:00,fine,5\nT7,2026-09-11 09:00,,4\n")
}

#[test]
fn who_cannot_be_called_or_was_asked_lately_is_left_alone() {
    let tiny = desk();
    let (ran, rows) = drawn(&tiny.desk, &["pipelines/p.toml"]);
    let tickets: BTreeSet<&str> = rows.iter().map(|row| row["ticket"].as_str()).collect();
    assert_eq!(tickets, BTreeSet::from(["T3", "T4", "T5", "T7", "T8", "T9", "T10", "T11"]));
    let row = rows.iter().find(|row| row["ticket"] == "T3").unwrap();
    // A spreadsheet runs what begins with a plus sign, so an apostrophe stands before it.
    assert_eq!((row["Customer name"].as_str(), row["Customer phone"].as_str()), ("Ann 3", "'+86 13800000003"));
    assert_eq!((row["Stratum"].as_str(), row["Service ended"].as_str()), ("VIP", "2026-09-10 10:00:00"));
    // Eleven are wanted, of whom three cannot be called.
    assert!(ran.stdout.contains("of stratum"), "{}", ran.stdout);
    let wanted: Vec<&str> = ran.stdout.lines().take(4).collect();
    assert!(wanted[1].split_whitespace().eq(["VIP", "5", "2", "0", "3", "3"]), "{}", wanted[1]);
    assert!(wanted[2].split_whitespace().eq(["Complaint", "2", "0", "0", "2", "2"]), "{}", wanted[2]);
    assert!(wanted[3].split_whitespace().eq(["Other", "4", "0", "1", "6", "3"]), "{}", wanted[3]);
}

#[test]
fn a_list_that_is_filled_in_is_a_dump_of_surveys() {
    let tiny = desk();
    let (_, rows) = drawn(&tiny.desk, &["pipelines/p.toml"]);
    let header: Vec<&String> = rows[0].keys().collect();
    let mut filled = header.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
    for mut row in rows {
        row.insert("when".to_owned(), "2026-09-30 16:00".to_owned());
        row.insert("all in all".to_owned(), "4".to_owned());
        let cells: Vec<&str> = row.values().map(String::as_str).collect();
        write!(filled, "\n{}", cells.join(",")).unwrap();
    }
    tiny.put("s2.csv", filled);
    let output = tiny.review().output;
    assert_eq!(output.table("facts/fact_survey").height(), 2 + 8);
    assert_eq!(output.table("quarantine/surveys").height(), 0);
    // Nobody waits for a call any more, and names and phones are nowhere.
    assert_eq!(output.table("tables/follow_up_due").height(), 0);
    // Parquet is packed, so what stands in it is looked at cell by cell.
    for table in output.tables() {
        let stored = output.table(table);
        for column in stored.names() {
            let told =
                |cell: &Cell| matches!(cell, Cell::Text(text) if text.contains("Ann ") || text.contains("1380000"));
            assert!(!stored.column(&column).iter().any(told), "{table}.{column}");
        }
    }
    let again = drawn(&tiny.desk, &["pipelines/p.toml"]).0.stdout;
    assert!(again.contains("2026 Q3: 0 customers"), "{again}");
}

#[test]
fn a_list_that_is_there_is_not_replaced() {
    let tiny = desk();
    let ran = || tiny.desk.run(&["sample", "pipelines/p.toml", "--out", "calls.csv"]);
    ran().done();
    tiny.desk.write("calls.csv", b"filled in");
    ran().assert_refused(6, &["calls.csv", "--force"]);
    assert_eq!(tiny.desk.read("calls.csv"), b"filled in");
}

#[test]
fn without_customers_there_is_nobody_to_call() {
    let sources = SOURCES.replace("customer_name = \"name\"\ncustomer_phone = \"phone\"\n", "");
    let tiny = Tiny::new(&sources)
        .with("t.csv", "no,asked,done,state,tier,complaint\nT1,2026-09-08 10:00,,,,\n")
        .with("s1.csv", "ticket,when,said,all in all\n");
    let ran = |more: &[&str]| tiny.desk.run(&[&["sample", "pipelines/p.toml"], more].concat());
    ran(&[]).assert_refused(4, &["2026Q3 names a customer", "customer_id"]);
    ran(&["--period", "2026Q2"]).assert_refused(2, &["2026Q2", "nothing to review"]);
    assert!(!tiny.desk.path("output").exists());
}

/// Wednesday, 30 September 2026 at its end; the calendar knows no holidays.
#[test]
fn calls_fall_due_from_the_third_to_the_fifth_working_day_and_after_complaints_within_a_day() {
    let tickets = "no,asked,done,state,name,phone,tier,complaint\n\
        T1,2026-09-21 10:00,2026-09-22 10:00,,a,,,\n\
        T2,2026-09-21 10:00,2026-09-24 10:00,,b,,,\n\
        T3,2026-09-21 10:00,2026-09-29 18:00,,c,,,\n\
        T4,2026-09-21 10:00,2026-09-29 22:00,,d,,,yes\n\
        T5,2026-09-21 10:00,2026-09-30 09:00,,e,,,yes\n\
        T6,2026-09-21 10:00,2026-09-22 10:00,cancelled,f,,,\n\
        T7,2026-09-21 10:00,,,g,,,\n\
        T8,2026-09-21 10:00,2026-09-22 10:00,,h,,,\n\
        T9,2026-06-21 10:00,2026-06-26 10:00,,i,,,\n";
    let tiny = Tiny::new(SOURCES)
        .with("t.csv", tickets)
        .with("s1.csv", "ticket,when,said,all in all\nT8,2026-09-22 12:00,,5\n");
    let due = tiny.review().output.table("tables/follow_up_due");
    let column = |name: &str| due.texts(name);
    // T9 was finished in June and falls due on 3 July, in the quarter; T3 after hours, so the next morning begins it.
    assert_eq!(column("ticket_id"), ["T9", "T1", "T4", "T5", "T2", "T3"]);
    assert_eq!(column("state"), ["overdue", "overdue", "overdue", "due", "due", "ahead"]);
    assert_eq!(column("occasion"), ["service", "service", "complaint", "complaint", "service", "service"]);
    let day = |cell: Option<i64>| cell.map(|at| (at - 1_790_812_800_000_000).div_euclid(DAY));
    assert_eq!(due.ints("due_at").into_iter().map(day).collect::<Vec<_>>(), [-90, -2, -1, 0, 0, 6].map(Some));
    assert_eq!(due.ints("from_at").into_iter().map(day).collect::<Vec<_>>(), [-92, -6, -2, -1, -2, 4].map(Some));
}
