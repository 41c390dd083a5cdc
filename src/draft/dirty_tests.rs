//! Drafts of dirty dumps: numbers that clash, days as numbers, words for times, logs in no order.

use super::tests::{drafted, has, table};
use super::{Draft, Peek};
use crate::ingest::read::{Native, Record};

fn doubts(draft: &Draft, expected: &[&str]) {
    for part in expected {
        assert!(draft.doubts.iter().any(|doubt| doubt.contains(part)), "no doubt with `{part}` in {:#?}", draft.doubts);
    }
}

fn lacks(draft: &Draft, unwanted: &[&str]) {
    for part in unwanted {
        assert!(!draft.text.contains(part), "`{part}` in\n{}", draft.text);
    }
}

/// The same cells, those that look like numbers as a spreadsheet holds numbers.
fn with_numbers(peek: Peek) -> Peek {
    let number = |record: &Record| {
        let mut numbered = Record::default();
        for cell in record.iter() {
            let native = if cell.parse::<f64>().is_ok() { Native::Number } else { Native::Text };
            numbered.push_as(cell, native);
        }
        numbered
    };
    Peek { rows: peek.rows.iter().map(number).collect(), ..peek }
}

const HEADER: &str = "Work Order|Date Opened|Date Closed|Technician|Survey Result";

fn sheet(name: &str, rows: &[&str]) -> Peek {
    table("w.xlsx", Some(name), &[&[HEADER], rows].concat())
}

#[test]
fn numbers_that_begin_anew_on_each_sheet_make_no_key() {
    let web = sheet("Web", &["1|2026-07-01|2026-07-02|Ann|5", "2|2026-07-03|2026-07-04|Bob|4"]);
    let net = ["1|2026-07-05|2026-07-06|Cid|3", "2|2026-07-01|2026-07-02|Dan|2"];
    let draft = drafted(&[web, sheet("Net", &net)]);
    let key = "ticket_id    = { columns = [\"@sheet\", \"Work Order\"], join = \"-\" }  # UNSURE: numbers 1, 2 stand";
    assert!(
        draft.text.contains(key) && draft.text.matches("[\"@sheet\", \"Work Order\"]").count() == 2,
        "{}",
        draft.text
    );
    doubts(&draft, &["tickets.ticket_id", "surveys.ticket_id"]);

    // Once within a sheet, too: only the time tells them apart.
    let web = sheet("Web", &["1|2026-07-01|2026-07-02|Ann|5", "2|2026-07-03|2026-07-04|Bob|4"]);
    let net = ["1|2026-07-05|2026-07-06|Cid|3", "1|2026-07-08|2026-07-09|Dan|2"];
    let draft = drafted(&[web, sheet("Net", &net)]);
    has(&draft, &["ticket_id = { columns = [\"Work Order\", \"Date Opened\"], join = \"-\" }"]);

    // The same numbers in another file are a late dump, and a ticket that is carried over to another sheet is one ticket.
    let july = ["A1|2026-07-01||Ann|", "A2|2026-07-03|2026-07-04|Bob|4"];
    let carried = sheet("Aug", &["A1|2026-07-01|2026-08-02|Ann|5", "A3|2026-08-05|2026-08-06|Cid|3"]);
    lacks(&drafted(&[sheet("Jul", &july), carried]), &["join"]);
    let late = table("v.xlsx", Some("Jul"), &[&[HEADER], &["A1|2026-08-09|2026-08-10|Eve|1"][..]].concat());
    lacks(&drafted(&[sheet("Jul", &july), late]), &["join"]);
}

#[test]
fn numbers_that_others_refer_to_alone_stay_and_are_named() {
    let tickets = table(
        "t.csv",
        None,
        &["工单号|报修时间|解决时间|客户编号", "7|2026-07-01|2026-07-02|A", "7|2026-07-05|2026-07-06|B"],
    );
    let surveys = table("s.csv", None, &["评价编号|工单号|评价时间|总体满意度", "1001|7|2026-07-08|5"]);
    let draft = drafted(&[tickets, surveys]);
    lacks(&draft, &["join"]);
    doubts(&draft, &["tickets.ticket_id = \"工单号\": 单号 7 在同一文件中似指不同的工单"]);
}

