"""Tables about clocks: attainment, control charts, durations, timeliness, use of targets, and breaches."""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from clocks import AS_OF, CLOCKS as OF_TICKETS
from shared import members, previous, q_values, spans

OF_SURVEYS = {"survey_return": "answered_at", "suggestion_reply": "suggestion_answered_at"}
BY = {b: b for b in ("service_type", "priority", "region", "branch", "tenure_band")} | {"staff": "staff_id"}
OUTCOMES = ["met", "breached", "running", "no_target", "cancelled", "unusable"]
MIN_N = 5


def clocks(tickets, surveys):
    """Each clock with the rows to which it applies."""
    for name in [*OF_TICKETS, *OF_SURVEYS]:
        frame = tickets if name in OF_TICKETS else surveys
        yield name, frame[frame[f"{name}_outcome"].notna()]


def attainment(tickets, surveys):
    out, p = [], []
    for clock, rows in clocks(tickets, surveys):
        for key, g in members(spans(rows), BY).groupby(["period_type", "period", "breakdown", "member"]):
            counts = g[f"{clock}_outcome"].value_counts()
            row = dict(zip(["period_type", "period", "breakdown", "member"], key)) | {"clock": clock, "tickets": len(g)}
            row |= {o: int(counts.get(o, 0)) for o in OUTCOMES}
            n, used = row["met"] + row["breached"], g[f"{clock}_seconds"].dropna()
            row["n"], row["attainment"] = n, row["met"] / n if n else None
            row["ci_low"], row["ci_high"] = proportion_confint(row["met"], n, method="wilson") if n else (None, None)
            for name, share in (("p50_seconds", 0.5), ("p90_seconds", 0.9)):
                row[name] = float(np.quantile(used, share, method="inverted_cdf")) if len(used) else None
            out.append(row)
    index = {(r["clock"], r["breakdown"], r["member"], r["period"]): r for r in out}
    for row in out:
        before = index.get((row["clock"], row["breakdown"], row["member"], previous(row["period"])))
        row["previous_attainment"] = before and before["attainment"]
        both = row["n"] and before and before["n"]
        row["change"] = row["attainment"] - before["attainment"] if both else None
        met, n = (np.array([row[c], before[c]]) if both else None for c in ("met", "n"))
        same = both and (met.sum() == 0 or met.sum() == n.sum())
        p.append(1.0 if same else proportions_ztest(met, n)[1] if both else None)
        limits = confint_proportions_2indep(met[0], n[0], met[1], n[1], method="newcomb", compare="diff") if both else (None, None)
        row["change_low"], row["change_high"] = limits
    return pd.DataFrame(out).assign(p=p, change_q=q_values(p)).drop(columns="n")


def runs(side):
    """How many points in a row, up to each one, lie on its side of the centre; 0 on the centre."""
    out = []
    for place, s in enumerate(side):
        out.append(0 if s == 0 else out[-1] + 1 if place and side[place - 1] == s else 1)
    return np.array(out)


def control(tickets, surveys):
    """Laney's p' chart: the binomial limits, widened by the mean moving range of the standardised shares / 1.128."""
    out = []
    for clock, rows in clocks(tickets, surveys):
        iso = rows.when.dt.isocalendar()
        rows = rows.assign(week=iso.year.astype(str) + "-W" + iso.week.astype(str).str.zfill(2))
        rows = rows[rows[f"{clock}_outcome"].isin(["met", "breached", "running"])]
        for (breakdown, member), g in members(rows, {"service_type": "service_type"}).groupby(["breakdown", "member"]):
            weeks = g.groupby("week")[f"{clock}_outcome"].agg(
                n=lambda o: (o != "running").sum(), met=lambda o: (o == "met").sum(), running=lambda o: (o == "running").sum())
            # From the newest week back, as long as more than 2 % of the tickets are running.
            filling = (weeks.running / (weeks.n + weeks.running) > 0.02)[::-1].cummin()[::-1]
            open_weeks, weeks = weeks[filling & (weeks.n > 0)], weeks[~filling & (weeks.n > 0)]
            n, met = weeks.n.to_numpy(float), weeks.met.to_numpy(float)
            share, centre = met / n, met.sum() / n.sum()
            sigma = np.sqrt(centre * (1 - centre) / n)
            table = pd.DataFrame({"clock": clock, "breakdown": breakdown, "member": member, "week": weeks.index, "n": weeks.n.to_numpy(),
                                  "met": weeks.met.to_numpy(), "attainment": share, "center": centre, "running": weeks.running.to_numpy()})
            table["p_low"], table["p_high"] = np.clip(centre - 3 * sigma, 0, 1), np.clip(centre + 3 * sigma, 0, 1)
            table = table.assign(sigma_z=None, low=None, high=None, signal=None)
            if centre in (0, 1):
                table = table.assign(low=centre, high=centre)
            elif len(n) > 1:
                wide = np.abs(np.diff((share - centre) / sigma)).mean() / 1.128
                low, high = np.clip(centre - 3 * sigma * wide, 0, 1), np.clip(centre + 3 * sigma * wide, 0, 1)
                run = runs(np.sign(np.round(share - centre, 12))) >= 8
                beyond = (share < low) | (share > high)
                table = table.assign(sigma_z=wide, low=low, high=high, signal=np.where(beyond, "beyond", np.where(run, "run", None)))
            out.append(table)
            late = open_weeks.reset_index().assign(clock=clock, breakdown=breakdown, member=member, center=centre,
                                                   sigma_z=table.sigma_z.iloc[0] if len(table) else None)
            out.append(late.assign(attainment=late.met / late.n))
    return pd.concat(out, ignore_index=True)


