//! The finished tickets whose customers are to be called about them and have not answered yet. They are not published as a fact;
//! the listing `follow_up_due` shows them.

use polars::prelude::*;

use super::actions::Action;
use super::answered::Told;
use super::calendars::Calendars;
use super::{Context, Moment, Sink, frame};
use crate::ingest::{IngestError, Kept, Shelf};
use crate::plan::{FollowUp, Plan};
use crate::schema::facts::{AWAITED, follow_up, status};
use crate::time::target::Target;
use crate::time::{DAY_SECONDS, MICROS, Wall, wall};

/// Calls of tickets that were finished longer before the period than this are no longer called due.
const LOOK_BACK: i64 = 31 * DAY_SECONDS * MICROS;

/// Columns of tickets that tell whether and when a customer is to be called.
pub const TELLING: [&str; 6] = ["resolved_at", "closed_at", "status", "is_complaint", "calendar", "product_line"];

/// Columns of tickets that callers want to see.
pub const SHOWN: [&str; 12] = [
    "ticket_id",
    "customer_id",
    "customer_tier",
    "service_type",
    "product_model",
    "fault_codes",
    "region",
    "branch",
    "staff_id",
    "staff_name",
    "team",
    "requested_at",
];

/// Tickets whose customers are to be called, a row for each call.
#[derive(Debug)]
pub struct Calls {
    /// Those columns of [`SHOWN`] that there are, and what [`follow_up`] names.
    pub rows: DataFrame,
    /// The places of the rows among the tickets.
    pub places: Vec<IdxSize>,
    /// Only an answer after this moment spares the call; any answer does where there is none.
    pub since: Vec<Option<Wall>>,
}

/// How the calls of a review are counted.
#[derive(Debug, Clone, Copy)]
pub struct Calling<'a> {
    pub plan: &'a Plan,
    pub calendars: &'a Calendars,
    pub moment: Moment,
    pub actions: &'a [Action],
}

/// A call to make.
struct Call<'a> {
    place: IdxSize,
    ended: Wall,
    occasion: &'static str,
    from: Option<Wall>,
    due: Option<Wall>,
    action: Option<&'a str>,
}

impl<'a> Calling<'a> {
    /// Which of some rows of `fact_ticket` are to be called about from the first day of the period on, whether their customers
    /// have answered or not; none where no row is.
    pub fn of(&self, tickets: &DataFrame) -> PolarsResult<Option<Calls>> {
        let ended = frame::ended(tickets)?;
        if !self.may_have(&ended) {
            return Ok(None);
        }
        let calls = self.calls(tickets, &ended)?;
        if calls.is_empty() {
            return Ok(None);
        }
        let places: Vec<IdxSize> = calls.iter().map(|call| call.place).collect();
        let shown: Vec<&str> = SHOWN.into_iter().filter(|name| frame::has(tickets, name)).collect();
        let mut rows = frame::gather(&tickets.select(shown)?, &IdxCa::from_slice(PlSmallStr::EMPTY, &places))?;
        for column in [
            frame::categories(follow_up::STATE, calls.iter().map(|call| Some(self.state(call))))?,
            frame::categories(follow_up::OCCASION, calls.iter().map(|call| Some(call.occasion)))?,
            frame::times(follow_up::ENDED_AT, calls.iter().map(|call| Some(call.ended)).collect()),
            frame::times(follow_up::FROM_AT, calls.iter().map(|call| call.from).collect()),
            frame::times(follow_up::DUE_AT, calls.iter().map(|call| call.due).collect()),
            frame::strings(follow_up::ACTION_ID, calls.iter().map(|call| call.action)),
        ] {
            rows.with_column(column)?;
        }
        let since = calls.iter().map(|call| call.from.filter(|_| call.action.is_some())).collect();
        Ok(Some(Calls { rows, places, since }))
    }

    fn calls(&self, tickets: &DataFrame, ended: &[Option<Wall>]) -> PolarsResult<Vec<Call<'a>>> {
        let (states, complaints) = (frame::texts(tickets, "status")?, frame::flags_of(tickets, "is_complaint")?);
        let (calendars, faults) = (frame::texts(tickets, "calendar")?, frame::texts(tickets, "fault_codes")?);
        let (models, lines) = (frame::texts(tickets, "product_model")?, frame::texts(tickets, "product_line")?);
        let FollowUp { service_from, service_by, complaint_by, measure_by, measure_reach, .. } = self.plan.follow_up;
        let period = self.period();
        let measures: Vec<(&'a Action, Wall, Option<Wall>)> = self.measures(measure_by).collect();
        let mut calls = Vec::new();
        for (place, row) in (0..).zip(0..tickets.height()) {
            let Some(ended) = ended[row].filter(|_| !states[row].is_some_and(status::is_cancelled)) else { continue };
            if ended >= period - LOOK_BACK {
                let calendar = self.calendars.get(self.calendars.place(calendars[row])).1;
                let by = |target: Target| calendar.due(ended, target).ok().map(|due| due.at);
                let complaint = complaints[row] == Some(true);
                let due = by(if complaint { complaint_by } else { service_by });
                if due.is_none_or(|due| due >= period) {
                    let from = if complaint { Some(ended) } else { by(service_from) };
                    let occasion = if complaint { follow_up::COMPLAINT } else { follow_up::SERVICE };
                    calls.push(Call { place, ended, occasion, from, due, action: None });
                }
            }
            for (action, completed, due) in &measures {
                let reached = (*completed - measure_reach * MICROS..*completed).contains(&ended);
                if reached && action.is_about(models[row], lines[row], faults[row]) {
                    let (occasion, from, action) = (follow_up::MEASURE, Some(*completed), Some(action.id()));
                    calls.push(Call { place, ended, occasion, from, due: *due, action });
                }
            }
        }
        Ok(calls)
    }

