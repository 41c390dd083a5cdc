//! `data_dictionary`: every column of every table that a run writes.

use polars::prelude::*;

use crate::schema::{self, Table, Type};

/// What is said of a column that is carried along.
const CARRIED: &str = "Carried along from the dump as it is.";

/// A column as it is written: one of a table, or one that is carried along.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    pub name: &'a str,
    pub dtype: Type,
    pub unit: &'a str,
    pub label_zh: &'a str,
    pub label_en: &'a str,
    pub doc: &'a str,
}

/// The columns of a table, then those of its clocks, then the extra ones, which are text under their own names.
pub fn columns<'a>(
    table: &'a Table,
    clocks: &'a [schema::Column],
    extra: &'a [String],
) -> impl Iterator<Item = Described<'a>> {
    let own = table.columns.iter().chain(clocks).map(|c| Described {
        name: c.name,
        dtype: c.dtype,
        unit: c.unit,
        label_zh: c.label.zh,
        label_en: c.label.en,
        doc: c.doc,
    });
    let carried = |name: &'a String| Described {
        name,
        dtype: Type::Text,
        unit: "",
        label_zh: name,
        label_en: name,
        doc: CARRIED,
    };
    own.chain(extra.iter().map(carried))
}

/// A table, the place of a column in it, and that column.
type Row<'a> = (&'static str, i64, Described<'a>);

/// One row per column, in the order of the tables given, each with its extra columns.
pub fn frame<'a>(tables: &[(&'a Table, &'a [schema::Column], &'a [String])]) -> PolarsResult<DataFrame> {
    let placed = |(table, clocks, extra): &(&'a Table, &'a [schema::Column], &'a [String])| {
        let name = table.name;
        columns(table, clocks, extra).zip(1..).map(move |(column, position)| (name, position, column))
    };
    let rows: Vec<Row<'a>> = tables.iter().flat_map(placed).collect();
    let text = |name: &str, pick: fn(&Row<'a>) -> &'a str| {
        StringChunked::from_iter_values(PlSmallStr::from_str(name), rows.iter().map(pick)).into_column()
    };
    let position: Vec<i64> = rows.iter().map(|r| r.1).collect();
    DataFrame::new(
        position.len(),
        vec![
            text("table", |r| r.0),
            text("column", |r| r.2.name),
            Column::new(PlSmallStr::from_static("position"), position),
            text("type", |r| r.2.dtype.name()),
            text("unit", |r| r.2.unit),
            text("label_zh", |r| r.2.label_zh),
            text("label_en", |r| r.2.label_en),
            text("description", |r| r.2.doc),
        ],
    )
}
