//! A pipeline drafted from dumps.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::ReviewError;
use crate::draft::{self, Draft};
use crate::ingest::peek;
use crate::{plan, publish};

/// Looks into the files and drafts a pipeline that is to lie at `path`. `today` stands in where no file tells a time.
///
/// # Errors
/// A file cannot be read, or nothing in them can be reviewed.
pub fn draft(files: &[PathBuf], path: &Path, today: NaiveDate) -> Result<Draft, ReviewError> {
    let mut peeks = Vec::new();
    for file in peek::expand(files)? {
        peeks.extend(peek::peek(&file)?);
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().unwrap_or(&absolute);
    let draft = draft::draft(&peeks, folder, today).map_err(ReviewError::NothingToDraft)?;
    // A draft that its own reader refuses is a mistake of the program, and better known here than later.
    match plan::parse(&draft.text, path) {
        Ok(_) => Ok(draft),
        Err(errors) => Err(ReviewError::BadDraft(errors.render(false))),
    }
}

/// Writes a draft; a file that is there already is only replaced if `force` says so.
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn save_draft(path: &Path, text: &str, force: bool) -> Result<(), ReviewError> {
    Ok(publish::text::save(path, text, force)?)
}
