//! Workbooks made in the test, read back.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{Kind, kind_in, rows, sheets};
use crate::ingest::read::{Flaw, Native, Record};

const SMALL_XLS: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/formats/small.xls"));

/// A zip of parts.
fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An XLSX with this XML as its only sheet, `一`.
fn xlsx(sheet: &str) -> Vec<u8> {
    xlsx_with(sheet, "<sst><si><t>甲</t></si><si/><si><r><t>a </t></r><rPh><t>x</t></rPh><r><t>b</t></r></si></sst>")
}

fn xlsx_with(sheet: &str, strings: &str) -> Vec<u8> {
    let relation =
        |id: &str, kind: &str, target: &str| format!(r#"<Relationship Id="{id}" Type="x/{kind}" Target="{target}"/>"#);
    let relations = relation("r1", "worksheet", "worksheets/sheet1.xml")
        + &relation("r2", "sharedStrings", "sharedStrings.xml")
        + &relation("r3", "chartsheet", "chart.xml");
    packed(&[
        (
            "xl/workbook.xml",
            r#"<workbook><sheets><sheet name="一" r:id="r1"/><sheet name="图" r:id="r3"/></sheets></workbook>"#,
        ),
        ("xl/_rels/workbook.xml.rels", &format!("<Relationships>{relations}</Relationships>")),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn ods(body: &str) -> Vec<u8> {
    let table = format!("<table:table table:name=\"一\">{body}</table:table>");
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    );
    packed(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

/// Rows of a sheet, `number: cell|cell`, with `#` before numbers and `@` before times.
fn read(kind: Kind, bytes: &[u8], sheet: &str) -> Result<Vec<String>, String> {
    let mut rows = rows(kind, Box::new(Cursor::new(bytes.to_vec())), sheet)?;
    assert!(!rows.strict());
    let mut record = Record::default();
    let mut lines = Vec::new();
    while rows.next(&mut record)? {
        let cell = |i| match record.native(i) {
            Native::Text => record.get(i).unwrap().to_owned(),
            Native::Number => format!("#{}", record.get(i).unwrap()),
            Native::Time => format!("@{}", record.get(i).unwrap()),
            Native::Formula => format!("?{}", record.get(i).unwrap()),
        };
        lines.push(format!("{}: {}", record.number, (0..record.len()).map(cell).collect::<Vec<_>>().join("|")));
    }
    Ok(lines)
}

fn refusal(kind: Kind, bytes: &[u8]) -> String {
    read(kind, bytes, "一").unwrap_err()
}

#[test]
fn a_formula_that_nobody_computed_is_not_empty() {
    let row = r#"<row r="1"><c r="A1"><f>B1+1.5</f><v></v></c><c r="B1"><f>1+1</f><v>2</v></c>"#;
    let row = format!(r#"{row}<c r="C1"><f t="shared" si="0"/></c><c r="D1" t="str"><f>""</f><v></v></c></row>"#);
    let sheet = xlsx(&format!("<worksheet><sheetData>{row}</sheetData></worksheet>"));
    assert_eq!(read(Kind::Xlsx, &sheet, "一").unwrap(), ["1: ?=B1+1.5|#2|?=…"]);
}

#[test]
fn a_workbook_of_excel_comes_back() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("西安").unwrap();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\" h:mm");
    sheet.merge_range(0, 0, 0, 4, "工单一览", &Format::new()).unwrap();
    for (column, head) in (0..).zip(["网点", "工单号", "报修时间", "关闭", "时长"]) {
        sheet.write(1, column, head).unwrap();
    }
    sheet.merge_range(2, 0, 3, 0, "高新店", &Format::new()).unwrap();
    sheet.write(2, 1, 2_024_001).unwrap();
    sheet.write_number_with_format(2, 2, 46_204.354_166_666_664, &date).unwrap();
    sheet.write(2, 3, true).unwrap();
    sheet.write_number_with_format(2, 4, 1.5, &Format::new().set_num_format("[h]:mm")).unwrap();
    sheet.write(3, 1, 4.5).unwrap();
    sheet.write_number_with_format(3, 2, 46_205.0, &Format::new().set_num_format_index(31)).unwrap();
    sheet.set_row_hidden(3).unwrap();
    sheet.write_blank(4, 7, &date).unwrap();
    sheet.write_formula(9, 1, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(9, 6, " 两 \n行 ").unwrap();
    workbook.add_worksheet().set_name("空").unwrap().set_hidden(true);
    let bytes = workbook.save_to_buffer().unwrap();

    let names = sheets(Kind::Xlsx, Box::new(Cursor::new(bytes.clone()))).unwrap();
    assert_eq!(names.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["西安", "空"]);
    assert_eq!(
        read(Kind::Xlsx, &bytes, "西安").unwrap(),
        [
            "1: 工单一览",
            "2: 网点|工单号|报修时间|关闭|时长",
            "3: 高新店|#2024001|@2026-07-01 08:30:00|TRUE|36:00:00",
            "4: 高新店|#4.5|@2026-07-02 00:00:00",
            "10: |#DIV/0!||||| 两 \n行 ",
        ]
    );
    assert_eq!(read(Kind::Xlsx, &bytes, "空").unwrap(), Vec::<String>::new());
    assert!(read(Kind::Xlsx, &bytes, "北京").unwrap_err().contains("no sheet \"北京\""));
}

#[test]
fn cells_of_every_type_come_out() {
    let sheet = r#"<worksheet><sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c>
        <c t="b"><v>0</v></c><c t="e"><v>#SPILL!</v></c><c t="str"><f>A1</f><v>x&amp;y_x000D_</v></c>
        <c t="inlineStr"><is><r><t>一</t></r><r><t> 二</t></r></is></c><c t="d"><v>2026-07-01T08:30:00</v></c>
        <c><v>12345678901234567890</v></c><c s="9"/><c r="L2"><v>1E2</v></c></row><row><c><v>7</v></c></row></sheetData></worksheet>"#;
    assert_eq!(
        read(Kind::Xlsx, &xlsx(sheet), "一").unwrap(),
        ["2: 甲||a b|FALSE|#SPILL!|x&y\r|一 二|@2026-07-01 08:30:00|#12345678901234567890|||#100", "3: #7",]
    );
}

#[test]
fn merged_cells_repeat_downwards() {
    let row = |r| format!(r#"<row r="{r}"><c r="B{r}"><v>{r}</v></c></row>"#);
    let rows = [1, 2, 3, 4].map(row).concat().replacen("<c ", r#"<c r="A1" t="s"><v>0</v></c><c "#, 1);
    let sheet = format!(
        r#"<x:worksheet><x:sheetData>{rows}</x:sheetData><mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="B4:D4"/></mergeCells></x:worksheet>"#
    );
    assert_eq!(read(Kind::Xlsx, &xlsx(&sheet), "一").unwrap(), ["1: 甲|#1", "2: 甲|#2", "3: 甲|#3", "4: |#4"]);
}

#[test]
fn a_cell_at_the_far_corner_costs_one_row() {
    let sheet = r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>
        <row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>"#;
    let lines = read(Kind::Xlsx, &xlsx(sheet), "一").unwrap();
    let far = lines.last().unwrap();
    assert_eq!((lines.len(), far.matches('|').count()), (2, 16_383));
    assert!(far.starts_with("1048576: |") && far.ends_with("|#2"));
}

#[test]
fn damaged_sheets_are_refused_with_the_place() {
    let row = |cells: &str| xlsx(&format!("<worksheet><sheetData><row r=\"7\">{cells}</row></sheetData></worksheet>"));
    for (bytes, words) in [
        (row("<c r=\"B7\" t=\"s\"><v>9</v></c>"), "cell B7 is damaged (the workbook has no text of number 9)"),
        (row("<c r=\"B7\"><v>x1</v></c>"), "cell B7 is damaged (\"x1\" is no number)"),
        (
            row("<c r=\"B7\"><v>1</v></c><c r=\"A7\"><v>1</v></c>"),
            "cell A7 is damaged (it comes twice or out of order)",
        ),
        (row("<c r=\"B8\"><v>1</v></c>"), "row 7 has a cell \"B8\""),
        (row("<c r=\"ZZZ7\"><v>1</v></c>"), "row 7 has a cell beyond column XFD"),
        (row("<c r=\"B7\" t=\"z\"><v>1</v></c>"), "row 7 has a cell of type \"z\""),
        (xlsx("<worksheet><sheetData><row r=\"2\"/><row r=\"1\"/></sheetData></worksheet>"), "row 1 comes twice"),
        (xlsx("<worksheet><sheetData><row r=\"9999999\"/></sheetData></worksheet>"), "row 9999999 lies beyond"),
        (xlsx("<worksheet><sheetData><row>"), "is cut off or damaged"),
        (xlsx("<worksheet></worksheet>"), "no worksheet"),
        (xlsx(&"<a>".repeat(300)), "nests more than 256 tags"),
        (xlsx_with("<a/>", "<sst><si><t>&x;</t></si></sst>"), "in its part xl/sharedStrings.xml, its XML is damaged"),
        (packed(&[("a", "")]), "lacks its part"),
        (b"PK".to_vec(), "is cut off or damaged"),
    ] {
        let message = refusal(Kind::Xlsx, &bytes);
        assert!(message.contains(words), "{words}: {message}");
        assert!(message.contains("; "), "{message}");
    }
}

#[test]
fn bombs_are_refused() {
    let bomb = " ".repeat(70 << 20);
    let message = refusal(Kind::Xlsx, &xlsx(&format!("<worksheet>{bomb}</worksheet>")));
    assert!(message.contains("more than 300 times its size"), "{message}");
    // A directory that claims less than comes out.
    let mut bytes = xlsx(&format!("<worksheet><sheetData>{}</sheetData></worksheet>", " ".repeat(9000)));
    let name = memchr::memmem::rfind(&bytes, b"xl/worksheets/sheet1.xml").unwrap();
    bytes[name - 46 + 24..name - 46 + 28].copy_from_slice(&100_u32.to_le_bytes());
    assert!(refusal(Kind::Xlsx, &bytes).contains("damaged"));
    // A text of 17 MiB, and small ones that come to that in one row.
    let text = "x".repeat(17 << 20);
    assert!(refusal(Kind::Xlsx, &xlsx_with("<a/>", &format!("<sst><si><t>{text}</t></si></sst>"))).contains("16 MiB"));
    let strings = format!("<sst><si><t>{}</t></si></sst>", &text[..9 << 20]);
    let sheet =
        "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    let bytes = xlsx_with(sheet, &strings);
    let mut rows = rows(Kind::Xlsx, Box::new(Cursor::new(bytes)), "一").unwrap();
    let mut record = Record::default();
    assert!(rows.next(&mut record).unwrap());
    assert_eq!((record.flaw, record.size()), (Some(Flaw::TooLarge), 9 << 20));
}

#[test]
fn no_bytes_make_it_panic() {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    let cell = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
    for (kind, bytes) in [(Kind::Xlsx, xlsx(sheet)), (Kind::Ods, ods(cell)), (Kind::Xls, SMALL_XLS.to_vec())] {
        let name = if kind == Kind::Xls { "工单" } else { "一" };
        let good = read(kind, &bytes, name).unwrap();
        for at in (0..bytes.len()).step_by(11) {
            let mut changed = bytes.clone();
            changed[at] ^= 0xFF;
            let caught = |message: &String| message.starts_with("the workbook is damaged");
            assert!(!read(kind, &changed, name).is_err_and(|e| caught(&e)), "{kind:?} changed at {at}");
            let cut = read(kind, &bytes[..at], name);
            assert!(!cut.as_ref().is_err_and(caught), "{kind:?} cut at {at}");
            // The last sector of an old workbook may hold nothing.
            assert!(cut.as_ref() != Ok(&good) || at + 512 > bytes.len() && kind == Kind::Xls, "{kind:?} cut at {at}");
        }
    }
}

#[test]
fn ods_repeats_are_counted_and_bounded() {
    let cell = |attributes: &str, text: &str| {
        format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
    };
    let row = |attributes: &str, cells: &str| format!("<table:table-row {attributes}>{cells}</table:table-row>");
    let body = row(
        "",
        &(cell("table:number-rows-spanned=\"3\" office:value-type=\"string\"", "西<text:s text:c=\"2\"/>安")
            + &cell("office:value-type=\"date\" office:date-value=\"2026-07-01T08:30:00\"", "7月1日")),
    ) + &row(
        "table:number-rows-repeated=\"2\" table:visibility=\"filter\"",
        &("<table:covered-table-cell/>".to_owned()
            + &cell("office:value-type=\"float\" office:value=\"4.50\" table:number-columns-repeated=\"2\"", "4,5")),
    ) + &row(
        "table:number-rows-repeated=\"1000\"",
        "<table:table-cell table:number-columns-repeated=\"16384\"/>",
    ) + &row(
        "",
        &(cell("office:value-type=\"time\" office:time-value=\"PT36H00M00S\"", "36:00")
            + &cell("office:value-type=\"boolean\" office:boolean-value=\"true\"", "WAHR")
            + &cell("office:value-type=\"float\" office:value=\"0\" calcext:value-type=\"error\"", "#DIV/0!")
            + "<table:table-cell><office:annotation><text:p>note</text:p></office:annotation><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
            + "<table:table-cell table:number-columns-repeated=\"99999999999\"/>"),
    ) + "<table:table-row table:number-rows-repeated=\"99999999999\"><table:table-cell/></table:table-row>";
    assert_eq!(
        read(Kind::Ods, &ods(&body), "一").unwrap(),
        [
            "1: 西  安|@2026-07-01 08:30:00",
            "2: 西  安|#4.5|#4.5",
            "3: 西  安|#4.5|#4.5",
            "1004: 36:00:00|TRUE|#DIV/0!|a\nb",
        ]
    );
    for (attributes, times, words) in [
        ("table:number-rows-repeated=\"99999999999\"", 1, "beyond the last one"),
        ("", 16_385, "beyond column XFD"),
        ("table:number-rows-repeated=\"1048576\"", 16_384, "more than 2 GiB"),
    ] {
        let cell = format!(
            "<table:table-cell table:number-columns-repeated=\"{times}\"><text:p>x</text:p></table:table-cell>"
        );
        let mut rows = rows(Kind::Ods, Box::new(Cursor::new(ods(&row(attributes, &cell)))), "一").unwrap();
        let mut record = Record::default();
        let message = loop {
            match rows.next(&mut record) {
                Ok(more) => assert!(more),
                Err(message) => break message,
            }
        };
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn an_old_workbook_comes_back() {
    let names = sheets(Kind::Xls, Box::new(Cursor::new(SMALL_XLS))).unwrap();
    assert_eq!(names.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["工单", "空"]);
    let lines = read(Kind::Xls, SMALL_XLS, "工单").unwrap();
    assert_eq!(
        lines[..4],
        [
            "1: 网点|工单号|报修时间|完成|金额|时长",
            "2: 西安|#2024001|@2026-07-01 08:30:00|TRUE|#4.5|36:00:00",
            "3: 西安|#2024002|@2026-07-02 08:30:00|FALSE|#0.07|06:00:00",
            "4: 西安|#2024003|@2026-07-03 08:30:00|TRUE|#123456.789|48:00:00",
        ]
    );
    assert!(lines[4].starts_with(&format!("6: |{}|08:30:00", "长".repeat(300))), "{}", lines[4]);
    assert!(refusal(Kind::Xls, b"<html><table>").contains("no workbook of Excel 97 to 2003"));
}

#[test]
fn zips_that_are_workbooks_are_told_from_others() {
    let kind = |parts: &[(&str, &str)]| kind_in(&mut ZipArchive::new(Cursor::new(packed(parts))).unwrap());
    assert_eq!(kind(&[("xl/workbook.xml", "")]), Ok(Some(Kind::Xlsx)));
    assert_eq!(kind(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]), Ok(Some(Kind::Ods)));
    assert_eq!(kind(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")]), Ok(None));
    assert_eq!(kind(&[("word/document.xml", "")]), Ok(None));
    assert!(kind(&[("xl/workbook.bin", "")]).unwrap_err().contains(".xlsb"));
}

#[test]
fn a_password_is_named() {
    let parts = [("META-INF/manifest.xml", "<m><encryption-data/></m>"), ("content.xml", "noise")];
    assert!(refusal(Kind::Ods, &packed(&parts)).contains("password"));
    // The name of the stream within an old workbook becomes that of a protected one.
    let units = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut bytes = SMALL_XLS.to_vec();
    let at = memchr::memmem::find(&bytes, &units("Workbook")).unwrap();
    let name = units("EncryptedPackage");
    bytes[at..at + name.len()].copy_from_slice(&name);
    bytes[at + 64] = u8::try_from(name.len() + 2).unwrap();
    assert!(refusal(Kind::Xls, &bytes).contains("password"));
}
