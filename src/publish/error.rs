//! What can keep the output from being written.

use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("{} cannot be written: {reason}.\n  The previous output is untouched.", .path.display())]
    Write { path: PathBuf, reason: String },

    #[error("{} cannot be written: {reason}.", .path.display())]
    Text { path: PathBuf, reason: String },

    #[error("what was written is in place, but {} cannot be tidied up: {reason}.", .path.display())]
    After { path: PathBuf, reason: String },

    #[error("chart {name} cannot be drawn: {reason}")]
    Chart { name: &'static str, reason: String },

    #[error("table {table} does not fit its schema: {reason}")]
    Table { table: String, reason: String },
}

impl PublishError {
    pub fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| {
            let reason = match error.kind() {
                io::ErrorKind::PermissionDenied => "permission denied; choose another folder with --out".to_owned(),
                io::ErrorKind::StorageFull => {
                    "the disk is full; free some space, or choose another folder with --out".to_owned()
                }
                io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                    "a file is in the way of the folder".to_owned()
                }
                _ => error.to_string(),
            };
            Self::Write { path, reason }
        }
    }

    /// A failure after what was written has taken its place.
    pub fn after(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::After { path, reason: error.to_string() }
    }

    pub fn table(name: &str) -> impl FnOnce(polars::error::PolarsError) -> Self {
        let table = name.to_owned();
        move |error| Self::Table { table, reason: error.to_string() }
    }
}
