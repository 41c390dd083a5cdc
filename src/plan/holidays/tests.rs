//! Tests of `holidays` as plans write it.

use std::path::Path;

use crate::plan;
use crate::plan::testing::{TICKETS, check};

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
