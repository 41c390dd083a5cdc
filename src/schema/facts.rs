//! The facts: one row per ticket, fault, survey, score, staff member and date.

use super::Type::{Bool, Date, Double, Int32, Int64, Text, Timestamp};
use super::shared::{DATE, DIMENSION, PERIOD, PRODUCT_MODEL, STAFF_ID, STAFF_NAME, TEAM, TENURE_BAND, TICKET_ID};
use super::{Column, Label, Table, column};

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

pub mod action;
mod clock;
pub mod effect;
mod fault;
pub mod fix;
pub mod follow_up;
pub mod opinion;
mod score;
pub mod status;
pub mod units;

pub use self::action::FACT_ACTION;
pub use self::clock::{CLOCKS, Clock, RESOLUTION, SURVEY, TICKET, began, cause, own_time};
pub use self::fault::FACT_FAULT;
pub use self::score::{BLOCK, BLOCKS, product, score, score_column};
pub use self::units::FACT_UNITS;

const fn text(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Text, "", zh, en, doc)
}

const fn time(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Timestamp, "", zh, en, doc)
}

const REQUESTED_AT: Column = time("requested_at", "客户提出需求时间", "Requested", "When the customer asked.");
const MONTH: Column = text("month", "月份", "Month", "Month of the row's period moment, `2026-07`.");
const WEEK: Column = text("week", "周", "Week", "ISO week of the row's period moment, `2026-W27`.");
const WEEKDAY: Column =
    column("weekday", Int32, "", "星期", "Weekday", "Day of the week of the request; 1 is Monday, 7 is Sunday.");
const HOUR: Column = column("hour", Int32, "", "小时", "Hour", "Hour of the day of the request, 0 to 23.");

const fn segment(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Int64, "s", zh, en, doc)
}
/// The parts of a ticket's time.
pub const SEGMENTS: [&str; 3] = ["segment_response_seconds", "segment_waiting_seconds", "segment_handling_seconds"];
const SEGMENT_RESPONSE: Column = segment(
    SEGMENTS[0],
    "响应时长",
    "Response",
    "Working time from the request to the first response, without pauses that stop the resolution clock and without time between a resolution and its reopening; null where either is missing or out of order, and for cancelled tickets. Pauses are left out of tickets with a promised time, too, though they do not stop its clock.",
);
const SEGMENT_WAITING: Column = segment(
    SEGMENTS[1],
    "等待时长",
    "Waiting for work to begin",
    "The same from the first response to the beginning of the work.",
);
const SEGMENT_HANDLING: Column =
    segment(SEGMENTS[2], "处理时长", "Work", "The same from the beginning of the work to the resolution that counts.");

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
const BREACH: Column = text(
    "breach",
    "是否超时",
    "Breach",
    "`breached` where a clock of the ticket missed its target, `met` where those that were judged all met it; null where none was.",
);
const FAULT_CODES: Column =
    text("fault_codes", "故障代码", "Fault codes", "Distinct codes of the ticket, joined by `;`.");
const TENURE_MONTHS: Column = column(
    "tenure_months",
    Int32,
    "months",
    "工龄（月）",
    "Tenure",
    "Completed calendar months from `hired_on` to the day of the request (a survey without ticket: of the answer).",
);

/// Column of tickets and faults: how long the ticket waited for parts.
pub const PARTS_WAIT: &str = "parts_wait_seconds";
const PARTS_WAIT_COLUMN: Column = column(
    PARTS_WAIT,
    Int64,
    "s",
    "等待备件时长",
    "Waiting for parts",
    "Real seconds of the ticket's pauses that stop a clock and wait for parts (`parts_reasons` of `[defects]`); null where no pause in the data does.",
);

/// Column of tickets: how long a complaint took.
pub const COMPLAINT_SECONDS: &str = "complaint_seconds";

