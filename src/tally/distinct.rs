//! Distinct values by group.

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

/// Hash of rows without a value.
const MISSING: u64 = 0;

/// The hashes of a column's texts, block by block.
#[derive(Debug, Default)]
pub struct Hashes {
    /// Of the rows of the present block; 0 where there is no value.
    pub rows: Vec<u64>,
}

impl Hashes {
    /// Hashes rows `start..start + len`; none has a value where the fact lacks the column.
    pub fn read(&mut self, column: Option<&Column>, start: usize, len: usize) -> PolarsResult<()> {
        self.rows.clear();
        let Some(column) = column else {
            self.rows.resize(len, MISSING);
            return Ok(());
        };
        let part = column.slice(i64::try_from(start).unwrap_or(i64::MAX), len);
        match part.try_cat32() {
            Some(categories) => self.rows.extend(categories.iter_str().map(hash)),
            None => self.rows.extend(part.str()?.iter().map(hash)),
        }
        Ok(())
    }
}

/// Hash of a text, never 0.
fn hash(text: Option<&str>) -> u64 {
    text.map_or(MISSING, |text| xxh3_64(text.as_bytes()).max(1))
}

/// For each group the hashes of its values, in 64 bits of xxh3: among n values of a group some two are taken for one with
/// a chance of n² / 2⁶⁵, which is one in 370,000 for ten million values, and one in 37 million for a million.
#[derive(Debug, Default)]
pub struct Distinct {
    groups: Vec<Vec<u64>>,
}

impl Distinct {
    /// Adds rows by their groups, of which there are so many.
    pub fn read(&mut self, groups: &[u32], hashes: &[u64], size: usize) {
        self.groups.resize_with(size.max(self.groups.len()), Vec::new);
        for (group, hash) in groups.iter().zip(hashes) {
            if *hash != MISSING {
                push(&mut self.groups[*group as usize], *hash);
            }
        }
    }

    /// Takes over the values of another, whose groups are those here by this list.
    pub fn merge(&mut self, other: Self, groups: &[u32], size: usize) {
        self.groups.resize_with(size.max(self.groups.len()), Vec::new);
        for (values, group) in other.groups.into_iter().zip(groups) {
            let own = &mut self.groups[*group as usize];
            if own.is_empty() {
                *own = values;
            } else {
                own.extend(values);
                shrink(own);
            }
        }
    }

    /// Numbers of distinct values by group.
    pub fn counts(&self, size: usize) -> Vec<i64> {
        let count = |values: &Vec<u64>| {
            let mut values = values.clone();
            shrink(&mut values);
            i64::try_from(values.len()).unwrap_or(i64::MAX)
        };
        let mut counts: Vec<i64> = self.groups.iter().map(count).collect();
        counts.resize(size.max(counts.len()), 0);
        counts
    }
}

/// Adds a value; where there is no room left, values that came again make way before the list grows.
#[inline]
fn push(values: &mut Vec<u64>, hash: u64) {
    if values.len() == values.capacity() {
        shrink(values);
        if values.len() * 2 > values.capacity() {
            values.reserve(values.len().max(4));
        }
    }
    values.push(hash);
}

fn shrink(values: &mut Vec<u64>) {
    values.sort_unstable();
    values.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_come_again_count_once_and_take_no_room() {
        let mut distinct = Distinct::default();
        for round in 0..100_u64 {
            let hashes: Vec<u64> = (0..1000).map(|n| (n + round) % 700 + 1).collect();
            distinct.read(&[1; 1000], &hashes, 2);
        }
        distinct.read(&[0, 0, 0], &[MISSING, 9, 9], 2);
        assert!(distinct.groups[1].capacity() < 3000, "{}", distinct.groups[1].capacity());
        let mut other = Distinct::default();
        other.read(&[0, 0], &[9, 8], 1);
        distinct.merge(other, &[0], 2);
        assert_eq!(distinct.counts(3), [2, 700, 0]);
    }
}
