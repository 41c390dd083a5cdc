//! Working calendars, clocks and deadlines.
//!
//! Everything here is integers and calendar dates: no frames, no files, no reading of the wall clock.
//!
//! A moment is a [`Wall`]: what a clock on the wall of the pipeline's time zone shows. A [`calendar::Calendar`] turns
//! it into an instant, so that durations count real seconds even over a change to or from daylight-saving time.

pub mod calendar;
mod due;
mod error;
mod layout;
mod offsets;
pub mod pauses;
pub mod period;
pub mod shift;
mod spec;
pub mod target;
pub mod tenure;
#[cfg(test)]
mod testing;
mod workdays;
pub mod zone;

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// A wall-clock moment: microseconds since 1970-01-01T00:00 on the wall, as if the wall hung in UTC.
pub type Wall = i64;

/// Microseconds in a second.
pub const MICROS: i64 = 1_000_000;

/// Seconds in a day of the wall clock.
pub const DAY_SECONDS: i64 = 86_400;

/// The moment that a date and time of day stand for.
#[must_use]
pub fn wall(moment: NaiveDateTime) -> Wall {
    moment.and_utc().timestamp_micros()
}

/// The date and time of day of a moment; `None` beyond the years that chrono can express.
#[must_use]
pub fn date_time(wall: Wall) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(wall).map(|moment| moment.naive_utc())
}

/// The number of the day since 1970-01-01 on which a second of the wall clock falls.
const fn day_of(wall_second: i64) -> i64 {
    wall_second.div_euclid(DAY_SECONDS)
}

/// The whole second in which a moment falls, in seconds of the wall clock.
const fn second_of(wall: Wall) -> i64 {
    wall.div_euclid(MICROS)
}

/// The number of a date since 1970-01-01.
fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

/// The date of a day number, clipped to what chrono can express.
fn date_of_day(day: i64) -> NaiveDate {
    let clipped = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(clipped)
}
