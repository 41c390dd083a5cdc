//! Rows of an XLSX sheet, one after the other.

use quick_xml::events::{BytesStart, Event};

use super::cell::{self, Look};
use super::in_sheet;
use super::line::{Line, MAX_COLUMNS, MAX_ROWS, Region, position, reference};
use super::strings::{Strings, unescape};
use super::xml::{self, Xml};
use crate::ingest::read::{Native, Record, Rows, Seekable};

/// The rows of a sheet, and what of the workbook they need.
#[derive(Debug)]
pub struct SheetRows {
    xml: Xml<Box<dyn Seekable>>,
    sheet: String,
    strings: Strings,
    looks: Vec<Look>,
    since_1904: bool,
    line: Line,
    /// Number of the last row; 0 before the first.
    row: u64,
    place: Place,
    /// Value of a cell as the file has it, and as it comes out.
    raw: String,
    text: String,
    /// The formula of the cell with its `=`, if it has one.
    formula: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeRows,
    Rows,
    Done,
}

/// Type of a cell, and how its number looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number(Look),
    Shared,
    Boolean,
    /// Text of a formula, text within the cell, or an error code.
    Text,
    Inline,
    Iso,
}

/// A cell as its tag describes it.
#[derive(Debug, Clone, Copy)]
struct Cell {
    column: usize,
    kind: Kind,
}

impl Rows for SheetRows {
    fn next(&mut self, record: &mut Record) -> Result<bool, String> {
        self.advance(record).map_err(|why| in_sheet(&self.sheet, &why))
    }

    fn strict(&self) -> bool {
        false
    }
}

impl SheetRows {
    pub fn new(
        xml: Xml<Box<dyn Seekable>>,
        sheet: &str,
        strings: Strings,
        looks: Vec<Look>,
        since_1904: bool,
        regions: Vec<Region>,
    ) -> Self {
        Self {
            xml,
            sheet: sheet.to_owned(),
            strings,
            looks,
            since_1904,
            line: Line::new(regions),
            row: 0,
            place: Place::BeforeRows,
            raw: String::new(),
            text: String::new(),
            formula: String::new(),
        }
    }

    fn advance(&mut self, record: &mut Record) -> Result<bool, String> {
        while self.place != Place::Done {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "sheetData" => self.place = Place::Rows,
                    "row" if self.place == Place::Rows => {
                        self.row = row_number(&tag, self.row)?;
                        if self.cells(record)? {
                            return Ok(true);
                        }
                    }
                    _ => {}
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "sheetData" => self.place = Place::Done,
                    "row" if self.place == Place::Rows => self.row = row_number(&tag, self.row)?,
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => {
                    self.place = Place::Done;
                    self.xml.finish()?;
                }
                Event::Eof if self.place == Place::BeforeRows => {
                    return Err("there are no rows, so it is no worksheet".into());
                }
                Event::Eof => return Err(super::package::DAMAGED.into()),
                _ => {}
            }
        }
        record.clear();
        Ok(false)
    }

    /// Reads the cells of a row; `false` where none of them holds anything.
    fn cells(&mut self, record: &mut Record) -> Result<bool, String> {
        self.line.begin(self.row, record);
        let mut column = 0;
        loop {
            let cell = match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "c" => describe(&tag, self.row, column, &self.looks)?,
                // A cell that is only there for its colour.
                Event::Empty(tag) if tag.local_name().as_ref() == "c" => {
                    column = describe(&tag, self.row, column, &self.looks)?.column + 1;
                    continue;
                }
                Event::End(tag) if tag.local_name().as_ref() == "row" => return Ok(self.line.end(record)),
                Event::Eof => return Err(super::package::DAMAGED.into()),
                _ => continue,
            };
            self.value(cell.kind == Kind::Inline)?;
            column = cell.column + 1;
            let row = self.row;
            let damaged = |why: &str| format!("cell {} is damaged ({why})", reference(row, cell.column));
            let native = self.convert(cell.kind).map_err(|why| damaged(&why))?;
            let text = if cell.kind == Kind::Shared {
                shared(&self.strings, &self.raw).map_err(|why| damaged(&why))?
            } else {
                &self.text
            };
            // Libraries write formulas without computing them; such a cell is not empty, its value is unknown.
            let unknown = text.is_empty() && matches!(cell.kind, Kind::Number(_)) && !self.formula.is_empty();
            let (text, native) = if unknown { (self.formula.as_str(), Native::Formula) } else { (text, native) };
            if !text.is_empty() {
                self.line.put(record, cell.column, text, native).map_err(|why| damaged(&why))?;
            }
        }
    }

    /// Reads what stands in a cell up to its end: `<v>`, or the runs of `<is>`; besides, its formula.
    fn value(&mut self, inline: bool) -> Result<(), String> {
        self.raw.clear();
        self.formula.clear();
        let (mut taking, mut aloud, mut formula) = (false, false, false);
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => taking = !inline,
                    "t" => taking = inline && !aloud,
                    "rPh" => aloud = true,
                    "f" => {
                        formula = true;
                        self.formula.push('=');
                    }
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "c" => return Ok(()),
                    "v" | "t" => taking = false,
                    "f" => formula = false,
                    "rPh" => aloud = false,
                    _ => {}
                },
                Event::Eof => return Err(super::package::DAMAGED.into()),
                // A formula that another cell shares is not repeated.
                Event::Empty(tag) if tag.local_name().as_ref() == "f" => self.formula.push_str("=…"),
                _ if formula && self.formula.len() < 1000 => xml::append(&event, &mut self.formula)?,
                _ if taking => {
                    xml::append(&event, &mut self.raw)?;
                    if self.raw.len() > MAX_CELL {
                        return Err("a cell is larger than 16 MiB, as no spreadsheet program writes them".into());
                    }
                }
                _ => {}
            }
        }
    }

    /// Turns `raw` into `text`.
    fn convert(&mut self, kind: Kind) -> Result<Native, String> {
        let Self { raw, text, .. } = self;
        text.clear();
        match kind {
            _ if raw.is_empty() => Ok(Native::Text),
            Kind::Shared => Ok(Native::Text),
            Kind::Number(Look::Number) if cell::write_literal(raw, text) => Ok(Native::Number),
            Kind::Number(look) => match cell::literal(raw) {
                Some(value) => Ok(cell::write_number(value, look, self.since_1904, text)),
                None => Err(format!("\"{}\" is no number", excerpt(raw))),
            },
            Kind::Boolean => {
                text.push_str(match raw.trim().to_ascii_lowercase().as_str() {
                    "1" | "true" => "TRUE",
                    "0" | "false" => "FALSE",
                    _ => return Err(format!("\"{}\" is neither true nor false", excerpt(raw))),
                });
                Ok(Native::Text)
            }
            Kind::Text | Kind::Inline => {
                unescape(raw, text);
                Ok(Native::Text)
            }
            Kind::Iso => Ok(cell::write_iso(raw, text)),
        }
    }
}

