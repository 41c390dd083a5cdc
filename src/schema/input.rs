//! The columns that dumps may have, by source.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::names::hold;
use super::{Label, Type};

/// The kinds of dumps that a pipeline can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceKind {
    Tickets,
    Pauses,
    Surveys,
    Staff,
    Actions,
    Units,
}

impl SourceKind {
    pub const ALL: [Self; 6] = [Self::Tickets, Self::Pauses, Self::Surveys, Self::Staff, Self::Actions, Self::Units];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Pauses => "pauses",
            Self::Surveys => "surveys",
            Self::Staff => "staff",
            Self::Actions => "actions",
            Self::Units => "units",
        }
    }

    pub fn columns(self) -> &'static [InputColumn] {
        match self {
            Self::Tickets => TICKETS,
            Self::Pauses => PAUSES,
            Self::Surveys => SURVEYS,
            Self::Staff => STAFF,
            Self::Actions => ACTIONS,
            Self::Units => UNITS,
        }
    }

    /// The input column of this name, if the source has one.
    pub fn column(self, name: &str) -> Option<&'static InputColumn> {
        self.columns().iter().find(|c| c.name == name)
    }
}

/// How the text of a cell becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Kept as written, blanks trimmed.
    Text,
    /// Text of few distinct values; `values` of the plan translate it.
    Category,
    /// Date and time of day.
    Time,
    /// A date.
    Date,
    /// A whole number, zero or more.
    Count,
    /// Yes or no.
    Flag,
    /// One or many codes with a separator.
    Codes,
}

impl Kind {
    pub const fn dtype(self) -> Type {
        match self {
            Self::Text | Self::Category | Self::Codes => Type::Text,
            Self::Time => Type::Timestamp,
            Self::Date => Type::Date,
            Self::Count => Type::Int32,
            Self::Flag => Type::Bool,
        }
    }
}

/// A column of a dump as we call it.
#[derive(Debug)]
pub struct InputColumn {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub label: Label,
}

