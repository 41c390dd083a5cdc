"""Complaints: shares of tickets, how long they take, repeats, and what they are about."""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportions_ztest

from opinions import themes
from shared import members, previous, q_values, spans, wilson

BY = {b: b for b in ("service_type", "branch", "team", "product_model")}


def split(tickets, faults, repeats):
    """A row for each ticket and member, with `repeat`; none where repeats are not told."""
    again = set(zip(repeats.ticket_id, repeats.fault_code))
    own = tickets.assign(repeat=tickets.ticket_id.isin({ticket for ticket, _ in again}))
    causes = faults[["ticket_id", "fault_code"]].merge(tickets, on="ticket_id")
    causes["repeat"] = [pair in again for pair in zip(causes.ticket_id, causes.fault_code)]
    said = tickets.assign(member=tickets.fault_description.map(themes, na_action="ignore"), repeat=None).explode("member")
    said = said[said.member.notna() & (said.member != "(other)")]
    return pd.concat([members(spans(own), BY), spans(causes).assign(breakdown="fault_code", member=lambda c: c.fault_code),
                      spans(said).assign(breakdown="theme")], ignore_index=True)


def complaints(tickets, faults, repeats):
    rows, found = [], split(tickets, faults, repeats)
    for key, group in found.groupby(["period_type", "period", "breakdown", "member"]):
        own = group[group.is_complaint.eq(True)]
        row = dict(zip(["period_type", "period", "breakdown", "member"], key)) | {"tickets": len(group), "complaints": len(own)}
        low, high = wilson(len(own), len(group))
        row |= {"rate_per_100": 100 * len(own) / len(group), "ci_low": 100 * low, "ci_high": 100 * high}
        if key[2] != "fault_code":
            met, breached = (int((own.resolution_outcome == o).sum()) for o in ("met", "breached"))
            took = own.resolution_seconds.dropna()
            row |= {"resolved": len(took), "met": met, "breached": breached, "attainment": met / (met + breached) if met + breached else None}
            for name, part in (("p50_seconds", 0.5), ("p90_seconds", 0.9)):
                row[name] = float(np.quantile(took, part, method="inverted_cdf")) if len(took) else None
        if key[2] != "theme":
            again = int(own.repeat.astype(bool).sum())
            row |= {"repeats": again, "repeat_rate": again / len(own) if len(own) else None}
        rows.append(row)
    index, p = {(r["period"], r["breakdown"], r["member"]): r for r in rows}, []
    for row in rows:
        every = index[row["period"], "all", "all"]["complaints"]
        row["share"] = row["complaints"] / every if every else None
        before = index.get((previous(row["period"]), row["breakdown"], row["member"]))
        p.append(None)
        if before:
            row |= {"previous_rate_per_100": before["rate_per_100"], "change": row["rate_per_100"] - before["rate_per_100"]}
            counts, of = [row["complaints"], before["complaints"]], [row["tickets"], before["tickets"]]
            p[-1] = 1.0 if sum(counts) in (0, sum(of)) else proportions_ztest(counts, of)[1]
    return pd.DataFrame(rows).assign(change_q=q_values(p))


def tables(tickets, faults, repeats):
    return {"complaints": complaints(tickets, faults, repeats)}
