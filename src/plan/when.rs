//! `when` of calendars and policies: the tickets, or surveys, that they hold for.

use std::ops::{Range, RangeInclusive};

use chrono::NaiveDate;
use toml::de::DeValue;

use super::dates;
use super::errors::Problem;
use super::near::did_you_mean;
use super::reader::{Item, Problems};
use super::sources::Sources;
use super::types::{Is, When};
use columns::{Known, Use};

pub mod columns;

/// What a condition belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Calendar,
    /// A policy may also ask for what only surveys have; that matters for clocks of surveys alone.
    Policy,
}

impl Whose {
    const fn word(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Policy => "policy",
        }
    }
}

/// Reads the conditions; none if any of them is wrong.
pub fn read(item: &Item, sources: &Sources, whose: Whose) -> Option<Vec<When>> {
    let mut fine = item.raw().is_table();
    let mut when = Vec::new();
    for entry in item.section("when").entries() {
        let condition = condition(&entry, sources, whose);
        fine &= condition.is_some();
        when.extend(condition);
    }
    fine.then_some(when)
}

fn condition(entry: &Item, sources: &Sources, whose: Whose) -> Option<When> {
    let wrong = |message: String, label: &str, help: String| {
        entry.problems.wrong(entry.key_at.clone(), message, label, help);
        None
    };
    let (column, known) = match columns::find(entry.key, sources, whose) {
        Use::Fine(column, known) => (column, known),
        Use::Unknown(names) => {
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            let message = format!("tickets have no column `{}`", entry.key);
            return wrong(message, "not a column of tickets", did_you_mean(entry.key, &names));
        }
        Use::Refused(label) => {
            let message = format!("`when` cannot compare `{}`", entry.key);
            return wrong(message, label, "use a column such as service_type or priority".to_owned());
        }
        Use::Missing { why, label, help } => {
            return wrong(format!("{why}, so the {} would never match", whose.word()), label, help);
        }
    };
    let is = match known {
        Known::Text => Is::OneOf(entry.names()?.into_iter().map(|(name, _)| name.to_owned()).collect()),
        Known::Flag => match entry.raw() {
            DeValue::Boolean(flag) => Is::OneOf(vec![flag.to_string()]),
            _ => {
                entry.wrong_type("true or false");
                return None;
            }
        },
        Known::Number(values) => number(entry, &values)?,
        Known::Moment => days(entry)?,
    };
    Some(When { column, is })
}

/// `2`, or `{ min = 2, max = 5 }` of which one may be missing.
fn number(entry: &Item, values: &RangeInclusive<i64>) -> Option<Is> {
    let (min, max) = match entry.raw() {
        DeValue::Integer(_) => {
            let number = entry.integer()?;
            (Some(number), Some(number))
        }
        DeValue::Table(_) => {
            let mut section = entry.section(entry.key);
            let (min, max) = (section.get("min"), section.get("max"));
            section.finish();
            let bound = |item: &Option<Item>| item.as_ref().map(Item::integer);
            let (min, max) = (bound(&min), bound(&max));
            if let (None, None) = (min, max) {
                let message = format!("`{}` has neither `min` nor `max`", entry.key);
                entry.wrong(
                    message,
                    "no bounds",
                    format!("write {} = {{ min = 2, max = 5 }}, or one of them", entry.key),
                );
                return None;
            }
            (given(min)?, given(max)?)
        }
        _ => {
            entry.wrong_type("a whole number or { min = …, max = … }");
            return None;
        }
    };
    if let (Some(low), Some(high)) = (min, max)
        && low > high
    {
        let message = format!("`{}` runs backwards: {low} is above {high}", entry.key);
        entry.wrong(message, "no number is in here", "min is the lower bound, max the upper one, both included");
        return None;
    }
    let beyond = min.is_some_and(|min| min > *values.end()) || max.is_some_and(|max| max < *values.start());
    if beyond {
        let help = match entry.key {
            "weekday" => "1 is Monday, 7 is Sunday",
            "hour" => "hours go from 0 to 23",
            _ => "",
        };
        let message = format!("`{}` lies between {} and {}", entry.key, values.start(), values.end());
        entry.wrong(message, "never so", help);
        return None;
    }
    Some(Is::Number { min, max })
}

