//! Columns under construction: one builder a mapped column, filled value by value.

use std::sync::LazyLock;

use polars::chunked_array::builder::CategoricalChunkedBuilder;
use polars::prelude::*;

/// A value as it stands in a row, before the row is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    Null,
    Text(std::borrow::Cow<'a, str>),
    /// Microseconds, days, counts, thousandths of a point, or 0 and 1: as the column's kind says.
    Int(i64),
}

impl Value<'_> {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
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
    Category(CategoricalChunkedBuilder<Categorical32Type>),
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
            Physical::Category => Self::Category(CategoricalChunkedBuilder::new(name, category())),
            Physical::Micros => Self::Micros(PrimitiveChunkedBuilder::new(name, capacity)),
            Physical::Days => Self::Days(PrimitiveChunkedBuilder::new(name, capacity)),
            Physical::Int => Self::Int(PrimitiveChunkedBuilder::new(name, capacity)),
            Physical::Bool => Self::Bool(BooleanChunkedBuilder::new(name, capacity)),
        }
    }

    /// Appends a value of the builder's own kind; any other counts as missing.
    pub fn push(&mut self, value: &Value) -> PolarsResult<()> {
        match self {
            Self::Text(builder) => builder.append_option(value.text()),
            Self::Category(builder) => match value.text() {
                Some(text) => builder.append_str(text)?,
                None => builder.append_null(),
            },
            Self::Micros(builder) => builder.append_option(value.int()),
            Self::Days(builder) | Self::Int(builder) => {
                builder.append_option(value.int().and_then(|v| i32::try_from(v).ok()));
            }
            Self::Bool(builder) => builder.append_option(value.int().map(|v| v != 0)),
        }
        Ok(())
    }

    pub fn finish(self) -> Column {
        match self {
            Self::Text(builder) => builder.finish().into_column(),
            Self::Category(builder) => builder.finish().into_column(),
            Self::Micros(builder) => builder.finish().into_datetime(TimeUnit::Microseconds, None).into_column(),
            Self::Days(builder) => builder.finish().into_date().into_column(),
            Self::Int(builder) => builder.finish().into_column(),
            Self::Bool(builder) => builder.finish().into_column(),
        }
    }
}
