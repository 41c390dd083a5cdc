//! Clocks of the plan's own: from which moment to which they run.

use std::ops::Range;

use super::super::near::nearest;
use super::super::reader::{Item, Section};
use super::super::sources::Sources;
use crate::schema::facts;
use crate::schema::input::{Kind, SourceKind};
use crate::schema::{Label, hold};

const FACTS: [SourceKind; 2] = [SourceKind::Tickets, SourceKind::Surveys];

/// A time column of tickets or surveys.
#[derive(Clone, Copy, PartialEq)]
struct Moment {
    kind: SourceKind,
    column: &'static str,
}

/// Reads between which moments a clock runs. Where that is wrong, something stands in.
pub fn read(entry: &Item, section: &mut Section, sources: &Sources) -> facts::Clock {
    let (from, to) = (section.get("from"), section.get("to"));
    for (key, item, such_as) in [("from", &from, "first_response_at"), ("to", &to, "arrived_at")] {
        if item.is_none() {
            section.problems.missing(
                section.at.clone(),
                format!("the clock `{}` has no `{key}`", entry.key),
                format!(
                    "name the time column that it {}: {key} = \"{such_as}\"",
                    if key == "from" { "begins with" } else { "ends with" }
                ),
            );
        }
    }
    let start = from.as_ref().and_then(|item| moment(item, sources));
    let end = to.as_ref().and_then(|item| moment(item, sources));
    if let (Some(start), Some(end), Some(from), Some(to)) = (start, end, &from, &to) {
        check_ends(entry, (start, from), (end, to), sources);
    }
    let label = section.get("label").and_then(|item| item.name()).unwrap_or(entry.key);
    let label = hold(label);
    let of_survey = end.is_some_and(|end| end.kind == SourceKind::Surveys);
    facts::Clock {
        name: hold(entry.key),
        fact: if of_survey { facts::SURVEY } else { facts::TICKET },
        start: start.map_or("requested_at", |moment| moment.column),
        end: end.map_or("resolved_at", |moment| moment.column),
        label: Label { zh: label, en: label },
        target: None,
    }
}

fn moment(item: &Item, sources: &Sources) -> Option<Moment> {
    let name = item.name()?;
    let ours = FACTS.iter().find_map(|kind| Some((*kind, kind.column(name)?)));
    if let Some((kind, column)) = ours {
        let what = if column.kind != Kind::Time {
            Some(("is no time", "no time"))
        } else if name.starts_with("promised") {
            Some(("is a promise, no moment at which something happened", "a promise"))
        } else {
            None
        };
        if let Some((what, label)) = what {
            let known = moments(sources).join(", ");
            item.wrong(format!("`{name}` {what}"), label, format!("name one of the time columns: {known}"));
            return None;
        }
        if !sources.has(kind) {
            item.wrong(
                format!("`{name}` is a column of {}, and the plan reads none", kind.name()),
                "no such source",
                format!("add [sources.{}], or remove the clock", kind.name()),
            );
            return None;
        }
        if sources.lacks(kind, name) {
            item.wrong(
                format!("`{name}` is not mapped, so the clock would never run"),
                "not mapped",
                format!("add {name} = \"their name for it\" to [sources.{}.columns]", kind.name()),
            );
            return None;
        }
        return Some(Moment { kind, column: column.name });
    }
    own_moment(item, name, sources)
}

/// A time of the user's own.
fn own_moment(item: &Item, name: &str, sources: &Sources) -> Option<Moment> {
    let own = |kind: &SourceKind| sources.own_times(*kind).find(|own| *own == name).map(|column| (*kind, column));
    match FACTS.iter().filter_map(own).collect::<Vec<_>>()[..] {
        [(kind, column)] => Some(Moment { kind, column }),
        [] => {
            let known = moments(sources);
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "add {name} = \"their name for it\" to [sources.tickets.columns] or [sources.surveys.columns]"
                ),
            };
            item.wrong(format!("no source has a time column `{name}`"), "not mapped", help);
            None
        }
        [..] => {
            item.wrong(
                format!("both tickets and surveys have a column `{name}`"),
                "which of the two",
                "give one of the two columns another name",
            );
            None
        }
    }
}