/// `{ from = "2026-07-01", to = "2026-09-30" }` of which one may be missing.
fn days(entry: &Item) -> Option<Is> {
    const EXAMPLE: &str = "{ from = \"2026-07-01\", to = \"2026-09-30\" }";
    if !entry.raw().is_table() {
        entry.wrong_type(EXAMPLE);
        return None;
    }
    let mut section = entry.section(entry.key);
    let (from, to) = (section.get("from"), section.get("to"));
    section.finish();
    let bound = |item: &Option<Item>| item.as_ref().map(day);
    let (from, to) = (bound(&from), bound(&to));
    if let (None, None) = (from, to) {
        let message = format!("`{}` has neither `from` nor `to`", entry.key);
        entry.wrong(message, "no days", format!("write {} = {EXAMPLE}, or one of them", entry.key));
        return None;
    }
    let (from, to) = (given(from)?, given(to)?);
    if let (Some(first), Some(last)) = (from, to)
        && first > last
    {
        let message = format!("`{}` runs backwards: {first} is after {last}", entry.key);
        entry.wrong(message, "no day is in here", "from is the first day, to the last one, both included");
        return None;
    }
    Some(Is::Day { from, to })
}

fn day(item: &Item) -> Option<NaiveDate> {
    let text = match item.raw() {
        DeValue::Datetime(moment) => moment.to_string(),
        _ => item.name()?.to_owned(),
    };
    let date = dates::parse(&text);
    if date.is_none() {
        item.wrong(format!("`{text}` is not a date"), "not a date", dates::ADVICE);
    }
    date
}

/// A bound that is missing is fine, one that is wrong is not.
#[expect(clippy::option_option, reason = "missing and wrong are two things")]
fn given<T>(bound: Option<Option<T>>) -> Option<Option<T>> {
    match bound {
        Some(None) => None,
        Some(some) => Some(some),
        None => Some(None),
    }
}

/// Conditions that have been read, and where what they belong to stands.
pub struct Said {
    pub when: Vec<When>,
    /// None where the conditions were not understood: they say nothing about the others.
    pub at: Option<Range<usize>>,
}

/// Notes conditions that an earlier one leaves nothing to.
pub fn check_reached(earlier: &[Said], later: &Said, whose: Whose, problems: &Problems) {
    let Some(at) = &later.at else { return };
    let catching = earlier.iter().filter(|first| catches_all(&first.when, &later.when));
    let Some(first) = catching.filter_map(|first| first.at.clone()).next() else { return };
    let what = whose.word();
    let line = problems.document.line(first.start);
    let message = format!("this {what} can never match: the one on line {line} comes first and catches all it would");
    let problem =
        Problem::new(&problems.document, message).mark(at.clone(), "never reached").mark(first, "catches all");
    problems.note(problem.help(format!("the first match wins: put the narrower {what} above, or remove it")));
}

fn catches_all(first: &[When], later: &[When]) -> bool {
    first.iter().all(|one| later.iter().any(|other| one.column == other.column && wider(&one.is, &other.is)))
}

/// Whether one test lets everything pass that another does.
fn wider(one: &Is, other: &Is) -> bool {
    match (one, other) {
        (Is::OneOf(values), Is::OneOf(wanted)) => wanted.iter().all(|value| values.contains(value)),
        (Is::Number { min, max }, Is::Number { min: low, max: high }) => spans((*min, *max), (*low, *high)),
        (Is::Day { from, to }, Is::Day { from: first, to: last }) => spans((*from, *to), (*first, *last)),
        _ => false,
    }
}

fn spans<T: PartialOrd>((min, max): (Option<T>, Option<T>), (low, high): (Option<T>, Option<T>)) -> bool {
    min.is_none_or(|min| low.is_some_and(|low| min <= low))
        && max.is_none_or(|max| high.is_some_and(|high| max >= high))
}
