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
pub fn table(schema: &Table, rows: Vec<Vec<Cell>>) -> PolarsResult<DataFrame> {
    let height = rows.len();
    let mut cells: Vec<Vec<Cell>> = schema.columns.iter().map(|_| Vec::with_capacity(height)).collect();
    for row in rows {
        polars_ensure!(row.len() == cells.len(), ShapeMismatch: "{}: a row of {} cells for {} columns", schema.name, row.len(), cells.len());
        for (column, cell) in cells.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let columns: PolarsResult<Vec<Column>> =
        schema.columns.iter().zip(&cells).map(|(column, cells)| build(schema, column, cells)).collect();
    DataFrame::new(height, columns?)
}

fn build(schema: &Table, column: &crate::schema::Column, cells: &[Cell]) -> PolarsResult<Column> {
    let name = PlSmallStr::from_static(column.name);
    let wrong = |cell: &Cell| polars_err!(SchemaMismatch: "{}.{}: {cell:?} is not {}", schema.name, column.name, column.dtype.name());
    macro_rules! collect {
        ($array:ty, $($pattern:pat => $value:expr),+) => {{
            let mut values = Vec::with_capacity(cells.len());
            for cell in cells {
                values.push(match cell {
                    Cell::Null => None,
                    $($pattern => Some($value),)+
                    other => return Err(wrong(other)),
                });
            }
            <$array>::from_iter_options(name, values.into_iter()).into_column()
        }};
    }
    Ok(match column.dtype {
        Type::Text => collect!(StringChunked, Cell::Text(text) => text.as_str()),
        Type::Bool => collect!(BooleanChunked, Cell::Bool(value) => *value),
        Type::Int32 => {
            collect!(Int32Chunked, Cell::Int(value) => i32::try_from(*value).map_err(|_| wrong(&Cell::Int(*value)))?)
        }
        Type::Int64 => collect!(Int64Chunked, Cell::Int(value) => *value),
        Type::Double => collect!(Float64Chunked, Cell::Double(value) => *value),
        Type::Date | Type::Timestamp => {
            polars_bail!(SchemaMismatch: "{}.{}: metrics have no dates of their own", schema.name, column.name)
        }
    })
}

/// The dimensions that the plan scores, in its order.
pub fn dimensions(plan: &crate::plan::Plan) -> Vec<&str> {
    plan.sources.values().flat_map(|s| &s.dimensions).map(|d| d.name.as_str()).collect()
}
