"""Counts the figures of the fixtures a second time, apart from the program, and writes the expected values beside this file.

    python -m venv venv && venv/bin/pip install pandas scipy statsmodels pyarrow
    venv/bin/python tests/golden/count.py              writes tests/golden/*.json
    venv/bin/python tests/golden/count.py tables DIR   writes whole tables as Parquet, to compare with a review's, cell by cell

Reads fixtures/*.csv and the dates of pipelines/calendars/cn.toml, nothing else. The rules are those of the design and of
pipelines/quarterly.toml, written down again: working time is a running sum over the minutes of the year, duplicates are a dict
in which the last row stays, repeats are a join of every pair, tests and intervals are those of scipy and statsmodels.
"""

import csv, io, json, re, sys, tomllib
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

# import expected

ROOT = Path(__file__).resolve().parents[2]
MISSING = {"", "?", "无"}
AS_OF = datetime(2026, 9, 30, 23, 59, 59, 999999)
MIN_N, REPEAT_DAYS = 5, 30
CLOCKS = {"first_response": "first_response_at", "start": "started_at", "resolution": "resolved_at"}
SLA_BY = {b: b for b in ("service_type", "priority", "region", "branch", "tenure_band")} | {"staff": "staff_id"}
SCORE_BY = {b: b for b in ("tenure_band", "team", "service_type")} | {"staff": "staff_id"}
DIMENSIONS = {"服务态度": "attitude", "专业能力": "professionalism", "问题解决": "resolution",
              "流程规范性": "process", "响应时效(客户评)": "timeliness", "总体满意度": "overall"}
