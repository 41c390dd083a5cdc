//! Tests of `[calendars]` as plans write it.

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
