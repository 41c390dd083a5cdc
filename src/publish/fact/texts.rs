//! Texts as column chunks.

use parquet::basic::Encoding;
use parquet::data_type::ByteArray;
use parquet::file::statistics::Statistics;
use xxhash_rust::xxh3::xxh3_64;

use super::bits::{self, Bits};
use super::numbers::repeats;
use super::page::{Body, Chunk};

/// Bytes of a dictionary, and of the texts of a page.
const MOST: usize = 1 << 20;
/// Values after which it is seen whether they repeat.
const ENOUGH: usize = 4096;
/// Longer texts are no ends of a range.
const LONGEST_END: usize = 64;

/// The distinct texts of a chunk, in the order in which they appear.
struct Dictionary {
    plain: Vec<u8>,
    count: usize,
}

impl Dictionary {
    const fn new() -> Self {
        Self { plain: Vec::new(), count: 0 }
    }

    fn push(&mut self, text: &str) {
        self.count += 1;
        self.plain.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.plain.extend_from_slice(text.as_bytes());
    }

    /// Whether the texts are better written without.
    fn is_too_large(&self, values: usize) -> bool {
        self.plain.len() > MOST || !repeats(self.count, values)
    }
}

/// A chunk of categories: their codes, and the text of each.
pub fn categories<'a>(valid: &Bits, codes: &[u32], text: impl Fn(u32) -> &'a str) -> Chunk {
    const NONE: u32 = u32::MAX;
    let largest = codes.iter().max().map_or(0, |code| *code as usize + 1);
    let mut known = vec![NONE; largest];
    let mut dictionary = Dictionary::new();
    let mut distinct: Vec<&str> = Vec::new();
    let mut places = Vec::with_capacity(codes.len());
    for code in codes {
        let Some(place) = known.get_mut(*code as usize) else { continue };
        if *place == NONE {
            *place = u32::try_from(distinct.len()).unwrap_or(NONE);
            let text = text(*code);
            distinct.push(text);
            dictionary.push(text);
        }
        places.push(*place);
    }
    if codes.is_empty() || dictionary.is_too_large(codes.len()) {
        let values: Vec<&str> = codes.iter().map(|code| text(*code)).collect();
        return fronts(valid, &values);
    }
    let ends = distinct.iter().min().zip(distinct.iter().max()).map(|(min, max)| (*min, *max));
    Chunk::places(valid, &places, (dictionary.plain, dictionary.count), statistics(valid, ends))
}

/// A chunk of texts: places in a dictionary where they repeat, else what each adds to the one before.
pub fn texts(valid: &Bits, values: &[&str]) -> Chunk {
    known(valid, values).unwrap_or_else(|| fronts(valid, values))
}

/// The chunk with a dictionary, where one pays.
fn known(valid: &Bits, values: &[&str]) -> Option<Chunk> {
    values.first()?;
    let mask = (values.len() + 64).next_power_of_two() - 1;
    let mut slots = vec![0_u32; mask + 1];
    let mut distinct: Vec<&str> = Vec::new();
    let mut dictionary = Dictionary::new();
    let mut places: Vec<u32> = Vec::with_capacity(values.len());
    let mut last: Option<(&str, u32)> = None;
    for text in values {
        let place = match last {
            Some((same, place)) if same == *text => place,
            _ => {
                let mut at = usize::try_from(xxh3_64(text.as_bytes()) & 0xFFFF_FFFF).unwrap_or(0) & mask;
                loop {
                    let slot = slots.get_mut(at)?;
                    match slot.checked_sub(1) {
                        None => {
                            distinct.push(text);
                            *slot = u32::try_from(distinct.len()).ok()?;
                            dictionary.push(text);
                            let seen = places.len();
                            // Ids: hardly one comes again.
                            let all_new = seen > ENOUGH && distinct.len() > seen - seen / 32;
                            if all_new || dictionary.is_too_large(values.len()) {
                                return None;
                            }
                            break *slot - 1;
                        }
                        Some(place) if distinct.get(place as usize) == Some(text) => break place,
                        Some(_) => at = (at + 1) & mask,
                    }
                }
            }
        };
        last = Some((text, place));
        places.push(place);
    }
    let ends = distinct.iter().min().zip(distinct.iter().max()).map(|(min, max)| (*min, *max));
    Some(Chunk::places(valid, &places, (dictionary.plain, dictionary.count), statistics(valid, ends)))
}

