use super::super::shift::parse_hours;
use super::super::testing::{calendar, china, date, shown, spec, wall};
use super::*;

const SHANGHAI: Tz = Tz::Asia__Shanghai;

fn worked(calendar: &Calendar, start: &str, end: &str) -> Result<i64, TimeError> {
    calendar.working_seconds(wall(start), wall(end))
}

fn runs_out(calendar: &Calendar, start: &str, seconds: i64) -> String {
    shown(calendar.deadline(wall(start), seconds).unwrap())
}

#[test]
fn spring_festival_and_its_saturdays() {
    let office = calendar(&china("08:30-12:00 13:00-17:30"), SHANGHAI);
    // Saturday the 14th is worked, the 15th to the 23rd are off, Saturday the 28th is worked.
    assert_eq!(worked(&office, "2026-02-13T17:30:00", "2026-02-14T17:30:00"), Ok(28_800));
    assert_eq!(worked(&office, "2026-02-14T17:30:00", "2026-02-24T08:30:00"), Ok(0));
    assert_eq!(worked(&office, "2026-02-27T12:15:00", "2026-02-28T09:00:00"), Ok(18_000));
    assert_eq!(runs_out(&office, "2026-02-14T17:00:00", 1800), "2026-02-14T17:30:00");
    assert_eq!(runs_out(&office, "2026-02-14T17:00:00", 1801), "2026-02-24T08:30:01");
    assert_eq!(runs_out(&office, "2026-02-18T03:00:00", 0), "2026-02-24T08:30:00");
    assert!(office.is_open_day(date("2026-02-28")) && !office.is_open_day(date("2026-02-23")));
}

#[test]
fn time_that_runs_out_at_closing_does_so_then() {
    let office = calendar(&china("08:30-12:00 13:00-17:30"), SHANGHAI);
    for (start, seconds, end) in [
        ("2026-11-16T08:30:00", 12_600, "2026-11-16T12:00:00"),
        ("2026-11-16T12:00:00", 0, "2026-11-16T13:00:00"),
        ("2026-11-16T11:59:59.999999", 1, "2026-11-16T12:00:00"),
        ("2026-11-13T18:00:00", 28_800, "2026-11-16T17:30:00"),
        ("2026-11-16T09:00:00", -5, "2026-11-16T09:00:00"),
    ] {
        assert_eq!(runs_out(&office, start, seconds), end);
    }
    let always = calendar(&spec(["00:00-24:00"; 7]), SHANGHAI);
    assert_eq!(runs_out(&always, "2026-11-16T00:00:00", 86_400), "2026-11-17T00:00:00");
}

#[test]
fn parts_of_seconds_are_floored_at_both_ends() {
    let office = calendar(&china("08:30-17:30"), SHANGHAI);
    assert_eq!(worked(&office, "2026-11-16T09:00:00.9", "2026-11-16T09:00:01.1"), Ok(1));
    assert_eq!(worked(&office, "2026-11-16T09:00:00.1", "2026-11-16T09:00:00.9"), Ok(0));
    assert_eq!(worked(&office, "2026-11-16T09:00:00.9", "2026-11-16T09:00:00.1"), Err(TimeError::EndBeforeStart));
    assert_eq!(office.clock_seconds(1, 0), Err(TimeError::EndBeforeStart));
}

#[test]
fn shifts_past_midnight_count_once() {
    let mut spec = spec(["22:00-06:00", "05:00-09:00", "closed", "closed", "closed", "closed", "closed"]);
    let both = calendar(&spec, SHANGHAI);
    // Monday night runs into Tuesday, whose own shift begins an hour before that ends.
    assert_eq!(worked(&both, "2026-11-16T00:00:00", "2026-11-18T00:00:00"), Ok(11 * 3600));
    assert_eq!(worked(&both, "2026-11-17T05:30:00", "2026-11-17T06:30:00"), Ok(3600));
    assert_eq!(runs_out(&both, "2026-11-17T03:00:00", 4 * 3600), "2026-11-17T07:00:00");
    // The night before a closed day is still worked to its end.
    spec.holidays.insert(date("2026-11-17"));
    let night = calendar(&spec, SHANGHAI);
    assert_eq!(worked(&night, "2026-11-16T00:00:00", "2026-11-18T00:00:00"), Ok(8 * 3600));
    assert_eq!(runs_out(&night, "2026-11-17T05:00:00", 3601), "2026-11-23T22:00:01");
}

