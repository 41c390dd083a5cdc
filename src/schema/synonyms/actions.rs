//! Names of columns of improvement plans.

use super::{Synonyms, names};

pub static ACTIONS: &[Synonyms] = &[
    names(
        "action_id",
        "action_id | 措施编号 | 改进编号 | 整改编号 | 改进措施编号 | 方案编号 | action no | action number | capa no | capa id | \
            measure id",
        "编号 | 序号 | id | no",
    ),
    names(
        "target",
        "target | 改进对象 | 改进项目 | 改进目标 | 整改对象 | 问题点 | 针对问题 | 问题描述 | 改进问题 | problem | issue addressed | \
            target problem",
        "问题 | 项目 | issue",
    ),
    names(
        "measure",
        "measure | 改进措施 | 整改措施 | 纠正措施 | 措施 | 具体措施 | 措施内容 | action | corrective action | improvement action | \
            countermeasure",
        "内容 | description",
    ),
    names(
        "department",
        "department | 责任部门 | 负责部门 | 主责部门 | 牵头部门 | 整改部门 | responsible department",
        "部门 | unit",
    ),
    names(
        "owner",
        "owner | 责任人 | 负责人 | 整改责任人 | 措施责任人 | responsible | responsible person | assignee",
        "姓名",
    ),
    names(
        "created_on",
        "created_on | 制定日期 | 提出日期 | 立项日期 | 下达日期 | 开始日期 | 启动日期 | date created | opened on",
        "日期 | created | date",
    ),
    names(
        "due_on",
        "due_on | 完成时限 | 要求完成日期 | 计划完成日期 | 计划完成时间 | 截止日期 | 完成期限 | 整改期限 | due date | due | deadline | \
            target date",
        "时限 | 期限",
    ),
    names("due_days", "due_days | 完成时限(工作日) | 工作日数 | 限期工作日 | due in working days | working days", ""),
    names("status", "status | 状态 | 措施状态 | 整改状态 | 进度 | 完成情况 | action status", ""),
    names(
        "completed_on",
        "completed_on | 完成日期 | 实际完成日期 | 实际完成时间 | 完成时间 | date completed | completion date | completed",
        "closed on",
    ),
    names(
        "verified_on",
        "verified_on | 验证日期 | 效果验证日期 | 验收日期 | 闭环日期 | verification date | verified",
        "",
    ),
];
