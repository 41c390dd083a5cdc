//! Working time: what a calendar answers.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::layout::Layout;
use super::shift::Shift;
use super::{MICROS, Wall, date_of_day, day_number, day_of, second_of};

pub use super::due::Due;
pub use super::error::{CalendarError, TimeError};
pub use super::spec::{CalendarSpec, YEARS};
pub use super::zone::Shown;

/// How far beyond the last date a calendar is laid out at once, so that deadlines are found there.
const AHEAD: i64 = 400;

/// A calendar laid out in a time zone: immutable, shared between threads, cheap to ask.
///
/// Moments are taken down to the whole second, so that durations add up: from a to b and from b to c is from a to c.
/// A wall-clock time that a change of clocks skips means the moment of the change; one that it repeats means the first
/// showing. A deadline in the repeated hour can therefore be an hour later than its wall-clock time reads.
#[derive(Debug, Clone)]
pub struct Calendar {
    spec: CalendarSpec,
    zone: Tz,
    night_shifts: bool,
    /// The days that are mostly asked about; their hours are all known.
    near: Layout,
    /// Every day that the calendar knows and those in between, laid out when one beyond `near` is asked about.
    wide: OnceLock<Layout>,
}

impl Calendar {
    /// Lays a calendar out for questions about the dates from `first` to `last`. Others are answered too; the first of
    /// them costs laying out every year the calendar knows.
    ///
    /// # Errors
    /// A shift that is none, or `last` before `first`.
    pub fn new(spec: &CalendarSpec, zone: Tz, first: NaiveDate, last: NaiveDate) -> Result<Self, CalendarError> {
        spec.check()?;
        if last < first {
            return Err(CalendarError::Backwards { first, last });
        }
        let night_shifts = spec.has_night_shifts();
        let (known_first, known_last) = known_days(spec);
        // The first known day can begin with the unknown end of the night before.
        let from = (day_number(first) - 1).max(known_first + i64::from(night_shifts));
        let to = (day_number(last) + AHEAD).min(known_last);
        let near = Layout::new(spec, zone, from, to);
        Ok(Self { spec: spec.clone(), zone, night_shifts, near, wide: OnceLock::new() })
    }

    /// What the calendar was made from.
    #[must_use]
    pub fn spec(&self) -> &CalendarSpec {
        &self.spec
    }

    /// The zone whose wall clock the moments are read from.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Working seconds from one moment to another, as real seconds.
    ///
    /// # Errors
    /// The end is before the start, or a date from start to end lies outside the known years.
    pub fn working_seconds(&self, start: Wall, end: Wall) -> Result<i64, TimeError> {
        if end < start {
            return Err(TimeError::EndBeforeStart);
        }
        let (from, to) = (second_of(start), second_of(end));
        match self.near.between(from, to) {
            Some(seconds) => Ok(seconds),
            None => self.working_seconds_far(from, to),
        }
    }

    #[cold]
    fn working_seconds_far(&self, from: i64, to: i64) -> Result<i64, TimeError> {
        // An end at midnight asks nothing about the day that it begins.
        let last = day_of((to - 1).max(from));
        self.check_known(day_of(from), last)?;
        self.wide().between(from, to).ok_or_else(|| outside(last))
    }

    /// The moment at which so many working seconds are used up, a whole second.
    ///
    /// A start outside the opening hours counts from the next opening. Time that runs out at closing does so then, not
    /// at the next opening; no time at all (or less) runs out at the start, or else at the next opening.
    ///
    /// # Errors
    /// A date from the start to the deadline lies outside the known years, or no opening hours are left.
    pub fn deadline(&self, start: Wall, seconds: i64) -> Result<Wall, TimeError> {
        let from = second_of(start);
        let at = match self.near.deadline(from, seconds) {
            Some(at) => at,
            None => self.deadline_far(from, seconds)?,
        };
        Ok(at.saturating_mul(MICROS))
    }

