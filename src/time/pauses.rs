//! Pauses: time during which a clock stands still.

use super::Wall;
use super::calendar::{Calendar, Due};
use super::error::TimeError;
use super::target::Target;

/// The stretches in which a clock stands still: in order, and none touching another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pauses(Vec<(Wall, Wall)>);

impl Pauses {
    /// Merges pauses, each from its beginning to its end, in whatever order. Time that several cover counts once; a
    /// pause that ends as it begins, or before, stops nothing.
    #[must_use]
    pub fn new(pauses: impl IntoIterator<Item = (Wall, Wall)>) -> Self {
        let mut stretches: Vec<(Wall, Wall)> = pauses.into_iter().filter(|(begin, end)| begin < end).collect();
        stretches.sort_unstable();
        stretches.dedup_by(|next, last| {
            let touches = next.0 <= last.1;
            if touches {
                last.1 = last.1.max(next.1);
            }
            touches
        });
        Self(stretches)
    }

    /// Whether the clock never stands still.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The parts of the stretches that lie between two moments.
    fn within(&self, from: Wall, to: Wall) -> impl Iterator<Item = (Wall, Wall)> {
        let parts = self.0.iter().map(move |&(begin, end)| (begin.max(from), end.min(to)));
        parts.filter(|(begin, end)| begin < end)
    }
}

impl Calendar {
    /// Seconds from start to end during which the clock stands still, as the target counts seconds: real ones around the
    /// clock, else working seconds. With [`Calendar::elapsed`], what is left of it after them is what has been used.
    ///
    /// # Errors
    /// As for [`Calendar::working_seconds`].
    pub fn paused(&self, target: Option<Target>, start: Wall, end: Wall, pauses: &Pauses) -> Result<i64, TimeError> {
        if end < start {
            return Err(TimeError::EndBeforeStart);
        }
        pauses.within(start, end).map(|(begin, end)| self.elapsed(target, begin, end)).sum()
    }

