//! Which target a ticket is held to, and when it falls due.

use super::{OFFICE, desk, reviewed, tickets};

const HELD: [&str; 7] = [
    "ticket_id",
    "resolution_policy",
    "resolution_due_at",
    "resolution_target_seconds",
    "resolution_seconds",
    "resolution_outcome",
    "resolution_over_seconds",
];

#[test]
fn policies_with_ranges_are_tried_top_down() {
    let dump = "ticket_id,requested_at,resolved_at,visits,staff_id
A,2026-07-01 09:00,2026-07-01 10:00,2,
B,2026-07-15 09:00,2026-07-15 10:00,3,E1
C,2026-07-10 23:00,2026-07-13 10:00,4,E1
D,2026-07-11 00:00,2026-07-13 10:00,,E1
E,2026-07-31 12:00,2026-07-31 13:00,1,E1
F,2026-08-01 12:00,2026-08-03 13:00,1,E1
G,2026-07-20 12:00,2026-07-20 13:00,1,
";
    let staff = "staff_id,hired_on\nE1,2026-05-01\n";
    let rest = "[[sla]]\nname = \"多次上门\"\nwhen = { visits = { min = 2, max = 3 } }\nresolution = \"8h\"\n\
                [[sla]]\nname = \"七月上旬\"\nwhen = { requested_at = { from = \"2026-07-01\", to = \"2026-07-10\" } }\nresolution = \"6h\"\n\
                [[sla]]\nname = \"新人\"\nwhen = { tenure_months = { max = 2 } }\nresolution = \"5h\"\n\
                [[sla]]\nresolution = \"4h\"\n";
    let review = reviewed(&[("tickets", "", dump), ("staff", "", staff)], &format!("{OFFICE}{rest}"));
    assert_eq!(
        tickets(&review, &["ticket_id", "resolution_policy", "resolution_target_seconds"]),
        [
            // The day would fit the second policy as well.
            "A|多次上门|28800",
            "B|多次上门|28800",
            // Four visits are too many for the first one; the last day is included.
            "C|七月上旬|21600",
            // A minute later it is the 11th; two completed months since 1 May.
            "D|新人|18000",
            "E|新人|18000",
            // The third month is complete.
            "F|sla-4|14400",
            // Without staff no tenure is known, and a range does not hold.
            "G|sla-4|14400",
        ]
    );
}

#[test]
fn what_the_ticket_was_promised_beats_the_policy() {
    let dump = "ticket_id,requested_at,promised_resolution_at,resolved_at
A,2026-07-01 09:00,2026-07-02 12:00,2026-07-02 11:00
B,2026-07-01 09:00,2026-07-02 12:00,2026-07-02 13:00
C,2026-07-01 09:00,2026-07-01 20:00,2026-07-01 22:00
D,2026-07-01 09:00,2026-06-30 12:00,2026-07-01 10:00
E,2026-07-01 09:00,,2026-07-01 14:00
F,2026-07-01 09:00,2026-07-04 12:00,
G,2026-07-01 09:00,2026-07-02 12:00,
";
    let pauses = "ticket_id,paused_at,resumed_at\nB,2026-07-01 10:00,2026-07-01 16:00\n";
    let rest = format!("{OFFICE}[clocks.resolution]\npauses = \"all\"\n[[sla]]\nresolution = \"4h\"\n");
    let dumps = [("tickets", "", dump), ("pauses", "", pauses)];
    let review = desk("as_of = \"2026-07-03\"", &dumps, &rest).review();
    let rows = tickets(&review, &HELD);
    assert_eq!(
        rows,
        [
            // 8.5 h and 3.5 h up to the promise, an hour less was used.
            "A|promised|2026-07-02 12:00:00|43200|39600|met|",
            // A pause does not move a promise.
            "B|promised|2026-07-02 12:00:00|43200|46800|breached|3600",
            // Broken in the night: two hours late, without any working time beyond it.
            "C|promised|2026-07-01 20:00:00|30600|30600|breached|7200",
            // Promised before it was asked for.
            "D|promised||||unusable|",
            "E|sla-1|2026-07-01 13:00:00|14400|18000|breached|3600",
            // On Friday evening the promise for Saturday holds: 8.5 h, 9 h and 9 h; nothing on Saturday.
            "F|promised|2026-07-04 12:00:00|95400||running|",
            // From Thursday noon to the last second of Friday.
            "G|promised|2026-07-02 12:00:00|43200||breached|129599",
        ]
    );
    let percent = tickets(&review, &["resolution_used_percent", "resolution_paused_seconds"]);
    // 11/12 and 13/12, rounded up; late is never 100.
    assert_eq!(percent[..3], ["92|0", "109|0", "101|0"]);
}

#[test]
fn working_days_fall_due_at_the_same_time_or_at_closing() {
    let rows = |priority: &str| {
        format!(
            "A{priority},2026-07-03 16:00,2026-07-07 16:30,{priority}\nB{priority},2026-07-04 10:00,2026-07-08 09:00,{priority}\n"
        )
    };
    let dump = format!("ticket_id,requested_at,resolved_at,priority\n{}{}", rows("1"), rows("2"));
    let rest = format!(
        "{OFFICE}[[sla]]\nwhen = {{ priority = \"1\" }}\nresolution = \"2d\"\n[[sla]]\nresolution = \"2d close\"\n"
    );
    assert_eq!(
        tickets(&reviewed(&[("tickets", "", &dump)], &rest), &HELD),
        [
            // Friday 1.5 h, Monday 9 h, Tuesday 7.5 h; half an hour more was used.
            "A1|sla-1|2026-07-07 16:00:00|64800|66600|breached|1800",
            // Saturday counts from Monday 08:30: due on Wednesday 08:30.
            "B1|sla-1|2026-07-08 08:30:00|64800|66600|breached|1800",
            "A2|sla-2|2026-07-07 17:30:00|70200|66600|met|",
            "B2|sla-2|2026-07-08 17:30:00|97200|66600|met|",
        ]
    );
}

#[test]
fn the_clock_has_a_target_where_no_policy_names_one() {
    let dump = "ticket_id,requested_at,resolved_at,priority
A,2026-07-03 16:00,2026-07-04 15:00,低
B,2026-07-03 16:00,2026-07-04 15:00,高
C,2026-07-03 16:00,2026-07-04 16:01,
";
    let rest = format!(
        "{OFFICE}[clocks.resolution]\ntarget = \"24h clock\"\n[[sla]]\nname = \"加急\"\nwhen = {{ priority = \"高\" }}\nresolution = \"1h\"\n"
    );
    assert_eq!(
        tickets(&reviewed(&[("tickets", "", dump)], &rest), &HELD),
        [
            // 23 h around the clock.
            "A|resolution|2026-07-04 16:00:00|86400|82800|met|",
            // 1.5 h of working time on Friday.
            "B|加急|2026-07-03 17:00:00|3600|5400|breached|1800",
            "C|resolution|2026-07-04 16:00:00|86400|86460|breached|60",
        ]
    );
}
