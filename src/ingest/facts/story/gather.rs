//! What a story is told from, picked out of the facts as they pass by.

use std::sync::{Mutex, PoisonError};

use polars::prelude::*;

use super::{Story, tell};
use crate::ingest::IngestError;
use crate::ingest::facts::{Derived, Moment, Sink, frame};
use crate::plan::Plan;
use crate::schema::facts::{SURVEY, TICKET};

/// Numbers of other tickets that are told at most.
const NEAREST: usize = 3;

/// Gathers a ticket and its surveys.
#[derive(Debug)]
pub struct Gather<'a> {
    ticket_id: &'a str,
    ticket: Mutex<DataFrame>,
    surveys: Mutex<DataFrame>,
    /// Numbers that are written nearly alike, with their likeness.
    near: Mutex<Vec<(u64, String)>>,
}

impl<'a> Gather<'a> {
    pub fn new(ticket_id: &'a str) -> Self {
        Self { ticket_id, ticket: Mutex::default(), surveys: Mutex::default(), near: Mutex::default() }
    }

    /// The story; none where the facts do not have the ticket.
    pub fn story(&self, derived: &Derived, plan: &Plan, moment: Moment) -> PolarsResult<Option<Story>> {
        let (ticket, surveys) = (held(&self.ticket), held(&self.surveys));
        if ticket.height() == 0 {
            return Ok(None);
        }
        tell::tell(&ticket, &surveys, derived, plan, moment, self.ticket_id).map(Some)
    }

    /// Numbers of tickets that are written nearly alike, the most alike first.
    pub fn near(&self) -> Vec<String> {
        held(&self.near).iter().map(|(_, id)| id.clone()).collect()
    }

    /// The rows of the ticket.
    fn mine(&self, rows: &DataFrame) -> PolarsResult<DataFrame> {
        let ids = frame::texts(rows, "ticket_id")?;
        let mine =
            BooleanChunked::from_iter_values(PlSmallStr::EMPTY, ids.iter().map(|id| *id == Some(self.ticket_id)));
        rows.filter_seq(&mine)
    }

    fn note_near(&self, tickets: &DataFrame) -> PolarsResult<()> {
        let alike = |id: &str| strsim::jaro_winkler(id, self.ticket_id);
        let ids = frame::texts(tickets, "ticket_id")?;
        let scored = ids.into_iter().flatten().map(|id| (alike(id), id)).filter(|(likeness, _)| *likeness > 0.9);
        let scored: Vec<(u64, String)> = scored.map(|(likeness, id)| (likeness.to_bits(), id.to_owned())).collect();
        let mut near = held(&self.near);
        near.extend(scored);
        near.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        near.truncate(NEAREST);
        Ok(())
    }
}

impl Sink for Gather<'_> {
    type Error = IngestError;

    fn look(&self, fact: &'static str, rows: &DataFrame) -> Result<(), IngestError> {
        if fact == TICKET { Ok(self.note_near(rows)?) } else { Ok(()) }
    }

    fn take(&self, fact: &'static str, rows: DataFrame) -> Result<(), IngestError> {
        let to = match fact {
            TICKET => &self.ticket,
            SURVEY => &self.surveys,
            _ => return Ok(()),
        };
        let mine = self.mine(&rows)?;
        let mut to = held(to);
        if to.width() == 0 {
            *to = mine;
        } else {
            to.vstack_mut_owned(mine)?;
        }
        Ok(())
    }
}

fn held<T>(one: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    one.lock().unwrap_or_else(PoisonError::into_inner)
}
