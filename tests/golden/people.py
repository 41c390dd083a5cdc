"""Tables about people: skill gaps, response rates, what satisfaction hangs on, evaluators side by side, boxes."""

from itertools import permutations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from clocks import AS_OF
from dumps import ACTIONS, read
from facts import calendars
from shared import members, previous, q_values, spans

MIN_N, TARGET, CUSTOMER = 5, 4.0, "客户"
BANDS = ["0-3m", "3-6m", "6-12m", "1-3y", "3y+"]
WEIGHTS = {"客户": 0.6, "服务主管": 0.2, "质量审核员": 0.2}
BY = {b: b for b in ("tenure_band", "team", "service_type")} | {"staff": "staff_id"}


def weighted(frame):
    """The evaluators' means by their weights, with Satterthwaite's degrees of freedom."""
    groups = [(w, frame.score[frame.evaluator == name].to_numpy(float)) for name, w in WEIGHTS.items()]
    groups = [(w, g) for w, g in groups if len(g)]
    total = sum(w for w, _ in groups)
    mean = sum(w * g.mean() for w, g in groups) / total
    out = {"weighted_mean": mean, "weight_share": total}
    if all(len(g) > 1 for _, g in groups):
        parts = [((w / total) ** 2 * g.var(ddof=1) / len(g), len(g) - 1) for w, g in groups]
        error = sum(e for e, _ in parts)
        if error:
            half = stats.t.ppf(0.975, error**2 / sum(e * e / f for e, f in parts)) * np.sqrt(error)
            out |= {"weighted_ci_low": mean - half, "weighted_ci_high": mean + half}
    return out


def skill_gaps(scores, tickets, shrunk):
    out = []
    frame = spans(scores[scores.staff_id.notna()]).query("period_type == 'quarter'")
    handled = spans(tickets).groupby(["period", "staff_id"]).size()
    for period, part in frame.groupby("period"):
        counts = part.assign(band=part.tenure_band.map({b: i for i, b in enumerate(BANDS)}).fillna(-1)).groupby(["staff_id", "band"]).size()
        usual = {staff: max(own.items(), key=lambda item: (item[1], item[0][1]))[0][1] for staff, own in counts.groupby(level=0)}
        part = part.assign(band=part.staff_id.map(usual))
        for (dimension, band), group in part.groupby(["dimension", "band"]):
            own = {staff: g.score.to_numpy(float) for staff, g in group.groupby("staff_id")}
            means, peer = shrunk(list(own.values()))
            for (staff, values), drawn in zip(own.items(), means):
                others = np.concatenate([v for s, v in own.items() if s != staff]) if len(own) > 1 else np.array([])
                row = {"period": period, "staff_id": staff, "dimension": dimension, "n": len(values), "peer_n": len(others),
                       "tenure_band": BANDS[int(band)] if band >= 0 else "(none)", "tickets": int(handled.get((period, staff), 0)),
                       "suppressed": len(values) < MIN_N}
                if not row["suppressed"]:
                    row |= {"mean": values.mean(), "target_gap": values.mean() - TARGET, "shrunk_mean": drawn}
                    if len(others):
                        row |= {"peer_mean": others.mean(), "gap": values.mean() - others.mean(), "shrunk_gap": drawn - peer}
                        row["priority"] = max(0.0, peer - drawn) * row["tickets"]
                        both = ((values - values.mean()) ** 2).sum() + ((others - others.mean()) ** 2).sum()
                        row["p"] = stats.ttest_ind(values, others).pvalue if both > 0 else None
                out.append(row)
    table = pd.DataFrame(out)
    table = table.assign(q=q_values(table.p))
    return table.assign(is_gap=[None if np.isnan(q) else bool(q < 0.05 and gap < 0) for q, gap in zip(table.q, table.gap)])


