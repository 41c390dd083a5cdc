//! Numbers as Parquet packs them: runs and bits of small ones, differences of large ones.
//!
//! The forms are those of the Parquet format, `Encodings.md`: RLE / bit-packing hybrid, and `DELTA_BINARY_PACKED`.

#![expect(clippy::cast_possible_truncation, reason = "bytes and words cut off a number on purpose")]

/// Numbers of one kind in a row from which on a run is shorter than bits, with both headers.
const RUN: usize = 24;
/// Differences under one least difference, and those under one width.
const BLOCK: usize = 128;
const SMALL: usize = 32;

/// A row of bits, the first in the lowest bit of the first byte.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Bits {
    bytes: Vec<u8>,
    len: usize,
    ones: usize,
}

impl Bits {
    /// Ones alone.
    #[cfg(test)]
    pub fn all(count: usize) -> Self {
        let mut bits = Self::default();
        bits.repeat(true, count);
        bits
    }

    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn ones(&self) -> usize {
        self.ones
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn get(&self, at: usize) -> bool {
        self.bytes.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    pub fn push(&mut self, bit: bool) {
        self.some(u8::from(bit), 1);
    }

    /// The same bit many times.
    pub fn repeat(&mut self, bit: bool, times: usize) {
        let byte = if bit { u8::MAX } else { 0 };
        let first = times.min((8 - self.len % 8) % 8);
        self.some(byte, first);
        let whole = (times - first) / 8;
        self.bytes.resize(self.bytes.len() + whole, byte);
        self.len += whole * 8;
        self.ones += if bit { whole * 8 } else { 0 };
        self.some(byte, (times - first) % 8);
    }

    /// Bits from a place in some bytes on.
    pub fn extend(&mut self, bytes: &[u8], offset: usize, count: usize) {
        let (first, shift) = (offset / 8, offset % 8);
        let byte = |at: usize| u16::from(bytes.get(at).copied().unwrap_or(0));
        for i in 0..count.div_ceil(8) {
            let both = byte(first + i) | byte(first + i + 1) << 8;
            self.some((both >> shift) as u8, (count - i * 8).min(8));
        }
    }

    /// The lowest bits of a byte, at most eight.
    fn some(&mut self, byte: u8, count: usize) {
        if count == 0 {
            return;
        }
        let byte = byte & (u8::MAX >> (8 - count));
        let used = self.len % 8;
        match self.bytes.last_mut() {
            Some(last) if used > 0 => *last |= byte << used,
            _ => self.bytes.push(byte),
        }
        if used > 0 && used + count > 8 {
            self.bytes.push(byte >> (8 - used));
        }
        self.len += count;
        self.ones += byte.count_ones() as usize;
    }
}

/// Bits that hold a number and all smaller ones.
pub const fn width(largest: u64) -> u32 {
    64 - largest.leading_zeros()
}

pub fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// Definition levels of a page of a column whose values may be missing, with their length. `from` is a multiple of eight.
pub fn levels(valid: &Bits, from: usize, to: usize, out: &mut Vec<u8>) {
    let count = to - from;
    let mut body = Vec::new();
    if valid.ones() == valid.len() || valid.ones() == 0 {
        varint((count as u64) << 1, &mut body);
        body.push(u8::from(valid.ones() > 0));
    } else {
        let bytes = valid.bytes().get(from / 8..to.div_ceil(8)).unwrap_or_default();
        varint((bytes.len() as u64) << 1 | 1, &mut body);
        body.extend_from_slice(bytes);
    }
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.append(&mut body);
}

/// Small numbers of a width from 1 to 32 as runs and bits.
pub fn hybrid(values: &[u32], width: u32, out: &mut Vec<u8>) {
    let (mut waiting, mut at) = (0, 0);
    // A run that counts holds at least one whole eight, so eights with different numbers are passed over at a glance.
    while let Some(eight) = values.get(at..at + 8) {
        let value = eight[0];
        if eight.iter().any(|v| *v != value) {
            at += 8;
            continue;
        }
        let before = values.get(waiting..at).unwrap_or_default();
        let start = at - before.iter().rev().take_while(|v| **v == value).count();
        let rest = values.get(at..).unwrap_or_default();
        let end = at + rest.iter().position(|v| *v != value).unwrap_or(rest.len());
        // Bits come in eights: a run gives away what the ones before it lack.
        let lacking = ((start - waiting).next_multiple_of(8) - (start - waiting)).min(end - start);
        if end - start - lacking >= RUN {
            packed(values.get(waiting..start + lacking).unwrap_or_default(), width, out);
            varint(((end - start - lacking) as u64) << 1, out);
            let bytes = value.to_le_bytes();
            out.extend_from_slice(bytes.get(..width.div_ceil(8) as usize).unwrap_or(&bytes));
            waiting = end;
        }
        at = end;
    }
    packed(values.get(waiting..).unwrap_or_default(), width, out);
}

fn packed(values: &[u32], width: u32, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let eights = values.len().div_ceil(8);
    varint((eights as u64) << 1 | 1, out);
    let end = out.len() + eights * width as usize;
    words(values.iter().map(|value| u64::from(*value)), width, out);
    out.resize(end, 0);
}

/// Numbers of at most 32 bits end to end, and some zeros after them.
fn words(values: impl Iterator<Item = u64>, width: u32, out: &mut Vec<u8>) {
    let (mut word, mut used) = (0_u64, 0);
    for value in values {
        word |= value << used;
        used += width;
        if used >= 32 {
            out.extend_from_slice(&(word as u32).to_le_bytes());
            word >>= 32;
            used -= 32;
        }
    }
    out.extend_from_slice(&word.to_le_bytes());
}

/// The same for longer ones.
fn long_words(values: impl Iterator<Item = u64>, width: u32, out: &mut Vec<u8>) {
    let (mut word, mut used) = (0_u128, 0);
    for value in values {
        word |= u128::from(value) << used;
        used += width;
        if used >= 64 {
            out.extend_from_slice(&(word as u64).to_le_bytes());
            word >>= 64;
            used -= 64;
        }
    }
    out.extend_from_slice(&(word as u64).to_le_bytes());
}

/// Numbers as differences from one to the next. `narrow` ones have 32 bits, and so have their differences.
pub fn differences(values: &[i64], narrow: bool, out: &mut Vec<u8>) {
    varint(BLOCK as u64, out);
    varint((BLOCK / SMALL) as u64, out);
    varint(values.len() as u64, out);
    let Some(first) = values.first() else {
        out.push(0);
        return;
    };
    varint(zigzag(*first), out);
    let mut before = *first;
    let mut block = [0_i64; BLOCK];
    for values in values.get(1..).unwrap_or_default().chunks(BLOCK) {
        for (place, value) in block.iter_mut().zip(values) {
            let difference = value.wrapping_sub(before);
            *place = if narrow { i64::from(difference as i32) } else { difference };
            before = *value;
        }
        write_block(block.get(..values.len()).unwrap_or_default(), out);
    }
}

fn write_block(block: &[i64], out: &mut Vec<u8>) {
    let least = block.iter().copied().min().unwrap_or(0);
    varint(zigzag(least), out);
    let above = |difference: &i64| difference.wrapping_sub(least).cast_unsigned();
    let mut widths = [0_u8; BLOCK / SMALL];
    for (place, small) in widths.iter_mut().zip(block.chunks(SMALL)) {
        *place = width(small.iter().map(above).max().unwrap_or(0)) as u8;
    }
    out.extend_from_slice(&widths);
    for (width, small) in widths.into_iter().zip(block.chunks(SMALL)) {
        let end = out.len() + SMALL / 8 * usize::from(width);
        if width <= 32 {
            words(small.iter().map(above), u32::from(width), out);
        } else {
            long_words(small.iter().map(above), u32::from(width), out);
        }
        out.resize(end, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(text: &str) -> Bits {
        let mut bits = Bits::default();
        text.chars().filter(|c| *c != ' ').for_each(|c| bits.push(c == '1'));
        bits
    }

    #[test]
    fn bits_are_appended_at_any_place() {
        let source = [0b1010_0110, 0b0000_1111, 0b1100_0000];
        for (before, offset, count) in [(0, 0, 20), (3, 0, 9), (5, 3, 17), (7, 7, 1), (2, 4, 0), (8, 6, 18)] {
            let (mut fast, mut slow) = (Bits::default(), Bits::default());
            fast.repeat(true, before);
            (0..before).for_each(|_| slow.push(true));
            fast.extend(&source, offset, count);
            (offset..offset + count).for_each(|i| slow.push(source[i / 8] >> (i % 8) & 1 == 1));
            fast.repeat(false, 11);
            fast.repeat(true, 21);
            (0..32).for_each(|i| slow.push(i > 10));
            assert_eq!(fast, slow, "{before} {offset} {count}");
        }
    }

    #[test]
    fn levels_are_a_run_or_bits() {
        let levels = |text: &str| {
            let (bits, mut out) = (bits(text), Vec::new());
            levels(&bits, 0, bits.len(), &mut out);
            out
        };
        assert_eq!(levels("111"), [2, 0, 0, 0, 6, 1]);
        assert_eq!(levels("000"), [2, 0, 0, 0, 6, 0]);
        assert_eq!(levels("1100 1"), [2, 0, 0, 0, 3, 0b1_0011]);
    }

    #[test]
    fn small_numbers_are_runs_and_bits() {
        let written = |values: &[u32], width| {
            let mut out = Vec::new();
            hybrid(values, width, &mut out);
            out
        };
        // The example of the format: 0 to 7 in three bits.
        assert_eq!(written(&[0, 1, 2, 3, 4, 5, 6, 7], 3), [3, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
        assert_eq!(written(&[300; 40], 9), [80, 44, 1]);
        // One alone takes seven of the run with it, the rest is a run.
        assert_eq!(written(&[&[1], [0; 40].as_slice()].concat(), 1), [3, 1, 66, 0]);
        assert_eq!(written(&[1, 0, 1], 1), [3, 0b101]);
    }

    #[test]
    fn differences_are_as_the_format_says() {
        let written = |values: &[i64], narrow| {
            let mut out = Vec::new();
            differences(values, narrow, &mut out);
            out
        };
        // Both examples of the format.
        assert_eq!(written(&[1, 2, 3, 4, 5], false), [128, 1, 4, 5, 2, 2, 0, 0, 0, 0]);
        let second = [&[128, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b11_1111][..], &[0; 6]].concat();
        assert_eq!(written(&[7, 5, 3, 1, 2, 3, 4, 5], false), second);
        assert_eq!(written(&[], false), [128, 1, 4, 0, 0]);
        // 32 bits are enough for any difference of narrow numbers.
        let ends = [i64::from(i32::MIN), i64::from(i32::MAX), i64::from(i32::MIN)];
        assert!(written(&ends, true)[10..14].iter().all(|width| *width <= 32));
    }
}
