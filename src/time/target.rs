//! Targets: how long something may take.

use std::fmt;

/// The longest target, in hours: ten years. Longer ones are slips of the pen.
pub const LONGEST_HOURS: i64 = 87_600;

/// How long something may take.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Target {
    /// Seconds of working time: `2h`, `90m`, `1h30m`.
    Working {
        /// Working seconds, above zero.
        seconds: i64,
    },
    /// Seconds around the clock: `24h clock`.
    Clock {
        /// Real seconds, above zero.
        seconds: i64,
    },
    /// Working days: `3d`, due at the time of day of the start, or `3d close`, due at closing.
    Days {
        /// Number of working days, above zero.
        days: u32,
        /// Whether it is due at the last closing of the day.
        at_close: bool,
    },
}

/// What is wrong with a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The text is no target.
    #[error("`{text}` is not understood; a target looks like `2h`, `1h30m`, `24h clock`, `3d` or `3d close`")]
    NotUnderstood {
        /// The target as written.
        text: String,
    },
    /// Nothing can be done in no time.
    #[error("a target of zero cannot be met; leave it out if there is none")]
    Zero,
    /// Longer than [`LONGEST_HOURS`].
    #[error("`{text}` is longer than ten years")]
    TooLong {
        /// The target as written.
        text: String,
    },
}

impl Target {
    /// Reads `2h`, `90m`, `45s`, `1h30m`, `24h clock`, `3d` or `3d close`.
    ///
    /// # Errors
    /// A text that is no target, a target of zero, or one longer than ten years.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let not_understood = || TargetError::NotUnderstood { text: text.trim().to_owned() };
        let too_long = || TargetError::TooLong { text: text.trim().to_owned() };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (amount, manner) = match words[..] {
            [amount] => (amount, None),
            [amount, manner] => (amount, Some(manner)),
            _ => return Err(not_understood()),
        };
        let parts = parts(amount).ok_or_else(not_understood)?;
        if let [(days, 'd')] = parts[..] {
            let at_close = match manner {
                None => false,
                Some("close") => true,
                Some(_) => return Err(not_understood()),
            };
            return match u32::try_from(days) {
                Ok(0) => Err(TargetError::Zero),
                Ok(days) if i64::from(days) <= LONGEST_HOURS / 24 => Ok(Self::Days { days, at_close }),
                _ => Err(too_long()),
            };
        }
        let units: Vec<i64> = parts.iter().filter_map(|&(_, unit)| unit_seconds(unit)).collect();
        // Each unit once, the larger first: `30m1h` and `1d2h` are more likely slips than meant.
        if units.len() < parts.len() || !units.windows(2).all(|pair| pair[0] > pair[1]) {
            return Err(not_understood());
        }
        let mut seconds = 0_i64;
        for ((count, _), unit) in parts.iter().zip(units) {
            seconds = count.checked_mul(unit).and_then(|part| seconds.checked_add(part)).ok_or_else(too_long)?;
        }
        match (seconds, manner) {
            (_, Some(manner)) if manner != "clock" => Err(not_understood()),
            (0, _) => Err(TargetError::Zero),
            (LONG.., _) => Err(too_long()),
            (_, Some(_)) => Ok(Self::Clock { seconds }),
            (_, None) => Ok(Self::Working { seconds }),
        }
    }
}

const LONG: i64 = LONGEST_HOURS * 3600 + 1;

fn unit_seconds(unit: char) -> Option<i64> {
    match unit {
        'h' => Some(3600),
        'm' => Some(60),
        's' => Some(1),
        _ => None,
    }
}

/// `1h30m` as `[(1, 'h'), (30, 'm')]`; numbers too large to hold are clipped, and found too long later.
fn parts(text: &str) -> Option<Vec<(i64, char)>> {
    let mut parts = Vec::new();
    let mut number: Option<i64> = None;
    for letter in text.chars() {
        if let Some(digit) = letter.to_digit(10) {
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(i64::from(digit)));
        } else {
            parts.push((number.take()?, letter));
        }
    }
    (number.is_none() && !parts.is_empty()).then_some(parts)
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Working { seconds } => write_seconds(f, seconds),
            Self::Clock { seconds } => {
                write_seconds(f, seconds)?;
                f.write_str(" clock")
            }
            Self::Days { days, at_close: false } => write!(f, "{days}d"),
            Self::Days { days, at_close: true } => write!(f, "{days}d close"),
        }
    }
}

fn write_seconds(f: &mut fmt::Formatter<'_>, seconds: i64) -> fmt::Result {
    let parts = [(seconds / 3600, 'h'), (seconds / 60 % 60, 'm'), (seconds % 60, 's')];
    if seconds == 0 {
        return f.write_str("0s");
    }
    parts.iter().filter(|(count, _)| *count != 0).try_for_each(|(count, unit)| write!(f, "{count}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read() {
        assert_eq!(Target::parse("2h"), Ok(Target::Working { seconds: 7200 }));
        assert_eq!(Target::parse(" 90m "), Ok(Target::Working { seconds: 5400 }));
        assert_eq!(Target::parse("1h30m"), Ok(Target::Working { seconds: 5400 }));
        assert_eq!(Target::parse("1h0m15s"), Ok(Target::Working { seconds: 3615 }));
        assert_eq!(Target::parse("24h  clock"), Ok(Target::Clock { seconds: 86_400 }));
        assert_eq!(Target::parse("3d"), Ok(Target::Days { days: 3, at_close: false }));
        assert_eq!(Target::parse("3d close"), Ok(Target::Days { days: 3, at_close: true }));
    }

    #[test]
    fn mistakes_are_told_apart() {
        for text in [
            "",
            "2",
            "h",
            "h2",
            "2 h",
            "2x",
            "-2h",
            "1.5h",
            "30m1h",
            "1h1h",
            "1d2h",
            "3d clock",
            "2h close",
            "2h close x",
            "两小时",
            "2H",
        ] {
            assert_eq!(Target::parse(text), Err(TargetError::NotUnderstood { text: text.to_owned() }), "{text}");
        }
        for text in ["0h", "0m0s", "0d", "0d close", "0h clock"] {
            assert_eq!(Target::parse(text), Err(TargetError::Zero), "{text}");
        }
        for text in ["87601h", "3651d", "99999999999999999999h", "99999999999999999999d close"] {
            assert_eq!(Target::parse(text), Err(TargetError::TooLong { text: text.to_owned() }), "{text}");
        }
        assert!(Target::parse("87600h").is_ok());
    }

    #[test]
    fn shown_as_written() {
        for text in ["2h", "1h30m", "45s", "24h clock", "3d", "3d close", "1h15s"] {
            assert_eq!(Target::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Target::parse("90m").unwrap().to_string(), "1h30m");
    }
}
