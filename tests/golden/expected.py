"""Chooses the figures that stand for the tables, and writes them as JSON, one row a line."""

import json

import pandas as pd

Q3, STAFF = "2026Q3", ["S002", "S008", "S016", "S030", "S037"]
COUNTS = ["tickets", "met", "breached", "running", "no_target", "cancelled", "unusable"]
WILSON = ["attainment", "ci_low", "ci_high"]
CHANGE = ["previous_attainment", "change", "change_q"]
SCORE = ["n", "mean", "sd", "ci_low", "ci_high", "satisfied_share", "shrunk_mean", "suppressed", "previous_mean", "change", "change_q"]
DEFECT = ["rank", "tickets", "share", "cumulative_share", "pareto_class", "customers", "repeats", "previous_tickets", "change_ratio",
          "change_q", "overall_answers", "mean_overall", "priority_score", "priority_rank"]


def value(cell):
    if pd.isna(cell):
        return None
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
    ]
    effect = tables["tenure_effect"]
    tests = ["bands", "n", "welch_f", "welch_p", "kruskal_h", "kruskal_p", "q", "lowest_band", "reference_band", "gap", "hedges_g"]
    yield "tenure_effect", [section("tenure_effect", effect[effect.period == Q3], ["period", "dimension"], tests)]
    defects, repeats = tables["defect_ranking"], tables["repeat_tickets"]
    quarter = defects[defects.period == Q3]
    repeats = repeats[repeats.when >= "2026-07-01"].rename(columns={"ticket_id_earlier": "earlier_ticket_id"})
    yield "defect_ranking", [
        section("defect_ranking", quarter[quarter["rank"] <= 20], ["period", "product_model", "fault_code"], DEFECT),
        section("repeat_tickets", repeats, ["ticket_id", "fault_code"], ["earlier_ticket_id"]),
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
