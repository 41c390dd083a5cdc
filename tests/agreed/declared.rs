//! A plan may declare clocks between any two moments of tickets or surveys.

use std::sync::OnceLock;

use super::{OFFICE, desk, of_surveys, tickets};
use crate::support::Review;

const DUMP: &str = "ticket_id,requested_at,dispatched_at,arrived_at,status
A,2026-07-01 09:00,2026-07-01 10:00,2026-07-01 11:30,已解决
B,2026-07-01 09:00,2026-07-01 10:00,2026-07-01 14:00,已解决
C,2026-07-01 09:00,,,处理中
D,2026-07-01 09:00,,2026-07-01 11:00,已解决
E,2026-07-01 09:00,2026-07-01 10:00,,处理中
F,2026-07-01 09:00,2026-07-01 12:00,2026-07-01 11:00,已解决
G,2026-07-01 09:00,2026-07-01 10:00,,已取消
";
const ARRIVAL: &str = "[clocks.arrival]\nfrom = \"dispatched_at\"\nto = \"arrived_at\"\nlabel = \"上门\"\n";
const SLA: &str = "[[sla]]\narrival = \"2h\"\n";

fn arrivals(rest: &str) -> Review {
    desk("as_of = \"2026-07-01\"", &[("tickets", "", DUMP)], &format!("{OFFICE}{ARRIVAL}{rest}")).review()
}

/// With a policy. Made once.
fn with_policy() -> &'static Review {
    static REVIEW: OnceLock<Review> = OnceLock::new();
    REVIEW.get_or_init(|| arrivals(SLA))
}

#[test]
fn a_clock_of_two_own_moments_has_all_its_columns() {
    let review = with_policy();
    let parts = ["due_at", "seconds", "paused_seconds", "outcome", "policy", "over_seconds", "used_percent", "cause"];
    let columns: Vec<String> = parts.iter().map(|part| format!("arrival_{part}")).collect();
    let columns: Vec<&str> = std::iter::once("ticket_id").chain(columns.iter().map(String::as_str)).collect();
    assert_eq!(
        tickets(review, &columns),
        [
            // 1.5 h of 2 h.
            "A|2026-07-01 12:00:00|5400|0|met|sla-1||75|",
            // 4 h of 2 h.
            "B|2026-07-01 12:00:00|14400|0|breached|sla-1|7200|200|late",
            // Nobody has been sent yet.
            "C|||0|running|sla-1|||",
            // Somebody came who was not sent.
            "D|||0|unusable|sla-1|||",
            // Not there when the day ends: 7.5 h of 2 h.
            "E|2026-07-01 12:00:00||0|breached|sla-1|19800||open",
            // There before being sent.
            "F|||0|unusable|sla-1|||",
            "G|||0|cancelled|sla-1|||",
        ]
    );
    let target = tickets(review, &["arrival_target_seconds"]);
    assert_eq!([&target[0], &target[1], &target[3], &target[4]], ["7200", "7200", "", "7200"]);
    assert_eq!(tickets(review, &["arrived_at"])[0], "2026-07-01 11:30:00");
}

#[test]
fn its_attainment_stands_beside_the_others() {
    let columns =
        ["clock", "tickets", "met", "breached", "running", "no_target", "cancelled", "unusable", "attainment"];
    let all = ["period_type", "breakdown"];
    let review = with_policy();
    let rows = review.rows("tables/sla_attainment", &[&all[..], &columns[..]].concat());
    // A is met; B and E are not.
    assert!(rows.contains(&format!("quarter|all|arrival|7|1|2|1|0|1|2|{}", 1.0 / 3.0)), "{rows:?}");
}

