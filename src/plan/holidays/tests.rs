//! Tests of `holidays` as plans write it.

use crate::plan;
use crate::plan::testing::{TICKETS, check, lines};
use crate::plan::types::Plan;

const CALENDAR: &str = "[calendars.default]\nweekly.daily = \"09:00-18:00\"\nholidays = \"";

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
        (own.calendars[0].spec.holidays.len(), own.calendars[0].spec.makeup.len(), own.calendars[0].spec.years.clone()),
        (1, 1, Some(2026..=2026))
    );
    assert_ne!(own.hash, built_in.hash);

    std::fs::write(folder.path().join("calendars/cn.toml"), "years = [2026, 2026]\n[holidays]\n2026-13-01 = \"\"\n")
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
          write the name without folder and ending: \"cn\" is calendars/cn.toml beside this file; \
          a calendar file of another program ends in .ics"]
    );
}

const EVENT: &str = "BEGIN:VEVENT\nSUMMARY:厂庆\nDTSTART;VALUE=DATE:20260810\nEND:VEVENT\n";

/// A plan whose calendar names some holidays, beside a file `c.ics` with some events.
fn with(holidays: &str, more: &str, events: &str) -> Result<Plan, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("c.ics"), format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n")).unwrap();
    std::fs::create_dir(folder.path().join("calendars")).unwrap();
    let list = "years = [2025, 2026]\nholidays.2026-05-01 = \"劳动节\"\nworkdays.2026-05-09 = \"thu\"\n";
    std::fs::write(folder.path().join("calendars/x.toml"), list).unwrap();
    let text = format!("[calendars.default]\nweekly.mon-fri = \"09:00-18:00\"\nholidays = {holidays}\n{more}{TICKETS}");
    plan::parse(&text, &folder.path().join("q.toml")).map_err(|errors| {
        lines(errors.problems()).into_iter().map(|line| line.replace(folder.path().to_str().unwrap(), "…")).collect()
    })
}

#[test]
fn lists_are_merged_and_the_years_are_those_that_all_know() {
    let plan = with("[\"x\", { file = \"c.ics\", years = [2024, 2026] }]", "", EVENT).unwrap();
    let spec = &plan.calendars[0].spec;
    assert_eq!((spec.holidays.len(), spec.makeup.len(), spec.years.clone()), (2, 1, Some(2025..=2026)));
    let alone = with("\"c.ics\"", "", EVENT).unwrap();
    assert_eq!(alone.calendars[0].spec.years, Some(2026..=2026));
    // What a file says counts, not how.
    let renamed = with("\"c.ics\"", "", &EVENT.replace("厂庆", "停电").replace('\n', "\r\n")).unwrap();
    assert_eq!(renamed.hash, alone.hash);
    let moved = with("\"c.ics\"", "", &EVENT.replace("20260810", "20260811")).unwrap();
    assert_ne!(moved.hash, alone.hash);
}

#[test]
fn lists_must_not_contradict_each_other() {
    let both = "[\"x\", \"c.ics\"]";
    let worked = EVENT.replace("厂庆", "劳动节（班）").replace("20260810", "20260501");
    assert_eq!(
        with(both, "", &worked).unwrap_err(),
        ["3: x closes 2026-05-01, and c.ics works on it | \
          take it out of one of them, or give the date its own hours in `dates`"]
    );
    let spec = |hours: &str| {
        let plan = with(both, &format!("dates.2026-05-01 = \"{hours}\"\n"), &worked).unwrap();
        let spec = &plan.calendars[0].spec;
        (spec.holidays.len(), spec.makeup.len())
    };
    assert_eq!((spec("closed"), spec("09:00-12:00")), ((1, 1), (0, 2)));
    // A list that names the weekday knows better than a calendar file.
    let plan = with(both, "", &EVENT.replace("厂庆", "补班").replace("20260810", "20260509")).unwrap();
    assert_eq!(plan.calendars[0].spec.makeup[&"2026-05-09".parse().unwrap()], chrono::Weekday::Thu);
}

#[test]
fn holidays_must_be_named_rightly() {
    let wrong = |holidays: &str| with(holidays, "", EVENT).unwrap_err();
    assert_eq!(wrong("[]"), ["3: `holidays` is an empty list | name one at least, or remove it"]);
    assert_eq!(wrong("[\"x\", \"x\"]"), ["3: `x` is named twice | name it once"]);
    assert_eq!(
        wrong("{ file = \"cn\" }"),
        [
            "3: `cn` is no calendar file | a `file` ends in .ics; a list such as \"cn\" is named without braces and knows \
          its years"
        ]
    );
    assert_eq!(
        wrong("{ years = [2025, 2026] }"),
        ["3: the holidays name no `file` | write { file = \"company.ics\", years = [2024, 2026] }"]
    );
    assert_eq!(wrong("{ file = \"c.ics\", year = 2026 }"), ["3: unknown key `year` | did you mean `years`?"]);
    assert_eq!(
        wrong("[\"x\", { file = \"c.ics\", years = [2027, 2028] }]"),
        ["3: the lists have no year in common: x knows 2025–2026, c.ics knows 2027–2028 | \
          only years that all of them know are known"]
    );
    assert_eq!(
        wrong("7"),
        ["3: `holidays` must be the name of a list, an .ics file or { file = …, years = … }, not a whole number | "]
    );
    let none = wrong("\"sub/none.ics\"").concat();
    assert!(none.starts_with("3: cannot read the holidays in …/sub/none.ics: "), "{none}");
    assert_eq!(
        with("\"c.ics\"", "", "BEGIN:VEVENT\nSUMMARY:会议\nDTSTART:20260810T090000\nEND:VEVENT\n").unwrap_err(),
        [
            "3: the holidays in …/c.ics have mistakes | they are shown at their lines",
            "4: `会议` has a time of day | holidays are whole days: make it an all-day event",
        ]
    );
}
