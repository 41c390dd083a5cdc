//! `same_customer`: one of `same_customer` surveys at least by one customer in the period; without a customer number, by one name
//! and phone.

use std::collections::HashMap;

use super::{Flag, Surveys};
use crate::plan::Integrity;

pub static FLAG: Flag = Flag { name: "same_customer", find };

fn find(surveys: &Surveys, thresholds: &Integrity) -> Vec<bool> {
    let own = |survey: usize| surveys.customer[survey].filter(|_| surveys.by_customer[survey]);
    let mut counts: HashMap<u64, i64> = HashMap::new();
    for customer in (0..surveys.len()).filter_map(own) {
        *counts.entry(customer).or_default() += 1;
    }
    let many = |customer: u64| counts.get(&customer).is_some_and(|count| *count >= thresholds.same_customer);
    (0..surveys.len()).map(|survey| own(survey).is_some_and(many)).collect()
}
