//! Times in which tickets waited for somebody else, and what goes wrong with them in dumps.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDateTime, Timelike};

use super::calendar::{month_end, worked};
use super::rng::Rng;
use super::tickets::{INSTALLATION, Made, REPAIR, Ticket};

/// Waiting for the customer.
pub const CUSTOMER: &str = "等待客户";
/// Waiting for parts.
pub const PARTS: &str = "等待备件";
/// Waiting for a colleague stops no clock.
pub const HANDED_ON: &str = "内部转派";

/// A time in which a ticket waited.
#[derive(Clone, Debug)]
pub struct Pause {
    pub ticket: String,
    pub from: NaiveDateTime,
    /// None: nobody noted that it was over, or it is not.
    pub to: Option<NaiveDateTime>,
    pub reason: &'static str,
}

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

/// Appends the pauses of a ticket; about one in twelve has some. The longer it takes, the likelier it waits.
pub fn of(t: &Ticket, all: &mut Vec<Pause>, rng: &mut Rng) {
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

/// Makes a pause odd, in one of four ways.
pub fn odd(p: &mut Pause, n: usize) {
    match n % 4 {
        0 => p.ticket = format!("SR2025{:02}{:02}0{:02}", 10 + n % 3, 11 + n, 13 + n),
        // Before the request, after the end, and ended before it began.
        1 => p.from -= Duration::days(31),
        2 => p.to = Some(p.from + Duration::days(45)).filter(|to| *to <= month_end(9)),
        _ => p.to = Some(p.from - Duration::hours(3)),
    }
}
