//! Counting working days, which are dates with opening hours, where no time of day matters.

use chrono::NaiveDate;

use super::calendar::Calendar;

impl Calendar {
    /// The date so many working days after a date, which itself does not count; none beyond the years that the calendar knows.
    #[must_use]
    pub fn workday_after(&self, date: NaiveDate, days: i32) -> Option<NaiveDate> {
        let mut left = days;
        let mut day = date;
        while left > 0 {
            day = day.succ_opt().filter(|day| self.knows(*day))?;
            left -= i32::from(self.is_open_day(day));
        }
        Some(day)
    }

    /// Working days after a date, up to and with another one, as far as the calendar knows them.
    #[must_use]
    pub fn workdays_between(&self, date: NaiveDate, until: NaiveDate) -> usize {
        let days = date.iter_days().skip(1).take_while(|day| *day <= until);
        days.filter(|day| self.knows(*day) && self.is_open_day(*day)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{calendar, china, date};

    #[test]
    fn holidays_are_none_and_make_up_days_are_some() {
        let calendar = calendar(&china("08:30-17:30"), chrono_tz::Asia::Shanghai);
        let after = |day: &str, days| calendar.workday_after(date(day), days);
        assert_eq!(after("2026-09-18", 0), Some(date("2026-09-18")));
        // A Friday; the Sunday that follows is a make-up day.
        assert_eq!(after("2026-09-18", 1), Some(date("2026-09-20")));
        // The 8th and 9th of October, and the Saturday of the 10th.
        assert_eq!(after("2026-09-30", 3), Some(date("2026-10-10")));
        assert_eq!(after("2026-12-31", 1), None);
        let between = |from: &str, to: &str| calendar.workdays_between(date(from), date(to));
        assert_eq!(between("2026-09-18", "2026-09-21"), 2);
        assert_eq!(between("2026-09-30", "2026-10-10"), 3);
        assert_eq!(between("2026-09-30", "2026-09-30"), 0);
        assert_eq!(between("2026-10-10", "2026-09-30"), 0);
        assert_eq!(between("2026-12-30", "2027-02-01"), 1);
    }
}
