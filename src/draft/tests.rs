//! Whole drafts: from tables as people export them to a pipeline that the plan accepts.

use std::path::Path;

use chrono::NaiveDate;

use super::{Draft, Peek, draft};
use crate::ingest::read::Record;

/// A table from lines with `|` between the cells.
pub fn table(path: &str, sheet: Option<&str>, lines: &[&str]) -> Peek {
    let cells = |line: &&str| line.split('|').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    let rows = lines.iter().skip(1).map(|line| {
        let mut record = Record::default();
        for cell in cells(line) {
            record.push(&cell);
        }
        record
    });
    Peek {
        path: Path::new("/dumps").join(path),
        table: sheet.map(str::to_owned),
        format: if sheet.is_some() { "XLSX" } else { "CSV separated by commas, UTF-8" }.to_owned(),
        header_row: 1,
        header: lines.first().map(cells).unwrap_or_default(),
        rows: rows.collect(),
        complete: true,
    }
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

/// The draft of these tables; the plan must accept it.
pub fn drafted(peeks: &[Peek]) -> Draft {
    let draft = draft(peeks, Path::new("/dumps/pipelines"), day()).unwrap();
    if let Err(errors) = crate::plan::parse(&draft.text, Path::new("/dumps/pipelines/draft.toml")) {
        let problems: Vec<_> = errors.problems().iter().map(|p| format!("{:?} {}", p.line(), p.message())).collect();
        panic!("{problems:#?}\n{}", draft.text);
    }
    draft
}

/// Lines of the draft, comments and blanks between key and value left out.
fn lines(draft: &Draft) -> Vec<String> {
    let plain = |line: &str| {
        let line = line.split("  # ").next().unwrap_or(line);
        line.split_once(" = ").map_or_else(|| line.to_owned(), |(key, value)| format!("{} = {value}", key.trim()))
    };
    draft.text.lines().filter(|line| !line.starts_with('#')).map(plain).collect()
}

#[track_caller]
pub fn has(draft: &Draft, expected: &[&str]) {
    let lines = lines(draft);
    for line in expected {
        assert!(lines.iter().any(|found| found == line), "no `{line}` in\n{}", draft.text);
    }
}

#[test]
fn an_appliance_crm_with_ratings_among_its_tickets() {
    let draft = drafted(&[table(
        "工单.csv",
        None,
        &[
            "服务单号|报修时间|预约上门时间|首次联系时间|上门时间|完工时间|工单状态|服务类型|机型|机身编码|故障现象|服务网点|工程师姓名|工程师工号|服务态度（1-5分）|专业能力|总体满意度|评价时间|是否超时",
            "S1|2026/7/1 8:30|2026/7/2|2026/7/1 9:00|2026/7/2 9:00|2026/7/2 10:00|已完工|维修|KX-1|N1|漏水、异响|西安|王|G1|5|4|5|2026/7/3 8:00|否",
            "S2|2026/7/13 8:30|2026/7/14|2026/7/13 9:00|2026/7/14 9:00|2026/7/14 10:00|已完工|安装|KX-1|N2|漏水|西安|王|G1|满意|非常满意|满意|2026/7/15 8:00|否",
            "S3|2026/7/15 8:30|2026/7/16|2026/7/15 9:00|2026/7/16 9:00|-|转二线|维修|KX-2|N3|异响|成都|李|G2|||||是",
        ],
    )]);
    has(
        &draft,
        &[
            "ticket_id = \"服务单号\"",
            "requested_at = \"报修时间\"",
            "first_response_at = \"首次联系时间\"",
            "started_at = \"上门时间\"",
            "resolved_at = \"完工时间\"",
            "serial_number = \"机身编码\"",
            "fault_codes = { column = \"故障现象\", separator = \"、\" }",
            "branch = \"服务网点\"",
            "staff_id = \"工程师工号\"",
            "staff_name = \"工程师姓名\"",
            "missing = [\"-\"]",
            "carry = [\"是否超时\"]",
            "\"已完工\" = \"resolved\"",
            "\"评价时间\" = { filled = true }",
            "answered_at = \"评价时间\"",
            "attitude = \"服务态度（1-5分）\"",
            "overall = \"总体满意度\"",
            "words = { \"非常满意\" = 5, \"满意\" = 4, \"一般\" = 3, \"不满意\" = 2, \"非常不满意\" = 1 }",
            "same = \"serial_number\"",
            "holidays = \"cn\"",
            "period = \"month\"",
        ],
    );
    assert!(draft.text.contains("预约上门时间") && draft.text.contains("# \"转二线\" = \"\""), "{}", draft.text);
}

#[test]
fn renamed_columns_and_a_roster() {
    let tickets = |path, names: &str| {
        table(
            path,
            None,
            &[
                names,
                "T1|2026-07-01 08:30|2026-07-02 08:30|王五|已关闭",
                "T2|2026-07-03 08:30|2026-07-04 08:30|李四|已关闭",
            ],
        )
    };
    let draft = drafted(&[
        tickets("7月.csv", "工单号|创建时间|解决时间|处理人员|工单状态"),
        tickets("8月.csv", "工单编号|提交时间|完成时间|处理人员|状态"),
        table("花名册.csv", None, &["工号|姓名|班组|入职日期", "G1|王五|一组|2020-01-01", "G2|李四|二组|2026-01-05"]),
    ]);
    has(
        &draft,
        &[
            "ticket_id = [\"工单号\", \"工单编号\"]",
            "requested_at = [\"创建时间\", \"提交时间\"]",
            "resolved_at = [\"解决时间\", \"完成时间\"]",
            "status = [\"工单状态\", \"状态\"]",
            "staff_id = \"处理人员\"",
            // Tickets name people, so the roster is keyed by names, too.
            "staff_id = \"姓名\"",
            "hired_on = \"入职日期\"",
            "bands = [\"0-3m\", \"3-6m\", \"6-12m\", \"1-3y\", \"3y+\"]",
        ],
    );
    let kinds: Vec<_> = draft.sources.iter().map(|s| (s.kind.name(), s.tables)).collect();
    assert_eq!(kinds, [("tickets", 2), ("staff", 1)]);
}

#[test]
fn day_and_month_are_told_by_the_order_of_moments() {
    // With the month first, the second ticket would be solved five months before it was opened.
    let draft = drafted(&[table(
        "t.csv",
        None,
        &[
            "Case Number|Opened Date|Closed Date",
            "C1|03/04/2026 08:30|04/04/2026 09:00",
            "C2|12/06/2026 08:30|01/07/2026 09:00",
        ],
    )]);
    has(
        &draft,
        &[
            "requested_at = { column = \"Opened Date\", format = \"%d/%m/%Y %H:%M\" }",
            "resolved_at = { column = \"Closed Date\", format = \"%d/%m/%Y %H:%M\" }",
        ],
    );
    let doubt = draft.doubts.iter().find(|doubt| doubt.contains("requested_at")).unwrap();
    assert!(doubt.contains("it may be %m/%d/%Y %H:%M (the other reading puts moments out of order)"), "{doubt}");
}

#[test]
fn event_logs_keep_the_latest_row() {
    let log = |id: &str, version: &str, versions: [&str; 6]| {
        let row = |(i, version): (usize, &&str)| format!("INC{}|2026-03-0{}|Closed|{version}", i / 3, i / 3 + 1);
        let rows: Vec<String> = versions.iter().enumerate().map(row).collect();
        let header = format!("{id}|opened_at|incident_state|{version}");
        let mut lines = vec![header.as_str()];
        lines.extend(rows.iter().map(String::as_str));
        drafted(&[table("log.csv", None, &lines)])
    };
    has(
        &log("number", "sys_mod_count", ["0", "1", "2", "0", "4", "5"]),
        &["ticket_id = \"number\"", "latest_by = \"sys_mod_count\""],
    );
    let other = log("incident number", "note", ["0", "1", "2", "0", "4", "5"]);
    assert!(!other.text.contains("latest_by") && other.doubts.iter().any(|d| d.contains("the last one counts")));
}

#[test]
fn event_logs_tell_when_tickets_waited() {
    // Tickets and their events in the same rows.
    let mut rows = vec!["number|incident_state|opened_at|sys_mod_count|sys_updated_at|resolved_at".to_owned()];
    let states = ["New", "Awaiting User Info", "Active", "Resolved"];
    for ticket in 1..=6 {
        for (i, state) in states.iter().enumerate() {
            rows.push(format!(
                "INC{ticket}|{state}|2026-03-0{ticket} 08:00|{i}|2026-03-0{ticket} {:02}:10|2026-03-0{ticket} 11:10",
                8 + i
            ));
        }
    }
    let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
    let draft = drafted(&[table("log.csv", None, &lines)]);
    has(
        &draft,
        &[
            "[sources.pauses]",
            "event_at = \"sys_updated_at\"",
            "status = \"incident_state\"",
            "pending = [\"Awaiting User Info\"]",
            "resolved = [\"Resolved\"]",
            "latest_by = \"sys_mod_count\"",
            "pauses = \"all\"",
        ],
    );
    assert!(draft.doubts.iter().any(|doubt| doubt.starts_with("pauses.pending = [\"Awaiting User Info\"]")));

    // A log of its own beside the tickets.
    let tickets = [
        "工单号|报修时间|首次解决时间|解决时间|重开时间|状态",
        "A|2026-07-01 08:00|2026-07-01 18:00|2026-07-02 09:00|2026-07-02 08:00|已完成",
        "B|2026-07-02 08:00||||处理中",
    ];
    let log = [
        "工单号|状态变更时间|状态",
        "A|2026-07-01 08:00|处理中",
        "A|2026-07-01 09:00|等待客户",
        "A|2026-07-01 17:00|处理中",
        "A|2026-07-01 18:00|已完成",
        "B|2026-07-02 08:00|处理中",
        "B|2026-07-02 08:30|挂起",
    ];
    let draft = drafted(&[table("工单.csv", None, &tickets), table("状态日志.csv", None, &log)]);
    has(
        &draft,
        &[
            "event_at = \"状态变更时间\"",
            "pending = [\"挂起\", \"等待客户\"]",
            "resolved = [\"已完成\"]",
            "first_resolved_at = \"首次解决时间\"",
            "resolved_at = \"解决时间\"",
            "reopened_at = \"重开时间\"",
        ],
    );
}

#[test]
fn replies_to_suggestions_are_found() {
    let draft = drafted(&[
        table("t.csv", None, &["工单号|报修时间|解决时间|状态", "A|2026-07-01|2026-07-02|已完成"]),
        table(
            "s.csv",
            None,
            &[
                "工单号|评价时间|服务态度|总体满意度|改进建议|建议答复时间",
                "A|2026-07-03|5|5|再快一点|2026-07-04 09:00",
            ],
        ),
    ]);
    has(&draft, &["suggestion = \"改进建议\"", "suggestion_answered_at = \"建议答复时间\""]);
}

#[test]
fn long_surveys_and_other_scales() {
    let draft = drafted(&[
        table("t.csv", None, &["ticket id|created at|status", "T1|2026-07-01|open", "T2|2026-07-02|open"]),
        table(
            "s.csv",
            None,
            &[
                "Response ID|Ticket ID|Question|Answer|Response Date",
                "R1|T1|Attitude|4|2026-07-03",
                "R1|T1|How likely are you to recommend us?|9|2026-07-03",
                "R2|T2|Attitude|5|2026-07-04",
                "R2|T2|How likely are you to recommend us?|0|2026-07-04",
            ],
        ),
    ]);
    has(
        &draft,
        &[
            "survey_id = \"Response ID\"",
            "dimension = \"Question\"",
            "score = \"Answer\"",
            "attitude = \"Attitude\"",
            "recommend = { column = \"How likely are you to recommend us?\", scale = [0, 10] }",
        ],
    );
}

#[test]
fn sheets_are_branches_and_a_dashboard_is_left_out() {
    let sheet = |name| {
        let rows = [
            "工单号|报修时间|解决时间|状态",
            "A|2026-07-01 08:00|2026-07-01 09:00|已完成",
            "B|2026-07-02 08:00||处理中",
        ];
        table("客服.xlsx", Some(name), &rows)
    };
    let total = table("客服.xlsx", Some("汇总"), &["网点|工单数|满意度", "西安|2|4.5", "成都|2|4.0"]);
    let draft = drafted(&[total, sheet("西安"), sheet("成都")]);
    has(&draft, &["sheets = [\"西安\", \"成都\"]", "branch = \"@sheet\"", "files = [\"../客服.xlsx\"]"]);
    assert_eq!(draft.left_out, ["客服.xlsx/汇总"]);
}

#[test]
fn surveys_alone_and_pauses() {
    let draft = drafted(&[table(
        "问卷2025.csv",
        None,
        &["被评价人|服务态度|讲解清晰|收费", "王|5|4|很好", "李|1|5|很差劲", "王|3|2|很差劲"],
    )]);
    has(
        &draft,
        &[
            "staff_id = \"被评价人\"",
            "survey_id = \"@row\"",
            "answered_at = { value = \"2025-01-01\" }",
            "price = \"收费\"",
        ],
    );
    assert!(draft.doubts.iter().any(|doubt| doubt.contains("很差劲")), "{:?}", draft.doubts);

    let draft = drafted(&[
        table(
            "t.csv",
            None,
            &["工单号|报修时间|解决时间|状态", "A|2026-07-01|2026-07-02|已完成", "B|2026-07-02||处理中"],
        ),
        table("p.csv", None, &["工单号|挂起时间|恢复时间|挂起原因", "A|2026-07-01 09:00|2026-07-01 10:00|等待备件"]),
    ]);
    has(&draft, &["paused_at = \"挂起时间\"", "reason = \"挂起原因\"", "pauses = \"all\""]);
}

#[test]
fn names_that_tell_nothing_are_guessed_and_marked() {
    let draft = drafted(&[table(
        "x.csv",
        None,
        &[
            "A|B|C|D",
            "K-77|2026-07-02 10:00|2026-07-01 08:00|red",
            "K-12|2026-07-05 10:00|2026-07-03 08:00|red",
            "K-31|2026-07-06 10:00|2026-07-05 08:00|blue",
        ],
    )]);
    has(&draft, &["ticket_id = \"A\"", "requested_at = \"C\"", "resolved_at = \"B\""]);
    assert_eq!(draft.doubts.iter().filter(|doubt| doubt.contains("by what is in it")).count(), 3);
}

#[test]
fn hostile_names_cannot_break_the_file() {
    let draft = drafted(&[table(
        "a\"[x]*.csv",
        None,
        &["工单号\"\\|报修时间\n[x]|状态'#|\u{7}备注 = 1", "A|2026-07-01|关\n闭|", "B|2026-07-02|\"|x"],
    )]);
    assert_eq!(draft.sources.len(), 1);
}

#[test]
fn nothing_to_draft_says_why() {
    let stock = table("stock.csv", None, &["part|price", "a|1", "b|2"]);
    let error = draft(&[stock], Path::new("/dumps"), day()).unwrap_err();
    assert!(
        error.starts_with("no table has a ticket number and a time of request")
            && error.contains("stock.csv has part, price"),
        "{error}"
    );
    assert!(draft(&[], Path::new("/dumps"), day()).unwrap_err().contains("no table was found"));
    assert!(draft(&[table("e.csv", None, &[])], Path::new("/dumps"), day()).is_err());
    drafted(&[table("h.csv", None, &["工单号|报修时间|状态"])]);
}
