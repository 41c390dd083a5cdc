//! Keys of rows, and a set of them as small as the keys themselves.

use xxhash_rust::xxh3::xxh3_128;

/// The hash by which the row with this number is known.
pub fn of(number: &str) -> u128 {
    xxh3_128(number.as_bytes())
}

/// Distinct 128-bit hashes, each at its place. Hashes spread evenly, so their first bits tell nearly where one is.
#[derive(Debug, Default)]
pub struct Keys {
    sorted: Vec<u128>,
    /// For each value of the first bits, where its keys begin; one more for their end.
    starts: Vec<u32>,
    /// Bits behind those.
    shift: u32,
}

impl Keys {
    /// Keys in any order, some more than once.
    pub fn new(mut keys: Vec<u128>) -> Self {
        keys.sort_unstable();
        keys.dedup();
        keys.shrink_to_fit();
        let bits = keys.len().max(2).ilog2();
        let shift = u128::BITS - bits;
        let mut starts = vec![0u32; (1 << bits) + 1];
        for key in &keys {
            starts[head(*key, shift) + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        Self { sorted: keys, starts, shift }
    }

    pub const fn len(&self) -> usize {
        self.sorted.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The place of a key, from 0 to [`Keys::len`] − 1.
    pub fn place(&self, key: u128) -> Option<usize> {
        let head = head(key, self.shift);
        let (from, to) = (*self.starts.get(head)? as usize, *self.starts.get(head + 1)? as usize);
        let near = self.sorted.get(from..to)?;
        near.iter().position(|known| *known == key).map(|place| from + place)
    }
}

fn head(key: u128, shift: u32) -> usize {
    usize::try_from(key >> shift).unwrap_or(usize::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_place_and_no_other_has_one() {
        for count in [0u32, 1, 2, 3, 1000] {
            let key = |n: u32| xxh3_128(&n.to_le_bytes());
            let mut given: Vec<u128> = (0..count).map(key).collect();
            given.extend((0..count / 2).map(key));
            let keys = Keys::new(given);
            assert_eq!(keys.len(), count as usize);
            let mut places: Vec<usize> = (0..count).map(|n| keys.place(key(n)).unwrap()).collect();
            places.sort_unstable();
            assert_eq!(places, (0..count as usize).collect::<Vec<_>>());
            assert!((count..2 * count + 9).all(|n| keys.place(key(n)).is_none()));
        }
        assert_eq!(Keys::new(vec![0, u128::MAX]).place(u128::MAX), Some(1));
        assert_eq!(Keys::default().place(5), None);
    }
}
