//! The folder that dumps are written to: they appear in it when they are complete, and nothing else in it is touched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Why there are no dumps.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    #[error(
        "{} holds {found}, which this command did not write.\n  Choose another folder with --out, or move it away.",
        .folder.display()
    )]
    InTheWay { folder: PathBuf, found: String },
    #[error("{} cannot be written: {source}", .folder.display())]
    Write { folder: PathBuf, source: io::Error },
}

impl GenerateError {
    /// For errors of the system while this folder is written.
    pub fn write(folder: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Write { folder: folder.to_owned(), source }
    }
}

/// Folders under construction of this process, so that an interrupt can take them away: the one aside, and the one around
/// it if that was not there before.
static ASIDE: Mutex<Option<(PathBuf, Option<PathBuf>)>> = Mutex::new(None);

/// What an interrupt waits for.
pub type Held = MutexGuard<'static, Option<(PathBuf, Option<PathBuf>)>>;

/// Takes away what is half-written; to be called before the process ends early. Waits while dumps move in place, and keeps
/// any others from moving as long as the answer is held.
#[must_use = "dumps can move in place again once this is dropped"]
pub fn abandon() -> Held {
    let mut aside = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
    take_away(&mut aside);
    aside
}

fn take_away(aside: &mut Option<(PathBuf, Option<PathBuf>)>) {
    let Some((path, around)) = aside.take() else { return };
    // Twice, for the writer may have put another file into the folder meanwhile.
    let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_dir_all(&path));
    // Empty again, or left alone.
    let _ = around.map(fs::remove_dir);
}

/// A place for dumps under construction, within the folder that they are for.
#[derive(Debug)]
pub struct Aside {
    folder: PathBuf,
    path: PathBuf,
    names: Vec<&'static str>,
}

/// The dumps that every folder of made-up dumps holds.
pub const DUMPS: &[&str] = &[
    "actions.csv",
    "pauses.csv",
    "staff.csv",
    "surveys-2026-01.csv",
    "surveys-2026-02.csv",
    "surveys-2026-03.csv",
    "surveys-2026-04.csv",
    "surveys-2026-05.csv",
    "surveys-2026-06.csv",
    "surveys-2026-07.csv",
    "surveys-2026-08.csv",
    "surveys-2026-09.csv",
    "tickets-2026-01.csv",
    "tickets-2026-02.csv",
    "tickets-2026-03.csv",
    "tickets-2026-04.csv",
    "tickets-2026-05.csv",
    "tickets-2026-06.csv",
    "tickets-2026-07.csv",
    "tickets-2026-08.csv",
    "tickets-2026-09.csv",
];

impl Aside {
    /// Opens a place in a folder that is new, empty, or holds nothing but earlier dumps of these names, whose README begins
    /// with this mark.
    pub fn open(folder: &Path, names: &[&'static str], mark: &str) -> Result<Self, GenerateError> {
        let is_new = folder.symlink_metadata().is_err();
        if !is_new {
            check(folder, names, mark)?;
        }
        fs::create_dir_all(folder).map_err(GenerateError::write(folder))?;
        let path = tempfile::Builder::new()
            .prefix(".generate-")
            .tempdir_in(folder)
            .map_err(GenerateError::write(folder))?
            .keep();
        let around = is_new.then(|| folder.to_owned());
        *ASIDE.lock().unwrap_or_else(PoisonError::into_inner) = Some((path.clone(), around));
        Ok(Self { folder: folder.to_owned(), path, names: names.to_vec() })
    }

    /// Where to write to.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Moves the files in place of earlier ones.
    pub fn commit(self) -> Result<(), GenerateError> {
        // Held to the end: an interrupt now waits until all are in place.
        let mut aside = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
        let write = GenerateError::write(&self.folder);
        let mut moves: Vec<(PathBuf, PathBuf)> =
            self.names.iter().map(|name| (self.path.join(name), self.folder.join(name))).collect();
        moves.retain(|(from, _)| from.exists());
        // What can fail is tried before anything moves.
        for (_, to) in &moves {
            to.parent().map_or(Ok(()), fs::create_dir_all).map_err(&write)?;
        }
        for (from, to) in &moves {
            fs::rename(from, to).map_err(&write)?;
        }
        *aside = None;
        fs::remove_dir_all(&self.path).map_err(&write)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        take_away(&mut ASIDE.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Holds that a folder has nothing but these names, and a README that begins with the mark; or nothing at all.
fn check(folder: &Path, names: &[&str], mark: &str) -> Result<(), GenerateError> {
    let in_the_way = |found: String| GenerateError::InTheWay { folder: folder.to_owned(), found };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(GenerateError::write(folder))? {
        found.push(entry.map_err(GenerateError::write(folder))?.file_name().to_string_lossy().into_owned());
    }
    found.sort();
    let known = |name: &str| names.iter().any(|known| known.split('/').next() == Some(name));
    match found.iter().find(|name| !known(name)).or_else(|| found.first()) {
        None => Ok(()),
        Some(name) if !known(name) => Err(in_the_way(name.clone())),
        Some(name) => match fs::read(folder.join("README.md")) {
            Ok(text) if text.starts_with(mark.as_bytes()) => Ok(()),
            _ => Err(in_the_way(name.clone())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["README.md", "a.csv", "deep/b.toml"];
    const MARK: &str = "# Ours\n";

    fn write(folder: &Path, text: &str) -> Result<(), GenerateError> {
        let aside = Aside::open(folder, NAMES, MARK)?;
        fs::create_dir(aside.path().join("deep")).unwrap();
        for name in NAMES {
            fs::write(aside.path().join(name), format!("{MARK}{text}")).unwrap();
        }
        aside.commit()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// One test, for the place aside is one a process.
    #[test]
    fn dumps_appear_whole_or_not_at_all_and_in_place_of_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("new/dumps");
        drop(Aside::open(&folder, NAMES, MARK).unwrap());
        assert!(!folder.exists(), "a folder that was not there is not left behind");
        write(&folder, "first").unwrap();
        assert_eq!(names(&folder), ["README.md", "a.csv", "deep"]);
        drop(Aside::open(&folder, NAMES, MARK).unwrap());
        let interrupted = Aside::open(&folder, NAMES, MARK).unwrap();
        drop(abandon());
        drop(interrupted);
        assert_eq!(fs::read_to_string(folder.join("a.csv")).unwrap(), "# Ours\nfirst");
        write(&folder, "second").unwrap();
        assert_eq!(fs::read_to_string(folder.join("deep/b.toml")).unwrap(), "# Ours\nsecond");
        assert_eq!(names(&folder), ["README.md", "a.csv", "deep"]);

        fs::write(folder.join("notes.txt"), "mine").unwrap();
        let refused = write(&folder, "third").unwrap_err().to_string();
        assert!(refused.contains("holds notes.txt") && refused.contains("--out"), "{refused}");
        fs::remove_file(folder.join("notes.txt")).unwrap();
        fs::write(folder.join("README.md"), "# Mine\n").unwrap();
        let refused = write(&folder, "fourth").unwrap_err().to_string();
        assert!(refused.contains("holds README.md"), "{refused}");
        assert_eq!(fs::read_to_string(folder.join("a.csv")).unwrap(), "# Ours\nsecond");

        let file = place.path().join("file");
        fs::write(&file, "mine").unwrap();
        let refused = write(&file, "fifth").unwrap_err().to_string();
        assert!(refused.contains("cannot be written"), "{refused}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }
}
