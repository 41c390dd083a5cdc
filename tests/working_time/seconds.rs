//! The kernel against a counter that looks at every second, on calendars made up to the second.
//!
//! The counter knows neither days nor sums: it goes through the instants of UTC one by one, asks what the wall shows, and
//! looks that up in the calendar's hours. It is slow, and too simple to be wrong.

use aftersales::time::calendar::{Calendar, CalendarSpec, TimeError};
use aftersales::time::pauses::Pauses;
use aftersales::time::shift::{LATEST_END, MIDNIGHT, Shift};
use aftersales::time::target::Target;
use aftersales::time::{MICROS, Wall, zone};
use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

use super::wall;

const DAY: i64 = 86_400;

/// How far the counter goes.
const COUNTED_DAYS: usize = 20;

/// Due times beyond this are not held against it.
const NEAR: i64 = 18 * DAY * MICROS;

/// Days on which clocks change, with their zones, and one without; made-up moments lie from the day before on.
const PLACES: [(Tz, &str); 9] = [
    (Tz::Asia__Shanghai, "2026-02-14"),
    (Tz::Europe__Berlin, "2026-03-29"),
    (Tz::Europe__Berlin, "2026-10-25"),
    (Tz::America__New_York, "2026-11-01"),
    // At midnight, half an hour, from 00:01 into the day before, a whole day.
    (Tz::America__Sao_Paulo, "2015-10-18"),
    (Tz::America__Sao_Paulo, "2015-02-22"),
    (Tz::Australia__Lord_Howe, "2026-04-05"),
    (Tz::America__St_Johns, "2010-11-07"),
    (Tz::Pacific__Apia, "2011-12-30"),
];

/// Opening hours of a day, to the second: none, all day, up to three shifts, nights among them.
fn hours() -> impl Strategy<Value = Vec<Shift>> {
    let shifts = |times: std::collections::BTreeSet<u32>| {
        let times: Vec<u32> = times.into_iter().collect();
        let pairs = times.chunks_exact(2).map(|pair| Shift { from: pair[0], to: pair[1] });
        pairs.filter(|shift| shift.from < MIDNIGHT).collect()
    };
    prop_oneof![
        1 => Just(Vec::new()),
        1 => Just(vec![Shift { from: 0, to: MIDNIGHT }]),
        4 => btree_set(0..=MIDNIGHT, 2..7).prop_map(shifts),
        2 => btree_set(0..=LATEST_END, 2..5).prop_map(shifts),
    ]
}

#[derive(Debug, Clone)]
struct Case {
    spec: CalendarSpec,
    zone: Tz,
    day: NaiveDate,
}

fn cases() -> impl Strategy<Value = Case> {
    let weekly = vec(hours(), 7).prop_map(|days| <[Vec<Shift>; 7]>::try_from(days).unwrap());
    let weekday = || (0_u8..7).prop_map(|day| Weekday::try_from(day).unwrap());
    let dates = || btree_map(0..6_u64, hours(), 0..2);
    (
        prop::sample::select(&PLACES[..]),
        weekly,
        btree_set(0..6_u64, 0..2),
        btree_map(0..6_u64, weekday(), 0..2),
        dates(),
    )
        .prop_map(|((zone, day), weekly, holidays, makeup, dates)| {
            let day: NaiveDate = day.parse().unwrap();
            let date = |days| day - chrono::Days::new(2) + chrono::Days::new(days);
            let spec = CalendarSpec {
                weekly,
                holidays: holidays.into_iter().map(date).collect(),
                makeup: makeup.into_iter().map(|(days, weekday)| (date(days), weekday)).collect(),
                dates: dates.into_iter().map(|(days, hours)| (date(days), hours)).collect(),
                years: None,
            };
            Case { spec, zone, day }
        })
}

/// A moment up to two days and a half after the midnight before the day of the change, in microseconds.
fn moments() -> impl Strategy<Value = i64> {
    0..5 * DAY / 2 * MICROS
}

impl Case {
    fn calendar(&self) -> Calendar {
        Calendar::new(&self.spec, self.zone, self.day, self.day).unwrap()
    }

    fn moment(&self, micros: i64) -> Wall {
        wall(&format!("{}T00:00:00", self.day)) - DAY * MICROS + micros
    }

