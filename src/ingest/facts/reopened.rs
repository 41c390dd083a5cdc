//! Tickets that were reopened: which resolution holds, and when the ticket was closed in between.

use crate::ingest::rules::Moments;
use crate::time::Wall;

/// Sets the moments of a ticket straight that was resolved, and perhaps reopened and resolved again.
///
/// Afterwards `resolved` is the resolution that still holds, none while the ticket is open again; `first_resolved` the
/// first one, as far as it is known; a closing that a reopening undid is gone. `flagged` says that the ticket was
/// reopened, which may be all that the dump tells of it.
pub fn settle(ticket: &mut Moments, flagged: bool) {
    let (first, last, reopened) = (ticket.first_resolved, ticket.resolved, ticket.reopened);
    match reopened {
        None => {
            ticket.resolved = last.or(first);
            ticket.first_resolved = first.or(last.filter(|_| !flagged));
        }
        Some(reopened) => {
            let again = last.filter(|last| *last >= reopened);
            // What was resolved before the reopening is the first resolution, where the dump does not name it itself.
            ticket.first_resolved = first.or(last.filter(|last| *last < reopened));
            ticket.resolved = again;
            ticket.closed = ticket.closed.filter(|closed| *closed >= reopened);
        }
    }
}

/// The time that the ticket spent closed before it was reopened, as far as it is known: from the last resolution before
/// the reopening on. Without a resolution before it nobody knows when it was closed.
pub fn spent_closed(ticket: &Moments) -> Option<(Wall, Wall)> {
    let reopened = ticket.reopened?;
    let before = [ticket.first_resolved, ticket.resolved].into_iter().flatten().filter(|at| *at <= reopened).max()?;
    (before < reopened).then_some((before, reopened))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// first resolved, reopened, resolved, closed → first resolved, resolved, closed.
    #[test]
    fn the_resolution_that_holds() {
        type Times = [Option<Wall>; 3];
        let cases: [([Option<Wall>; 4], Times); 9] = [
            ([None, None, None, None], [None, None, None]),
            ([None, None, Some(9), Some(10)], [Some(9), Some(9), Some(10)]),
            ([Some(5), None, None, None], [Some(5), Some(5), None]),
            ([Some(5), Some(7), Some(9), Some(10)], [Some(5), Some(9), Some(10)]),
            ([Some(5), Some(7), None, Some(6)], [Some(5), None, None]),
            // Reopened after the only resolution that is named.
            ([None, Some(7), Some(5), Some(6)], [Some(5), None, None]),
            // Reopened a second time.
            ([Some(5), Some(9), Some(8), None], [Some(5), None, None]),
            ([None, Some(7), Some(9), None], [None, Some(9), None]),
            ([None, Some(7), None, None], [None, None, None]),
        ];
        for ([first_resolved, reopened, resolved, closed], expected) in cases {
            let mut ticket = Moments { first_resolved, reopened, resolved, closed, ..Moments::default() };
            settle(&mut ticket, false);
            let found = [ticket.first_resolved, ticket.resolved, ticket.closed];
            assert_eq!(found, expected, "{first_resolved:?} {reopened:?} {resolved:?} {closed:?}");
            let settled = ticket;
            settle(&mut ticket, false);
            assert_eq!((ticket.first_resolved, ticket.resolved), (settled.first_resolved, settled.resolved));
        }
    }

    #[test]
    fn a_flag_alone_hides_the_first_resolution() {
        let mut ticket = Moments { resolved: Some(9), ..Moments::default() };
        settle(&mut ticket, true);
        assert_eq!((ticket.first_resolved, ticket.resolved), (None, Some(9)));
    }

    #[test]
    fn time_spent_closed() {
        for (first_resolved, resolved, reopened, closed) in [
            (Some(5), Some(9), Some(7), Some((5, 7))),
            (Some(5), None, Some(7), Some((5, 7))),
            (None, Some(9), Some(7), None),
            (Some(5), Some(9), None, None),
            (Some(8), Some(9), Some(7), None),
            (Some(7), Some(9), Some(7), None),
        ] {
            let ticket = Moments { first_resolved, reopened, resolved, ..Moments::default() };
            assert_eq!(spent_closed(&ticket), closed, "{first_resolved:?} {resolved:?} {reopened:?}");
        }
    }
}
