//! Formats that the plan gives in `strftime` notation.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::cursor::Cursor;
use super::date::{MONTHS, Order, Written, century};
use super::{Format, clock};
use crate::time::Wall;

/// A specifier of a format, or what stands between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Hour,
    Hour12,
    HalfOfDay,
    Minute,
    Second,
    Fraction,
    Zone,
    Weekday,
    Epoch,
    Blank,
    Literal(char),
}

use Item::{
    Blank, Day, Epoch, Fraction, HalfOfDay, Hour, Hour12, Literal, Minute, Month, MonthName, Second, ShortYear,
    Weekday, Year, Zone,
};

/// Each specifier and what it stands for. Names are read in full and short, days with a blank or a zero in front.
const SPECIFIERS: [(char, Item); 17] = [
    ('Y', Year),
    ('y', ShortYear),
    ('m', Month),
    ('b', MonthName),
    ('B', MonthName),
    ('d', Day),
    ('e', Day),
    ('H', Hour),
    ('I', Hour12),
    ('p', HalfOfDay),
    ('M', Minute),
    ('S', Second),
    ('f', Fraction),
    ('z', Zone),
    ('a', Weekday),
    ('A', Weekday),
    ('s', Epoch),
];

impl Item {
    pub fn specifier(&self) -> String {
        match self {
            Blank => " ".to_owned(),
            Literal(c) => c.to_string(),
            item => {
                SPECIFIERS.iter().find(|(_, i)| i == item).map_or_else(String::new, |(letter, _)| format!("%{letter}"))
            }
        }
    }

    const fn is_number(self) -> bool {
        matches!(self, Year | ShortYear | Month | Day | Hour | Hour12 | Minute | Second)
    }

    const fn is_of_date(self) -> bool {
        matches!(self, Year | ShortYear | Month | MonthName | Day)
    }
}

/// The format that the plan gives in `strftime` notation; `None` where a specifier is unknown. One that a column could be
/// found to have is that format, with all that may follow its dates.
pub fn given(text: &str) -> Option<Format> {
    let mut items = Vec::new();
    let mut chars = text.trim().chars();
    while let Some(c) = chars.next() {
        items.push(match c {
            '%' => {
                let letter = chars.next()?;
                SPECIFIERS.iter().find(|(known, _)| *known == letter)?.1
            }
            c if c.is_whitespace() => Blank,
            // Cells are read with full-width signs made narrow.
            c => Literal(super::text::narrow(c.encode_utf8(&mut [0; 4])).chars().next()?),
        });
    }
    // A `Z` behind a time of day says that it is one of UTC.
    if let [.., Minute | Second | Fraction, zone @ Literal('Z')] = items.as_mut_slice() {
        *zone = Zone;
    }
    Some(usual(&items).unwrap_or(Format::Given(items)))
}

/// The format among those that are found without a plan.
fn usual(items: &[Item]) -> Option<Format> {
    let numbers = |order, short_year, separator: &char| {
        let separator = u8::try_from(*separator).ok().filter(|s| b"-/.".contains(s))?;
        Some(Written::Numbers { order, short_year, separator })
    };
    let (written, tail) = match items {
        [Epoch] => return Some(Format::EpochSeconds),
        [Year, Month, Day] | [Year, Month, Day, Hour] | [Year, Month, Day, Hour, Minute] => {
            return Some(Format::Compact);
        }
        [Year, Month, Day, Hour, Minute, Second] => return Some(Format::Compact),
        [Year, Literal('年'), Month, Literal('月'), Day, Literal('日'), tail @ ..] => (Written::Chinese, tail),
        [y @ (Year | ShortYear), Literal(s), Month, Literal(t), Day, tail @ ..] if s == t => {
            (numbers(Order::YearFirst, *y == ShortYear, s)?, tail)
        }
        [Day, Literal(s), Month, Literal(t), y @ (Year | ShortYear), tail @ ..] if s == t => {
            (numbers(Order::DayFirst, *y == ShortYear, s)?, tail)
        }
        [Month, Literal(s), Day, Literal(t), y @ (Year | ShortYear), tail @ ..] if s == t => {
            (numbers(Order::MonthFirst, *y == ShortYear, s)?, tail)
        }
        _ => return None,
    };
    is_clock(tail).then_some(Format::Dated(written))
}

