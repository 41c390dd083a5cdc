//! Files of every format become tables of records. Nothing here knows what a column means.
//!
//! A file is looked at once ([`look`]): its hash, its format, and the tables in it (a CSV is one, a workbook has its
//! sheets, an archive its members). Then each table is read row by row ([`Part::rows`]), in bounded memory.

pub mod delimited;
pub mod encoding;
pub mod ndjson;
pub mod parquet;
mod presume;
mod record;
pub mod storage;
pub mod workbook;

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sha2::{Digest, Sha256};

use self::encoding::{Encoding, Unfit};
use self::storage::Storage;
pub use presume::Heard;
pub use record::{Flaw, Native, Record};

use super::IngestError;
use crate::plan::Reading;

const CHANGED: &str = "it changed while it was read; wait until the export is complete and run again";

/// Bytes of a text that tell what kind of text it is.
const BEGINNING: usize = 1 << 12;

/// Reads a table row by row, title rows and header included.
pub trait Rows {
    /// Reads the next row into `record`; `false` at the end. An error ends the reading of the file and says why, in words
    /// that follow "cannot be read: ".
    fn next(&mut self, record: &mut Record) -> Result<bool, String>;

    /// Whether rows must have as many fields as the header. Where they need not, cells at the end may be missing.
    fn strict(&self) -> bool;
}

/// A file, or an unpacked member of an archive.
pub trait Seekable: io::Read + io::Seek + Send {}

impl<T: io::Read + io::Seek + Send> Seekable for T {}

/// What one look through a file tells.
#[derive(Debug)]
pub struct Look {
    pub size: u64,
    /// SHA-256, hex; nothing yet where only the beginning was looked at and the rest is presumed to be like it.
    pub hash: Option<String>,
    pub parts: Vec<Part>,
    /// As the file was then, by which a change during the reading is noticed.
    metadata: Metadata,
}

/// One table in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub storage: Storage,
    pub format: Format,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
}

/// How a table is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    Text { encoding: Encoding, separator: u8 },
    Ndjson { encoding: Encoding, header: Vec<String> },
    Parquet,
    Workbook(workbook::Kind),
}

impl Format {
    /// The encoding of a text, or the kind of file that has none.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text { encoding, .. } | Self::Ndjson { encoding, .. } => encoding.name(),
            Self::Parquet => "Parquet",
            Self::Workbook(workbook::Kind::Xlsx) => "XLSX",
            Self::Workbook(workbook::Kind::Xls) => "XLS",
            Self::Workbook(workbook::Kind::Ods) => "ODS",
        }
    }

    /// In words, for a draft.
    pub fn describe(&self) -> String {
        match self {
            Self::Text { encoding, separator } => {
                let between = match separator {
                    b';' => "semicolons",
                    b'\t' => "tabs",
                    b'|' => "bars",
                    _ => "commas",
                };
                format!("CSV separated by {between}, {}", encoding.name())
            }
            Self::Ndjson { .. } => "NDJSON".to_owned(),
            Self::Parquet | Self::Workbook(_) => self.name().to_owned(),
        }
    }
}

impl Part {
    /// The name of the table within its file: the member of an archive, the sheet, or both.
    pub fn name(&self) -> Option<String> {
        let member = match &self.storage {
            Storage::Member { name, .. } => Some(name.as_str()),
            _ => None,
        };
        match (member, self.sheet.as_deref()) {
            (Some(member), Some(sheet)) => Some(format!("{member}/{sheet}")),
            (one, other) => one.or(other).map(ToOwned::to_owned),
        }
    }

    /// Opens a table of which only the beginning was looked at. At its end its hash has been heard; an error may say no more
    /// than that it should have been looked through.
    pub fn rows_heard(&self, path: &Path) -> Result<(Box<dyn Rows>, Heard), String> {
        match self.format {
            Format::Text { encoding, separator } => presume::rows(path, encoding, separator),
            _ => self.rows(path).map(|rows| (rows, Heard::default())),
        }
    }

