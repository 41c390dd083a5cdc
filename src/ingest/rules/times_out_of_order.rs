//! A moment lies before one that must come first.

use super::{Check, Pair, Ticket, shown};
use crate::schema::rules::TIMES_OUT_OF_ORDER;

pub fn check<'a>() -> Check<Ticket<'a>> {
    Check {
        rule: &TIMES_OUT_OF_ORDER,
        broken: |ticket| pair(ticket).is_some(),
        message: |ticket| {
            pair(ticket).map_or_else(String::new, |pair| {
                let ((first, earlier), (second, later)) = (pair.earlier, pair.later);
                format!("`{second}` {} lies before `{first}` {}", shown(later), shown(earlier))
            })
        },
    }
}

/// The moments in the wrong order. A ticket may have been reopened after its last resolution, unless it is done.
fn pair(ticket: &Ticket) -> Option<Pair> {
    let moments = &ticket.moments;
    let done = || {
        let (reopened, resolved) = (moments.reopened?, moments.resolved.max(moments.first_resolved)?);
        let pair = Pair { earlier: ("reopened_at", reopened), later: ("resolved_at", resolved) };
        (ticket.ended && resolved < reopened).then_some(pair)
    };
    moments.contradictions().find(|pair| !pair.is_lost_time()).or_else(done)
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use super::super::{Moments, Ticket};

    #[test]
    fn the_pair_is_named() {
        let requested = at("2026-07-01 09:00");
        let moments = |resolved: &str| Moments { requested, resolved: Some(at(resolved)), ..Moments::default() };
        let check = super::check();
        let early = Ticket { moments: moments("2026-07-01 08:30"), ..Ticket::default() };
        assert!((check.broken)(&early));
        let message = "`resolved_at` 2026-07-01 08:30 lies before `requested_at` 2026-07-01 09:00";
        assert_eq!((check.message)(&early), message);
        for fine in ["2026-07-01 09:00", "2026-07-01 00:00"] {
            assert!(!(check.broken)(&Ticket { moments: moments(fine), ..Ticket::default() }), "{fine}");
        }
        let reopened = Moments { reopened: Some(at("2026-07-03 09:00")), ..moments("2026-07-02 09:00") };
        for ended in [false, true] {
            assert_eq!((check.broken)(&Ticket { moments: reopened, ended, ..Ticket::default() }), ended);
        }
    }
}
