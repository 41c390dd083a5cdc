"""The calendars of pipelines/quarterly.toml as a table: one row per date with the working seconds before it.

A moment's working seconds since the first date are `before` + what of that day's hours lies before the moment; the time used
between two moments is a difference of two such sums. All peers use this table.
"""

import tomllib
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

EPOCH = date(1970, 1, 1)
OFFICE = ((30_600, 43_200), (46_800, 63_000))  # 08:30-12:00 13:00-17:30, in seconds of the day
HOTLINE = ((28_800, 72_000),)  # 08:00-20:00
REPLY_DAYS = 5


class Day(NamedTuple):
    """A date of a calendar. `day` counts from 1970-01-01, `before` working seconds from the first date; `reply_by` are the working
    seconds before the closing of the fifth open day after it, or after the next open one; `month` is year * 12 + month - 1."""

    hotline: bool
    day: int
    is_open: bool
    before: int
    reply_by: int
    month: int
    day_of_month: int
    days_in_month: int


def table(calendar: Path) -> list[Day]:
    """Every date of the years that the file of public holidays knows, for the office and for the hotline."""
    cn = tomllib.loads(calendar.read_text("utf-8"))
    first, last = date(cn["years"][0], 1, 1), date(cn["years"][1], 12, 31)
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def office(d: date) -> bool:
        return d.isoformat() in cn["workdays"] or (d.weekday() < 5 and d.isoformat() not in cn["holidays"])

    return rows(False, dates, [office(d) for d in dates], OFFICE) + rows(True, dates, [True] * len(dates), HOTLINE)


def rows(hotline: bool, dates: list[date], is_open: list[bool], hours: tuple[tuple[int, int], ...]) -> list[Day]:
    """The dates of one calendar."""
    length = sum(end - start for start, end in hours)
    out, passed = [], 0
    for d, o in zip(dates, is_open):
        out.append(Day(hotline, (d - EPOCH).days, o, passed * length, (passed + REPLY_DAYS + 1) * length,
                       d.year * 12 + d.month - 1, d.day, monthrange(d.year, d.month)[1]))
        passed += o
    return out
