//! Improvement measures: when they are due, how they stand at a moment, and whom they concern.

use crate::support::Tiny;

const SOURCES: &str = "[sources.tickets]\nfiles = \"../dumps/t.csv\"\n[sources.tickets.columns]\nticket_id = \"no\"\n\
    requested_at = \"asked\"\nresolved_at = \"done\"\nproduct_model = \"model\"\nfault_codes = \"faults\"\n\
    [sources.surveys]\nfiles = \"../dumps/s.csv\"\n[sources.surveys.columns]\nticket_id = \"no\"\nanswered_at = \"when\"\n\
    [sources.surveys.dimensions]\noverall = \"overall\"\n\
    [sources.actions]\nfiles = \"../dumps/a.csv\"\n[sources.actions.columns]\naction_id = \"id\"\ntarget = \"against\"\n\
    created_on = \"from\"\ndue_on = \"until\"\ndue_days = \"days\"\nstatus = \"state\"\ncompleted_on = \"done\"\nverified_on = \"checked\"\n";

const TICKETS: &str = "no,asked,done,model,faults\n\
    T1,2026-08-03 10:00,2026-08-04 10:00,M1,leak\n\
    T2,2026-08-03 10:00,2026-08-04 10:00,M1,noise;leak\n\
    T3,2026-08-03 10:00,2026-08-04 10:00,M2,leak\n\
    T4,2026-08-03 10:00,2026-09-11 10:00,M1,leak\n\
    T5,2026-03-03 10:00,2026-03-04 10:00,M1,leak\n\
    T6,2026-08-03 10:00,,M1,leak\n";

fn desk(actions: &str) -> Tiny {
    Tiny::new(SOURCES)
        .with("t.csv", TICKETS)
        .with("s.csv", "no,when,overall\nT1,2026-08-05 10:00,5\nT2,2026-08-05 10:00,3\nT2,2026-09-15 10:00,4\nT4,2026-09-12 10:00,4\n")
        .with("a.csv", format!("id,against,from,until,days,state,done,checked\n{actions}"))
}

/// Two departments and a measure of nobody.
#[test]
fn open_and_overdue_measures_are_counted_by_department() {
    let sources = SOURCES.replace("target = \"against\"\n", "target = \"against\"\ndepartment = \"who\"\n");
    let actions = "id,against,who,from,until,days,state,done,checked\n\
        A1,leak,R&D,2026-09-01,,15,进行中,,\n\
        A2,leak,R&D,2026-09-01,2026-09-11,,已完成,2026-09-15,\n\
        A3,leak,R&D,2026-09-01,2026-09-11,,已闭环,2026-09-10,2026-09-20\n\
        A4,leak,,2026-09-01,2026-09-29,,未启动,,\n\
        A5,leak,HR,2026-09-01,2026-12-29,,效果验证中,2026-09-15,\n";
    let tiny = Tiny::new(&sources)
        .with("t.csv", TICKETS)
        .with("s.csv", "no,when,overall\nT1,2026-08-05 10:00,5\n")
        .with("a.csv", actions);
    let status = tiny.review().output.table("tables/action_status");
    let counts = [
        "measures",
        "not_started",
        "under_way",
        "done",
        "verifying",
        "closed",
        "overdue",
        "overdue_workdays",
        "completed_late",
    ]
    .map(|name| status.ints(name));
    let rows = (0..status.height()).map(|row| counts.each_ref().map(|column| column[row].unwrap()));
    let members = status.texts("breakdown").into_iter().zip(status.texts("member"));
    let rows: Vec<String> =
        members.zip(rows).map(|((by, member), counts)| format!("{by} {member} {counts:?}")).collect();
    assert_eq!(
        rows,
        [
            "all all [5, 1, 1, 1, 1, 1, 2, 7, 1]",
            "department (none) [1, 1, 0, 0, 0, 0, 1, 1, 0]",
            "department HR [1, 0, 0, 0, 1, 0, 0, 0, 0]",
            "department R&D [3, 0, 1, 1, 0, 1, 1, 6, 1]",
        ]
    );
}

