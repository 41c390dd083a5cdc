//! Made-up stories as a customer would read them. Office hours are 08:30-12:00 13:00-17:30.

mod chinese;
mod english;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, Weekday};

use super::{Wording, tell};
use crate::ingest::rules::Pair;
use crate::review::{Day, DayKind, Language, Paused, Story, Target, Told, Wall};
use crate::schema::facts::{CLOCKS, FACT_SURVEY, FACT_TICKET};
use crate::time::shift::parse_hours;

fn wording(language: Language) -> Wording {
    let columns = FACT_TICKET.columns.iter().chain(FACT_SURVEY.columns);
    Wording {
        language,
        clocks: CLOCKS.iter().map(|clock| (clock.name, clock.label.get(language))).collect(),
        columns: columns.map(|column| (column.name, column.label.get(language))).collect::<BTreeMap<_, _>>(),
    }
}

fn zh(story: &Story) -> String {
    tell(story, &wording(Language::Zh))
}

fn en(story: &Story) -> String {
    tell(story, &wording(Language::En))
}

/// A moment of 2026: `07-01 10:00`.
fn at(text: &str) -> Wall {
    crate::time::wall(NaiveDateTime::parse_from_str(&format!("2026-{text}"), "%Y-%m-%d %H:%M").unwrap())
}

