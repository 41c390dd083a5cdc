//! Quarantined rows as a CSV for the person who mends them.
//!
//! Excel opens it (UTF-8 with BOM, CRLF, commas), and once mended it can be fed again as a dump: the cells stand under
//! the header of their dump, in its order; columns of the tool follow. Fields beyond the header come as
//! `quarantine_extra_1` and so on.
//!
//! A spreadsheet runs what begins with `=`, `+`, `-`, `@`, a tab or CR, so an apostrophe is put in front. Negative
//! numbers get it too, for `-2+3` begins like `-2`. The reader of dumps takes it off again. It stands right before the
//! sign, after blanks, so that it is also found by a reader that trims first.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};
use csv_core::ReadRecordResult;

use crate::schema::Language;
use crate::schema::input::SourceKind;
use crate::schema::rules::{DAMAGED_ROW, Rule};

/// The columns that the tool adds.
const ADDED: [&str; 3] = ["quarantine_row", "quarantine_rule", "quarantine_message"];
/// Columns of fields that have no column in the dump, numbered from 1.
const EXTRA: &str = "quarantine_extra_";
/// Excel takes a CSV for UTF-8 by this alone.
pub const BOM: &[u8] = "\u{feff}".as_bytes();
/// Most bytes of a dump's name in a file name; file systems take 255 for the whole.
const LONGEST: usize = 200;

/// The quarantined rows of one dump.
#[derive(Debug)]
pub struct Bad<'a> {
    pub source: SourceKind,
    /// Name of the dump: `tickets-2026-07.csv`, `客服.xlsx/西安`.
    pub file: &'a str,
    /// Header of the dump as found.
    pub header: &'a [String],
    /// A row with several problems may come several times.
    pub rows: Vec<BadRow<'a>>,
}

/// One problem of a row.
#[derive(Debug, Clone, Copy)]
pub struct BadRow<'a> {
    /// Row of the dump.
    pub row: u64,
    pub rule: &'static Rule,
    pub message: &'a str,
    /// The row as one line of CSV; of a damaged row, what could be kept of its text.
    pub raw: &'a str,
}

/// File names for the dumps that have quarantined rows, in the order given. No two are the same, whatever the case of
/// letters.
pub fn files<'b, 'a>(all: &'b [Bad<'a>]) -> Vec<(String, &'b Bad<'a>)> {
    let mut taken = BTreeSet::new();
    let mut name = |bad: &Bad| {
        let (source, dump) = (bad.source.name(), safe(bad.file));
        let stem = if dump.starts_with(source) { dump } else { format!("{source}-{dump}") };
        let numbered = (2_u64..).map(|n| format!("{stem}-{n}"));
        let mut free = std::iter::once(stem.clone()).chain(numbered).filter(|name| taken.insert(name.to_lowercase()));
        free.next().unwrap_or(stem)
    };
    all.iter().filter(|bad| !bad.rows.is_empty()).map(|bad| (format!("{}.csv", name(bad)), bad)).collect()
}

/// The name of a dump without what a file name cannot hold somewhere, and without an ending that comes again.
fn safe(file: &str) -> String {
    let bare = match file.len().checked_sub(4).and_then(|end| file.split_at_checked(end)) {
        Some((bare, ending)) if ending.eq_ignore_ascii_case(".csv") => bare,
        _ => file,
    };
    let unsafe_sign = |c: char| c.is_control() || r#"/\:*?"<>|"#.contains(c);
    let mut name = bare.replace(unsafe_sign, "-");
    name.truncate(name.floor_char_boundary(LONGEST));
    name
}