/// Seen at the end of Wednesday, 30 September 2026; Saturdays and Sundays are closed.
#[test]
fn measures_stand_as_they_do_at_the_moment() {
    let tiny = desk(
        "A1,leak,2026-09-01,,15,进行中,,\n\
         A2,leak,2026-09-01,2026-09-11,,已完成,2026-09-15,\n\
         A3,leak,2026-09-01,2026-09-11,,closed,2026-09-10,2026-10-05\n\
         A4,leak,2026-09-01,2026-09-29,,done,2026-10-02,\n\
         A5,leak,,2026-09-30,,,,\n\
         A6,leak,2026-10-01,2026-10-09,,未启动,,\n",
    );
    let output = tiny.review().output;
    let actions = output.table("facts/fact_action");
    assert_eq!(actions.texts("action_id"), ["A1", "A2", "A3", "A4", "A5"]);
    // What happened in October has not happened; a measure without a day or a state has not begun.
    assert_eq!(actions.texts("state"), ["under_way", "done", "verifying", "under_way", "not_started"]);
    let day = |day: Option<i64>| day.map(|day| day - 20_726);
    let due: Vec<Option<i64>> = actions.ints("due_on").into_iter().map(day).collect();
    // 20726 is 30 September: fifteen working days after the 1st are the 22nd.
    assert_eq!(due, [Some(-8), Some(-19), Some(-19), Some(-1), Some(0)]);
    assert_eq!(
        actions.ints("completed_on").into_iter().map(day).collect::<Vec<_>>(),
        [None, Some(-15), Some(-20), None, None]
    );
    assert_eq!(actions.ints("overdue_workdays"), [Some(6), Some(2), Some(0), Some(1), Some(0)]);
    let ran = tiny.check();
    assert!(
        ran.stdout.lines().any(|line| line.split_whitespace().eq(["actions", "6", "5", "0", "0", "0", "1"])),
        "{}",
        ran.stdout
    );
}

#[test]
fn customers_are_called_again_within_a_week_after_a_measure() {
    let calls = |actions: &str| {
        let due = desk(actions).review().output.table("tables/follow_up_due");
        let rows = due.texts("action_id").into_iter().zip(due.texts("ticket_id")).zip(due.texts("state"));
        let again = rows.filter(|((action, _), _)| !action.is_empty());
        again.map(|((action, ticket), state)| format!("{action} {ticket} {state}")).collect::<Vec<_>>()
    };
    // T1 answered before the measure and is asked again; T2 has answered since, T3 is another model; T4 was finished after the
    // first measure and before the second, T5 long before, T6 not at all.
    assert_eq!(calls("A1,M1×leak,2026-08-20,2026-09-10,,done,2026-09-10,\n"), ["A1 T1 overdue"]);
    assert_eq!(
        calls("A1,leak,2026-08-20,2026-09-30,,done,2026-09-25,\n"),
        ["A1 T1 due", "A1 T2 due", "A1 T3 due", "A1 T4 due"]
    );
    assert_eq!(calls("A1,noise,2026-08-20,2026-09-30,,进行中,,\n"), [""; 0]);
    assert_eq!(calls("A1,overall,2026-08-20,2026-09-10,,done,2026-09-10,\n"), [""; 0]);
}

#[test]
fn a_state_that_nobody_knows_is_told() {
    let ran = desk("A1,leak,2026-09-01,2026-09-11,,fast,,\n").check();
    assert!(ran.stdout.contains("unknown_value") && ran.stdout.contains("fast"), "{}", ran.stdout);
}

#[test]
fn a_plan_of_improvements_is_recognised() {
    let tiny = desk("");
    tiny.put("改进方案.csv", "措施编号,改进对象,改进措施,责任部门,责任人,制定日期,完成时限,状态,完成日期\nA1,漏水,换密封圈,质量部,周*,2026-07-01,2026-08-01,进行中,\n");
    let ran = tiny.desk.run(&["init", "dumps/t.csv", "dumps/改进方案.csv", "-o", "pipelines/drafted.toml"]).done();
    let drafted = String::from_utf8(tiny.desk.read("pipelines/drafted.toml")).unwrap();
    assert!(drafted.contains("[sources.actions]") && drafted.contains("completed_on"), "{drafted}\n{}", ran.stdout);
    tiny.desk.run(&["check", "pipelines/drafted.toml"]).done();
}
