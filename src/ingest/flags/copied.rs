//! `copied`: a supervisor or auditor gave the same marks as a customer of the same ticket, in all dimensions that both answered,
//! `equal_dimensions` at least.

use std::collections::HashMap;

use super::{Flag, Surveys};
use crate::plan::Integrity;

pub static FLAG: Flag = Flag { name: "copied", find };

fn find(surveys: &Surveys, thresholds: &Integrity) -> Vec<bool> {
    let mut customers: HashMap<u32, Vec<usize>> = HashMap::new();
    for survey in (0..surveys.len()).filter(|survey| surveys.by_customer[*survey]) {
        if let Some(ticket) = surveys.ticket[survey] {
            customers.entry(ticket).or_default().push(survey);
        }
    }
    let same = |one: usize, other: usize| {
        let both = surveys.scores(one).iter().zip(surveys.scores(other));
        let both = both.filter_map(|(one, other)| Some(((*one)?, (*other)?)));
        let (mut alike, mut all) = (0, 0);
        for (one, other) in both {
            all += 1;
            alike += i64::from(one == other);
        }
        alike == all && all >= thresholds.equal_dimensions
    };
    let copied = |survey: usize| {
        let beside = surveys.ticket[survey].filter(|_| !surveys.by_customer[survey]).and_then(|t| customers.get(&t));
        beside.is_some_and(|beside| beside.iter().any(|other| same(survey, *other)))
    };
    (0..surveys.len()).map(copied).collect()
}
