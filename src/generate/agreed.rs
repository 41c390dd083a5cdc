//! What was agreed with customers beyond office hours: a hotline, reopened tickets, promised times, replies to suggestions.

use chrono::{Duration, NaiveDateTime, NaiveTime};

use super::calendar::{advance, advance_on_the_line, is_workday, worked};
use super::rng::Rng;
use super::surveys::Survey;
use super::tickets::{HOTLINE, Made, Ticket};

/// Moves what was done on a ticket of the hotline to its hours: everything takes as long as it took before.
pub fn serve_on_the_line(t: &mut Ticket) {
    let Some(first) = t.first_response.filter(|_| t.service == HOTLINE && t.made == Made::ByChance) else { return };
    let moved = |from: NaiveDateTime, before: NaiveDateTime, then: NaiveDateTime| {
        advance_on_the_line(from, worked(before, then))
    };
    // Who was answered out of hours was answered then.
    let answered = if worked(t.requested, first) == 0 { first } else { moved(t.requested, t.requested, first) };
    t.first_response = Some(answered);
    let Some(started) = t.started else { return };
    let began = moved(answered, first, started);
    t.started = Some(began);
    let Some(resolved) = t.resolved else { return };
    let done = moved(began, started, resolved);
    t.resolved = Some(done);
    t.reopened = t.reopened.map(|again| done + (again - resolved));
}

fn work_on(t: &Ticket, from: NaiveDateTime, seconds: i64) -> NaiveDateTime {
    if t.service == HOTLINE { advance_on_the_line(from, seconds) } else { advance(from, seconds) }
}

/// Resolves a reopened ticket again, the n-th of them; some stay open, and of a few the dumps contradict themselves. Of
/// planted ones the dumps say that they were reopened, but not when.
pub fn reopen(t: &mut Ticket, n: u64, rng: &mut Rng) {
    let (Some(first), Some(reopened)) = (t.resolved, t.reopened) else { return };
    #[expect(clippy::cast_possible_truncation, reason = "whole minutes are wanted")]
    let minutes = rng.lognormal(150.0, 0.8) as i64;
    let done = work_on(t, reopened, 60 * minutes.max(5));
    t.first_resolved = Some(first);
    t.resolved = (n % 11 != 5).then_some(done);
    match n % 40 {
        // Reopened before it was resolved, or resolved again before it was reopened.
        20 => t.reopened = Some(first - Duration::hours(rng.between(2, 20))),
        30 => t.resolved = Some(reopened - Duration::hours(rng.between(1, 5))),
        _ => {}
    }
}

/// Some VIPs are promised a day and an hour, of which few lie in the night but some after closing time.
pub fn promise(t: &mut Ticket, rng: &mut Rng) {
    if !rng.chance(0.06) {
        return;
    }
    let mut days = rng.weighted(&[0.15, 0.35, 0.35, 0.15]);
    let hour = [12, 15, 17, 18][rng.weighted(&[0.25, 0.25, 0.25, 0.25])];
    let mut date = t.requested.date();
    while t.promised.is_none() {
        let until = date.and_time(NaiveTime::MIN) + Duration::hours(hour);
        if is_workday(date) && until > t.requested + Duration::hours(2) {
            t.promised = (days == 0).then_some(until);
            days = days.saturating_sub(1);
        }
        date = date.succ_opt().expect("a next day");
    }
}

/// The reply to a suggestion: mostly within five working days, at times late, at times none.
pub fn reply(s: &mut Survey, rng: &mut Rng) {
    let (when, late) = (rng.unit(), rng.chance(0.14));
    let days = if late { rng.between(6, 11) } else { rng.between(0, 5) };
    let second = rng.between(31_000, 62_900);
    if when < 0.1 {
        return;
    }
    let mut date = s.answered.date();
    let mut left = days;
    while left > 0 || !is_workday(date) {
        date = date.succ_opt().expect("a next day");
        left -= i64::from(is_workday(date) && left > 0);
    }
    let at = date.and_time(NaiveTime::MIN) + Duration::seconds(second);
    // On the same day it may come too early; then it comes in the evening.
    s.replied = Some(if at > s.answered { at } else { s.answered + Duration::minutes(95) });
}
