//! The facts: one row per ticket, fault, survey, score, staff member and date.

use super::Type::{Bool, Date, Double, Int32, Int64, Text, Timestamp};
use super::shared::{
    DATE, DIMENSION, FAULT_CODE, PERIOD, PRODUCT_MODEL, STAFF_ID, STAFF_NAME, TEAM, TENURE_BAND, TICKET_ID,
};
use super::{Column, Label, Table, column};

/// The clocks that exist without being named in a plan.
pub static CLOCKS: [Clock; 3] = [
    Clock {
        name: "first_response", end: "first_response_at", label: Label { zh: "首次响应", en: "First response" }
    },
    Clock { name: "start", end: "started_at", label: Label { zh: "开始处理", en: "Start of work" } },
    Clock { name: "resolution", end: "resolved_at", label: Label { zh: "问题解决", en: "Resolution" } },
];

/// A clock runs from `requested_at` to the moment in `end`.
#[derive(Debug)]
pub struct Clock {
    pub name: &'static str,
    /// Column of `fact_ticket`.
    pub end: &'static str,
    pub label: Label,
}

/// What became of a clock of one ticket.
pub mod outcome {
    pub const MET: &str = "met";
    pub const BREACHED: &str = "breached";
    pub const RUNNING: &str = "running";
    pub const NO_TARGET: &str = "no_target";
    pub const CANCELLED: &str = "cancelled";
    pub const UNUSABLE: &str = "unusable";
    pub const ALL: [&str; 6] = [MET, BREACHED, RUNNING, NO_TARGET, CANCELLED, UNUSABLE];
}

pub mod status;

const fn text(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Text, "", zh, en, doc)
}

const fn time(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Timestamp, "", zh, en, doc)
}

const REQUESTED_AT: Column = time("requested_at", "客户提出需求时间", "Requested", "When the customer asked.");
const MONTH: Column = text("month", "月份", "Month", "Month of the row's period moment, `2026-07`.");
const SERVICE_TYPE: Column = text("service_type", "服务类型", "Service type", "Kind of service.");
const CUSTOMER_ID: Column = text(
    "customer_id",
    "客户编号",
    "Customer",
    "Customer number; where the dump has none, a pseudonym made from name and phone.",
);
const SERIAL_NUMBER: Column = text("serial_number", "产品序列号", "Serial number", "Serial number of the unit.");
const PRIORITY: Column = text("priority", "优先级", "Priority", "Priority as in the dump.");
const REGION: Column = text("region", "区域", "Region", "Region as in the dump.");
const BRANCH: Column = text("branch", "网点", "Branch", "Branch as in the dump.");
const CHANNEL: Column = text("channel", "渠道", "Channel", "Channel through which the request came.");
const CUSTOMER_TIER: Column = text("customer_tier", "客户等级", "Customer tier", "Customer tier as in the dump.");
const TENURE_MONTHS: Column = column(
    "tenure_months",
    Int32,
    "months",
    "工龄（月）",
    "Tenure",
    "Completed calendar months from `hired_on` to the day of the request (a survey without ticket: of the answer).",
);

const fn due(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    time(
        name,
        zh,
        en,
        "When the target falls due, moved on by the time for which pauses stopped the clock before it; a time that the ticket itself promised is not moved. A pause that still goes on ends at the moment of the review. Null without target, for cancelled and unusable clocks, and where it lies beyond the years the calendar knows.",
    )
}
const fn target(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    column(
        name,
        Int64,
        "s",
        zh,
        en,
        "The target: seconds for which the clock may run, working ones, or real ones for a target around the clock; for a promised time, the working seconds from request to promise. Null without target, for cancelled and unusable clocks, and beyond the years the calendar knows.",
    )
}
const fn used(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    column(
        name,
        Int64,
        "s",
        zh,
        en,
        "Time used without pauses that stop this clock, in the same kind of seconds as the target; null while open, and for cancelled and unusable clocks.",
    )
}
const fn paused(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    column(
        name,
        Int64,
        "s",
        zh,
        en,
        "Time from request to end (while open, to the moment of the review) inside pauses that stop this clock, in the same kind of seconds as the target; what several pauses cover counts once. A promised time is not paused. Null where a paused clock is cancelled or unusable.",
    )
}
const fn outcome_of(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    text(name, zh, en, "`met`, `breached`, `running`, `no_target`, `cancelled` or `unusable`.")
}
const fn policy(name: &'static str, zh: &'static str, en: &'static str) -> Column {
    text(name, zh, en, "Name of the SLA policy that set the target; `promised` where the ticket's own promise did.")
}

