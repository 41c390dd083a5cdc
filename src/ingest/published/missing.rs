//! Columns that listings look at and that are not published: what surveys and faults had from other tickets.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::{Facts, Wanted};
use crate::ingest::IngestError;
use crate::ingest::facts::frame;
use crate::ingest::gathered::{Found, Gathered};
use crate::ingest::keys::{self, Keys};
use crate::plan::Plan;
use crate::schema::Type;
use crate::schema::facts::{FACT_FAULT, PARTS_WAIT, SURVEY, TICKET, began, outcome};

/// Columns of a fault that come from tickets: the column that names the ticket, its column, and what it is called.
const OF_FAULTS: [(&str, &str, &str); 3] = [
    ("repeat_of", "staff_id", "@earlier_staff_id"),
    ("repeat_of", "resolved_at", "@earlier_resolved_at"),
    ("repeat_of", PARTS_WAIT, "@earlier_parts_wait_seconds"),
];

/// The tickets that listed surveys and faults look at, as far as they have gone by.
#[derive(Debug)]
pub struct Missing {
    named: Keys,
    /// Columns of the tickets.
    columns: BTreeSet<String>,
    /// What surveys lack: a column of their tickets, and what it is called there.
    of_surveys: Vec<(String, String)>,
    tickets: Gathered,
}

impl Missing {
    /// Finds the tickets that the surveys and faults of a period name whose rows may be listed.
    pub fn find(facts: &Facts, wanted: &Wanted, plan: &Plan) -> Result<Self, IngestError> {
        let asked = |fact: &str, column: &str| wanted.listed.get(fact).is_some_and(|columns| columns.contains(column));
        let of_ticket = |column: &str| facts.has(TICKET, column);
        let mut named = Vec::new();
        let mut columns = BTreeSet::new();

        let clocks = plan.clocks_of(SURVEY).filter(|clock| {
            let own = facts.has(SURVEY, clock.what.start) == Some(Type::Timestamp);
            asked(SURVEY, &began(clock.what.start)) && !own && of_ticket(clock.what.start) == Some(Type::Timestamp)
        });
        let clocks: Vec<_> = clocks.collect();
        let of_surveys: BTreeSet<(String, String)> =
            clocks.iter().map(|clock| (clock.what.start.to_owned(), began(clock.what.start))).collect();
        for clock in clocks {
            columns.insert(clock.what.start.to_owned());
            let outcome = clock.what.column("outcome");
            named.extend(facts.picked(SURVEY, wanted, &[outcome, "ticket_id"], |rows, keep| {
                let breached = frame::texts(rows, outcome)?.into_iter().map(|one| one == Some(outcome::BREACHED));
                named_by(rows, "ticket_id", keep.iter().zip(breached).map(|(keep, breached)| *keep && breached))
            })?);
        }
        for (id, column, name) in OF_FAULTS {
            if !asked(FACT_FAULT.name, name) || of_ticket(column).is_none() {
                continue;
            }
            columns.insert(column.to_owned());
            named.extend(facts.picked(FACT_FAULT.name, wanted, &["is_repeat", id], |rows, keep| {
                let repeats = frame::flags_of(rows, "is_repeat")?.into_iter().map(|one| one == Some(true));
                named_by(rows, id, keep.iter().zip(repeats).map(|(keep, repeats)| *keep && repeats))
            })?);
        }
        let named = Keys::new(named);
        let tickets = Gathered::new(DataFrame::empty(), named.len());
        Ok(Self { named, columns, of_surveys: of_surveys.into_iter().collect(), tickets })
    }

    /// The columns of tickets that are to go by.
    pub fn columns(&self) -> Vec<&str> {
        let some = !self.named.is_empty();
        self.columns.iter().map(String::as_str).chain(["ticket_id"]).filter(|_| some).collect()
    }

    /// The tickets of a piece that are looked at.
    pub fn found(&self, tickets: &DataFrame) -> PolarsResult<Option<Found>> {
        if self.named.is_empty() {
            return Ok(None);
        }
        let place = |id: Option<&str>| u32::try_from(self.named.place(keys::of(id?))?).ok();
        let places = frame::texts(tickets, "ticket_id")?.into_iter().map(place);
        Found::of(tickets, self.columns.iter().map(String::as_str), places).map(Some)
    }

    pub fn add(&mut self, found: Found) -> PolarsResult<()> {
        self.tickets.add(found)
    }

    /// To be called when all are there.
    pub fn settle(&mut self) -> PolarsResult<()> {
        self.tickets.settle()
    }

    /// The columns that a piece of a fact needs to be made whole: those that name tickets.
    pub fn names(&self, fact: &str) -> &'static [&'static str] {
        match fact {
            SURVEY if !self.of_surveys.is_empty() => &["ticket_id"],
            _ if fact == FACT_FAULT.name && !self.columns.is_empty() => &["ticket_id", "repeat_of"],
            _ => &[],
        }
    }

    /// Gives a piece the columns that are not published.
    pub fn complete(&self, fact: &str, mut rows: DataFrame) -> PolarsResult<DataFrame> {
        let mut of: Vec<(&str, &str, &str)> = Vec::new();
        match fact {
            SURVEY => {
                of.extend(self.of_surveys.iter().map(|(column, name)| ("ticket_id", column.as_str(), name.as_str())));
            }
            _ if fact == FACT_FAULT.name => of.extend(OF_FAULTS),
            _ => {}
        }
        for (id, column, name) in of {
            let Ok(column) = self.tickets.frame().column(column) else { continue };
            let row = |id: Option<&str>| self.tickets.row(self.named.place(keys::of(id?))?);
            let places = IdxCa::from_iter_options(PlSmallStr::EMPTY, frame::texts(&rows, id)?.into_iter().map(row));
            rows.with_column(column.take(&places)?.with_name(PlSmallStr::from_str(name)))?;
        }
        Ok(rows)
    }
}

/// The keys of the tickets that some rows name.
fn named_by(rows: &DataFrame, id: &str, keep: impl Iterator<Item = bool>) -> PolarsResult<Vec<u128>> {
    let ids = frame::texts(rows, id)?.into_iter().zip(keep);
    Ok(ids.filter(|(_, keep)| *keep).filter_map(|(id, _)| id.map(keys::of)).collect())
}
