//! Dates as plans write them.

use chrono::NaiveDate;

/// `2026-09-30`, nothing shorter or longer.
pub fn parse(text: &str) -> Option<NaiveDate> {
    let shape = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    shape.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())?
}

/// What to do about a text that is no date.
pub const ADVICE: &str = "write a date of the calendar as \"2026-09-30\"";

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_full_dates_of_the_calendar_count() {
        assert_eq!(parse("2026-02-28"), chrono::NaiveDate::from_ymd_opt(2026, 2, 28));
        for wrong in ["2026-02-29", "2026-2-28", "20260228", "2026/02/28", "+2026-2-28", "2026-02-28 ", "", "二〇二六"]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
