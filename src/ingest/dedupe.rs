//! Late dumps: of the rows with the same key the latest version stays, identical ones collapse, all are counted.

use polars::prelude::*;

use super::IngestError;
use super::batch::Batch;
use super::quality::{CONFLICTING_DUPLICATE, FileReport};
use super::row::Identity;

/// One row in the contest of its key.
struct Entry {
    identity: Identity,
    batch: u32,
    row: u32,
}

/// Keeps one row a key and settles the accounts of the files. Batches come as (file, rows), in the order of the dumps,
/// and leave in that order; `by_version` says that the plan orders versions by a column.
pub fn resolve(
    mut batches: Vec<(usize, Batch)>,
    by_version: bool,
    files: &mut [FileReport],
) -> Result<Vec<(usize, DataFrame)>, IngestError> {
    let mut entries = Vec::with_capacity(batches.iter().map(|(_, b)| b.identities.len()).sum());
    for (place, (_, batch)) in (0u32..).zip(&mut batches) {
        let identities = std::mem::take(&mut batch.identities);
        entries.extend((0u32..).zip(identities).map(|(row, identity)| Entry { identity, batch: place, row }));
    }
    // Batches are in the order of files and rows, so that (version, batch, row) ends with the latest.
    entries.sort_unstable_by_key(|e| (e.identity.key, e.identity.version, e.batch, e.row));

    let mut keep: Vec<Vec<bool>> = batches.iter().map(|(_, b)| vec![true; b.frame.height()]).collect();
    let file_of = |entry: &Entry| batches[entry.batch as usize].0;
    let mut versions = Vec::new();
    for group in entries.chunk_by(|a, b| a.identity.key == b.identity.key) {
        let Some((latest, earlier)) = group.split_last() else {
            continue;
        };
        files[file_of(latest)].account.used += 1;
        versions.clear();
        versions.push(latest.identity.content);
        let mut successor = latest;
        for entry in earlier.iter().rev() {
            let file = &mut files[file_of(entry)];
            keep[entry.batch as usize][entry.row as usize] = false;
            if versions.contains(&entry.identity.content) {
                file.account.identical += 1;
                continue;
            }
            file.account.superseded += 1;
            if !by_version && file_of(entry) == file_of(successor) {
                files[file_of(entry)].warn(&CONFLICTING_DUPLICATE, 1);
            }
            versions.push(entry.identity.content);
            successor = entry;
        }
    }
    drop(entries);

    let mut kept = Vec::with_capacity(batches.len());
    for ((file, batch), keep) in batches.into_iter().zip(keep) {
        let frame = if keep.iter().all(|k| *k) {
            batch.frame
        } else {
            batch.frame.filter(&BooleanChunked::from_slice(PlSmallStr::EMPTY, &keep))?
        };
        kept.push((file, frame));
    }
    Ok(kept)
}