def durations(tickets):
    out = []
    frame = members(spans(tickets), BY)
    for segment in ("response", "waiting", "handling"):
        for key, g in frame.dropna(subset=f"{segment}_seconds").groupby(["period_type", "period", "breakdown", "member"]):
            row = dict(zip(["period_type", "period", "breakdown", "member"], key)) | {"segment": segment, "n": len(g)}
            for percent in (50, 75, 90, 95, 99):
                row[f"p{percent}_seconds"] = float(np.quantile(g[f"{segment}_seconds"], percent / 100, method="inverted_cdf"))
            out.append(row)
    return pd.DataFrame(out)


def timeliness_gap(surveys):
    out, p = [], []
    frame = members(spans(surveys.dropna(subset="gap")), {"staff": "staff_id", "service_type": "service_type"})
    for key, g in frame.groupby(["period_type", "period", "breakdown", "member"]):
        row = dict(zip(["period_type", "period", "breakdown", "member"], key)) | {"n": len(g), "suppressed": len(g) < MIN_N}
        p.append(None)
        if not row["suppressed"]:
            ours, theirs = g.our_score / 1000, (g.our_score + g.gap) / 1000
            row |= {"our_mean": ours.mean(), "their_mean": theirs.mean(), "gap": theirs.mean() - ours.mean()}
            test = stats.ttest_rel(theirs, ours)
            row["ci_low"], row["ci_high"] = test.confidence_interval(0.95)
            p[-1] = test.pvalue
        out.append(row)
    return pd.DataFrame(out).assign(p=p, q=q_values(p))


def target_use(tickets, surveys):
    edges = [*range(0, 201, 10), 500, 1000, np.inf]
    out = []
    for clock, rows in clocks(tickets, surveys):
        for key, g in spans(rows).groupby(["period_type", "period"]):
            used = g[f"{clock}_used_percent"].dropna().clip(lower=1)
            for low, high, n in zip(edges, edges[1:], pd.cut(used, edges).value_counts(sort=False)):
                row = dict(zip(["period_type", "period"], key)) | {"clock": clock, "from_percent": low}
                out.append(row | {"to_percent": None if high == np.inf else high, "tickets": int(n)})
    return pd.DataFrame(out)


def breach_hours(tickets):
    out = []
    frame = spans(tickets)
    frame = frame.assign(weekday=frame.requested_at.dt.weekday + 1, hour=frame.requested_at.dt.hour)
    for clock in OF_TICKETS:
        rows = frame[frame[f"{clock}_outcome"].isin(["met", "breached"])]
        cells = rows.groupby(["period_type", "period", "weekday", "hour"])[f"{clock}_outcome"]
        out.append(cells.agg(tickets="size", breached=lambda o: (o == "breached").sum()).reset_index().assign(clock=clock))
    return pd.concat(out, ignore_index=True)


def breaches(tickets, surveys, period):
    same = ["ticket_id", "service_type", "priority", "region", "branch", "customer_tier", "staff_id", "staff_name", "team"]
    starts = {"survey_return": "resolved_at", "suggestion_reply": "answered_at"}
    out = []
    for clock, rows in clocks(tickets, surveys):
        quarter = rows.when.dt.year.astype(str) + "Q" + rows.when.dt.quarter.astype(str)
        rows = rows[(quarter == period) & (rows[f"{clock}_outcome"] == "breached")]
        table = rows[same].assign(period=period, clock=clock, survey_id=rows.get("survey_id"))
        table["started_at"] = rows[starts.get(clock, "requested_at")]
        table["ended_at"] = rows[(OF_TICKETS | OF_SURVEYS)[clock]].mask(lambda t: t > AS_OF)
        for part in ("policy", "due_at", "target_seconds", "over_seconds", "cause"):
            table[part] = rows[f"{clock}_{part}"]
        for part in ("response", "waiting", "handling"):
            table[f"{part}_seconds"] = rows.get(f"{part}_seconds")
        table["over_share"] = (table.over_seconds / table.target_seconds).mask(table.policy == "promised")
        out.append(table.sort_values(["over_seconds", "ticket_id"], ascending=[False, True]))
    return pd.concat(out, ignore_index=True)


def tables(tickets, surveys):
    return {"sla_attainment": attainment(tickets, surveys), "sla_control": control(tickets, surveys),
            "duration_quantiles": durations(tickets), "timeliness_gap": timeliness_gap(surveys), "sla_target_use": target_use(tickets, surveys),
            "sla_breach_hours": breach_hours(tickets), "sla_breaches": breaches(tickets, surveys, "2026Q3")}
