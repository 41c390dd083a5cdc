//! `fact_fault`: one row per ticket and distinct fault code, and whether it is a repeat.
//!
//! What a repeat is, only all tickets together can tell. So faults wait on a shelf while tickets pass by, and only a few
//! numbers of each stay in memory.

mod columns;

use std::collections::HashMap;
use std::ops::Range;

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use self::columns::{EARLIER_PARTS_WAIT, EARLIER_RESOLVED_AT, EARLIER_STAFF_ID, RESOLVED_AT};
use super::repeats::{self, Earlier, Found, Link, Visit};
use super::surveys::{Answers, Overall};
use super::{Context, Sink, frame};
use crate::ingest::ordered::ordered;
use crate::ingest::{IngestError, Kept, Shelf};
use crate::plan::Same;
use crate::schema::facts::{FACT_FAULT, PARTS_WAIT};
use crate::time::{MICROS, Wall};

/// A day of 24 hours.
const DAY: i64 = 86_400 * MICROS;

/// All faults, while they wait.
#[derive(Default)]
pub struct Faults {
    batches: Vec<Batch>,
}

/// The faults of a piece of the tickets.
pub struct Batch {
    rows: Kept,
    visits: Vec<Visit>,
    /// Of each fault's ticket its place among those that surveys name; `NONE` where none does.
    surveyed: Vec<u32>,
}

const NONE: u32 = u32::MAX;

/// What is told of an earlier ticket.
struct Before {
    id: String,
    staff: Option<String>,
    resolved: Option<Wall>,
    parts_wait: Option<i64>,
}

/// The faults of a piece of `fact_ticket`, whose rows have these places among the tickets that surveys name.
pub fn of_tickets(
    tickets: &DataFrame,
    places: &[Option<u32>],
    shelf: &Shelf,
    context: &Context,
) -> Result<Batch, IngestError> {
    let (rows, of_ticket) = columns::of_tickets(tickets)?;
    let visits = visits(tickets, &of_ticket, &rows, context)?;
    let surveyed = of_ticket.iter().map(|ticket| places[*ticket as usize].unwrap_or(NONE)).collect();
    Ok(Batch { rows: shelf.put(&rows, &[])?, visits, surveyed })
}

/// The fact without rows.
pub fn shape(tickets: &DataFrame, context: &Context) -> PolarsResult<DataFrame> {
    let (rows, _) = columns::of_tickets(tickets)?;
    let rows = with_chains(one_batch(rows, &[], &[], &[], &HashMap::new(), context)?, &[], &HashMap::new())?;
    columns::with_returns(rows, &[], &[], context)
}

impl Faults {
    pub fn add(&mut self, batch: Batch) {
        self.batches.push(batch);
    }

    /// Derives `fact_fault`.
    pub fn stream<S: Sink>(mut self, overall: &Overall, context: &Context, sink: &S) -> Result<(), S::Error> {
        let mut ends = Vec::with_capacity(self.batches.len());
        let mut visits = Vec::with_capacity(self.batches.iter().map(|batch| batch.visits.len()).sum());
        for batch in &mut self.batches {
            visits.append(&mut batch.visits);
            batch.visits.shrink_to_fit();
            ends.push(visits.len());
        }
        let names = |tied: &[usize]| Ok(ids(self.before(tied, &ends, &["ticket_id"])?));
        let within = context.plan.defects.repeat_within_days * DAY;
        let Found { repeats, chains, returns } =
            repeats::find(&visits, within, names).map_err(|error: IngestError| error)?;
        let mut wanted: Vec<usize> = repeats.iter().map(|(_, earlier)| earlier.visit).collect();
        wanted.extend(chains.iter().map(|(_, link)| link.first));
        wanted.sort_unstable();
        wanted.dedup();
        let before = self.before(&wanted, &ends, &["ticket_id", "staff_id", RESOLVED_AT, PARTS_WAIT])?;
        let work = |place: usize| -> Result<DataFrame, S::Error> {
            let from = place.checked_sub(1).map_or(0, |last| ends[last]);
            let (all, batch) = (from..ends[place], &self.batches[place]);
            let answers: Vec<Answers> =
                batch.surveyed.iter().map(|place| overall.get(*place as usize).copied().unwrap_or_default()).collect();
            let (earlier, links, back) = (of(&repeats, &all), of(&chains, &all), of(&returns, &all));
            let derive = || {
                let rows = one_batch(batch.rows.load()?, &visits[all.clone()], &earlier, &answers, &before, context)?;
                let rows = with_chains(rows, &links, &before)?;
                columns::with_returns(rows, &visits[all], &back, context)
            };
            let rows = derive().map_err(IngestError::from)?;
            sink.look(FACT_FAULT.name, &rows)?;
            Ok(rows)
        };
        ordered(self.batches.len(), work, |_, rows| sink.take(FACT_FAULT.name, rows))
    }

