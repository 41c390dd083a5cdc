//! Dumps as what is published tells of them: where their rows went, and those that are to be mended.

use std::collections::BTreeMap;

use crate::ingest::{Account, Dumps};
use crate::publish::mend::{self, Bad};
use crate::publish::{Input, RowCounts};

/// Every table that was read.
pub fn inputs(dumps: &Dumps) -> Vec<Input> {
    let files = dumps.sources.iter().flat_map(|(kind, loaded)| loaded.files.iter().map(move |f| (kind, f)));
    files
        .map(|(kind, file)| Input {
            source: kind.name(),
            file: file.name.clone(),
            bytes: file.size,
            sha256: file.hash.clone(),
            encoding: file.part.format.name().to_owned(),
            rows: counts(&file.account),
        })
        .collect()
}

/// The account of a table in the manifest.
pub fn counts(account: &Account) -> RowCounts {
    let Account { read, used, folded, identical, superseded, quarantined, left_out, filtered, blank } = *account;
    RowCounts { read, used, folded, identical, superseded, quarantined, left_out, filtered, blank }
}

/// The quarantined rows dump by dump, as they are to be mended.
pub fn mend(dumps: &Dumps) -> Vec<Bad<'_>> {
    let mut all = Vec::new();
    for (kind, loaded) in &dumps.sources {
        let mut by_file: BTreeMap<&str, Vec<mend::BadRow>> = BTreeMap::new();
        for bad in &loaded.quarantine {
            let row = mend::BadRow { row: bad.row, rule: bad.rule, message: &bad.message, raw: &bad.raw };
            by_file.entry(&bad.file).or_default().push(row);
        }
        for file in &loaded.files {
            let rows = by_file.remove(file.name.as_str()).unwrap_or_default();
            all.push(Bad { source: *kind, file: &file.name, header: &file.header, rows });
        }
    }
    all
}
