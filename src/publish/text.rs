//! One text file, whole or not at all.

use std::io::{self, Write};
use std::path::Path;

use super::PublishError;

/// Writes a text; a file that is there already is only replaced if `replace` says so.
///
/// # Errors
/// The folder cannot be written, or the file is there already.
pub fn save(path: &Path, text: impl AsRef<[u8]>, replace: bool) -> Result<(), PublishError> {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_ref())?;
        file.as_file().sync_all()?;
        if replace {
            file.persist(path)?;
        } else {
            file.persist_noclobber(path)?;
        }
        Ok(())
    };
    write().map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::AlreadyExists => "it is there already; add --force to replace it".to_owned(),
            _ => error.to_string(),
        };
        PublishError::Text { path: path.to_owned(), reason }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_there_stays_unless_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/p.toml");
        super::save(&path, "a", false).unwrap();
        let error = super::save(&path, "b", false).unwrap_err().to_string();
        assert!(error.contains("--force"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a");
        super::save(&path, "b", true).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "b");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
