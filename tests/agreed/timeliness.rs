//! Our timeliness score follows from time used ÷ target, and stands beside the customers' own.

use super::{OFFICE, desk, of_surveys, reviewed, tickets};
use crate::support::{Cell, Review};

/// Requested at 09:00 and resolved so many minutes later.
fn resolved_after(minutes: &[u32]) -> String {
    let row = |(i, after): (usize, &u32)| {
        format!(
            "T{},2026-07-01 09:00,2026-07-01 09:30,2026-07-01 {:02}:{:02},维修,E1\n",
            i + 1,
            9 + after / 60,
            after % 60
        )
    };
    let rows: String = minutes.iter().enumerate().map(row).collect();
    format!("ticket_id,requested_at,first_response_at,resolved_at,service_type,staff_id\n{rows}")
}

const SLA: &str = "[[sla]]\nresolution = \"100m\"\nfirst_response = \"20m\"\n";

fn points(minutes: &[u32], timeliness: &str) -> Vec<String> {
    let dump = resolved_after(minutes);
    tickets(&reviewed(&[("tickets", "", &dump)], &format!("{OFFICE}{SLA}{timeliness}")), &["timeliness_thousandths"])
}

#[test]
fn points_at_each_threshold() {
    // Of 100 minutes: up to 50 far under, up to 80 under, up to 100 as agreed, up to 150 over, then far over.
    let found = points(&[50, 51, 80, 81, 100, 101, 150, 151], "[timeliness]\nclocks = [\"resolution\"]\n");
    assert_eq!(found, ["5000", "4000", "4000", "3000", "3000", "2000", "2000", "1000"]);
}

#[test]
fn thresholds_are_the_plans_and_scores_of_several_clocks_are_averaged() {
    let moved = "[timeliness]\nclocks = \"resolution\"\nfar_over = 2.0\nover = 1.2\nunder = 1.0\nfar_under = 0.9\n";
    assert_eq!(points(&[90, 91, 100, 200, 201], moved), ["5000", "4000", "4000", "2000", "1000"]);
    // 30 of 20 minutes to the response are 2 points; 5 and 1 points for the resolution.
    assert_eq!(points(&[50, 151], ""), ["3500", "1500"]);
}

#[test]
fn an_open_ticket_counts_once_it_is_late() {
    let dump = "ticket_id,requested_at,resolved_at,status\nA,2026-07-01 09:00,,处理中\nB,2026-07-01 16:00,,处理中\n\
                C,2026-07-01 09:00,2026-07-01 09:10,已取消\n";
    let rest = format!("{OFFICE}[[sla]]\nresolution = \"6h\"\n");
    let review = desk("as_of = \"2026-07-01\"", &[("tickets", "", dump)], &rest).review();
    // 8.5 h of 6 h are 142 %; B has used 1.5 h and may still be in time; C was cancelled.
    assert_eq!(tickets(&review, &["timeliness_thousandths"]), ["2000", "", ""]);
}

const SURVEYS: &str = "survey_id,ticket_id,evaluator,answered_at,timeliness,overall
S1,T1,客户,2026-07-02 10:00,4,4
S2,T2,客户,2026-07-02 10:00,4,4
S3,T3,客户,2026-07-02 10:00,2,4
S4,T4,客户,2026-07-02 10:00,3,4
S5,T1,主管,2026-07-02 10:00,1,4
S6,T2,客户,2026-07-02 10:00,,4
";

fn gaps(min_n: u32) -> Review {
    let dump = resolved_after(&[50, 51, 80, 81]);
    let rest = format!(
        "[sources.surveys.dimensions]\ntimeliness = \"timeliness\"\noverall = \"overall\"\n{OFFICE}{SLA}\
         [timeliness]\nclocks = [\"resolution\"]\nevaluators = [\"客户\"]\n[scores]\nmin_n = {min_n}\n"
    );
    reviewed(&[("tickets", "", &dump), ("surveys", "", SURVEYS)], &rest)
}

#[test]
fn the_gap_is_theirs_less_ours() {
    let review = gaps(4);
    let columns = ["survey_id", "timeliness_thousandths", "timeliness_gap_thousandths"];
    assert_eq!(
        of_surveys(&review, &columns),
        // The supervisor is not asked, and S6 has no answer.
        ["S1|5000|-1000", "S2|4000|0", "S3|4000|-2000", "S4|3000|0", "S5||", "S6||"]
    );
    let table = review.output.table("tables/timeliness_gap");
    let rows = review.rows("tables/timeliness_gap", &["period_type", "breakdown", "member", "n", "suppressed"]);
    for breakdown in ["all|all", "service_type|维修", "staff|E1"] {
        let row = rows.iter().position(|row| *row == format!("quarter|{breakdown}|4|false"));
        let row = row.unwrap_or_else(|| panic!("{breakdown} is not in {rows:?}"));
        // Gaps −1, 0, −2, 0: t with 3 degrees of freedom in closed form; all rows are alike, so q is p.
        for (column, expected) in [
            ("our_mean", 4.0),
            ("their_mean", 3.25),
            ("gap", -0.75),
            ("ci_low", -2.273_480_180_829),
            ("ci_high", 0.773_480_180_829),
            ("p", 0.215_169_942_570),
            ("q", 0.215_169_942_570),
        ] {
            let found = &table.column(column)[row];
            assert!(matches!(found, Cell::Double(found) if (found - expected).abs() < 1e-9), "{column}: {found:?}");
        }
    }
}

#[test]
fn few_pairs_are_told_without_figures() {
    let review = gaps(5);
    let columns = ["period_type", "breakdown", "n", "suppressed", "our_mean", "their_mean", "gap", "ci_low", "p", "q"];
    let rows = review.rows("tables/timeliness_gap", &columns);
    assert!(rows.contains(&"quarter|all|4|true||||||".to_owned()), "{rows:?}");
}
