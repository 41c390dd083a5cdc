//! How the time that a clock used adds up, date by date, so that it can be checked with a pencil.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::wording::Wording;
use crate::review::{Day, Story, Target, Told, Wall};

const MICROS: i64 = 1_000_000;
const DAY: i64 = 86_400;

/// So many equal dates in a row are written as a product.
const MANY: usize = 3;

/// What a clock used of each date, where that adds up to what it used in all; else nothing, for a sum that is wrong
/// by a change of clocks is worse than none.
pub fn by_date(story: &Story, told: &Told) -> Option<Vec<(NaiveDate, i64)>> {
    let used = told.used_seconds?;
    if matches!(told.target, Some(Target::Clock { .. })) {
        return None;
    }
    let listed = story.days.iter().map(|day| (day.date, day.seconds - day.paused));
    let listed = (told.clock == "resolution").then(|| listed.collect::<Vec<_>>());
    let adds_up = |parts: &Vec<(NaiveDate, i64)>| parts.iter().map(|(_, seconds)| seconds).sum::<i64>() == used;
    let parts = listed.filter(adds_up).or_else(|| Some(counted(story, told)?).filter(adds_up))?;
    Some(parts.into_iter().filter(|(_, seconds)| *seconds != 0).collect())
}

/// Opening hours of each date from the start of the clock to its end, without the pauses that stop it.
fn counted(story: &Story, told: &Told) -> Option<Vec<(NaiveDate, i64)>> {
    let (start, end) = (told.start?, told.end.unwrap_or(story.as_of));
    let promised = |pause: &&crate::review::Paused| !told.promised && pause.stops.contains(&told.clock);
    let pauses = story.pauses.iter().filter(promised);
    let pauses = merged(pauses.map(|p| (second(p.begin), second(p.end.unwrap_or(story.as_of)))).collect());
    let mut night: &[_] = &[];
    let mut parts = Vec::new();
    for (place, day) in story.days.iter().enumerate() {
        let follows = place
            .checked_sub(1)
            .and_then(|before| story.days.get(before))
            .is_some_and(|before| before.date.succ_opt() == Some(day.date));
        let midnight = i64::from(day.date.to_epoch_days()) * DAY;
        let last_night = if follows { night } else { &[] };
        let spans = merged(open(day, last_night, midnight));
        let within = |&(from, to): &(i64, i64)| (from.max(second(start)), to.min(second(end)));
        let seconds = spans.iter().map(within).filter(|(from, to)| from < to).map(|(from, to)| {
            let still = pauses.iter().map(|&(begin, end)| (end.min(to) - begin.max(from)).max(0)).sum::<i64>();
            to - from - still
        });
        parts.push((day.date, seconds.sum()));
        night = &day.hours;
    }
    Some(parts)
}

/// Opening hours of a date from midnight to midnight, in seconds of the wall clock: its own, and the end of the night
/// before.
fn open(day: &Day, night: &[crate::review::Shift], midnight: i64) -> Vec<(i64, i64)> {
    let own = day.hours.iter().map(|shift| (i64::from(shift.from), i64::from(shift.to).min(DAY)));
    let before = night.iter().map(|shift| (0, i64::from(shift.to) - DAY));
    own.chain(before).filter(|(from, to)| from < to).map(|(from, to)| (midnight + from, midnight + to)).collect()
}

/// Stretches in order, none touching another.
fn merged(mut stretches: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    stretches.sort_unstable();
    stretches.dedup_by(|next, last| {
        let touches = next.0 <= last.1;
        if touches {
            last.1 = last.1.max(next.1);
        }
        touches
    });
    stretches
}

fn second(wall: Wall) -> i64 {
    wall.div_euclid(MICROS)
}

/// `周一 2 小时 30 分 + 周二 5 小时 42 分`; dates where a weekday comes twice, products where many dates are alike.
pub fn written(parts: &[(NaiveDate, i64)], wording: &Wording) -> String {
    let weekdays: BTreeSet<u32> = parts.iter().map(|(date, _)| date.weekday().num_days_from_monday()).collect();
    let spread = match parts {
        [(first, _), .., (last, _)] => (*last - *first).num_days(),
        _ => 0,
    };
    let by_weekday = weekdays.len() == parts.len() && spread < 7;
    let name = |date: NaiveDate| {
        if by_weekday { wording.weekday(date.weekday()).to_owned() } else { wording.short_date(date) }
    };
    let alike = parts.chunk_by(|one, other| one.1 == other.1);
    let terms = alike.flat_map(|run| match run {
        [(first, seconds), .., (last, _)] if run.len() >= MANY => {
            let (days, time) = (run.len(), wording.duration(*seconds));
            let (from, to) = (name(*first), name(*last));
            let zh = format!("{days} × {time}（{from}至{to}）");
            vec![wording.either(&zh, &format!("{days} × {time} ({from} to {to})")).to_owned()]
        }
        _ => run.iter().map(|(date, seconds)| format!("{} {}", name(*date), wording.duration(*seconds))).collect(),
    });
    terms.collect::<Vec<_>>().join(" + ")
}
