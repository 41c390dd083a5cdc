//! The rows of a table are taken one by one and sorted into good and bad.

use std::path::Path;

use csv::WriterBuilder;
use xxhash_rust::xxh3::xxh3_128;

use super::batch::{self, Batch, Collector};
use super::error::Failing;
use super::filter::Filter;
use super::header;
use super::quality::{BadRow, FileReport};
use super::read::Record;
use super::row::{Bad, Quick, RowReader};
use super::values::{footer, text};
use super::{IngestError, Shelf};
use crate::schema::rules::{MISSING_KEY, OUTSIDE_CALENDAR, UNKNOWN_VALUE};

/// After so many rows a table is judged as a whole for the first time.
const ENOUGH: u64 = 10_000;
/// Tables with fewer rows are judged row by row: a few mistakes are no pattern.
const FEWEST: u64 = 10;
/// Distinct unknown values that are listed of a table.
const LISTED: usize = 1000;

/// Takes the rows of one table.
pub struct Intake<'a, 'p> {
    reader: &'a RowReader<'p>,
    quick: Quick,
    filter: &'a Filter<'p>,
    file: &'a Path,
    report: &'a mut FileReport,
    shelf: &'a Shelf,
    collector: Collector,
    /// Rows that the table may have.
    expected: usize,
    batches: Vec<Batch>,
    bad: Vec<BadRow>,
    content: u128,
    scratch: Vec<u8>,
    warned: Vec<Bad>,
    /// For each binding how many rows cannot be used because of it; at the end those that are wrong as a whole.
    failed: Vec<u64>,
    /// Rows that were looked at cell by cell.
    judged: u64,
}

impl<'a, 'p> Intake<'a, 'p> {
    pub fn new(
        reader: &'a RowReader<'p>,
        filter: &'a Filter<'p>,
        file: &'a Path,
        report: &'a mut FileReport,
        shelf: &'a Shelf,
        expected: usize,
    ) -> Self {
        Self {
            reader,
            quick: reader.quick(),
            filter,
            file,
            report,
            shelf,
            collector: Collector::new(&reader.bindings, expected),
            expected,
            batches: Vec::new(),
            bad: Vec::new(),
            content: 0,
            scratch: Vec::new(),
            warned: Vec::new(),
            failed: vec![0; reader.bindings.len() + 1],
            judged: 0,
        }
    }

    pub const fn rows(&self) -> u64 {
        self.report.account.read
    }

    pub fn take(&mut self, record: &Record) -> Result<(), IngestError> {
        self.report.account.read += 1;
        if record.flaw.is_none() && self.says_nothing(record) {
            self.report.account.blank += 1;
            return Ok(());
        }
        if record.flaw.is_none() && !self.filter.keeps(record, self.reader.whereabouts()) {
            self.report.account.filtered += 1;
            return Ok(());
        }
        self.judged += 1;
        if let Some(hash) = self.reader.take(record, &mut self.quick, &mut self.collector) {
            self.content = self.content.wrapping_add(hash);
            self.close_full_batch()?;
            return if self.judged == ENOUGH { self.judge_the_whole() } else { Ok(()) };
        }
        let mut values = Vec::with_capacity(self.reader.bindings.len());
        match self.reader.read(record, &mut self.quick, &mut values, &mut self.warned) {
            Ok(()) => {
                let (identity, hash) = self.reader.identify(record, &values, &self.quick, &mut self.scratch);
                self.content = self.content.wrapping_add(hash);
                self.collector.push(&values, identity, record.number)?;
                self.close_full_batch()?;
            }
            // Below the rows of a sheet there may be a line of totals or signatures.
            Err(bad) if bad.rule == &MISSING_KEY && is_footer(record) => self.report.account.blank += 1,
            Err(bad) => {
                let key = self.reader.key_of(&values, &mut self.scratch);
                self.reject(record, bad, key);
            }
        }
        if !self.warned.is_empty() {
            self.note(record.number);
        }
        if self.judged == ENOUGH { self.judge_the_whole() } else { Ok(()) }
    }

    /// A row without any text, or the header over again, as concatenated exports have it.
    fn says_nothing(&self, record: &Record) -> bool {
        let header = &self.report.header;
        let first = record.get(0).map(text::trim);
        match first {
            Some("") | None => header::is_blank(record),
            Some(first) => {
                header.len() > 1
                    && header.first().is_some_and(|h| h == first)
                    && header.iter().enumerate().all(|(i, h)| record.get(i).map(text::trim).unwrap_or_default() == h)
            }
        }
    }

