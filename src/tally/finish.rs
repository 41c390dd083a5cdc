//! From what has been counted to sorted rows of keys and sums.

use std::sync::Arc;

use polars::prelude::*;

use super::axis::{Axis, Kind};
use super::counted::Values;
use super::fact::Fact;
use super::layout::{Figure, ROOT, Recipe, Rows};
use super::{Counted, Tally};

/// Hands out the tallies of a fact.
#[derive(Debug)]
pub struct Finish {
    fact: Fact,
    axes: Vec<Sorted>,
    /// For each grouping, the rank of each group in the order of its keys; none for one that is left out.
    ranks: Vec<Vec<Option<u32>>>,
}

/// The values of an axis in their order.
#[derive(Debug)]
struct Sorted {
    /// By place.
    ranks: Vec<Option<u32>>,
    texts: Arc<[PlSmallStr]>,
}

impl Sorted {
    fn of(axis: &Axis) -> Self {
        let mut texts = axis.texts().iter().skip(1).cloned().collect::<Vec<_>>();
        texts.sort_unstable();
        Self { ranks: axis.ranks(), texts: texts.into() }
    }
}

impl Finish {
    /// Sorts what the tallies share.
    pub fn new(fact: Fact) -> Self {
        let axes: Vec<Sorted> = fact.axes.iter().map(Sorted::of).collect();
        let mut ranks = vec![vec![Some(0)]];
        for (groups, (parent, axis)) in fact.groups.iter().zip(&fact.layout.groups).skip(1) {
            let mut order: Vec<(u32, u32, usize)> = Vec::with_capacity(groups.len());
            for (group, (parent_group, place)) in groups.pairs().iter().enumerate() {
                let parent_rank = ranks[*parent].get(*parent_group as usize).copied().flatten();
                if let Some((parent, place)) = parent_rank.zip(axes[*axis].ranks[*place as usize]) {
                    order.push((parent, place, group));
                }
            }
            order.sort_unstable();
            let mut own = vec![None; groups.len()];
            for (rank, (_, _, group)) in (0..).zip(order) {
                own[group] = Some(rank);
            }
            ranks.push(own);
        }
        Self { fact, axes, ranks }
    }

    /// The rows of the tally at a place.
    pub fn tally(&self, place: usize, tally: &Tally) -> PolarsResult<Counted> {
        let recipe = &self.fact.layout.tallies[place];
        if recipe.columns.iter().any(|column| !self.fact.seen[*column]) {
            return Counted::empty(tally);
        }
        match recipe.rows {
            Rows::One => {
                let rows = vec![i64::try_from(self.fact.rows).unwrap_or(i64::MAX)];
                let sums = self.figures(recipe, ROOT, &[0], rows);
                Ok(Counted::new(1, tally, Vec::new(), sums))
            }
            Rows::Cells(cells) => {
                let (grouping, axis) = self.fact.layout.cells[cells];
                let entries = self.entries(cells);
                let mut keys = self.keys(grouping, entries.iter().map(|entry| entry.group));
                keys.push(self.values(axis, entries.iter().map(|entry| entry.place)));
                let rows = entries.iter().map(|entry| entry.rows).collect();
                Ok(Counted::new(entries.len(), tally, keys, vec![rows]))
            }
            Rows::Groups(grouping, cells) => {
                let ranks = &self.ranks[grouping];
                let mut order: Vec<(u32, u32)> =
                    (0..).zip(ranks).filter_map(|(group, rank)| rank.map(|r| (r, group))).collect();
                order.sort_unstable();
                let groups: Vec<u32> = order.into_iter().map(|(_, group)| group).collect();
                // The cells are the same groups in the same order.
                let rows = self.entries(cells).into_iter().map(|entry| entry.rows).collect();
                let keys = self.keys(grouping, groups.iter().copied());
                let sums = self.figures(recipe, grouping, &groups, rows);
                Ok(Counted::new(groups.len(), tally, keys, sums))
            }
        }
    }

