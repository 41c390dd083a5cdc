//! How the columns of a table meet those of the plan.

mod find;

pub use find::{clean, is_blank, place};

use std::collections::BTreeMap;
use std::path::Path;

use super::IngestError;
use super::columns::Physical;
use super::error::Lacking;
use super::quality::FileReport;
use super::values::time::{self, Format};
use crate::plan::{AT_FILE, AT_ROW, AT_SHEET, Dimension, From, Mapping, Source};
use crate::schema::input::{InputColumn, Kind, SourceKind};

/// One column of ours in one table: where it stands and how its cells are read.
#[expect(clippy::struct_excessive_bools, reason = "four independent properties, each asked for by itself")]
#[derive(Debug)]
pub struct Binding<'p> {
    pub name: String,
    pub reads: Reads<'p>,
    /// The cells it is made of; empty where the table does not have it.
    pub cells: Vec<Cell<'p>>,
    /// Text between joined cells.
    pub with: &'p str,
    /// Only rows whose cell of this place is one of these texts have a value: an answer of a long survey.
    pub when: Option<(usize, &'p [String])>,
    /// The column as the file names it, for messages.
    pub theirs: String,
    pub required: bool,
    /// A number by which things are told apart: written narrow, whatever width it was typed in.
    pub narrow: bool,
    /// Used to form other columns, never stored.
    pub hidden: bool,
    /// A mapped column that this table lacks, in whole or in part.
    pub lacking: bool,
    pub line: usize,
}

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'p> {
    /// The cell at this place of the row.
    At(usize),
    /// `@file`, `@sheet`, `@row`.
    File,
    Sheet,
    Row,
    Always(&'p str),
}

impl Binding<'_> {
    /// The column as the plan names it.
    pub fn column(&self) -> &str {
        self.name.trim_start_matches(SCORE).trim_start_matches(CARRY)
    }
}

/// How the text of a cell becomes a value.
#[derive(Debug)]
pub enum Reads<'p> {
    Text,
    Category(Option<&'p BTreeMap<String, String>>),
    /// A category whose words we know ourselves.
    Status(Option<&'p BTreeMap<String, String>>),
    Time(Option<Format>),
    Date(Option<Format>),
    Count,
    Flag,
    Codes(Option<&'p str>),
    Score((f64, f64)),
    /// Orders the versions of a row: whole numbers, or times where there is a format.
    Version(Option<Format>),
}

impl Reads<'_> {
    pub const fn physical(&self) -> Physical {
        match self {
            Self::Text => Physical::Text,
            // A few codes make a few hundred combinations.
            Self::Category(_) | Self::Status(_) | Self::Codes(_) => Physical::Category,
            Self::Time(_) | Self::Version(_) => Physical::Micros,
            Self::Date(_) => Physical::Days,
            Self::Count | Self::Score(_) => Physical::Int,
            Self::Flag => Physical::Bool,
        }
    }
}

/// Prefix of score columns in batches, so that a dimension may have any name.
pub const SCORE: &str = "score:";

/// Prefix of carried columns in batches, so that they may have any name.
pub const CARRY: &str = "carry:";

/// Name of the binding that orders versions; never stored.
pub const LATEST: &str = "latest_by";

/// A file and its header, for binding and its messages.
pub struct Found<'a> {
    pub header: &'a [String],
    pub file: &'a Path,
    pub row: u64,
}

impl Found<'_> {
    /// Where a column stands; two of the same name are an error, for either could be meant.
    fn position(&self, name: &str) -> Result<Option<usize>, IngestError> {
        let mut places = self.header.iter().enumerate().filter(|(_, h)| *h == name).map(|(i, _)| i);
        let first = places.next();
        if let (Some(first), Some(second)) = (first, places.next()) {
            return Err(IngestError::TwoColumns {
                file: self.file.to_owned(),
                name: name.to_owned(),
                first: first + 1,
                second: second + 1,
            });
        }
        Ok(first)
    }

    fn cell<'p>(&self, name: &str) -> Result<Option<Cell<'p>>, IngestError> {
        Ok(match name {
            AT_FILE => Some(Cell::File),
            AT_SHEET => Some(Cell::Sheet),
            AT_ROW => Some(Cell::Row),
            name => self.position(name)?.map(Cell::At),
        })
    }

    /// The first of several names that the table has.
    pub fn first_of<'p, 'n>(&self, names: &'n [String]) -> Result<Option<(Cell<'p>, &'n str)>, IngestError> {
        for name in names {
            if let Some(cell) = self.cell(name)? {
                return Ok(Some((cell, name)));
            }
        }
        Ok(None)
    }

    /// A message that a column which must be there is not.
    pub fn lacks(&self, kind: SourceKind, column: &str, wanted: &[String], line: usize) -> IngestError {
        IngestError::MissingColumn(Box::new(Lacking {
            file: self.file.to_owned(),
            kind,
            column: column.to_owned(),
            wanted: wanted.to_vec(),
            found: self.header.to_vec(),
            row: self.row,
            line,
        }))
    }
}

