//! The cells of a column and what they turned out to mean: most columns say the same few things again and again.

/// Slots at first; a power of two.
const FEWEST: usize = 64;
/// Slots at most. A column with more different cells is no column of few words.
const MOST: usize = 1 << 12;
/// Slots that are tried for a cell.
const TRIES: usize = 8;
/// After so many cells that were not known it is asked whether remembering pays.
const PROOF: u32 = 4096;
/// A multiplier whose product is well mixed in its highest bits.
const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Null,
    Int(i64),
    /// A word of the dictionary.
    Word(u32),
}

/// Cells as written and their meanings.
#[derive(Debug)]
pub struct Words {
    slots: Vec<Option<Entry>>,
    filled: usize,
    hits: u32,
    misses: u32,
}

#[derive(Debug)]
struct Entry {
    key: Key,
    cell: Box<[u8]>,
    meaning: Meaning,
    /// What the value adds to the hash of its row.
    hashed: Box<[u8]>,
}

/// Length, beginning and end of a cell; all of it up to 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    length: usize,
    first: u64,
    last: u64,
}

impl Key {
    fn of(cell: &[u8]) -> Self {
        let (first, last) = if let (Some(first), Some(last)) = (cell.first_chunk::<8>(), cell.last_chunk::<8>()) {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        } else if let (Some(first), Some(last)) = (cell.first_chunk::<4>(), cell.last_chunk::<4>()) {
            (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
        } else {
            (cell.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), 0)
        };
        Self { length: cell.len(), first, last }
    }

    /// Where the cell stands among so many slots, a power of two, unless these are taken.
    fn places(&self, slots: usize) -> impl Iterator<Item = usize> + use<> {
        let mixed = (self.first ^ self.last.rotate_left(23) ^ self.length as u64).wrapping_mul(MIX);
        let home = usize::try_from(mixed >> 40).unwrap_or_default();
        (home..home + TRIES).map(move |place| place & (slots - 1))
    }
}

impl Words {
    pub fn new() -> Self {
        let mut words = Self { slots: Vec::new(), filled: 0, hits: 0, misses: 0 };
        words.slots.resize_with(FEWEST, || None);
        words
    }

    /// What a cell is known to mean; `hashed` gets what the value adds to the hash of its row.
    pub fn meaning(&mut self, cell: &[u8], hashed: &mut Vec<u8>) -> Option<Meaning> {
        let key = Key::of(cell);
        for place in key.places(self.slots.len()) {
            let entry = self.slots.get(place)?.as_ref()?;
            if entry.key == key && (key.length <= 16 || *entry.cell == *cell) {
                self.hits = self.hits.saturating_add(1);
                hashed.extend_from_slice(&entry.hashed);
                return Some(entry.meaning);
            }
        }
        None
    }

    /// Remembers what a cell means. False where cells hardly ever come again, so that looking for them does not pay.
    pub fn learn(&mut self, cell: &[u8], meaning: Meaning, hashed: &[u8]) -> bool {
        self.misses += 1;
        if self.filled * 2 > self.slots.len() && self.slots.len() < MOST {
            let slots = self.slots.len() * 4;
            let entries = std::mem::take(&mut self.slots);
            self.slots.resize_with(slots, || None);
            self.filled = 0;
            for entry in entries.into_iter().flatten() {
                self.put(entry);
            }
        }
        self.put(Entry { key: Key::of(cell), cell: cell.into(), meaning, hashed: hashed.into() });
        self.misses < PROOF || self.hits / 4 > self.misses
    }

    /// Puts a cell in a free slot, else in its first.
    fn put(&mut self, entry: Entry) {
        let slots = self.slots.len();
        let free = entry.key.places(slots).find(|place| self.slots.get(*place).is_some_and(Option::is_none));
        self.filled += usize::from(free.is_some());
        let place = free.or_else(|| entry.key.places(slots).next());
        if let Some(slot) = place.and_then(|place| self.slots.get_mut(place)) {
            *slot = Some(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_told_apart_whatever_their_length() {
        let mut words = Words::new();
        let cells: Vec<String> = (0..30).map(|n| "x".repeat(n)).collect();
        let longer = ["一二三四五六七八九", "一二三x四五六七八九", "一二三y四五六七八九"];
        let cells: Vec<&str> =
            cells.iter().map(String::as_str).chain(longer).chain(["abcde", "abxde", "ab", "ba"]).collect();
        for (cell, n) in cells.iter().zip(0_u8..) {
            assert_eq!(words.meaning(cell.as_bytes(), &mut Vec::new()), None, "{cell}");
            assert!(words.learn(cell.as_bytes(), Meaning::Int(n.into()), &[n]));
        }
        let mut known = 0;
        for (cell, n) in cells.iter().zip(0_u8..) {
            let mut hashed = vec![9];
            // A cell may have lost its slot to another, but is never taken for it.
            if let Some(meaning) = words.meaning(cell.as_bytes(), &mut hashed) {
                assert_eq!((meaning, hashed.as_slice()), (Meaning::Int(n.into()), &[9, n][..]), "{cell}");
                known += 1;
            }
        }
        assert!(known + 3 > cells.len());
    }

    #[test]
    fn cells_that_never_come_again_are_given_up() {
        let mut words = Words::new();
        let kept = (0..PROOF).take_while(|n| words.learn(&n.to_le_bytes(), Meaning::Null, &[0])).count();
        assert_eq!(kept, PROOF as usize - 1);
        assert!(words.slots.len() <= MOST);
    }
}