#[test]
fn its_own_target_counts_where_no_policy_names_one() {
    let rest = "target = \"90m clock\"\n[[sla]]\nwhen = { status = \"处理中\" }\narrival = \"8h\"\n";
    let columns = ["ticket_id", "arrival_outcome", "arrival_policy", "arrival_target_seconds", "arrival_over_seconds"];
    let rows = tickets(&arrivals(rest), &columns);
    // Just in time; 4 h of 1.5 h; 7.5 h of 8 h when the day ends.
    assert_eq!([&rows[0], &rows[1]], ["A|met|arrival|5400|", "B|breached|arrival|5400|9000"]);
    assert_eq!(rows[4], "E|running|sla-1|28800|");
}

#[test]
fn what_pauses_it_is_told_for_itself() {
    let pauses = "ticket_id,paused_at,resumed_at,reason\nB,2026-07-01 10:30,2026-07-01 13:00,路阻\n\
                  A,2026-07-01 10:30,2026-07-01 11:00,午休\n";
    let rest = format!("{OFFICE}{ARRIVAL}pauses = [\"路阻\"]\n{SLA}");
    let review = desk("", &[("tickets", "", DUMP), ("pauses", "", pauses)], &rest).review();
    let columns = ["arrival_seconds", "arrival_paused_seconds", "arrival_due_at", "arrival_outcome"];
    let rows = tickets(&review, &columns);
    // 4 h less 2.5 h; a lunch break stops nothing.
    assert_eq!([&rows[0], &rows[1]], ["5400|0|2026-07-01 12:00:00|met", "5400|9000|2026-07-01 14:30:00|met"]);
}

#[test]
fn clocks_of_surveys_begin_with_a_moment_of_the_survey_or_of_its_ticket() {
    let surveys = "survey_id,ticket_id,answered_at,called_back_at,overall\n\
                   S1,A,2026-07-01 12:00,2026-07-02 11:45,3\n\
                   S2,B,2026-07-01 15:00,2026-07-02 16:00,1\n\
                   S3,C,2026-07-01 15:00,,1\n\
                   S4,C,2026-07-01 15:00,2026-07-01 16:00,1\n";
    let rest = format!(
        "[sources.surveys.dimensions]\noverall = \"overall\"\n{OFFICE}{ARRIVAL}\
         [clocks.callback]\nfrom = \"answered_at\"\nto = \"called_back_at\"\ntarget = \"1d\"\n\
         [clocks.follow_up]\nfrom = \"arrived_at\"\nto = \"called_back_at\"\ntarget = \"24h clock\"\n"
    );
    let review = desk("as_of = \"2026-07-31\"", &[("tickets", "", DUMP), ("surveys", "", surveys)], &rest).review();
    let of = |clock: &str| {
        let parts = ["due_at", "seconds", "outcome", "policy", "over_seconds"];
        let columns = parts.map(|part| format!("{clock}_{part}"));
        of_surveys(&review, &std::iter::once("survey_id").chain(columns.iter().map(String::as_str)).collect::<Vec<_>>())
    };
    let callback = of("callback");
    assert_eq!(
        callback[..2],
        [
            // 5.5 h and 3.25 h.
            "S1|2026-07-02 12:00:00|31500|met|callback|",
            // 2.5 h and 7.5 h; a day is 9 h.
            "S2|2026-07-02 15:00:00|36000|breached|callback|3600",
        ]
    );
    // 2.5 h on the first day and 22 days of 9 h, of 9 h; an hour.
    assert_eq!(callback[2], "S3|2026-07-02 15:00:00||breached|callback|689400");
    assert_eq!(callback[3], "S4|2026-07-02 15:00:00|3600|met|callback|");
    assert_eq!(
        of("follow_up"),
        [
            // From 11:30 to 11:45 of the next day; from 14:00 to 16:00 of the next day.
            "S1|2026-07-02 11:30:00|87300|breached|follow_up|900",
            "S2|2026-07-02 14:00:00|93600|breached|follow_up|7200",
            // Nobody has come to C: the clock of S3 has not begun, and that of S4 ended without beginning.
            "S3|||running|follow_up|",
            "S4|||unusable|follow_up|",
        ]
    );
}
