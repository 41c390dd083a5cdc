//! Bytes that wait: in memory as long as they are few, then in a file without a name.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::ingest::IngestError;
use crate::ingest::read::reason;

/// Bytes that stay in memory: small runs touch no file.
const IN_MEMORY: usize = 8 << 20;

/// Where some bytes are.
#[derive(Debug)]
pub enum Place {
    Here(Vec<u8>),
    InFile { offset: u64, length: usize },
}

/// The file and what of it is used.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    in_memory: usize,
    file: Option<File>,
    end: u64,
}

impl Store {
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), state: Mutex::default() }
    }

    /// What is told of a file that cannot be written.
    pub fn failed(&self, error: &io::Error) -> IngestError {
        IngestError::Aside { folder: self.folder.clone(), reason: reason(error) }
    }

    pub fn put(&self, bytes: Vec<u8>) -> io::Result<Place> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.in_memory + bytes.len() <= IN_MEMORY {
            state.in_memory += bytes.len();
            return Ok(Place::Here(bytes));
        }
        let offset = state.end;
        let file = match &mut state.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(&self.folder)?),
        };
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(&bytes)?;
        state.end += bytes.len() as u64;
        Ok(Place::InFile { offset, length: bytes.len() })
    }

    pub fn get<'a>(&self, place: &'a Place) -> io::Result<Cow<'a, [u8]>> {
        let (offset, length) = match place {
            Place::Here(bytes) => return Ok(Cow::Borrowed(bytes)),
            Place::InFile { offset, length } => (*offset, *length),
        };
        let mut bytes = vec![0; length];
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let file = state.file.as_mut().ok_or_else(|| io::Error::other("nothing has been put aside"))?;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(&mut bytes)?;
        Ok(Cow::Owned(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_is_told_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap().path().join("gone");
        let store = Store::new(&folder);
        let error = store.put(vec![0; IN_MEMORY + 1]).unwrap_err();
        let said = store.failed(&error).to_string();
        for part in [folder.display().to_string().as_str(), "--out", "TMPDIR"] {
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn what_was_put_comes_back_from_memory_and_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let large = vec![7; IN_MEMORY - 3];
        let places: Vec<Place> =
            [large.clone(), vec![1, 2, 3, 4], vec![5, 6], vec![8; 9]].map(|bytes| store.put(bytes).unwrap()).into();
        let in_file = |place: &Place| matches!(place, Place::InFile { .. });
        assert_eq!(places.iter().map(in_file).collect::<Vec<_>>(), [false, true, false, true]);
        let back: Vec<Vec<u8>> = places.iter().map(|place| store.get(place).unwrap().into_owned()).collect();
        assert_eq!(back, [large, vec![1, 2, 3, 4], vec![5, 6], vec![8; 9]]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
    }
}
