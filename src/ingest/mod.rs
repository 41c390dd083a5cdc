//! Dumps become facts: files are read and typed, bad rows set aside, duplicates resolved, facts derived.
//!
//! The only room that reads files. It goes in two steps, so that the reviewed period can be chosen in between:
//! [`read()`] loads the dumps; [`facts::derive`] looks at them as of a moment.

mod batch;
mod columns;
mod completeness;
mod dedupe;
mod error;
pub mod facts;
mod files;
mod filter;
pub mod flags;
mod fold;
mod gathered;
mod header;
mod intake;
mod keys;
mod ordered;
pub mod peek;
pub mod published;
pub mod quality;
pub mod read;
mod row;
pub mod rules;
mod scan;
mod shelf;
pub mod tables;
mod times;
pub mod values;

use std::collections::BTreeMap;
use std::path::Path;

pub use self::error::IngestError;
pub use self::quality::{Account, BadRow, Broken, FileReport};
pub use self::shelf::{Kept, Shelf};
use crate::plan::{Plan, Source};
use crate::schema::input::SourceKind;
use crate::schema::rules::{CONFLICTING_DUPLICATE, Severity};

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

    /// Where the rows of each source went.
    pub fn accounts(&self) -> BTreeMap<SourceKind, Account> {
        self.sources.iter().map(|(kind, loaded)| (*kind, loaded.account())).collect()
    }
}

impl Loaded {
    /// The account of all tables together.
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
    pub batches: Vec<Kept>,
    /// For each batch, the index of its table in `files`.
    pub batch_file: Vec<usize>,
    /// Tables, in the order of the dumps.
    pub files: Vec<FileReport>,
    /// In the order of tables and rows.
    pub quarantine: Vec<BadRow>,
    /// Sum of the hashes of all rows read, typed: the same for the same rows in whatever order, encoding or date style.
    pub content: u128,
}

/// Reads every source of the plan. Rows wait in the folder `aside` where they are many.
///
/// # Errors
/// A pattern without files, an unreadable file, bytes in no known encoding, a missing required column, a time column
/// whose format cannot be decided, a column that fails on most rows of a table.
pub fn read(plan: &Plan, aside: &Path, watch: &dyn Watch) -> Result<Dumps, IngestError> {
    let shelf = Shelf::new(aside);
    let mut files = Vec::new();
    for source in plan.sources.values() {
        for path in files::expand(source)? {
            files.push((source, path));
        }
    }
    // A file that cannot be measured cannot be read either; the reader says so.
    watch.begin(files.iter().filter_map(|(_, path)| path.metadata().ok()).map(|m| m.len()).sum());
    let jobs = scan::jobs(&files)?;
    let scans = scan::all(&jobs, plan, &shelf, watch)?;
    let mut grouped: BTreeMap<SourceKind, Vec<scan::Scan>> = BTreeMap::new();
    for (job, scan) in jobs.iter().zip(scans) {
        grouped.entry(job.source.kind).or_default().push(scan);
    }
    let mut sources = BTreeMap::new();
    for (kind, scans) in grouped {
        if let Some(source) = plan.sources.get(&kind) {
            sources.insert(kind, load(source, plan, &shelf, scans)?);
        }
    }
    Ok(Dumps { sources })
}

fn load(source: &Source, plan: &Plan, shelf: &Shelf, scans: Vec<scan::Scan>) -> Result<Loaded, IngestError> {
    let mut loaded = Loaded {
        kind: source.kind,
        batches: Vec::new(),
        batch_file: Vec::new(),
        files: Vec::new(),
        quarantine: Vec::new(),
        content: 0,
    };
    let (mut batches, mut bad) = (Vec::new(), Vec::new());
    for (index, scan) in scans.into_iter().enumerate() {
        loaded.content = loaded.content.wrapping_add(scan.content);
        loaded.files.push(scan.report);
        bad.extend(scan.bad.into_iter().map(|row| (index, row)));
        batches.extend(scan.batches.into_iter().map(|b| (index, b)));
    }
    header::require_columns(source, &loaded.files)?;
    let conflicts = source.latest_by.is_none() && plan.quality.severity(&CONFLICTING_DUPLICATE) != Severity::Off;
    let mut kept = dedupe::resolve(batches, &mut bad, conflicts, &mut loaded.files)?;
    loaded.quarantine.extend(bad.into_iter().map(|(_, row)| row));
    if source.is_long() {
        kept = fold::answers(&kept, shelf, &mut loaded.files)?;
    }
    for (file, batch) in kept {
        loaded.batch_file.push(file);
        loaded.batches.push(batch);
    }
    completeness::count(&mut loaded, plan)?;
    Ok(loaded)
}