/// One row per ticket that is used.
pub static FACT_TICKET: Table = Table {
    name: "fact_ticket",
    label: Label { zh: "工单事实表", en: "Tickets" },
    grain: "one row per ticket, in its latest state that the dumps know",
    columns: &[
        TICKET_ID,
        MONTH,
        PERIOD,
        REQUESTED_AT,
        time("first_response_at", "首次响应时间", "First response", "When the customer got the first answer."),
        time("started_at", "开始处理时间", "Work began", "When work began."),
        time("resolved_at", "问题解决时间", "Resolved", "When the problem was solved."),
        time("closed_at", "关闭时间", "Closed", "When the ticket was closed."),
        text("status", "工单状态", "Status", "Status in the dump, translated by the plan."),
        CUSTOMER_ID,
        CUSTOMER_TIER,
        text("customer_kind", "客户类别", "Customer kind", "Private or corporate, as in the dump."),
        SERVICE_TYPE,
        CHANNEL,
        PRIORITY,
        REGION,
        BRANCH,
        PRODUCT_MODEL,
        text("product_line", "产品线", "Product line", "Product line as in the dump."),
        SERIAL_NUMBER,
        text("fault_codes", "故障代码", "Fault codes", "Distinct codes of the ticket, joined by `;`."),
        text("fault_description", "故障描述", "Fault description", "Free text."),
        STAFF_ID,
        STAFF_NAME,
        TEAM,
        TENURE_MONTHS,
        TENURE_BAND,
        column("visits", Int32, "visits", "上门次数", "Visits", "Visits to the customer."),
        column("reopened", Bool, "", "是否重开", "Reopened", "Reopened after it was resolved."),
        column("is_complaint", Bool, "", "是否投诉", "Complaint", "The ticket is a complaint."),
        time(
            "promised_first_response_at",
            "承诺首次响应时间",
            "Promised first response",
            "First response promised to this customer; beats the policy.",
        ),
        time(
            "promised_resolution_at",
            "承诺解决时间",
            "Promised resolution",
            "Resolution promised to this customer; beats the policy.",
        ),
        due("first_response_due_at", "首次响应到期", "First response due"),
        target("first_response_target_seconds", "首次响应目标", "First response target"),
        used("first_response_seconds", "首次响应用时", "First response time"),
        paused("first_response_paused_seconds", "首次响应暂停", "First response paused"),
        outcome_of("first_response_outcome", "首次响应结果", "First response outcome"),
        policy("first_response_policy", "首次响应规则", "First response policy"),
        due("start_due_at", "开始处理到期", "Start due"),
        target("start_target_seconds", "开始处理目标", "Start target"),
        used("start_seconds", "开始处理用时", "Start time"),
        paused("start_paused_seconds", "开始处理暂停", "Start paused"),
        outcome_of("start_outcome", "开始处理结果", "Start outcome"),
        policy("start_policy", "开始处理规则", "Start policy"),
        due("resolution_due_at", "问题解决到期", "Resolution due"),
        target("resolution_target_seconds", "问题解决目标", "Resolution target"),
        used("resolution_seconds", "问题解决用时", "Resolution time"),
        paused("resolution_paused_seconds", "问题解决暂停", "Resolution paused"),
        outcome_of("resolution_outcome", "问题解决结果", "Resolution outcome"),
        policy("resolution_policy", "问题解决规则", "Resolution policy"),
    ],
};

/// One row per ticket and distinct fault code.
pub static FACT_FAULT: Table = Table {
    name: "fact_fault",
    label: Label { zh: "故障事实表", en: "Faults" },
    grain: "one row per ticket and distinct fault code",
    columns: &[
        TICKET_ID,
        FAULT_CODE,
        PRODUCT_MODEL,
        MONTH,
        PERIOD,
        REQUESTED_AT,
        CUSTOMER_ID,
        SERIAL_NUMBER,
        SERVICE_TYPE,
        column(
            "is_repeat",
            Bool,
            "",
            "是否重复",
            "Repeat",
            "An earlier ticket of the same customer (or serial number), model and fault was resolved within the plan's days before this request; null where the ticket has no customer (or serial number).",
        ),
        text(
            "repeat_of",
            "重复自工单",
            "Repeat of",
            "The ticket it repeats: the one resolved last before this request.",
        ),
        column(
            "since_resolved_seconds",
            Int64,
            "s",
            "距上次解决",
            "Since resolved",
            "Real seconds from that resolution to this request.",
        ),
        column(
            "overall_answers",
            Int32,
            "answers",
            "总体满意度份数",
            "Overall answers",
            "Answers to `overall` in the surveys of this ticket.",
        ),
        column(
            "overall_thousandths",
            Int64,
            "points/1000",
            "总体满意度合计",
            "Overall sum",
            "Sum of those answers in thousandths of a point.",
        ),
    ],
};

