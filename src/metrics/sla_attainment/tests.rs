//! Made-up tickets and surveys, counted by hand; intervals and tests by other tools.

use polars::prelude::*;

use super::METRIC;
use crate::metrics::testing::{assert_numbers, cells, plan, table};

/// Month, service type, outcome (none where the clock does not apply), number of rows.
type Rows = (&'static str, &'static str, Option<&'static str>, usize);

const MET: Option<&str> = Some("met");
const BREACHED: Option<&str> = Some("breached");

const TICKETS: &[Rows] = &[
    ("2026-03", "维修", MET, 4),
    ("2026-03", "维修", BREACHED, 6),
    ("2026-04", "维修", MET, 5),
    ("2026-04", "维修", BREACHED, 1),
    ("2026-05", "维修", MET, 4),
    ("2026-05", "维修", BREACHED, 2),
    ("2026-05", "安装", Some("running"), 1),
    ("2026-07", "维修", BREACHED, 9),
];

/// The last ones without a suggestion.
const SURVEYS: &[Rows] = &[
    ("2026-03", "维修", MET, 1),
    ("2026-03", "维修", BREACHED, 2),
    ("2026-04", "维修", MET, 3),
    ("2026-04", "维修", BREACHED, 1),
    ("2026-04", "安装", None, 2),
];

fn fact(clock: &str, rows: &[Rows]) -> DataFrame {
    let each: Vec<_> = rows.iter().flat_map(|row| std::iter::repeat_n(row, row.3)).collect();
    let seconds = |row: &&Rows| (row.2 == MET).then_some(60_i64);
    df!(
        "month" => each.iter().map(|row| row.0).collect::<Vec<_>>(),
        "service_type" => each.iter().map(|row| row.1).collect::<Vec<_>>(),
        format!("{clock}_outcome") => each.iter().map(|row| row.2).collect::<Vec<_>>(),
        format!("{clock}_seconds") => each.iter().map(seconds).collect::<Vec<_>>(),
    )
    .unwrap()
}

fn facts() -> [(&'static str, DataFrame); 2] {
    [("fact_ticket", fact("resolution", TICKETS)), ("fact_survey", fact("suggestion_reply", SURVEYS))]
}

#[test]
fn clocks_of_tickets_and_surveys_are_counted_side_by_side() {
    let table = table(&METRIC, &plan(), &facts());
    let columns = ["period", "clock", "member", "tickets", "met", "running"].map(|name| cells(&table, name));
    let rows: Vec<String> =
        (0..table.height()).map(|row| columns.each_ref().map(|c| c[row].as_str()).join(" ")).collect();
    let expected = [
        "2026-03 resolution all 10 4 0",
        "2026-03 resolution 维修 10 4 0",
        "2026-03 suggestion_reply all 3 1 0",
        "2026-03 suggestion_reply 维修 3 1 0",
        "2026-04 resolution all 6 5 0",
        "2026-04 resolution 维修 6 5 0",
        // Installations had no suggestions: their surveys are not counted.
        "2026-04 suggestion_reply all 4 3 0",
        "2026-04 suggestion_reply 维修 4 3 0",
        "2026-05 resolution all 7 4 1",
        "2026-05 resolution 安装 1 0 1",
        "2026-05 resolution 维修 6 4 0",
        "2026Q1 resolution all 10 4 0",
        "2026Q1 resolution 维修 10 4 0",
        "2026Q1 suggestion_reply all 3 1 0",
        "2026Q1 suggestion_reply 维修 3 1 0",
        "2026Q2 resolution all 13 9 1",
        "2026Q2 resolution 安装 1 0 1",
        "2026Q2 resolution 维修 12 9 0",
        "2026Q2 suggestion_reply all 4 3 0",
        "2026Q2 suggestion_reply 维修 4 3 0",
    ];
    assert_eq!(rows, expected);
}

/// Origin: statsmodels 0.15.0 `confint_proportions_2indep(..., method="newcomb")` and `proportions_ztest`, scipy 1.17.1
/// `false_discovery_control` over the ten changes of the table, five of them twice.
#[test]
fn changes_have_an_interval_and_a_share_in_the_q_values() {
    let table = table(&METRIC, &plan(), &facts());
    let april = (Some(-0.056_600_638_673_920_57), Some(0.702_412_415_444_918_8), Some(0.241_001_839_412_035_18));
    let may = (Some(-0.557_962_641_110_414), Some(0.295_329_520_953_677_8), Some(0.504_985_075_093_845_6));
    let second = (Some(-0.052_805_988_946_315_83), Some(0.632_276_718_336_457_9), april.2);
    let reply = (Some(-0.225_680_778_374_866_6), Some(0.756_787_687_049_546_4), Some(0.337_861_731_002_123_24));
    let no = (None, None, None);
    let expected =
        [no, no, no, no, april, april, reply, reply, may, no, may, no, no, no, no, second, no, second, reply, reply];
    assert_numbers(&table, "change_low", &expected.map(|e| e.0));
    assert_numbers(&table, "change_high", &expected.map(|e| e.1));
    assert_numbers(&table, "change_q", &expected.map(|e| e.2));
}

#[test]
fn facts_without_clocks_make_no_rows() {
    let frame = df!("month" => ["2026-04"], "service_type" => ["维修"]).unwrap();
    let found = table(&METRIC, &plan(), &[("fact_ticket", frame)]);
    assert_eq!(found.height(), 0);
    let [tickets, surveys] = facts();
    assert_eq!(table(&METRIC, &plan(), &[tickets]).height(), 12);
    assert_eq!(table(&METRIC, &plan(), &[surveys]).height(), 8);
}
