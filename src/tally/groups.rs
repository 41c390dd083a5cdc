//! Groups: the combinations of values of some keys that occur, each with a small number.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// No group yet.
const UNKNOWN: u32 = u32::MAX;

/// A table of more cells than this (8 MiB) gives way to a hash map.
pub const MOST_CELLS: usize = 1 << 21;

/// Groups by their parent (a group of all keys but the last) and their place on the axis of the last key.
#[derive(Debug)]
pub struct Groups {
    /// Parent and place of each group, in the order in which groups turned up.
    pairs: Vec<(u32, u32)>,
    table: Table,
    /// Groups of the rows of the present block.
    pub rows: Vec<u32>,
}

#[derive(Debug)]
enum Table {
    /// Groups at parent · width + place.
    Cells { cells: Vec<u32>, width: usize },
    /// Groups by parent and place, where the cells would be too many.
    Map(HashMap<u64, u32, BuildHasherDefault<Mix>>),
}

impl Groups {
    /// No groups.
    pub const fn new() -> Self {
        Self { pairs: Vec::new(), table: Table::Cells { cells: Vec::new(), width: 0 }, rows: Vec::new() }
    }

    /// The one group of no keys.
    pub fn root() -> Self {
        Self { pairs: vec![(0, 0)], ..Self::new() }
    }

    pub const fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Parent and place of each group.
    pub fn pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }

    /// Finds the groups of rows from their parents and places, of which there are so many.
    pub fn read(&mut self, parents: &[u32], places: &[u32], sizes: (usize, usize)) {
        self.fit(sizes);
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        rows.extend(parents.iter().zip(places).map(|(parent, place)| self.group(*parent, *place)));
        self.rows = rows;
    }

    /// Makes room for so many parents and places.
    pub fn fit(&mut self, (parents, places): (usize, usize)) {
        let Table::Cells { cells, width } = &mut self.table else { return };
        let grown = if places > *width { places + places / 4 } else { *width };
        let wanted = parents.saturating_mul(grown);
        if wanted > MOST_CELLS {
            let known = (0..).zip(&self.pairs).map(|(group, (parent, place))| (key(*parent, *place), group));
            self.table = Table::Map(known.collect());
        } else if grown > *width {
            *width = grown;
            cells.clear();
            cells.resize(wanted, UNKNOWN);
            for (group, (parent, place)) in (0..).zip(&self.pairs) {
                cells[*parent as usize * grown + *place as usize] = group;
            }
        } else if wanted > cells.len() {
            cells.resize(wanted, UNKNOWN);
        }
    }

    /// The group of a parent and a place that [`fit`](Self::fit).
    #[inline]
    pub fn group(&mut self, parent: u32, place: u32) -> u32 {
        match &mut self.table {
            Table::Cells { cells, width } => {
                let cell = &mut cells[parent as usize * *width + place as usize];
                if *cell == UNKNOWN {
                    *cell = next(&mut self.pairs, parent, place);
                }
                *cell
            }
            Table::Map(map) => *map.entry(key(parent, place)).or_insert_with(|| next(&mut self.pairs, parent, place)),
        }
    }

    /// Takes over the groups of another, whose parents and places are those here by these lists; gives the groups here by
    /// the groups there.
    pub fn merge(&mut self, other: &Self, parents: &[u32], places: &[u32], sizes: (usize, usize)) -> Vec<u32> {
        self.fit(sizes);
        let here = |(parent, place): &(u32, u32)| self.group(parents[*parent as usize], places[*place as usize]);
        other.pairs.iter().map(here).collect()
    }
}

#[cold]
fn next(pairs: &mut Vec<(u32, u32)>, parent: u32, place: u32) -> u32 {
    pairs.push((parent, place));
    // As many as that would not fit into memory.
    u32::try_from(pairs.len() - 1).unwrap_or(UNKNOWN)
}

const fn key(parent: u32, place: u32) -> u64 {
    (parent as u64) << 32 | place as u64
}

/// Mixes the bits of a number. Nothing depends on the order of the map.
#[derive(Debug, Default)]
pub struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * 0x9E37_79B9_7F4A_7C15;
        #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
        let folded = (product >> 64) as u64 ^ product as u64;
        self.0 = folded;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
