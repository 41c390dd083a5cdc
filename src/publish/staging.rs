//! The folder aside, and the moment in which it takes its place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{PublishError, manifest};

/// The folder that tells of refused dumps.
const REJECTED: &str = "rejected";

/// The folders aside of this process, so that an interrupt can take them away: one as a rule, two where a review under
/// construction gives way to word of refused dumps.
static ASIDE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Takes away what is half-written; to be called before the process ends early. Waits while an output moves in place, and
/// keeps any other from moving as long as the answer is held.
#[must_use = "outputs can move in place again once this is dropped"]
pub fn abandon() -> MutexGuard<'static, Vec<PathBuf>> {
    let mut aside = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
    for path in aside.drain(..) {
        // Twice, for the writer may have put another file into the folder meanwhile.
        let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_dir_all(&path));
    }
    aside
}

/// An output under construction.
#[derive(Debug)]
pub struct Staging {
    aside: PathBuf,
    target: PathBuf,
    out: PathBuf,
}

impl Staging {
    /// Opens a folder beside `out/<name>`.
    pub fn open(out: &Path, name: &str) -> Result<Self, PublishError> {
        fs::create_dir_all(out).map_err(PublishError::write(out))?;
        let aside = tempfile::Builder::new()
            .prefix(&format!(".{name}-"))
            .tempdir_in(out)
            .map_err(PublishError::write(out))?
            .keep();
        ASIDE.lock().unwrap_or_else(PoisonError::into_inner).push(aside.clone());
        let staging = Self { aside, target: out.join(name), out: out.to_owned() };
        open_to_readers(&staging.aside).map_err(PublishError::write(&staging.aside))?;
        Ok(staging)
    }

    /// Opens a folder beside `out/rejected`. That name is a plain one, so a folder of other contents is left alone.
    pub fn open_rejected(out: &Path) -> Result<Self, PublishError> {
        let path = out.join(REJECTED);
        if path.symlink_metadata().is_ok() && !tells_of_rejection(&path) {
            let reason = "something that this program did not write is in its way; move it away, or choose another \
                          folder with --out"
                .to_owned();
            return Err(PublishError::Write { path, reason });
        }
        Self::open(out, REJECTED)
    }

    pub fn path(&self) -> &Path {
        &self.aside
    }

    /// Moves the folder in place of the previous output and points `current` at it. What told of refused dumps goes.
    pub fn commit(self) -> Result<PathBuf, PublishError> {
        // Held to the end: an interrupt now waits until the output is whole again.
        let mut aside = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
        // What can fail is tried before anything moves.
        let current = Current::prepare(&self.out, &self.target)?;
        let previous = self.swap(&mut aside)?;
        current.point().map_err(PublishError::after(&self.target))?;
        remove(previous)?;
        let rejected = self.out.join(REJECTED);
        if tells_of_rejection(&rejected) {
            // Moved first, so that no half of it is left under its name.
            let gone = self.aside.with_extension(REJECTED);
            fs::rename(&rejected, &gone).map_err(PublishError::after(&rejected))?;
            remove(Some(gone))?;
        }
        Ok(self.target.clone())
    }

    /// Moves the folder in place of an earlier one. Reviews and `current` stay as they are.
    pub fn commit_rejected(self) -> Result<PathBuf, PublishError> {
        let mut aside = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
        let previous = self.swap(&mut aside)?;
        remove(previous)?;
        Ok(self.target.clone())
    }

    /// Moves the folder to its place, and what stood there aside; tells where that is.
    fn swap(&self, aside: &mut Vec<PathBuf>) -> Result<Option<PathBuf>, PublishError> {
        let previous = self.target.symlink_metadata().is_ok().then(|| self.aside.with_extension("previous"));
        if let Some(previous) = &previous {
            fs::rename(&self.target, previous).map_err(PublishError::write(&self.target))?;
        }
        if let Err(error) = fs::rename(&self.aside, &self.target) {
            if let Some(previous) = &previous {
                let _ = fs::rename(previous, &self.target);
            }
            return Err(PublishError::write(&self.target)(error));
        }
        aside.retain(|path| *path != self.aside);
        Ok(previous)
    }
}

/// Removes what has been replaced.
fn remove(previous: Option<PathBuf>) -> Result<(), PublishError> {
    let Some(path) = previous else { return Ok(()) };
    let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    removed.map_err(PublishError::after(&path))
}

/// Whether a folder tells of refused dumps, by its manifest.
fn tells_of_rejection(folder: &Path) -> bool {
    fs::read(folder.join("manifest.json")).is_ok_and(|bytes| manifest::tells_of_rejection(&bytes))
}

