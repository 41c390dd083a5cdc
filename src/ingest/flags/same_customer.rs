//! `same_customer`: one of `same_customer` surveys at least by one customer in the period, or from one phone; without a customer
//! number, by one name and phone.

use std::collections::HashMap;

use super::{Flag, Surveys};
use crate::plan::Integrity;

pub static FLAG: Flag = Flag { name: "same_customer", find };

fn find(surveys: &Surveys, thresholds: &Integrity) -> Vec<bool> {
    let many = [&surveys.customer, &surveys.phone].map(|who| many(who, surveys, thresholds.same_customer));
    (0..surveys.len()).map(|survey| many.iter().any(|flagged| flagged[survey])).collect()
}

/// Which surveys of customers are among many of the same.
fn many(who: &[Option<u64>], surveys: &Surveys, threshold: i64) -> Vec<bool> {
    let own = |survey: usize| who[survey].filter(|_| surveys.by_customer[survey]);
    let mut counts: HashMap<u64, i64> = HashMap::new();
    for one in (0..surveys.len()).filter_map(own) {
        *counts.entry(one).or_default() += 1;
    }
    let many = |one: u64| counts.get(&one).is_some_and(|count| *count >= threshold);
    (0..surveys.len()).map(|survey| own(survey).is_some_and(many)).collect()
}