/// Finds the columns of the plan in the header of a table.
pub fn bind<'p>(source: &'p Source, found: &Found) -> Result<Vec<Binding<'p>>, IngestError> {
    let mut bindings = Vec::new();
    let long = source.is_long();
    for mapping in &source.columns {
        if !(long && matches!(mapping.column.name, "dimension" | "score")) {
            bindings.push(bind_column(source, mapping, found)?);
        }
    }
    let answers = if long { Some(long_answers(source, found)?) } else { None };
    for dimension in &source.dimensions {
        bindings.push(match answers {
            Some((dimension_at, score)) => bind_answer(dimension, dimension_at, score),
            None => bind_dimension(dimension, found)?,
        });
    }
    if let Some(column) = &source.latest_by {
        let wanted = std::slice::from_ref(column);
        let (cell, _) = found.first_of(wanted)?.ok_or_else(|| found.lacks(source.kind, LATEST, wanted, 0))?;
        bindings.push(plain(LATEST, Reads::Version(None), vec![cell], column));
    }
    for column in &source.carry {
        let cell = found.cell(column)?;
        let mut binding = plain(&format!("{CARRY}{column}"), Reads::Text, cell.into_iter().collect(), column);
        binding.lacking = binding.cells.is_empty();
        bindings.push(binding);
    }
    add_derived(source.kind, source.contacts, &mut bindings);
    Ok(bindings)
}

fn plain<'p>(name: &str, reads: Reads<'p>, cells: Vec<Cell<'p>>, theirs: &str) -> Binding<'p> {
    Binding {
        name: name.to_owned(),
        reads,
        cells,
        with: "",
        when: None,
        theirs: theirs.to_owned(),
        required: false,
        narrow: name.ends_with("_id") || matches!(name, "serial_number" | "customer_phone" | "product_model"),
        hidden: name == LATEST,
        lacking: false,
        line: 0,
    }
}

/// Columns that a row gets even where the file has none: `customer_id` from name and phone, `survey_id` from the rest.
fn add_derived(kind: SourceKind, contacts: bool, bindings: &mut Vec<Binding>) {
    let has = |bindings: &[Binding], name: &str| bindings.iter().any(|b| b.name == name);
    match kind {
        SourceKind::Tickets => {
            for binding in bindings.iter_mut().filter(|b| b.name == "customer_name") {
                binding.hidden = !contacts;
            }
            if !has(bindings, "customer_id") && (has(bindings, "customer_name") || has(bindings, "customer_phone")) {
                bindings.push(plain("customer_id", Reads::Text, Vec::new(), ""));
            }
        }
        SourceKind::Surveys => {
            if !has(bindings, "survey_id") {
                bindings.push(plain("survey_id", Reads::Text, Vec::new(), ""));
            }
        }
        SourceKind::Pauses | SourceKind::Staff | SourceKind::Actions | SourceKind::Units => {}
    }
}

/// Whether every row must have a column. A pause begins with its own moment or, in an event log, with that of its event:
/// whichever is mapped.
fn is_required(kind: SourceKind, column: &InputColumn) -> bool {
    column.required || kind == SourceKind::Pauses && matches!(column.name, "paused_at" | "event_at")
}

fn bind_column<'p>(source: &'p Source, mapping: &'p Mapping, found: &Found) -> Result<Binding<'p>, IngestError> {
    let mut cells = Vec::new();
    let (mut with, mut theirs) = ("", String::new());
    let mut lacking = false;
    match &mapping.from {
        From::FirstOf(names) => match found.first_of(names)? {
            Some((cell, name)) => {
                cells.push(cell);
                name.clone_into(&mut theirs);
            }
            None => lacking = true,
        },
        From::Joined { columns, with: between } => {
            with = between;
            theirs = columns.join(between);
            for name in columns {
                cells.extend(found.cell(name)?);
            }
            lacking = cells.len() < columns.len();
        }
        From::Always(text) => cells.push(Cell::Always(text)),
    }
    if cells.is_empty() && is_required(source.kind, mapping.column) {
        return Err(found.lacks(source.kind, mapping.column.name, wanted(&mapping.from), mapping.line));
    }
    let reads = reads(source, mapping);
    let mut binding = plain(mapping.column.name, reads, cells, &theirs);
    binding.with = with;
    binding.required = is_required(source.kind, mapping.column);
    binding.lacking = lacking;
    binding.line = mapping.line;
    Ok(binding)
}

