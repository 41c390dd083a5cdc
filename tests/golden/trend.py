"""Defects month by month: exact tests in whole numbers, ratios by Poisson regression, exact intervals by quantiles of chi-square."""

from fractions import Fraction

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from shared import q_values

MONTHS = [f"2026-{month:02}" for month in range(1, 10)]
BEFORE, REVIEWED = MONTHS[3:6], MONTHS[6:]


def ways(exposure, n):
    """Coefficients of (sum of exposure * x^month)^n: in how many ways n tickets can be drawn whose months have each sum."""
    power = [1]
    for _ in range(n):
        longer = [0] * (len(power) + len(exposure) - 1)
        for at, own in enumerate(power):
            for month, tickets in enumerate(exposure):
                longer[at + month] += own * tickets
        power = longer
    return power


def p_value(counts, exposure):
    """Twice the smaller tail of the sum of months, and whether tickets come late (1), early (-1) or neither."""
    n, seen = sum(counts), sum(month * own for month, own in enumerate(counts))
    if n == 0:
        return None, 0
    drawn = ways(exposure, n)
    early, late = sum(drawn[: seen + 1]), sum(drawn[seen:])
    return float(min(Fraction(1), 2 * Fraction(min(early, late), sum(exposure) ** n))), (early > late) - (early < late)


def ratio(counts, exposure):
    """Ratio from month to month of a Poisson regression; none where all tickets are at one end."""
    if sum(counts) in (0, counts[0], counts[-1]):
        return None
    design = sm.add_constant(np.arange(len(counts), dtype=float))
    fit = sm.GLM(counts, design, family=sm.families.Poisson(), offset=np.log(exposure)).fit(tol=1e-15, maxiter=100)
    return float(np.exp(fit.params[1]))


def defect_trend(faults, tickets):
    month = faults.when.dt.strftime("%Y-%m")
    exposure = [int(n) for n in tickets.when.dt.strftime("%Y-%m").value_counts().reindex(MONTHS)]
    table = pd.crosstab([faults.product_model, faults.fault_code], month).reindex(columns=MONTHS, fill_value=0)
    table = table[table[BEFORE + REVIEWED].sum(axis=1) > 0]
    now, then, ever = table[REVIEWED].sum(axis=1), table[BEFORE].sum(axis=1), table[MONTHS[:6]].sum(axis=1)
    order = sorted(table.index, key=lambda defect: (-now[defect], defect))
    tests = {defect: p_value([int(n) for n in table.loc[defect]], exposure) for defect in order}
    q = dict(zip(order, q_values([tests[defect][0] for defect in order])))
    out = []
    for rank, defect in enumerate(order, 1):
        counts = [int(n) for n in table.loc[defect]]
        p, direction = tests[defect]
        about = {"period": "2026Q3", "rank": rank if now[defect] else None, "product_model": defect[0], "fault_code": defect[1],
                 "total": sum(counts), "monthly_ratio": ratio(counts, exposure), "p": p, "q": q[defect],
                 "trend": {1: "rising", -1: "falling"}[direction] if q[defect] < 0.05 else None,
                 "standing": "vanished" if not now[defect] and then[defect] else "new" if now[defect] and not ever[defect] else None}
        for name, own, of in zip(MONTHS, counts, exposure):
            low, high = stats.chi2.ppf(0.025, 2 * own) / 2 if own else 0.0, stats.chi2.ppf(0.975, 2 * own + 2) / 2
            out.append(about | {"month": name, "tickets": own, "exposure": of, "rate_per_100": 100 * own / of,
                                "ci_low": 100 * low / of, "ci_high": 100 * high / of})
    return pd.DataFrame(out)
