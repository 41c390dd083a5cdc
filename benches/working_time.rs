//! The kernel under every clock, and beside it a counter that looks at every second. Figures: `benches/README.md`.
//!
//! Run: `cargo bench --bench working_time`. One item is one clock. All of it runs on one core.

use std::collections::BTreeSet;

use aftersales::time::calendar::{Calendar, CalendarSpec, Due};
use aftersales::time::pauses::Pauses;
use aftersales::time::shift::parse_hours;
use aftersales::time::target::Target;
use aftersales::time::{DAY_SECONDS, MICROS, Wall, wall, zone};
use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use divan::{Bencher, black_box, counter::ItemsCount};

/// Clocks a round.
const CLOCKS: usize = 10_000;

/// The calendars that are asked.
const CALENDARS: [&str; 3] = ["office_in_china", "around_the_clock", "office_in_berlin"];

/// Targets that due times are made for.
const TARGETS: [&str; 4] = ["2h", "24h", "24h clock", "3d close"];

fn main() {
    divan::main();
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn zone_of(name: &str) -> Tz {
    if name == "office_in_berlin" { Tz::Europe__Berlin } else { Tz::Asia__Shanghai }
}

/// Split shifts from Monday to Friday with the holidays and make-up workdays of 2026, or every second of the week.
fn spec(name: &str) -> CalendarSpec {
    let hours = |text| parse_hours(text).expect("hours are well-formed");
    if name == "around_the_clock" {
        return CalendarSpec { weekly: std::array::from_fn(|_| hours("00:00-24:00")), ..CalendarSpec::default() };
    }
    let mut spec = CalendarSpec::default();
    for weekday in 0..5 {
        spec.weekly[weekday] = hours("08:30-12:00 13:00-17:30");
    }
    if name == "office_in_china" {
        let days = |first: NaiveDate, count| first.iter_days().take(count);
        spec.holidays = days(day(2026, 1, 1), 3).chain(days(day(2026, 2, 15), 9)).collect::<BTreeSet<_>>();
        spec.holidays.extend(days(day(2026, 4, 4), 3).chain(days(day(2026, 5, 1), 5)).chain(days(day(2026, 6, 19), 3)));
        spec.holidays.extend(days(day(2026, 9, 25), 3).chain(days(day(2026, 10, 1), 7)));
        for (month, date) in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)] {
            spec.makeup.insert(day(2026, month, date), Weekday::Mon);
        }
    }
    spec
}

fn calendar(name: &str) -> Calendar {
    Calendar::new(&spec(name), zone_of(name), day(2026, 1, 1), day(2026, 12, 31)).expect("the calendar can be laid out")
}

/// A fixed linear congruential sequence below a bound.
fn random() -> impl FnMut(i64) -> i64 {
    let mut state = 42_u64;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap_or_default() % bound
    }
}

/// Starts over a year, and ends up to so many days later.
fn clocks(days: i64) -> Vec<(Wall, Wall)> {
    let first = wall(day(2026, 1, 1).and_hms_opt(0, 0, 0).unwrap_or_default());
    let mut next = random();
    let clock = |_| {
        let start = first + next(330 * DAY_SECONDS) * MICROS;
        (start, start + next(days * DAY_SECONDS) * MICROS)
    };
    (0..CLOCKS).map(clock).collect()
}

/// Three pauses of up to a day for each clock, as they come from a dump: in no order, some overlapping.
fn pauses(clocks: &[(Wall, Wall)]) -> Vec<[(Wall, Wall); 3]> {
    let mut next = random();
    let mut pause = |start: Wall| {
        let begin = start + next(7 * DAY_SECONDS) * MICROS;
        (begin, begin + next(DAY_SECONDS) * MICROS)
    };
    clocks.iter().map(|&(start, _)| [pause(start), pause(start), pause(start)]).collect()
}

#[divan::bench(args = CALENDARS)]
fn working_seconds(bencher: Bencher, name: &str) {
    let (calendar, clocks) = (calendar(name), clocks(14));
    bencher.counter(ItemsCount::new(CLOCKS)).bench_local(|| {
        clocks.iter().filter_map(|(start, end)| calendar.working_seconds(black_box(*start), *end).ok()).sum::<i64>()
    });
}

