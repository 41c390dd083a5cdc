"""What became of the targets of measures: as many days before the end of the day of completion as after it."""

import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from clocks import AS_OF
from dumps import ACTIONS, DIMENSIONS, read
from facts import calendars
from opinions import LABELS, written
from shared import q_values, rate_ratio

STATES = {"未启动": "not_started", "进行中": "under_way", "已完成": "done", "效果验证中": "verifying", "已闭环": "closed"}
MOST, FEWEST, SHOWN = 90, 14, 0.05


def cases(target, tickets, surveys, scores):
    """Kind of the target, the moments of what can be about it, and of each whether it is, or its points."""
    if target in DIMENSIONS:
        own = scores[scores.dimension == DIMENSIONS[target]]
        return "dimension", own.when, own.score
    if target in LABELS:
        said = dict(written(tickets, surveys))["survey"]
        return "theme", said.when, said.themes.map(lambda found: LABELS[target] in found)
    parts = set(target.split("×"))
    about = [parts <= {t.product_model, t.product_line, *(t.fault_codes.split("、") if isinstance(t.fault_codes, str) else [])}
             for t in tickets.itertuples()]
    return "defect", tickets.when, pd.Series(about, index=tickets.index)


def compared(kind, before, after):
    """Values, change, interval and p."""
    n, hits = [len(after), len(before)], [int(after.sum()), int(before.sum())]
    if not all(n):
        return {}
    one, other = before.mean(), after.mean()
    if kind == "dimension":
        test = stats.ttest_ind(after.astype(float), before.astype(float), equal_var=False)
        (low, high), p = test.confidence_interval(), test.pvalue
    elif kind == "theme":
        p = 1.0 if sum(hits) in (0, sum(n)) else proportions_ztest(hits, n)[1]
        low, high = confint_proportions_2indep(hits[0], n[0], hits[1], n[1], method="newcomb", compare="diff")
    else:
        low, high, p = rate_ratio(hits[0], n[0], hits[1], n[1]) if sum(hits) else (None, None, None)
    change = (other / one if one else None) if kind == "defect" else other - one
    scale = 100 if kind == "defect" else 1
    return {"before_value": scale * one, "after_value": scale * other, "change": change, "ci_low": low, "ci_high": high, "p": p}


def action_effect(tickets, surveys, scores):
    work, out = calendars()[0]["default"], []
    for a in read("actions.csv", ACTIONS, ["action_id"], (2000, 2100))[0]:
        state, completed, due = STATES[a["status"]], a["completed_on"], a["due_on"]
        kind, when, what = cases(a["target"], tickets, surveys, scores)
        row = {"period": "2026Q3", "state": state, "target_kind": kind, "unit": {"defect": "per_100", "dimension": "points", "theme": "share"}[kind]}
        row |= {c: a[c] for c in ("action_id", "target", "measure", "department", "owner", "created_on", "due_on", "completed_on")}
        if due and (completed or state in ("not_started", "under_way")):
            row["overdue_workdays"] = sum(due.isoformat() < day <= (completed or AS_OF.date()).isoformat() for day in work.days)
        if completed:
            done = pd.Timestamp(completed) + pd.Timedelta(days=1)
            days = min((pd.Timestamp(AS_OF) + pd.Timedelta(microseconds=1) - done).days, (done - tickets.when.min().normalize()).days, MOST)
            window = pd.Timedelta(days=days)
            before, after = what[(when >= done - window) & (when < done)], what[(when >= done) & (when < done + window)]
            row |= {"window_days": days, "before_n": len(before), "after_n": len(after)} | compared(kind, before, after)
            if days < FEWEST:
                row |= {"ci_low": None, "ci_high": None, "p": None}
        missing = not len(what) if kind == "dimension" else not what.any()
        open_still = state in ("not_started", "under_way")
        row["verdict"] = "not_in_data" if missing else "not_completed" if open_still else "too_early" if days < FEWEST else None
        out.append(row)
    for row, q in zip(out, q_values([row.get("p") for row in out])):
        row["q"] = q
        if row["verdict"] is None:
            rises = row["after_value"] > row["before_value"]
            better = "better" if rises == (row["target_kind"] == "dimension") else "worse"
            row["verdict"] = "too_few" if pd.isna(q) else better if q < SHOWN else "no_difference"
    return pd.DataFrame(out).sort_values("action_id", ignore_index=True)
