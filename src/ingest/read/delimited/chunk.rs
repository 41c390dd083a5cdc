//! A text in pieces that end where characters end, so that each is checked to be UTF-8 once and then sliced freely.

use std::io::{self, Read};

/// The usual bytes of a piece.
pub const SIZE: usize = 1 << 18;

/// The piece at hand.
enum Piece {
    Text(String),
    /// Bytes that are no UTF-8: the file changed after it was looked at, or its last character is cut off.
    Raw(Vec<u8>),
}

/// A text under way, and the places of its next signs of interest.
pub struct Chunks {
    input: Box<dyn Read + Send>,
    size: usize,
    /// Whether bytes that are no UTF-8 end the reading.
    pub presumed: bool,
    piece: Piece,
    /// Bytes of the piece that are taken.
    at: usize,
    /// The beginning of a character whose rest is still to come.
    carry: Vec<u8>,
    line_feed: Mark,
    carriage_return: Mark,
    quote: Mark,
    nul: Mark,
}

/// The place of the next sign of a kind in a piece; the piece's length where there is none.
#[derive(Debug, Clone, Copy)]
struct Mark {
    sign: u8,
    place: Option<usize>,
}

impl Mark {
    const fn of(sign: u8) -> Self {
        Self { sign, place: None }
    }

    /// The first place from `at` on. A piece is searched once, however many rows it has.
    fn from(&mut self, bytes: &[u8], at: usize) -> usize {
        match self.place {
            Some(place) if place >= at => place,
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                let place = memchr::memchr(self.sign, rest).map_or(bytes.len(), |found| at + found);
                self.place = Some(place);
                place
            }
        }
    }
}

impl Chunks {
    /// Pieces have `size` bytes, at least one character.
    pub fn new(input: Box<dyn Read + Send>, size: usize) -> Self {
        Self {
            input,
            size,
            presumed: false,
            piece: Piece::Text(String::new()),
            at: 0,
            carry: Vec::new(),
            line_feed: Mark::of(b'\n'),
            carriage_return: Mark::of(b'\r'),
            quote: Mark::of(b'"'),
            nul: Mark::of(0),
        }
    }

    /// What is left of the piece, or the next one; nothing at the end of the text.
    pub fn rest(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.bytes().len() {
            self.refill()?;
        }
        Ok(self.bytes().get(self.at..).unwrap_or_default())
    }

    pub const fn consume(&mut self, taken: usize) {
        self.at += taken;
    }

    /// Takes the row that begins here, where it lies in this piece up to its line end and holds no quotation mark, NUL byte
    /// or other line end, and is no longer than `most`. The line end is taken with it, not given.
    pub fn plain_row(&mut self, most: usize) -> Option<&str> {
        let Piece::Text(text) = &self.piece else { return None };
        let bytes = text.as_bytes();
        let (start, line_feed) = (self.at, self.line_feed.from(bytes, self.at));
        if line_feed == bytes.len() || line_feed - start > most {
            return None;
        }
        if self.quote.from(bytes, start) < line_feed || self.nul.from(bytes, start) < line_feed {
            return None;
        }
        let end = self.carriage_return.from(bytes, start).min(line_feed);
        if end + 1 < line_feed {
            return None;
        }
        self.at = line_feed + 1;
        text.get(start..end)
    }

    fn bytes(&self) -> &[u8] {
        match &self.piece {
            Piece::Text(text) => text.as_bytes(),
            Piece::Raw(bytes) => bytes,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut bytes = match std::mem::replace(&mut self.piece, Piece::Raw(Vec::new())) {
            Piece::Text(text) => text.into_bytes(),
            Piece::Raw(bytes) => bytes,
        };
        bytes.resize(self.size, 0);
        let mut filled = self.carry.len();
        if let Some(front) = bytes.get_mut(..filled) {
            front.copy_from_slice(&self.carry);
        }
        let mut ended = false;
        while let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.input.read(room) {
                Ok(0) => {
                    ended = true;
                    break;
                }
                Ok(read) => filled += read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        bytes.truncate(filled);
        self.carry.clear();
        if !ended {
            let whole = bytes.len() - cut_off(&bytes);
            self.carry.extend(bytes.drain(whole..));
        }
        self.piece = match String::from_utf8(bytes) {
            Ok(text) => Piece::Text(text),
            Err(error) if self.presumed => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            Err(error) => Piece::Raw(error.into_bytes()),
        };
        self.at = 0;
        for mark in [&mut self.line_feed, &mut self.carriage_return, &mut self.quote, &mut self.nul] {
            mark.place = None;
        }
        Ok(())
    }
}

/// How many bytes at the end begin a character that they do not finish.
fn cut_off(bytes: &[u8]) -> usize {
    for (length, byte) in (1..=3).zip(bytes.iter().rev()) {
        let needed = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xFF => 4,
            _ => 1,
        };
        return if needed > length { length } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_where_characters_end() {
        let cases: [(&[u8], usize); 8] = [
            (b"abc", 0),
            ("ab工".as_bytes(), 0),
            (b"ab\xE5", 1),
            (b"ab\xE5\xB7", 2),
            (b"\xF0\x9F\x98", 3),
            ("😀".as_bytes(), 0),
            (b"a\xC3", 1),
            (b"\x80\x80\x80", 0),
        ];
        for (bytes, expected) in cases {
            assert_eq!(cut_off(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_long_text_comes_back_whole() {
        for shift in 0..3 {
            let text = "x".repeat(shift) + &"工单\n".repeat(50);
            let mut chunks = Chunks::new(Box::new(io::Cursor::new(text.clone().into_bytes())), 16);
            let mut read = Vec::new();
            loop {
                let rest = chunks.rest().unwrap();
                if rest.is_empty() {
                    break;
                }
                read.extend_from_slice(rest);
                let taken = rest.len();
                chunks.consume(taken);
            }
            assert!(read == text.as_bytes());
        }
    }

    #[test]
    fn only_plain_rows_are_taken() {
        let take = |text: &str| {
            let mut chunks = Chunks::new(Box::new(io::Cursor::new(text.as_bytes().to_vec())), 16);
            chunks.rest().unwrap();
            chunks.plain_row(8).map(str::to_owned)
        };
        assert_eq!(take("a,工\nb").as_deref(), Some("a,工"));
        assert_eq!(take("a,b\r\n").as_deref(), Some("a,b"));
        assert_eq!(take("a,b\nc\"").as_deref(), Some("a,b"));
        for odd in ["a,b", "a\rb\n", "a\r\r\n", "a,\"b\"\n", "a\0\n", "a,b\r", "123456789\n"] {
            assert_eq!(take(odd), None, "{odd:?}");
        }
    }
}
