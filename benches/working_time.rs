//! The kernel under every clock: working seconds between two moments, and due times. Run: `cargo bench`.

use std::collections::BTreeSet;

use aftersales::time::calendar::{Calendar, CalendarSpec};
use aftersales::time::shift::parse_hours;
use aftersales::time::target::Target;
use aftersales::time::{MICROS, Wall, wall};
use chrono::NaiveDate;
use divan::{Bencher, black_box, counter::ItemsCount};

/// Clocks a round.
const CLOCKS: usize = 10_000;

fn main() {
    divan::main();
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// A year of split shifts with ten holidays, in a zone without daylight saving.
fn calendar() -> Calendar {
    let hours = parse_hours("08:30-12:00 13:00-17:30").expect("hours are well-formed");
    let mut spec = CalendarSpec {
        holidays: (1..=10).map(|d| day(2026, 10, d)).collect::<BTreeSet<_>>(),
        ..CalendarSpec::default()
    };
    for weekday in 0..5 {
        spec.weekly[weekday].clone_from(&hours);
    }
    Calendar::new(&spec, chrono_tz::Asia::Shanghai, day(2026, 1, 1), day(2026, 12, 31))
        .expect("the calendar can be laid out")
}

/// Starts over a year and ends up to two weeks later, from a fixed linear congruential sequence.
fn clocks() -> Vec<(Wall, Wall)> {
    let first = wall(day(2026, 1, 1).and_hms_opt(0, 0, 0).unwrap_or_default());
    let mut state = 42u64;
    let mut next = |bound: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap_or_default() % bound
    };
    (0..CLOCKS)
        .map(|_| {
            let start = first + next(330 * 86_400) * MICROS;
            (start, start + next(14 * 86_400) * MICROS)
        })
        .collect()
}

#[divan::bench]
fn working_seconds(bencher: Bencher) {
    let (calendar, clocks) = (calendar(), clocks());
    bencher.counter(ItemsCount::new(CLOCKS)).bench_local(|| {
        clocks.iter().filter_map(|(start, end)| calendar.working_seconds(black_box(*start), *end).ok()).sum::<i64>()
    });
}

#[divan::bench]
fn due_and_elapsed(bencher: Bencher) {
    let (calendar, clocks) = (calendar(), clocks());
    let target = Target::Working { seconds: 24 * 3600 };
    bencher.counter(ItemsCount::new(CLOCKS)).bench_local(|| {
        clocks
            .iter()
            .filter_map(|(start, end)| {
                let due = calendar.due(black_box(*start), target).ok()?;
                calendar.elapsed(Some(target), *start, *end).ok().map(|elapsed| i64::from(elapsed <= due.seconds))
            })
            .sum::<i64>()
    });
}
