//! In which encoding a file is written: strict UTF-8 first, then strict GB18030. Never a guess.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use encoding_rs::{DecoderResult, GB18030};
use encoding_rs_io::DecodeReaderBytesBuilder;
use sha2::{Digest, Sha256};

use super::IngestError;

const CHUNK: usize = 1 << 20;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// An encoding that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Gb18030,
}

impl Encoding {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 with BOM",
            Self::Gb18030 => "GB18030",
        }
    }
}

/// What one look through a file tells.
#[derive(Debug)]
pub struct Look {
    pub encoding: Encoding,
    pub size: u64,
    /// SHA-256, hex.
    pub hash: String,
}

/// Reads the file once and says how it is encoded.
pub fn look(path: &Path) -> Result<Look, IngestError> {
    let unreadable = |e: io::Error| IngestError::Unreadable { file: path.to_owned(), reason: reason(&e) };
    let mut file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(IngestError::Unreadable {
            file: path.to_owned(),
            reason: "it is a folder, not a file; let the pattern name the files in it, such as folder/*.csv".to_owned(),
        });
    }
    let mut first = [0; 4];
    let length = file.read(&mut first).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if let Some(reason) = other_format(&first[..length]) {
        return Err(IngestError::Unreadable { file: path.to_owned(), reason: reason.to_owned() });
    }
    let mut hasher = Sha256::new();
    let mut utf8 = Utf8Check::default();
    let mut bom = false;
    let mut size = 0;
    each_chunk(&mut file, |chunk| {
        if size == 0 {
            bom = chunk.starts_with(BOM);
        }
        size += chunk.len() as u64;
        hasher.update(chunk);
        utf8.feed(chunk);
        true
    })
    .map_err(unreadable)?;
    let encoding = match (utf8.finish(), bom) {
        (None, true) => Encoding::Utf8Bom,
        (None, false) => Encoding::Utf8,
        (Some(offset), true) => {
            return Err(IngestError::Encoding { file: path.to_owned(), offset });
        }
        (Some(_), false) => {
            file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
            if let Some(offset) = first_bad_gb18030(&mut file).map_err(unreadable)? {
                return Err(IngestError::Encoding { file: path.to_owned(), offset });
            }
            Encoding::Gb18030
        }
    };
    let hash = hex::encode(hasher.finalize());
    Ok(Look { encoding, size, hash })
}

/// What a file is that is no CSV in an encoding of ours, by its first bytes.
const fn other_format(first: &[u8]) -> Option<&'static str> {
    match first {
        [b'P', b'K', 3, 4] => Some("it is an Excel workbook or a zip archive; save each sheet as \"CSV UTF-8\""),
        [0xD0, 0xCF, 0x11, 0xE0] => Some("it is an old Excel workbook; save each sheet as \"CSV UTF-8\""),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("it is written in UTF-16; save it as \"CSV UTF-8\""),
        [0x1F, 0x8B, ..] => Some("it is compressed with gzip; unpack it first"),
        _ => None,
    }
}

/// The file as UTF-8 without BOM. The encoding has been checked, so nothing is replaced on the way.
pub fn open(path: &Path, encoding: Encoding) -> io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    Ok(match encoding {
        Encoding::Utf8 => Box::new(BufReader::with_capacity(CHUNK, file)),
        Encoding::Utf8Bom => {
            let mut reader = BufReader::with_capacity(CHUNK, file);
            reader.read_exact(&mut [0; BOM.len()])?;
            Box::new(reader)
        }
        Encoding::Gb18030 => Box::new(
            DecodeReaderBytesBuilder::new()
                .encoding(Some(GB18030))
                .bom_override(false)
                .build(BufReader::with_capacity(CHUNK, file)),
        ),
    })
}

/// A reason that names the usual causes in plain words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn each_chunk(file: &mut File, mut take: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
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

fn first_bad_gb18030(file: &mut File) -> io::Result<Option<u64>> {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
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
    use std::io::Write;

    use super::*;

    fn look_at(bytes: &[u8]) -> Result<Encoding, Option<u64>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        match look(file.path()) {
            Ok(look) => Ok(look.encoding),
            Err(IngestError::Encoding { offset, .. }) => Err(Some(offset)),
            Err(_) => Err(None),
        }
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(look_at("工单,a\n".as_bytes()), Ok(Encoding::Utf8));
        assert_eq!(look_at("\u{feff}工单,a\n".as_bytes()), Ok(Encoding::Utf8Bom));
        assert_eq!(look_at(b"\xB9\xA4\xB5\xA5,a\n"), Ok(Encoding::Gb18030));
        assert_eq!(look_at(b"plain,ascii\n"), Ok(Encoding::Utf8));
    }

    #[test]
    fn a_byte_that_fits_nothing_is_named_by_its_offset() {
        assert_eq!(look_at(b"abc\xFF\xFFdef"), Err(Some(3)));
        assert_eq!(look_at(b"\xEF\xBB\xBFabc\xFF"), Err(Some(6)));
        // A character cut off by the end of the file.
        assert_eq!(look_at(b"abc\xB9"), Err(Some(3)));
    }

    #[test]
    fn workbooks_and_utf_16_are_named() {
        assert_eq!(look_at(b"PK\x03\x04rest"), Err(None));
        assert_eq!(look_at(b"\xFF\xFEa\0"), Err(None));
    }

    #[test]
    fn characters_across_chunk_borders_are_valid() {
        let mut text = "a".repeat(CHUNK - 1);
        text.push_str("工单");
        assert_eq!(look_at(text.as_bytes()), Ok(Encoding::Utf8));
        let mut cut = "a".repeat(CHUNK - 1).into_bytes();
        cut.push(0xE5);
        assert_eq!(look_at(&cut), Err(Some(CHUNK as u64 - 1)));
    }
}
