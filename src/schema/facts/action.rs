//! Improvement measures.

use super::super::Type::{Bool, Date, Int32};
use super::super::{Column, Label, Table, column};
use super::text;

pub const NOT_STARTED: &str = "not_started";
pub const UNDER_WAY: &str = "under_way";
/// Completed; whether it helped is not known yet.
pub const DONE: &str = "done";
pub const VERIFYING: &str = "verifying";
pub const CLOSED: &str = "closed";

/// All states, in their order.
pub const STATES: [&str; 5] = [NOT_STARTED, UNDER_WAY, DONE, VERIFYING, CLOSED];

/// Whether a measure in this state is not completed.
pub fn is_open(state: &str) -> bool {
    ![DONE, VERIFYING, CLOSED].contains(&state)
}

/// Our states, and what improvement plans write for them.
const WORDS: [(&str, [&str; 6]); 5] = [
    (NOT_STARTED, ["未启动", "未开始", "待启动", "not started", "planned", "open"]),
    (UNDER_WAY, ["进行中", "实施中", "执行中", "in progress", "under way", "in_progress"]),
    (DONE, ["已完成", "完成", "已实施", "done", "completed", "implemented"]),
    (VERIFYING, ["效果验证中", "验证中", "待验证", "being verified", "verification", "verifying"]),
    (CLOSED, ["已闭环", "闭环", "已关闭", "closed", "verified", "effective"]),
];

/// The state that a word means.
pub fn state(word: &str) -> Option<&'static str> {
    let means = |state: &str, words: &[&str]| {
        state.eq_ignore_ascii_case(word) || words.iter().any(|known| known.eq_ignore_ascii_case(word))
    };
    WORDS.iter().find(|(state, words)| means(state, words)).map(|(state, _)| *state)
}

const fn day(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Date, "", zh, en, doc)
}

/// One row per improvement measure.
pub static FACT_ACTION: Table = Table {
    name: "fact_action",
    label: Label { zh: "改进措施表", en: "Improvement measures" },
    grain: "one row per improvement measure that had been decided on by `--as-of`",
    columns: &[
        text("action_id", "措施编号", "Action", "Number of the measure."),
        text(
            "target",
            "改进对象",
            "Target",
            "What it is to improve: a fault, a model, both, or a dimension of the surveys.",
        ),
        text("measure", "改进措施", "Measure", "What is to be done."),
        text("department", "责任部门", "Department", "Who is responsible."),
        text("owner", "责任人", "Owner", "The person responsible."),
        day("created_on", "制定日期", "Created on", "When it was decided on."),
        day(
            "due_on",
            "完成时限",
            "Due on",
            "When it is due: as the dump says, else so many working days after `created_on`.",
        ),
        text(
            "state",
            "状态",
            "State",
            "`not_started`, `under_way`, `done`, `verifying` or `closed`, as of the moment of the review; without a status in the dump, as its days tell.",
        ),
        day("completed_on", "完成日期", "Completed on", "When it was completed."),
        day("verified_on", "验证日期", "Verified on", "When its effect was verified."),
        column("is_open", Bool, "", "未完成", "Open", "It is not completed."),
        column(
            "overdue_workdays",
            Int32,
            "days",
            "逾期工作日",
            "Overdue",
            "Working days of the default calendar after `due_on` until it was completed, or until the moment of the review; 0 in time, null without `due_on`.",
        ),
        column("is_late", Bool, "", "逾期", "Late", "`overdue_workdays` is above 0."),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_of_the_form_are_known() {
        let words = ["未启动", "进行中", "已完成", "效果验证中", "已闭环", "Closed", "closed", "weiß nicht"];
        let states = words.map(state);
        let known = [NOT_STARTED, UNDER_WAY, DONE, VERIFYING, CLOSED, CLOSED, CLOSED].map(Some);
        assert_eq!(states, [&known[..], &[None]].concat()[..]);
    }
}
