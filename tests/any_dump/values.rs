//! Times, numbers and texts as people write them.

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use crate::support::Tiny;

const SOURCES: &str = "[sources.tickets]
files = [\"../dumps/*.csv\"]
missing = [\"无\", \"-\"]
[sources.tickets.columns]
ticket_id = \"单号\"
requested_at = \"报修\"
region = \"地区\"
visits = \"次数\"
branch = \"@file\"";

/// Twenty moments, among them days above 12, midnights and afternoons.
fn moments() -> Vec<NaiveDateTime> {
    let first = NaiveDateTime::parse_from_str("2026-07-01 08:30", "%Y-%m-%d %H:%M").unwrap();
    (0..20).map(|i| first + TimeDelta::minutes(i * 1723)).collect()
}

/// A dump whose times are written in one way.
fn dump(written: impl Fn(NaiveDateTime) -> String) -> String {
    let row = |(i, at): (usize, NaiveDateTime)| format!("T{i:02},\"{}\",,\n", written(at));
    std::iter::once("单号,报修,地区,次数\n".to_owned()).chain(moments().into_iter().enumerate().map(row)).collect()
}

/// `上午8:30`.
fn half_day(at: NaiveDateTime) -> String {
    let (pm, hour) = at.hour12();
    format!("{}{hour}:{:02}", if pm { "下午" } else { "上午" }, at.minute())
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c })
        .collect()
}

