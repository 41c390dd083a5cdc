//! How long somebody has been here.

use chrono::{Datelike, NaiveDate};

/// Completed calendar months from one date to another; negative when `to` is before `from`.
///
/// A month is complete on the day whose day-of-month is that of `from`, or on the last day of a month too short to
/// have it: hired on 31 January, one month is complete on 28 February (29 in a leap year) and three on 30 April.
#[must_use]
pub fn completed_months(from: NaiveDate, to: NaiveDate) -> i32 {
    let months = (to.year() - from.year()) * 12 + to.month0().cast_signed() - from.month0().cast_signed();
    let month_ends = to.succ_opt().is_none_or(|next| next.month() != to.month());
    if to.day() >= from.day() || month_ends { months } else { months - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_completed_on_their_day() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (from, to, months) in [
            ("2026-01-15", "2026-01-15", 0),
            ("2026-01-15", "2026-02-14", 0),
            ("2026-01-15", "2026-02-15", 1),
            ("2025-11-30", "2026-02-27", 2),
            ("2025-11-30", "2026-02-28", 3),
            ("2026-01-31", "2026-02-28", 1),
            ("2024-01-31", "2024-02-28", 0),
            ("2024-01-31", "2024-02-29", 1),
            ("2026-01-31", "2026-04-29", 2),
            ("2026-01-31", "2026-04-30", 3),
            ("2024-02-29", "2025-02-28", 12),
            ("2020-07-01", "2026-06-30", 71),
            ("2026-01-15", "2026-01-14", -1),
            ("2026-01-15", "2025-12-15", -1),
            ("2026-01-15", "2025-12-14", -2),
        ] {
            assert_eq!(completed_months(date(from), date(to)), months, "{from} {to}");
        }
    }
}
