//! The clocks of tickets: target, due time, time used and outcome.

use polars::prelude::*;

use super::pauses::{self, Pauses};
use super::{Context, frame};
use crate::ingest::rules::Moments;
use crate::plan::Policy;
use crate::schema::facts::{CLOCKS, Clock, outcome, status};
use crate::time::Wall;
use crate::time::pauses::Pauses as Stretches;
use crate::time::target::Target;

fn end_of(ticket: &Moments, clock: &Clock) -> Option<Wall> {
    match clock.name {
        "first_response" => ticket.first_response,
        "start" => ticket.started,
        _ => ticket.resolved,
    }
}

/// The end lies before a moment that must come first, so the clock cannot be read.
fn contradicts(ticket: &Moments, clock: &Clock) -> bool {
    ticket.contradictions().any(|pair| pair.later.0 == clock.end)
}

/// What one clock of one ticket came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    due: Option<Wall>,
    target: Option<i64>,
    /// Without what was paused.
    used: Option<i64>,
    /// Unknown where a paused clock cannot be read.
    paused: Option<i64>,
    outcome: &'static str,
}

const fn reading(outcome: &'static str, paused: Option<i64>) -> Reading {
    Reading { due: None, target: None, used: None, paused, outcome }
}

/// What a ticket is held to.
#[derive(Debug, Clone, Copy)]
enum Held {
    To(Target),
    /// The ticket's own promise.
    Until(Wall),
    ToNothing,
}

/// The moments of every ticket of a batch.
pub fn moments(batch: &DataFrame) -> PolarsResult<Vec<Moments>> {
    let requested = frame::micros(batch, "requested_at")?;
    let first_response = frame::micros(batch, "first_response_at")?;
    let started = frame::micros(batch, "started_at")?;
    let resolved = frame::micros(batch, "resolved_at")?;
    let closed = frame::micros(batch, "closed_at")?;
    Ok((0..batch.height())
        .map(|row| Moments {
            // Every row has been requested: the readers demand it.
            requested: requested[row].unwrap_or_default(),
            first_response: first_response[row],
            started: started[row],
            resolved: resolved[row],
            closed: closed[row],
        })
        .collect())
}

/// Columns of all clocks.
pub fn columns(
    batch: &DataFrame,
    tickets: &[Moments],
    policies: &[Option<usize>],
    pauses: &Pauses,
    context: &Context,
) -> PolarsResult<Vec<Column>> {
    let state = frame::texts(batch, "status")?;
    // Mostly nothing is paused, and then the numbers of tickets need not be looked at.
    let stops = if pauses.is_empty() {
        Vec::new()
    } else {
        let ids = frame::texts(batch, "ticket_id")?;
        ids.into_iter().map(|id| id.map_or(&[][..], |id| pauses.of(id))).collect()
    };
    let mut columns = Vec::new();
    for (place, clock) in CLOCKS.iter().take(3).enumerate() {
        if !frame::has(batch, clock.end) {
            continue;
        }
        let promised = frame::micros(batch, &format!("promised_{}_at", clock.name))?;
        let mut readings = Vec::with_capacity(tickets.len());
        let mut names = Vec::with_capacity(tickets.len());
        for (row, ticket) in tickets.iter().enumerate() {
            let policy = policies[row].map(|p| &context.plan.policies[p]);
            let target = policy.and_then(|p| target_of(p, clock));
            let (held, name) = match (promised[row], target) {
                (Some(until), _) => (Held::Until(until), Some("promised")),
                (None, Some(target)) => (Held::To(target), policy.map(|p| p.name.as_str())),
                (None, None) => (Held::ToNothing, None),
            };
            names.push(name);
            let until = end_of(ticket, clock).unwrap_or(context.moment.as_of);
            let still = match stops.get(row) {
                // A promise is held to the time it names, whatever came between.
                Some(stops) if !stops.is_empty() && !matches!(held, Held::Until(_)) => {
                    pauses::standing_still(stops, place, until)
                }
                _ => Stretches::default(),
            };
            readings.push(read(clock, ticket, held, state[row].unwrap_or_default(), &still, context));
        }
        columns.extend(clock_columns(clock, &readings, &names)?);
    }
    Ok(columns)
}

