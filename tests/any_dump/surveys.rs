//! Surveys with a row an answer, and surveys on their own.

use crate::support::{Review, Tiny};

const TICKETS: &str = "[sources.tickets]
files = [\"../dumps/t.csv\"]
[sources.tickets.columns]
ticket_id = \"单号\"
requested_at = \"报修\"
staff_id = \"员工\"
";
const COLUMNS: &str = "survey_id = \"评价号\"
ticket_id = \"单号\"
answered_at = \"评价时间\"
";
const DIMENSIONS: &str = "[sources.surveys.dimensions]
attitude = \"服务态度\"
overall = \"总体\"
advocacy = { column = \"推荐\", scale = [0, 10] }
[scores]
min_n = 2
[quality]
tolerate = \"40%\"
";

/// Survey, ticket, moment, and the answers; empty ones were not given.
const SURVEYS: [[&str; 6]; 6] = [
    ["P1", "T1", "2026-07-01 18:00", "5", "4", "10"],
    ["P2", "T2", "2026-07-02 18:00", "非常满意", "", "0"],
    ["P3", "T3", "2026-07-03 18:00", "3", "3", "5"],
    ["P4", "T1", "2026-07-03 19:00", "4", "5", ""],
    ["P5", "T2", "2026-07-03 20:00", "1", "2", "9"],
    ["P6", "T3", "2026-07-03 21:00", "2", "2", "8"],
];

fn tickets() -> String {
    let row = |i: u32| format!("T{i},2026-07-0{i} 09:00,E{}\n", i % 2);
    std::iter::once("单号,报修,员工\n".to_owned()).chain((1..=3).map(row)).collect()
}

fn wide() -> String {
    let row = |row: &[&str; 6]| row.join(",") + "\n";
    std::iter::once("评价号,单号,评价时间,服务态度,总体,推荐\n".to_owned()).chain(SURVEYS.iter().map(row)).collect()
}

/// The answers of a dimension together, so that those of a survey lie apart.
fn long() -> String {
    let mut text = "评价号,单号,评价时间,项目,分值\n".to_owned();
    for (name, place) in [("服务态度", 3), ("总体", 4), ("推荐", 5)] {
        for row in SURVEYS.iter().filter(|row| !row[place].is_empty()) {
            text += &format!("{},{},{},{name},{}\n", row[0], row[1], row[2], row[place]);
        }
    }
    text
}

fn reviewed(columns: &str, surveys: &str) -> Review {
    let source = "[sources.surveys]\nfiles = [\"../dumps/s.csv\"]\n[sources.surveys.columns]\n";
    let words = "words = { 非常满意 = 5 }\n[quality]";
    let sources = format!("{TICKETS}{source}{COLUMNS}{columns}{}", DIMENSIONS.replace("[quality]", words));
    Tiny::new(&sources).with("t.csv", tickets()).with("s.csv", surveys).review()
}

#[test]
fn long_surveys_give_the_figures_of_wide_ones() {
    let (wide, long) = (reviewed("", &wide()), reviewed("dimension = \"项目\"\nscore = \"分值\"\n", &long()));
    for (table, columns) in [
        ("facts/fact_score", &["survey_id", "dimension", "score", "staff_id"][..]),
        ("facts/fact_survey", &["survey_id", "ticket_id", "answered_at", "staff_id"][..]),
        ("tables/dimension_scores", &["period", "dimension", "breakdown", "member", "n", "mean", "sd", "ci_low"][..]),
    ] {
        let (mut wide, mut long) = (wide.rows(table, columns), long.rows(table, columns));
        wide.sort();
        long.sort();
        assert_eq!(wide, long, "{table}");
        assert!(!wide.is_empty(), "{table}");
    }
    let account = ["read", "used", "folded", "identical", "quarantined"].map(|part| long.count("surveys", part));
    assert_eq!(account, [16, 6, 10, 0, 0]);
    assert_eq!(wide.count("surveys", "folded"), 0);
}

#[test]
fn answers_of_a_long_survey_are_judged_one_by_one() {
    let surveys = "评价号,单号,评价时间,项目,分值\nP1,T1,2026-07-01 18:00,总体,5\nP1,T1,2026-07-01 18:00,推荐,11\n\
                   P1,T1,2026-07-01 18:00,环境,4\nP1,T1,2026-07-01 18:00,,4\nP1,T1,2026-07-01 18:00,总体,5\n\
                   P1,T1,2026-07-01 18:00,总体,3\n";
    let review = reviewed("dimension = \"项目\"\nscore = \"分值\"\n", surveys);
    assert_eq!(review.rows("facts/fact_score", &["survey_id", "dimension", "score"]), ["P1|overall|3"]);
    let expected = [
        "surveys conflicting_duplicate warning 1",
        "surveys missing_key error 1",
        "surveys out_of_range error 1",
        "surveys unknown_value warning 1",
    ];
    assert_eq!(review.broken(), expected);
    let parts = ["read", "used", "folded", "identical", "superseded", "quarantined"];
    assert_eq!(parts.map(|part| review.count("surveys", part)), [6, 1, 1, 1, 1, 2]);
}

#[test]
fn surveys_alone_are_reviewed() {
    let sources = "[sources.surveys]\nfiles = [\"../dumps/s.csv\"]\n[sources.surveys.columns]\nstaff_id = \"单号\"\n\
                   answered_at = \"评价时间\"\n";
    let text = DIMENSIONS.replace("[quality]", "words = { 非常满意 = 5 }\n[quality]");
    let review = Tiny::surveys(&format!("{sources}{text}")).with("s.csv", wide()).review();
    let scores = review.rows("tables/dimension_scores", &["period", "dimension", "breakdown", "n", "mean"]);
    assert!(scores.iter().any(|row| row.starts_with("2026Q3|attitude|all|6|3.33")), "{scores:?}");
    assert_eq!(review.output.table("facts/fact_ticket").height(), 0);
    assert_eq!(review.output.table("tables/sla_attainment").height(), 0);
}
