//! The columns that conditions may ask for: those of facts that are known before any clock is read.

use std::ops::RangeInclusive;

use super::Whose;
use crate::plan::sources::Sources;
use crate::schema::facts::{CLOCKS, FACT_SURVEY, FACT_TICKET, SEGMENTS};
use crate::schema::input::{Kind, SourceKind};
use crate::schema::{Table, Type, hold};

/// Kinds of values that conditions compare.
pub enum Known {
    Text,
    Flag,
    /// A whole number, and between which bounds it always lies.
    Number(RangeInclusive<i64>),
    Moment,
}

/// What is to be said of a column that a condition asks for.
pub enum Use {
    Fine(&'static str, Known),
    /// No fact has it; the names of those that could be used.
    Unknown(Vec<String>),
    /// It cannot be compared, with a word on why.
    Refused(&'static str),
    /// It would never have a value.
    Missing {
        why: String,
        label: &'static str,
        help: String,
    },
}

/// Names and phones are read to tell customers apart, and kept nowhere.
const PERSONAL: [&str; 2] = ["customer_name", "customer_phone"];

/// What comes from the roster, and the columns of it that give it.
const STAFF: [(&str, &[&str]); 3] =
    [("team", &["team"]), ("tenure_months", &["hired_on"]), ("tenure_band", &["tenure_band", "hired_on"])];

/// Why a column of the facts cannot be compared.
fn refusal(name: &str) -> Option<&'static str> {
    if PERSONAL.contains(&name) {
        return Some("personal, not kept");
    }
    match name {
        "fault_codes" | "strengths" => return Some("several values in one"),
        "month" | "period" | "week" | "calendar" | "fix_stage" | "breach" | "themes" | "parts_wait_seconds"
        | "complaint_seconds" => return Some("decided later"),
        _ => {}
    }
    let of_clock = || CLOCKS.iter().any(|clock| clock.columns().iter().any(|column| column.name == name));
    let told = SEGMENTS.contains(&name) || name.starts_with("timeliness_") || of_clock();
    told.then_some("what the clocks tell, known later")
}

pub fn find(name: &str, sources: &Sources, whose: Whose) -> Use {
    if let Some(label) = refusal(name) {
        return Use::Refused(label);
    }
    let survey = whose == Whose::Policy && only_of_surveys(name, sources);
    let of_ticket = known(&FACT_TICKET, name).or_else(|| own_time(name, sources, SourceKind::Tickets));
    let found = match of_ticket {
        None if survey => known(&FACT_SURVEY, name).or_else(|| own_time(name, sources, SourceKind::Surveys)),
        found => found,
    };
    match found {
        None => Use::Unknown(usable(sources, whose)),
        Some(known) => missing(name, survey, sources).unwrap_or_else(|| Use::Fine(hold(name), known)),
    }
}

/// Whether surveys have this column of a dump, and tickets do not.
pub fn only_of_surveys(name: &str, sources: &Sources) -> bool {
    let input = SourceKind::Surveys.column(name).is_some_and(|column| column.kind != Kind::Codes);
    let of_ticket = FACT_TICKET.columns.iter().any(|column| column.name == name);
    let of_survey = input && FACT_SURVEY.columns.iter().any(|column| column.name == name);
    let own = || own_time(name, sources, SourceKind::Surveys).is_some();
    let of_own_ticket = || own_time(name, sources, SourceKind::Tickets).is_some();
    !of_ticket && (of_survey || own() && !of_own_ticket())
}

fn known(fact: &Table, name: &str) -> Option<Known> {
    let column = fact.columns.iter().find(|column| column.name == name)?;
    Some(match column.dtype {
        Type::Text => Known::Text,
        Type::Bool => Known::Flag,
        Type::Timestamp => Known::Moment,
        Type::Int32 | Type::Int64 => Known::Number(match name {
            "weekday" => 1..=7,
            "hour" => 0..=23,
            _ => 0..=i64::from(i32::MAX),
        }),
        Type::Double | Type::Date => return None,
    })
}

/// Whether the surveys have this column, be it that of their tickets.
pub fn of_surveys(name: &str, sources: &Sources) -> bool {
    FACT_SURVEY.columns.iter().any(|column| column.name == name)
        || own_time(name, sources, SourceKind::Surveys).is_some()
}

/// A time column that the plan itself declares for one of its clocks.
fn own_time(name: &str, sources: &Sources, kind: SourceKind) -> Option<Known> {
    let mapping = sources.read.get(&kind)?.mapping(name)?;
    (mapping.column.kind == Kind::Time).then_some(Known::Moment)
}

/// Why a column would never have a value, if so.
fn missing(name: &str, survey: bool, sources: &Sources) -> Option<Use> {
    if let Some((_, givers)) = STAFF.iter().find(|(column, _)| *column == name) {
        return missing_staff(name, givers, sources);
    }
    let (kind, columns): (SourceKind, &[&str]) = match name {
        "weekday" | "hour" => return None,
        _ if survey => (SourceKind::Surveys, &[name]),
        "staff_id" | "ticket_id" if sources.surveys_only() => (SourceKind::Surveys, &[name]),
        "first_resolved_at" => (SourceKind::Tickets, &["first_resolved_at", "resolved_at"]),
        _ => (SourceKind::Tickets, &[name]),
    };
    let from_roster = name == "staff_name"
        && sources.has(SourceKind::Staff)
        && !sources.lacks(SourceKind::Staff, name)
        && !sources.lacks(SourceKind::Tickets, "staff_id");
    if from_roster {
        return None;
    }
    if !sources.has(kind) {
        // Without any source that is told elsewhere.
        let other = if kind == SourceKind::Surveys { SourceKind::Tickets } else { SourceKind::Surveys };
        return sources.has(other).then(|| Use::Missing {
            why: format!("`{name}` is a column of {}, and there are none", kind.name()),
            label: "no such rows",
            help: format!("add [sources.{}] with `files` and the column {name}, or remove the condition", kind.name()),
        });
    }
    let mapped = |column: &str| sources.read.get(&kind).is_some_and(|source| source.mapping(column).is_some());
    let lacks = |column: &&str| sources.lacks(kind, column) && !mapped(column);
    columns.iter().all(lacks).then(|| not_mapped(name, kind, name))
}

fn missing_staff(name: &str, givers: &[&'static str], sources: &Sources) -> Option<Use> {
    let giver = givers.first()?;
    if !sources.has(SourceKind::Staff) {
        return Some(Use::Missing {
            why: format!("`{name}` is not known without a roster"),
            label: "no roster",
            help: format!("add [sources.staff] with `files` and the columns staff_id and {giver}"),
        });
    }
    if givers.iter().all(|giver| sources.lacks(SourceKind::Staff, giver)) {
        return Some(not_mapped(name, SourceKind::Staff, giver));
    }
    let kind = if sources.surveys_only() { SourceKind::Surveys } else { SourceKind::Tickets };
    sources.lacks(kind, "staff_id").then(|| Use::Missing {
        why: format!("`{name}` is that of the ticket's staff, and staff_id is not mapped"),
        label: "whose?",
        help: format!("add staff_id = \"their name for it\" to [sources.{}.columns]", kind.name()),
    })
}

fn not_mapped(name: &str, kind: SourceKind, giver: &str) -> Use {
    Use::Missing {
        why: format!("`{name}` is not mapped"),
        label: "not mapped",
        help: format!("add {giver} = \"their name for it\" to [sources.{}.columns]", kind.name()),
    }
}

/// Every column that a condition may ask for.
fn usable(sources: &Sources, whose: Whose) -> Vec<String> {
    let surveys: &[_] = if whose == Whose::Policy { FACT_SURVEY.columns } else { &[] };
    let facts = FACT_TICKET.columns.iter().chain(surveys).map(|column| column.name);
    let mapped = |kind| sources.read.get(&kind).into_iter().flat_map(|source| &source.columns);
    let own = mapped(SourceKind::Tickets).filter(|mapping| mapping.column.kind == Kind::Time);
    let mut names: Vec<String> = Vec::new();
    for name in facts.chain(own.map(|mapping| mapping.column.name)) {
        let of_ticket = known(&FACT_TICKET, name).is_some() || own_time(name, sources, SourceKind::Tickets).is_some();
        let fine = refusal(name).is_none() && (of_ticket || only_of_surveys(name, sources));
        if fine && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}
