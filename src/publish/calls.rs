//! The list of a round of calls, as a CSV that Excel opens.

use std::path::Path;

use csv::{Terminator, WriterBuilder};

use super::PublishError;
use super::mend::{BOM, neutral};
use super::text;

/// Writes the list; one that is there already is only replaced if `replace` says so, for somebody may have filled it in.
///
/// # Errors
/// The folder cannot be written, or the file is there already.
pub fn save(path: &Path, header: &[String], rows: &[Vec<String>], replace: bool) -> Result<(), PublishError> {
    let write = || -> csv::Result<Vec<u8>> {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BOM.to_vec());
        for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
            writer.write_record(row.iter().map(|cell| neutral(cell).into_owned()))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    };
    let bytes = write().map_err(|error| PublishError::Text { path: path.to_owned(), reason: error.to_string() })?;
    text::save(path, bytes, replace)
}

#[cfg(test)]
mod tests {
    #[test]
    fn cells_are_text_for_a_spreadsheet() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.csv");
        let row = |cells: [&str; 2]| cells.map(ToOwned::to_owned).to_vec();
        super::save(&path, &row(["客户", "电话"]), &[row(["=张", "+86 138"])], false).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "\u{feff}客户,电话\r\n'=张,'+86 138\r\n");
        let error = super::save(&path, &row(["a", "b"]), &[], false).unwrap_err().to_string();
        assert!(error.contains("--force"), "{error}");
    }
}