    /// The cells that hold rows, in the order of their keys.
    fn entries(&self, cells: usize) -> Vec<Entry> {
        let (grouping, axis) = self.fact.layout.cells[cells];
        let (parents, places) = (&self.ranks[grouping], &self.axes[axis].ranks);
        let order = |group: u32, place: u32| parents[group as usize].zip(places[place as usize]);
        // Parents are few beside entries, so that these are dealt out to them, not compared.
        let mut starts = vec![0; parents.len() + 1];
        self.fact.cells[cells].each(|group, place, _| {
            if let Some((parent, _)) = order(group, place) {
                starts[parent as usize + 1] += 1;
            }
        });
        for parent in 1..starts.len() {
            starts[parent] += starts[parent - 1];
        }
        let mut entries = vec![Entry::default(); starts[parents.len()]];
        self.fact.cells[cells].each(|group, place, rows| {
            if let Some(order) = order(group, place) {
                let next = &mut starts[order.0 as usize];
                entries[*next] = Entry { order, group, place, rows: i64::try_from(rows).unwrap_or(i64::MAX) };
                *next += 1;
            }
        });
        for siblings in entries.chunk_by_mut(|a, b| a.order.0 == b.order.0) {
            siblings.sort_unstable_by_key(|entry| entry.order.1);
        }
        entries.dedup_by(|next, kept| {
            let same = next.order == kept.order;
            if same {
                kept.rows += next.rows;
            }
            same
        });
        entries
    }

    /// The keys of groups.
    fn keys(&self, grouping: usize, groups: impl Iterator<Item = u32>) -> Vec<Values> {
        let mut chain = Vec::new();
        let mut at = grouping;
        while at != ROOT {
            chain.push(at);
            at = self.fact.layout.groups[at].0;
        }
        let mut groups: Vec<u32> = groups.collect();
        let mut keys = Vec::new();
        for at in chain {
            let pairs = self.fact.groups[at].pairs();
            keys.push(self.values(self.fact.layout.groups[at].1, groups.iter().map(|group| pairs[*group as usize].1)));
            for group in &mut groups {
                *group = pairs[*group as usize].0;
            }
        }
        keys.reverse();
        keys
    }

    /// The values at these places of an axis.
    fn values(&self, axis: usize, places: impl Iterator<Item = u32>) -> Values {
        let (values, sorted) = (&self.fact.axes[axis], &self.axes[axis]);
        match values.kind {
            Kind::Member | Kind::Text => Values::Texts {
                texts: Arc::clone(&sorted.texts),
                rows: places.map(|place| sorted.ranks[place as usize].unwrap_or_default()).collect(),
            },
            _ => Values::Numbers(places.map(|place| values.numbers()[place as usize]).collect()),
        }
    }

    /// Rows, sums and distinct values of groups.
    fn figures(&self, recipe: &Recipe, grouping: usize, groups: &[u32], rows: Vec<i64>) -> Vec<Vec<i64>> {
        let size = self.fact.groups[grouping].len();
        let pick = |all: &[i64]| groups.iter().map(|g| all.get(*g as usize).copied().unwrap_or_default()).collect();
        let mut sums: Vec<Vec<i64>> = vec![rows];
        for figure in &recipe.sums {
            match figure {
                Figure::Sum(sum) => sums.push(pick(&self.fact.sums[*sum])),
                Figure::Text(cells, value) => {
                    let axis = self.fact.layout.cells[*cells].1;
                    let place = self.fact.axes[axis].find(value);
                    sums.push(pick(&self.column(*cells, place, size)));
                }
                Figure::Present(cells) => sums.push(pick(&self.column(*cells, Some(1), size))),
            }
        }
        if let Some(distinct) = recipe.distinct {
            sums.push(pick(&self.fact.distinct[distinct].counts(size)));
        }
        sums
    }

    /// Rows at one place, by group.
    fn column(&self, cells: usize, place: Option<u32>, size: usize) -> Vec<i64> {
        let mut column = vec![0; size];
        self.fact.cells[cells].each(|group, at, rows| {
            if Some(at) == place {
                column[group as usize] += i64::try_from(rows).unwrap_or(i64::MAX);
            }
        });
        column
    }
}

/// A cell that holds rows.
#[derive(Clone, Copy, Default)]
struct Entry {
    order: (u32, u32),
    group: u32,
    place: u32,
    rows: i64,
}
