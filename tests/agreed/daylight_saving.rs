//! Where clocks are changed, real seconds count, and odd moments mean the earlier of two.
//!
//! In Berlin clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25; both are Sundays.

use super::{desk, of_surveys, tickets};
use crate::support::Tiny;

const ZONE: &str = "time_zone = \"Europe/Berlin\"";
const ALWAYS: &str = "[calendars.default]\nweekly = \"always\"\n[[sla]]\nresolution = \"2h clock\"\n";
const TICKETS: &str = "ticket_id,requested_at,resolved_at\n\
                       A,2026-03-29 01:30,2026-03-29 03:30\n\
                       B,2026-03-29 02:30,2026-03-29 04:00\n\
                       C,2026-10-25 02:30,2026-10-25 03:30\n\
                       D,2026-10-25 01:30,2026-10-25 04:00\n";

fn berlin(rest: &str) -> Tiny {
    desk(ZONE, &[("tickets", "", TICKETS)], &format!("{ALWAYS}{rest}"))
}

#[test]
fn real_seconds_count_and_odd_moments_are_told() {
    let review = berlin("").review();
    let columns =
        ["ticket_id", "resolution_seconds", "resolution_due_at", "resolution_outcome", "resolution_over_seconds"];
    assert_eq!(
        tickets(&review, &columns),
        [
            // An hour is skipped: 1 h; two real hours later the wall shows 04:30.
            "A|3600|2026-03-29 04:30:00|met|",
            // 02:30 does not exist: the clock starts at the change, which is 03:00.
            "B|3600|2026-03-29 05:00:00|met|",
            // 02:30 comes twice: from the first one it is 2 h to 03:30.
            "C|7200|2026-10-25 03:30:00|met|",
            // 2.5 h on the wall and the hour that comes twice; two hours later the wall shows 02:30 for the second time.
            "D|12600|2026-10-25 02:30:00|breached|5400",
        ]
    );
    assert_eq!(review.broken(), ["tickets clock_change warning 2"]);
}

#[test]
fn the_rule_can_set_rows_aside_or_be_turned_off() {
    let strict = berlin("[quality]\ntolerate = 1.0\n[quality.rules]\nclock_change = \"error\"\n").review();
    assert_eq!(tickets(&strict, &["ticket_id"]), ["A", "D"]);
    assert_eq!(
        strict.quarantined("tickets"),
        ["clock_change: B,2026-03-29 02:30,2026-03-29 04:00", "clock_change: C,2026-10-25 02:30,2026-10-25 03:30"]
    );
    let quiet = berlin("[quality.rules]\nclock_change = \"off\"\n").review();
    assert_eq!(quiet.broken(), Vec::<String>::new());
    assert_eq!(tickets(&quiet, &["resolution_seconds"]), ["3600", "3600", "7200", "12600"]);
}

#[test]
fn a_shift_over_the_change_is_an_hour_shorter_or_longer() {
    let dump = "ticket_id,requested_at,resolved_at\n\
                A,2026-03-28 20:00,2026-03-29 08:00\n\
                B,2026-10-24 20:00,2026-10-25 08:00\n\
                C,2026-10-31 20:00,2026-11-01 08:00\n";
    let review =
        desk(ZONE, &[("tickets", "", dump)], "[calendars.default]\nweekly = { sun = \"00:00-06:00\" }\n").review();
    // Sundays from midnight to six: 5 h in spring, 7 h in autumn, else 6 h.
    assert_eq!(tickets(&review, &["ticket_id", "resolution_seconds"]), ["A|18000", "B|25200", "C|21600"]);
    assert_eq!(review.broken(), Vec::<String>::new());
}

#[test]
fn pauses_and_surveys_fall_under_the_rule_too() {
    let dump = "ticket_id,requested_at,resolved_at\n\
                A,2026-10-25 01:00,2026-10-25 05:00\n\
                B,2026-10-24 22:00,2026-10-25 01:30\n";
    let pauses = "ticket_id,paused_at,resumed_at\nA,2026-10-25 02:30,2026-10-25 03:30\n";
    let surveys = "survey_id,ticket_id,answered_at,suggestion,suggestion_answered_at,overall\n\
                   S1,B,2026-10-25 02:30,,,5\n\
                   S2,B,2026-10-25 01:45,改,2026-10-25 02:15,5\n\
                   S3,B,2026-10-25 03:00,,,5\n";
    let rest = "[sources.surveys.dimensions]\noverall = \"overall\"\n[calendars.default]\nweekly = \"always\"\n\
                [clocks.resolution]\npauses = \"all\"\n[clocks.suggestion_reply]\ntarget = \"1h\"\n";
    let review = desk(ZONE, &[("tickets", "", dump), ("pauses", "", pauses), ("surveys", "", surveys)], rest).review();
    // From 01:00 to 05:00 five hours pass; the pause lasts from the first 02:30 on, two hours.
    let told = ["ticket_id", "resolution_seconds", "resolution_paused_seconds"];
    assert_eq!(tickets(&review, &told), ["A|10800|7200", "B|12600|0"]);
    // The first 02:30 is an hour after 01:30; 03:00 is 2.5 h after it.
    assert_eq!(
        of_surveys(&review, &["survey_id", "survey_return_seconds", "suggestion_reply_seconds"]),
        ["S1|3600|", "S2|900|1800", "S3|9000|"]
    );
    assert_eq!(review.broken(), ["pauses clock_change warning 1", "surveys clock_change warning 2"]);
}
