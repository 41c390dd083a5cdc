"""The dumps by pandas: typed, without the rows that cannot be typed or lack their key; of several rows with one key the last stays.

Pandas skips rows with too many fields, as long as it reads all columns, and fills up those with too few: these lack what is told in
every good row, whether a ticket is a complaint, or any of the later cells of a survey.
"""

from pathlib import Path

import numpy as np
import pandas as pd

MISSING = ["", "?", "无"]
FIRST_YEAR, AFTER_LAST_YEAR = 1_514_764_800, 1_798_761_600  # what the calendar knows, as seconds since 1970
TICKETS = ("ticket_id requested_at first_response_at started_at resolved_at status customer_id customer_name customer_tier customer_kind "
           "service_type channel priority region branch product_model product_line serial_number fault_codes fault_description staff_id "
           "visits reopened is_complaint first_resolved_at reopened_at promised_at").split()
SURVEYS = ("survey_id ticket_id staff_id evaluator answered_at attitude professionalism resolution process timeliness overall suggestion "
           "replied_at strengths emotion").split()
PAUSES = "ticket_id paused_at resumed_at reason".split()
STAFF = "staff_id staff_name team position branch hired_on left_on".split()
SCORES, LATER = SURVEYS[5:11], SURVEYS[7:-2]
UNUSED = ["customer_name", "customer_kind", "channel", "product_line", "serial_number", "fault_description"]


def raw(paths: list[Path], names: list[str], unused: list[str]) -> pd.DataFrame:
    """All files of a source as text."""
    options = {"dtype": str, "na_values": MISSING, "keep_default_na": False, "on_bad_lines": "skip"}
    parts = [pd.read_csv(p, **options).set_axis(names, axis=1).drop(columns=unused) for p in paths]
    return pd.concat(parts, ignore_index=True)


def typed(rows: pd.DataFrame, numbers: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Times (as seconds since 1970) and numbers in place of their texts, NaN where missing; and which rows could all be typed."""
    good = np.ones(len(rows), dtype=bool)
    for name in rows.columns:
        if name.endswith("_at"):
            told = rows[name].notna().to_numpy()
            times = pd.to_datetime(rows[name], format="%Y-%m-%d %H:%M:%S", errors="coerce").to_numpy("datetime64[s]")
            seconds = np.where(np.isnat(times), np.nan, times.astype("int64").astype(float))
            good &= ~told | ~np.isnan(seconds)
            if name not in ("answered_at", "replied_at"):
                good &= np.isnan(seconds) | ((seconds >= FIRST_YEAR) & (seconds < AFTER_LAST_YEAR))
            rows[name] = seconds
        elif name in numbers:
            told = rows[name].notna().to_numpy()
            rows[name] = pd.to_numeric(rows[name], errors="coerce")
            good &= ~told | rows[name].notna().to_numpy()
    return rows, good


def filled(rows: pd.DataFrame, *names: str) -> np.ndarray:
    """Rows in which these columns are told."""
    return rows[list(names)].notna().all(axis=1).to_numpy()


def tickets(dumps: Path) -> pd.DataFrame:
    """The columns that the tables need."""
    rows, good = typed(raw(sorted(dumps.glob("tickets-*.csv")), TICKETS, UNUSED), ["visits"])
    good &= filled(rows, "ticket_id", "requested_at", "is_complaint") & rows.is_complaint.isin(["是", "否"]).to_numpy()
    good &= (rows.reopened.isna() | rows.reopened.isin(["是", "否"])).to_numpy()
    rows = rows[good].drop(columns=["visits", "reopened", "is_complaint"]).drop_duplicates("ticket_id", keep="last")
    rows["service_type"] = rows.service_type.replace("维修", "维修服务")
    return rows.reset_index(drop=True)


def surveys(dumps: Path) -> pd.DataFrame:
    """With scores as numbers."""
    rows, good = typed(raw(sorted(dumps.glob("surveys-*.csv")), SURVEYS, ["strengths", "emotion"]), SCORES)
    good &= filled(rows, "answered_at", "evaluator") & rows[LATER].notna().any(axis=1).to_numpy() & (rows.ticket_id.notna() | rows.staff_id.notna()).to_numpy()
    for score in SCORES:
        good &= (rows[score].isna() | rows[score].isin([1, 2, 3, 4, 5])).to_numpy()
    rows = rows[good].drop_duplicates("survey_id", keep="last").reset_index(drop=True)
    return rows.assign(suggestion=rows.suggestion.notna())


def pauses(dumps: Path) -> pd.DataFrame:
    """All pauses."""
    rows, good = typed(raw([dumps / "pauses.csv"], PAUSES, []), [])
    good &= filled(rows, "ticket_id", "paused_at", "reason")
    return rows[good].drop_duplicates(["ticket_id", "paused_at", "reason"], keep="last")


def staff(dumps: Path) -> pd.DataFrame:
    """Team, and the day of hiring: day since 1970, month as year * 12 + month - 1, and the day within the month."""
    rows = raw([dumps / "staff.csv"], STAFF, [])
    hired = pd.to_datetime(rows.hired_on, format="%Y-%m-%d", errors="coerce")
    good = rows.staff_id.notna() & (rows.hired_on.isna() | hired.notna())
    days = hired.to_numpy("datetime64[D]")
    rows = rows.assign(hired_day=np.where(np.isnat(days), np.nan, days.astype("int64")), hired_month=hired.dt.year * 12 + hired.dt.month - 1,
                       hired_day_of_month=hired.dt.day)
    return rows.loc[good, ["staff_id", "team", "hired_day", "hired_month", "hired_day_of_month"]]
