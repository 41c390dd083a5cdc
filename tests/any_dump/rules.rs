//! Every rule: one row that breaks it, next to rows that just do not; and what the plan can make of it.

use crate::support::{Review, Tiny};

/// What each row breaks stands in its number. `OK` is what stands right beside it and breaks nothing.
const TICKETS: &str = "单号,报修,响应,开始,完成,类型,员工,次数
OK1,2026-07-01 09:00,2026-07-01 09:00,2026-07-01 09:00,2026-07-01 09:00,维修,E1,1
OK2,2026-07-10 00:00,2026-07-10 00:00,2026-07-10 09:00,2026-07-10 12:00,维修服务,E2,2
OK3,2026-07-02 09:00,2026-07-03 00:00,,2026-07-03 12:00,,E1,0
OK4,2026-07-02 09:00,,2026-07-02 10:00,2026-07-02 12:00,维修,,
,2026-07-02 09:00,,,,维修,E1,1
FIELDS,2026-07-02 09:00,,,,维修,E1,1,more
NUL,2026-07-02 09:00,,,,维\0修,E1,1
COUNT,2026-07-02 09:00,,,,维修,E1,很多
YEAR,2026-07-02 09:00,,,2031-07-02 12:00,维修,E1,1
HIRED,2026-07-09 23:59,,,2026-07-10 12:00,维修,E2,1
LOST,2026-07-02 09:00,2026-07-02 00:00,,2026-07-02 12:00,维修,E1,1
ORDER,2026-07-02 09:00,,2026-07-02 12:01,2026-07-02 12:00,维修,E1,1
STAFF,2026-07-02 09:00,,,2026-07-02 12:00,维修,E9,1
VALUE,2026-07-02 09:00,,,2026-07-02 12:00,外星,E1,1
TWICE,2026-07-02 09:00,,,2026-07-02 12:00,维修,E1,1
TWICE,2026-07-02 09:00,,,2026-07-02 12:00,维修,E1,2
SAME,2026-07-02 09:00,,,2026-07-02 12:00,维修,E1,1
SAME,2026-07-02 09:00,,,2026-07-02 12:00,维修,E1,1
";
/// `OK2` ends at noon of the 10th; its work began at 09:00.
const SURVEYS: &str = "评价号,单号,时间,总体
OK1,OK2,2026-07-11 12:00,5
OK2,OK2,2026-07-10 09:00,1
OK3,OK4,2026-07-02 13:00,
RANGE,OK2,2026-07-10 13:00,9
EARLY,OK2,2026-07-10 08:59,4
LATE,OK2,2026-07-11 12:01,4
NOBODY,X,2026-07-10 13:00,4
";
const PAUSES: &str = "单号,暂停,恢复
OK2,2026-07-10 09:00,2026-07-10 10:00
OK2,2026-07-10 10:00,2026-07-10 11:00
OK2,2026-07-10 10:30,2026-07-10 12:00
OK4,2026-07-02 09:00,
OK3,2026-07-02 08:59,2026-07-02 10:00
";
const STAFF: &str = "员工,入职\nE1,2020-01-01\nE2,2026-07-10\n";

/// The dumps with a plan that ends in `rules`.
fn reviewed(rules: &str) -> Review {
    let source = |kind: &str, columns: &str| {
        format!("[sources.{kind}]\nfiles = [\"../dumps/{kind}*.csv\"]\n[sources.{kind}.columns]\n{columns}\n")
    };
    let plan = [
        "[review]\nlanguage = \"en\"\n".to_owned(),
        source(
            "tickets",
            "ticket_id = \"单号\"\nrequested_at = \"报修\"\nfirst_response_at = \"响应\"\nstarted_at = \"开始\"\n\
             resolved_at = \"完成\"\nservice_type = \"类型\"\nstaff_id = \"员工\"\nvisits = \"次数\"\n\
             [sources.tickets.values.service_type]\n维修 = \"维修服务\"",
        ),
        source("surveys", "survey_id = \"评价号\"\nticket_id = \"单号\"\nanswered_at = \"时间\""),
        "[sources.surveys.dimensions]\noverall = \"总体\"\n".to_owned(),
        source("pauses", "ticket_id = \"单号\"\npaused_at = \"暂停\"\nresumed_at = \"恢复\""),
        source("staff", "staff_id = \"员工\"\nhired_on = \"入职\""),
        "[clocks.resolution]\npauses = \"all\"\n".to_owned(),
        "[calendars.default]\nweekly = { mon-fri = \"08:30-17:30\" }\nholidays = \"cn\"\n".to_owned(),
        format!("[quality]\ntolerate = 1.0\n[quality.rules]\n{rules}\n"),
    ];
    let tiny = Tiny::whole(&plan.concat());
    for (kind, text) in [("tickets", TICKETS), ("surveys", SURVEYS), ("pauses", PAUSES), ("staff", STAFF)] {
        tiny.put(&format!("{kind}.csv"), text);
    }
    tiny.review()
}

