//! A moment falls into an hour that clocks skip or show twice.

use super::{Check, Pause, Survey, Ticket, shown};
use crate::schema::rules::CLOCK_CHANGE;
use crate::time::Wall;
use crate::time::calendar::Calendar;
use crate::time::zone::Shown;

/// A moment that the wall does not show exactly once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Odd {
    column: &'static str,
    at: Wall,
    twice: bool,
}

impl Odd {
    /// The first odd one among moments of a row, each under the name of its column.
    pub fn among(moments: &[(&'static str, Option<Wall>)], calendar: &Calendar) -> Option<Self> {
        moments.iter().find_map(|(column, at)| {
            let at = (*at)?;
            match calendar.shows_once(at) {
                Shown::Once => None,
                odd => Some(Self { column, at, twice: odd == Shown::Twice }),
            }
        })
    }
}

fn message(odd: Option<Odd>) -> String {
    odd.map_or_else(String::new, |odd| {
        let (column, at) = (odd.column, shown(odd.at));
        if odd.twice {
            format!("`{column}` {at} exists twice, for clocks were put back; the earlier is taken")
        } else {
            format!("`{column}` {at} does not exist, for clocks were put forward; the moment of the change is taken")
        }
    })
}

pub fn of_tickets<'a>() -> Check<Ticket<'a>> {
    Check { rule: &CLOCK_CHANGE, broken: |t| t.odd.is_some(), message: |t| message(t.odd) }
}

pub fn of_surveys<'a>() -> Check<Survey<'a>> {
    Check { rule: &CLOCK_CHANGE, broken: |s| s.odd.is_some(), message: |s| message(s.odd) }
}

pub fn of_pauses<'a>() -> Check<Pause<'a>> {
    Check { rule: &CLOCK_CHANGE, broken: |p| p.odd.is_some(), message: |p| message(p.odd) }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use chrono_tz::Tz;

    use super::super::testing::at;
    use super::*;
    use crate::time::calendar::CalendarSpec;

    #[test]
    fn hours_that_are_skipped_or_come_twice() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let calendar = |zone| Calendar::new(&CalendarSpec::default(), zone, day(1, 1), day(12, 31)).unwrap();
        let said = |zone, text| {
            let odd = Odd::among(&[("closed_at", None), ("resolved_at", Some(at(text)))], &calendar(zone));
            let ticket = Ticket { odd, ..Ticket::default() };
            (of_tickets().broken)(&ticket).then(|| (of_tickets().message)(&ticket))
        };
        for (zone, text, expected) in [
            (Tz::Asia__Shanghai, "2026-03-29 02:30", None),
            (Tz::Europe__Berlin, "2026-03-29 01:59", None),
            (Tz::Europe__Berlin, "2026-03-29 02:30", Some("does not exist")),
            (Tz::Europe__Berlin, "2026-10-25 02:30", Some("exists twice")),
            (Tz::Europe__Berlin, "2026-10-25 03:00", None),
        ] {
            let message = said(zone, text);
            assert_eq!(message.is_some(), expected.is_some(), "{zone} {text}");
            if let (Some(message), Some(expected)) = (message, expected) {
                assert!(message.starts_with(&format!("`resolved_at` {text} {expected}")), "{message}");
            }
        }
    }
}
