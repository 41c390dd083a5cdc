"""Facts by polars: what became of the clocks of each ticket and survey, and the faults of tickets."""

from pathlib import Path

import polars as pl

import polars_dumps as dumped
import working_days

NONE = "(none)"
AS_OF = 1_790_812_799  # 2026-09-30 23:59:59, as seconds since 1970
CALENDAR = Path(__file__).resolve().parents[2] / "pipelines/calendars/cn.toml"
MET, BREACHED, RUNNING, NO_TARGET, CANCELLED, UNUSABLE = (pl.lit(n, pl.Int8) for n in range(6))
"""Outcomes, in the order of polars_review.OUTCOMES."""
STOPPING = ["等待客户", "等待备件"]
REPEAT = 30 * 86_400

# The calendar by place: 2 × the day, and 1 more for the hotline. There are no gaps, so a lookup is a gather.
DAYS = sorted(working_days.table(CALENDAR), key=lambda d: d.day * 2 + d.hotline)
FIRST = DAYS[0].day * 2
COLUMNS = {name: pl.Series([getattr(d, name) for d in DAYS], dtype=pl.Boolean if name == "is_open" else pl.Int32)
           for name in ("is_open", "before", "reply_by", "month", "day_of_month", "days_in_month")}


def at(column: str, place: pl.Expr) -> pl.Expr:
    """A column of the calendar at places."""
    return pl.lit(COLUMNS[column]).gather(place - FIRST)


def place(t: pl.Expr) -> pl.Expr:
    """Place of a moment's date; `hot` tells which calendar."""
    return t // 86_400 * 2 + pl.col("hot")


def work(t: pl.Expr) -> pl.Expr:
    """Working seconds before a moment."""
    second = t % 86_400
    office = (second.clip(30_600, 43_200) - 30_600) + (second.clip(46_800, 63_000) - 46_800)
    inside = pl.when(pl.col("hot") == 1).then(second.clip(28_800, 72_000) - 28_800).otherwise(office)
    return at("before", place(t)) + pl.when(at("is_open", place(t))).then(inside).otherwise(0)


def later(a: str, b: str) -> pl.Expr:
    """Whether a moment lies after another one; those that are missing say nothing."""
    return (pl.col(a) > pl.col(b)).fill_null(False)


def seen(*columns: str) -> list[pl.Expr]:
    """What happened after the moment of the review has not happened."""
    return [pl.when(pl.col(c) <= AS_OF).then(c).alias(c) for c in columns]


def outcome(cancelled: pl.Expr, wrong: pl.Expr, late: pl.Expr, ended: pl.Expr, no_target: pl.Expr | None = None) -> pl.Expr:
    """Outcome of a clock."""
    cases = pl.when(cancelled).then(CANCELLED).when(wrong).then(UNUSABLE)
    if no_target is not None:
        cases = cases.when(no_target).then(NO_TARGET)
    return cases.when(late).then(BREACHED).when(ended).then(MET).otherwise(RUNNING)


def tenure_band(day: pl.Expr) -> pl.Expr:
    """Band of the completed months from hiring to a date."""
    last = pl.min_horizontal("hired_day_of_month", at("days_in_month", day * 2))
    months = at("month", day * 2) - pl.col("hired_month") - (at("day_of_month", day * 2) < last).cast(pl.Int32)
    bands = pl.when(pl.col("hired_day").is_null() | (day < pl.col("hired_day"))).then(pl.lit(NONE))
    for end, name in ((3, "0-3m"), (6, "3-6m"), (12, "6-12m"), (36, "1-3y")):
        bands = bands.when(months < end).then(pl.lit(name))
    return bands.otherwise(pl.lit("3y+")).alias("tenure_band")


