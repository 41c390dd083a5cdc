//! Answered before anybody could judge.

use super::{Flag, Surveys};
use crate::plan::Integrity;
use crate::schema::Label;
use crate::time::MICROS;

pub static FLAG: Flag = Flag {
    name: "at_once",
    label: Label { zh: "服务未结束即评价", en: "At once" },
    doc: "Answered before the service ended, or within `at_once` after it.",
    find,
};

fn find(surveys: &Surveys, thresholds: &Integrity) -> Vec<bool> {
    let soon = |(answered, ended): (&i64, &Option<i64>)| {
        ended.is_some_and(|ended| *answered <= ended.saturating_add(thresholds.at_once.saturating_mul(MICROS)))
    };
    surveys.answered.iter().zip(&surveys.ended).map(soon).collect()
}
