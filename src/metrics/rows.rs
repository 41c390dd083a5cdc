//! Building a table row by row, in the order of its declared columns.

use polars::prelude::*;

use crate::schema::{Table, Type};

/// One cell of a published table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Text(String),
    Bool(bool),
    Int(i64),
    Double(f64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or(Self::Null, Self::Int)
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or(Self::Null, Self::Int)
    }
}

impl From<f64> for Cell {
    /// A figure that is not a number is no figure.
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Double(value) } else { Self::Null }
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The table of these rows. Rows must have a cell of the right type for every column of the schema.
///
/// # Errors
/// A row that does not fit its schema: a mistake of the metric.
pub fn table(schema: &Table, rows: impl IntoIterator<Item = Vec<Cell>>) -> PolarsResult<DataFrame> {
    let rows = rows.into_iter();
    let mut building = Building::new(schema, rows.size_hint().0)?;
    for row in rows {
        building.push(row)?;
    }
    building.finish()
}

/// A table that is being built, row by row.
pub struct Building<'a> {
    schema: &'a Table,
    height: usize,
    columns: Vec<Builder>,
}

enum Builder {
    Text(StringChunkedBuilder),
    Bool(BooleanChunkedBuilder),
    Int32(PrimitiveChunkedBuilder<Int32Type>),
    Int64(PrimitiveChunkedBuilder<Int64Type>),
    Double(PrimitiveChunkedBuilder<Float64Type>),
    /// Days since 1970-01-01.
    Date(PrimitiveChunkedBuilder<Int32Type>),
}

impl<'a> Building<'a> {
    /// A table without rows, with room for so many.
    ///
    /// # Errors
    /// A schema with a type that metrics do not have: a mistake of the metric.
    pub fn new(schema: &'a Table, rows: usize) -> PolarsResult<Self> {
        let builder = |column: &crate::schema::Column| {
            let name = PlSmallStr::from_static(column.name);
            Ok(match column.dtype {
                Type::Text => Builder::Text(StringChunkedBuilder::new(name, rows)),
                Type::Bool => Builder::Bool(BooleanChunkedBuilder::new(name, rows)),
                Type::Int32 => Builder::Int32(PrimitiveChunkedBuilder::new(name, rows)),
                Type::Int64 => Builder::Int64(PrimitiveChunkedBuilder::new(name, rows)),
                Type::Double => Builder::Double(PrimitiveChunkedBuilder::new(name, rows)),
                Type::Date => Builder::Date(PrimitiveChunkedBuilder::new(name, rows)),
                Type::Timestamp => {
                    polars_bail!(SchemaMismatch: "{}.{}: metrics have no moments of their own", schema.name, column.name)
                }
            })
        };
        Ok(Self { schema, height: 0, columns: schema.columns.iter().map(builder).collect::<PolarsResult<_>>()? })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// As for [`table`].
    pub fn push(&mut self, row: Vec<Cell>) -> PolarsResult<()> {
        let schema = self.schema;
        polars_ensure!(row.len() == self.columns.len(), ShapeMismatch: "{}: a row of {} cells for {} columns", schema.name, row.len(), self.columns.len());
        for ((builder, column), cell) in self.columns.iter_mut().zip(schema.columns).zip(row) {
            match (builder, cell) {
                (Builder::Text(builder), Cell::Text(text)) => builder.append_value(text),
                (Builder::Text(builder), Cell::Null) => builder.append_null(),
                (Builder::Bool(builder), Cell::Bool(value)) => builder.append_value(value),
                (Builder::Bool(builder), Cell::Null) => builder.append_null(),
                (Builder::Int32(builder) | Builder::Date(builder), Cell::Int(value))
                    if i32::try_from(value).is_ok() =>
                {
                    builder.append_option(i32::try_from(value).ok());
                }
                (Builder::Int32(builder) | Builder::Date(builder), Cell::Null) => builder.append_null(),
                (Builder::Int64(builder), Cell::Int(value)) => builder.append_value(value),
                (Builder::Int64(builder), Cell::Null) => builder.append_null(),
                (Builder::Double(builder), Cell::Double(value)) => builder.append_value(value),
                (Builder::Double(builder), Cell::Null) => builder.append_null(),
                (_, cell) => {
                    polars_bail!(SchemaMismatch: "{}.{}: {cell:?} is not {}", schema.name, column.name, column.dtype.name())
                }
            }
        }
        self.height += 1;
        Ok(())
    }

    pub fn finish(self) -> PolarsResult<DataFrame> {
        let column = |builder: Builder| match builder {
            Builder::Text(builder) => builder.finish().into_column(),
            Builder::Bool(builder) => builder.finish().into_column(),
            Builder::Int32(builder) => builder.finish().into_column(),
            Builder::Int64(builder) => builder.finish().into_column(),
            Builder::Double(builder) => builder.finish().into_column(),
            Builder::Date(builder) => builder.finish().into_date().into_column(),
        };
        DataFrame::new(self.height, self.columns.into_iter().map(column).collect())
    }
}