/// Time columns that a clock may begin or end with.
fn moments(sources: &Sources) -> Vec<&'static str> {
    let of = |kind: SourceKind| {
        let times = kind.columns().iter().filter(|c| c.kind == Kind::Time && !c.name.starts_with("promised"));
        times.map(|column| column.name).filter(move |name| sources.writes(kind, name)).chain(sources.own_times(kind))
    };
    FACTS.into_iter().flat_map(of).collect()
}

fn check_ends(entry: &Item, (start, from): (Moment, &Item), (end, to): (Moment, &Item), sources: &Sources) {
    if start == end {
        to.wrong(
            format!("the clock `{}` begins and ends with `{}`", entry.key, end.column),
            "the same moment",
            "name two time columns",
        );
    } else if (start.kind, end.kind) == (SourceKind::Surveys, SourceKind::Tickets) {
        from.wrong(
            format!("`{}` is a moment of surveys, and `{}` one of tickets", start.column, end.column),
            "a ticket may have many surveys",
            "a clock that ends with a moment of a ticket begins with one, too",
        );
    } else if (start.kind, end.kind) == (SourceKind::Tickets, SourceKind::Surveys)
        && sources.lacks(SourceKind::Surveys, "ticket_id")
    {
        from.wrong(
            format!("`{}` is a moment of tickets, and surveys name none", start.column),
            "which ticket",
            "add ticket_id = \"their name for it\" to [sources.surveys.columns]",
        );
    }
}

/// What a clock of surveys needs and the plan lacks: the source, and the column if the source is there.
pub fn missing(what: &facts::Clock, sources: &Sources) -> Vec<(SourceKind, Option<&'static str>)> {
    let mut needed = Vec::new();
    if SourceKind::Surveys.column(what.start).is_none() {
        needed.extend([(SourceKind::Tickets, what.start), (SourceKind::Surveys, "ticket_id")]);
    } else {
        needed.push((SourceKind::Surveys, what.start));
    }
    needed.push((SourceKind::Surveys, what.end));
    let mut missing = Vec::new();
    for (kind, column) in needed {
        let lacking = if sources.has(kind) { Some(column).filter(|column| sources.lacks(kind, column)) } else { None };
        if (lacking.is_some() || !sources.has(kind)) && !missing.contains(&(kind, lacking)) {
            missing.push((kind, lacking));
        }
    }
    missing
}

