//! The survey names a ticket that is not among the tickets used.

use super::{Check, Survey};
use crate::schema::rules::SURVEY_WITHOUT_TICKET;

pub fn check<'a>() -> Check<Survey<'a>> {
    Check {
        rule: &SURVEY_WITHOUT_TICKET,
        broken: |survey| survey.ticket_id.is_some() && survey.ticket.is_none(),
        message: |survey| format!("{:?} is not among the tickets used", survey.ticket_id.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Moments, Survey};

    #[test]
    fn a_survey_about_staff_needs_no_ticket() {
        let broken = |ticket_id, ticket| (super::check().broken)(&Survey { ticket_id, ticket, ..Survey::default() });
        assert!(broken(Some("SR1"), None));
        assert!(!broken(Some("SR1"), Some(Moments::default())));
        assert!(!broken(None, None));
    }
}
