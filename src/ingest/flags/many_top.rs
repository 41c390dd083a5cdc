//! `many_top`: one of `many_top` surveys at least with nothing but top marks for one member of staff within `many_top_within`; not
//! where only the day of the answer is known.

use super::{Flag, Surveys};
use crate::plan::Integrity;
use crate::time::MICROS;

pub static FLAG: Flag = Flag { name: "many_top", find };

fn find(surveys: &Surveys, thresholds: &Integrity) -> Vec<bool> {
    let top = (0..surveys.len()).filter(|survey| surveys.is_top(*survey));
    let mut top: Vec<(u64, i64, usize)> =
        top.filter_map(|survey| Some((surveys.staff[survey]?, surveys.moment(survey)?, survey))).collect();
    top.sort_unstable();
    let within = thresholds.many_top_within.saturating_mul(MICROS);
    let mut flagged = vec![false; surveys.len()];
    for of_one in top.chunk_by(|a, b| a.0 == b.0) {
        let (mut first, mut told) = (0, 0);
        for (last, (_, answered, _)) in of_one.iter().enumerate() {
            while of_one[first].1 < answered.saturating_sub(within) {
                first += 1;
            }
            if i64::try_from(last - first + 1).is_ok_and(|many| many >= thresholds.many_top) {
                for (_, _, survey) in &of_one[first.max(told)..=last] {
                    flagged[*survey] = true;
                }
                told = last + 1;
            }
        }
    }
    flagged
}
