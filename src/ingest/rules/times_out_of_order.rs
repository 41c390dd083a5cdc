//! A moment lies before one that must come first.

use super::{Check, Ticket, shown};
use crate::schema::rules::TIMES_OUT_OF_ORDER;

pub fn check<'a>() -> Check<Ticket<'a>> {
    Check {
        rule: &TIMES_OUT_OF_ORDER,
        broken: |ticket| ticket.moments.contradictions().any(|pair| !pair.is_lost_time()),
        message: |ticket| {
            let pair = ticket.moments.contradictions().find(|pair| !pair.is_lost_time());
            pair.map_or_else(String::new, |pair| {
                let ((first, earlier), (second, later)) = (pair.earlier, pair.later);
                format!("`{second}` {} lies before `{first}` {}", shown(later), shown(earlier))
            })
        },
    }
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
    }
}
