//! `[quality]`: how many bad rows a run accepts, and how much each rule matters.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::near::did_you_mean;
use super::reader::{Item, Section};
use super::types::Quality;
use crate::schema::rules::{RULES, Rule, Severity};
use crate::time::DAY_SECONDS;
use crate::time::target::Target;

const TOLERATE: f64 = 0.02;

const SURVEY_WITHIN: i64 = DAY_SECONDS;

const SEVERITIES: [(&str, Severity); 3] = [
    (Severity::Error.name(), Severity::Error),
    (Severity::Warning.name(), Severity::Warning),
    (Severity::Off.name(), Severity::Off),
];

pub fn read(mut section: Section) -> Quality {
    let quality = Quality {
        tolerate: section
            .get("tolerate")
            .and_then(|item| share(&item, "rows", ("2%", "0.02"), |_| true))
            .unwrap_or(TOLERATE),
        rules: rules(&section.section("rules")),
        survey_within: section.get("survey_within").and_then(|item| length(&item)).unwrap_or(SURVEY_WITHIN),
    };
    section.finish();
    quality
}

/// A share of something that may be so large; none where the mistake has been told. `such_as` is one as a percentage and as a
/// number.
pub fn share(item: &Item, of: &str, such_as: (&str, &str), fits: impl Fn(f64) -> bool) -> Option<f64> {
    let share = match item.raw() {
        DeValue::String(text) => percent(text),
        _ => Some(item.number()?),
    };
    let share = share.filter(|share| (0.0..=1.0).contains(share) && fits(*share));
    if share.is_none() {
        let (percent, number) = such_as;
        item.wrong(
            format!("`{}` is not a share of {of}", item.key),
            "not a share",
            format!("write a percentage, \"{percent}\", or a number from 0 to 1, {number}"),
        );
    }
    share
}

/// `90%` as a share.
pub fn percent(text: &str) -> Option<f64> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain.then(|| number.parse::<f64>().ok())?.map(|number| number / 100.0)
}

/// What the plan changes about rules.
fn rules(section: &Section) -> BTreeMap<&'static str, Severity> {
    let mut rules = BTreeMap::new();
    for entry in section.entries() {
        let Some(rule) = RULES.iter().find(|rule| rule.name == entry.key) else {
            section.unknown(&entry, "rule", &RULES.map(|rule| rule.name));
            continue;
        };
        if let Some(severity) = severity(rule, &entry)
            && severity != rule.severity
        {
            rules.insert(rule.name, severity);
        }
    }
    rules
}

fn severity(rule: &Rule, item: &Item) -> Option<Severity> {
    let word = item.text()?;
    let choices: Vec<&str> = rule.choices.iter().map(|severity| severity.name()).collect();
    let Some((_, severity)) = SEVERITIES.into_iter().find(|(name, _)| *name == word) else {
        item.wrong(format!("`{}` cannot be `{word}`", item.key), "not known", did_you_mean(word, &choices));
        return None;
    };
    if rule.choices.contains(&severity) {
        return Some(severity);
    }
    let why = match severity {
        Severity::Off => "what cannot be used is never dropped without a word",
        Severity::Warning => "a row that breaks the rule cannot be used",
        Severity::Error => "rows that break the rule can be used",
    };
    let help = format!("{why}: write {}", choices.join(" or "));
    item.wrong(format!("`{}` cannot be `{word}`", item.key), "not for this rule", help);
    None
}

