//! What the generator knows of 2026: the days off and the make-up workdays in China, and the working hours
//! Mon–Fri 08:30–12:00 and 13:00–17:30; the hotline is there every day from 08:00 to 20:00. Written apart from the tool, so that the two can disagree.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

/// Public holidays of 2026, first and last day.
const OFF: [((u32, u32), (u32, u32)); 7] = [
    ((1, 1), (1, 3)),
    ((2, 15), (2, 23)),
    ((4, 4), (4, 6)),
    ((5, 1), (5, 5)),
    ((6, 19), (6, 21)),
    ((9, 25), (9, 27)),
    ((10, 1), (10, 7)),
];
/// Saturdays and Sundays of 2026 that are worked.
const MAKE_UP: [(u32, u32); 6] = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];
/// Opening hours in seconds from midnight.
const HOURS: [(i64, i64); 2] = [(30_600, 43_200), (46_800, 63_000)];
/// Hours of the hotline.
const LINE: (i64, i64) = (28_800, 72_000);

pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a date of 2026")
}

/// A moment of 2026.
pub fn at(month: u32, on: u32, hour: u32, minute: u32, second: u32) -> NaiveDateTime {
    day(month, on).and_hms_opt(hour, minute, second).expect("a time of day")
}

pub fn is_make_up(date: NaiveDate) -> bool {
    MAKE_UP.contains(&(date.month(), date.day()))
}

pub fn is_holiday(date: NaiveDate) -> bool {
    let key = (date.month(), date.day());
    OFF.iter().any(|(first, last)| *first <= key && key <= *last)
}

pub fn is_workday(date: NaiveDate) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    is_make_up(date) || !(weekend || is_holiday(date))
}

fn seconds_of_day(t: NaiveDateTime) -> i64 {
    (t - t.date().and_time(NaiveTime::MIN)).num_seconds()
}

/// Whether somebody works at this moment.
pub fn is_open(t: NaiveDateTime) -> bool {
    let s = seconds_of_day(t);
    is_workday(t.date()) && HOURS.iter().any(|(from, to)| *from <= s && s < *to)
}

/// The moment at which so many working seconds after `start` are used up.
pub fn advance(start: NaiveDateTime, seconds: i64) -> NaiveDateTime {
    let (mut date, mut now, mut left) = (start.date(), seconds_of_day(start), seconds);
    loop {
        if is_workday(date) {
            for (from, to) in HOURS {
                let begin = now.max(from);
                if begin < to && left <= to - begin {
                    return date.and_time(NaiveTime::MIN) + Duration::seconds(begin + left);
                }
                left -= (to - begin).max(0);
            }
        }
        date = date.succ_opt().expect("years to go");
        now = 0;
    }
}

/// Working seconds between two moments; none if the second is not later.
pub fn worked(from: NaiveDateTime, to: NaiveDateTime) -> i64 {
    let days = from.date().iter_days().take_while(|day| *day <= to.date()).filter(|day| is_workday(*day));
    let within = |day: NaiveDate| {
        let second = |t: NaiveDateTime| (t - day.and_time(NaiveTime::MIN)).num_seconds();
        HOURS.iter().map(|(open, close)| (second(to).min(*close) - second(from).max(*open)).max(0)).sum::<i64>()
    };
    days.map(within).sum()
}

/// The moment at which the hotline, open from eight to eight on every day, has used so many seconds after `start`.
pub fn advance_on_the_line(start: NaiveDateTime, seconds: i64) -> NaiveDateTime {
    let (mut date, mut now, mut left) = (start.date(), seconds_of_day(start), seconds);
    loop {
        let begin = now.max(LINE.0);
        if begin < LINE.1 && left <= LINE.1 - begin {
            return date.and_time(NaiveTime::MIN) + Duration::seconds(begin + left);
        }
        left -= (LINE.1 - begin).max(0);
        date = date.succ_opt().expect("years to go");
        now = 0;
    }
}

/// The last moment of a month.
pub fn month_end(month: u32) -> NaiveDateTime {
    day(month + 1, 1).and_time(NaiveTime::MIN) - Duration::seconds(1)
}
