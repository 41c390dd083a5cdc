//! Laws of working time, on made-up calendars in zones with and without changes of clocks.

use aftersales::time::calendar::{Calendar, CalendarSpec, TimeError};
use aftersales::time::shift::Shift;
use aftersales::time::{MICROS, Wall, zone};
use chrono::{DateTime, NaiveDate, TimeZone, Weekday};
use chrono_tz::Tz;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

use super::wall;

const QUARTER: u32 = 900;
const DAY: i64 = 86_400;

/// Places in the year around which clocks change, with their zones; days are counted from there.
const PLACES: [(Tz, &str); 6] = [
    (Tz::Asia__Shanghai, "2026-02-10"),
    (Tz::Europe__Berlin, "2026-03-25"),
    (Tz::Europe__Berlin, "2026-10-21"),
    (Tz::America__New_York, "2026-03-04"),
    (Tz::America__New_York, "2026-10-28"),
    (Tz::America__Sao_Paulo, "2015-10-14"),
];

/// Days from the place that questions are about.
const DAYS: i64 = 9;

/// Split shifts, whole days, nights that reach into the next day, or nothing.
pub(super) fn hours() -> impl Strategy<Value = Vec<Shift>> {
    let paired = |times: std::collections::BTreeSet<u32>| {
        let times: Vec<u32> = times.into_iter().map(|quarter| quarter * QUARTER).collect();
        times
            .chunks_exact(2)
            .map(|pair| Shift { from: pair[0], to: pair[1] })
            .filter(|shift| shift.from < 86_400)
            .collect()
    };
    prop_oneof![
        1 => Just(Vec::new()),
        1 => Just(vec![Shift { from: 0, to: 86_400 }]),
        4 => btree_set(0_u32..=96, 0..6).prop_map(paired),
        2 => btree_set(0_u32..=192, 0..6).prop_map(paired),
    ]
}

fn weekday() -> impl Strategy<Value = Weekday> {
    (0_u8..7).prop_map(|day| Weekday::try_from(day).unwrap())
}

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) spec: CalendarSpec,
    pub(super) zone: Tz,
    pub(super) first: NaiveDate,
}

impl Case {
    pub(super) fn calendar(&self) -> Calendar {
        Calendar::new(&self.spec, self.zone, self.first, self.first + chrono::Days::new(12)).unwrap()
    }

    /// A moment so many seconds after the midnight that begins the first day.
    pub(super) fn moment(&self, seconds: i64) -> Wall {
        wall(&format!("{}T00:00:00", self.first)) + seconds * MICROS
    }

    /// The wall shows a moment exactly once.
    fn shows_once(&self, wall: Wall) -> bool {
        let shown = DateTime::from_timestamp_micros(wall).unwrap().naive_utc();
        self.zone.from_local_datetime(&shown).single().is_some()
    }

    fn open(&self, second: i64) -> bool {
        let on = |days_back: i64| {
            let day = second.div_euclid(DAY) - days_back;
            let time = u32::try_from(second - day * DAY).unwrap();
            let date = NaiveDate::from_epoch_days(i32::try_from(day).unwrap()).unwrap();
            self.spec.hours_on(date).iter().any(|shift| (shift.from..shift.to).contains(&time))
        };
        on(0) || on(1)
    }

    /// Working seconds between whole minutes, counted minute by minute. What counts is the latest time that the wall
    /// has shown so far: an hour that it shows twice is over at its first end.
    fn minutes_counted(&self, start: Wall, end: Wall) -> i64 {
        let (start, end) = (start / MICROS, end / MICROS);
        let mut latest = i64::MIN;
        let mut seconds = 0;
        for instant in (start - 2 * DAY..end + 2 * DAY).step_by(60) {
            latest = latest.max(zone::to_wall(self.zone, instant));
            if latest >= start && latest < end && self.open(latest) {
                seconds += 60;
            }
        }
        seconds
    }
}

pub(super) fn cases() -> impl Strategy<Value = Case> {
    let place = prop::sample::select(&PLACES[..]);
    let weekly = vec(hours(), 7).prop_map(|days| <[Vec<Shift>; 7]>::try_from(days).unwrap());
    let offset = || 0_u64..10;
    (place, weekly, btree_set(offset(), 0..3), btree_map(offset(), weekday(), 0..3), btree_map(offset(), hours(), 0..3))
        .prop_map(|((zone, first), weekly, holidays, makeup, dates)| {
            let first: NaiveDate = first.parse().unwrap();
            let date = |days| first + chrono::Days::new(days);
            let spec = CalendarSpec {
                weekly,
                holidays: holidays.into_iter().map(date).collect(),
                makeup: makeup.into_iter().map(|(days, weekday)| (date(days), weekday)).collect(),
                dates: dates.into_iter().map(|(days, hours)| (date(days), hours)).collect(),
                years: None,
            };
            Case { spec, zone, first }
        })
}