def stops(tickets: pl.DataFrame, pauses: pl.DataFrame) -> pl.DataFrame:
    """Working seconds in which each clock of a ticket stands still: pauses stop the resolution, a closed ticket stops all."""
    columns = ["ticket_id", "hot", "first_response_at", "started_at", "resolved_at", "begin", "end", "closed"]
    resolved, begun = pl.col("resolved_at"), pl.col("requested_at")
    last = pl.when(resolved >= begun).then(resolved).otherwise(AS_OF)
    waits = pauses.filter(pl.col("reason").is_in(STOPPING) & (pl.col("paused_at") <= AS_OF)).with_columns(seen("resumed_at"))
    waits = waits.join(tickets, on="ticket_id").with_columns(
        begin=pl.max_horizontal("paused_at", "requested_at"), end=pl.min_horizontal(pl.col("resumed_at").fill_null(last), last),
        closed=pl.lit(False))
    closed = tickets.filter(pl.col("first_resolved_at") < pl.col("reopened_at")).with_columns(
        begin=pl.max_horizontal("first_resolved_at", "requested_at"), end=pl.col("reopened_at"), closed=pl.lit(True))
    both = pl.concat([waits.select(columns), closed.select(columns)]).filter(pl.col("begin") < pl.col("end")).sort("ticket_id", "begin", "end")
    # Only what no earlier stretch of the ticket covers.
    covered = pl.col("end").cum_max().shift(1).over("ticket_id")
    both = both.with_columns(alone=pl.max_horizontal("begin", covered))

    def lost(begin: str, until: str, which: pl.Expr) -> pl.Expr:
        end = pl.min_horizontal("end", pl.col(until).fill_null(AS_OF))
        return pl.when(which & (pl.col(begin) < end)).then(work(end) - work(pl.col(begin))).otherwise(0).alias(f"{until}_lost")

    always = pl.lit(True)
    both = both.with_columns(lost("alone", "resolved_at", always), lost("begin", "first_response_at", pl.col("closed")),
                             lost("begin", "started_at", pl.col("closed")))
    return both.group_by("ticket_id").agg(pl.col("^.*_lost$").sum())


