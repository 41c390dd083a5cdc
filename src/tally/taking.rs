//! Tallies that are being taken.

use std::ops::Range;

use polars::prelude::*;

use super::fact::Fact;
use super::finish::Finish;
use super::layout::Layout;
use super::{Counted, Tally};

/// Tallies that are being taken: rows of facts go in batch by batch, in any order and from any thread; what comes out does
/// not depend on it.
///
/// Memory grows with groups, not with rows: 4 bytes for each cell of a table of at most 2 million cells, 2 to 6 bytes for each
/// group of a larger one, 8 to 16 bytes for each distinct value of a group.
#[derive(Debug)]
pub struct Taking {
    wanted: Vec<Tally>,
    /// For each tally the place of its fact, and its place there.
    places: Vec<(usize, usize)>,
    facts: Vec<(&'static str, Fact)>,
}

impl Taking {
    /// Nothing has been fed yet. What several tallies have in common is counted once.
    pub fn new(wanted: Vec<Tally>) -> Self {
        let mut by_fact: Vec<(&'static str, Vec<&Tally>)> = Vec::new();
        let mut places = Vec::new();
        for tally in &wanted {
            let known = by_fact.iter().position(|(fact, _)| *fact == tally.fact);
            let at = known.unwrap_or(by_fact.len());
            if known.is_none() {
                by_fact.push((tally.fact, Vec::new()));
            }
            places.push((at, by_fact[at].1.len()));
            by_fact[at].1.push(tally);
        }
        let facts = by_fact.into_iter().map(|(name, tallies)| (name, Fact::new(Layout::new(tallies)))).collect();
        Self { wanted, places, facts }
    }

    /// The same tallies with nothing fed, for another thread.
    #[must_use]
    pub fn sibling(&self) -> Self {
        Self::new(self.wanted.clone())
    }

    /// Counts rows of a fact in all its tallies. A column that a batch lacks has no values there.
    ///
    /// # Errors
    /// A column is not of the type that a tally says. What has been fed is then of no use.
    pub fn feed(&mut self, fact: &str, rows: &DataFrame) -> PolarsResult<()> {
        for (_, own) in self.facts.iter_mut().filter(|(name, _)| *name == fact) {
            own.feed(rows)?;
        }
        Ok(())
    }

    /// Adds what a sibling has counted.
    ///
    /// # Errors
    /// As for [`feed`](Self::feed), and one that is no sibling.
    pub fn merge(&mut self, other: Self) -> PolarsResult<()> {
        polars_ensure!(self.places == other.places, ComputeError: "tallies that are not siblings cannot be merged");
        for ((_, own), (_, other)) in self.facts.iter_mut().zip(other.facts) {
            own.merge(other)?;
        }
        Ok(())
    }

    /// Ends it: from here on tallies can be had.
    pub fn settle(self) -> Taken {
        let facts = self.facts.into_iter().map(|(_, fact)| Finish::new(fact)).collect();
        Taken { wanted: self.wanted, places: self.places, facts }
    }
}

/// Tallies that have been taken. They are stored in little room, and unfolded one by one.
#[derive(Debug)]
pub struct Taken {
    wanted: Vec<Tally>,
    places: Vec<(usize, usize)>,
    facts: Vec<Finish>,
}

impl Taken {
    /// Some of the tallies, by their places in the order in which they were wanted.
    pub fn share(&self, places: Range<usize>) -> Share<'_> {
        Share { taken: self, places }
    }
}

/// Some of the tallies that have been taken.
#[derive(Debug)]
pub struct Share<'a> {
    taken: &'a Taken,
    places: Range<usize>,
}

impl Share<'_> {
    /// The tally at a place of the share; none beyond its end. Of a fact that lacks one of its columns, or was never fed, it is
    /// empty.
    ///
    /// # Errors
    /// None at present.
    pub fn get(&self, at: usize) -> PolarsResult<Option<Counted>> {
        let place = self.places.start + at;
        let found = self.taken.wanted.get(place).zip(self.taken.places.get(place));
        let found = found.filter(|_| self.places.contains(&place));
        found.map(|(tally, (fact, at))| self.taken.facts[*fact].tally(*at, tally)).transpose()
    }

    /// All of them at once, which takes memory where groups are many.
    ///
    /// # Errors
    /// As for [`get`](Self::get).
    pub fn all(&self) -> PolarsResult<Vec<Counted>> {
        (0..self.places.len()).filter_map(|at| self.get(at).transpose()).collect()
    }
}
