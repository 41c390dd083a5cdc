"""Counts the figures of the fixtures a second time, apart from the program, and writes the expected values beside this file.

    python -m venv venv && venv/bin/pip install pandas scipy statsmodels pyarrow jieba
    venv/bin/python tests/golden/count.py              writes tests/golden/*.json
    venv/bin/python tests/golden/count.py tables DIR   writes whole tables as Parquet, to compare with a review's, cell by cell

Reads fixtures/*.csv, the dates of pipelines/calendars/cn.toml and the words of pipelines/themes/*.toml, nothing else. The rules are those
of the design and of pipelines/quarterly.toml, written down again: working time is a running sum over the minutes of the year,
duplicates are a dict in which the last row stays, repeats are a join of every pair, themes are regular expressions, words are cut by
Python's jieba, tests and intervals are those of scipy and statsmodels. `dumps.py` reads, `clocks.py` counts time, `facts.py` derives,
this file, `sla.py`, `people.py`, `returns.py`, `trend.py`, `complaints.py`, `opinions.py` and `effects.py` make the tables, `expected.py`
chooses the figures that are kept.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.oneway import anova_oneway

import complaints
import effects
import expected
import opinions
import people
import returns
import sla
import trend
from clocks import AS_OF
from dumps import DIMENSIONS
from facts import facts
from shared import members, previous, q_values, rate_ratio, spans

MIN_N, REPEAT_DAYS = 5, 30
LEVELS = [("product_model", "fault_code"), ("product_line",), ("product_model",), ("fault_code",), ("product_line", "fault_code")]
MOODS = {"平静": 0, "轻微不满": 1, "明显不满": 2, "愤怒": 3}
SCORE_BY = {b: b for b in ("tenure_band", "team", "service_type", "evaluator")} | {"staff": "staff_id"}


def shrunk(groups):
    """Normal-normal: within pooled, between by DerSimonian and Laird, means drawn towards the weighted peer mean, and that mean."""
    n, mean = np.array([len(g) for g in groups]), np.array([g.mean() for g in groups])
    if len(groups) == 1:
        return mean, mean[0]
    freedom = (n - 1).sum()
    if freedom == 0:
        return np.full(len(groups), np.nan), np.nan
    within = sum(((g - g.mean()) ** 2).sum() for g in groups) / freedom
    centre = (n * mean).sum() / n.sum()
    tau2 = max(0.0, ((n * (mean - centre) ** 2).sum() - (len(n) - 1) * within) / (n.sum() - (n**2).sum() / n.sum()))
    if tau2 == 0:
        return np.full(len(groups), centre), centre
    weight = 1 / (within / n + tau2)
    peer = (weight * mean).sum() / weight.sum()
    return (mean * tau2 + peer * within / n) / (tau2 + within / n), peer


def dimension_scores(scores):
    out, p, index = [], [], {}
    for peers, frame in members(spans(scores), SCORE_BY).groupby(["period_type", "period", "dimension", "breakdown"]):
        groups = {m: g.score.to_numpy(float) for m, g in frame.groupby("member")}
        means = {m: people.weighted(g) for m, g in frame.groupby("member")} if peers[3] != "evaluator" else {}
        for (member, values), drawn in zip(groups.items(), shrunk(list(groups.values()))[0]):
            row = dict(zip(["period_type", "period", "dimension", "breakdown"], peers)) | {"member": member, "n": len(values)}
            row["suppressed"] = len(values) < MIN_N
            index[*peers[1:], member] = (row, values)
            if not row["suppressed"]:
                row["mean"], row["sd"] = values.mean(), values.std(ddof=1)
                half = stats.t.ppf(0.975, len(values) - 1) * row["sd"] / np.sqrt(len(values))
                row |= {"ci_low": row["mean"] - half, "ci_high": row["mean"] + half,
                        "satisfied_share": (values >= 4).mean(), "shrunk_mean": drawn} | means.get(member, {})
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


def defect_ranking(faults, scores, tickets, surveys):
    pairs = set(zip(*(repeats(faults)[c] for c in ("ticket_id", "fault_code"))))
    overall = scores[scores.dimension == "overall"].assign(low=lambda s: s.score <= 2).groupby("ticket_id")
    overall = overall.agg(answers=("score", "size"), points=("score", "sum"), unhappy=("low", "sum"))
    moods = surveys.assign(strength=surveys.emotion.map(MOODS)).groupby("ticket_id").strength.agg(["count", "sum"])
    sums = overall.join(moods.set_axis(["moods", "strength"], axis=1), how="outer").fillna(0)
    frame = spans(faults.join(sums, on="ticket_id").fillna(dict.fromkeys(sums.columns, 0)))
    frame["repeats"] = [pair in pairs for pair in zip(frame.ticket_id, frame.fault_code)]
    exposure, out, p = spans(tickets).groupby("period").size(), [], []
    for level in LEVELS:
        own = frame
        if "fault_code" not in level:
            one = ["period", "ticket_id"]
            own = frame.assign(repeats=frame.groupby(one).repeats.transform("any")).drop_duplicates(one)
        counts = {c: (c, "sum") for c in ("repeats", *sums.columns)}
        table = own.groupby(["period_type", "period", *level]).agg(tickets=("ticket_id", "size"), customers=("customer_id", "nunique"), **counts)
        table = table.reset_index()
        index = {(r.period, *(getattr(r, part) for part in level)): r.tickets for r in table.itertuples()}
        for (period_type, period), part in table.groupby(["period_type", "period"]):
            part = part.sort_values(["tickets", *level], ascending=[False, *(True for _ in level)])
            before, now_of, walked = previous(period), exposure[period], 0
            total, means = int(part.tickets.sum()), part.points.sum() / part.answers.sum()
            mood = part.strength.sum() / part.moods.sum() if part.moods.sum() else 0.0
            for rank, r in enumerate(part.itertuples(), 1):
                defect = {name: getattr(r, name) for name in level}
                row = {"period_type": period_type, "period": period, "level": "+".join(level), "rank": rank} | defect
                row |= {"tickets": r.tickets, "customers": r.customers, "repeats": r.repeats, "repeat_rate": r.repeats / r.tickets,
                        "share": r.tickets / total, "pareto_class": "A" if walked * 100 < 80 * total else "B" if walked * 100 < 95 * total else "C"}
                walked += r.tickets
                drawn = (r.points + MIN_N * means) / (r.answers + MIN_N)
                emotion, influence = 1 + (r.strength + MIN_N * mood) / (r.moods + MIN_N) / 3, (5 - drawn) / 4
                enough = r.answers >= MIN_N
                row |= {"cumulative_share": walked / total, "overall_answers": int(r.answers), "moods": int(r.moods),
                        "mean_overall": r.points / r.answers if enough else None, "unhappy_share": r.unhappy / r.answers if enough else None,
                        "emotion": r.strength / r.moods if r.moods else None, "emotion_factor": emotion, "influence_factor": influence,
                        "priority_score": r.tickets * emotion * influence}
                p.append(None)
                if before:
                    was, was_of = index.get((before, *defect.values()), 0), exposure[before]
                    row |= {"previous_tickets": was, "change_ratio": r.tickets / now_of / (was / was_of) if was else None}
                    row["change_low"], row["change_high"], p[-1] = rate_ratio(int(r.tickets), now_of, int(was), was_of)
                out.append(row)
    table = pd.DataFrame(out).assign(p=p, change_q=q_values(p))
    first = table.groupby(["level", "period"]).priority_score.rank(ascending=False, method="first").astype(int)
    return table.assign(priority_rank=first, is_top_three=first <= 3)


def main():
    tickets, surveys, staff, faults, scores, accounts = facts()
    tables = sla.tables(tickets, surveys) | {"dimension_scores": dimension_scores(scores), "tenure_effect": tenure_effect(scores),
              "defect_ranking": defect_ranking(faults, scores, tickets, surveys), "repeat_tickets": repeats(faults)}
    tables |= returns.tables(tickets) | {"defect_trend": trend.defect_trend(faults, tickets)}
    tables |= complaints.tables(tickets, faults, tables["repeat_tickets"]) | opinions.tables(tickets, surveys)
    tables |= {"action_effect": effects.action_effect(tickets, surveys, scores)}
    tables |= people.tables(tickets, surveys, scores, list(DIMENSIONS.values()), shrunk)
    if sys.argv[1:2] == ["tables"]:
        folder = Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in (tables | {"tickets": tickets, "surveys": surveys, "faults": faults}).items():
            frame.to_parquet(folder / f"{name}.parquet")
        (folder / "accounts.json").write_text(json.dumps(accounts, indent=1, ensure_ascii=False))
        return
    defects = tables["defect_ranking"]
    quarters = defects[(defects.period_type == "quarter") & (defects.level == "product_model+fault_code")].groupby("period")
    totals = {"facts": {"fact_ticket": len(tickets), "fact_survey": len(surveys), "dim_staff": len(staff), "fact_fault": len(faults),
                        "fact_score": len(scores), "dim_date": (AS_OF.date() - date(2026, 1, 1)).days + 1, "fact_action": 7},
              "rows": {name: len(frame) for name, frame in tables.items() if name not in ("repeat_tickets", "duration_quantiles", "timeliness_gap")},
              "defects": {p: {"pairs": len(g), "tickets": int(g.tickets.sum()), "repeats": int(g.repeats.sum())} for p, g in quarters}}
    tools = f"pandas {pd.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}"
    expected.write(Path(__file__).parent, f"tests/golden/count.py with {tools}", tables, totals)


if __name__ == "__main__":
    main()
