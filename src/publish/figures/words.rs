//! The words of the charts, in the two languages.

use crate::plan::Plan;
use crate::schema::shared::{ALL, NONE};
use crate::schema::{Language, facts};

/// Words in the language of the plan.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    plan: &'a Plan,
}

impl<'a> Words<'a> {
    pub const fn of(plan: &'a Plan) -> Self {
        Self { plan }
    }

    /// The one or the other.
    pub fn either(self, zh: &str, en: &str) -> String {
        match self.plan.review.language {
            Language::Zh => zh.to_owned(),
            Language::En => en.to_owned(),
        }
    }

    /// `2026年第3季度`, `2026 Q3`.
    pub fn period(self, name: &str) -> String {
        let parts = |separator: char| name.split_once(separator);
        if let Some((year, quarter)) = parts('Q') {
            return self.either(&format!("{year}年第{quarter}季度"), &format!("{year} Q{quarter}"));
        }
        if let Some((year, half)) = parts('H') {
            return self
                .either(&format!("{year}年{}半年", if half == "1" { "上" } else { "下" }), &format!("{year} H{half}"));
        }
        if let Some((year, month)) = parts('-') {
            return self.either(&format!("{year}年{}月", month.trim_start_matches('0')), name);
        }
        self.either(&format!("{name}年"), name)
    }

    /// `7月`, `Jul`.
    pub fn month(self, name: &str) -> String {
        const SHORT: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let number = name.split_once('-').and_then(|(_, m)| m.parse::<usize>().ok());
        let english = number.and_then(|n| SHORT.get(n.wrapping_sub(1)));
        number.map_or_else(|| name.to_owned(), |n| self.either(&format!("{n}月"), english.copied().unwrap_or(name)))
    }

    pub fn clock(self, name: &str) -> String {
        let clock = facts::CLOCKS.iter().find(|c| c.name == name);
        clock.map_or_else(|| name.to_owned(), |c| c.label.get(self.plan.review.language).to_owned())
    }

    pub fn member(self, name: &str) -> String {
        match name {
            NONE => self.either("（未填）", "(none)"),
            ALL => self.either("全部", "All"),
            other => other.to_owned(),
        }
    }

    /// In Chinese the dump's own name of the dimension, in English the plan's.
    pub fn dimension(self, name: &str) -> String {
        let mut dimensions = self.plan.sources.values().flat_map(|s| &s.dimensions);
        let theirs = dimensions.find(|d| d.name == name).and_then(|d| d.columns.first());
        let mut english = name.replace('_', " ");
        if let Some(first) = english.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self.either(theirs.map_or(name, String::as_str), &english)
    }

    pub fn suppressed(self) -> String {
        let n = self.plan.scores.min_n;
        self.either(&format!("样本不足（n < {n}），不显示"), &format!("Too few answers (n < {n}), not shown"))
    }

    /// `12,345`.
    pub fn number(value: u64) -> String {
        let digits = value.to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, 12_345_678].map(Words::number), ["0", "999", "1,000", "12,345,678"]);
    }
}
