//! What the tests of this room share.

use std::path::Path;

use super::types::Plan;
use super::{Problem, parse};

/// The least that a plan needs: five lines, columns last.
pub const TICKETS: &str = "[sources.tickets]\nfiles = \"t.csv\"\n[sources.tickets.columns]\nticket_id = \"单号\"\n\
                           requested_at = \"时间\"\n";

/// Surveys to follow the tickets, columns last.
pub const SURVEYS: &str = "[sources.surveys]\nfiles = \"s.csv\"\n[sources.surveys.columns]\nanswered_at = \"评价时间\"\n\
                           ticket_id = \"单号\"\n";

/// Pauses to follow the tickets, columns last.
pub const PAUSES: &str = "[sources.pauses]\nfiles = \"p.csv\"\n[sources.pauses.columns]\nticket_id = \"单号\"\n\
                          paused_at = \"暂停\"\nreason = \"原因\"\n";

/// A log of events to follow the tickets: ten lines.
pub const EVENTS: &str = r#"[sources.pauses]
files = "log.csv"
pending = ["等待客户", "On Hold"]
resolved = ["Resolved", "Closed"]
[sources.pauses.columns]
ticket_id = "单号"
event_at = "变更时间"
status = "新状态"
[sources.pauses.values.status]
"待客户" = "等待客户"
"#;

/// Tickets and surveys with some times of their own.
pub fn with_times(clocks: &str) -> String {
    format!(
        "{clocks}\n{TICKETS}first_response_at = \"响应\"\narrived_at = [\"到场\", \"到达时间\"]\n{SURVEYS}\
         called_at = {{ column = \"回访\", format = \"%Y%m%d\" }}\n"
    )
}

/// A clock of tickets and one of surveys, between such times.
pub const DECLARED: &str = "[clocks.visit]\nfrom = \"first_response_at\"\nto = \"arrived_at\"\nlabel = \"上门\"\n\
                    target = \"8h clock\"\ngoal = 0.8\n[clocks.call]\nfrom = \"arrived_at\"\nto = \"called_at\"\n";

/// A pipeline of surveys alone, with a row an answer.
pub const LONG: &str = r#"
[sources.surveys]
files = "answers-*.ndjson"
carry = "问卷"
[sources.surveys.columns]
survey_id   = { columns = ["@file", "问卷号"], join = "/" }
staff_id    = ["工号", "@sheet"]
answered_at = { value = 2026-06-30 }
evaluator   = { value = "客户" }
dimension   = "项目"
score       = "分值"
[sources.surveys.dimensions]
attitude = ["服务态度", "态度"]
overall  = { column = "总体", scale = [0, 10] }
[sources.surveys.where]
分值 = { filled = true, min = 0, max = 10 }

[breakdowns]
scores = ["evaluator", "staff"]
"#;

/// A pipeline that says everything.
pub const EXAMPLE: &str = r#"
[review]
title     = "售后服务质量季度评审"
period    = "quarter"                 # month | quarter | half | year
time_zone = "Asia/Shanghai"
language  = "zh"                      # zh | en: labels of charts and report

[sources.tickets]
files = ["../fixtures/tickets-*.csv"]
sheets = ["*网点", "总部"]
header_row = 2
separator = ";"
missing = ["", "?", "无"]
carry = ["made_sla", "@sheet"]
latest_by = "sys_mod_count"
[sources.tickets.columns]
ticket_id    = "服务工单号"
requested_at = ["客户提出需求时间", "报修时间"]
resolved_at  = { column = "问题解决时间", format = "%Y/%m/%d %H:%M" }
fault_codes  = { column = "故障类别", separator = "、" }
service_type = "服务类型"
customer_tier = "客户等级"
branch       = ["网点", "@sheet"]
is_complaint = { value = true }
closed_at    = { value = "2026/06/30", format = "%Y/%m/%d" }
first_response_at = "首次响应时间"
first_resolved_at = "首次解决时间"
reopened_at  = "重开时间"
arrived_at   = ["到达时间", "到场时间"] # a time of their own, for [clocks.visit]
[sources.tickets.values.service_type] # theirs = ours
"维修" = "维修服务"
[sources.tickets.where]
服务工单号 = { like = "INC*", not = ["INC0"] }
状态 = { is = ["已完成", "处理中"], also_called = "工单状态" }
"@sheet" = { not = "汇总" }

[sources.pauses]
files = ["../fixtures/pauses.xlsx"]
[sources.pauses.columns]
ticket_id = "服务工单号"
paused_at = "暂停时间"
resumed_at = "恢复时间"
reason = "暂停原因"

[sources.surveys]
files = ["../fixtures/surveys-*.csv"]
[sources.surveys.columns]
ticket_id = "服务工单号"
answered_at = "评价时间"
suggestion_answered_at = "建议回复时间"
evaluator = "评价主体"
[sources.surveys.dimensions]
attitude = "服务态度"
professionalism = "专业能力"
speed = "响应时效"

[calendars.default]
weekly   = { mon-fri = "08:30-12:00 13:00-17:30" }
holidays = "cn"
dates    = { "2026-09-30" = "08:30-12:00", "2026-07-15" = "closed" }

[clocks.resolution]
pauses = ["等待客户", "等待备件"]
target = "40h"                        # where no policy names one
goal   = "90%"
counts = "first"                      # final | first: which resolution of a reopened ticket
[clocks.start]
pauses = "all"
[clocks.visit]
from   = "first_response_at"
to     = "arrived_at"
label  = "上门"
target = "1d"
[clocks.survey_return]
target = "48h clock"
goal   = 0.6
[clocks.suggestion_reply]
target = "3d close"

[timeliness]
clocks     = ["first_response", "resolution", "visit"]
dimension  = "speed"
evaluators = ["客户"]
far_over   = 2.0
over       = 1.0
under      = 0.75
far_under  = 0.5

[[sla]]                               # first match wins; the last one has no `when`
when = { service_type = "维修服务", customer_tier = ["VIP客户"] }
first_response = "1h"
resolution     = "16h"
[[sla]]
first_response = "2h"
start          = "8h"
resolution     = "24h"

[tenure]
bands = ["0-3m", "3-6m", "6-12m", "1-3y", "3y+"]

[scores]
target = 4.0
min_n  = 5
words  = { 非常满意 = 5, 满意 = 4, 一般 = 3, 不满意 = 2, 非常不满意 = 1 }

[defects]
repeat_within_days = 30
same = "customer"                     # customer | serial_number

[breakdowns]
sla    = ["service_type", "priority", "region", "staff", "tenure_band"]
scores = ["staff", "tenure_band", "team", "service_type"]

[quality]
tolerate = "2%"                       # more quarantined rows than this: exit 5
survey_within = "48h"
[quality.rules]
unknown_staff = "error"
survey_late = "warning"
"#;

fn complete(text: &str) -> String {
    if text.contains("[sources") { text.to_owned() } else { format!("{text}\n{TICKETS}") }
}

/// The plan that a text gives, with the least sources added if it has none.
pub fn plan(text: &str) -> Plan {
    parse(&complete(text), Path::new("q.toml")).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The mistakes of a text, with the least sources added if it has none: `line: message | advice`.
pub fn check(text: &str) -> Vec<String> {
    match parse(&complete(text), Path::new("q.toml")) {
        Ok(_) => Vec::new(),
        Err(errors) => lines(errors.problems()),
    }
}

pub fn lines(problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| problem.line().map(|line| format!("{line}: ")).unwrap_or_default();
    problems.iter().map(|problem| format!("{}{} | {}", line(problem), problem.message(), problem.advice())).collect()
}
