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