WORDS = {"非常满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}
TICKETS = {"服务工单号": "ticket_id", "工单编号": "ticket_id", "客户提出需求时间": "requested_at", "报修时间": "requested_at",
           "首次响应时间": "first_response_at", "开始处理时间": "started_at", "问题解决时间": "resolved_at", "工单状态": "status",
           "客户编号": "customer_id", "客户名称": "customer_name", "客户等级": "customer_tier", "客户类别": "customer_kind",
           "服务类型": "service_type", "服务渠道": "channel", "优先级": "priority", "区域": "region", "网点": "branch",
           "处理网点": "branch", "产品型号": "product_model", "产品线": "product_line", "产品序列号": "serial_number",
           "故障类别": "fault_codes", "故障描述": "fault_description", "员工编号": "staff_id", "上门次数": "visits",
           "是否重开": "reopened", "是否投诉": "is_complaint"}
SURVEYS = {"评价编号": "survey_id", "服务工单号": "ticket_id", "员工编号": "staff_id", "评价主体": "evaluator",
           "评价时间": "answered_at", "改进建议": "suggestion"} | DIMENSIONS
STAFF = {"员工编号": "staff_id", "姓名": "staff_name", "班组": "team", "岗位": "position", "入职日期": "hired_on", "离职日期": "left_on"}
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


TYPES = {c: moment for c in ["requested_at", "answered_at", *CLOCKS.values()]} | {d: score for d in DIMENSIONS.values()}
TYPES |= {"hired_on": day, "left_on": day, "visits": visits,
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
    if "requested_at" in row:
        times = (row[c] for c in ["requested_at", *CLOCKS.values()])
        if any(t and not years[0] <= t.year <= years[1] for t in times):
            raise Bad("outside_calendar")
    return row


def read(pattern, names, key, years):
    """The rows that are used, and how many rows of each file went where."""
    rows, account, quarantine = [], {}, []
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
                quarantine.append((path.name, str(rule)))
    used, seen = {}, {}
    for file, row in reversed(rows):
        versions = seen.setdefault(row[key], [])
        state = "identical" if row in versions else "superseded" if versions else "used"
        account[file][state] += 1
        versions.append(row)
        if state == "used":
            used[row[key]] = row
    return list(used.values())[::-1], account


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


def targets(ticket):
    if ticket["service_type"] == "维修服务" and ticket["customer_tier"] == "VIP客户":
        return {"first_response": 1, "start": None, "resolution": 16}
    if ticket["service_type"] == "技术咨询":
        return {"first_response": 2, "start": 4, "resolution": 8}
    return {"first_response": 2, "start": 8, "resolution": 24}


def clock(work, ticket, end, hours):
    """Seconds used, due moment and outcome."""
    start = ticket["requested_at"]
    backwards = end is not None and end < start
    used = None if end is None or backwards else work.until(end) - work.until(start)
    due = work.due(start, hours * 3600) if hours else None
    elapsed = used if end is not None else work.until(AS_OF) - work.until(start)
    if ticket["status"] == "已取消":
        return used, due, "cancelled"
    if backwards:
        return used, due, "unusable"
    if hours is None:
        return used, due, "no_target"
    if elapsed > hours * 3600:
        return used, due, "breached"
    return used, due, "met" if end is not None else "running"


def tenure(member, when):
    """Completed calendar months, and the band that holds them."""
    if member is None or member["hired_on"] is None or when.date() < member["hired_on"]:
        return None
    hired = member["hired_on"]
    months = (when.year - hired.year) * 12 + when.month - hired.month - (when.day < hired.day)
    return next(band for band, end in [("0-3m", 3), ("3-6m", 6), ("6-12m", 12), ("1-3y", 36), ("3y+", 10**6)] if months < end)


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
        t["team"], t["tenure_band"] = member and member["team"], tenure(member, t["requested_at"])
        for name, end in CLOCKS.items():
            t[f"{name}_seconds"], t[f"{name}_due_at"], t[f"{name}_outcome"] = clock(work, t, t[end], targets(t)[name])
        for code in {c.strip() for c in (t["fault_codes"] or "").split("、")} - MISSING:
            faults.append({"ticket_id": t["ticket_id"], "fault_code": code, "when": t["requested_at"],
                           "product_model": t["product_model"] or "(none)", "customer_id": t["customer_id"],
                           "resolved_at": None if t["resolved_at"] and t["resolved_at"] < t["requested_at"] else t["resolved_at"]})
        t["when"] = t["requested_at"]
    by_id, scores = {t["ticket_id"]: t for t in tickets}, []
    for s in surveys:
        ticket = by_id.get(s["ticket_id"])
        s["staff_id"] = s["staff_id"] or (ticket and ticket["staff_id"])
        member = roster.get(s["staff_id"])
        about = {"team": member and member["team"], "service_type": ticket and ticket["service_type"],
                 "tenure_band": tenure(member, ticket["requested_at"] if ticket else s["answered_at"])}
        for d in DIMENSIONS.values():
            if s[d] is not None:
                scores.append({"dimension": d, "score": s[d], "when": s["answered_at"], "ticket_id": s["ticket_id"],
                               "staff_id": s["staff_id"]} | about)
    accounts = {"tickets": ticket_account, "surveys": survey_account, "staff": staff_account}
    return pd.DataFrame(tickets), pd.DataFrame(surveys), pd.DataFrame(staff), pd.DataFrame(faults), pd.DataFrame(scores), accounts


def spans(frame):
    """Each row once for its month and once for its quarter."""
    month, quarter = frame.when.dt.strftime("%Y-%m"), frame.when.dt.year.astype(str) + "Q" + frame.when.dt.quarter.astype(str)
    return pd.concat([frame.assign(period_type="month", period=month), frame.assign(period_type="quarter", period=quarter)])


def previous(period):
    """The period before; the dumps begin with January."""
    head, number = (period[:5], int(period[5:])) if "Q" in period else (period[:5], int(period[5:]))
    return f"{head}{number - 1:0{len(period) - 5}d}" if number > 1 else None


def members(frame, breakdowns):
    parts = [frame.assign(breakdown="all", member="all")]
    parts += [frame.assign(breakdown=name, member=frame[column].fillna("(none)")) for name, column in breakdowns.items()]
    return pd.concat(parts)


def q_values(p):
    """Benjamini-Hochberg over the tests that could be made."""
    p = np.array(p, dtype=float)
    q = np.full(len(p), np.nan)
    q[~np.isnan(p)] = stats.false_discovery_control(p[~np.isnan(p)])
    return q


def sla_attainment(tickets):
    out = []
    frame = members(spans(tickets), SLA_BY)
    for clock_name in CLOCKS:
        for key, g in frame.groupby(["period_type", "period", "breakdown", "member"]):
            counts = g[f"{clock_name}_outcome"].value_counts()
            row = dict(zip(["period_type", "period", "breakdown", "member"], key)) | {"clock": clock_name, "tickets": len(g)}
            row |= {o: int(counts.get(o, 0)) for o in ["met", "breached", "running", "no_target", "cancelled", "unusable"]}
            n, used = row["met"] + row["breached"], g[f"{clock_name}_seconds"].dropna()
            row["n"], row["attainment"] = n, row["met"] / n if n else None
            row["ci_low"], row["ci_high"] = proportion_confint(row["met"], n, method="wilson") if n else (None, None)
            for name, share in (("p50_seconds", 0.5), ("p90_seconds", 0.9)):
                row[name] = float(np.quantile(used, share, method="inverted_cdf")) if len(used) else None
            out.append(row)
    index = {(r["clock"], r["breakdown"], r["member"], r["period"]): r for r in out}
    p = []
    for row in out:
        before = index.get((row["clock"], row["breakdown"], row["member"], previous(row["period"])))
        row["previous_attainment"] = before and before["attainment"]
        both = row["n"] and before and before["n"]
        row["change"] = row["attainment"] - before["attainment"] if both else None
        met, n = (np.array([row[c], before[c]]) if both else None for c in ("met", "n"))
        same = both and (met.sum() == 0 or met.sum() == n.sum())
        p.append(1.0 if same else proportions_ztest(met, n)[1] if both else None)
    return pd.DataFrame(out).assign(p=p, change_q=q_values(p)).drop(columns="n")


def shrunk(groups):
    """Normal-normal: within pooled, between by DerSimonian and Laird, means drawn towards the weighted peer mean."""
    n, mean = np.array([len(g) for g in groups]), np.array([g.mean() for g in groups])
    if len(groups) == 1:
        return mean
    freedom = (n - 1).sum()
    if freedom == 0:
        return np.full(len(groups), np.nan)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups) / freedom
    centre = (n * mean).sum() / n.sum()
    tau2 = max(0.0, ((n * (mean - centre) ** 2).sum() - (len(n) - 1) * within) / (n.sum() - (n**2).sum() / n.sum()))
    if tau2 == 0:
        return np.full(len(groups), centre)
    weight = 1 / (within / n + tau2)
    peer = (weight * mean).sum() / weight.sum()
    return (mean * tau2 + peer * within / n) / (tau2 + within / n)


def dimension_scores(scores):
    out, p, index = [], [], {}
    for peers, frame in members(spans(scores), SCORE_BY).groupby(["period_type", "period", "dimension", "breakdown"]):
        groups = {m: g.score.to_numpy(float) for m, g in frame.groupby("member")}
        for (member, values), drawn in zip(groups.items(), shrunk(list(groups.values()))):
            row = dict(zip(["period_type", "period", "dimension", "breakdown"], peers)) | {"member": member, "n": len(values)}
            row["suppressed"] = len(values) < MIN_N
            index[*peers[1:], member] = (row, values)
            if not row["suppressed"]:
                row["mean"], row["sd"] = values.mean(), values.std(ddof=1)
                half = stats.t.ppf(0.975, len(values) - 1) * row["sd"] / np.sqrt(len(values))
                row |= {"ci_low": row["mean"] - half, "ci_high": row["mean"] + half,
                        "satisfied_share": (values >= 4).mean(), "shrunk_mean": drawn}
            out.append(row)
    for row in out:
        before = index.get((previous(row["period"]), row["dimension"], row["breakdown"], row["member"]))
        p.append(None)
        if before and not before[0]["suppressed"] and not row["suppressed"]:
            own = index[row["period"], row["dimension"], row["breakdown"], row["member"]][1]
            row["previous_mean"], row["change"] = before[0]["mean"], row["mean"] - before[0]["mean"]
            if own.std() > 0 or before[1].std() > 0:
                p[-1] = stats.ttest_ind(own, before[1], equal_var=False).pvalue
    return pd.DataFrame(out).assign(p=p, change_q=q_values(p))


def tenure_effect(scores):
    out = []
    bands = ["0-3m", "3-6m", "6-12m", "1-3y", "3y+"]
    frame = spans(scores).query("period_type == 'quarter'")
    for (period, dimension), part in frame.groupby(["period", "dimension"]):
        groups = {b: part.score[part.tenure_band == b].to_numpy(float) for b in bands}
        groups = {b: g for b, g in groups.items() if len(g) >= MIN_N}
        anova, ranks = anova_oneway(list(groups.values()), use_var="unequal", welch_correction=True), stats.kruskal(*groups.values())
        low = min(groups, key=lambda b: groups[b].mean())
        last = list(groups)[-1]
        a, b = groups[low], groups[last]
        freedom = len(a) + len(b) - 2
        pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / freedom)
        g = (1 - 3 / (4 * freedom - 1)) * (a.mean() - b.mean()) / pooled if low != last else None
        out.append({"period": period, "dimension": dimension, "bands": len(groups), "n": sum(map(len, groups.values())),
                    "welch_f": anova.statistic, "welch_p": anova.pvalue, "kruskal_h": ranks.statistic, "kruskal_p": ranks.pvalue,
                    "lowest_band": low, "reference_band": last, "gap": a.mean() - b.mean(), "hedges_g": g})
    return pd.DataFrame(out).assign(q=q_values([r["welch_p"] for r in out]))


