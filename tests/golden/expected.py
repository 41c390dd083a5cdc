"""Chooses the figures that stand for the tables, and writes them as JSON, one row a line."""

import json
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

Q3, STAFF = "2026Q3", ["S002", "S008", "S016", "S030", "S037"]
COUNTS = ["tickets", "met", "breached", "running", "no_target", "cancelled", "unusable"]
WILSON = ["attainment", "ci_low", "ci_high"]
CHANGE = ["previous_attainment", "change", "change_q", "change_low", "change_high"]
LIMITS = ["n", "running", "met", "attainment", "center", "sigma_z", "p_low", "p_high", "low", "high", "signal"]
QUANTILES = ["n", "p50_seconds", "p75_seconds", "p90_seconds", "p95_seconds", "p99_seconds"]
GAP = ["n", "our_mean", "their_mean", "gap", "ci_low", "ci_high", "p", "q", "suppressed"]
BREACH = ["policy", "service_type", "priority", "branch", "customer_tier", "staff_id", "staff_name", "team", "started_at", "due_at",
          "ended_at", "target_seconds", "over_seconds", "over_share", "cause", "response_seconds", "waiting_seconds", "handling_seconds"]
SCORE = ["n", "mean", "sd", "ci_low", "ci_high", "satisfied_share", "shrunk_mean", "suppressed", "previous_mean", "change", "change_q"]
WEIGHTED = ["weighted_mean", "weighted_ci_low", "weighted_ci_high", "weight_share"]
SKILL = ["tenure_band", "n", "mean", "peer_mean", "gap", "shrunk_gap", "p", "q", "priority", "tickets", "peer_n", "target_gap", "is_gap",
         "suppressed", "shrunk_mean"]
RATE = ["finished", "answered", "rate", "ci_low", "ci_high", "previous_rate", "change", "change_q", "difference_q"]
PAIRED = ["n", "mean", "customer_mean", "gap", "ci_low", "ci_high", "p", "q", "suppressed"]
CHOICE = ["surveys", "n", "share", "ci_low", "ci_high", "previous_share", "change", "change_q", "suppressed"]
DEFECT = ["rank", "tickets", "share", "cumulative_share", "pareto_class", "customers", "repeats", "previous_tickets", "change_ratio",
          "change_q", "change_low", "change_high", "overall_answers", "mean_overall", "priority_score", "priority_rank", "unhappy_share",
          "moods", "emotion", "emotion_factor", "influence_factor", "is_top_three"]
COMPLAINT = ["tickets", "complaints", "rate_per_100", "ci_low", "ci_high", "share", "previous_rate_per_100", "change", "change_q"]
THEME = ["texts", "n", "share", "ci_low", "ci_high", "overall_answers", "mean_overall", "previous_share", "change", "change_q", "suppressed"]
TERM = ["rank", "texts", "n", "other_texts", "other_n", "log_odds", "z", "q", "in_themes"]
EFFECT = ["target", "state", "overdue_workdays", "target_kind", "window_days", "before_n", "before_value", "after_n", "after_value", "unit",
          "change", "ci_low", "ci_high", "p", "q", "verdict"]
COURSE = ["rank", "total", "monthly_ratio", "p", "q", "trend", "standing"]


