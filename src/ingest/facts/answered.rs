//! The finished tickets whose customers have answered, each once: response rates are counted from them. Not published.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use polars::prelude::*;

use super::beside::Tickets;
use super::credit::Credit;
use super::{Context, frame, scores, tickets};
use crate::plan::Plan;
use crate::time::Wall;

/// Which of the tickets that surveys name have been told of.
#[derive(Debug)]
pub struct Told {
    bits: Vec<AtomicU64>,
    /// When a customer answered last, by place; empty where nobody asks.
    last: Vec<AtomicI64>,
}

impl Told {
    pub fn new(names: usize, again: bool) -> Self {
        let bits = (0..names.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        let last = (0..if again { names } else { 0 }).map(|_| AtomicI64::new(Wall::MIN)).collect();
        Self { bits, last }
    }

    /// Whether nobody has told of the ticket at this place yet. Of several surveys of one ticket any may be the first: they
    /// tell the same of it.
    fn first(&self, place: usize) -> bool {
        let bit = 1 << (place % 64);
        self.bits[place / 64].fetch_or(bit, Ordering::Relaxed) & bit == 0
    }

    /// Whether a customer has answered after a moment about the ticket at this place.
    pub fn knows_after(&self, place: usize, moment: Wall) -> bool {
        self.last.get(place).is_some_and(|last| last.load(Ordering::Relaxed) > moment)
    }

    /// Whether somebody has told of the ticket at this place.
    pub fn knows(&self, place: usize) -> bool {
        self.bits[place / 64].load(Ordering::Relaxed) >> (place % 64) & 1 == 1
    }
}

/// The tickets of some surveys by customers.
#[derive(Debug)]
pub struct Heard {
    tickets: DataFrame,
    places: Vec<usize>,
    answered: Vec<Option<Wall>>,
}

impl Heard {
    /// Those that are finished.
    pub fn of(surveys: &DataFrame, theirs: &Tickets, context: &Context) -> PolarsResult<Self> {
        let (ended, evaluators) = (frame::ended(&theirs.frame)?, frame::texts(surveys, "evaluator")?);
        let counts = |row: usize| ended[row].is_some() && by_customer(context.plan, evaluators[row]);
        let rows = theirs.places.iter().enumerate().filter(|(row, _)| counts(*row));
        let (rows, places): (Vec<usize>, Vec<usize>) = rows.filter_map(|(row, place)| Some((row, (*place)?))).unzip();
        let moments = frame::micros(surveys, "answered_at")?;
        let answered = rows.iter().map(|row| moments[*row]).collect();
        let rows: Vec<IdxSize> = rows.into_iter().filter_map(|row| IdxSize::try_from(row).ok()).collect();
        let theirs = frame::gather(&theirs.frame, &IdxCa::from_slice(PlSmallStr::EMPTY, &rows))?;
        Ok(Self { tickets: told(&theirs, context)?, places, answered })
    }

    /// The tickets without rows.
    pub fn shape(&self) -> DataFrame {
        self.tickets.clear()
    }

    /// Those that have not been told of, each once.
    pub fn new_ones(&self, told: &Told) -> PolarsResult<DataFrame> {
        for (place, answered) in self.places.iter().zip(&self.answered) {
            if let (Some(last), Some(answered)) = (told.last.get(*place), answered) {
                last.fetch_max(*answered, Ordering::Relaxed);
            }
        }
        let first = self.places.iter().map(|place| told.first(*place));
        self.tickets.filter_seq(&BooleanChunked::from_iter_values(PlSmallStr::EMPTY, first))
    }
}

/// Whether a survey is a customer's.
pub fn by_customer(plan: &Plan, evaluator: Option<&str>) -> bool {
    let customers = &plan.scores.customers;
    customers.is_empty() || evaluator.is_some_and(|name| customers.iter().any(|own| own == name))
}

/// What breakdowns of tickets ask for, as `fact_ticket` has it.
fn told(theirs: &DataFrame, context: &Context) -> PolarsResult<DataFrame> {
    let requested: Vec<Option<Wall>> = frame::micros(theirs, "requested_at")?;
    let (month, _) = tickets::periods(&requested, context)?;
    let (staff, names) = (frame::texts(theirs, "staff_id")?, frame::texts(theirs, "staff_name")?);
    let credit = Credit::of(&staff, &names, &requested, context).columns(context)?;
    let own = scores::OF_TICKET.into_iter().chain(["staff_id"]).filter_map(|name| theirs.column(name).ok().cloned());
    let columns = own.chain([month]).chain(credit).collect();
    DataFrame::new(theirs.height(), columns)
}
