//! Who comes back: first-time fix and the times to repeats, counted by hand.

use crate::support::Tiny;

const SOURCES: &str = "[sources.tickets]\nfiles = \"../dumps/t.csv\"\n[sources.tickets.columns]\nticket_id = \"no\"\n\
    requested_at = \"asked\"\nresolved_at = \"done\"\nstatus = \"state\"\nserial_number = \"unit\"\nfault_codes = \"faults\"\n\
    staff_id = \"staff\"\nvisits = \"visits\"\nreopened = \"again\"\n\
    [defects]\nsame = \"serial_number\"\nrepeat_within_days = 20\n[breakdowns]\nfixes = [\"staff\"]\n";

/// Seen at the end of 30 September 2026: what was resolved after the 10th is too young.
const TICKETS: &str = "no,asked,done,state,unit,faults,staff,visits,again\n\
    T1,2026-07-01 08:00,2026-07-02 08:00,,U1,leak,A,1,\n\
    T2,2026-07-12 08:00,2026-07-13 08:00,,U1,leak;noise,A,1,\n\
    T3,2026-08-10 09:00,2026-08-11 08:00,,U1,leak,B,1,\n\
    T4,2026-07-01 08:00,2026-07-02 08:00,,U2,leak,B,2,\n\
    T5,2026-07-01 08:00,2026-07-02 08:00,,U3,leak,B,1,yes\n\
    T6,2026-07-01 08:00,2026-07-02 08:00,,U4,,B,,\n\
    T7,2026-09-20 08:00,2026-09-21 08:00,,U5,leak,A,3,\n\
    T8,2026-07-01 08:00,2026-07-02 08:00,cancelled,U6,leak,A,1,\n\
    T9,2026-07-01 08:00,,,U7,leak,A,1,\n";

#[test]
fn a_fix_holds_if_nobody_comes_back_in_time() {
    let fixes = Tiny::new(SOURCES).with("t.csv", TICKETS).review().output.table("tables/first_time_fix");
    let column = |name: &str| fixes.ints(name).into_iter().map(|n| n.unwrap().to_string()).collect::<Vec<_>>();
    let quarter = fixes.texts("period_type").into_iter().zip(fixes.texts("breakdown")).zip(fixes.texts("member"));
    let counts = ["tickets", "censored", "again", "returned", "fixed_first_time"].map(column);
    let rows: Vec<String> = quarter
        .enumerate()
        .filter(|(_, ((kind, _), _))| kind == "quarter")
        .map(|(row, ((_, by), member))| {
            format!("{by} {member} {}", counts.each_ref().map(|c| c[row].clone()).join(" "))
        })
        .collect();
    // T1 came back after ten days; T2 after 28, too late; T4 took two visits, T5 was reopened; T3 and T6 held. T7 is too
    // young, T8 was cancelled, T9 is open.
    assert_eq!(
        rows,
        [
            "all all 7 1 2 1 3",
            "staff A 3 1 0 1 1",
            "staff B 4 0 2 0 2",
            // T2 counts under both of its faults, T6 under none.
            "fault_code leak 6 1 2 1 2",
            "fault_code noise 1 0 0 0 1",
        ]
    );
}

/// T2 comes back within 20 days of T1, T4 within 20 of T2, T3 in between with something else.
#[test]
fn the_third_visit_for_the_same_is_told() {
    let tickets = "no,asked,done,state,unit,faults,staff,visits,again\n\
        T1,2026-07-01 08:00,2026-07-02 08:00,,U1,leak,A,1,\n\
        T2,2026-07-12 08:00,2026-07-13 08:00,,U1,leak;noise,B,1,\n\
        T3,2026-07-14 08:00,2026-07-15 08:00,,U1,smell,A,1,\n\
        T4,2026-07-20 08:00,2026-07-21 08:00,,U1,leak;noise,B,1,\n\
        T5,2026-07-28 08:00,2026-07-29 08:00,,U1,leak,,1,\n\
        T6,2026-09-28 08:00,,,U1,leak,A,1,\n";
    let chains = Tiny::new(SOURCES).with("t.csv", tickets).review().output.table("tables/repeat_chains");
    let columns = ["fault_code", "ticket_id", "chain_of", "repeat_of", "staff_id"].map(|name| chains.texts(name));
    let rows = (0..chains.height()).map(|row| columns.each_ref().map(|column| column[row].clone()).join(" "));
    assert_eq!(rows.collect::<Vec<_>>(), ["leak T5 T1 T4 ", "leak T4 T1 T2 B"]);
    assert_eq!(chains.ints("chain_visit"), [Some(4), Some(3)]);
}

#[test]
fn times_run_until_somebody_comes_back_or_nobody_looks_any_more() {
    let times = Tiny::new(SOURCES).with("t.csv", TICKETS).review().output.table("tables/repeat_times");
    let rows = times.texts("member").into_iter().zip(times.ints("day")).zip(times.ints("at_risk")).zip(times.ints("n"));
    let rows: Vec<String> = rows
        .map(|(((member, day), at_risk), n)| format!("{member} {} {} {}", day.unwrap(), at_risk.unwrap(), n.unwrap()))
        .collect();
    // T1 came back after ten days, T2's leak after 28 days and an hour. T7 was watched for nine days, so it is not at risk any
    // more; T8 was cancelled.
    assert_eq!(rows, ["all 10 6 7", "all 28 5 7", "leak 10 5 6", "leak 28 4 6"]);
    let stayed: Vec<f64> = times
        .column("stayed_share")
        .into_iter()
        .map(|cell| match cell {
            crate::support::Cell::Double(share) => share,
            other => panic!("{other:?}"),
        })
        .collect();
    for (stayed, expected) in stayed.iter().zip([5.0 / 6.0, 4.0 / 6.0, 4.0 / 5.0, 3.0 / 5.0]) {
        assert!((stayed - expected).abs() < 1e-12, "{stayed}");
    }
}
