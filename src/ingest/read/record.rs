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
    ends: Vec<usize>,
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
        self.kinds.clear();
        self.flaw = None;
    }

    /// Appends a cell of plain text.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
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
        self.ends.extend_from_slice(ends);
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

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Bytes of text.
    pub const fn size(&self) -> usize {
        self.text.len()
    }

    /// All text in one piece, cell after cell.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn range(&self, index: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        Some(start..end)
    }
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
}