/// Writes the rows of a dump and tells their number. A row is one line, whatever the number of its problems.
pub fn write(mut to: impl Write, bad: &Bad, language: Language) -> io::Result<usize> {
    let layout = Layout::of(bad.header);
    let mut problems = bad.rows.clone();
    problems.sort_by_key(|p| p.row);
    let rows = || problems.chunk_by(|a, b| a.row == b.row && a.raw == b.raw);
    let mut parser = Parser::new();
    let extra = rows().map(|row| layout.line(row, &mut parser).extra.len()).max().unwrap_or(0);

    to.write_all(BOM)?;
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to);
    let own = layout.own.iter().map(|(_, name)| Cow::Borrowed(*name));
    let numbered = (1..=extra).map(|n| Cow::Owned(format!("{EXTRA}{n}")));
    let header: Vec<Cow<str>> = own.chain(numbered).chain(ADDED.map(Cow::Borrowed)).collect();
    writer.write_record(header.iter().map(|name| neutral(name).into_owned()))?;
    let mut lines = 0;
    for row in rows() {
        let line = layout.line(row, &mut parser);
        for (cells, width) in [(&line.own, layout.own.len()), (&line.extra, extra)] {
            for place in 0..width {
                let cell = cells.get(place).map_or("", |cell| cell.as_str());
                writer.write_field(neutral(cell).as_bytes())?;
            }
        }
        let number = row.first().map_or(0, |p| p.row);
        let rules = joined(row.iter().map(|p| named(p.rule, language)), language);
        let messages = joined(row.iter().map(|p| p.message.to_owned()), language);
        for cell in [number.to_string(), rules, messages] {
            writer.write_field(neutral(&cell).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
        lines += 1;
    }
    writer.flush()?;
    Ok(lines)
}

/// Which columns of a dump are its own.
struct Layout<'a> {
    /// Place and name.
    own: Vec<(usize, &'a str)>,
    /// Places of fields that had no column when this dump was set aside before.
    extra: Vec<usize>,
    width: usize,
}

/// The cells of a row; those at the end may be missing.
#[derive(Default)]
struct Line {
    own: Vec<String>,
    extra: Vec<String>,
}

impl<'a> Layout<'a> {
    fn of(header: &'a [String]) -> Self {
        let mut layout = Self { own: Vec::new(), extra: Vec::new(), width: header.len() };
        for (place, name) in header.iter().map(String::as_str).enumerate() {
            let number = name.strip_prefix(EXTRA).and_then(|n| n.parse::<u64>().ok());
            if number.is_some() {
                layout.extra.push(place);
            } else if !ADDED.contains(&name) {
                layout.own.push((place, name));
            }
        }
        layout
    }

    fn line(&self, row: &[BadRow], parser: &mut Parser) -> Line {
        let raw = row.first().map_or("", |p| p.raw);
        let damaged = row.iter().any(|p| *p.rule == DAMAGED_ROW);
        let Some(cells) = parser.cells(raw).filter(|cells| !damaged || cells.len() == self.width) else {
            let text = vec![raw.to_owned()];
            // A dump of nothing but our columns has no first cell.
            return if self.own.is_empty() {
                Line { extra: text, ..Line::default() }
            } else {
                Line { own: text, ..Line::default() }
            };
        };
        let cell = |place: usize| cells.get(place).cloned().unwrap_or_default();
        let own = self.own.iter().map(|(place, _)| cell(*place)).collect();
        let beyond = cells.iter().skip(self.width).cloned();
        let mut extra: Vec<String> = self.extra.iter().map(|place| cell(*place)).chain(beyond).collect();
        while extra.last().is_some_and(String::is_empty) {
            extra.pop();
        }
        Line { own, extra }
    }
}

/// Takes rows apart. One parser serves all rows, for making it costs more than many rows.
struct Parser {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Parser {
    fn new() -> Self {
        Self { reader: csv_core::Reader::new(), text: Vec::new(), ends: Vec::new() }
    }

    /// The cells of one line of CSV; nothing where the text is no such line.
    fn cells(&mut self, raw: &str) -> Option<Vec<String>> {
        // Cells are never longer than the line, and never more than its commas and one.
        self.text.resize(raw.len() + 1, 0);
        self.ends.resize(raw.len() + 2, 0);
        self.reader.reset();
        let (result, _, wrote, fields) = self.reader.read_record(raw.as_bytes(), &mut self.text, &mut self.ends);
        // A row that ends before its text is not one line.
        if result != ReadRecordResult::InputEmpty {
            return None;
        }
        let (result, _, _, last) =
            self.reader.read_record(&[], self.text.get_mut(wrote..)?, self.ends.get_mut(fields..)?);
        if !matches!(result, ReadRecordResult::Record | ReadRecordResult::End) {
            return None;
        }
        let text = std::str::from_utf8(self.text.get(..wrote)?).ok()?;
        let mut start = 0;
        let cut = |end: &usize| text.get(std::mem::replace(&mut start, *end)..*end).map(ToOwned::to_owned);
        self.ends.get(..fields + last)?.iter().map(cut).collect()
    }
}

/// The cell with an apostrophe before a sign that would make it a formula. A blank cell is none.
pub fn neutral(cell: &str) -> Cow<'_, str> {
    let seen = cell.trim_start_matches(unseen);
    // Tab and CR are blanks and signs alike.
    let sign = cell.trim_start_matches(|c| unseen(c) && !matches!(c, '\t' | '\r'));
    let text_already = seen.is_empty() || seen.starts_with('\'');
    if text_already || !sign.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return Cow::Borrowed(cell);
    }
    let before = cell.strip_suffix(sign).unwrap_or_default();
    Cow::Owned(format!("{before}'{sign}"))
}