#[test]
fn days_as_numbers_of_a_spreadsheet_are_times() {
    let rows = ["C1|43990.5|43991", "C2|43992|43993.25", "C3|43995|43999"];
    let draft = drafted(&[with_numbers(table("c.xlsx", Some("S"), &[&["编号|日期|完成日期"], &rows[..]].concat()))]);
    has(&draft, &["requested_at = \"日期\"", "resolved_at = \"完成日期\""]);
    let draft = drafted(&[with_numbers(table("c.xlsx", Some("S"), &[&["编号|B|客户电话"], &rows[..]].concat()))]);
    has(&draft, &["requested_at = \"B\""]);
    doubts(&draft, &["requested_at = \"B\": 按内容推断"]);
    // A span of time, and an amount, are no days.
    let other = with_numbers(table(
        "c.xlsx",
        Some("S"),
        &[&["编号|报修时间|处理时长(秒)"], &["C1|2026-07-01|43990", "C2|2026-07-02|43991"][..]].concat(),
    ));
    lacks(&drafted(&[other]), &["= \"处理时长(秒)\""]);
}

#[test]
fn words_for_no_time_are_missing_and_totals_are_no_rows() {
    let sheet = |status: &str| {
        let row = |id: &str, end: &str| format!("{id}|2026-07-01 08:00|{end}|{status}|E1|维修");
        let rows = [
            row("F1", "2026-07-02 08:00"),
            row("F2", "未解决"),
            row("F3", "昨天下午"),
            row("F4", "未解决"),
            row("F5", "2026-07-05 09:00"),
        ];
        let header = "工单号|报修时间|解决时间|状态|员工编号|服务类型".to_owned();
        let below = ["合计|4||||".to_owned(), "审核人：|||制表人：李梅||".to_owned()];
        let lines: Vec<String> = [header].into_iter().chain(rows).chain(below).collect();
        drafted(&[table("t.xlsx", Some("S"), &lines.iter().map(String::as_str).collect::<Vec<_>>())])
    };
    let draft = sheet("已关闭");
    has(&draft, &["missing = [\"未解决\"]", "resolved_at = \"解决时间\""]);
    doubts(&draft, &["“解决时间”中的“未解决”不是时间"]);
    assert!(draft.text.contains("XLSX，5 行") && !draft.text.contains("李梅"), "{}", draft.text);
    // A state must not vanish because a time has the same word.
    let draft = sheet("未解决");
    lacks(&draft, &["missing"]);
    doubts(&draft, &["“未解决”不是时间，但别的列也用此词"]);
}

/// A log of five tickets with three events each, the rows in the order of `order`.
fn log(version: &str, order: &[usize]) -> Draft {
    let row = |i: &usize| {
        let (ticket, event) = (i / 3, i % 3);
        let status = ["新建", "处理中", "已关闭"].get(event).copied().unwrap_or_default();
        let end = if event == 2 { format!("2026-07-0{} 15:00", ticket + 1) } else { String::new() };
        format!("F{ticket}|{status}|2026-07-0{d} 1{event}:00|{}|2026-07-0{d} 10:00|{end}", event + 1, d = ticket + 1)
    };
    let header = format!("工单编号|状态|操作时间|{version}|报修时间|解决时间");
    let lines: Vec<String> = [header].into_iter().chain(order.iter().map(row)).collect();
    drafted(&[table("log.csv", None, &lines.iter().map(String::as_str).collect::<Vec<_>>())])
}

#[test]
fn logs_are_ordered_by_what_counts_and_times_of_events_are_no_moments() {
    let shuffled: Vec<usize> = (0..15).map(|i| i * 7 % 15).collect();
    let draft = log("版本", &shuffled);
    has(&draft, &["latest_by = \"版本\"", "requested_at = \"报修时间\"", "resolved_at = \"解决时间\""]);
    lacks(&draft, &["started_at", "\"操作时间\"", "join"]);
    doubts(&draft, &["“操作时间”逐行不同"]);
    doubts(&log("步", &shuffled), &["tickets.latest_by = \"步\": 每个工单内从 1 数起"]);
}

#[test]
fn logs_that_only_a_time_orders_are_ordered_by_it() {
    let sorted = log("", &(0..15).collect::<Vec<_>>());
    lacks(&sorted, &["latest_by"]);
    doubts(&sorted, &["各行正按时间先后排列"]);
    let reversed = log("", &(0..15).rev().collect::<Vec<_>>());
    has(&reversed, &["latest_by = \"操作时间\""]);
    doubts(&reversed, &["tickets.latest_by = \"操作时间\": 各行未按此时间排列"]);
}

#[test]
fn days_and_clocks_in_two_columns_are_joined() {
    let rows = ["1|2026-07-01|8:30|2026-07-01|9:30", "2|2026-07-02|10:15|2026-07-03|11:00"];
    let draft = drafted(&[table("t.csv", None, &[&["单号|报修日期|报修时刻|完成日期|完成时刻"], &rows[..]].concat())]);
    has(
        &draft,
        &[
            "ticket_id = \"单号\"",
            "requested_at = { columns = [\"报修日期\", \"报修时刻\"], join = \" \" }",
            "resolved_at = { columns = [\"完成日期\", \"完成时刻\"], join = \" \" }",
            "resolution = \"24h\"",
        ],
    );
    doubts(&draft, &["只是 1、2、3", "日期和时刻分在两列"]);
}

