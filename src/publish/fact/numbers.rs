//! Whole numbers, times, flags and figures as column chunks.

use std::collections::HashMap;

use parquet::basic::Encoding;
use parquet::file::statistics::Statistics;

use super::bits::{self, Bits};
use super::page::{Body, Chunk};

/// How a whole number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    Narrow,
    Wide,
    /// Microseconds; wide as well.
    Moment,
}

/// Whether values so often the same are better stored as places in a dictionary.
pub const fn repeats(distinct: usize, values: usize) -> bool {
    distinct <= values / 2 + 16
}

/// A chunk of whole numbers: places in a sorted dictionary where they repeat and lie close together, else differences.
pub fn whole(valid: &Bits, values: &[i64], kind: Whole) -> Chunk {
    let narrow = kind == Whole::Narrow;
    let ends = values.iter().min().zip(values.iter().max()).map(|(min, max)| (*min, *max));
    let nulls = Some((valid.len() - valid.ones()) as u64);
    let (min, max) = ends.unzip();
    let statistics = if narrow {
        let short = |end: Option<i64>| end.and_then(|v| i32::try_from(v).ok());
        Statistics::int32(short(min), short(max), None, nulls, false)
    } else {
        Statistics::int64(min, max, None, nulls, false)
    };
    let Some(ends) = ends else { return Chunk::plain(valid, &[], statistics) };
    // Times of whole minutes or seconds lie close together if they are counted so.
    let ranked = match kind {
        Whole::Moment => ranks::<60_000_000>(values, ends)
            .or_else(|| ranks::<1_000_000>(values, ends))
            .or_else(|| ranks::<1>(values, ends)),
        Whole::Wide => ranks::<60>(values, ends).or_else(|| ranks::<1>(values, ends)),
        Whole::Narrow => ranks::<1>(values, ends),
    };
    if let Some((places, distinct)) = ranked {
        let mut plain = Vec::with_capacity(distinct.len() * 8);
        let size = if narrow { 4 } else { 8 };
        for value in &distinct {
            plain.extend_from_slice(value.to_le_bytes().get(..size).unwrap_or_default());
        }
        return Chunk::places(valid, &places, (plain, distinct.len()), statistics);
    }
    let mut body = Body::of(valid, 0, valid.len());
    bits::differences(values, narrow, &mut body.bytes);
    Chunk { dictionary: None, encoding: Encoding::DELTA_BINARY_PACKED, pages: vec![body], statistics }
}

/// The place of each number among the distinct ones, and these in their order; nothing where the numbers are no multiples of
/// `UNIT`, lie too far apart, or seldom repeat.
fn ranks<const UNIT: i64>(values: &[i64], (min, max): (i64, i64)) -> Option<(Vec<u32>, Vec<i64>)> {
    let span = usize::try_from(max.checked_sub(min)? / UNIT).ok()?.checked_add(1)?;
    if span > values.len() * 4 + 1024 || (UNIT > 1 && !values.iter().all(|v| v % UNIT == 0)) {
        return None;
    }
    let step = |value: i64| usize::try_from((value - min) / UNIT).unwrap_or(0);
    let mut places = vec![0_u32; span];
    for value in values {
        if let Some(place) = places.get_mut(step(*value)) {
            *place = 1;
        }
    }
    let mut distinct = Vec::new();
    let mut value = min;
    let mut next = 0;
    for place in &mut places {
        if *place == 1 {
            *place = next;
            next += 1;
            distinct.push(value);
        }
        value = value.wrapping_add(UNIT);
    }
    let place = |value: &i64| places.get(step(*value)).copied().unwrap_or(0);
    repeats(distinct.len(), values.len()).then(|| (values.iter().map(place).collect(), distinct))
}

/// A chunk of figures: places in a dictionary where they repeat, else plain.
pub fn figures(valid: &Bits, values: &[f64]) -> Chunk {
    let nulls = Some((valid.len() - valid.ones()) as u64);
    // Zero has two signs, which readers take for one: the ends must hold both.
    let min = values.iter().copied().min_by(f64::total_cmp).map(|v| if v == 0.0 { -0.0 } else { v });
    let max = values.iter().copied().max_by(f64::total_cmp).map(|v| if v == 0.0 { 0.0 } else { v });
    let statistics = Statistics::double(min, max, None, nulls, false);
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let mut plain = Vec::new();
    let mut places = Vec::with_capacity(values.len());
    let mut last = None;
    for value in values {
        let bits = value.to_bits();
        let place = match last {
            Some((same, place)) if same == bits => place,
            _ => {
                let next = u32::try_from(seen.len()).unwrap_or(u32::MAX);
                *seen.entry(bits).or_insert_with(|| {
                    plain.extend_from_slice(&value.to_le_bytes());
                    next
                })
            }
        };
        if !repeats(seen.len(), values.len()) {
            break;
        }
        last = Some((bits, place));
        places.push(place);
    }
    if !values.is_empty() && repeats(seen.len(), values.len()) {
        return Chunk::places(valid, &places, (plain, seen.len()), statistics);
    }
    let plain: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    Chunk::plain(valid, &plain, statistics)
}

/// A chunk of flags.
pub fn flags(valid: &Bits, values: &Bits) -> Chunk {
    let nulls = Some((valid.len() - valid.ones()) as u64);
    let some = values.len() > 0;
    let (min, max) = (some.then(|| values.ones() == values.len()), some.then(|| values.ones() > 0));
    Chunk::plain(valid, values.bytes(), Statistics::boolean(min, max, None, nulls, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_repeat_have_a_sorted_dictionary() {
        for (unit, kind) in
            [(60_000_000, Whole::Moment), (1_000_000, Whole::Moment), (60, Whole::Wide), (1, Whole::Narrow)]
        {
            let values: Vec<i64> = [5, -3, 5, 900, -3, 5].into_iter().map(|v| v * unit).collect();
            let (places, distinct) = match unit {
                60_000_000 => ranks::<60_000_000>(&values, (-3 * unit, 900 * unit)),
                1_000_000 => ranks::<1_000_000>(&values, (-3 * unit, 900 * unit)),
                60 => ranks::<60>(&values, (-3 * unit, 900 * unit)),
                _ => ranks::<1>(&values, (-3 * unit, 900 * unit)),
            }
            .unwrap();
            assert_eq!((places, distinct), (vec![1, 0, 1, 2, 0, 1], vec![-3 * unit, 5 * unit, 900 * unit]));
            assert_eq!(whole(&Bits::all(6), &values, kind).encoding, Encoding::RLE_DICTIONARY);
        }
    }

    #[test]
    fn numbers_far_apart_or_all_different_are_differences() {
        let ids: Vec<i64> = (0..1000).collect();
        for values in [&[i64::MIN, i64::MAX, 0][..], &ids] {
            assert_eq!(whole(&Bits::all(values.len()), values, Whole::Wide).encoding, Encoding::DELTA_BINARY_PACKED);
        }
    }

    #[test]
    fn figures_that_seldom_repeat_are_plain() {
        let many: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(figures(&Bits::all(100), &many).encoding, Encoding::PLAIN);
        assert_eq!(figures(&Bits::all(3), &[1.0, -0.0, 0.0]).dictionary.unwrap().1, 3);
        assert_eq!(figures(&Bits::default(), &[]).encoding, Encoding::PLAIN);
    }
}