/// Rules about whole rows, which a plan may turn off or into errors, with their source and the row that breaks them.
const ROWS: [(&str, &str, &str); 11] = [
    ("pauses", "pause_open", "OK4,2026-07-02 09:00,"),
    ("pauses", "pause_outside_ticket", "OK3,2026-07-02 08:59,2026-07-02 10:00"),
    ("pauses", "pause_overlapping", "OK2,2026-07-10 10:30,2026-07-10 12:00"),
    ("surveys", "survey_before_service", "EARLY,OK2,2026-07-10 08:59,4"),
    ("surveys", "survey_late", "LATE,OK2,2026-07-11 12:01,4"),
    ("surveys", "survey_without_ticket", "NOBODY,X,2026-07-10 13:00,4"),
    ("tickets", "service_before_hired", "HIRED,2026-07-09 23:59,,,2026-07-10 12:00,维修,E2,1"),
    ("tickets", "time_of_day_lost", "LOST,2026-07-02 09:00,2026-07-02 00:00,,2026-07-02 12:00,维修,E1,1"),
    ("tickets", "times_out_of_order", "ORDER,2026-07-02 09:00,,2026-07-02 12:01,2026-07-02 12:00,维修,E1,1"),
    ("tickets", "unknown_staff", "STAFF,2026-07-02 09:00,,,2026-07-02 12:00,维修,E9,1"),
    ("tickets", "unknown_value", "VALUE,2026-07-02 09:00,,,2026-07-02 12:00,外星,E1,1"),
];
/// Rules about single cells, with the row that breaks them.
const CELLS: [(&str, &str, &str); 3] = [
    ("surveys", "out_of_range", "RANGE,OK2,2026-07-10 13:00,9"),
    ("tickets", "outside_calendar", "YEAR,2026-07-02 09:00,,,2031-07-02 12:00,维修,E1,1"),
    ("tickets", "unparseable", "COUNT,2026-07-02 09:00,,,,维修,E1,很多"),
];
/// Rows that cannot be used, whatever the plan says.
const FATAL: [(&str, &str, &str); 3] = [
    ("tickets", "damaged_row", "NUL,2026-07-02 09:00,,,,维\0修,E1,1"),
    ("tickets", "missing_key", ",2026-07-02 09:00,,,,维修,E1,1"),
    ("tickets", "wrong_fields", "FIELDS,2026-07-02 09:00,,,,维修,E1,1,more"),
];

fn all(severity: &str, rules: &[(&str, &str, &str)]) -> String {
    rules.iter().map(|(_, rule, _)| format!("{rule} = \"{severity}\"\n")).collect()
}

/// Holds that these rules are broken by a row each, at these severities, and that nothing else is.
fn assert_broken(
    review: &Review,
    errors: &[&[(&str, &str, &str)]],
    warnings: &[&[(&str, &str, &str)]],
    conflicts: bool,
) {
    let line =
        |severity: &'static str| move |(source, rule, _): &(&str, &str, &str)| format!("{source} {rule} {severity} 1");
    let mut expected: Vec<String> = errors.iter().copied().flatten().map(line("error")).collect();
    expected.extend(warnings.iter().copied().flatten().map(line("warning")));
    expected.extend(conflicts.then(|| "tickets conflicting_duplicate warning 1".to_owned()));
    expected.sort();
    assert_eq!(review.broken(), expected);
    for source in ["pauses", "surveys", "tickets"] {
        let mine = errors.iter().copied().flatten().filter(|(of, ..)| *of == source);
        let mut rows: Vec<String> = mine.map(|(_, rule, raw)| format!("{rule}: {raw}")).collect();
        rows.sort();
        assert_eq!(review.quarantined(source), rows, "{source}");
    }
}

#[test]
fn each_rule_counts_the_row_that_breaks_it() {
    let review = reviewed("");
    assert_broken(&review, &[&CELLS, &FATAL], &[&ROWS], true);
    let parts = ["read", "used", "identical", "superseded", "quarantined"].map(|part| review.count("tickets", part));
    assert_eq!(parts, [18, 11, 1, 1, 5]);
    let clocks = review.rows("facts/fact_ticket", &["ticket_id", "first_response_outcome", "resolution_outcome"]);
    assert!(clocks.contains(&"LOST|unusable|no_target".to_owned()), "{clocks:?}");
}

