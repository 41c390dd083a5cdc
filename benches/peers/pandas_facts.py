"""Facts by pandas and numpy: what became of the clocks of each ticket and survey, and the faults of tickets."""

from pathlib import Path

import numpy as np
import pandas as pd

import pandas_dumps as dumped
import working_days

NONE = "(none)"
AS_OF = 1_790_812_799  # 2026-09-30 23:59:59, as seconds since 1970
CALENDAR = Path(__file__).resolve().parents[2] / "pipelines/calendars/cn.toml"
MET, BREACHED, RUNNING, NO_TARGET, CANCELLED, UNUSABLE = range(6)
BANDS = np.array(["0-3m", "3-6m", "6-12m", "1-3y", "3y+"], dtype=object)
OF_TICKETS = {"first_response": "first_response_at", "start": "started_at", "resolution": "resolved_at"}

# The calendar by place: 2 × the day, and 1 more for the hotline. There are no gaps.
DAYS = sorted(working_days.table(CALENDAR), key=lambda d: d.day * 2 + d.hotline)
FIRST = DAYS[0].day * 2
COLUMNS = {c: np.array([getattr(d, c) for d in DAYS]) for c in ("is_open", "before", "reply_by", "month", "day_of_month", "days_in_month")}


def at(column: str, place: np.ndarray) -> np.ndarray:
    """A column of the calendar at places."""
    return COLUMNS[column][np.clip(place - FIRST, 0, len(DAYS) - 1)]


def places(t: np.ndarray, hot: np.ndarray) -> np.ndarray:
    """Places of dates."""
    return t // 86_400 * 2 + hot


def whole(column: pd.Series, otherwise: float = AS_OF) -> np.ndarray:
    """Moments as integers, those that are missing as another one."""
    return column.fillna(otherwise).to_numpy().astype(np.int64)


def work(t: np.ndarray, hot: np.ndarray) -> np.ndarray:
    """Working seconds before moments."""
    second, place = t % 86_400, places(t, hot)
    office = np.clip(second, 30_600, 43_200) - 30_600 + np.clip(second, 46_800, 63_000) - 46_800
    inside = np.where(hot == 1, np.clip(second, 28_800, 72_000) - 28_800, office)
    return at("before", place) + np.where(at("is_open", place), inside, 0)


