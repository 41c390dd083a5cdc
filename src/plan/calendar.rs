//! `[calendars.*]`: when the service is open, and for whom.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::DeValue;

use super::holidays;
use super::reader::{Item, Problems, Section};
use super::sla::Sla;
use super::sources::Sources;
use super::types::{Clock, NamedCalendar, When};
use super::when::{self, Said, Whose};
use crate::time::calendar::CalendarSpec;
use crate::time::target::Target;

mod hours;
#[cfg(test)]
mod tests;

/// Days of the week as plans write them.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The calendar that holds for every ticket that no other one is for.
const DEFAULT: &str = "default";

const ADVICE: &str = "write weekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }";

/// What the plan says of working time.
#[derive(Default)]
pub struct Calendars {
    /// In the order in which they are tried; `default` is the last one.
    pub read: Vec<NamedCalendar>,
    /// Whether the plan gives any, right or wrong.
    pub given: bool,
    /// Their order and their holiday lists in canonical form, for the hash.
    pub canonical: String,
}

/// Reads the calendars; `folder` is where the pipeline file lies.
pub fn read(section: &Section, folder: &Path, sources: &Sources) -> Calendars {
    let mut calendars = Calendars::default();
    let mut default = None;
    let mut said: Vec<Said> = Vec::new();
    let entries = section.entries();
    for entry in &entries {
        calendars.given = true;
        let name = entry.key.trim();
        let wrong = |message: String, label: &str, help: &str| {
            entry.problems.wrong(entry.key_at.clone(), message, label, help);
        };
        if name.is_empty() {
            wrong("a calendar has no name".to_owned(), "empty", "write [calendars.night], or another name");
        } else if calendars.read.iter().any(|calendar| calendar.name == name) || name == DEFAULT && default.is_some() {
            wrong(
                format!("two calendars are named `{name}`"),
                "the second one",
                "names tell calendars apart in the tables",
            );
        }
        let mut table = entry.section(format!("[calendars.{}]", entry.key));
        let conditions = table.get("when");
        let at = table.at.clone().unwrap_or(entry.key_at.clone());
        if name != DEFAULT {
            // The plan's own canonical form knows no order of tables, and the first match wins.
            let _ = write!(calendars.canonical, "{}\"{name}\"", name.len());
        }
        let spec = calendar(table, &at, folder, &mut calendars.canonical);
        if name == DEFAULT {
            if let Some(item) = conditions {
                let help = "give the conditions to a calendar with another name; the others are tried before `default`";
                let message = "`default` holds for every ticket that no other calendar is for, so it has no `when`";
                item.problems.wrong(item.key_at.clone(), message, "not here", help);
            }
            default = Some(spec);
            continue;
        }
        let when = conditions_of(entry, &at, conditions.as_ref(), sources);
        let this = Said { at: when.is_some().then(|| at.clone()), when: when.clone().unwrap_or_default() };
        when::check_reached(&said, &this, Whose::Calendar, entry.problems);
        said.push(this);
        calendars.read.push(NamedCalendar { name: name.to_owned(), when: when.unwrap_or_default(), spec });
    }
    if let (None, Some(first)) = (&default, entries.first()) {
        let message = "the plan has calendars, but none for the tickets that no `when` matches";
        first.problems.wrong(
            first.section("[calendars]").at.unwrap_or(first.key_at.clone()),
            message,
            "only for some",
            "add [calendars.default], without `when`: it holds for all the others",
        );
    }
    // Without working-time targets nothing but real time is asked for: open around the clock.
    let spec = default.unwrap_or_else(|| CalendarSpec { weekly: hours::always(), ..CalendarSpec::default() });
    calendars.read.push(NamedCalendar { name: DEFAULT.to_owned(), when: Vec::new(), spec });
    calendars
}

/// For which tickets a calendar besides the default one is; none if that is wrong.
fn conditions_of(entry: &Item, at: &Range<usize>, conditions: Option<&Item>, sources: &Sources) -> Option<Vec<When>> {
    let help = "write when = { region = \"华东\" }, or call the calendar `default` if it is for all";
    let Some(item) = conditions else {
        let message = format!("the calendar `{}` does not say for which tickets it is", entry.key);
        entry.problems.wrong(at.clone(), message, "no `when`", help);
        return None;
    };
    let when = when::read(item, sources, Whose::Calendar)?;
    if when.is_empty() {
        item.wrong("`when` has no condition", "for every ticket", help);
        return None;
    }
    Some(when)
}

fn calendar(mut section: Section, at: &Range<usize>, folder: &Path, canonical: &mut String) -> CalendarSpec {
    let mut spec = CalendarSpec::default();
    match section.get("weekly") {
        Some(item) => spec.weekly = hours::weekly(&item, at),
        None => section.problems.missing(Some(at.clone()), "the calendar has no `weekly` hours", ADVICE),
    }
    let lists = section.get("holidays");
    spec.dates = hours::dates(&section.section("dates"));
    if let Some(list) = lists.and_then(|item| holidays::read(&item, folder, &spec.dates)) {
        spec.holidays = list.closed;
        spec.makeup = list.makeup;
        spec.years = Some(list.years);
        canonical.push_str(&list.canonical);
    }
    section.finish();
    spec
}

/// Working time cannot be counted without hours. `written` is `[clocks]` as it stands in the plan.
///
/// A clock's usual target in working time is dropped where there is no calendar: nobody asked for it.
pub fn check_needed(
    calendars: &Calendars,
    sla: &Sla,
    clocks: &mut [Clock],
    written: Option<&Spanned<DeValue>>,
    problems: &Problems,
) {
    if calendars.given {
        return;
    }
    let mut places: Vec<Range<usize>> = sla.working.iter().cloned().collect();
    for clock in clocks.iter_mut() {
        if let Some(Target::Working { .. } | Target::Days { .. }) = clock.target {
            match written.and_then(|clocks| target_of(clocks.get_ref(), clock.what.name)) {
                Some(at) => places.push(at),
                None => clock.target = None,
            }
        }
    }
    if let Some(at) = places.into_iter().min_by_key(|at| at.start) {
        problems.wrong(
            at,
            "this target counts working time, but the plan has no calendar",
            "working time",
            "add [calendars.default] with weekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }, or write \"… clock\" for \
             a target around the clock",
        );
    }
}

/// Where `[clocks.NAME] target` stands.
fn target_of(clocks: &DeValue, name: &str) -> Option<Range<usize>> {
    let clock = clocks.as_table()?.get(name)?.get_ref();
    Some(clock.as_table()?.get("target")?.span())
}
