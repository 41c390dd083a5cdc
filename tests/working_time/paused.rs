//! Paused clocks as other projects count them, in `fixtures/vectors/paused.jsonl`.

use std::fs;

use aftersales::time::calendar::{Calendar, CalendarSpec};
use aftersales::time::pauses::Pauses;
use aftersales::time::shift::parse_hours;
use aftersales::time::target::Target;
use aftersales::time::{Wall, date_time};
use chrono::Weekday;
use serde_json::{Map, Value, json};

use super::{shown, wall};

fn moment(value: &Value) -> Wall {
    wall(value.as_str().unwrap())
}

fn calendar(case: &Value) -> Calendar {
    let mut spec = CalendarSpec::default();
    for (weekday, hours) in case["weekly"].as_object().unwrap() {
        let weekday: Weekday = weekday.parse().unwrap();
        spec.weekly[weekday.num_days_from_monday() as usize] = parse_hours(hours.as_str().unwrap()).unwrap();
    }
    for date in case["holidays"].as_array().into_iter().flatten() {
        spec.holidays.insert(date.as_str().unwrap().parse().unwrap());
    }
    let day = date_time(moment(&case["start"])).unwrap().date();
    Calendar::new(&spec, case["zone"].as_str().unwrap().parse().unwrap(), day, day).unwrap()
}

/// Whatever the case asks for. What was paused counts up to the end, or else to the due time.
fn answers(case: &Value) -> Map<String, Value> {
    let (calendar, start) = (calendar(case), moment(&case["start"]));
    let stretches = case["pauses"].as_array().unwrap().iter();
    let still = Pauses::new(stretches.map(|pause| (moment(&pause[0]), moment(&pause[1]))));
    let target = case["target"].as_str().map(|text| Target::parse(text).unwrap());
    let due = target.map(|target| {
        let due = calendar.due(start, target).unwrap();
        calendar.postponed(due, start, target, &still).unwrap()
    });
    let end = case.get("end").map(moment).or(due).unwrap();
    let paused = calendar.paused(target, start, end, &still).unwrap();
    let seconds = calendar.elapsed(target, start, end).unwrap() - paused;
    let all = [
        ("due", due.map_or(Value::Null, |due| json!(shown(due)))),
        ("seconds", json!(seconds)),
        ("paused_seconds", json!(paused)),
    ];
    all.into_iter().filter(|(key, _)| case.get(key).is_some()).map(|(key, value)| (key.to_owned(), value)).collect()
}

#[test]
fn paused_clocks_of_others() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/vectors/paused.jsonl");
    let text = fs::read_to_string(path).unwrap();
    let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cases.len(), 12);
    for case in &cases {
        let answers = answers(case);
        assert!(!answers.is_empty(), "nothing is asked for in {case}");
        for (key, answer) in answers {
            assert_eq!(answer, case[&key], "{key} of {case}");
        }
    }
}
