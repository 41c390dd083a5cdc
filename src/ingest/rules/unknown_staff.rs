//! The staff number is not on the roster.

use super::{Check, Named, Survey, Ticket};
use crate::schema::rules::UNKNOWN_STAFF;

const fn broken(staff: &Named) -> bool {
    staff.id.is_some() && !staff.known
}

fn message(staff: &Named) -> String {
    format!("{:?} is not on the roster", staff.id.unwrap_or_default())
}

pub fn of_tickets<'a>() -> Check<Ticket<'a>> {
    Check { rule: &UNKNOWN_STAFF, broken: |t| broken(&t.staff), message: |t| message(&t.staff) }
}

/// Only staff that the survey itself names: a ticket's unknown staff has been counted with the ticket.
pub fn of_surveys<'a>() -> Check<Survey<'a>> {
    Check { rule: &UNKNOWN_STAFF, broken: |s| broken(&s.staff), message: |s| message(&s.staff) }
}

#[cfg(test)]
mod tests {
    use super::super::{Named, Ticket};

    #[test]
    fn only_a_number_can_be_unknown() {
        let broken = |id, known| {
            let staff = Named { id, known, ..Named::default() };
            (super::of_tickets().broken)(&Ticket { staff, ..Ticket::default() })
        };
        assert!(broken(Some("E07"), false));
        assert!(!broken(Some("E07"), true));
        assert!(!broken(None, false));
    }
}
