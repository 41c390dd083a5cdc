//! Clocks: from which moment to which they run, and the columns in which a fact tells what became of them.

use super::super::Type::{Int32, Int64, Text, Timestamp};
use super::super::input::InputColumn;
use super::super::names::hold;
use super::super::{Column, Label, column};

/// A clock runs from one moment to another.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    pub name: &'static str,
    /// The fact whose rows have the clock: `fact_ticket` or `fact_survey`.
    pub fact: &'static str,
    /// Time column in which it begins: of the fact, or, for a survey, of its ticket.
    pub start: &'static str,
    /// Time column of the fact in which it ends.
    pub end: &'static str,
    pub label: Label,
    /// Target where neither a policy nor the plan's clock says anything.
    pub target: Option<&'static str>,
}

/// The fact of the tickets.
pub const TICKET: &str = "fact_ticket";
/// The fact of the surveys.
pub const SURVEY: &str = "fact_survey";

const fn of_ticket(name: &'static str, end: &'static str, zh: &'static str, en: &'static str) -> Clock {
    Clock { name, fact: TICKET, start: "requested_at", end, label: Label { zh, en }, target: None }
}

/// The clocks that exist without being named in a plan.
pub static CLOCKS: [Clock; 5] = [
    of_ticket("first_response", "first_response_at", "首次响应", "First response"),
    of_ticket("start", "started_at", "开始处理", "Start of work"),
    of_ticket("resolution", "resolved_at", "问题解决", "Resolution"),
    Clock {
        name: "survey_return",
        fact: SURVEY,
        start: "resolved_at",
        end: "answered_at",
        label: Label { zh: "评价回收", en: "Survey return" },
        target: Some("24h clock"),
    },
    Clock {
        name: "suggestion_reply",
        fact: SURVEY,
        start: "answered_at",
        end: "suggestion_answered_at",
        label: Label { zh: "建议回复", en: "Reply to suggestion" },
        target: Some("5d close"),
    },
];

/// The clock that pauses, reopenings and segments are mostly about.
pub const RESOLUTION: &str = "resolution";

/// Why a clock was breached: the part of the time from its start to its end that took longest, or that nothing happened.
pub mod cause {
    /// Nobody has responded yet.
    pub const NO_RESPONSE: &str = "no_response";
    /// The time up to the first response.
    pub const RESPONSE: &str = "response";
    /// The time from the first response until work began.
    pub const WAITING: &str = "waiting";
    /// The time from the beginning of the work on.
    pub const HANDLING: &str = "handling";
    /// A clock without such parts that has not ended.
    pub const OPEN: &str = "open";
    /// A clock without such parts that ended late.
    pub const LATE: &str = "late";
    pub const ALL: [&str; 6] = [NO_RESPONSE, RESPONSE, WAITING, HANDLING, OPEN, LATE];
}

/// The column, never published, in which a survey has the moment of its ticket at which a clock of the survey began.
pub fn began(start: &str) -> String {
    format!("@{start}")
}

struct Part {
    name: &'static str,
    dtype: super::super::Type,
    unit: &'static str,
    zh: &'static str,
    en: &'static str,
    doc: &'static str,
}

/// What a fact tells of each of its clocks, in the order of the columns.
static PARTS: [Part; 9] = [
    Part {
        name: "due_at",
        dtype: Timestamp,
        unit: "",
        zh: "到期",
        en: "due",
        doc: "When the target falls due, moved on by the time for which pauses stopped the clock before it; a time that the ticket itself promised is not moved. A pause that still goes on ends at the moment of the review. Null without target, for clocks that have not begun, for cancelled and unusable ones, and where it lies beyond the years the calendar knows.",
    },
    Part {
        name: "target_seconds",
        dtype: Int64,
        unit: "s",
        zh: "目标",
        en: "target",
        doc: "The target: seconds for which the clock may run, working ones, or real ones for a target around the clock; for a promised time, the working seconds from request to promise. Null without target, for clocks that have not begun, for cancelled and unusable ones, and beyond the years the calendar knows.",
    },
    Part {
        name: "seconds",
        dtype: Int64,
        unit: "s",
        zh: "用时",
        en: "time",
        doc: "Time used without pauses that stop this clock and without time between a resolution and its reopening, in the same kind of seconds as the target; null while open, and for cancelled and unusable clocks.",
    },
    Part {
        name: "paused_seconds",
        dtype: Int64,
        unit: "s",
        zh: "暂停",
        en: "paused",
        doc: "Time from start to end (while open, to the moment of the review) inside pauses that stop this clock or between a resolution and its reopening, in the same kind of seconds as the target; what several pauses cover counts once. A promised time is not paused. Null where a paused clock is cancelled or unusable.",
    },
    Part {
        name: "outcome",
        dtype: Text,
        unit: "",
        zh: "结果",
        en: "outcome",
        doc: "`met`, `breached`, `running`, `no_target`, `cancelled` or `unusable`; null where the clock does not apply to the row.",
    },
    Part {
        name: "policy",
        dtype: Text,
        unit: "",
        zh: "规则",
        en: "policy",
        doc: "Name of the SLA policy that set the target; `promised` where the ticket's own promise did; the clock's own name where the target stands under [clocks] or is the usual one.",
    },
    Part {
        name: "over_seconds",
        dtype: Int64,
        unit: "s",
        zh: "超时时长",
        en: "over by",
        doc: "How far the target is exceeded, in the same kind of seconds; of a promised time, real seconds since then. While open, up to the moment of the review. Null unless breached.",
    },
    Part {
        name: "used_percent",
        dtype: Int32,
        unit: "%",
        zh: "时限使用率",
        en: "share of target used",
        doc: "Time used in percent of the target, rounded up: at most 100 where it is met, more where it is breached, and 10,000 at most. Null while open and without target.",
    },
    Part {
        name: "cause",
        dtype: Text,
        unit: "",
        zh: "超时原因",
        en: "cause of breach",
        doc: "The part of the time that took longest: `no_response` (nobody has responded), `response` (up to the first response), `waiting` (from then until work began) or `handling` (from then on); for clocks without such parts `open` or `late`. Null unless breached.",
    },
];

/// The column of a moment that only clocks of the plan use.
#[must_use]
pub fn own_time(input: &InputColumn) -> Column {
    column(input.name, Timestamp, "", input.label.zh, input.label.en, "A moment that a clock of the pipeline names.")
}

impl Clock {
    /// Name of the column that holds a part: `resolution_due_at` for `due_at`.
    #[must_use]
    pub fn column(&self, part: &str) -> &'static str {
        hold(&format!("{}_{part}", self.name))
    }

    /// The columns of the fact that tell of this clock.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let of = |part: &Part| {
            let zh = hold(&format!("{}{}", self.label.zh, part.zh));
            let en = hold(&format!("{} {}", self.label.en, part.en));
            column(self.column(part.name), part.dtype, part.unit, zh, en, part.doc)
        };
        PARTS.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::CLOCKS;

    #[test]
    fn columns_are_named_after_the_clock() {
        let columns = CLOCKS[2].columns();
        let names: Vec<&str> = columns.iter().map(|c| c.name).collect();
        assert_eq!(names[..3], ["resolution_due_at", "resolution_target_seconds", "resolution_seconds"]);
        assert_eq!(names[8], "resolution_cause");
        assert_eq!((columns[0].label.zh, columns[0].label.en), ("问题解决到期", "Resolution due"));
    }
}
