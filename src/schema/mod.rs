//! The vocabulary: every input column, fact and shared table column, with its type, unit and labels.
//!
//! Nothing here computes. The other rooms refer to these statics, so that a name, a type or a label is written once.

pub mod facts;
pub mod input;
mod names;
pub mod quality;
pub mod rules;
pub mod shared;
pub mod synonyms;

pub use self::names::hold;

use arrow::datatypes::{DataType as Arrow, TimeUnit};

/// The physical types a published column may have. BI readers load all of them as plain columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    Text,
    Bool,
    Int32,
    Int64,
    Double,
    Date,
    /// Wall-clock microseconds of the pipeline's time zone, without zone.
    Timestamp,
}

impl Type {
    /// How such a column stands in a file.
    pub const fn arrow(self) -> Arrow {
        match self {
            Self::Text => Arrow::Utf8,
            Self::Bool => Arrow::Boolean,
            Self::Int32 => Arrow::Int32,
            Self::Int64 => Arrow::Int64,
            Self::Double => Arrow::Float64,
            Self::Date => Arrow::Date32,
            Self::Timestamp => Arrow::Timestamp(TimeUnit::Microsecond, None),
        }
    }

    /// The name used in `data_dictionary` and in the documentation; the Parquet type of the column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "STRING",
            Self::Bool => "BOOLEAN",
            Self::Int32 => "INT32",
            Self::Int64 => "INT64",
            Self::Double => "DOUBLE",
            Self::Date => "DATE",
            Self::Timestamp => "TIMESTAMP",
        }
    }
}

/// A text in the two languages of charts, report and dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    pub zh: &'static str,
    pub en: &'static str,
}

impl Label {
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.zh,
            Language::En => self.en,
        }
    }
}

/// Language of everything that a reader sees outside the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Zh,
    En,
}

/// One column of a published table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub dtype: Type,
    /// `s`, `share`, `points`, `tickets`, …; empty where a unit makes no sense.
    pub unit: &'static str,
    pub label: Label,
    pub doc: &'static str,
}

impl Column {
    /// The same column under another description, for tables that mean it more narrowly.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }
}

/// Shorthand that keeps column lists one line a column.
pub const fn column(
    name: &'static str,
    dtype: Type,
    unit: &'static str,
    zh: &'static str,
    en: &'static str,
    doc: &'static str,
) -> Column {
    Column { name, dtype, unit, label: Label { zh, en }, doc }
}

/// One published table: what a row stands for and which columns it has, in order.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    pub label: Label,
    /// What one row stands for.
    pub grain: &'static str,
    pub columns: &'static [Column],
}
