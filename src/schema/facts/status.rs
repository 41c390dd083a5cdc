//! What a status says about the state of a ticket.

/// Still being worked on; also every status that we do not know.
pub const OPEN: &str = "open";
pub const IN_PROGRESS: &str = "in_progress";

/// The problem is solved.
pub const RESOLVED: &str = "resolved";

/// Words for a ticket that is done: our own `resolved` and `closed`, and what service desks write.
const ENDED: [&str; 9] = [RESOLVED, "closed", "done", "completed", "已解决", "已关闭", "已完成", "已结单", "已闭环"];
/// Words for a ticket that nobody works on any more: our own `cancelled`, and what service desks write.
const CANCELLED: [&str; 6] = ["cancelled", "canceled", "已取消", "取消", "已作废", "作废"];

/// Words for a ticket that is being worked on or waits for it.
const UNDER_WAY: [&str; 22] = [
    OPEN,
    IN_PROGRESS,
    "in progress",
    "new",
    "active",
    "assigned",
    "pending",
    "on hold",
    "awaiting user info",
    "awaiting problem",
    "awaiting vendor",
    "awaiting evidence",
    "未处理",
    "待处理",
    "待派单",
    "已派单",
    "已受理",
    "已预约",
    "处理中",
    "进行中",
    "待件",
    "挂起",
];

/// Whether we know what a status means; one that we do not know counts as open.
pub fn is_known(status: &str) -> bool {
    is_ended(status) || is_cancelled(status) || UNDER_WAY.iter().any(|word| word.eq_ignore_ascii_case(status))
}

pub fn is_ended(status: &str) -> bool {
    ENDED.iter().any(|word| word.eq_ignore_ascii_case(status))
}

pub fn is_cancelled(status: &str) -> bool {
    CANCELLED.iter().any(|word| word.eq_ignore_ascii_case(status))
}
