//! How many tickets each day has.

use chrono::NaiveDate;

use crate::generate::calendar::{day, month_end};
use crate::generate::rng::Rng;
use crate::generate::tickets::{A_MONTH, weight_of_day};

/// A day of January to September 2026, and how many tickets come in by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub tickets: u64,
}

/// Shares tickets out among the days, as the months of the fixtures and the days of the week have them, a little uneven.
pub fn days(tickets: u64, rng: &mut Rng) -> Vec<Day> {
    let mut weighed: Vec<(NaiveDate, f64)> = Vec::new();
    for (month, of_month) in (1..).zip(A_MONTH) {
        let last = month_end(month).date();
        let days: Vec<NaiveDate> = day(month, 1).iter_days().take_while(|d| *d <= last).collect();
        let weights: Vec<f64> = days.iter().map(|d| weight_of_day(*d) * (0.94 + 0.12 * rng.unit())).collect();
        let all: f64 = weights.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "about a thousand")]
        let share = of_month as f64 / all;
        weighed.extend(days.into_iter().zip(weights.into_iter().map(|w| w * share)));
    }
    let all: f64 = weighed.iter().map(|(_, weight)| weight).sum();
    let (mut so_far, mut given) = (0.0, 0);
    let last = weighed.len() - 1;
    let share = |(place, (date, weight)): (usize, (NaiveDate, f64))| {
        so_far += weight;
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of at most a billion"
        )]
        let until =
            if place == last { tickets } else { ((tickets as f64 * so_far / all) as u64).clamp(given, tickets) };
        let day = Day { date, tickets: until - given };
        given = until;
        day
    };
    weighed.into_iter().enumerate().map(share).collect()
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;

    #[test]
    fn every_ticket_has_its_day() {
        for tickets in [1, 272, 273, 20_000, 999_999_999] {
            let all = days(tickets, &mut Rng::new(1));
            assert_eq!(all.len(), 273);
            assert_eq!(all.iter().map(|day| day.tickets).sum::<u64>(), tickets);
        }
    }

    #[test]
    fn months_have_the_shares_of_the_fixtures() {
        let all = days(8_970_000, &mut Rng::new(2));
        let july: u64 = all.iter().filter(|day| day.date.month() == 7).map(|day| day.tickets).sum();
        assert!(july.abs_diff(1_050_000) < 2, "{july}");
        assert!(all[45].tickets * 3 < all[42].tickets, "15 February is a holiday");
    }
}