#[test]
fn times_in_every_way_are_the_same_times() {
    let format = |format: &'static str| move |at: NaiveDateTime| at.format(format).to_string();
    let utc = |at: NaiveDateTime| (at - TimeDelta::hours(8)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let serial = |at: NaiveDateTime| {
        let seconds = u32::try_from(at.and_utc().timestamp() + 25_569 * 86_400).unwrap();
        format!("{:.6}", f64::from(seconds) / 86_400.0)
    };
    let ways = [
        ("iso", dump(format("%Y-%m-%dT%H:%M:%S"))),
        ("iso_zone", dump(format("%Y-%m-%dT%H:%M:%S+08:00"))),
        ("iso_utc", dump(utc)),
        ("seconds", dump(format("%Y-%m-%d %H:%M:%S"))),
        ("slashes", dump(format("%Y/%-m/%-d %-H:%M"))),
        ("chinese", dump(format("%Y年%-m月%-d日 %-H时%M分"))),
        ("half_day", dump(|at| format!("{} {}", at.format("%Y/%-m/%-d"), half_day(at)))),
        ("american", dump(format("%-m/%-d/%Y %-I:%M %p"))),
        ("european", dump(format("%d-%m-%Y %H:%M"))),
        ("month_name", dump(format("%d-%b-%y %H:%M"))),
        ("compact", dump(format("%Y%m%d%H%M%S"))),
        ("epoch", dump(|at| (at - TimeDelta::hours(8)).and_utc().timestamp().to_string())),
        ("serial", dump(serial)),
        (
            "full_width",
            dump(|at| full_width(&at.format("%Y-%m-%d").to_string()) + &at.format("\u{3000}%H:%M").to_string()),
        ),
        ("weekday", dump(|at| format!("{} ", at.format("\u{a0}%Y.%m.%d %H:%M")))),
    ];
    let tiny = Tiny::new(SOURCES);
    // Numbers of tickets are numbers of their branch, so that no dump supersedes another.
    for (name, text) in &ways {
        tiny.put(&format!("{name}.csv"), text.replace("\nT", &format!("\n{name}-T")));
    }
    let review = tiny.review();
    let rows = review.rows("facts/fact_ticket", &["branch", "ticket_id", "requested_at"]);
    assert_eq!(review.count("tickets", "quarantined"), 0);
    for (name, _) in &ways {
        let found: Vec<&str> = rows
            .iter()
            .filter(|row| row.starts_with(&format!("{name}|")))
            .filter_map(|row| row.rsplit('|').next())
            .collect();
        let expected: Vec<String> = moments().iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_date_with_a_month_name_is_its_midnight() {
    let tiny = Tiny::new(SOURCES).with("a.csv", "单号,报修,地区,次数\n1,26-Aug-23,,\n2,27-Aug-23,,\n");
    let rows = tiny.review().rows("facts/fact_ticket", &["requested_at"]);
    assert_eq!(rows, ["2023-08-26 00:00:00", "2023-08-27 00:00:00"]);
}

#[test]
fn day_and_month_are_told_by_the_whole_column_or_asked_for() {
    let days =
        |from: u32, to: u32| (from..=to).map(|day| format!("T{day},{day:02}/07/2026 08:30,,\n")).collect::<String>();
    let header = "单号,报修,地区,次数\n";
    let tiny = Tiny::new(SOURCES).with("a.csv", format!("{header}{}", days(1, 12)));
    let both = ["a.csv", "\"报修\"", "2026-07-01", "2026-01-07", "%d/%m/%Y", "%m/%d/%Y", "line 8"];
    tiny.refused(4, &both);
    tiny.put("a.csv", format!("{header}{}", days(1, 13)));
    let rows = tiny.review().rows("facts/fact_ticket", &["ticket_id", "requested_at"]);
    assert!(rows.contains(&"T5|2026-07-05 08:30:00".to_owned()), "{rows:?}");
    tiny.put("a.csv", format!("{header}{}", days(1, 12)));
    let format = "requested_at = { column = \"报修\", format = \"%m/%d/%Y %H:%M\" }";
    tiny.desk.edit("pipelines/p.toml", "requested_at = \"报修\"", format);
    let rows = tiny.review().rows("facts/fact_ticket", &["ticket_id", "requested_at"]);
    assert!(rows.contains(&"T5|2026-05-07 08:30:00".to_owned()), "{rows:?}");
}

#[test]
fn a_column_that_begins_late_is_read_as_it_is_written() {
    let empty: String = (0..2_100).map(|i| format!("E{i},2026-07-01 08:30,,\n")).collect();
    let text =
        format!("单号,报修,地区,次数,完成\n{}T1,2026-07-01 08:30,,,2026/7/1 8:30\n", empty.replace(",,\n", ",,,\n"));
    let tiny = Tiny::new(&SOURCES.replace("region = \"地区\"", "resolved_at = \"完成\"")).with("a.csv", &text);
    let review = tiny.review();
    let resolved = review.rows("facts/fact_ticket", &["ticket_id", "resolved_at"]);
    let filled: Vec<&String> = resolved.iter().filter(|row| !row.ends_with('|')).collect();
    assert_eq!(filled, ["T1|2026-07-01 08:30:00"]);
    assert_eq!((review.count("tickets", "used"), review.count("tickets", "quarantined")), (2_101, 0));
    tiny.put("a.csv", text.replace("2026/7/1 8:30", "7/1/2026 8:30"));
    tiny.refused(4, &["\"完成\"", "2026-07-01", "2026-01-07"]);
}

#[test]
fn a_column_of_few_cells_is_read_as_most_of_it_is_written() {
    let row = |i: u32, done: &str| format!("E{i:04},2026-07-01 08:30,,,{done}\n");
    let few: String = (0..2_100).map(|i| row(i, if i < 3 { "2026-07-02" } else { "" })).collect();
    let late = |n: u32| (5_000..5_000 + n).map(|i| row(i, "2026/7/3")).collect::<String>();
    let tiny = Tiny::new(&SOURCES.replace("region = \"地区\"", "resolved_at = \"完成\""));
    for (slashes, used, day) in [(2, 2_100, "2026-07-02"), (4, 2_101, "2026-07-03")] {
        let review = {
            tiny.put("a.csv", format!("单号,报修,地区,次数,完成\n{few}{}", late(slashes)));
            tiny.review()
        };
        let resolved = review.rows("facts/fact_ticket", &["resolved_at"]);
        let expected = format!("{day} 00:00:00");
        let filled: Vec<&String> = resolved.iter().filter(|row| !row.is_empty()).collect();
        assert!(!filled.is_empty() && filled.iter().all(|row| **row == expected), "{slashes}: {filled:?}");
        assert_eq!(review.count("tickets", "used"), used, "{slashes}");
    }
}

#[test]
fn texts_and_numbers_lose_what_nobody_sees() {
    let rows = [
        "\u{a0}Ａ１\u{a0},2026-07-01 08:30,\u{3000}华东\t,２",
        " A2 ,2026-07-01 08:30,无,\"1,234\"",
        "A\u{200b}3,2026-07-01 08:30,－,２次",
        "A4,2026-07-01 08:30, - ,2.0",
    ];
    let text = format!("单号,报修,地区,次数\n{}\n", rows.join("\n"));
    let found = Tiny::new(SOURCES).with("a.csv", text).review();
    let rows = found.rows("facts/fact_ticket", &["ticket_id", "region", "visits"]);
    assert_eq!(rows, ["A1|华东|2", "A2||1234", "A3|－|2", "A4||2"]);
    assert_eq!(found.broken(), Vec::<String>::new());
}

#[test]
fn likert_words_and_scales_are_points() {
    let sources = "[sources.surveys]
files = [\"../dumps/*.csv\"]
[sources.surveys.columns]
staff_id = \"员工\"
answered_at = \"评价时间\"
[sources.surveys.dimensions]
overall = \"总体\"
advocacy = { column = \"推荐\", scale = [0, 10] }
[scores]
words = { 非常满意 = 5, 一般 = 3 }
[quality]
tolerate = 1.0";
    let text = "员工,评价时间,总体,推荐\nE1,2026-07-01 08:30,非常满意,10\nE1,2026-07-01 08:31,一般,5\nE1,2026-07-01 08:32,４分,0\n\
                E1,2026-07-01 08:33,3.5,\nE1,2026-07-01 08:34,还行,1\nE1,2026-07-01 08:35,5,11\n";
    let review = Tiny::surveys(sources).with("a.csv", text).review();
    let rows = review.rows("facts/fact_score", &["dimension", "score"]);
    let of = |dimension: &str| -> Vec<String> {
        rows.iter().filter_map(|row| row.strip_prefix(dimension)?.strip_prefix('|')).map(ToOwned::to_owned).collect()
    };
    assert_eq!(of("overall"), ["5", "3", "4", "3.5"]);
    assert_eq!(of("advocacy"), ["5", "3", "1"]);
    assert_eq!(review.broken(), ["surveys out_of_range error 1", "surveys unparseable error 1"]);
}