fn reads<'p>(source: &'p Source, mapping: &'p Mapping) -> Reads<'p> {
    // The plan has checked the format, so an unknown specifier cannot get here.
    let format = mapping.format.as_deref().and_then(time::given);
    let name = mapping.column.name;
    match mapping.column.kind {
        Kind::Text => Reads::Text,
        Kind::Category if name == "status" && matches!(source.kind, SourceKind::Tickets | SourceKind::Actions) => {
            Reads::Status(source.values.get(name))
        }
        Kind::Category => Reads::Category(source.values.get(name)),
        Kind::Time => Reads::Time(format),
        Kind::Date => Reads::Date(format),
        Kind::Count => Reads::Count,
        Kind::Flag => Reads::Flag,
        Kind::Codes => Reads::Codes(mapping.separator.as_deref()),
    }
}

/// Where a long survey has its dimensions, and its scores with the name of their column.
fn long_answers<'p>(source: &'p Source, found: &Found) -> Result<(usize, (Cell<'p>, &'p str)), IngestError> {
    let column = |name: &str| -> Result<(Cell<'p>, &'p str), IngestError> {
        let Some(mapping) = source.mapping(name) else { return Ok((Cell::Row, "")) };
        let names = wanted(&mapping.from);
        found.first_of(names)?.ok_or_else(|| found.lacks(source.kind, name, names, mapping.line))
    };
    let score = column("score")?;
    match column("dimension")? {
        (Cell::At(place), _) => Ok((place, score)),
        _ => Err(found.lacks(source.kind, "dimension", &[], 0)),
    }
}

/// A dimension of a long survey: the score of the rows that name it.
fn bind_answer<'p>(dimension: &'p Dimension, dimension_at: usize, score: (Cell<'p>, &str)) -> Binding<'p> {
    let name = format!("{SCORE}{}", dimension.name);
    let mut binding = plain(&name, Reads::Score(dimension.scale), vec![score.0], score.1);
    binding.when = Some((dimension_at, &dimension.columns));
    binding.line = dimension.line;
    binding
}

fn bind_dimension<'p>(dimension: &'p Dimension, found: &Found) -> Result<Binding<'p>, IngestError> {
    let place = found.first_of(&dimension.columns)?;
    let theirs = place.map_or("", |(_, name)| name);
    let cells = place.iter().map(|(cell, _)| *cell).collect();
    let mut binding = plain(&format!("{SCORE}{}", dimension.name), Reads::Score(dimension.scale), cells, theirs);
    binding.line = dimension.line;
    binding.lacking = binding.cells.is_empty();
    Ok(binding)
}

fn wanted(from: &From) -> &[String] {
    match from {
        From::FirstOf(names) | From::Joined { columns: names, .. } => names,
        From::Always(_) => &[],
    }
}

/// Of alternatives one is enough; of joined columns each must be somewhere.
fn each_needed(from: &From) -> Vec<&[String]> {
    match from {
        From::FirstOf(names) => vec![names],
        From::Joined { columns, .. } => columns.chunks(1).collect(),
        From::Always(_) => Vec::new(),
    }
}

/// A mapped column that no table of the source has is a mistake in the plan; one that some tables lack is not.
pub fn require_columns(source: &Source, files: &[FileReport]) -> Result<(), IngestError> {
    let Some(first) = files.iter().find(|f| !f.header.is_empty()) else { return Ok(()) };
    let mut missing = Vec::new();
    let has = |f: &FileReport, name: &String| name.starts_with('@') || f.header.contains(name);
    let nowhere = |names: &[String]| !files.iter().any(|f| names.iter().any(|n| has(f, n)));
    let columns = source
        .columns
        .iter()
        .flat_map(|m| each_needed(&m.from).into_iter().map(|names| (m.column.name, names, m.line)));
    let dimensions = source.dimensions.iter().filter(|_| !source.is_long());
    let dimensions = dimensions.map(|d| (d.name.as_str(), d.columns.as_slice(), d.line));
    let carried = source.carry.iter().map(|c| ("carry", std::slice::from_ref(c), 0));
    for (column, names, line) in columns.chain(dimensions).chain(carried) {
        if nowhere(names) {
            missing.push(Lacking {
                file: first.path.clone(),
                kind: source.kind,
                column: column.to_owned(),
                wanted: names.to_vec(),
                found: first.header.clone(),
                row: first.header_row,
                line,
            });
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(IngestError::ColumnsNowhere(missing)) }
}
