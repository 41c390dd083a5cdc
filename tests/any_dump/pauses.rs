//! A clock stands still while a ticket waits for somebody else.

use crate::support::{Review, Tiny};

const TICKETS: &str = "单号,报修,完成
A,2026-07-01 09:00,2026-07-01 15:00
B,2026-07-01 09:00,2026-07-01 15:00
C,2026-07-01 09:00,
D,2026-07-01 09:00,2026-07-03 10:00
";

fn reviewed(clock: &str, pauses: &str) -> Review {
    let sources = format!(
        "[sources.tickets]\nfiles = [\"../dumps/t.csv\"]\n[sources.tickets.columns]\nticket_id = \"单号\"\n\
         requested_at = \"报修\"\nresolved_at = \"完成\"\n[sources.pauses]\nfiles = [\"../dumps/p.csv\"]\n\
         [sources.pauses.columns]\nticket_id = \"单号\"\npaused_at = \"暂停\"\nresumed_at = \"恢复\"\nreason = \"原因\"\n[[sla]]\nresolution = \"4h\"\n{clock}"
    );
    Tiny::new(&sources).with("t.csv", TICKETS).with("p.csv", format!("单号,暂停,恢复,原因\n{pauses}")).review()
}

/// Working seconds used, seconds paused, due and outcome.
fn clocks(review: &Review) -> Vec<String> {
    let columns =
        ["ticket_id", "resolution_seconds", "resolution_paused_seconds", "resolution_due_at", "resolution_outcome"];
    review.rows("facts/fact_ticket", &columns)
}

const WAITING: &str = "[clocks.resolution]\npauses = [\"等待客户\"]";

#[test]
fn a_pause_that_counts_makes_a_breach_a_success() {
    let review =
        reviewed(WAITING, "A,2026-07-01 10:00,2026-07-01 13:00,等待客户\nB,2026-07-01 10:00,2026-07-01 13:00,午休\n");
    let rows = clocks(&review);
    assert_eq!(rows[0], "A|10800|10800|2026-07-01 16:00:00|met");
    assert_eq!(rows[1], "B|21600|0|2026-07-01 13:00:00|breached");
    assert_eq!(review.broken(), Vec::<String>::new());
    assert_eq!(review.count("pauses", "used"), 2);
    let all = reviewed("[clocks.resolution]\npauses = \"all\"", "B,2026-07-01 10:00,2026-07-01 13:00,午休\n");
    assert_eq!(clocks(&all)[1], "B|10800|10800|2026-07-01 16:00:00|met");
}

#[test]
fn pauses_count_in_working_time_and_once() {
    // Overnight: 7.5 working hours of the pause lie in 2 July, half an hour in 1 July; both pauses cover the same.
    let review = reviewed(
        WAITING,
        "D,2026-07-01 17:00,2026-07-02 16:00,等待客户\nD,2026-07-01 17:10,2026-07-02 10:00,等待客户\n",
    );
    assert_eq!(clocks(&review)[3], "D|39600|28800|2026-07-01 13:00:00|breached");
    assert_eq!(review.broken(), ["pauses pause_overlapping warning 1"]);
}

#[test]
fn a_pause_without_end_lasts_to_the_end_of_its_ticket() {
    let review = reviewed(WAITING, "A,2026-07-01 11:00,,等待客户\nC,2026-07-01 10:00,,等待客户\n");
    let rows = clocks(&review);
    assert_eq!(rows[0], "A|7200|14400|2026-07-01 17:00:00|met");
    // Open and waiting ever since: an hour is used, and it is not due while it waits.
    assert!(rows[2].starts_with("C||") && rows[2].ends_with("|running"), "{}", rows[2]);
    assert_eq!(review.broken(), ["pauses pause_open warning 1"]);
}

#[test]
fn what_lies_outside_its_ticket_stops_nothing() {
    let pauses = "A,2026-07-01 08:00,2026-07-01 10:00,等待客户\nB,2026-07-01 14:00,2026-07-01 17:00,等待客户\nZ,2026-07-01 09:00,\
                  2026-07-01 10:00,等待客户\nC,2026-07-01 10:00,2026-07-01 09:30,等待客户\n";
    let review = reviewed(WAITING, pauses);
    let rows = clocks(&review);
    assert!(rows[0].starts_with("A|18000|3600|") && rows[1].starts_with("B|18000|3600|"), "{rows:?}");
    assert_eq!(review.broken(), ["pauses pause_outside_ticket warning 4"]);
    let strict = reviewed(
        &format!("{WAITING}\n[quality]\ntolerate = 1.0\n[quality.rules]\npause_outside_ticket = \"error\""),
        pauses,
    );
    assert!(clocks(&strict)[0].starts_with("A|21600|0|"), "{:?}", clocks(&strict));
    assert_eq!(strict.quarantined("pauses")[3], "pause_outside_ticket: Z,2026-07-01 09:00,2026-07-01 10:00,等待客户");
}

#[test]
fn pauses_after_the_moment_are_left_out() {
    let review = reviewed(WAITING, "A,2026-07-01 10:00,2026-07-01 13:00,等待客户\nC,2026-10-02 10:00,,等待客户\n");
    assert_eq!((review.count("pauses", "used"), review.count("pauses", "left_out")), (1, 1));
}
