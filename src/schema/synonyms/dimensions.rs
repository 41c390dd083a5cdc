//! What surveys score, and which words tell that a column holds scores.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::keys;

/// A dimension by its usual names.
#[derive(Debug)]
pub struct Dimension {
    pub name: &'static str,
    names: &'static [&'static str],
}

const fn scored(name: &'static str, names: &'static [&'static str]) -> Dimension {
    Dimension { name, names }
}

/// The dimension that stands for satisfaction as a whole.
pub const OVERALL: &str = "overall";

static DIMENSIONS: &[Dimension] = &[
    scored(
        OVERALL,
        &[
            "总体满意度",
            "整体满意度",
            "综合满意度",
            "总满意度",
            "满意度",
            "客户满意度",
            "综合评分",
            "总体评分",
            "整体评分",
            "总评",
            "总分",
            "总体评价",
            "整体评价",
            "综合评价",
            "服务满意度",
            "满意度评分",
            "满意度评价",
            "评价星级",
            "星级",
            "总体满意程度",
            "overall",
            "overall satisfaction",
            "overall rating",
            "overall score",
            "satisfaction",
            "customer satisfaction",
            "csat",
            "csat score",
            "satisfaction score",
            "satisfaction rating",
            "survey result",
            "survey score",
            "survey rating",
            "rating",
            "stars",
            "star rating",
            "overall experience",
        ],
    ),
    scored(
        "attitude",
        &[
            "服务态度",
            "态度",
            "人员态度",
            "服务人员态度",
            "工程师态度",
            "礼貌",
            "礼仪",
            "服务礼仪",
            "attitude",
            "service attitude",
            "courtesy",
            "politeness",
            "friendliness",
            "staff attitude",
        ],
    ),
    scored(
        "professionalism",
        &[
            "专业能力",
            "专业度",
            "专业性",
            "专业水平",
            "专业技能",
            "专业知识",
            "业务能力",
            "技术能力",
            "技术水平",
            "技术",
            "维修技术",
            "技能水平",
            "professionalism",
            "expertise",
            "technical skill",
            "technical skills",
            "competence",
            "knowledge",
            "professional skills",
            "technician knowledge",
            "agent knowledge",
        ],
    ),
    scored(
        "timeliness",
        &[
            "及时性",
            "响应及时性",
            "响应时效",
            "响应时效客户评",
            "响应时效评分",
            "响应速度",
            "服务及时性",
            "上门及时性",
            "处理及时性",
            "时效性",
            "时效",
            "及时率评分",
            "准时性",
            "效率",
            "服务效率",
            "处理效率",
            "timeliness",
            "response time rating",
            "responsiveness",
            "speed",
            "speed of service",
            "promptness",
            "punctuality",
        ],
    ),
    scored(
        "resolution",
        &[
            "问题解决",
            "解决问题能力",
            "问题解决能力",
            "问题解决情况",
            "解决能力",
            "问题解决评分",
            "resolution",
            "problem solving",
            "issue resolution",
            "problem resolution",
        ],
    ),
    scored(
        "effectiveness",
        &[
            "解决效果",
            "问题解决效果",
            "服务效果",
            "维修效果",
            "维修质量",
            "服务质量",
            "处理效果",
            "处理结果满意度",
            "effectiveness",
            "quality of service",
            "service quality",
            "repair quality",
            "quality of work",
        ],
    ),
    scored(
        "process",
        &[
            "流程规范性",
            "规范性",
            "服务规范",
            "流程规范",
            "规范性评分",
            "作业规范",
            "process",
            "process conformity",
            "procedure",
        ],
    ),
    scored(
        "convenience",
        &[
            "流程便捷性",
            "便捷性",
            "便利性",
            "方便程度",
            "服务便捷性",
            "convenience",
            "ease",
            "ease of use",
            "customer effort",
            "effort score",
            "ces",
        ],
    ),
    scored(
        "communication",
        &[
            "沟通",
            "沟通能力",
            "沟通效果",
            "沟通表达",
            "讲解清晰",
            "communication",
            "communication skills",
            "clarity",
            "listening",
        ],
    ),
    scored("added_value", &["增值需求", "增值服务", "added value", "value added services"]),
    scored("price", &["收费合理性", "价格", "费用合理性", "收费", "性价比", "price", "value for money", "pricing"]),
    scored("environment", &["环境", "服务环境", "门店环境", "environment", "facilities"]),
    scored("tidiness", &["清洁", "现场清洁", "仪容仪表", "着装", "cleanliness", "tidiness", "appearance"]),
    scored(
        "recommend",
        &[
            "推荐意愿",
            "推荐度",
            "净推荐值",
            "推荐",
            "推荐可能性",
            "nps",
            "nps score",
            "recommend",
            "recommendation",
            "likelihood to recommend",
            "would recommend",
            "how likely are you to recommend us",
        ],
    ),
    scored("trust", &["信任", "信任度", "trust", "reliability", "可靠性"]),
    scored("parts", &["配件供应", "备件", "配件质量", "parts", "parts availability"]),
];

/// Parts of names of columns that hold scores.
pub const SCORE_WORDS: [&str; 12] =
    ["评分", "得分", "打分", "满意", "评价分", "星级", "score", "rating", "satisf", "csat", "stars", "nps"];

/// Parts of names of columns that hold small numbers, or words, but no judgement: more is not better.
pub const NEVER_SCORES: [&str; 30] = [
    "难度",
    "次数",
    "数量",
    "等级",
    "级别",
    "优先",
    "紧急",
    "序号",
    "编号",
    "年级",
    "时长",
    "天数",
    "金额",
    "是否",
    "原因",
    "时间",
    "difficulty",
    "attendance",
    "repeat",
    "count",
    "priority",
    "urgency",
    "impact",
    "severity",
    "level",
    "code",
    "number",
    "completed",
    "days",
    "reason",
];

/// The dimension that goes by this name.
pub fn dimension(name: &str) -> Option<&'static str> {
    static NAMES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
        DIMENSIONS.iter().flat_map(|d| d.names.iter().map(|name| (super::key(name), d.name))).collect()
    });
    let keys = keys(name);
    // `服务态度评分`, `attitude score`: the same with a word that says it is a score.
    let bare = |key: &String| {
        let words = ["评分", "得分", "打分", "评价", "满意度", "score", "rating"];
        words.iter().find_map(|word| NAMES.get(key.strip_suffix(word)?))
    };
    keys.iter().find_map(|key| NAMES.get(key)).or_else(|| keys.iter().find_map(bare)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_dimensions() {
        let mut seen = BTreeMap::new();
        for dimension in DIMENSIONS {
            for name in dimension.names {
                let before = seen.insert(super::super::key(name), dimension.name);
                assert!(before.is_none(), "{name} is in {before:?} and {}", dimension.name);
            }
        }
    }

    #[test]
    fn dimensions_are_known_in_both_languages_and_in_dress() {
        for (name, expected) in [
            ("服务态度", "attitude"),
            ("2、服务态度（1-5分）", "attitude"),
            ("专业能力评分", "professionalism"),
            ("Survey Result", "overall"),
            ("响应时效(客户评)", "timeliness"),
            ("Communication Rating", "communication"),
        ] {
            assert_eq!(dimension(name), Some(expected), "{name}");
        }
        assert_eq!(dimension("产品型号"), None);
    }
}