    /// Measures after which customers are called in the period: when they were completed, and when the calls fall due.
    fn measures(&self, by: Target) -> impl Iterator<Item = (&'a Action, Wall, Option<Wall>)> {
        let (calendar, moment, period) = (self.calendars.usual(), self.moment, self.period());
        let completed = self.actions.iter().filter_map(|action| Some((action, action.completed_at()?)));
        let due = completed.map(move |(action, at)| (action, at, calendar.due(at, by).ok().map(|due| due.at)));
        due.filter(move |(_, at, due)| *at <= moment.as_of + 1 && due.is_none_or(|due| due >= period))
    }

    /// Whether any of these ends is late enough for a call.
    pub fn may_have(&self, ended: &[Option<Wall>]) -> bool {
        let reach = self.plan.follow_up.measure_reach * MICROS;
        let measures = self.measures(self.plan.follow_up.measure_by).map(|(_, completed, _)| completed - reach);
        let earliest = measures.min().unwrap_or(Wall::MAX).min(self.period() - LOOK_BACK);
        ended.iter().flatten().any(|ended| *ended >= earliest)
    }

    fn period(&self) -> Wall {
        wall(self.moment.period.first_day().and_time(chrono::NaiveTime::MIN))
    }

    fn state(&self, call: &Call) -> &'static str {
        match (call.from, call.due) {
            (_, Some(due)) if due < self.moment.as_of => follow_up::OVERDUE,
            (Some(from), _) if from <= self.moment.as_of + 1 => follow_up::DUE,
            _ => follow_up::AHEAD,
        }
    }
}

/// Calls, while it is not known yet who has answered.
#[derive(Default)]
pub struct Awaiting {
    batches: Vec<Batch>,
}

/// The calls of a piece of the tickets.
pub struct Batch {
    rows: Kept,
    /// Of each ticket its place among those that surveys name, and since when answers count.
    surveyed: Vec<(Option<u32>, Option<Wall>)>,
}

/// The calls of a piece of `fact_ticket`, whose rows have these places among the tickets that surveys name.
pub fn of_tickets(
    tickets: &DataFrame,
    places: &[Option<u32>],
    shelf: &Shelf,
    context: &Context,
) -> Result<Option<Batch>, IngestError> {
    let Context { plan, moment, calendars, actions, .. } = *context;
    let calling = Calling { plan, calendars, moment, actions: &actions.all };
    let Some(Calls { rows, places: own, since }) = calling.of(tickets)? else { return Ok(None) };
    let surveyed = own.iter().map(|row| places[*row as usize]).zip(since).collect();
    Ok(Some(Batch { rows: shelf.put(&rows, &[])?, surveyed }))
}

impl Awaiting {
    pub fn extend(&mut self, batch: Option<Batch>) {
        self.batches.extend(batch);
    }

    /// Whether any call asks when its customer answered last.
    pub fn again(&self) -> bool {
        self.batches.iter().any(|batch| batch.surveyed.iter().any(|(_, since)| since.is_some()))
    }

    /// Shows the calls of customers who have not been heard.
    pub fn stream<S: Sink>(self, heard: &Told, sink: &S) -> Result<(), S::Error> {
        for Batch { rows, surveyed } in self.batches {
            let heard = |(place, since): &(Option<u32>, Option<Wall>)| match (place, since) {
                (Some(place), None) => heard.knows(*place as usize),
                (Some(place), Some(since)) => heard.knows_after(*place as usize, *since),
                (None, _) => false,
            };
            let waits = BooleanChunked::from_iter_values(PlSmallStr::EMPTY, surveyed.iter().map(|one| !heard(one)));
            let rows = rows.load().and_then(|rows| rows.filter_seq(&waits)).map_err(IngestError::from)?;
            sink.look(AWAITED, &rows)?;
        }
        Ok(())
    }
}
