//! How the columns of a file meet those of the plan.

use std::path::Path;

use super::IngestError;
use super::columns::Physical;
use super::error::Lacking;
use super::quality::FileReport;
use super::values::time::{self, Format};
use crate::plan::{Dimension, From, Mapping, Source};
use crate::schema::input::{Kind, SourceKind};

/// One column of ours in one file: where it stands and how its cells are read.
#[derive(Debug)]
pub struct Binding<'p> {
    pub name: String,
    pub reads: Reads<'p>,
    /// Positions of the fields it is made of, in the file; empty where the file does not have it.
    pub fields: Vec<usize>,
    /// Text between joined fields.
    pub with: &'p str,
    /// The column as the file names it, for messages.
    pub theirs: String,
    pub required: bool,
    /// Used to form other columns, never stored.
    pub hidden: bool,
    /// A mapped column that this file lacks, in whole or in part.
    pub lacking: bool,
    pub line: usize,
}

impl Binding<'_> {
    /// The column as the plan names it.
    pub fn column(&self) -> &str {
        self.name.trim_start_matches(SCORE)
    }
}

/// How the text of a cell becomes a value.
#[derive(Debug)]
pub enum Reads<'p> {
    Text,
    Category(Option<&'p std::collections::BTreeMap<String, String>>),
    Time(Option<Format>),
    Date(Option<Format>),
    Count,
    Flag,
    Codes(Option<&'p str>),
    Score((f64, f64)),
    /// Orders the versions of a row.
    Version,
}

impl Reads<'_> {
    pub const fn physical(&self) -> Physical {
        match self {
            Self::Text => Physical::Text,
            // A few codes make a few hundred combinations.
            Self::Category(_) | Self::Codes(_) => Physical::Category,
            Self::Time(_) | Self::Version => Physical::Micros,
            Self::Date(_) => Physical::Days,
            Self::Count | Self::Score(_) => Physical::Int,
            Self::Flag => Physical::Bool,
        }
    }
}

/// Prefix of score columns in batches, so that a dimension may have any name.
pub const SCORE: &str = "score:";

/// Name of the binding that orders versions; never stored.
pub const LATEST: &str = "latest_by";

/// Finds the columns of the plan in the header of a file.
pub fn bind<'p>(source: &'p Source, header: &[String], file: &Path) -> Result<Vec<Binding<'p>>, IngestError> {
    let mut bindings = Vec::new();
    for mapping in &source.columns {
        bindings.push(bind_column(source, mapping, header, file)?);
    }
    for dimension in &source.dimensions {
        bindings.push(bind_dimension(dimension, header, file)?);
    }
    if let Some(column) = &source.latest_by {
        let position = position(header, column, file)?.ok_or_else(|| {
            IngestError::MissingColumn(Box::new(Lacking {
                file: file.to_owned(),
                kind: source.kind,
                column: LATEST.to_owned(),
                wanted: vec![column.clone()],
                found: header.to_vec(),
                line: 0,
            }))
        })?;
        bindings.push(plain(LATEST, Reads::Version, vec![position], column));
    }
    add_derived(source.kind, &mut bindings);
    Ok(bindings)
}

fn plain<'p>(name: &str, reads: Reads<'p>, fields: Vec<usize>, theirs: &str) -> Binding<'p> {
    Binding {
        name: name.to_owned(),
        reads,
        fields,
        with: "",
        theirs: theirs.to_owned(),
        required: false,
        hidden: name == LATEST,
        lacking: false,
        line: 0,
    }
}

