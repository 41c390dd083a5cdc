//! Times as one number: digits run together, days of a spreadsheet, seconds since 1970.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::cursor::Cursor;
use super::{DAY, clock, on_wall};
use crate::time::Wall;

/// Days between 1899-12-30, the day 0 of spreadsheets from March 1900 on, and 1970-01-01.
const SPREADSHEET: i64 = 25_569;
/// The days of 1954-10-03 and 2119-01-18: other numbers are no dates of a service.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;
/// Years that eight digits may begin with.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2199;

/// The moment of an Excel serial, in the 1900 system. It is rounded to milliseconds, or as far as its digits let see, for
/// `45839.35417` means 8:30 and not 8:30:00.288.
pub fn serial(text: &str) -> Option<Wall> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 5 || !digits(whole) || !digits(decimals) {
        return None;
    }
    let days = whole.parse().ok().filter(|d| SERIALS.contains(d))?;
    let known = decimals.get(..15).unwrap_or(decimals);
    let unit = 10_i128.pow(u32::try_from(known.len()).ok()?);
    let day = i128::from(DAY / 1000);
    // Everything in milliseconds times `unit`, so that nothing is lost.
    let exact = known.parse::<i128>().ok()? * day;
    let nearest = |step: i128| (2 * exact + step * unit) / (2 * step * unit) * step;
    let off = |millis: i128| (millis * unit - exact).abs();
    let whole_second = nearest(1000);
    // Half a unit of the last digit may be missing, unless the digits already make a whole second.
    let millis = match nearest(60_000) {
        _ if off(whole_second) == 0 => whole_second,
        whole_minute if 2 * off(whole_minute) <= day => whole_minute,
        _ if 2 * off(whole_second) <= day => whole_second,
        _ => nearest(1),
    };
    let millis = i64::try_from(millis).ok()?;
    Some((days - SPREADSHEET) * DAY + millis * 1000)
}

/// A moment of UTC since 1970 in units of so many microseconds: ten digits of seconds (September 2001 to the year 2286),
/// thirteen of milliseconds, perhaps with decimals.
pub fn epoch(rest: &mut Cursor, unit: i64, zone: Tz) -> Option<Wall> {
    let length = if unit == 1000 { 13 } else { 10 };
    if rest.run() != length {
        return None;
    }
    let (high, low) = (rest.exactly(length - 9)?, rest.exactly(9)?);
    // Zeros in front belong to a number of something else.
    if high < 10_u32.pow(u32::try_from(length - 10).ok()?) {
        return None;
    }
    let part = if rest.take(b'.') { rest.fraction()? * unit / 1_000_000 } else { 0 };
    let units = i64::from(high) * 1_000_000_000 + i64::from(low);
    rest.is_empty().then(|| on_wall(units * unit + part, zone))
}

/// `20260701`, with `08`, `0830`, `083000` or `083000123` behind it, or a time of day as elsewhere.
pub fn compact(rest: &mut Cursor, zone: Tz) -> Option<Wall> {
    let length = rest.run();
    if !matches!(length, 8 | 10 | 12 | 14 | 17) {
        return None;
    }
    let year = rest.exactly(4).filter(|y| YEARS.contains(y))?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, rest.exactly(2)?, rest.exactly(2)?)?;
    if length == 8 {
        let mut ahead = *rest;
        let apart = ahead.take(b'T') || ahead.blanks();
        if !apart || !matches!(ahead.run(), 4 | 6) {
            return clock::tail(rest)?.moment(date, None, zone);
        }
        *rest = ahead;
    }
    let part = |rest: &mut Cursor| if rest.run() >= 2 { rest.exactly(2) } else { Some(0) };
    let to_the_second = rest.run() >= 6;
    let (hour, minute, second) = (part(rest)?, part(rest)?, part(rest)?);
    let decimals = to_the_second && (rest.take(b'.') || rest.run() == 3);
    let micros = if decimals { rest.fraction()? } else { 0 };
    let time = clock::of_day(hour, minute, second, micros)?;
    rest.blanks();
    let offset = clock::offset(rest)?;
    rest.is_empty().then(|| clock::Tail { time, offset, weekday: None }.moment(date, None, zone)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::values::time::Format;

    fn shown(wall: Option<Wall>) -> String {
        wall.and_then(crate::time::date_time).map_or_else(|| "none".to_owned(), |t| t.to_string())
    }

    #[test]
    fn serials() {
        let cases = [
            ("45839", "2025-07-01 00:00:00"),
            ("45839.5", "2025-07-01 12:00:00"),
            ("45839.3541667", "2025-07-01 08:30:00"),
            ("45839.354166666664", "2025-07-01 08:30:00"),
            ("45839.35417", "2025-07-01 08:30:00"),
            ("45839.3541782407", "2025-07-01 08:30:01"),
            ("45839.354178", "2025-07-01 08:30:01"),
            ("45839.35418", "2025-07-01 08:30:01"),
            ("45839.354172453703", "2025-07-01 08:30:00.500"),
            ("45839.99999999999999999", "2025-07-02 00:00:00"),
            ("45839.005", "2025-07-01 00:07:12"),
            ("45839.354", "2025-07-01 08:30:00"),
            ("20000", "1954-10-03 00:00:00"),
            ("80000", "2119-01-11 00:00:00"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(serial(text)), expected, "{text}");
        }
        for bad in ["", "19999", "80001", "045839", "45839.", ".5", "-45839", "4.58E+04", "45839.3.5", "45839 "] {
            assert_eq!(serial(bad), None, "{bad}");
        }
    }

    #[test]
    fn seconds_and_milliseconds_since_1970() {
        let read = |format: Format, text| shown(format.parse(text, Tz::Asia__Shanghai));
        assert_eq!(read(Format::EpochSeconds, "1782866400"), "2026-07-01 08:40:00");
        assert_eq!(read(Format::EpochSeconds, "1782866400.25"), "2026-07-01 08:40:00.250");
        assert_eq!(read(Format::EpochMillis, "1782866400123"), "2026-07-01 08:40:00.123");
        for bad in ["178286640", "17828664000", "0782866400", "1782866400.", "-1782866400"] {
            assert_eq!(read(Format::EpochSeconds, bad), "none", "{bad}");
        }
        for bad in ["1782866400", "0782866400123"] {
            assert_eq!(read(Format::EpochMillis, bad), "none", "{bad}");
        }
    }

    #[test]
    fn digits_run_together() {
        let read = |text| shown(Format::Compact.parse(text, Tz::Asia__Shanghai));
        let cases = [
            ("20260701", "2026-07-01 00:00:00"),
            ("2026070108", "2026-07-01 08:00:00"),
            ("202607010830", "2026-07-01 08:30:00"),
            ("20260701083015", "2026-07-01 08:30:15"),
            ("20260701083015123", "2026-07-01 08:30:15.123"),
            ("20260701083015.5", "2026-07-01 08:30:15.500"),
            ("20260701T003015Z", "2026-07-01 08:30:15"),
            ("20260701 0830", "2026-07-01 08:30:00"),
            ("20260701 8:30", "2026-07-01 08:30:00"),
            ("20260701240000", "2026-07-02 00:00:00"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
        for bad in
            ["20261301", "01072026", "2026070", "202607011", "2026070125", "2026070108.5", "20260701x", "12345678"]
        {
            assert_eq!(read(bad), "none", "{bad}");
        }
    }
}
