//! Calendars and moments for the tests of this room.

use chrono::{NaiveDate, NaiveDateTime, Weekday};
use chrono_tz::Tz;

use super::Wall;
use super::calendar::{Calendar, CalendarSpec};
use super::shift::parse_hours;

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn wall(text: &str) -> Wall {
    super::wall(text.parse::<NaiveDateTime>().unwrap())
}

pub(super) fn shown(wall: Wall) -> String {
    super::date_time(wall).unwrap().format("%FT%T%.f").to_string()
}

/// The opening hours of the days of the week, Monday first.
pub(super) fn spec(weekly: [&str; 7]) -> CalendarSpec {
    CalendarSpec { weekly: weekly.map(|hours| parse_hours(hours).unwrap()), ..CalendarSpec::default() }
}

/// Monday to Friday, with New Year, Spring Festival and National Day of 2026.
pub(super) fn china(hours: &str) -> CalendarSpec {
    let days = |first, last| date(first).iter_days().take_while(move |day| *day <= date(last));
    CalendarSpec {
        holidays: days("2026-01-01", "2026-01-03")
            .chain(days("2026-02-15", "2026-02-23"))
            .chain(days("2026-10-01", "2026-10-07"))
            .collect(),
        makeup: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-09-20", "2026-10-10"]
            .map(|day| (date(day), Weekday::Mon))
            .into(),
        years: Some(2026..=2026),
        ..spec([hours, hours, hours, hours, hours, "closed", "closed"])
    }
}

/// Laid out over 2026.
pub(super) fn calendar(spec: &CalendarSpec, zone: Tz) -> Calendar {
    Calendar::new(spec, zone, date("2026-01-01"), date("2026-12-31")).unwrap()
}
