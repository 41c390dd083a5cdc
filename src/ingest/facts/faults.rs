//! `fact_fault`: one row per ticket and distinct fault code, and whether it is a repeat.

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::repeats::{self, Visit};
use super::surveys::Overall;
use super::{Context, frame};
use crate::ingest::IngestError;
use crate::ingest::values::codes;
use crate::plan::Same;
use crate::time::MICROS;

const DAY: i64 = 86_400 * MICROS;

/// Columns of the ticket that its faults carry along, where the data have them.
const CARRIED: [&str; 8] =
    ["ticket_id", "product_model", "month", "period", "requested_at", "customer_id", "serial_number", "service_type"];

pub fn derive(tickets: &DataFrame, overall: &Overall, context: &Context) -> Result<DataFrame, IngestError> {
    let cells = frame::texts(tickets, "fault_codes")?;
    let mut of_ticket: Vec<IdxSize> = Vec::new();
    let mut faults: Vec<Option<&str>> = Vec::new();
    for (ticket, cell) in (0..).zip(&cells) {
        for code in cell.iter().flat_map(|c| c.split(codes::JOINED)) {
            of_ticket.push(ticket);
            faults.push(Some(code));
        }
    }
    let who = who(tickets, context)?;
    let visits = visits(tickets, &who, &of_ticket, &faults)?;
    let earlier = repeats::find(&visits, context.plan.defects.repeat_within_days * DAY);

    let carried: Vec<&str> = CARRIED.into_iter().filter(|c| frame::has(tickets, c)).collect();
    let index = IdxCa::from_slice(PlSmallStr::EMPTY, &of_ticket);
    let mut facts = tickets.select(carried)?.take(&index)?;
    let ids = frame::texts(tickets, "ticket_id")?;
    let id = |visit: usize| of_ticket.get(visit).and_then(|t| ids[*t as usize]);
    // Without models a defect is its code alone, of the model `(none)`.
    if !frame::has(&facts, "product_model") {
        facts.with_column(frame::categories("product_model", faults.iter().map(|_| None))?)?;
    }
    facts.with_column(frame::categories("fault_code", faults)?)?;
    // Without a customer (or serial number) nobody can tell.
    let repeats = earlier.iter().zip(&of_ticket).map(|(e, t)| who[*t as usize].map(|_| e.is_some()));
    facts.with_column(frame::flags("is_repeat", repeats.collect()))?;
    facts.with_column(frame::strings("repeat_of", earlier.iter().map(|e| e.and_then(|e| id(e.visit)))))?;
    let since = |(visit, earlier): (&Visit, &Option<repeats::Earlier>)| {
        earlier.and_then(|e| context.calendars.usual().clock_seconds(e.resolved, visit.requested).ok())
    };
    facts.with_column(frame::longs("since_resolved_seconds", visits.iter().zip(&earlier).map(since).collect()))?;
    let answers = |t: &IdxSize| overall.get(*t as usize).map_or(0, |o| o.answers);
    let sum = |t: &IdxSize| overall.get(*t as usize).map_or(0, |o| o.thousandths);
    facts.with_column(frame::integers("overall_answers", of_ticket.iter().map(|t| Some(answers(t))).collect()))?;
    facts.with_column(frame::longs("overall_thousandths", of_ticket.iter().map(|t| Some(sum(t))).collect()))?;
    Ok(facts)
}

/// Whom (or which unit) each ticket belongs to.
fn who<'a>(tickets: &'a DataFrame, context: &Context) -> PolarsResult<Vec<Option<&'a str>>> {
    match context.plan.defects.same {
        Same::Customer => frame::texts(tickets, "customer_id"),
        Same::SerialNumber => frame::texts(tickets, "serial_number"),
    }
}

/// Faults of nobody known get a key of their own and so never repeat.
fn visits(
    tickets: &DataFrame,
    who: &[Option<&str>],
    of_ticket: &[IdxSize],
    faults: &[Option<&str>],
) -> PolarsResult<Vec<Visit>> {
    let model = frame::texts(tickets, "product_model")?;
    let requested = frame::micros(tickets, "requested_at")?;
    let resolved = frame::micros(tickets, "resolved_at")?;
    // The order of tickets that ties are broken by must not depend on the order of the rows.
    let ids = frame::texts(tickets, "ticket_id")?;
    let mut order: Vec<u32> = (0..).take(tickets.height()).collect();
    order.sort_unstable_by_key(|t| ids[*t as usize]);
    let mut place = vec![0; order.len()];
    for (rank, ticket) in (0..).zip(order) {
        place[ticket as usize] = rank;
    }
    let mut scratch = Vec::new();
    Ok((0u32..)
        .zip(of_ticket.iter().zip(faults))
        .map(|(fault_row, (ticket, fault))| {
            let ticket = *ticket as usize;
            scratch.clear();
            match who[ticket] {
                Some(who) => scratch.extend(who.as_bytes()),
                None => scratch.extend([&[0xFF][..], &fault_row.to_le_bytes()].concat()),
            }
            for part in [model[ticket], *fault] {
                scratch.push(0xFE);
                scratch.extend(part.unwrap_or_default().as_bytes());
            }
            Visit {
                key: xxh3_128(&scratch),
                ticket: place[ticket],
                requested: requested[ticket].unwrap_or_default(),
                resolved: resolved[ticket],
            }
        })
        .collect())
}