def response_rates(tickets, surveys):
    clocks = [c for c in tickets.columns if c.endswith("_outcome")]
    outcomes = tickets[clocks]
    breach = np.where((outcomes == "breached").any(axis=1), "breached", np.where((outcomes == "met").any(axis=1), "met", "(none)"))
    heard = set(surveys.ticket_id[surveys.evaluator == CUSTOMER].dropna())
    # Reopened after the last resolution that the dumps tell: open again.
    finished = tickets.resolved_at.notna() & ~(tickets.reopened_at > tickets.resolved_at)
    frame = tickets.assign(breach=breach, heard=tickets.ticket_id.isin(heard))[finished]
    frame = members(spans(frame), BY | {"breach": "breach"})
    table = frame.groupby(["period_type", "period", "breakdown", "member"]).agg(finished=("heard", "size"), answered=("heard", "sum")).reset_index()
    index = {(r.period, r.breakdown, r.member): r for r in table.itertuples()}
    sums = table.groupby(["period", "breakdown"])[["finished", "answered"]].sum()
    out, changes, differences = [], [], []

    def p(a, n, b, m):
        if not m:
            return None
        return 1.0 if a + b in (0, n + m) else proportions_ztest([a, b], [n, m])[1]

    for r in table.itertuples():
        low, high = proportion_confint(r.answered, r.finished, method="wilson")
        row = {k: getattr(r, k) for k in ("period_type", "period", "breakdown", "member", "finished", "answered")}
        row |= {"rate": r.answered / r.finished, "ci_low": low, "ci_high": high}
        before = index.get((previous(r.period), r.breakdown, r.member))
        changes.append(before and p(r.answered, r.finished, before.answered, before.finished))
        if before:
            row |= {"previous_rate": before.answered / before.finished}
            row["change"] = row["rate"] - row["previous_rate"]
        rest = sums.loc[(r.period, r.breakdown)] - [r.finished, r.answered]
        differences.append(p(r.answered, r.finished, rest.answered, rest.finished))
        out.append(row)
    return pd.DataFrame(out).assign(change_q=q_values(changes), difference_q=q_values(differences))


def satisfaction_drivers(surveys, dimensions):
    """What each dimension adds to R² of a least-squares fit, averaged over all orders."""
    out, names = [], [d for d in dimensions if d != "overall"]
    frame = spans(surveys[surveys.evaluator == CUSTOMER].dropna(subset=dimensions)).query("period_type == 'quarter'")
    for period, part in frame.groupby("period"):
        x, y = part[names].to_numpy(float), part.overall.to_numpy(float)

        def explained(columns):
            design = np.column_stack([np.ones(len(y)), x[:, columns]])
            rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
            return 1 - (rest @ rest) / ((y - y.mean()) @ (y - y.mean()))

        known, shares, orders = {(): 0.0}, np.zeros(len(names)), list(permutations(range(len(names))))
        for order in orders:
            for place, name in enumerate(order):
                before, now = tuple(sorted(order[:place])), tuple(sorted(order[: place + 1]))
                if now not in known:
                    known[now] = explained(list(now))
                shares[name] += (known[now] - known[before]) / len(orders)
        importance, means = shares / shares.sum(), x.mean(axis=0)
        leverage = importance * (5 - means)
        for place, name in enumerate(names):
            important, strong = importance[place] >= 1 / len(names), means[place] >= means.mean()
            field = {(True, False): "mend_first", (True, True): "keep_up", (False, False): "low_priority", (False, True): "beyond_need"}
            out.append({"period": period, "dimension": name, "n": len(y), "r_squared": known[tuple(range(len(names)))],
                        "importance": importance[place], "mean": means[place], "leverage": leverage[place],
                        "rank": int((leverage > leverage[place]).sum()) + 1, "quadrant": field[bool(important), bool(strong)]})
    return pd.DataFrame(out)


def evaluator_gap(scores, tickets):
    of_tickets = scores[scores.ticket_id.isin(tickets.ticket_id)]
    customers = of_tickets[of_tickets.evaluator == CUSTOMER].groupby(["ticket_id", "dimension"]).score.mean().rename("customer")
    inside = of_tickets[of_tickets.evaluator != CUSTOMER].join(customers, on=["ticket_id", "dimension"]).dropna(subset="customer")
    out, p = [], []
    for key, g in members(spans(inside), BY).groupby(["period_type", "period", "evaluator", "dimension", "breakdown", "member"]):
        gaps = (g.score - np.floor(g.customer * 1000 + 0.5) / 1000).to_numpy(float)
        row = dict(zip(["period_type", "period", "evaluator", "dimension", "breakdown", "member"], key)) | {"n": len(g), "suppressed": len(g) < MIN_N}
        p.append(None)
        if not row["suppressed"]:
            row |= {"mean": g.score.mean(), "gap": gaps.mean(), "customer_mean": g.score.mean() - gaps.mean()}
            half = stats.t.ppf(0.975, len(g) - 1) * gaps.std(ddof=1) / np.sqrt(len(g))
            row |= {"ci_low": gaps.mean() - half, "ci_high": gaps.mean() + half}
            p[-1] = stats.ttest_1samp(gaps, 0).pvalue if gaps.std() > 0 else None
        out.append(row | {"p": p[-1]})
    return pd.DataFrame(out).assign(q=q_values(p))


