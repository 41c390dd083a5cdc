//! `[calendars.default]`: when the service is open.

use std::ops::Range;
use std::path::Path;

use super::dates;
use super::errors::Problem;
use super::holidays;
use super::near::did_you_mean;
use super::reader::{Item, Problems, Section};
use super::sla::Sla;
use crate::time::calendar::CalendarSpec;
use crate::time::shift::{MIDNIGHT, Shift, parse_hours};

/// Days of the week as plans write them.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What the plan says of working time.
pub struct Calendar {
    pub spec: CalendarSpec,
    /// Whether the plan gives it, right or wrong.
    pub given: bool,
    /// The holiday calendar in canonical form, for the hash.
    pub holidays: String,
}

/// Reads the calendars; `folder` is where the pipeline file lies.
pub fn read(mut section: Section, folder: &Path) -> Calendar {
    let mut calendar = Calendar { spec: CalendarSpec::default(), given: false, holidays: String::new() };
    for entry in section.entries().iter().filter(|entry| entry.key != "default") {
        section.problems.wrong(
            entry.key_at.clone(),
            format!("calendar `{}` is not read: this version knows one calendar, `default`", entry.key),
            "not read",
            "call it [calendars.default]",
        );
        calendar.given = true;
    }
    let mut default = section.section("default");
    let Some(at) = default.at.clone() else {
        // Without working-time targets nothing but real time is asked for: open around the clock.
        calendar.spec.weekly = std::array::from_fn(|_| vec![Shift { from: 0, to: MIDNIGHT }]);
        return calendar;
    };
    calendar.given = true;
    match default.get("weekly") {
        Some(item) => calendar.spec.weekly = weekly(&item, &at),
        None => default.problems.missing(
            Some(at),
            "the calendar has no `weekly` hours",
            "write weekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }",
        ),
    }
    if let Some(item) = default.get("holidays")
        && let Some(list) = holidays::read(&item, folder)
    {
        calendar.spec.holidays = list.closed;
        calendar.spec.makeup = list.makeup;
        calendar.spec.years = Some(list.years);
        calendar.holidays = list.canonical;
    }
    for entry in default.section("dates").entries() {
        let Some(date) = dates::parse(entry.key) else {
            let message = format!("`{}` is not a date", entry.key);
            entry.problems.wrong(entry.key_at.clone(), message, "not a date", dates::ADVICE);
            continue;
        };
        calendar.spec.dates.insert(date, hours(&entry).unwrap_or_default());
    }
    default.finish();
    calendar
}

/// Working time cannot be counted without hours.
pub fn check_needed(calendar: &Calendar, sla: &Sla, problems: &Problems) {
    if let (false, Some(at)) = (calendar.given, &sla.working) {
        problems.wrong(
            at.clone(),
            "this target counts working time, but the plan has no calendar",
            "working time",
            "add [calendars.default] with weekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }, or write \"… clock\" for \
             a target around the clock",
        );
    }
}

fn hours(item: &Item) -> Option<Vec<Shift>> {
    let hours = parse_hours(item.text()?);
    if let Err(error) = &hours {
        let advice = "a shift may begin when the other one ends";
        item.problems.refused(item.at(), "not opening hours", error, advice);
    }
    hours.ok()
}

/// Hours of a day of the week, and where they are written.
type Day = Option<(Vec<Shift>, Range<usize>)>;

fn weekly(item: &Item, at: &Range<usize>) -> [Vec<Shift>; 7] {
    let problems = item.problems;
    let mut week: [Day; 7] = Default::default();
    let mut fine = true;
    for entry in item.section("weekly").entries() {
        let hours = hours(&entry);
        fine &= hours.is_some();
        let Some(days) = days(&entry) else {
            fine = false;
            continue;
        };
        let mut twice = None;
        for day in days {
            if let Some((_, first)) = &week[day] {
                twice = twice.or_else(|| Some((DAYS[day], first.clone())));
            }
            week[day] = Some((hours.clone().unwrap_or_default(), entry.key_at.clone()));
        }
        if let Some((day, first)) = twice {
            let problem = Problem::new(&problems.document, format!("`{day}` is given twice"));
            problems.note(problem.mark(entry.key_at.clone(), "again").mark(first, "first").help(
                "give each day once; shifts of a \
                 day go into one text",
            ));
        }
    }
    check_nights(&week, problems);
    let weekly = week.map(|day| day.map(|(hours, _)| hours).unwrap_or_default());
    if fine && item.raw().is_table() && weekly.iter().all(Vec::is_empty) {
        problems.wrong(
            at.clone(),
            "the calendar never opens",
            "no `weekly` hours",
            "write weekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }",
        );
    }
    weekly
}

/// A shift past midnight must leave the next day's shifts alone.
fn check_nights(week: &[Day; 7], problems: &Problems) {
    for (day, hours) in week.iter().enumerate() {
        let next = (day + 1) % 7;
        let (Some((tonight, at)), Some((tomorrow, next_at))) = (hours, &week[next]) else {
            continue;
        };
        let (Some(night), Some(morning)) = (tonight.last(), tomorrow.first()) else {
            continue;
        };
        if night.to > MIDNIGHT && morning.from < night.to - MIDNIGHT {
            let message =
                format!("`{night}` of {} reaches into `{morning}` of {}: they overlap", DAYS[day], DAYS[next]);
            let problem = Problem::new(&problems.document, message).mark(at.clone(), "past midnight");
            let problem = if at == next_at { problem } else { problem.mark(next_at.clone(), "already open") };
            problems.note(problem.help("let one begin when the other ends"));
            // `daily` would say it seven times.
            return;
        }
    }
}

