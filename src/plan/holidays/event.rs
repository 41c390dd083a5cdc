//! An event of a calendar file: which days it covers, and whether they are off or worked.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use chrono::{Days, NaiveDate};

use super::lines::{Block, Property};
use super::rule::Rule;
use crate::plan::reader::Problems;

/// Longer ones are slips.
const LONGEST_DAYS: i64 = 366;

/// An all-day event.
pub struct Event {
    pub name: String,
    pub at: Range<usize>,
    first: NaiveDate,
    /// How many days it lasts, one at least.
    days: u64,
    rule: Option<(Rule, Range<usize>)>,
    /// First days that are left out.
    except: BTreeSet<NaiveDate>,
    pub mark: Mark,
}

/// What a calendar program says of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Apple: `X-APPLE-SPECIAL-DAY:WORK-HOLIDAY`.
    Off,
    /// Apple: `X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY`; elsewhere a name such as `国庆节（班）`.
    Worked,
    /// Google's observances: days that have a name and are worked.
    Observed,
    None,
}

impl Event {
    /// Reads an event; none where it is cancelled, or wrong, which is noted.
    pub fn read(block: &Block, problems: &Problems) -> Option<Self> {
        let found = |name: &str| block.properties.iter().find(|property| property.name == name);
        let name = found("SUMMARY").map(|property| plain(&property.value)).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "the event".to_owned());
        let reader = Reader { block, name: &name, problems };
        // A cancelled day of a series would otherwise be held again.
        reader.refuse("RECURRENCE-ID", "changes one event of a series", "write the days as events of their own")?;
        if found("STATUS").is_some_and(|status| status.value.eq_ignore_ascii_case("CANCELLED")) {
            return None;
        }
        for property in ["RDATE", "EXRULE"] {
            reader.refuse(
                property,
                &format!("has {property}, which is not read"),
                "write the days as events of their own",
            )?;
        }
        let (first, days) = reader.days()?;
        let rule = match reader.one("RRULE").ok()? {
            None => None,
            Some(property) => match Rule::parse(&property.value) {
                Ok(rule) => Some((rule, property.at.clone())),
                Err(part) => {
                    let message = format!("`{name}` recurs by a rule that is not read: `{part}`");
                    let help = "yearly rules with INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY and BYDAY are; write the \
                                days of others as events of their own";
                    problems.wrong(property.at.clone(), message, "this rule", help);
                    return None;
                }
            },
        };
        let mut except = BTreeSet::new();
        for property in block.properties.iter().filter(|property| property.name == "EXDATE") {
            for text in property.value.split(',') {
                except.insert(reader.day(text.trim(), property)?.0);
            }
        }
        let special = found("X-APPLE-SPECIAL-DAY").map(|property| property.value.to_ascii_uppercase());
        let description = found("DESCRIPTION").map_or("", |property| &property.value);
        let mark = match special.as_deref() {
            Some("WORK-HOLIDAY") => Mark::Off,
            Some("ALTERNATE-WORKDAY") => Mark::Worked,
            _ if is_worked(&name) => Mark::Worked,
            _ if is_observed(description) => Mark::Observed,
            _ => Mark::None,
        };
        Some(Self { name, at: block.at.clone(), first, days, rule, except, mark })
    }

    /// The first and the last year of an event that does not recur.
    pub fn years(&self) -> Option<(i32, i32)> {
        let recurs = self.rule.is_some();
        // A holiday over the new year says of the other year nothing but its first or last days.
        (!recurs).then(|| (year(self.last_of(self.first)), year(self.first)))
    }

    /// All days of the event within some years; none where its rule does not give its own first day, which is noted.
    pub fn dates(&self, years: &RangeInclusive<i32>, problems: &Problems) -> Option<Vec<NaiveDate>> {
        let starts = match &self.rule {
            None => vec![self.first],
            Some((rule, at)) => {
                let starts = rule.starts(self.first, years);
                if starts.is_none() {
                    let message = format!("`{}` begins on {}, which its own rule does not give", self.name, self.first);
                    problems.wrong(at.clone(), message, "this rule", "let it begin on the first day of the rule");
                }
                starts?
            }
        };
        let starts = starts.into_iter().filter(|start| !self.except.contains(start));
        let span = |start: NaiveDate| start.iter_days().take_while(move |day| *day <= self.last_of(start));
        Some(starts.flat_map(span).filter(|day| years.contains(&year(*day))).collect())
    }

    fn last_of(&self, start: NaiveDate) -> NaiveDate {
        start.checked_add_days(Days::new(self.days - 1)).unwrap_or(start)
    }
}

fn year(date: NaiveDate) -> i32 {
    chrono::Datelike::year(&date)
}

/// A mistake that has been noted.
struct Noted;

/// Reads the parts of one event and notes what is wrong with them.
struct Reader<'b> {
    block: &'b Block,
    name: &'b str,
    problems: &'b Problems,
}

