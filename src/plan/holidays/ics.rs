//! A calendar file (RFC 5545) as a holiday list: what calendar programs export and offer for subscription.
//!
//! Days of all-day events are off. A make-up workday has the hours of its own weekday, or of Monday on a weekend: no
//! calendar file says which; `dates` of the plan and lists that do say it know better. Where a file marks holidays as
//! Apple's do, events without a mark (solar terms, festivals that are worked) say nothing; nor do Google's observances.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::Path;

use chrono::{Datelike, NaiveDate, Weekday};

use super::event::{Event, Mark};
use super::{List, Workday, lines};
use crate::plan::errors::{Document, Problem};
use crate::plan::reader::Problems;

/// Reads the text of a calendar file. `name` is what the plan calls it; `years` are those it is complete for, else they
/// reach from the first to the last year with an event that does not recur.
pub fn parse(text: &str, path: &Path, name: &str, years: Option<RangeInclusive<i32>>) -> (Option<List>, Vec<Problem>) {
    // Lines of other systems look the same in messages, too.
    let text = &text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let problems = Problems::new(Document::new(path, text));
    let blocks = lines::blocks(text, &problems);
    let events = telling(blocks.iter().filter_map(|block| Event::read(block, &problems)).collect());
    let mut found = problems.into_found();
    let problems = Problems::new(Document::new(path, text));
    if events.is_empty() && found.is_empty() {
        let help = "export the calendar that has the public holidays: all-day events";
        let message = format!("{} has no all-day event that is a holiday", path.display());
        problems.missing(None, message, help);
    }
    // Where events are wrong, nothing can be said about all of them.
    let years = years.or_else(|| known_years(&events, found.is_empty().then_some(&problems)));
    let list = years.map(|years| list(&events, name, years, &problems));
    found.extend(problems.into_found());
    (list, found)
}

/// The events that say something of days off and days worked.
fn telling(mut events: Vec<Event>) -> Vec<Event> {
    let marked = events.iter().any(|event| event.mark == Mark::Off);
    events.retain(|event| match event.mark {
        Mark::Off | Mark::Worked => true,
        Mark::Observed => false,
        Mark::None => !marked,
    });
    events
}

fn list(events: &[Event], name: &str, years: RangeInclusive<i32>, problems: &Problems) -> List {
    let mut off: BTreeMap<NaiveDate, &Event> = BTreeMap::new();
    let mut worked: BTreeMap<NaiveDate, &Event> = BTreeMap::new();
    for event in events {
        let days = if event.mark == Mark::Worked { &mut worked } else { &mut off };
        for date in event.dates(&years, problems).unwrap_or_default() {
            days.entry(date).or_insert(event);
        }
    }
    for (date, event) in &worked {
        if let Some(other) = off.get(date) {
            let message = format!("{date} is both worked (`{}`) and off (`{}`)", event.name, other.name);
            let problem = Problem::new(&problems.document, message).mark(event.at.clone(), "worked");
            problems.note(problem.mark(other.at.clone(), "off").help("remove one of the two events"));
        }
    }
    let closed: BTreeSet<NaiveDate> = off.into_keys().collect();
    let makeup: BTreeMap<NaiveDate, Workday> = worked.into_keys().map(|date| (date, usual(date))).collect();
    let canonical = canonical(&closed, &makeup, &years);
    List { name: name.to_owned(), closed, makeup, years, canonical }
}

/// From the first to the last year that has an event which does not recur.
fn known_years(events: &[Event], problems: Option<&Problems>) -> Option<RangeInclusive<i32>> {
    let own: Vec<(i32, i32)> = events.iter().filter_map(Event::years).collect();
    let first = own.iter().map(|(first, _)| *first).min();
    let last = own.iter().map(|(_, last)| *last).max();
    if let (Some(first), Some(last)) = (first, last) {
        return Some(first.min(last)..=first.max(last));
    }
    let help = "write { file = \"company.ics\", years = [2024, 2026] }, with the file's own name and years";
    if let ([event, ..], Some(problems)) = (events, problems) {
        let message = "all events recur, so the file does not tell the years for which it is complete";
        problems.wrong(event.at.clone(), message, "recurs", help);
    }
    None
}

/// The hours that a make-up workday has where nobody says which.
fn usual(date: NaiveDate) -> Workday {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    Workday { hours_of: if weekend { Weekday::Mon } else { date.weekday() }, assumed: true }
}

/// What the list says, whatever else the file holds.
fn canonical(
    closed: &BTreeSet<NaiveDate>,
    makeup: &BTreeMap<NaiveDate, Workday>,
    years: &RangeInclusive<i32>,
) -> String {
    let mut parts = vec![format!("ics {}-{}", years.start(), years.end())];
    parts.extend(closed.iter().map(|date| format!("{date} off")));
    parts.extend(makeup.iter().map(|(date, day)| format!("{date} {}", day.hours_of)));
    format!("{{{}}}", parts.join(","))
}

#[cfg(test)]
mod tests;
