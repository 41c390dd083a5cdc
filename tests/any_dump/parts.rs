//! A small table, and how each format writes it.

use std::io::{Cursor, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray, TimestampMicrosecondArray};
use arrow::record_batch::RecordBatch;
use chrono::NaiveDateTime;
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub const HEADER: [&str; 6] = ["工单编号", "报修时间", "完成时间", "网点", "故障", "说明"];
/// The columns of moments.
const TIMES: [usize; 2] = [1, 2];

pub type Rows = Vec<[&'static str; 6]>;

/// Twelve tickets, those of each branch together.
pub fn table() -> Rows {
    vec![
        ["A01", "2026-07-01 08:30:00", "2026-07-01 10:05:30", "西安", "漏水、异响", "第一行\n第二行"],
        ["A02", "2026-07-02 08:30:00", "2026-07-02 16:30:00", "西安", "漏水", "急,今天;谢谢|王"],
        ["A03", "2026-07-03 09:00:00", "2026-07-06 09:00:01", "西安", "", "他说“好”"],
        ["A04", "2026-07-06 09:00:00", "2026-07-06 12:00:00", "西安", "异响", "a \"quoted\" word"],
        ["A05", "2026-07-07 23:59:59", "2026-07-08 09:00:00", "西安", "无", "x"],
        ["A06", "2026-07-08 09:00:00", "2026-07-08 09:30:00", "西安", "漏水", "é"],
        ["A07", "2026-07-09 09:00:00", "2026-07-09 09:30:00", "北京", "漏水", "x"],
        ["A08", "2026-07-10 09:00:00", "2026-07-10 17:30:00", "北京", "渗水、异响", "x"],
        ["A09", "2026-07-13 00:00:00", "2026-07-13 09:30:00", "北京", "漏水", "x"],
        ["A10", "2026-07-14 09:00:00", "2026-07-14 09:30:00", "北京", "漏水", "0123456789"],
        ["A11", "2026-07-15 09:00:00", "2026-07-15 09:30:00", "北京", "漏水", "x"],
        ["A12", "2026-07-16 08:30:00", "", "北京", "漏水", ""],
    ]
}

/// The table as text, its header first; cells with a separator, a quotation mark or a line break are quoted.
pub fn text(rows: &[[&str; 6]], separator: char, ending: &str) -> String {
    let quoted = |cell: &&str| {
        let plain = !cell.contains([',', ';', '\t', '|', '"', '\n']);
        if plain { (*cell).to_owned() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
    };
    let line = |row: &[&str; 6]| row.iter().map(quoted).collect::<Vec<_>>().join(&separator.to_string()) + ending;
    std::iter::once(&HEADER).chain(rows).map(line).collect()
}

/// A text in every encoding that is read, besides plain UTF-8.
pub fn encoded(text: &str) -> [(&'static str, Vec<u8>); 4] {
    let utf16 =
        |bytes: fn(u16) -> [u8; 2]| "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect();
    let (gb18030, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost);
    [
        ("BOM", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        ("UTF-16 LE", utf16(u16::to_le_bytes)),
        ("UTF-16 BE", utf16(u16::to_be_bytes)),
        ("GB18030", gb18030.into_owned()),
    ]
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// How a workbook holds moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// As dates.
    Cells,
    /// As texts.
    Texts,
    /// As the days since 1900 that dates are, without a format that tells.
    Serials,
    /// Every other one as a text.
    Mixed,
}

/// A workbook of one sheet.
pub fn workbook(rows: &[[&str; 6]], dates: Dates) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet(), 0, rows, dates);
    workbook.save_to_buffer().unwrap()
}

/// Two sheets with a title of two rows, a branch merged over its rows, a blank row, and a row of totals.
pub fn laid_out(rows: &[[&str; 6]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for branch in ["西安", "北京"] {
        let mine: Vec<[&str; 6]> = rows.iter().filter(|row| row[3] == branch).copied().collect();
        let last = u32::try_from(mine.len()).unwrap() + 2;
        let sheet = workbook.add_worksheet().set_name(branch).unwrap();
        sheet.merge_range(0, 0, 0, 5, "售后工单月报", &Format::new()).unwrap();
        sheet.write(1, 0, "导出时间：2026-08-01").unwrap();
        fill(sheet, 2, &mine, Dates::Cells);
        sheet.merge_range(3, 3, last, 3, branch, &Format::new()).unwrap();
        sheet.write(last + 1, 0, " ").unwrap();
        sheet.write(last + 2, 0, "合计").unwrap().write(last + 2, 5, last - 2).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

fn fill(sheet: &mut Worksheet, top: u32, rows: &[[&str; 6]], dates: Dates) {
    let format = Format::new().set_num_format("yyyy/m/d h:mm:ss");
    for (column, name) in (0..).zip(HEADER) {
        sheet.write(top, column, name).unwrap();
    }
    for (row, cells) in (top + 1..).zip(rows) {
        for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let column = u16::try_from(place).unwrap();
            let as_text = !TIMES.contains(&place) || dates == Dates::Texts || dates == Dates::Mixed && row % 2 == 0;
            if as_text {
                sheet.write(row, column, *cell).unwrap();
                continue;
            }
            let date = ExcelDateTime::parse_from_str(&cell.replace(' ', "T")).unwrap();
            if dates == Dates::Serials {
                sheet.write(row, column, date.to_excel()).unwrap();
            } else {
                sheet.write_with_format(row, column, &date, &format).unwrap();
            }
        }
    }
}

/// An object a line; empty cells are left out.
pub fn ndjson(rows: &[[&str; 6]]) -> Vec<u8> {
    let line = |row: &[&str; 6]| {
        let cells = HEADER.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        let object: serde_json::Map<_, _> = cells.map(|(key, cell)| ((*key).to_owned(), (*cell).into())).collect();
        serde_json::Value::Object(object).to_string() + "\n"
    };
    rows.iter().map(line).collect::<String>().into_bytes()
}

/// Columns of text; `typed`: moments as such.
pub fn parquet(rows: &[[&str; 6]], typed: bool) -> Vec<u8> {
    let column = |(place, name): (usize, &'static str)| {
        let cells = rows.iter().map(|row| Some(row[place]).filter(|cell| !cell.is_empty()));
        let micros =
            |cell: &str| NaiveDateTime::parse_from_str(cell, "%Y-%m-%d %H:%M:%S").unwrap().and_utc().timestamp_micros();
        let array: ArrayRef = if typed && TIMES.contains(&place) {
            Arc::new(cells.map(|cell| cell.map(micros)).collect::<TimestampMicrosecondArray>())
        } else {
            Arc::new(cells.collect::<StringArray>())
        };
        (name, array)
    };
    let batch = RecordBatch::try_from_iter(HEADER.into_iter().enumerate().map(column)).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}
