//! Counts of keys that are too many for a table: sorted runs, merged now and then.

/// Keys that wait to be sorted, 2 MiB.
const WAITING: usize = 1 << 18;

/// Bits of a digit of the radix sort.
const DIGIT: u32 = 11;

/// Counts by key. Memory grows with distinct keys, 12 bytes each; a count costs a few nanoseconds.
#[derive(Debug, Default)]
pub struct Runs {
    waiting: Vec<u64>,
    /// Each at least twice as long as the next.
    runs: Vec<Run>,
}

/// Keys in rising order, and how often each occurred.
#[derive(Debug, Default)]
struct Run {
    keys: Vec<u64>,
    counts: Vec<u32>,
}

impl Runs {
    /// Counts a key.
    #[inline]
    pub fn push(&mut self, key: u64) {
        self.waiting.push(key);
        if self.waiting.len() >= WAITING {
            self.sort();
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.runs.is_empty()
    }

    /// Adds counts by key, in any order of keys.
    pub fn add(&mut self, counts: impl Iterator<Item = (u64, u64)>) {
        let mut counts: Vec<(u64, u64)> = counts.collect();
        counts.sort_unstable();
        let mut run = Run::default();
        for (key, count) in counts {
            run.add(key, count);
        }
        self.insert(run);
    }

    /// Calls for each key, in no order that means anything, with a count; a key may come more than once.
    pub fn each(&mut self, mut call: impl FnMut(u64, u64)) {
        self.sort();
        for run in &self.runs {
            for (key, count) in run.keys.iter().zip(&run.counts) {
                call(*key, u64::from(*count));
            }
        }
    }

    fn sort(&mut self) {
        radix_sort(&mut self.waiting);
        let mut run = Run::default();
        for key in self.waiting.drain(..) {
            run.add(key, 1);
        }
        self.insert(run);
    }

    fn insert(&mut self, mut run: Run) {
        while let Some(last) = self.runs.pop_if(|last| last.keys.len() < 2 * run.keys.len()) {
            run = last.merge(&run);
        }
        if !run.keys.is_empty() {
            self.runs.push(run);
        }
    }
}

impl Run {
    /// Counts a key that is not less than any so far. A count that is full goes on in a second entry.
    fn add(&mut self, key: u64, mut count: u64) {
        if self.keys.last() == Some(&key)
            && let Some(last) = self.counts.last_mut()
        {
            let more = u32::try_from(count).unwrap_or(u32::MAX).min(u32::MAX - *last);
            *last += more;
            count -= u64::from(more);
        }
        while count > 0 {
            let part = u32::try_from(count).unwrap_or(u32::MAX);
            self.keys.push(key);
            self.counts.push(part);
            count -= u64::from(part);
        }
    }

    fn merge(self, other: &Self) -> Self {
        let most = self.keys.len() + other.keys.len();
        let mut merged = Self { keys: Vec::with_capacity(most), counts: Vec::with_capacity(most) };
        let mut mine = self.keys.iter().zip(&self.counts).peekable();
        let mut theirs = other.keys.iter().zip(&other.counts).peekable();
        loop {
            let next = match (mine.peek(), theirs.peek()) {
                (Some((a, _)), Some((b, _))) if a <= b => mine.next(),
                (_, Some(_)) => theirs.next(),
                (_, None) => mine.next(),
            };
            let Some((key, count)) = next else { break };
            merged.add(*key, u64::from(*count));
        }
        merged.keys.shrink_to_fit();
        merged.counts.shrink_to_fit();
        merged
    }
}

/// Sorts keys digit by digit, the last digit first; digits that all keys share cost nothing but a look.
fn radix_sort(keys: &mut Vec<u64>) {
    let mut other = vec![0; keys.len()];
    let differ = keys.iter().fold(0, |bits, key| bits | (key ^ keys[0]));
    for shift in (0..u64::BITS).step_by(DIGIT as usize) {
        let digit = |key: u64| ((key >> shift) & ((1 << DIGIT) - 1)) as usize;
        if digit(differ) == 0 {
            continue;
        }
        let mut starts = [0_usize; 1 << DIGIT];
        for key in keys.iter() {
            starts[digit(*key)] += 1;
        }
        let mut start = 0;
        for count in &mut starts {
            start += std::mem::replace(count, start);
        }
        for key in keys.iter() {
            let place = &mut starts[digit(*key)];
            other[*place] = *key;
            *place += 1;
        }
        std::mem::swap(keys, &mut other);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn counts_are_those_of_a_map() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        let (mut runs, mut map) = (Runs::default(), BTreeMap::new());
        for _ in 0..3 * WAITING + 17 {
            let key = ((next() % 300) << 22) | (next() % 700) | ((next() % 2) << 60);
            runs.push(key);
            *map.entry(key).or_insert(0) += 1;
        }
        runs.add([(5, 2 * u64::from(u32::MAX) + 3), (4, 1), (5, 1)].into_iter());
        map.extend([(4, 1), (5, 2 * u64::from(u32::MAX) + 4)].map(|(key, n)| (key, map.get(&key).unwrap_or(&0) + n)));
        let mut found = BTreeMap::new();
        runs.each(|key, n| *found.entry(key).or_insert(0) += n);
        assert_eq!(found, map);
    }
}
