//! Names of roster and pause columns.

use super::{Synonyms, names};

pub static STAFF: &[Synonyms] = &[
    names(
        "staff_id",
        "staff_id | 员工编号 | 员工工号 | 工号 | 员工ID | 人员编号 | 人员编码 | 职员编号 | 职工编号 | 员工代码 | \
            工程师编号 | 工程师工号 | 师傅工号 | 师傅编号 | 技师编号 | 服务人员编号 | employee id | \
            employee number | employee no | staff number | staff no | personnel number | agent id | technician id | \
            engineer id | worker id | employee code",
        "编号 | 编码 | id | number | no | code | userid | 账号",
    ),
    names(
        "staff_name",
        "staff_name | 员工姓名 | 姓名 | 名字 | 人员姓名 | 职员姓名 | 工程师 | 工程师姓名 | 师傅姓名 | 技师姓名 | \
            服务人员 | 服务人员姓名 | 员工 | employee name | full name | name | agent name | technician | \
            technician name | engineer | engineer name | employee | worker | display name",
        "",
    ),
    names(
        "team",
        "team | 班组 | 所属班组 | 小组 | 组别 | 团队 | 所属团队 | 部门 | 所属部门 | 科室 | 服务组 | 维修组 | \
            team name | group | department | unit | squad | division",
        "网点 | 所属网点 | branch | site",
    ),
    names(
        "position",
        "position | 岗位 | 职位 | 职务 | 岗位名称 | 职称 | 工种 | job title | title | role | job | post",
        "级别 | level | grade",
    ),
    names(
        "hired_on",
        "hired_on | 入职日期 | 入职时间 | 入司日期 | 入司时间 | 到岗日期 | 上岗日期 | 参加工作日期 | 聘用日期 | \
            进厂日期 | hire date | hired | hired at | date hired | start date | joining date | join date | \
            date of joining | joined | employment date | employment start | onboard date",
        "开始日期",
    ),
    names(
        "left_on",
        "left_on | 离职日期 | 离职时间 | 离司日期 | 退职日期 | termination date | end date | leave date | left | \
            date left | exit date | last day | employment end | leaving date",
        "结束日期",
    ),
    names(
        "tenure_band",
        "tenure_band | 工龄段 | 工龄 | 司龄段 | 司龄 | 工龄区间 | 服务年限 | tenure | tenure group | seniority | \
            service years band",
        "",
    ),
];

pub static PAUSES: &[Synonyms] = &[
    names(
        "ticket_id",
        "ticket_id | 服务工单号 | 工单号 | 工单编号 | 工单ID | 服务单号 | 报修单号 | 派工单号 | 维修单号 | \
            ticket | ticket number | ticket no | case id | case number | incident number | incident | number | \
            work order number | work order | request id",
        "单号 | 单据编号 | id | 编号",
    ),
    names(
        "paused_at",
        "paused_at | 暂停时间 | 挂起时间 | 暂停开始时间 | 挂起开始时间 | 开始暂停时间 | 等待开始时间 | \
            暂停开始 | 挂起开始 | paused | pause start | pause started at | on hold since | on hold at | \
            hold start | hold started at | suspended at | pending since | waiting since | pause begin",
        "",
    ),
    names(
        "resumed_at",
        "resumed_at | 恢复时间 | 暂停结束时间 | 挂起结束时间 | 解挂时间 | 解除挂起时间 | 等待结束时间 | \
            暂停结束 | 挂起结束 | 恢复处理时间 | resumed | pause end | pause ended at | hold end | hold ended at | \
            off hold at | unpaused at | waiting until",
        "结束时间 | end time",
    ),
    names(
        "reason",
        "reason | 暂停原因 | 挂起原因 | 等待原因 | pause reason | hold reason | on hold reason | \
            pending reason | waiting for | suspend reason",
        "原因 | 类型 | type",
    ),
    names(
        "event_at",
        "event_at | 状态变更时间 | 状态更新时间 | 状态改变时间 | 状态时间 | 变更时间 | 流转时间 | 事件时间 | \
            操作时间 | 节点时间 | 记录时间 | 日志时间 | event | event time | event date | event timestamp | \
            status changed at | status change date | status change time | status changed | status date | \
            status time | state changed at | changed at | change date | change time | changed on | transition at | \
            transition time | transition date | transitioned at | sys_updated_at | sys_updated_on | history created",
        "更新时间 | 修改时间 | updated at | updated on | updated | update time | timestamp | 时间 | time",
    ),
    names(
        "status",
        "status | 工单状态 | 变更后状态 | 变更后 | 新状态 | 目标状态 | 状态 | 当前状态 | 处理状态 | 流程状态 | \
            节点状态 | 节点 | to status | new status | status to | to state | new state | to value | \
            ticket status | case status | incident state | ticket state | request status | work order status | \
            current status | issue status",
        "state | stage | 阶段 | new value | to | 环节",
    ),
];
