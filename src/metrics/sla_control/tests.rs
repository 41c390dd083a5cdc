//! Made-up weeks; centre, limits and ratio by numpy, with the formulas written down again.

use polars::prelude::*;

use super::METRIC;
use crate::metrics::testing::{assert_numbers, cells, plan, table};

/// Month, week, met, breached, running. The fifth week lies in two months; the eleventh has none judged, the last one is still
/// filling up.
const REPAIRS: [(&str, &str, usize, usize, usize); 17] = [
    ("2026-01", "2026-W01", 8, 1, 0),
    ("2026-01", "2026-W02", 19, 2, 0),
    ("2026-01", "2026-W03", 20, 2, 0),
    ("2026-01", "2026-W04", 22, 1, 0),
    ("2026-01", "2026-W05", 10, 1, 0),
    ("2026-02", "2026-W05", 3, 0, 0),
    ("2026-02", "2026-W06", 20, 3, 0),
    ("2026-02", "2026-W07", 21, 1, 0),
    ("2026-02", "2026-W08", 18, 1, 0),
    ("2026-02", "2026-W09", 16, 1, 0),
    ("2026-03", "2026-W09", 0, 0, 0),
    ("2026-03", "2026-W10", 5, 19, 0),
    ("2026-03", "2026-W11", 0, 0, 4),
    ("2026-03", "2026-W12", 23, 2, 0),
    ("2026-03", "2026-W13", 20, 1, 0),
    ("2026-03", "2026-W14", 4, 0, 3),
    // After the reviewed time.
    ("2026-07", "2026-W14", 0, 9, 0),
];
const INSTALLATIONS: [(&str, &str, usize, usize, usize); 2] =
    [("2026-01", "2026-W02", 6, 0, 0), ("2026-02", "2026-W06", 0, 0, 1)];

fn tickets() -> DataFrame {
    let of = |kind, rows: &[(&'static str, &'static str, usize, usize, usize)]| {
        let each = |row: &(&'static str, &'static str, usize, usize, usize)| {
            let (month, week, met, breached, running) = *row;
            [("met", met), ("breached", breached), ("running", running)]
                .into_iter()
                .flat_map(move |(outcome, n)| std::iter::repeat_n((month, week, kind, outcome), n))
                .collect::<Vec<_>>()
        };
        rows.iter().flat_map(each).collect::<Vec<_>>()
    };
    let rows = [of("维修", &REPAIRS), of("安装", &INSTALLATIONS)].concat();
    df!(
        "month" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
        "week" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
        "service_type" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
        "resolution_outcome" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
    )
    .unwrap()
}

fn having(table: &DataFrame, member: &str) -> DataFrame {
    table.clone().lazy().filter(col("member").eq(lit(member))).collect().unwrap()
}

#[test]
fn weeks_stand_out_against_all_weeks() {
    let table = table(&METRIC, &plan(), &[("fact_ticket", tickets())]);
    let repairs = having(&table, "维修");
    let weeks = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14"];
    assert_eq!(cells(&repairs, "week"), weeks.map(|week| format!("2026-W{week}")));
    let n = [9, 21, 22, 23, 14, 23, 22, 19, 17, 24, 25, 21, 4];
    assert_eq!(cells(&repairs, "n"), n.map(|n| n.to_string()));
    assert_numbers(&repairs, "center", &[Some(0.854_166_666_666_666_6); 13]);
    assert_numbers(&repairs, "sigma_z", &[Some(1.929_420_837_180_491_7); 13]);
    let tenth = repairs.slice(9, 1);
    assert_numbers(&tenth, "attainment", &[Some(5.0 / 24.0)]);
    assert_numbers(&tenth, "p_low", &[Some(0.638_036_521_653_683)]);
    assert_numbers(&tenth, "low", &[Some(0.437_160_661_335_774_6)]);
    assert_numbers(&tenth, "high", &[Some(1.0)]);
    let signals = cells(&repairs, "signal");
    let found: Vec<_> =
        signals.iter().enumerate().filter(|(_, s)| *s != "null").map(|(at, s)| (at, s.as_str())).collect();
    assert_eq!(found, [(7, "run"), (8, "run"), (9, "beyond")]);
    // The last one is still filling up: 3 of 7 are running.
    let last = repairs.slice(12, 1);
    for (column, expected) in [("attainment", Some(1.0)), ("running", Some(3.0)), ("p_low", None), ("high", None)] {
        assert_numbers(&last, column, &[expected]);
    }
}

#[test]
fn all_are_counted_together_and_a_single_week_has_no_limits() {
    let table = table(&METRIC, &plan(), &[("fact_ticket", tickets())]);
    assert_eq!(cells(&table, "breakdown"), [["all"; 13].as_slice(), &["service_type"; 14]].concat());
    let all = having(&table, "all");
    assert_numbers(&all, "center", &[Some(0.857_723_577_235_772_3); 13]);
    assert_numbers(&all.slice(1, 1), "n", &[Some(27.0)]);
    assert_numbers(&all.slice(1, 1), "low", &[Some(0.454_201_138_614_201_8)]);
    let single = having(&table, "安装");
    assert_numbers(&single, "p_low", &[Some(1.0)]);
    for column in ["sigma_z", "low", "high"] {
        assert_numbers(&single, column, &[None]);
    }
}

#[test]
fn surveys_have_charts_of_their_own() {
    let surveys = df!(
        "month" => ["2026-01", "2026-01", "2026-01"],
        "week" => ["2026-W01", "2026-W02", "2026-W02"],
        "survey_return_outcome" => ["met", "met", "breached"],
    );
    let facts = [("fact_ticket", tickets()), ("fact_survey", surveys.unwrap())];
    let table = table(&METRIC, &plan(), &facts);
    let clocks = cells(&table, "clock");
    assert_eq!(clocks[27..], ["survey_return", "survey_return"]);
    assert_eq!(cells(&table, "n")[27..], ["1", "2"]);
    assert_eq!(cells(&table, "breakdown")[27..], ["all", "all"]);
}
