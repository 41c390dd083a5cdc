//! `holidays` of a calendar: public holidays and make-up workdays from lists of their own.
//!
//! A list is one of ours (`"cn"`, a TOML file), or a calendar file of another program (`"company.ics"`). Several lists are
//! merged; the years known are those that all of them know.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, Weekday};
use toml::de::DeValue;

use super::errors::Problem;
use super::read_text;
use super::reader::Item;
use crate::time::shift::Shift;

mod event;
mod ics;
mod lines;
mod list;
mod rule;
#[cfg(test)]
mod tests;

/// China's public holidays, for pipelines that lie elsewhere than ours.
const CN: &str = include_str!("../../pipelines/calendars/cn.toml");

/// What the holiday lists of a calendar say together.
pub struct Holidays {
    pub closed: BTreeSet<NaiveDate>,
    pub makeup: BTreeMap<NaiveDate, Weekday>,
    pub years: RangeInclusive<i32>,
    /// The lists in canonical form, for the hash.
    pub canonical: String,
}

/// One holiday list.
#[derive(Debug)]
pub struct List {
    /// What the plan calls it.
    name: String,
    closed: BTreeSet<NaiveDate>,
    makeup: BTreeMap<NaiveDate, Workday>,
    years: RangeInclusive<i32>,
    canonical: String,
}

/// A day that is worked though it is mostly none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Workday {
    /// It has the hours of this day of the week.
    hours_of: Weekday,
    /// The list does not say so: a list that does knows better.
    assumed: bool,
}

/// Hours that the plan itself gives to dates; they beat every list.
type Dates = BTreeMap<NaiveDate, Vec<Shift>>;

/// Reads the lists that an item names; mistakes inside a list are noted at its own lines.
pub fn read(item: &Item, folder: &Path, dates: &Dates) -> Option<Holidays> {
    let items = match item.raw() {
        DeValue::Array(_) => item.elements()?,
        _ => vec![item.clone()],
    };
    if items.is_empty() {
        item.wrong(format!("`{}` is an empty list", item.key), "nothing in here", "name one at least, or remove it");
        return None;
    }
    let lists: Vec<Option<List>> = items.iter().map(|item| one(item, folder)).collect();
    let lists: Vec<List> = lists.into_iter().collect::<Option<_>>()?;
    let twice = lists.iter().enumerate().find(|(i, list)| lists.iter().take(*i).any(|first| first.name == list.name));
    if let Some((i, list)) = twice {
        let at = items.get(i).map_or(item.at(), Item::at);
        item.problems.wrong(at, format!("`{}` is named twice", list.name), "again", "name it once");
        return None;
    }
    merge(&lists, item, dates)
}

/// `"cn"`, `"company.ics"` or `{ file = "company.ics", years = [2024, 2026] }`.
fn one(item: &Item, folder: &Path) -> Option<List> {
    match item.raw() {
        DeValue::String(_) => {
            let name = item.name()?;
            if is_ics(name) { calendar_file(item, name, folder, None) } else { named(item, name, folder) }
        }
        DeValue::Table(_) => {
            let mut section = item.section(item.key);
            let (file, years) = (section.get("file"), section.get("years"));
            let at = section.at.clone();
            section.finish();
            let Some(file) = file else {
                let help = "write { file = \"company.ics\", years = [2024, 2026] }";
                item.problems.missing(at, "the holidays name no `file`", help);
                return None;
            };
            let years = match years.map(|item| list::years(&item)) {
                Some(None) => return None,
                Some(years) => years,
                None => None,
            };
            let name = file.name()?;
            if !is_ics(name) {
                let help = "a `file` ends in .ics; a list such as \"cn\" is named without braces and knows its years";
                file.wrong(format!("`{name}` is no calendar file"), "not .ics", help);
                return None;
            }
            calendar_file(&file, name, folder, years)
        }
        _ => {
            item.wrong_type("the name of a list, an .ics file or { file = …, years = … }");
            None
        }
    }
}

fn is_ics(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ics"))
}

