//! Opening hours of one day.

use std::fmt;

/// Seconds from midnight to midnight.
pub const MIDNIGHT: u32 = 86_400;

/// The latest moment at which a shift may end: 48:00, the end of the next day.
pub const LATEST_END: u32 = 2 * MIDNIGHT;

/// A stretch of opening hours, in seconds of the wall clock from the midnight that begins its day.
///
/// A shift past midnight belongs to the day on which it begins: `22:00-06:00` is 22:00 to 30:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shift {
    /// First second of the shift, before 24:00.
    pub from: u32,
    /// First second after the shift, at most 48:00.
    pub to: u32,
}

/// What is wrong with opening hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShiftError {
    /// Nothing is written at all.
    #[error("no opening hours are given; write `closed` for a day without")]
    Missing,
    /// A word is no shift.
    #[error("`{word}` is not understood; opening hours look like `08:30-12:00 13:00-17:30` or `closed`")]
    NotUnderstood {
        /// The word as written.
        word: String,
    },
    /// A shift ends when it begins.
    #[error("`{word}` is empty; a whole day is `00:00-24:00`")]
    Empty {
        /// The shift as written.
        word: String,
    },
    /// Two shifts of a day share time.
    #[error("`{first}` and `{second}` overlap")]
    Overlapping {
        /// The earlier of the two, as written.
        first: String,
        /// The later of the two, as written.
        second: String,
    },
}

/// Reads the opening hours of a day: `08:30-12:00 13:00-17:30`, `00:00-24:00`, `22:00-06:00` or `closed`.
///
/// The shifts come back sorted. They may touch, but not overlap; `closed` gives none.
///
/// # Errors
/// A word that is no shift, a shift without length, two shifts that overlap, or nothing at all.
pub fn parse_hours(text: &str) -> Result<Vec<Shift>, ShiftError> {
    if text.trim() == "closed" {
        return Ok(Vec::new());
    }
    let mut shifts =
        text.split_whitespace().map(|word| Ok((parse_shift(word)?, word))).collect::<Result<Vec<_>, ShiftError>>()?;
    if shifts.is_empty() {
        return Err(ShiftError::Missing);
    }
    shifts.sort_unstable();
    for pair in shifts.windows(2) {
        if let [(one, first), (two, second)] = pair
            && two.from < one.to
        {
            return Err(ShiftError::Overlapping { first: (*first).to_owned(), second: (*second).to_owned() });
        }
    }
    Ok(shifts.into_iter().map(|(shift, _)| shift).collect())
}

fn parse_shift(word: &str) -> Result<Shift, ShiftError> {
    let not_understood = || ShiftError::NotUnderstood { word: word.to_owned() };
    let (from, to) = word.split_once('-').ok_or_else(not_understood)?;
    let from = parse_time(from).ok_or_else(not_understood)?;
    let mut to = parse_time(to).ok_or_else(not_understood)?;
    if from >= MIDNIGHT || to > LATEST_END {
        return Err(not_understood());
    }
    if from == to {
        return Err(ShiftError::Empty { word: word.to_owned() });
    }
    if to < from {
        to += MIDNIGHT;
    }
    Ok(Shift { from, to })
}

/// `8:30`, `08:30` or `08:30:15` in seconds from midnight; hours up to 48.
fn parse_time(text: &str) -> Option<u32> {
    let mut parts = text.split(':');
    let hours = digits(parts.next()?, 1..=2)?;
    let minutes = digits(parts.next()?, 2..=2)?;
    let seconds = parts.next().map_or(Some(0), |part| digits(part, 2..=2))?;
    (parts.next().is_none() && minutes < 60 && seconds < 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only an end after 24:00 wraps: 24:00 itself stays readable as the end of the day.
        let to = if self.to > MIDNIGHT && self.to - MIDNIGHT < self.from { self.to - MIDNIGHT } else { self.to };
        write!(f, "{}-{}", Clock(self.from), Clock(to))
    }
}

struct Clock(u32);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60)?;
        match self.0 % 60 {
            0 => Ok(()),
            seconds => write!(f, ":{seconds:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: u32 = 3600;

    fn shifts(text: &str) -> Vec<(u32, u32)> {
        parse_hours(text).unwrap().into_iter().map(|shift| (shift.from, shift.to)).collect()
    }

    #[test]
    fn hours_are_read_and_sorted() {
        assert_eq!(shifts("13:00-17:30 08:30-12:00"), [(30_600, 12 * H), (13 * H, 63_000)]);
        assert_eq!(shifts("  8:30-12:00\t12:00-13:00:30 "), [(30_600, 12 * H), (12 * H, 46_830)]);
        assert_eq!(shifts("00:00-24:00"), [(0, 24 * H)]);
        assert_eq!(shifts("22:00-06:00"), [(22 * H, 30 * H)]);
        assert_eq!(shifts("22:00-30:00"), [(22 * H, 30 * H)]);
        assert_eq!(shifts("18:00-00:00"), [(18 * H, 24 * H)]);
        assert_eq!(shifts("00:00-02:00 22:00-06:00"), [(0, 2 * H), (22 * H, 30 * H)]);
        assert_eq!(shifts("closed"), []);
    }

    #[test]
    fn mistakes_name_the_word() {
        for word in ["9", "9-17", "09:00", "09:00–17:00", "24:00-25:00", "09:60-10:00", "+9:00-10:00", "9:0-10:00"] {
            let error = parse_hours(&format!("07:00-08:00 {word}")).unwrap_err();
            assert_eq!(error, ShiftError::NotUnderstood { word: word.to_owned() });
        }
        for word in ["09:00-49:00", "1:2:3:4-5:00", "-", "closed", "09:00:61-10:00"] {
            let error = parse_hours(&format!("07:00-08:00 {word}")).unwrap_err();
            assert_eq!(error, ShiftError::NotUnderstood { word: word.to_owned() });
        }
        assert_eq!(parse_hours(" "), Err(ShiftError::Missing));
        assert_eq!(parse_hours("09:00-09:00"), Err(ShiftError::Empty { word: "09:00-09:00".to_owned() }));
        assert_eq!(
            parse_hours("12:00-14:00 08:00-12:01").unwrap_err().to_string(),
            "`08:00-12:01` and `12:00-14:00` overlap"
        );
        assert!(matches!(parse_hours("22:00-06:00 23:00-23:30"), Err(ShiftError::Overlapping { .. })));
    }

    #[test]
    fn shown_as_written() {
        for text in ["08:30-12:00", "00:00-24:00", "22:00-06:00", "09:00:15-10:00", "12:00-24:00", "06:00-31:00"] {
            assert_eq!(parse_hours(text).unwrap()[0].to_string(), text);
        }
    }
}
