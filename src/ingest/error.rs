//! What can keep dumps from being read. Each message says what is wrong, where, and what to do.

use std::path::PathBuf;

use crate::schema::input::SourceKind;

/// A failure that ends the run: input unreadable or without a required column.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error("no file matches {pattern} (sources.{}.files).\n  Check the folder and the pattern; paths are relative to the pipeline file.", .kind.name())]
    NoFiles { kind: SourceKind, pattern: String },

    #[error("the pattern {pattern} (sources.{}.files) cannot be understood: {reason}.", .kind.name())]
    BadPattern { kind: SourceKind, pattern: String, reason: String },

    #[error("{} cannot be read: {reason}.", .file.display())]
    Unreadable { file: PathBuf, reason: String },

    #[error(
        "{} is neither UTF-8 nor GB18030: the byte at offset {offset} fits neither.\n  Save the file as UTF-8 (in Excel: \"CSV UTF-8\") and run again.",
        .file.display()
    )]
    Encoding { file: PathBuf, offset: u64 },

    #[error("{} is empty: not even a header.\n  Export it again, or take it out of sources.{}.files.", .file.display(), .kind.name())]
    Empty { file: PathBuf, kind: SourceKind },

    #[error(
        "{} has no column for `{column}`, which sources.{} needs.\n  The pipeline (line {line}) names: {wanted}.\n  The file has: {found}.{hint}",
        .file.display(), .kind.name()
    )]
    MissingColumn {
        file: PathBuf,
        kind: SourceKind,
        column: String,
        wanted: String,
        found: String,
        line: usize,
        hint: String,
    },

    #[error(
        "no file of sources.{} has a column for `{column}`.\n  The pipeline (line {line}) names: {wanted}.\n  The first file has: {found}.{hint}\n  Correct the name, or take the line out of the pipeline.",
        .kind.name()
    )]
    ColumnNowhere { kind: SourceKind, column: String, wanted: String, found: String, line: usize, hint: String },

    #[error(
        "{} has two columns named {name:?} (columns {first} and {second}), and the pipeline maps that name.\n  Rename one of them.",
        .file.display()
    )]
    TwoColumns { file: PathBuf, name: String, first: usize, second: usize },

    #[error(
        "{}, column {column:?}: these are not times as we know them, for example {samples}.\n  Give the format in the pipeline (line {line}), for example {{ column = {column:?}, format = \"%d.%m.%Y %H:%M\" }}.",
        .file.display()
    )]
    UnknownTimes { file: PathBuf, column: String, samples: String, line: usize },

    #[error(
        "{}, column {column:?}: day and month cannot be told apart; {sample:?} may be {first} or {second}.\n  Give the format in the pipeline (line {line}): {{ column = {column:?}, format = {first_format:?} }} or format = {second_format:?}.",
        .file.display()
    )]
    AmbiguousTimes {
        file: PathBuf,
        column: String,
        sample: String,
        first: String,
        second: String,
        first_format: String,
        second_format: String,
        line: usize,
    },

    #[error(transparent)]
    Engine(#[from] polars::error::PolarsError),

    #[error("{0}")]
    Calendar(String),
}
