//! Pauses: when which ticket waited, and which of its clocks that stops. What they do to the clocks stands in
//! `fact_ticket`; they are no fact of their own.

mod events;
mod history;
mod rows;

use std::collections::HashMap;

pub use self::history::History;
use self::rows::Row;
use super::{Context, frame, tickets};
use crate::ingest::keys::{self, Keys};
use crate::ingest::rules::{self, Bench, Moments, Odd, Pause};
use crate::ingest::{IngestError, Kept, Loaded};
use crate::time::Wall;
use crate::time::pauses::Pauses as Stretches;

/// Clocks of tickets as a set: one bit each, by their place among the ticket clocks of the plan.
pub type Stopped = u64;

/// All clocks of a ticket: those of a ticket that is closed stand still, whatever the plan says.
pub const ALL_CLOCKS: Stopped = Stopped::MAX;

/// The pauses that stop a clock, by ticket.
#[derive(Debug, Default)]
pub struct Pauses {
    /// Rows used, those among them that stop no clock.
    pub used: usize,
    /// The hashes of the tickets' numbers, by which tickets are told apart.
    tickets: Keys,
    /// Where the stops of each ticket begin, by its place; at the end where all of them end.
    starts: Vec<usize>,
    stops: Vec<Stop>,
    /// The distinct reasons; stops name them by place.
    pub reasons: Reasons,
    /// What an event log tells of resolutions beyond the row of the ticket, by ticket.
    histories: HashMap<u128, History>,
    /// The log tells of resolutions at all.
    pub tells_resolutions: bool,
}

/// A stretch of time within its ticket in which some of its clocks stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    pub begin: Wall,
    pub end: Wall,
    pub clocks: Stopped,
    /// The ticket was closed, not paused.
    pub closed: bool,
    /// Place among the reasons; that of no reason is 0.
    pub reason: u32,
}

impl Stop {
    const fn order(&self) -> (Wall, Wall, Stopped, bool) {
        (self.begin, self.end, self.clocks, self.closed)
    }
}

/// Pauses, and the times that some tickets spent closed.
#[derive(Debug)]
pub struct Standing<'a> {
    pub pauses: &'a Pauses,
    /// All stops of the tickets that were closed at times.
    closed: HashMap<u128, Vec<Stop>>,
}

impl Standing<'_> {
    /// Whether no clock is ever stopped.
    pub fn is_empty(&self) -> bool {
        self.closed.is_empty() && self.pauses.is_empty()
    }

    /// The stops of a ticket, in the order of time.
    pub fn of(&self, ticket_id: &str) -> &[Stop] {
        let ticket = keys::of(ticket_id);
        self.closed.get(&ticket).map_or_else(|| self.pauses.at(ticket), Vec::as_slice)
    }
}

/// The distinct reasons of pauses, in the order in which they come first; the first one is none.
#[derive(Debug)]
pub struct Reasons {
    places: HashMap<String, u32>,
    names: Vec<Option<String>>,
}

impl Default for Reasons {
    fn default() -> Self {
        Self { places: HashMap::new(), names: vec![None] }
    }
}

impl Reasons {
    /// The place of a reason.
    pub fn place(&mut self, reason: Option<&str>) -> u32 {
        let Some(reason) = reason else { return 0 };
        if let Some(place) = self.places.get(reason) {
            return *place;
        }
        let place = u32::try_from(self.names.len()).unwrap_or_default();
        self.names.push(Some(reason.to_owned()));
        self.places.insert(reason.to_owned(), place);
        place
    }

    /// The reason at a place.
    pub fn name(&self, place: u32) -> Option<&str> {
        self.names.get(place as usize)?.as_deref()
    }

    /// All of them by place.
    pub fn names(&self) -> &[Option<String>] {
        &self.names
    }
}

/// A time that a ticket spent closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Hash of the ticket's number.
    pub ticket: u128,
    pub begin: Wall,
    pub end: Wall,
}

impl Pauses {
    /// Whether no clock is ever stopped.
    pub const fn is_empty(&self) -> bool {
        self.stops.is_empty()
    }

    fn at(&self, ticket: u128) -> &[Stop] {
        let Some(place) = self.tickets.place(ticket) else { return &[] };
        self.stops.get(self.starts[place]..self.starts[place + 1]).unwrap_or_default()
    }

    /// These, and the times that some tickets spent closed.
    pub fn with(&self, closed: &[Closed]) -> Standing<'_> {
        let one = |closed: &Closed| {
            let mut stops = self.at(closed.ticket).to_vec();
            stops.push(closed.stop());
            stops.sort_unstable_by_key(Stop::order);
            (closed.ticket, stops)
        };
        Standing { pauses: self, closed: closed.iter().map(one).collect() }
    }

    /// What an event log tells of the resolutions of a ticket, where it tells more than the ticket's own row.
    pub fn history(&self, ticket_id: &str) -> Option<&History> {
        if self.histories.is_empty() { None } else { self.histories.get(&keys::of(ticket_id)) }
    }

    /// Why a clock was stopped.
    pub fn reason(&self, stop: &Stop) -> Option<&str> {
        self.reasons.name(stop.reason)
    }

    fn new(used: usize, mut stops: Vec<(u128, Stop)>, reasons: Reasons) -> Self {
        stops.sort_unstable_by_key(|(ticket, stop)| (*ticket, stop.order()));
        let of_ticket = stops.chunk_by(|(a, _), (b, _)| a == b).map(<[_]>::len);
        let starts = [0].into_iter().chain(of_ticket.scan(0, |end, stops| {
            *end += stops;
            Some(*end)
        }));
        let starts = starts.collect();
        let tickets = Keys::new(stops.iter().map(|(ticket, _)| *ticket).collect());
        let stops = stops.into_iter().map(|(_, stop)| stop).collect();
        Self { used, tickets, starts, stops, reasons, ..Self::default() }
    }
}