/// One row per ticket that is used.
pub static FACT_TICKET: Table = Table {
    name: "fact_ticket",
    label: Label { zh: "工单事实表", en: "Tickets" },
    grain: "one row per ticket, in its latest state that the dumps know",
    columns: &[
        TICKET_ID,
        MONTH,
        PERIOD,
        WEEK,
        WEEKDAY,
        HOUR,
        text("calendar", "工作日历", "Calendar", "Name of the working calendar that the ticket's clocks are read by."),
        REQUESTED_AT,
        time("first_response_at", "首次响应时间", "First response", "When the customer got the first answer."),
        time("started_at", "开始处理时间", "Work began", "When work began."),
        time(
            "resolved_at",
            "问题解决时间",
            "Resolved",
            "When the problem was solved for good; null while the ticket is open, also again.",
        ),
        time(
            "first_resolved_at",
            "首次解决时间",
            "First resolved",
            "When the problem was solved for the first time; differs from `resolved_at` where the ticket was reopened.",
        ),
        time("reopened_at", "重开时间", "Reopened at", "When the ticket was reopened for the last time."),
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
        FAULT_CODES,
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
        SEGMENT_RESPONSE,
        SEGMENT_WAITING,
        SEGMENT_HANDLING,
        column(
            "timeliness_thousandths",
            Int32,
            "points/1000",
            "响应时效评分（系统）",
            "Timeliness score",
            "Mean of the scores 1–5 that time used ÷ target of the clocks in [timeliness] gives, in thousandths of a point; null where none of them was judged.",
        ),
        BREACH,
        fix::STAGE_COLUMN,
        opinion::THEMES_OF_TICKET,
        PARTS_WAIT_COLUMN,
        column(
            COMPLAINT_SECONDS,
            Int64,
            "s",
            "投诉处理时长",
            "Handling of a complaint",
            "`resolution_seconds` where the ticket is a complaint; null for all others.",
        ),
    ],
};

/// The finished tickets whose customers have answered, each once, with columns of `fact_ticket`. It lives in a run only and is
/// not published.
pub const ANSWERED: &str = "answered_ticket";

/// The finished tickets whose customers are to be called and have not answered, with columns of `fact_ticket` and those of
/// [`follow_up`]. It lives in a run only, too.
pub const AWAITED: &str = "awaited_ticket";

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
        WEEK,
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
        text(
            "flags",
            "存疑标记",
            "Flags",
            "Signs that the survey is not what it seems, joined by `;`; see `survey_flags`. Null where there is none, and outside the reviewed period.",
        ),
        text("comment", "评价内容", "Comment", "Free text."),
        SERVICE_TYPE,
        PRIORITY,
        REGION,
        BRANCH,
        CHANNEL.doc("Channel of the ticket."),
        CUSTOMER_TIER,
        PRODUCT_MODEL,
        BREACH.doc("That of the ticket."),
        FAULT_CODES,
        column(
            "timeliness_thousandths",
            Int32,
            "points/1000",
            "响应时效评分（系统）",
            "Timeliness score",
            "That of the ticket; null where the survey does not count for `timeliness_gap`.",
        ),
        column(
            "timeliness_gap_thousandths",
            Int32,
            "points/1000",
            "响应时效评分差",
            "Timeliness gap",
            "The evaluator's own timeliness score − that of the ticket, in thousandths of a point.",
        ),
        opinion::THEMES_OF_SURVEY,
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
        BREACH.doc("That of the ticket."),
        column(
            "customer_gap_thousandths",
            Int32,
            "points/1000",
            "与客户评分差",
            "Customer gap",
            "Answer of an evaluator who is no customer − mean of the customers' answers for the same ticket and dimension, in thousandths of a point; null where there is no such pair.",
        ),
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
        column("is_workday", Bool, "", "是否工作日", "Workday", "The default calendar has opening hours on this date."),
        column("is_holiday", Bool, "", "是否节假日", "Holiday", "A public holiday of the default calendar."),
        column("is_makeup", Bool, "", "是否调休上班", "Make-up workday", "A make-up workday of the default calendar."),
        column(
            "working_seconds",
            Int64,
            "s",
            "工作时长",
            "Working time",
            "Opening hours of the default calendar that begin on this date.",
        ),
    ],
};

/// All facts in the order in which they are listed.
pub static FACTS: [&Table; 8] =
    [&DIM_DATE, &DIM_STAFF, &FACT_ACTION, &FACT_FAULT, &FACT_SCORE, &FACT_SURVEY, &FACT_TICKET, &FACT_UNITS];
