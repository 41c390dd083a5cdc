//! Names of survey columns. Scored dimensions have a dictionary of their own.

use super::{Synonyms, names};

pub static SURVEYS: &[Synonyms] = &[
    names(
        "survey_id",
        "survey_id | 评价编号 | 评价ID | 评价单号 | 问卷编号 | 问卷ID | 答卷编号 | 答卷ID | 答卷序号 | \
            回访编号 | 回访单号 | 调查编号 | 反馈编号 | 提交编号 | survey number | survey no | survey response id | \
            response id | feedback id | questionnaire id | respondent id | submission id | evaluation id | rating id",
        "序号 | 编号 | id | instance id",
    ),
    names(
        "ticket_id",
        "ticket_id | 服务工单号 | 工单号 | 工单编号 | 工单ID | 服务单号 | 服务单编号 | 服务工单编号 | 报修单号 | \
            派工单号 | 维修单号 | 受理单号 | 关联工单 | 关联工单号 | 关联单号 | 对应工单号 | ticket | \
            ticket number | ticket no | case id | case number | incident number | incident | \
            service request number | work order number | work order | request id | request number | job number | \
            conversation id | issue key | case_enquiry_id | number",
        "单号 | 单据编号 | trigger id",
    ),
    names(
        "staff_id",
        "staff_id | 员工编号 | 员工工号 | 工号 | 员工ID | 工程师编号 | 工程师工号 | 师傅工号 | 服务人员编号 | \
            被评价人工号 | 被评人工号 | employee id | employee number | staff number | agent id | technician id | \
            engineer id | instcode | instructor id | instructor code | teacher id | assigned_to | assignee id | \
            staff",
        "员工姓名 | 服务人员 | 服务人员姓名 | 工程师 | 工程师姓名 | 师傅 | 师傅姓名 | 维修人员 | 维修师傅 | \
            技师 | 客服 | 客服姓名 | 坐席 | 被评价人 | 被评价员工 | 处理人 | 员工 | 姓名 | staff_name | agent | \
            agent name | technician | technician name | engineer | instructor | instructor name | teacher | \
            employee | employee name | assignee | resolved by | handled by",
    ),
    names(
        "evaluator",
        "evaluator | 评价主体 | 评价人类型 | 评价人 | 评价对象类型 | 评价来源 | 评价方 | 评价者 | 评价人身份 | \
            evaluator type | respondent type | rater | rated by | respondent role | survey type",
        "身份 | respondent",
    ),
    names(
        "channel",
        "channel | 评价渠道 | 回访方式 | 回访渠道 | 评价方式 | 调查方式 | 问卷渠道 | survey channel | \
            survey method | collection mode | feedback channel",
        "渠道 | 来源 | collector",
    ),
    names(
        "answered_at",
        "answered_at | 评价时间 | 评价日期 | 回访时间 | 回访日期 | 答卷时间 | 提交答卷时间 | 填写时间 | \
            填表时间 | 填写日期 | 评分时间 | 打分时间 | 客户评价时间 | 调查时间 | 调查日期 | 反馈时间 | 反馈日期 | \
            评分日期 | survey date | survey time | survey completed at | survey submitted | response date | \
            responded at | rated at | rating date | feedback date | feedback at | evaluation date | evaluated at | \
            end date | recorded date | date submitted | submitted at | submission time | submission date | \
            taken on | answered",
        "提交时间 | 提交日期 | 创建时间 | 时间 | 日期 | created_at | created | updated_at | timestamp | date | \
            datetime | time | completed at",
    ),
    names(
        "suggestion",
        "suggestion | 改进建议 | 建议 | 意见建议 | 意见与建议 | 意见和建议 | 您的建议 | 客户建议 | 建议与意见 | \
            suggestions | improvement suggestion | suggestions for improvement | what can we improve | \
            how can we improve",
        "意见",
    ),
    names(
        "suggestion_answered_at",
        "suggestion_answered_at | 建议回复时间 | 建议答复时间 | 意见回复时间 | 意见答复时间 | 建议反馈时间 | \
            建议处理时间 | 建议回复日期 | 建议答复日期 | 改进建议回复时间 | 改进建议答复时间 | 建议采纳回复时间 | \
            客户建议回复时间 | 建议响应时间 | suggestion answered | suggestion answered on | \
            suggestion answer date | suggestion replied at | suggestion reply time | suggestion reply date | \
            suggestion replied on | suggestion response date | suggestion response time | \
            suggestion responded at | reply to suggestion at",
        "",
    ),
    names(
        "strengths",
        "strengths | 服务亮点 | 亮点 | 满意之处 | 优点 | 满意点 | 表扬点 | 服务优点 | 评价标签 | \
            what went well | highlights | compliments",
        "标签 | tags",
    ),
    names(
        "emotion",
        "emotion | 客户情绪 | 情绪 | 情绪状态 | 客户情绪状态 | mood | sentiment | customer mood | \
            customer sentiment",
        "",
    ),
    names(
        "comment",
        "comment | 评价内容 | 评语 | 客户评语 | 评价说明 | 评论 | 客户反馈 | 文字评价 | 不满意原因 | 案例描述 | \
            回访内容 | 留言 | comments | survey comment | survey comments | feedback text | customer comment | \
            feedback | verbatim | review text | rating comment",
        "备注 | 说明 | remarks | 原因 | additional information",
    ),
    names(
        "dimension",
        "dimension | 评价维度 | 评价指标 | 评价项目 | 评价项 | 维度 | 指标名称 | 考核指标 | 评分项 | 评分项目 | \
            题目 | 问题名称 | 问题标题 | question | question text | survey question | metric | metric name | \
            criterion | criteria | indicator | aspect",
        "指标 | 项目 | category",
    ),
    names(
        "score",
        "score | 得分 | 分值 | 分数 | 评分 | 打分 | 评分值 | 得分值 | 答案 | 答案分值 | 选项分值 | answer | \
            rating | answer value | points | scaled value | actual value",
        "value | 结果 | 评价结果 | result | response",
    ),
];
