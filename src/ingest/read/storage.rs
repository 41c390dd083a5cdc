//! Where a table's bytes lie: in the file itself, in a compressed file, or in a member of an archive.
//!
//! The first bytes decide, never the name. Nothing is unpacked to disk, and nothing unpacks without bound.

mod archive;
mod guard;
mod magic;

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::{Seekable, reason};
use guard::Guard;
use magic::Kind;

/// Bytes that may be unpacked into memory, for formats that are read out of order.
const IN_MEMORY: u64 = 512 << 20;
const BUFFER: usize = 1 << 17;

/// Where a table's bytes are within a file on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// The file itself.
    Plain,
    /// A file packed with gzip, in one piece or several.
    Gzip,
    /// A file packed with zstd, in one frame or several.
    Zstd,
    /// A member of a zip archive: its place in the archive's directory, and its name as shown.
    Member { index: usize, name: String },
}

/// What a file holds: itself, what a compressed file holds, or the members of an archive in the order of their names.
/// A zip that is itself a document of an office program is plain.
pub fn contents(path: &Path) -> Result<Vec<Storage>, String> {
    let mut file = file(path)?;
    match magic::kind(&beginning(&mut file).map_err(|e| reason(&e))?) {
        Kind::Other => Ok(vec![Storage::Plain]),
        Kind::Gzip => packed(path, Storage::Gzip).map(|s| vec![s]),
        Kind::Zstd => packed(path, Storage::Zstd).map(|s| vec![s]),
        Kind::Zip => archive(path, file),
        Kind::Foreign(what) => Err(format!("it is packed with {what}; unpack it, or pack it as zip")),
    }
}

/// A stream of the unpacked bytes, guarded against bombs. What fails on the way comes as an `io::Error` in plain words.
pub fn open(path: &Path, storage: &Storage) -> Result<Box<dyn Read + Send>, String> {
    let file = file(path)?;
    let size = file.metadata().map_err(|e| reason(&e))?.len();
    let buffered = |file| BufReader::with_capacity(BUFFER, file);
    Ok(match storage {
        Storage::Plain => Box::new(file),
        Storage::Gzip => Box::new(Guard::new(MultiGzDecoder::new(buffered(file)), size)),
        Storage::Zstd => {
            let decoder = zstd::stream::read::Decoder::with_buffer(buffered(file)).map_err(|e| reason(&e))?;
            Box::new(Guard::new(decoder, size))
        }
        Storage::Member { index, .. } => archive::open(file, *index)?,
    })
}

/// The same, seekable: the file itself, or the unpacked bytes in memory.
pub fn open_seekable(path: &Path, storage: &Storage) -> Result<Box<dyn Seekable>, String> {
    if *storage == Storage::Plain {
        return Ok(Box::new(BufReader::new(file(path)?)));
    }
    let mut bytes = Vec::new();
    open(path, storage)?.take(IN_MEMORY + 1).read_to_end(&mut bytes).map_err(|e| reason(&e))?;
    if bytes.len() as u64 > IN_MEMORY {
        let megabytes = IN_MEMORY >> 20;
        return Err(format!("what it holds is larger than {megabytes} MiB, too large to read packed; unpack it first"));
    }
    Ok(Box::new(Cursor::new(bytes)))
}

/// Opens a regular file; a pipe would block for ever.
fn file(path: &Path) -> Result<File, String> {
    let metadata = path.metadata().map_err(|e| reason(&e))?;
    if metadata.is_dir() {
        let advice = "let the pattern name the files in it, such as folder/*.csv";
        return Err(format!("it is a folder, not a file; {advice}"));
    }
    if !metadata.is_file() {
        return Err("it is a pipe or a device; save what comes out of it as a file".to_owned());
    }
    File::open(path).map_err(|e| reason(&e))
}

/// The first bytes, as many as it takes to tell formats apart.
fn beginning(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(magic::LENGTH);
    reader.take(magic::LENGTH as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A compressed file, unless what it holds is packed once more.
fn packed(path: &Path, storage: Storage) -> Result<Storage, String> {
    match held(path, &storage)? {
        None => Ok(storage),
        Some(what) => Err(format!("it is packed twice: it holds {what}; unpack it once")),
    }
}

/// The members of an archive, or the file itself where it is a document.
fn archive(path: &Path, file: File) -> Result<Vec<Storage>, String> {
    let Some(members) = archive::members(file)? else {
        return Ok(vec![Storage::Plain]);
    };
    for member in &members {
        let Storage::Member { name, .. } = member else { continue };
        let what = held(path, member).map_err(|reason| format!("its member {name:?} cannot be read: {reason}"))?;
        if let Some(what) = what {
            return Err(format!("its member {name:?} is packed once more: it is {what}; unpack the archive once"));
        }
    }
    Ok(members)
}

/// In what the unpacked bytes are packed once more, if they are.
fn held(path: &Path, storage: &Storage) -> Result<Option<&'static str>, String> {
    let first = beginning(&mut open(path, storage)?).map_err(|e| reason(&e))?;
    Ok(match magic::kind(&first) {
        Kind::Other => None,
        Kind::Gzip => Some("a gzip file"),
        Kind::Zstd => Some("a zstd file"),
        Kind::Zip if archive::is_document(open_seekable(path, storage)?)? => None,
        Kind::Zip => Some("a zip archive"),
        Kind::Foreign(_) => Some("an archive"),
    })
}

#[cfg(test)]
mod tests;
