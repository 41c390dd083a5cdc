//! One row of a table, whatever the table was stored in.

use std::ops::Range;

/// What a cell was before it became text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Native {
    /// Text as someone typed it.
    #[default]
    Text,
    /// A date or a time, written as `2026-07-01 08:30:00`, with a fraction where there is one.
    Time,
    /// A number, written as Rust writes it; whole ones without a point.
    Number,
    /// A formula whose value the file does not hold, with its `=`: the cell is not empty, its value is unknown.
    Formula,
}

/// A row as text, cell by cell. One record is filled again and again, so that reading allocates nothing.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Record {
    text: String,
    /// End of each cell in `text`.
    ends: Vec<u32>,
    /// Bytes between cells in `text`.
    gap: usize,
    /// Kinds of the cells up to the last that is not plain text.
    kinds: Vec<Native>,
    /// Row of the file as its own program numbers it: spreadsheet rows, records of a CSV, lines of NDJSON; from 1.
    pub number: u64,
    /// What the reader found wrong with the row as a whole.
    pub flaw: Option<Flaw>,
}

/// What can be wrong with a row before its cells are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The file ends within a quoted field.
    CutOff,
    /// It holds NUL bytes.
    Nul,
    /// Larger than a reader takes; the text is its beginning.
    TooLarge,
    /// A line that is not what the format demands.
    Malformed,
}

impl Record {
    /// Empties the record, keeping its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.gap = 0;
        self.kinds.clear();
        self.flaw = None;
    }

    /// Appends a cell of plain text.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(place(self.text.len()));
    }

    /// Appends a cell that was no text.
    pub fn push_as(&mut self, cell: &str, native: Native) {
        self.kinds.resize(self.ends.len(), Native::Text);
        self.kinds.push(native);
        self.push(cell);
    }

    /// Takes all cells at once: their text and where each ends.
    pub fn fill(&mut self, text: &str, ends: &[usize]) {
        self.clear();
        self.text.push_str(text);
        self.ends.extend(ends.iter().map(|end| place(*end)));
    }

    /// Takes a row whose cells stand one byte apart, as the function says where they end.
    pub fn fill_row(&mut self, row: &str, split: impl FnOnce(&[u8], &mut Vec<u32>)) {
        self.clear();
        self.text.push_str(row);
        split(row.as_bytes(), &mut self.ends);
        self.gap = 1;
    }

    /// Number of cells.
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn get(&self, index: usize) -> Option<&str> {
        self.text.get(self.range(index)?)
    }

    /// Kind of the cell; text where there is none.
    pub fn native(&self, index: usize) -> Native {
        self.kinds.get(index).copied().unwrap_or_default()
    }

    /// Whether all cells were text as someone typed it.
    pub const fn is_typed(&self) -> bool {
        self.kinds.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Bytes of text.
    pub const fn size(&self) -> usize {
        self.text.len() - self.gap * self.ends.len().saturating_sub(1)
    }

    /// All text in one piece, cell after cell, perhaps with their separators.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn range(&self, index: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).and_then(|i| self.ends.get(i)).map_or(0, |end| *end as usize + self.gap);
        Some(start..end)
    }
}

/// A place in a row; none is as long as four gigabytes.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_with_their_kinds() {
        let mut record = Record::default();
        record.push("工单");
        record.push("");
        record.push_as("2026-07-01 08:30:00", Native::Time);
        record.push("x");
        assert_eq!(record.iter().collect::<Vec<_>>(), ["工单", "", "2026-07-01 08:30:00", "x"]);
        let kinds: Vec<Native> = (0..5).map(|i| record.native(i)).collect();
        assert_eq!(kinds, [Native::Text, Native::Text, Native::Time, Native::Text, Native::Text]);
        assert_eq!(record.get(4), None);
    }

    #[test]
    fn a_whole_row_is_cut_where_told() {
        let mut record = Record::default();
        record.push_as("old", Native::Number);
        record.fill_row("a,工,,b", |_, ends| ends.extend([1, 5, 6, 8]));
        assert_eq!(record.iter().collect::<Vec<_>>(), ["a", "工", "", "b"]);
        assert_eq!((record.size(), record.native(0)), (5, Native::Text));
    }
}