impl Closed {
    const fn stop(&self) -> Stop {
        Stop { begin: self.begin, end: self.end, clocks: ALL_CLOCKS, closed: true, reason: 0 }
    }
}

/// When a clock stands still up to a moment; what happens to it later is not its business.
pub fn standing_still(stops: &[Stop], clock: usize, until: Wall) -> Stretches {
    let stops = stops
        .iter()
        .filter(|stop| stop.clocks.checked_shr(u32::try_from(clock).unwrap_or(u32::MAX)).is_some_and(|c| c & 1 == 1));
    Stretches::new(stops.map(|stop| (stop.begin, stop.end.min(until))))
}

/// Judges the pauses of these tickets as of the moment. The account of the pauses is settled: those that began after the
/// moment are left out, and an end after it has not come yet.
pub fn derive(loaded: &mut Loaded, tickets: &[Kept], context: &Context) -> Result<Pauses, IngestError> {
    let as_of = context.moment.as_of;
    let mut batches = Vec::new();
    let mut rows = Vec::new();
    let mut reasons = Reasons::default();
    let mut events = events::Events::default();
    for (batch, file) in std::mem::take(&mut loaded.batches).into_iter().zip(&loaded.batch_file) {
        let batch = batch.load()?;
        let before = batch.height();
        let begin = if frame::has(&batch, events::AT) { events::AT } else { "paused_at" };
        let batch = tickets::happened(batch, begin, as_of)?;
        let left_out = (before - batch.height()) as u64;
        let account = &mut loaded.files[*file].account;
        account.left_out += left_out;
        account.used -= left_out;
        if begin == events::AT {
            events.read(&batch, rows.len(), &mut reasons)?;
            rows.extend((0..batch.height()).map(|_| Row::default()));
        } else {
            rows::read(&batch, context, &mut reasons, &mut rows)?;
        }
        batches.push(batch);
    }
    events.settle(&mut rows, context.plan, &reasons);
    let mut known = rows::known(&rows, tickets, context)?;
    let histories = history::histories(&rows, &mut known);
    let earlier = rows::earlier(&rows, &known, as_of);

    let calendar = context.calendars.usual();
    let mut first = 0;
    for (batch, file) in batches.iter().zip(&loaded.batch_file) {
        let places = first..first + batch.height();
        first = places.end;
        let ids = frame::texts(batch, "ticket_id")?;
        let judged = ids.iter().zip(&rows[places.clone()]).zip(&earlier[places.clone()]);
        let judged = judged.map(|((ticket_id, row), before)| Pause {
            ticket_id: *ticket_id,
            paused: row.paused,
            resumed: row.resumed,
            ticket: known.get(&row.ticket).copied(),
            before: *before,
            is_pause: row.is_pause,
            odd: Odd::among(&[("paused_at", Some(row.paused)), ("resumed_at", row.resumed)], calendar),
        });
        let verdict = rules::judge(&rules::of_pauses(), judged, &Bench::of(batch, "ticket_id")?, context.plan);
        for (row, keep) in rows[places.clone()].iter_mut().zip(&verdict.keep) {
            row.used = *keep;
        }
        let report = &mut loaded.files[*file];
        let used = rows[places].iter().filter(|row| row.used);
        report.latest = report.latest.max(used.flat_map(|row| [Some(row.paused), row.resumed]).flatten().max());
        verdict.settle(report, &mut loaded.quarantine);
    }
    rules::fetch_raw(loaded)?;

    let used = || rows.iter().filter(|row| row.used);
    let within = |row: &Row| Some((row.ticket, row.within(known.get(&row.ticket)?, as_of)?));
    let stops = used().filter_map(within).collect();
    let tells_resolutions = context.plan.sources.get(&loaded.kind).is_some_and(|source| !source.resolved.is_empty());
    Ok(Pauses { histories, tells_resolutions, ..Pauses::new(used().count(), stops, reasons) })
}

/// When a ticket ended; one that would have done so before it was requested says nothing about it.
fn ended(ticket: &Moments) -> Option<Wall> {
    ticket.resolved.or(ticket.closed).filter(|end| *end >= ticket.requested)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_found_by_ticket_and_clock() {
        let stop = |begin, end, clocks| Stop { begin, end, clocks, closed: false, reason: 0 };
        let closed = Closed { ticket: keys::of("a"), begin: 60, end: 70 };
        let pauses = Pauses::new(
            3,
            vec![
                (keys::of("a"), stop(30, 50, 0b010)),
                (keys::of("b"), stop(5, 100, 0b100)),
                (keys::of("a"), stop(10, 20, 0b100)),
            ],
            Reasons::default(),
        );
        let standing = pauses.with(&[closed]);
        assert_eq!(pauses.with(&[]).of("a").len(), 2);
        let still = |id, clock, until| standing_still(standing.of(id), clock, until);
        assert_eq!(still("a", 2, 100), Stretches::new([(10, 20), (60, 70)]));
        assert_eq!(still("a", 1, 40), Stretches::new([(30, 40)]));
        assert_eq!(still("a", 1, 30), Stretches::default());
        assert_eq!(still("a", 0, 100), Stretches::new([(60, 70)]));
        assert_eq!(still("a", 64, 100), Stretches::default());
        assert_eq!(still("b", 2, 100), Stretches::new([(5, 100)]));
        assert!(standing.of("c").is_empty());
    }
}