#[test]
fn years_without_holidays_are_errors() {
    let mut spec = china("08:30-17:30");
    let office = calendar(&spec, SHANGHAI);
    assert_eq!(worked(&office, "2026-12-31T08:30:00", "2027-01-01T00:00:00"), Ok(32_400));
    let unknown = Err(TimeError::OutsideYears { year: 2027 });
    assert_eq!(worked(&office, "2026-12-31T08:30:00", "2027-01-01T00:00:01"), unknown);
    assert_eq!(worked(&office, "2027-01-01T00:00:00", "2027-01-01T00:00:00"), unknown);
    assert_eq!(
        worked(&office, "2025-12-31T23:00:00", "2026-01-02T00:00:00"),
        Err(TimeError::OutsideYears { year: 2025 })
    );
    assert_eq!(office.deadline(wall("2026-12-31T08:30:00"), 32_401), unknown);
    assert_eq!(runs_out(&office, "2026-12-31T08:30:00", 32_400), "2026-12-31T17:30:00");
    assert!(!office.knows(date("2027-01-01")));
    // A date with hours of its own is known.
    spec.dates.insert(date("2027-01-01"), parse_hours("10:00-12:00").unwrap());
    let longer = calendar(&spec, SHANGHAI);
    assert_eq!(runs_out(&longer, "2026-12-31T17:00:00", 9000), "2027-01-01T12:00:00");
    assert_eq!(longer.deadline(wall("2026-12-31T17:00:00"), 9001), unknown);
    assert_eq!(worked(&longer, "2026-12-31T08:30:00", "2027-01-02T00:00:00"), Ok(39_600));
}

#[test]
fn the_night_before_the_first_known_day_is_unknown() {
    let night = calendar(&china("22:00-06:00"), SHANGHAI);
    let unknown = Err(TimeError::OutsideYears { year: 2025 });
    assert_eq!(worked(&night, "2026-01-01T00:00:00", "2026-01-01T12:00:00"), unknown);
    // New Year's Day itself is off.
    assert_eq!(worked(&night, "2026-01-02T00:00:00", "2026-01-05T00:00:00"), Ok(2 * 3600));
}

#[test]
fn far_questions_end() {
    let never = calendar(&CalendarSpec::default(), SHANGHAI);
    assert!(!never.spec().ever_opens());
    assert_eq!(worked(&never, "2000-01-01T00:00:00", "2100-01-01T00:00:00"), Ok(0));
    assert_eq!(never.deadline(0, 1), Err(TimeError::NeverOpen));
    assert_eq!(never.deadline(0, 0), Err(TimeError::NeverOpen));
    let once = CalendarSpec {
        dates: [(date("2026-07-01"), parse_hours("09:00-10:00").unwrap())].into(),
        ..CalendarSpec::default()
    };
    let once = calendar(&once, SHANGHAI);
    assert_eq!(runs_out(&once, "1990-01-01T00:00:00", 3600), "2026-07-01T10:00:00");
    assert_eq!(once.deadline(wall("2026-07-01T09:30:00"), 1801), Err(TimeError::NeverOpen));
    let always = calendar(&spec(["00:00-24:00"; 7]), SHANGHAI);
    assert_eq!(runs_out(&always, "2026-01-01T00:00:00", 100 * 365 * 86_400), "2125-12-08T00:00:00");
    for (start, year) in [(0, 2201), (i64::MAX, 262_142), (i64::MIN, -262_143), (wall("1899-12-31T00:00:00"), 1899)] {
        assert_eq!(
            always.deadline(start, i64::MAX).map_err(|error| error.to_string()),
            Err(format!("the calendar does not know the year {year}"))
        );
    }
    assert_eq!(worked(&always, "2200-01-01T00:00:00", "2201-01-01T00:00:00"), Ok(365 * 86_400));
    assert_eq!(always.clock_seconds(i64::MIN, i64::MAX), Ok((i64::MAX / MICROS) * 2 + 1));
    assert_eq!(always.after_clock_seconds(0, i64::MAX), i64::MAX);
}