/// The chunk in which each text is what it adds to the one before, in pages of about equal size.
fn fronts(valid: &Bits, values: &[&str]) -> Chunk {
    let ends = values.iter().min().zip(values.iter().max()).map(|(min, max)| (*min, *max));
    let statistics = statistics(valid, ends);
    if values.is_empty() {
        return Chunk::plain(valid, &[], statistics);
    }
    let mut pages = Vec::new();
    let (mut from, mut rest) = (0, values);
    while from < valid.len() {
        let (to, count) = cut(valid, from, rest);
        let (own, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        let mut body = Body::of(valid, from, to);
        write_fronts(own, &mut body.bytes);
        pages.push(body);
        (from, rest) = (to, after);
    }
    Chunk { dictionary: None, encoding: Encoding::DELTA_BYTE_ARRAY, pages, statistics }
}

/// Where the page that starts at a row ends, and how many of the values left it holds.
fn cut(valid: &Bits, from: usize, values: &[&str]) -> (usize, usize) {
    // Ids are short: most chunks are one page.
    if values.iter().map(|text| text.len()).sum::<usize>() < MOST {
        return (valid.len(), values.len());
    }
    let (mut bytes, mut count) = (0, 0);
    for row in from..valid.len() {
        // Levels come in eights.
        if bytes >= MOST && row % 8 == 0 {
            return (row, count);
        }
        if valid.get(row) {
            bytes += values.get(count).map_or(0, |text| text.len());
            count += 1;
        }
    }
    (valid.len(), values.len())
}

fn write_fronts(values: &[&str], out: &mut Vec<u8>) {
    let mut shared = Vec::with_capacity(values.len());
    let mut added = Vec::with_capacity(values.len());
    let mut bytes: Vec<u8> = Vec::new();
    let mut before: &[u8] = &[];
    for text in values {
        let text = text.as_bytes();
        let same = common(before, text);
        let own = text.get(same..).unwrap_or_default();
        shared.push(i64::try_from(same).unwrap_or(0));
        added.push(i64::try_from(own.len()).unwrap_or(0));
        bytes.extend_from_slice(own);
        before = text;
    }
    bits::differences(&shared, true, out);
    bits::differences(&added, true, out);
    out.append(&mut bytes);
}

/// Bytes that two texts begin with in common.
fn common(a: &[u8], b: &[u8]) -> usize {
    let eights = a.chunks_exact(8).zip(b.chunks_exact(8)).take_while(|(a, b)| a == b).count() * 8;
    let (a, b) = (a.get(eights..).unwrap_or_default(), b.get(eights..).unwrap_or_default());
    eights + a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn statistics(valid: &Bits, ends: Option<(&str, &str)>) -> Statistics {
    let nulls = Some((valid.len() - valid.ones()) as u64);
    let ends = ends.filter(|(min, max)| min.len() <= LONGEST_END && max.len() <= LONGEST_END);
    let (min, max) = ends.map(|(min, max)| (ByteArray::from(min), ByteArray::from(max))).unzip();
    Statistics::byte_array(min, max, None, nulls, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_repeat_have_a_dictionary_and_categories_the_same() {
        let values = ["b", "a", "b", "", "a"].repeat(20);
        let codes: Vec<u32> =
            values.iter().map(|v| [(7, "a"), (0, "b"), (3, "")].iter().find(|c| c.1 == *v).unwrap().0).collect();
        let text = |code| ["b", "", "", "", "", "", "", "a"][code as usize];
        let (one, other) = (texts(&Bits::all(100), &values), categories(&Bits::all(100), &codes, text));
        assert_eq!(one.dictionary, Some((b"\x01\0\0\0b\x01\0\0\0a\0\0\0\0".to_vec(), 3)));
        assert_eq!(one.dictionary, other.dictionary);
        assert_eq!(one.pages[0].bytes, other.pages[0].bytes);
        assert_eq!(one.statistics, other.statistics);
    }

    #[test]
    fn large_texts_are_cut_into_pages_at_eights() {
        let text = "质".repeat(200_000);
        let mut valid = Bits::default();
        (0..20).for_each(|i| valid.push(i % 3 > 0));
        let chunk = texts(&valid, &vec![text.as_str(); 13]);
        // The dictionary would hold one text of 600 kB.
        assert_eq!(chunk.encoding, Encoding::RLE_DICTIONARY);
        let texts: Vec<String> = (0..13).map(|i| format!("{i}{text}")).collect();
        let chunk = super::texts(&valid, &texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(chunk.encoding, Encoding::DELTA_BYTE_ARRAY);
        assert_eq!(chunk.pages.iter().map(|p| p.rows).collect::<Vec<_>>(), [8, 8, 4]);
    }

    #[test]
    fn what_texts_have_in_common_is_left_out() {
        for (a, b, same) in
            [("", "", 0), ("abc", "abd", 2), ("0123456789", "0123456789x", 10), ("0123456789", "01234568", 7)]
        {
            assert_eq!(common(a.as_bytes(), b.as_bytes()), same);
        }
        // The example of the format.
        let mut out = Vec::new();
        write_fronts(&["axis", "axle", "babble", "babyhood"], &mut out);
        assert!(out.ends_with(b"axislebabbleyhood"));
    }
}
