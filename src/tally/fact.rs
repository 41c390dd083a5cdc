//! The tallies of one fact while its rows go by.

use polars::prelude::*;

use super::axis::Axis;
use super::cells::Cells;
use super::distinct::{Distinct, Hashes};
use super::groups::Groups;
use super::layout::{Layout, ROOT};

/// Rows that are laid out in one piece at a time, where a frame has more.
const WINDOW: usize = 1 << 16;

/// Rows that are worked on at a time: their places and groups stay in the cache.
const BLOCK: usize = 1 << 12;

/// What has been counted of a fact.
#[derive(Debug)]
pub struct Fact {
    pub layout: Layout,
    /// Rows seen.
    pub rows: u64,
    /// Whether a column has been seen.
    pub seen: Vec<bool>,
    pub axes: Vec<Axis>,
    pub groups: Vec<Groups>,
    pub cells: Vec<Cells>,
    /// Numbers of the present block; 0 where there is no value.
    numbers: Vec<Vec<i64>>,
    /// By group.
    pub sums: Vec<Vec<i64>>,
    hashes: Vec<Hashes>,
    pub distinct: Vec<Distinct>,
}

/// The columns of a window, each in one piece; none where the fact lacks it.
struct Window {
    axes: Vec<Option<Column>>,
    numbers: Vec<Option<Column>>,
    hashes: Vec<Option<Column>>,
}

impl Fact {
    /// Nothing counted yet.
    pub fn new(layout: Layout) -> Self {
        let mut groups = vec![Groups::root()];
        groups.resize_with(layout.groups.len(), Groups::new);
        Self {
            rows: 0,
            seen: vec![false; layout.columns.len()],
            axes: layout.axes.iter().map(|(_, kind)| Axis::new(*kind)).collect(),
            groups,
            cells: layout.cells.iter().map(|_| Cells::default()).collect(),
            numbers: layout.numbers.iter().map(|_| Vec::new()).collect(),
            sums: layout.sums.iter().map(|_| Vec::new()).collect(),
            hashes: layout.hashes.iter().map(|_| Hashes::default()).collect(),
            distinct: layout.distinct.iter().map(|_| Distinct::default()).collect(),
            layout,
        }
    }

    /// Counts the rows of a frame.
    pub fn feed(&mut self, rows: &DataFrame) -> PolarsResult<()> {
        for (seen, name) in self.seen.iter_mut().zip(&self.layout.columns) {
            *seen |= rows.column(name).is_ok();
        }
        self.rows += rows.height() as u64;
        for start in (0..rows.height()).step_by(WINDOW) {
            let len = WINDOW.min(rows.height() - start);
            let window = self.window(rows, start, len)?;
            for start in (0..len).step_by(BLOCK) {
                self.block(&window, start, BLOCK.min(len - start))?;
            }
        }
        Ok(())
    }

    fn window(&self, rows: &DataFrame, start: usize, len: usize) -> PolarsResult<Window> {
        let start = i64::try_from(start).unwrap_or(i64::MAX);
        let part = |column: usize| rows.column(&self.layout.columns[column]).ok().map(|c| c.slice(start, len));
        let axis = |(axis, (column, _)): (&Axis, &(usize, _))| part(*column).map(|c| axis.prepare(&c)).transpose();
        let number = |column: &usize| part(*column).map(|c| c.cast(&DataType::Int64)).transpose();
        Ok(Window {
            axes: self.axes.iter().zip(&self.layout.axes).map(axis).collect::<PolarsResult<_>>()?,
            numbers: self.layout.numbers.iter().map(number).collect::<PolarsResult<_>>()?,
            hashes: self.layout.hashes.iter().map(|column| part(*column)).collect(),
        })
    }

    fn block(&mut self, window: &Window, start: usize, len: usize) -> PolarsResult<()> {
        for (axis, column) in self.axes.iter_mut().zip(&window.axes) {
            axis.read(column.as_ref(), start, len)?;
        }
        self.groups[ROOT].rows.resize(len, 0);
        for (at, (parent, axis)) in self.layout.groups.iter().enumerate().skip(1) {
            let (before, rest) = self.groups.split_at_mut(at);
            if let (Some(parent), Some(own)) = (before.get(*parent), rest.first_mut()) {
                let axis = &self.axes[*axis];
                own.read(&parent.rows, &axis.rows, (parent.len(), axis.len()));
            }
        }
        for (cells, (grouping, axis)) in self.cells.iter_mut().zip(&self.layout.cells) {
            let (grouping, axis) = (&self.groups[*grouping], &self.axes[*axis]);
            cells.read(&grouping.rows, &axis.rows, (grouping.len(), axis.len()))?;
        }
        for (numbers, column) in self.numbers.iter_mut().zip(&window.numbers) {
            numbers.clear();
            if let Some(column) = column {
                let part = column.slice(i64::try_from(start).unwrap_or(i64::MAX), len);
                numbers.extend(part.i64()?.iter().map(Option::unwrap_or_default));
            }
        }
        for (sums, (grouping, number)) in self.sums.iter_mut().zip(&self.layout.sums) {
            let grouping = &self.groups[*grouping];
            sums.resize(grouping.len(), 0);
            for (group, number) in grouping.rows.iter().zip(&self.numbers[*number]) {
                sums[*group as usize] += number;
            }
        }
        for (hashes, column) in self.hashes.iter_mut().zip(&window.hashes) {
            hashes.read(column.as_ref(), start, len)?;
        }
        for (distinct, (grouping, hash)) in self.distinct.iter_mut().zip(&self.layout.distinct) {
            let grouping = &self.groups[*grouping];
            distinct.read(&grouping.rows, &self.hashes[*hash].rows, grouping.len());
        }
        Ok(())
    }

    /// Adds what another has counted, whose layout is the same.
    pub fn merge(&mut self, other: Self) -> PolarsResult<()> {
        self.rows += other.rows;
        for (seen, other) in self.seen.iter_mut().zip(&other.seen) {
            *seen |= other;
        }
        let places: Vec<Vec<u32>> =
            self.axes.iter_mut().zip(&other.axes).map(|(own, other)| own.merge(other)).collect();
        let mut here: Vec<Vec<u32>> = vec![vec![0]];
        for (at, (parent, axis)) in self.layout.groups.iter().enumerate().skip(1) {
            let sizes = (self.groups[*parent].len(), self.axes[*axis].len());
            let merged = self.groups[at].merge(&other.groups[at], &here[*parent], &places[*axis], sizes);
            here.push(merged);
        }
        for ((own, other), (grouping, axis)) in self.cells.iter_mut().zip(&other.cells).zip(&self.layout.cells) {
            let sizes = (self.groups[*grouping].len(), self.axes[*axis].len());
            own.merge(other, &here[*grouping], &places[*axis], sizes)?;
        }
        for ((own, other), (grouping, _)) in self.sums.iter_mut().zip(other.sums).zip(&self.layout.sums) {
            own.resize(self.groups[*grouping].len(), 0);
            for (sum, group) in other.into_iter().zip(&here[*grouping]) {
                own[*group as usize] += sum;
            }
        }
        for ((own, other), (grouping, _)) in self.distinct.iter_mut().zip(other.distinct).zip(&self.layout.distinct) {
            own.merge(other, &here[*grouping], self.groups[*grouping].len());
        }
        Ok(())
    }
}
