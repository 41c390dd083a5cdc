//! A pause has no end although its ticket was resolved.

use super::{Check, Pause, shown};
use crate::schema::rules::PAUSE_OPEN;

pub fn check<'a>() -> Check<Pause<'a>> {
    Check {
        rule: &PAUSE_OPEN,
        broken: |pause| {
            pause.is_pause && pause.resumed.is_none() && pause.ticket.is_some_and(|ticket| ticket.resolved.is_some())
        },
        message: |pause| format!("paused {} and never resumed", shown(pause.paused)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Moments, Pause};

    #[test]
    fn an_open_ticket_may_be_paused() {
        let broken = |resolved, resumed| {
            let ticket = Some(Moments { resolved, ..Moments::default() });
            (super::check().broken)(&Pause { resumed, ticket, is_pause: true, ..Pause::default() })
        };
        assert!(broken(Some(9), None));
        assert!(!broken(Some(9), Some(5)));
        assert!(!broken(None, None));
    }
}
