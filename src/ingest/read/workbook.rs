//! Workbooks (XLSX, XLS, ODS) become rows: one sheet at a time, in bounded memory whatever the file claims to hold.
//!
//! What comes out is what stands in the cells, not what is seen of them: hidden and filtered rows come too, numbers come
//! unrounded, dates in full. Formulas give the value that was stored with them, and an error gives its code (`#N/A`).
//! Rows without any value do not come; the numbers of the others are those that the spreadsheet program shows.

mod biff;
mod cell;
mod format;
mod guard;
mod line;
mod merged;
mod ods;
mod ods_cell;
mod ods_rows;
mod ole;
mod package;
mod strings;
mod xls;
mod xls_rows;
mod xlsx;
mod xlsx_rows;
mod xml;

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{Rows, Seekable};
use package::Package;

const PASSWORD: &str = "the workbook is protected with a password; open it, remove the password and save it again";

/// Kinds of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    /// Excel 5.0 to 2003.
    Xls,
    Ods,
}

/// A worksheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
}

/// What kind of workbook a zip is, if it is one.
pub fn kind_in<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Option<Kind>, String> {
    const BINARY: &str = "it is a binary workbook (.xlsb); open it in Excel and save it as .xlsx";
    const MAIN: &str = "spreadsheetml.sheet.main+xml";
    let find = |archive: &ZipArchive<R>, path: &str| {
        archive.file_names().position(|n| n.is_ok_and(|n| n.replace('\\', "/").eq_ignore_ascii_case(path)))
    };
    if find(archive, "xl/workbook.xml").is_some() {
        return Ok(Some(Kind::Xlsx));
    }
    if find(archive, "xl/workbook.bin").is_some() {
        return Err(BINARY.to_owned());
    }
    // An ODS says what it is in its first part, which text documents have too; an XLSX may keep its sheets anywhere.
    for (part, word, kind) in
        [("mimetype", "opendocument.spreadsheet", Kind::Ods), ("[Content_Types].xml", MAIN, Kind::Xlsx)]
    {
        let Some(index) = find(archive, part) else { continue };
        let mut text = Vec::new();
        let read = archive.by_index(index).map(|entry| entry.take(1 << 20).read_to_end(&mut text));
        if matches!(read, Ok(Ok(_))) && memchr::memmem::find(&text, word.as_bytes()).is_some() {
            return Ok(Some(kind));
        }
    }
    Ok(None)
}

/// The worksheets in the order of the workbook, hidden ones too; sheets that hold a chart or macros are left out.
pub fn sheets(kind: Kind, input: Box<dyn Seekable>) -> Result<Vec<Sheet>, String> {
    guard::call(move || match kind {
        Kind::Xlsx => xlsx::sheets(Package::open(input)?),
        Kind::Ods => ods::sheets(Package::open(input)?),
        Kind::Xls => xls::sheets(input),
    })
}

/// The rows of one sheet.
pub fn rows(kind: Kind, input: Box<dyn Seekable>, sheet: &str) -> Result<Box<dyn Rows>, String> {
    guard::call(move || match kind {
        Kind::Xlsx => Ok(guard::rows(xlsx::rows(Package::open(input)?, sheet)?)),
        Kind::Ods => Ok(guard::rows(ods::rows(Package::open(input)?, sheet)?)),
        Kind::Xls => Ok(guard::rows(xls::rows(input, sheet)?)),
    })
}

/// Adds where it was to what went wrong.
fn in_part<T>(part: &str, result: Result<T, String>) -> Result<T, String> {
    result.map_err(|why| advise(&format!("in its part {part}, {why}")))
}

fn in_sheet(sheet: &str, why: &str) -> String {
    advise(&format!("in sheet \"{sheet}\", {why}"))
}

/// Says what to do, unless the message does already.
fn advise(why: &str) -> String {
    if why.contains("; ") {
        why.to_owned()
    } else {
        format!("{why}; open the workbook in its program and save it again")
    }
}

fn no_such_sheet(sheet: &str) -> String {
    format!("the workbook has no sheet \"{sheet}\"")
}

#[cfg(test)]
mod tests;
