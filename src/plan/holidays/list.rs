//! A holiday list of our own kind: a TOML file with `years`, `[holidays]` and `[workdays]`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

use chrono::{Datelike, NaiveDate, Weekday};

use super::{List, Workday};
use crate::plan::calendar::DAYS;
use crate::plan::errors::{Document, Problem};
use crate::plan::reader::{Item, Problems, Section};
use crate::plan::{dates, hash, syntax};

/// Years that a list can sensibly cover.
const YEARS: RangeInclusive<i64> = 1900..=2200;

/// Reads the text of a list; `name` is what the plan calls it.
pub fn parse(text: &str, path: &Path, name: &str) -> (Option<List>, Vec<Problem>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problems = Problems::new(Document::new(path, text));
    let list = read_list(text, &problems, name);
    (list, problems.into_found())
}

fn read_list(text: &str, problems: &Problems, name: &str) -> Option<List> {
    let document = syntax::parse(text, problems)?;
    let mut root = Section::root(document.get_ref(), problems);
    // A free text for the reader of the file.
    if let Some(title) = root.get("name") {
        title.text();
    }
    let years = if let Some(item) = root.get("years") {
        years(&item)
    } else {
        problems.missing(None, "the list does not say which `years` it covers", "write years = [2025, 2026]");
        None
    };
    let mut holidays = BTreeMap::new();
    for entry in root.section("holidays").entries() {
        if let Some(date) = date_of(&entry, years.as_ref()) {
            entry.text();
            holidays.insert(date, entry);
        }
    }
    let mut makeup = BTreeMap::new();
    for entry in root.section("workdays").entries() {
        let Some(date) = date_of(&entry, years.as_ref()) else {
            continue;
        };
        if let Some(first) = holidays.get(&date) {
            let problem = Problem::new(&problems.document, format!("{date} is both a holiday and a workday"));
            let problem = problem.mark(entry.key_at.clone(), "workday").mark(first.key_at.clone(), "holiday");
            problems.note(problem.help("keep one of the two"));
        }
        if let Some(day) = weekday(&entry) {
            makeup.insert(date, Workday { hours_of: day, assumed: false });
        }
    }
    let canonical = hash::canonical(document.get_ref());
    root.finish();
    let closed = holidays.into_keys().collect();
    Some(List { name: name.to_owned(), closed, makeup, years: years?, canonical })
}

/// The first and the last year, as `[2018, 2026]`.
pub fn years(item: &Item) -> Option<RangeInclusive<i32>> {
    let years: Vec<i64> = item.elements()?.iter().map(Item::integer).collect::<Option<_>>()?;
    match years[..] {
        [first, last] if YEARS.contains(&first) && YEARS.contains(&last) && first <= last => {
            Some(i32::try_from(first).ok()?..=i32::try_from(last).ok()?)
        }
        _ => {
            item.wrong(
                "not a range of years",
                "not two rising years",
                "write the first and the last: years = [2018, 2026]",
            );
            None
        }
    }
}

fn date_of(entry: &Item, years: Option<&RangeInclusive<i32>>) -> Option<NaiveDate> {
    let wrong = |message: String, help: &str| entry.problems.wrong(entry.key_at.clone(), message, "here", help);
    let date = dates::parse(entry.key);
    match date {
        None => wrong(format!("`{}` is not a date", entry.key), dates::ADVICE),
        Some(date) if years.is_some_and(|years| !years.contains(&date.year())) => {
            wrong(
                format!("{date} lies outside the `years` of the list"),
                "widen `years`, if the list is complete for it",
            );
        }
        Some(_) => {}
    }
    date
}

fn weekday(entry: &Item) -> Option<Weekday> {
    let days: Vec<(&str, u8)> = DAYS.into_iter().zip(0..).collect();
    let name = entry.text()?;
    let Some((_, number)) = days.iter().find(|(day, _)| *day == name) else {
        entry.wrong(
            format!("`{name}` is not a day of the week"),
            "not a day",
            format!("a workday has the hours of one of {}", DAYS.join(", ")),
        );
        return None;
    };
    Weekday::try_from(*number).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::parse;
    use crate::plan::PlanErrors;
    use crate::plan::holidays::CN;
    use crate::plan::testing::lines;

    fn mistakes(text: &str) -> Vec<String> {
        lines(PlanErrors::new(parse(text, Path::new("x.toml"), "x").1).problems())
    }

    #[test]
    fn the_built_in_list_is_fine() {
        let (list, found) = parse(CN, Path::new("cn.toml"), "cn");
        assert_eq!(lines(&found), [""; 0]);
        let list = list.unwrap();
        let new_year = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        assert!(list.closed.contains(&new_year) && list.years.contains(&2026) && !list.makeup.is_empty());
    }

    #[test]
    fn mistakes_in_a_list_are_all_shown() {
        assert_eq!(
            mistakes(
                "years = [2025, 2026]\nregion = \"x\"\n[holidays]\n2026-1-1 = \"元旦\"\n2027-01-01 = \"元旦\"\n\
                 2026-10-01 = 1\n[workdays]\n2026-10-01 = \"thu\"\n2026-10-10 = \"周四\"\n"
            ),
            [
                "2: unknown key `region` | known here: name, years, holidays, workdays",
                "4: `2026-1-1` is not a date | write a date of the calendar as \"2026-09-30\"",
                "5: 2027-01-01 lies outside the `years` of the list | widen `years`, if the list is complete for it",
                "6: `2026-10-01` must be a string, not a whole number | ",
                "8: 2026-10-01 is both a holiday and a workday | keep one of the two",
                "9: `周四` is not a day of the week | a workday has the hours of one of mon, tue, wed, thu, fri, sat, sun",
            ]
        );
    }

    #[test]
    fn years_are_needed() {
        assert_eq!(mistakes(""), ["the list does not say which `years` it covers | write years = [2025, 2026]"]);
        for years in ["[2026]", "[2026, 2025]", "[0, 99999]"] {
            assert_eq!(
                mistakes(&format!("years = {years}")),
                ["1: not a range of years | write the first and the last: years = [2018, 2026]"]
            );
        }
    }
}
