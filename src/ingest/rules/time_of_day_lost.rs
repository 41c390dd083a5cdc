//! Only the date of a moment was kept, so that it lies before one that must come first.

use super::{Check, Ticket, shown};
use crate::schema::rules::TIME_OF_DAY_LOST;

pub fn check<'a>() -> Check<Ticket<'a>> {
    Check {
        rule: &TIME_OF_DAY_LOST,
        broken: |ticket| ticket.moments.contradictions().any(|pair| pair.is_lost_time()),
        message: |ticket| {
            let pair = ticket.moments.contradictions().find(super::Pair::is_lost_time);
            pair.map_or_else(String::new, |pair| {
                let ((first, earlier), (second, later)) = (pair.earlier, pair.later);
                format!("`{second}` is {}, the midnight before `{first}` {}", shown(later), shown(earlier))
            })
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use super::super::{Moments, Ticket};

    #[test]
    fn midnight_of_the_same_day_is_a_date_alone() {
        let broken = |response: &str| {
            let moments =
                Moments { requested: at("2026-07-02 09:00"), first_response: Some(at(response)), ..Moments::default() };
            (super::check().broken)(&Ticket { moments, ..Ticket::default() })
        };
        assert!(broken("2026-07-02 00:00"));
        assert!(!broken("2026-07-01 00:00"));
        assert!(!broken("2026-07-02 08:00"));
        assert!(!broken("2026-07-03 00:00"));
    }
}