/// Text that one cell may hold.
const MAX_CELL: usize = 16 << 20;

fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

fn shared<'a>(strings: &'a Strings, raw: &str) -> Result<&'a str, String> {
    if raw.is_empty() {
        return Ok("");
    }
    let text = raw.trim().parse().ok().and_then(|index| strings.get(index));
    text.ok_or_else(|| format!("the workbook has no text of number {}", excerpt(raw)))
}

/// Number of a row: as it says, else the one after the last.
fn row_number(tag: &BytesStart<'_>, last: u64) -> Result<u64, String> {
    let number = match xml::attribute(tag, "r")? {
        Some(number) => number.trim().parse().map_err(|_| format!("a row has the number \"{}\"", excerpt(&number)))?,
        None => last + 1,
    };
    if number <= last {
        return Err(format!("row {number} comes twice or out of order"));
    }
    if number > MAX_ROWS {
        return Err(format!("row {number} lies beyond the last one there can be"));
    }
    Ok(number)
}

/// What the tag of a cell says; `column` is where it stands unless it says so.
fn describe(tag: &BytesStart<'_>, row: u64, column: usize, looks: &[Look]) -> Result<Cell, String> {
    let (mut column, mut look, mut kind) = (column, Look::Number, None);
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| format!("a cell in row {row} is damaged ({e})"))?;
        let value = &*attribute.value;
        match attribute.key.as_ref() {
            "r" => match position(value) {
                Some((at, None)) => column = at,
                Some((at, Some(in_row))) if in_row == row => column = at,
                _ => return Err(format!("row {row} has a cell \"{}\"", excerpt(value))),
            },
            "s" => look = value.parse().ok().and_then(|s: usize| looks.get(s)).copied().unwrap_or_default(),
            "t" => {
                kind = match value {
                    "n" => None,
                    "s" => Some(Kind::Shared),
                    "b" => Some(Kind::Boolean),
                    "e" | "str" => Some(Kind::Text),
                    "inlineStr" => Some(Kind::Inline),
                    "d" => Some(Kind::Iso),
                    _ => return Err(format!("row {row} has a cell of type \"{}\"", excerpt(value))),
                }
            }
            _ => {}
        }
    }
    if column >= MAX_COLUMNS {
        return Err(format!("row {row} has a cell beyond column XFD"));
    }
    Ok(Cell { column, kind: kind.unwrap_or(Kind::Number(look)) })
}
