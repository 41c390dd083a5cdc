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
        "{} has no column for `{}`, which sources.{} needs.\n  {}",
        .0.file.display(), .0.column, .0.kind.name(), .0.names()
    )]
    MissingColumn(Box<Lacking>),

    #[error("{}", nowhere(.0))]
    ColumnsNowhere(Vec<Lacking>),

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

    #[error("{0}")]
    AmbiguousTimes(Box<Ambiguous>),

    #[error(transparent)]
    Engine(#[from] polars::error::PolarsError),

    #[error("{0}")]
    Calendar(String),
}

/// A mapped column that is not there.
#[derive(Debug)]
pub struct Lacking {
    pub file: PathBuf,
    pub kind: SourceKind,
    pub column: String,
    /// Names that the pipeline gives.
    pub wanted: Vec<String>,
    /// Names that the file has.
    pub found: Vec<String>,
    /// Line of the pipeline file.
    pub line: usize,
}

/// All columns that no file of a source has, each with its line and what may have been meant.
fn nowhere(columns: &[Lacking]) -> String {
    let line = |c: &Lacking| {
        let (column, line, wanted) = (&c.column, c.line, c.wanted.join(", "));
        format!(
            "\n  `{column}` (line {line}): {wanted}{}",
            c.near().map_or_else(String::new, |n| format!("; did you mean {n:?}?"))
        )
    };
    let kind = columns.first().map_or("", |c| c.kind.name());
    let found = columns.first().map_or_else(String::new, |c| c.found.join(", "));
    let lines: String = columns.iter().map(line).collect();
    format!(
        "no file of sources.{kind} has these columns that the pipeline names:{lines}\n  The first file has in row 1: {found}.\n  \
         Correct the names, or take the lines out of the pipeline."
    )
}

impl Lacking {
    /// The column of the file that was most likely meant.
    fn near(&self) -> Option<&String> {
        let pairs =
            self.wanted.iter().flat_map(|name| self.found.iter().map(move |h| (strsim::jaro_winkler(name, h), h)));
        let best = pairs.filter(|(score, _)| *score > 0.75).max_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|(_, name)| name)
    }

    fn names(&self) -> String {
        let hint = self.near().map_or_else(String::new, |name| format!("\n  Did you mean {name:?}?"));
        let (wanted, found) = (self.wanted.join(", "), self.found.join(", "));
        let place = if self.line > 0 { format!(" (line {})", self.line) } else { String::new() };
        let hint = self.other_separator().unwrap_or(hint);
        format!("The pipeline{place} names: {wanted}.\n  The file has in row 1: {found}.{hint}")
    }

    /// A header that is a single field was most likely written with another separator.
    fn other_separator(&self) -> Option<String> {
        let [header] = self.found.as_slice() else { return None };
        let (_, name) =
            [('\t', "tabs"), (';', "semicolons"), ('|', "bars")].into_iter().find(|(c, _)| header.contains(*c))?;
        Some(format!("\n  The fields seem to be separated by {name}; save the file with commas."))
    }
}

/// Times that can be read in two ways.
#[derive(Debug)]
pub struct Ambiguous {
    pub file: PathBuf,
    pub column: String,
    pub sample: String,
    /// The two readings: the date, and the format that gives it.
    pub readings: [(String, String); 2],
    /// Line of the pipeline file.
    pub line: usize,
}

impl std::fmt::Display for Ambiguous {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self { column, sample, line, readings: [(first, one), (second, other)], .. } = self;
        let file = self.file.display();
        writeln!(
            f,
            "{file}, column {column:?}: day and month cannot be told apart; {sample:?} may be {first} or {second}."
        )?;
        write!(
            f,
            "  Give the format in the pipeline (line {line}): {{ column = {column:?}, format = {one:?} }} or format = {other:?}."
        )
    }
}
