//! Statuses in which a ticket waits.

use super::key;

/// Parts of statuses in which a ticket waits for somebody else.
const WAITING: [&str; 17] = [
    "等待",
    "待件",
    "待配件",
    "待备件",
    "待料",
    "待客户",
    "待用户",
    "待厂家",
    "待第三方",
    "挂起",
    "暂停",
    "搁置",
    "awaiting",
    "waiting",
    "pending",
    "on hold",
    "suspended",
];

/// Parts of statuses in which it waits for those who should work on it, or no longer.
const OUR_TURN: [&str; 18] = [
    "派单", "派工", "受理", "处理", "接单", "分配", "评价", "回访", "关闭", "解除", "取消", "support", "agent",
    "assign", "dispatch", "triage", "clos", "review",
];

/// Whether a ticket of this status waits for somebody else: a customer, a vendor, a part.
pub fn waiting(theirs: &str) -> bool {
    let theirs = key(theirs);
    let has = |parts: &[&str]| parts.iter().any(|part| theirs.contains(&key(part)));
    (has(&WAITING) || matches!(theirs.as_str(), "hold" | "paused")) && !has(&OUR_TURN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_wait_for_somebody_else() {
        for wait in
            ["等待客户", "已挂起", "待配件", "Awaiting User Info", "On Hold", "Pending", "waiting-for-parts", "hold"]
        {
            assert!(waiting(wait), "{wait}");
        }
        for other in [
            "待派单",
            "待处理",
            "等待受理",
            "Waiting for support",
            "Pending assignment",
            "解除挂起",
            "Active",
            "household",
        ] {
            assert!(!waiting(other), "{other}");
        }
    }
}
