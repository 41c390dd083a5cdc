"""The three tables of the review by pandas, from the same dumps.

    python pandas_review.py DUMPS OUT

The facts stand in pandas_facts.py. Times are seconds since 1970, months and quarters numbers (year * 12 + month, year * 4 + quarter).
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import pandas_facts as facts
from pandas_facts import NONE

CLOCKS = {"tickets": ("first_response", "start", "resolution"), "surveys": ("survey_return", "suggestion_reply")}
OUTCOMES = ("met", "breached", "running", "no_target", "cancelled", "unusable")
DIMENSIONS = ("attitude", "professionalism", "resolution", "process", "timeliness", "overall")
BY_CLOCK = {"all": None, "staff": "staff_id"} | {b: b for b in ("service_type", "priority", "region", "branch", "tenure_band")}
BY_SCORE = {"all": None, "staff": "staff_id", "team": "team", "tenure_band": "tenure_band", "service_type": "service_type",
            "evaluator": "evaluator"}
DEFECT = ["product_model", "fault_code"]


def member(rows: pd.DataFrame, column: str | None) -> pd.Series:
    """The member of a breakdown, as a category: grouping by small numbers is quicker than by texts."""
    values = rows[column].fillna(NONE) if column else pd.Series("all", index=rows.index)
    return values.astype("category")


def spans(months: pd.Series) -> tuple[tuple[str, pd.Series], ...]:
    """Both kinds of periods."""
    return ("month", months), ("quarter", months // 3)


def named(rows: pd.DataFrame) -> pd.DataFrame:
    """Gives numbered spans their names."""
    names = {("month", n): f"{n // 12}-{n % 12 + 1:02d}" for n in rows.span[rows.period_type == "month"].unique()}
    names |= {("quarter", n): f"{n // 4}Q{n % 4 + 1}" for n in rows.span[rows.period_type == "quarter"].unique()}
    return rows.assign(period=[names[key] for key in zip(rows.period_type, rows.span)]).drop(columns="span")


def before(rows: pd.DataFrame, keys: list[str], **columns: str) -> pd.DataFrame:
    """Joins columns of the period of the same kind before."""
    earlier = rows[[*keys, "span"]].assign(span=rows.span + 1, **{name: rows[c] for name, c in columns.items()})
    return rows.merge(earlier, on=[*keys, "span"], how="left")


def at_rank(sorted_seconds: np.ndarray, first: np.ndarray, n: np.ndarray, share: float) -> np.ndarray:
    """Of each group of sorted seconds the one at the rank of a quantile, without interpolation."""
    return sorted_seconds[first + np.maximum(np.ceil(n * share - 1e-9).astype(np.int64), 1) - 1]


def clock_sums(rows: pd.DataFrame, clock: str, members: pd.Series) -> pd.DataFrame:
    """Outcomes and exact quantiles of one clock by one breakdown."""
    parts = []
    for kind, span in spans(rows.month):
        keys = [span.rename("span"), members.rename("member")]
        counts = rows.groupby([*keys, clock], observed=True).size().unstack(fill_value=0).reindex(columns=range(6), fill_value=0)
        counts.columns = OUTCOMES
        ended = rows[f"{clock}_seconds"].notna()
        code = span[ended].to_numpy() * len(members.cat.categories) + members.cat.codes[ended].to_numpy()
        order = np.lexsort((rows[f"{clock}_seconds"][ended].to_numpy(), code))
        sorted_seconds, code = rows[f"{clock}_seconds"][ended].to_numpy()[order], code[order]
        groups, first, n = np.unique(code, return_index=True, return_counts=True)
        index = pd.MultiIndex.from_arrays([groups // len(members.cat.categories), members.cat.categories[groups % len(members.cat.categories)]])
        for name, share in (("p50_seconds", 0.5), ("p90_seconds", 0.9)):
            counts[name] = pd.Series(at_rank(sorted_seconds, first, n, share), index=index)
        parts.append(counts.reset_index().assign(period_type=kind))
    return pd.concat(parts).assign(clock=clock)


def sla_attainment(by_fact: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Attainment of all clocks."""
    parts = []
    for fact, clocks in CLOCKS.items():
        for breakdown, column in BY_CLOCK.items():
            members = member(by_fact[fact], column)
            for clock in clocks:
                applies = by_fact[fact][clock].notna()
                parts.append(clock_sums(by_fact[fact][applies], clock, members[applies]).assign(breakdown=breakdown))
    table = pd.concat(parts, ignore_index=True)
    table["member"], table["tickets"] = table.member.astype(object), table[list(OUTCOMES)].sum(axis=1)
    table["attainment"] = table.met / (table.met + table.breached).where(table.met + table.breached > 0)
    table = before(table, ["period_type", "clock", "breakdown", "member"], previous_attainment="attainment")
    return named(table.assign(change=table.attainment - table.previous_attainment))


