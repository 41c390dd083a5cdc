//! What an event log tells of the resolutions of a ticket: it may know of more than the one in the ticket's own row.

use std::collections::HashMap;

use super::rows::Row;
use crate::ingest::facts::reopened;
use crate::ingest::rules::Moments;
use crate::time::Wall;

/// The resolutions and reopenings of one ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    first: Wall,
    /// The last reopening.
    reopened: Option<Wall>,
    /// The resolution that nothing has followed.
    holds: Option<Wall>,
}

impl History {
    /// Adds what the log tells to what the ticket's row does. A resolution that the row names and that was not undone
    /// stays as it is.
    pub fn complete(&self, ticket: &mut Moments) {
        ticket.reopened = ticket.reopened.max(self.reopened);
        if ticket.reopened.is_none() && ticket.resolved.is_some() {
            // Resolved once: the hour is that of the row.
            reopened::settle(ticket, false);
            return;
        }
        ticket.first_resolved = ticket.first_resolved.map_or(Some(self.first), |own| Some(own.min(self.first)));
        let stays = ticket.resolved.is_some_and(|own| ticket.reopened.is_none_or(|reopened| own >= reopened));
        if !stays && self.holds.is_some() {
            ticket.resolved = self.holds;
        }
        reopened::settle(ticket, false);
    }
}

/// The histories that say more than the tickets' own rows; `known` are the moments of those, which are completed.
pub fn histories(rows: &[Row], known: &mut HashMap<u128, Moments>) -> HashMap<u128, History> {
    let mut all: HashMap<u128, History> = HashMap::new();
    for row in rows.iter().filter(|row| row.closed) {
        let fresh = History { first: row.paused, reopened: None, holds: None };
        let history = all.entry(row.ticket).or_insert(fresh);
        history.first = history.first.min(row.paused);
        match row.resumed {
            Some(resumed) => history.reopened = history.reopened.max(Some(resumed)),
            // Resolved and then closed: the former is when it was done.
            None => history.holds = Some(history.holds.map_or(row.paused, |holds| holds.min(row.paused))),
        }
    }
    all.retain(|ticket, history| {
        let Some(moments) = known.get_mut(ticket) else { return false };
        let own = (moments.resolved, moments.closed);
        let first = moments.first_resolved.or(moments.resolved);
        history.complete(moments);
        history.reopened.is_some() || own != (moments.resolved, moments.closed) || first != moments.first_resolved
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spans of the log, the row's resolution → first resolved, reopened, resolved.
    #[test]
    fn the_log_completes_the_row() {
        type Span = (Wall, Option<Wall>);
        type Told = (Option<Wall>, Option<Wall>, Option<Wall>);
        let cases: [(&[Span], Option<Wall>, Told); 8] = [
            // The row knows as much.
            (&[(5, None)], Some(5), (Some(5), None, Some(5))),
            // The row has no resolution, or one that lies after the moment of the review.
            (&[(5, None), (6, None)], None, (Some(5), None, Some(5))),
            (&[(5, Some(9)), (20, None)], Some(20), (Some(5), Some(9), Some(20))),
            (&[(5, Some(9)), (20, None)], None, (Some(5), Some(9), Some(20))),
            // Reopened after the resolution that the row names.
            (&[(5, Some(9))], Some(5), (Some(5), Some(9), None)),
            (&[(5, Some(9)), (20, None)], Some(5), (Some(5), Some(9), Some(20))),
            // The row names another hour than the log.
            (&[(6, None)], Some(5), (Some(5), None, Some(5))),
            (&[(4, None)], Some(5), (Some(5), None, Some(5))),
        ];
        for (spans, resolved, expected) in cases {
            let row = |(paused, resumed): &Span| Row {
                ticket: 1,
                paused: *paused,
                resumed: *resumed,
                closed: true,
                ..Row::default()
            };
            let rows: Vec<Row> = spans.iter().map(row).collect();
            let own = Moments { resolved, first_resolved: resolved, ..Moments::default() };
            let mut known = HashMap::from([(1, own)]);
            let histories = histories(&rows, &mut known);
            let found = known[&1];
            assert_eq!((found.first_resolved, found.reopened, found.resolved), expected, "{spans:?} {resolved:?}");
            let mut again = own;
            if let Some(history) = histories.get(&1) {
                history.complete(&mut again);
            }
            assert_eq!((again.reopened, again.resolved), (expected.1, expected.2), "{spans:?} {resolved:?}");
        }
    }
}
