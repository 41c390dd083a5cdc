//! The survey was answered long after the service had ended.

use super::{Check, Moments, Survey, shown};
use crate::schema::rules::SURVEY_LATE;
use crate::time::{MICROS, Wall};

/// When the service ended, if it did.
fn end(ticket: &Moments) -> Option<Wall> {
    ticket.resolved.or(ticket.closed)
}

pub fn check<'a>() -> Check<Survey<'a>> {
    Check {
        rule: &SURVEY_LATE,
        broken: |survey| {
            let ended = survey.ticket.as_ref().and_then(end);
            ended.is_some_and(|ended| survey.answered - ended > survey.within * MICROS)
        },
        message: |survey| {
            let ended = survey.ticket.as_ref().and_then(end).map_or_else(String::new, shown);
            format!("answered {}, and the service ended {ended}", shown(survey.answered))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use super::super::{Moments, Survey};

    #[test]
    fn a_day_after_the_end_is_in_time() {
        let broken = |answered: &str, resolved: Option<&str>| {
            let ticket = Moments { resolved: resolved.map(at), ..Moments::default() };
            let survey = Survey { answered: at(answered), ticket: Some(ticket), within: 86_400, ..Survey::default() };
            (super::check().broken)(&survey)
        };
        assert!(!broken("2026-07-02 09:00", Some("2026-07-01 09:00")));
        assert!(broken("2026-07-02 09:01", Some("2026-07-01 09:00")));
        assert!(!broken("2026-07-09 09:01", None));
    }
}
