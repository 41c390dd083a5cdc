//! When a target falls due, and what is used of it.

use super::calendar::Calendar;
use super::error::TimeError;
use super::shift::Shift;
use super::target::Target;
use super::{DAY_SECONDS, MICROS, Wall, day_of, second_of};

/// After so many closed days in a row it is worth asking whether any day opens.
const LONG_CLOSED: i64 = 100;

/// When a target falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Due {
    /// The last moment that meets the target, a whole second.
    pub at: Wall,
    /// Seconds from the start to then: working seconds for targets in working time or days, real ones around the clock.
    pub seconds: i64,
}

impl Calendar {
    /// When a target falls due that runs from `start`.
    ///
    /// A target in working days moves the start on by so many dates with opening hours:
    ///
    /// - The start counts from the date it is on. Outside the hours it counts from the next opening; in a break it
    ///   keeps its time of day; in a night shift it belongs to the date on which the shift began.
    /// - It is due at the same time of day; if that is before the opening or in a break of the day it falls on, at the
    ///   next opening; if after the last closing, at that closing. With `close` it is due at the last closing anyway.
    ///
    /// # Errors
    /// As for [`Calendar::deadline`].
    pub fn due(&self, start: Wall, target: Target) -> Result<Due, TimeError> {
        match target {
            Target::Working { seconds } => Ok(Due { at: self.deadline(start, seconds)?, seconds }),
            Target::Clock { seconds } => Ok(Due { at: self.after_clock_seconds(start, seconds), seconds }),
            Target::Days { days, at_close } => {
                let start = second_of(start);
                // Only a target of no days can lie before its start.
                let at = self.real(self.days_later(start, days, at_close)?).max(start).saturating_mul(MICROS);
                Ok(Due { at, seconds: self.working_seconds(start.saturating_mul(MICROS), at)? })
            }
        }
    }

    /// Seconds from start to end as the target counts them: real ones around the clock, else working seconds.
    ///
    /// # Errors
    /// As for [`Calendar::working_seconds`].
    pub fn elapsed(&self, target: Option<Target>, start: Wall, end: Wall) -> Result<i64, TimeError> {
        match target {
            Some(Target::Clock { .. }) => self.clock_seconds(start, end),
            Some(Target::Working { .. } | Target::Days { .. }) | None => self.working_seconds(start, end),
        }
    }

    fn days_later(&self, start: i64, days: u32, at_close: bool) -> Result<i64, TimeError> {
        let (mut day, time) = self.counts_from(start)?;
        for _ in 0..days {
            day = self.next_open_day(day)?;
        }
        let hours = self.hours(day);
        let last_closing = hours.last().map_or(time, |last| i64::from(last.to));
        let at = if at_close { last_closing } else { at_or_after(hours, time).unwrap_or(last_closing) };
        Ok(day * DAY_SECONDS + at)
    }

    /// The working day and the second of it from which a start counts.
    fn counts_from(&self, start: i64) -> Result<(i64, i64), TimeError> {
        let day = day_of(start);
        let time = start - day * DAY_SECONDS;
        self.check_known(day, day)?;
        let today = self.hours(day);
        let open = |hours: &[Shift], time| {
            hours.iter().any(|shift| (i64::from(shift.from)..i64::from(shift.to)).contains(&time))
        };
        if !open(today, time) && open(self.hours(day - 1), time + DAY_SECONDS) {
            return Ok((day - 1, time + DAY_SECONDS));
        }
        match (today.first(), today.last()) {
            (Some(first), Some(last)) if time < i64::from(last.to) => Ok((day, time.max(i64::from(first.from)))),
            _ => {
                let next = self.next_open_day(day)?;
                Ok((next, self.hours(next).first().map_or(0, |first| i64::from(first.from))))
            }
        }
    }

    fn next_open_day(&self, day: i64) -> Result<i64, TimeError> {
        let mut next = day + 1;
        loop {
            self.check_known(next, next).map_err(|_| self.nothing_left(next))?;
            if !self.hours(next).is_empty() {
                return Ok(next);
            }
            next += 1;
            // Seldom reached, so that the usual case need not look.
            if next == day + LONG_CLOSED && !self.spec().ever_opens() {
                return Err(TimeError::NeverOpen);
            }
        }
    }
}