    /// What the tickets of some visits, in ascending order, are called.
    fn before(
        &self,
        visits: &[usize],
        ends: &[usize],
        columns: &[&str],
    ) -> Result<HashMap<usize, Before>, IngestError> {
        let mut found = HashMap::with_capacity(visits.len());
        let mut left = visits;
        for (place, end) in ends.iter().enumerate() {
            let (here, rest) = left.split_at(left.partition_point(|visit| visit < end));
            left = rest;
            if here.is_empty() {
                continue;
            }
            let first = place.checked_sub(1).map_or(0, |last| ends[last]);
            let rows = self.batches[place].rows.only(columns)?;
            let (ids, staff) = (frame::texts(&rows, "ticket_id")?, frame::texts(&rows, "staff_id")?);
            let (resolved, waits) = (frame::micros(&rows, RESOLVED_AT)?, frame::longs_of(&rows, PARTS_WAIT)?);
            for visit in here {
                let row = visit - first;
                let own = |text: Option<&str>| text.map(ToOwned::to_owned);
                let id = own(ids[row]).unwrap_or_default();
                found.insert(
                    *visit,
                    Before { id, staff: own(staff[row]), resolved: resolved[row], parts_wait: waits[row] },
                );
            }
        }
        Ok(found)
    }
}

/// What is told of some visits, one by one; `told` names visits in ascending order.
fn of<T: Copy>(told: &[(usize, T)], visits: &Range<usize>) -> Vec<Option<T>> {
    let place = |end: usize| told.partition_point(|(visit, _)| *visit < end);
    let mut all = vec![None; visits.len()];
    for (visit, one) in &told[place(visits.start)..place(visits.end)] {
        all[visit - visits.start] = Some(*one);
    }
    all
}

fn ids(before: HashMap<usize, Before>) -> HashMap<usize, String> {
    before.into_iter().map(|(visit, before)| (visit, before.id)).collect()
}

/// The fact of one batch.
fn one_batch(
    mut rows: DataFrame,
    visits: &[Visit],
    earlier: &[Option<Earlier>],
    answers: &[Answers],
    before: &HashMap<usize, Before>,
    context: &Context,
) -> PolarsResult<DataFrame> {
    let of = |earlier: &Option<Earlier>| earlier.and_then(|earlier| before.get(&earlier.visit));
    let since = |(visit, earlier): (&Visit, &Option<Earlier>)| {
        earlier.and_then(|e| context.calendars.usual().clock_seconds(e.resolved, visit.requested).ok())
    };
    // Without a customer (or serial number) nobody can tell.
    let repeats = earlier.iter().zip(visits).map(|(earlier, visit)| visit.is_known().then_some(earlier.is_some()));
    for column in [
        frame::flags("is_repeat", repeats.collect()),
        frame::strings("repeat_of", earlier.iter().map(|e| of(e).map(|before| before.id.as_str()))),
        frame::longs("since_resolved_seconds", visits.iter().zip(earlier).map(since).collect()),
        frame::integers("overall_answers", answers.iter().map(|one| Some(one.n)).collect()),
        frame::longs("overall_thousandths", answers.iter().map(|one| Some(one.thousandths)).collect()),
        frame::integers("unhappy_answers", answers.iter().map(|one| Some(one.unhappy)).collect()),
        frame::integers("moods", answers.iter().map(|one| Some(one.moods)).collect()),
        frame::integers("mood_strength", answers.iter().map(|one| Some(one.strength)).collect()),
        frame::categories(EARLIER_STAFF_ID, earlier.iter().map(|e| of(e).and_then(|before| before.staff.as_deref())))?,
        frame::longs(EARLIER_PARTS_WAIT, earlier.iter().map(|e| of(e).and_then(|before| before.parts_wait)).collect()),
        frame::times(EARLIER_RESOLVED_AT, earlier.iter().map(|e| of(e).and_then(|before| before.resolved)).collect()),
    ] {
        rows.with_column(column)?;
    }
    columns::with_tickets(rows)
}

/// Adds which ticket began the chain of repeats, and the number of the visit in it.
fn with_chains(
    mut rows: DataFrame,
    links: &[Option<Link>],
    before: &HashMap<usize, Before>,
) -> PolarsResult<DataFrame> {
    let first = |link: &Option<Link>| link.and_then(|link| before.get(&link.first)).map(|first| first.id.as_str());
    rows.with_column(frame::strings("chain_of", links.iter().map(first)))?;
    rows.with_column(frame::integers("chain_visit", links.iter().map(|link| link.map(|link| link.number)).collect()))?;
    Ok(rows)
}

/// Who came with what, and when; `rows` are the faults of the tickets at `of_ticket`.
fn visits(tickets: &DataFrame, of_ticket: &[IdxSize], rows: &DataFrame, context: &Context) -> PolarsResult<Vec<Visit>> {
    let who = match context.plan.defects.same {
        Same::Customer => frame::texts(tickets, "customer_id")?,
        Same::SerialNumber => frame::texts(tickets, "serial_number")?,
    };
    let model = frame::texts(tickets, "product_model")?;
    let fault = frame::texts(rows, "fault_code")?;
    let requested = frame::micros(tickets, "requested_at")?;
    let resolved = frame::micros(tickets, "resolved_at")?;
    let mut scratch = Vec::new();
    let mut key = |who: &str, model: Option<&str>, fault: Option<&str>| {
        scratch.clear();
        scratch.extend(who.as_bytes());
        for part in [model, fault] {
            scratch.push(0xFE);
            scratch.extend(part.unwrap_or_default().as_bytes());
        }
        xxh3_128(&scratch)
    };
    let visit = |(ticket, fault): (&IdxSize, Option<&str>)| {
        let ticket = *ticket as usize;
        let key = who[ticket].map(|who| key(who, model[ticket], fault));
        Visit::new(key, requested[ticket].unwrap_or_default(), resolved[ticket])
    };
    Ok(of_ticket.iter().zip(fault).map(visit).collect())
}
