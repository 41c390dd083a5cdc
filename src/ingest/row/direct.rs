//! The shortest way through a row: where every cell is plain or known from earlier rows, values go straight into their columns.
//! All of a row goes this way or nothing of it.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_128;

use super::quick::{Column, Quick, Way, bit, hash_number, hash_text};
use super::words::Meaning;
use super::{Identity, RowReader, cell};
use crate::ingest::batch::Collector;
use crate::ingest::read::Record;
use crate::ingest::values::text;
use crate::time::{DAY_SECONDS, MICROS};

/// A row has a bit for each column.
const MOST: usize = u64::BITS as usize;
/// After so many rows it is asked whether trying pays.
const PROOF: u32 = 4096;

/// Whether rows of a table are tried this way.
#[derive(Debug)]
pub struct Direct {
    /// The text that is the key; `None` where no row can go this way.
    key: Option<usize>,
    /// Columns of text.
    texts: Vec<usize>,
    tried: u32,
    failed: u32,
}

impl Direct {
    pub fn new(columns: &[Column], key: Option<usize>) -> Self {
        let is_text = |place: &usize| columns.get(*place).is_some_and(|column| matches!(column.way, Way::Text { .. }));
        let possible = columns.len() <= MOST && !columns.iter().any(|column| matches!(column.way, Way::None));
        let texts = (0..columns.len()).filter(is_text).collect();
        Self { key: key.filter(is_text).filter(|_| possible), texts, tried: 0, failed: 0 }
    }

    /// Counts a row that is tried; none where hardly any of those before it was plain.
    fn begin(&mut self) -> Option<usize> {
        if self.tried > PROOF && self.failed > self.tried / 2 {
            self.key = None;
        }
        self.tried = self.tried.saturating_add(1);
        self.key
    }
}

impl RowReader<'_> {
    /// The column that alone makes up the key of a row.
    pub(super) fn plain_key(&self) -> Option<usize> {
        self.places.only_key().filter(|_| !self.source.is_long())
    }

    /// Appends a row to its columns and gives the hash of its values; none where the row is not plain throughout, and then
    /// nothing has been appended.
    pub fn take(&self, record: &Record, quick: &mut Quick, collector: &mut Collector) -> Option<u128> {
        let key = quick.direct.begin()?;
        let fits = record.flaw.is_none() && record.is_typed() && self.width.is_none_or(|width| width == record.len());
        let taken = fits.then(|| self.fill(record, key, quick, collector)).flatten();
        if taken.is_none() {
            collector.undo();
            quick.direct.failed = quick.direct.failed.saturating_add(1);
        }
        taken
    }

    fn fill(&self, record: &Record, key: usize, quick: &mut Quick, collector: &mut Collector) -> Option<u128> {
        let Quick { columns, markers, direct, hashed } = quick;
        hashed.clear();
        let missing = |cell: &str| *markers & bit(cell.len()) != 0 && self.source.missing.iter().any(|m| m == cell);
        let fits = |wall| cell::stranger(self.plan, self.source.kind, wall).is_none();
        // Texts cannot be taken back, so they are appended last.
        let mut texts: Vec<Option<&str>> = Vec::with_capacity(direct.texts.len());
        let (mut nulls, mut known_by) = (0_u64, None);
        for (index, (column, builder)) in columns.iter_mut().zip(&mut collector.builders).enumerate() {
            let cell = match column.way {
                Way::None => return None,
                Way::Empty => "",
                _ => record.get(column.place).unwrap_or_default(),
            };
            let mut is_text = false;
            // What is said ends in `continue`; what is not goes on behind.
            match &mut column.way {
                Way::Text { narrow } => {
                    is_text = true;
                    let cell = text::trim(cell);
                    if cell.is_empty() || missing(cell) {
                        texts.push(None);
                    } else {
                        let narrowed = if *narrow { text::id(cell) } else { Cow::Borrowed(cell) };
                        let Cow::Borrowed(cell) = narrowed else { return None };
                        texts.push(Some(cell));
                        hash_text(hashed, cell);
                        if index == key {
                            known_by = Some(cell);
                        }
                        continue;
                    }
                }
                Way::Moment { memo, day, .. } if !cell.is_empty() && !missing(text::trim(cell)) => {
                    let wall = memo.parse(cell.as_bytes(), fits)?;
                    let number = if *day { wall.div_euclid(DAY_SECONDS * MICROS) } else { wall };
                    hash_number(hashed, number);
                    if let Some(builder) = builder {
                        builder.push_int(number);
                    }
                    continue;
                }
                Way::Words(words) if !cell.is_empty() => {
                    let meaning = words.meaning(cell.as_bytes(), hashed)?;
                    nulls |= u64::from(meaning == Meaning::Null) << index;
                    match (builder, meaning) {
                        (Some(builder), Meaning::Int(number)) => builder.push_int(number),
                        (Some(builder), Meaning::Word(code)) => builder.push_word(code),
                        (Some(builder), Meaning::Null) => builder.push_null(),
                        (None, _) => {}
                    }
                    continue;
                }
                Way::Moment { .. } | Way::Words(_) | Way::Empty | Way::None => {}
            }
            if column.required {
                return None;
            }
            hashed.push(0);
            nulls |= 1 << index;
            if let Some(builder) = builder.as_mut().filter(|_| !is_text) {
                builder.push_null();
            }
        }
        let key = xxh3_128(known_by?.as_bytes());
        if !self.places.complete(self.source.kind, nulls) {
            return None;
        }
        for (index, text) in direct.texts.iter().zip(texts) {
            if let Some(Some(builder)) = collector.builders.get_mut(*index) {
                builder.push_text(text);
            }
        }
        let hash = xxh3_128(hashed);
        // The latest version is read by no short way, so no row here has one.
        let identity = Identity { key, content: (hash >> 64) as u64, version: 0 };
        collector.accept(identity, record.number);
        Some(hash)
    }
}