/// Whether all that these items read is read after any date: a time of day, perhaps with half of the day and zone.
fn is_clock(tail: &[Item]) -> bool {
    let (half_stands_behind, tail) = match tail {
        [] => return true,
        [Blank, HalfOfDay, Blank, Hour12, tail @ ..]
        | [Blank, HalfOfDay, Hour12, tail @ ..]
        | [Blank | Literal('T'), Hour, tail @ ..] => (false, tail),
        [Blank, Hour12, tail @ ..] => (true, tail),
        _ => return false,
    };
    let ([Literal(':'), Minute, Literal(':'), Second, Literal('.'), Fraction, tail @ ..]
    | [Literal(':'), Minute, Literal(':'), Second, tail @ ..]
    | [Literal(':'), Minute, tail @ ..]
    | [Literal('时'), Minute, Literal('分'), Second, Literal('秒'), tail @ ..]
    | [Literal('时'), Minute, Literal('分'), tail @ ..]) = tail
    else {
        return false;
    };
    let tail = match tail {
        [Blank, HalfOfDay, tail @ ..] | [HalfOfDay, tail @ ..] if half_stands_behind => tail,
        _ if half_stands_behind => return false,
        tail => tail,
    };
    matches!(tail, [] | [Zone] | [Blank, Zone])
}

/// What has been read of a time.
#[derive(Debug, Default)]
struct Parts {
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    hour: Option<u32>,
    minute: Option<u32>,
    second: Option<u32>,
    micros: i64,
    half: Option<clock::Half>,
    offset: Option<i64>,
    weekday: Option<usize>,
}

/// Reads a text item by item. It may end early where its date is whole and its time of day, if it has begun, has minutes.
pub fn read(mut rest: Cursor, items: &[Item], zone: Tz) -> Option<Wall> {
    let mut parts = Parts::default();
    for (index, item) in items.iter().enumerate() {
        let (past, to_come) = items.split_at_checked(index)?;
        let before = past.last();
        // What only separates goes with what it separates.
        let between = |i: &Item| matches!(i, Blank | Literal(_));
        if rest.is_empty() && between(item) && !before.is_some_and(between) && parts.may_end(to_come) {
            break;
        }
        // Numbers that touch have all their digits, or no one could tell them apart.
        let touches = [before, to_come.get(1)].into_iter().flatten().any(|i| i.is_number());
        parts.take(*item, touches, &mut rest)?;
    }
    if !rest.is_empty() {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(parts.year?).ok()?, parts.month?, parts.day?)?;
    let hour = match (parts.half, parts.hour) {
        (Some(half), hour) => half.hour(hour?)?,
        (None, hour) => hour.unwrap_or(0),
    };
    let time = clock::of_day(hour, parts.minute.unwrap_or(0), parts.second.unwrap_or(0), parts.micros)?;
    let tail = clock::Tail { time, offset: parts.offset, weekday: parts.weekday };
    tail.moment(date, None, zone)
}

impl Parts {
    fn take(&mut self, item: Item, touches: bool, rest: &mut Cursor) -> Option<()> {
        let two = |rest: &mut Cursor| if touches { rest.exactly(2) } else { rest.number(2) };
        match item {
            Year => self.year = Some(rest.exactly(4)?),
            ShortYear => self.year = Some(century(rest.exactly(2)?)?),
            Month => self.month = Some(two(rest)?),
            MonthName => self.month = Some(u32::try_from(rest.take_name(&MONTHS)? + 1).ok()?),
            Day => {
                rest.blanks();
                self.day = Some(two(rest)?);
            }
            Hour | Hour12 => self.hour = Some(two(rest)?),
            Minute => self.minute = Some(two(rest)?),
            Second => self.second = Some(two(rest)?),
            Fraction => self.micros = rest.fraction()?,
            HalfOfDay => self.half = Some(clock::half(rest)?),
            Zone => self.offset = Some(clock::offset(rest)??),
            Weekday => self.weekday = Some(clock::weekday(rest)?),
            // A number can only be told from the one before it by a blank.
            Blank if !rest.blanks() && rest.is_within_number() => return None,
            Blank => {}
            Literal(c) => rest.take_text(c.encode_utf8(&mut [0; 4])).then_some(())?,
            Epoch => return None,
        }
        Some(())
    }

