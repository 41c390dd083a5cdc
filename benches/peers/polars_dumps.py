"""The dumps by polars: typed, without the rows that cannot be typed or lack their key; of several rows with one key the last stays.

Polars fills up a row with too few fields and cuts one with too many. Two columns more than the header has tell the latter; the
former lack what is told in every good row: whether a ticket is a complaint, or any of the later cells of a survey.
"""

from pathlib import Path

import polars as pl

MISSING = ["", "?", "无"]
FIRST_YEAR, AFTER_LAST_YEAR = 1_514_764_800, 1_798_761_600  # what the calendar knows, as seconds since 1970
TICKETS = ("ticket_id requested_at first_response_at started_at resolved_at status customer_id customer_name customer_tier customer_kind "
           "service_type channel priority region branch product_model product_line serial_number fault_codes fault_description staff_id "
           "visits reopened is_complaint first_resolved_at reopened_at promised_at").split()
SURVEYS = ("survey_id ticket_id staff_id evaluator answered_at attitude professionalism resolution process timeliness overall suggestion "
           "replied_at strengths emotion").split()
PAUSES = "ticket_id paused_at resumed_at reason".split()
STAFF = "staff_id staff_name team position branch hired_on left_on".split()
SCORES = SURVEYS[5:11]


def typed(pattern: Path, names: list[str], whole: dict[str, pl.DataType], good: pl.Expr) -> pl.LazyFrame:
    """The rows of a source whose cells can all be typed; columns named `…_at` are times."""
    schema = dict.fromkeys([*names, "extra", "extra_too"], pl.String)
    raw = pl.scan_csv(pattern, schema=schema, has_header=False, skip_rows=1, null_values=MISSING, truncate_ragged_lines=True,
                      missing_columns="insert")
    times = {n: pl.col(n).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="ms", strict=False).dt.epoch("s").cast(pl.Int32, strict=False)
             for n in names if n.endswith("_at")}
    others = {n: pl.col(n).str.to_date(strict=False) if kind == pl.Date else pl.col(n).cast(kind, strict=False) for n, kind in whole.items()}
    parsed = raw.with_columns(**{f"{n}_typed": e for n, e in (times | others).items()})
    fits = [pl.col(n).is_null() | pl.col(f"{n}_typed").is_not_null() for n in times | others]
    fits += [pl.col(f"{n}_typed").is_null() | pl.col(f"{n}_typed").is_between(FIRST_YEAR, AFTER_LAST_YEAR, closed="left")
             for n in times if n not in ("answered_at", "replied_at")]
    kept = parsed.filter(*fits, good, pl.col("extra").is_null(), pl.col("extra_too").is_null())
    return kept.select(pl.col(f"{n}_typed").alias(n) if n in times | others else pl.col(n) for n in names)


def latest(rows: pl.DataFrame, *key: str) -> pl.DataFrame:
    """Of several rows with one key the last one."""
    return rows.unique(subset=key, keep="last")


def tickets(dumps: Path) -> pl.DataFrame:
    """The columns that the tables need."""
    yes_no = [pl.col(n).is_null() | pl.col(n).is_in(["是", "否"]) for n in ("reopened", "is_complaint")]
    good = pl.all_horizontal(pl.col("ticket_id", "requested_at", "is_complaint").is_not_null(), *yes_no)
    unused = ["customer_name", "customer_kind", "channel", "product_line", "serial_number", "fault_description", "visits", "reopened",
              "is_complaint"]
    rows = typed(dumps / "tickets-*.csv", TICKETS, {"visits": pl.Int32}, good).drop(unused)
    return latest(rows.collect(engine="streaming"), "ticket_id").with_columns(pl.col("service_type").replace("维修", "维修服务"))


def surveys(dumps: Path) -> pl.DataFrame:
    """With scores as small integers."""
    known = [pl.col(n).is_null() | pl.col(n).is_in(["1", "2", "3", "4", "5"]) for n in SCORES]
    who = pl.col("ticket_id").is_not_null() | pl.col("staff_id").is_not_null()
    told = pl.col("evaluator").is_not_null() & pl.any_horizontal(pl.col(SURVEYS[7:-2]).is_not_null())
    good = pl.all_horizontal(pl.col("answered_at").is_not_null(), told, who, *known)
    rows = typed(dumps / "surveys-*.csv", SURVEYS, dict.fromkeys(SCORES, pl.Int8), good).drop("strengths", "emotion")
    return latest(rows.with_columns(pl.col("suggestion").is_not_null()).collect(engine="streaming"), "survey_id")


def pauses(dumps: Path) -> pl.DataFrame:
    """All pauses."""
    good = pl.all_horizontal(pl.col("ticket_id", "paused_at", "reason").is_not_null())
    return latest(typed(dumps / "pauses.csv", PAUSES, {}, good).collect(engine="streaming"), *PAUSES[:2], "reason")


def staff(dumps: Path) -> pl.DataFrame:
    """Team, and the day of hiring: its month, and the day within the month."""
    rows = typed(dumps / "staff.csv", STAFF, {"hired_on": pl.Date, "left_on": pl.Date}, pl.col("staff_id").is_not_null()).collect()
    hired = pl.col("hired_on")
    return rows.select("staff_id", "team", hired_day=hired.to_physical(), hired_month=hired.dt.year() * 12 + hired.dt.month().cast(pl.Int32) - 1,
                       hired_day_of_month=hired.dt.day().cast(pl.Int32))
