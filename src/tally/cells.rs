//! Counts of rows by group and place: a table while it is small, sorted runs beyond.

use polars::prelude::*;

use super::groups::MOST_CELLS;
use super::runs::Runs;

/// Bits of a place in a key of the runs.
const PLACE: u32 = 22;

/// Counts that are put into the runs at a time.
const FAR: usize = 1 << 18;

/// Numbers of rows by group (of all keys but the last) and place on an axis.
#[derive(Debug, Default)]
pub struct Cells {
    /// Counts at group · width + place.
    counts: Vec<u32>,
    width: usize,
    /// Rows in `counts`; they are moved into the runs before a count could overflow.
    rows: u64,
    runs: Runs,
    /// The table became too large: all goes into the runs.
    sparse: bool,
}

impl Cells {
    /// Counts rows by their groups and places, of which there are so many.
    ///
    /// # Errors
    /// There are more places than a key has room for: 4 million.
    pub fn read(&mut self, groups: &[u32], places: &[u32], sizes: (usize, usize)) -> PolarsResult<()> {
        self.fit(sizes)?;
        if self.sparse {
            for (group, place) in groups.iter().zip(places) {
                self.runs.push(key(*group, *place));
            }
            return Ok(());
        }
        let rows = groups.len() as u64;
        if self.rows + rows > u64::from(u32::MAX) {
            self.flush();
        }
        self.rows += rows;
        let (counts, width) = (self.counts.as_mut_slice(), self.width);
        for (group, place) in groups.iter().zip(places) {
            counts[*group as usize * width + *place as usize] += 1;
        }
        Ok(())
    }

    fn fit(&mut self, (groups, places): (usize, usize)) -> PolarsResult<()> {
        polars_ensure!(places < 1 << PLACE, ComputeError: "a tally has more than {} values of its last key", 1 << PLACE);
        if self.sparse {
            return Ok(());
        }
        let width = if places > self.width { places + places / 4 } else { self.width };
        let wanted = groups.saturating_mul(width);
        if wanted > MOST_CELLS {
            self.flush();
            self.sparse = true;
            self.counts = Vec::new();
        } else if width > self.width {
            let mut counts = vec![0; wanted];
            if self.width > 0 {
                for (new, old) in counts.chunks_exact_mut(width).zip(self.counts.chunks_exact(self.width)) {
                    new[..old.len()].copy_from_slice(old);
                }
            }
            (self.counts, self.width) = (counts, width);
        } else if wanted > self.counts.len() {
            self.counts.resize(wanted, 0);
        }
        Ok(())
    }

    /// Moves the counts of the table into the runs.
    fn flush(&mut self) {
        let table = std::mem::take(&mut self.counts);
        let full = table.iter().enumerate().filter(|(_, n)| **n > 0);
        let width = self.width.max(1);
        self.runs.add(full.map(|(at, n)| (((at / width) as u64) << PLACE | (at % width) as u64, u64::from(*n))));
        self.counts = vec![0; table.len()];
        self.rows = 0;
    }

    /// Calls for each group and place with a number of rows, in no order that means anything; more than once for some.
    pub fn each(&self, mut call: impl FnMut(u32, u32, u64)) {
        let width = self.width.max(1);
        for (group, counts) in (0..).zip(self.counts.chunks_exact(width)) {
            for (place, n) in (0..).zip(counts).filter(|(_, n)| **n > 0) {
                call(group, place, u64::from(*n));
            }
        }
        self.runs.each(|key, n| {
            let [group, place] = [key >> PLACE, key & ((1 << PLACE) - 1)].map(|k| u32::try_from(k).unwrap_or(u32::MAX));
            call(group, place, n);
        });
    }

    /// Adds the counts of another, whose groups and places are those here by these lists.
    pub fn merge(&mut self, other: &Self, groups: &[u32], places: &[u32], sizes: (usize, usize)) -> PolarsResult<()> {
        self.fit(sizes)?;
        if self.rows + other.rows > u64::from(u32::MAX) {
            self.flush();
        }
        let mut far = Vec::new();
        let (in_table, table_width) = (!self.sparse && !other.sparse && other.runs.is_empty(), self.width);
        if in_table {
            self.rows += other.rows;
        }
        let (counts, runs) = (&mut self.counts, &mut self.runs);
        other.each(|group, place, n| {
            let (group, place) = (groups[group as usize], places[place as usize]);
            match u32::try_from(n) {
                Ok(n) if in_table => counts[group as usize * table_width + place as usize] += n,
                _ => far.push((key(group, place), n)),
            }
            if far.len() >= FAR {
                runs.add(far.drain(..));
            }
        });
        runs.add(far.into_iter());
        Ok(())
    }
}

const fn key(group: u32, place: u32) -> u64 {
    (group as u64) << PLACE | place as u64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn all(cells: &Cells) -> BTreeMap<(u32, u32), u64> {
        let mut found = BTreeMap::new();
        cells.each(|group, place, n| *found.entry((group, place)).or_default() += n);
        found
    }

    #[test]
    fn growing_and_leaving_the_table_lose_nothing() {
        let mut cells = Cells::default();
        let mut expected = BTreeMap::new();
        for size in [1_u32, 3, 40, 40, 1 << 12, 1 << 13] {
            let groups: Vec<u32> = (0..100).map(|row| row * 7 % size).collect();
            let places: Vec<u32> = (0..100).map(|row| row * 11 % (size / 2 + 1)).collect();
            cells.read(&groups, &places, (size as usize, size as usize / 2 + 1)).unwrap();
            for pair in groups.into_iter().zip(places) {
                *expected.entry(pair).or_insert(0) += 1;
            }
            assert_eq!(all(&cells), expected, "{size}");
        }
        assert!(cells.sparse);
        let mut small = Cells::default();
        small.read(&[0, 1, 1], &[0, 1, 1], (2, 2)).unwrap();
        small.flush();
        small.read(&[1], &[0], (2, 2)).unwrap();
        small
            .merge(&cells, &(0..1 << 13).collect::<Vec<_>>(), &(0..=1 << 12).collect::<Vec<_>>(), (1 << 13, 1 << 13))
            .unwrap();
        for (pair, n) in [((0, 0), 1), ((1, 1), 2), ((1, 0), 1)] {
            *expected.entry(pair).or_insert(0) += n;
        }
        assert_eq!(all(&small), expected);
    }
}
