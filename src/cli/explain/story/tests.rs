//! Made-up stories as a customer would read them. Office hours are 08:30-12:00 13:00-17:30.

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

#[test]
fn simple_and_met() {
    insta::assert_snapshot!(zh(&simple()), @r#"
    工单 SR20260700001
    截至 2026-09-30 周三 24:00

      服务类型  维修服务

    经过
      2026-07-01 周三 10:00  客户提出需求
      2026-07-01 周三 11:30  首次响应
      2026-07-02 周四 10:12  问题解决

    逐日工作时间，及计入“问题解决”的时间
      2026-07-01 周三  08:30-12:00 13:00-17:30，计入 6 小时 30 分
      2026-07-02 周四  08:30-12:00 13:00-17:30，计入 1 小时 42 分

    时限
      首次响应：达标
        起止  2026-07-01 周三 10:00 至 2026-07-01 周三 11:30
        时限  2 小时（工作时间），按第 2 条服务约定
        到期  2026-07-01 周三 12:00
        用时  2 小时中用了 1 小时 30 分：周三 1 小时 30 分
      问题解决：达标
        起止  2026-07-01 周三 10:00 至 2026-07-02 周四 10:12
        时限  24 小时（工作时间），按第 2 条服务约定
        到期  2026-07-06 周一 10:00
        用时  24 小时中用了 8 小时 12 分：周三 6 小时 30 分 + 周四 1 小时 42 分
    "#);
    insta::assert_snapshot!(en(&simple()), @r#"
    Ticket SR20260700001
    As of the end of Wed 2026-09-30

      Service type  维修服务

    What happened
      Wed 2026-07-01 10:00  Requested
      Wed 2026-07-01 11:30  First response
      Thu 2026-07-02 10:12  Resolved

    Working hours day by day, and what of them counts for “Resolution”
      Wed 2026-07-01  08:30-12:00 13:00-17:30; 6 h 30 min counted
      Thu 2026-07-02  08:30-12:00 13:00-17:30; 1 h 42 min counted

    Targets
      First response: on time
        time    from Wed 2026-07-01 10:00 to Wed 2026-07-01 11:30
        target  2 h of working time, service agreement no. 2
        due     Wed 2026-07-01 12:00
        used    1 h 30 min of 2 h: Wed 1 h 30 min
      Resolution: on time
        time    from Wed 2026-07-01 10:00 to Thu 2026-07-02 10:12
        target  24 h of working time, service agreement no. 2
        due     Mon 2026-07-06 10:00
        used    8 h 12 min of 24 h: Wed 6 h 30 min + Thu 1 h 42 min
    "#);
}

#[test]
fn paused_and_breached() {
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
    insta::assert_snapshot!(zh(&story), @r#"
    工单 SR20260700001
    截至 2026-09-30 周三 24:00

      服务类型  维修服务

    经过
      2026-07-03 周五 15:00  客户提出需求
      2026-07-03 周五 16:00  开始处理
      2026-07-07 周二 11:00  问题解决

    暂停计时
      2026-07-06 周一 09:00 至 2026-07-06 周一 12:00  等待客户，不计入问题解决
      2026-07-07 周二 08:00 至 2026-07-07 周二 09:00  等待备件，不计入问题解决
      2026-07-07 周二 10:00 至 2026-07-07 周二 10:30  原因未记录，照常计时

    逐日工作时间，及计入“问题解决”的时间
      2026-07-03 周五  08:30-12:00 13:00-17:30，计入 2 小时 30 分
      2026-07-04 周六 至 2026-07-05 周日（2 天）  休息
      2026-07-06 周一  08:30-12:00 13:00-17:30，计入 5 小时（暂停 3 小时不计）
      2026-07-07 周二  08:30-12:00 13:00-17:30，计入 2 小时（暂停 30 分不计）

    时限
      问题解决：超时 1 小时 30 分
        起止  2026-07-03 周五 15:00 至 2026-07-07 周二 11:00
        时限  8 小时（工作时间），按服务约定“VIP”
        到期  2026-07-07 周二 09:30（已按暂停顺延）
        用时  8 小时中用了 9 小时 30 分：周五 2 小时 30 分 + 周一 5 小时 + 周二 2 小时（暂停 3 小时 30 分未计入）
        原因  处理过程用时最长
    "#);
    insta::assert_snapshot!(en(&story), @r#"
    Ticket SR20260700001
    As of the end of Wed 2026-09-30

      Service type  维修服务

    What happened
      Fri 2026-07-03 15:00  Requested
      Fri 2026-07-03 16:00  Work began
      Tue 2026-07-07 11:00  Resolved

    On hold
      Mon 2026-07-06 09:00 to Mon 2026-07-06 12:00  等待客户; not counted: Resolution
      Tue 2026-07-07 08:00 to Tue 2026-07-07 09:00  等待备件; not counted: Resolution
      Tue 2026-07-07 10:00 to Tue 2026-07-07 10:30  no reason recorded; no time is deducted

    Working hours day by day, and what of them counts for “Resolution”
      Fri 2026-07-03  08:30-12:00 13:00-17:30; 2 h 30 min counted
      Sat 2026-07-04 to Sun 2026-07-05 (2 days)  closed
      Mon 2026-07-06  08:30-12:00 13:00-17:30; 5 h counted (3 h on hold)
      Tue 2026-07-07  08:30-12:00 13:00-17:30; 2 h counted (30 min on hold)

    Targets
      Resolution: late by 1 h 30 min
        time    from Fri 2026-07-03 15:00 to Tue 2026-07-07 11:00
        target  8 h of working time, service agreement “VIP”
        due     Tue 2026-07-07 09:30 (put off by the time on hold)
        used    9 h 30 min of 8 h: Fri 2 h 30 min + Mon 5 h + Tue 2 h (3 h 30 min on hold not counted)
        why     the work itself took longest
    "#);
}

#[test]
fn reopened() {
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
    insta::assert_snapshot!(zh(&story), @r#"
    工单 SR20260700001
    截至 2026-09-30 周三 24:00

      服务类型  维修服务

    经过
      2026-07-01 周三 09:00  客户提出需求
      2026-07-01 周三 11:00  首次解决
      2026-07-02 周四 09:30  重开
      2026-07-02 周四 10:30  问题解决
      2026-07-03 周五 09:30  评价

    暂停计时
      2026-07-01 周三 11:00 至 2026-07-02 周四 09:30  已解决，至重开之前，不计入问题解决

    逐日工作时间，及计入“问题解决”的时间
      2026-07-01 周三  08:30-12:00 13:00-17:30，计入 2 小时（暂停 5 小时 30 分不计）
      2026-07-02 周四  08:30-12:00 13:00-17:30，计入 1 小时（暂停 1 小时不计）

    时限
      问题解决：达标
        起止  2026-07-01 周三 09:00 至 2026-07-02 周四 10:30
        时限  4 小时（工作时间），按第 2 条服务约定
        到期  2026-07-02 周四 11:30（已按暂停顺延）
        用时  4 小时中用了 3 小时：周三 2 小时 + 周四 1 小时（暂停 6 小时 30 分未计入）
      评价回收（评价 SV001）：达标
        起止  2026-07-02 周四 10:30 至 2026-07-03 周五 09:30
        时限  24 小时（自然时间），按通用约定
        到期  2026-07-03 周五 10:30
        用时  24 小时中用了 23 小时
    "#);
}

#[test]
fn over_spring_festival() {
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
    insta::assert_snapshot!(zh(&story), @r#"
    工单 SR20260700001
    截至 2026-09-30 周三 24:00，工作日历“shanghai”

      服务类型  维修服务

    经过
      2026-02-13 周五 16:00  客户提出需求
      2026-03-02 周一 09:00  问题解决

    逐日工作时间，及计入“问题解决”的时间
      2026-02-13 周五  08:30-12:00 13:00-17:30，计入 1 小时 30 分
      2026-02-14 周六  调休上班，按周一的时间 08:30-12:00 13:00-17:30，计入 8 小时
      2026-02-15 周日 至 2026-02-23 周一（9 天）  公共假日，休息
      2026-02-24 周二  当日另有安排，08:30-12:00，计入 3 小时 30 分
      2026-02-25 周三 至 2026-02-27 周五（3 天）  08:30-12:00 13:00-17:30，每天计入 8 小时
      2026-02-28 周六  调休上班，按周一的时间 08:30-12:00 13:00-17:30，计入 8 小时
      2026-03-01 周日  休息
      2026-03-02 周一  08:30-12:00 13:00-17:30，计入 30 分

    时限
      问题解决：超时 10 小时
        起止  2026-02-13 周五 16:00 至 2026-03-02 周一 09:00
        时限  5 个工作日（同一时刻前），合 35 小时 30 分工作时间，按第 2 条服务约定
        到期  2026-02-27 周五 16:00
        用时  35 小时 30 分中用了 45 小时 30 分：2月13日 1 小时 30 分 + 2月14日 8 小时 + 2月24日 3 小时 30 分 + 4 × 8 小时（2月25日至2月28日） + 3月2日 30 分
        原因  响应之后等待开始处理用时最长
    "#);
    insta::assert_snapshot!(en(&story), @r#"
    Ticket SR20260700001
    As of the end of Wed 2026-09-30, working calendar “shanghai”

      Service type  维修服务

    What happened
      Fri 2026-02-13 16:00  Requested
      Mon 2026-03-02 09:00  Resolved

    Working hours day by day, and what of them counts for “Resolution”
      Fri 2026-02-13  08:30-12:00 13:00-17:30; 1 h 30 min counted
      Sat 2026-02-14  make-up workday with Mon hours, 08:30-12:00 13:00-17:30; 8 h counted
      Sun 2026-02-15 to Mon 2026-02-23 (9 days)  public holiday, closed
      Tue 2026-02-24  special hours that day, 08:30-12:00; 3 h 30 min counted
      Wed 2026-02-25 to Fri 2026-02-27 (3 days)  08:30-12:00 13:00-17:30; 8 h counted each day
      Sat 2026-02-28  make-up workday with Mon hours, 08:30-12:00 13:00-17:30; 8 h counted
      Sun 2026-03-01  closed
      Mon 2026-03-02  08:30-12:00 13:00-17:30; 30 min counted

    Targets
      Resolution: late by 10 h
        time    from Fri 2026-02-13 16:00 to Mon 2026-03-02 09:00
        target  5 working days, by the same time of day, 35 h 30 min of working time, service agreement no. 2
        due     Fri 2026-02-27 16:00
        used    45 h 30 min of 35 h 30 min: 13 Feb 1 h 30 min + 14 Feb 8 h + 24 Feb 3 h 30 min + 4 × 8 h (25 Feb to 28 Feb) + 2 Mar 30 min
        why     waiting for work to begin took longest
    "#);
}

#[test]
fn unusable_and_cancelled() {
    let mut story = simple();
    story.clocks[0].outcome = Some("cancelled");
    let clock = &mut story.clocks[1];
    (clock.outcome, clock.due, clock.used_seconds) = (Some("unusable"), None, None);
    clock.contradiction =
        Some(Pair { earlier: ("requested_at", at("07-01 10:00")), later: ("resolved_at", at("07-01 09:12")) });
    story.days.clear();
    story.moments.rotate_right(1);
    story.moments[0].1 = at("07-01 09:12");
    insta::assert_snapshot!(zh(&story), @r#"
    工单 SR20260700001
    截至 2026-09-30 周三 24:00

      服务类型  维修服务

    经过
      2026-07-01 周三 09:12  问题解决
      2026-07-01 周三 10:00  客户提出需求
      2026-07-01 周三 11:30  首次响应

    时限
      首次响应：已取消，不作考核
      问题解决：无法计时
        原因  记录中“问题解决”（2026-07-01 周三 09:12）早于“客户提出需求”（2026-07-01 周三 10:00），两者必有一误
    "#);
    story.clocks.remove(0);
    story.clocks[0].contradiction = None;
    let why = |story: &Story| en(story).lines().last().unwrap_or_default().to_owned();
    insta::assert_snapshot!(why(&story), @"    why     the working calendar does not know the years of these dates");
    story.clocks[0].start = None;
    insta::assert_snapshot!(why(&story), @"    why     the moment at which it begins is not recorded");
}

#[test]
fn open_and_running() {
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
    insta::assert_snapshot!(zh(&story), @r#"
    工单 SR20260700001
    截至 2026-09-30 周三 24:00

      服务类型  维修服务

    经过
      2026-09-30 周三 15:00  客户提出需求

    暂停计时
      2026-09-30 周三 16:30 至今  等待客户，不计入问题解决

    逐日工作时间，及计入“问题解决”的时间
      2026-09-30 周三  08:30-12:00 13:00-17:30，计入 1 小时 30 分（暂停 1 小时不计）

    时限
      首次响应：超时 30 分，尚未完成
        起止  2026-09-30 周三 15:00 至今
        时限  2 小时（工作时间），按对客户的承诺
        到期  2026-09-30 周三 17:00
        用时  2 小时中用了 2 小时 30 分：周三 2 小时 30 分
        原因  至今没有响应
      问题解决：进行中
        起止  2026-09-30 周三 15:00 至今
        时限  24 小时（工作时间），按第 2 条服务约定
        到期  2026-10-10 周六 16:00（已按暂停顺延）
        用时  24 小时中用了 1 小时 30 分：周三 1 小时 30 分（暂停 1 小时未计入）
        剩余  22 小时 30 分
    "#);
    insta::assert_snapshot!(en(&story), @r#"
    Ticket SR20260700001
    As of the end of Wed 2026-09-30

      Service type  维修服务

    What happened
      Wed 2026-09-30 15:00  Requested

    On hold
      Wed 2026-09-30 16:30 until now  等待客户; not counted: Resolution

    Working hours day by day, and what of them counts for “Resolution”
      Wed 2026-09-30  08:30-12:00 13:00-17:30; 1 h 30 min counted (1 h on hold)

    Targets
      First response: late by 30 min, and still open
        time    from Wed 2026-09-30 15:00 to now
        target  2 h of working time, as promised to the customer
        due     Wed 2026-09-30 17:00
        used    2 h 30 min of 2 h: Wed 2 h 30 min
        why     nobody has responded yet
      Resolution: in progress
        time    from Wed 2026-09-30 15:00 to now
        target  24 h of working time, service agreement no. 2
        due     Sat 2026-10-10 16:00 (put off by the time on hold)
        used    1 h 30 min of 24 h: Wed 1 h 30 min (1 h on hold not counted)
        left    22 h 30 min
    "#);
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
