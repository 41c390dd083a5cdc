//! Dates, durations and names as a customer would read them, in the language of the plan.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};

use crate::review::{Language, Target, Wall};

/// The language of a story, and what it calls clocks and columns.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    pub language: Language,
    /// By name of the clock.
    pub clocks: BTreeMap<&'static str, &'static str>,
    /// By name of the column.
    pub columns: BTreeMap<&'static str, &'static str>,
}

impl Wording {
    /// The one or the other.
    pub fn either<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    pub fn clock<'t>(&'t self, name: &'t str) -> &'t str {
        self.clocks.get(name).copied().unwrap_or(name)
    }

    pub fn column<'t>(&'t self, name: &'t str) -> &'t str {
        self.columns.get(name).copied().unwrap_or(name)
    }

    /// What happened at the moment of a column: its label without the word for time.
    pub fn event<'t>(&'t self, column: &'t str) -> &'t str {
        let label = self.column(column);
        let bare = label.strip_suffix(self.either("时间", " at")).unwrap_or(label);
        if bare.is_empty() { label } else { bare }
    }

    /// `周三`, `Wed`.
    pub fn weekday(&self, day: Weekday) -> &'static str {
        let (zh, en) = match day {
            Weekday::Mon => ("周一", "Mon"),
            Weekday::Tue => ("周二", "Tue"),
            Weekday::Wed => ("周三", "Wed"),
            Weekday::Thu => ("周四", "Thu"),
            Weekday::Fri => ("周五", "Fri"),
            Weekday::Sat => ("周六", "Sat"),
            Weekday::Sun => ("周日", "Sun"),
        };
        self.either(zh, en)
    }

    /// `2026-07-01 周三`, `Wed 2026-07-01`.
    pub fn date(&self, date: NaiveDate) -> String {
        let weekday = self.weekday(date.weekday());
        self.either(&format!("{date} {weekday}"), &format!("{weekday} {date}")).to_owned()
    }

    /// `7月1日`, `1 Jul`.
    pub fn short_date(&self, date: NaiveDate) -> String {
        match self.language {
            Language::Zh => format!("{}月{}日", date.month(), date.day()),
            Language::En => date.format("%-d %b").to_string(),
        }
    }

    /// `2026-07-01 周三 10:00`; seconds where there are any.
    pub fn moment(&self, wall: Wall) -> String {
        let Some(moment) = date_time(wall) else {
            return self.either("（无法表示）", "(out of range)").to_owned();
        };
        format!("{} {}", self.date(moment.date()), time_of_day(moment))
    }

    /// The moment of the review: the last second of a day is its end.
    pub fn last_moment(&self, wall: Wall) -> String {
        match date_time(wall) {
            Some(moment) if moment.num_seconds_from_midnight() == 86_399 => {
                let date = self.date(moment.date());
                self.either(&format!("{date} 24:00"), &format!("the end of {date}")).to_owned()
            }
            _ => self.moment(wall),
        }
    }

    /// `8 小时 12 分`, `8 h 12 min`; seconds where there are any.
    pub fn duration(&self, seconds: i64) -> String {
        let parts = [
            (seconds / 3600, self.either("小时", "h")),
            (seconds / 60 % 60, self.either("分", "min")),
            (seconds % 60, self.either("秒", "s")),
        ];
        let said: Vec<String> =
            parts.iter().filter(|(count, _)| *count != 0).map(|(count, unit)| format!("{count} {unit}")).collect();
        if said.is_empty() { format!("0 {}", self.either("分", "min")) } else { said.join(" ") }
    }

    /// A target as it was agreed.
    pub fn target(&self, target: Target) -> String {
        match target {
            Target::Working { seconds } => {
                let time = self.duration(seconds);
                self.either(&format!("{time}（工作时间）"), &format!("{time} of working time")).to_owned()
            }
            Target::Clock { seconds } => {
                let time = self.duration(seconds);
                self.either(&format!("{time}（自然时间）"), &format!("{time} around the clock")).to_owned()
            }
            Target::Days { days, at_close } => {
                let plural = if days == 1 { "" } else { "s" };
                let (zh, en) =
                    if at_close { ("下班前", "by closing") } else { ("同一时刻前", "by the same time of day") };
                self.either(&format!("{days} 个工作日（{zh}）"), &format!("{days} working day{plural}, {en}"))
                    .to_owned()
            }
        }
    }
}

/// The date and time of a moment.
pub fn date_time(wall: Wall) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(wall).map(|moment| moment.naive_utc())
}

fn time_of_day(moment: NaiveDateTime) -> String {
    moment.format(if moment.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}
