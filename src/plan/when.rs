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
        Known::Flag => Is::OneOf(vec![entry.flag()?.to_string()]),
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
            if let (None, None) = (&min, &max) {
                let message = format!("`{}` has neither `min` nor `max`", entry.key);
                entry.wrong(
                    message,
                    "no bounds",
                    format!("write {} = {{ min = 2, max = 5 }}, or one of them", entry.key),
                );
                return None;
            }
            let (min, max) = (bound(min.as_ref(), Item::integer), bound(max.as_ref(), Item::integer));
            (min.ok()?, max.ok()?)
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
    if let (None, None) = (&from, &to) {
        let message = format!("`{}` has neither `from` nor `to`", entry.key);
        entry.wrong(message, "no days", format!("write {} = {EXAMPLE}, or one of them", entry.key));
        return None;
    }
    let (from, to) = (bound(from.as_ref(), day), bound(to.as_ref(), day));
    let (from, to) = (from.ok()?, to.ok()?);
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

/// A mistake that has been noted.
struct Noted;

/// A bound; a missing one is fine, a wrong one is not.
fn bound<'t, T>(item: Option<&Item<'t>>, read: impl Fn(&Item<'t>) -> Option<T>) -> Result<Option<T>, Noted> {
    item.map(|item| read(item).ok_or(Noted)).transpose()
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
    let mut catching = earlier.iter().filter(|first| catches_all(&first.when, &later.when));
    let Some(first) = catching.find_map(|first| first.at.clone()) else { return };
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

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
    use crate::plan::types::{Is, When};

    /// A roster, columns last.
    const STAFF: &str = "[sources.staff]\nfiles = \"r.csv\"\n[sources.staff.columns]\nstaff_id = \"工号\"\n";

    fn sources() -> String {
        let columns = "priority = \"p\"\nregion = \"r\"\nis_complaint = \"c\"\nvisits = \"v\"\nresolved_at = \"e\"\n\
                       staff_id = \"s\"\n";
        format!("{TICKETS}{columns}{STAFF}team = \"t\"\nhired_on = \"h\"\n")
    }

    /// Mistakes of conditions, the first of which stands on line 4.
    fn with(conditions: &str) -> Vec<String> {
        check(&format!("[[sla]]\nstart = \"1h clock\"\n[sla.when]\n{conditions}\n{}", sources()))
    }

    #[test]
    fn every_kind_of_column_can_be_asked_for() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 7, day);
        let one_of = |texts: &[&str]| Is::OneOf(texts.iter().map(|text| (*text).to_owned()).collect());
        for (condition, column, is) in [
            ("region = \" 华东 \"", "region", one_of(&["华东"])),
            ("priority = [\"高\", \"中\"]", "priority", one_of(&["高", "中"])),
            ("is_complaint = false", "is_complaint", one_of(&["false"])),
            ("team = \"一组\"", "team", one_of(&["一组"])),
            ("tenure_band = \"3y+\"", "tenure_band", one_of(&["3y+"])),
            ("visits = 2", "visits", Is::Number { min: Some(2), max: Some(2) }),
            ("visits = { min = 2 }", "visits", Is::Number { min: Some(2), max: None }),
            ("weekday = { min = 6, max = 7 }", "weekday", Is::Number { min: Some(6), max: Some(7) }),
            ("hour = { max = 8 }", "hour", Is::Number { min: None, max: Some(8) }),
            ("tenure_months = { max = 3 }", "tenure_months", Is::Number { min: None, max: Some(3) }),
            (
                "requested_at = { from = \"2026-07-01\", to = 2026-07-31 }",
                "requested_at",
                Is::Day { from: day(1), to: day(31) },
            ),
            ("first_resolved_at = { to = \"2026-07-31\" }", "first_resolved_at", Is::Day { from: None, to: day(31) }),
        ] {
            let text = format!("[[sla]]\nstart = \"1h clock\"\nwhen = {{ {condition} }}\n{}", sources());
            assert_eq!(plan(&text).policies[0].when, [When { column, is }], "{condition}");
        }
    }

    #[test]
    fn columns_must_be_there_and_known_in_time() {
        assert_eq!(
            with(
                "prioritty = \"高\"\nbranch = \"b\"\ncustomer_name = \"c\"\nmonth = \"2026-07\"\ncalendar = \"d\"\n\
                 fault_codes = \"E1\"\nresolution_outcome = \"met\"\nsegment_response_seconds = 1\n\
                 timeliness_thousandths = 1\nevaluator = \"客户\"\n"
            ),
            [
                "4: tickets have no column `prioritty` | did you mean `priority`?",
                "5: `branch` is not mapped, so the policy would never match | \
                 add branch = \"their name for it\" to [sources.tickets.columns]",
                "6: `when` cannot compare `customer_name` | use a column such as service_type or priority",
                "7: `when` cannot compare `month` | use a column such as service_type or priority",
                "8: `when` cannot compare `calendar` | use a column such as service_type or priority",
                "9: `when` cannot compare `fault_codes` | use a column such as service_type or priority",
                "10: `when` cannot compare `resolution_outcome` | use a column such as service_type or priority",
                "11: `when` cannot compare `segment_response_seconds` | use a column such as service_type or priority",
                "12: `when` cannot compare `timeliness_thousandths` | use a column such as service_type or priority",
                "13: `evaluator` is a column of surveys, and there are none, so the policy would never match | \
                 add [sources.surveys] with `files` and the column evaluator, or remove the condition",
            ]
        );
        let known = with("x = 1").concat();
        let names = "known here: ticket_id, weekday, hour, requested_at, first_response_at, started_at, resolved_at, \
                     first_resolved_at, reopened_at, closed_at, status, customer_id, customer_tier, customer_kind, ";
        assert!(known.contains(names) && known.contains("survey_id, answered_at, evaluator, "), "{known}");
        assert!(!known.contains("fault_codes") && !known.contains("strengths"), "{known}");
    }

    #[test]
    fn the_roster_must_tell_of_staff() {
        let policy = |column: &str, sources: &str| {
            check(&format!("[[sla]]\nstart = \"1h clock\"\nwhen.{column} = \"a\"\n{sources}"))
        };
        assert_eq!(
            policy("team", TICKETS),
            ["3: `team` is not known without a roster, so the policy would never match | \
              add [sources.staff] with `files` and the columns staff_id and team"]
        );
        assert_eq!(
            policy("tenure_band", &format!("{TICKETS}staff_id = \"s\"\n{STAFF}")),
            ["3: `tenure_band` is not mapped, so the policy would never match | \
              add tenure_band = \"their name for it\" to [sources.staff.columns]"]
        );
        assert_eq!(
            policy("team", &format!("{TICKETS}{STAFF}team = \"t\"\n")),
            ["3: `team` is that of the ticket's staff, and staff_id is not mapped, so the policy would never match | \
              add staff_id = \"their name for it\" to [sources.tickets.columns]"]
        );
        assert_eq!(
            policy("evaluator", &format!("{TICKETS}{SURVEYS}")),
            ["3: `evaluator` is not mapped, so the policy would never match | \
             add evaluator = \"their name for it\" to [sources.surveys.columns]"]
        );
    }

    #[test]
    fn values_must_fit_the_column() {
        assert_eq!(
            with(
                "region = []\npriority = [\"高\", \"\"]\nis_complaint = \"是\"\nvisits = \"2\"\n\
                 requested_at = \"2026-07-01\"\nhour = { min = 24 }\nweekday = { min = 5, max = 1 }\n\
                 tenure_months = {}\nresolved_at = { from = \"2026-07-01\", to = \"2026-06-30\" }\n\
                 team = 1\n"
            ),
            [
                "4: `region` is an empty list | name one at least",
                "5: `priority` has an empty text | ",
                "6: `is_complaint` must be true or false, not a string | ",
                "7: `visits` must be a whole number or { min = …, max = … }, not a string | ",
                "8: `requested_at` must be { from = \"2026-07-01\", to = \"2026-09-30\" }, not a string | ",
                "9: `hour` lies between 0 and 23 | hours go from 0 to 23",
                "10: `weekday` runs backwards: 5 is above 1 | min is the lower bound, max the upper one, both included",
                "11: `tenure_months` has neither `min` nor `max` | \
                 write tenure_months = { min = 2, max = 5 }, or one of them",
                "12: `resolved_at` runs backwards: 2026-07-01 is after 2026-06-30 | \
                 from is the first day, to the last one, both included",
                "13: `team` must be a string or a list of strings, not a whole number | ",
            ]
        );
        assert_eq!(
            with("visits = { min = 1.5, most = 2 }\nrequested_at = { from = \"1.7.2026\" }\nresolved_at = {}\n"),
            [
                "4: `min` must be a whole number, not a decimal one | ",
                "4: unknown key `most` | known here: min, max",
                "5: `1.7.2026` is not a date | write a date of the calendar as \"2026-09-30\"",
                "6: `resolved_at` has neither `from` nor `to` | \
                 write resolved_at = { from = \"2026-07-01\", to = \"2026-09-30\" }, or one of them",
            ]
        );
    }

    #[test]
    fn wider_bounds_catch_narrower_ones() {
        let never = |first: &str, later: &str| {
            let policy = |when: &str| format!("[[sla]]\nwhen = {{ {when} }}\nstart = \"1h clock\"\n");
            !check(&format!("{}{}{}", policy(first), policy(later), sources())).is_empty()
        };
        for (first, later, caught) in [
            ("visits = { min = 2 }", "visits = { min = 2, max = 5 }", true),
            ("visits = { min = 2 }", "visits = { min = 1, max = 5 }", false),
            ("visits = { min = 2, max = 4 }", "visits = { min = 3 }", false),
            ("visits = { max = 4 }", "visits = 4", true),
            ("requested_at = { from = 2026-07-01 }", "requested_at = { from = 2026-07-01 }", true),
            ("requested_at = { to = 2026-07-01 }", "requested_at = { from = 2026-06-01 }", false),
            ("requested_at = { to = 2026-07-01 }", "requested_at = { to = 2026-06-30 }, visits = 1", true),
            ("visits = 1", "hour = 1", false),
        ] {
            assert_eq!(never(first, later), caught, "{first} / {later}");
        }
    }
}
