//! Members of zip archives.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use encoding_rs::GB18030;
use flate2::bufread::DeflateDecoder;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::guard::{Checked, Guard};
use super::{BUFFER, Storage};
use crate::ingest::read::reason;

/// Members beyond which an archive is no archive of dumps.
const MEMBERS: usize = 5000;

/// The members that may be dumps, in the order of their names; nothing where the archive is a document.
pub fn members(file: File) -> Result<Option<Vec<Storage>>, String> {
    let size = file.metadata().map_err(|e| reason(&e))?.len();
    let mut archive = directory(file)?;
    if describes_document(&archive) {
        return Ok(None);
    }
    if archive.has_duplicate_names() {
        return Err("the archive has two members of the same name; unpack it".to_owned());
    }
    let mut found = Vec::new();
    let mut packed = 0_u64;
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| why(&e))?;
        packed = packed.saturating_add(member.compressed_size());
        let name = decoded(member.name_raw());
        if member.is_dir() || name.ends_with(['/', '\\']) || is_litter(&name) {
            continue;
        }
        if member.is_symlink() {
            return Err(format!("its member {name:?} is a link to another file; pack the file itself"));
        }
        found.push((name, index));
    }
    if packed > size {
        return Err("the members of the archive lie upon each other, as in no sound archive".to_owned());
    }
    if found.is_empty() {
        return Err("the archive holds no files".to_owned());
    }
    if found.len() > MEMBERS {
        return Err(format!("the archive holds more than {MEMBERS} files; unpack it"));
    }
    found.sort();
    let names = shown(&found);
    let members = found.into_iter().zip(names).map(|((_, index), name)| Storage::Member { index, name });
    Ok(Some(members.collect()))
}

/// A stream of a member's bytes. The member is addressed directly, so that its reader owns the file.
pub fn open(file: File, index: usize) -> Result<Box<dyn Read + Send>, String> {
    let mut archive = directory(file)?;
    let member = archive.by_index_raw(index).map_err(|e| why(&e))?;
    if member.encrypted() {
        return Err("it is encrypted; unpack the archive with its password first".to_owned());
    }
    let method = member.compression();
    let (packed, size, crc) = (member.compressed_size(), member.size(), member.crc32());
    let start = member.data_start().unwrap_or_default();
    drop(member);

    let mut file = archive.into_inner().into_inner();
    file.seek(SeekFrom::Start(start)).map_err(|e| reason(&e))?;
    let bytes = BufReader::with_capacity(BUFFER, file.take(packed));
    Ok(match method {
        CompressionMethod::STORE => Box::new(Guard::new(Checked::new(bytes, size, crc), packed)),
        CompressionMethod::DEFLATE => Box::new(Guard::new(Checked::new(DeflateDecoder::new(bytes), size, crc), packed)),
        CompressionMethod::ZSTD => {
            let decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(|e| reason(&e))?;
            Box::new(Guard::new(Checked::new(decoder, size, crc), packed))
        }
        other => return Err(format!("it is packed with {}; pack it with Deflate, or unpack it", method_name(other))),
    })
}

/// Whether a zip is itself a document of an office program.
pub fn is_document(input: impl Read + Seek) -> Result<bool, String> {
    ZipArchive::new(input).map(|archive| describes_document(&archive)).map_err(|e| why(&e))
}

fn directory(file: File) -> Result<ZipArchive<BufReader<File>>, String> {
    ZipArchive::new(BufReader::new(file)).map_err(|e| why(&e))
}

/// Microsoft's documents list their parts in one place, those of the open format have two fixed members.
fn describes_document<R: Read + Seek>(archive: &ZipArchive<R>) -> bool {
    let has = |name: &str| archive.index_for_name_raw(name.as_bytes()).is_some();
    has("[Content_Types].xml") || has("xl/workbook.xml") || has("mimetype") && has("content.xml")
}

fn why(error: &ZipError) -> String {
    match error {
        ZipError::Io(e) if e.raw_os_error().is_some() && e.kind() != io::ErrorKind::InvalidInput => reason(e),
        ZipError::UnsupportedArchive(what) => {
            format!("the archive cannot be unpacked ({what}); pack it as a plain zip")
        }
        _ => "the archive is cut off or damaged; export or copy it again".to_owned(),
    }
}

fn method_name(method: CompressionMethod) -> String {
    let known = [
        (CompressionMethod::DEFLATE64, "Deflate64"),
        (CompressionMethod::BZIP2, "bzip2"),
        (CompressionMethod::LZMA, "LZMA"),
        (CompressionMethod::XZ, "xz"),
        (CompressionMethod::PPMD, "PPMd"),
    ];
    let name = known.iter().find(|(m, _)| *m == method).map(|(_, name)| (*name).to_owned());
    name.unwrap_or_else(|| format!("a method that is not known ({method:?})"))
}

/// Names are UTF-8, or in the code page of the Windows that packed them.
fn decoded(raw: &[u8]) -> String {
    let text = std::str::from_utf8(raw).map_or_else(|_| GB18030.decode_without_bom_handling(raw).0, Into::into);
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// What file managers and open programs leave behind.
fn is_litter(name: &str) -> bool {
    let mut parts = name.split(['/', '\\']);
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    parts.any(|part| part == "__MACOSX")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].iter().any(|litter| last.eq_ignore_ascii_case(litter))
        || last.starts_with("~$")
        || last.starts_with("._")
}

/// The last part of each name, with as many folders as it takes to tell members apart.
fn shown(members: &[(String, usize)]) -> Vec<String> {
    let last = |name: &str, count: usize| {
        let parts: Vec<&str> = name.split(['/', '\\']).filter(|p| !matches!(*p, "" | "." | "..")).collect();
        parts.get(parts.len().saturating_sub(count)..).unwrap_or_default().join("/")
    };
    let mut names: Vec<String> = members.iter().map(|(name, _)| last(name, 1)).collect();
    for count in 2..=5 {
        let mut uses: HashMap<String, usize> = HashMap::new();
        for name in &names {
            *uses.entry(name.clone()).or_default() += 1;
        }
        for (shown, (name, index)) in names.iter_mut().zip(members) {
            if shown.is_empty() || uses.get(shown).is_some_and(|n| *n > 1) {
                *shown = if count == 5 { format!("{} (#{index})", last(name, 1)) } else { last(name, count) };
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_by_their_last_parts() {
        let paths = ["../../x.csv", "2025/q1.csv", "2026\\q1.csv", "a/x.csv", "x.csv", ".."];
        let members: Vec<(String, usize)> = paths.iter().enumerate().map(|(i, p)| ((*p).to_owned(), i)).collect();
        assert_eq!(shown(&members), ["x.csv (#0)", "2025/q1.csv", "2026/q1.csv", "a/x.csv", "x.csv (#4)", " (#5)"]);
    }

    #[test]
    fn litter_is_told_from_dumps() {
        for name in ["__MACOSX/._a.csv", "a/.DS_Store", "a/thumbs.db", "~$工单.xlsx", "a\\desktop.ini"] {
            assert!(is_litter(name), "{name}");
        }
        for name in ["a.csv", "a/~b.csv", "DS_Store.csv"] {
            assert!(!is_litter(name), "{name}");
        }
    }
}
