"""Facts: what became of the clocks of tickets and surveys, tenure, faults, scores, and our score of timeliness."""

import tomllib
from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pandas as pd

from clocks import AS_OF, CLOCKS, Work, causes, judged, merged, net
from dumps import DIMENSIONS, MISSING, PAUSES, ROOT, STAFF, SURVEYS, TICKETS, read

STOPPING = ("等待客户", "等待备件")
LIMITS = [(1500, 1), (1000, 2), (800, 3), (500, 4)]


def calendars():
    """Office hours without holidays and with make-up workdays, the hotline's hours on every day, and the years known."""
    cn = tomllib.loads((ROOT / "pipelines/calendars/cn.toml").read_text("utf-8"))
    today = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    office = [d for d in today if d.isoformat() in cn["workdays"] or (d.weekday() < 5 and d.isoformat() not in cn["holidays"])]
    return {"default": Work(office, [(8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30)]), "热线": Work(today, [(8 * 60, 20 * 60)])}, cn["years"]


def policy(ticket):
    """Name of the policy and hours of working time for each clock."""
    if ticket["service_type"] == "维修服务" and ticket["customer_tier"] == "VIP客户":
        return "VIP维修", {"first_response": 1, "start": None, "resolution": 16}
    if ticket["service_type"] == "技术咨询":
        return "技术咨询", {"first_response": 2, "start": 4, "resolution": 8}
    return "一般工单", {"first_response": 2, "start": 8, "resolution": 24}


def as_seen(ticket):
    """Forgets what happened after the moment of the review; without a reopening the first resolution is the resolution."""
    for column in ("first_response_at", "started_at", "resolved_at", "first_resolved_at", "reopened_at"):
        if ticket[column] and ticket[column] > AS_OF:
            ticket[column] = None
    if not ticket["reopened_at"]:
        ticket["resolved_at"] = ticket["resolved_at"] or ticket["first_resolved_at"]


def late_first(*moments):
    """Whether a moment lies before one that must come first; those that are missing say nothing."""
    known = [m for m in moments if m]
    return known != sorted(known)


def stops(ticket, pauses):
    """Times in which the resolution clock stands still, and those between a resolution and its reopening."""
    start, ended = ticket["requested_at"], ticket["resolved_at"]
    last = ended if ended and ended >= start else AS_OF
    waits = []
    for p in pauses:
        resumed = p["resumed_at"] if p["resumed_at"] and p["resumed_at"] <= AS_OF else last
        if p["paused_at"] <= AS_OF and p["reason"] in STOPPING:
            waits.append((max(p["paused_at"], start), min(resumed, last)))
    first, again = ticket["first_resolved_at"], ticket["reopened_at"]
    closed = [(first, again)] if first and again else []
    return merged(waits + closed), merged(closed)


