//! Lines below the rows of a sheet that sum up or sign what stands above. A run passes over them, so a draft does, too.

use super::Peek;
use crate::ingest::read::Record;
use crate::ingest::values::{footer, text};

/// The table without such lines, if it has any.
pub fn without(peek: &Peek) -> Option<Peek> {
    let columns = peek.header.iter().filter(|name| !name.trim().is_empty()).count();
    let rows: Vec<Record> = peek.rows.iter().filter(|record| !is_footer(record, columns)).cloned().collect();
    (rows.len() < peek.rows.len()).then(|| Peek {
        path: peek.path.clone(),
        table: peek.table.clone(),
        format: peek.format.clone(),
        header_row: peek.header_row,
        header: peek.header.clone(),
        rows,
        complete: peek.complete,
    })
}

/// Such a word stands first, and most columns are empty, as they are in no row of its own.
fn is_footer(record: &Record, columns: usize) -> bool {
    let mut texts = record.iter().map(text::trim).filter(|cell| !cell.is_empty());
    let Some(first) = texts.next() else { return false };
    footer::is_word(first) && (1 + texts.count()) * 2 <= columns.max(2)
}