def repeats(faults):
    """Ticket and code that repeat an earlier ticket, with that ticket: every pair of one customer, model and code."""
    key = ["customer_id", "product_model", "fault_code"]
    known = faults.dropna(subset="customer_id")
    pairs = known.merge(known, on=key, suffixes=("", "_earlier"))
    pairs = pairs[(pairs.when_earlier < pairs.when) & (pairs.resolved_at_earlier <= pairs.when)]
    pairs = pairs[pairs.when - pairs.resolved_at_earlier <= timedelta(days=REPEAT_DAYS)]
    return pairs.sort_values("resolved_at_earlier").drop_duplicates(["ticket_id", "fault_code"], keep="last")


def defect_ranking(faults, scores, tickets):
    pairs = set(zip(*(repeats(faults)[c] for c in ("ticket_id", "fault_code"))))
    overall = scores[scores.dimension == "overall"].groupby("ticket_id").score.agg(["size", "sum"])
    frame = spans(faults.join(overall, on="ticket_id").fillna({"size": 0, "sum": 0}))
    frame["repeats"] = [pair in pairs for pair in zip(frame.ticket_id, frame.fault_code)]
    exposure = spans(tickets).groupby("period").size()
    keys = ["period_type", "period", "product_model", "fault_code"]
    table = frame.groupby(keys).agg(tickets=("ticket_id", "size"), customers=("customer_id", "nunique"), repeats=("repeats", "sum"),
                                    overall_answers=("size", "sum"), points=("sum", "sum")).reset_index()
    index = {(r.period, r.product_model, r.fault_code): r.tickets for r in table.itertuples()}
    out, p = [], []
    for _, part in table.groupby(["period_type", "period"]):
        part = part.sort_values(["tickets", "product_model", "fault_code"], ascending=[False, True, True])
        total, answers, walked = int(part.tickets.sum()), part.overall_answers.sum(), 0
        mean = part.points.sum() / answers
        for rank, r in enumerate(part.itertuples(), 1):
            before = previous(r.period)
            row = {k: getattr(r, k) for k in [*keys, "tickets", "customers", "repeats"]} | {"rank": rank, "share": r.tickets / total}
            row["pareto_class"] = "A" if walked * 100 < 80 * total else "B" if walked * 100 < 95 * total else "C"
            walked += r.tickets
            drawn = (r.points + MIN_N * mean) / (r.overall_answers + MIN_N)
            row |= {"cumulative_share": walked / total, "repeat_rate": r.repeats / r.tickets, "overall_answers": int(r.overall_answers),
                    "mean_overall": r.points / r.overall_answers if r.overall_answers >= MIN_N else None,
                    "priority_score": r.tickets * (5 - drawn) / 4}
            p.append(None)
            if before:
                was, now_of, was_of = index.get((before, r.product_model, r.fault_code), 0), exposure[r.period], exposure[before]
                row |= {"previous_tickets": was, "change_ratio": r.tickets / now_of / (was / was_of) if was else None}
                p[-1] = stats.binomtest(int(r.tickets), int(r.tickets + was), now_of / (now_of + was_of)).pvalue
            out.append(row)
    return pd.DataFrame(out).assign(p=p, change_q=q_values(p))


def main():
    tickets, surveys, staff, faults, scores, accounts = facts()
    tables = {"sla_attainment": sla_attainment(tickets), "dimension_scores": dimension_scores(scores), "tenure_effect": tenure_effect(scores),
              "defect_ranking": defect_ranking(faults, scores, tickets), "repeat_tickets": repeats(faults)}
    if sys.argv[1:2] == ["tables"]:
        folder = Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in (tables | {"tickets": tickets, "faults": faults}).items():
            frame.to_parquet(folder / f"{name}.parquet")
        (folder / "accounts.json").write_text(json.dumps(accounts, indent=1))
        return
    rows = {"fact_ticket": len(tickets), "fact_survey": len(surveys), "dim_staff": len(staff), "fact_fault": len(faults), "fact_score": len(scores)}
    tools = f"pandas {pd.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}"
    expected.write(Path(__file__).parent, f"tests/golden/count.py with {tools}", tables, rows)


if __name__ == "__main__":
    main()
