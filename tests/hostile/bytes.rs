//! Files that are not what their name says, and damaged ones.

use crate::any_dump::parts::{Dates, parquet, table, workbook, zip};

use super::{refused, tiny};

#[test]
fn a_document_is_no_workbook() {
    let docx = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")]);
    refused("a.xlsx", &docx, &["neither a workbook nor a table", "save it as XLSX"]);
    let xlsb = zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", b"\0")]);
    refused("a.xlsx", &xlsb, &[".xlsb"]);
}

#[test]
fn damaged_parquet() {
    let bytes = parquet(&table(), true);
    for end in [5, bytes.len() / 2, bytes.len() - 1] {
        refused("a.parquet", &bytes[..end], &["cannot be read"]);
    }
    let mut wrong = bytes;
    let footer = wrong.len() - 40;
    wrong[footer..footer + 20].fill(0xFF);
    refused("a.parquet", &wrong, &["cannot be read"]);
}

#[test]
fn damaged_workbooks() {
    let bytes = workbook(&table(), Dates::Cells);
    refused("a.xlsx", &bytes[..bytes.len() / 2], &["cannot be read", "damaged"]);
    let old = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats/small.xls")).unwrap();
    refused("a.xls", &old[..old.len() / 2], &["cannot be read", "save"]);
    // The name of the stream within an old workbook becomes that of a protected one.
    let units = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (plain, locked) = (units("Workbook"), units("EncryptedPackage"));
    let mut protected = old;
    let at = protected.windows(plain.len()).position(|window| window == plain).unwrap();
    protected[at..at + locked.len()].copy_from_slice(&locked);
    protected[at + 64] = u8::try_from(locked.len() + 2).unwrap();
    for name in ["a.xls", "a.xlsx"] {
        refused(name, &protected, &["password", "save it again"]);
    }
}

#[test]
fn no_byte_of_a_small_file_makes_a_panic() {
    for (name, bytes) in
        [("a.xlsx", workbook(&table()[..2], Dates::Cells)), ("a.parquet", parquet(&table()[..2], true))]
    {
        for at in (0..bytes.len()).step_by(bytes.len() / 12) {
            let mut changed = bytes.clone();
            changed[at] ^= 0xFF;
            let ran = tiny().with(name, changed).check();
            assert!(matches!(ran.code, Some(0 | 4 | 5)) && !ran.stderr.contains("panicked"), "{name} {at}: {ran:?}");
        }
    }
}
