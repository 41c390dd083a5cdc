//! What can go wrong when time is counted.

use chrono::NaiveDate;

use super::shift::Shift;

/// Why a calendar cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A shift is empty, begins after its day or ends more than a day after it, or is out of order with the next one.
    #[error("{shift} is not a shift of a day, or not in order with the other shifts of its day")]
    BadShift {
        /// The shift.
        shift: Shift,
    },
    /// The last date is before the first one.
    #[error("a calendar cannot be laid out from {first} to {last}")]
    Backwards {
        /// The first date asked for.
        first: NaiveDate,
        /// The last date asked for.
        last: NaiveDate,
    },
}

/// Why a duration or a deadline cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The end is before the start.
    #[error("the end is before the start")]
    EndBeforeStart,
    /// A date is needed in a year that the calendar does not know.
    #[error("the calendar does not know the year {year}")]
    OutsideYears {
        /// The first such year.
        year: i32,
    },
    /// The calendar has no opening hours from some moment on.
    #[error("the calendar has no opening hours left")]
    NeverOpen,
}
