"""Reads the dumps: rows become dicts, bad rows are counted by rule, of several versions of a row the last stays."""

import csv
import io
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MISSING = {"", "?", "无"}
DIMENSIONS = {"服务态度": "attitude", "专业能力": "professionalism", "问题解决": "resolution",
              "流程规范性": "process", "响应时效(客户评)": "timeliness", "总体满意度": "overall"}
WORDS = {"非常满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}
TICKETS = {"服务工单号": "ticket_id", "工单编号": "ticket_id", "客户提出需求时间": "requested_at", "报修时间": "requested_at",
           "首次响应时间": "first_response_at", "开始处理时间": "started_at", "问题解决时间": "resolved_at", "工单状态": "status",
           "客户编号": "customer_id", "客户名称": "customer_name", "客户等级": "customer_tier", "客户类别": "customer_kind",
           "服务类型": "service_type", "服务渠道": "channel", "优先级": "priority", "区域": "region", "网点": "branch",
           "处理网点": "branch", "产品型号": "product_model", "产品线": "product_line", "产品序列号": "serial_number",
           "故障类别": "fault_codes", "故障描述": "fault_description", "员工编号": "staff_id", "上门次数": "visits",
           "是否重开": "reopened", "是否投诉": "is_complaint", "首次解决时间": "first_resolved_at", "重开时间": "reopened_at",
           "承诺解决时间": "promised_resolution_at"}
SURVEYS = {"评价编号": "survey_id", "服务工单号": "ticket_id", "员工编号": "staff_id", "评价主体": "evaluator",
           "评价时间": "answered_at", "改进建议": "suggestion", "建议回复时间": "suggestion_answered_at",
           "服务亮点": "strengths", "客户情绪": "emotion"} | DIMENSIONS
PAUSES = {"服务工单号": "ticket_id", "暂停时间": "paused_at", "恢复时间": "resumed_at", "暂停原因": "reason"}
STAFF = {"员工编号": "staff_id", "姓名": "staff_name", "班组": "team", "岗位": "position", "入职日期": "hired_on", "离职日期": "left_on"}
ACTIONS = {"措施编号": "action_id", "改进对象": "target", "改进措施": "measure", "责任部门": "department", "责任人": "owner",
           "制定日期": "created_on", "完成时限": "due_on", "状态": "status", "完成日期": "completed_on", "验证日期": "verified_on"}
MOMENT = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}) (\d{1,2}):(\d{2})(?::(\d{2}))?")


class Bad(Exception):
    """A row that breaks a rule."""


def moment(text):
    found = MOMENT.fullmatch(text)
    try:
        return datetime(*(int(part or 0) for part in found.groups()))
    except (AttributeError, ValueError):
        raise Bad("unparseable") from None


def day(text):
    return moment(text + " 00:00").date()


def one_of(table):
    def convert(text):
        if text not in table:
            raise Bad("unparseable")
        return table[text]
    return convert


def score(text):
    if text in WORDS:
        return WORDS[text]
    if not re.fullmatch(r"\d+", text):
        raise Bad("unparseable")
    if not 1 <= int(text) <= 5:
        raise Bad("out_of_range")
    return int(text)


def visits(text):
    if not re.fullmatch(r"\d+", text):
        raise Bad("unparseable")
    return int(text)


TIMES = ["requested_at", "first_response_at", "started_at", "resolved_at", "first_resolved_at", "reopened_at", "promised_resolution_at",
         "paused_at", "resumed_at"]
TYPES = {c: moment for c in [*TIMES, "answered_at", "suggestion_answered_at"]} | {d: score for d in DIMENSIONS.values()}
TYPES |= {"hired_on": day, "left_on": day, "completed_on": day, "created_on": day, "due_on": day, "verified_on": day, "visits": visits,
          "reopened": one_of({"是": True, "否": False}), "is_complaint": one_of({"是": True, "否": False}),
          "service_type": lambda t: "维修服务" if t == "维修" else t}


def typed(header, cells, names, years):
    """One row as a dict, or Bad."""
    if len(cells) != len(header):
        raise Bad("wrong_fields")
    row = dict.fromkeys(names.values())
    for column, cell in zip(header, cells):
        if column in names and cell.strip() not in MISSING:
            row[names[column]] = TYPES.get(names[column], str)(cell.strip())
    if "requested_at" in row and not (row["ticket_id"] and row["requested_at"]):
        raise Bad("missing_key")
    if "answered_at" in row and not (row["answered_at"] and (row["ticket_id"] or row["staff_id"])):
        raise Bad("missing_key")
    if "paused_at" in row and not (row["ticket_id"] and row["paused_at"]):
        raise Bad("missing_key")
    if any(row.get(c) and not years[0] <= row[c].year <= years[1] for c in TIMES):
        raise Bad("outside_calendar")
    return row


def read(pattern, names, key, years):
    """The rows that are used, told apart by the columns of the key, and how many rows of each file went where."""
    rows, account = [], {}
    for path in sorted((ROOT / "fixtures").glob(pattern)):
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        header, *body = (r for r in csv.reader(io.StringIO(text, newline="")) if r)
        account[path.name] = Counter(read=len(body))
        for cells in body:
            try:
                rows.append((path.name, typed(header, cells, names, years)))
            except Bad as rule:
                account[path.name][str(rule)] += 1
    used, seen = {}, {}
    for file, row in reversed(rows):
        name = tuple(row[k] for k in key)
        versions = seen.setdefault(name, [])
        state = "identical" if row in versions else "superseded" if versions else "used"
        account[file][state] += 1
        versions.append(row)
        if state == "used":
            used[name] = row
    return list(used.values())[::-1], account
