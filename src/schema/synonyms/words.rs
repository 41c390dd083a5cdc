//! Words found in cells, and columns that are known by name without being columns of ours.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::key;

/// Their columns that say what became of a target: worth carrying along, to be set against our own outcome.
pub const OUTCOMES: [&str; 30] = [
    "made_sla",
    "on_time",
    "ontime",
    "sla met",
    "met sla",
    "sla status",
    "sla result",
    "sla breached",
    "is breached",
    "has breached",
    "breached",
    "is overdue",
    "overdue",
    "within sla",
    "sla violated",
    "resolution status",
    "sla outcome",
    "是否超时",
    "是否按时",
    "是否按时完成",
    "是否及时",
    "是否达标",
    "超时",
    "超时标识",
    "达标情况",
    "时效达标",
    "是否逾期",
    "响应是否超时",
    "是否按时上门",
    "是否及时完成",
];

/// Their columns that count the versions of a row.
pub const VERSIONS: [&str; 28] = [
    "sys_mod_count",
    "mod count",
    "modification count",
    "version",
    "version number",
    "row version",
    "revision",
    "update count",
    "sequence number",
    "seq",
    "event no",
    "版本",
    "版本号",
    "修订号",
    "更新次数",
    "变更序号",
    "修订版本",
    "版本序号",
    "修改次数",
    "变更次数",
    "操作序号",
    "步骤序号",
    "序号",
    "rev",
    "sequence",
    "seq no",
    "update number",
    "change number",
];

/// Parts of names of time columns that are no moment of the service: record keeping, appointments, warranties, birthdays,
/// the dispatch.
pub const NOT_MOMENTS: [&str; 41] = [
    "update",
    "modif",
    "export",
    "import",
    "sync",
    "create",
    "due",
    "target",
    "plan",
    "sched",
    "warrant",
    "expir",
    "birth",
    "purchase",
    "install date",
    "last",
    "next",
    "更新",
    "修改",
    "导出",
    "导入",
    "同步",
    "创建",
    "登记",
    "预约",
    "预计",
    "计划",
    "要求",
    "承诺",
    "期望",
    "保修",
    "质保",
    "到期",
    "生日",
    "购买",
    "出厂",
    "上次",
    "下次",
    "派工",
    "派单",
    "dispatch",
];

/// Parts of words that people write where there is no time yet.
const NO_TIMES: [&str; 24] = [
    "未",
    "待",
    "无",
    "暂",
    "没",
    "不详",
    "不明",
    "处理中",
    "进行中",
    "维修中",
    "服务中",
    "pending",
    "open",
    "tbd",
    "tba",
    "unknown",
    "not ",
    "unresolved",
    "in progress",
    "ongoing",
    "none",
    "unassigned",
    "waiting",
    "never",
];

/// Whether a word in a column of times says that there is none. What may mean some time, such as `昨天下午`, does not.
pub fn no_time(word: &str) -> bool {
    let lower = word.to_lowercase();
    NO_TIMES.iter().any(|part| lower.contains(part))
}

const STATUSES: [(&str, &[&str]); 5] = [
    (
        "open",
        &[
            "open",
            "new",
            "created",
            "reopened",
            "submitted",
            "registered",
            "unassigned",
            "待处理",
            "待受理",
            "待派单",
            "待派工",
            "待接单",
            "未处理",
            "未受理",
            "未派工",
            "新建",
            "已创建",
            "已登记",
            "已提交",
            "待分配",
            "未完成",
            "重新打开",
            "已报修",
        ],
    ),
    (
        "in_progress",
        &[
            "in progress",
            "active",
            "work in progress",
            "wip",
            "assigned",
            "pending",
            "on hold",
            "waiting",
            "awaiting user info",
            "awaiting problem",
            "awaiting vendor",
            "awaiting evidence",
            "waiting for customer",
            "waiting on customer",
            "waiting on third party",
            "escalated",
            "under investigation",
            "scheduled",
            "处理中",
            "进行中",
            "已派单",
            "已派工",
            "已接单",
            "已受理",
            "维修中",
            "服务中",
            "上门中",
            "已预约",
            "已上门",
            "待上门",
            "挂起",
            "已挂起",
            "暂停",
            "等待客户",
            "等待备件",
            "待配件",
            "待回访",
            "跟进中",
            "待确认",
        ],
    ),
    (
        "resolved",
        &[
            "resolved",
            "solved",
            "done",
            "completed",
            "complete",
            "fixed",
            "finished",
            "已解决",
            "已完成",
            "完成",
            "已完工",
            "完工",
            "已处理",
            "处理完成",
            "已修复",
            "已办结",
            "办结",
            "服务完成",
            "维修完成",
        ],
    ),
    (
        "closed",
        &[
            "closed",
            "archived",
            "closed complete",
            "closed resolved",
            "已关闭",
            "关闭",
            "已结单",
            "结单",
            "已结案",
            "结案",
            "已闭环",
            "已归档",
            "归档",
            "已完结",
            "完结",
            "已评价",
        ],
    ),
    (
        "cancelled",
        &[
            "cancelled",
            "canceled",
            "void",
            "withdrawn",
            "rejected",
            "duplicate",
            "closed cancelled",
            "deleted",
            "已取消",
            "取消",
            "已作废",
            "作废",
            "已撤销",
            "撤销",
            "已撤单",
            "撤单",
            "已退单",
            "退单",
            "已销单",
            "客户取消",
            "无效",
            "无效工单",
        ],
    ),
];

