//! Rows of an ODS sheet, one after the other. Equal cells and equal rows beside each other are stored once with a count,
//! so that a few bytes may stand for millions of cells: what is empty is passed over, what is not is counted.

use quick_xml::events::{BytesStart, Event};

use super::in_sheet;
use super::line::{Line, MAX_COLUMNS, MAX_ROWS, reference};
use super::ods_cell::Cell;
use super::xml::{Xml, count};
use crate::ingest::read::{Native, Record, Rows, Seekable};

/// What repeated rows may come to in bytes, a cell counting as 64 and its text.
const MAX_REPEATED: usize = 2 << 30;

/// The rows of a sheet.
#[derive(Debug)]
pub struct TableRows {
    xml: Xml<Box<dyn Seekable>>,
    sheet: String,
    line: Line,
    cell: Cell,
    /// Cells of the present row that hold something, and their texts one behind the other.
    own: Vec<Own>,
    texts: String,
    /// Number of the present row, and how often it comes again.
    row: u64,
    again: u64,
    repeated: usize,
    done: bool,
}

/// A cell with a value.
#[derive(Debug, Clone, Copy)]
struct Own {
    column: usize,
    columns: usize,
    /// Rows of the merged region that begins here.
    rows: u64,
    start: usize,
    end: usize,
    native: Native,
}

impl Rows for TableRows {
    fn next(&mut self, record: &mut Record) -> Result<bool, String> {
        self.advance(record).map_err(|why| in_sheet(&self.sheet, &why))
    }

    fn strict(&self) -> bool {
        false
    }
}

impl TableRows {
    /// `xml` has just come upon the sheet.
    pub fn new(xml: Xml<Box<dyn Seekable>>, sheet: &str) -> Self {
        Self {
            xml,
            sheet: sheet.to_owned(),
            line: Line::default(),
            cell: Cell::default(),
            own: Vec::new(),
            texts: String::new(),
            row: 0,
            again: 0,
            repeated: 0,
            done: false,
        }
    }

    fn advance(&mut self, record: &mut Record) -> Result<bool, String> {
        if self.again > 0 {
            self.again -= 1;
            self.row += 1;
            self.write(record)?;
            self.repeated += record.size() + record.len() * 64;
            if self.repeated > MAX_REPEATED {
                return Err("repeated rows come to more than 2 GiB, as no dump does".into());
            }
            return Ok(true);
        }
        while !self.done {
            if self.read_row()? {
                self.write(record)?;
                return Ok(true);
            }
        }
        record.clear();
        Ok(false)
    }

    /// Reads up to the end of the next row; `false` where it holds nothing, or there is none.
    fn read_row(&mut self) -> Result<bool, String> {
        self.own.clear();
        self.texts.clear();
        let repeat = loop {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "table-row" => break repeat(&tag, "number-rows-repeated")?,
                    "table-rows" | "table-header-rows" | "table-row-group" => {}
                    _ => self.xml.skip()?,
                },
                Event::Empty(tag) if tag.local_name().as_ref() == "table-row" => {
                    self.row = self.row.saturating_add(repeat(&tag, "number-rows-repeated")?);
                }
                Event::End(tag) if tag.local_name().as_ref() == "table" => {
                    self.done = true;
                    self.xml.finish()?;
                    return Ok(false);
                }
                Event::Eof => return Err(super::package::DAMAGED.into()),
                _ => {}
            }
        };
        self.row = self.row.saturating_add(1);
        self.read_cells()?;
        let last = self.row.saturating_add(repeat - 1);
        if self.own.is_empty() {
            self.row = last;
            return Ok(false);
        }
        if last > MAX_ROWS {
            return Err(format!("row {last} lies beyond the last one there can be"));
        }
        self.again = repeat - 1;
        Ok(true)
    }

    fn read_cells(&mut self) -> Result<(), String> {
        let mut column = 0_usize;
        loop {
            let (tag, closed) = match self.xml.next()? {
                Event::Start(tag) => (tag, false),
                Event::Empty(tag) => (tag, true),
                Event::End(tag) if tag.local_name().as_ref() == "table-row" => return Ok(()),
                Event::Eof => return Err(super::package::DAMAGED.into()),
                _ => continue,
            };
            if !matches!(tag.local_name().as_ref(), "table-cell" | "covered-table-cell") {
                if !closed {
                    self.xml.skip()?;
                }
                continue;
            }
            let columns = usize::try_from(repeat(&tag, "number-columns-repeated")?).unwrap_or(usize::MAX);
            let rows = count(&tag, "number-rows-spanned")?.unwrap_or(1);
            let damaged = |row, why| format!("cell {} is damaged ({why})", reference(row, column));
            self.cell.begin(&tag).map_err(|why| damaged(self.row, why))?;
            if !closed {
                self.cell.content(&mut self.xml)?;
            }
            let start = self.texts.len();
            let native = self.cell.finish(&mut self.texts).map_err(|why| damaged(self.row, why))?;
            let end = self.texts.len();
            if end > start {
                if columns > MAX_COLUMNS.saturating_sub(column) {
                    return Err(format!("row {} has a cell beyond column XFD", self.row));
                }
                if end > MAX_ROW_TEXT {
                    return Err(format!("row {} holds more than 64 MiB of text", self.row));
                }
                self.own.push(Own { column, columns, rows, start, end, native });
            }
            column = column.saturating_add(columns);
        }
    }

    fn write(&mut self, record: &mut Record) -> Result<(), String> {
        self.line.begin(self.row, record);
        for own in &self.own {
            let text = self.texts.get(own.start..own.end).unwrap_or_default();
            let last_row = self.row.saturating_add(own.rows.saturating_sub(1));
            for column in own.column..own.column + own.columns {
                self.line
                    .put_merged(record, column, text, own.native, last_row)
                    .map_err(|why| format!("cell {} is damaged ({why})", reference(self.row, column)))?;
            }
        }
        self.line.end(record);
        Ok(())
    }
}

/// Text that one row may hold before its cells are repeated.
const MAX_ROW_TEXT: usize = 64 << 20;

fn repeat(tag: &BytesStart<'_>, name: &str) -> Result<u64, String> {
    Ok(count(tag, name)?.unwrap_or(1).max(1))
}