    /// Opens the table at its first row.
    pub fn rows(&self, path: &Path) -> Result<Box<dyn Rows>, String> {
        match &self.format {
            Format::Text { encoding, separator } => {
                let input = encoding::decode(storage::open(path, &self.storage)?, *encoding).map_err(|e| reason(&e))?;
                Ok(Box::new(delimited::Delimited::new(input, *separator)))
            }
            Format::Ndjson { encoding, header } => {
                let input = encoding::decode(storage::open(path, &self.storage)?, *encoding).map_err(|e| reason(&e))?;
                Ok(ndjson::rows(Box::new(BufReader::with_capacity(1 << 18, input)), header.clone()))
            }
            Format::Parquet => parquet::rows(storage::open_seekable(path, &self.storage)?),
            Format::Workbook(kind) => {
                let sheet = self.sheet.as_deref().unwrap_or_default();
                workbook::rows(*kind, storage::open_seekable(path, &self.storage)?, sheet)
            }
        }
    }
}

impl Look {
    /// Whether the file is still as it was when it was looked at.
    pub fn still(&self, path: &Path) -> Result<(), String> {
        match std::fs::metadata(path) {
            Ok(now) if now.len() == self.metadata.len() && now.modified().ok() == self.metadata.modified().ok() => {
                Ok(())
            }
            Ok(_) => Err(CHANGED.to_owned()),
            Err(error) => Err(format!("it was there a moment ago, and now {}", reason(&error))),
        }
    }
}

/// Looks at the beginning of a file where that is enough to begin reading, else through all of it.
pub fn glance(path: &Path, reading: &Reading) -> Result<Look, IngestError> {
    presume::presume(path, reading).map_or_else(|| look(path, reading), Ok)
}

/// Looks through a file: which tables it holds and how they are written.
pub fn look(path: &Path, reading: &Reading) -> Result<Look, IngestError> {
    let unreadable = |reason: String| IngestError::Unreadable { file: path.to_owned(), reason };
    let metadata = std::fs::metadata(path).map_err(|e| unreadable(reason(&e)))?;
    if metadata.is_dir() {
        return Err(unreadable(
            "it is a folder, not a file; let the pattern name the files in it, such as folder/*.csv".to_owned(),
        ));
    }
    let mut hasher = Sha256::new();
    let mut done = false;
    let mut parts = Vec::new();
    for storage in storage::contents(path).map_err(unreadable)? {
        // A plain text is hashed while its encoding is found, so that it is read once less.
        let plain = storage == Storage::Plain;
        let mut hear = |chunk: &[u8]| {
            if plain {
                done = true;
                hasher.update(chunk);
            }
        };
        parts.extend(look_into(path, &storage, reading, &mut hear)?);
    }
    if !done {
        let mut file = File::open(path).map_err(|e| unreadable(reason(&e)))?;
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => hasher.update(&buffer[..read]),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(unreadable(reason(&e))),
            }
        }
    }
    let named = |part: &Part| {
        let names = [part.sheet.clone(), part.name()];
        reading.sheets.is_empty()
            || names.into_iter().flatten().any(|name| reading.sheets.iter().any(|pattern| pattern.matches(&name)))
    };
    let found: Vec<String> = parts.iter().filter_map(Part::name).collect();
    // A plain table has no name to be chosen by, and is always meant.
    parts.retain(|part| part.name().is_none() || named(part));
    if parts.is_empty() && !found.is_empty() {
        return Err(unreadable(format!("`sheets` matches none of its tables: {}", found.join(", "))));
    }
    let hash = Some(hex::encode(hasher.finalize()));
    Ok(Look { size: metadata.len(), hash, parts, metadata })
}

/// Whether a file begins as Parquet or a workbook.
fn is_document(first: &[u8]) -> bool {
    [b"PAR1", b"PK\x03\x04", b"\xD0\xCF\x11\xE0"].iter().any(|magic| first.starts_with(*magic))
}

/// Whether a text is, or seems to be, NDJSON, JSON or XML.
fn is_markup(text: &[u8]) -> bool {
    let beginning = text.get(..BEGINNING).unwrap_or(text);
    matches!(beginning.trim_ascii_start().first(), Some(b'{' | b'[' | b'<'))
}

