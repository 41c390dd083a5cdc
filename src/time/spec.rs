//! What a plan says of a calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, Weekday};

use super::error::CalendarError;
use super::shift::{LATEST_END, MIDNIGHT, Shift};

/// The years in which a calendar without a holiday list can be asked. They bound how far a deadline is looked for.
pub const YEARS: RangeInclusive<i32> = 1900..=2200;

/// What a plan says of a calendar; not yet laid out over dates.
///
/// The hours of a date are those in `dates`, else none on a holiday, else those of the weekday named in `makeup`, else
/// those of its own weekday.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarSpec {
    /// Opening hours of the days of the week, Monday first; each day sorted and without overlaps.
    pub weekly: [Vec<Shift>; 7],
    /// Dates that are closed.
    pub holidays: BTreeSet<NaiveDate>,
    /// Dates that are open with the hours of that weekday.
    pub makeup: BTreeMap<NaiveDate, Weekday>,
    /// Dates with hours of their own, which beat everything else; none means closed.
    pub dates: BTreeMap<NaiveDate, Vec<Shift>>,
    /// The years that the list of holidays knows. Without a list (`None`) every year of [`YEARS`] is fine.
    pub years: Option<RangeInclusive<i32>>,
}

impl CalendarSpec {
    /// The opening hours of a date, whether or not its year is known.
    #[must_use]
    pub fn hours_on(&self, date: NaiveDate) -> &[Shift] {
        if let Some(hours) = self.dates.get(&date) {
            return hours;
        }
        if self.holidays.contains(&date) {
            return &[];
        }
        let weekday = self.makeup.get(&date).copied().unwrap_or_else(|| date.weekday());
        &self.weekly[weekday.num_days_from_monday() as usize]
    }

    /// Whether the opening hours of a date are known: its year is, or it has hours of its own.
    #[must_use]
    pub fn knows(&self, date: NaiveDate) -> bool {
        YEARS.contains(&date.year()) && (self.known_years().contains(&date.year()) || self.dates.contains_key(&date))
    }

    /// Whether any date is open at all.
    #[must_use]
    pub fn ever_opens(&self) -> bool {
        self.opens_weekly() || self.dates.values().any(|hours| !hours.is_empty())
    }

    /// Whether any weekday is open.
    pub(super) fn opens_weekly(&self) -> bool {
        self.weekly.iter().any(|hours| !hours.is_empty())
    }

    /// Whether any shift reaches into the next day.
    pub(super) fn has_night_shifts(&self) -> bool {
        self.weekly.iter().chain(self.dates.values()).flatten().any(|shift| shift.to > MIDNIGHT)
    }

    /// The years of the list of holidays, as far as they can be asked about.
    #[must_use]
    pub fn known_years(&self) -> RangeInclusive<i32> {
        let years = self.years.as_ref().unwrap_or(&YEARS);
        *years.start().max(YEARS.start())..=*years.end().min(YEARS.end())
    }

    /// # Errors
    /// A shift that [`parse_hours`](super::shift::parse_hours) would not give.
    pub(super) fn check(&self) -> Result<(), CalendarError> {
        for hours in self.weekly.iter().chain(self.dates.values()) {
            let mut open_until = 0;
            for &shift in hours {
                if shift.from < open_until || shift.from >= MIDNIGHT || shift.to <= shift.from || shift.to > LATEST_END
                {
                    return Err(CalendarError::BadShift { shift });
                }
                open_until = shift.to;
            }
        }
        Ok(())
    }
}
