//! Opening hours of a calendar: those of the week, and those of single dates.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::{ADVICE, DAYS};
use crate::plan::dates;
use crate::plan::errors::Problem;
use crate::plan::near::did_you_mean;
use crate::plan::reader::{Item, Problems, Section};
use crate::time::shift::{MIDNIGHT, Shift, parse_hours};

/// `weekly = "always"`: around the clock, every day.
const ALWAYS: &str = "always";

/// `dates`: hours of their own.
pub fn dates(section: &Section) -> BTreeMap<NaiveDate, Vec<Shift>> {
    let mut found = BTreeMap::new();
    for entry in section.entries() {
        let Some(date) = dates::parse(entry.key) else {
            let message = format!("`{}` is not a date", entry.key);
            entry.problems.wrong(entry.key_at.clone(), message, "not a date", dates::ADVICE);
            continue;
        };
        found.insert(date, hours(&entry).unwrap_or_default());
    }
    found
}

/// Around the clock.
pub fn always() -> [Vec<Shift>; 7] {
    std::array::from_fn(|_| vec![Shift { from: 0, to: MIDNIGHT }])
}

fn hours(item: &Item) -> Option<Vec<Shift>> {
    let hours = parse_hours(item.text()?);
    if let Err(error) = &hours {
        let advice = "a shift may begin when the other one ends";
        item.problems.refused(item.at(), "not opening hours", error, advice);
    }
    hours.ok()
}

/// Hours of a day of the week, and where they are written.
type Day = Option<(Vec<Shift>, Range<usize>)>;

/// `weekly`: hours by day of the week, or "always".
pub fn weekly(item: &Item, at: &Range<usize>) -> [Vec<Shift>; 7] {
    let problems = item.problems;
    if let Some(word) = item.raw().as_str() {
        if word.trim() != ALWAYS {
            let help = format!("{ADVICE}, or \"{ALWAYS}\" for around the clock");
            item.wrong(format!("`weekly` cannot be `{word}`"), "not hours", help);
        }
        return always();
    }
    let mut week: [Day; 7] = Default::default();
    let mut fine = true;
    for entry in item.section("weekly").entries() {
        let hours = hours(&entry);
        fine &= hours.is_some();
        let Some(days) = days(&entry) else {
            fine = false;
            continue;
        };
        let mut twice = None;
        for day in days {
            if let Some((_, first)) = &week[day] {
                twice = twice.or_else(|| Some((DAYS[day], first.clone())));
            }
            week[day] = Some((hours.clone().unwrap_or_default(), entry.key_at.clone()));
        }
        if let Some((day, first)) = twice {
            let problem = Problem::new(&problems.document, format!("`{day}` is given twice"));
            problems.note(problem.mark(entry.key_at.clone(), "again").mark(first, "first").help(
                "give each day once; shifts of a \
                 day go into one text",
            ));
        }
    }
    check_nights(&week, problems);
    let weekly = week.map(|day| day.map(|(hours, _)| hours).unwrap_or_default());
    if fine && item.raw().is_table() && weekly.iter().all(Vec::is_empty) {
        problems.wrong(at.clone(), "the calendar never opens", "no `weekly` hours", ADVICE);
    }
    weekly
}

/// A shift past midnight must leave the next day's shifts alone.
fn check_nights(week: &[Day; 7], problems: &Problems) {
    for (day, hours) in week.iter().enumerate() {
        let next = (day + 1) % 7;
        let (Some((tonight, at)), Some((tomorrow, next_at))) = (hours, &week[next]) else {
            continue;
        };
        let (Some(night), Some(morning)) = (tonight.last(), tomorrow.first()) else {
            continue;
        };
        if night.to > MIDNIGHT && morning.from < night.to - MIDNIGHT {
            let message =
                format!("`{night}` of {} reaches into `{morning}` of {}: they overlap", DAYS[day], DAYS[next]);
            let problem = Problem::new(&problems.document, message).mark(at.clone(), "past midnight");
            let problem = if at == next_at { problem } else { problem.mark(next_at.clone(), "already open") };
            problems.note(problem.help("let one begin when the other ends"));
            // `daily` would say it seven times.
            return;
        }
    }
}

/// `daily`, `sat` or `mon-fri` as numbers from Monday.
fn days(entry: &Item) -> Option<std::ops::RangeInclusive<usize>> {
    let wrong = |message: String, help: String| {
        entry.problems.wrong(entry.key_at.clone(), message, "not a day", help);
        None
    };
    if entry.key == "daily" {
        return Some(0..=6);
    }
    let (from, to) = entry.key.split_once('-').unwrap_or((entry.key, entry.key));
    let number = |name: &str| DAYS.iter().position(|day| *day == name.trim());
    match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => Some(from..=to),
        (Some(_), Some(_)) => {
            wrong(format!("`{}` runs backwards", entry.key), format!("the week begins with mon: `{to}-{from}`?"))
        }
        _ => wrong(format!("`{}` is not a day of the week", entry.key), {
            let known = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon-fri", "sat-sun", "daily"];
            did_you_mean(entry.key, &known)
        }),
    }
}