impl Reader<'_> {
    fn wrong<T>(&self, at: &Range<usize>, what: &str, label: &str, help: &str) -> Option<T> {
        self.problems.wrong(at.clone(), format!("`{}` {what}", self.name), label, help);
        None
    }

    fn refuse(&self, property: &str, what: &str, help: &str) -> Option<()> {
        match self.block.properties.iter().find(|found| found.name == property) {
            Some(found) => self.wrong(&found.at, what, "not read", help),
            None => Some(()),
        }
    }

    /// A property that may come once.
    fn one(&self, name: &str) -> Result<Option<&Property>, Noted> {
        let mut found = self.block.properties.iter().filter(|property| property.name == name);
        let first = found.next();
        let Some(second) = found.next() else { return Ok(first) };
        let message = format!("`{}` has two lines `{name}`", self.name);
        self.problems.wrong(second.at.clone(), message, "the second one", "keep one of them");
        Err(Noted)
    }

    /// The first day, and how many there are.
    fn days(&self) -> Option<(NaiveDate, u64)> {
        let Some(start) = self.one("DTSTART").ok()? else {
            return self.wrong(
                &self.block.at,
                "has no DTSTART",
                "this event",
                "a day looks like DTSTART;VALUE=DATE:20261001",
            );
        };
        let (first, timed) = self.day(&start.value, start)?;
        let (end, duration) = (self.one("DTEND").ok()?, self.one("DURATION").ok()?);
        let (at, days) = match (end, duration) {
            (Some(end), _) => {
                let (end_day, end_timed) = self.day(&end.value, end)?;
                let days = (end_day - first).num_days();
                // Some programs write the same day twice, though the end is not included.
                (&end.at, if days == 0 && !timed && !end_timed { 1 } else { days })
            }
            (None, Some(duration)) => (&duration.at, whole_days(&duration.value).unwrap_or(0)),
            (None, None) => (&start.at, i64::from(!timed)),
        };
        match u64::try_from(days) {
            Ok(days @ 1..) if i64::try_from(days).is_ok_and(|days| days <= LONGEST_DAYS) => Some((first, days)),
            Ok(1..) => self.wrong(at, &format!("lasts {days} days"), "too long", "a holiday lasts a year at most"),
            _ => self.wrong(at, "lasts no whole day", "the end", "the end is the day after the last one"),
        }
    }

    /// A day, and whether it is written as a midnight.
    fn day(&self, text: &str, property: &Property) -> Option<(NaiveDate, bool)> {
        let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
        let day = digits(date, 8).then(|| NaiveDate::parse_from_str(date, "%Y%m%d").ok()).flatten();
        let Some(day) = day else {
            let what = format!("has a day that is not understood: `{text}`");
            return self.wrong(&property.at, &what, "not a day", "a day looks like 20261001");
        };
        match time {
            None => Some((day, false)),
            Some("000000") => Some((day, true)),
            Some(_) => {
                let help = "holidays are whole days: make it an all-day event";
                self.wrong(&property.at, "has a time of day", "not a whole day", help)
            }
        }
    }
}

/// `P1D`, `P2W` and `PT24H`.
fn whole_days(text: &str) -> Option<i64> {
    let text = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| (0..=100_000).contains(number));
    if let Some(days) = text.strip_suffix('D') {
        return number(days);
    }
    if let Some(weeks) = text.strip_suffix('W') {
        return Some(number(weeks)? * 7);
    }
    let hours = number(text.strip_prefix('T')?.strip_suffix('H')?)?;
    (hours % 24 == 0).then_some(hours / 24)
}

/// A text without the escapes of RFC 5545.
fn plain(text: &str) -> String {
    let text = text.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";");
    text.replace("\\\\", "\\").trim().to_owned()
}

/// Names of make-up workdays as Chinese calendars write them: `国庆节（班）`, `春节补班`, `班｜春节`.
fn is_worked(name: &str) -> bool {
    const NOT: [&str; 5] = ["不上班", "值班", "不补班", "不補班", "无需补班"];
    const WORDS: [&str; 10] =
        ["（班）", "(班)", "【班】", "[班]", "补班", "補班", "调休上班", "調休上班", "补行上班", "補行上班"];
    let begins = name.strip_prefix('班').is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()));
    !NOT.iter().any(|word| name.contains(word))
        && (begins || name.ends_with('班') || WORDS.iter().any(|word| name.contains(word)))
}

/// Whether a description is that of a day in Google's holiday calendars that is no public holiday: it says so, and in a
/// second line how to hide such days in Google's settings, whatever the language.
fn is_observed(description: &str) -> bool {
    let lines: Vec<&str> = description.split("\\n").map(str::trim).filter(|line| !line.is_empty()).collect();
    let word = lines
        .first()
        .is_some_and(|line| ["observance", "纪念日", "紀念日", "祭日"].contains(&line.to_lowercase().as_str()));
    word || matches!(&lines[..], [_, hide] if hide.contains("Google") && !hide.contains("Meet"))
}
