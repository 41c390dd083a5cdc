//! Facts pass by: they are tallied, picked from, counted and written, piece by piece.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use polars::prelude::DataFrame;

use super::ReviewError;
use crate::ingest::facts::{self, Sink};
use crate::ingest::{IngestError, Kept, Shelf};
use crate::listings::{self, LISTINGS};
use crate::plan::Plan;
use crate::publish::{FactFile, Opened};
use crate::schema::facts::{DIM_STAFF, SURVEY, TICKET};
use crate::schema::input::SourceKind;
use crate::tally::{Taken, Taking, Tally};

/// How many rows have passed by.
#[derive(Debug, Default)]
pub struct Passed {
    rows: BTreeMap<&'static str, usize>,
    /// Rows of tickets and of surveys by reporting period.
    periods: BTreeMap<(&'static str, String), u64>,
}

impl Passed {
    /// Rows of a fact.
    pub fn rows(&self, fact: &str) -> usize {
        self.rows.get(fact).copied().unwrap_or_default()
    }

    /// Whether a ticket or a survey belongs to a reporting period.
    pub fn reaches(&self, period: &str) -> bool {
        [TICKET, SURVEY].into_iter().any(|fact| self.within(fact, period) > 0)
    }

    /// Rows of tickets and of surveys in each of some periods.
    pub fn by_source<const N: usize>(&self, periods: [&str; N]) -> BTreeMap<SourceKind, [u64; N]> {
        let of = |(kind, fact)| (kind, periods.map(|period| self.within(fact, period)));
        [(SourceKind::Tickets, TICKET), (SourceKind::Surveys, SURVEY)].map(of).into()
    }

    fn within(&self, fact: &'static str, period: &str) -> u64 {
        self.periods.get(&(fact, period.to_owned())).copied().unwrap_or_default()
    }

    /// What a piece adds.
    pub fn of(fact: &'static str, rows: &DataFrame) -> Result<Self, IngestError> {
        let mut periods = BTreeMap::new();
        if [TICKET, SURVEY].contains(&fact) {
            periods.extend(facts::by_period(rows)?.into_iter().map(|(period, rows)| ((fact, period), rows)));
        }
        Ok(Self { rows: BTreeMap::from([(fact, rows.height())]), periods })
    }

    pub fn add(&mut self, other: Self) {
        for (fact, rows) in other.rows {
            *self.rows.entry(fact).or_default() += rows;
        }
        for (period, rows) in other.periods {
            *self.periods.entry(period).or_default() += rows;
        }
    }
}

/// The facts of a review on their way into its figures and files.
pub struct Passing<'a> {
    review: listings::Review<'a>,
    /// Fewer than threads, which seldom wait for one another: counting is quick, and each takes memory for all groups.
    taking: Vec<Mutex<Taking>>,
    /// By listing.
    picked: Vec<Mutex<Vec<Kept>>>,
    /// Where what was picked waits.
    shelf: Shelf,
    passed: Mutex<Passed>,
    files: BTreeMap<&'static str, Mutex<FactFile>>,
    roster: Mutex<DataFrame>,
}

/// Threads that share tallies.
const THREADS_EACH: usize = 4;

/// What is left when all facts have passed by.
pub struct Left {
    pub tallies: Taken,
    /// What listings picked, in their order.
    pub picked: Vec<Vec<Kept>>,
    /// `dim_staff`.
    pub roster: DataFrame,
    pub passed: Passed,
}

impl<'a> Passing<'a> {
    pub fn new(
        review: listings::Review<'a>,
        tallies: Vec<Tally>,
        files: Vec<(&'static str, FactFile)>,
        shelf: Shelf,
    ) -> Self {
        let first = Taking::new(tallies);
        let others = (0..rayon::current_num_threads() / THREADS_EACH).map(|_| first.sibling()).collect::<Vec<_>>();
        Self {
            review,
            taking: std::iter::once(first).chain(others).map(Mutex::new).collect(),
            picked: LISTINGS.iter().map(|_| Mutex::default()).collect(),
            shelf,
            passed: Mutex::default(),
            roster: Mutex::default(),
            files: files.into_iter().map(|(fact, file)| (fact, Mutex::new(file))).collect(),
        }
    }

    /// Ends it; the files of the facts go back to what is published.
    pub fn finish(self, opened: &mut Opened) -> Result<Left, ReviewError> {
        let Self { review: _, taking, picked, shelf: _, passed, files, roster } = self;
        let mut taking = taking.into_iter().map(|one| one.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut all = taking.next().unwrap_or_else(|| Taking::new(Vec::new()));
        for one in taking {
            all.merge(one)?;
        }
        for file in files.into_values() {
            opened.keep(file.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
        let picked = picked.into_iter().map(|one| one.into_inner().unwrap_or_else(PoisonError::into_inner)).collect();
        let passed = passed.into_inner().unwrap_or_else(PoisonError::into_inner);
        let roster = roster.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Left { tallies: all.settle(), picked, roster, passed })
    }
}

impl Sink for Passing<'_> {
    type Error = ReviewError;

    fn look(&self, fact: &'static str, rows: &DataFrame) -> Result<(), ReviewError> {
        let passed = Passed::of(fact, rows)?;
        held(&self.passed).add(passed);
        let free = self.taking.iter().find_map(|one| one.try_lock().ok());
        let mut taking = free.unwrap_or_else(|| held(&self.taking[0]));
        taking.feed(fact, rows)?;
        drop(taking);
        for (listing, pieces) in LISTINGS.iter().zip(&self.picked) {
            if let Some(rows) = (listing.pick)(&self.review, fact, rows)? {
                let rows = self.shelf.put(&rows, &[])?;
                held(pieces).push(rows);
            }
        }
        Ok(())
    }

    fn take(&self, fact: &'static str, rows: DataFrame) -> Result<(), ReviewError> {
        if fact == DIM_STAFF.name {
            *held(&self.roster) = rows.clone();
        }
        match self.files.get(fact) {
            Some(file) => Ok(held(file).push(rows)?),
            None => Ok(()),
        }
    }
}

/// Counts tickets by what the plan says of them.
pub struct Counting<'a> {
    plan: &'a Plan,
    counts: Mutex<Counts>,
}

/// Tickets by calendar of the plan, by policy and at the end under none, and what has passed by.
#[derive(Debug, Default)]
pub struct Counts {
    pub calendars: Vec<u64>,
    pub policies: Vec<u64>,
    pub passed: Passed,
}

impl<'a> Counting<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let counts = Counts {
            calendars: vec![0; plan.calendars.len()],
            policies: vec![0; plan.policies.len() + 1],
            ..Counts::default()
        };
        Self { plan, counts: Mutex::new(counts) }
    }

    pub fn finish(self) -> Counts {
        self.counts.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Counting<'_> {
    type Error = ReviewError;

    fn look(&self, fact: &'static str, rows: &DataFrame) -> Result<(), ReviewError> {
        let passed = Passed::of(fact, rows)?;
        let mut counts = held(&self.counts);
        counts.passed.add(passed);
        if fact == TICKET {
            facts::add_by_calendar(&mut counts.calendars, rows, self.plan)?;
            facts::add_by_policy(&mut counts.policies, rows, self.plan)?;
        }
        Ok(())
    }

    fn take(&self, _: &'static str, _: DataFrame) -> Result<(), ReviewError> {
        Ok(())
    }
}

pub fn held<T>(one: &Mutex<T>) -> MutexGuard<'_, T> {
    one.lock().unwrap_or_else(PoisonError::into_inner)
}
