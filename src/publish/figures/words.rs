//! The words of the charts, in the two languages.

use super::View;
use crate::plan::Plan;
use crate::publish::charts::Target;
use crate::schema::facts::opinion::OTHER;
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
        let clock = self.plan.clock(name);
        clock.map_or_else(|| name.to_owned(), |c| c.what.label.get(self.plan.review.language).to_owned())
    }

    /// The attainment that the plan aims at on a clock.
    pub fn goal(self, clock: &str) -> Option<Target> {
        let value = self.plan.clock(clock)?.goal?;
        let share = Self::share(value);
        Some(Target { value, label: self.either(&format!("目标 {share}"), &format!("Goal {share}")) })
    }

    /// Key of the line of the goals.
    pub fn goal_line(self) -> String {
        self.either("目标达标率", "Goal")
    }

    /// What a clock is counted in.
    pub fn cases(self, clock: &str) -> String {
        match self.plan.clock(clock) {
            Some(clock) if clock.what.fact == facts::SURVEY => self.either("份评价", "surveys"),
            _ => self.either("张工单", "tickets"),
        }
    }

    /// `0.9` as `90%`, `0.995` as `99.5%`.
    pub fn share(share: f64) -> String {
        let percent = format!("{:.3}", share * 100.0);
        format!("{}%", percent.trim_end_matches('0').trim_end_matches('.'))
    }

    pub fn member(self, name: &str) -> String {
        match name {
            NONE => self.either("（未填）", "(none)"),
            ALL => self.either("全部", "All"),
            other => other.to_owned(),
        }
    }

    /// `S07 王喆`: number and name, as the roster has it.
    pub fn staff(self, roster: View, id: &str) -> String {
        let name = roster.rows(&[("staff_id", id)]).first().and_then(|row| roster.text("staff_name", *row));
        name.map_or_else(|| id.to_owned(), |name| format!("{id} {name}"))
    }

    /// A theme of opinions as readers call it.
    pub fn theme(self, name: &str) -> String {
        match self.plan.opinions.themes.iter().find(|theme| theme.name == name) {
            Some(theme) => self.either(&theme.zh, &theme.en),
            None if name == OTHER => self.either("其他", "Other"),
            None => name.to_owned(),
        }
    }

    /// In Chinese the dump's own name of the dimension, in English the plan's.
    pub fn dimension(self, name: &str) -> String {
        let mut dimensions = self.plan.dimensions();
        let theirs = dimensions.find(|d| d.name == name).and_then(|d| d.columns.first());
        let mut english = name.replace('_', " ");
        if let Some(first) = english.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self.either(theirs.map_or(name, String::as_str), &english)
    }

    /// `KX-300 · 漏水`.
    pub fn defect(self, table: View, row: usize) -> String {
        let part = |column| self.member(table.text(column, row).unwrap_or_default());
        format!("{} · {}", part("product_model"), part("fault_code"))
    }

    /// `q = 0.012`.
    pub fn q(value: f64) -> String {
        if value < 0.001 { "q < 0.001".to_owned() } else { format!("q = {value:.3}") }
    }

    /// Members with fewer cases are not ranked (`min_n`).
    pub fn few(self) -> u64 {
        self.plan.scores.min_n.unsigned_abs()
    }

    pub fn suppressed(self) -> String {
        let n = self.plan.scores.min_n;
        self.either(&format!("样本不足（n < {n}），不显示"), &format!("Too few answers (n < {n}), not shown"))
    }

    /// `n = 12,345 个评分`.
    pub fn answers(self, n: u64) -> String {
        format!("n = {} {}", Self::number(n), self.either("个评分", "answers"))
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
    fn numbers_read_well() {
        assert_eq!([0.9, 0.995, 0.9995, 1.0].map(Words::share), ["90%", "99.5%", "99.95%", "100%"]);
        assert_eq!([0, 999, 1000, 12_345_678].map(Words::number), ["0", "999", "1,000", "12,345,678"]);
    }
}
