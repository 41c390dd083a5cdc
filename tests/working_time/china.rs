//! The holiday list in `pipelines/calendars/cn.toml` gives the workdays that the State Council's notices give.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use aftersales::time::calendar::{Calendar, CalendarSpec, TimeError};
use aftersales::time::shift::parse_hours;
use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;

use super::{shown, wall};

fn dates(list: &toml::Table, key: &str) -> BTreeMap<NaiveDate, String> {
    let entries = list[key].as_table().unwrap().iter();
    entries.map(|(date, value)| (date.parse().unwrap(), value.as_str().unwrap().to_owned())).collect()
}

/// Monday to Friday, eight hours with a break, and the list.
fn office() -> CalendarSpec {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/pipelines/calendars/cn.toml");
    let list: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
    assert_eq!(list["name"].as_str(), Some("cn"));
    let years: Vec<i32> = list["years"].clone().try_into().unwrap();
    let hours = parse_hours("08:30-12:00 13:00-17:30").unwrap();
    let mut weekly = std::array::from_fn(|_| hours.clone());
    weekly[5].clear();
    weekly[6].clear();
    CalendarSpec {
        weekly,
        holidays: dates(&list, "holidays").into_keys().collect(),
        makeup: dates(&list, "workdays").into_iter().map(|(date, weekday)| (date, weekday.parse().unwrap())).collect(),
        dates: BTreeMap::new(),
        years: Some(years[0]..=years[1]),
    }
}

fn calendar() -> Calendar {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    Calendar::new(&office(), Tz::Asia__Shanghai, day(2024, 1, 1), day(2026, 9, 30)).unwrap()
}

#[test]
fn workdays_of_each_year() {
    let calendar = calendar();
    let published = [
        (2018, 250),
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ];
    for (year, workdays) in published {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let open = first.iter_days().take_while(|day| day.year() == year).filter(|&day| calendar.is_open_day(day));
        assert_eq!(open.count(), workdays, "{year}");
        let (start, end) = (wall(&format!("{year}-01-01T00:00:00")), wall(&format!("{}-01-01T00:00:00", year + 1)));
        assert_eq!(calendar.working_seconds(start, end), Ok(8 * 3600 * i64::try_from(workdays).unwrap()), "{year}");
    }
}

#[test]
fn the_list_contradicts_itself_nowhere() {
    let office = office();
    let made_up: BTreeSet<NaiveDate> = office.makeup.keys().copied().collect();
    assert!(office.holidays.is_disjoint(&made_up));
    assert!(office.holidays.iter().chain(&made_up).all(|&date| office.knows(date)));
    // The one weekday among the make-up days: 3 February 2020, when the holiday was first prolonged.
    let weekdays: Vec<NaiveDate> =
        made_up.into_iter().filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).collect();
    assert_eq!(weekdays, ["2020-02-03".parse().unwrap()]);
}

#[test]
fn a_ticket_before_spring_festival() {
    let calendar = calendar();
    // Requested on Friday 13 February 2026 at four: that day, the worked Saturday, then nothing until Tuesday the 24th.
    let start = wall("2026-02-13T16:00:00");
    for (seconds, end) in
        [(5_400, "2026-02-13T17:30:00"), (5_401, "2026-02-14T08:30:01"), (16 * 3600, "2026-02-24T16:00:00")]
    {
        assert_eq!(calendar.deadline(start, seconds).map(shown), Ok(end.to_owned()));
    }
}

#[test]
fn years_that_are_not_announced_are_errors() {
    let calendar = calendar();
    let start = wall("2026-12-31T16:00:00");
    assert_eq!(calendar.deadline(start, 2 * 3600), Err(TimeError::OutsideYears { year: 2027 }));
    assert_eq!(
        calendar.working_seconds(wall("2017-12-31T16:00:00"), start),
        Err(TimeError::OutsideYears { year: 2017 })
    );
}
