//! `holidays` of a calendar: public holidays and make-up workdays from a file of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate, Weekday};

use super::calendar::DAYS;
use super::errors::{Document, Problem};
use super::reader::{Item, Problems, Section};
use super::{dates, hash, read_text, syntax};

/// China's public holidays, for pipelines that lie elsewhere than ours.
const CN: &str = include_str!("../../pipelines/calendars/cn.toml");

/// Years that a list can sensibly cover.
const YEARS: RangeInclusive<i64> = 1900..=2200;

/// What a holiday file says.
pub struct Holidays {
    pub closed: BTreeSet<NaiveDate>,
    pub makeup: BTreeMap<NaiveDate, Weekday>,
    pub years: RangeInclusive<i32>,
    /// The file in canonical form, for the hash.
    pub canonical: String,
}

/// Reads the list that an item names; mistakes inside the list are noted at its own lines.
pub fn read(item: &Item, folder: &Path) -> Option<Holidays> {
    let name = item.name()?;
    if !name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
        item.wrong(
            format!("`{name}` cannot name a holiday list"),
            "not a name",
            "write the name without folder and ending: \"cn\" is calendars/cn.toml beside this file",
        );
        return None;
    }
    let path = folder.join("calendars").join(format!("{name}.toml"));
    let (path, text) = match read_text(&path) {
        Ok(text) => (path, text),
        Err(error) if error.kind() == io::ErrorKind::NotFound && name == "cn" => {
            (PathBuf::from("cn.toml (built in)"), CN.to_owned())
        }
        Err(error) => {
            item.wrong(
                format!("cannot read the holidays in {}: {error}", path.display()),
                "this list",
                "put the list there; \"cn\" is built in",
            );
            return None;
        }
    };
    let (list, found) = parse(&text, &path);
    let fine = found.is_empty();
    if !fine {
        let message = format!("the holidays in {} have mistakes", path.display());
        item.wrong(message, "this list", "they are shown at their lines");
    }
    item.problems.add(found);
    list.filter(|_| fine)
}

fn parse(text: &str, path: &Path) -> (Option<Holidays>, Vec<Problem>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problems = Problems::new(Document::new(path, text));
    let list = read_list(text, &problems);
    (list, problems.into_found())
}

fn read_list(text: &str, problems: &Problems) -> Option<Holidays> {
    let document = syntax::parse(text, problems)?;
    let mut root = Section::root(document.get_ref(), problems);
    // A free text for the reader of the file.
    if let Some(name) = root.get("name") {
        name.text();
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
            makeup.insert(date, day);
        }
    }
    let canonical = hash::canonical(document.get_ref());
    root.finish();
    Some(Holidays { closed: holidays.into_keys().collect(), makeup, years: years?, canonical })
}

fn years(item: &Item) -> Option<RangeInclusive<i32>> {
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

    use super::{CN, parse};
    use crate::plan::testing::{TICKETS, check, lines};
    use crate::plan::{self, PlanErrors};

    const CALENDAR: &str = "[calendars.default]\nweekly.daily = \"09:00-18:00\"\nholidays = \"";

    fn mistakes(text: &str) -> Vec<String> {
        lines(PlanErrors::new(parse(text, Path::new("x.toml")).1).problems())
    }

    #[test]
    fn the_built_in_list_is_fine() {
        let (list, found) = parse(CN, Path::new("cn.toml"));
        assert_eq!(lines(&found), [""; 0]);
        let list = list.unwrap();
        let new_year = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        assert!(list.closed.contains(&new_year) && list.years.contains(&2026) && !list.makeup.is_empty());
    }

    #[test]
    fn a_list_beside_the_pipeline_beats_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        let pipeline = folder.path().join("q.toml");
        let text = format!("{CALENDAR}cn\"\n{TICKETS}");
        let built_in = plan::parse(&text, &pipeline).unwrap();
        std::fs::create_dir(folder.path().join("calendars")).unwrap();
        std::fs::write(
            folder.path().join("calendars/cn.toml"),
            "years = [2026, 2026]\nholidays.2026-05-01 = \"劳动节\"\nworkdays.2026-05-03 = \"mon\"\n",
        )
        .unwrap();
        let own = plan::parse(&text, &pipeline).unwrap();
        assert_eq!(
            (
                own.calendars[0].spec.holidays.len(),
                own.calendars[0].spec.makeup.len(),
                own.calendars[0].spec.years.clone()
            ),
            (1, 1, Some(2026..=2026))
        );
        assert_ne!(own.hash, built_in.hash);

        std::fs::write(
            folder.path().join("calendars/cn.toml"),
            "years = [2026, 2026]\n[holidays]\n2026-13-01 = \"\"\n",
        )
        .unwrap();
        let errors = plan::parse(&text, &pipeline).unwrap_err();
        let [here, there] = errors.problems() else { panic!("{errors}") };
        assert_eq!((here.line(), here.file()), (Some(3), pipeline.to_str().unwrap()));
        assert!(there.file().ends_with("cn.toml") && there.line() == Some(3), "{there:?}");
    }

    #[test]
    fn a_list_that_is_not_there_is_named() {
        let found = check(&format!("{CALENDAR}jp\"\n")).concat();
        assert!(found.starts_with("3: cannot read the holidays in calendars/jp.toml: "), "{found}");
        assert_eq!(
            check(&format!("{CALENDAR}../cn.toml\"\n")),
            ["3: `../cn.toml` cannot name a holiday list | \
              write the name without folder and ending: \"cn\" is calendars/cn.toml beside this file"]
        );
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
