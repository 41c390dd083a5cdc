//! A calendar laid out over a stretch of days: the kernel that durations and deadlines are counted with.
//!
//! Shifts become spans of real seconds in UTC, merged where they overlap and cut at the midnights of the wall clock.
//! Each day carries the seconds worked before it, so that a duration is a difference of two look-ups. The loops run
//! over a fixed number of days or spans, because a wrongly guessed branch costs more than they do.

use std::hint::select_unpredictable;
use std::iter::repeat_n;

use chrono_tz::Tz;

use super::offsets::{CHANGES, Offsets};
use super::shift::Shift;
use super::spec::CalendarSpec;
use super::zone::{self, Change, Shown};
use super::{DAY_SECONDS, date_of_day, day_of};

/// How many days a deadline is looked for one by one before the search goes by halves.
const STEPS: usize = 16;

/// A stretch of opening hours within one day, in seconds of UTC.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    to: i64,
}

impl Span {
    fn length(&self) -> i64 {
        self.to - self.from
    }
}

/// Fills up days that have fewer spans than others.
const NO_SPAN: Span = Span { from: 0, to: 0 };

/// A calendar laid out over a stretch of days.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    zone: Tz,
    /// Number of the first day.
    first: i64,
    /// How many days are laid out.
    len: usize,
    /// Seconds worked before each day, and before the day after the last.
    before: Vec<i64>,
    /// Seconds by which the wall is ahead of UTC all day long, or [`CHANGES`]; one more, like the following.
    offsets: Vec<i32>,
    /// The days with [`CHANGES`], in order.
    changes: Vec<(usize, Change)>,
    /// Spans of each day, `per_day` of them.
    spans: Vec<Span>,
    per_day: usize,
    /// Where the shifts of each day begin among `shifts`.
    shifts_from: Vec<usize>,
    /// The opening hours of the days as the calendar gives them.
    shifts: Vec<Shift>,
}

impl Layout {
    /// Lays a calendar out from one day number to another, both included. Unknown dates get no hours.
    pub(super) fn new(spec: &CalendarSpec, zone: Tz, first: i64, last: i64) -> Self {
        let last = last.max(first - 1);
        let offsets = Offsets::new(zone, first - 1, last + 2);
        let mut layout = Self {
            zone,
            first,
            len: 0,
            before: vec![0],
            offsets: (first..=last + 1).map(|day| offsets.of(day)).collect(),
            changes: Vec::new(),
            spans: Vec::new(),
            per_day: 1,
            shifts_from: vec![0],
            shifts: Vec::new(),
        };
        layout.changes = (layout.offsets.iter().enumerate().zip(first..))
            .filter(|((_, offset), _)| **offset == CHANGES)
            .map(|((index, _), day)| (index, Change::near_day(zone, day)))
            .collect();
        let days = cut_at_midnight(&merged(spec, &offsets, first, last), &offsets, first, last);
        layout.len = days.len();
        layout.per_day = days.iter().map(Vec::len).fold(1, usize::max);
        let mut before = 0;
        for (today, day) in days.iter().zip(first..) {
            before += today.iter().map(Span::length).sum::<i64>();
            layout.before.push(before);
            layout.shifts.extend_from_slice(known_hours(spec, day));
            layout.shifts_from.push(layout.shifts.len());
        }
        // One more day without hours: the midnight after the last day is asked about.
        layout.spans.reserve_exact((days.len() + 1) * layout.per_day);
        for today in days.into_iter().chain([Vec::new()]) {
            let spare = layout.per_day - today.len();
            layout.spans.extend(today.into_iter().chain(repeat_n(NO_SPAN, spare)));
        }
        layout
    }

    /// Whether a day is laid out.
    pub(super) fn has(&self, day: i64) -> bool {
        self.index(day).is_some()
    }

    /// The opening hours of a day, if it is laid out.
    pub(super) fn hours(&self, day: i64) -> Option<&[Shift]> {
        let index = self.index(day)?;
        Some(&self.shifts[self.shifts_from[index]..self.shifts_from[index + 1]])
    }

    fn index(&self, day: i64) -> Option<usize> {
        usize::try_from(day - self.first).ok().filter(|&index| index < self.len)
    }

    /// Working seconds between two seconds of the wall clock, `from` not after `to`; `None` if a day of them is not
    /// laid out.
    pub(super) fn between(&self, from: i64, to: i64) -> Option<i64> {
        let first = self.index(day_of(from))?;
        // The midnight that ends the last day still belongs to the layout.
        let last = usize::try_from(day_of(to) - self.first).ok()?;
        if last < self.len || (last == self.len && to.rem_euclid(DAY_SECONDS) == 0) {
            Some(self.worked(last, to) - self.worked(first, from))
        } else {
            None
        }
    }

    /// The second of the wall clock at which `seconds` of working time are used up; with none, the next opening.
    ///
    /// `None` if the day of `from` is not laid out, or the days after it hold less.
    pub(super) fn deadline(&self, from: i64, seconds: i64) -> Option<i64> {
        let (day, instant) = self.used_up(from, seconds.max(1))?;
        // The next opening is one second before the first one is used up.
        let instant = if seconds < 1 { instant - 1 } else { instant };
        Some(match self.offsets[day] {
            CHANGES => zone::to_wall(self.zone, instant),
            offset => instant + i64::from(offset),
        })
    }