    /// Whether a text may end before these items.
    fn may_end(&self, to_come: &[Item]) -> bool {
        let half_way = match self.hour {
            Some(_) => to_come.iter().any(|i| matches!(i, Minute | HalfOfDay)),
            None => self.half.is_some(),
        };
        !half_way && !to_come.iter().any(|i| i.is_of_date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(format: &str, text: &str) -> Option<String> {
        let wall = given(format).unwrap().parse(text, Tz::Asia__Shanghai)?;
        crate::time::date_time(wall).map(|t| t.to_string())
    }

    #[test]
    fn formats_of_the_plan() {
        let cases = [
            ("%d-%m-%Y %H:%M", "29-02-2016 01:16", "2016-02-29 01:16:00"),
            ("%d-%m-%Y %H:%M", "29-02-2016 01:16:05", "2016-02-29 01:16:05"),
            ("%d-%m-%Y %H:%M", "29-02-2016", "2016-02-29 00:00:00"),
            ("%d-%b-%y", "26-Aug-23", "2023-08-26 00:00:00"),
            ("%d %B %Y", " 26  August 2023", "2023-08-26 00:00:00"),
            ("%e %b %Y", " 6 Aug 2023", "2023-08-06 00:00:00"),
            ("%m/%d/%Y %I:%M:%S %p", "7/1/2026 12:05:00 AM", "2026-07-01 00:05:00"),
            ("%m/%d/%Y %I:%M %p", "07/01/2026 1:05 pm", "2026-07-01 13:05:00"),
            ("%m/%d/%y", "07/01/26", "2026-07-01 00:00:00"),
            ("%Y年%m月%d日 %H时%M分", "2026年7月1日 8时30分", "2026-07-01 08:30:00"),
            ("%Y年%m月%d日 %p%I:%M", "2026年7月1日 下午8:30", "2026-07-01 20:30:00"),
            ("%Y/%m/%d　%H：%M", "２０２６/7/1 8:30", "2026-07-01 08:30:00"),
            ("%Y%m%d", "20260701", "2026-07-01 00:00:00"),
            ("%Y%m%d%H", "2026070108", "2026-07-01 08:00:00"),
            ("%s", "1782866400", "2026-07-01 08:40:00"),
            ("%d.%m.%Y um %H.%M", "01.07.2026 um 8.30", "2026-07-01 08:30:00"),
            ("%d.%m.%Y um %H.%M", "01.07.2026", "2026-07-01 00:00:00"),
            ("%d%m%Y", "01072026", "2026-07-01 00:00:00"),
            ("%a, %d %b %Y %H:%M:%S %z", "Wed, 01 Jul 2026 08:30:00 +0200", "2026-07-01 14:30:00"),
            ("%Y-%m-%dT%H:%M:%S.%f%z", "2026-07-01T00:30:00.250Z", "2026-07-01 08:30:00.250"),
            ("%Y-%m-%dT%H:%M:%SZ", "2026-07-01T00:30:00Z", "2026-07-01 08:30:00"),
            ("%d.%m.%YT%H.%MZ", "01.07.2026T00.30Z", "2026-07-01 08:30:00"),
            ("%H:%M %d.%m.%Y", "24:00 30.06.2026", "2026-07-01 00:00:00"),
        ];
        for (format, text, expected) in cases {
            assert_eq!(reads(format, text).as_deref(), Some(expected), "{format} {text}");
        }
        assert_eq!(given("%Q"), None);
        assert_eq!(given("%Y-%m-%"), None);
    }

    #[test]
    fn what_does_not_fit_is_not_read() {
        let cases = [
            ("%m/%d/%Y %I:%M %p", "07/01/2026 13:05 pm"),
            ("%d/%m/%Y", "1/2/16"),
            ("%d/%m/%y", "1/2/2016"),
            ("%d%m%Y", "1072026"),
            ("%d.%m.%Y um %H.%M", "01.07.2026 um"),
            ("%d.%m.%Y um %H.%M", "01.07.2026 um 8."),
            ("%d.%m.%Y um %H.%M", "01.07.2026 um 8"),
            ("%d.%m.%Y um %I.%M %p", "01.07.2026 um 8.30"),
            ("%a %d.%m.%Y", "Thu 01.07.2026"),
            ("%H:%M %d.%m.%Y", "24:01 30.06.2026"),
            ("%H:%M %d.%m.%Y", "23:60 30.06.2026"),
            ("%H:%M %d.%m.%Y", ""),
        ];
        for (format, text) in cases {
            assert_eq!(reads(format, text), None, "{format} {text}");
        }
    }

    #[test]
    fn formats_are_shown_as_they_were_given() {
        for format in ["%d.%m.%Y um %H.%M", "%d %b %y %I:%M %p", "%H:%M:%S.%f %z %a %m/%d/%Y"] {
            assert_eq!(given(format).unwrap().describe(), format);
        }
        assert_eq!(given("%d-%m-%Y %H:%M").unwrap().describe(), "31-07-2026 08:30");
    }
}
