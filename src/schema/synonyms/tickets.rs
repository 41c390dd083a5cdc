//! Names of ticket columns.

use super::{Synonyms, names};

pub static TICKETS: &[Synonyms] = &[
    names(
        "ticket_id",
        "ticket_id | 服务工单号 | 工单号 | 工单编号 | 工单编码 | 工单ID | 服务单号 | 服务单编号 | 服务工单编号 | \
            报修单号 | 报修编号 | 派工单号 | 派工编号 | 维修单号 | 维修工单号 | 维修单编号 | 安装单号 | 受理单号 | \
            受理编号 | 投诉单号 | 投诉编号 | 事件编号 | 事件单号 | 故障单号 | 问题单号 | 需求单号 | 服务请求号 | \
            服务请求编号 | 案例编号 | 个案编号 | 信息单号 | 网点工单号 | 售后单号 | 售后单编号 | 退换货单号 | \
            ticket | ticket number | ticket no | ticket key | case id | case number | case no | case_enquiry_id | \
            case reference | incident id | incident number | incident no | incident | service request number | \
            service request id | sr number | sr no | sr id | work order number | work order no | work order id | \
            work order | wo number | job number | job no | request id | request number | complaint id | \
            complaint number | issue key | issue id | call number | call id | conversation id | rma number | sys_id",
        "单号 | 单据编号 | 单据号 | 流水号 | 流水编号 | 业务编号 | 编号 | 序列 | number | id | key | no | \
            reference | ref | code",
    ),
    names(
        "requested_at",
        "requested_at | 客户提出需求时间 | 报修时间 | 报修日期 | 报障时间 | 提单时间 | 受理时间 | 受理日期 | \
            来电时间 | 接单时间 | 建单时间 | 工单创建时间 | 工单生成时间 | 工单提交时间 | \
            投诉时间 | 投诉日期 | 申请时间 | 申告时间 | 需求时间 | 需求提出时间 | 请求时间 | 发起时间 | 反馈时间 | \
            上报时间 | 发生时间 | 故障时间 | 服务日期 | requested | request date | request time | requested date | \
            reported at | reported date | report date | date reported | opened_at | opened | open date | \
            opened date | date opened | open_dt | open time | opening date | date received | received at | \
            received date | ticket created | ticket created at | case created | date/time opened | complaint date | \
            incident date | call date | submitted at | submission date | logged at | log date",
        "创建时间 | 创建日期 | 提交时间 | 登记时间 | 登记日期 | 录入时间 | 开始时间 | 开单时间 | 开单日期 | \
            下单时间 | 单据日期 | 业务日期 | 制单日期 | 时间 | 日期 | created_at | created | created date | \
            created time | creation date | date created | create time | createdon | sys_created_on | \
            sys_created_at | datetime | date | time | timestamp | start date | 派单时间 | 派工时间",
    ),
    names(
        "first_response_at",
        "first_response_at | 首次响应时间 | 首响时间 | 响应时间 | 首次回复时间 | 首次联系时间 | \
            首次联系客户时间 | 首次接触时间 | 联系客户时间 | 首次应答时间 | 应答时间 | 回复时间 | 首次跟进时间 | \
            first response | first response time | first responded at | initial response time | \
            initial response at | responded at | response date | response time | first reply | first reply at | \
            first reply time | first replied at | first public reply | first contact at | first contacted at | \
            initially assigned at | acknowledged at",
        "接听时间 | assigned at | assignment time",
    ),
    names(
        "started_at",
        "started_at | 开始处理时间 | 上门时间 | 到达时间 | 到场时间 | 实际上门时间 | 到达现场时间 | 签到时间 | \
            开工时间 | 服务开始时间 | 维修开始时间 | 处理开始时间 | 作业开始时间 | 开始服务时间 | 开始维修时间 | \
            work began | work started | started | work start | actual start | actual start date | work started at | \
            service start | arrival time | arrived at | onsite at | on site time | in progress at | picked up at",
        "处理时间 | start time",
    ),
    names(
        "resolved_at",
        "resolved_at | 问题解决时间 | 解决时间 | 解决日期 | 完成时间 | 完成日期 | 完工时间 | 完工日期 | \
            处理完成时间 | 服务完成时间 | 维修完成时间 | 维修完工时间 | 实际完成时间 | 安装完成时间 | 修复时间 | \
            恢复时间 | 故障恢复时间 | 办结时间 | 办结日期 | 服务结束时间 | 处理结束时间 | resolved | \
            resolution date | resolution time | resolved date | date resolved | solved | solved at | solved date | \
            date solved | completed at | completed date | completion date | date completed | finished at | \
            fixed at | resolve time | work finished | actual end | actual end date | resolution timestamp",
        "结束时间 | 结束日期 | 完结时间 | 处理完毕 | 处理完毕时间 | 完毕时间 | end time | end date",
    ),
    names(
        "first_resolved_at",
        "first_resolved_at | 首次解决时间 | 首次解决日期 | 首次完成时间 | 首次完成日期 | 首次完工时间 | \
            首次修复时间 | 首次办结时间 | 首次处理完成时间 | 第一次解决时间 | 第一次完成时间 | 初次解决时间 | \
            初次完成时间 | 首次解决 | first resolved | first resolved date | first resolved time | \
            first resolution at | first resolution date | first resolution time | first solved | first solved at | \
            first completed at | first fixed at | initially resolved at | initial resolution at | \
            initial resolution time",
        "",
    ),
    names(
        "reopened_at",
        "reopened_at | 重开时间 | 重开日期 | 重新打开时间 | 重新打开日期 | 再次打开时间 | 重新开启时间 | \
            重启时间 | 重新激活时间 | 再次报修时间 | 二次报修时间 | 返修时间 | 最近重开时间 | 最后重开时间 | \
            reopened date | reopened time | reopened on | reopen date | reopen time | reopen at | date reopened | \
            last reopened at | last reopened | last reopen date | reactivated at | reactivated date",
        "",
    ),
    names(
        "closed_at",
        "closed_at | 关闭时间 | 关闭日期 | 关单时间 | 结单时间 | 结单日期 | 结案时间 | 结案日期 | 闭环时间 | \
            归档时间 | 工单关闭时间 | 工单完结时间 | 销单时间 | closed | closed date | close date | date closed | \
            closed_dt | close time | closed time | date/time closed | closing date | ticket closed at | archived at",
        "核销时间",
    ),
    names(
        "status",
        "status | 工单状态 | 单据状态 | 处理状态 | 服务状态 | 状态 | 当前状态 | 受理状态 | 流程状态 | 处理进度 | \
            工单进度 | 投诉状态 | ticket status | case status | incident state | ticket state | request status | \
            work order status | current status | issue status",
        "进度 | state | 阶段 | stage",
    ),
    names(
        "customer_id",
        "customer_id | 客户编号 | 客户编码 | 客户ID | 客户代码 | 客户号 | 客户账号 | 会员号 | 会员编号 | \
            会员ID | 用户编号 | 用户ID | 用户编码 | 客户标识 | customer number | customer no | customer code | \
            customer | client id | account id | account number | requester id | caller id | contact id | user id | \
            organization id | crm id | member id",
        "客户 | 用户 | account | requester | caller | client | reporter",
    ),
    names(
        "customer_name",
        "customer_name | 客户名称 | 客户姓名 | 用户姓名 | 用户名称 | 联系人 | 联系人姓名 | 报修人 | 报修人姓名 | \
            来电人 | 投诉人 | 顾客姓名 | 客户单位 | 单位名称 | 单位 | customer full name | client name | \
            account name | requester name | contact name | caller name | reported by | company name | organization",
        "company",
    ),
    names(
        "customer_phone",
        "customer_phone | 客户电话 | 客户手机 | 客户手机号 | 联系电话 | 联系方式 | 手机号 | 手机 | 电话 | \
            手机号码 | 来电号码 | 报修电话 | 用户电话 | 移动电话 | customer mobile | phone | phone number | \
            telephone | mobile | contact phone | contact number | caller phone",
        "",
    ),
    names(
        "customer_tier",
        "customer_tier | 客户等级 | 客户级别 | 会员等级 | 会员级别 | VIP等级 | 客户星级 | 用户等级 | \
            customer level | customer grade | account tier | support tier | support plan | customer segment",
        "是否VIP | vip | tier",
    ),
    names(
        "customer_kind",
        "customer_kind | 客户类别 | 客户类型 | 客户性质 | 用户类型 | 用户性质 | 客户分类 | customer type | \
            account type | customer category | client type",
        "",
    ),
    names(
        "service_type",
        "service_type | 服务类型 | 服务类别 | 工单类型 | 工单类别 | 服务项目 | 服务方式 | 业务类型 | 报修类型 | \
            受理类型 | 需求类型 | 请求类型 | 服务性质 | 服务大类 | 单据类型 | 投诉类型 | 咨询类型 | 工单分类 | \
            service category | ticket type | case type | request type | incident type | issue type | work type | \
            work order type | service | type of service | job type | complaint type",
        "类型 | 类别 | 分类 | 大类 | category | type | record type | reason",
    ),
    names(
        "channel",
        "channel | 渠道 | 服务渠道 | 受理渠道 | 来源渠道 | 报修渠道 | 工单来源 | 来源 | 受理方式 | 报修方式 | \
            来电渠道 | 信息来源 | 投诉渠道 | 接入渠道 | contact type | contact channel | case origin | \
            ticket source | source | origin | via | ticket channel | intake channel | request channel",
        "medium",
    ),
    names(
        "priority",
        "priority | 优先级 | 优先级别 | 紧急程度 | 紧急级别 | 紧急度 | 重要程度 | 严重程度 | 严重级别 | \
            故障等级 | 故障级别 | 工单级别 | 工单等级 | 事件级别 | 加急 | ticket priority | case priority | \
            priority level",
        "severity | urgency | 级别 | 等级",
    ),
    names(
        "region",
        "region | 区域 | 大区 | 所属区域 | 服务区域 | 地区 | 所属大区 | 片区 | 省份 | 省 | 省市 | \
            customer region | sales region | service region | area | territory | neighborhood | province | \
            state/province | location",
        "城市 | 市 | 区县 | city | district | 所在地 | country | zone",
    ),
    names(
        "branch",
        "branch | 网点 | 服务网点 | 处理网点 | 网点名称 | 服务网点名称 | 所属网点 | 维修网点 | 服务站 | \
            服务中心 | 服务商 | 服务商名称 | 分公司 | 分部 | 营业部 | 门店 | 门店名称 | 店铺 | 经销商 | 4S店 | \
            分支机构 | 办事处 | branch name | branch office | service center | service centre | store | shop | \
            dealer | site | office | depot",
        "部门 | 处理部门 | 责任部门 | 所属部门 | 班组 | 处理组 | assignment group | group | group name | team | \
            team name | department | queue",
    ),
    names(
        "product_model",
        "product_model | 产品型号 | 机型 | 型号 | 设备型号 | 规格型号 | 商品型号 | 车型 | 车型名称 | 产品规格 | \
            物料名称 | 机器型号 | model | model number | model name | product | car model | device model | \
            equipment model | asset model | item model | sku | cmdb_ci | configuration item",
        "产品名称 | 产品 | 商品名称 | 商品 | 物料编码 | 设备名称 | product name | device | asset | item | 设备",
    ),
    names(
        "product_line",
        "product_line | 产品线 | 产品类别 | 产品大类 | 产品类型 | 产品系列 | 品类 | 产品品类 | 商品类别 | \
            产品组 | 品牌 | product category | product family | product group | product type | brand | make",
        "系列 | series",
    ),
    names(
        "serial_number",
        "serial_number | 产品序列号 | 序列号 | 机身号 | 机身编码 | 机器编号 | 设备编号 | 设备序列号 | 产品编号 | \
            机号 | 出厂编号 | 车架号 | 条码 | 机身条码 | 产品条码 | SN | SN码 | IMEI | serial no | serial | \
            serial num | vin | asset tag | device id | asset id",
        "",
    ),
    names(
        "fault_codes",
        "fault_codes | 故障代码 | 故障类别 | 故障类型 | 故障现象代码 | 故障编码 | 故障码 | 故障原因代码 | \
            故障分类 | 故障部位 | 故障名称 | 故障现象 | 问题代码 | 问题类别 | 问题类型 | 问题分类 | 不良代码 | \
            不良现象 | 缺陷代码 | 缺陷类型 | 投诉问题 | 典型问题 | fault code | fault | fault type | \
            fault category | failure code | failure mode | defect code | defect codes | defect | defect type | \
            problem code | problem type | error code | symptom | symptom code | root cause | issue category",
        "问题 | 故障 | problem | issue | subcategory | 二级分类 | 小类 | case title | title | tags | 标签",
    ),
    names(
        "fault_description",
        "fault_description | 故障描述 | 问题描述 | 报修内容 | 投诉内容 | 需求描述 | 客户描述 | 服务内容 | \
            故障内容 | 工单内容 | 受理内容 | 工单描述 | 反馈内容 | 诉求内容 | 问题详情 | 问题说明 | \
            short description | problem description | issue description | fault details | incident description | \
            complaint text | subject line",
        "描述 | 内容 | 主题 | 标题 | 摘要 | description | desc | details | subject | summary",
    ),
    names(
        "staff_id",
        "staff_id | 员工编号 | 员工工号 | 工号 | 员工ID | 工程师编号 | 工程师工号 | 师傅工号 | 师傅编号 | \
            服务人员编号 | 服务工号 | 维修工号 | 技师编号 | 客服工号 | 坐席工号 | 处理人工号 | 处理人编号 | \
            处理人ID | employee id | employee number | employee no | staff number | staff no | agent id | \
            assignee id | technician id | engineer id | owner id | operator id",
        "解决人 | 完成人 | 完工人 | resolved by | fixed by | 处理人 | handled by | assigned_to | assignee",
    ),
    names(
        "staff_name",
        "staff_name | 员工姓名 | 工程师 | 工程师姓名 | 服务人员 | 服务人员姓名 | 服务工程师 | 维修工程师 | \
            维修人员 | 维修工 | 维修师傅 | 师傅 | 师傅姓名 | 技师 | 技师姓名 | 技术员 | 处理人姓名 | 处理人员 | \
            客服 | 客服姓名 | 客服人员 | 坐席 | 坐席姓名 | 责任人 | 负责人 | 接单人 | 上门人员 | 经办人 | 员工 | \
            服务员工 | staff | agent | agent name | assignee name | technician | technician name | engineer | \
            engineer name | case owner | ticket owner | employee | employee name | mechanic | service rep",
        "姓名 | owner | 人员 | operator | rep",
    ),
    names(
        "visits",
        "visits | 上门次数 | 服务次数 | 维修次数 | 到访次数 | number of visits | visit count | onsite visits | \
            truck rolls",
        "",
    ),
    names(
        "reopened",
        "reopened | 是否重开 | 重开次数 | 是否返修 | 是否二次报修 | 是否重复报修 | 重新打开次数 | 返修次数 | \
            是否返工 | reopen_count | reopens | is reopened | reopened count | times reopened",
        "",
    ),
    names(
        "is_complaint",
        "is_complaint | 是否投诉 | 是否升级投诉 | 投诉标识 | 投诉标志 | complaint flag | complaint | \
            is escalated complaint",
        "投诉",
    ),
    names(
        "promised_first_response_at",
        "promised_first_response_at | 承诺首次响应时间 | 承诺响应时间 | 要求响应时间 | 应响应时间 | \
            响应截止时间 | 响应时限 | 预计响应时间 | first response due | first response due at | response due | \
            response due by | fr due by | first response deadline | response sla target",
        "",
    ),
    names(
        "promised_resolution_at",
        "promised_resolution_at | 承诺解决时间 | 承诺完成时间 | 要求完成时间 | 要求完成日期 | 应完成时间 | \
            完成时限 | 截止时间 | 截止日期 | 最晚完成时间 | 预计完成时间 | 预计解决时间 | 预计完工时间 | 办理时限 | \
            期望完成时间 | 计划完成时间 | 解决时限 | 应办结时间 | sla_target_dt | sla target | due date | due at | \
            due by | due | resolution due | resolution due by | target date | target resolution | \
            target resolution date | sla due | sla due date | promised date | deadline | sla deadline | resolve by",
        "时限 | target",
    ),
];