fn target_of(policy: &Policy, clock: &Clock) -> Option<Target> {
    policy.targets.get(clock.name).copied()
}

fn clock_columns(clock: &Clock, readings: &[Reading], policies: &[Option<&str>]) -> PolarsResult<[Column; 6]> {
    let name = |part: &str| format!("{}_{part}", clock.name);
    Ok([
        frame::times(&name("due_at"), readings.iter().map(|r| r.due).collect()),
        frame::longs(&name("target_seconds"), readings.iter().map(|r| r.target).collect()),
        frame::longs(&name("seconds"), readings.iter().map(|r| r.used).collect()),
        if readings.iter().all(|r| r.paused == Some(0)) {
            Column::new_scalar(PlSmallStr::from_string(name("paused_seconds")), Scalar::from(0i64), readings.len())
        } else {
            frame::longs(&name("paused_seconds"), readings.iter().map(|r| r.paused).collect())
        },
        frame::categories(&name("outcome"), readings.iter().map(|r| Some(r.outcome)))?,
        frame::categories(&name("policy"), policies.iter().copied())?,
    ])
}

/// Reads a clock that stands still in pauses. They move the due time of a target on, but not a time that the ticket itself
/// promised: whoever promised it knew of no pauses, and the customer waits for that very hour.
fn read(clock: &Clock, ticket: &Moments, held: Held, state: &str, still: &Stretches, context: &Context) -> Reading {
    let unread = if still.is_empty() { Some(0) } else { None };
    if status::is_cancelled(state) {
        return reading(outcome::CANCELLED, unread);
    }
    let calendar = context.calendar;
    let end = end_of(ticket, clock);
    // A ticket that ended without this moment was not left open: the moment was never written down.
    let ended = ticket.resolved.is_some() || ticket.closed.is_some() || status::is_ended(state);
    let never_noted = end.is_none() && ended;
    let broken_promise = matches!(held, Held::Until(until) if until < ticket.requested);
    if contradicts(ticket, clock) || never_noted || broken_promise {
        return reading(outcome::UNUSABLE, unread);
    }
    let kind = match held {
        Held::To(target) => Some(target),
        Held::Until(_) | Held::ToNothing => None,
    };
    let until = end.unwrap_or(context.moment.as_of);
    let paused = match unread {
        None => calendar.paused(kind, ticket.requested, until, still).ok(),
        nothing => nothing,
    };
    let whole = calendar.elapsed(kind, ticket.requested, until).ok();
    let net = whole.zip(paused).map(|(whole, paused)| whole - paused);
    let used = end.and(net);
    let (due, target) = match held {
        Held::ToNothing => {
            return Reading { used, ..reading(outcome::NO_TARGET, paused) };
        }
        // Beyond the years that the calendar knows there is no due time, and nothing is late yet.
        Held::To(target) => calendar.due(ticket.requested, target).map_or((None, None), |due| {
            let at = match unread {
                None => calendar.postponed(due, ticket.requested, target, still).ok(),
                Some(_) => Some(due.at),
            };
            (at, Some(due.seconds))
        }),
        Held::Until(promised) => (Some(promised), calendar.elapsed(None, ticket.requested, promised).ok()),
    };
    let late = match held {
        Held::Until(promised) => until > promised,
        _ => matches!((net, target), (Some(net), Some(target)) if net > target),
    };
    let outcome = match (late, end.is_some()) {
        (true, _) => outcome::BREACHED,
        (false, true) => outcome::MET,
        (false, false) => outcome::RUNNING,
    };
    Reading { due, target, used, paused, outcome }
}
