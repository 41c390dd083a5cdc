//! The customers of a period, gathered while the facts pass by.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use polars::prelude::*;
use sha2::{Digest, Sha256};

use super::super::sink::{Passed, held};
use super::{Moment, Stratum};
use crate::ingest::facts::{CUSTOMER, Sink, by_customer, frame};
use crate::ingest::{IngestError, Kept, Shelf};
use crate::plan::Plan;
use crate::schema::facts::{SURVEY, TICKET, status};
use crate::time::{MICROS, Wall};

/// Columns of tickets that callers are told.
pub const TOLD: [&str; 14] = [
    "customer_id",
    "customer_name",
    "customer_phone",
    "customer_tier",
    "ticket_id",
    "service_type",
    "product_model",
    "fault_codes",
    "region",
    "branch",
    "staff_id",
    "staff_name",
    "resolved_at",
    "closed_at",
];

/// A customer of the period.
#[derive(Debug, Clone, Copy, Default)]
pub struct Customer {
    /// By which surveys know the customer.
    pub hash: i64,
    vip: bool,
    complained: bool,
    /// The finished ticket that the customer is asked about: the last complaint, else the last one.
    pub ticket: Option<Ticket>,
}

/// A finished ticket: the larger one is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    is_complaint: bool,
    ended: Wall,
    piece: usize,
    row: IdxSize,
}

impl Ticket {
    /// Its piece, and its row there.
    pub const fn row(self) -> (usize, IdxSize) {
        (self.piece, self.row)
    }
}

impl Customer {
    pub const fn stratum(&self) -> Stratum {
        match self {
            Self { vip: true, .. } => Stratum::Vip,
            Self { complained: true, .. } => Stratum::Complaint,
            _ => Stratum::Other,
        }
    }
}

/// What has been gathered.
#[derive(Debug, Default)]
pub struct Asked {
    /// By the number in whose order they are drawn.
    pub customers: BTreeMap<u128, Customer>,
    /// Hashes of customers who have answered lately.
    pub recently: HashSet<i64>,
    /// Tickets of the period without a customer.
    pub nameless: u64,
    /// Finished tickets.
    pub pieces: Vec<Kept>,
}

/// Gathers the customers of a period.
pub struct Gather<'a> {
    plan: &'a Plan,
    period: String,
    /// What begins the text that orders customers.
    seed: String,
    /// Who has answered since then is left alone.
    since: Wall,
    shelf: Shelf,
    asked: Mutex<Asked>,
    passed: Mutex<Passed>,
}

impl<'a> Gather<'a> {
    pub fn new(plan: &'a Plan, moment: Moment, seed: i64, shelf: Shelf) -> Self {
        let period = moment.period.to_string();
        Self {
            plan,
            seed: format!("{seed}/{period}/"),
            period,
            since: moment.as_of - plan.follow_up.not_within * MICROS,
            shelf,
            asked: Mutex::default(),
            passed: Mutex::default(),
        }
    }

    /// What has passed by.
    pub fn passed(&self) -> MutexGuard<'_, Passed> {
        held(&self.passed)
    }

    /// Whether a ticket or a survey belongs to a period.
    pub fn reaches(&self, period: &str) -> bool {
        self.passed().reaches(period)
    }

    pub fn finish(self) -> Asked {
        self.asked.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number in whose order customers are drawn.
    fn key(&self, customer: &str) -> u128 {
        let digest = Sha256::new().chain_update(&self.seed).chain_update(customer).finalize();
        digest.iter().take(16).fold(0, |key, byte| key << 8 | u128::from(*byte))
    }

    fn tickets(&self, rows: &DataFrame) -> Result<(), IngestError> {
        let (periods, ids) = (frame::texts(rows, "period")?, frame::texts(rows, "customer_id")?);
        let (states, tiers) = (frame::texts(rows, "status")?, frame::texts(rows, "customer_tier")?);
        let (hashes, complaints) = (frame::longs_of(rows, CUSTOMER)?, frame::flags_of(rows, "is_complaint")?);
        let ended = frame::ended(rows)?;
        let mut asked = held(&self.asked);
        let piece = asked.pieces.len();
        let mut kept: Vec<IdxSize> = Vec::new();
        for (place, row) in (0..).zip(0..rows.height()) {
            if periods[row] != Some(&self.period) || states[row].is_some_and(status::is_cancelled) {
                continue;
            }
            let Some(id) = ids[row] else {
                asked.nameless += 1;
                continue;
            };
            let is_complaint = complaints[row] == Some(true);
            let customer = asked.customers.entry(self.key(id)).or_default();
            customer.hash = hashes[row].unwrap_or_default();
            customer.vip |= tiers[row].is_some_and(|tier| self.plan.follow_up.is_vip(tier));
            customer.complained |= is_complaint;
            if let Some(ended) = ended[row] {
                let ticket = Ticket { is_complaint, ended, piece, row: kept.len().try_into().unwrap_or(IdxSize::MAX) };
                customer.ticket = customer.ticket.max(Some(ticket));
                kept.push(place);
            }
        }
        if !kept.is_empty() {
            let told = rows.select(TOLD.into_iter().filter(|name| frame::has(rows, name)))?;
            let kept = self.shelf.put(&frame::gather(&told, &IdxCa::from_slice(PlSmallStr::EMPTY, &kept))?, &[])?;
            asked.pieces.push(kept);
        }
        Ok(())
    }

    fn surveys(&self, rows: &DataFrame) -> Result<(), IngestError> {
        let (answered, evaluators) = (frame::micros(rows, "answered_at")?, frame::texts(rows, "evaluator")?);
        let hashes = frame::longs_of(rows, CUSTOMER)?;
        let lately = (0..rows.height())
            .filter(|row| answered[*row].is_some_and(|at| at > self.since) && by_customer(self.plan, evaluators[*row]));
        held(&self.asked).recently.extend(lately.filter_map(|row| hashes[row]));
        Ok(())
    }
}

impl Sink for Gather<'_> {
    type Error = IngestError;

    fn look(&self, fact: &'static str, rows: &DataFrame) -> Result<(), IngestError> {
        held(&self.passed).add(Passed::of(fact, rows)?);
        Ok(())
    }

    fn take(&self, fact: &'static str, rows: DataFrame) -> Result<(), IngestError> {
        match fact {
            TICKET => self.tickets(&rows),
            SURVEY => self.surveys(&rows),
            _ => Ok(()),
        }
    }
}
