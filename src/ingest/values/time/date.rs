//! The ways to write a date.

use chrono::NaiveDate;

use super::cursor::Cursor;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "what comes first is what people call them by")]
pub enum Order {
    YearFirst,
    DayFirst,
    MonthFirst,
}

/// How a date is written. The parts of each way must stand in its order; four digits of a year are never taken for two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Three numbers between separators: `2026-07-01`, `01/07/2026`, `26.07.01`.
    Numbers { order: Order, short_year: bool, separator: u8 },
    /// With the English name of the month: `26-Aug-23`, `Aug 26, 2023`, `2023-Aug-26`.
    Named(Order),
    /// `2026年7月1日`
    Chinese,
}

/// Months in English.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Written {
    /// Takes a date from the front of a text.
    pub fn read(self, rest: &mut Cursor) -> Option<NaiveDate> {
        let (year, month, day) = match self {
            Self::Numbers { order, short_year, separator } => {
                let year = |rest: &mut Cursor| if short_year { century(rest.exactly(2)?) } else { rest.exactly(4) };
                match order {
                    Order::YearFirst => {
                        let year = year(rest)?;
                        (year, then_number(rest, separator)?, then_number(rest, separator)?)
                    }
                    Order::DayFirst | Order::MonthFirst => {
                        let (first, second) = (rest.number(2)?, then_number(rest, separator)?);
                        let year = rest.take(separator).then(|| year(rest)).flatten()?;
                        if order == Order::DayFirst { (year, second, first) } else { (year, first, second) }
                    }
                }
            }
            Self::Named(order) => named(order, rest)?,
            Self::Chinese => chinese(rest)?,
        };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }

    /// What such a date looks like: a day above 12, so that it tells the order.
    pub fn example(self) -> String {
        match self {
            Self::Numbers { order, short_year, separator } => {
                let s = char::from(separator);
                let year = if short_year { "26" } else { "2026" };
                match order {
                    Order::YearFirst => format!("{year}{s}07{s}31"),
                    Order::DayFirst => format!("31{s}07{s}{year}"),
                    Order::MonthFirst => format!("07{s}31{s}{year}"),
                }
            }
            Self::Named(Order::YearFirst) => "2026-Jul-31".to_owned(),
            Self::Named(Order::DayFirst) => "31-Jul-26".to_owned(),
            Self::Named(Order::MonthFirst) => "Jul 31, 2026".to_owned(),
            Self::Chinese => "2026年7月31日".to_owned(),
        }
    }

    /// In the notation of `format`.
    pub fn notation(self) -> String {
        match self {
            Self::Numbers { order, short_year, separator } => {
                let s = char::from(separator);
                let year = if short_year { "%y" } else { "%Y" };
                match order {
                    Order::YearFirst => format!("{year}{s}%m{s}%d"),
                    Order::DayFirst => format!("%d{s}%m{s}{year}"),
                    Order::MonthFirst => format!("%m{s}%d{s}{year}"),
                }
            }
            Self::Named(Order::YearFirst) => "%Y-%b-%d".to_owned(),
            Self::Named(Order::DayFirst) => "%d-%b-%y".to_owned(),
            Self::Named(Order::MonthFirst) => "%b %d, %Y".to_owned(),
            Self::Chinese => "%Y年%m月%d日".to_owned(),
        }
    }
}

/// Two digits of a year, as POSIX has them: 69–99 are 19xx, 00–68 are 20xx.
#[expect(clippy::unnecessary_wraps, reason = "stands where a year of four digits may be missing")]
pub const fn century(two: u32) -> Option<u32> {
    Some(if two < 69 { 2000 + two } else { 1900 + two })
}

fn then_number(rest: &mut Cursor, separator: u8) -> Option<u32> {
    rest.take(separator).then(|| rest.number(2)).flatten()
}

/// A year of four digits, or of two where nothing else can be meant.
fn any_year(rest: &mut Cursor) -> Option<u32> {
    match rest.run() {
        4 => rest.exactly(4),
        2 => century(rest.exactly(2)?),
        _ => None,
    }
}

fn named(order: Order, rest: &mut Cursor) -> Option<(u32, u32, u32)> {
    let between = |rest: &mut Cursor| rest.skip(|b| matches!(b, b'-' | b'/' | b'.' | b',' | b' '));
    let name = |rest: &mut Cursor| {
        between(rest);
        let index = rest.take_name(&MONTHS).and_then(|i| u32::try_from(i).ok())?;
        between(rest);
        Some(index + 1)
    };
    Some(match order {
        Order::YearFirst => {
            let year = rest.exactly(4)?;
            let month = name(rest)?;
            (year, month, rest.number(2)?)
        }
        Order::DayFirst => {
            let day = rest.number(2)?;
            let month = name(rest)?;
            (any_year(rest)?, month, day)
        }
        Order::MonthFirst => {
            let month = name(rest)?;
            let day = rest.number(2)?;
            between(rest).then(|| rest.exactly(4)).flatten().map(|year| (year, month, day))?
        }
    })
}

fn chinese(rest: &mut Cursor) -> Option<(u32, u32, u32)> {
    let mut part = |number: fn(&mut Cursor) -> Option<u32>, units: &[(&str, ())]| {
        let value = number(rest)?;
        rest.blanks();
        rest.take_any(units)?;
        Some(value)
    };
    let year = part(any_year, &[("年", ())])?;
    let month = part(two_digits_after_blanks, &[("月", ())])?;
    let day = part(two_digits_after_blanks, &[("日", ()), ("号", ()), ("號", ())])?;
    Some((year, month, day))
}

fn two_digits_after_blanks(rest: &mut Cursor) -> Option<u32> {
    rest.blanks();
    rest.number(2)
}
