//! Pauses: when which ticket waited, and which of its clocks that stops. What they do to the clocks stands in
//! `fact_ticket`; they are no fact of their own.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use polars::prelude::*;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::{Context, clocks, frame, tickets};
use crate::ingest::rules::{self, Bench, Moments, Pause};
use crate::ingest::{IngestError, Loaded};
use crate::plan::{Plan, Stops};
use crate::schema::facts::CLOCKS;
use crate::time::Wall;
use crate::time::pauses::Pauses as Stretches;

/// The clocks that a pause stops, in the order of [`CLOCKS`].
type Stopped = [bool; CLOCKS.len()];

/// The pauses that stop a clock, by ticket.
#[derive(Debug, Default)]
pub struct Pauses {
    /// Rows used, those among them that stop no clock.
    pub used: usize,
    /// By the hash of the ticket's number, which is the one by which tickets are told apart.
    by_ticket: HashMap<u128, Range<usize>>,
    stops: Vec<Stop>,
}

/// A part of a pause that lies within its ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    begin: Wall,
    end: Wall,
    clocks: Stopped,
}

impl Pauses {
    /// Whether no clock is ever stopped.
    pub const fn is_empty(&self) -> bool {
        self.stops.is_empty()
    }

    /// The pauses of a ticket.
    pub fn of(&self, ticket_id: &str) -> &[Stop] {
        let range = self.by_ticket.get(&key(ticket_id));
        range.and_then(|range| self.stops.get(range.clone())).unwrap_or_default()
    }

    /// Keeps rows, which are sorted by ticket, with the part of each that lies within its ticket.
    fn add<'a>(&mut self, rows: impl Iterator<Item = &'a Row>, known: &HashMap<u128, Moments>, as_of: Wall) {
        for row in rows {
            self.used += 1;
            let Some(stop) = known.get(&row.ticket).and_then(|ticket| row.within(ticket, as_of)) else {
                continue;
            };
            let place = self.stops.len();
            self.stops.push(stop);
            self.by_ticket.entry(row.ticket).or_insert(place..place).end = place + 1;
        }
    }
}

/// When a clock stands still up to a moment; what happens to it later is not its business.
pub fn standing_still(stops: &[Stop], clock: usize, until: Wall) -> Stretches {
    let stops = stops.iter().filter(|stop| stop.clocks.get(clock) == Some(&true));
    Stretches::new(stops.map(|stop| (stop.begin, stop.end.min(until))))
}

/// Judges the pauses as of the moment; `tickets` are those that are used, as of the moment. The account of the pauses is
/// settled: those that began after the moment are left out, and an end after it has not come yet.
pub fn derive(loaded: &mut Loaded, tickets: &[DataFrame], context: &Context) -> Result<Pauses, IngestError> {
    let as_of = context.moment.as_of;
    let mut batches = Vec::new();
    let mut rows = Vec::new();
    for (batch, file) in std::mem::take(&mut loaded.batches).into_iter().zip(&loaded.batch_file) {
        let before = batch.height();
        let batch = tickets::happened(batch, "paused_at", as_of)?;
        let left_out = (before - batch.height()) as u64;
        let account = &mut loaded.files[*file].account;
        account.left_out += left_out;
        account.used -= left_out;
        read(&batch, context, &mut rows)?;
        batches.push(batch);
    }
    let known = known(&rows, tickets)?;
    let (order, earlier) = sorted(&rows, &known, as_of);

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

    let mut pauses = Pauses::default();
    pauses.add(order.iter().map(|place| &rows[*place]).filter(|row| row.used), &known, as_of);
    Ok(pauses)
}

/// A pause on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    /// Hash of the ticket's number.
    ticket: u128,
    paused: Wall,
    resumed: Option<Wall>,
    clocks: Stopped,
    used: bool,
}

impl Row {
    /// Its end; a pause that goes on ends with its ticket, or else at the moment.
    fn end(&self, ticket: Option<&Moments>, as_of: Wall) -> Wall {
        self.resumed.or_else(|| ticket.and_then(ended)).unwrap_or(as_of)
    }

    /// The part that lies within the ticket, if any clock stands still in it.
    fn within(&self, ticket: &Moments, as_of: Wall) -> Option<Stop> {
        let begin = self.paused.max(ticket.requested);
        let end = self.end(Some(ticket), as_of).min(ended(ticket).unwrap_or(as_of));
        (begin < end && self.clocks.contains(&true)).then_some(Stop { begin, end, clocks: self.clocks })
    }
}

/// When a ticket ended; one that would have done so before it was requested says nothing about it.
fn ended(ticket: &Moments) -> Option<Wall> {
    ticket.resolved.or(ticket.closed).filter(|end| *end >= ticket.requested)
}

fn key(ticket_id: &str) -> u128 {
    xxh3_128(ticket_id.as_bytes())
}

/// The clocks that a pause of this reason stops.
fn stopped(plan: &Plan, reason: Option<&str>) -> Stopped {
    CLOCKS.map(|clock| match plan.clock(clock.name).and_then(|c| c.stops.as_ref()) {
        None => false,
        Some(Stops::All) => true,
        Some(Stops::Reasons(reasons)) => reason.is_some_and(|reason| reasons.iter().any(|r| r == reason)),
    })
}

