//! What is kept about the rows of every dump: the account of rows, the rules they broke, and the rows set aside.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::read::Part;
use super::scan::Job;
use crate::schema::rules::Rule;
use crate::time::Wall;

/// Where the rows of a dump went. They always add up: see [`Account::balances`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub struct Account {
    pub read: u64,
    pub used: u64,
    /// Answers of a long survey that became part of the row of another answer.
    pub folded: u64,
    /// The same row as one that is used.
    pub identical: u64,
    /// An earlier version of a row that is used.
    pub superseded: u64,
    pub quarantined: u64,
    /// Happened after `--as-of`.
    pub left_out: u64,
    /// Not asked for by `where`.
    pub filtered: u64,
    /// Without any text, the header over again, or a line of totals or signatures without the key of its source.
    pub blank: u64,
}

impl Account {
    /// Rows read = used + folded + duplicates + quarantined + left out + filtered + blank.
    pub const fn balances(&self) -> bool {
        self.read
            == self.used
                + self.folded
                + self.identical
                + self.superseded
                + self.quarantined
                + self.left_out
                + self.filtered
                + self.blank
    }

    /// The parts by their name in `data_quality`.
    pub const fn parts(&self) -> [(&'static str, u64); 9] {
        [
            ("read", self.read),
            ("used", self.used),
            ("folded", self.folded),
            ("identical", self.identical),
            ("superseded", self.superseded),
            ("quarantined", self.quarantined),
            ("left_out", self.left_out),
            ("filtered", self.filtered),
            ("blank", self.blank),
        ]
    }
}

impl std::ops::AddAssign for Account {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.used += other.used;
        self.folded += other.folded;
        self.identical += other.identical;
        self.superseded += other.superseded;
        self.quarantined += other.quarantined;
        self.left_out += other.left_out;
        self.filtered += other.filtered;
        self.blank += other.blank;
    }
}

/// Everything known about one table of a source: a file, a sheet of a workbook, a member of an archive.
#[derive(Debug)]
pub struct FileReport {
    pub path: PathBuf,
    pub part: Part,
    /// File name, with the folder's name before it where two files of the source share a name, and the sheet or member
    /// after it.
    pub name: String,
    /// Of the whole file.
    pub size: u64,
    /// SHA-256 of the whole file, hex.
    pub hash: String,
    /// Header as found.
    pub header: Vec<String>,
    /// The row it was found in.
    pub header_row: u64,
    pub account: Account,
    /// Mapped columns of ours that the file does not have, in whole or in part.
    pub lacking: Vec<String>,
    /// Rows by rule that were used all the same.
    pub warnings: BTreeMap<&'static str, Broken>,
    /// Rows by rule that are in the quarantine.
    pub errors: BTreeMap<&'static str, Broken>,
    /// Rows kept after duplicates were resolved.
    pub kept: u64,
    /// For each mapped column how many of the rows kept (duplicates resolved) have a value.
    pub filled: BTreeMap<String, u64>,
    /// The latest moment that has happened at the time of the review.
    pub latest: Option<Wall>,
    /// Values that the plan does not know, by column and value, with their rows.
    pub unknown: BTreeMap<(String, String), u64>,
}

/// How often a rule was broken, and the first case of it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Broken {
    pub rows: u64,
    /// Row of the file, and what is wrong in it; nothing where the file as a whole is meant.
    pub example: Option<(u64, String)>,
    /// Columns of ours, of a rule about columns.
    pub columns: Option<String>,
}

impl Broken {
    pub fn add(&mut self, rows: u64, example: impl FnOnce() -> Option<(u64, String)>) {
        self.rows += rows;
        if self.example.is_none() {
            self.example = example();
        }
    }
}

impl FileReport {
    pub fn new(job: &Job, header: Vec<String>, header_row: u64) -> Self {
        Self {
            path: job.path.clone(),
            part: job.part.clone(),
            name: job.name.clone(),
            size: job.look.size,
            hash: job.look.hash.clone().unwrap_or_default(),
            header,
            header_row,
            account: Account::default(),
            lacking: Vec::new(),
            warnings: BTreeMap::new(),
            errors: BTreeMap::new(),
            kept: 0,
            filled: BTreeMap::new(),
            latest: None,
            unknown: BTreeMap::new(),
        }
    }

    /// Counts a quarantined row less.
    pub fn forgive(&mut self, rule: &'static Rule) {
        if let Some(broken) = self.errors.get_mut(rule.name) {
            broken.rows -= 1;
            if broken.rows == 0 {
                self.errors.remove(rule.name);
            }
        }
    }

    /// Warns of columns of the whole file.
    pub fn warn_of_columns(&mut self, rule: &'static Rule, rows: u64, columns: &[String]) {
        let columns = columns.join(", ");
        let example = Some((self.header_row, columns.clone()));
        self.warnings.insert(rule.name, Broken { rows, example, columns: Some(columns) });
    }

    /// Counts rows that broke a rule and are used all the same.
    pub fn warn(&mut self, rule: &'static Rule, rows: u64, example: impl FnOnce() -> Option<(u64, String)>) {
        if rows > 0 {
            self.warnings.entry(rule.name).or_default().add(rows, example);
        }
    }
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    pub file: String,
    /// As a spreadsheet numbers rows, from 1; blank rows and the header count.
    pub row: u64,
    pub column: Option<String>,
    pub value: Option<String>,
    pub rule: &'static Rule,
    pub message: String,
    /// The row as read, as one line of CSV.
    pub raw: String,
    /// The key of the row, as far as it could be read: a later row of this key mends it.
    pub key: Option<u128>,
}
