//! A row is put together from its cells: gaps become empty cells, and what a merged cell spans downwards is filled in.
//!
//! A merged region repeats its value downwards only: a branch written once for ten rows belongs to all ten, while a title
//! merged over ten columns stays one cell.

use crate::ingest::read::{Flaw, Native, Record};

/// Columns of a spreadsheet, A to XFD.
pub const MAX_COLUMNS: usize = 16_384;
/// Rows of a spreadsheet.
pub const MAX_ROWS: u64 = 1_048_576;
/// Merged regions of one sheet.
pub const MAX_REGIONS: usize = 1_000_000;
/// Text that one row may hold.
const MAX_TEXT: usize = 16 << 20;
/// Text that merged cells may hold at a time.
const MAX_HELD: usize = 16 << 20;

/// A merged region as far as it matters: its first column, over more than one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    pub first_row: u64,
    pub column: usize,
    pub last_row: u64,
}

/// Value of a merged cell while its rows go by.
#[derive(Debug)]
struct Held {
    column: usize,
    last_row: u64,
    text: String,
    native: Native,
}

/// Puts rows together.
#[derive(Debug, Default)]
pub struct Line {
    regions: Vec<Region>,
    /// In the order of columns.
    held: Vec<Held>,
    held_text: usize,
    row: u64,
    /// First entry of `held` that lies beyond the cells so far.
    ahead: usize,
    values: bool,
}

impl Line {
    pub fn new(mut regions: Vec<Region>) -> Self {
        regions.retain(|r| r.last_row > r.first_row);
        regions.sort_unstable();
        Self { regions, ..Self::default() }
    }

    /// Begins a row, numbered from 1.
    pub fn begin(&mut self, row: u64, record: &mut Record) {
        record.clear();
        record.number = row;
        (self.row, self.ahead, self.values) = (row, 0, false);
        if !self.held.is_empty() {
            self.held.retain(|h| h.last_row >= row);
            self.held_text = self.held.iter().map(|h| h.text.len()).sum();
        }
    }

    /// Puts a cell that holds something. Columns count from 0 and must rise.
    pub fn put(&mut self, record: &mut Record, column: usize, text: &str, native: Native) -> Result<(), String> {
        let last_row = self.region(column).map_or(0, |r| r.last_row);
        self.put_merged(record, column, text, native, last_row)
    }

    /// The same, with the last row of the merged region that begins here.
    pub fn put_merged(
        &mut self,
        record: &mut Record,
        column: usize,
        text: &str,
        native: Native,
        last_row: u64,
    ) -> Result<(), String> {
        if column >= MAX_COLUMNS {
            return Err("it lies beyond column XFD, the last one there can be".into());
        }
        if column < record.len() {
            return Err("it comes twice or out of order".into());
        }
        self.fill(record, column);
        if self.held.get(self.ahead).is_some_and(|h| h.column == column) {
            self.ahead += 1;
        }
        push(record, text, native);
        self.values = true;
        if last_row > self.row { self.hold(column, text, native, last_row) } else { Ok(()) }
    }

    /// Ends the row; `false` where no cell of its own holds anything.
    pub fn end(&mut self, record: &mut Record) -> bool {
        if self.values {
            self.fill(record, MAX_COLUMNS);
        }
        self.values
    }

    /// Fills the cells before a column: with values of merged cells, else with nothing. Beyond the last such value
    /// nothing is put unless the column itself follows.
    fn fill(&mut self, record: &mut Record, column: usize) {
        while let Some(held) = self.held.get(self.ahead).filter(|h| h.column < column) {
            pad(record, held.column);
            push(record, &held.text, held.native);
            self.ahead += 1;
        }
        if column < MAX_COLUMNS {
            pad(record, column);
        }
    }

    fn region(&self, column: usize) -> Option<&Region> {
        let at = self.regions.partition_point(|r| (r.first_row, r.column) < (self.row, column));
        self.regions.get(at).filter(|r| r.first_row == self.row && r.column == column)
    }