/// The first second of the hours, closings included, that is not before a time.
fn at_or_after(hours: &[Shift], time: i64) -> Option<i64> {
    hours.iter().find(|shift| time <= i64::from(shift.to)).map(|shift| time.max(i64::from(shift.from)))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::super::testing::{calendar, china, shown, spec, wall};
    use super::*;

    /// A line: start, target, due, seconds from start to due.
    fn check(calendar: &Calendar, cases: &[(&str, &str, &str, i64)]) {
        for &(start, target, at, seconds) in cases {
            let due = calendar.due(wall(start), Target::parse(target).unwrap()).unwrap();
            assert_eq!((shown(due.at).as_str(), due.seconds), (at, seconds), "{start} {target}");
            assert_eq!(calendar.elapsed(Some(Target::parse(target).unwrap()), wall(start), due.at), Ok(seconds));
        }
    }

    const DAY: i64 = 8 * 3600;

    #[test]
    fn days_keep_the_time_of_day() {
        let cases = [
            // Monday to Friday 08:30-12:00 13:00-17:30; 16 November 2026 is a Monday.
            ("2026-11-16T10:00:00", "1d", "2026-11-17T10:00:00", DAY),
            ("2026-11-16T10:00:00", "3d", "2026-11-19T10:00:00", 3 * DAY),
            ("2026-11-19T10:00:00", "3d", "2026-11-24T10:00:00", 3 * DAY),
            ("2026-11-16T10:00:00", "3d close", "2026-11-19T17:30:00", 3 * DAY + 23_400),
            ("2026-11-16T17:30:00", "1d", "2026-11-18T08:30:00", DAY),
            ("2026-11-16T17:29:59", "1d", "2026-11-17T17:29:59", DAY),
            // Before opening, in the break, on a Saturday.
            ("2026-11-16T06:00:00", "1d", "2026-11-17T08:30:00", DAY),
            ("2026-11-16T12:00:00", "1d", "2026-11-17T12:00:00", DAY),
            ("2026-11-16T12:20:00", "1d", "2026-11-17T13:00:00", DAY),
            ("2026-11-14T11:00:00", "1d", "2026-11-17T08:30:00", DAY),
            ("2026-11-14T11:00:00", "1d close", "2026-11-17T17:30:00", 2 * DAY),
            // Over National Day, with the Saturday after it worked.
            ("2026-09-30T10:00:00", "3d", "2026-10-10T10:00:00", 3 * DAY),
        ];
        check(&calendar(&china("08:30-12:00 13:00-17:30"), Tz::Asia__Shanghai), &cases);
    }

    #[test]
    fn shorter_days_clip() {
        let mut spec =
            spec(["09:00-18:00", "10:00-12:00 14:00-16:00", "09:00-18:00", "closed", "closed", "closed", "closed"]);
        let monday = "2026-11-16".parse().unwrap();
        check(
            &calendar(&spec, Tz::UTC),
            &[
                ("2026-11-16T09:30:00", "1d", "2026-11-17T10:00:00", 30_600),
                ("2026-11-16T13:00:00", "1d", "2026-11-17T14:00:00", 25_200),
                ("2026-11-16T17:00:00", "1d", "2026-11-17T16:00:00", 18_000),
                ("2026-11-16T17:00:00", "2d", "2026-11-18T17:00:00", 46_800),
            ],
        );
        spec.dates.insert(monday, Vec::new());
        check(&calendar(&spec, Tz::UTC), &[("2026-11-16T09:30:00", "1d close", "2026-11-18T18:00:00", 46_800)]);
    }

    #[test]
    fn a_night_shift_belongs_to_the_day_it_begins_on() {
        let night = calendar(&spec(["22:00-06:00"; 7]), Tz::UTC);
        check(
            &night,
            &[
                ("2026-11-16T23:00:00", "1d", "2026-11-17T23:00:00", DAY),
                ("2026-11-17T02:00:00", "1d", "2026-11-18T02:00:00", DAY),
                ("2026-11-17T02:00:00", "1d close", "2026-11-18T06:00:00", DAY + 14_400),
                ("2026-11-17T06:00:00", "1d", "2026-11-18T22:00:00", DAY),
            ],
        );
    }

    #[test]
    fn a_due_time_that_the_clocks_skip_is_the_moment_of_the_change() {
        let always = calendar(&spec(["00:00-24:00"; 7]), Tz::Europe__Berlin);
        check(
            &always,
            &[
                ("2026-03-28T02:30:00", "1d", "2026-03-29T03:00:00", 84_600),
                ("2026-03-28T12:00:00", "24h", "2026-03-29T13:00:00", 86_400),
                ("2026-03-28T12:00:00", "24h clock", "2026-03-29T13:00:00", 86_400),
                ("2026-10-24T12:00:00", "1d", "2026-10-25T12:00:00", 90_000),
            ],
        );
    }

    #[test]
    fn around_the_clock_needs_no_hours_and_no_known_years() {
        let closed = calendar(&china("closed"), Tz::Asia__Shanghai);
        check(&closed, &[("2028-02-28T12:00:00", "24h clock", "2028-02-29T12:00:00", 86_400)]);
        assert_eq!(
            closed.due(wall("2026-01-01T00:00:00"), Target::Days { days: 1, at_close: false }),
            Err(TimeError::NeverOpen)
        );
        let office = calendar(&china("09:00-17:00"), Tz::Asia__Shanghai);
        assert_eq!(
            office.due(wall("2026-12-31T10:00:00"), Target::Days { days: 1, at_close: true }),
            Err(TimeError::OutsideYears { year: 2027 })
        );
        let end = office.due(wall("2026-12-30T18:00:00.5"), Target::Days { days: 0, at_close: true }).unwrap();
        assert_eq!((shown(end.at).as_str(), end.seconds), ("2026-12-31T17:00:00", DAY));
    }
}
