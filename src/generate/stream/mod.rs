//! Dumps of any size, written while they are made.
//!
//! Every piece of a day can be made from the seed and its place alone, so pieces are made side by side and written in
//! order; what happens to a ticket after its month is written to the dumps of later months at once. Nothing is kept but
//! one piece for each thread, the staff, and the list of planted tickets.

mod answers;
mod chunk;
mod company;
mod csv;
mod days;
mod files;
mod planted;
mod shift;
mod sizes;
mod texts;
mod waits;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use chrono::Timelike;
use rayon::prelude::*;

pub use self::sizes::{MODELS_BETWEEN, MOST_CUSTOMERS, MOST_TICKETS, STAFF, Scale, Sizes};

use self::chunk::{BY_CHANCE, Numbers, Rows, Today, rows};
use self::company::{Company, Purpose};
use self::days::{Day, days};
use self::files::Files;
use self::planted::Plants;
use self::shift::Shift;
use self::sizes::width;
use super::store::{Aside, DUMPS, GenerateError};
use super::tickets::moment;

/// Tickets in a piece.
const PIECE: usize = 4096;
/// Pieces that are made before the ones before them are all written.
const BATCH: usize = 16;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub sizes: Sizes,
    /// Rows of tickets, with those that come again and bad ones.
    pub ticket_rows: u64,
    /// Distinct surveys.
    pub surveys: u64,
    pub survey_rows: u64,
    pub pause_rows: u64,
    pub staff_rows: u64,
    /// Of all files.
    pub bytes: u64,
}

/// Writes dumps of this scale into a folder, with a pipeline that reads them; `told` hears of every so many tickets. The
/// folder gets all of it or nothing.
///
/// # Errors
/// The folder holds something else, or cannot be written.
pub fn write(scale: &Scale, folder: &Path, told: &(dyn Fn(u64) + Sync)) -> Result<Summary, GenerateError> {
    let company = Company::new(scale.sizes());
    let aside = Aside::open(folder, &[files::OTHERS, DUMPS].concat(), files::MARK)?;
    let summary = fill(&company, aside.path(), told).map_err(GenerateError::write(folder))?;
    aside.commit()?;
    Ok(summary)
}

fn fill(company: &Company, folder: &Path, told: &(dyn Fn(u64) + Sync)) -> std::io::Result<Summary> {
    let mut files = Files::create(folder)?;
    let plants = Plants::new(company);
    let mut pieces = Pieces::new(company, &plants);
    let mut made: Vec<Rows> = Vec::new();
    loop {
        let (written, (tickets, next)) = rayon::join(
            || made.drain(..).try_for_each(|rows| files.add(&rows)),
            || {
                let batch: Vec<(Arc<Today>, Range<usize>)> = pieces.by_ref().take(BATCH).collect();
                let tickets: usize = batch.iter().map(|(_, piece)| piece.len()).sum();
                (tickets as u64, batch.par_iter().map(|(today, piece)| rows(today, piece.clone())).collect())
            },
        );
        written?;
        told(tickets);
        made = next;
        if made.is_empty() {
            return files.finish(company);
        }
    }
}

/// The pieces of all days, in order.
struct Pieces<'a> {
    company: &'a Company,
    plants: &'a Plants,
    days: Vec<Day>,
    numbers: Numbers,
    /// The next day, and the tickets before it.
    next: usize,
    before: u64,
    /// The day whose pieces are given out, and where the next one begins.
    today: Option<(Arc<Today<'a>>, usize)>,
}

impl<'a> Pieces<'a> {
    fn new(company: &'a Company, plants: &'a Plants) -> Self {
        let by_chance = company.sizes.tickets - plants.all.len() as u64;
        let days = days(by_chance, &mut company.rng(Purpose::Days, [0, 0]));
        let of_day = |day: &Day| day.tickets + plants.of_day(day.date).len() as u64;
        let most = days.iter().map(of_day).max().unwrap_or_default();
        let numbers = Numbers {
            // Some numbers stay free for bad rows.
            of_day: width(most + most / 8 + 100).max(3),
            of_survey: width(company.sizes.tickets * answers::SERIES + 1).max(5),
        };
        Self { company, plants, days, numbers, next: 0, before: 0, today: None }
    }

    fn day(&mut self) -> Option<Today<'a>> {
        let Day { date, tickets } = *self.days.get(self.next)?;
        let mut rng = self.company.rng(Purpose::Moments, [self.next as u64, 0]);
        let chance = (0..tickets).map(|_| (moment(date, &mut rng).num_seconds_from_midnight(), BY_CHANCE));
        let mut requests: Vec<(u32, u32)> = chance.collect();
        let planted = self.plants.of_day(date);
        requests
            .extend(planted.map(|place| (self.plants.all[place].second, u32::try_from(place).unwrap_or(BY_CHANCE))));
        requests.sort_unstable();
        let before = self.before;
        self.before += requests.len() as u64;
        self.next += 1;
        let shift = Shift::new(self.company, date);
        Some(Today { date, shift, plants: self.plants, requests, before, numbers: self.numbers })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = (Arc<Today<'a>>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((today, begin)) = &mut self.today
                && *begin < today.requests.len()
            {
                let piece = *begin..(*begin + PIECE).min(today.requests.len());
                *begin = piece.end;
                return Some((Arc::clone(today), piece));
            }
            self.today = Some((Arc::new(self.day()?), 0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(tickets: u64) -> Company {
        Company::new(Scale { tickets, seed: 1, staff: None, customers: None, models: None }.sizes())
    }

    #[test]
    fn pieces_hold_every_ticket_once_and_in_order() {
        for tickets in [1, 5_000, 2_000_000] {
            let company = company(tickets);
            let plants = Plants::new(&company);
            let mut so_far = 0;
            let mut last = None;
            for (today, piece) in Pieces::new(&company, &plants) {
                assert_eq!(today.before + piece.start as u64, so_far);
                assert!(piece.len() <= PIECE && last <= Some(today.date));
                last = Some(today.date);
                so_far += piece.len() as u64;
            }
            assert_eq!(so_far, tickets);
        }
    }

    #[test]
    fn a_piece_is_the_same_whatever_was_made_before() {
        let company = company(5_000);
        let plants = Plants::new(&company);
        let all: Vec<_> = Pieces::new(&company, &plants).collect();
        let bytes = |(today, piece): &(Arc<Today>, Range<usize>)| {
            let made = rows(today, piece.clone());
            made.tickets.into_iter().chain(made.surveys).chain([made.pauses]).map(|csv| csv.bytes).collect::<Vec<_>>()
        };
        let last = bytes(&all[200]);
        bytes(&all[100]);
        assert_eq!(bytes(&all[200]), last);
    }
}