/// The tables of a file, or of what is packed in it.
fn look_into(
    path: &Path,
    storage: &Storage,
    reading: &Reading,
    hear: &mut dyn FnMut(&[u8]),
) -> Result<Vec<Part>, IngestError> {
    let unreadable = |reason: String| IngestError::Unreadable { file: path.to_owned(), reason };
    let one = |format| Ok(vec![Part { storage: storage.clone(), format, sheet: None }]);
    let mut first = Vec::new();
    let mut stream = storage::open(path, storage).map_err(unreadable)?;
    stream.by_ref().take(8).read_to_end(&mut first).map_err(|e| unreadable(reason(&e)))?;
    drop(stream);
    let seekable = || storage::open_seekable(path, storage).map_err(unreadable);
    match first.as_slice() {
        [b'P', b'A', b'R', b'1', ..] => return one(Format::Parquet),
        [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            let Some(kind) = workbook_kind(&first, seekable()?).map_err(unreadable)? else {
                return Err(unreadable(
                    "it is neither a workbook nor a table; save it as XLSX or \"CSV UTF-8\"".to_owned(),
                ));
            };
            let sheets = workbook::sheets(kind, seekable()?).map_err(unreadable)?;
            let part = |sheet: workbook::Sheet| Part {
                storage: storage.clone(),
                format: Format::Workbook(kind),
                sheet: Some(sheet.name),
            };
            return Ok(sheets.into_iter().map(part).collect());
        }
        _ => {}
    }
    let reopen = || storage::open(path, storage).map_err(io::Error::other);
    let encoding = encoding::find(&reopen, hear).map_err(|unfit| match unfit {
        Unfit::Io(error) => unreadable(reason(&error)),
        Unfit::At(offset) => IngestError::Encoding { file: path.to_owned(), offset },
        Unfit::Nul => unreadable(
            "it consists largely of NUL bytes: damaged, no table at all, or UTF-16 without its mark; save it as \"CSV UTF-8\""
                .to_owned(),
        ),
    })?;
    let text = || {
        let bytes = storage::open(path, storage)?;
        encoding::decode(bytes, encoding).map_err(|e| reason(&e))
    };
    let mut beginning = Vec::new();
    let opened = text().map_err(unreadable)?;
    opened.take(BEGINNING as u64).read_to_end(&mut beginning).map_err(|e| unreadable(reason(&e)))?;
    match beginning.trim_ascii_start().first() {
        Some(b'{') => {
            let reader = BufReader::new(text().map_err(unreadable)?);
            one(Format::Ndjson { encoding, header: ndjson::header(reader).map_err(unreadable)? })
        }
        Some(b'[') if beginning.trim_ascii_start()[1..].trim_ascii_start().starts_with(b"{") => {
            Err(unreadable("it is one JSON list; export it as NDJSON, one object a line".to_owned()))
        }
        Some(b'<') => Err(unreadable("it is HTML or XML; save it as XLSX or \"CSV UTF-8\"".to_owned())),
        _ => {
            let separator = match reading.separator {
                Some(separator) => separator,
                None => delimited::separator(text().map_err(unreadable)?).map_err(|e| unreadable(reason(&e)))?,
            };
            one(Format::Text { encoding, separator })
        }
    }
}

/// Runs a decoder that may give up with a panic on a damaged file; then it says what is damaged.
pub(super) fn no_panic<T>(
    damaged: impl FnOnce() -> String,
    work: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged()))
}

/// What kind of workbook a file is, by its beginning and, of a zip, its parts.
fn workbook_kind(first: &[u8], input: Box<dyn Seekable>) -> Result<Option<workbook::Kind>, String> {
    if first.starts_with(b"PK") {
        let mut archive =
            zip::ZipArchive::new(input).map_err(|e| format!("it is a damaged workbook or archive ({e})"))?;
        return workbook::kind_in(&mut archive);
    }
    Ok(Some(workbook::Kind::Xls))
}

/// A reason that names the usual causes in plain words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
