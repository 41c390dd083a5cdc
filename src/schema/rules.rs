//! The rules of data quality: what can be wrong with a row or a file, and how much it matters.

use super::Label;

/// How much a broken rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Not looked for.
    Off,
    /// The row is counted and used; a cell that cannot be used counts as missing.
    Warning,
    /// The row is quarantined.
    Error,
}

impl Severity {
    /// As a plan writes it and as `data_quality` has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something that can be wrong with a row.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: &'static str,
    /// What holds where the plan says nothing.
    pub severity: Severity,
    /// What a plan may choose, the default included.
    pub choices: &'static [Severity],
    pub label: Label,
    pub doc: &'static str,
}

use Severity::{Error, Off, Warning};

const fn rule(
    name: &'static str,
    severity: Severity,
    choices: &'static [Severity],
    zh: &'static str,
    en: &'static str,
    doc: &'static str,
) -> Rule {
    Rule { name, severity, choices, label: Label { zh, en }, doc }
}

/// A row without it cannot be used, whatever the plan says.
const FATAL: &[Severity] = &[Error];
/// The cell can be emptied instead.
const CELL: &[Severity] = &[Error, Warning];
/// About a whole row or file, which stays usable.
const COUNTED: &[Severity] = &[Warning, Off];
const ANY: &[Severity] = &[Error, Warning, Off];

pub static DAMAGED_ROW: Rule = rule(
    "damaged_row",
    Error,
    FATAL,
    "行已损坏",
    "Damaged row",
    "The file ends within a quoted field, the row holds NUL bytes or is larger than any cell can be, or a line is no JSON object.",
);
pub static MISSING_KEY: Rule = rule(
    "missing_key",
    Error,
    FATAL,
    "缺少关键字段",
    "Key missing",
    "A column that every row needs is empty: the number, the time or the staff it belongs to.",
);
pub static OUT_OF_RANGE: Rule =
    rule("out_of_range", Error, CELL, "超出范围", "Out of range", "A number outside its scale.");
pub static OUTSIDE_CALENDAR: Rule = rule(
    "outside_calendar",
    Error,
    CELL,
    "日期超出日历",
    "Outside the calendar",
    "A time in a year that one of the working calendars does not know.",
);
pub static UNPARSEABLE: Rule = rule(
    "unparseable",
    Error,
    CELL,
    "无法识别",
    "Unreadable",
    "A cell that is not what its column holds: a time, a date, a count, a yes or no, an answer.",
);
pub static WRONG_FIELDS: Rule = rule(
    "wrong_fields",
    Error,
    FATAL,
    "字段数不符",
    "Wrong number of fields",
    "The row has more or fewer fields than the header.",
);

