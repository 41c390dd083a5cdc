//! Which period is reviewed, and from which moment it is seen.

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::{Request, ReviewError};
use crate::ingest::Dumps;
use crate::ingest::facts::{self, Moment};
use crate::plan::{AsOf, Plan};
use crate::time::period::Period;
use crate::time::{MICROS, Wall, date_time, wall};

/// The period and the moment from which it is seen.
pub fn moment(plan: &Plan, request: &Request, dumps: &Dumps) -> Result<Moment, ReviewError> {
    let period = if let Some(period) = request.period {
        period
    } else {
        let last = facts::last_event(dumps, request.as_of)?.and_then(date_time);
        let by = || request.as_of.and_then(date_time).map_or_else(String::new, |t| format!(" by {}", t.date()));
        Period::of(plan.review.period, last.ok_or_else(|| ReviewError::NoTickets(by()))?.date())
    };
    let as_of = request.as_of.unwrap_or_else(|| match plan.review.as_of {
        AsOf::AfterPeriod { days } => {
            let end = period.end();
            last_moment(end.checked_add_days(Days::new(days.into())).unwrap_or(end)) - DAY
        }
        AsOf::EndOf(date) => last_moment(date),
    });
    let seen = date_time(as_of).map_or(NaiveDate::MAX, |t| t.date());
    if seen < period.first_day() {
        return Err(ReviewError::AsOfBeforePeriod { as_of: seen, period });
    }
    if !plan.calendars.iter().all(|calendar| calendar.spec.knows(seen)) {
        return Err(ReviewError::OutsideCalendar(seen));
    }
    Ok(Moment { period, as_of })
}

const DAY: i64 = 86_400 * MICROS;

/// Reads the name of a period: `2026Q3`, `2026-07`, `2026H1` or `2026`.
pub fn parse_period(text: &str) -> Result<Period, String> {
    Period::parse(text).map_err(|e| e.to_string())
}

/// Reads a day, which means its end, or a moment, which means its second.
pub fn parse_as_of(text: &str) -> Result<Wall, String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(last_moment(date));
    }
    let moment = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    moment
        .map(|m| wall(m) + MICROS - 1)
        .ok_or_else(|| format!("{text:?} is neither a date like 2026-10-07 nor a moment like \"2026-10-07 12:00\""))
}

/// A day means its end.
fn last_moment(date: NaiveDate) -> Wall {
    wall(date.and_time(chrono::NaiveTime::MIN)) + DAY - 1
}
