//! How much of everything there is.

/// What dumps are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Distinct tickets.
    pub tickets: u64,
    /// Other seeds give other dumps with the same facts.
    pub seed: u64,
    /// Staff who work on the tickets; none: as many as so many tickets need.
    pub staff: Option<u64>,
    /// Customers who could ask; none: two for every five tickets.
    pub customers: Option<u64>,
    /// Product models; none: [`MODELS`].
    pub models: Option<u64>,
}

/// The most tickets: more would fill any disk.
pub const MOST_TICKETS: u64 = 1_000_000_000;
/// Two to a branch, and no more than a large country's service has.
pub const STAFF: std::ops::RangeInclusive<u64> = 20..=1_000_000;
/// The most customers.
pub const MOST_CUSTOMERS: u64 = 1_000_000_000;
/// Those of the fixtures at least.
pub const MODELS_BETWEEN: std::ops::RangeInclusive<u64> = 8..=10_000;
/// Models where nothing else is asked.
pub const MODELS: u64 = 32;

/// The sizes that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    pub tickets: u64,
    pub seed: u64,
    pub staff: u64,
    pub customers: u64,
    pub models: u64,
}

impl Scale {
    /// What was asked for, and the usual sizes of the rest.
    pub fn sizes(&self) -> Sizes {
        let tickets = self.tickets.clamp(1, MOST_TICKETS);
        let staff = self.staff.unwrap_or_else(|| (tickets / 5_000).next_multiple_of(10).max(40));
        Sizes {
            tickets,
            seed: self.seed,
            staff: staff.clamp(*STAFF.start(), *STAFF.end()),
            customers: self.customers.unwrap_or((tickets * 2 / 5).max(100)).clamp(1, MOST_CUSTOMERS),
            models: self.models.unwrap_or(MODELS).clamp(*MODELS_BETWEEN.start(), *MODELS_BETWEEN.end()),
        }
    }
}

/// The digits of the numbers below this one.
pub const fn width(numbers: u64) -> usize {
    let last = numbers.saturating_sub(1);
    1 + match last.checked_ilog10() {
        Some(tens) => tens as usize,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_the_number_of_tickets() {
        let sizes = |tickets| {
            let sizes = Scale { tickets, seed: 1, staff: None, customers: None, models: None }.sizes();
            (sizes.staff, sizes.customers, sizes.models)
        };
        assert_eq!(sizes(1), (40, 100, 32));
        assert_eq!(sizes(20_000), (40, 8_000, 32));
        assert_eq!(sizes(10_000_000), (2_000, 4_000_000, 32));
    }

    #[test]
    fn numbers_have_room() {
        for (numbers, digits) in [(0, 1), (10, 1), (11, 2), (1000, 3), (1001, 4)] {
            assert_eq!(width(numbers), digits, "{numbers}");
        }
    }
}
