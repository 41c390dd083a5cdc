//! `all_equal`: all answers are the same, in `equal_dimensions` dimensions at least. Contented customers often answer so.

use super::{Flag, Surveys};
use crate::plan::Integrity;

pub static FLAG: Flag = Flag { name: "all_equal", find };

fn find(surveys: &Surveys, thresholds: &Integrity) -> Vec<bool> {
    let equal = |survey: usize| {
        let mut given = surveys.scores(survey).iter().flatten();
        let Some(first) = given.next() else { return false };
        let mut alike = 1;
        for score in given {
            if score != first {
                return false;
            }
            alike += 1;
        }
        alike >= thresholds.equal_dimensions
    };
    (0..surveys.len()).map(equal).collect()
}