    fn reject(&mut self, record: &Record, bad: Bad, key: Option<u128>) {
        let raw = as_csv(record);
        self.content = self.content.wrapping_add(xxh3_128(raw.as_bytes()));
        self.report.account.quarantined += 1;
        // A year beyond the calendar says nothing against the header.
        if bad.rule != &OUTSIDE_CALENDAR {
            let place = bad.binding.unwrap_or(self.reader.bindings.len());
            self.failed[place] += 1;
        }
        let message = bad.message.clone();
        self.report.errors.entry(bad.rule.name).or_default().add(1, || Some((record.number, message)));
        self.bad.push(BadRow {
            file: self.report.name.clone(),
            row: record.number,
            column: bad.binding.map(|i| self.reader.bindings[i].theirs.clone()).filter(|c| !c.is_empty()),
            value: bad.value,
            rule: bad.rule,
            message: bad.message,
            raw,
            key,
        });
    }

    /// Counts what a row was used in spite of.
    fn note(&mut self, row: u64) {
        for bad in self.warned.drain(..) {
            let column = bad.binding.map_or("", |i| self.reader.bindings[i].column());
            let value = bad.value.unwrap_or_default();
            self.report.warn(bad.rule, 1, || Some((row, format!("{column} {value:?}: {}", bad.message))));
            if bad.rule == &UNKNOWN_VALUE {
                let key = (column.to_owned(), value);
                if self.report.unknown.len() < LISTED || self.report.unknown.contains_key(&key) {
                    *self.report.unknown.entry(key).or_default() += 1;
                }
            }
        }
    }

    /// A column that fails on most rows is not what the plan takes it for: the table is refused, not its rows.
    fn judge_the_whole(&self) -> Result<(), IngestError> {
        if self.judged < FEWEST {
            return Ok(());
        }
        let Some((place, failed)) =
            self.failed.iter().copied().enumerate().max_by_key(|(place, n)| (*n, usize::MAX - place))
        else {
            return Ok(());
        };
        if failed * 2 <= self.judged {
            return Ok(());
        }
        let binding = self.reader.bindings.get(place);
        let theirs = binding.map(|b| b.theirs.clone()).filter(|t| !t.is_empty());
        let of_it = |b: &&BadRow| binding.is_none() || b.column == theirs;
        let examples = self.bad.iter().filter(of_it).take(3);
        let examples = examples.map(|b| (b.row, b.value.clone(), b.message.clone())).collect();
        Err(IngestError::Failing(Box::new(Failing {
            file: self.file.to_owned(),
            kind: self.reader.kind(),
            column: binding.map(|b| b.column().to_owned()),
            theirs,
            failed,
            rows: self.judged,
            examples,
            line: binding.map_or(0, |b| b.line),
        })))
    }

    fn close_full_batch(&mut self) -> Result<(), IngestError> {
        if self.collector.len() == batch::ROWS { self.close_batch() } else { Ok(()) }
    }

    fn close_batch(&mut self) -> Result<(), IngestError> {
        let rows = usize::try_from(self.report.account.read).unwrap_or(usize::MAX);
        let next = Collector::new(&self.reader.bindings, self.expected.saturating_sub(rows));
        let full = std::mem::replace(&mut self.collector, next);
        self.batches.push(full.finish(self.reader.kind(), self.shelf)?);
        Ok(())
    }

    pub fn finish(mut self) -> Result<(Vec<Batch>, Vec<BadRow>, u128), IngestError> {
        self.judge_the_whole()?;
        if self.collector.len() > 0 {
            self.close_batch()?;
        }
        Ok((self.batches, self.bad, self.content))
    }
}

/// Whether one of the first texts of a row says that it sums up or signs what stands above. The very first may be one that
/// a merged cell spreads over the rows below it.
fn is_footer(record: &Record) -> bool {
    let mut texts = record.iter().map(text::trim).filter(|cell| !cell.is_empty()).take(3);
    texts.any(footer::is_word)
}

/// The row as one line of CSV.
pub fn as_csv(record: &Record) -> String {
    let mut writer =
        WriterBuilder::new().flexible(true).terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = writer.write_record(record.iter());
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(bytes.strip_suffix(b"\n").unwrap_or(&bytes)).into_owned()
}