/// `daily`, `sat` or `mon-fri` as numbers from Monday.
fn days(entry: &Item) -> Option<std::ops::RangeInclusive<usize>> {
    let wrong = |message: String, help: String| {
        entry.problems.wrong(entry.key_at.clone(), message, "not a day", help);
        None
    };
    if entry.key == "daily" {
        return Some(0..=6);
    }
    let (from, to) = entry.key.split_once('-').unwrap_or((entry.key, entry.key));
    let number = |name: &str| DAYS.iter().position(|day| *day == name.trim());
    match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => Some(from..=to),
        (Some(_), Some(_)) => {
            wrong(format!("`{}` runs backwards", entry.key), format!("the week begins with mon: `{to}-{from}`?"))
        }
        _ => wrong(format!("`{}` is not a day of the week", entry.key), {
            let known = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon-fri", "sat-sun", "daily"];
            did_you_mean(entry.key, &known)
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{check, plan};
    use crate::time::shift::Shift;

    fn weekly(text: &str) -> Vec<String> {
        check(&format!("[calendars.default]\nweekly = {{ {text} }}\n"))
    }

    #[test]
    fn days_ranges_and_daily() {
        let week = |text: &str| {
            let spec = plan(&format!("[calendars.default]\nweekly = {{ {text} }}\n")).calendars.remove(0).spec;
            spec.weekly.map(|hours| hours.len())
        };
        assert_eq!(week("mon-fri = \"08:30-12:00 13:00-17:30\", sat = \"09:00-12:00\""), [2, 2, 2, 2, 2, 1, 0]);
        assert_eq!(week("daily = \"00:00-24:00\""), [1; 7]);
    }

    #[test]
    fn dates_have_their_own_hours() {
        let spec = plan(
            "[calendars.default]\nweekly.mon = \"09:00-18:00\"\ndates = { 2026-07-15 = \"closed\", 2026-09-30 = \"08:30-12:00\" }\n",
        )
        .calendars
        .remove(0)
        .spec;
        assert_eq!(spec.dates.into_values().collect::<Vec<_>>(), [vec![], vec![Shift { from: 30600, to: 43200 }]]);
    }

    #[test]
    fn without_calendar_and_working_time_it_is_always_open() {
        let plan = plan("[[sla]]\nresolution = \"24h clock\"\n");
        assert_eq!(plan.calendars[0].spec.weekly, std::array::from_fn(|_| vec![Shift { from: 0, to: 86400 }]));
    }

    #[test]
    fn working_time_needs_a_calendar() {
        assert_eq!(
            check("[[sla]]\nstart = \"8h clock\"\nresolution = \"3d\"\n"),
            ["3: this target counts working time, but the plan has no calendar | \
              add [calendars.default] with weekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }, or write \"… clock\" for \
              a target around the clock"]
        );
    }

    #[test]
    fn days_must_be_days_and_come_once() {
        assert_eq!(
            weekly("mon-fri = \"09:00-18:00\", wed = \"09:00-12:00\", son = \"closed\", sun-sat = \"closed\""),
            [
                "2: `wed` is given twice | give each day once; shifts of a day go into one text",
                "2: `son` is not a day of the week | did you mean `mon`?",
                "2: `sun-sat` runs backwards | the week begins with mon: `sat-sun`?",
            ]
        );
    }

    #[test]
    fn hours_must_be_hours() {
        assert_eq!(
            weekly("mon = \"9-18\", tue = \"08:00-12:00 11:30-17:00\", wed = \"\", thu = 9"),
            [
                "2: `9-18` is not understood | opening hours look like `08:30-12:00 13:00-17:30` or `closed`",
                "2: `08:00-12:00` and `11:30-17:00` overlap | a shift may begin when the other one ends",
                "2: no opening hours are given | write `closed` for a day without",
                "2: `thu` must be a string, not a whole number | ",
            ]
        );
    }

    #[test]
    fn nights_must_not_reach_into_the_next_shift() {
        assert_eq!(
            weekly("mon = \"22:00-06:00\", tue = \"05:00-12:00\""),
            ["2: `22:00-06:00` of mon reaches into `05:00-12:00` of tue: they overlap | \
              let one begin when the other ends"]
        );
        assert_eq!(weekly("daily = \"22:00-06:00 06:00-14:00\""), [""; 0]);
    }

    #[test]
    fn a_calendar_must_open() {
        let advice = "write weekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }";
        assert_eq!(weekly("daily = \"closed\""), [format!("1: the calendar never opens | {advice}")]);
        assert_eq!(check("[calendars.default]\n"), [format!("1: the calendar has no `weekly` hours | {advice}")]);
    }

    #[test]
    fn wrong_dates_and_other_calendars() {
        assert_eq!(
            check(
                "[calendars.default]\nweekly.daily = \"09:00-18:00\"\n[calendars.default.dates]\n2026-02-30 = \"closed\"\n\
                 2026-7-15 = \"closed\"\n2026-07-16 = \"shut\"\n[calendars.night]\n"
            ),
            [
                "4: `2026-02-30` is not a date | write a date of the calendar as \"2026-09-30\"",
                "5: `2026-7-15` is not a date | write a date of the calendar as \"2026-09-30\"",
                "6: `shut` is not understood | opening hours look like `08:30-12:00 13:00-17:30` or `closed`",
                "7: calendar `night` is not read: this version knows one calendar, `default` | \
                 call it [calendars.default]",
            ]
        );
    }
}
