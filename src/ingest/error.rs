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

    #[error(
        "{} cannot hold the rows that wait while the dumps are read: {reason}.\n  Make room there, or choose another folder: with --out, or for commands that write nothing with the environment variable TMPDIR.",
        .folder.display()
    )]
    Aside { folder: PathBuf, reason: String },

    #[error("{0}")]
    AmbiguousTimes(Box<Ambiguous>),

    #[error("{0}")]
    Failing(Box<Failing>),

    #[error("no review can be made of {}: {reason}.\n  {advice}", .folder.display())]
    Facts { folder: PathBuf, reason: String, advice: &'static str },

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
    /// Row of the header.
    pub row: u64,
    /// Line of the pipeline file.
    pub line: usize,
}

/// All columns that no file of a source has, each with its line and what may have been meant.
fn nowhere(columns: &[Lacking]) -> String {
    let line = |c: &Lacking| {
        let (column, line, wanted) = (&c.column, c.line, c.wanted.join(", "));
        format!(
            "\n  `{column}`{}: {wanted}{}",
            if line > 0 { format!(" (line {line})") } else { String::new() },
            c.near().map_or_else(String::new, |n| format!("; did you mean {n:?}?"))
        )
    };
    let kind = columns.first().map_or("", |c| c.kind.name());
    let found = columns.first().map_or_else(String::new, |c| listed(&c.found));
    let row = columns.first().map_or(1, |c| c.row);
    let lines: String = columns.iter().map(line).collect();
    format!(
        "no file of sources.{kind} has these columns that the pipeline names:{lines}\n  The first file has in row {row}: {found}.\n  \
         Correct the names, or take the lines out of the pipeline."
    )
}

/// Names of columns as a message shows them: not more than a reader reads.
fn listed(names: &[String]) -> String {
    const MOST: usize = 60;
    const LONGEST: usize = 40;
    let short = |name: &String| match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.clone(),
    };
    let shown: Vec<String> = names.iter().take(MOST).map(short).collect();
    let more = names.len().saturating_sub(MOST);
    shown.join(", ") + &if more > 0 { format!(", … and {more} more") } else { String::new() }
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
        let (wanted, found) = (self.wanted.join(", "), listed(&self.found));
        let place = if self.line > 0 { format!(" (line {})", self.line) } else { String::new() };
        format!("The pipeline{place} names: {wanted}.\n  The file has in row {}: {found}.{hint}", self.row)
    }
}

/// Times that can be read in two ways.
#[derive(Debug)]
pub struct Ambiguous {
    pub file: PathBuf,
    pub column: String,
    pub sample: String,
    /// The readings, two at least: the date, and the format that gives it.
    pub readings: Vec<(String, String)>,
    /// Line of the pipeline file.
    pub line: usize,
}

impl std::fmt::Display for Ambiguous {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self { column, sample, line, readings, .. } = self;
        let file = self.file.display();
        let or = |texts: Vec<String>| texts.join(" or ");
        let dates = or(readings.iter().map(|(date, _)| date.clone()).collect());
        let formats = or(readings.iter().map(|(_, format)| format!("format = {format:?}")).collect());
        writeln!(f, "{file}, column {column:?}: day and month cannot be told apart; {sample:?} may be {dates}.")?;
        write!(f, "  Give the format in the pipeline (line {line}): {{ column = {column:?}, … }} with {formats}.")
    }
}

/// A column, or the shape of the rows, that fails on most rows of a table.
#[derive(Debug)]
pub struct Failing {
    pub file: PathBuf,
    pub kind: SourceKind,
    /// Our column; `None` where rows are wrong as a whole.
    pub column: Option<String>,
    /// Their name for it.
    pub theirs: Option<String>,
    pub failed: u64,
    pub rows: u64,
    /// Row, value and what is wrong with it.
    pub examples: Vec<(u64, Option<String>, String)>,
    /// Line of the pipeline file.
    pub line: usize,
}

impl std::fmt::Display for Failing {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let (file, failed, rows) = (self.file.display(), self.failed, self.rows);
        match (&self.column, &self.theirs) {
            (Some(ours), Some(theirs)) => {
                writeln!(f, "{file}: the column {theirs:?} is not what `{ours}` needs in {failed} of {rows} rows.")?;
            }
            _ => writeln!(f, "{file}: {failed} of {rows} rows cannot be used.")?,
        }
        for (row, value, message) in &self.examples {
            let value = value.as_ref().map_or_else(String::new, |v| format!(" {v:?}"));
            writeln!(f, "    row {row}:{value} {message}")?;
        }
        let place = if self.line > 0 { format!(" (line {})", self.line) } else { String::new() };
        match (&self.column, self.examples.iter().any(|(_, value, _)| value.is_some())) {
            (Some(_), true) => write!(
                f,
                "  The header does not match what stands below it, or the pipeline{place} maps the wrong column.\n  \
                 Map another column, or give its `format` or `scale`; to use the rows without these cells, write \
                 [quality.rules] unparseable = \"warning\"."
            ),
            (Some(_), false) => write!(
                f,
                "  If these rows are meant to have none, leave them out: [sources.{}.where] {:?} = {{ filled = true }}.\n  \
                 Else map another column{place}.",
                self.kind.name(),
                self.theirs.as_deref().unwrap_or_default()
            ),
            (None, _) => write!(
                f,
                "  The header or the separator does not fit the rows; name `header_row` or `separator` in [sources.{}].",
                self.kind.name()
            ),
        }
    }
}
