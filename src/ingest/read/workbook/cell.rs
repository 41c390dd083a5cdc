//! What is in a cell becomes text: numbers, serial dates, ISO dates and durations, error codes.
//!
//! Spreadsheets store a date as a number of days, and only the number format of the cell says that it is one. A number
//! comes as the number it is, not as it is shown: `12` in the format `00000` is `12`, not `00012`.

use std::fmt::Write;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use crate::ingest::read::Native;

/// What the number format of a cell makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    #[default]
    Number,
    /// A date, a time of day, or both.
    Moment,
    /// Hours that may exceed a day: `[h]:mm`.
    Duration,
}

/// First serial after 9999-12-31, counted from 1900.
const SERIAL_END: f64 = 2_958_466.0;
const DAY: u64 = 86_400_000;
/// Days between the two systems of counting.
const SYSTEM_1904: f64 = 1_462.0;

/// Writes a number as its format wants it.
pub fn write_number(value: f64, look: Look, since_1904: bool, out: &mut String) -> Native {
    match look {
        Look::Moment => write_serial(value, since_1904, out),
        Look::Duration if value.is_finite() && value.abs() < SERIAL_END => {
            write_duration(value, out);
            Native::Text
        }
        Look::Number | Look::Duration => write_decimal(value, out),
    }
}

/// The shortest decimal that reads back as the same number, without exponent.
pub fn write_decimal(value: f64, out: &mut String) -> Native {
    // Negative zero is a zero.
    let _ = write!(out, "{}", if value == 0.0 { 0.0 } else { value });
    if value.is_finite() { Native::Number } else { Native::Text }
}

/// Writes a number that stands in a file as text; `false` where it is none. Whole numbers keep all their digits, even
/// those that a double could not hold.
pub fn write_literal(text: &str, out: &mut String) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.len() <= 38 && digits.bytes().all(|b| b.is_ascii_digit());
    if whole && digits.bytes().next().is_some_and(|b| b != b'0') {
        out.push_str(text);
        return true;
    }
    match literal(text) {
        Some(value) => {
            write_decimal(value, out);
            true
        }
        None => false,
    }
}

/// A finite number; not the `inf` and `nan` that Rust would read.
pub fn literal(text: &str) -> Option<f64> {
    let text = text.trim();
    let decimal = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse().ok().filter(|v: &f64| decimal && v.is_finite())
}

/// A serial as date and time; below 1 it is a time of day only. What no calendar has stays a number.
fn write_serial(value: f64, since_1904: bool, out: &mut String) -> Native {
    let limit = if since_1904 { SERIAL_END - SYSTEM_1904 } else { SERIAL_END };
    if !(0.0..limit).contains(&value) {
        return write_decimal(value, out);
    }
    let Some(total) = milliseconds(value) else { return write_decimal(value, out) };
    let (days, rest) = (total / DAY, total % DAY);
    if value < 1.0 && days == 0 {
        write_clock(rest, out);
        return Native::Text;
    }
    // 1900 counts a 29 February that never was: the days before it lie one later than the rest.
    let (epoch, days) = match (since_1904, days) {
        (true, days) => (NaiveDate::from_ymd_opt(1904, 1, 1), days),
        (false, 60) => {
            out.push_str("1900-02-29 ");
            write_clock(rest, out);
            return Native::Text;
        }
        (false, days) => (NaiveDate::from_ymd_opt(1899, 12, 30), if days < 60 { days + 1 } else { days }),
    };
    match epoch.and_then(|e| e.checked_add_days(Days::new(days))).filter(|d| d.year() <= 9999) {
        Some(date) => {
            write_date(date, out);
            out.push(' ');
            write_clock(rest, out);
            Native::Time
        }
        None => write_decimal(value, out),
    }
}

/// Days to milliseconds. Serials are doubles: 8:30 is stored a little before or after 8:30.
fn milliseconds(days: f64) -> Option<u64> {
    let total = (days * 86_400_000.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole and in range")]
    (0.0..3e14).contains(&total).then_some(total as u64)
}

fn write_date(date: NaiveDate, out: &mut String) {
    let _ = write!(out, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
}

/// `08:30:00`, with thousandths where there are any.
fn write_clock(milliseconds: u64, out: &mut String) {
    let (seconds, thousandths) = (milliseconds / 1000, milliseconds % 1000);
    let _ = write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if thousandths > 0 {
        let _ = write!(out, ".{thousandths:03}");
    }
}

fn write_duration(days: f64, out: &mut String) {
    if let Some(total) = milliseconds(days.abs()) {
        if days < 0.0 && total > 0 {
            out.push('-');
        }
        write_clock(total, out);
    }
}

/// A date as ISO 8601 writes it (`2026-07-01`, `2026-07-01T08:30:00`, `08:30:00`). What is none, or carries a zone, stays
/// as it is.
pub fn write_iso(text: &str, out: &mut String) -> Native {
    let text = text.trim();
    let moment = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|layout| NaiveDateTime::parse_from_str(text, layout).ok())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|d| d.and_time(NaiveTime::MIN)));
    let in_range = |m: &NaiveDateTime| (0..=9999).contains(&m.year());
    if let Some(moment) = moment.filter(in_range).and_then(|m| round(m.date(), m.time())) {
        write_date(moment.0, out);
        out.push(' ');
        write_clock(moment.1, out);
        return Native::Time;
    }
    let clock = NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok().and_then(|t| round(NaiveDate::MIN, t));
    match clock {
        Some((_, rest)) => write_clock(rest, out),
        None => out.push_str(text),
    }
    Native::Text
}