/// One row per survey that is used.
pub static FACT_SURVEY: Table = Table {
    name: "fact_survey",
    label: Label { zh: "评价事实表", en: "Surveys" },
    grain: "one row per survey, in its latest version that the dumps know",
    columns: &[
        text(
            "survey_id",
            "评价编号",
            "Survey",
            "Survey number; where the dump has none, ticket, evaluator and time of the answer.",
        ),
        TICKET_ID,
        column(
            "ticket_found",
            Bool,
            "",
            "工单存在",
            "Ticket found",
            "The ticket is among the tickets used; null where the survey names none.",
        ),
        MONTH,
        PERIOD,
        time("answered_at", "评价时间", "Answered", "When the survey was answered."),
        text("evaluator", "评价主体", "Evaluator", "Who answered: customer, supervisor, auditor, …"),
        STAFF_ID.doc("Staff member credited: the one the survey names, else the ticket's."),
        STAFF_NAME,
        TEAM,
        TENURE_MONTHS,
        TENURE_BAND,
        column("dimensions", Int32, "answers", "已评维度数", "Dimensions", "Dimensions with an answer."),
        text("strengths", "服务亮点", "Strengths", "Boxes ticked, joined by `;`."),
        text("suggestion", "改进建议", "Suggestion", "Free text."),
        time("suggestion_answered_at", "建议回复时间", "Suggestion answered", "When the suggestion was answered."),
        text("emotion", "客户情绪", "Emotion", "The customer's mood as noted."),
        text("comment", "评价内容", "Comment", "Free text."),
    ],
};

/// One row per survey and dimension with an answer.
pub static FACT_SCORE: Table = Table {
    name: "fact_score",
    label: Label { zh: "评分事实表", en: "Scores" },
    grain: "one row per survey and dimension with an answer",
    columns: &[
        text("survey_id", "评价编号", "Survey", "Survey number."),
        TICKET_ID,
        DIMENSION,
        column("score", Double, "points", "评分", "Score", "Answer on the 1–5 scale."),
        column(
            "score_thousandths",
            Int32,
            "points/1000",
            "评分（千分之一）",
            "Score in thousandths",
            "The same in thousandths of a point, rounded half up: what every mean is computed from.",
        ),
        MONTH,
        PERIOD,
        text("evaluator", "评价主体", "Evaluator", "Who answered."),
        STAFF_ID.doc("Staff member credited."),
        TEAM,
        TENURE_BAND,
        SERVICE_TYPE,
        PRIORITY,
        REGION,
        BRANCH,
        CHANNEL.doc("Channel of the ticket."),
        CUSTOMER_TIER,
        PRODUCT_MODEL,
    ],
};

/// One row per member of staff.
pub static DIM_STAFF: Table = Table {
    name: "dim_staff",
    label: Label { zh: "员工表", en: "Staff" },
    grain: "one row per member of staff on the roster",
    columns: &[
        STAFF_ID,
        STAFF_NAME,
        TEAM,
        text("position", "岗位", "Position", "Position as the roster has it."),
        column("hired_on", Date, "", "入职日期", "Hired on", "First day of work."),
        column("left_on", Date, "", "离职日期", "Left on", "Last day of work."),
        TENURE_MONTHS.doc("Completed calendar months at the day of `--as-of`, or at `left_on` where that came first."),
        TENURE_BAND.doc("Band at that day; where the roster gives a ready band, that one."),
    ],
};

/// One row per calendar date of the reviewed data.
pub static DIM_DATE: Table = Table {
    name: "dim_date",
    label: Label { zh: "日期表", en: "Dates" },
    grain: "one row per date from the first day of the first period with tickets or surveys to the later of the period's end and `--as-of`",
    columns: &[
        DATE,
        column("year", Int32, "", "年", "Year", "Calendar year."),
        text("quarter", "季度", "Quarter", "`2026Q3`."),
        text("month", "月份", "Month", "`2026-07`."),
        column("weekday", Int32, "", "星期", "Weekday", "1 is Monday, 7 is Sunday."),
        column("is_workday", Bool, "", "是否工作日", "Workday", "The calendar has opening hours on this date."),
        column("is_holiday", Bool, "", "是否节假日", "Holiday", "A public holiday of the calendar."),
        column("is_makeup", Bool, "", "是否调休上班", "Make-up workday", "A make-up workday of the calendar."),
        column("working_seconds", Int64, "s", "工作时长", "Working time", "Opening hours that begin on this date."),
    ],
};

/// All facts in the order in which they are listed.
pub static FACTS: [&Table; 6] = [&DIM_DATE, &DIM_STAFF, &FACT_FAULT, &FACT_SCORE, &FACT_SURVEY, &FACT_TICKET];