#[test]
fn files_that_differ_are_said_to() {
    let header = "ticket id|created at|resolved at|sla met";
    let one = table("2024.csv", None, &[&header.replace("sla met", "on_time"), "A1|2024-07-01|2024-07-02|yes"]);
    let rows = ["A2|2025-07-01|2025-07-02|yes", "A3|2026-07-01|2026-07-02|no"];
    let others = ["2025.csv", "2026.csv"].iter().zip(rows).map(|(path, row)| table(path, None, &[header, row]));
    let draft = drafted(&[one].into_iter().chain(others).collect::<Vec<_>>());
    has(&draft, &["carry = [\"sla met\"]"]);
    doubts(&draft, &["\"on_time\" never stands beside \"sla met\""]);

    // No solution in the second one, and hardly a column in common.
    let xian = table("a.csv", None, &["工单号|报修时间|解决时间|客户编号", "X1|2026-07-01|2026-07-02|C1"]);
    let chengdu = table(
        "b.csv",
        None,
        &["报修单号|受理日期|关闭时间|型号|渠道|城市|备注", "Y1|2026-07-01|2026-07-03|M|电话|成都|无"],
    );
    let draft = drafted(&[xian, chengdu]);
    has(&draft, &["resolved_at = [\"解决时间\", \"关闭时间\"]"]);
    doubts(&draft, &["b.csv 没有解决时间，以关闭时间代替", "a.csv 与 b.csv 的列差别很大"]);
}

