//! `[quality]`: how many bad rows a run accepts.

use toml::de::DeValue;

use super::reader::{Item, Section};
use super::types::Quality;

const TOLERATE: f64 = 0.02;

pub fn read(mut section: Section) -> Quality {
    let quality = Quality { tolerate: section.get("tolerate").and_then(|item| share(&item)).unwrap_or(TOLERATE) };
    section.finish();
    quality
}

fn share(item: &Item) -> Option<f64> {
    let share = match item.raw() {
        DeValue::String(text) => percent(text),
        _ => Some(item.number()?),
    };
    let share = share.filter(|share| (0.0..=1.0).contains(share));
    if share.is_none() {
        item.wrong(
            format!("`{}` is not a share of rows", item.key),
            "not a share",
            "write a percentage, \"2%\", or a number from 0 to 1, 0.02",
        );
    }
    share
}

fn percent(text: &str) -> Option<f64> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain.then(|| number.parse::<f64>().ok())?.map(|number| number / 100.0)
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{check, plan};

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
}