def dimension_scores(surveys: pd.DataFrame) -> pd.DataFrame:
    """Scores from sums of points and squared points."""
    parts, names = [], ("n", "points", "squares", "satisfied")
    values = {d: (surveys[d].notna(), surveys[d].fillna(0), surveys[d].fillna(0) ** 2, surveys[d] >= 4) for d in DIMENSIONS}
    columns = pd.DataFrame({(d, name): v for d in DIMENSIONS for name, v in zip(names, values[d])}).astype(np.int64)
    for breakdown, column in BY_SCORE.items():
        members = member(surveys, column).rename("member")
        for kind, span in spans(surveys.month):
            sums = columns.groupby([span.rename("span"), members], observed=True).sum().stack(level=0, future_stack=True)
            sums.index.names = ["span", "member", "dimension"]
            parts.append(sums.reset_index().assign(period_type=kind, breakdown=breakdown))
    table = pd.concat(parts, ignore_index=True)
    table = table[table.n > 0].assign(member=table.member.astype(object), suppressed=table.n < 5)
    shown = table[~table.suppressed]
    spread = (shown.n * shown.squares - shown.points**2) / (shown.n * (shown.n - 1))
    table = table.assign(mean=shown.points / shown.n, sd=np.sqrt(spread), satisfied_share=shown.satisfied / shown.n)
    table = before(table, ["period_type", "dimension", "breakdown", "member"], previous_mean="mean")
    table["previous_mean"] = table.previous_mean.where(~table.suppressed)
    return named(table.assign(change=table["mean"] - table.previous_mean)).drop(columns=["points", "squares", "satisfied"])


def repeats(faults: pd.DataFrame) -> pd.DataFrame:
    """Tickets and faults for which an earlier ticket of the same customer, model and fault was resolved within 30 days before."""
    keys = ["customer_id", *DEFECT]
    known = faults[faults.customer_id.notna() & faults.duplicated(keys, keep=False)]
    pairs = known.merge(known[[*keys, "requested_at", "resolved_at"]], on=keys, suffixes=("", "_earlier"))
    since = pairs.requested_at - pairs.resolved_at_earlier
    pairs = pairs[(pairs.requested_at_earlier < pairs.requested_at) & (since >= 0) & (since <= 30 * 86_400)]
    return pairs[["ticket_id", "fault_code"]].drop_duplicates().assign(is_repeat=1)


def defect_ranking(faults: pd.DataFrame, tickets: pd.DataFrame, surveys: pd.DataFrame) -> pd.DataFrame:
    """Faults by model, with repeats and priority."""
    answers = surveys[surveys.ticket_id.notna()].groupby("ticket_id").overall.agg(overall_answers="count", points="sum")
    counted = faults.merge(repeats(faults), on=["ticket_id", "fault_code"], how="left").join(answers, on="ticket_id")
    parts, exposure = [], {}
    for kind, span in spans(counted.month):
        groups = counted.groupby([span.rename("span"), *DEFECT])
        part = groups.agg(tickets=("ticket_id", "size"), customers=("customer_id", "nunique"), repeats=("is_repeat", "sum"),
                          overall_answers=("overall_answers", "sum"), points=("points", "sum")).astype(np.int64)
        parts.append(part.reset_index().assign(period_type=kind))
    for kind, span in spans(tickets.month):
        exposure |= {(kind, n): count for n, count in span.value_counts().items()}
    table = before(pd.concat(parts), ["period_type", *DEFECT], previous_tickets="tickets")
    table = table.sort_values(["period_type", "span", "tickets", *DEFECT], ascending=[True, True, False, True, True], ignore_index=True)
    now = np.array([exposure[key] for key in zip(table.period_type, table.span)], dtype=float)
    was = np.array([exposure.get((kind, n - 1), np.nan) for kind, n in zip(table.period_type, table.span)])
    ratio = (table.tickets / now) / (table.previous_tickets / was)
    table = table.assign(change_ratio=ratio, previous_tickets=table.previous_tickets.fillna(0).where(~np.isnan(was)))
    peers = table.groupby(["period_type", "span"])
    total, walked, reached = peers.tickets.transform("sum"), peers.tickets.cumsum(), peers.tickets.cumsum() - table.tickets
    mean = peers.points.transform("sum") / peers.overall_answers.transform("sum")
    table = table.assign(
        rank=peers.cumcount() + 1, share=table.tickets / total, cumulative_share=walked / total,
        pareto_class=np.where(reached * 100 < total * 80, "A", np.where(reached * 100 < total * 95, "B", "C")),
        repeat_rate=table.repeats / table.tickets, mean_overall=(table.points / table.overall_answers).where(table.overall_answers >= 5),
        priority_score=table.tickets * (5 - (table.points + 5 * mean) / (table.overall_answers + 5)) / 4)
    table["priority_rank"] = table.groupby(["period_type", "span"]).priority_score.rank(ascending=False, method="first").astype(np.int64)
    return named(table).drop(columns="points")


def main() -> None:
    """Runs the steps in their order."""
    dumps, out = Path(sys.argv[1]), Path(sys.argv[2])
    tickets, surveys = facts.facts(dumps)
    faults = facts.faults(tickets)
    out.mkdir(parents=True, exist_ok=True)
    sla_attainment({"tickets": tickets, "surveys": surveys}).to_parquet(out / "sla_attainment.parquet", index=False)
    dimension_scores(surveys).to_parquet(out / "dimension_scores.parquet", index=False)
    defect_ranking(faults, tickets, surveys).to_parquet(out / "defect_ranking.parquet", index=False)


if __name__ == "__main__":
    main()