def chosen(surveys, column):
    """Shares of the surveys in which anything was chosen."""
    asked = surveys[surveys[column].notna()]
    frame = members(spans(asked), BY | {"evaluator": "evaluator"})
    keys = ["period_type", "period", "breakdown", "member"]
    totals = frame.groupby(keys).size()
    split = frame.assign(choice=frame[column].str.split("、")).explode("choice")
    counts = split.groupby([*keys, "choice"]).size()
    choices = split.groupby(["period", "breakdown"]).choice.agg(lambda c: sorted(set(c)))
    out, p = [], []
    for key, n in totals.items():
        for choice in choices[key[1], key[2]]:
            own = int(counts.get((*key, choice), 0))
            row = dict(zip(keys, key)) | {"choice": choice, "n": n, "suppressed": n < MIN_N}
            p.append(None)
            if not row["suppressed"]:
                low, high = proportion_confint(own, n, method="wilson")
                row |= {"surveys": own, "share": own / n, "ci_low": low, "ci_high": high}
                before = (key[0], previous(key[1]), *key[2:])
                was_n = totals.get(before, 0)
                if was_n >= MIN_N:
                    was = int(counts.get((*before, choice), 0))
                    row |= {"previous_share": was / was_n, "change": own / n - was / was_n}
                    p[-1] = 1.0 if own + was in (0, n + was_n) else proportions_ztest([own, was], [n, was_n])[1]
            out.append(row)
    return pd.DataFrame(out).assign(change_q=q_values(p))


def answer_distribution(scores):
    frame = members(spans(scores), {b: b for b in ("tenure_band", "team", "service_type", "evaluator")})
    keys = ["period_type", "period", "dimension", "breakdown", "member"]
    counts = frame.groupby([*keys, "score"]).size().unstack(fill_value=0).reindex(columns=range(1, 6), fill_value=0)
    out = []
    for key, row in counts.iterrows():
        n = int(row.sum())
        for points in range(1, 6):
            few = n < MIN_N
            out.append(dict(zip(keys, key)) | {"points": points, "n": n, "suppressed": few, "answers": None if few else int(row[points]),
                                               "share": None if few else row[points] / n})
    return pd.DataFrame(out)


def integrity(surveys, tickets, dimensions):
    """Flags of the surveys of the last quarter, and the chance of so many."""
    frame = surveys[surveys.when >= "2026-07-01"].reset_index(drop=True)
    about = tickets.set_index("ticket_id")
    scores = [[row[d] for d in dimensions if pd.notna(row[d])] for _, row in frame.iterrows()]
    of_ticket = {}
    for place, row in frame.iterrows():
        if row.evaluator == CUSTOMER:
            of_ticket.setdefault(row.ticket_id, []).append(place)
    customer = frame.ticket_id.map(about.customer_id).where(frame.evaluator == CUSTOMER)
    often = customer.map(customer.value_counts())
    flags = {"all_equal": [len(s) >= 3 and len(set(s)) == 1 for s in scores],
             "at_once": (frame.answered_at <= frame.resolved_at + pd.Timedelta(minutes=1)).tolist(), "same_customer": (often >= 5).tolist()}

    def same(one, other):
        both = [(frame.at[one, d], frame.at[other, d]) for d in dimensions if pd.notna(frame.at[one, d]) and pd.notna(frame.at[other, d])]
        return len(both) >= 3 and all(a == b for a, b in both)

    flags["copied"] = [row.evaluator != CUSTOMER and pd.notna(row.ticket_id) and any(same(place, other) for other in of_ticket.get(row.ticket_id, []))
                       for place, row in frame.iterrows()]
    top = [bool(s) and min(s) == 5 for s in scores]
    burst = [False] * len(frame)
    for _, part in frame[top].groupby("staff_id"):
        for moment in part.answered_at:
            within = part[(part.answered_at >= moment) & (part.answered_at <= moment + pd.Timedelta(hours=1))]
            if len(within) >= 5:
                for place in within.index:
                    burst[place] = True
    flags["many_top"] = burst
    flags["any"] = [any(one) for one in zip(*flags.values())]
    out, p = [], []
    for name, found in flags.items():
        if name != "any" and not any(found):
            continue
        marked = np.array(found)
        for staff, places in [("all", frame.index)] + list(frame.groupby(frame.staff_id.fillna("(none)")).groups.items()):
            own = marked[places]
            values = [v for place in places for v in scores[place]]
            left = [v for place in places for v in scores[place] if not marked[place]]
            row = {"flag": name, "staff_id": staff, "surveys": len(places), "flagged": int(own.sum()), "share": own.mean(), "base_rate": marked.mean()}
            if len(places) >= MIN_N:
                row["mean"] = np.mean(values)
            if (~own).sum() >= MIN_N:
                row["mean_without"] = np.mean(left)
                row["difference"] = row["mean"] - row["mean_without"]
            out.append(row)
            p.append(None if staff == "all" else stats.hypergeom.sf(own.sum() - 1, len(frame), marked.sum(), len(places)))
    return pd.DataFrame(out).assign(p=p, q=q_values(p))


