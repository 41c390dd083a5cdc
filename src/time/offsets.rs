//! By how much the wall is ahead of UTC on each of many days.

use chrono_tz::Tz;

use super::{DAY_SECONDS, day_of, zone};

/// Stands for the offset of a day on which the clocks change.
pub(super) const CHANGES: i32 = i32::MIN;

/// The offsets of a stretch of days.
pub(super) struct Offsets {
    zone: Tz,
    first: i64,
    days: Vec<i32>,
}

impl Offsets {
    /// Looks up the days from one day number to another, both included.
    pub(super) fn new(zone: Tz, first: i64, last: i64) -> Self {
        // One look a day, from two days before to two days after, finds the days near which nothing changes.
        let looks: Vec<i64> = (first - 2..=last + 3).map(|day| zone::offset(zone, day * DAY_SECONDS)).collect();
        let day = |(day, looks): (i64, &[i64])| match looks {
            [offset, rest @ ..] if rest.iter().all(|other| other == offset) => {
                i32::try_from(*offset).unwrap_or(CHANGES)
            }
            _ => offset_all_day(zone, day),
        };
        Self { zone, first, days: (first..=last).zip(looks.windows(6)).map(day).collect() }
    }

    /// The offset that holds all day long; [`CHANGES`] if there is none or the day was not looked up.
    pub(super) fn of(&self, day: i64) -> i32 {
        let index = usize::try_from(day - self.first).ok();
        index.and_then(|index| self.days.get(index)).copied().unwrap_or(CHANGES)
    }

    /// The instant that a second of the wall clock means.
    pub(super) fn instant(&self, second: i64) -> i64 {
        match self.of(day_of(second)) {
            CHANGES => zone::to_utc(self.zone, second),
            offset => second - i64::from(offset),
        }
    }
}

/// The offset that holds from a day's midnight to the next, both included; [`CHANGES`] if there is none.
fn offset_all_day(zone: Tz, day: i64) -> i32 {
    let (begin, end) = (zone::to_utc(zone, day * DAY_SECONDS), zone::to_utc(zone, (day + 1) * DAY_SECONDS));
    let offset = zone::offset(zone, begin);
    let steady = [begin - 1, end - 1, end].iter().all(|&instant| zone::offset(zone, instant) == offset);
    if steady { i32::try_from(offset).unwrap_or(CHANGES) } else { CHANGES }
}
