//! `data_dictionary`: every column of every table that a run writes.

use polars::prelude::*;

use crate::schema::Table;

/// One row per column, in the order of the tables given.
pub fn frame(tables: &[&Table]) -> PolarsResult<DataFrame> {
    let columns = || tables.iter().flat_map(|t| t.columns.iter().enumerate().map(move |(i, c)| (t.name, i + 1, c)));
    let text = |name: &str, pick: fn(&(&'static str, usize, &crate::schema::Column)) -> &'static str| {
        StringChunked::from_iter_values(PlSmallStr::from_str(name), columns().map(|c| pick(&c))).into_column()
    };
    let position: Vec<i64> = columns().filter_map(|(_, position, _)| i64::try_from(position).ok()).collect();
    DataFrame::new(
        position.len(),
        vec![
            text("table", |c| c.0),
            text("column", |c| c.2.name),
            Column::new(PlSmallStr::from_static("position"), position),
            text("type", |c| c.2.dtype.name()),
            text("unit", |c| c.2.unit),
            text("label_zh", |c| c.2.label.zh),
            text("label_en", |c| c.2.label.en),
            text("description", |c| c.2.doc),
        ],
    )
}
