//! A log of events tells when a ticket waited and when it was closed in between.

use super::{OFFICE, desk, seen, tickets};
use crate::support::{Review, Tiny};

const KEYS: &str = "pending = [\"等待客户\"]\nresolved = [\"已解决\", \"已关闭\"]";
const PAUSES: &str = "[clocks.resolution]\npauses = \"all\"\n";

/// Tickets with four hours to be resolved; `log` is ticket, moment and status of each event.
fn logged(dump: &str, log: &str, rest: &str) -> Tiny {
    let (dump, log) =
        (format!("ticket_id,requested_at,resolved_at\n{dump}"), format!("ticket_id,event_at,status\n{log}"));
    let rest = format!("{OFFICE}[[sla]]\nresolution = \"4h\"\n{rest}");
    desk("as_of = \"2026-07-31\"", &[("tickets", "", &dump), ("pauses", KEYS, &log)], &rest)
}

fn clocks(review: &Review) -> Vec<String> {
    let columns =
        ["ticket_id", "resolution_seconds", "resolution_paused_seconds", "resolution_due_at", "resolution_outcome"];
    tickets(review, &columns)
}

fn closings(review: &Review) -> Vec<String> {
    tickets(review, &["ticket_id", "first_resolved_at", "reopened_at", "resolved_at"])
}

const WAITED: &str = "A,2026-07-01 09:00,2026-07-01 15:00
B,2026-07-01 09:00,2026-07-01 14:00
C,2026-07-01 09:00,
D,2026-07-01 09:00,2026-07-01 12:00
";
/// Of B the two events of each minute stand in the order of the log; the rows of D are not in order.
const WAITS: &str = "A,2026-07-01 09:00,新建
A,2026-07-01 10:00,等待客户
A,2026-07-01 12:00,处理中
A,2026-07-01 13:00,等待客户
A,2026-07-01 13:30,处理中
A,2026-07-01 15:00,已解决
B,2026-07-01 10:00,等待客户
B,2026-07-01 10:00,处理中
B,2026-07-01 11:00,内部转派
B,2026-07-01 11:00,等待客户
B,2026-07-01 12:00,处理中
C,2026-07-01 10:00,等待客户
D,2026-07-01 12:00,处理中
D,2026-07-01 10:30,等待客户
D,2026-07-01 10:00,等待客户
";

#[test]
fn a_ticket_waits_until_its_next_status() {
    let review = logged(WAITED, WAITS, PAUSES).review();
    assert_eq!(
        clocks(&review),
        [
            // 6 h less 2 h and half an hour; the four hours are full at 15:30.
            "A|12600|9000|2026-07-01 15:30:00|met",
            // Nothing at 10:00, an hour from 11:00 on: 5 h less 1 h, just in time.
            "B|14400|3600|2026-07-01 14:00:00|met",
            // Waits to the end of July: 7.5 h and 22 days of 9 h; then 3 h are left, from Monday 3 August on.
            "C||739800|2026-08-03 11:30:00|running",
            // The same status again: 10:00 to 12:00.
            "D|3600|7200|2026-07-01 15:00:00|met",
        ]
    );
    assert_eq!(review.broken(), Vec::<String>::new());
    assert_eq!((review.count("pauses", "read"), review.count("pauses", "used")), (15, 15));
}

#[test]
fn a_wait_seen_from_its_middle_goes_on() {
    let tiny = logged(WAITED, WAITS, PAUSES);
    let early = clocks(&seen(&tiny, "2026-07-01 11:00:00"));
    // An hour is used and an hour waited; what is left of the target is added to the moment.
    assert_eq!(early[0], "A||3600|2026-07-01 14:00:00|running");
    // At 12:30 the wait of 2 h is over: 4 h and 2 h after 09:00.
    assert_eq!(clocks(&seen(&tiny, "2026-07-01 12:30"))[0], "A||7200|2026-07-01 15:00:00|running");
    let review = seen(&tiny, "2026-07-01 10:15");
    // Until then: two events of A, two of B, one of C, one of D.
    let count = |rule| review.count("pauses", rule);
    assert_eq!((count("read"), count("used"), count("left_out")), (15, 6, 9));
}