pub(super) fn micros() -> impl Strategy<Value = i64> {
    0..DAYS * DAY * MICROS
}

proptest! {
    #[test]
    fn adds_up_and_never_shrinks(case in cases(), mut moments in [micros(), micros(), micros()]) {
        moments.sort_unstable();
        let [a, b, c] = moments.map(|micros| case.moment(0) + micros);
        let calendar = case.calendar();
        let worked = |from, to| calendar.working_seconds(from, to).unwrap();
        prop_assert_eq!(worked(a, b) + worked(b, c), worked(a, c));
        prop_assert!(worked(a, b) >= 0 && worked(a, b) <= calendar.clock_seconds(a, b).unwrap());
        prop_assert_eq!(worked(a, a), 0);
        prop_assert_eq!(calendar.working_seconds(c, a - 1), Err(TimeError::EndBeforeStart));
    }

    #[test]
    fn agrees_with_counting_minutes(case in cases(), start in 0..DAYS * 1440, length in 0..DAYS * 1440) {
        let start = case.moment(start * 60);
        let end = start + length * 60 * MICROS;
        prop_assert_eq!(case.calendar().working_seconds(start, end), Ok(case.minutes_counted(start, end)));
    }

    #[test]
    fn a_deadline_uses_its_time_up_and_not_a_second_earlier(
        case in cases(), start in micros(), seconds in 1..20 * DAY,
    ) {
        let (calendar, start) = (case.calendar(), case.moment(0) + start);
        match calendar.deadline(start, seconds) {
            Ok(end) => {
                prop_assert!(end >= start / MICROS * MICROS && end % MICROS == 0);
                // A time that the wall shows twice, or skips, does not tell the instant.
                prop_assume!(case.shows_once(end) && case.shows_once(end - MICROS));
                prop_assert_eq!(calendar.working_seconds(start / MICROS * MICROS, end), Ok(seconds));
                prop_assert_eq!(calendar.working_seconds(start / MICROS * MICROS, end - MICROS), Ok(seconds - 1));
            }
            Err(error) => {
                prop_assert_eq!(error, TimeError::NeverOpen);
                prop_assert!(case.spec.weekly.iter().all(Vec::is_empty));
            }
        }
    }

    #[test]
    fn no_time_runs_out_at_the_next_opening(case in cases(), start in micros()) {
        let (calendar, start) = (case.calendar(), case.moment(0) + start / MICROS * MICROS);
        if let (Ok(none), Ok(one)) = (calendar.deadline(start, 0), calendar.deadline(start, 1)) {
            prop_assume!(case.shows_once(none) && case.shows_once(one));
            prop_assert_eq!(calendar.clock_seconds(none, one), Ok(1));
            prop_assert_eq!(calendar.working_seconds(start, none), Ok(0));
        }
    }

    #[test]
    fn the_clock_is_turned_back(case in cases(), start in micros(), seconds in 0..20 * DAY) {
        let (calendar, start) = (case.calendar(), case.moment(0) + start / MICROS * MICROS);
        let end = calendar.after_clock_seconds(start, seconds);
        prop_assume!(case.shows_once(end));
        prop_assert_eq!(calendar.clock_seconds(start, end), Ok(seconds));
    }
}

proptest! {
    // Laying out three hundred years takes its time.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_was_laid_out_does_not_matter(case in cases(), start in micros(), length in micros(), seconds in 0..20 * DAY) {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let elsewhere = Calendar::new(&case.spec, case.zone, day("1990-01-01"), day("1990-01-02")).unwrap();
        let (calendar, start) = (case.calendar(), case.moment(0) + start);
        let end = start + length;
        prop_assert_eq!(calendar.working_seconds(start, end), elsewhere.working_seconds(start, end));
        prop_assert_eq!(calendar.deadline(start, seconds), elsewhere.deadline(start, seconds));
        prop_assert_eq!(calendar.clock_seconds(start, end), elsewhere.clock_seconds(start, end));
        prop_assert_eq!(calendar.after_clock_seconds(start, seconds), elsewhere.after_clock_seconds(start, seconds));
    }
}
