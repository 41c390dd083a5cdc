//! The rows of a batch before the rules: counted, or set aside, as the plan says.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::Check;
use crate::ingest::batch::ROW;
use crate::ingest::facts::frame;
use crate::ingest::intake::as_csv;
use crate::ingest::quality::{BadRow, Broken, FileReport};
use crate::ingest::read::Record;
use crate::ingest::{IngestError, Loaded};
use crate::plan::Plan;
use crate::schema::rules::{Rule, Severity};
use crate::time::Wall;

/// What the rules say about a batch.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Rows that stay; empty where all do.
    pub keep: Vec<bool>,
    warned: BTreeMap<&'static str, (Option<&'static Rule>, Broken)>,
    bad: Vec<(u64, &'static Rule, String)>,
}

/// The rows of a batch with their numbers and names.
#[derive(Debug)]
pub struct Bench<'a> {
    rows: Vec<u64>,
    names: Vec<Option<&'a str>>,
}

impl<'a> Bench<'a> {
    /// `name` is the column by which messages name a row.
    pub fn of(batch: &'a DataFrame, name: &str) -> PolarsResult<Self> {
        let rows = batch.column(ROW)?.u32()?.iter().map(|row| row.map_or(0, u64::from)).collect();
        Ok(Self { rows, names: frame::texts(batch, name)? })
    }
}

/// Judges rows by the rules that the plan has not turned off. A row that breaks several rules is set aside for the first.
pub fn judge<V>(checks: &[Check<V>], rows: impl Iterator<Item = V>, bench: &Bench, plan: &Plan) -> Verdict {
    let mut verdict = Verdict::default();
    let checks: Vec<(&Check<V>, Severity)> = checks.iter().map(|c| (c, plan.quality.severity(c.rule))).collect();
    for (place, row) in rows.enumerate() {
        for (check, severity) in &checks {
            if *severity == Severity::Off || !(check.broken)(&row) {
                continue;
            }
            let number = bench.rows[place];
            let said = || match bench.names[place] {
                Some(name) => format!("{name}: {}", (check.message)(&row)),
                None => (check.message)(&row),
            };
            if *severity == Severity::Error {
                if verdict.keep.is_empty() {
                    verdict.keep = vec![true; bench.rows.len()];
                }
                if std::mem::replace(&mut verdict.keep[place], false) {
                    verdict.bad.push((number, check.rule, said()));
                }
            } else {
                let (rule, broken) = verdict.warned.entry(check.rule.name).or_default();
                *rule = Some(check.rule);
                broken.add(1, || Some((number, said())));
            }
        }
    }
    verdict
}

impl Verdict {
    /// The rows of the batch that stay.
    pub fn filter(&self, batch: DataFrame) -> PolarsResult<DataFrame> {
        if self.keep.is_empty() {
            return Ok(batch);
        }
        batch.filter_seq(&BooleanChunked::from_slice(PlSmallStr::EMPTY, &self.keep))
    }

    /// Settles the account of the table that the batch came from: these rows of it were left out, for they had not happened
    /// by the moment of the review, and this is the latest that had.
    pub fn account(self, left_out: u64, latest: Option<Wall>, report: &mut FileReport, quarantine: &mut Vec<BadRow>) {
        report.account.left_out += left_out;
        report.account.used -= left_out;
        report.latest = report.latest.max(latest);
        self.settle(report, quarantine);
    }

    /// Settles what was judged alone.
    pub fn settle(self, report: &mut FileReport, quarantine: &mut Vec<BadRow>) {
        for (rule, Broken { rows, example, .. }) in self.warned.into_values() {
            if let Some(rule) = rule {
                report.warn(rule, rows, || example);
            }
        }
        for (row, rule, message) in self.bad {
            report.account.used -= 1;
            report.account.quarantined += 1;
            report.errors.entry(rule.name).or_default().add(1, || Some((row, message.clone())));
            let (file, column, value, raw) = (report.name.clone(), None, None, String::new());
            quarantine.push(BadRow { file, row, column, value, rule, message, raw, key: None });
        }
    }
}

/// Rows that were set aside after they had been typed are read once more, as they stand in their files, and the quarantine
/// is put in the order of files and rows.
pub fn fetch_raw(loaded: &mut Loaded) -> Result<(), IngestError> {
    for report in &loaded.files {
        let mut lacking: BTreeMap<u64, &mut String> = BTreeMap::new();
        for bad in loaded.quarantine.iter_mut().filter(|b| b.file == report.name && b.raw.is_empty()) {
            lacking.insert(bad.row, &mut bad.raw);
        }
        if lacking.is_empty() {
            continue;
        }
        let unreadable = |reason: String| IngestError::Unreadable { file: report.path.clone(), reason };
        let wanted: BTreeSet<u64> = lacking.keys().copied().collect();
        let last = wanted.last().copied().unwrap_or_default();
        let mut rows = report.part.rows(&report.path).map_err(unreadable)?;
        let mut record = Record::default();
        while record.number < last && rows.next(&mut record).map_err(unreadable)? {
            if let Some(raw) = lacking.get_mut(&record.number) {
                **raw = as_csv(&record);
            }
        }
    }
    let order: BTreeMap<String, usize> = loaded.files.iter().enumerate().map(|(i, f)| (f.name.clone(), i)).collect();
    loaded.quarantine.sort_by_key(|bad| (order.get(&bad.file).copied(), bad.row));
    Ok(())
}
