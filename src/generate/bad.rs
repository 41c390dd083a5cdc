//! Bad rows: the kinds of them, the rule that each breaks, and what is wrong with their cells.

use chrono::NaiveDateTime;

/// The kinds of bad rows, the rule each breaks, and how many there are in the fixtures of January to September.
type Bad = (&'static str, &'static str, [usize; 9]);
/// Of tickets.
#[rustfmt::skip]
pub const BAD_TICKETS: [Bad; 9] = [
    ("没有工单号", "missing_key", [1, 1, 0, 1, 0, 1, 1, 0, 1]),
    ("没有提出时间", "missing_key", [1, 0, 1, 0, 1, 1, 1, 1, 0]),
    ("提出时间不存在", "unparseable", [0, 1, 1, 1, 1, 1, 1, 0, 1]),
    ("解决时间读不出", "unparseable", [1, 0, 1, 1, 0, 1, 0, 1, 1]),
    ("上门次数不是数字", "unparseable", [1, 1, 0, 1, 1, 0, 1, 1, 0]),
    ("是否重开不是是否", "unparseable", [0, 1, 1, 0, 1, 0, 1, 0, 1]),
    ("字段少", "wrong_fields", [1, 0, 1, 0, 1, 1, 0, 1, 1]),
    ("字段多", "wrong_fields", [0, 1, 1, 1, 0, 1, 0, 1, 1]),
    ("日历之外的年份", "outside_calendar", [1, 0, 0, 1, 1, 0, 1, 1, 0]),
];
/// Of surveys.
#[rustfmt::skip]
pub const BAD_SURVEYS: [Bad; 6] = [
    ("分数超出 1–5", "out_of_range", [1, 1, 1, 0, 0, 0, 1, 1, 1]),
    ("答案不认识", "unparseable", [0, 0, 1, 1, 1, 1, 0, 1, 0]),
    ("没有评价时间", "missing_key", [1, 0, 0, 1, 0, 0, 1, 0, 1]),
    ("没有工单也没有员工", "missing_key", [0, 1, 0, 1, 0, 1, 0, 1, 0]),
    ("评价时间读不出", "unparseable", [1, 0, 1, 0, 1, 0, 0, 1, 0]),
    ("字段少", "wrong_fields", [0, 1, 0, 0, 1, 0, 1, 0, 1]),
];
/// Of pauses, with how many there are in the fixtures.
#[rustfmt::skip]
pub const BAD_PAUSES: [(&str, &str, usize); 7] = [
    ("没有工单号", "missing_key", 1),
    ("没有暂停时间", "missing_key", 2),
    ("暂停时间不存在", "unparseable", 1),
    ("恢复时间读不出", "unparseable", 2),
    ("字段少", "wrong_fields", 1),
    ("字段多", "wrong_fields", 1),
    ("日历之外的年份", "outside_calendar", 1),
];
/// Of the roster.
pub const BAD_STAFF: (&str, &str) = ("入职日期读不出", "unparseable");

/// Spoils the cells of a ticket.
pub fn ticket(kind: &str, month: u32, cells: &mut Vec<String>) {
    let mut set = |place: usize, text: &str| text.clone_into(&mut cells[place]);
    match kind {
        "没有工单号" => set(0, ["", "?", "无"][month as usize % 3]),
        "没有提出时间" => set(1, ""),
        "提出时间不存在" if month.is_multiple_of(2) => set(1, "2026-13-45 10:00:00"),
        "提出时间不存在" => set(1, "2026-02-30 09:15:00"),
        "解决时间读不出" => set(4, "昨天下午"),
        "上门次数不是数字" => set(21, "两次"),
        "是否重开不是是否" => set(22, "也许"),
        "字段少" => cells.truncate(20),
        "字段多" => cells.extend(["", "重复导出"].map(str::to_owned)),
        _ => {
            cells[1].replace_range(0..4, "2062");
            cells[2..5].fill(String::new());
            "待处理".clone_into(&mut cells[5]);
            cells[21].clear();
        }
    }
}

/// Spoils the cells of a survey of the month with this place.
pub fn survey(kind: &str, index: usize, answered: NaiveDateTime, cells: &mut Vec<String>) {
    let mut set = |place: usize, text: &str| text.clone_into(&mut cells[place]);
    match kind {
        "分数超出 1–5" => set(6, ["7", "0"][index % 2]),
        "答案不认识" => set(7, "很好吧"),
        "没有评价时间" => set(4, ""),
        "没有工单也没有员工" => {
            set(1, "");
            set(2, "");
        }
        "评价时间读不出" => set(4, &answered.format("%m月%d日").to_string()),
        _ => cells.truncate(7),
    }
}

/// Spoils the cells of a pause.
pub fn pause(kind: &str, cells: &mut Vec<String>) {
    let mut set = |place: usize, text: &str| text.clone_into(&mut cells[place]);
    match kind {
        "没有工单号" => set(0, "?"),
        "没有暂停时间" => set(1, ""),
        "暂停时间不存在" => set(1, "2026-02-30 09:15:00"),
        "恢复时间读不出" => set(2, "待定"),
        "字段少" => cells.truncate(2),
        "字段多" => cells.push("重复导出".to_owned()),
        _ => {
            cells[1].replace_range(0..4, "2062");
            cells[2].clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::calendar::at;

    #[test]
    fn every_kind_spoils_something() {
        let cells = |n: usize| (0..n).map(|i| format!("2026-{i}")).collect::<Vec<_>>();
        for (kind, ..) in BAD_TICKETS {
            let mut row = cells(27);
            ticket(kind, 7, &mut row);
            assert_ne!(row, cells(27), "{kind}");
        }
        for (kind, ..) in BAD_SURVEYS {
            let mut row = cells(13);
            survey(kind, 6, at(7, 1, 9, 0, 0), &mut row);
            assert_ne!(row, cells(13), "{kind}");
        }
        for (kind, ..) in BAD_PAUSES {
            let mut row = cells(4);
            pause(kind, &mut row);
            assert_ne!(row, cells(4), "{kind}");
        }
    }
}
