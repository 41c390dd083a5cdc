//! What may follow a date: a time of day, the half of the day, a zone, a weekday.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::cursor::Cursor;
use super::{DAY, SECOND, on_wall};
use crate::time::Wall;

/// All that follows a date.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tail {
    /// Microseconds since midnight; a whole day for 24:00.
    pub time: i64,
    /// Seconds by which the text's own zone is ahead of UTC.
    pub offset: Option<i64>,
    pub weekday: Option<usize>,
}

impl Tail {
    /// The moment of this time of day on a date. A weekday must be that of the date.
    pub fn moment(self, date: NaiveDate, weekday: Option<usize>, zone: Tz) -> Option<Wall> {
        let own = usize::try_from(date.weekday().num_days_from_monday()).ok()?;
        if weekday.or(self.weekday).is_some_and(|w| w != own) {
            return None;
        }
        let wall = i64::from(date.to_epoch_days()) * DAY + self.time;
        Some(self.offset.map_or(wall, |ahead| on_wall(wall - ahead * SECOND, zone)))
    }
}

/// Parts of the day by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    Am,
    Pm,
    /// `上午`, `凌晨`: 12 is midnight.
    Before,
    /// `早上`: no one says when its 12 would be.
    Morning,
    /// `中午`: from eleven to two.
    Noon,
    /// `下午`
    After,
    /// `晚上`: its 12 and 1 may be those of the next day, so they are not read.
    Evening,
}

const HALVES: [(&str, Half); 16] = [
    ("上午", Half::Before),
    ("凌晨", Half::Before),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("清晨", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::After),
    ("晚上", Half::Evening),
    ("傍晚", Half::Evening),
    ("a.m.", Half::Am),
    ("p.m.", Half::Pm),
    ("A.M.", Half::Am),
    ("P.M.", Half::Pm),
    ("午前", Half::Before),
    ("午后", Half::After),
    ("午後", Half::After),
];

impl Half {
    /// The hour of the day; Chinese words go with hours up to 24 too.
    pub const fn hour(self, hour: u32) -> Option<u32> {
        match (self, hour) {
            (Self::Am, 1..=12) | (Self::Before, 0..=12) => Some(hour % 12),
            (Self::Pm, 1..=12) => Some(hour % 12 + 12),
            (Self::After, 1..=11) | (Self::Evening, 5..=11) | (Self::Noon, 1 | 2) => Some(hour + 12),
            (Self::Morning, 1..=11) | (Self::Noon, 11..=14) | (Self::After, 12..=23) | (Self::Evening, 17..=23) => {
                Some(hour)
            }
            _ => None,
        }
    }
}

/// Takes `AM`, `p.m.`, `下午`.
pub fn half(rest: &mut Cursor) -> Option<Half> {
    // A name is known by its first three letters, so `am` is compared in full.
    match rest.take_name(&["am", "pm"]) {
        Some(0) => Some(Half::Am),
        Some(_) => Some(Half::Pm),
        None => rest.take_any(&HALVES),
    }
}

/// Takes a weekday, in parentheses or not: 0 is Monday.
pub fn weekday(rest: &mut Cursor) -> Option<usize> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const WEEK: [(&str, ()); 5] = [("星期", ()), ("周", ()), ("週", ()), ("礼拜", ()), ("禮拜", ())];
    const DAYS: [(&str, usize); 8] =
        [("一", 0), ("二", 1), ("三", 2), ("四", 3), ("五", 4), ("六", 5), ("日", 6), ("天", 6)];
    let mut ahead = *rest;
    let open = ahead.take(b'(');
    let day = match ahead.take_any(&WEEK) {
        Some(()) => ahead.take_any(&DAYS)?,
        None => ahead.take_name(&NAMES)?,
    };
    if open && !ahead.take(b')') {
        return None;
    }
    *rest = ahead;
    Some(day)
}

/// Takes a weekday that stands beside a date, and what separates the two.
pub fn weekday_beside(rest: &mut Cursor) -> Option<usize> {
    let day = weekday(rest)?;
    rest.skip(|b| matches!(b, b',' | b'.'));
    rest.blanks();
    Some(day)
}

