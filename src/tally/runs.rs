//! Counts of keys that are too many for a table: sorted runs, merged now and then.

use std::iter::Peekable;

/// Keys that wait to be sorted, 1 MiB.
const WAITING: usize = 1 << 17;

/// Bits of a digit of the radix sort.
const DIGIT: u32 = 11;

/// Counts by key. Memory grows with distinct keys: two bytes each where keys lie close together and counts are small. A count
/// costs a few nanoseconds.
#[derive(Debug, Default)]
pub struct Runs {
    waiting: Vec<u64>,
    /// Each at least twice as long as the next.
    runs: Vec<Run>,
}

/// Keys in rising order, and how often each occurred: of each key how far it is above the one before, then its count, both
/// in as many bytes as they need.
#[derive(Debug, Default)]
struct Run {
    bytes: Vec<u8>,
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
        self.insert(Run::of(counts.into_iter()));
    }

    /// Calls for each key, in no order that means anything, with a count; a key may come more than once.
    pub fn each(&self, mut call: impl FnMut(u64, u64)) {
        for key in &self.waiting {
            call(*key, 1);
        }
        for (key, count) in self.runs.iter().flat_map(Run::iter) {
            call(key, count);
        }
    }

    fn sort(&mut self) {
        radix_sort(&mut self.waiting);
        let run = Run::of(self.waiting.drain(..).map(|key| (key, 1)));
        self.insert(run);
    }

    fn insert(&mut self, mut run: Run) {
        while let Some(last) = self.runs.pop_if(|last| last.bytes.len() < 2 * run.bytes.len()) {
            run = Run::of(Merged { one: last.iter().peekable(), other: run.iter().peekable() });
        }
        if !run.bytes.is_empty() {
            self.runs.push(run);
        }
    }
}

impl Run {
    /// Keys in rising order; the counts of one that comes again are added.
    fn of(counts: impl Iterator<Item = (u64, u64)>) -> Self {
        let mut bytes = Vec::new();
        let mut before = 0;
        let mut write = |key: u64, count: u64| {
            write(key - before, &mut bytes);
            write(count, &mut bytes);
            before = key;
        };
        let mut last: Option<(u64, u64)> = None;
        for (key, count) in counts {
            match &mut last {
                Some((same, sum)) if *same == key => *sum += count,
                _ => {
                    if let Some((key, count)) = last.replace((key, count)) {
                        write(key, count);
                    }
                }
            }
        }
        if let Some((key, count)) = last {
            write(key, count);
        }
        bytes.shrink_to_fit();
        Self { bytes }
    }

    fn iter(&self) -> Counts<'_> {
        Counts { bytes: self.bytes.iter(), key: 0 }
    }
}

/// The keys of a run with their counts.
struct Counts<'a> {
    bytes: std::slice::Iter<'a, u8>,
    key: u64,
}

impl Iterator for Counts<'_> {
    type Item = (u64, u64);

    #[inline]
    fn next(&mut self) -> Option<(u64, u64)> {
        self.key += read(&mut self.bytes)?;
        Some((self.key, read(&mut self.bytes)?))
    }
}

/// Two runs as one; keys of both come twice.
struct Merged<'a> {
    one: Peekable<Counts<'a>>,
    other: Peekable<Counts<'a>>,
}

impl Iterator for Merged<'_> {
    type Item = (u64, u64);

    #[inline]
    fn next(&mut self) -> Option<(u64, u64)> {
        match (self.one.peek(), self.other.peek()) {
            (Some((a, _)), Some((b, _))) if a <= b => self.one.next(),
            (_, Some(_)) => self.other.next(),
            (_, None) => self.one.next(),
        }
    }
}

/// Writes a number, seven bits a byte, the lowest first; all bytes but the last have the highest bit.
#[inline]
fn write(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7F) as u8);
}

#[inline]
fn read(bytes: &mut std::slice::Iter<u8>) -> Option<u64> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *bytes.next()?;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
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
    fn keys_that_lie_close_together_take_two_bytes_each() {
        let mut runs = Runs::default();
        (0..WAITING as u64).for_each(|key| runs.push(key * 127));
        assert_eq!(runs.runs.iter().map(|run| run.bytes.len()).collect::<Vec<_>>(), [2 * WAITING]);
    }

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