def follow_up_due(tickets, surveys):
    """Finished tickets without an answer of a customer whose call falls due from the quarter on, ended 31 days before it at most."""
    works, _ = calendars()
    heard, out = set(surveys.ticket_id[surveys.evaluator == CUSTOMER]), []
    quarter = pd.Timestamp("2026-07-01")
    for t in tickets.to_dict("records"):
        ended = t["resolved_at"]
        again = pd.notna(t["reopened_at"]) and t["reopened_at"] > ended
        if pd.isna(ended) or again or t["status"] == "已取消" or t["ticket_id"] in heard or ended < quarter - pd.Timedelta(days=31):
            continue
        ended, work = ended.to_pydatetime(), works[t["calendar"]]
        complaint = t["is_complaint"] is True
        begin, due = (ended, ended + pd.Timedelta(days=1)) if complaint else (work.later(ended, 3), work.closing(ended, 5))
        if due < quarter:
            continue
        state = "overdue" if due < AS_OF else "due" if begin <= AS_OF else "ahead"
        out.append({"ticket_id": t["ticket_id"], "state": state, "occasion": "complaint" if complaint else "service", "due_at": due,
                    "from_at": begin, "ended_at": ended, "customer_id": t["customer_id"], "staff_id": t["staff_id"], "action_id": None})
    out += second_calls(tickets, surveys)
    return pd.DataFrame(out).sort_values(["due_at", "ticket_id", "action_id"], ignore_index=True)


def second_calls(tickets, surveys):
    """Of each measure completed in the quarter the tickets with its fault that ended in the 90 days before, not answered since."""
    out = []
    for action in read("actions.csv", ACTIONS, ["action_id"], (2000, 2100))[0]:
        model, _, fault = (action["target"] or "").rpartition("×")
        if not action["completed_on"] or action["completed_on"] > AS_OF.date():
            continue
        done = pd.Timestamp(action["completed_on"]) + pd.Timedelta(days=1)
        due = done + pd.Timedelta(days=7)
        since = set(surveys.ticket_id[(surveys.evaluator == CUSTOMER) & (surveys.answered_at > done)])
        for t in tickets.to_dict("records"):
            codes = {c.strip() for c in t["fault_codes"].split("、")} if isinstance(t["fault_codes"], str) else set()
            about = fault in codes and model in ("", t["product_model"])
            ended, again = t["resolved_at"], pd.notna(t["reopened_at"]) and t["reopened_at"] > t["resolved_at"]
            reached = pd.notna(ended) and done - pd.Timedelta(days=90) <= ended < done
            if about and reached and not again and t["status"] != "已取消" and t["ticket_id"] not in since and due >= pd.Timestamp("2026-07-01"):
                out.append({"ticket_id": t["ticket_id"], "state": "overdue" if due < AS_OF else "due", "occasion": "measure", "due_at": due,
                            "from_at": done, "ended_at": ended, "customer_id": t["customer_id"], "staff_id": t["staff_id"],
                            "action_id": action["action_id"]})
    return out


def tables(tickets, surveys, scores, dimensions, shrunk):
    return {"skill_gaps": skill_gaps(scores, tickets, shrunk), "response_rates": response_rates(tickets, surveys),
            "satisfaction_drivers": satisfaction_drivers(surveys, dimensions), "evaluator_gap": evaluator_gap(scores, tickets),
            "strengths": chosen(surveys, "strengths"), "emotion": chosen(surveys, "emotion"),
            "answer_distribution": answer_distribution(scores), "integrity": integrity(surveys, tickets, dimensions), "follow_up_due": follow_up_due(tickets, surveys)}
