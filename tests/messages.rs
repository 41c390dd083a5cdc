//! What a user reads after a usual mistake in a dump: what is wrong, where, and what to do.

use crate::support::Desk;

/// What a run that fails says.
fn said(desk: &Desk, code: i32) -> String {
    let ran = desk.review(&[], "1");
    assert_eq!(ran.code, Some(code), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    ran.stderr
}

/// A dump of surveys with three answers at these times, all else as the pipeline expects it.
fn surveys(times: [&str; 3]) -> String {
    let header = "评价编号,服务工单号,员工编号,评价主体,评价时间,服务态度,专业能力,问题解决,流程规范性,响应时效(客户评),总体满意度,改进建议";
    let row = |(i, time): (usize, &str)| format!("P9{i},SR20260901001,,客户,{time},4,4,4,4,4,4,\n");
    format!("{header}\n{}", times.into_iter().enumerate().map(row).collect::<String>())
}

/// A dump with a few columns of tickets.
fn tickets(header: &str) -> String {
    format!("{header}\nSR20260901001,2026-09-01 09:00:00,华东,华南\n")
}

#[test]
fn a_renamed_column_is_named_with_the_nearest_one() {
    let desk = Desk::small();
    desk.write("fixtures/tickets-2026-09.csv", tickets("服务工单号,客户提出的时间,区域,网点").as_bytes());
    insta::assert_snapshot!(said(&desk, 4), @r#"
    error: [desk]/pipelines/../fixtures/tickets-2026-09.csv has no column for `requested_at`, which sources.tickets needs.
      The pipeline (line 25) names: 客户提出需求时间, 报修时间.
      The file has in row 1: 服务工单号, 客户提出的时间, 区域, 网点.
      Did you mean "客户提出的时间"?
    "#);
}

#[test]
fn two_columns_of_one_name_are_told_apart_by_their_places() {
    let desk = Desk::small();
    desk.write("fixtures/tickets-2026-09.csv", tickets("服务工单号,客户提出需求时间,区域,区域").as_bytes());
    insta::assert_snapshot!(said(&desk, 4), @r#"
    error: [desk]/pipelines/../fixtures/tickets-2026-09.csv has two columns named "区域" (columns 3 and 4), and the pipeline maps that name.
      Rename one of them.
    "#);
}

#[test]
fn ambiguous_times_are_shown_in_both_readings_with_both_formats() {
    let desk = Desk::small();
    let times = ["05/06/2026 08:30", "07/06/2026 14:05", "11/12/2026 09:00"];
    desk.write("fixtures/surveys-2026-09.csv", surveys(times).as_bytes());
    insta::assert_snapshot!(said(&desk, 4), @r#"
    error: [desk]/pipelines/../fixtures/surveys-2026-09.csv, column "评价时间": day and month cannot be told apart; "05/06/2026 08:30" may be 2026-06-05 or 2026-05-06.
      Give the format in the pipeline (line 90): { column = "评价时间", … } with format = "%d/%m/%Y %H:%M" or format = "%m/%d/%Y %H:%M".
    "#);
}

#[test]
fn one_day_beyond_the_twelfth_settles_the_reading() {
    let desk = Desk::small();
    let times = ["05/06/2026 08:30", "07/06/2026 14:05", "25/06/2026 09:00"];
    desk.write("fixtures/surveys-2026-09.csv", surveys(times).as_bytes());
    let ran = desk.run(&["check"]).done();
    assert!(ran.stdout.contains("answered 2026-06-05 08:30"), "{}", ran.stdout);
}

#[test]
fn times_in_an_unknown_format_are_shown() {
    let desk = Desk::small();
    desk.write("fixtures/surveys-2026-09.csv", surveys(["九月一日 08:30", "九月二日", "九月三日"]).as_bytes());
    insta::assert_snapshot!(said(&desk, 4), @r#"
    error: [desk]/pipelines/../fixtures/surveys-2026-09.csv, column "评价时间": these are not times as we know them, for example "九月一日 08:30", "九月二日", "九月三日".
      Give the format in the pipeline (line 90), for example { column = "评价时间", format = "%d.%m.%Y %H:%M" }.
    "#);
}

#[test]
fn too_many_bad_rows_are_counted_by_source_with_an_example() {
    let desk = Desk::small();
    desk.edit("pipelines/quarterly.toml", "tolerate = \"2%\"", "tolerate = \"0.1%\"");
    insta::assert_snapshot!(said(&desk, 5), @r"
    error: more bad rows than the pipeline tolerates ([quality] tolerate):
      tickets: 5 of 600 rows, more than 0.1 %; for example tickets-2026-04.csv row 110: `requested_at` lies in 2062, and the calendar knows 2018–2026; correct the date, or extend the calendar
      pauses: 9 of 1027 rows, more than 0.1 %; for example pauses.csv row 76: every row of pauses needs `paused_at`
      surveys: 5 of 400 rows, more than 0.1 %; for example surveys-2026-04.csv row 19: a survey needs `ticket_id` or `staff_id`
      staff: 1 of 60 rows, more than 0.1 %; for example staff.csv row 61: `hired_on` expects a date like 2026-07-31, the format of this column of the file
      The rows lie in out/rejected/quarantine, a CSV for each dump: mend them there and feed them again, or raise `tolerate`.
      The previous output is untouched. `aftersales check` lists the rules that the rows break.
    ");
}
