//! Of a ticket that was reopened both resolutions are kept, and the time it spent closed does not count.

use super::{OFFICE, desk, seen, tickets};
use crate::support::{Review, Tiny};

const HEADER: &str = "ticket_id,requested_at,first_resolved_at,reopened_at,resolved_at,status,reopened";
/// Resolved after 2 h, reopened the next morning, resolved again in the afternoon.
const AGAIN: &str = "R,2026-07-01 09:00,2026-07-01 11:00,2026-07-02 09:00,2026-07-02 15:00,已解决,是";

const FINAL: &str = "";
const FIRST: &str = "[clocks.resolution]\ncounts = \"first\"\n";

/// With four hours to be resolved.
fn dumped(rows: &str, rest: &str) -> Tiny {
    let rest = format!("{OFFICE}[[sla]]\nresolution = \"4h\"\n{rest}");
    desk("as_of = \"2026-07-31\"", &[("tickets", "", &format!("{HEADER}\n{rows}\n"))], &rest)
}

fn clocks(review: &Review) -> Vec<String> {
    let columns = [
        "ticket_id",
        "resolution_seconds",
        "resolution_paused_seconds",
        "resolution_due_at",
        "resolution_outcome",
        "resolution_over_seconds",
    ];
    tickets(review, &columns)
}

fn moments(review: &Review) -> Vec<String> {
    tickets(review, &["first_resolved_at", "reopened_at", "resolved_at"])
}

#[test]
fn the_final_resolution_counts_unless_the_plan_says_the_first() {
    let of = dumped(AGAIN, FINAL).review();
    // 8.5 h and 6.5 h, less 6.5 h and 0.5 h that it was closed; after 11:00 two hours are left, from 09:00 on.
    assert_eq!(clocks(&of), ["R|28800|25200|2026-07-02 11:00:00|breached|14400"]);
    let first = dumped(AGAIN, FIRST).review();
    assert_eq!(clocks(&first), ["R|7200|0|2026-07-01 13:00:00|met|"]);
    let kept = ["2026-07-01 11:00:00|2026-07-02 09:00:00|2026-07-02 15:00:00"];
    assert_eq!((moments(&of), moments(&first)), (kept.map(str::to_owned).into(), kept.map(str::to_owned).into()));
    assert_eq!(of.broken(), Vec::<String>::new());
}

#[test]
fn a_ticket_that_is_open_again_has_no_resolution_that_holds() {
    let open = "O,2026-07-01 09:00,2026-07-01 11:00,2026-07-02 09:00,,处理中,是\n\
                P,2026-07-01 09:00,,2026-07-02 09:00,2026-07-01 11:00,处理中,是";
    let review = seen(&dumped(open, FINAL), "2026-07-02");
    // The dump of P has its one resolution where others have the last one; the reopening undoes it.
    assert_eq!(moments(&review), ["2026-07-01 11:00:00|2026-07-02 09:00:00|"; 2]);
    // 2 h before and 8.5 h after.
    let open_again = "||25200|2026-07-02 11:00:00|breached|23400";
    assert_eq!(clocks(&review), [format!("O{open_again}"), format!("P{open_again}")]);
    let first = seen(&dumped(open, FIRST), "2026-07-02");
    assert_eq!(clocks(&first), ["O|7200|0|2026-07-01 13:00:00|met|", "P|7200|0|2026-07-01 13:00:00|met|"]);
}

#[test]
fn moments_that_contradict_one_another_are_told_and_not_timed() {
    let rows = "X,2026-07-01 09:00,2026-07-01 11:00,2026-07-01 10:00,2026-07-01 15:00,已解决,是\n\
                Y,2026-07-01 09:00,,2026-07-01 12:00,2026-07-01 11:00,已解决,是\n\
                Z,2026-07-01 09:00,2026-07-01 15:00,,2026-07-01 11:00,已解决,是\n\
                W,2026-07-01 09:00,2026-07-01 08:00,2026-07-01 10:00,2026-07-01 11:00,已解决,是";
    let review = dumped(rows, FINAL).review();
    // Reopened before it was resolved; done, and reopened later; resolved for the last time first; before the request.
    assert_eq!(
        tickets(&review, &["ticket_id", "resolution_seconds", "resolution_outcome", "resolution_policy"]),
        ["X", "Y", "Z", "W"].map(|ticket| format!("{ticket}||unusable|sla-1"))
    );
    assert_eq!(review.broken(), ["tickets times_out_of_order warning 4"]);
}

#[test]
fn as_of_every_moment_between_nothing_is_known_of_what_follows() {
    let tiny = dumped(AGAIN, FINAL);
    for (as_of, known, clock) in [
        // An hour is used.
        ("2026-07-01 10:00", "||", "R||0|2026-07-01 13:00:00|running|"),
        // The first resolution is the one that holds.
        ("2026-07-01 12:00", "2026-07-01 11:00:00||2026-07-01 11:00:00", "R|7200|0|2026-07-01 13:00:00|met|"),
        // Reopened for an hour: 3 h are used.
        ("2026-07-02 10:00", "2026-07-01 11:00:00|2026-07-02 09:00:00|", "R||25200|2026-07-02 11:00:00|running|"),
        // An hour over.
        ("2026-07-02 12:00", "2026-07-01 11:00:00|2026-07-02 09:00:00|", "R||25200|2026-07-02 11:00:00|breached|3600"),
        (
            "2026-07-02 16:00",
            "2026-07-01 11:00:00|2026-07-02 09:00:00|2026-07-02 15:00:00",
            "R|28800|25200|2026-07-02 11:00:00|breached|14400",
        ),
    ] {
        let review = seen(&tiny, as_of);
        assert_eq!((moments(&review), clocks(&review)), (vec![known.to_owned()], vec![clock.to_owned()]), "{as_of}");
    }
}

#[test]
fn a_flag_alone_says_neither_when_nor_for_how_long() {
    let rows = "U,2026-07-01 09:00,,,2026-07-02 15:00,已解决,是\nV,2026-07-01 09:00,,,2026-07-01 11:00,已解决,否";
    let review = dumped(rows, FINAL).review();
    // Nobody knows when U was closed, so all 15 h count, and its first resolution is not known.
    assert_eq!(moments(&review), ["||2026-07-02 15:00:00", "2026-07-01 11:00:00||2026-07-01 11:00:00"]);
    let told = clocks(&review);
    assert_eq!(told, ["U|54000|0|2026-07-01 13:00:00|breached|39600", "V|7200|0|2026-07-01 13:00:00|met|"]);
    let first = clocks(&dumped(rows, FIRST).review());
    assert_eq!(first, ["U||0||unusable|".to_owned(), told[1].clone()]);
}