def clocks_of_tickets(tickets: pl.DataFrame, pauses: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    """Adds outcome and time used of the three clocks."""
    vip = ((pl.col("service_type") == "维修服务") & (pl.col("customer_tier") == "VIP客户")).fill_null(False)
    hot = (pl.col("service_type") == "技术咨询").fill_null(False)
    tickets = tickets.filter(pl.col("requested_at") <= AS_OF).with_columns(
        *seen("first_response_at", "started_at", "resolved_at", "first_resolved_at", "reopened_at"), hot=hot.cast(pl.Int32), vip=vip)
    # Without a reopening the first resolution is the resolution, with one only what came after it.
    tickets = tickets.with_columns(resolved_at=pl.when(pl.col("reopened_at").is_null()).then(pl.coalesce("resolved_at", "first_resolved_at"))
                                   .when(pl.col("resolved_at") >= pl.col("reopened_at")).then("resolved_at"))
    tickets = tickets.join(stops(tickets, pauses), on="ticket_id", how="left").join(staff, on="staff_id", how="left")
    day, resolved, promised = pl.col("requested_at") // 86_400, pl.col("resolved_at"), pl.col("promised_at")
    cancelled = (pl.col("status") == "已取消").fill_null(False)
    over = resolved.is_not_null() | pl.col("status").is_in(["已解决", "已关闭"]).fill_null(False)
    torn = pl.any_horizontal(
        later("requested_at", "resolved_at"), later("first_response_at", "resolved_at"), later("started_at", "resolved_at"),
        later("first_resolved_at", "reopened_at"), later("requested_at", "first_resolved_at"), later("requested_at", "promised_at"))
    begun = work(pl.col("requested_at"))
    tickets = tickets.with_columns(
        tenure_band(day), month=at("month", day * 2),
        **{end: work(pl.col(column).fill_null(AS_OF)) - begun - pl.col(f"{column}_lost").fill_null(0) if end != "resolution_used"
           else work(resolved.fill_null(AS_OF)) - begun - pl.when(promised.is_null()).then(pl.col("resolved_at_lost").fill_null(0)).otherwise(0)
           for end, column in (("first_response_used", "first_response_at"), ("start_used", "started_at"), ("resolution_used", "resolved_at"))})

    def target(of_vip: int, of_hotline: int, of_others: int) -> pl.Expr:
        return pl.when("vip").then(of_vip).when(pl.col("hot") == 1).then(of_hotline).otherwise(of_others)

    resolved_late = pl.when(promised.is_null()).then(pl.col("resolution_used") > target(57_600, 28_800, 86_400)).otherwise(
        resolved.fill_null(AS_OF) > promised)
    clocks = (("first_response", "first_response_at", later("requested_at", "first_response_at"),
               pl.col("first_response_used") > target(3_600, 7_200, 7_200), None),
              ("start", "started_at", later("requested_at", "started_at"), pl.col("start_used") > target(0, 14_400, 28_800), pl.col("vip")),
              ("resolution", "resolved_at", torn, resolved_late, None))
    tickets = tickets.with_columns(
        outcome(cancelled, wrong | (pl.col(end).is_null() & over), late, pl.col(end).is_not_null(), none).alias(name)
        for name, end, wrong, late, none in clocks)
    used = [pl.when((pl.col(name) < 4) & pl.col(end).is_not_null()).then(f"{name}_used").alias(f"{name}_seconds") for name, end, *_ in clocks]
    return tickets.select("ticket_id", "requested_at", "month", "hot", "status", "customer_id", "service_type", "priority", "region", "branch",
                          "staff_id", "tenure_band", "product_model", "fault_codes", "resolved_at", "first_response", "start", "resolution", *used)


def clocks_of_surveys(surveys: pl.DataFrame, tickets: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    """Adds whom a survey is credited to, what its ticket was, and outcome and time used of its two clocks."""
    of_ticket = tickets.select("ticket_id", "service_type", "priority", "region", "branch", "hot", "requested_at", "resolved_at",
                               cancelled=pl.col("status") == "已取消", ticket_staff="staff_id")
    answered, replied, resolved = pl.col("answered_at"), pl.col("replied_at"), pl.col("resolved_at")
    surveys = surveys.filter(answered <= AS_OF).with_columns(seen("replied_at")).join(of_ticket, on="ticket_id", how="left")
    surveys = surveys.with_columns(pl.coalesce("staff_id", "ticket_staff").alias("staff_id"), pl.col("hot").fill_null(0),
                                   pl.col("cancelled").fill_null(False)).join(staff, on="staff_id", how="left")
    # After closing the five days count from the next day.
    shut = at("is_open", place(answered)) & (answered % 86_400 >= pl.when(pl.col("hot") == 1).then(72_000).otherwise(63_000))
    reply_by = at("reply_by", place(answered) + pl.when(shut).then(2).otherwise(0))
    until = work(replied.fill_null(AS_OF))
    of_return = outcome(pl.col("cancelled"), resolved.is_null() | later("resolved_at", "answered_at"), answered - resolved > 86_400, pl.lit(True))
    of_reply = outcome(pl.lit(False), later("answered_at", "replied_at"), until > reply_by, replied.is_not_null())
    surveys = surveys.with_columns(
        tenure_band(pl.coalesce("requested_at", "answered_at") // 86_400), month=at("month", answered // 86_400 * 2),
        survey_return=pl.when(pl.col("ticket_id").is_not_null()).then(of_return), reply_used=until - work(answered),
        suggestion_reply=pl.when(pl.col("suggestion") | replied.is_not_null()).then(of_reply))
    return surveys.with_columns(
        survey_return_seconds=pl.when(pl.col("survey_return") < 4).then(answered - resolved),
        suggestion_reply_seconds=pl.when((pl.col("suggestion_reply") < 4) & replied.is_not_null()).then("reply_used"))


def facts(dumps: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tickets and surveys with their clocks."""
    staff = dumped.staff(dumps)
    tickets = clocks_of_tickets(dumped.tickets(dumps), dumped.pauses(dumps), staff)
    return tickets, clocks_of_surveys(dumped.surveys(dumps), tickets, staff)


def faults(tickets: pl.DataFrame) -> pl.DataFrame:
    """One row per ticket and distinct fault."""
    rows = tickets.filter(pl.col("fault_codes").is_not_null()).select(
        "ticket_id", "requested_at", "month", "customer_id", pl.col("product_model").fill_null(NONE),
        resolved_at=pl.when(pl.col("resolved_at") >= pl.col("requested_at")).then("resolved_at"), fault_code=pl.col("fault_codes").str.split("、"))
    rows = rows.explode("fault_code").with_columns(pl.col("fault_code").str.strip_chars())
    return rows.filter(~pl.col("fault_code").is_in(dumped.MISSING)).unique(["ticket_id", "fault_code"])


def repeats(faults: pl.DataFrame) -> pl.DataFrame:
    """Tickets and faults for which an earlier ticket of the same customer, model and fault was resolved within 30 days before."""
    keys = ["customer_id", "product_model", "fault_code"]
    pairs = faults.lazy().join(faults.lazy().select(*keys, earlier="requested_at", done="resolved_at"), on=keys)
    since = pl.col("requested_at") - pl.col("done")
    pairs = pairs.filter(pl.col("earlier") < pl.col("requested_at"), since >= 0, since <= REPEAT)
    return pairs.select("ticket_id", "fault_code", is_repeat=pl.lit(True)).unique().collect(engine="streaming")
