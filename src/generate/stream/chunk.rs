//! A piece of a day becomes rows of dumps: its tickets, what is asked about them, and when they waited.

use std::ops::Range;

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime};

use super::company::{Company, Purpose};
use super::csv::Csv;
use super::planted::Plants;
use super::shift::Shift;
use super::{answers, waits};
use crate::generate::agreed;
use crate::generate::bad::{self, BAD_TICKETS};
use crate::generate::calendar::month_end;
use crate::generate::people::{Customer, numbered, push_number};
use crate::generate::rng::Rng;
use crate::generate::rows::{self, Around};
use crate::generate::tickets::{Made, Office, Ticket, ticket};

/// A day on which tickets come in.
#[derive(Debug)]
pub struct Today<'a> {
    pub date: NaiveDate,
    pub shift: Shift<'a>,
    pub plants: &'a Plants,
    /// Second of the day, and place among the planted tickets or [`BY_CHANCE`]; in order.
    pub requests: Vec<(u32, u32)>,
    /// Tickets of the days before.
    pub before: u64,
    pub numbers: Numbers,
}

/// A ticket that nobody planted.
pub const BY_CHANCE: u32 = u32::MAX;

/// Digits of numbers.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// Of a ticket within its day.
    pub of_day: usize,
    /// Of a survey.
    pub of_survey: usize,
}

/// What a piece of a day adds to the dumps of each month.
#[derive(Debug, Default)]
pub struct Rows {
    pub tickets: [Csv; 9],
    pub surveys: [Csv; 9],
    pub pauses: Csv,
    /// Distinct surveys.
    pub answered: u64,
    /// Rows that come again at the end of the piece: the month's place, and the row.
    pub again: Vec<(usize, Vec<u8>)>,
}

/// The dump of a month, by its place, was taken at this moment.
pub fn taken(index: usize) -> NaiveDateTime {
    month_end(u32::try_from(index).unwrap_or_default() + 1)
}

/// The rows of some requests of the day.
pub fn rows(today: &Today, piece: Range<usize>) -> Rows {
    let company = today.shift.company;
    let day = u64::from(today.date.ordinal());
    let mut rng = company.rng(Purpose::Chunks, [day, piece.start as u64]);
    let mut out = Rows::default();
    let nobody = company.nobody();
    let mut stamp = String::from("SR");
    push_number(&mut stamp, u64::from(today.date.year().unsigned_abs()), 4);
    push_number(&mut stamp, today.date.month().into(), 2);
    push_number(&mut stamp, today.date.day().into(), 2);
    for place in piece {
        let (customer, mut t) = made(today, company, place, &mut rng);
        t.id = numbered(&stamp, place as u64 + 1, today.numbers.of_day);
        agree(&mut t, &customer, &mut rng);
        let staff = t.staff.map_or(nobody.as_str(), |s| &today.shift.staff(s).id);
        let around = Around { customer: &customer, model: &company.models[t.model], staff };
        dump(&mut out, &t, &around, &mut rng);
        if rng.chance(0.001) {
            // The highest numbers of a day are free.
            let free = 10_u64.pow(u32::try_from(today.numbers.of_day).unwrap_or_default()) - 1 - place as u64 / 16;
            spoil(
                &mut out,
                &Ticket { id: numbered(&stamp, free, today.numbers.of_day), ..t.clone() },
                &around,
                &mut rng,
            );
        }
        answers::dump(&mut out, today, &t, today.before + place as u64, &mut rng);
        waits::dump(&mut out.pauses, &t, &mut rng);
    }
    for (index, row) in std::mem::take(&mut out.again) {
        out.tickets[index].copy(&row);
    }
    out
}

/// The ticket of a request, still without its number.
fn made(today: &Today, company: &Company, place: usize, rng: &mut Rng) -> (Customer, Ticket) {
    let (second, planted) = today.requests[place];
    if planted != BY_CHANCE {
        return today.plants.leak(&today.shift, company, today.plants.all[planted as usize]);
    }
    let number = rng.next() % company.sizes.customers;
    let customer = company.customer(number);
    let model = *rng.pick(&customer.models);
    let requested = today.date.and_time(NaiveTime::MIN) + Duration::seconds(second.into());
    let place = usize::try_from(number).unwrap_or(usize::MAX);
    let t = ticket(&today.shift, requested, place, &customer, model, None, rng);
    (customer, t)
}

/// What was agreed on it, and what contradicts itself.
fn agree(t: &mut Ticket, customer: &Customer, rng: &mut Rng) {
    if t.made != Made::ByChance {
        return;
    }
    agreed::serve_on_the_line(t);
    agreed::reopen(t, rng.next() % 440, rng);
    if customer.vip {
        agreed::promise(t, rng);
    }
    if t.is_settled() && rng.chance(0.0022) {
        let way = rng.below(5);
        t.contradict(way, rng);
    }
}

/// The rows of a ticket in the dump of its month and in those in which it has changed, some of them twice.
fn dump(out: &mut Rows, t: &Ticket, around: &Around, rng: &mut Rng) {
    let index = t.requested.month() as usize - 1;
    let settled = t.is_settled();
    let dump = &mut out.tickets[index];
    if settled && rng.chance(0.0007) {
        // Two states in one dump; the later row is the later state.
        rows::ticket(dump, &Ticket { resolved: None, ..t.clone() }, around, taken(index));
        dump.end();
    }
    rows::ticket(dump, t, around, taken(index));
    dump.end();
    if settled {
        let (again, later) = (rng.chance(0.0148), rng.chance(0.0069));
        if again || (later && index < 8) {
            let row = dump.last().to_vec();
            if later && index < 8 {
                out.tickets[index + 1].copy(&row);
            }
            if again {
                out.again.push((index, row));
            }
        }
        return;
    }
    let events = [t.first_response, t.started, t.first_resolved, t.resolved, t.cancelled, t.reopened];
    if events.iter().flatten().all(|event| *event <= taken(index)) {
        return;
    }
    let mut last = dump.last().to_vec();
    for later in index + 1..9 {
        let mut row = Csv::default();
        rows::ticket(&mut row, t, around, taken(later));
        row.end();
        if row.bytes != last {
            out.tickets[later].copy(&row.bytes);
            last = row.bytes;
        }
    }
}

/// A bad row like this ticket.
fn spoil(out: &mut Rows, like: &Ticket, around: &Around, rng: &mut Rng) {
    let mut cells = Vec::new();
    rows::ticket(&mut cells, like, around, taken(8));
    let month = like.requested.month();
    bad::ticket(rng.pick(&BAD_TICKETS).0, month, &mut cells);
    out.tickets[month as usize - 1].line(&cells);
}
