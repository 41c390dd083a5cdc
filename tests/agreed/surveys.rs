//! Surveys come back within a day, and suggestions are answered within five working days.

use super::{OFFICE, desk, of_surveys, seen};
use crate::support::{Review, Tiny};

const TICKETS: &str = "ticket_id,requested_at,resolved_at,status
A,2026-07-01 09:00,2026-07-01 15:00,已解决
B,2026-07-01 09:00,,处理中
C,2026-07-01 09:00,2026-07-03 10:00,已解决
D,2026-07-01 09:00,2026-07-01 15:00,已取消
";
const HEADER: &str = "survey_id,ticket_id,staff_id,evaluator,answered_at,suggestion,suggestion_answered_at,overall";
const DIMENSIONS: &str = "[sources.surveys.dimensions]\noverall = \"overall\"\n[quality]\nsurvey_within = \"30d\"\n";

fn asked(surveys: &str, rest: &str) -> Tiny {
    let surveys = format!("{HEADER}\n{surveys}");
    desk("", &[("tickets", "", TICKETS), ("surveys", "", &surveys)], &format!("{DIMENSIONS}{OFFICE}{rest}"))
}

fn clock(review: &Review, name: &str) -> Vec<String> {
    let parts = ["due_at", "target_seconds", "seconds", "outcome", "policy", "over_seconds", "cause"];
    let columns = parts.map(|part| format!("{name}_{part}"));
    of_surveys(review, &std::iter::once("survey_id").chain(columns.iter().map(String::as_str)).collect::<Vec<_>>())
}

#[test]
fn a_survey_comes_back_within_24_hours_around_the_clock() {
    let surveys = "S1,A,,客户,2026-07-02 15:00:00,,,5
S2,A,,客户,2026-07-02 15:00:01,,,5
S3,B,,客户,2026-07-02 10:00:00,,,5
S4,C,,客户,2026-07-03 09:59:59,,,5
S5,D,,客户,2026-07-02 10:00:00,,,5
S6,,E1,主管,2026-07-02 10:00:00,,,5
S7,Z,,客户,2026-07-02 10:00:00,,,5
";
    let review = asked(surveys, "").review();
    assert_eq!(
        clock(&review, "survey_return"),
        [
            "S1|2026-07-02 15:00:00|86400|86400|met|survey_return||",
            "S2|2026-07-02 15:00:00|86400|86401|breached|survey_return|1|late",
            // Answered though nothing was resolved; before it was resolved.
            "S3||||unusable|survey_return||",
            "S4||||unusable|survey_return||",
            "S5||||cancelled|survey_return||",
            // A survey of a member of staff belongs to no ticket.
            "S6|||||||",
            // The resolution of an unknown ticket is not known.
            "S7||||unusable|survey_return||",
        ]
    );
    assert_eq!(review.broken(), ["surveys survey_without_ticket warning 1"]);
    let columns = ["period_type", "clock", "breakdown", "tickets", "met", "breached", "cancelled", "unusable"];
    let rows = review.rows("tables/sla_attainment", &columns);
    // S6 is not counted at all.
    assert!(rows.contains(&"quarter|survey_return|all|6|1|1|1|3".to_owned()), "{rows:?}");
}

const SUGGESTIONS: &str = "S1,A,,客户,2026-07-01 18:30,多备件,2026-07-09 17:30,5
S2,A,,客户,2026-07-01 16:00,多备件,2026-07-08 17:30,5
S3,A,,客户,2026-07-01 16:00,多备件,2026-07-09 08:31,5
S4,A,,客户,2026-07-01 16:00,,,5
S5,A,,客户,2026-07-01 16:00,多备件,,5
S6,A,,客户,2026-07-01 16:00,多备件,2026-07-01 15:30,5
S7,A,,客户,2026-07-01 16:00,,2026-07-02 16:00,5
S8,,E1,主管,2026-07-01 16:00,多备件,2026-07-02 09:30,5
";

#[test]
fn a_suggestion_is_answered_by_closing_time_of_the_fifth_working_day() {
    let review = asked(SUGGESTIONS, "").review();
    assert_eq!(
        clock(&review, "suggestion_reply"),
        [
            // After closing the day after counts as the first: five more are 3, 6, 7, 8 and 9 July. 6 days of 9 h.
            "S1|2026-07-09 17:30:00|194400|194400|met|suggestion_reply||",
            // 2, 3, 6, 7 and 8 July: 1.5 h and 5 days of 9 h.
            "S2|2026-07-08 17:30:00|167400|167400|met|suggestion_reply||",
            "S3|2026-07-08 17:30:00|167400|167460|breached|suggestion_reply|60|late",
            "S4|||||||",
            // Open to the end of September: 1.5 h and the 22 + 21 + 22 working days after 1 July, less the target.
            "S5|2026-07-08 17:30:00|167400||breached|suggestion_reply|1944000|open",
            // Answered before it was made.
            "S6||||unusable|suggestion_reply||",
            // An answer says that there was something to answer: 1.5 h and 7.5 h.
            "S7|2026-07-08 17:30:00|167400|32400|met|suggestion_reply||",
            "S8|2026-07-08 17:30:00|167400|9000|met|suggestion_reply||",
        ]
    );
}

#[test]
fn as_of_a_day_on_which_nobody_had_answered_the_suggestion_runs() {
    let review = seen(&asked(SUGGESTIONS, ""), "2026-07-08");
    let outcomes = of_surveys(&review, &["survey_id", "suggestion_reply_outcome", "suggestion_answered_at"]);
    let expected = [
        "S1|running|",
        "S2|met|2026-07-08 17:30:00",
        // The target is full at closing, and not exceeded before the next opening.
        "S3|running|",
        "S4||",
        "S5|running|",
    ];
    assert_eq!(outcomes[..5], expected);
    let review = seen(&asked(SUGGESTIONS, ""), "2026-07-09 08:30:30");
    assert_eq!(of_surveys(&review, &["suggestion_reply_outcome"])[..5], ["running", "met", "breached", "", "breached"]);
    assert_eq!(of_surveys(&review, &["suggestion_reply_over_seconds"])[2], "30");
}

#[test]
fn policies_may_ask_who_answered() {
    let surveys = "S1,A,,客户,2026-07-02 21:00,改,2026-07-03 10:00,5
S2,A,,主管,2026-07-02 21:00,改,2026-07-03 10:00,5
S3,A,,,2026-07-02 21:00,改,2026-07-03 10:00,5
";
    let rest = "[[sla]]\nname = \"内部\"\nwhen = { evaluator = [\"主管\", \"质检\"] }\nsurvey_return = \"48h clock\"\n\
                [[sla]]\nresolution = \"4h\"\nsuggestion_reply = \"1h\"\n";
    let review = asked(surveys, rest).review();
    // 30 h after the resolution.
    assert_eq!(
        of_surveys(&review, &["survey_return_outcome", "survey_return_policy", "survey_return_target_seconds"]),
        ["breached|survey_return|86400", "met|内部|172800", "breached|survey_return|86400"]
    );
    // 1.5 h from the opening on; the policy that matches first names no other target, so the usual one stands.
    assert_eq!(
        of_surveys(&review, &["suggestion_reply_outcome", "suggestion_reply_policy", "suggestion_reply_seconds"]),
        ["breached|sla-2|5400", "met|suggestion_reply|5400", "breached|sla-2|5400"]
    );
}
