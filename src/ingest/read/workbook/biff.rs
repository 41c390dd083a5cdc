//! Records of an XLS workbook ([MS-XLS]) and the texts in them.

use encoding_rs::Encoding;

use super::ole::{u16_at, u32_at};
use super::strings::Strings;

pub const CONTINUE: u16 = 0x003C;

/// Where a record lies, and what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub at: usize,
    pub kind: u16,
    pub data: &'a [u8],
    pub next: usize,
}

/// The record at a place; none at the end, or where the rest is cut off.
pub fn record(stream: &[u8], at: usize) -> Option<Record<'_>> {
    let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
    let next = at + 4 + length;
    Some(Record { at, kind, data: stream.get(at + 4..next)?, next })
}

/// How texts are stored: two kinds, of Excel 5.0/95 and of all later ones.
#[derive(Debug, Clone, Copy)]
pub enum Texts {
    Bytes(&'static Encoding),
    Unicode,
}

impl Texts {
    /// A text whose length stands before it in one byte or two.
    pub fn read(self, stream: &[u8], record: Record<'_>, at: usize, wide_length: bool) -> Option<String> {
        let length = if wide_length { u16_at(record.data, at)? } else { u16::from(*record.data.get(at)?) };
        let start = at + if wide_length { 2 } else { 1 };
        match self {
            Self::Bytes(encoding) => {
                let bytes = record.data.get(start..)?;
                let bytes = bytes.get(..usize::from(length)).unwrap_or(bytes);
                Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
            }
            // A text of no length may lack its flags.
            Self::Unicode if length == 0 => Some(String::new()),
            Self::Unicode => {
                let mut pieces = Pieces::new(stream, record, start);
                let wide = pieces.byte()? & 1 != 0;
                pieces.characters(usize::from(length), wide)
            }
        }
    }
}

/// The texts that all sheets share.
pub fn shared(stream: &[u8], record: Record<'_>) -> Result<Strings, String> {
    let mut strings = Strings::default();
    let count = u32_at(record.data, 4).unwrap_or(0);
    let mut pieces = Pieces::new(stream, record, 8);
    for number in 0..count {
        let text = pieces.rich().ok_or_else(|| format!("its text {number} is damaged"))?;
        strings.push(&text)?;
    }
    Ok(strings)
}

/// A record and those that continue it.
#[derive(Debug)]
struct Pieces<'a> {
    stream: &'a [u8],
    data: &'a [u8],
    next: usize,
}

impl<'a> Pieces<'a> {
    fn new(stream: &'a [u8], record: Record<'a>, start: usize) -> Self {
        Self { stream, data: record.data.get(start..).unwrap_or_default(), next: record.next }
    }

    /// Goes on to the next record where this one is used up.
    fn refill(&mut self) -> Option<()> {
        while self.data.is_empty() {
            let more = record(self.stream, self.next).filter(|r| r.kind == CONTINUE)?;
            (self.data, self.next) = (more.data, more.next);
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.refill()?;
        let (first, rest) = self.data.split_first()?;
        self.data = rest;
        Some(*first)
    }

    fn number(&mut self, bytes: u32) -> Option<usize> {
        (0..bytes).try_fold(0_usize, |sum, i| Some(sum | (usize::from(self.byte()?) << (8 * i))))
    }

    fn skip(&mut self, mut length: usize) -> Option<()> {
        while length > 0 {
            self.refill()?;
            let taken = length.min(self.data.len());
            self.data = self.data.get(taken..)?;
            length -= taken;
        }
        Some(())
    }

    /// A text with its formatting and its reading aid, which are passed over.
    fn rich(&mut self) -> Option<String> {
        let length = self.number(2)?;
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
        let aid = if flags & 4 != 0 { self.number(4)? } else { 0 };
        let text = self.characters(length, flags & 1 != 0)?;
        self.skip(runs * 4)?;
        self.skip(aid)?;
        Some(text)
    }

    /// Characters of one byte or two. Where a record ends among them, the next one says anew which.
    fn characters(&mut self, length: usize, mut wide: bool) -> Option<String> {
        let mut units: Vec<u16> = Vec::new();
        while units.len() < length {
            if self.data.is_empty() {
                wide = self.byte()? & 1 != 0;
            }
            let missing = length - units.len();
            if wide {
                let taken = missing.min(self.data.len() / 2);
                // Half a character at the end of a record.
                if taken == 0 {
                    return None;
                }
                let (bytes, rest) = self.data.split_at_checked(taken * 2)?;
                units.extend(bytes.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)));
                self.data = rest;
            } else {
                let (bytes, rest) = self.data.split_at_checked(missing.min(self.data.len()))?;
                units.extend(bytes.iter().map(|&b| u16::from(b)));
                self.data = rest;
            }
        }
        Some(String::from_utf16_lossy(&units))
    }
}

/// Encoding of a Windows code page.
pub fn encoding(page: u16) -> &'static Encoding {
    let label = match page {
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gb18030",
        949 => "euc-kr",
        950 => "big5",
        1250 => "windows-1250",
        1251 => "windows-1251",
        1253 => "windows-1253",
        1254 => "windows-1254",
        1255 => "windows-1255",
        1256 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        10000 | 32768 => "macintosh",
        65001 => "utf-8",
        _ => "windows-1252",
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    #[test]
    fn texts_go_on_in_the_next_record() {
        // "ab" of one byte each, then 西安 of two, of which the second stands in the next record; then one with runs.
        let mut head = vec![3, 0, 0, 0, 3, 0, 0, 0];
        head.extend([2, 0, 0, b'a', b'b']);
        head.extend([2, 0, 1, 0x7F, 0x89]);
        let tail = [1, 0x89, 0x5B, 1, 0, 8, 1, 0, b'c', 9, 9, 9, 9];
        let stream = [bytes(0xFC, &head), bytes(CONTINUE, &tail)].concat();
        let strings = shared(&stream, record(&stream, 0).unwrap()).unwrap();
        let texts: Vec<_> = (0..4).map(|i| strings.get(i)).collect();
        assert_eq!(texts, [Some("ab"), Some("西安"), Some("c"), None]);
        let cut = bytes(0xFC, &head);
        assert!(shared(&cut, record(&cut, 0).unwrap()).is_err());
    }
}
