//! A pause lies outside its ticket, or has none.

use super::{Check, Pause, shown};
use crate::schema::rules::PAUSE_OUTSIDE_TICKET;

pub fn check<'a>() -> Check<Pause<'a>> {
    Check {
        rule: &PAUSE_OUTSIDE_TICKET,
        broken: |pause| pause.is_pause && reason(pause).is_some(),
        message: |p| reason(p).unwrap_or_default(),
    }
}

fn reason(pause: &Pause) -> Option<String> {
    let Some(ticket) = pause.ticket else {
        return Some(format!("{:?} is not among the tickets used", pause.ticket_id.unwrap_or_default()));
    };
    let paused = shown(pause.paused);
    if pause.resumed.is_some_and(|resumed| resumed < pause.paused) {
        let resumed = pause.resumed.map(shown).unwrap_or_default();
        return Some(format!("resumed {resumed}, before it was paused {paused}"));
    }
    if pause.paused < ticket.requested {
        return Some(format!("paused {paused}, before the request {}", shown(ticket.requested)));
    }
    let resolved = ticket.resolved?;
    let last = pause.resumed.unwrap_or(pause.paused);
    (last > resolved).then(|| format!("lasts until {}, after the ticket was resolved {}", shown(last), shown(resolved)))
}

#[cfg(test)]
mod tests {
    use super::super::{Moments, Pause};

    #[test]
    fn within_the_ticket_is_fine() {
        let ticket = Some(Moments { requested: 10, resolved: Some(50), ..Moments::default() });
        let broken = |paused, resumed, ticket| {
            (super::check().broken)(&Pause { paused, resumed, ticket, is_pause: true, ..Pause::default() })
        };
        assert!(!broken(10, Some(50), ticket));
        assert!(!broken(20, None, ticket));
        assert!(broken(9, Some(20), ticket));
        assert!(broken(20, Some(51), ticket));
        assert!(broken(60, None, ticket));
        assert!(broken(30, Some(20), ticket));
        assert!(broken(30, Some(40), None));
    }
}