    /// The due time of a clock that stands still in pauses, where `due` is when its target would fall due without them.
    ///
    /// The due time moves on by the time for which the clock stands still before it, so that from the start to the new
    /// due time the clock has run for exactly the seconds of the target. Where no time is lost before it, it stays. That
    /// holds for every target: one around the clock loses real time; one in working days is first counted in days, and
    /// then moves on by the working time lost. One due at closing therefore falls due in the middle of a later day.
    ///
    /// A target that fills up exactly where a pause begins is due there, and not where it ends.
    ///
    /// # Errors
    /// As for [`Calendar::deadline`].
    pub fn postponed(&self, due: Due, start: Wall, target: Target, pauses: &Pauses) -> Result<Wall, TimeError> {
        if pauses.is_empty() {
            return Ok(due.at);
        }
        // Read as its first showing, a due time at the second showing of an hour comes before the target is used up.
        let early = due.seconds - self.elapsed(Some(target), start, due.at)?;
        let mut lost = self.paused(Some(target), start, due.at, pauses)? + early.max(0);
        if lost == 0 {
            return Ok(due.at);
        }
        let mut from = due.at;
        for (begin, end) in pauses.within(due.at, Wall::MAX) {
            let running = self.elapsed(Some(target), from, begin)?;
            if lost <= running {
                break;
            }
            lost -= running;
            from = end;
        }
        match target {
            Target::Clock { .. } => Ok(self.after_clock_seconds(from, lost)),
            Target::Working { .. } | Target::Days { .. } => self.deadline(from, lost),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::testing::{calendar, china, shown, spec, wall};
    use super::super::{DAY_SECONDS, MICROS};
    use super::*;

    const START: &str = "2026-11-16T10:00:00";

    fn pauses(stretches: &[(&str, &str)]) -> Pauses {
        Pauses::new(stretches.iter().map(|(begin, end)| (wall(begin), wall(end))))
    }

    #[test]
    fn stretches_are_merged() {
        for (given, merged) in [
            (vec![], vec![]),
            (vec![(5, 9), (1, 3)], vec![(1, 3), (5, 9)]),
            (vec![(1, 3), (3, 5)], vec![(1, 5)]),
            (vec![(1, 9), (2, 3), (4, 12), (20, 21)], vec![(1, 12), (20, 21)]),
            (vec![(1, 1), (7, 4), (4, 5)], vec![(4, 5)]),
        ] {
            assert_eq!(Pauses::new(given).0, merged);
        }
    }

    /// From ten o'clock on Monday, 16 November 2026; Monday to Friday 08:30-12:00 13:00-17:30.
    #[test]
    fn due_times_move_on() {
        let office = calendar(&china("08:30-12:00 13:00-17:30"), Tz::Asia__Shanghai);
        let due = |target: &str, stretches: &[(&str, &str)]| {
            let (target, pauses) = (Target::parse(target).unwrap(), pauses(stretches));
            let due = office.due(wall(START), target).unwrap();
            shown(office.postponed(due, wall(START), target, &pauses).unwrap())
        };
        let (eleven, one, two) = ("2026-11-16T11:00:00", "2026-11-16T13:00:00", "2026-11-16T14:00:00");
        let tuesday = "2026-11-17T10:00:00";
        for (target, stretches, at) in [
            ("1h", vec![], eleven),
            ("1h", vec![("2026-11-15T00:00:00", START)], eleven),
            ("1h", vec![(eleven, "2026-11-16T11:30:00")], eleven),
            ("1h", vec![(START, eleven)], "2026-11-16T12:00:00"),
            ("1h", vec![(START, eleven), ("2026-11-16T11:30:00", two)], "2026-11-16T14:30:00"),
            ("1h", vec![("2026-11-16T10:30:00", tuesday)], "2026-11-17T10:30:00"),
            // In a break and at night no working time is lost, around the clock real time is.
            ("4h", vec![("2026-11-16T12:00:00", one)], "2026-11-16T15:00:00"),
            ("4h clock", vec![("2026-11-16T12:00:00", one)], "2026-11-16T15:00:00"),
            ("24h clock", vec![("2026-11-16T18:00:00", "2026-11-17T07:00:00")], "2026-11-17T23:00:00"),
            // Days are counted first, then the working time lost is added.
            ("1d", vec![(START, "2026-11-16T12:00:00")], "2026-11-17T12:00:00"),
            ("1d", vec![("2026-11-16T17:30:00", "2026-11-17T08:30:00")], tuesday),
            ("1d", vec![("2026-11-17T09:00:00", "2026-11-17T11:00:00")], "2026-11-17T12:00:00"),
            ("1d close", vec![(one, two)], "2026-11-18T09:30:00"),
        ] {
            assert_eq!(due(target, &stretches), at, "{target} {stretches:?}");
        }
    }

    /// On 25 October 2026 Berlin shows the hour from two o'clock twice; the counter of seconds in `tests/` found it.
    #[test]
    fn a_due_time_in_the_hour_that_comes_again() {
        let always = calendar(&spec(["00:00-24:00"; 7]), Tz::Europe__Berlin);
        let start = wall("2026-10-25T01:30:00");
        let one = [("2026-10-25T01:30:00", "2026-10-25T01:45:00")];
        let later = [("2026-10-25T02:30:00", "2026-10-25T02:50:00")];
        for (seconds, stretches, at) in [
            // Due at the second 02:15, and a quarter of an hour or twenty minutes later.
            (6300, &[][..], "2026-10-25T02:15:00"),
            (6300, &one, "2026-10-25T02:30:00"),
            (6300, &later, "2026-10-25T02:35:00"),
            (6300 + 3000, &one, "2026-10-25T03:20:00"),
        ] {
            for target in [Target::Working { seconds }, Target::Clock { seconds }] {
                let due = always.due(start, target).unwrap();
                let postponed = always.postponed(due, start, target, &pauses(stretches)).unwrap();
                assert_eq!(shown(postponed), at, "{target} {stretches:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_counted_is_an_error() {
        let office = calendar(&china("09:00-17:00"), Tz::Asia__Shanghai);
        let (start, target) = (wall("2026-12-31T09:00:00"), Target::Working { seconds: 8 * 3600 });
        let due = office.due(start, target).unwrap();
        let pauses = pauses(&[("2026-12-31T10:00:00", "2026-12-31T11:00:00")]);
        assert_eq!(office.postponed(due, start, target, &pauses), Err(TimeError::OutsideYears { year: 2027 }));
        assert_eq!(office.paused(None, start, start - 1, &pauses), Err(TimeError::EndBeforeStart));
    }

    /// Moments of two weeks of March 2026, in which the clocks of Berlin change.
    fn moments() -> impl Strategy<Value = Wall> {
        let first = wall("2026-03-20T00:00:00");
        (0..14 * DAY_SECONDS * MICROS).prop_map(move |after| first + after)
    }

    fn stretches() -> impl Strategy<Value = Vec<(Wall, Wall)>> {
        let length = prop_oneof![0..8 * 3600 * MICROS, -3600 * MICROS..3 * DAY_SECONDS * MICROS];
        vec((moments(), length).prop_map(|(begin, length)| (begin, begin + length)), 0..6)
    }

    fn targets() -> impl Strategy<Value = Target> {
        prop_oneof![
            (1..60 * 3600_i64).prop_map(|seconds| Target::Working { seconds }),
            (1..200 * 3600_i64).prop_map(|seconds| Target::Clock { seconds }),
            (1..6_u32, any::<bool>()).prop_map(|(days, at_close)| Target::Days { days, at_close }),
        ]
    }

    fn calendars() -> impl Strategy<Value = Calendar> {
        let office = "08:30-12:00 13:00-17:30";
        prop::sample::select(vec![
            (china(office), Tz::Asia__Shanghai),
            (spec([office; 7]), Tz::Europe__Berlin),
            (spec(["00:00-24:00"; 7]), Tz::Europe__Berlin),
            (spec(["22:00-06:00"; 7]), Tz::Europe__Berlin),
        ])
        .prop_map(|(spec, zone)| calendar(&spec, zone))
    }

    proptest! {
        #[test]
        fn a_clock_never_gains_time(
            calendar in calendars(), target in targets(), a in moments(), b in moments(), stretches in stretches(),
        ) {
            let (start, end) = (a.min(b), a.max(b));
            let pauses = Pauses::new(stretches.clone());
            let whole = calendar.elapsed(Some(target), start, end).unwrap();
            let paused = calendar.paused(Some(target), start, end, &pauses).unwrap();
            prop_assert!(0 <= paused && paused <= whole);
            prop_assert!(calendar.paused(Some(target), start, end, &Pauses::default()) == Ok(0));
            // Pauses that were not merged would count shared time again.
            let each = stretches.iter().map(|one| Pauses::new([*one]));
            let singly: i64 = each.map(|one| calendar.paused(Some(target), start, end, &one).unwrap()).sum();
            prop_assert!(paused <= singly);
        }

        #[test]
        fn at_the_due_time_the_target_is_used_up(
            calendar in calendars(), target in targets(), start in moments(), stretches in stretches(),
        ) {
            let start = start / MICROS * MICROS;
            let pauses = Pauses::new(stretches);
            let due = calendar.due(start, target).unwrap();
            let at = calendar.postponed(due, start, target, &pauses).unwrap();
            let net = |end| {
                let whole = calendar.elapsed(Some(target), start, end).unwrap();
                whole - calendar.paused(Some(target), start, end, &pauses).unwrap()
            };
            prop_assert!(at >= due.at);
            prop_assert_eq!(net(at), due.seconds);
            if at > due.at {
                prop_assert_eq!(net(at - MICROS), due.seconds - 1);
            }
            prop_assert_eq!(calendar.postponed(due, start, target, &Pauses::default()), Ok(due.at));
        }

        #[test]
        fn order_and_cuts_do_not_matter(stretches in stretches(), mut cut in stretches(), at in 0.0..1.0_f64) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any cut will do")]
            let halves = |&(begin, end): &(Wall, Wall)| {
                let middle = begin + ((end - begin) as f64 * at) as i64;
                [(begin, middle), (middle, end)]
            };
            let pieces: Vec<_> = stretches.iter().rev().flat_map(halves).collect();
            prop_assert_eq!(Pauses::new(pieces), Pauses::new(stretches.clone()));
            cut.extend(&stretches);
            let twice = Pauses::new(cut.iter().copied().chain(Pauses::new(cut.clone()).0));
            prop_assert_eq!(twice, Pauses::new(cut));
        }
    }
}