fn calendar_file(item: &Item, name: &str, folder: &Path, years: Option<RangeInclusive<i32>>) -> Option<List> {
    let path = folder.join(name);
    let text = match read_text(&path) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("cannot read the holidays in {}: {error}", path.display());
            item.wrong(message, "this file", "the path starts from the folder of this pipeline file");
            return None;
        }
    };
    kept(item, &path, ics::parse(&text, &path, name, years))
}

/// A list of ours, beside the pipeline file or built in.
fn named(item: &Item, name: &str, folder: &Path) -> Option<List> {
    if !name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
        item.wrong(
            format!("`{name}` cannot name a holiday list"),
            "not a name",
            "write the name without folder and ending: \"cn\" is calendars/cn.toml beside this file; a calendar file of \
             another program ends in .ics",
        );
        return None;
    }
    let path = folder.join("calendars").join(format!("{name}.toml"));
    let (path, text) = match read_text(&path) {
        Ok(text) => (path, text),
        Err(error) if error.kind() == io::ErrorKind::NotFound && name == "cn" => {
            (PathBuf::from("cn.toml (built in)"), CN.to_owned())
        }
        Err(error) => {
            item.wrong(
                format!("cannot read the holidays in {}: {error}", path.display()),
                "this list",
                "put the list there; \"cn\" is built in",
            );
            return None;
        }
    };
    kept(item, &path, list::parse(&text, &path, name))
}

/// Hands on a list without mistakes, and what is wrong with one that has some.
fn kept(item: &Item, path: &Path, (list, found): (Option<List>, Vec<Problem>)) -> Option<List> {
    let fine = found.is_empty();
    if !fine {
        let message = format!("the holidays in {} have mistakes", path.display());
        item.wrong(message, "this list", "they are shown at their lines");
    }
    item.problems.add(found);
    list.filter(|_| fine)
}

fn merge(lists: &[List], item: &Item, dates: &Dates) -> Option<Holidays> {
    let first = lists.iter().map(|list| *list.years.start()).max()?;
    let last = lists.iter().map(|list| *list.years.end()).min()?;
    if first > last {
        let years = lists.iter().map(|list| format!("{} knows {}–{}", list.name, list.years.start(), list.years.end()));
        let message = format!("the lists have no year in common: {}", years.collect::<Vec<_>>().join(", "));
        item.wrong(message, "no year is known", "only years that all of them know are known");
        return None;
    }
    let mut all = Holidays {
        closed: lists.iter().flat_map(|list| list.closed.iter().copied()).collect(),
        makeup: BTreeMap::new(),
        years: first..=last,
        canonical: lists.iter().map(|list| list.canonical.as_str()).collect(),
    };
    let mut fine = true;
    let mut works: BTreeMap<NaiveDate, (&List, Workday)> = BTreeMap::new();
    for list in lists {
        for (&date, &day) in &list.makeup {
            let before = works.get(&date).copied();
            if let Some((other, known)) = before
                && known.hours_of != day.hours_of
                && !known.assumed
                && !day.assumed
                && !dates.contains_key(&date)
            {
                let message = format!("{} and {} give {date} the hours of different weekdays", other.name, list.name);
                item.wrong(message, "both lists", "give the date its own hours in `dates`");
                fine = false;
            }
            if before.is_none_or(|(_, known)| known.assumed) {
                works.insert(date, (list, day));
            }
        }
    }
    for (date, (list, day)) in works {
        let closing = lists.iter().find(|other| other.closed.contains(&date));
        match (closing, dates.get(&date)) {
            (None, _) => drop(all.makeup.insert(date, day.hours_of)),
            // The plan's own hours decide which of the two it is.
            (Some(_), Some(hours)) if hours.is_empty() => {}
            (Some(_), Some(_)) => {
                all.closed.remove(&date);
                all.makeup.insert(date, day.hours_of);
            }
            (Some(closing), None) => {
                let message = format!("{} closes {date}, and {} works on it", closing.name, list.name);
                let help = "take it out of one of them, or give the date its own hours in `dates`";
                item.wrong(message, "both lists", help);
                fine = false;
            }
        }
    }
    fine.then_some(all)
}
