"""Working time by a running sum over the minutes of the year, without the times in which a clock stands still."""

from datetime import datetime, timedelta

import numpy as np

AS_OF = datetime(2026, 9, 30, 23, 59, 59, 999999)
YEAR = datetime(2026, 1, 1)
CLOCKS = {"first_response": "first_response_at", "start": "started_at", "resolution": "resolved_at"}


class Work:
    """Hours, in minutes from midnight, on some days of 2026."""

    def __init__(self, days, hours):
        self.open = np.zeros(365 * 1440 + 1, dtype=np.int64)
        self.days, self.hours, self.last = {d.isoformat() for d in days}, hours, hours[-1][1]
        for d in days:
            for start, end in hours:
                first = (datetime(d.year, d.month, d.day) - YEAR).days * 1440
                self.open[first + start:first + end] = 1
        self.before = np.concatenate([[0], np.cumsum(self.open * 60)[:-1]])

    def until(self, t):
        minute, rest = divmod(int((t - YEAR).total_seconds()), 60)
        return int(self.before[minute] + self.open[minute] * rest)

    def between(self, start, end):
        return self.until(end) - self.until(start)

    def due(self, start, target):
        """The first moment at which the target is used up; nothing beyond the year."""
        goal = self.until(start) + target
        minute = int(np.searchsorted(self.before, goal))
        if minute >= len(self.before):
            return None
        return YEAR + timedelta(minutes=minute - 1, seconds=int(goal - self.before[minute - 1]))

    def closing(self, start, days):
        """The closing of the day so many open days after that of the start; from a closing on, the next day counts as that."""
        day = datetime(start.year, start.month, start.day)
        if start >= day + timedelta(minutes=self.last):
            day += timedelta(days=1)
        while day.date().isoformat() not in self.days:
            day += timedelta(days=1)
        while days:
            day += timedelta(days=1)
            days -= day.date().isoformat() in self.days
        return day + timedelta(minutes=self.last)


    def later(self, start, days):
        """So many open days later at the same time of day; outside the hours a start counts from the next opening."""
        end = self.closing(start, days)
        day = datetime(end.year, end.month, end.day)
        same = start.date().isoformat() in self.days and (start.hour * 60 + start.minute) < self.last
        minute = (start - datetime(start.year, start.month, start.day)).total_seconds() / 60 if same else 0
        minute = max([minute] + [begin for begin, _ in self.hours[:1]])
        minute = next((max(minute, begin) for begin, close in self.hours if minute <= close), self.last)
        return day + timedelta(minutes=minute)


def merged(stretches):
    """Stretches in order of which none touches another."""
    out = []
    for begin, end in sorted(s for s in stretches if s[0] < s[1]):
        if out and begin <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return out


def net(work, start, end, still):
    """Working seconds between two moments outside the stretches."""
    lost = sum(work.between(max(b, start), min(e, end)) for b, e in still if max(b, start) < min(e, end))
    return work.between(start, end) - lost


def due(work, start, target, still):
    """The moment at which the target is used up, by walking from one stretch to the next."""
    for begin, end in still:
        running = work.between(start, begin) if start < begin else 0
        if target <= running:
            break
        target, start = target - running, max(start, end)
    return work.due(start, target)


def judged(work, start, end, target, still, promised):
    """What became of a clock that can be read. `so_far` is the time used until its end or until now."""
    until = end or AS_OF
    so_far = net(work, start, until, still)
    row = {"seconds": so_far if end else None, "so_far": so_far}
    if promised:
        row |= {"target_seconds": work.between(start, promised), "due_at": promised}
        late = until > promised
    elif target is None:
        return row | {"outcome": "no_target"}
    else:
        # What stands still after the end of the clock moves nothing.
        row |= {"target_seconds": target, "due_at": due(work, start, target, [(b, min(e, until)) for b, e in still if b < until])}
        late = so_far > target
    row["outcome"] = "breached" if late else "met" if end else "running"
    if late:
        row["over_seconds"] = int((until - promised).total_seconds()) if promised else so_far - row["target_seconds"]
    if end:
        percent = min(-(-100 * so_far // row["target_seconds"]), 10_000)
        row["used_percent"] = max(percent, 101) if late else min(percent, 100)
    return row


def causes(work, start, until, answered, began, still):
    """The part of the time so far that took longest, the earlier of two that took as long; nobody has answered: that."""
    if answered is None or answered > until:
        return "no_response"
    answered = min(max(answered, start), until)
    began = until if began is None else min(max(began, answered), until)
    parts = {"response": net(work, start, answered, still), "waiting": net(work, answered, began, still), "handling": net(work, began, until, still)}
    return max(parts, key=parts.get)
