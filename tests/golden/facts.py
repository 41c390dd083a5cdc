"""Facts: working time by a running sum over the minutes of the year, outcomes of the clocks, tenure, faults, scores."""

import tomllib
from calendar import monthrange
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from dumps import DIMENSIONS, MISSING, ROOT, STAFF, SURVEYS, TICKETS, read

AS_OF = datetime(2026, 9, 30, 23, 59, 59, 999999)
CLOCKS = {"first_response": "first_response_at", "start": "started_at", "resolution": "resolved_at"}


def working_minutes(calendar):
    """Working seconds from the start of 2026 to the start of each minute, and whether each minute is open."""
    open_minutes = np.zeros(365 * 1440 + 1, dtype=np.int64)
    for number in range(365):
        today = date(2026, 1, 1) + timedelta(days=number)
        worked = today.isoformat() in calendar["workdays"] or (
            today.weekday() < 5 and today.isoformat() not in calendar["holidays"])
        if worked:
            for start, end in ((8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30)):
                open_minutes[number * 1440 + start:number * 1440 + end] = 1
    return np.concatenate([[0], np.cumsum(open_minutes * 60)[:-1]]), open_minutes


class Work:
    def __init__(self, calendar):
        self.before, self.open = working_minutes(calendar)

    def until(self, t):
        seconds = int((t - datetime(2026, 1, 1)).total_seconds())
        minute, rest = divmod(seconds, 60)
        return int(self.before[minute] + self.open[minute] * rest)

    def due(self, start, target):
        """The first moment at which the target is used up; nothing beyond the year."""
        goal = self.until(start) + target
        minute = int(np.searchsorted(self.before, goal))
        if minute >= len(self.before):
            return None
        return datetime(2026, 1, 1) + timedelta(minutes=minute - 1, seconds=int(goal - self.before[minute - 1]))


def policy(ticket):
    """Name of the policy and hours of working time for each clock."""
    if ticket["service_type"] == "维修服务" and ticket["customer_tier"] == "VIP客户":
        return "VIP维修", {"first_response": 1, "start": None, "resolution": 16}
    if ticket["service_type"] == "技术咨询":
        return "技术咨询", {"first_response": 2, "start": 4, "resolution": 8}
    return "一般工单", {"first_response": 2, "start": 8, "resolution": 24}


def clock(work, ticket, end, hours):
    """Outcome, seconds used, target and due moment. Cancelled and unusable clocks have no figures."""
    start = ticket["requested_at"]
    if ticket["status"] == "已取消":
        return "cancelled", None, None, None
    never_noted = end is None and (ticket["resolved_at"] or ticket["status"] in ("已解决", "已关闭"))
    if never_noted or (end and end < start):
        return "unusable", None, None, None
    elapsed = work.until(end or AS_OF) - work.until(start)
    used = elapsed if end else None
    if hours is None:
        return "no_target", used, None, None
    target = hours * 3600
    outcome = "breached" if elapsed > target else "met" if end else "running"
    return outcome, used, target, work.due(start, target)


def tenure(member, when):
    """Completed calendar months, and the band that holds them; a month too short for the day is complete on its last."""
    if member is None or member["hired_on"] is None or when.date() < member["hired_on"]:
        return None, None
    hired = member["hired_on"]
    months = (when.year - hired.year) * 12 + when.month - hired.month - (when.day < min(hired.day, monthrange(when.year, when.month)[1]))
    bands = [("0-3m", 3), ("3-6m", 6), ("6-12m", 12), ("1-3y", 36), ("3y+", 10**6)]
    return months, next(band for band, end in bands if months < end)


def facts():
    calendar = tomllib.loads((ROOT / "pipelines/calendars/cn.toml").read_text("utf-8"))
    work, years = Work(calendar), calendar["years"]
    tickets, ticket_account = read("tickets-*.csv", TICKETS, "ticket_id", years)
    surveys, survey_account = read("surveys-*.csv", SURVEYS, "survey_id", years)
    staff, staff_account = read("staff.csv", STAFF, "staff_id", years)
    roster = {m["staff_id"]: m for m in staff}
    faults = []
    for t in tickets:
        member = roster.get(t["staff_id"])
        t["when"], t["team"] = t["requested_at"], member and member["team"]
        t["tenure_months"], t["tenure_band"] = tenure(member, t["when"])
        name, hours = policy(t)
        for c, end in CLOCKS.items():
            parts = clock(work, t, t[end], hours[c])
            t |= dict(zip([f"{c}_outcome", f"{c}_seconds", f"{c}_target_seconds", f"{c}_due_at"], parts))
            t[f"{c}_policy"] = name if hours[c] else None
        resolved = None if t["resolution_outcome"] == "unusable" else t["resolved_at"]
        for code in {c.strip() for c in (t["fault_codes"] or "").split("、")} - MISSING:
            about = {c: t[c] for c in ["ticket_id", "when", "customer_id", "staff_id"]}
            model = t["product_model"] or "(none)"
            faults.append(about | {"product_model": model, "fault_code": code, "resolved_at": resolved})
    by_id, scores = {t["ticket_id"]: t for t in tickets}, []
    for s in surveys:
        ticket = by_id.get(s["ticket_id"])
        s["staff_id"] = s["staff_id"] or (ticket and ticket["staff_id"])
        member = roster.get(s["staff_id"])
        band = tenure(member, ticket["requested_at"] if ticket else s["answered_at"])[1]
        about = {"when": s["answered_at"], "ticket_id": s["ticket_id"], "staff_id": s["staff_id"], "tenure_band": band,
                 "team": member and member["team"], "service_type": ticket and ticket["service_type"]}
        scores += [about | {"dimension": d, "score": s[d]} for d in DIMENSIONS.values() if s[d] is not None]
    accounts = {"tickets": ticket_account, "surveys": survey_account, "staff": staff_account}
    return *map(pd.DataFrame, (tickets, surveys, staff, faults, scores)), accounts