/// Blanks, control signs and what takes no room: a spreadsheet may pass over them.
fn unseen(c: char) -> bool {
    let no_room = matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    c.is_whitespace() || c.is_control() || no_room
}

/// The rule as people call it, and its name in tables and plans.
fn named(rule: &Rule, language: Language) -> String {
    let label = rule.label.get(language);
    match language {
        Language::Zh => format!("{label}（{}）", rule.name),
        Language::En => format!("{label} ({})", rule.name),
    }
}

/// Texts in one cell, each once.
fn joined(texts: impl Iterator<Item = String>, language: Language) -> String {
    let mut distinct: Vec<String> = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct.join(match language {
        Language::Zh => "；",
        Language::En => "; ",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::rules::{MISSING_KEY, UNPARSEABLE, WRONG_FIELDS};

    fn bad<'a>(header: &'a [String], rows: &[(u64, &'static Rule, &'a str, &'a str)]) -> Bad<'a> {
        let rows = rows.iter().map(|(row, rule, message, raw)| BadRow { row: *row, rule, message, raw }).collect();
        Bad { source: SourceKind::Tickets, file: "a.csv", header, rows }
    }

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(ToOwned::to_owned).collect()
    }

    fn text(bad: &Bad, language: Language) -> String {
        let mut bytes = Vec::new();
        let lines = write(&mut bytes, bad, language).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.matches("\r\n").count(), lines + 1);
        text.strip_prefix('\u{feff}').unwrap().to_owned()
    }

    #[test]
    fn rows_stand_under_their_header_with_what_is_wrong() {
        let header = header("工单号,时间");
        let rows: &[(u64, &'static Rule, &str, &str)] = &[
            (9, &WRONG_FIELDS, "3 fields", "T9,x,more"),
            (3, &MISSING_KEY, "no number", ",\"a, \"\"b\"\"\nc\""),
            (3, &UNPARSEABLE, "no time", ",\"a, \"\"b\"\"\nc\""),
            (3, &UNPARSEABLE, "no time", ",\"a, \"\"b\"\"\nc\""),
            (5, &WRONG_FIELDS, "1 field", "T5"),
        ];
        let expected = "工单号,时间,quarantine_extra_1,quarantine_row,quarantine_rule,quarantine_message\r\n\
                        ,\"a, \"\"b\"\"\nc\",,3,Key missing (missing_key); Unreadable (unparseable),no number; no time\r\n\
                        T5,,,5,Wrong number of fields (wrong_fields),1 field\r\n\
                        T9,x,more,9,Wrong number of fields (wrong_fields),3 fields\r\n";
        assert_eq!(text(&bad(&header, rows), Language::En), expected);
        assert!(
            text(&bad(&header, rows), Language::Zh).contains("缺少关键字段（missing_key）；无法识别（unparseable）")
        );
    }

    #[test]
    fn damaged_rows_keep_their_text() {
        let header = header("a,b");
        let cases = [
            ("x,\"cut", "x,cut"),
            ("x,1,\"cut", "\"x,1,\"\"cut\","),
            ("x\ny", "\"x\ny\","),
            ("", ","),
            ("x", "x,"),
            ("\"\",", ","),
            ("\"{\"\"a\"\": 1\"", "\"\"\"{\"\"\"\"a\"\"\"\": 1\"\"\","),
        ];
        for (raw, expected) in cases {
            let text = text(&bad(&header, &[(2, &DAMAGED_ROW, "cut off", raw)]), Language::En);
            let line = text.split_once("\r\n").unwrap().1;
            assert_eq!(line, format!("{expected},2,Damaged row (damaged_row),cut off\r\n"), "{raw:?}");
        }
    }

    #[test]
    fn rows_that_come_again_get_no_second_set_of_columns() {
        let header = header("quarantine_row,a,quarantine_rule,quarantine_extra_1,quarantine_message,b");
        let rows: &[(u64, &'static Rule, &str, &str)] = &[
            (2, &UNPARSEABLE, "new", "9,A,old rule,,old message,B"),
            (3, &WRONG_FIELDS, "new", "9,A,old rule,E,old message,B,F"),
        ];
        let expected = "a,b,quarantine_extra_1,quarantine_extra_2,quarantine_row,quarantine_rule,quarantine_message\r\n\
                        A,B,,,2,Unreadable (unparseable),new\r\n\
                        A,B,E,F,3,Wrong number of fields (wrong_fields),new\r\n";
        assert_eq!(text(&bad(&header, rows), Language::En), expected);
        let text = text(&bad(&header, &rows[..1]), Language::En);
        assert!(!text.contains(EXTRA), "{text}");
    }

    #[test]
    fn no_cell_is_a_formula() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+86 29", "'+86 29"),
            ("-5", "'-5"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\u{3000} \n=1", "\u{3000} \n'=1"),
            ("\0=1", "\0'=1"),
            ("'=1", "'=1"),
            ("\t'=1", "\t'=1"),
            ("a=1", "a=1"),
            ("2026-07-01", "2026-07-01"),
            ("\t", "\t"),
            ("", ""),
        ];
        for (cell, expected) in cases {
            assert_eq!(neutral(cell), expected, "{cell:?}");
            assert_eq!(neutral(expected), expected, "{cell:?} twice");
        }
        let header = header("=a");
        let text = text(&bad(&header, &[(2, &UNPARSEABLE, "=m", "=1,+2")]), Language::En);
        assert!(text.starts_with("'=a,") && text.contains("\r\n'=1,'+2,2,Unreadable (unparseable),'=m\r\n"), "{text}");
    }

    #[test]
    fn file_names_are_safe_and_distinct() {
        let names = ["客服.xlsx/西安", "客服.xlsx:西安", "b.CSV", "B", "b.csv.gz", "\u{7}..\\?", "none"];
        let long = "长".repeat(100);
        let header = header("a");
        let row = BadRow { row: 2, rule: &UNPARSEABLE, message: "", raw: "x" };
        let dump = |file| Bad { source: SourceKind::Tickets, file, header: &header, rows: vec![row] };
        let mut all: Vec<Bad> = names.into_iter().chain([long.as_str()]).map(dump).collect();
        all[6].rows.clear();
        let found: Vec<String> = files(&all).into_iter().map(|(name, _)| name).collect();
        let expected = [
            "tickets-客服.xlsx-西安.csv",
            "tickets-客服.xlsx-西安-2.csv",
            "tickets-b.csv",
            "tickets-B-2.csv",
            "tickets-b.csv.gz.csv",
            "tickets--..--.csv",
            &format!("tickets-{}.csv", "长".repeat(66)),
        ];
        assert_eq!(found, expected);
    }
}
