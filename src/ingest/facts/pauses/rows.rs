//! Pauses on their way: rows of the dumps with what their tickets say.

use std::collections::HashMap;

use polars::prelude::*;
use rayon::prelude::*;

use super::{Reasons, Stop, Stopped, ended};
use crate::ingest::Kept;
use crate::ingest::facts::{Context, frame, tickets};
use crate::ingest::keys::{self, Keys};
use crate::ingest::rules::Moments;
use crate::plan::{Plan, Stops};
use crate::schema::facts::TICKET;
use crate::time::Wall;

/// A row of the pauses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Row {
    /// Hash of the ticket's number.
    pub ticket: u128,
    pub paused: Wall,
    pub resumed: Option<Wall>,
    pub clocks: Stopped,
    /// The ticket was closed, not paused.
    pub closed: bool,
    /// Place among the reasons.
    pub reason: u32,
    /// A row of an event log that only tells of something else is none.
    pub is_pause: bool,
    pub used: bool,
}

impl Row {
    /// Its end; a pause that goes on ends with its ticket, or else at the moment.
    fn end(&self, ticket: Option<&Moments>, as_of: Wall) -> Wall {
        self.resumed.or_else(|| ticket.and_then(ended)).unwrap_or(as_of)
    }

    /// The part that lies within the ticket, if any clock stands still in it.
    pub fn within(&self, ticket: &Moments, as_of: Wall) -> Option<Stop> {
        let begin = self.paused.max(ticket.requested);
        let end = self.end(Some(ticket), as_of).min(ended(ticket).unwrap_or(as_of));
        let Self { clocks, closed, reason, .. } = *self;
        (begin < end && clocks != 0).then_some(Stop { begin, end, clocks, closed, reason })
    }
}

/// The clocks that a pause of this reason stops.
pub fn stopped(plan: &Plan, reason: Option<&str>) -> Stopped {
    let stops = |stops: &Stops| match stops {
        Stops::All => true,
        Stops::Reasons(reasons) => reason.is_some_and(|reason| reasons.iter().any(|r| r == reason)),
    };
    let clocks = plan.clocks_of(TICKET).take(64).zip(0..);
    clocks.filter(|(clock, _)| clock.stops.as_ref().is_some_and(stops)).fold(0, |set, (_, place)| set | 1 << place)
}

/// Reads pauses that name their own beginning and end.
pub fn read(batch: &DataFrame, context: &Context, known: &mut Reasons, rows: &mut Vec<Row>) -> PolarsResult<()> {
    let ids = frame::texts(batch, "ticket_id")?;
    let paused = frame::micros(batch, "paused_at")?;
    let resumed = frame::micros(batch, "resumed_at")?;
    let reasons = frame::texts(batch, "reason")?;
    rows.extend((0..batch.height()).map(|row| Row {
        // Every pause has a ticket and a beginning: the readers demand them.
        ticket: keys::of(ids[row].unwrap_or_default()),
        paused: paused[row].unwrap_or_default(),
        resumed: resumed[row].filter(|resumed| *resumed <= context.moment.as_of),
        clocks: stopped(context.plan, reasons[row]),
        closed: false,
        reason: known.place(reasons[row]),
        is_pause: true,
        used: true,
    }));
    Ok(())
}

/// The moments of the tickets that pauses name.
pub fn known(rows: &[Row], tickets: &[Kept], context: &Context) -> PolarsResult<HashMap<u128, Moments>> {
    let telling = tickets::telling(context);
    let named = Keys::new(rows.iter().map(|row| row.ticket).collect());
    let of_batch = |batch: &Kept| {
        let mask: Vec<bool> = batch.keys()?.into_iter().map(|key| named.place(key).is_some()).collect();
        if !mask.contains(&true) {
            return Ok(Vec::new());
        }
        let batch = batch.only(&telling)?.filter_seq(&BooleanChunked::from_slice(PlSmallStr::EMPTY, &mask))?;
        tickets::known(batch, context)
    };
    let found: Vec<PolarsResult<Vec<(u128, Moments)>>> = tickets.par_iter().with_max_len(1).map(of_batch).collect();
    let mut known = HashMap::with_capacity(named.len());
    for moments in found {
        known.extend(moments?);
    }
    Ok(known)
}

/// For each row the latest end among the earlier pauses of its ticket.
pub fn earlier(rows: &[Row], known: &HashMap<u128, Moments>, as_of: Wall) -> Vec<Option<Wall>> {
    let end = |row: &Row| row.end(known.get(&row.ticket), as_of);
    let mut order: Vec<usize> = (0..rows.len()).filter(|place| rows[*place].is_pause).collect();
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
    earlier
}

#[cfg(test)]
mod tests {
    use super::*;

    const AS_OF: Wall = 100;

    fn row(ticket: u128, paused: Wall, resumed: Option<Wall>) -> Row {
        Row { ticket, paused, resumed, clocks: 0b100, closed: false, reason: 0, is_pause: true, used: true }
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
        let idle = Row { clocks: 0, ..row(1, 20, Some(30)) };
        assert_eq!(idle.within(&open, AS_OF), None);
    }

    #[test]
    fn earlier_pauses_are_those_of_the_ticket() {
        let known = HashMap::from([(1, ticket(0, Some(90))), (2, ticket(0, None))]);
        let event = Row { is_pause: false, ..row(1, 5, Some(80)) };
        let rows = [
            row(1, 30, Some(40)),
            row(2, 20, None),
            row(1, 10, Some(60)),
            row(2, 50, Some(60)),
            row(1, 70, None),
            event,
        ];
        assert_eq!(earlier(&rows, &known, AS_OF), [Some(60), None, None, Some(AS_OF), Some(60), None]);
    }
}
