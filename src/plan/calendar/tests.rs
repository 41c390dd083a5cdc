//! Tests of `[calendars]` as plans write it.

use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
use crate::plan::types::Is;
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
fn wrong_dates() {
    assert_eq!(
        check(
            "[calendars.default]\nweekly.daily = \"09:00-18:00\"\n[calendars.default.dates]\n2026-02-30 = \"closed\"\n\
             2026-7-15 = \"closed\"\n2026-07-16 = \"shut\"\n"
        ),
        [
            "4: `2026-02-30` is not a date | write a date of the calendar as \"2026-09-30\"",
            "5: `2026-7-15` is not a date | write a date of the calendar as \"2026-09-30\"",
            "6: `shut` is not understood | opening hours look like `08:30-12:00 13:00-17:30` or `closed`",
        ]
    );
}

/// Calendars in front of tickets with two columns to choose by; the first one stands on line 1.
fn several(calendars: &str) -> String {
    format!("{calendars}\n{TICKETS}region = \"r\"\ncustomer_tier = \"t\"\n")
}

const DEFAULT: &str = "[calendars.default]\nweekly.mon-fri = \"09:00-18:00\"\n";

#[test]
fn calendars_are_tried_in_the_order_of_the_file_and_default_comes_last() {
    let north = "[calendars.北方]\nwhen.region = [\"北京\", \"天津\"]\nweekly.daily = \"08:00-20:00\"\n";
    let vip = "[calendars.\"VIP 24h\"]\nwhen = { customer_tier = \"VIP\" }\nweekly = \"always\"\n";
    let plan = |text: String| plan(&several(&text));
    let one = plan(format!("{DEFAULT}{vip}{north}"));
    let names: Vec<&str> = one.calendars.iter().map(|calendar| calendar.name.as_str()).collect();
    assert_eq!(names, ["VIP 24h", "北方", "default"]);
    assert_eq!(one.calendars[1].when[0].is, Is::OneOf(vec!["北京".to_owned(), "天津".to_owned()]));
    assert!(one.calendars[2].when.is_empty());
    let always = [const { Shift { from: 0, to: 86400 } }];
    assert!(one.calendars[0].spec.weekly.iter().all(|day| day[..] == always));
    assert_eq!(one.calendars[2].spec.weekly.each_ref().map(Vec::len), [1, 1, 1, 1, 1, 0, 0]);
    let other = plan(format!("{north}{DEFAULT}{vip}"));
    assert_eq!(other.calendars[0].name, "北方");
    // The first match wins, so the order says something.
    assert_ne!(one.hash, other.hash);
}

#[test]
fn always_is_open_on_holidays_unless_they_are_given() {
    let spec = |text: &str| plan(&format!("[calendars.default]\nweekly = \"always\"\n{text}")).calendars.remove(0).spec;
    let new_year = "2026-01-01".parse().unwrap();
    assert_eq!(spec("").hours_on(new_year).len(), 1);
    assert_eq!(spec("holidays = \"cn\"\n").hours_on(new_year).len(), 0);
    assert_eq!(spec("holidays = \"cn\"\ndates = { 2026-01-01 = \"09:00-12:00\" }\n").hours_on(new_year)[0].to, 43200);
}

#[test]
fn mistakes_of_several_calendars() {
    let hours = "weekly = \"always\"\n";
    let when = "when.region = \"a\"\n";
    let advice = "write when = { region = \"华东\" }, or call the calendar `default` if it is for all";
    for (calendars, mistakes) in [
        (
            format!("[calendars.a]\n{when}{hours}"),
            vec![
                "1: the plan has calendars, but none for the tickets that no `when` matches | \
                 add [calendars.default], without `when`: it holds for all the others"
                    .to_owned(),
            ],
        ),
        (
            format!("[calendars.a]\n{hours}{DEFAULT}"),
            vec![format!("1: the calendar `a` does not say for which tickets it is | {advice}")],
        ),
        (
            format!("[calendars.a]\nwhen = {{}}\n{hours}{DEFAULT}"),
            vec![format!("2: `when` has no condition | {advice}")],
        ),
        (
            format!("{DEFAULT}{when}"),
            vec![
                "3: `default` holds for every ticket that no other calendar is for, so it has no `when` | \
                 give the conditions to a calendar with another name; the others are tried before `default`"
                    .to_owned(),
            ],
        ),
        (
            format!(
                "[calendars.a]\n{when}{hours}[calendars.b]\nwhen = {{ region = \"a\", customer_tier = \"x\" }}\n{hours}{DEFAULT}"
            ),
            vec![
                "4: this calendar can never match: the one on line 1 comes first and catches all it would | \
                 the first match wins: put the narrower calendar above, or remove it"
                    .to_owned(),
            ],
        ),
        (
            format!("[calendars.\" \"]\n{when}{hours}{DEFAULT}"),
            vec!["1: a calendar has no name | write [calendars.night], or another name".to_owned()],
        ),
        (
            format!("[calendars.a]\n{when}{hours}[calendars.\" a\"]\nwhen.region = \"b\"\n{hours}{DEFAULT}"),
            vec!["4: two calendars are named `a` | names tell calendars apart in the tables".to_owned()],
        ),
        (
            format!("[calendars.a]\nwhen.branch = \"x\"\nweekly = \"alwys\"\n{DEFAULT}"),
            vec![
                "2: `branch` is not mapped, so the calendar would never match | \
                 add branch = \"their name for it\" to [sources.tickets.columns]"
                    .to_owned(),
                "3: `weekly` cannot be `alwys` | write weekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }, or \
                 \"always\" for around the clock"
                    .to_owned(),
            ],
        ),
        (
            format!("[calendars.a]\nwhen.evaluator = \"x\"\n{hours}{DEFAULT}"),
            vec!["2: tickets have no column `evaluator` | ".to_owned()],
        ),
    ] {
        let found = check(&several(&calendars));
        assert_eq!(found.len(), mistakes.len(), "{found:?}");
        for (found, mistake) in found.iter().zip(&mistakes) {
            assert!(found.starts_with(mistake), "{found}\n{mistake}");
        }
    }
}

#[test]
fn a_usual_target_in_working_time_is_dropped_without_calendar() {
    let surveys = format!("{TICKETS}{SURVEYS}suggestion_answered_at = \"回复\"\n");
    assert_eq!(plan(&surveys).clock("suggestion_reply").unwrap().target, None);
    assert!(plan(&format!("{DEFAULT}{surveys}")).clock("suggestion_reply").unwrap().target.is_some());
}

#[test]
fn a_target_of_a_clock_in_working_time_needs_a_calendar() {
    let surveys = format!("{TICKETS}{SURVEYS}suggestion_answered_at = \"回复\"\n");
    let clock = "[clocks.suggestion_reply]\ntarget = \"5d close\"\n";
    let asks = |text: &str| {
        check(text)
            .iter()
            .any(|line| line.starts_with("2: this target counts working time, but the plan has no calendar"))
    };
    assert!(asks(&format!("{clock}{surveys}")));
    assert!(!asks(&format!("{clock}{DEFAULT}{surveys}")));
}
