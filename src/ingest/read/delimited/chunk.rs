//! A text in pieces that end where characters end, so that each is checked to be UTF-8 once and then sliced freely.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_8};

use crate::ingest::read::CHANGED;

/// The usual bytes of a piece.
pub const SIZE: usize = 1 << 18;
/// Bytes that a piece may have more than was read for it: those of the character before it.
const ROOM: usize = 16;

/// A text under way, and the places of its next signs of interest.
pub struct Chunks {
    input: Box<dyn Read + Send>,
    /// Checks what is read four times faster than the standard library does. It keeps what a piece has of a character whose
    /// rest is still to come.
    decoder: Decoder,
    /// Bytes as read.
    buffer: Vec<u8>,
    piece: String,
    /// Bytes of the piece that are taken.
    at: usize,
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
    /// Pieces have about `size` bytes.
    pub fn new(input: Box<dyn Read + Send>, size: usize) -> Self {
        Self {
            input,
            decoder: UTF_8.new_decoder_without_bom_handling(),
            buffer: vec![0; size],
            piece: String::with_capacity(size + ROOM),
            at: 0,
            line_feed: Mark::of(b'\n'),
            carriage_return: Mark::of(b'\r'),
            quote: Mark::of(b'"'),
            nul: Mark::of(0),
        }
    }

    /// What is left of the piece, or the next one; nothing at the end of the text.
    pub fn rest(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.piece.len() {
            self.refill()?;
        }
        Ok(self.piece.as_bytes().get(self.at..).unwrap_or_default())
    }

    pub const fn consume(&mut self, taken: usize) {
        self.at += taken;
    }

    /// Takes the row that begins here, where it lies in this piece up to its line end and holds no quotation mark, NUL byte
    /// or other line end, and is no longer than `most`. The line end is taken with it, not given.
    pub fn plain_row(&mut self, most: usize) -> Option<&str> {
        let bytes = self.piece.as_bytes();
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
        self.piece.get(start..end)
    }

    fn refill(&mut self) -> io::Result<()> {
        self.piece.clear();
        self.at = 0;
        for mark in [&mut self.line_feed, &mut self.carriage_return, &mut self.quote, &mut self.nul] {
            mark.place = None;
        }
        let mut ended = false;
        while self.piece.is_empty() && !ended {
            let mut filled = 0;
            while let Some(room) = self.buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
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
            let read = self.buffer.get(..filled).unwrap_or_default();
            let (result, _) = self.decoder.decode_to_string_without_replacement(read, &mut self.piece, ended);
            if ended {
                self.decoder = UTF_8.new_decoder_without_bom_handling();
            }
            // It was UTF-8 when it was looked through, or a look through it will say that it never was.
            if !matches!(result, DecoderResult::InputEmpty) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, CHANGED));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf8_ends_the_reading() {
        for text in [&b"ab\xB9\xA4"[..], b"ab\xE5\xB7", b"\xE5\xB7"] {
            for size in [4, 16] {
                let mut chunks = Chunks::new(Box::new(io::Cursor::new(text.to_vec())), size);
                let failed = (0..3).any(|_| match chunks.rest().map(<[u8]>::len) {
                    Ok(taken) => {
                        chunks.consume(taken);
                        false
                    }
                    Err(_) => true,
                });
                assert!(failed, "{text:?}");
            }
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
