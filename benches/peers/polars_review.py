"""The three tables of the review by polars: lazy scans of the dumps, the streaming engine, Parquet at the end.

    python polars_review.py DUMPS OUT

The facts stand in polars_facts.py. Times are seconds since 1970, months and quarters numbers (year * 12 + month, year * 4 + quarter).
"""

import sys
from pathlib import Path

import polars as pl

import polars_facts as facts
from polars_facts import NONE

CLOCKS = {"tickets": ("first_response", "start", "resolution"), "surveys": ("survey_return", "suggestion_reply")}
OUTCOMES = ("met", "breached", "running", "no_target", "cancelled", "unusable")
DIMENSIONS = ("attitude", "professionalism", "resolution", "process", "timeliness", "overall")
BY_CLOCK = {"all": None, "staff": "staff_id"} | {b: b for b in ("service_type", "priority", "region", "branch", "tenure_band")}
BY_SCORE = {"all": None, "staff": "staff_id", "team": "team", "tenure_band": "tenure_band", "service_type": "service_type",
            "evaluator": "evaluator"}
QUARTER = pl.col("month") // 3


def spans(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of months, once more as rows of quarters."""
    months = frame.select(pl.lit("month").alias("period_type"), pl.col("month").alias("span"), pl.exclude("month"))
    return pl.concat([months, months.with_columns(period_type=pl.lit("quarter"), span=pl.col("span") // 3)])


def named(frame: pl.DataFrame) -> pl.DataFrame:
    """Gives numbered spans their names."""
    n = pl.col("span")
    month = pl.format("{}-{}", n // 12, (n % 12 + 1).cast(pl.String).str.zfill(2))
    return frame.with_columns(period=pl.when(pl.col("period_type") == "month").then(month).otherwise(pl.format("{}Q{}", n // 4, n % 4 + 1)))


def member(column: str | None) -> pl.Expr:
    """The member of a breakdown."""
    return (pl.col(column).fill_null(NONE) if column else pl.lit("all")).cast(pl.String).alias("member")


def clock_sums(fact: pl.DataFrame, clock: str, breakdown: str, column: str | None) -> pl.DataFrame:
    """Outcomes and exact quantiles of one clock by one breakdown; quarters anew, since quantiles do not add up."""
    keys = [column] if column else []
    seconds = pl.col(f"{clock}_seconds")
    figures = [pl.col(clock).count().alias("tickets")]
    figures += [(pl.col(clock) == place).sum().alias(name) for place, name in enumerate(OUTCOMES)]
    figures += [seconds.quantile(share, "equiprobable").alias(name) for name, share in (("p50_seconds", 0.5), ("p90_seconds", 0.9))]
    parts = []
    for kind, span in (("month", pl.col("month")), ("quarter", QUARTER)):
        part = fact.group_by(span.alias("span"), *keys).agg(figures)
        parts.append(part.select(pl.lit(kind).alias("period_type"), "span", pl.lit(clock).alias("clock"), pl.lit(breakdown).alias("breakdown"),
                                 member(column), pl.exclude("span", *keys)))
    return pl.concat(parts).filter(pl.col("tickets") > 0)


def before(frame: pl.DataFrame, keys: list[str], **columns: str) -> pl.DataFrame:
    """Joins columns of the period of the same kind before."""
    earlier = frame.select(*keys, pl.col("span") + 1, *(pl.col(c).alias(name) for name, c in columns.items()))
    return frame.join(earlier, on=[*keys, "span"], how="left", nulls_equal=True)


def sla_attainment(tickets: pl.DataFrame, surveys: pl.DataFrame) -> pl.DataFrame:
    """Attainment of all clocks."""
    by_fact = {"tickets": tickets, "surveys": surveys}
    sums = pl.concat([clock_sums(by_fact[fact], clock, breakdown, column)
                      for fact, clocks in CLOCKS.items() for clock in clocks for breakdown, column in BY_CLOCK.items()])
    judged = pl.col("met") + pl.col("breached")
    shares = sums.with_columns(attainment=pl.when(judged > 0).then(pl.col("met") / judged))
    shares = before(shares, ["period_type", "clock", "breakdown", "member"], previous_attainment="attainment")
    shares = shares.with_columns(pl.col("p50_seconds", "p90_seconds").cast(pl.Int64), change=pl.col("attainment") - pl.col("previous_attainment"))
    return named(shares).drop("span").sort("period_type", "period", "clock", "breakdown", "member")


def dimension_scores(surveys: pl.DataFrame) -> pl.DataFrame:
    """Scores from sums of points and squared points, so that months add up to quarters."""
    parts = []
    for breakdown, column in BY_SCORE.items():
        for dimension in DIMENSIONS:
            score = pl.col(dimension).cast(pl.Int64)
            part = surveys.group_by("month", *([column] if column else [])).agg(
                n=score.count(), points=score.sum(), squares=(score * score).sum(), satisfied=(score >= 4).sum())
            parts.append(part.select("month", pl.lit(dimension).alias("dimension"), pl.lit(breakdown).alias("breakdown"), member(column),
                                     *(pl.col(c).cast(pl.Int64) for c in ("n", "points", "squares", "satisfied"))))
    keys = ["period_type", "dimension", "breakdown", "member"]
    sums = spans(pl.concat(parts)).group_by("span", *keys).sum().filter(pl.col("n") > 0)
    n, points = pl.col("n"), pl.col("points")
    shown = n >= 5
    figures = sums.with_columns(
        suppressed=~shown, mean=pl.when(shown).then(points / n), satisfied_share=pl.when(shown).then(pl.col("satisfied") / n),
        sd=pl.when(shown).then(((n * pl.col("squares") - points * points) / (n * (n - 1))).sqrt()))
    figures = before(figures, keys, previous_mean="mean").with_columns(
        previous_mean=pl.when(shown).then("previous_mean"), change=pl.col("mean") - pl.col("previous_mean"))
    return named(figures).drop("span", "points", "squares", "satisfied").sort("period_type", "period", "dimension", "breakdown", "member")


def defect_ranking(faults: pl.DataFrame, tickets: pl.DataFrame, surveys: pl.DataFrame) -> pl.DataFrame:
    """Faults by model, with repeats and priority."""
    answers = surveys.filter(pl.col("ticket_id").is_not_null()).group_by("ticket_id").agg(
        answers=pl.col("overall").count(), points=pl.col("overall").cast(pl.Int64).sum())
    counted = faults.join(facts.repeats(faults), on=["ticket_id", "fault_code"], how="left").join(answers, on="ticket_id", how="left")
    parts, exposure, key = [], [], ["product_model", "fault_code"]
    for kind, span in (("month", pl.col("month")), ("quarter", QUARTER)):
        span = span.alias("span")
        part = counted.group_by(span, *key).agg(
            tickets=pl.len(), customers=pl.col("customer_id").drop_nulls().n_unique(), repeats=pl.col("is_repeat").count(),
            overall_answers=pl.col("answers").sum(), points=pl.col("points").sum())
        parts.append(part.with_columns(pl.exclude("span", *key).cast(pl.Int64), period_type=pl.lit(kind)))
        exposure.append(tickets.group_by(span).agg(exposed=pl.len().cast(pl.Int64)).with_columns(period_type=pl.lit(kind)))
    peers = ["period_type", "span"]
    exposed = before(pl.concat(exposure), ["period_type"], exposed_before="exposed")
    table = pl.concat(parts).sort("period_type", "span", "tickets", *key, descending=[False, False, True, False, False])
    table = before(table, ["period_type", *key], previous_tickets="tickets").join(exposed, on=peers)
    n, answers, points = pl.col("tickets"), pl.col("overall_answers"), pl.col("points")
    mean = points.sum().over(peers) / answers.sum().over(peers)
    total, walked = n.sum().over(peers), n.cum_sum().over(peers)
    previous = pl.when(pl.col("exposed_before") > 0).then(pl.col("previous_tickets").fill_null(0))
    ratio = (n / pl.col("exposed")) / (pl.col("previous_tickets") / pl.col("exposed_before"))
    table = table.with_columns(
        rank=pl.col("fault_code").cum_count().over(peers).cast(pl.Int32), share=n / total, cumulative_share=walked / total,
        pareto_class=pl.when((walked - n) * 100 < total * 80).then(pl.lit("A")).when((walked - n) * 100 < total * 95).then(pl.lit("B"))
        .otherwise(pl.lit("C")),
        repeat_rate=pl.col("repeats") / n, change_ratio=pl.when(pl.col("previous_tickets") > 0).then(ratio), previous_tickets=previous,
        mean_overall=pl.when(answers >= 5).then(points / answers), priority_score=n * (5 - (points + 5 * mean) / (answers + 5)) / 4)
    table = table.with_columns(priority_rank=pl.col("priority_score").rank("ordinal", descending=True).over(peers).cast(pl.Int32))
    return named(table).drop("span", "points", "exposed", "exposed_before").sort("period_type", "period", "rank")


def main() -> None:
    """Runs the steps in their order."""
    dumps, out = Path(sys.argv[1]), Path(sys.argv[2])
    tickets, surveys = facts.facts(dumps)
    faults = facts.faults(tickets)
    out.mkdir(parents=True, exist_ok=True)
    sla_attainment(tickets, surveys).write_parquet(out / "sla_attainment.parquet")
    dimension_scores(surveys).write_parquet(out / "dimension_scores.parquet")
    defect_ranking(faults, tickets, surveys).write_parquet(out / "defect_ranking.parquet")


if __name__ == "__main__":
    main()
