//! Events that come again every year (RFC 5545, section 3.3.10).

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, Weekday};

/// A yearly rule.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// Every so many years; 1 or more.
    interval: i32,
    /// So many times, the first one included.
    count: Option<u32>,
    /// The last day on which it may begin.
    until: Option<NaiveDate>,
    /// Of the next three, those that are not empty must all hold.
    months: Vec<i32>,
    /// Days of the month; -1 is the last one.
    month_days: Vec<i32>,
    /// Weekdays with their place in the month (in the year where no month is named); -1 is the last one, 0 is every one.
    week_days: Vec<(i32, Weekday)>,
}

/// Days of the week as rules write them.
const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

impl Rule {
    /// Reads the value of an `RRULE`.
    ///
    /// # Errors
    /// The part of the rule that is not read or not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rule = Self {
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            week_days: Vec::new(),
        };
        let mut yearly = false;
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let upper = part.to_ascii_uppercase();
            let wrong = || part.to_owned();
            let (key, value) = upper.split_once('=').ok_or_else(wrong)?;
            match key {
                "FREQ" if value == "YEARLY" => yearly = true,
                // The beginning of the week matters for rules by weeks only.
                "WKST" => {}
                "INTERVAL" => rule.interval = in_range(value, &(1..=1000)).ok_or_else(wrong)?,
                "COUNT" => {
                    let count = in_range(value, &(1..=10_000)).and_then(|count| u32::try_from(count).ok());
                    rule.count = Some(count.ok_or_else(wrong)?);
                }
                "UNTIL" => rule.until = Some(date(value).ok_or_else(wrong)?),
                "BYMONTH" => rule.months = list(value, |text| in_range(text, &(1..=12))).ok_or_else(wrong)?,
                "BYMONTHDAY" => rule.month_days = list(value, |text| place(text, 31)).ok_or_else(wrong)?,
                "BYDAY" => rule.week_days = list(value, week_day).ok_or_else(wrong)?,
                _ => return Err(wrong()),
            }
        }
        if yearly { Ok(rule) } else { Err("no FREQ=YEARLY".to_owned()) }
    }

    /// The days on which an event begins that first does so on `first`, in these years and the one before, whose last event
    /// may reach into them. None if `first` itself does not follow the rule.
    pub fn starts(&self, first: NaiveDate, years: &RangeInclusive<i32>) -> Option<Vec<NaiveDate>> {
        if !self.gives(first, first) {
            return None;
        }
        // What is counted must be counted from the beginning.
        let from = if self.count.is_some() { first.year() } else { first.year().max(years.start() - 1) };
        let steps = (from - first.year() + self.interval - 1) / self.interval;
        let mut starts = Vec::new();
        let mut left = self.count.unwrap_or(u32::MAX);
        let mut year = first.year() + steps * self.interval;
        while year <= *years.end() && left > 0 && self.until.is_none_or(|until| year <= until.year()) {
            let new_year = NaiveDate::from_ymd_opt(year, 1, 1).into_iter();
            let days = new_year.flat_map(|day| day.iter_days().take_while(|day| day.year() == year));
            for day in days.filter(|&day| day >= first && self.gives(day, first)) {
                if left == 0 || self.until.is_some_and(|until| day > until) {
                    break;
                }
                left -= 1;
                starts.push(day);
            }
            year += self.interval;
        }
        Some(starts)
    }

    /// Whether a day of a year that counts is one of the rule's.
    fn gives(&self, day: NaiveDate, first: NaiveDate) -> bool {
        let (month, number) = (int(day.month()), int(day.day()));
        let bare = self.month_days.is_empty() && self.week_days.is_empty();
        if bare {
            let in_month =
                if self.months.is_empty() { day.month() == first.month() } else { self.months.contains(&month) };
            return in_month && day.day() == first.day();
        }
        let length = int(u32::from(day.num_days_in_month()));
        let on_day = |wanted: &i32| if *wanted > 0 { *wanted == number } else { length + 1 + wanted == number };
        (self.months.is_empty() || self.months.contains(&month))
            && (self.month_days.is_empty() || self.month_days.iter().any(on_day))
            && (self.week_days.is_empty() || self.week_days.iter().any(|(nth, wanted)| self.is_nth(day, *nth, *wanted)))
    }

    fn is_nth(&self, day: NaiveDate, nth: i32, wanted: Weekday) -> bool {
        let (number, length) = if self.months.is_empty() {
            (int(day.ordinal()), if day.leap_year() { 366 } else { 365 })
        } else {
            (int(day.day()), int(u32::from(day.num_days_in_month())))
        };
        let place = if nth >= 0 { (number - 1) / 7 + 1 } else { -((length - number) / 7 + 1) };
        day.weekday() == wanted && (nth == 0 || nth == place)
    }
}

/// Days of months and years are small.
fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn in_range(text: &str, range: &RangeInclusive<i32>) -> Option<i32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?.filter(|number| range.contains(number))
}