#[test]
fn rules_about_rows_can_be_errors() {
    let review = reviewed(&all("error", &ROWS));
    assert_broken(&review, &[&CELLS, &FATAL, &ROWS], &[], true);
    assert_eq!(review.count("tickets", "used"), 6);
}

#[test]
fn rules_can_be_turned_off() {
    let review = reviewed(&(all("off", &ROWS) + "conflicting_duplicate = \"off\""));
    assert_broken(&review, &[&CELLS, &FATAL], &[], false);
    assert_eq!(review.count("tickets", "used"), 11);
}

#[test]
fn cells_can_be_emptied_instead() {
    let review = reviewed(&all("warning", &CELLS));
    assert_broken(&review, &[&FATAL], &[&ROWS, &CELLS], true);
    let rows = review.rows("facts/fact_ticket", &["ticket_id", "resolved_at", "visits"]);
    assert!(rows.contains(&"COUNT||".to_owned()) && rows.contains(&"YEAR||1".to_owned()), "{rows:?}");
    let scores = review.rows("facts/fact_score", &["survey_id", "score"]);
    assert!(!scores.iter().any(|row| row.starts_with("RANGE")), "{scores:?}");
    assert_eq!(review.count("surveys", "used"), 7);
}

/// `rows` tickets under a header, the cells of the last column in turn.
fn tickets(column: &str, id: &str, cells: &[&str]) -> String {
    let row = |(i, cell): (usize, &&str)| format!("{id}{i},2026-07-01 09:00,{cell}\n");
    std::iter::once(format!("单号,报修,{column}\n")).chain(cells.iter().enumerate().map(row)).collect()
}

const VISITS: &str = "[sources.tickets]\nfiles = [\"../dumps/*.csv\"]\n[sources.tickets.columns]\nticket_id = \"单号\"\n\
                      requested_at = \"报修\"\nvisits = \"次数\"\n[quality]\ntolerate = 1.0\n";

#[test]
fn a_column_that_fails_on_most_rows_refuses_the_file() {
    let names: Vec<&str> = std::iter::repeat_n("王五", 7).chain(std::iter::repeat_n("1", 5)).collect();
    let tiny = Tiny::new(VISITS).with("a.csv", tickets("次数", "A", &names));
    tiny.refused(4, &["a.csv", "\"次数\"", "`visits`", "7 of 12 rows", "row 2: \"王五\"", "The header does not match"]);
    // Half of them are bad rows, and said one by one.
    tiny.put("a.csv", tickets("次数", "A", &names[1..]).replacen("王五", "1", 1));
    let review = tiny.review();
    assert_eq!((review.count("tickets", "quarantined"), review.count("tickets", "used")), (5, 6));
    tiny.put("a.csv", tickets("次数", "A", &names));
    tiny.desk.edit(
        "pipelines/p.toml",
        "tolerate = 1.0\n",
        "tolerate = 1.0\n[quality.rules]\nunparseable = \"warning\"\n",
    );
    assert_eq!(tiny.review().broken(), ["tickets unparseable warning 7"]);
}

#[test]
fn columns_that_go_missing_are_told() {
    let tiny = Tiny::new(VISITS)
        .with("a.csv", tickets("次数", "A", &["1"; 10]))
        .with("b.csv", tickets("次数", "B", &[""; 10]))
        .with("c.csv", tickets("上门", "C", &["1"; 10]))
        // Too few rows to tell, and one cell that is filled.
        .with("d.csv", tickets("次数", "D", &[""; 9]))
        .with("e.csv", tickets("次数", "E", &["", "", "", "", "", "", "", "", "", "2"]));
    let review = tiny.review();
    assert_eq!(review.broken(), ["tickets column_emptied warning 10", "tickets column_missing warning 10"]);
    let told: Vec<String> =
        review.quality().into_iter().filter(|l| l.severity == "warning").map(|l| l.column).collect();
    assert_eq!(told, ["visits", "visits"]);
    let off = "tolerate = 1.0\n[quality.rules]\ncolumn_missing = \"off\"\ncolumn_emptied = \"off\"\n";
    tiny.desk.edit("pipelines/p.toml", "tolerate = 1.0\n", off);
    assert_eq!(tiny.review().broken(), Vec::<String>::new());
}

#[test]
fn check_shows_each_rule_with_an_example() {
    let tiny = Tiny::new(VISITS).with("a.csv", tickets("次数", "A", &["1", "1", "1", "许多"]));
    let ran = tiny.check().done();
    for part in ["unparseable", "1 rows", "Unreadable", "a.csv row 5", "visits"] {
        assert!(ran.stdout.contains(part), "{part:?} is not in:\n{}", ran.stdout);
    }
}
