//! Which files a source has, and in which order.

use std::path::PathBuf;

use super::IngestError;
use crate::plan::Source;

/// The files of a source: pattern by pattern, each sorted by path, none twice.
pub fn expand(source: &Source) -> Result<Vec<PathBuf>, IngestError> {
    let mut files: Vec<PathBuf> = Vec::new();
    for pattern in &source.files {
        let shown = pattern.display().to_string();
        let matches = glob::glob(&shown).map_err(|e| IngestError::BadPattern {
            kind: source.kind,
            pattern: shown.clone(),
            reason: e.msg.to_owned(),
        })?;
        let mut found = Vec::new();
        for entry in matches {
            let path = entry
                .map_err(|e| IngestError::Unreadable { file: e.path().to_owned(), reason: e.error().to_string() })?;
            found.push(path);
        }
        if found.is_empty() {
            return Err(IngestError::NoFiles { kind: source.kind, pattern: shown });
        }
        found.sort();
        for path in found {
            if !files.contains(&path) {
                files.push(path);
            }
        }
    }
    Ok(files)
}