const fn must(name: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> InputColumn {
    InputColumn { name, kind, required: true, label: Label { zh, en } }
}

const fn may(name: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> InputColumn {
    InputColumn { name, kind, required: false, label: Label { zh, en } }
}

/// What the name of a time of the user's own ends with.
pub const OWN_ENDING: &str = "_at";

/// A time column of the user's own, which a clock of the plan begins or ends with. `label` is what readers see. Equal
/// ones are held once.
pub fn own_time(name: &str, label: &str) -> &'static InputColumn {
    static OWN: Mutex<BTreeMap<(&str, &str), &InputColumn>> = Mutex::new(BTreeMap::new());
    let (name, label) = (hold(name), hold(label));
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    own.entry((name, label)).or_insert_with(|| Box::leak(Box::new(may(name, Kind::Time, label, label))))
}

use Kind::{Category, Codes, Count, Date, Flag, Text, Time};

static TICKETS: &[InputColumn] = &[
    must("ticket_id", Text, "服务工单号", "Ticket"),
    must("requested_at", Time, "客户提出需求时间", "Requested"),
    may("first_response_at", Time, "首次响应时间", "First response"),
    may("started_at", Time, "开始处理时间", "Work began"),
    may("resolved_at", Time, "问题解决时间", "Resolved"),
    may("first_resolved_at", Time, "首次解决时间", "First resolved"),
    may("reopened_at", Time, "重开时间", "Reopened at"),
    may("closed_at", Time, "关闭时间", "Closed"),
    may("status", Category, "工单状态", "Status"),
    may("customer_id", Text, "客户编号", "Customer"),
    may("customer_name", Text, "客户名称", "Customer name"),
    may("customer_phone", Text, "客户电话", "Customer phone"),
    may("customer_tier", Category, "客户等级", "Customer tier"),
    may("customer_kind", Category, "客户类别", "Customer kind"),
    may("service_type", Category, "服务类型", "Service type"),
    may("channel", Category, "渠道", "Channel"),
    may("priority", Category, "优先级", "Priority"),
    may("region", Category, "区域", "Region"),
    may("branch", Category, "网点", "Branch"),
    may("product_model", Category, "产品型号", "Product model"),
    may("product_line", Category, "产品线", "Product line"),
    may("serial_number", Text, "产品序列号", "Serial number"),
    may("fault_codes", Codes, "故障代码", "Fault codes"),
    may("fault_description", Text, "故障描述", "Fault description"),
    may("staff_id", Category, "员工编号", "Staff"),
    may("staff_name", Category, "员工姓名", "Staff name"),
    may("visits", Count, "上门次数", "Visits"),
    may("reopened", Flag, "是否重开", "Reopened"),
    may("is_complaint", Flag, "是否投诉", "Complaint"),
    may("promised_first_response_at", Time, "承诺首次响应时间", "Promised first response"),
    may("promised_resolution_at", Time, "承诺解决时间", "Promised resolution"),
];

static PAUSES: &[InputColumn] = &[
    must("ticket_id", Text, "服务工单号", "Ticket"),
    may("paused_at", Time, "暂停时间", "Paused"),
    may("resumed_at", Time, "恢复时间", "Resumed"),
    may("reason", Category, "暂停原因", "Reason"),
    may("event_at", Time, "状态变更时间", "Event"),
    may("status", Category, "工单状态", "Status"),
];

static SURVEYS: &[InputColumn] = &[
    may("survey_id", Text, "评价编号", "Survey"),
    may("ticket_id", Text, "服务工单号", "Ticket"),
    may("staff_id", Category, "员工编号", "Staff"),
    may("evaluator", Category, "评价主体", "Evaluator"),
    may("channel", Category, "评价渠道", "Survey channel"),
    must("answered_at", Time, "评价时间", "Answered"),
    may("suggestion", Text, "改进建议", "Suggestion"),
    may("suggestion_answered_at", Time, "建议回复时间", "Suggestion answered"),
    may("strengths", Codes, "服务亮点", "Strengths"),
    may("emotion", Category, "客户情绪", "Emotion"),
    may("comment", Text, "评价内容", "Comment"),
    may("dimension", Category, "评价维度", "Dimension"),
    may("score", Text, "得分", "Score"),
];

static STAFF: &[InputColumn] = &[
    must("staff_id", Category, "员工编号", "Staff"),
    may("staff_name", Category, "员工姓名", "Staff name"),
    may("team", Category, "班组", "Team"),
    may("position", Category, "岗位", "Position"),
    may("hired_on", Date, "入职日期", "Hired on"),
    may("left_on", Date, "离职日期", "Left on"),
    may("tenure_band", Category, "工龄段", "Tenure band"),
];

static ACTIONS: &[InputColumn] = &[
    must("action_id", Text, "措施编号", "Action"),
    may("target", Text, "改进对象", "Target"),
    may("measure", Text, "改进措施", "Measure"),
    may("department", Category, "责任部门", "Department"),
    may("owner", Category, "责任人", "Owner"),
    may("created_on", Date, "制定日期", "Created on"),
    may("due_on", Date, "完成时限", "Due on"),
    may("due_days", Count, "完成时限（工作日）", "Due in working days"),
    may("status", Category, "状态", "Status"),
    may("completed_on", Date, "完成日期", "Completed on"),
    may("verified_on", Date, "验证日期", "Verified on"),
];

static UNITS: &[InputColumn] = &[
    may("product_model", Category, "产品型号", "Product model"),
    may("product_line", Category, "产品线", "Product line"),
    must("counted_on", Date, "统计日期", "Counted on"),
    must("units", Count, "在用台数", "Units"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_their_own_are_held_once() {
        let (one, other) = (own_time("arrived_at", "到达时间"), own_time("arrived_at", &["到达", "时间"].concat()));
        assert!(std::ptr::eq(one, other) && !std::ptr::eq(one, own_time("arrived_at", "到场时间")));
        assert_eq!((one.name, one.kind, one.required, one.label.zh), ("arrived_at", Kind::Time, false, "到达时间"));
    }
}