#[test]
fn rules_look_at_waits_and_leave_other_events_alone() {
    let dump = "A,2026-07-01 09:00,2026-07-01 12:00\nB,2026-07-01 09:00,2026-07-01 12:00\nC,2026-07-01 09:00,2026-07-01 12:00\n";
    // A never stops waiting; B waits before its request; C waits longer than it lasts; Z is unknown, and waits once.
    let log = "A,2026-07-01 10:00,等待客户
B,2026-07-01 08:30,等待客户
B,2026-07-01 09:30,处理中
C,2026-07-01 11:00,等待客户
C,2026-07-01 13:00,处理中
Z,2026-07-01 10:00,等待客户
Z,2026-07-01 11:00,处理中
Z,2026-07-01 11:00,处理中
,2026-07-01 11:00,处理中
C,never,处理中
";
    let tolerant = format!("{PAUSES}[quality]\ntolerate = 1.0\n");
    let review = logged(dump, log, &tolerant).review();
    let rules =
        ["missing_key error 1", "pause_open warning 1", "pause_outside_ticket warning 3", "unparseable error 1"];
    assert_eq!(review.broken(), rules.map(|rule| format!("pauses {rule}")));
    assert_eq!(
        clocks(&review).iter().map(|row| &row[..7]).collect::<Vec<_>>(),
        // 3 h less 10:00–12:00; less 09:00–09:30; less 11:00–12:00.
        ["A|3600|", "B|9000|", "C|7200|"]
    );
    let count = |rule| review.count("pauses", rule);
    assert_eq!((count("read"), count("used"), count("identical"), count("quarantined")), (10, 7, 1, 2));
    let strict = format!("{tolerant}[quality.rules]\npause_outside_ticket = \"error\"\n");
    let strict = logged(dump, log, &strict).review();
    // The three waits are set aside, and stop nothing.
    assert_eq!(strict.count("pauses", "quarantined"), 5);
    assert_eq!(strict.count("pauses", "used"), 4);
    assert!(clocks(&strict)[1].starts_with("B|10800|0|"), "{:?}", clocks(&strict));
}

const CLOSED: &str = "F,2026-07-01 09:00,2026-07-03 10:00
G,2026-07-01 09:00,2026-07-02 10:00
H,2026-07-01 09:00,2026-07-01 11:00
";
const CLOSINGS: &str = "F,2026-07-01 11:00,已解决
F,2026-07-03 09:00,处理中
F,2026-07-03 10:00,已解决
G,2026-07-01 11:00,已解决
G,2026-07-01 12:00,已关闭
G,2026-07-02 09:00,重开
G,2026-07-02 10:00,已解决
H,2026-07-01 11:00,已解决
H,2026-07-01 12:00,已关闭
";

#[test]
fn time_spent_closed_does_not_count() {
    let review = logged(CLOSED, CLOSINGS, "[clocks.resolution]\npauses = []\n").review();
    assert_eq!(
        closings(&review),
        [
            "F|2026-07-01 11:00:00|2026-07-03 09:00:00|2026-07-03 10:00:00",
            "G|2026-07-01 11:00:00|2026-07-02 09:00:00|2026-07-02 10:00:00",
            "H|2026-07-01 11:00:00||2026-07-01 11:00:00",
        ]
    );
    assert_eq!(
        clocks(&review),
        [
            // Closed 6.5 h, 9 h and 0.5 h; 2 h before and 1 h after; two more hours are left from 09:00 on.
            "F|10800|57600|2026-07-03 11:00:00|met",
            // Resolved and then closed is closed all the time: 6.5 h and 0.5 h.
            "G|10800|25200|2026-07-02 11:00:00|met",
            "H|7200|0|2026-07-01 13:00:00|met",
        ]
    );
    assert_eq!(review.broken(), Vec::<String>::new());
}

#[test]
fn the_first_resolution_of_a_log_may_count() {
    let review = logged(CLOSED, CLOSINGS, "[clocks.resolution]\npauses = []\ncounts = \"first\"\n").review();
    let first = "|7200|0|2026-07-01 13:00:00|met";
    assert_eq!(clocks(&review), ["F", "G", "H"].map(|ticket| format!("{ticket}{first}")));
}

#[test]
fn a_reopened_ticket_of_a_log_is_open_until_it_is_resolved_again() {
    let tiny = logged(CLOSED, CLOSINGS, "[clocks.resolution]\npauses = []\n");
    let review = seen(&tiny, "2026-07-03 09:30");
    assert_eq!(closings(&review)[0], "F|2026-07-01 11:00:00|2026-07-03 09:00:00|");
    assert_eq!(clocks(&review)[0], "F||57600|2026-07-03 11:00:00|running");
}

#[test]
fn of_the_events_of_a_minute_the_last_one_holds() {
    let log = "J,2026-07-01 10:00,等待客户\nJ,2026-07-01 10:00,处理中\nJ,2026-07-01 10:00,等待客户\nJ,2026-07-01 12:00,处理中\n";
    let review = logged("J,2026-07-01 09:00,2026-07-01 13:00\n", log, PAUSES).review();
    // Back and forth within a minute, and then it waits until 12:00.
    assert_eq!(clocks(&review), ["J|7200|7200|2026-07-01 15:00:00|met"]);
}
/// As of a moment at which the log shows the ticket as resolved, it is resolved.
#[test]
fn a_ticket_that_is_reopened_later_is_resolved_until_then() {
    let tiny = logged(CLOSED, CLOSINGS, "[clocks.resolution]\npauses = []\n");
    let review = seen(&tiny, "2026-07-02");
    // Closed since 11:00: 2 h were used, and nobody knows of the reopening on Friday.
    assert_eq!(closings(&review)[0], "F|2026-07-01 11:00:00||2026-07-01 11:00:00");
    assert_eq!(clocks(&review)[0], "F|7200|0|2026-07-01 13:00:00|met");
}