fn read(batch: &DataFrame, context: &Context, rows: &mut Vec<Row>) -> PolarsResult<()> {
    let ids = frame::texts(batch, "ticket_id")?;
    let paused = frame::micros(batch, "paused_at")?;
    let resumed = frame::micros(batch, "resumed_at")?;
    let reasons = frame::texts(batch, "reason")?;
    rows.extend((0..batch.height()).map(|row| Row {
        // Every pause has a ticket and a beginning: the readers demand them.
        ticket: key(ids[row].unwrap_or_default()),
        paused: paused[row].unwrap_or_default(),
        resumed: resumed[row].filter(|resumed| *resumed <= context.moment.as_of),
        clocks: stopped(context.plan, reasons[row]),
        used: true,
    }));
    Ok(())
}

/// The moments of the tickets that pauses name.
fn known(rows: &[Row], tickets: &[DataFrame]) -> PolarsResult<HashMap<u128, Moments>> {
    let named: HashSet<u128> = rows.iter().map(|row| row.ticket).collect();
    let of_batch = |batch: &DataFrame| {
        let found = frame::texts(batch, "ticket_id")?.into_iter().zip(clocks::moments(batch)?);
        let found = found.filter_map(|(id, moments)| Some((key(id?), moments)));
        Ok(found.filter(|(ticket, _)| named.contains(ticket)).collect::<Vec<_>>())
    };
    let found: Vec<PolarsResult<Vec<(u128, Moments)>>> = tickets.par_iter().with_max_len(1).map(of_batch).collect();
    let mut known = HashMap::with_capacity(named.len());
    for moments in found {
        known.extend(moments?);
    }
    Ok(known)
}

/// The places of the rows by ticket and beginning, and for each row the latest end among the earlier pauses of its ticket.
fn sorted(rows: &[Row], known: &HashMap<u128, Moments>, as_of: Wall) -> (Vec<usize>, Vec<Option<Wall>>) {
    let end = |row: &Row| row.end(known.get(&row.ticket), as_of);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_cached_key(|place| {
        let row = &rows[*place];
        (row.ticket, row.paused, end(row))
    });
    let mut earlier = vec![None; rows.len()];
    for ticket in order.chunk_by(|a, b| rows[*a].ticket == rows[*b].ticket) {
        let mut latest = None;
        for place in ticket {
            earlier[*place] = latest;
            latest = latest.max(Some(end(&rows[*place])));
        }
    }
    (order, earlier)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AS_OF: Wall = 100;

    fn row(ticket: u128, paused: Wall, resumed: Option<Wall>) -> Row {
        Row { ticket, paused, resumed, clocks: [false, false, true, false, false], used: true }
    }

    fn ticket(requested: Wall, resolved: Option<Wall>) -> Moments {
        Moments { requested, resolved, ..Moments::default() }
    }

    #[test]
    fn only_what_lies_within_the_ticket_counts() {
        let (open, done) = (ticket(10, None), ticket(10, Some(50)));
        let lost = Moments { requested: 10, resolved: Some(5), ..Moments::default() };
        for (ticket, paused, resumed, part) in [
            (open, 20, Some(30), Some((20, 30))),
            (open, 20, None, Some((20, AS_OF))),
            (open, 5, Some(15), Some((10, 15))),
            (open, 5, Some(10), None),
            (open, 30, Some(20), None),
            (done, 20, None, Some((20, 50))),
            (done, 40, Some(60), Some((40, 50))),
            (done, 60, Some(70), None),
            (done, 60, None, None),
            (Moments { closed: Some(60), ..open }, 20, None, Some((20, 60))),
            (Moments { closed: Some(60), ..done }, 20, None, Some((20, 50))),
            (lost, 20, Some(30), Some((20, 30))),
        ] {
            let stop = row(1, paused, resumed).within(&ticket, AS_OF);
            assert_eq!(stop.map(|s| (s.begin, s.end)), part, "{paused} {resumed:?} {ticket:?}");
        }
        let idle = Row { clocks: [false; 5], ..row(1, 20, Some(30)) };
        assert_eq!(idle.within(&open, AS_OF), None);
    }

    #[test]
    fn earlier_pauses_are_those_of_the_ticket() {
        let known = HashMap::from([(1, ticket(0, Some(90))), (2, ticket(0, None))]);
        let rows =
            [row(1, 30, Some(40)), row(2, 20, None), row(1, 10, Some(60)), row(2, 50, Some(60)), row(1, 70, None)];
        let (order, earlier) = sorted(&rows, &known, AS_OF);
        assert_eq!(order, [2, 0, 4, 1, 3]);
        assert_eq!(earlier, [Some(60), None, None, Some(AS_OF), Some(60)]);
    }

    #[test]
    fn pauses_are_found_by_ticket_and_clock() {
        let (a, b) = (key("a"), key("b"));
        let known = HashMap::from([(a, ticket(0, None)), (b, ticket(0, None))]);
        let start = Row { clocks: [false, true, false, false, false], ..row(a, 30, Some(50)) };
        let rows = [row(a, 10, Some(20)), start, row(b, 5, None), row(7, 5, None)];
        let mut pauses = Pauses::default();
        pauses.add(rows.iter(), &known, AS_OF);
        assert_eq!((pauses.used, pauses.stops.len()), (4, 3));
        let still = |id, clock, until| standing_still(pauses.of(id), clock, until);
        assert_eq!(still("a", 2, AS_OF), Stretches::new([(10, 20)]));
        assert_eq!(still("a", 1, 40), Stretches::new([(30, 40)]));
        assert_eq!(still("a", 1, 30), Stretches::default());
        assert_eq!(still("a", 0, AS_OF), Stretches::default());
        assert_eq!(still("b", 2, AS_OF), Stretches::new([(5, AS_OF)]));
        assert!(pauses.of("c").is_empty());
    }
}
