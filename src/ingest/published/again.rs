//! What a run has besides its facts, made again from those that are published: the finished tickets that customers have answered, and
//! those whose customers are to be called, and the products of scores.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::{Facts, Stored, Wanted};
use crate::ingest::IngestError;
use crate::ingest::facts::{Calling, Calls, by_customer, frame, products};
use crate::ingest::keys::{self, Keys};
use crate::plan::Plan;
use crate::schema::Type;
use crate::schema::facts::effect::{self, EFFECTS};
use crate::schema::facts::opinion::{TERM, TERMS};
use crate::schema::facts::{ANSWERED, BLOCK, FACT_ACTION, SURVEY, TICKET, score};
use crate::time::Wall;

/// The tickets that customers have answered, and with them those whose customers are still to be called.
#[derive(Debug)]
pub struct Answered<'w> {
    named: Keys,
    /// When a customer answered last about each of them.
    last: Vec<Wall>,
    /// Columns that tallies of them look at; none where there are none.
    columns: Option<&'w BTreeSet<String>>,
    calls: Calling<'w>,
}

impl<'w> Answered<'w> {
    /// Finds the tickets that surveys of customers name.
    pub fn find(facts: &Facts, wanted: &'w Wanted, calls: Calling<'w>) -> Result<Self, IngestError> {
        let mut answers = Vec::new();
        let all = |_: &Stored, _: usize| true;
        let keys = |rows: &DataFrame| {
            let (ids, evaluators) = (frame::texts(rows, "ticket_id")?, frame::texts(rows, "evaluator")?);
            let answered = frame::micros(rows, "answered_at")?;
            let rows = ids.into_iter().zip(answered).zip(evaluators);
            let of_customers = rows.filter(|(_, evaluator)| by_customer(calls.plan, *evaluator));
            Ok(of_customers.filter_map(|((id, answered), _)| Some((keys::of(id?), answered?))).collect())
        };
        let columns = ["ticket_id", "evaluator", "answered_at"];
        facts.each(SURVEY, &columns, all, keys, |found: Vec<(u128, Wall)>| answers.extend(found))?;
        let named = Keys::new(answers.iter().map(|(key, _)| *key).collect());
        let mut last = vec![Wall::MIN; named.len()];
        for (key, answered) in answers {
            if let Some(place) = named.place(key) {
                last[place] = last[place].max(answered);
            }
        }
        Ok(Self { named, last, columns: wanted.tallied.get(ANSWERED), calls })
    }

    /// The columns of tickets that are to go by.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let own = self.columns.into_iter().flatten().map(String::as_str);
        own.chain(["resolved_at", "closed_at", "ticket_id"])
    }

    /// Those of a piece of the tickets; none where nobody asks.
    pub fn of(&self, tickets: &DataFrame) -> PolarsResult<Option<DataFrame>> {
        let Some(columns) = self.columns else { return Ok(None) };
        let ended = frame::ended(tickets)?;
        let keep = self.heard(tickets)?.into_iter().zip(ended).map(|(heard, ended)| heard && ended.is_some());
        let keep = BooleanChunked::from_iter_values(PlSmallStr::EMPTY, keep);
        let here = columns.iter().filter(|name| frame::has(tickets, name)).map(String::as_str);
        tickets.select(here)?.filter_seq(&keep).map(Some)
    }

    /// Whether there may be calls to make among the tickets of a piece, by their ends alone.
    pub fn may_await(&self, tickets: &DataFrame) -> PolarsResult<bool> {
        Ok(self.calls.may_have(&frame::ended(tickets)?))
    }

    /// The calls to make of a piece of the tickets with the columns that these look at.
    pub fn awaiting(&self, tickets: &DataFrame) -> PolarsResult<Option<DataFrame>> {
        let Some(Calls { rows, since, .. }) = self.calls.of(tickets)? else { return Ok(None) };
        let waits = {
            let ids = frame::texts(&rows, "ticket_id")?;
            let heard = |(id, since): (Option<&str>, Option<Wall>)| {
                let last = id.and_then(|id| self.named.place(keys::of(id))).map(|place| self.last[place]);
                last.is_some_and(|last| since.is_none_or(|since| last > since))
            };
            let waits = ids.into_iter().zip(since).map(|one| !heard(one));
            BooleanChunked::from_iter_values(PlSmallStr::EMPTY, waits)
        };
        rows.filter_seq(&waits).map(Some)
    }

    /// Whether customers have answered surveys of some tickets.
    fn heard(&self, tickets: &DataFrame) -> PolarsResult<Vec<bool>> {
        let ids = frame::texts(tickets, "ticket_id")?;
        let heard = |id: Option<&str>| id.is_some_and(|id| self.named.place(keys::of(id)).is_some());
        Ok(ids.into_iter().map(heard).collect())
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
    if facts.has(FACT_ACTION.name, "state").is_some() {
        hidden.push((EFFECTS, effect::SIDE.to_owned()));
    }
    if !plan.opinions.themes.is_empty() {
        hidden.push((TERMS, TERM.to_owned()));
    }
    hidden
}