#[test]
fn what_cannot_be_laid_out() {
    let hour = |from: u32, to: u32| Shift { from: from * 3600, to: to * 3600 };
    for hours in [
        vec![hour(9, 9)],
        vec![hour(24, 25)],
        vec![hour(23, 49)],
        vec![hour(9, 12), hour(11, 13)],
        vec![hour(13, 14), hour(9, 10)],
    ] {
        let bad = CalendarSpec { dates: [(date("2026-01-01"), hours)].into(), ..CalendarSpec::default() };
        let error = Calendar::new(&bad, SHANGHAI, date("2026-01-01"), date("2026-01-02")).unwrap_err();
        assert!(matches!(error, CalendarError::BadShift { .. }));
    }
    let (first, last) = (date("2026-01-02"), date("2026-01-01"));
    let error = Calendar::new(&CalendarSpec::default(), SHANGHAI, first, last).unwrap_err();
    assert_eq!(error, CalendarError::Backwards { first, last });
    // Absurd dates, which dirty dumps have, neither fail nor fill the memory.
    assert!(Calendar::new(&spec(["closed"; 7]), SHANGHAI, NaiveDate::MIN, NaiveDate::MAX).is_ok());
    assert!(Calendar::new(&spec(["closed"; 7]), SHANGHAI, NaiveDate::MAX, NaiveDate::MAX).is_ok());
}

#[test]
fn times_that_the_wall_shows_twice_or_never() {
    use Shown::{Never, Once, Twice};
    // From the tz database: what each zone does on that night.
    for (zone, times) in [
        (
            Tz::Europe__Berlin,
            &[
                ("2026-03-29T01:59:59.9", Once),
                ("2026-03-29T02:00:00", Never),
                ("2026-03-29T02:59:59.9", Never),
                ("2026-03-29T03:00:00", Once),
                ("2026-10-25T01:59:59", Once),
                ("2026-10-25T02:00:00", Twice),
                ("2026-10-25T02:59:59", Twice),
                ("2026-10-25T03:00:00", Once),
                ("2026-07-01T02:30:00", Once),
            ][..],
        ),
        (
            Tz::America__New_York,
            &[("2026-03-08T02:30:00", Never), ("2026-11-01T01:30:00", Twice), ("2026-11-01T02:00:00", Once)],
        ),
        (
            Tz::America__Sao_Paulo,
            &[
                ("2015-10-17T23:59:59", Once),
                ("2015-10-18T00:00:00", Never),
                ("2015-10-18T01:00:00", Once),
                ("2015-02-21T22:59:59", Once),
                ("2015-02-21T23:00:00", Twice),
                ("2015-02-22T00:00:00", Once),
            ],
        ),
        // Half an hour.
        (
            Tz::Australia__Lord_Howe,
            &[
                ("2026-10-04T02:00:00", Never),
                ("2026-10-04T02:29:59", Never),
                ("2026-10-04T02:30:00", Once),
                ("2026-04-05T01:29:59", Once),
                ("2026-04-05T01:30:00", Twice),
                ("2026-04-05T01:59:59", Twice),
            ],
        ),
        // A whole day.
        (
            Tz::Pacific__Apia,
            &[
                ("2011-12-29T23:59:59", Once),
                ("2011-12-30T00:00:00", Never),
                ("2011-12-30T23:59:59", Never),
                ("2011-12-31T00:00:00", Once),
            ],
        ),
        // Put back at one minute past midnight, into the day before.
        (
            Tz::America__St_Johns,
            &[
                ("2010-11-06T23:00:59", Once),
                ("2010-11-06T23:01:00", Twice),
                ("2010-11-07T00:00:59", Twice),
                ("2010-11-07T00:01:00", Once),
            ],
        ),
        (Tz::Asia__Shanghai, &[("2026-03-29T02:30:00", Once), ("1900-01-01T00:00:00", Once)]),
    ] {
        let spec = spec(["00:00-24:00"; 7]);
        for &(time, shown) in times {
            let day = wall(time).div_euclid(86_400 * MICROS);
            // Laid out around the day, next to it, and far away.
            for first in [day - 3, day, day - 1, day + 1, day - 5000] {
                let (first, last) = (date_of_day(first), date_of_day(first + 1));
                let calendar = Calendar::new(&spec, zone, first, last).unwrap();
                assert_eq!(calendar.shows_once(wall(time)), shown, "{zone} {time} laid out from {first}");
            }
        }
    }
}
