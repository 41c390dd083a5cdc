//! What a run has besides its facts, made again from those that are published: the finished tickets that customers have answered, and
//! the products of scores.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::{Facts, Stored, Wanted};
use crate::ingest::IngestError;
use crate::ingest::facts::{by_customer, frame, products};
use crate::ingest::keys::{self, Keys};
use crate::plan::Plan;
use crate::schema::Type;
use crate::schema::facts::{ANSWERED, BLOCK, SURVEY, TICKET, score};

/// The tickets that customers have answered.
#[derive(Debug)]
pub struct Answered<'w> {
    named: Keys,
    /// Columns that tallies of them look at; none where there are none.
    columns: Option<&'w BTreeSet<String>>,
    /// When a ticket is finished.
    end: &'static str,
}

impl<'w> Answered<'w> {
    /// Finds the tickets that surveys of customers name, where somebody asks.
    pub fn find(facts: &Facts, wanted: &'w Wanted, plan: &Plan) -> Result<Self, IngestError> {
        let end = if facts.has(TICKET, "resolved_at").is_some() { "resolved_at" } else { "closed_at" };
        let columns = wanted.tallied.get(ANSWERED);
        let mut named = Vec::new();
        if columns.is_some() {
            let all = |_: &Stored, _: usize| true;
            let keys = |rows: &DataFrame| {
                let (ids, evaluators) = (frame::texts(rows, "ticket_id")?, frame::texts(rows, "evaluator")?);
                let rows = ids.into_iter().zip(evaluators);
                let of_customers = rows.filter(|(_, evaluator)| by_customer(plan, *evaluator));
                Ok(of_customers.filter_map(|(id, _)| id.map(keys::of)).collect())
            };
            facts.each(SURVEY, &["ticket_id", "evaluator"], all, keys, |keys: Vec<u128>| named.extend(keys))?;
        }
        Ok(Self { named: Keys::new(named), columns, end })
    }

    /// The columns of tickets that are to go by.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let own = self.columns.into_iter().flatten().map(String::as_str);
        own.chain([self.end, "ticket_id"].into_iter().filter(|_| self.columns.is_some()))
    }

    /// Those of a piece of the tickets; none where nobody asks.
    pub fn of(&self, tickets: &DataFrame) -> PolarsResult<Option<DataFrame>> {
        let Some(columns) = self.columns else { return Ok(None) };
        let ended = frame::micros(tickets, self.end)?;
        let ids = frame::texts(tickets, "ticket_id")?;
        let answered = |id: Option<&str>| id.is_some_and(|id| self.named.place(keys::of(id)).is_some());
        let keep = ids.into_iter().zip(ended).map(|(id, ended)| ended.is_some() && answered(id));
        let keep = BooleanChunked::from_iter_values(PlSmallStr::EMPTY, keep);
        let here = columns.iter().filter(|name| frame::has(tickets, name)).map(String::as_str);
        tickets.select(here)?.filter_seq(&keep).map(Some)
    }
}

/// The columns of surveys that products are made of, where somebody asks for them.
pub fn of_products(wanted: &Wanted, plan: &Plan) -> Vec<&'static str> {
    let asked = wanted.tallied.get(SURVEY).is_some_and(|columns| columns.contains(BLOCK));
    let names = plan.score_names().into_iter().map(score);
    names.chain(["survey_id", "evaluator"]).filter(|_| asked).collect()
}

/// Gives surveys the products of their scores.
pub fn with_products(mut surveys: DataFrame, plan: &Plan) -> PolarsResult<DataFrame> {
    for column in products::columns(&surveys, plan)? {
        surveys.with_column(column)?;
    }
    Ok(surveys)
}

/// Columns that a run has and that are not published, where the published ones tell them.
pub fn hidden(facts: &Facts, plan: &Plan) -> Vec<(&'static str, String)> {
    let mut hidden = Vec::new();
    if facts.has(TICKET, "month") == Some(Type::Text) && facts.has(SURVEY, "ticket_id").is_some() {
        hidden.push((ANSWERED, "month".to_owned()));
    }
    if plan.score_names().into_iter().all(|name| facts.has(SURVEY, score(name)).is_some()) {
        hidden.push((SURVEY, BLOCK.to_owned()));
    }
    hidden
}