/// Columns that a row gets even where the file has none: `customer_id` from name and phone, `survey_id` from the rest.
fn add_derived(kind: SourceKind, bindings: &mut Vec<Binding>) {
    let has = |bindings: &[Binding], name: &str| bindings.iter().any(|b| b.name == name);
    match kind {
        SourceKind::Tickets => {
            for binding in bindings.iter_mut().filter(|b| matches!(b.name.as_str(), "customer_name" | "customer_phone"))
            {
                binding.hidden = true;
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
        SourceKind::Staff => {}
    }
}

fn bind_column<'p>(
    source: &'p Source,
    mapping: &'p Mapping,
    header: &[String],
    file: &Path,
) -> Result<Binding<'p>, IngestError> {
    let mut fields = Vec::new();
    let (mut with, mut theirs) = ("", String::new());
    match &mapping.from {
        From::FirstOf(names) => {
            for name in names {
                if let Some(found) = position(header, name, file)? {
                    fields.push(found);
                    theirs.clone_from(name);
                    break;
                }
            }
        }
        From::Joined { columns, with: between } => {
            with = between;
            theirs = columns.join(between);
            for name in columns {
                fields.extend(position(header, name, file)?);
            }
        }
    }
    if fields.is_empty() && mapping.column.required {
        return Err(IngestError::MissingColumn(Box::new(Lacking {
            file: file.to_owned(),
            kind: source.kind,
            column: mapping.column.name.to_owned(),
            wanted: wanted(&mapping.from).to_vec(),
            found: header.to_vec(),
            line: mapping.line,
        })));
    }
    // The plan has checked the format, so an unknown specifier cannot get here.
    let format = mapping.format.as_deref().and_then(time::given);
    let name = mapping.column.name;
    let reads = match mapping.column.kind {
        Kind::Text => Reads::Text,
        Kind::Category => Reads::Category(source.values.get(name)),
        Kind::Time => Reads::Time(format),
        Kind::Date => Reads::Date(format),
        Kind::Count => Reads::Count,
        Kind::Flag => Reads::Flag,
        Kind::Codes => Reads::Codes(mapping.separator.as_deref()),
    };
    let required = mapping.column.required;
    let lacking = match &mapping.from {
        From::FirstOf(_) => fields.is_empty(),
        From::Joined { columns, .. } => fields.len() < columns.len(),
    };
    Ok(Binding {
        name: name.to_owned(),
        reads,
        fields,
        with,
        theirs,
        required,
        hidden: false,
        lacking,
        line: mapping.line,
    })
}

fn bind_dimension<'p>(dimension: &'p Dimension, header: &[String], file: &Path) -> Result<Binding<'p>, IngestError> {
    let mut fields = Vec::new();
    let mut theirs = String::new();
    for name in &dimension.columns {
        if let Some(found) = position(header, name, file)? {
            fields.push(found);
            theirs.clone_from(name);
            break;
        }
    }
    let mut binding = plain(&format!("{SCORE}{}", dimension.name), Reads::Score(dimension.scale), fields, &theirs);
    binding.line = dimension.line;
    binding.lacking = binding.fields.is_empty();
    Ok(binding)
}

fn wanted(from: &From) -> &[String] {
    match from {
        From::FirstOf(names) | From::Joined { columns: names, .. } => names,
    }
}

/// Where a column stands; two of the same name are an error, for either could be meant.
fn position(header: &[String], name: &str, file: &Path) -> Result<Option<usize>, IngestError> {
    let mut places = header.iter().enumerate().filter(|(_, h)| *h == name).map(|(i, _)| i);
    let first = places.next();
    if let (Some(first), Some(second)) = (first, places.next()) {
        return Err(IngestError::TwoColumns {
            file: file.to_owned(),
            name: name.to_owned(),
            first: first + 1,
            second: second + 1,
        });
    }
    Ok(first)
}

/// Of alternatives one is enough; of joined columns each must be somewhere.
fn each_needed(from: &From) -> Vec<&[String]> {
    match from {
        From::FirstOf(names) => vec![names],
        From::Joined { columns, .. } => columns.chunks(1).collect(),
    }
}

/// A mapped column that no file of the source has is a mistake in the plan; one that some files lack is not.
pub fn require_columns(source: &Source, files: &[FileReport]) -> Result<(), IngestError> {
    let Some(first) = files.first() else { return Ok(()) };
    let mut missing = Vec::new();
    let nowhere = |names: &[String]| files.iter().all(|f| !names.iter().any(|n| f.header.contains(n)));
    let columns = source
        .columns
        .iter()
        .flat_map(|m| each_needed(&m.from).into_iter().map(|names| (m.column.name, names, m.line)));
    let dimensions = source.dimensions.iter().map(|d| (d.name.as_str(), d.columns.as_slice(), d.line));
    for (column, names, line) in columns.chain(dimensions) {
        if nowhere(names) {
            missing.push(Lacking {
                file: first.path.clone(),
                kind: source.kind,
                column: column.to_owned(),
                wanted: names.to_vec(),
                found: first.header.clone(),
                line,
            });
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(IngestError::ColumnsNowhere(missing)) }
}
