//! In which encoding a text is written: UTF-8, with a BOM or without, UTF-16 with BOM, then GB18030; strict, never a guess.

use std::io::{self, BufReader, Read};

use encoding_rs::{DecoderResult, GB18030, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

const CHUNK: usize = 1 << 20;
/// The mark before a text in UTF-8.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";
/// Bytes from which a text without characters is taken for something else.
const PEEK: usize = 4096;

/// An encoding that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    Gb18030,
}

impl Encoding {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 with BOM",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Gb18030 => "GB18030",
        }
    }

    const fn decoder(self) -> Option<&'static encoding_rs::Encoding> {
        match self {
            Self::Utf8 | Self::Utf8Bom => None,
            Self::Utf16Le => Some(UTF_16LE),
            Self::Utf16Be => Some(UTF_16BE),
            Self::Gb18030 => Some(GB18030),
        }
    }

    /// Bytes before the text.
    const fn mark(self) -> usize {
        match self {
            Self::Utf8Bom => BOM.len(),
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf8 | Self::Gb18030 => 0,
        }
    }
}

/// Why a text cannot be read.
#[derive(Debug)]
pub enum Unfit {
    Io(io::Error),
    /// Offset of the first byte that fits no encoding.
    At(u64),
    /// Mostly NUL bytes: no text, or UTF-16 without a mark.
    Nul,
}

