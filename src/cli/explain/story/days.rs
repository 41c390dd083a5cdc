//! The calendar days of a story: their hours and why, and what of them counted.

use chrono::NaiveDate;

use super::wording::Wording;
use crate::review::{Day, DayKind, Story, Target};

/// A story with more lines of days is shortened to its beginning and its end.
const LONG: usize = 30;

/// Days in a row that are told in one line.
struct Run<'s> {
    first: NaiveDate,
    last: NaiveDate,
    count: i64,
    day: &'s Day,
}

/// A line for each day or run of equal days: the dates, and what they were.
pub fn lines(story: &Story, wording: &Wording) -> Vec<(String, String)> {
    let resolution = story.clocks.iter().find(|told| told.clock == "resolution");
    let counts = resolution.is_some_and(|told| !matches!(told.target, Some(Target::Clock { .. })));
    let runs = runs(&story.days);
    let left_out = runs.len().saturating_sub(LONG);
    let (head, tail) = (LONG / 2, LONG / 2 + left_out);
    let mut lines = Vec::new();
    let mut previous: Option<NaiveDate> = None;
    for (place, run) in runs.iter().enumerate() {
        if left_out > 0 && place == head {
            lines.push((String::from("…"), shortened(runs.get(head..tail).unwrap_or_default(), counts, wording)));
        }
        let gap = previous.map_or(0, |last| (run.first - last).num_days() - 1);
        previous = Some(run.last);
        if left_out > 0 && (head..tail).contains(&place) {
            continue;
        }
        if gap > 0 {
            let zh = format!("其间 {gap} 天没有新的进展，从略");
            lines.push(("…".to_owned(), wording.either(&zh, &format!("{gap} days without news, left out")).to_owned()));
        }
        lines.push((dates(run, wording), told(run, counts, wording)));
    }
    lines
}

fn shortened(runs: &[Run], counts: bool, wording: &Wording) -> String {
    let days: i64 = runs.iter().map(|run| run.count).sum();
    let counted: i64 = runs.iter().map(|run| run.count * (run.day.seconds - run.day.paused)).sum();
    let time = wording.duration(counted);
    let (zh, en) =
        if counts { (format!("，共计入 {time}"), format!(", {time} counted")) } else { Default::default() };
    wording.either(&format!("其间 {days} 天从略{zh}"), &format!("{days} days left out{en}")).to_owned()
}

fn runs(days: &[Day]) -> Vec<Run<'_>> {
    let mut runs: Vec<Run> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some(run) if run.last.succ_opt() == Some(day.date) && alike(run.day, day) => {
                run.last = day.date;
                run.count += 1;
            }
            _ => runs.push(Run { first: day.date, last: day.date, count: 1, day }),
        }
    }
    runs
}

fn alike(one: &Day, other: &Day) -> bool {
    (one.kind, &one.hours, one.seconds, one.paused) == (other.kind, &other.hours, other.seconds, other.paused)
}

fn dates(run: &Run, wording: &Wording) -> String {
    if run.count == 1 {
        return wording.date(run.first);
    }
    let (first, last, count) = (wording.date(run.first), wording.date(run.last), run.count);
    wording.either(&format!("{first} 至 {last}（{count} 天）"), &format!("{first} to {last} ({count} days)")).to_owned()
}

fn told(run: &Run, counts: bool, wording: &Wording) -> String {
    let day = run.day;
    let mut text = hours(day, wording);
    if counts && day.seconds > 0 {
        let time = wording.duration(day.seconds - day.paused);
        let (zh, en) = if run.count > 1 { ("每天计入", " counted each day") } else { ("计入", " counted") };
        text += wording.either(&format!("，{zh} {time}"), &format!("; {time}{en}"));
        if day.paused > 0 {
            let paused = wording.duration(day.paused);
            text += wording.either(&format!("（暂停 {paused}不计）"), &format!(" ({paused} on hold)"));
        }
    }
    text
}

/// The hours of a day, and why it has them.
fn hours(day: &Day, wording: &Wording) -> String {
    let shifts: Vec<String> = day.hours.iter().map(ToString::to_string).collect();
    let shifts = match shifts.join(" ").as_str() {
        "" => wording.either("休息", "closed").to_owned(),
        "00:00-24:00" => wording.either("全天", "all day").to_owned(),
        text => text.to_owned(),
    };
    match day.kind {
        DayKind::Usual => shifts,
        DayKind::Holiday => {
            wording.either(&format!("公共假日，{shifts}"), &format!("public holiday, {shifts}")).to_owned()
        }
        DayKind::Makeup(weekday) => {
            let weekday = wording.weekday(weekday);
            let zh = format!("调休上班，按{weekday}的时间 {shifts}");
            wording.either(&zh, &format!("make-up workday with {weekday} hours, {shifts}")).to_owned()
        }
        DayKind::Explicit => {
            let zh = format!("当日另有安排，{shifts}");
            wording.either(&zh, &format!("special hours that day, {shifts}")).to_owned()
        }
    }
}