/// Notes that a clock that the plan speaks of cannot run.
pub fn cannot_run(
    what: &facts::Clock,
    missing: &[(SourceKind, Option<&'static str>)],
    at: Range<usize>,
    section: &Section,
) {
    for (kind, column) in missing {
        let name = kind.name();
        let (message, help) = match column {
            Some(column) => (
                format!("the clock `{}` cannot run: `{column}` is not mapped in [sources.{name}.columns]", what.name),
                format!("add {column} = \"their name for it\" there, or remove the section"),
            ),
            None => (
                format!("the clock `{}` cannot run: there is no [sources.{name}]", what.name),
                format!("add [sources.{name}], or remove the section"),
            ),
        };
        section.problems.wrong(at.clone(), message, "never runs", help);
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{DECLARED, SURVEYS, TICKETS, check, plan, with_times};
    use crate::schema::input::SourceKind;

    #[test]
    fn clocks_are_declared_from_any_two_moments() {
        let plan =
            plan(&with_times(&format!("{DECLARED}[clocks.answer]\nfrom = \"called_at\"\nto = \"answered_at\"\n")));
        let clocks: Vec<_> = plan.clocks.iter().map(|c| (c.what.name, c.what.fact, c.what.start, c.what.end)).collect();
        let (tickets, surveys) = ("fact_ticket", "fact_survey");
        assert_eq!(
            clocks[3..],
            [
                ("visit", tickets, "first_response_at", "arrived_at"),
                ("call", surveys, "arrived_at", "called_at"),
                ("answer", surveys, "called_at", "answered_at"),
            ]
        );
        let visit = plan.clock("visit").unwrap();
        assert_eq!((visit.what.label.zh, visit.goal, visit.what.target), ("上门", Some(0.8), None));
        assert_eq!(visit.target.unwrap().to_string(), "8h clock");
        assert_eq!(plan.clock("call").unwrap().what.label.en, "call");
        let own = |kind| plan.own_times(kind).iter().map(|c| (c.name, c.label.zh)).collect::<Vec<_>>();
        assert_eq!(own(SourceKind::Tickets), [("arrived_at", "到场")]);
        assert_eq!(own(SourceKind::Surveys), [("called_at", "回访")]);
        let mapping = plan.sources[&SourceKind::Surveys].mapping("called_at").unwrap();
        assert_eq!(mapping.format.as_deref(), Some("%Y%m%d"));
        let order: Vec<_> = plan.sources[&SourceKind::Tickets].columns.iter().map(|m| m.column.name).collect();
        assert_eq!(order, ["ticket_id", "requested_at", "first_response_at", "arrived_at"]);
    }

    #[test]
    fn columns_that_no_clock_names_are_unknown() {
        let unknown = "unknown column `called_at` in [sources.surveys.columns]";
        let found = check(&with_times("[clocks.visit]\nfrom = \"requested_at\"\nto = \"arrived_at\""));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with(&format!("16: {unknown} | ")), "{found:?}");
        let values = "[sources.tickets.values.arrived_at]\na = \"b\"\n";
        assert_eq!(
            check(&format!("{}{values}", with_times(DECLARED))),
            ["24: values of `arrived_at` are not translated | remove the section"]
        );
    }

    #[test]
    fn both_ends_must_be_known() {
        let moments = "requested_at, first_response_at, arrived_at, answered_at, called_at";
        assert_eq!(
            check(&with_times(&format!(
                "{DECLARED}[clocks.a]\nfrom = \"status\"\nto = \"promised_resolution_at\"\n\
                 [clocks.b]\nfrom = \"started_at\"\nto = \"left_at\"\n\
                 [clocks.c]\nfrom = \"requestd_at\"\nto = 3\n\
                 [clocks.d]\nfrom = \"answered_at\"\nto = \"arrived_at\"\n\
                 [clocks.e]\nfrom = \"requested_at\"\nto = \"requested_at\"\n\
                 [clocks.f]\nlabel = \"\"\n"
            ))),
            [
                format!("11: `status` is no time | name one of the time columns: {moments}"),
                format!(
                    "12: `promised_resolution_at` is a promise, no moment at which something happened | \
                     name one of the time columns: {moments}"
                ),
                "14: `started_at` is not mapped, so the clock would never run | \
                 add started_at = \"their name for it\" to [sources.tickets.columns]"
                    .to_owned(),
                "15: no source has a time column `left_at` | \
                 add left_at = \"their name for it\" to [sources.tickets.columns] or [sources.surveys.columns]"
                    .to_owned(),
                "17: no source has a time column `requestd_at` | did you mean `requested_at`?".to_owned(),
                "18: `to` must be a string, not a whole number | ".to_owned(),
                "20: `answered_at` is a moment of surveys, and `arrived_at` one of tickets | \
                 a clock that ends with a moment of a ticket begins with one, too"
                    .to_owned(),
                "24: the clock `e` begins and ends with `requested_at` | name two time columns".to_owned(),
                "25: the clock `f` has no `from` | \
                 name the time column that it begins with: from = \"first_response_at\""
                    .to_owned(),
                "25: the clock `f` has no `to` | name the time column that it ends with: to = \"arrived_at\""
                    .to_owned(),
                "26: `label` is empty | write something between the quotes, or remove it".to_owned(),
            ]
        );
    }

    #[test]
    fn surveys_must_name_the_ticket_whose_moment_it_is() {
        let text = with_times(DECLARED)
            .replace("answered_at = \"评价时间\"\nticket_id", "answered_at = \"评价时间\"\nstaff_id");
        assert_eq!(
            check(&text),
            ["8: `arrived_at` is a moment of tickets, and surveys name none | \
              add ticket_id = \"their name for it\" to [sources.surveys.columns]"]
        );
        assert_eq!(
            check(&format!("[clocks.a]\nfrom = \"requested_at\"\nto = \"answered_at\"\n{TICKETS}")),
            [
                "3: `answered_at` is a column of surveys, and the plan reads none | add [sources.surveys], or remove the clock"
            ]
        );
        assert_eq!(
            check(&format!(
                "{}\n{TICKETS}x_at = \"a\"\n{SURVEYS}x_at = \"b\"\n",
                "[clocks.a]\nfrom = \"requested_at\"\nto = \"x_at\""
            )),
            ["3: both tickets and surveys have a column `x_at` | give one of the two columns another name"]
        );
    }
}