#[test]
fn sheets_that_rename_the_request_or_the_staff() {
    let rows = |id: &str| {
        [format!("{id}1|2026-07-01 08:00|王|C1|已关闭|M1|西安"), format!("{id}2|2026-07-02 09:00|李|C2|处理中|M2|成都")]
    };
    let month = |sheet: &str, header: &str, id: &str| {
        let lines: Vec<String> = [header.to_owned()].into_iter().chain(rows(id)).collect();
        table("月报.xlsx", Some(sheet), &lines.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let july = month("7月", "工单号|报修时间|工程师|客户编号|状态|型号|网点", "A");
    let draft = drafted(&[
        july,
        month("8月", "工单号|报障时点|处理人|客户编号|状态|型号|网点", "B"),
        month("9月", "工单号|报修日期时间|工程师|客户编号|状态|型号|网点", "C"),
    ]);
    has(
        &draft,
        &["requested_at = [\"报修时间\", \"报修日期时间\", \"报障时点\"]", "staff_id = [\"处理人\", \"工程师\"]"],
    );
    doubts(&draft, &["按内容推断", "各文件以不同的列记姓名"]);
    let other =
        table("月报.xlsx", Some("8月"), &["工单号|时点|备注", "B1|2026-08-01 08:00|x", "B2|2026-08-02 08:00|y"]);
    doubts(
        &drafted(&[month("7月", "工单号|报修时间|工程师|客户编号|状态|型号|网点", "A"), other]),
        &["8月 有单号，但看不出报修时间"],
    );
    // Nothing to take: said, for a run would stop.
    let blank = table("b.csv", None, &["工单号|解决时间|工程师|状态", "A|2026-07-01|王|已关闭"]);
    let full = table("a.csv", None, &["工单号|报修时间|解决时间|工程师|状态", "B|2026-07-01|2026-07-01|王|已关闭"]);
    doubts(&drafted(&[full, blank]), &["b.csv 没有可作 requested_at 的列"]);
}

#[test]
fn surveys_of_two_forms_are_not_one() {
    let long = ["评价编号|工单号|评价时间|评价维度|得分", "P1|A|2026-07-03|服务态度|4", "P1|A|2026-07-03|专业能力|5"];
    let wide = ["评价编号|工单号|评价时间|服务态度|总体满意度", "Q1|A|2026-07-03|4|5"];
    let draft = drafted(&[table("明细.csv", None, &long), table("调查.csv", None, &wide)]);
    assert_eq!(draft.left_out, ["调查.csv"]);
    doubts(&draft, &["调查.csv 也是评价"]);
}

#[test]
fn who_resolved_comes_before_who_is_assigned() {
    let rows = ["ticket id|created at|assigned_to|resolved by", "A|2026-07-01|Ann|Bob", "B|2026-07-02|Ann|Cid"];
    let draft = drafted(&[table("t.csv", None, &rows)]);
    has(&draft, &["staff_id = \"resolved by\""]);
    doubts(&draft, &["staff_id"]);
    assert!(draft.text.contains("# t.csv: CSV separated by commas, UTF-8, 2 rows"), "{}", draft.text);
}

#[test]
fn the_creation_comes_before_the_dispatch() {
    let rows = [
        "T1|2026-07-01 09:00|2026-07-01 08:00|2026-07-02 10:00",
        "T2|2026-07-03 09:00|2026-07-03 08:00|2026-07-04 10:00",
    ];
    let draft = drafted(&[table("t.csv", None, &[&["工单号|派工时间|创建时间|完成时间"], &rows[..]].concat())]);
    has(&draft, &["requested_at = \"创建时间\""]);
    lacks(&draft, &["= \"派工时间\""]);
    let draft = drafted(&[table(
        "t.csv",
        None,
        &[&["工单号|派工时间|x|完成时间"], &["T1|2026-07-01 09:00||2026-07-02 10:00"][..]].concat(),
    )]);
    has(&draft, &["requested_at = \"派工时间\""]);
}

#[test]
fn three_moments_make_a_ticket() {
    let rows = [
        "C-1|2026-07-01 08:00|2026-07-01 09:00|2026-07-02 10:00|5|4",
        "C-2|2026-07-03 08:00|2026-07-03 09:00|2026-07-04 10:00|4|4",
    ];
    for number in ["Case #", "Ticket #", "#", "Zettel"] {
        let header = format!("{number}|Opened|First Response|Resolved|Rating|Attitude");
        let draft = drafted(&[table("t.csv", None, &[&[header.as_str()], &rows[..]].concat())]);
        has(&draft, &[&format!("ticket_id = \"{number}\""), "requested_at = \"Opened\""]);
    }
}

#[test]
fn files_with_names_of_their_own_are_read_by_them() {
    let rows = |number: &str| -> Vec<String> {
        (1..=4)
            .map(|i| format!("{number}{i}|2026-07-0{i} 08:00|2026-07-0{i} 09:00|2026-07-0{i} 10:00|North|5"))
            .collect()
    };
    let file = |name: &str, number: &str, header: &str| {
        let rows = rows(number);
        table(name, None, &[&[header], &rows.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat())
    };
    let draft = drafted(&[
        file("a.csv", "A", "Case ID|Opened|First Response|Resolved|Group|Rating"),
        file("b.csv", "B", "Case ID|Opened|First Reply|Solved|Team Name|CSAT"),
        file("c.csv", "C", "Case ID|Opened|Zuerst|Fertig|Team Name|CSAT"),
    ]);
    has(
        &draft,
        &[
            "resolved_at = [\"Resolved\", \"Solved\", \"Fertig\"]",
            "first_response_at = [\"First Response\", \"First Reply\", \"Zuerst\"]",
            "branch = [\"Group\", \"Team Name\"]",
        ],
    );
    doubts(&draft, &["tickets.resolved_at", "its surveys are not read"]);
}

#[test]
fn formulas_without_values_are_named() {
    let mut peek = table("t.xlsx", Some("s"), &["工单号|报修时间|完成时间", "A|2026-07-01", "B|2026-07-02"]);
    for record in &mut peek.rows {
        record.push_as("=B2+1", Native::Formula);
    }
    let draft = drafted(&[peek]);
    doubts(&draft, &["“完成时间”只有公式"]);
    lacks(&draft, &["= \"完成时间\""]);
}

#[test]
fn a_day_and_a_time_of_a_spreadsheet_are_joined() {
    let mut peek = table("t.xlsx", Some("s"), &["工单号|报修日期|报修时刻", "A", "B"]);
    for record in &mut peek.rows {
        record.push_as("2026-07-01 00:00:00", Native::Time);
        record.push_as("1899-12-31 08:30:00", Native::Time);
    }
    has(&drafted(&[peek]), &["requested_at = { columns = [\"报修日期\", \"报修时刻\"], join = \" \" }"]);
}

#[test]
fn words_for_no_time_hold_in_each_source_that_reads_the_column() {
    let rows =
        ["A|2026-07-01 08:00|2026-07-02 08:00|5", "B|2026-07-01 08:00|待定|4", "C|2026-07-01 08:00|2026-07-03 08:00|4"];
    let draft = drafted(&[table("t.csv", None, &[&["工单号|报修时间|完成时间|满意度"], &rows[..]].concat())]);
    assert_eq!(draft.text.matches("missing = [\"待定\"]").count(), 2, "{}", draft.text);
}

#[test]
fn scores_of_tickets_beside_surveys_are_named() {
    let tickets = table("t.csv", None, &["工单号|报修时间|完成时间|满意度", "A|2026-07-01|2026-07-02|5"]);
    let surveys = table("s.csv", None, &["工单号|评价时间|服务态度|总体满意度|专业能力", "A|2026-07-03|5|4|4"]);
    doubts(&drafted(&[tickets, surveys]), &["工单表中另有评分（满意度）"]);
}
