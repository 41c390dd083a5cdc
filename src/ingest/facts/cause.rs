//! Which part of its time made a clock late.

use polars::prelude::DataFrame;

use super::clocks::Face;
use super::frame;
use crate::ingest::rules::Moments;
use crate::schema::facts::cause::{HANDLING, LATE, NO_RESPONSE, OPEN, RESPONSE, WAITING};

/// Which moments the dumps have at all; where they lack one, no time is laid to it.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    pub response: bool,
    pub start: bool,
    pub resolution: bool,
}

impl Parts {
    pub fn of(batch: &DataFrame) -> Self {
        Self {
            response: frame::has(batch, "first_response_at"),
            start: frame::has(batch, "started_at"),
            resolution: frame::has(batch, "resolved_at"),
        }
    }
}

/// The cause of a breach. The time from the request to the end of the clock, or to the moment of the review, has three
/// parts: up to the first response, from then until work began, and from then on. The longest is the cause, of equal
/// ones the earlier. As long as nobody has responded in any way, that is the cause.
pub fn cause(clock: &str, face: &Face, ticket: &Moments, parts: Parts) -> &'static str {
    if !matches!(clock, "first_response" | "start" | "resolution") {
        return if face.end.is_some() { LATE } else { OPEN };
    }
    let until = face.until();
    let begun = ticket.started.or(face.end);
    if parts.response && ticket.first_response.is_none() && begun.is_none() {
        return NO_RESPONSE;
    }
    let requested = ticket.requested.min(until);
    // A response that was not noted came with the work at the latest.
    let responded = if parts.response { ticket.first_response.or(begun).unwrap_or(until) } else { requested };
    let responded = responded.clamp(requested, until);
    let started = match ticket.started {
        Some(started) => started,
        // Not begun yet, or begun without a note.
        None if parts.start && face.end.is_none() => until,
        None => responded,
    };
    let started = started.clamp(responded, until);
    let lengths = [(requested, responded), (responded, started), (started, until)];
    let lengths = lengths.map(|(from, to)| face.running(from, to).unwrap_or_default());
    match lengths {
        [response, waiting, handling] if response >= waiting && response >= handling => RESPONSE,
        [_, waiting, handling] if waiting >= handling => WAITING,
        _ => HANDLING,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use chrono_tz::Tz;

    use super::*;
    use crate::ingest::facts::clocks::Held;
    use crate::time::calendar::{Calendar, CalendarSpec};
    use crate::time::pauses::Pauses;
    use crate::time::shift::parse_hours;
    use crate::time::{MICROS, Wall};

    /// Hours after the request; a dash is a moment that was not noted.
    fn at(hours: i64) -> Wall {
        1_782_864_000 * MICROS + hours * 3600 * MICROS
    }

    #[test]
    fn the_longest_part_is_the_cause() {
        let hours = parse_hours("00:00-24:00").unwrap();
        let spec = CalendarSpec { weekly: std::array::from_fn(|_| hours.clone()), ..CalendarSpec::default() };
        let day = |day| NaiveDate::from_ymd_opt(2026, 7, day).unwrap();
        let calendar = Calendar::new(&spec, Tz::UTC, day(1), day(9)).unwrap();
        let all = Parts { response: true, start: true, resolution: true };
        let resolution = Parts { response: false, start: false, ..all };
        for (clock, response, start, end, parts, expected) in [
            ("first_response", None, None, None, all, NO_RESPONSE),
            ("first_response", Some(9), None, Some(9), all, RESPONSE),
            ("start", Some(1), None, None, all, WAITING),
            ("start", Some(5), Some(9), Some(9), all, RESPONSE),
            ("start", Some(4), Some(9), Some(9), all, WAITING),
            ("resolution", Some(1), Some(3), Some(9), all, HANDLING),
            ("resolution", Some(3), Some(6), Some(9), all, RESPONSE),
            ("resolution", Some(1), None, Some(9), all, HANDLING),
            ("resolution", None, Some(6), Some(9), all, RESPONSE),
            ("resolution", Some(2), None, None, all, WAITING),
            ("resolution", Some(2), Some(4), None, all, HANDLING),
            ("resolution", None, None, None, all, NO_RESPONSE),
            ("resolution", None, None, Some(9), all, RESPONSE),
            ("resolution", None, None, Some(9), resolution, HANDLING),
            ("resolution", None, None, None, resolution, HANDLING),
            ("visit", None, None, None, all, OPEN),
            ("visit", None, None, Some(9), all, LATE),
        ] {
            let face = Face {
                calendar: &calendar,
                as_of: at(20),
                start: Some(at(0)),
                end: end.map(at),
                held: Held::ToNothing,
                cancelled: false,
                over: false,
                contradicts: false,
                still: Pauses::default(),
            };
            let ticket = Moments {
                requested: at(0),
                first_response: response.map(at),
                started: start.map(at),
                ..Moments::default()
            };
            assert_eq!(cause(clock, &face, &ticket, parts), expected, "{clock} {response:?} {start:?} {end:?}");
        }
    }
}