/// A length of time around the clock, in seconds: `24h`, `90m`, `3d`.
pub fn length(item: &Item) -> Option<i64> {
    let text = item.text()?;
    let seconds = match Target::parse(text) {
        Ok(Target::Working { seconds } | Target::Clock { seconds }) => Some(seconds),
        Ok(Target::Days { days, at_close: false }) => Some(i64::from(days) * DAY_SECONDS),
        Ok(Target::Days { at_close: true, .. }) | Err(_) => None,
    };
    if seconds.is_none() {
        item.wrong(
            format!("`{text}` is no length of time"),
            "not understood",
            "write \"24h\", \"90m\" or \"3d\", above zero and up to ten years; it is counted around the clock",
        );
    }
    seconds
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{check, plan};
    use crate::schema::rules::{RULES, Severity, UNKNOWN_STAFF};

    #[test]
    fn shares_are_percentages_or_numbers() {
        let share = |value: &str| plan(&format!("[quality]\ntolerate = {value}\n")).quality.tolerate;
        for (value, expected) in [("\"2%\"", 0.02), ("\"0.5 %\"", 0.005), ("0.02", 0.02), ("0", 0.0), ("1", 1.0)] {
            assert!((share(value) - expected).abs() < 1e-12, "{value}");
        }
    }

    #[test]
    fn others_are_told() {
        for wrong in ["\"2\"", "\"0.02\"", "\"101%\"", "\"-1%\"", "\"%\"", "\"nan%\"", "2", "-0.1"] {
            assert_eq!(
                check(&format!("[quality]\ntolerate = {wrong}\n")),
                ["2: `tolerate` is not a share of rows | write a percentage, \"2%\", or a number from 0 to 1, 0.02"],
                "{wrong}"
            );
        }
    }

    #[test]
    fn rules_may_matter_as_much_as_the_plan_says() {
        let quality = plan(
            "[quality.rules]\nunknown_staff = \"error\"\nunparseable = \"warning\"\ncolumn_missing = \"off\"\n\
             survey_late = \"warning\"\n",
        )
        .quality;
        assert_eq!(quality.severity(&UNKNOWN_STAFF), Severity::Error);
        assert_eq!(quality.rules.into_keys().collect::<Vec<_>>(), ["column_missing", "unknown_staff", "unparseable"]);
        for rule in RULES {
            for severity in [Severity::Error, Severity::Warning, Severity::Off] {
                let text = format!("[quality.rules]\n{} = \"{}\"\n", rule.name, severity.name());
                assert_eq!(check(&text).is_empty(), rule.choices.contains(&severity), "{text}");
            }
        }
    }

    #[test]
    fn rules_that_do_not_exist_and_choices_that_they_do_not_have_are_told() {
        assert_eq!(
            check(
                "[quality.rules]\nunknow_staff = \"error\"\nunparseable = \"off\"\nmissing_key = \"warning\"\n\
                 conflicting_duplicate = \"error\"\nsurvey_late = \"warnings\"\nunknown_value = true\n"
            ),
            [
                "2: unknown rule `unknow_staff` in [quality.rules] | did you mean `unknown_staff`?",
                "3: `unparseable` cannot be `off` | \
                 what cannot be used is never dropped without a word: write error or warning",
                "4: `missing_key` cannot be `warning` | a row that breaks the rule cannot be used: write error",
                "5: `conflicting_duplicate` cannot be `error` | \
                 rows that break the rule can be used: write warning or off",
                "6: `survey_late` cannot be `warnings` | did you mean `warning`?",
                "7: `unknown_value` must be a string, not true or false | ",
            ]
        );
    }

    #[test]
    fn answers_have_a_time_to_come() {
        let within = |text: &str| plan(&format!("[quality]\nsurvey_within = \"{text}\"\n")).quality.survey_within;
        assert_eq!(plan("").quality.survey_within, 86_400);
        for (text, seconds) in [("48h", 172_800), ("90m", 5400), ("3d", 259_200), ("24h clock", 86_400)] {
            assert_eq!(within(text), seconds, "{text}");
        }
        for wrong in ["0h", "24", "3d close", "4000d", "一天"] {
            assert_eq!(
                check(&format!("[quality]\nsurvey_within = \"{wrong}\"\n")),
                [format!(
                    "2: `{wrong}` is no length of time | \
                     write \"24h\", \"90m\" or \"3d\", above zero and up to ten years; it is counted around the clock"
                )]
            );
        }
    }
}
