"""The three tables of the review by DuckDB: reads the dumps, derives the clocks, groups, writes Parquet.

The SQL stands beside this file, in the folder `duckdb`.

    python duckdb_review.py DUMPS OUT [--threads N] [--memory-limit 2GB] [-v]
"""

import argparse
import sys
import time
from pathlib import Path
from string import Template

import duckdb

import working_days

HERE = Path(__file__).resolve().parent
SQL = HERE / "duckdb"
CALENDAR = HERE.parents[1] / "pipelines/calendars/cn.toml"
TABLES = ("sla_attainment", "dimension_scores", "defect_ranking")
CLOCKS = {"tickets": ("first_response", "start", "resolution"), "surveys": ("survey_return", "suggestion_reply")}
DIMENSIONS = ("attitude", "professionalism", "resolution", "process", "timeliness", "overall")
STAFF, TEAM = "coalesce(staff_id, '(none)')", "coalesce(team, '(none)')"
BY_CLOCK = {"all": "'all'", "staff": STAFF} | {b: b for b in ("service_type", "priority", "region", "branch", "tenure_band")}
BY_SCORE = {"all": "'all'", "staff": STAFF, "team": TEAM, "tenure_band": "tenure_band", "service_type": "service_type",
            "evaluator": "coalesce(evaluator, '(none)')"}


def sql(name: str, **parts: str) -> str:
    """The text of one file, its placeholders filled in."""
    return Template((SQL / f"{name}.sql").read_text("utf-8")).substitute(parts)


def calendar(db: duckdb.DuckDBPyConnection) -> None:
    """The calendars as a table; `place` tells date and calendar in one number."""
    db.execute("CREATE TABLE calendar (place INTEGER, is_open BOOLEAN, before INTEGER, reply_by INTEGER, month INTEGER, "
               "day_of_month INTEGER, days_in_month INTEGER)")
    days = working_days.table(CALENDAR)
    values = ", ".join(str((d.day * 2 + d.hotline, *d[2:])) for d in days)
    db.execute(f"INSERT INTO calendar VALUES {values}")


def sums(db: duckdb.DuckDBPyConnection) -> None:
    """Groups the facts by each breakdown."""
    db.execute(sql("prepare"))
    for fact, clocks in CLOCKS.items():
        outcomes = ", ".join(clocks)
        quantiles = ", ".join(f"quantile_disc({c}_seconds, [0.5, 0.9]) AS {c}" for c in clocks)
        for breakdown, member in BY_CLOCK.items():
            db.execute(sql("clock_sums", fact=fact, breakdown=breakdown, member=member, outcomes=outcomes, quantiles=quantiles))
    points = ", ".join(f"sums_of({d})" for d in DIMENSIONS)
    for breakdown, member in BY_SCORE.items():
        db.execute(sql("score_sums", breakdown=breakdown, member=member, sums=points))


def main() -> None:
    """Runs the steps in their order."""
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("dumps", type=Path)
    args.add_argument("out", type=Path)
    args.add_argument("--threads", type=int)
    args.add_argument("--memory-limit")
    args.add_argument("-v", "--verbose", action="store_true")
    asked = args.parse_args()
    db = duckdb.connect()
    if asked.threads:
        db.execute(f"SET threads = {asked.threads}")
    if asked.memory_limit:
        db.execute(f"SET memory_limit = '{asked.memory_limit}'")
    db.execute("SET VARIABLE dumps = ?", [str(asked.dumps)])
    db.execute("SET VARIABLE as_of = epoch(TIMESTAMP '2026-09-30 23:59:59')::INTEGER")
    start = time.perf_counter()
    calendar(db)
    steps = (("load", lambda: db.execute(sql("load"))), ("facts", lambda: db.execute(sql("facts"))), ("sums", lambda: sums(db)),
             ("tables", lambda: db.execute(sql("tables"))))
    for name, step in steps:
        step()
        if asked.verbose:
            print(f"{name:8} {time.perf_counter() - start:6.2f} s", file=sys.stderr)
    asked.out.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        db.execute(f"COPY {table} TO '{asked.out / table}.parquet' (FORMAT parquet)")


if __name__ == "__main__":
    main()
