//! Dumps become facts: files are read and typed, bad rows set aside, duplicates resolved, facts derived.
//!
//! The only room that reads files. It goes in two steps, so that the reviewed period can be chosen in between:
//! [`read`] loads the dumps; [`facts::derive`] looks at them as of a moment.

mod batch;
mod columns;
mod dedupe;
mod encoding;
mod error;
pub mod facts;
mod files;
mod header;
pub mod quality;
mod row;
mod scan;
pub mod tables;
mod values;

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

pub use self::error::IngestError;
pub use self::quality::{Account, BadRow, FileReport};
use crate::plan::{Plan, Source};
use crate::schema::input::SourceKind;

/// Hears of the rows that are read; called from several threads.
pub trait Watch: Sync {
    /// So many bytes are about to be read.
    fn begin(&self, bytes: u64);
    /// So many more rows and bytes have been read.
    fn progress(&self, rows: u64, bytes: u64);
}

/// All dumps of a run, typed and free of duplicates, and what happened to every row of them.
#[derive(Debug)]
pub struct Dumps {
    pub sources: BTreeMap<SourceKind, Loaded>,
}

impl Dumps {
    /// Sum of the hashes of all rows read.
    pub fn content(&self) -> u128 {
        self.sources.values().fold(0, |sum, loaded| sum.wrapping_add(loaded.content))
    }
}

impl Loaded {
    /// The account of all files together.
    pub fn account(&self) -> Account {
        let mut sum = Account::default();
        for file in &self.files {
            sum += file.account;
        }
        sum
    }
}

/// One source after reading.
#[derive(Debug)]
pub struct Loaded {
    pub kind: SourceKind,
    /// Rows kept, in the order of files and rows; only mapped columns, under our names.
    pub batches: Vec<DataFrame>,
    /// For each batch, the index of its file in `files`.
    pub batch_file: Vec<usize>,
    /// In the order of the dumps.
    pub files: Vec<FileReport>,
    /// In the order of files and rows.
    pub quarantine: Vec<BadRow>,
    /// Sum of the hashes of all rows read, typed: the same for the same rows in whatever order, encoding or date style.
    pub content: u128,
}

/// Reads every source of the plan.
///
/// # Errors
/// A pattern without files, an unreadable file, bytes in no known encoding, a missing required column, a time column
/// whose format cannot be decided.
pub fn read(plan: &Plan, watch: &dyn Watch) -> Result<Dumps, IngestError> {
    let mut jobs = Vec::new();
    for source in plan.sources.values() {
        for path in files::expand(source)? {
            jobs.push((source, path));
        }
    }
    // A file that cannot be measured cannot be read either; the reader says so.
    watch.begin(jobs.iter().filter_map(|(_, path)| path.metadata().ok()).map(|m| m.len()).sum());
    let scans = scan::all(&jobs, plan, watch)?;
    let mut grouped: BTreeMap<SourceKind, Vec<scan::Scan>> = BTreeMap::new();
    for ((source, _), scan) in jobs.iter().zip(scans) {
        grouped.entry(source.kind).or_default().push(scan);
    }
    let mut sources = BTreeMap::new();
    for (kind, scans) in grouped {
        if let Some(source) = plan.sources.get(&kind) {
            sources.insert(kind, load(source, scans)?);
        }
    }
    Ok(Dumps { sources })
}

fn load(source: &Source, scans: Vec<scan::Scan>) -> Result<Loaded, IngestError> {
    let mut loaded = Loaded {
        kind: source.kind,
        batches: Vec::new(),
        batch_file: Vec::new(),
        files: Vec::new(),
        quarantine: Vec::new(),
        content: 0,
    };
    let mut batches = Vec::new();
    for (index, scan) in scans.into_iter().enumerate() {
        loaded.content = loaded.content.wrapping_add(scan.content);
        loaded.files.push(scan.report);
        loaded.quarantine.extend(scan.bad);
        batches.extend(scan.batches.into_iter().map(|b| (index, b)));
    }
    header::require_columns(source, &loaded.files)?;
    for (file, frame) in dedupe::resolve(batches, source.latest_by.is_some(), &mut loaded.files)? {
        loaded.batch_file.push(file);
        loaded.batches.push(frame);
    }
    Ok(loaded)
}