/// To milliseconds, over midnight where need be.
fn round(date: NaiveDate, time: NaiveTime) -> Option<(NaiveDate, u64)> {
    let nanos = u64::from(time.num_seconds_from_midnight()) * 1_000_000_000 + u64::from(time.nanosecond());
    let total = (nanos + 500_000) / 1_000_000;
    Some((date.checked_add_days(Days::new(total / DAY))?, total % DAY))
}

/// A duration as ISO 8601 writes it, `PT08H30M00S`, as `08:30:00`. What is none stays as it is.
pub fn write_iso_duration(text: &str, out: &mut String) -> Native {
    match iso_duration(text.trim()) {
        Some(days) => write_duration(days, out),
        None => out.push_str(text.trim()),
    }
    Native::Text
}

fn iso_duration(text: &str) -> Option<f64> {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let (days, clock) = text.strip_prefix('P')?.split_once('T')?;
    let mut total = if days.is_empty() { 0.0 } else { literal(days.strip_suffix('D')?)? };
    let mut rest = clock;
    while let Some(end) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let (amount, after) = rest.split_at(end);
        let per_day = match after.get(..1)? {
            "H" => 24.0,
            "M" => 1_440.0,
            "S" => 86_400.0,
            _ => return None,
        };
        total += literal(amount)? / per_day;
        rest = after.get(1..)?;
    }
    (rest.is_empty() && total < SERIAL_END).then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_become_dates_times_and_durations() {
        let cases = [
            (46_204.0, Look::Moment, false, "2026-07-01 00:00:00", Native::Time),
            (46_204.354_166_666_664, Look::Moment, false, "2026-07-01 08:30:00", Native::Time),
            (46_204.999_999_999_99, Look::Moment, false, "2026-07-02 00:00:00", Native::Time),
            (46_204.000_005_787, Look::Moment, false, "2026-07-01 00:00:00.500", Native::Time),
            (44742.0, Look::Moment, true, "2026-07-01 00:00:00", Native::Time),
            (1.0, Look::Moment, false, "1900-01-01 00:00:00", Native::Time),
            (59.0, Look::Moment, false, "1900-02-28 00:00:00", Native::Time),
            (60.0, Look::Moment, false, "1900-02-29 00:00:00", Native::Text),
            (61.0, Look::Moment, false, "1900-03-01 00:00:00", Native::Time),
            (2_958_465.5, Look::Moment, false, "9999-12-31 12:00:00", Native::Time),
            (2_958_466.0, Look::Moment, false, "2958466", Native::Number),
            (2_957_003.5, Look::Moment, true, "9999-12-31 12:00:00", Native::Time),
            (-1.0, Look::Moment, false, "-1", Native::Number),
            (0.354_166_666_666_67, Look::Moment, false, "08:30:00", Native::Text),
            (1.5, Look::Duration, false, "36:00:00", Native::Text),
            (-0.5, Look::Duration, false, "-12:00:00", Native::Text),
            (1e15, Look::Number, false, "1000000000000000", Native::Number),
            (9_007_199_254_740_992.0, Look::Number, false, "9007199254740992", Native::Number),
            (4.5, Look::Number, false, "4.5", Native::Number),
            (-0.0, Look::Number, false, "0", Native::Number),
        ];
        for (value, look, since_1904, text, native) in cases {
            let mut out = String::new();
            let kind = write_number(value, look, since_1904, &mut out);
            assert_eq!((out.as_str(), kind), (text, native), "{value} {look:?}");
        }
    }

    #[test]
    fn literals_keep_their_digits() {
        let cases = [
            ("2024001", Some("2024001")),
            ("12345678901234567890", Some("12345678901234567890")),
            ("1.0", Some("1")),
            ("0.10000000000000001", Some("0.1")),
            ("1E3", Some("1000")),
            ("0", Some("0")),
            ("-7", Some("-7")),
            ("", None),
            ("-", None),
            ("inf", None),
            ("1e999", None),
        ];
        for (text, expected) in cases {
            let mut out = String::new();
            assert_eq!(write_literal(text, &mut out).then_some(out.as_str()), expected, "{text}");
        }
    }

    #[test]
    fn iso_dates_and_durations() {
        let cases = [
            ("2026-07-01", "2026-07-01 00:00:00", Native::Time),
            ("2026-07-01T08:30:00", "2026-07-01 08:30:00", Native::Time),
            ("2026-07-01T08:29:59.999999997", "2026-07-01 08:30:00", Native::Time),
            ("2026-12-31T23:59:59.9999", "2027-01-01 00:00:00", Native::Time),
            ("2026-07-01T08:30:00.25", "2026-07-01 08:30:00.250", Native::Time),
            ("2026-07-01T08:30:00Z", "2026-07-01T08:30:00Z", Native::Text),
            ("08:30:00", "08:30:00", Native::Text),
            ("soon", "soon", Native::Text),
        ];
        for (text, expected, native) in cases {
            let mut out = String::new();
            assert_eq!((write_iso(text, &mut out), out.as_str()), (native, expected), "{text}");
        }
        for (text, expected) in
            [("PT08H30M00S", "08:30:00"), ("PT100H00M00.25S", "100:00:00.250"), ("-PT1H", "-01:00:00"), ("P1Y", "P1Y")]
        {
            let mut out = String::new();
            write_iso_duration(text, &mut out);
            assert_eq!(out, expected, "{text}");
        }
    }
}