    fn open(&self, second: i64) -> bool {
        (0..2).any(|back| {
            let day = second.div_euclid(DAY) - back;
            let time = u32::try_from(second - day * DAY).unwrap();
            let date = NaiveDate::from_epoch_days(i32::try_from(day).unwrap()).unwrap();
            self.spec.hours_on(date).iter().any(|shift| (shift.from..shift.to).contains(&time))
        })
    }

    /// The instants from the first at which the wall has shown a moment, each as: the latest time that the wall has
    /// shown by then, and whether that is within opening hours.
    fn instants(&self, from: Wall) -> impl Iterator<Item = (i64, bool)> {
        let from = from.div_euclid(MICROS);
        let mut latest = i64::MIN;
        (from - 2 * DAY..)
            .map(move |instant| {
                latest = latest.max(zone::to_wall(self.zone, instant));
                latest
            })
            .skip_while(move |latest| *latest < from)
            .map(|latest| (latest, self.open(latest)))
    }

    /// Seconds between two moments in which a target counts and no pause stops the clock.
    fn counted(&self, around: bool, start: Wall, end: Wall, pauses: &[(Wall, Wall)]) -> i64 {
        let end = end.div_euclid(MICROS);
        let running = self.instants(start).take_while(|(latest, _)| *latest < end);
        running.filter(|&(latest, open)| (around || open) && !still(latest, pauses)).map(|_| 1).sum()
    }

    /// What the wall shows when so many seconds have been counted; none beyond [`COUNTED_DAYS`].
    fn due(&self, around: bool, start: Wall, mut seconds: i64, pauses: &[(Wall, Wall)]) -> Option<i64> {
        for (place, (latest, open)) in self.instants(start).enumerate().take(COUNTED_DAYS * 86_400) {
            seconds -= i64::from((around || open) && !still(latest, pauses));
            if seconds == 0 {
                let first = zone::to_utc(self.zone, start.div_euclid(MICROS));
                return Some(zone::to_wall(self.zone, first + i64::try_from(place).unwrap() + 1));
            }
        }
        None
    }
}

fn still(second: i64, pauses: &[(Wall, Wall)]) -> bool {
    pauses.iter().any(|(begin, end)| (begin.div_euclid(MICROS)..end.div_euclid(MICROS)).contains(&second))
}

fn stretches() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let length = prop_oneof![0..4 * 3600 * MICROS, 0..2 * DAY * MICROS];
    vec((moments(), length).prop_map(|(begin, length)| (begin, begin + length)), 0..4)
}

proptest! {
    // Each case looks at some hundred thousand seconds.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn durations(case in cases(), a in moments(), b in moments(), stretches in stretches(), around: bool) {
        let (start, end) = (case.moment(a.min(b)), case.moment(a.max(b)));
        let stretches: Vec<_> = stretches.iter().map(|&(begin, end)| (case.moment(begin), case.moment(end))).collect();
        let target = around.then_some(Target::Clock { seconds: 1 });
        let (calendar, pauses) = (case.calendar(), Pauses::new(stretches.clone()));
        let whole = calendar.elapsed(target, start, end).unwrap();
        prop_assert_eq!(whole, case.counted(around, start, end, &[]));
        let paused = calendar.paused(target, start, end, &pauses).unwrap();
        prop_assert_eq!(whole - paused, case.counted(around, start, end, &stretches));
    }

    #[test]
    fn deadlines(case in cases(), start in moments(), seconds in 1..30 * 3600_i64, stretches in stretches(), around: bool) {
        let start = case.moment(start);
        let stretches: Vec<_> = stretches.iter().map(|&(begin, end)| (case.moment(begin), case.moment(end))).collect();
        let target = if around { Target::Clock { seconds } } else { Target::Working { seconds } };
        let calendar = case.calendar();
        let second = |wall: Wall| wall.div_euclid(MICROS);
        match calendar.due(start, target) {
            Ok(due) => {
                prop_assume!(due.at < start + NEAR);
                prop_assert_eq!(Some(second(due.at)), case.due(around, start, seconds, &[]));
                let at = calendar.postponed(due, start, target, &Pauses::new(stretches.clone())).unwrap();
                prop_assume!(at < start + NEAR);
                prop_assert_eq!(Some(second(at)), case.due(around, start, seconds, &stretches));
            }
            Err(error) => {
                prop_assert_eq!(error, TimeError::NeverOpen);
                prop_assert_eq!(case.due(around, start, seconds, &[]), None);
            }
        }
    }
}