/// Reads the text after a date to its end.
pub fn tail(rest: &mut Cursor) -> Option<Tail> {
    let mut tail = Tail::default();
    if rest.is_empty() {
        return Some(tail);
    }
    if rest.take(b'T') {
        tail.time = time_of_day(rest, None)?;
    } else {
        rest.take(b',');
        rest.blanks();
        tail.weekday = weekday_beside(rest);
        let before = half(rest);
        rest.blanks();
        if rest.is_empty() {
            return before.is_none().then_some(tail);
        }
        if rest.is_within_number() {
            return None;
        }
        tail.time = time_of_day(rest, before)?;
    }
    rest.blanks();
    tail.offset = offset(rest)?;
    rest.blanks();
    if !rest.is_empty() && tail.weekday.is_none() {
        tail.weekday = Some(weekday(rest)?);
    }
    rest.is_empty().then_some(tail)
}

/// Takes `8:30`, `08:30:15.25`, `8时30分`, `8点半`, with the half of the day before it or behind it.
fn time_of_day(rest: &mut Cursor, before: Option<Half>) -> Option<i64> {
    const HOUR: [(&str, ()); 4] = [("时", ()), ("時", ()), ("点", ()), ("點", ())];
    let hour = rest.number(2)?;
    let (mut minute, mut second, mut micros) = (0, 0, 0);
    if rest.take(b':') {
        minute = rest.number(2)?;
        if rest.take(b':') {
            second = rest.number(2)?;
            if rest.take(b'.') || rest.take(b',') {
                micros = rest.fraction()?;
            }
        }
    } else {
        rest.take_any(&HOUR)?;
        rest.blanks();
        if rest.take_text("半") {
            minute = 30;
        } else if rest.run() > 0 {
            minute = rest.number(2)?;
            if rest.take_text("分") {
                rest.blanks();
                if rest.run() > 0 {
                    second = rest.number(2)?;
                    rest.take_text("秒").then_some(())?;
                }
            }
        } else {
            rest.take_text("整");
        }
    }
    if rest.is_within_number() {
        return None;
    }
    let half = before.or_else(|| {
        let mut ahead = *rest;
        ahead.blanks();
        half(&mut ahead).inspect(|_| *rest = ahead)
    });
    of_day(half.map_or(Some(hour), |h| h.hour(hour))?, minute, second, micros)
}

/// Microseconds since midnight; 24:00 is the end of the day, and nothing comes after it.
pub fn of_day(hour: u32, minute: u32, second: u32, micros: i64) -> Option<i64> {
    let time = i64::from(hour * 3600 + minute * 60 + second) * SECOND + micros;
    (minute < 60 && second < 60 && (hour < 24 || time == DAY)).then_some(time)
}

/// Takes a zone, in seconds ahead of UTC: `Z`, `+08:00`, `-0530`, `+08`, `GMT`, `UTC+8`. The outer `None` is a sign without a
/// zone behind it.
#[expect(clippy::option_option, reason = "a zone may be absent, present or wrong")]
pub fn offset(rest: &mut Cursor) -> Option<Option<i64>> {
    if rest.take(b'Z') || rest.take(b'z') {
        return Some(Some(0));
    }
    let named = rest.take_text("UTC") || rest.take_text("GMT");
    let sign = match () {
        () if rest.take(b'+') => 1,
        () if rest.take(b'-') => -1,
        () => return Some(named.then_some(0)),
    };
    let hours = match rest.run() {
        1 if named => rest.number(1)?,
        2 | 4 => rest.exactly(2)?,
        _ => return None,
    };
    let colon = rest.take(b':');
    let minutes = match rest.run() {
        0 if !colon => 0,
        2 => rest.exactly(2)?,
        _ => return None,
    };
    // No zone is farther from UTC than 14 hours.
    let seconds = i64::from(hours * 3600 + minutes * 60);
    (minutes < 60 && seconds <= 14 * 3600).then_some(Some(sign * seconds))
}
