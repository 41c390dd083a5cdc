//! What was agreed with customers beyond office hours: a hotline, reopened tickets, promised times, replies to suggestions.

use chrono::{Duration, NaiveDateTime, NaiveTime};

use super::calendar::{advance, advance_on_the_line, is_workday, worked};
use super::rng::Rng;
use super::surveys::{Survey, WISHES};
use super::tickets::{HOTLINE, Made, Ticket, World};

/// Moves what was done on tickets of the hotline to its hours: everything takes as long as it took before.
pub fn serve_on_the_line(tickets: &mut [Ticket]) {
    for t in tickets.iter_mut().filter(|t| t.service == HOTLINE && t.made == Made::ByChance) {
        let first = t.first_response.expect("everybody is answered");
        let moved = |from: NaiveDateTime, before: NaiveDateTime, then: NaiveDateTime| {
            advance_on_the_line(from, worked(before, then))
        };
        // Who was answered out of hours was answered then.
        let answered = if worked(t.requested, first) == 0 { first } else { moved(t.requested, t.requested, first) };
        t.first_response = Some(answered);
        let Some(started) = t.started else { continue };
        let began = moved(answered, first, started);
        t.started = Some(began);
        let Some(resolved) = t.resolved else { continue };
        let done = moved(began, started, resolved);
        t.resolved = Some(done);
        t.reopened = t.reopened.map(|again| done + (again - resolved));
    }
}

fn work_on(t: &Ticket, from: NaiveDateTime, seconds: i64) -> NaiveDateTime {
    if t.service == HOTLINE { advance_on_the_line(from, seconds) } else { advance(from, seconds) }
}

/// Resolves reopened tickets again; some stay open, and of a few the dumps contradict themselves. Of planted ones the
/// dumps say that they were reopened, but not when.
pub fn reopen(tickets: &mut [Ticket], rng: &mut Rng) {
    let again = tickets.iter_mut().filter(|t| t.made == Made::ByChance && t.reopened.is_some());
    for (n, t) in again.enumerate() {
        let (first, reopened) = (t.resolved.expect("was resolved"), t.reopened.expect("was reopened"));
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
}

/// Some VIPs are promised a day and an hour, of which few lie in the night but some after closing time.
pub fn promise(world: &World, tickets: &mut [Ticket], rng: &mut Rng) {
    for t in tickets.iter_mut().filter(|t| t.made == Made::ByChance && world.customers[t.customer].vip) {
        if !rng.chance(0.06) {
            continue;
        }
        let mut days = rng.weighted(&[0.15, 0.35, 0.35, 0.15]);
        let hour = [12, 15, 17, 18][rng.weighted(&[0.25, 0.25, 0.25, 0.25])];
        let mut date = t.requested.date();
        loop {
            let until = date.and_time(NaiveTime::MIN) + Duration::hours(hour);
            if is_workday(date) && until > t.requested + Duration::hours(2) {
                if days == 0 {
                    t.promised = Some(until);
                    break;
                }
                days -= 1;
            }
            date = date.succ_opt().expect("a next day");
        }
    }
}

/// Replies to suggestions: most within five working days, some late, some never.
pub fn reply(surveys: &mut [Survey], rng: &mut Rng) {
    for s in surveys.iter_mut().filter(|s| WISHES.contains(&s.suggestion)) {
        let (when, late) = (rng.unit(), rng.chance(0.14));
        let days = if late { rng.between(6, 11) } else { rng.between(0, 5) };
        let second = rng.between(31_000, 62_900);
        if when < 0.1 {
            continue;
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
}