impl Drop for Staging {
    fn drop(&mut self) {
        let mut aside = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = aside.iter().position(|path| *path == self.aside) {
            aside.remove(own);
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}

/// Temporary folders are private by default; an output is for all who may read its parent.
#[cfg(unix)]
fn open_to_readers(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_readers(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// `current` about to point at another output: a link where there are links, else a text file with the folder's name.
struct Current {
    path: PathBuf,
    fresh: PathBuf,
}

impl Current {
    fn prepare(out: &Path, target: &Path) -> Result<Self, PublishError> {
        let name = target.file_name().map(PathBuf::from).unwrap_or_default();
        let (path, fresh) = (out.join("current"), out.join(".current"));
        if path.symlink_metadata().is_ok_and(|m| m.is_dir()) {
            let reason =
                "a folder is in the way of the link; move it away, or choose another folder with --out".to_owned();
            return Err(PublishError::Write { path, reason });
        }
        let _ = fs::remove_file(&fresh);
        #[cfg(unix)]
        std::os::unix::fs::symlink(&name, &fresh).map_err(PublishError::write(&path))?;
        #[cfg(not(unix))]
        fs::write(&fresh, name.to_string_lossy().as_bytes()).map_err(PublishError::write(&path))?;
        Ok(Self { path, fresh })
    }

    fn point(&self) -> io::Result<()> {
        fs::rename(&self.fresh, &self.path)
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        // Gone already where it has taken its place.
        let _ = fs::remove_file(&self.fresh);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(out: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn write(out: &Path, text: &str) -> Staging {
        let staging = Staging::open(out, "2026Q3").unwrap();
        fs::write(staging.path().join("a"), text).unwrap();
        staging
    }

    fn reject(out: &Path, reason: &str) -> Staging {
        let staging = Staging::open_rejected(out).unwrap();
        let manifest = format!(r#"{{"tool": "{}", "rejected": "{reason}"}}"#, manifest::TOOL);
        fs::write(staging.path().join("manifest.json"), manifest).unwrap();
        staging
    }

    /// One test, for the folder aside is one a process.
    #[test]
    fn outputs_appear_whole_or_not_at_all() {
        let out = tempfile::tempdir().unwrap();
        reviews(out.path());
        rejections(out.path());
    }

    fn reviews(out: &Path) {
        write(out, "first").commit().unwrap();
        assert_eq!(names(out), ["2026Q3", "current"]);
        drop(write(out, "broken off"));
        assert_eq!(names(out), ["2026Q3", "current"]);
        assert_eq!(fs::read_to_string(out.join("current/a")).unwrap(), "first");
        let staging = write(out, "interrupted");
        drop(abandon());
        drop(staging);
        assert_eq!(names(out), ["2026Q3", "current"]);
        fs::remove_file(out.join("current")).unwrap();
        fs::create_dir(out.join("current")).unwrap();
        let in_the_way = write(out, "in the way").commit().unwrap_err();
        assert!(in_the_way.to_string().contains("a folder is in the way of the link"));
        assert_eq!(names(out), ["2026Q3", "current"]);
        assert_eq!(fs::read_to_string(out.join("2026Q3/a")).unwrap(), "first");
        fs::remove_dir(out.join("current")).unwrap();
        write(out, "second").commit().unwrap();
        assert_eq!(names(out), ["2026Q3", "current"]);
        assert_eq!(fs::read_to_string(out.join("current/a")).unwrap(), "second");
    }

    /// `out` holds the second review.
    fn rejections(out: &Path) {
        let manifest = out.join("rejected/manifest.json");
        let both = ["2026Q3", "current", "rejected"];
        reject(out, "first").commit_rejected().unwrap();
        reject(out, "second").commit_rejected().unwrap();
        drop(reject(out, "broken off"));
        let staging = reject(out, "interrupted");
        drop(abandon());
        drop(staging);
        assert_eq!(names(out), both);
        let review = write(out, "given up");
        let staging = reject(out, "second");
        drop(review);
        staging.commit_rejected().unwrap();
        assert_eq!(names(out), both);
        assert!(fs::read_to_string(&manifest).unwrap().contains("second"));
        assert_eq!(fs::read_to_string(out.join("current/a")).unwrap(), "second");
        drop(write(out, "broken off"));
        assert_eq!(names(out), both);
        write(out, "third").commit().unwrap();
        assert_eq!(names(out), ["2026Q3", "current"]);

        fs::create_dir(out.join("rejected")).unwrap();
        fs::write(&manifest, r#"{"tool": "another", "rejected": "parts"}"#).unwrap();
        let refused = Staging::open_rejected(out).err().unwrap().to_string();
        assert!(refused.contains("rejected cannot be written: something that this program did not write"), "{refused}");
        write(out, "fourth").commit().unwrap();
        assert_eq!(names(out), both);
        assert_eq!(fs::read_to_string(out.join("current/a")).unwrap(), "fourth");
    }
}
