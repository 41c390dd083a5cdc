//! Large texts are read once. A file that begins like a delimited text in UTF-8 is presumed to be one to its end, and hashed
//! and checked while its rows are read. Where that turns out wrong, it is looked at from front to back like others.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::delimited::{self, Delimited};
use super::encoding::{self, Encoding};
use super::storage::{self, Storage};
use super::{Format, Look, Part, Rows, is_document, is_markup, reason};
use crate::plan::Reading;

/// The hash of a file, once it has been read to its end.
pub type Heard = Arc<OnceLock<String>>;

/// What the beginning of a file says about it, where that is a delimited text in UTF-8.
pub fn presume(path: &Path, reading: &Reading) -> Option<Look> {
    let metadata = std::fs::metadata(path).ok()?;
    if storage::contents(path).ok()? != [Storage::Plain] {
        return None;
    }
    let mut first = Vec::new();
    let length = delimited::LOOK + encoding::BOM.len() as u64;
    File::open(path).ok()?.take(length).read_to_end(&mut first).ok()?;
    if is_document(&first) || !encoding::begins_as_utf8(&first, first.len() as u64 == length) {
        return None;
    }
    let (encoding, text) = match first.strip_prefix(encoding::BOM) {
        Some(text) => (Encoding::Utf8Bom, text),
        None => (Encoding::Utf8, first.as_slice()),
    };
    if is_markup(text) {
        return None;
    }
    let separator = match reading.separator {
        Some(separator) => separator,
        None => delimited::separator(Box::new(io::Cursor::new(text.to_vec()))).ok()?,
    };
    let part = Part { storage: Storage::Plain, format: Format::Text { encoding, separator }, sheet: None };
    Some(Look { size: metadata.len(), hash: None, parts: vec![part], metadata })
}

/// Opens a table that is presumed to be a delimited text, at its first row. The reading fails where the text is no UTF-8;
/// at its end the hash is there.
pub fn rows(path: &Path, encoding: Encoding, separator: u8) -> Result<(Box<dyn Rows>, Heard), String> {
    let heard = Heard::default();
    let input = storage::open(path, &Storage::Plain)?;
    let input = Hashing { input, hasher: Sha256::new(), heard: Arc::clone(&heard) };
    let input = encoding::decode(Box::new(input), encoding).map_err(|e| reason(&e))?;
    Ok((Box::new(Delimited::new(input, separator)), heard))
}

/// Hashes what is read.
struct Hashing {
    input: Box<dyn Read + Send>,
    hasher: Sha256,
    heard: Heard,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        if read > 0 {
            self.hasher.update(buffer.get(..read).unwrap_or_default());
        } else if !buffer.is_empty() {
            self.heard.get_or_init(|| hex::encode(self.hasher.clone().finalize()));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::read::{Record, glance, look};

    /// Reads a file as presumed: its rows and its hash, or why not.
    fn heard(path: &Path) -> Result<(usize, String), String> {
        let look = presume(path, &Reading::default()).ok_or("nothing presumed")?;
        let (mut rows, heard) = look.parts[0].rows_heard(path)?;
        let (mut record, mut count) = (Record::default(), 0);
        while rows.next(&mut record)? {
            count += 1;
        }
        Ok((count, heard.get().cloned().unwrap_or_default()))
    }

    #[test]
    fn a_text_is_read_and_hashed_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        for text in ["工单;b\n1;2\n", "\u{feff}工单,b\n1,\"2\n3\"", "", "\u{feff}", "a\n"] {
            std::fs::write(&path, text).unwrap();
            let whole = look(&path, &Reading::default()).unwrap();
            let (_, hash) = heard(&path).unwrap();
            assert_eq!(Some(hash), whole.hash, "{text:?}");
            assert_eq!(glance(&path, &Reading::default()).unwrap().parts, whole.parts, "{text:?}");
        }
    }

    #[test]
    fn what_is_something_else_is_not_presumed_or_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        let late: &[u8] = &[b"a,b\n".repeat(1 << 17).as_slice(), b"\xB9\xA4,1\n"].concat();
        let nothing: [&[u8]; 6] = [b"{\"a\":1}\n", b" [1]", b"<html>", b"PK\x03\x04", b"\xB9\xA4,1\n", b"a\0b\0\n\0"];
        for bytes in nothing {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(heard(&path), Err("nothing presumed".to_owned()), "{bytes:?}");
        }
        std::fs::write(&path, late).unwrap();
        assert!(presume(&path, &Reading::default()).is_some() && heard(&path).is_err());
        assert_eq!(look(&path, &Reading::default()).unwrap().parts[0].format.name(), "GB18030");
    }
}