    fn hold(&mut self, column: usize, text: &str, native: Native, last_row: u64) -> Result<(), String> {
        self.held_text += text.len();
        if self.held_text > MAX_HELD {
            return Err("the merged cells hold more than 16 MiB of text".into());
        }
        let held = Held { column, last_row, text: text.to_owned(), native };
        // All entries before `ahead` lie at or before this column.
        let last = self.ahead.checked_sub(1).and_then(|last| self.held.get_mut(last));
        if let Some(earlier) = last.filter(|h| h.column == column) {
            *earlier = held;
        } else {
            self.held.insert(self.ahead, held);
            self.ahead += 1;
        }
        Ok(())
    }
}

fn pad(record: &mut Record, column: usize) {
    while record.len() < column {
        record.push("");
    }
}

/// Appends a cell; what goes beyond the limit of a row is marked as such and left out.
fn push(record: &mut Record, text: &str, native: Native) {
    let text = if record.size() + text.len() > MAX_TEXT {
        record.flaw = Some(Flaw::TooLarge);
        ""
    } else {
        text
    };
    if native == Native::Text || text.is_empty() { record.push(text) } else { record.push_as(text, native) }
}

/// `B7` for row 7 and column 1.
pub fn reference(row: u64, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &row.to_string()
}

/// The opposite, 0-based column and row; no row where only the column is given.
pub fn position(reference: &str) -> Option<(usize, Option<u64>)> {
    let reference = reference.trim();
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = reference.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().fold(0, |sum, b| sum * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1);
    let row = if digits.is_empty() { None } else { Some(digits.parse().ok()?) };
    Some((column - 1, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_values_repeat_downwards_within_rows_that_hold_something() {
        let mut line = Line::new(vec![
            Region { first_row: 2, column: 0, last_row: 4 },
            Region { first_row: 3, column: 3, last_row: 9 },
            Region { first_row: 1, column: 0, last_row: 1 },
        ]);
        let mut record = Record::default();
        let mut row = |number, cells: &[(usize, &str)]| {
            line.begin(number, &mut record);
            for (column, text) in cells {
                line.put(&mut record, *column, text, Native::Text).unwrap();
            }
            line.end(&mut record).then(|| record.iter().collect::<Vec<_>>().join("|"))
        };
        assert_eq!(row(1, &[(0, "title")]), Some("title".into()));
        assert_eq!(row(2, &[(0, "西安"), (1, "a")]), Some("西安|a".into()));
        assert_eq!(row(3, &[(2, "b"), (3, "x")]), Some("西安||b|x".into()));
        assert_eq!(row(4, &[]), None);
        assert_eq!(row(4, &[(0, "own")]), Some("own|||x".into()));
        assert_eq!(row(5, &[(4, "c")]), Some("|||x|c".into()));
        assert_eq!(row(10, &[(1, "d")]), Some("|d".into()));
    }

    #[test]
    fn rows_are_bounded() {
        let mut line = Line::default();
        let mut record = Record::default();
        line.begin(1, &mut record);
        assert!(line.put(&mut record, MAX_COLUMNS, "x", Native::Text).is_err());
        line.put(&mut record, 1, &"x".repeat(MAX_TEXT), Native::Text).unwrap();
        assert!(line.put(&mut record, 1, "x", Native::Text).is_err());
        assert_eq!(record.flaw, None);
        line.put(&mut record, MAX_COLUMNS - 1, "x", Native::Text).unwrap();
        assert_eq!((record.flaw, record.len(), record.size()), (Some(Flaw::TooLarge), MAX_COLUMNS, MAX_TEXT));
    }

    #[test]
    fn references_go_both_ways() {
        for (text, column, row) in [("A1", 0, 1), ("Z9", 25, 9), ("AA10", 26, 10), ("XFD1048576", 16_383, 1_048_576)] {
            assert_eq!(reference(row, column), text);
            assert_eq!(position(text), Some((column, Some(row))));
        }
        assert_eq!(position("7"), None);
        assert_eq!(position("ABCD7"), None);
    }
}
