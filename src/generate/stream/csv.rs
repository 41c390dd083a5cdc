//! Cells become the bytes of a CSV file.

use chrono::NaiveDateTime;

use crate::generate::rows::{Cells, digits};

/// Rows of a CSV file: UTF-8, lines that end with LF.
#[derive(Debug, Default)]
pub struct Csv {
    pub bytes: Vec<u8>,
    pub rows: u64,
    /// Where the row began that is being written, or was written last.
    row: usize,
    begun: bool,
}

impl Csv {
    /// A whole row.
    pub fn line<T: AsRef<str>>(&mut self, cells: &[T]) {
        for cell in cells {
            self.text(cell.as_ref());
        }
        self.end();
    }

    /// Ends a row; the next cell begins another one.
    pub fn end(&mut self) {
        self.bytes.push(b'\n');
        self.begun = false;
        self.rows += 1;
    }

    /// The row that was written last.
    pub fn last(&self) -> &[u8] {
        &self.bytes[self.row..]
    }

    /// A row as it stands.
    pub fn copy(&mut self, row: &[u8]) {
        self.row = self.bytes.len();
        self.bytes.extend_from_slice(row);
        self.rows += 1;
    }

    fn begin(&mut self) {
        if self.begun {
            self.bytes.push(b',');
        } else {
            self.row = self.bytes.len();
            self.begun = true;
        }
    }
}

impl Cells for Csv {
    fn text(&mut self, text: &str) {
        self.begin();
        if memchr::memchr3(b',', b'"', b'\n', text.as_bytes()).is_none() {
            self.bytes.extend_from_slice(text.as_bytes());
            return;
        }
        self.bytes.push(b'"');
        for byte in text.bytes() {
            if byte == b'"' {
                self.bytes.push(b'"');
            }
            self.bytes.push(byte);
        }
        self.bytes.push(b'"');
    }

    fn time(&mut self, moment: Option<NaiveDateTime>) {
        self.begin();
        if let Some(moment) = moment {
            self.bytes.extend_from_slice(&digits(moment));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::calendar::at;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut csv = Csv::default();
        csv.line(&["a", "", "b,c", "d\"e", "f\ng"]);
        csv.text("x");
        csv.time(Some(at(7, 1, 8, 30, 5)));
        csv.time(None);
        csv.end();
        assert_eq!(csv.last(), b"x,2026-07-01 08:30:05,\n");
        let last = csv.last().to_vec();
        csv.copy(&last);
        let rows = "a,,\"b,c\",\"d\"\"e\",\"f\ng\"\nx,2026-07-01 08:30:05,\nx,2026-07-01 08:30:05,\n";
        assert_eq!((csv.bytes.as_slice(), csv.rows), (rows.as_bytes(), 3));
    }
}
