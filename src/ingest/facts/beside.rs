//! What surveys need of their tickets: some columns of the tickets that surveys name, and of no others.

use polars::prelude::*;

use super::{frame, scores, survey_clocks};
use crate::ingest::gathered::{Found, Gathered};
use crate::ingest::keys::{self, Keys};
use crate::ingest::rules::Moments;
use crate::plan::Plan;

/// Columns that rules about surveys and their credit ask for.
const ASKED: [&str; 9] =
    ["requested_at", "started_at", "resolved_at", "closed_at", "staff_id", "staff_name", FAULT_CODES, CUSTOMER, PHONE];

/// A hash of the customer of a ticket: texts would take more memory. Not published.
pub const CUSTOMER: &str = "@customer";

/// A hash of the digits of the customer's phone. Not published.
pub const PHONE: &str = "@phone";

/// What surveys, but not their scores, carry along of their tickets.
pub const FAULT_CODES: &str = "fault_codes";

/// Our timeliness score of a ticket.
pub const TIMELINESS: &str = "timeliness_thousandths";

/// Finds the tickets that surveys name.
pub struct Sought<'k> {
    named: &'k Keys,
    columns: Vec<String>,
}

/// The tickets that surveys name, as far as they are used.
pub struct Beside<'k> {
    named: &'k Keys,
    tickets: Gathered,
}

impl<'k> Sought<'k> {
    /// `shape` has the columns of `fact_ticket`.
    pub fn new(named: &'k Keys, shape: &DataFrame, plan: &Plan) -> Self {
        let columns = survey_clocks::of_tickets(plan).into_iter().chain(ASKED).chain(scores::OF_TICKET);
        let mut columns: Vec<&str> = columns.chain([TIMELINESS]).collect();
        columns.sort_unstable();
        columns.dedup();
        columns.retain(|column| frame::has(shape, column));
        Self { named, columns: columns.into_iter().map(ToOwned::to_owned).collect() }
    }

    /// For every row of a piece of `fact_ticket` its place among the names.
    pub fn places(&self, tickets: &DataFrame) -> PolarsResult<Vec<Option<u32>>> {
        let place = |id: &str| self.named.place(keys::of(id)).and_then(|place| u32::try_from(place).ok());
        let ids = frame::texts(tickets, "ticket_id")?;
        Ok(ids.into_iter().map(|id| if self.named.is_empty() { None } else { id.and_then(place) }).collect())
    }

    /// The rows of a piece that surveys name.
    pub fn found(&self, tickets: &DataFrame, places: &[Option<u32>]) -> PolarsResult<Found> {
        Found::of(tickets, self.columns.iter().map(String::as_str), places.iter().copied())
    }

    /// None found yet; `shape` has the columns of `fact_ticket`.
    pub fn none(&self, shape: &DataFrame) -> PolarsResult<Beside<'k>> {
        let shape = shape.select(self.columns.iter().map(String::as_str))?.clear();
        Ok(Beside { named: self.named, tickets: Gathered::new(shape, self.named.len()) })
    }
}

impl Beside<'_> {
    pub fn add(&mut self, found: Found) -> PolarsResult<()> {
        self.tickets.add(found)
    }

    /// How many tickets surveys name, used or not.
    pub const fn names(&self) -> usize {
        self.named.len()
    }

    /// To be called when all are there.
    pub fn settle(&mut self) -> PolarsResult<()> {
        self.tickets.settle()
    }

    /// The tickets that surveys name, a row each; missing where none is used.
    pub fn of<'a>(&self, named: &[Option<&'a str>]) -> PolarsResult<Tickets> {
        let place = |id: Option<&'a str>| id.and_then(|id| self.named.place(keys::of(id)));
        let used = |place: Option<usize>| place.filter(|place| self.tickets.row(*place).is_some());
        let places: Vec<Option<usize>> = named.iter().map(|id| used(place(*id))).collect();
        let rows = places.iter().map(|place| self.tickets.row((*place)?));
        let rows = IdxCa::from_iter_options(PlSmallStr::EMPTY, rows);
        Ok(Tickets { frame: frame::gather(self.tickets.frame(), &rows)?, places })
    }
}

/// The tickets of some surveys, row by row.
pub struct Tickets {
    pub frame: DataFrame,
    /// The place of each among the names; none where there is no such ticket.
    pub places: Vec<Option<usize>>,
}

impl Tickets {
    /// What rules about surveys ask of the tickets.
    pub fn moments(&self) -> PolarsResult<Vec<Option<Moments>>> {
        let requested = frame::micros(&self.frame, "requested_at")?;
        let started = frame::micros(&self.frame, "started_at")?;
        let resolved = frame::micros(&self.frame, "resolved_at")?;
        let closed = frame::micros(&self.frame, "closed_at")?;
        let one = |row: usize| Moments {
            requested: requested[row].unwrap_or_default(),
            started: started[row],
            resolved: resolved[row],
            closed: closed[row],
            ..Moments::default()
        };
        Ok(self.places.iter().enumerate().map(|(row, place)| place.map(|_| one(row))).collect())
    }

    /// Those that stay; all where `keep` is empty.
    pub fn filter(self, keep: &[bool]) -> PolarsResult<Self> {
        if keep.is_empty() {
            return Ok(self);
        }
        let frame = self.frame.filter_seq(&BooleanChunked::from_slice(PlSmallStr::EMPTY, keep))?;
        let places = self.places.into_iter().zip(keep).filter(|(_, keep)| **keep).map(|(place, _)| place).collect();
        Ok(Self { frame, places })
    }
}
