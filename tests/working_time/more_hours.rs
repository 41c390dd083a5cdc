//! More working hours never shorten an elapsed time and never delay a deadline.
//!
//! That is so for targets in working time. One in working days is due at the hours of a day, and moves with them.

use aftersales::time::calendar::{Calendar, CalendarSpec, Shown};
use aftersales::time::pauses::Pauses;
use aftersales::time::shift::Shift;
use aftersales::time::target::Target;
use aftersales::time::{DAY_SECONDS, MICROS};
use proptest::prelude::*;

use super::laws::{Case, cases, hours, micros};

/// A way in which a calendar gets more hours.
#[derive(Debug, Clone)]
enum More {
    /// More shifts on a day of the week.
    Weekday(usize, Vec<Shift>),
    /// More shifts on one date, closed or not, so many days after the first.
    Date(u64, Vec<Shift>),
    /// No public holidays.
    NoHolidays,
    /// Dates that are closed of their own go back to the usual hours.
    NoClosedDates,
}

fn more() -> impl Strategy<Value = More> {
    prop_oneof![
        (0..7_usize, hours()).prop_map(|(weekday, hours)| More::Weekday(weekday, hours)),
        (0..12_u64, hours()).prop_map(|(day, hours)| More::Date(day, hours)),
        Just(More::NoHolidays),
        Just(More::NoClosedDates),
    ]
}

/// All the shifts, those that share time as one.
fn together(one: &[Shift], other: &[Shift]) -> Vec<Shift> {
    let mut shifts = [one, other].concat();
    shifts.sort_unstable();
    shifts.dedup_by(|next, last| {
        let touches = next.from <= last.to;
        if touches {
            last.to = last.to.max(next.to);
        }
        touches
    });
    shifts
}

impl More {
    fn of(&self, case: &Case) -> CalendarSpec {
        let mut spec = case.spec.clone();
        match self {
            Self::Weekday(weekday, hours) => spec.weekly[*weekday] = together(&spec.weekly[*weekday], hours),
            Self::Date(days, hours) => {
                let date = case.first + chrono::Days::new(*days);
                let open = together(spec.hours_on(date), hours);
                spec.dates.insert(date, open);
            }
            Self::NoHolidays => spec.holidays.clear(),
            Self::NoClosedDates => spec.dates.retain(|_, hours| !hours.is_empty()),
        }
        spec
    }
}

fn stretches() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let stretch = (micros(), 0..2 * DAY_SECONDS * MICROS).prop_map(|(begin, length)| (begin, begin + length));
    prop::collection::vec(stretch, 0..4)
}

proptest! {
    #[test]
    fn never_shorten_and_never_delay(
        case in cases(), more in more(), a in micros(), b in micros(), seconds in 1..20 * DAY_SECONDS, stretches in stretches(),
    ) {
        let last = case.first + chrono::Days::new(12);
        let (less, more) = (case.calendar(), Calendar::new(&more.of(&case), case.zone, case.first, last).unwrap());
        let (start, end) = (case.moment(0) + a.min(b), case.moment(0) + a.max(b));
        let target = Target::Working { seconds };
        let stretches = stretches.iter().map(|(begin, end)| (case.moment(0) + begin, case.moment(0) + end));
        for pauses in [Pauses::default(), Pauses::new(stretches)] {
            let net = |calendar: &Calendar| {
                let whole = calendar.elapsed(Some(target), start, end).unwrap();
                whole - calendar.paused(Some(target), start, end, &pauses).unwrap()
            };
            prop_assert!(net(&less) <= net(&more));
            let due = |calendar: &Calendar| {
                let due = calendar.due(start, target).ok()?;
                calendar.postponed(due, start, target, &pauses).ok()
            };
            if let Some(late) = due(&less) {
                let early = due(&more);
                // A time that the wall shows twice does not tell the instant.
                prop_assume!(early.is_some_and(|early| more.shows_once(early) == Shown::Once));
                prop_assume!(less.shows_once(late) == Shown::Once);
                prop_assert!(early <= Some(late));
            }
        }
    }

    #[test]
    fn what_is_on_hold_adds_up(
        case in cases(), mut moments in [micros(), micros(), micros()], stretches in stretches(), around: bool,
    ) {
        moments.sort_unstable();
        let [a, b, c] = moments.map(|micros| case.moment(0) + micros);
        let calendar = case.calendar();
        let pauses = Pauses::new(stretches.iter().map(|(begin, end)| (case.moment(0) + begin, case.moment(0) + end)));
        let target = around.then_some(Target::Clock { seconds: 1 });
        let paused = |from, to| calendar.paused(target, from, to, &pauses).unwrap();
        let elapsed = |from, to| calendar.elapsed(target, from, to).unwrap();
        prop_assert_eq!(paused(a, b) + paused(b, c), paused(a, c));
        prop_assert_eq!(elapsed(a, b) + elapsed(b, c), elapsed(a, c));
        prop_assert!(paused(a, c) <= elapsed(a, c));
    }
}