#[divan::bench(args = CALENDARS)]
fn deadline(bencher: Bencher, name: &str) {
    let (calendar, clocks) = (calendar(name), clocks(14));
    bencher.counter(ItemsCount::new(CLOCKS)).bench_local(|| {
        clocks.iter().filter_map(|(start, _)| calendar.deadline(black_box(*start), 24 * 3600).ok()).sum::<i64>()
    });
}

/// What a ticket costs: when its target falls due, and what it used.
#[divan::bench(args = TARGETS)]
fn due_and_elapsed(bencher: Bencher, target: &str) {
    let (calendar, clocks) = (calendar("office_in_china"), clocks(14));
    let target = Target::parse(target).expect("targets are well-formed");
    bencher.counter(ItemsCount::new(CLOCKS)).bench_local(|| {
        let clock = |&(start, end): &(Wall, Wall)| {
            let due: Due = calendar.due(black_box(start), target).ok()?;
            calendar.elapsed(Some(target), start, end).ok().map(|elapsed| i64::from(elapsed <= due.seconds))
        };
        clocks.iter().filter_map(clock).sum::<i64>()
    });
}

/// The same with three pauses: merged, taken off, and the due time moved on.
#[divan::bench(args = CALENDARS)]
fn paused_three_times(bencher: Bencher, name: &str) {
    let (calendar, clocks) = (calendar(name), clocks(14));
    let pauses = pauses(&clocks);
    let target = Target::Working { seconds: 24 * 3600 };
    bencher.counter(ItemsCount::new(CLOCKS)).bench_local(|| {
        let clock = |(&(start, end), pauses): (&(Wall, Wall), &[(Wall, Wall); 3])| {
            let still = Pauses::new(black_box(*pauses));
            let due = calendar.due(start, target).ok()?;
            let at = calendar.postponed(due, start, target, &still).ok()?;
            let whole = calendar.elapsed(Some(target), start, end).ok()?;
            Some(at + whole - calendar.paused(Some(target), start, end, &still).ok()?)
        };
        clocks.iter().zip(&pauses).filter_map(clock).sum::<i64>()
    });
}

/// Whether a second of the wall clock is within opening hours, looked up without any preparation.
fn open(spec: &CalendarSpec, second: i64) -> bool {
    let day = second.div_euclid(DAY_SECONDS);
    let time = u32::try_from(second.rem_euclid(DAY_SECONDS)).unwrap_or_default();
    let date = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or_default();
    spec.hours_on(date).iter().any(|shift| (shift.from..shift.to).contains(&time))
}

/// The counter that looks at every second, on clocks of at most eight hours: longer ones would take it minutes.
#[divan::bench(args = CALENDARS, sample_count = 3, sample_size = 1)]
fn every_second_of_short_clocks(bencher: Bencher, name: &str) {
    const FEW: usize = 50;
    let (spec, zone, clocks) = (spec(name), zone_of(name), clocks(14));
    bencher.counter(ItemsCount::new(FEW)).bench_local(|| {
        let clock = |&(start, end): &(Wall, Wall)| {
            let end = end.min(start + 8 * 3600 * MICROS);
            let instants = zone::to_utc(zone, black_box(start) / MICROS)..zone::to_utc(zone, end / MICROS);
            instants.filter(|instant| open(&spec, zone::to_wall(zone, *instant))).count()
        };
        clocks.iter().take(FEW).map(clock).sum::<usize>()
    });
}

/// The kernel on the same short clocks.
#[divan::bench(args = CALENDARS)]
fn working_seconds_of_short_clocks(bencher: Bencher, name: &str) {
    let (calendar, clocks) = (calendar(name), clocks(14));
    bencher.counter(ItemsCount::new(CLOCKS)).bench_local(|| {
        let clock = |&(start, end): &(Wall, Wall)| {
            calendar.working_seconds(black_box(start), end.min(start + 8 * 3600 * MICROS)).ok()
        };
        clocks.iter().filter_map(clock).sum::<i64>()
    });
}