fn ticket(moments: &[(&'static str, &str)], days: Vec<Day>, clocks: Vec<Told>) -> Story {
    Story {
        ticket_id: "SR20260700001".to_owned(),
        about: vec![
            ("month", "2026-07".to_owned()),
            ("service_type", "维修服务".to_owned()),
            ("staff_id", "E007".to_owned()),
        ],
        calendar: "default".to_owned(),
        as_of: at("10-01 00:00") - 1,
        moments: moments.iter().map(|(column, text)| (*column, at(text))).collect(),
        pauses: Vec::new(),
        days,
        clocks,
    }
}

const OFFICE: &str = "08:30-12:00 13:00-17:30";

/// A date with minutes that counted and, among them, minutes on hold.
fn day(date: &str, hours: &str, kind: DayKind, minutes: i64, paused: i64) -> Day {
    let date = format!("2026-{date}").parse().unwrap();
    Day { date, hours: parse_hours(hours).unwrap(), kind, seconds: minutes * 60, paused: paused * 60 }
}

fn usual(date: &str, minutes: i64, paused: i64) -> Day {
    day(date, OFFICE, DayKind::Usual, minutes, paused)
}

fn closed(first: &str, count: u64, kind: DayKind) -> Vec<Day> {
    let first: NaiveDate = format!("2026-{first}").parse().unwrap();
    let date = |day| first + chrono::Days::new(day);
    (0..count).map(|n| Day { date: date(n), hours: Vec::new(), kind, seconds: 0, paused: 0 }).collect()
}

/// A clock from its start to its end; minutes used, of a target in hours of working time.
fn clock(name: &'static str, times: (&str, Option<&str>), used: i64, hours: i64, due: &str) -> Told {
    let (target, used) = (hours * 3600, used * 60);
    let end = times.1.map(at);
    let outcome = match (used > target, end) {
        (true, _) => "breached",
        (false, Some(_)) => "met",
        (false, None) => "running",
    };
    Told {
        clock: name,
        survey: None,
        start: Some(at(times.0)),
        end,
        policy: Some("sla-2".to_owned()),
        target: Some(Target::Working { seconds: target }),
        promised: false,
        due: Some(at(due)),
        target_seconds: Some(target),
        used_seconds: Some(used),
        paused_seconds: None,
        over_seconds: (used > target).then_some(used - target),
        outcome: Some(outcome),
        cause: None,
        contradiction: None,
    }
}

fn pause(begin: &str, end: Option<&str>, reason: Option<&str>, stops: &[&'static str]) -> Paused {
    Paused {
        begin: at(begin),
        end: end.map(at),
        reason: reason.map(str::to_owned),
        closed: false,
        stops: stops.to_vec(),
    }
}

fn simple() -> Story {
    ticket(
        &[("requested_at", "07-01 10:00"), ("first_response_at", "07-01 11:30"), ("resolved_at", "07-02 10:12")],
        vec![usual("07-01", 390, 0), usual("07-02", 102, 0)],
        vec![
            clock("first_response", ("07-01 10:00", Some("07-01 11:30")), 90, 2, "07-01 12:00"),
            clock("resolution", ("07-01 10:00", Some("07-02 10:12")), 492, 24, "07-06 10:00"),
        ],
    )
}

fn paused_and_breached() -> Story {
    let mut story = ticket(
        &[("requested_at", "07-03 15:00"), ("started_at", "07-03 16:00"), ("resolved_at", "07-07 11:00")],
        [
            vec![usual("07-03", 150, 0)],
            closed("07-04", 2, DayKind::Usual),
            vec![usual("07-06", 480, 180), usual("07-07", 150, 30)],
        ]
        .concat(),
        vec![clock("resolution", ("07-03 15:00", Some("07-07 11:00")), 570, 8, "07-07 09:30")],
    );
    story.pauses = vec![
        pause("07-06 09:00", Some("07-06 12:00"), Some("等待客户"), &["resolution"]),
        pause("07-07 08:00", Some("07-07 09:00"), Some("等待备件"), &["resolution"]),
        pause("07-07 10:00", Some("07-07 10:30"), None, &[]),
    ];
    story.clocks[0].paused_seconds = Some(210 * 60);
    story.clocks[0].cause = Some("handling");
    story.clocks[0].policy = Some("VIP".to_owned());
    story
}

fn reopened() -> Story {
    let mut story = ticket(
        &[
            ("requested_at", "07-01 09:00"),
            ("first_resolved_at", "07-01 11:00"),
            ("reopened_at", "07-02 09:30"),
            ("resolved_at", "07-02 10:30"),
            ("answered_at", "07-03 09:30"),
        ],
        vec![usual("07-01", 450, 330), usual("07-02", 120, 60)],
        vec![clock("resolution", ("07-01 09:00", Some("07-02 10:30")), 180, 4, "07-02 11:30")],
    );
    story.pauses = vec![pause("07-01 11:00", Some("07-02 09:30"), None, &["resolution"])];
    story.pauses[0].closed = true;
    story.clocks[0].paused_seconds = Some(390 * 60);
    let mut survey = clock("survey_return", ("07-02 10:30", Some("07-03 09:30")), 23 * 60, 24, "07-03 10:30");
    survey.survey = Some("SV001".to_owned());
    survey.target = Some(Target::Clock { seconds: 86_400 });
    survey.policy = Some("survey_return".to_owned());
    story.clocks.push(survey);
    story
}

fn over_spring_festival() -> Story {
    let mut days = vec![usual("02-13", 90, 0), day("02-14", OFFICE, DayKind::Makeup(Weekday::Mon), 480, 0)];
    days.extend(closed("02-15", 9, DayKind::Holiday));
    days.push(day("02-24", "08:30-12:00", DayKind::Explicit, 210, 0));
    days.extend(["02-25", "02-26", "02-27"].map(|date| usual(date, 480, 0)));
    days.push(day("02-28", OFFICE, DayKind::Makeup(Weekday::Mon), 480, 0));
    days.extend(closed("03-01", 1, DayKind::Usual));
    days.push(usual("03-02", 30, 0));
    let mut story = ticket(
        &[("requested_at", "02-13 16:00"), ("resolved_at", "03-02 09:00")],
        days,
        vec![clock("resolution", ("02-13 16:00", Some("03-02 09:00")), 2730, 35, "02-27 16:00")],
    );
    story.calendar = "shanghai".to_owned();
    story.clocks[0].target = Some(Target::Days { days: 5, at_close: false });
    story.clocks[0].target_seconds = Some(2130 * 60);
    story.clocks[0].over_seconds = Some(600 * 60);
    story.clocks[0].cause = Some("waiting");
    story
}

fn unusable_and_cancelled() -> Story {
    let mut story = simple();
    story.clocks[0].outcome = Some("cancelled");
    let clock = &mut story.clocks[1];
    (clock.outcome, clock.due, clock.used_seconds) = (Some("unusable"), None, None);
    clock.contradiction =
        Some(Pair { earlier: ("requested_at", at("07-01 10:00")), later: ("resolved_at", at("07-01 09:12")) });
    story.days.clear();
    story.moments.rotate_right(1);
    story.moments[0].1 = at("07-01 09:12");
    story
}

fn open_and_running() -> Story {
    let mut story = ticket(
        &[("requested_at", "09-30 15:00")],
        vec![usual("09-30", 150, 60)],
        vec![
            clock("first_response", ("09-30 15:00", None), 150, 2, "09-30 17:00"),
            clock("resolution", ("09-30 15:00", None), 90, 24, "10-10 16:00"),
        ],
    );
    story.pauses = vec![pause("09-30 16:30", None, Some("等待客户"), &["resolution"])];
    story.clocks[0].cause = Some("no_response");
    story.clocks[0].promised = true;
    story.clocks[0].policy = Some("promised".to_owned());
    story.clocks[1].paused_seconds = Some(3600);
    story
}

#[test]
fn other_reasons_why_a_clock_is_unusable() {
    let mut story = unusable_and_cancelled();
    story.clocks.remove(0);
    story.clocks[0].contradiction = None;
    let why = |story: &Story| en(story).lines().last().unwrap_or_default().to_owned();
    insta::assert_snapshot!(why(&story), @"    why     the working calendar does not know the years of these dates");
    story.clocks[0].start = None;
    insta::assert_snapshot!(why(&story), @"    why     the moment at which it begins is not recorded");
}

#[test]
fn long_stories_are_shortened() {
    // Every other day counts a minute more, so that no two days in a row are alike.
    let first: NaiveDate = "2026-01-01".parse().unwrap();
    let mut days: Vec<Day> = first
        .iter_days()
        .take(60)
        .zip(0_i64..)
        .map(|(date, n)| Day { date, seconds: 60 * (1 + n % 2), ..usual("01-01", 0, 0) })
        .collect();
    // A gap that whoever made the story left.
    days.drain(3..6);
    let mut story = simple();
    story.days = days;
    let text = zh(&story);
    let dots: Vec<&str> = text.lines().filter(|line| line.contains('…')).collect();
    insta::assert_snapshot!(dots.join("\n"), @r#"
    …                其间 3 天没有新的进展，从略
    …                其间 27 天从略，共计入 40 分
    "#);
}

#[test]
fn a_sum_that_does_not_add_up_is_not_told() {
    let mut story = simple();
    story.clocks[1].used_seconds = Some(492 * 60 + 3600);
    let text = en(&story);
    assert!(text.contains("1 h 30 min of 2 h: Wed 1 h 30 min\n") && text.contains("9 h 12 min of 24 h\n"), "{text}");
}

#[test]
fn nights_and_weeks_add_up() {
    let night = |date, minutes| day(date, "22:00-06:00", DayKind::Usual, minutes, 0);
    let mut story = simple();
    story.days = vec![night("07-01", 0), night("07-02", 0), night("07-03", 0)];
    story.clocks = vec![clock("start", ("07-01 23:00", Some("07-02 23:30")), 510, 24, "07-04 23:00")];
    assert!(en(&story).contains("8 h 30 min of 24 h: Wed 1 h + Thu 7 h 30 min\n"), "{}", en(&story));
    let week = |first: u32| (first..first + 5).map(|day| usual(&format!("07-{day:02}"), 480, 0));
    story.days = week(6).chain(closed("07-11", 2, DayKind::Usual)).chain(week(13)).collect();
    story.clocks = vec![clock("resolution", ("07-06 08:30", Some("07-17 17:30")), 4800, 80, "07-17 17:30")];
    assert!(en(&story).contains("80 h of 80 h: 10 × 8 h (6 Jul to 17 Jul)\n"), "{}", en(&story));
}