def read_ticket(work, t, pauses):
    """Adds the columns of the three clocks, the segments and the score."""
    name, hours = policy(t)
    waits, closed = stops(t, pauses)
    start, again = t["requested_at"], t["reopened_at"]
    torn = late_first(t["first_resolved_at"], again) or late_first(again, t["resolved_at"]) or late_first(start, t["first_resolved_at"])
    points = []
    for c, column in CLOCKS.items():
        end, target = t[column], hours[c] and hours[c] * 3600
        promised = t["promised_resolution_at"] if c == "resolution" else None
        still = [] if promised else waits if c == "resolution" else closed
        marked = promised and "promised" or (name if target else None)
        answered, began = t["first_response_at"], t["started_at"]
        before = [start] if c != "resolution" else [start, answered, began]
        wrong = any(late_first(b, end) for b in before) or (c == "resolution" and torn)
        if t["status"] == "已取消":
            row = {"outcome": "cancelled"}
        elif wrong or (end is None and (t["resolved_at"] or t["status"] in ("已解决", "已关闭"))) or (promised and promised < start):
            row = {"outcome": "unusable"}
        else:
            row = judged(work, start, end, target, still, promised)
            if row["outcome"] == "breached":
                row["cause"] = causes(work, start, end or AS_OF, answered, began, still)
            if row["outcome"] in ("met", "breached"):
                share = -(-row["so_far"] * 1000 // row["target_seconds"])
                points.append(next((p for limit, p in LIMITS if share > limit), 5))
        t |= {f"{c}_{k}": v for k, v in ({"policy": marked} | row).items()}
    t["timeliness"] = (2000 * sum(points) + len(points)) // (2 * len(points)) if points else None
    for part, begin, end in (("response", start, answered), ("waiting", answered, began), ("handling", began, t["resolved_at"])):
        whole = begin and end and end >= begin and t["status"] != "已取消" and not (part == "handling" and torn)
        t[f"{part}_seconds"] = net(work, begin, end, waits) if whole else None


def read_survey(works, s, ticket):
    """Adds the columns of the two clocks of a survey."""
    answered, replied = s["answered_at"], s["suggestion_answered_at"]
    replied = replied if replied and replied <= AS_OF else None
    if s["ticket_id"]:
        if ticket and ticket["status"] == "已取消":
            row = {"outcome": "cancelled"}
        elif not ticket or not ticket["resolved_at"] or answered < ticket["resolved_at"]:
            row = {"outcome": "unusable"}
        else:
            used = int((answered - ticket["resolved_at"]).total_seconds())
            row = {"outcome": "met" if used <= 86400 else "breached", "seconds": used, "target_seconds": 86400,
                   "due_at": ticket["resolved_at"] + timedelta(days=1)}
        s |= {f"survey_return_{k}": v for k, v in row.items()}
    if s["suggestion"] or replied:
        work = works[ticket["calendar"] if ticket else "default"]
        if replied and replied < answered:
            row = {"outcome": "unusable"}
        else:
            due = work.closing(answered, 5)
            row = judged(work, answered, replied, work.between(answered, due), [], None) | {"due_at": due}
        s |= {f"suggestion_reply_{k}": v for k, v in row.items()}
    for c in ("survey_return", "suggestion_reply"):
        s[f"{c}_policy"] = c if s.get(f"{c}_outcome") else None
        if s.get(f"{c}_outcome") == "breached":
            s[f"{c}_cause"] = "open" if s[f"{c}_seconds"] is None else "late"
            s.setdefault(f"{c}_over_seconds", s[f"{c}_seconds"] and s[f"{c}_seconds"] - s[f"{c}_target_seconds"])
        if s.get(f"{c}_seconds") is not None:
            s[f"{c}_used_percent"] = min(-(-100 * s[f"{c}_seconds"] // s[f"{c}_target_seconds"]), 10_000)


def odd_pauses(pauses, by_id):
    """How many pauses break each rule that only warns."""
    odd, latest = {"pause_open": 0, "pause_outside_ticket": 0, "pause_overlapping": 0}, {}

    def end(p):
        ticket = by_id.get(p["ticket_id"])
        return p["resumed_at"] or (ticket and ticket["resolved_at"]) or AS_OF

    for p in sorted(pauses, key=lambda p: (p["ticket_id"], p["paused_at"], end(p))):
        ticket, before = by_id.get(p["ticket_id"]), latest.get(p["ticket_id"])
        done = ticket and ticket["resolved_at"]
        odd["pause_open"] += bool(p["resumed_at"] is None and done)
        odd["pause_outside_ticket"] += bool(
            not ticket or (p["resumed_at"] and p["resumed_at"] < p["paused_at"]) or p["paused_at"] < ticket["requested_at"]
            or (done and (p["resumed_at"] or p["paused_at"]) > done))
        odd["pause_overlapping"] += bool(before and p["paused_at"] < before)
        latest[p["ticket_id"]] = max(before or end(p), end(p))
    return odd


def tenure(member, when):
    """Completed calendar months, and the band that holds them; a month too short for the day is complete on its last."""
    if member is None or member["hired_on"] is None or when.date() < member["hired_on"]:
        return None, None
    hired = member["hired_on"]
    months = (when.year - hired.year) * 12 + when.month - hired.month - (when.day < min(hired.day, monthrange(when.year, when.month)[1]))
    bands = [("0-3m", 3), ("3-6m", 6), ("6-12m", 12), ("1-3y", 36), ("3y+", 10**6)]
    return months, next(band for band, end in bands if months < end)


def facts():
    works, years = calendars()
    tickets, ticket_account = read("tickets-*.csv", TICKETS, ["ticket_id"], years)
    surveys, survey_account = read("surveys-*.csv", SURVEYS, ["survey_id"], years)
    pauses, pause_account = read("pauses.csv", PAUSES, ["ticket_id", "paused_at", "reason"], years)
    staff, staff_account = read("staff.csv", STAFF, ["staff_id"], years)
    roster = {m["staff_id"]: m for m in staff}
    waits, faults = {}, []
    for p in pauses:
        waits.setdefault(p["ticket_id"], []).append(p)
    for t in tickets:
        as_seen(t)
        member = roster.get(t["staff_id"])
        t["when"], t["team"], t["staff_name"] = t["requested_at"], member and member["team"], member and member["staff_name"]
        t["tenure_months"], t["tenure_band"] = tenure(member, t["when"])
        t["calendar"] = "热线" if t["service_type"] == "技术咨询" else "default"
        read_ticket(works[t["calendar"]], t, waits.get(t["ticket_id"], []))
        resolved = None if t["resolution_outcome"] == "unusable" else t["resolved_at"]
        for code in {c.strip() for c in (t["fault_codes"] or "").split("、")} - MISSING:
            about = {c: t[c] for c in ["ticket_id", "when", "customer_id", "staff_id"]}
            about |= {c: t[c] or "(none)" for c in ["product_model", "product_line"]}
            faults.append(about | {"fault_code": code, "resolved_at": resolved})
    by_id, scores = {t["ticket_id"]: t for t in tickets}, []
    for s in surveys:
        ticket = by_id.get(s["ticket_id"])
        s["staff_id"] = s["staff_id"] or (ticket and ticket["staff_id"])
        member = roster.get(s["staff_id"])
        s["tenure_band"] = tenure(member, ticket["requested_at"] if ticket else s["answered_at"])[1]
        s["when"], s["team"], s["staff_name"] = s["answered_at"], member and member["team"], member and member["staff_name"]
        for column in ("service_type", "priority", "region", "branch", "channel", "customer_tier", "product_model"):
            s[column] = ticket and ticket[column]
        s["resolved_at"] = ticket and ticket["resolved_at"]
        read_survey(works, s, ticket)
        asked = s["evaluator"] == "客户" and s["timeliness"] is not None and ticket and ticket["timeliness"] is not None
        s["our_score"], s["gap"] = (ticket["timeliness"], 1000 * s["timeliness"] - ticket["timeliness"]) if asked else (None, None)
        about = {c: s[c] for c in ["when", "ticket_id", "staff_id", "tenure_band", "team", "service_type", "evaluator"]}
        scores += [about | {"dimension": d, "score": s[d]} for d in DIMENSIONS.values() if s[d] is not None]
    accounts = {"tickets": ticket_account, "surveys": survey_account, "pauses": pause_account, "staff": staff_account}
    accounts["warnings"] = odd_pauses(pauses, by_id) | warnings(tickets, surveys)
    return *map(pd.DataFrame, (tickets, surveys, staff, faults, scores)), accounts


def warnings(tickets, surveys):
    """Other rules that only warn."""
    def torn(t):
        pairs = [("requested_at", "first_response_at"), ("requested_at", "started_at"), ("requested_at", "resolved_at"),
                 ("first_response_at", "resolved_at"), ("started_at", "resolved_at")]
        return any(late_first(t[a], t[b]) for a, b in pairs)

    def reopened(t):
        return late_first(t["first_resolved_at"], t["reopened_at"]) or late_first(t["reopened_at"], t["resolved_at"])

    return {"times_out_of_order": sum(torn(t) for t in tickets), "reopened_out_of_order": sorted(t["ticket_id"] for t in tickets if reopened(t)),
            "survey_late": sum(bool(s["resolved_at"] and s["answered_at"] - s["resolved_at"] > timedelta(days=1)) for s in surveys)}
