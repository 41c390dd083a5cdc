"""What all tables are made with: periods, members of breakdowns, q-values."""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint


def spans(frame):
    """Each row once for its month and once for its quarter."""
    month, quarter = frame.when.dt.strftime("%Y-%m"), frame.when.dt.year.astype(str) + "Q" + frame.when.dt.quarter.astype(str)
    return pd.concat([frame.assign(period_type="month", period=month), frame.assign(period_type="quarter", period=quarter)])


def previous(period):
    """The period before; the dumps begin with January."""
    head, number = period[:5], int(period[5:])
    return f"{head}{number - 1:0{len(period) - 5}d}" if number > 1 else None


def members(frame, breakdowns):
    parts = [frame.assign(breakdown="all", member="all")]
    parts += [frame.assign(breakdown=name, member=frame[column].fillna("(none)")) for name, column in breakdowns.items()]
    return pd.concat(parts)


def q_values(p):
    """Benjamini-Hochberg over the tests that could be made."""
    p = np.array(p, dtype=float)
    q = np.full(len(p), np.nan)
    q[~np.isnan(p)] = stats.false_discovery_control(p[~np.isnan(p)])
    return q


def rate_ratio(now, now_of, was, was_of):
    """Ends of the exact interval of the ratio of two rates, the upper one none where there was none before, and the exact test."""
    test = stats.binomtest(now, now + was, now_of / (now_of + was_of))
    odds = test.proportion_ci(method="exact")
    return odds.low / (1 - odds.low) * was_of / now_of, odds.high / (1 - odds.high) * was_of / now_of if was else None, test.pvalue


def wilson(part, whole):
    """Ends of the interval of a share; the lower one of no case is 0, which rounding misses."""
    low, high = proportion_confint(part, whole, method="wilson")
    return low if part else 0.0, high
