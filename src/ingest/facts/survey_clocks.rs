//! Clocks of surveys: how soon they came back, how soon a suggestion was answered, and those that the plan declares.

use polars::prelude::*;

use super::clocks::{Bench, Face, Held, Read, Reading};
use super::timing::target;
use super::{frame, policy};
use crate::plan::{Clock, Plan};
use crate::schema::facts::cause::{LATE, OPEN};
use crate::schema::facts::{SURVEY, status};
use crate::time::pauses::Pauses;

/// The clock that runs only where there is something to answer.
const REPLY: &str = "suggestion_reply";

/// Reads every clock whose moments the surveys and the tickets have. `surveys` and `tickets` have the same rows: each
/// survey, and its ticket where there is one.
pub fn read<'a>(surveys: &DataFrame, tickets: &DataFrame, bench: Bench<'a>) -> PolarsResult<Vec<Read<'a>>> {
    let clocks: Vec<&Clock> =
        bench.plan.clocks_of(SURVEY).filter(|clock| frame::has(surveys, clock.what.end)).collect();
    if clocks.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = {
        let rows = together(surveys, tickets, bench.plan)?;
        policy::choose(&rows, &bench.plan.policies)?
    };
    let places: Vec<usize> = {
        let names = frame::texts(tickets, "calendar")?;
        names.into_iter().map(|name| bench.calendars.place(name)).collect()
    };
    let statuses = frame::texts(tickets, "status")?;
    let named = frame::texts(surveys, "ticket_id")?;
    let suggestions = frame::texts(surveys, "suggestion")?;
    let mut read = Vec::new();
    for clock in clocks {
        let of_ticket = !frame::has(surveys, clock.what.start);
        let starts = frame::micros(if of_ticket { tickets } else { surveys }, clock.what.start)?;
        let ends = frame::micros(surveys, clock.what.end)?;
        let applies = |row: usize| match clock.what.name {
            REPLY => suggestions[row].is_some() || ends[row].is_some(),
            // A survey of a member of staff has no ticket whose moments could count.
            _ => !of_ticket || named[row].is_some(),
        };
        let one = |row: usize| {
            let (held, by) = target(bench.plan, clock, chosen[row]);
            if !applies(row) {
                return (Reading::default(), Held::ToNothing, None);
            }
            let (start, end) = (starts[row], ends[row]);
            let face = Face {
                calendar: bench.calendars.get(places[row]).1,
                as_of: bench.as_of,
                start,
                end,
                held,
                cancelled: statuses[row].is_some_and(status::is_cancelled),
                over: false,
                contradicts: start.zip(end).is_some_and(|(start, end)| end < start),
                still: Pauses::default(),
            };
            (face.read(), held, by)
        };
        let cause = |reading: &Reading| reading.is_breached().then_some(if reading.ended { LATE } else { OPEN });
        let (mut readings, mut held) = (Vec::new(), Vec::new());
        let (mut policies, mut causes) = (Vec::new(), Vec::new());
        for (reading, to, by) in (0..surveys.height()).map(one) {
            causes.push(cause(&reading));
            readings.push(reading);
            held.push(to);
            policies.push(by);
        }
        read.push(Read { clock, readings, policies, held, starts, ends, causes });
    }
    Ok(read)
}

/// The columns that conditions of policies ask for: those of the surveys, else those of their tickets.
fn together(surveys: &DataFrame, tickets: &DataFrame, plan: &Plan) -> PolarsResult<DataFrame> {
    let mut names: Vec<&str> = plan.policies.iter().flat_map(|p| p.when.iter().map(|when| when.column)).collect();
    names.sort_unstable();
    names.dedup();
    let columns = names.into_iter().filter_map(|name| {
        let own = surveys.column(name).ok().filter(|_| name != "channel");
        own.or_else(|| tickets.column(name).ok()).cloned()
    });
    DataFrame::new(surveys.height(), columns.collect())
}

/// The columns of tickets that clocks of surveys look at.
pub fn of_tickets(plan: &Plan) -> Vec<&str> {
    let starts = plan.clocks_of(SURVEY).map(|clock| clock.what.start);
    let conditions = plan.policies.iter().flat_map(|policy| policy.when.iter().map(|when| when.column));
    let mut names: Vec<&str> = starts.chain(conditions).chain(["status", "calendar"]).collect();
    names.sort_unstable();
    names.dedup();
    names
}
