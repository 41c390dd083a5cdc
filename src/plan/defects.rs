//! `[defects]`: when a defect counts as the same one again.

use super::near::did_you_mean;
use super::reader::{Item, Section};
use super::types::{Defects, LEVEL_PARTS, LEVEL_SIGN, Level, STRONGEST, Same, USUAL_LEVEL};

const REPEAT_WITHIN_DAYS: i64 = 30;

/// Moods as calls note them.
const EMOTIONS: [(&str, i32); 14] = [
    ("平静", 0),
    ("满意", 0),
    ("轻微不满", 1),
    ("不满", 2),
    ("明显不满", 2),
    ("非常不满", 3),
    ("激动", 3),
    ("愤怒", 3),
    ("calm", 0),
    ("slightly annoyed", 1),
    ("annoyed", 2),
    ("upset", 2),
    ("very annoyed", 3),
    ("angry", 3),
];

/// Further apart than this is a slip of the pen.
const MAX_DAYS: i64 = 3660;

pub fn read(mut section: Section) -> Defects {
    let defects = Defects {
        repeat_within_days: section
            .get("repeat_within_days")
            .and_then(|item| days(&item))
            .unwrap_or(REPEAT_WITHIN_DAYS),
        same: section
            .get("same")
            .and_then(|item| item.choice(&[("customer", Same::Customer), ("serial_number", Same::SerialNumber)]))
            .unwrap_or_default(),
        levels: section.get("levels").map_or_else(|| vec![USUAL_LEVEL.to_vec()], |item| levels(&item)),
        parts_reasons: section
            .get("parts_reasons")
            .and_then(|item| item.names())
            .map(|names| names.into_iter().map(|(name, _)| name.to_owned()).collect())
            .unwrap_or_default(),
        emotions: match section.get("emotions") {
            Some(item) => item.section("emotions").entries().iter().filter_map(emotion).collect(),
            None => EMOTIONS.into_iter().map(|(word, strength)| (word.to_owned(), strength)).collect(),
        },
    };
    section.finish();
    defects
}

/// Levels besides the usual one, which comes first.
fn levels(item: &Item) -> Vec<Level> {
    let mut levels = vec![USUAL_LEVEL.to_vec()];
    for (name, at) in item.texts().unwrap_or_default() {
        let mut level = Level::new();
        for part in name.split(LEVEL_SIGN).map(str::trim) {
            if let Some(known) = LEVEL_PARTS.iter().find(|known| **known == part) {
                level.push(known);
            } else {
                let message = format!("defects cannot be told apart by `{part}`");
                item.problems.wrong(at.clone(), message, "not known", did_you_mean(part, &LEVEL_PARTS));
            }
        }
        level.sort_by_key(|part| LEVEL_PARTS.iter().position(|known| known == part));
        let twice = level.windows(2).any(|pair| pair[0] == pair[1]);
        if twice || levels.iter().skip(1).any(|known| *known == level) {
            item.problems.wrong(at, format!("`{name}` names something twice"), "again", "name it once");
        } else if level != USUAL_LEVEL {
            levels.push(level);
        }
    }
    levels
}

/// How strong a mood is.
fn emotion(item: &Item) -> Option<(String, i32)> {
    let strength = item.integer()?;
    let fine = i32::try_from(strength).ok().filter(|strength| (0..=STRONGEST).contains(strength));
    if fine.is_none() {
        let message = format!("`{}` must be from 0 to {STRONGEST}, not {strength}", item.key);
        item.wrong(message, "no strength of a mood", "0 is calm, 3 is angry");
    }
    Some((item.key.trim().to_owned(), fine?))
}

fn days(item: &Item) -> Option<i64> {
    let days = item.integer()?;
    if !(1..=MAX_DAYS).contains(&days) {
        let message = format!("`{}` must be from 1 to {MAX_DAYS}, not {days}", item.key);
        item.wrong(message, "not a number of days", "30 is usual");
    }
    Some(days)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::plan::testing::{check, plan};

    #[test]
    fn days_and_sameness_are_checked() {
        for days in ["0", "-1", "9223372036854775807"] {
            assert_eq!(
                check(&format!("[defects]\nrepeat_within_days = {days}\nsame = \"serial\"\n")),
                [
                    format!("2: `repeat_within_days` must be from 1 to 3660, not {days} | 30 is usual"),
                    "3: `same` cannot be `serial` | known here: customer, serial_number".to_owned(),
                ]
            );
        }
    }

    #[test]
    fn the_usual_level_comes_first_and_others_are_checked() {
        let parts = |more: &str, reason: &str| plan(more).defects.waits_for_parts(reason);
        assert!(parts("", "等待备件") && parts("", "Awaiting Parts") && !parts("", "等待客户"));
        assert!(parts("[defects]\nparts_reasons = \"缺货\"\n", "缺货"));
        let defects =
            plan("[defects]\nlevels = [\"fault_code\", \"fault_code+product_model\", \"fault_code + product_line\"]\n")
                .defects;
        assert_eq!(
            defects.levels,
            [vec!["product_model", "fault_code"], vec!["fault_code"], vec!["product_line", "fault_code"]]
        );
        assert_eq!(plan("").defects.levels, [["product_model", "fault_code"]]);
        assert_eq!(
            plan("[defects]\nemotions = { 急躁 = 2 }\n").defects.emotions,
            BTreeMap::from([("急躁".to_owned(), 2)])
        );
        assert_eq!(
            check("[defects]\nlevels = [\"model\", \"fault_code+fault_code\"]\nemotions = { 急躁 = 4, 平静 = 0.5 }\n"),
            [
                "2: defects cannot be told apart by `model` | known here: product_line, product_model, fault_code",
                "2: `fault_code+fault_code` names something twice | name it once",
                "3: `急躁` must be from 0 to 3, not 4 | 0 is calm, 3 is angry",
                "3: `平静` must be a whole number, not a decimal one | ",
            ]
        );
    }
}
