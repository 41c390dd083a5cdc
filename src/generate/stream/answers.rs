//! The surveys about a ticket, in the dumps of the months in which they were answered and in which somebody replied.

use chrono::Datelike;

use super::chunk::{Rows, Today, taken};
use crate::generate::agreed;
use crate::generate::bad::{self, BAD_SURVEYS};
use crate::generate::calendar::month_end;
use crate::generate::people::numbered;
use crate::generate::rng::Rng;
use crate::generate::rows;
use crate::generate::surveys::{ANSWERED, CUSTOMER, Survey, asked, at_the_counter, inside, survey};
use crate::generate::tickets::{Office, Ticket};

/// Numbers of surveys go round in as many rows as there are tickets: of customers, of the company, at the counter, of
/// tickets that no dump has, and bad ones.
#[derive(Debug, Clone, Copy)]
enum Series {
    Customer,
    Inside,
    Counter,
    Unknown,
    Bad,
}

/// How many series there are.
pub const SERIES: u64 = 5;

/// What is asked about a ticket, the n-th of all.
pub fn dump(out: &mut Rows, today: &Today, t: &Ticket, n: u64, rng: &mut Rng) {
    let tickets = today.shift.company.sizes.tickets;
    let id = |series: Series| numbered("P", series as u64 * tickets + n + 1, today.numbers.of_survey);
    if rng.chance(0.005) {
        let who = today.shift.staff(today.shift.colleague(t.branch, today.date, rng));
        let one = at_the_counter(&today.shift, who, today.date, rng);
        place(out, Survey { id: id(Series::Counter), ..one }, rng);
    }
    let Some(end) = asked(t) else { return };
    if rng.chance(ANSWERED[0]) {
        let one = survey(&today.shift, t, end, CUSTOMER, rng);
        if rng.chance(0.001) {
            spoil(out, &Survey { id: id(Series::Bad), ..one.clone() }, rng);
        }
        if rng.chance(0.002) {
            // Of a ticket that no dump has.
            let ticket = t.id.replacen("SR2026", "SR2025", 1);
            place(out, Survey { id: id(Series::Unknown), ticket, ..one.clone() }, rng);
        }
        place(out, Survey { id: id(Series::Customer), ..one }, rng);
    }
    if rng.chance(ANSWERED[1]) {
        let evaluator = inside(rng);
        let one = survey(&today.shift, t, end, evaluator, rng);
        place(out, Survey { id: id(Series::Inside), ..one }, rng);
    }
}

/// A survey in the dump of the month of its answer, and in a later one if it was corrected or replied to then.
fn place(out: &mut Rows, mut s: Survey, rng: &mut Rng) {
    if s.answered > month_end(9) {
        return;
    }
    if s.suggests() {
        agreed::reply(&mut s, rng);
    }
    let index = s.answered.month() as usize - 1;
    let reply = s.replied.map(|at| at.month() as usize - 1).filter(|reply| (index + 1..9).contains(reply));
    let mut row = |s: &Survey, index: usize| {
        let dump = &mut out.surveys[index];
        rows::survey(dump, s, false, taken(index));
        dump.end();
    };
    out.answered += 1;
    row(&s, index);
    if rng.chance(0.011) {
        row(&s, index);
    }
    let corrected = index < 8 && rng.chance(0.018);
    if corrected {
        s.scores[5] = if s.scores[5] >= 4 { 3 } else { 4 };
        s.scores[0] = s.scores[0].max(4);
        row(&s, index + 1);
    }
    if let Some(reply) = reply.filter(|reply| !corrected || *reply > index + 1) {
        row(&s, reply);
    }
}

/// A bad row like this survey.
fn spoil(out: &mut Rows, like: &Survey, rng: &mut Rng) {
    if like.answered > month_end(9) {
        return;
    }
    let index = like.answered.month() as usize - 1;
    let mut cells = Vec::new();
    rows::survey(&mut cells, like, false, taken(index));
    bad::survey(rng.pick(&BAD_SURVEYS).0, index, like.answered, &mut cells);
    out.surveys[index].line(&cells);
}
