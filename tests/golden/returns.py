"""Tables about what comes back: first-time fix, and the time until somebody comes back."""

from collections import defaultdict

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from clocks import AS_OF
from shared import members, previous, q_values, spans

DAYS = pd.Timedelta(days=30)
SPLIT = {b: b for b in ("service_type", "product_model", "tenure_band", "branch")} | {"staff": "staff_id"}
# The moment of the review: its second has not ended.
NOW = pd.Timestamp(AS_OF)


def resolved(ticket):
    """When a ticket was solved for good; nothing where it was reopened since."""
    at, again = ticket["resolved_at"], ticket["reopened_at"]
    return None if pd.isna(at) or (pd.notna(again) and again > at) else at


def cases(tickets):
    """A row for each resolved ticket and fault, and when its customer came back with the same: by comparing every pair."""
    out, same = [], defaultdict(list)
    for t in tickets.to_dict("records"):
        codes = {c.strip() for c in t["fault_codes"].split("、")} - {""} if isinstance(t["fault_codes"], str) else set()
        for code in sorted(codes):
            case = {"ticket_id": t["ticket_id"], "fault_code": code, "requested": t["requested_at"], "resolved": resolved(t), "status": t["status"],
                    "customer": t["customer_id"], "month": t["requested_at"]}
            out.append(case)
            same[t["customer_id"], t["product_model"], code].append(case)
    for case in out:
        case["back"] = None
    for (customer, _, _), group in same.items():
        for case in group:
            if case["resolved"] is None or not isinstance(customer, str) or case["resolved"] < case["requested"] or case["status"] == "已取消":
                continue
            later = [o["requested"] for o in group if (o["requested"], o["ticket_id"]) > (case["requested"], case["ticket_id"])
                     and o["requested"] >= case["resolved"]]
            case["back"] = min(later, default=None)
            case["watched"] = (case["back"] or NOW) - case["resolved"]
    return pd.DataFrame(out)


def repeat_times(all_cases):
    out = []
    known = all_cases[all_cases.watched.notna()].assign(back=lambda c: c.back.notna(), days=lambda c: c.watched // pd.Timedelta(days=1))
    groups = [("all", "all", known)] + [("fault_code", code, part) for code, part in known.groupby("fault_code")]
    for breakdown, member, part in groups:
        curve = SurvfuncRight(part.days.to_numpy(float), part.back.to_numpy(int))
        for day, at_risk, events, share, error in zip(curve.surv_times, curve.n_risk, curve.n_events, curve.surv_prob, curve.surv_prob_se):
            if not events:
                continue
            row = {"period": "2026Q3", "breakdown": breakdown, "member": member, "day": int(day), "at_risk": int(at_risk),
                   "returned": int(events), "stayed_share": share, "n": len(part)}
            if 0 < share < 1:
                half = stats.norm.ppf(0.975) * error / (share * np.log(share))
                row |= {"ci_low": share ** np.exp(-half), "ci_high": share ** np.exp(half)}
            out.append(row)
    return pd.DataFrame(out)


def first_time_fix(tickets, all_cases):
    failed = all_cases[all_cases.back.notna() & (all_cases.back - all_cases.resolved <= DAYS)]
    came_back, by_fault = set(failed.ticket_id), set(zip(failed.ticket_id, failed.fault_code))
    rows = []
    for t in tickets.to_dict("records"):
        at = resolved(t)
        if at is None or t["status"] == "已取消":
            continue
        again = t["reopened"] is True or pd.notna(t["reopened_at"]) or (pd.notna(t["visits"]) and t["visits"] > 1)
        stage = "censored" if at > NOW - DAYS else "again" if again else "returned" if t["ticket_id"] in came_back else "fixed"
        rows.append(t | {"stage": stage})
    frame = pd.DataFrame(rows)
    stage_of = dict(zip(frame.ticket_id, frame.stage))
    faults = all_cases[all_cases.ticket_id.isin(stage_of)].copy()
    faults["stage"] = [
        s if s in ("censored", "again") else "returned" if (t, f) in by_fault else "fixed"
        for t, f, s in zip(faults.ticket_id, faults.fault_code, faults.ticket_id.map(stage_of))]
    faults = spans(faults.assign(when=faults.month)).assign(breakdown="fault_code", member=lambda f: f.fault_code)
    split = pd.concat([members(spans(frame), SPLIT), faults], ignore_index=True)
    counts = split.groupby(["period_type", "period", "breakdown", "member"]).stage.value_counts().unstack(fill_value=0)
    index = {(period, b, m): row for (_, period, b, m), row in counts.iterrows()}
    out, p = [], []
    for (period_type, period, breakdown, member), row in counts.iterrows():
        watched = row.fixed + row.returned + row.again
        line = {"period_type": period_type, "period": period, "breakdown": breakdown, "member": member, "tickets": watched + row.censored,
                "fixed_first_time": row.fixed, "censored": row.censored, "again": row.again, "returned": row.returned}
        p.append(None)
        if watched:
            low, high = proportion_confint(row.fixed, watched, method="wilson")
            line |= {"rate": row.fixed / watched, "ci_low": low, "ci_high": high}
        before = index.get((previous(period), breakdown, member))
        then = before.fixed + before.returned + before.again if before is not None else 0
        if then:
            line["previous_rate"] = before.fixed / then
        if watched and then:
            line["change"] = line["rate"] - line["previous_rate"]
            alike = row.fixed + before.fixed in (0, watched + then)
            p[-1] = 1.0 if alike else proportions_ztest([row.fixed, before.fixed], [watched, then])[1]
        out.append(line)
    return pd.DataFrame(out).assign(change_q=q_values(p))


def tables(tickets):
    all_cases = cases(tickets)
    return {"first_time_fix": first_time_fix(tickets, all_cases), "repeat_times": repeat_times(all_cases)}
