//! Late dumps: of the rows with the same key the latest version stays, identical ones collapse, all are counted.

use rayon::prelude::*;

use super::batch::{Batch, ROW};
use super::quality::{BadRow, FileReport};
use super::{IngestError, Kept};
use crate::schema::rules::CONFLICTING_DUPLICATE;

/// One row in the contest of its key.
#[derive(Clone, Copy)]
struct Entry {
    key: u128,
    batch: u32,
    row: u32,
}

impl Entry {
    /// Hash of the row's values.
    fn content(&self, batches: &[(usize, Batch)]) -> u64 {
        batches[self.batch as usize].1.contents[self.row as usize]
    }

    /// What `latest_by` says.
    fn version(&self, batches: &[(usize, Batch)]) -> i64 {
        batches[self.batch as usize].1.versions.get(self.row as usize).copied().unwrap_or_default()
    }
}

/// Keeps one row a key and settles the accounts of the files. Batches come as (file, rows), in the order of the dumps,
/// and leave in that order; bad rows that a later row of their key mends are versions like others; `conflicts` says
/// whether different versions within one file are to be warned of, as they are where no column of the plan orders them.
pub fn resolve(
    mut batches: Vec<(usize, Batch)>,
    bad: &mut Vec<(usize, BadRow)>,
    conflicts: bool,
    files: &mut [FileReport],
) -> Result<Vec<(usize, Kept)>, IngestError> {
    let mut entries = Vec::with_capacity(batches.iter().map(|(_, b)| b.keys.len()).sum());
    for (place, (_, batch)) in (0u32..).zip(&mut batches) {
        let keys = std::mem::take(&mut batch.keys);
        entries.extend((0u32..).zip(keys).map(|(row, key)| Entry { key, batch: place, row }));
    }
    // Batches are in the order of files and rows, so that (version, batch, row) ends with the latest.
    if batches.iter().all(|(_, batch)| batch.versions.is_empty()) {
        entries.par_sort_unstable_by_key(|e| (e.key, e.batch, e.row));
    } else {
        entries.par_sort_unstable_by_key(|e| (e.key, e.version(&batches), e.batch, e.row));
    }

    mended(&entries, &batches, bad, files);

    let mut keep: Vec<Vec<bool>> = batches.iter().map(|(_, b)| vec![true; b.rows.height()]).collect();
    let file_of = |entry: &Entry| batches[entry.batch as usize].0;
    let (mut versions, mut dumped) = (Vec::new(), Vec::new());
    for group in entries.chunk_by(|a, b| a.key == b.key) {
        let Some((latest, earlier)) = group.split_last() else {
            continue;
        };
        files[file_of(latest)].account.used += 1;
        if earlier.is_empty() {
            continue;
        }
        versions.clear();
        versions.push(latest.content(&batches));
        // The versions of one dump, whatever later dumps say.
        let mut successor = latest;
        dumped.clear();
        dumped.push(latest.content(&batches));
        for entry in earlier.iter().rev() {
            let (file, content) = (file_of(entry), entry.content(&batches));
            keep[entry.batch as usize][entry.row as usize] = false;
            if versions.contains(&content) {
                files[file].account.identical += 1;
            } else {
                files[file].account.superseded += 1;
                versions.push(content);
            }
            if !one_dump(files, file, file_of(successor)) {
                dumped.clear();
            } else if dumped.contains(&content) {
                continue;
            } else if conflicts {
                // Rows are looked up for the example alone.
                let example = if files[file].warnings.contains_key(CONFLICTING_DUPLICATE.name) {
                    None
                } else {
                    Some((row_number(&batches, entry)?, row_number(&batches, successor)?))
                };
                files[file].warn(&CONFLICTING_DUPLICATE, 1, || {
                    example.map(|(earlier, later)| (earlier, format!("row {later} has the same number")))
                });
            }
            dumped.push(content);
            successor = entry;
        }
    }
    drop(entries);

    let mut kept = Vec::with_capacity(batches.len());
    for ((file, mut batch), keep) in batches.into_iter().zip(keep) {
        batch.rows.retain(keep);
        kept.push((file, batch.rows));
    }
    Ok(kept)
}

/// A bad row whose key comes again in a later file, in a row that can be used, has been mended: it is superseded.
fn mended(entries: &[Entry], batches: &[(usize, Batch)], bad: &mut Vec<(usize, BadRow)>, files: &mut [FileReport]) {
    bad.retain(|(file, row)| {
        let Some(key) = row.key else { return true };
        let end = entries.partition_point(|e| e.key <= key);
        let latest = end.checked_sub(1).map(|place| &entries[place]).filter(|e| e.key == key);
        let is_mended = latest.is_some_and(|entry| batches[entry.batch as usize].0 > *file);
        if is_mended {
            let report = &mut files[*file];
            report.account.quarantined -= 1;
            report.account.superseded += 1;
            report.forgive(row.rule);
        }
        !is_mended
    });
}

/// Whether two tables were exported at once: one table, or two sheets of a workbook. Members of an archive are dumps of
/// different times, as files are.
fn one_dump(files: &[FileReport], one: usize, other: usize) -> bool {
    let sheet = |file: usize| files[file].part.sheet.is_some();
    one == other || (sheet(one) && sheet(other) && files[one].path == files[other].path)
}

/// The number that a row has in its dump.
fn row_number(batches: &[(usize, Batch)], entry: &Entry) -> Result<u64, IngestError> {
    let numbers = batches[entry.batch as usize].1.rows.only(&[ROW])?;
    Ok(numbers.column(ROW)?.u32()?.get(entry.row as usize).map_or(0, u64::from))
}
