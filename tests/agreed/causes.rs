//! A breach is told with what ate its time, worst first.

use std::sync::OnceLock;

use super::{OFFICE, desk, tickets};
use crate::support::Review;

const DUMP: &str = "ticket_id,requested_at,first_response_at,started_at,resolved_at,dispatched_at,arrived_at
K5,2026-07-01 09:00,2026-07-01 09:30,2026-07-01 10:00,,2026-07-01 10:00,
K4,2026-07-01 09:00,2026-07-01 09:30,2026-07-01 10:00,2026-07-01 15:00,,
K3,2026-07-01 09:00,2026-07-01 09:30,2026-07-01 13:00,2026-07-01 14:00,,
K2,2026-07-01 09:00,2026-07-01 12:00,2026-07-01 12:30,2026-07-01 14:00,2026-07-01 10:00,
K1,2026-07-01 09:00,,,,2026-07-01 10:00,2026-07-01 12:00
K0,2026-07-01 09:00,2026-07-01 09:30,2026-07-01 10:00,2026-07-01 13:00,2026-07-01 10:00,2026-07-01 11:00
";
const REST: &str = "[clocks.arrival]\nfrom = \"dispatched_at\"\nto = \"arrived_at\"\ntarget = \"1h\"\n\
                    [[sla]]\nfirst_response = \"1h\"\nstart = \"2h\"\nresolution = \"4h\"\n";

/// As of the end of Thursday: what is open since Wednesday 09:00 has used 17.5 h. Made once.
fn review() -> &'static Review {
    static REVIEW: OnceLock<Review> = OnceLock::new();
    let reviewed = || desk("as_of = \"2026-07-02\"", &[("tickets", "", DUMP)], &format!("{OFFICE}{REST}")).review();
    REVIEW.get_or_init(reviewed)
}

#[test]
fn the_part_that_took_longest_is_the_cause() {
    let review = review();
    let columns = ["ticket_id", "first_response_cause", "start_cause", "resolution_cause", "arrival_cause"];
    assert_eq!(
        tickets(review, &columns),
        [
            // 0.5 h to the response, 0.5 h to the start, the rest is work; sent at 10:00 and not there yet.
            "K5|||handling|open",
            // 0.5 h, 0.5 h and 5 h.
            "K4|||handling|",
            // 0.5 h, 3.5 h and 1 h.
            "K3||waiting|waiting|",
            // 3 h, 0.5 h and 1.5 h; of a ticket that is done nobody noted the arrival, so it is not judged.
            "K2|response|response|response|",
            "K1|no_response|no_response|no_response|late",
            // 1 h, 2 h and 4 h, just in time.
            "K0||||",
        ]
    );
    let parts = ["segment_response_seconds", "segment_waiting_seconds", "segment_handling_seconds"];
    assert_eq!(
        tickets(review, &parts)[..5],
        ["1800|1800|", "1800|1800|18000", "1800|12600|3600", "10800|1800|5400", "||"]
    );
}

#[test]
fn every_breach_is_listed_by_clock_the_worst_first() {
    let columns = ["clock", "ticket_id", "over_seconds", "over_share", "cause", "ended_at"];
    assert_eq!(
        review().rows("tables/sla_breaches", &columns),
        [
            // 16.5 h over 1 h; 2 h over 1 h.
            "first_response|K1|59400|16.5|no_response|",
            "first_response|K2|7200|2|response|2026-07-01 12:00:00",
            // 15.5 h, 2 h and 1.5 h over 2 h.
            "start|K1|55800|7.75|no_response|",
            "start|K3|7200|1|waiting|2026-07-01 13:00:00",
            "start|K2|5400|0.75|response|2026-07-01 12:30:00",
            // 13.5 h, 2 h and 1 h over 4 h; equal ones by number.
            "resolution|K1|48600|3.375|no_response|",
            "resolution|K5|48600|3.375|handling|",
            "resolution|K4|7200|0.5|handling|2026-07-01 15:00:00",
            "resolution|K2|3600|0.25|response|2026-07-01 14:00:00",
            "resolution|K3|3600|0.25|waiting|2026-07-01 14:00:00",
            // From 10:00 on 16.5 h, less the hour; 1 h over.
            "arrival|K5|55800|15.5|open|",
            "arrival|K1|3600|1|late|2026-07-01 12:00:00",
        ]
    );
    let columns = ["clock", "ticket_id", "policy", "started_at", "due_at", "target_seconds", "response_seconds"];
    let rows = review().rows("tables/sla_breaches", &columns);
    assert_eq!(rows[1], "first_response|K2|sla-1|2026-07-01 09:00:00|2026-07-01 10:00:00|3600|10800");
    assert_eq!(rows[10], "arrival|K5|arrival|2026-07-01 10:00:00|2026-07-01 11:00:00|3600|1800");
}
