//! Columns under construction: one builder a mapped column, filled value by value.

use std::sync::{Arc, LazyLock};

use polars::chunked_array::builder::CategoricalChunkedBuilder;
use polars::prelude::*;

/// A value as it stands in a row, before the row is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    Null,
    Text(std::borrow::Cow<'a, str>),
    /// A text of the [`Dictionary`], by its code.
    Word(u32),
    /// Microseconds, days, counts, thousandths of a point, or 0 and 1: as the column's kind says.
    Int(i64),
}

impl Value<'_> {
    pub fn text<'v>(&'v self, dictionary: &'v Dictionary) -> Option<&'v str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Word(code) => Some(dictionary.text(*code)),
            Self::Null | Self::Int(_) => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }
}

/// The texts of all category columns of the process.
#[derive(Debug, Clone)]
pub struct Dictionary(Arc<CategoricalMapping>);

impl Dictionary {
    pub fn new() -> Self {
        // Held from here on, for a dictionary that nobody holds is forgotten.
        Self(Categories::global().mapping())
    }

    /// The code of a text; none where there are too many.
    pub fn code(&self, text: &str) -> Option<u32> {
        self.0.insert_cat(text).ok()
    }

    pub fn text(&self, code: u32) -> &str {
        self.0.cat_to_str(code).unwrap_or_default()
    }
}

/// The column types of a batch inside a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Physical {
    Text,
    /// Few distinct values: stored as small integers with a shared dictionary.
    Category,
    Micros,
    Days,
    Int,
    Bool,
}

/// Fills one column.
pub enum Builder {
    Text(StringChunkedBuilder),
    Category(CategoricalChunkedBuilder<Categorical32Type>, Dictionary),
    Micros(PrimitiveChunkedBuilder<Int64Type>),
    Days(PrimitiveChunkedBuilder<Int32Type>),
    Int(PrimitiveChunkedBuilder<Int32Type>),
    Bool(BooleanChunkedBuilder),
}

/// The type of category columns: one dictionary for the whole process, so that columns join and stack freely. It is held
/// here, for a dictionary that nobody holds is forgotten, and with it what the codes of rows on the shelf mean.
pub fn category() -> DataType {
    static TYPE: LazyLock<DataType> = LazyLock::new(|| DataType::from_categories(Categories::global()));
    TYPE.clone()
}

impl Builder {
    pub fn new(name: &str, physical: Physical, capacity: usize) -> Self {
        let name = PlSmallStr::from_str(name);
        match physical {
            Physical::Text => Self::Text(StringChunkedBuilder::new(name, capacity)),
            Physical::Category => {
                let dictionary = Dictionary::new();
                let mut builder = CategoricalChunkedBuilder::new(name, category());
                builder.reserve(capacity);
                Self::Category(builder, dictionary)
            }
            Physical::Micros => Self::Micros(PrimitiveChunkedBuilder::new(name, capacity)),
            Physical::Days => Self::Days(PrimitiveChunkedBuilder::new(name, capacity)),
            Physical::Int => Self::Int(PrimitiveChunkedBuilder::new(name, capacity)),
            Physical::Bool => Self::Bool(BooleanChunkedBuilder::new(name, capacity)),
        }
    }

    /// Appends a value of the builder's own kind; any other counts as missing.
    pub fn push(&mut self, value: &Value) -> PolarsResult<()> {
        match (self, value) {
            (Self::Text(builder), Value::Text(text)) => builder.append_value(text.as_ref()),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Category(builder, dictionary), Value::Word(code)) => builder.append_cat(*code, &dictionary.0)?,
            (Self::Category(builder, _), Value::Text(text)) => builder.append_str(text)?,
            (Self::Category(builder, _), _) => builder.append_null(),
            (Self::Micros(builder), value) => builder.append_option(value.int()),
            (Self::Days(builder) | Self::Int(builder), value) => {
                builder.append_option(value.int().and_then(|v| i32::try_from(v).ok()));
            }
            (Self::Bool(builder), value) => builder.append_option(value.int().map(|v| v != 0)),
        }
        Ok(())
    }

    pub fn finish(self) -> Column {
        match self {
            Self::Text(builder) => builder.finish().into_column(),
            Self::Category(builder, _) => builder.finish().into_column(),
            Self::Micros(builder) => builder.finish().into_datetime(TimeUnit::Microseconds, None).into_column(),
            Self::Days(builder) => builder.finish().into_date().into_column(),
            Self::Int(builder) => builder.finish().into_column(),
            Self::Bool(builder) => builder.finish().into_column(),
        }
    }
}
