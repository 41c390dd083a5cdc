//! The service was requested before its staff was hired.

use super::{Check, Ticket, shown};
use crate::schema::rules::SERVICE_BEFORE_HIRED;
use crate::time::date_time;

pub fn check<'a>() -> Check<Ticket<'a>> {
    Check {
        rule: &SERVICE_BEFORE_HIRED,
        broken: |ticket| {
            let day = date_time(ticket.moments.requested).map(|t| t.date());
            matches!((ticket.staff.hired_on, day), (Some(hired), Some(day)) if day < hired)
        },
        message: |ticket| {
            let hired = ticket.staff.hired_on.map_or_else(String::new, |d| d.to_string());
            let (staff, requested) = (ticket.staff.id.unwrap_or_default(), shown(ticket.moments.requested));
            format!("requested {requested}, and {staff:?} was hired on {hired}")
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use super::super::{Moments, Named, Ticket};

    #[test]
    fn the_first_day_of_work_is_fine() {
        let broken = |requested: &str| {
            let staff = Named { id: Some("E07"), known: true, hired_on: chrono::NaiveDate::from_ymd_opt(2026, 7, 2) };
            let moments = Moments { requested: at(requested), ..Moments::default() };
            (super::check().broken)(&Ticket { moments, staff, ..Ticket::default() })
        };
        assert!(broken("2026-07-01 23:59"));
        assert!(!broken("2026-07-02 00:00"));
    }
}
