//! A first look into files that no plan knows yet.

use std::path::{Path, PathBuf};

use super::read::{self, Record};
use super::values::time::SAMPLE;
use super::{IngestError, header, scan};
use crate::plan::Reading;

/// The beginning of one table.
#[derive(Debug)]
pub struct Peek {
    pub path: PathBuf,
    /// Sheet of a workbook or member of an archive.
    pub table: Option<String>,
    /// How the table is written, in words.
    pub format: String,
    /// Row of the header, from 1.
    pub header_row: u64,
    pub header: Vec<String>,
    /// The first rows after the header.
    pub rows: Vec<Record>,
    /// Whether these are all rows.
    pub complete: bool,
}

/// The files that are meant: each as named, or what a pattern matches where no file has that name.
///
/// # Errors
/// Nothing matches.
pub fn expand(named: &[PathBuf]) -> Result<Vec<PathBuf>, IngestError> {
    let mut files = Vec::new();
    for name in named {
        if name.exists() {
            files.push(name.clone());
            continue;
        }
        let pattern = name.display().to_string();
        let none = || IngestError::Unreadable { file: name.clone(), reason: "there is no such file".to_owned() };
        let mut found: Vec<PathBuf> =
            glob::glob(&pattern).map_err(|_| none())?.filter_map(Result::ok).filter(|p| p.is_file()).collect();
        if found.is_empty() {
            return Err(none());
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Looks into a file: the header and the first rows of each of its tables. Empty tables are left out.
///
/// # Errors
/// The file cannot be read.
pub fn peek(path: &Path) -> Result<Vec<Peek>, IngestError> {
    let unreadable = |reason: String| IngestError::Unreadable { file: path.to_owned(), reason };
    let mut peeks = Vec::new();
    for part in read::look(path, &Reading::default())?.parts {
        let scan::Opened { mut rows, ahead, header, header_row } =
            scan::open(path, part.rows(path).map_err(unreadable)?, None, likely_header)?;
        if header.is_empty() {
            continue;
        }
        let mut sample: Vec<Record> = ahead.into_iter().filter(|r| !header::is_blank(r)).collect();
        let mut record = Record::default();
        let mut more = true;
        while more && sample.len() < SAMPLE {
            more = rows.next(&mut record).map_err(unreadable)?;
            if more && !header::is_blank(&record) {
                sample.push(std::mem::take(&mut record));
            }
        }
        let complete = !more;
        let (table, format) = (part.name(), part.format.describe());
        peeks.push(Peek { path: path.to_owned(), table, format, header_row, header, rows: sample, complete });
    }
    Ok(peeks)
}

/// The header of a table that no plan knows: the first row with nearly as many texts as any, so that titles above it, of one
/// cell or two, are passed over.
fn likely_header(first: &[Record]) -> Option<usize> {
    let texts = |record: &Record| record.iter().filter(|cell| !cell.trim().is_empty()).count();
    let most = first.iter().map(texts).max().filter(|most| *most > 0)?;
    first.iter().position(|record| texts(record) * 10 >= most * 7)
}