impl From<io::Error> for Unfit {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Opens the bytes again from their start.
pub type Reopen<'a> = dyn Fn() -> io::Result<Box<dyn Read + Send>> + 'a;

/// Reads the bytes to their end and says how they are encoded. `hear` gets every chunk of the first reading.
pub fn find(reopen: &Reopen, mut hear: impl FnMut(&[u8])) -> Result<Encoding, Unfit> {
    let mut utf8 = Utf8Check::default();
    let mut begin: Option<Encoding> = None;
    let mut nul = false;
    let mut first = Vec::with_capacity(PEEK);
    each_chunk(&mut *reopen()?, |chunk| {
        if first.len() < PEEK {
            first.extend_from_slice(&chunk[..chunk.len().min(PEEK - first.len())]);
        }
        utf8.feed(chunk);
        hear(chunk);
        true
    })?;
    if first.starts_with(BOM) {
        begin = Some(Encoding::Utf8Bom);
    } else if first.starts_with(b"\xFF\xFE") {
        begin = Some(Encoding::Utf16Le);
    } else if first.starts_with(b"\xFE\xFF") {
        begin = Some(Encoding::Utf16Be);
    } else if is_mostly_nul(&first) {
        nul = true;
    }
    if nul {
        return Err(Unfit::Nul);
    }
    match (begin, utf8.finish()) {
        (Some(Encoding::Utf8Bom), Some(offset)) => Err(Unfit::At(offset)),
        (None, None) => Ok(Encoding::Utf8),
        (Some(Encoding::Utf8Bom), None) => Ok(Encoding::Utf8Bom),
        (other, _) => {
            let encoding = other.unwrap_or(Encoding::Gb18030);
            match first_bad(&mut *reopen()?, encoding.decoder().unwrap_or(GB18030))? {
                Some(offset) => Err(Unfit::At(offset)),
                None => Ok(encoding),
            }
        }
    }
}

/// Whether a text that begins so is likely to be in UTF-8 to its end. If there is `more` of it, a character may be cut off.
pub fn begins_as_utf8(first: &[u8], more: bool) -> bool {
    let valid = std::str::from_utf8(first).map_or_else(|e| more && e.error_len().is_none(), |_| true);
    valid && (first.starts_with(BOM) || !is_mostly_nul(first.get(..PEEK).unwrap_or(first)))
}

fn is_mostly_nul(first: &[u8]) -> bool {
    memchr::memchr_iter(0, first).count() * 4 > first.len()
}

/// The text as UTF-8 without BOM. The encoding has been checked, so nothing is replaced on the way.
pub fn decode(mut input: Box<dyn Read + Send>, encoding: Encoding) -> io::Result<Box<dyn Read + Send>> {
    io::copy(&mut input.by_ref().take(encoding.mark() as u64), &mut io::sink())?;
    Ok(match encoding.decoder() {
        None => input,
        Some(decoder) => Box::new(
            DecodeReaderBytesBuilder::new()
                .encoding(Some(decoder))
                .bom_override(false)
                .build(BufReader::with_capacity(CHUNK, input)),
        ),
    })
}

fn each_chunk(file: &mut dyn Read, mut take: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => {
                if !take(&buffer[..n]) {
                    return Ok(());
                }
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

/// UTF-8 validation across chunk borders.
#[derive(Default)]
struct Utf8Check {
    /// Bytes of a character that the previous chunk began.
    carry: Vec<u8>,
    checked: u64,
    bad: Option<u64>,
}

impl Utf8Check {
    fn feed(&mut self, mut chunk: &[u8]) {
        if self.bad.is_some() {
            return;
        }
        while !self.carry.is_empty() && !chunk.is_empty() {
            self.carry.push(chunk[0]);
            chunk = &chunk[1..];
            match std::str::from_utf8(&self.carry) {
                Ok(_) => {
                    self.checked += self.carry.len() as u64;
                    self.carry.clear();
                }
                Err(e) if e.error_len().is_some() => {
                    self.bad = Some(self.checked);
                    return;
                }
                Err(_) => {}
            }
        }
        if let Err(e) = std::str::from_utf8(chunk) {
            let valid = e.valid_up_to();
            if e.error_len().is_some() {
                self.bad = Some(self.checked + valid as u64);
            } else {
                self.carry = chunk[valid..].to_vec();
                self.checked += valid as u64;
            }
        } else {
            self.checked += chunk.len() as u64;
        }
    }

    /// Offset of the first byte that is not UTF-8.
    fn finish(self) -> Option<u64> {
        self.bad.or_else(|| (!self.carry.is_empty()).then_some(self.checked))
    }
}

/// Offset of the first byte that does not fit.
fn first_bad(file: &mut dyn Read, encoding: &'static encoding_rs::Encoding) -> io::Result<Option<u64>> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut sink = vec![0; CHUNK];
    let mut offset = 0;
    let mut bad = None;
    let mut decode = |mut bytes: &[u8], last: bool| {
        loop {
            let (result, read, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut sink, last);
            offset += read as u64;
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return true,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    bad = Some(offset - u64::from(length) - u64::from(after));
                    return false;
                }
            }
        }
    };
    let mut valid = true;
    each_chunk(file, |chunk| {
        valid = decode(chunk, false);
        valid
    })?;
    if valid {
        decode(&[], true);
    }
    Ok(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Result<Encoding, Option<u64>> {
        let bytes = bytes.to_vec();
        let reopen = || Ok(Box::new(io::Cursor::new(bytes.clone())) as Box<dyn Read + Send>);
        find(&reopen, |_| ()).map_err(|unfit| match unfit {
            Unfit::At(offset) => Some(offset),
            _ => None,
        })
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(found("工单,a\n".as_bytes()), Ok(Encoding::Utf8));
        assert_eq!(found("\u{feff}工单,a\n".as_bytes()), Ok(Encoding::Utf8Bom));
        assert_eq!(found(b"\xB9\xA4\xB5\xA5,a\n"), Ok(Encoding::Gb18030));
        assert_eq!(found(b"plain,ascii\n"), Ok(Encoding::Utf8));
        assert_eq!(found(b"\xFF\xFEa\0,\0"), Ok(Encoding::Utf16Le));
        assert_eq!(found(b"\xFE\xFF\0a\0,"), Ok(Encoding::Utf16Be));
    }

    #[test]
    fn a_byte_that_fits_nothing_is_named_by_its_offset() {
        assert_eq!(found(b"abc\xFF\xFFdef"), Err(Some(3)));
        assert_eq!(found(b"\xEF\xBB\xBFabc\xFF"), Err(Some(6)));
        // A character cut off by the end of the file.
        assert_eq!(found(b"abc\xB9"), Err(Some(3)));
        // Half a surrogate pair.
        assert!(matches!(found(b"\xFF\xFEa\0\x00\xD8b\0"), Err(Some(_))));
    }

    #[test]
    fn bytes_without_text_are_refused() {
        assert_eq!(found(&[0; 64]), Err(None));
        assert_eq!(found(b"a\0b\0,\0"), Err(None));
    }

    #[test]
    fn a_beginning_in_utf8_is_told() {
        for (first, more, expected) in [
            ("工单".as_bytes(), false, true),
            (b"", false, true),
            (b"ab\xE5\xB7", true, true),
            (b"ab\xE5\xB7", false, false),
            (b"\xB9\xA4,a", true, false),
            (b"\xFF\xFEa\0", true, false),
            (b"a\0b\0", true, false),
        ] {
            assert_eq!(begins_as_utf8(first, more), expected, "{first:?}");
        }
    }

    #[test]
    fn characters_across_chunk_borders_are_valid() {
        let mut text = "a".repeat(CHUNK - 1);
        text.push_str("工单");
        assert_eq!(found(text.as_bytes()), Ok(Encoding::Utf8));
        let mut cut = "a".repeat(CHUNK - 1).into_bytes();
        cut.push(0xE5);
        assert_eq!(found(&cut), Err(Some(CHUNK as u64 - 1)));
    }

    #[test]
    fn every_encoding_is_decoded_to_the_same_text() {
        let texts: [(&[u8], Encoding); 4] = [
            ("工单".as_bytes(), Encoding::Utf8),
            ("\u{feff}工单".as_bytes(), Encoding::Utf8Bom),
            (b"\xFF\xFE\xE5\x5D\x55\x53", Encoding::Utf16Le),
            (b"\xB9\xA4\xB5\xA5", Encoding::Gb18030),
        ];
        for (bytes, encoding) in texts {
            let mut text = String::new();
            let input = Box::new(io::Cursor::new(bytes.to_vec()));
            decode(input, encoding).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "工单", "{encoding:?}");
        }
    }
}