    #[cold]
    fn deadline_far(&self, from: i64, seconds: i64) -> Result<i64, TimeError> {
        let start = day_of(from);
        self.check_known(start, start)?;
        if let Some(at) = self.wide().deadline(from, seconds) {
            self.check_known(start, day_of((at - 1).max(from)))?;
            return Ok(at);
        }
        Err(self.nothing_left(start))
    }

    /// Why no more opening hours were found from a day on.
    pub(super) fn nothing_left(&self, start: i64) -> TimeError {
        if !self.spec.opens_weekly() {
            return TimeError::NeverOpen;
        }
        let beyond = day_number(NaiveDate::MAX);
        self.check_known(start, beyond).err().unwrap_or_else(|| outside(beyond))
    }

    /// Real seconds from one moment to another, whatever the hours.
    ///
    /// # Errors
    /// The end is before the start.
    pub fn clock_seconds(&self, start: Wall, end: Wall) -> Result<i64, TimeError> {
        if end < start {
            return Err(TimeError::EndBeforeStart);
        }
        Ok(self.near.instant(second_of(end)) - self.near.instant(second_of(start)))
    }

    /// The moment so many real seconds after another, a whole second.
    #[must_use]
    pub fn after_clock_seconds(&self, start: Wall, seconds: i64) -> Wall {
        let instant = self.near.instant(second_of(start)).saturating_add(seconds);
        self.near.shown(instant).saturating_mul(MICROS)
    }

    /// How often the wall shows a moment, taken down to the whole second. A look-up unless clocks change nearby.
    #[must_use]
    pub fn shows_once(&self, wall: Wall) -> Shown {
        self.near.shows(second_of(wall))
    }

    /// Whether a shift begins on a date.
    #[must_use]
    pub fn is_open_day(&self, date: NaiveDate) -> bool {
        !self.spec.hours_on(date).is_empty()
    }

    /// Whether the opening hours of a date are known.
    #[must_use]
    pub fn knows(&self, date: NaiveDate) -> bool {
        self.spec.knows(date)
    }

    /// # Errors
    /// The year of the first unknown day from `first` to `last`, or of the day before if its night may matter.
    pub(super) fn check_known(&self, first: i64, last: i64) -> Result<(), TimeError> {
        if self.near.has(first) && self.near.has(last) {
            return Ok(());
        }
        let (known_first, known_last) = known_days(&self.spec);
        let mut day = first - i64::from(self.night_shifts);
        while day <= last {
            if (known_first..=known_last).contains(&day) {
                day = known_last + 1;
            } else if self.spec.knows(date_of_day(day)) {
                day += 1;
            } else {
                return Err(outside(day));
            }
        }
        Ok(())
    }

    fn wide(&self) -> &Layout {
        self.wide.get_or_init(|| {
            let (known_first, known_last) = known_days(&self.spec);
            let dates =
                || self.spec.dates.keys().filter(|date| YEARS.contains(&date.year())).map(|&date| day_number(date));
            let first = dates().next().map_or(known_first, |day| day.min(known_first));
            let last = dates().next_back().map_or(known_last, |day| day.max(known_last));
            Layout::new(&self.spec, self.zone, first, last)
        })
    }

    /// The opening hours of a day.
    pub(super) fn hours(&self, day: i64) -> &[Shift] {
        self.near.hours(day).unwrap_or_else(|| self.spec.hours_on(date_of_day(day)))
    }

    /// A moment as the wall shows it: one that the clocks skip becomes the moment of the change.
    pub(super) fn real(&self, second: i64) -> i64 {
        self.near.shown(self.near.instant(second))
    }
}

fn outside(day: i64) -> TimeError {
    TimeError::OutsideYears { year: date_of_day(day).year() }
}

/// The first and the last day of the years that a calendar knows.
fn known_days(spec: &CalendarSpec) -> (i64, i64) {
    let years = spec.known_years();
    let new_year = |year| NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, day_number);
    (new_year(*years.start()), new_year(*years.end() + 1) - 1)
}

#[cfg(test)]
mod tests;
