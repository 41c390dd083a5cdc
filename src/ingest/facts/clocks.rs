//! The clocks of tickets: target, due time, time used and outcome.

use polars::prelude::*;

use super::{Context, frame};
use crate::plan::Policy;
use crate::schema::facts::{CLOCKS, Clock, outcome, status};
use crate::time::Wall;
use crate::time::target::Target;

/// The moments of one ticket, as far as they have happened.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    requested: Wall,
    first_response: Option<Wall>,
    started: Option<Wall>,
    resolved: Option<Wall>,
    closed: Option<Wall>,
}

impl Moments {
    fn end(&self, clock: &Clock) -> Option<Wall> {
        match clock.name {
            "first_response" => self.first_response,
            "start" => self.started,
            _ => self.resolved,
        }
    }

    /// The end lies before a moment that must come first, so the clock cannot be read.
    fn contradicts(&self, clock: &Clock) -> bool {
        let before = |end: Option<Wall>, other: Option<Wall>| matches!((end, other), (Some(e), Some(o)) if e < o);
        let end = self.end(clock);
        before(end, Some(self.requested))
            || (clock.name == "resolution" && (before(end, self.first_response) || before(end, self.started)))
    }

    fn out_of_order(&self) -> bool {
        CLOCKS.iter().any(|clock| self.contradicts(clock))
    }
}

/// What one clock of one ticket came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    due: Option<Wall>,
    target: Option<i64>,
    used: Option<i64>,
    outcome: &'static str,
}

const fn reading(outcome: &'static str) -> Reading {
    Reading { due: None, target: None, used: None, outcome }
}

/// What a ticket is held to.
#[derive(Debug, Clone, Copy)]
enum Held {
    To(Target),
    /// The ticket's own promise.
    Until(Wall),
    ToNothing,
}

/// Columns of all clocks, and how many tickets have moments out of order.
pub fn columns(batch: &DataFrame, policies: &[Option<usize>], context: &Context) -> PolarsResult<(Vec<Column>, u64)> {
    let requested = frame::micros(batch, "requested_at")?;
    let first_response = frame::micros(batch, "first_response_at")?;
    let started = frame::micros(batch, "started_at")?;
    let resolved = frame::micros(batch, "resolved_at")?;
    let closed = frame::micros(batch, "closed_at")?;
    let state = frame::texts(batch, "status")?;
    let tickets: Vec<Moments> = (0..batch.height())
        .map(|row| Moments {
            // Every row has been requested: the readers demand it.
            requested: requested[row].unwrap_or_default(),
            first_response: first_response[row],
            started: started[row],
            resolved: resolved[row],
            closed: closed[row],
        })
        .collect();
    let mut columns = Vec::new();
    for clock in &CLOCKS {
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
            readings.push(read(clock, ticket, held, state[row].unwrap_or_default(), context));
        }
        columns.extend(clock_columns(clock, &readings, &names)?);
    }
    let out_of_order = tickets.iter().filter(|t| t.out_of_order()).count() as u64;
    Ok((columns, out_of_order))
}

const fn target_of(policy: &Policy, clock: &Clock) -> Option<Target> {
    match clock.name.as_bytes() {
        b"first_response" => policy.first_response,
        b"start" => policy.start,
        _ => policy.resolution,
    }
}

fn clock_columns(clock: &Clock, readings: &[Reading], policies: &[Option<&str>]) -> PolarsResult<[Column; 6]> {
    let name = |part: &str| format!("{}_{part}", clock.name);
    Ok([
        frame::times(&name("due_at"), readings.iter().map(|r| r.due).collect()),
        frame::longs(&name("target_seconds"), readings.iter().map(|r| r.target).collect()),
        frame::longs(&name("seconds"), readings.iter().map(|r| r.used).collect()),
        // No pause source is read, so nothing is ever paused.
        Column::new_scalar(PlSmallStr::from_string(name("paused_seconds")), Scalar::from(0i64), readings.len()),
        frame::categories(&name("outcome"), readings.iter().map(|r| Some(r.outcome)))?,
        frame::categories(&name("policy"), policies.iter().copied())?,
    ])
}

fn read(clock: &Clock, ticket: &Moments, held: Held, state: &str, context: &Context) -> Reading {
    if status::is_cancelled(state) {
        return reading(outcome::CANCELLED);
    }
    let calendar = context.calendar;
    let end = ticket.end(clock);
    // A ticket that ended without this moment was not left open: the moment was never written down.
    let ended = ticket.resolved.is_some() || ticket.closed.is_some() || status::is_ended(state);
    let never_noted = end.is_none() && ended;
    let broken_promise = matches!(held, Held::Until(until) if until < ticket.requested);
    if ticket.contradicts(clock) || never_noted || broken_promise {
        return reading(outcome::UNUSABLE);
    }
    let seconds = |until: Wall| match held {
        Held::To(target) => calendar.elapsed(Some(target), ticket.requested, until).ok(),
        Held::Until(_) | Held::ToNothing => calendar.elapsed(None, ticket.requested, until).ok(),
    };
    let used = end.and_then(seconds);
    let (due, target) = match held {
        Held::ToNothing => {
            return Reading { used, ..reading(outcome::NO_TARGET) };
        }
        // Beyond the years that the calendar knows there is no due time, and nothing is late yet.
        Held::To(target) => {
            calendar.due(ticket.requested, target).map_or((None, None), |d| (Some(d.at), Some(d.seconds)))
        }
        Held::Until(until) => (Some(until), seconds(until)),
    };
    let until = end.unwrap_or(context.moment.as_of);
    let late = match held {
        Held::Until(promised) => until > promised,
        _ => matches!((seconds(until), target), (Some(elapsed), Some(target)) if elapsed > target),
    };
    let outcome = match (late, end.is_some()) {
        (true, _) => outcome::BREACHED,
        (false, true) => outcome::MET,
        (false, false) => outcome::RUNNING,
    };
    Reading { due, target, used, outcome }
}