/// Our word for a status of theirs.
pub fn status(theirs: &str) -> Option<&'static str> {
    let theirs = key(theirs);
    STATUSES.iter().find(|(_, words)| words.iter().any(|word| key(word) == theirs)).map(|(ours, _)| *ours)
}

/// Families of answers, from best to worst.
const LIKERT: [[&str; 5]; 10] = [
    ["非常满意", "满意", "一般", "不满意", "非常不满意"],
    ["很满意", "较满意", "基本满意", "较不满意", "很不满意"],
    ["十分满意", "比较满意", "中立", "不太满意", "十分不满意"],
    ["优秀", "良好", "中等", "较差", "差"],
    ["非常好", "好", "还行", "不好", "非常不好"],
    ["非常同意", "同意", "不确定", "不同意", "非常不同意"],
    ["五星", "四星", "三星", "二星", "一星"],
    ["very satisfied", "satisfied", "neutral", "dissatisfied", "very dissatisfied"],
    ["excellent", "good", "fair", "poor", "very poor"],
    ["strongly agree", "agree", "neither agree nor disagree", "disagree", "strongly disagree"],
];

/// Points, 5 for the best, that an answer in words stands for.
pub fn likert(word: &str) -> Option<u8> {
    static POINTS: LazyLock<BTreeMap<String, u8>> = LazyLock::new(|| {
        LIKERT.iter().flat_map(|family| family.iter().map(|word| key(word)).zip((1..=5).rev())).collect()
    });
    // `★★★☆☆` is three stars.
    let filled = word.chars().filter(|c| matches!(c, '★' | '⭐')).count();
    if filled > 0 && word.chars().all(|c| matches!(c, '★' | '⭐' | '☆')) {
        return u8::try_from(filled).ok().filter(|points| *points <= 5);
    }
    POINTS.get(&key(word)).copied()
}

/// The other answers of the family that a word belongs to, the word itself among them, from best to worst.
pub fn family(word: &str) -> &'static [&'static str] {
    let word = key(word);
    LIKERT.iter().find(|family| family.iter().any(|other| key(other) == word)).map_or(&[], |family| family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_one_meaning() {
        let mut seen = BTreeMap::new();
        for family in LIKERT {
            for word in family {
                let points = likert(word);
                assert!(points.is_some() && seen.insert(key(word), points).is_none(), "{word}");
            }
        }
        assert_eq!((likert("Very Satisfied"), likert("较差"), likert("还可以吧")), (Some(5), Some(2), None));
        assert_eq!((likert("★★★☆☆"), likert("★★★★★★"), likert("☆")), (Some(3), None, None));
    }

    #[test]
    fn words_for_no_time() {
        for (word, expected) in [("未解决", true), ("TBD", true), ("昨天下午", false), ("周一", false)] {
            assert_eq!(no_time(word), expected, "{word}");
        }
    }

    #[test]
    fn statuses_have_one_meaning() {
        let mut seen = BTreeMap::new();
        for (ours, words) in STATUSES {
            for word in words {
                assert_eq!(seen.insert(key(word), ours), None, "{word}");
            }
        }
        assert_eq!(
            (status("已完成"), status("Awaiting User Info"), status("厂家受理")),
            (Some("resolved"), Some("in_progress"), None)
        );
    }
}
