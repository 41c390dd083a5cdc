//! The survey was answered before there was a service to judge.

use super::{Check, Moments, Survey, shown};
use crate::schema::rules::SURVEY_BEFORE_SERVICE;
use crate::time::Wall;

/// When the work began; the request where nobody noted that. A date without time of day begins with its day.
fn begin(ticket: &Moments) -> Wall {
    ticket.started.filter(|started| *started >= ticket.requested).unwrap_or(ticket.requested)
}

pub fn check<'a>() -> Check<Survey<'a>> {
    Check {
        rule: &SURVEY_BEFORE_SERVICE,
        broken: |survey| survey.ticket.is_some_and(|ticket| survey.answered < begin(&ticket)),
        message: |survey| {
            let began = survey.ticket.map_or_else(String::new, |ticket| shown(begin(&ticket)));
            format!("answered {}, and the service began {began}", shown(survey.answered))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use super::super::{Moments, Survey};

    #[test]
    fn work_begins_the_service_or_else_the_request() {
        let broken = |answered: &str, started: Option<&str>| {
            let ticket = Moments { requested: at("2026-07-01 09:00"), started: started.map(at), ..Moments::default() };
            (super::check().broken)(&Survey { answered: at(answered), ticket: Some(ticket), ..Survey::default() })
        };
        assert!(broken("2026-07-01 10:00", Some("2026-07-01 11:00")));
        assert!(!broken("2026-07-01 10:00", None));
        assert!(broken("2026-07-01 08:59", None));
        // A beginning before the request tells nothing.
        assert!(!broken("2026-07-01 10:00", Some("2026-06-30 11:00")));
    }
}