    fn used_up(&self, from: i64, seconds: i64) -> Option<(usize, i64)> {
        let first = self.index(day_of(from))?;
        let goal = self.worked(first, from).saturating_add(seconds);
        let ends = &self.before[first + 1..];
        let short = |&end: &i64| end < goal;
        let near = ends.first_chunk::<STEPS>().map_or(STEPS, |ends| ends.iter().filter(|end| short(end)).count());
        let day = first + if near < STEPS { near } else { ends.partition_point(short) };
        if day >= self.len {
            return None;
        }
        let left = goal - self.before[day];
        let instant = match self.spans_of(day) {
            [only] => only.from + left,
            [early, late] => {
                let length = early.length();
                select_unpredictable(left <= length, early.from + left, late.from + left - length)
            }
            many => used_up_in(many, left),
        };
        Some((day, instant))
    }

    /// Seconds worked from the beginning of the layout to a second of the wall clock on that day.
    fn worked(&self, day: usize, second: i64) -> i64 {
        let instant = self.instant_on(day, second);
        let until = |span: &Span| (instant.min(span.to) - span.from).max(0);
        // Hours with and without a break are the usual ones: they are spared the loop.
        let today: i64 = match self.spans_of(day) {
            [only] => until(only),
            [early, late] => until(early) + until(late),
            many => many.iter().map(until).sum(),
        };
        self.before[day] + today
    }

    fn spans_of(&self, day: usize) -> &[Span] {
        &self.spans[day * self.per_day..(day + 1) * self.per_day]
    }

    fn instant_on(&self, day: usize, second: i64) -> i64 {
        match self.offsets[day] {
            CHANGES => match self.changes.binary_search_by_key(&day, |&(day, _)| day) {
                Ok(index) => self.changes[index].1.to_utc(second),
                Err(_) => zone::to_utc(self.zone, second),
            },
            offset => second - i64::from(offset),
        }
    }

    /// The instant that a second of the wall clock means.
    pub(super) fn instant(&self, second: i64) -> i64 {
        match self.index(day_of(second)) {
            Some(day) => self.instant_on(day, second),
            None => zone::to_utc(self.zone, second),
        }
    }

    /// How often the wall shows a second.
    pub(super) fn shows(&self, second: i64) -> Shown {
        // Clocks that are put back soon after midnight repeat the end of the day before, so the neighbours count too.
        let around = self.index(day_of(second)).and_then(|day| self.offsets.get(day.checked_sub(1)?..=day + 1));
        match around {
            Some(&[before, today, after]) if before == today && today == after && today != CHANGES => Shown::Once,
            _ => zone::shows(self.zone, second),
        }
    }

    /// What the wall shows at an instant.
    pub(super) fn shown(&self, instant: i64) -> i64 {
        // The day in UTC is the day on the wall or next to it; a day without a change of clocks knows its own instants.
        let day = day_of(instant);
        for near in [day, day + 1, day - 1] {
            if let Some(index) = self.index(near)
                && self.offsets[index] != CHANGES
                && day_of(instant + i64::from(self.offsets[index])) == near
            {
                return instant + i64::from(self.offsets[index]);
            }
        }
        zone::to_wall(self.zone, instant)
    }
}

/// The instant at which so many seconds, more than none and not more than they have, are used up in spans.
fn used_up_in(spans: &[Span], mut left: i64) -> i64 {
    let mut instant = 0;
    for span in spans {
        let used = left.min(span.length());
        if used > 0 {
            instant = span.from + used;
        }
        left -= used;
    }
    instant
}

/// Every shift of the days and of the night before them as spans of UTC: sorted, none sharing time with another.
fn merged(spec: &CalendarSpec, offsets: &Offsets, first: i64, last: i64) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open_until = i64::MIN;
    for day in first - 1..=last {
        let midnight = day * DAY_SECONDS;
        for shift in known_hours(spec, day) {
            let from = offsets.instant(midnight + i64::from(shift.from)).max(open_until);
            let to = offsets.instant(midnight + i64::from(shift.to));
            if from < to {
                spans.push(Span { from, to });
                open_until = to;
            }
        }
    }
    spans
}

/// The spans of each day, from its midnight to the next.
fn cut_at_midnight(open: &[Span], offsets: &Offsets, first: i64, last: i64) -> Vec<Vec<Span>> {
    let midnight = |day: i64| offsets.instant(day * DAY_SECONDS);
    let mut next = 0;
    let spans = |day: i64| {
        let (begin, end) = (midnight(day), midnight(day + 1));
        let mut today = Vec::new();
        while let Some(span) = open.get(next).filter(|span| span.from < end) {
            let part = Span { from: span.from.max(begin), to: span.to.min(end) };
            if part.length() > 0 {
                today.push(part);
            }
            if span.to > end {
                break;
            }
            next += 1;
        }
        today
    };
    (first..=last).map(spans).collect()
}

fn known_hours(spec: &CalendarSpec, day: i64) -> &[Shift] {
    let date = date_of_day(day);
    if spec.knows(date) { spec.hours_on(date) } else { &[] }
}