def value(cell):
    if pd.isna(cell):
        return None
    if isinstance(cell, datetime):
        return (cell - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    if hasattr(cell, "item"):
        cell = cell.item()
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else float(f"{cell:.12g}")
    return cell


def section(table, frame, keys, columns):
    """Rows of a table: the columns that name a row, then those that are compared."""
    rows = [[value(cell) for cell in row] for row in frame[keys + columns].sort_values(keys).itertuples(index=False)]
    return {"table": table, "keys": keys, "columns": columns, "rows": rows}


def sections(tables):
    sla, scores = tables["sla_attainment"], tables["dimension_scores"]
    whole = sla[(sla.breakdown == "all") & sla.period.isin(["2026Q2", Q3, "2026-07", "2026-08", "2026-09"])]
    parts = sla[(sla.period == Q3) & (sla.breakdown != "all") & ((sla.breakdown != "staff") | sla.member.isin(STAFF))]
    resolution, others = parts[parts.clock == "resolution"], parts[parts.clock != "resolution"]
    member = ["period", "clock", "breakdown", "member"]
    yield "sla_attainment", [
        section("sla_attainment", whole, member, COUNTS + WILSON + CHANGE + ["p50_seconds", "p90_seconds"]),
        section("sla_attainment", resolution, member, COUNTS + WILSON + ["change_q", "p90_seconds"]),
        section("sla_attainment", others, member, ["met", "breached"]),
    ]
    yield from clocks(tables)
    quarter = scores[scores.period == Q3]
    member = ["period", "dimension", "breakdown", "member"]
    few = quarter[quarter.suppressed & (quarter.breakdown == "staff")]
    people = quarter[(quarter.breakdown == "staff") & quarter.member.isin(STAFF)]
    yield "dimension_scores", [
        section("dimension_scores", quarter[quarter.breakdown == "all"], member, SCORE),
        section("dimension_scores", quarter[(quarter.breakdown == "tenure_band") & (quarter.dimension == "professionalism")], member, SCORE),
        section("dimension_scores", quarter[quarter.breakdown.isin(["team", "service_type"]) & (quarter.dimension == "overall")], member, SCORE),
        section("dimension_scores", people[people.dimension == "professionalism"], member, SCORE),
        section("dimension_scores", few, member, ["n", "suppressed", "mean", "shrunk_mean", "change_q"]),
        section("dimension_scores", quarter[quarter.breakdown.isin(["all", "team"])], member, WEIGHTED),
        section("dimension_scores", quarter[quarter.breakdown == "evaluator"], member, ["n", "mean", "shrunk_mean", *WEIGHTED]),
    ]
    yield from about_people(tables)
    effect = tables["tenure_effect"]
    tests = ["bands", "n", "welch_f", "welch_p", "kruskal_h", "kruskal_p", "q", "lowest_band", "reference_band", "gap", "hedges_g"]
    yield "tenure_effect", [section("tenure_effect", effect[effect.period == Q3], ["period", "dimension"], tests)]
    defects, repeats = tables["defect_ranking"], tables["repeat_tickets"]
    quarter = defects[defects.period == Q3]
    ranked = quarter[quarter["rank"] <= np.where(quarter.level == "product_model+fault_code", 20, 10)]
    repeats = repeats[repeats.when >= "2026-07-01"].rename(columns={"ticket_id_earlier": "earlier_ticket_id"})
    yield "defect_ranking", [
        section("defect_ranking", ranked, ["period", "level", "product_line", "product_model", "fault_code"], DEFECT),
        section("repeat_tickets", repeats, ["ticket_id", "fault_code"], ["earlier_ticket_id"]),
    ]
    courses, month = tables["defect_trend"], ["period", "product_model", "fault_code", "month"]
    some = courses[(courses["rank"] <= 10) | courses.standing.notna()]
    yield "defect_trend", [
        section("defect_trend", courses[courses.month == "2026-09"], month, COURSE),
        section("defect_trend", some, month, ["tickets", "exposure", "rate_per_100", "ci_low", "ci_high"]),
    ]
    yield from voices(tables)


def voices(tables):
    """What customers complain and write about, and what became of the targets of measures."""
    said, member = tables["complaints"], ["period", "breakdown", "member"]
    quarter = said[said.period == Q3]
    own = quarter[(quarter.complaints > 0) & (quarter.breakdown != "fault_code")]
    again = quarter[(quarter.complaints > 0) & quarter.breakdown.isin(["all", "branch", "team", "product_model", "fault_code"])]
    yield "complaints", [
        section("complaints", pd.concat([quarter, said[(said.breakdown == "all") & (said.period_type == "month")]]), member, COMPLAINT),
        section("complaints", own, member, ["resolved", "p50_seconds", "p90_seconds", "met", "breached", "attainment"]),
        section("complaints", again, member, ["repeats", "repeat_rate"]),
    ]
    themes = tables["opinion_themes"]
    themes = themes[(themes.period == Q3) & ((themes.source == "survey") | (themes.breakdown == "all"))]
    themes = themes[themes.breakdown.isin(["all", "service_type", "branch"])]
    yield "opinion_themes", [section("opinion_themes", themes, ["period", "source", "breakdown", "member", "theme"], THEME)]
    yield "opinion_terms", [section("opinion_terms", tables["opinion_terms"], ["period", "source", "against", "term"], TERM)]
    yield "action_effect", [section("action_effect", tables["action_effect"], ["period", "action_id"], EFFECT)]


def about_people(tables):
    gaps, rates, pairs = tables["skill_gaps"], tables["response_rates"], tables["evaluator_gap"]
    quarter = gaps[gaps.period == Q3]
    some = quarter[quarter.staff_id.isin([*STAFF, "S004", "S024"]) | quarter.suppressed | quarter.is_gap.eq(True)]
    yield "skill_gaps", [section("skill_gaps", some, ["period", "staff_id", "dimension"], SKILL)]
    rates = rates[(rates.period == Q3) & ((rates.breakdown != "staff") | rates.member.isin(STAFF))]
    yield "response_rates", [section("response_rates", rates, ["period", "breakdown", "member"], RATE)]
    drivers = ["rank", "n", "r_squared", "importance", "mean", "leverage", "quadrant"]
    yield "satisfaction_drivers", [section("satisfaction_drivers", tables["satisfaction_drivers"], ["period", "dimension"], drivers)]
    pairs = pairs[(pairs.period == Q3) & pairs.breakdown.isin(["all", "team"])]
    yield "evaluator_gap", [section("evaluator_gap", pairs, ["period", "evaluator", "dimension", "breakdown", "member"], PAIRED)]
    for name in ("strengths", "emotion"):
        boxes = tables[name][(tables[name].period == Q3) & ~tables[name].breakdown.isin(["staff"])]
        yield name, [section(name, boxes, ["period", "breakdown", "member", "choice"], CHOICE)]
    columns = ["surveys", "flagged", "share", "base_rate", "p", "q", "mean", "mean_without", "difference"]
    yield "integrity", [section("integrity", tables["integrity"], ["flag", "staff_id"], columns)]
    fixes = tables["first_time_fix"]
    fixes = fixes[(fixes.period == Q3) | ((fixes.breakdown == "all") & (fixes.period_type == "month"))]
    columns = ["tickets", "fixed_first_time", "censored", "rate", "ci_low", "ci_high", "again", "returned", "previous_rate", "change", "change_q"]
    yield "first_time_fix", [section("first_time_fix", fixes, ["period", "breakdown", "member"], columns)]
    times = tables["repeat_times"]
    times = times[(times.breakdown == "all") | times.member.isin(["漏水", "噪音大", "屏幕不亮"])]
    columns = ["at_risk", "returned", "stayed_share", "ci_low", "ci_high", "n"]
    yield "repeat_times", [section("repeat_times", times, ["breakdown", "member", "day"], columns)]
    calls = tables["follow_up_due"]
    some = pd.concat([calls.head(5), calls[calls.occasion != "service"], calls[calls.state != "overdue"]]).drop_duplicates(["ticket_id", "action_id"])
    columns = ["state", "occasion", "due_at", "from_at", "ended_at", "customer_id", "staff_id"]
    yield "follow_up_due", [section("follow_up_due", some, ["ticket_id", "action_id"], columns)]
    spread = tables["answer_distribution"]
    spread = spread[(spread.period == Q3) & spread.breakdown.isin(["all", "team"])]
    yield "answer_distribution", [
        section("answer_distribution", spread, ["period", "dimension", "breakdown", "member", "points"], ["answers", "n", "share", "suppressed"]),
    ]


def clocks(tables):
    """Of each table about clocks the reviewed quarter, and of that enough to meet every rule."""
    weeks = tables["sla_control"]
    whole = weeks[weeks.clock.isin(["resolution", "survey_return", "suggestion_reply"]) & (weeks.breakdown == "all") & (weeks.week >= "2026-W27")]
    member = ["clock", "breakdown", "member", "week"]
    yield "sla_control", [
        section("sla_control", whole, member, LIMITS),
        section("sla_control", weeks[weeks.signal.notna()], member, ["attainment", "low", "high", "signal"]),
        section("sla_control", weeks[(weeks.breakdown != "all") & (weeks.week == "2026-W32")], member, LIMITS),
    ]
    spent = tables["duration_quantiles"]
    spent = spent[(spent.period == Q3) & spent.breakdown.isin(["all", "branch", "service_type", "priority"])]
    yield "duration_quantiles", [section("duration_quantiles", spent, ["period", "segment", "breakdown", "member"], QUANTILES)]
    gap = tables["timeliness_gap"]
    gap = gap[(gap.period == Q3) | (gap.breakdown == "all")]
    yield "timeliness_gap", [section("timeliness_gap", gap, ["period", "breakdown", "member"], GAP)]
    use, hours = tables["sla_target_use"], tables["sla_breach_hours"]
    use, hours = use[use.period == Q3], hours[hours.period == Q3]
    yield "sla_target_use", [section("sla_target_use", use, ["period", "clock", "from_percent"], ["to_percent", "tickets"])]
    cell = ["period", "clock", "weekday", "hour"]
    yield "sla_breach_hours", [section("sla_breach_hours", hours[hours.hour.isin([8, 10, 15, 17, 20])], cell, ["tickets", "breached"])]
    late = tables["sla_breaches"]
    worst, promised = late.groupby("clock").head(6), late[late.policy == "promised"]
    open_now = late[late.ended_at.isna()].groupby("clock").head(4)
    some = pd.concat([worst, promised, open_now]).drop_duplicates(["clock", "ticket_id", "survey_id"])
    yield "sla_breaches", [
        section("sla_breaches", some[some.survey_id.isna()], ["clock", "ticket_id"], BREACH),
        section("sla_breaches", some[some.survey_id.notna()], ["clock", "survey_id"], ["ticket_id", *BREACH[:-3]]),
    ]


def write(folder, origin, tables, totals):
    files = [("totals", {"totals": totals}), *((name, {"sections": parts}) for name, parts in sections(tables))]
    for name, content in files:
        text = json.dumps({"origin": origin} | content, ensure_ascii=False, indent=1)
        if "sections" in content:
            blocks = []
            for part in content["sections"]:
                rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in part["rows"])
                head = json.dumps({k: v for k, v in part.items() if k != "rows"}, ensure_ascii=False)
                blocks.append(f'{head[:-1]}, "rows": [\n  {rows}]}}')
            text = f'{{"origin": {json.dumps(origin)}, "sections": [\n ' + ",\n ".join(blocks) + "]}"
        (folder / f"{name}.json").write_text(text + "\n", "utf-8")
