//! `at_once`: answered before the service ended, or within `at_once` after it; not where only the day of the answer is known.

use super::{Flag, Surveys};
use crate::plan::Integrity;
use crate::time::MICROS;

pub static FLAG: Flag = Flag { name: "at_once", find };

fn find(surveys: &Surveys, thresholds: &Integrity) -> Vec<bool> {
    let soon = |survey: usize| {
        let both = surveys.moment(survey).zip(surveys.ended[survey]);
        both.is_some_and(|(at, ended)| at <= ended.saturating_add(thresholds.at_once.saturating_mul(MICROS)))
    };
    (0..surveys.len()).map(soon).collect()
}