pub static COLUMN_EMPTIED: Rule = rule(
    "column_emptied",
    Warning,
    COUNTED,
    "列变为空",
    "Column emptied",
    "A mapped column is empty in this file, while most rows of the files before have it.",
);
pub static COLUMN_MISSING: Rule = rule(
    "column_missing",
    Warning,
    COUNTED,
    "缺少列",
    "Column missing",
    "A mapped column is not in this file; its values count as missing.",
);
pub static CLOCK_CHANGE: Rule = rule(
    "clock_change",
    Warning,
    ANY,
    "夏令时切换时刻",
    "Change of clocks",
    "A moment does not exist, because clocks were put forward over it, or exists twice, because they were put back: the earlier is taken, of one that does not exist the moment of the change.",
);
pub static CONFLICTING_DUPLICATE: Rule = rule(
    "conflicting_duplicate",
    Warning,
    COUNTED,
    "重复且不一致",
    "Conflicting duplicate",
    "The same number stands twice in one file with different contents; the later row counts.",
);
pub static PAUSE_OPEN: Rule = rule(
    "pause_open",
    Warning,
    ANY,
    "暂停未恢复",
    "Pause without end",
    "The pause has no end although its ticket was resolved; it ends with the ticket.",
);
pub static PAUSE_OUTSIDE_TICKET: Rule = rule(
    "pause_outside_ticket",
    Warning,
    ANY,
    "暂停超出工单",
    "Pause outside its ticket",
    "The pause begins before its ticket or ends after it, its ticket is unknown, or it ends before it begins; what lies outside stops no clock.",
);
pub static PAUSE_OVERLAPPING: Rule = rule(
    "pause_overlapping",
    Warning,
    ANY,
    "暂停重叠",
    "Overlapping pauses",
    "The pause overlaps an earlier one of its ticket; time that both cover counts once.",
);
pub static SERVICE_BEFORE_HIRED: Rule = rule(
    "service_before_hired",
    Warning,
    ANY,
    "早于入职日期",
    "Service before hiring",
    "The service was requested before its staff was hired: no tenure for this row.",
);
pub static SURVEY_BEFORE_SERVICE: Rule = rule(
    "survey_before_service",
    Warning,
    ANY,
    "评价早于服务",
    "Survey before the service",
    "The survey was answered before the work on its ticket began, or before the request where no beginning is known.",
);
pub static SURVEY_LATE: Rule = rule(
    "survey_late",
    Warning,
    ANY,
    "评价过晚",
    "Late survey",
    "The survey was answered later after the end of the service than `survey_within` allows (24 h unless the plan says otherwise).",
);
pub static SURVEY_WITHOUT_TICKET: Rule = rule(
    "survey_without_ticket",
    Warning,
    ANY,
    "评价无对应工单",
    "Survey without ticket",
    "The survey names a ticket that is not among the tickets used; its scores count all the same.",
);
pub static TIME_OF_DAY_LOST: Rule = rule(
    "time_of_day_lost",
    Warning,
    ANY,
    "时刻丢失",
    "Time of day lost",
    "A moment stands at 00:00 of the day of one that must come first: only its date was kept, and the clocks concerned are `unusable`.",
);
pub static TIMES_OUT_OF_ORDER: Rule = rule(
    "times_out_of_order",
    Warning,
    ANY,
    "时间顺序错误",
    "Times out of order",
    "A moment lies before one that must come first; the clocks concerned are `unusable`.",
);
pub static UNKNOWN_STAFF: Rule = rule(
    "unknown_staff",
    Warning,
    ANY,
    "员工不在名册",
    "Unknown staff",
    "The staff number is not on the roster: no team and no tenure for this row.",
);
pub static UNKNOWN_VALUE: Rule = rule(
    "unknown_value",
    Warning,
    ANY,
    "未知取值",
    "Unknown value",
    "A column whose values the plan translates holds one that it does not name; the value is kept as it is.",
);

/// All rules, sorted by severity (errors first) and name.
pub static RULES: [&Rule; 21] = [
    &DAMAGED_ROW,
    &MISSING_KEY,
    &OUT_OF_RANGE,
    &OUTSIDE_CALENDAR,
    &UNPARSEABLE,
    &WRONG_FIELDS,
    &CLOCK_CHANGE,
    &COLUMN_EMPTIED,
    &COLUMN_MISSING,
    &CONFLICTING_DUPLICATE,
    &PAUSE_OPEN,
    &PAUSE_OUTSIDE_TICKET,
    &PAUSE_OVERLAPPING,
    &SERVICE_BEFORE_HIRED,
    &SURVEY_BEFORE_SERVICE,
    &SURVEY_LATE,
    &SURVEY_WITHOUT_TICKET,
    &TIME_OF_DAY_LOST,
    &TIMES_OUT_OF_ORDER,
    &UNKNOWN_STAFF,
    &UNKNOWN_VALUE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_may_be_what_they_are() {
        let keys: Vec<_> = RULES.iter().map(|r| (std::cmp::Reverse(r.severity), r.name)).collect();
        assert!(keys.is_sorted(), "{keys:?}");
        for rule in RULES {
            assert!(rule.choices.contains(&rule.severity), "{}", rule.name);
            assert!(rule.doc.ends_with('.'), "{}", rule.name);
        }
    }
}
