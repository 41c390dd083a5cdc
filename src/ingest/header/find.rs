//! Which row of a table is its header.

use crate::ingest::read::Record;
use crate::ingest::values::text;
use crate::plan::{From, Source};

/// The names of a header: blanks around them trimmed, line breaks within them made blanks, empty ones at the end left out.
pub fn clean(record: &Record) -> Vec<String> {
    let one_line = |cell: &str| {
        let cell = text::trim(cell);
        if cell.contains(['\n', '\r']) {
            cell.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            cell.to_owned()
        }
    };
    let mut names: Vec<String> = record.iter().map(one_line).collect();
    let used = names.iter().rposition(|n| !n.is_empty()).map_or(0, |last| last + 1);
    names.truncate(used);
    names
}

/// The place of the header among the first rows of a table: the row that the plan names, else the first of those that
/// hold most of the names that the plan gives, so that titles above it do no harm; else the first that is not blank.
pub fn place(source: &Source, first: &[Record]) -> Option<usize> {
    if let Some(row) = source.reading.header_row {
        return first.iter().position(|record| record.number == row);
    }
    let wanted = names(source);
    let hits = |record: &Record| clean(record).iter().filter(|name| wanted.contains(&name.as_str())).count();
    let most = first.iter().map(hits).max()?;
    if most > 0 {
        return first.iter().position(|record| hits(record) == most);
    }
    first.iter().position(|record| record.iter().any(|cell| !cell.trim().is_empty()))
}

/// All names of columns that the plan gives for a source.
fn names(source: &Source) -> Vec<&str> {
    let mapped = source.columns.iter().flat_map(|mapping| match &mapping.from {
        From::FirstOf(names) | From::Joined { columns: names, .. } => names.as_slice(),
        From::Always(_) => &[],
    });
    let dimensions = source.dimensions.iter().flat_map(|d| &d.columns);
    let conditions = source.filter.iter().flat_map(|c| &c.columns);
    let others = source.carry.iter().chain(&source.latest_by);
    mapped.chain(dimensions).chain(conditions).chain(others).map(String::as_str).collect()
}

/// Whether a row has no text at all.
pub fn is_blank(record: &Record) -> bool {
    record.iter().all(|cell| text::trim(cell).is_empty())
}
