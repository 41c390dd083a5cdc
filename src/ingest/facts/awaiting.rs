//! The finished tickets whose customers are to be called about them and have not answered yet. They are not published as a fact;
//! the listing `follow_up_due` shows them.

use polars::prelude::*;

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
pub const TELLING: [&str; 5] = ["resolved_at", "closed_at", "status", "is_complaint", "calendar"];

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

/// Tickets whose customers are to be called.
#[derive(Debug)]
pub struct Calls {
    /// Those columns of [`SHOWN`] that there are, and what [`follow_up`] names.
    pub rows: DataFrame,
    /// The places of the rows among the tickets.
    pub places: Vec<IdxSize>,
}

/// How the calls of a review are counted.
#[derive(Debug, Clone, Copy)]
pub struct Calling<'a> {
    pub plan: &'a Plan,
    pub calendars: &'a Calendars,
    pub moment: Moment,
}

impl Calling<'_> {
    /// Which of some rows of `fact_ticket` are to be called about from the first day of the period on, whether their customers
    /// have answered or not; none where no row is.
    pub fn of(&self, tickets: &DataFrame) -> PolarsResult<Option<Calls>> {
        let period = self.period();
        let ended = frame::ended(tickets)?;
        if !self.may_have(&ended) {
            return Ok(None);
        }
        let (states, complaints) = (frame::texts(tickets, "status")?, frame::flags_of(tickets, "is_complaint")?);
        let calendars = frame::texts(tickets, "calendar")?;
        let FollowUp { service_from, service_by, complaint_by, .. } = self.plan.follow_up;
        let (mut places, mut ends) = (Vec::new(), Vec::new());
        let (mut occasions, mut from, mut due) = (Vec::new(), Vec::new(), Vec::new());
        for (place, row) in (0..).zip(0..tickets.height()) {
            let Some(ended) = ended[row].filter(|ended| *ended >= period - LOOK_BACK) else { continue };
            if states[row].is_some_and(status::is_cancelled) {
                continue;
            }
            let calendar = self.calendars.get(self.calendars.place(calendars[row])).1;
            let by = |target: Target| calendar.due(ended, target).ok().map(|due| due.at);
            let complaint = complaints[row] == Some(true);
            let last = by(if complaint { complaint_by } else { service_by });
            if last.is_some_and(|last| last < period) {
                continue;
            }
            places.push(place);
            ends.push(Some(ended));
            occasions.push(Some(if complaint { follow_up::COMPLAINT } else { follow_up::SERVICE }));
            from.push(if complaint { Some(ended) } else { by(service_from) });
            due.push(last);
        }
        if places.is_empty() {
            return Ok(None);
        }
        let shown: Vec<&str> = SHOWN.into_iter().filter(|name| frame::has(tickets, name)).collect();
        let mut rows = frame::gather(&tickets.select(shown)?, &IdxCa::from_slice(PlSmallStr::EMPTY, &places))?;
        let states = from.iter().zip(&due).map(|(from, due)| Some(self.state(*from, *due)));
        for column in [
            frame::categories(follow_up::STATE, states)?,
            frame::categories(follow_up::OCCASION, occasions)?,
            frame::times(follow_up::ENDED_AT, ends),
            frame::times(follow_up::FROM_AT, from),
            frame::times(follow_up::DUE_AT, due),
        ] {
            rows.with_column(column)?;
        }
        Ok(Some(Calls { rows, places }))
    }

    /// Whether any of these ends is late enough for a call.
    pub fn may_have(&self, ended: &[Option<Wall>]) -> bool {
        ended.iter().flatten().any(|ended| *ended >= self.period() - LOOK_BACK)
    }

    fn period(&self) -> Wall {
        wall(self.moment.period.first_day().and_time(chrono::NaiveTime::MIN))
    }

    fn state(&self, from: Option<Wall>, due: Option<Wall>) -> &'static str {
        match (from, due) {
            (_, Some(due)) if due < self.moment.as_of => follow_up::OVERDUE,
            (Some(from), _) if from <= self.moment.as_of => follow_up::DUE,
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
    /// Of each ticket its place among those that surveys name.
    surveyed: Vec<Option<u32>>,
}

/// The calls of a piece of `fact_ticket`, whose rows have these places among the tickets that surveys name.
pub fn of_tickets(
    tickets: &DataFrame,
    places: &[Option<u32>],
    shelf: &Shelf,
    context: &Context,
) -> Result<Option<Batch>, IngestError> {
    let counting = Calling { plan: context.plan, calendars: context.calendars, moment: context.moment };
    let Some(Calls { rows, places: own }) = counting.of(tickets)? else { return Ok(None) };
    let surveyed = own.iter().map(|row| places[*row as usize]).collect();
    Ok(Some(Batch { rows: shelf.put(&rows, &[])?, surveyed }))
}

impl Awaiting {
    pub fn extend(&mut self, batch: Option<Batch>) {
        self.batches.extend(batch);
    }

    /// Shows the calls of customers who have not been heard.
    pub fn stream<S: Sink>(self, heard: &Told, sink: &S) -> Result<(), S::Error> {
        for Batch { rows, surveyed } in self.batches {
            let waits = surveyed.iter().map(|place| !place.is_some_and(|place| heard.knows(place as usize)));
            let waits = BooleanChunked::from_iter_values(PlSmallStr::EMPTY, waits);
            let rows = rows.load().and_then(|rows| rows.filter_seq(&waits)).map_err(IngestError::from)?;
            sink.look(AWAITED, &rows)?;
        }
        Ok(())
    }
}
