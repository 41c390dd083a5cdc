//! Lines of bounded length.

use std::io::{self, BufRead};

/// Bytes beyond which a line is not kept whole.
const LONGEST: usize = 16 << 20;
/// Bytes that are certainly kept of a longer one.
pub const BEGINNING: usize = 1024;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    End,
    Text,
    /// Longer than lines may be; its beginning is kept.
    TooLong,
}

/// Reads line by line, counting all of them and passing over blank ones.
pub struct Lines<R> {
    reader: R,
    number: u64,
    text: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub const fn new(reader: R) -> Self {
        Self { reader, number: 0, text: Vec::new() }
    }

    /// Number of the line last read, from 1.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The line last read, without its end and the blanks around it.
    pub fn text(&self) -> &[u8] {
        let text = if self.number == 1 { self.text.strip_prefix(BOM).unwrap_or(&self.text) } else { &self.text };
        text.trim_ascii()
    }

    /// Moves on to the next line that is not blank.
    pub fn next(&mut self) -> Result<Line, String> {
        loop {
            match self.line().map_err(|e| e.to_string())? {
                Line::Text if self.text().is_empty() => {}
                line => return Ok(line),
            }
        }
    }

    fn line(&mut self) -> io::Result<Line> {
        self.text.clear();
        let (mut begun, mut long) = (false, false);
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            let end = memchr::memchr(b'\n', available);
            let piece = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
            let at_end = available.is_empty();
            long |= self.text.len() + piece.len() > LONGEST;
            let kept = if long { BEGINNING.saturating_sub(self.text.len()).min(piece.len()) } else { piece.len() };
            self.text.extend_from_slice(piece.get(..kept).unwrap_or_default());
            let used = piece.len() + usize::from(end.is_some());
            if !at_end && !begun {
                begun = true;
                self.number += 1;
            }
            self.reader.consume(used);
            if end.is_some() || at_end {
                return Ok(if !begun {
                    Line::End
                } else if long {
                    Line::TooLong
                } else {
                    Line::Text
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn lines_are_counted_over_the_borders_of_buffers() {
        let mut lines = Lines::new(BufReader::with_capacity(3, &b"\xEF\xBB\xBF{1234}\r\n\n \r\nlast"[..]));
        assert_eq!((lines.next().unwrap(), lines.number(), lines.text()), (Line::Text, 1, &b"{1234}"[..]));
        assert_eq!((lines.next().unwrap(), lines.number(), lines.text()), (Line::Text, 4, &b"last"[..]));
        assert_eq!((lines.next().unwrap(), lines.number()), (Line::End, 4));
    }
}
