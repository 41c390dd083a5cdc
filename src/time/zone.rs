//! Between wall-clock time and instants.
//!
//! One rule covers every oddity of a zone: a wall-clock time means *the earliest instant at which the wall shows that
//! time or a later one*. So a time that the spring change skips means the moment of the change, a time that the autumn
//! change repeats means its first showing, and later wall-clock times never mean earlier instants.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::DAY_SECONDS;

/// No zone is as far from UTC, and none jumps as far, as this: a day and a bit.
const FAR: i64 = 26 * 3600;

/// The instant, in seconds since 1970-01-01T00:00 UTC, that a second of the wall clock means.
#[must_use]
pub fn to_utc(zone: Tz, wall_second: i64) -> i64 {
    Change::between(zone, wall_second.saturating_sub(FAR), wall_second.saturating_add(FAR)).to_utc(wall_second)
}

/// What the wall shows at an instant, both in seconds since 1970-01-01T00:00.
#[must_use]
pub fn to_wall(zone: Tz, utc_second: i64) -> i64 {
    utc_second.saturating_add(offset(zone, utc_second))
}

/// Seconds by which the wall is ahead of UTC at an instant; zero beyond the years that chrono can express.
pub(super) fn offset(zone: Tz, utc_second: i64) -> i64 {
    DateTime::from_timestamp(utc_second, 0)
        .map_or(0, |at| i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()))
}

/// How often the wall shows a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown {
    /// As nearly always.
    Once,
    /// Clocks are put back over it: which of its two showings is meant cannot be told; the earlier one is taken.
    Twice,
    /// Clocks are put forward over it: it does not exist; the moment of the change is taken.
    Never,
}

/// How often the wall shows a second.
#[must_use]
pub fn shows(zone: Tz, wall_second: i64) -> Shown {
    Change::between(zone, wall_second.saturating_sub(FAR), wall_second.saturating_add(FAR)).shows(wall_second)
}

/// The change of clocks, if any, in a stretch of time too short for two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// The first instant with the new offset.
    at: i64,
    before: i64,
    after: i64,
}

impl Change {
    /// The change that bears on the wall-clock times of a day.
    pub(super) fn near_day(zone: Tz, day: i64) -> Self {
        Self::between(zone, day * DAY_SECONDS - FAR, (day + 1) * DAY_SECONDS + FAR)
    }

    fn between(zone: Tz, mut low: i64, mut high: i64) -> Self {
        let (before, after) = (offset(zone, low), offset(zone, high));
        while before != after && high - low > 1 {
            let middle = low + (high - low) / 2;
            if offset(zone, middle) == after {
                high = middle;
            } else {
                low = middle;
            }
        }
        Self { at: high, before, after }
    }

    /// How often the wall shows a second of that stretch.
    fn shows(self, wall_second: i64) -> Shown {
        let before = wall_second.saturating_sub(self.before) < self.at;
        let after = wall_second.saturating_sub(self.after) >= self.at;
        match (before, after) {
            _ if self.before == self.after => Shown::Once,
            (true, true) => Shown::Twice,
            (false, false) => Shown::Never,
            _ => Shown::Once,
        }
    }

    /// The instant that a second of the wall clock in that stretch means.
    pub(super) fn to_utc(self, wall_second: i64) -> i64 {
        let early = wall_second.saturating_sub(self.before);
        if early < self.at || self.before == self.after { early } else { (wall_second - self.after).max(self.at) }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;

    use super::*;

    fn second(text: &str) -> i64 {
        text.parse::<NaiveDateTime>().unwrap().and_utc().timestamp()
    }

    fn utc(zone: Tz, text: &str) -> String {
        DateTime::from_timestamp(to_utc(zone, second(text)), 0).unwrap().naive_utc().format("%FT%T").to_string()
    }

    #[test]
    fn skipped_times_mean_the_change_and_repeated_ones_their_first_showing() {
        for (zone, wall, expected) in [
            (Tz::Asia__Shanghai, "2026-07-01T08:00:00", "2026-07-01T00:00:00"),
            (Tz::Europe__Berlin, "2026-03-29T01:59:59", "2026-03-29T00:59:59"),
            (Tz::Europe__Berlin, "2026-03-29T02:00:00", "2026-03-29T01:00:00"),
            (Tz::Europe__Berlin, "2026-03-29T02:30:00", "2026-03-29T01:00:00"),
            (Tz::Europe__Berlin, "2026-03-29T03:00:00", "2026-03-29T01:00:00"),
            (Tz::Europe__Berlin, "2026-03-29T03:00:01", "2026-03-29T01:00:01"),
            (Tz::Europe__Berlin, "2026-10-25T01:59:59", "2026-10-24T23:59:59"),
            (Tz::Europe__Berlin, "2026-10-25T02:00:00", "2026-10-25T00:00:00"),
            (Tz::Europe__Berlin, "2026-10-25T02:59:59", "2026-10-25T00:59:59"),
            (Tz::Europe__Berlin, "2026-10-25T03:00:00", "2026-10-25T02:00:00"),
            // Midnight is skipped, or repeats the last hour of the day before.
            (Tz::America__Sao_Paulo, "2015-10-18T00:00:00", "2015-10-18T03:00:00"),
            (Tz::America__Sao_Paulo, "2015-02-21T23:30:00", "2015-02-22T01:30:00"),
            (Tz::America__Sao_Paulo, "2015-02-22T00:00:00", "2015-02-22T03:00:00"),
            // A whole day is skipped.
            (Tz::Pacific__Apia, "2011-12-30T12:00:00", "2011-12-30T10:00:00"),
            (Tz::Pacific__Apia, "2011-12-31T00:00:00", "2011-12-30T10:00:00"),
        ] {
            assert_eq!(utc(zone, wall), expected, "{zone} {wall}");
        }
    }

    #[test]
    fn the_wall_shows_what_was_asked_for_or_the_next_thing_it_can() {
        for zone in [Tz::Europe__Berlin, Tz::America__New_York, Tz::America__Sao_Paulo, Tz::Australia__Lord_Howe] {
            let mut previous = i64::MIN;
            // Every quarter of an hour from October 2015 on, for a year.
            for wall in (second("2015-10-01T00:00:00")..second("2016-11-15T00:00:00")).step_by(900) {
                let at = to_utc(zone, wall);
                assert!(at >= previous && to_wall(zone, at) >= wall && to_wall(zone, at - 1) < wall, "{zone} {wall}");
                previous = at;
            }
        }
    }
}
