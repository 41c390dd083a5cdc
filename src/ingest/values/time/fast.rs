//! Times of three numbers and a clock in plain ASCII, without copies and without second thoughts. Most columns of most dumps
//! hold nothing else; whatever does not fit here is read again by the patient way.

use super::date::Order;
use super::{DAY, SECOND};
use crate::time::Wall;

/// `2026-07-01`, `2026/7/1 8:30`, `2026-07-01T08:30:05.25`, `01/07/2026 08:30`.
pub fn parse(mut bytes: &[u8], order: Order, separator: u8) -> Option<Wall> {
    let rest = &mut bytes;
    let (year, month, day) = if order == Order::YearFirst {
        (year(rest)?, after(rest, separator)?, after(rest, separator)?)
    } else {
        let (first, second) = (digits(rest)?, after(rest, separator)?);
        literal(rest, separator)?;
        if order == Order::DayFirst { (year(rest)?, second, first) } else { (year(rest)?, first, second) }
    };
    let date = midnight(year, month, day)?;
    match **rest {
        [] => return Some(date),
        [b'T', ..] => *rest = &rest[1..],
        [b' ', ..] => *rest = rest.trim_ascii_start(),
        _ => return None,
    }
    let hour = digits(rest)?;
    let minute = after(rest, b':')?;
    if hour > 23 || minute > 59 {
        return None;
    }
    let time = date + i64::from(hour * 3600 + minute * 60) * SECOND;
    if rest.is_empty() {
        return Some(time);
    }
    let second = after(rest, b':')?;
    if second > 59 {
        return None;
    }
    let time = time + i64::from(second) * SECOND;
    if rest.is_empty() {
        return Some(time);
    }
    literal(rest, b'.')?;
    fraction(rest).map(|micros| time + micros)
}

/// The microseconds of the midnight that begins a day, by the proleptic Gregorian calendar.
fn midnight(year: u32, month: u32, day: u32) -> Option<Wall> {
    const LENGTHS: [u32; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = LENGTHS.get(month as usize)? + u32::from(leap && month == 2);
    if day == 0 || day > length {
        return None;
    }
    // Years begin in March, so that a leap day is the last of its year; 400 of them more keep all numbers positive.
    let year = year + 400 - u32::from(month < 3);
    let before_month = (153 * ((month + 9) % 12) + 2) / 5;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + before_month + day - 1;
    // Days from March 1 of the year -400 to 1970.
    Some((i64::from(days) - 865_565) * DAY)
}

fn year(bytes: &mut &[u8]) -> Option<u32> {
    match **bytes {
        [y, e, a, r, ..] if [y, e, a, r].iter().all(u8::is_ascii_digit) => {
            *bytes = &bytes[4..];
            Some([y, e, a, r].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
        }
        _ => None,
    }
}

fn after(bytes: &mut &[u8], separator: u8) -> Option<u32> {
    literal(bytes, separator)?;
    digits(bytes)
}

/// One or two digits from the front.
fn digits(bytes: &mut &[u8]) -> Option<u32> {
    match **bytes {
        [tens, ones, ..] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
            *bytes = &bytes[2..];
            Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
        }
        [ones, ..] if ones.is_ascii_digit() => {
            *bytes = &bytes[1..];
            Some(u32::from(ones - b'0'))
        }
        _ => None,
    }
}

fn literal(bytes: &mut &[u8], expected: u8) -> Option<()> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    (*first == expected).then_some(())
}

/// Digits to the end of the text, as microseconds after a decimal point; finer ones are cut off.
fn fraction(bytes: &[u8]) -> Option<i64> {
    let all_digits = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    all_digits.then(|| (0..6).fold(0, |sum, i| sum * 10 + bytes.get(i).map_or(0, |d| i64::from(d - b'0'))))
}