/// A place from the beginning, or with a minus from the end.
fn place(text: &str, last: i32) -> Option<i32> {
    match text.strip_prefix('-') {
        Some(rest) => Some(-in_range(rest, &(1..=last))?),
        None => in_range(text.strip_prefix('+').unwrap_or(text), &(1..=last)),
    }
}

fn week_day(text: &str) -> Option<(i32, Weekday)> {
    let (nth, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = DAYS.iter().find(|(known, _)| *known == name)?.1;
    Some((if nth.is_empty() { 0 } else { place(nth, 53)? }, day))
}

fn list<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split(',').map(|part| read(part.trim())).collect()
}

/// `20261001`, perhaps with a time of day behind it.
fn date(text: &str) -> Option<NaiveDate> {
    let (day, time) = text.split_once('T').unwrap_or((text, "000000"));
    let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let fine = digits(day, 8) && digits(time.strip_suffix('Z').unwrap_or(time), 6);
    fine.then(|| NaiveDate::parse_from_str(day, "%Y%m%d").ok())?
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::Rule;

    fn starts(first: &str, rule: &str, years: (i32, i32)) -> Vec<String> {
        let first: NaiveDate = first.parse().unwrap();
        let starts = Rule::parse(rule).unwrap().starts(first, &(years.0..=years.1)).unwrap_or_default();
        starts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn yearly_rules_give_the_days_that_dateutil_gives() {
        // python-dateutil 4.0.0: rrulestr(rule, dtstart=first).between(…, inc=True), from the year before where not counted.
        for (first, rule, years, expected) in [
            ("2020-01-01", "FREQ=YEARLY", (2024, 2025), &["2023-01-01", "2024-01-01", "2025-01-01"][..]),
            ("2020-01-01", "FREQ=YEARLY;COUNT=3", (2020, 2030), &["2020-01-01", "2021-01-01", "2022-01-01"]),
            ("2020-10-01", "FREQ=YEARLY;INTERVAL=2;COUNT=3", (2023, 2030), &["2020-10-01", "2022-10-01", "2024-10-01"]),
            ("2019-05-01", "FREQ=YEARLY;INTERVAL=4", (2024, 2028), &["2023-05-01", "2027-05-01"]),
            ("2022-05-01", "FREQ=YEARLY;UNTIL=20240501", (2022, 2030), &["2022-05-01", "2023-05-01", "2024-05-01"]),
            ("2022-05-01", "freq=yearly;until=20240430T160000Z", (2022, 2030), &["2022-05-01", "2023-05-01"]),
            (
                "2023-11-23",
                "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
                (2024, 2026),
                &["2023-11-23", "2024-11-28", "2025-11-27", "2026-11-26"],
            ),
            (
                "2024-05-27",
                "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;WKST=SU",
                (2024, 2026),
                &["2024-05-27", "2025-05-26", "2026-05-25"],
            ),
            ("2024-05-13", "FREQ=YEARLY;BYDAY=20MO", (2024, 2025), &["2024-05-13", "2025-05-19"]),
            ("2024-12-30", "FREQ=YEARLY;BYDAY=-1MO", (2024, 2026), &["2024-12-30", "2025-12-29", "2026-12-28"]),
            ("2024-02-29", "FREQ=YEARLY", (2024, 2028), &["2024-02-29", "2028-02-29"]),
            ("2024-02-29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", (2024, 2025), &["2024-02-29", "2025-02-28"]),
            ("2024-01-15", "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=15", (2024, 2024), &["2024-01-15", "2024-07-15"]),
            (
                "2024-12-23",
                "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=22,23,24;BYDAY=MO",
                (2024, 2030),
                &["2024-12-23", "2025-12-22", "2029-12-24", "2030-12-23"],
            ),
        ] {
            assert_eq!(starts(first, rule, years), expected, "{first} {rule}");
        }
    }

    #[test]
    fn a_rule_must_give_its_own_first_day() {
        let rule = Rule::parse("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH").unwrap();
        assert_eq!(rule.starts("2024-11-27".parse().unwrap(), &(2024..=2025)), None);
    }

    #[test]
    fn other_rules_are_named() {
        for (rule, part) in [
            ("FREQ=MONTHLY", "FREQ=MONTHLY"),
            ("FREQ=YEARLY;BYSETPOS=-1", "BYSETPOS=-1"),
            ("FREQ=YEARLY;BYDAY=54MO", "BYDAY=54MO"),
            ("FREQ=YEARLY;BYDAY=节", "BYDAY=节"),
            ("FREQ=YEARLY;COUNT=0", "COUNT=0"),
            ("FREQ=YEARLY;INTERVAL=-1", "INTERVAL=-1"),
            ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13"),
            ("FREQ=YEARLY;BYMONTHDAY=0", "BYMONTHDAY=0"),
            ("FREQ=YEARLY;UNTIL=2026", "UNTIL=2026"),
            ("FREQ=YEARLY;COUNT", "COUNT"),
            ("COUNT=2", "no FREQ=YEARLY"),
        ] {
            assert_eq!(Rule::parse(rule), Err(part.to_owned()), "{rule}");
        }
    }
}
