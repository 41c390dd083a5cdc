//! Times in which tickets waited for somebody else, and what goes wrong with them in dumps.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDateTime, Timelike};

use super::calendar::{at, month_end, worked};
use super::dirt::{Kind, Row, spread};
use super::rng::Rng;
use super::tickets::{INSTALLATION, Made, REPAIR, Ticket};
use super::write::time;

pub const CUSTOMER: &str = "等待客户";
pub const PARTS: &str = "等待备件";
/// Waiting for a colleague stops no clock.
pub const HANDED_ON: &str = "内部转派";

pub struct Pause {
    pub ticket: String,
    pub from: NaiveDateTime,
    /// None: nobody noted that it was over, or it is not.
    pub to: Option<NaiveDateTime>,
    pub reason: &'static str,
}

/// Kinds of bad rows, the rule each breaks, and how many there are.
#[rustfmt::skip]
pub const BAD: [(&str, &str, usize); 7] = [
    ("没有工单号", "missing_key", 1),
    ("没有暂停时间", "missing_key", 2),
    ("暂停时间不存在", "unparseable", 1),
    ("恢复时间读不出", "unparseable", 2),
    ("字段少", "wrong_fields", 1),
    ("字段多", "wrong_fields", 1),
    ("日历之外的年份", "outside_calendar", 1),
];

fn whole_minute(t: NaiveDateTime) -> NaiveDateTime {
    t - Duration::seconds(i64::from(t.second()))
}

/// The times in which pauses may lie: from the beginning of the work to its end, and after a reopening.
fn work(t: &Ticket) -> Vec<(NaiveDateTime, NaiveDateTime)> {
    let end = month_end(9);
    let Some(started) = t.started.filter(|_| t.cancelled.is_none() && t.made != Made::ByHand) else {
        return Vec::new();
    };
    let first = (started, t.first_resolved.or(t.resolved).unwrap_or(end).min(end));
    let again = t.reopened.filter(|_| t.first_resolved.is_some()).map(|at| (at, t.resolved.unwrap_or(end).min(end)));
    let parts = [Some(first), again].into_iter().flatten();
    // Nothing is noted of what takes less than half an hour, nor where the times contradict each other.
    let mut parts: Vec<_> = parts.filter(|(from, to)| *to - *from > Duration::minutes(30)).collect();
    if t.first_resolved.is_some_and(|first| t.reopened < Some(first)) || started < t.requested {
        parts.clear();
    }
    parts
}

/// The pauses of about one ticket in twelve; the longer a ticket takes, the likelier it waits.
pub fn pauses(tickets: &[Ticket], rng: &mut Rng) -> Vec<Pause> {
    let mut all = Vec::new();
    for t in tickets {
        for (from, to) in work(t) {
            let hours = worked(from, to) / 3600;
            let open = t.resolved.is_none_or(|end| end > month_end(9));
            if !rng.chance(if open {
                0.5
            } else if hours >= 8 {
                0.15
            } else {
                0.04
            }) {
                continue;
            }
            let mut seen = BTreeSet::new();
            for _ in 0..=rng.weighted(&[0.76, 0.18, 0.06]) {
                let one = pause(t, from, to, rng);
                let one = Pause { to: one.to.filter(|_| !open || rng.chance(0.4)), ..one };
                if seen.insert((one.from, one.reason)) {
                    all.push(one);
                }
            }
        }
    }
    all
}

fn pause(t: &Ticket, from: NaiveDateTime, to: NaiveDateTime, rng: &mut Rng) -> Pause {
    let span = (to - from).num_minutes();
    let begin = whole_minute(from + Duration::minutes(1 + span * rng.between(2, 60) / 100));
    #[expect(clippy::cast_possible_truncation, reason = "whole minutes are wanted")]
    let minutes = (rng.lognormal(5.0, 1.1) * 60.0) as i64;
    let end = begin + Duration::minutes(minutes.max(10));
    let cut = begin + Duration::minutes((to - begin).num_minutes() * rng.between(55, 95) / 100);
    let end = whole_minute(if end < to { end } else { cut });
    let parts = if [REPAIR, INSTALLATION].contains(&t.service) { 0.38 } else { 0.0 };
    let reason = [CUSTOMER, PARTS, HANDED_ON][rng.weighted(&[0.45, parts, 0.15])];
    // Now and then nobody notes that it goes on.
    Pause { ticket: t.id.clone(), from: begin, to: Some(end).filter(|_| !rng.chance(0.02)), reason }
}

fn cells(p: &Pause) -> Vec<String> {
    vec![p.ticket.clone(), time(p.from), p.to.map(time).unwrap_or_default(), p.reason.to_owned()]
}

/// The dump: pauses in the order of their beginnings, a few of them odd, a few rows twice, and bad rows.
pub fn dump(mut pauses: Vec<Pause>, rng: &mut Rng) -> Vec<Row> {
    pauses.sort_by(|a, b| (a.from, &a.ticket, a.reason).cmp(&(b.from, &b.ticket, b.reason)));
    let odd: Vec<usize> = (0..12).map(|n| (n * 67 + 31) % pauses.len()).collect();
    for (n, place) in odd.into_iter().enumerate() {
        let p = &mut pauses[place];
        match n % 4 {
            0 => p.ticket = format!("SR2025{:02}{:02}0{:02}", 10 + n % 3, 11 + n, 13 + n),
            // Before the request, after the end, and ended before it began.
            1 => p.from -= Duration::days(31),
            2 => p.to = Some(p.from + Duration::days(45)).filter(|to| *to <= month_end(9)),
            _ => p.to = Some(p.from - Duration::hours(3)),
        }
    }
    let mut rows: Vec<Row> = pauses.iter().map(|p| Row::new(cells(p), Kind::Used)).collect();
    for n in 0..5 {
        let place = (n * 131 + 40) % rows.len();
        let copy = rows[place].cells.clone();
        let twice = rows.iter().filter(|row| row.cells == copy).count() > 1;
        if !twice {
            rows[place].kind = Kind::Identical;
            rows.insert(place + 1, Row::new(copy, Kind::Used));
        }
    }
    for (kind, _, count) in BAD {
        for _ in 0..count {
            let mut cells = cells(&pauses[rng.below(pauses.len())]);
            spoil(kind, &mut cells);
            spread(&mut rows, Row::new(cells, Kind::Bad(kind)), rng);
        }
    }
    rows
}

fn spoil(kind: &str, cells: &mut Vec<String>) {
    let mut set = |place: usize, text: &str| text.clone_into(&mut cells[place]);
    match kind {
        "没有工单号" => set(0, "?"),
        "没有暂停时间" => set(1, ""),
        "暂停时间不存在" => set(1, "2026-02-30 09:15:00"),
        "恢复时间读不出" => set(2, "待定"),
        "字段少" => cells.truncate(2),
        "字段多" => cells.push("重复导出".to_owned()),
        _ => {
            cells[1].replace_range(0..4, "2062");
            cells[2].clear();
        }
    }
}

/// A pause of 2026 between two moments.
pub fn between(ticket: &str, from: (u32, u32, u32, u32), to: (u32, u32, u32, u32), reason: &'static str) -> Pause {
    let moment = |(month, day, hour, minute): (u32, u32, u32, u32)| at(month, day, hour, minute, 0);
    Pause { ticket: ticket.to_owned(), from: moment(from), to: Some(moment(to)), reason }
}
