//! Columns that several tables have, and the breakdowns.

use super::Type::{Bool, Date, Double, Int32, Int64, Text};
use super::{Column, Label, column};

/// A way to split a figure by a column of the facts.
#[derive(Debug)]
pub struct Breakdown {
    /// Name in the pipeline file and in the `breakdown` column.
    pub name: &'static str,
    /// Column of `fact_ticket`, of `fact_survey` and of `fact_score` that holds the members.
    pub column: &'static str,
    pub label: Label,
    /// Whether tickets have it (`evaluator` belongs to surveys alone).
    pub of_tickets: bool,
}

const fn by(
    name: &'static str,
    column: &'static str,
    zh: &'static str,
    en: &'static str,
    of_tickets: bool,
) -> Breakdown {
    Breakdown { name, column, label: Label { zh, en }, of_tickets }
}

/// All breakdowns, in the order in which tables list them, after `all`.
pub static BREAKDOWNS: &[Breakdown] = &[
    by("service_type", "service_type", "服务类型", "Service type", true),
    by("priority", "priority", "优先级", "Priority", true),
    by("region", "region", "区域", "Region", true),
    by("branch", "branch", "网点", "Branch", true),
    by("channel", "channel", "渠道", "Channel", true),
    by("customer_tier", "customer_tier", "客户等级", "Customer tier", true),
    by("team", "team", "班组", "Team", true),
    by("staff", "staff_id", "员工", "Staff", true),
    by("tenure_band", "tenure_band", "工龄段", "Tenure band", true),
    by("product_model", "product_model", "产品型号", "Product model", true),
    by("breach", "breach", "是否超时", "Breach", true),
    by("evaluator", "evaluator", "评价主体", "Evaluator", false),
];

/// The breakdown of this name.
pub fn breakdown(name: &str) -> Option<&'static Breakdown> {
    BREAKDOWNS.iter().find(|b| b.name == name)
}

/// Name of the breakdown, and of its only member, that covers everything.
pub const ALL: &str = "all";

/// What stands between the values of a cell that holds several.
pub const JOINED: &str = ";";

/// Member that stands for "no value": rows without one are counted, not dropped.
pub const NONE: &str = "(none)";

pub const PERIOD_TYPE: Column =
    column("period_type", Text, "", "周期类型", "Period type", "`month`, `quarter`, `half` or `year`.");
pub const PERIOD: Column = column("period", Text, "", "周期", "Period", "`2026-07`, `2026Q3`, `2026H2` or `2026`.");
pub const CLOCK: Column = column(
    "clock",
    Text,
    "",
    "计时项",
    "Clock",
    "Of tickets `first_response`, `start`, `resolution`; of surveys `survey_return`, `suggestion_reply`; or one that the pipeline declares.",
);
pub const BREAKDOWN: Column = column(
    "breakdown",
    Text,
    "",
    "分组方式",
    "Breakdown",
    "What the rows are split by; `all` for everything together.",
);
pub const MEMBER: Column =
    column("member", Text, "", "分组", "Member", "One value of the breakdown; `(none)` where the data have none.");
pub const DIMENSION: Column = column(
    "dimension",
    Text,
    "",
    "评价维度",
    "Dimension",
    "Scored dimension as the pipeline names it; `overall` is one.",
);
pub const TICKETS: Column = column("tickets", Int64, "tickets", "工单数", "Tickets", "Tickets counted.");
pub const N: Column = column("n", Int64, "answers", "样本量", "n", "Answers counted.");
pub const CI_LOW: Column = column("ci_low", Double, "", "置信下限", "CI low", "Lower end of the 95 % interval.");
pub const CI_HIGH: Column = column("ci_high", Double, "", "置信上限", "CI high", "Upper end of the 95 % interval.");
pub const CHANGE_Q: Column = column(
    "change_q",
    Double,
    "",
    "变化q值",
    "Change q",
    "Benjamini–Hochberg q-value of the change, over all changes of this table in the run; null where nothing could be tested.",
);
pub const Q: Column =
    column("q", Double, "", "q值", "q", "Benjamini–Hochberg q-value of `p` over all rows of the table.");
pub const SUPPRESSED: Column = column(
    "suppressed",
    Bool,
    "",
    "样本不足",
    "Suppressed",
    "True where n is below `min_n`: figures are null, the row is kept and never ranked.",
);
pub const PRODUCT_MODEL: Column =
    column("product_model", Text, "", "产品型号", "Product model", "Product model; `(none)` where the data have none.");
pub const FAULT_CODE: Column = column("fault_code", Text, "", "故障代码", "Fault code", "One fault code.");
pub const TICKET_ID: Column = column("ticket_id", Text, "", "服务工单号", "Ticket", "Ticket number.");
pub const STAFF_ID: Column = column("staff_id", Text, "", "员工编号", "Staff", "Staff number.");
pub const STAFF_NAME: Column = column("staff_name", Text, "", "员工姓名", "Staff name", "Name as the roster has it.");
pub const TEAM: Column = column("team", Text, "", "班组", "Team", "Team as the roster has it.");
pub const TENURE_BAND: Column = column(
    "tenure_band",
    Text,
    "",
    "工龄段",
    "Tenure band",
    "Band of the pipeline that holds the completed months since `hired_on`.",
);
pub const ROWS: Column = column("rows", Int64, "rows", "行数", "Rows", "Rows counted.");
pub const DATE: Column = column("date", Date, "", "日期", "Date", "Calendar date.");
pub const RANK: Column = column("rank", Int32, "", "排名", "Rank", "1 is the first.");