def as_seen(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """What happened after the moment of the review has not happened."""
    return rows.assign(**{c: rows[c].where(rows[c] <= AS_OF) for c in columns})


def outcome(cancelled: np.ndarray, wrong: np.ndarray, late: np.ndarray, ended: np.ndarray, no_target: np.ndarray | bool = False) -> np.ndarray:
    """Outcomes of a clock."""
    return np.select([cancelled, wrong, no_target & ~wrong, late, ended], [CANCELLED, UNUSABLE, NO_TARGET, BREACHED, MET], RUNNING)


def tenure_band(rows: pd.DataFrame, when: np.ndarray) -> np.ndarray:
    """Bands of the completed months from hiring to moments."""
    day = when // 86_400
    short = at("day_of_month", day * 2) < np.minimum(rows.hired_day_of_month.to_numpy(), at("days_in_month", day * 2))
    months = at("month", day * 2) - rows.hired_month.to_numpy() - short
    known = day >= rows.hired_day.to_numpy()
    return np.where(known, BANDS[np.searchsorted([3, 6, 12, 36], np.where(known, months, 0), side="right")], NONE)


def stops(tickets: pd.DataFrame, pauses: pd.DataFrame) -> pd.DataFrame:
    """Working seconds in which each clock of a ticket stands still: pauses stop the resolution, a closed ticket stops all."""
    waits = as_seen(pauses[pauses.reason.isin(["等待客户", "等待备件"]) & (pauses.paused_at <= AS_OF)], "resumed_at").merge(tickets, on="ticket_id")
    last = waits.resolved_at.where(waits.resolved_at >= waits.requested_at, AS_OF)
    waits = waits.assign(begin=np.maximum(waits.paused_at, waits.requested_at), end=np.minimum(waits.resumed_at.fillna(last), last), closed=False)
    closed = tickets[tickets.first_resolved_at < tickets.reopened_at]
    closed = closed.assign(begin=np.maximum(closed.first_resolved_at, closed.requested_at), end=closed.reopened_at, closed=True)
    both = pd.concat([waits, closed])[["ticket_id", "hot", "begin", "end", "closed", *OF_TICKETS.values()]]
    both = both[both.begin < both.end].sort_values(["ticket_id", "begin", "end"])
    # Only what no earlier stretch of the ticket covers.
    covered = both.groupby("ticket_id").end.cummax().groupby(both.ticket_id).shift()
    both["alone"] = np.fmax(both.begin, covered)
    hot = both.hot.to_numpy()
    for column, begin in (("resolved_at", "alone"), ("first_response_at", "begin"), ("started_at", "begin")):
        start, end = whole(both[begin]), np.minimum(whole(both.end), whole(both[column]))
        counts = (start < end) & (both.closed.to_numpy() | (column == "resolved_at"))
        both[f"{column}_lost"] = np.where(counts, work(end, hot) - work(start, hot), 0)
    return both.groupby("ticket_id")[[f"{c}_lost" for c in OF_TICKETS.values()]].sum()


def clocks_of_tickets(tickets: pd.DataFrame, pauses: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """Adds outcome and time used of the three clocks."""
    tickets = as_seen(tickets[tickets.requested_at <= AS_OF], *OF_TICKETS.values(), "first_resolved_at", "reopened_at")
    # Without a reopening the first resolution is the resolution, with one only what came after it.
    first = tickets.resolved_at.fillna(tickets.first_resolved_at)
    tickets["resolved_at"] = first.where(tickets.reopened_at.isna(), tickets.resolved_at.where(tickets.resolved_at >= tickets.reopened_at))
    tickets["hot"] = (tickets.service_type == "技术咨询").astype(np.int64)
    vip = ((tickets.service_type == "维修服务") & (tickets.customer_tier == "VIP客户")).to_numpy()
    tickets = tickets.merge(stops(tickets, pauses), on="ticket_id", how="left").merge(staff, on="staff_id", how="left")
    hot, start, promised = tickets.hot.to_numpy(), whole(tickets.requested_at), tickets.promised_at.notna().to_numpy()
    tickets["month"], tickets["tenure_band"] = at("month", start // 86_400 * 2), tenure_band(tickets, start)
    cancelled = (tickets.status == "已取消").to_numpy()
    over = tickets.resolved_at.notna().to_numpy() | tickets.status.isin(["已解决", "已关闭"]).to_numpy()
    pairs = (("requested_at", "resolved_at"), ("first_response_at", "resolved_at"), ("started_at", "resolved_at"),
             ("first_resolved_at", "reopened_at"), ("requested_at", "first_resolved_at"), ("requested_at", "promised_at"))
    torn = np.logical_or.reduce([(tickets[a] > tickets[b]).to_numpy() for a, b in pairs])
    targets = {"first_response": (3_600, 7_200, 7_200), "start": (0, 14_400, 28_800), "resolution": (57_600, 28_800, 86_400)}
    begun = work(start, hot)
    for clock, column in OF_TICKETS.items():
        end, ended = whole(tickets[column]), tickets[column].notna().to_numpy()
        lost = tickets[f"{column}_lost"].fillna(0).to_numpy().astype(np.int64)
        used = work(end, hot) - begun - (np.where(promised, 0, lost) if clock == "resolution" else lost)
        of_vip, of_hotline, of_others = targets[clock]
        late = used > np.where(vip, of_vip, np.where(hot == 1, of_hotline, of_others))
        wrong = torn if clock == "resolution" else (tickets.requested_at > tickets[column]).to_numpy()
        if clock == "resolution":
            late = np.where(promised, end > whole(tickets.promised_at), late)
        tickets[clock] = outcome(cancelled, wrong | (~ended & over), late, ended, vip if clock == "start" else False)
        tickets[f"{clock}_seconds"] = np.where((tickets[clock] < CANCELLED) & ended, used, np.nan)
    return tickets


def clocks_of_surveys(surveys: pd.DataFrame, tickets: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """Adds whom a survey is credited to, what its ticket was, and outcome and time used of its two clocks."""
    of_ticket = tickets[["ticket_id", "service_type", "priority", "region", "branch", "hot", "requested_at", "resolved_at", "status", "staff_id"]]
    surveys = as_seen(surveys[surveys.answered_at <= AS_OF], "replied_at").merge(of_ticket, on="ticket_id", how="left", suffixes=("", "_ticket"))
    surveys["staff_id"] = surveys.staff_id.fillna(surveys.staff_id_ticket)
    surveys = surveys.merge(staff, on="staff_id", how="left")
    hot, answered = surveys.hot.fillna(0).to_numpy().astype(np.int64), whole(surveys.answered_at)
    surveys["month"] = at("month", answered // 86_400 * 2)
    surveys["tenure_band"] = tenure_band(surveys, whole(surveys.requested_at.fillna(surveys.answered_at)))
    since = (surveys.answered_at - surveys.resolved_at).to_numpy()
    returned = outcome((surveys.status == "已取消").to_numpy(), ~(since >= 0), since > 86_400, True)
    surveys["survey_return"] = np.where(surveys.ticket_id.notna(), returned, np.nan)
    surveys["survey_return_seconds"] = np.where(surveys.survey_return < CANCELLED, since, np.nan)
    # After closing the five days count from the next day.
    place, replied = places(answered, hot), surveys.replied_at.notna().to_numpy()
    shut = at("is_open", place) & (answered % 86_400 >= np.where(hot == 1, 72_000, 63_000))
    until = work(whole(surveys.replied_at), hot)
    wrong = (surveys.answered_at > surveys.replied_at).to_numpy()
    reply = outcome(np.zeros_like(wrong), wrong, until > at("reply_by", place + 2 * shut), replied)
    surveys["suggestion_reply"] = np.where(surveys.suggestion.to_numpy() | replied, reply, np.nan)
    surveys["suggestion_reply_seconds"] = np.where((surveys.suggestion_reply < CANCELLED) & replied, until - work(answered, hot), np.nan)
    return surveys


def faults(tickets: pd.DataFrame) -> pd.DataFrame:
    """One row per ticket and distinct fault."""
    rows = tickets.loc[tickets.fault_codes.notna(), ["ticket_id", "requested_at", "month", "customer_id", "product_model"]]
    rows["product_model"] = rows.product_model.fillna(NONE)
    rows["resolved_at"] = tickets.resolved_at.where(tickets.resolved_at >= tickets.requested_at)
    rows = rows.assign(fault_code=tickets.fault_codes.str.split("、")).explode("fault_code")
    rows["fault_code"] = rows.fault_code.str.strip()
    return rows[~rows.fault_code.isin(dumped.MISSING)].drop_duplicates(["ticket_id", "fault_code"])


def facts(dumps: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tickets and surveys with their clocks."""
    staff = dumped.staff(dumps)
    tickets = clocks_of_tickets(dumped.tickets(dumps), dumped.pauses(dumps), staff)
    return tickets, clocks_of_surveys(dumped.surveys(dumps), tickets, staff)
