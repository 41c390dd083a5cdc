//! Cases that other projects test themselves with, in `fixtures/vectors/`.

use std::collections::BTreeMap;
use std::fs;

use aftersales::time::calendar::{Calendar, CalendarSpec};
use aftersales::time::shift::parse_hours;
use chrono::{NaiveDate, Weekday};
use serde_json::Value;

use super::{shown, wall};

fn lines(file: &str) -> Vec<Value> {
    let path = format!("{}/fixtures/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_else(|| panic!("{key} in {case}"))
}

fn specs() -> BTreeMap<String, CalendarSpec> {
    lines("calendars.jsonl").iter().map(|line| (text(line, "id").to_owned(), spec(line))).collect()
}

fn spec(line: &Value) -> CalendarSpec {
    let mut spec = CalendarSpec::default();
    for (weekday, hours) in line["weekly"].as_object().unwrap() {
        let weekday: Weekday = weekday.parse().unwrap();
        spec.weekly[weekday.num_days_from_monday() as usize] = parse_hours(hours.as_str().unwrap()).unwrap();
    }
    for date in line["holidays"].as_array().into_iter().flatten() {
        spec.holidays.insert(date.as_str().unwrap().parse().unwrap());
    }
    for (date, hours) in line["dates"].as_object().into_iter().flatten() {
        spec.dates.insert(date.parse().unwrap(), parse_hours(hours.as_str().unwrap()).unwrap());
    }
    spec
}

/// Runs every case of a file and reports all that came out wrong.
fn run(file: &str, count: usize, expected: &str, answer: impl Fn(&Calendar, &Value) -> Value) {
    let (specs, cases) = (specs(), lines(file));
    assert_eq!(cases.len(), count);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let day: NaiveDate = text(case, "start")[..10].parse().unwrap();
            let zone = text(case, "zone").parse().unwrap();
            let calendar = Calendar::new(&specs[text(case, "calendar")], zone, day, day).unwrap();
            let answer = answer(&calendar, case);
            (answer != case[expected]).then(|| format!("{answer} came out of {case}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn working_seconds_of_others() {
    run("working_time.jsonl", 97, "seconds", |calendar, case| {
        let seconds = calendar.working_seconds(wall(text(case, "start")), wall(text(case, "end")));
        seconds.map_or_else(|error| error.to_string().into(), Value::from)
    });
}

#[test]
fn deadlines_of_others() {
    run("deadline.jsonl", 110, "deadline", |calendar, case| {
        let deadline = calendar.deadline(wall(text(case, "start")), case["allowance_seconds"].as_i64().unwrap());
        deadline.map_or_else(|error| error.to_string(), shown).into()
    });
}
