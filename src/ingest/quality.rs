//! What is kept about the rows of every file: the account of rows, warnings, and the rows set aside.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::encoding::Encoding;

/// How much a broken rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row is counted and used.
    Warning,
    /// The row is quarantined.
    Error,
}

/// Something that can be wrong with a row.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: &'static str,
    pub severity: Severity,
    pub doc: &'static str,
}

const fn error(name: &'static str, doc: &'static str) -> Rule {
    Rule { name, severity: Severity::Error, doc }
}

const fn warning(name: &'static str, doc: &'static str) -> Rule {
    Rule { name, severity: Severity::Warning, doc }
}

pub static MISSING_KEY: Rule =
    error("missing_key", "A column that every row needs is empty: the number, the time or the staff it belongs to.");
pub static OUT_OF_RANGE: Rule = error("out_of_range", "A number outside its scale.");
pub static OUTSIDE_CALENDAR: Rule =
    error("outside_calendar", "A time in a year that the working calendar does not know.");
pub static UNPARSEABLE: Rule =
    error("unparseable", "A cell that is not what its column holds: a time, a date, a count, a yes or no, an answer.");
pub static WRONG_FIELDS: Rule = error("wrong_fields", "The row has more or fewer fields than the header.");

pub static COLUMN_MISSING: Rule =
    warning("column_missing", "A mapped column is not in this file; its values count as missing.");
pub static CONFLICTING_DUPLICATE: Rule = warning(
    "conflicting_duplicate",
    "The same number stands twice in one file with different contents; the later row counts.",
);
pub static SURVEY_WITHOUT_TICKET: Rule = warning(
    "survey_without_ticket",
    "The survey names a ticket that is not among the tickets used; its scores count all the same.",
);
pub static TIMES_OUT_OF_ORDER: Rule = warning(
    "times_out_of_order",
    "A moment lies before one that must come first; the clocks concerned are `unusable`.",
);
pub static UNKNOWN_STAFF: Rule =
    warning("unknown_staff", "The staff number is not on the roster: no team and no tenure for this row.");

/// All rules, sorted by severity (errors first) and name.
pub static RULES: [&Rule; 10] = [
    &MISSING_KEY,
    &OUT_OF_RANGE,
    &OUTSIDE_CALENDAR,
    &UNPARSEABLE,
    &WRONG_FIELDS,
    &COLUMN_MISSING,
    &CONFLICTING_DUPLICATE,
    &SURVEY_WITHOUT_TICKET,
    &TIMES_OUT_OF_ORDER,
    &UNKNOWN_STAFF,
];

/// Where the rows of a file went. They always add up: see [`Account::balances`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub read: u64,
    pub used: u64,
    /// The same row as one that is used.
    pub identical: u64,
    /// An earlier version of a row that is used.
    pub superseded: u64,
    pub quarantined: u64,
    /// Happened after `--as-of`.
    pub left_out: u64,
}

impl Account {
    /// Rows read = used + duplicates + quarantined + left out.
    pub const fn balances(&self) -> bool {
        self.read == self.used + self.identical + self.superseded + self.quarantined + self.left_out
    }

    /// The parts by their name in `data_quality`.
    pub const fn parts(&self) -> [(&'static str, u64); 6] {
        [
            ("read", self.read),
            ("used", self.used),
            ("identical", self.identical),
            ("superseded", self.superseded),
            ("quarantined", self.quarantined),
            ("left_out", self.left_out),
        ]
    }
}

impl std::ops::AddAssign for Account {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.used += other.used;
        self.identical += other.identical;
        self.superseded += other.superseded;
        self.quarantined += other.quarantined;
        self.left_out += other.left_out;
    }
}

/// Everything known about one file of a source.
#[derive(Debug)]
pub struct FileReport {
    pub path: PathBuf,
    /// File name; with the folder's name before it where two files of the source share a name.
    pub name: String,
    pub encoding: Encoding,
    pub size: u64,
    /// SHA-256, hex.
    pub hash: String,
    /// Header as found.
    pub header: Vec<String>,
    pub account: Account,
    /// Mapped columns of ours that the file does not have, in whole or in part.
    pub lacking: Vec<String>,
    /// Rows by rule, of warnings alone; errors are in the quarantine.
    pub warnings: BTreeMap<&'static str, u64>,
}

impl FileReport {
    pub fn warn(&mut self, rule: &'static Rule, rows: u64) {
        if rows > 0 {
            *self.warnings.entry(rule.name).or_default() += rows;
        }
    }
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    pub file: String,
    /// As a spreadsheet numbers rows: the header is row 1.
    pub row: u64,
    pub column: Option<String>,
    pub value: Option<String>,
    pub rule: &'static str,
    pub message: String,
    pub raw: String,
}
