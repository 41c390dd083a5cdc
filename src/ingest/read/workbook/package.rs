//! The parts of a workbook that is a zip (XLSX, ODS): found by name, unpacked as streams that are guarded against bombs.

use std::fmt;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use crate::ingest::read::Seekable;

/// More than this out of one part is refused.
const MAX_UNPACKED: u64 = 2 << 30;
/// A part may unpack to this before its ratio matters. Parts that are neither sheets nor texts never come near it.
const FREE: u64 = 64 << 20;
/// How many times its size a part may unpack to. Sheets come to 10 to 50.
const MAX_RATIO: u64 = 300;
/// Bytes that may be taken at one go, that is, for one tag or one text.
const MAX_PIECE: u64 = 16 << 20;

pub const DAMAGED: &str = "the workbook is cut off or damaged";

/// A workbook as the zip that it is: where its parts lie.
pub struct Package {
    input: Box<dyn Seekable>,
    parts: Vec<Listed>,
}

/// A part as the directory of the zip lists it.
#[derive(Debug, Clone)]
struct Listed {
    path: String,
    start: u64,
    packed: u64,
    unpacked: u64,
    crc: u32,
    method: CompressionMethod,
    encrypted: bool,
}

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Package").field("parts", &self.parts).finish_non_exhaustive()
    }
}

impl Package {
    pub fn open(input: Box<dyn Seekable>) -> Result<Self, String> {
        let mut archive = ZipArchive::new(input).map_err(|e| super::advise(&format!("{DAMAGED} ({e})")))?;
        let mut parts = Vec::new();
        for index in 0..archive.len() {
            // A part that cannot be located is missed when it is asked for.
            let Ok(entry) = archive.by_index_raw(index) else { continue };
            let (Ok(name), Some(start)) = (entry.name(), entry.data_start()) else { continue };
            parts.push(Listed {
                path: plain(&name),
                start,
                packed: entry.compressed_size(),
                unpacked: entry.size(),
                crc: entry.crc32(),
                method: entry.compression(),
                encrypted: entry.encrypted(),
            });
        }
        Ok(Self { input: archive.into_inner(), parts })
    }

    pub fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// A part that says how the workbook is made up, as a stream.
    pub fn small(&mut self, path: &str) -> Result<Part<&mut Box<dyn Seekable>>, String> {
        let listed = self.find(path).cloned().ok_or_else(|| missing(path))?;
        Part::new(&mut self.input, &listed, FREE)
    }

    /// A part with sheets or texts, as a stream.
    pub fn large(&mut self, path: &str) -> Result<Part<&mut Box<dyn Seekable>>, String> {
        let listed = self.find(path).cloned().ok_or_else(|| missing(path))?;
        Part::new(&mut self.input, &listed, MAX_UNPACKED)
    }

    /// The same, keeping the file.
    pub fn into_large(self, path: &str) -> Result<Part<Box<dyn Seekable>>, String> {
        let listed = self.find(path).cloned().ok_or_else(|| missing(path))?;
        Part::new(self.input, &listed, MAX_UNPACKED)
    }

    /// Programs do not agree on upper and lower case, nor on slashes.
    fn find(&self, path: &str) -> Option<&Listed> {
        let wanted = plain(path);
        self.parts.iter().find(|p| p.path == wanted)
    }
}

fn plain(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

fn missing(path: &str) -> String {
    format!("the workbook lacks its part {path}; open it in its program and save it again")
}

/// The bytes of a part as they come out, checked to the end.
pub struct Part<R: Read> {
    bytes: Bytes<R>,
    packed: u64,
    unpacked: u64,
    limit: u64,
    came: u64,
    /// What may still be taken before [`Part::grant`] is called again.
    left: u64,
    crc: Crc,
    expected: u32,
}

enum Bytes<R: Read> {
    Stored(Take<R>),
    Deflated(Box<DeflateDecoder<BufReader<Take<R>>>>),
}

impl<R: Read + Seek> Part<R> {
    fn new(mut input: R, listed: &Listed, limit: u64) -> Result<Self, String> {
        if listed.encrypted {
            return Err(super::PASSWORD.to_owned());
        }
        input.seek(SeekFrom::Start(listed.start)).map_err(|e| e.to_string())?;
        let packed = input.take(listed.packed);
        let bytes = match listed.method {
            CompressionMethod::Stored => Bytes::Stored(packed),
            CompressionMethod::Deflated => Bytes::Deflated(Box::new(DeflateDecoder::new(BufReader::new(packed)))),
            other => return Err(format!("the workbook is packed with {other:?}; save it again in its program")),
        };
        let part = Self {
            bytes,
            packed: listed.packed,
            unpacked: listed.unpacked,
            limit,
            came: 0,
            left: MAX_PIECE,
            crc: Crc::new(),
            expected: listed.crc,
        };
        match part.absurd(listed.unpacked) {
            Some(why) => Err(why.to_owned()),
            None => Ok(part),
        }
    }
}

impl<R: Read> Part<R> {
    /// Allows the next piece.
    pub const fn grant(&mut self) {
        self.left = MAX_PIECE;
    }

    fn absurd(&self, unpacked: u64) -> Option<&'static str> {
        if unpacked > self.limit && self.limit == FREE {
            Some("its styles or its list of sheets unpack to more than 64 MiB, as no spreadsheet program writes them")
        } else if unpacked > self.limit {
            Some("a sheet or the texts of the workbook unpack to more than 2 GiB; save the sheet as CSV")
        } else if unpacked > FREE && unpacked / MAX_RATIO > self.packed {
            Some("the workbook unpacks to more than 300 times its size, as no dump does")
        } else {
            None
        }
    }

    fn check_end(&self) -> io::Result<usize> {
        if self.came == self.unpacked && self.crc.sum() == self.expected {
            Ok(0)
        } else {
            Err(io::Error::other(DAMAGED))
        }
    }
}

impl<R: Read> Read for Part<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(
                "a cell or a tag is larger than 16 MiB, as no spreadsheet program writes them",
            ));
        }
        let length = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let Some(space) = buffer.get_mut(..length) else { return Ok(0) };
        if space.is_empty() {
            return Ok(0);
        }
        let got = match &mut self.bytes {
            Bytes::Stored(bytes) => bytes.read(space),
            Bytes::Deflated(bytes) => bytes.read(space).map_err(|e| io::Error::other(format!("{DAMAGED} ({e})"))),
        }?;
        if got == 0 {
            return self.check_end();
        }
        self.crc.update(space.get(..got).unwrap_or_default());
        self.came += got as u64;
        self.left -= got as u64;
        match self.absurd(self.came) {
            Some(why) => Err(io::Error::other(why)),
            None => Ok(got),
        }
    }
}

impl<R: Read> fmt::Debug for Part<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("came", &self.came).finish_non_exhaustive()
    }
}
