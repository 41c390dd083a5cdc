//! One table, one Parquet file that every BI tool reads: plain columns, zstd, descriptions in the metadata.
//!
//! Columns are copied from the frame into Arrow arrays of the schema's types. Categories become plain text on the way, so that
//! no dictionary type reaches a reader.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringBuilder,
    TimestampMicrosecondArray, new_null_array,
};
use arrow::datatypes::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use polars::prelude::*;

use super::dictionary::{self, Described};
use super::{PublishError, Sheet};
use crate::schema::{Table, Type};

/// Rows converted at a time, and rows of a row group.
const SLICE: usize = 1 << 17;

/// What every file says about its run.
#[derive(Debug, Clone)]
pub struct Stamp {
    pub version: &'static str,
    pub run_id: String,
}

/// Writes a sheet under the schema of its table and its extra columns. Columns that the frame lacks are empty in the file.
pub fn write(path: &Path, sheet: &Sheet, stamp: &Stamp) -> Result<(), PublishError> {
    let (table, frame) = (sheet.table, sheet.frame);
    let columns: Vec<Described> = dictionary::columns(table, &sheet.clocks, sheet.extra).collect();
    distinct(table, &columns)?;
    let schema = arrow_schema(&columns);
    let file = File::create(path).map_err(PublishError::write(path))?;
    let failed = |e: ParquetError| PublishError::Write { path: path.to_owned(), reason: reason(e) };
    let options =
        ArrowWriterOptions::new().with_properties(properties(table, &columns, stamp)).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(file, Arc::clone(&schema), options).map_err(failed)?;
    for offset in (0..frame.height()).step_by(SLICE) {
        let slice = frame.slice(i64::try_from(offset).unwrap_or(i64::MAX), SLICE);
        let batch = batch(&columns, &schema, &slice).map_err(PublishError::table(table.name))?;
        writer.write(&batch).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(())
}

/// Columns whose names differ in case alone are one column to many BI tools.
pub(super) fn distinct(table: &Table, columns: &[Described]) -> Result<(), PublishError> {
    let mut names = BTreeSet::new();
    match columns.iter().find(|c| !names.insert(c.name.to_lowercase())) {
        None => Ok(()),
        Some(twice) => Err(PublishError::Table {
            table: table.name.to_owned(),
            reason: format!(
                "it has a column {:?} already.\n  Take that name out of `carry`, or rename the column in the dump.",
                twice.name
            ),
        }),
    }
}

pub(super) fn reason(error: ParquetError) -> String {
    match error {
        ParquetError::External(inner) => inner.to_string(),
        other => other.to_string(),
    }
}

impl Stamp {
    /// The program, as files name it.
    pub(super) fn creator() -> String {
        format!("aftersales {}", env!("CARGO_PKG_VERSION"))
    }
}

/// What a file says of itself.
pub(super) fn pairs(table: &Table, columns: &[Described], stamp: &Stamp) -> Vec<KeyValue> {
    let columns: serde_json::Map<String, serde_json::Value> = columns
        .iter()
        .map(|c| {
            let about = serde_json::json!({ "unit": c.unit, "label_zh": c.label_zh, "label_en": c.label_en, "description": c.doc });
            (c.name.to_owned(), about)
        })
        .collect();
    let pairs = [
        ("aftersales.version", stamp.version.to_owned()),
        ("aftersales.run_id", stamp.run_id.clone()),
        ("aftersales.table", table.name.to_owned()),
        ("aftersales.grain", table.grain.to_owned()),
        ("aftersales.columns", serde_json::Value::Object(columns).to_string()),
    ];
    pairs.map(|(key, value)| KeyValue::new(key.to_owned(), value)).to_vec()
}

fn properties(table: &Table, columns: &[Described], stamp: &Stamp) -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(SLICE))
        .set_created_by(Stamp::creator())
        .set_key_value_metadata(Some(pairs(table, columns, stamp)))
        .build()
}

pub(super) fn arrow_schema(columns: &[Described]) -> SchemaRef {
    Arc::new(Schema::new(columns.iter().map(|c| Field::new(c.name, c.dtype.arrow(), true)).collect::<Vec<_>>()))
}

pub(super) fn batch(columns: &[Described], schema: &SchemaRef, frame: &DataFrame) -> PolarsResult<RecordBatch> {
    let mut arrays = Vec::with_capacity(columns.len());
    for (column, field) in columns.iter().zip(schema.fields()) {
        arrays.push(match frame.column(column.name) {
            Ok(found) if *found.dtype() != DataType::Null => array(column.dtype, found)?,
            _ => new_null_array(field.data_type(), frame.height()),
        });
    }
    RecordBatch::try_new(Arc::clone(schema), arrays).map_err(|e| polars_err!(ComputeError: "{e}"))
}

fn array(dtype: Type, column: &Column) -> PolarsResult<ArrayRef> {
    Ok(match dtype {
        Type::Text => match column.try_cat32() {
            Some(categories) => text(categories.len(), categories.iter_str()),
            None => text(column.len(), column.str()?.iter()),
        },
        Type::Bool => Arc::new(column.bool()?.iter().collect::<BooleanArray>()),
        Type::Int32 => Arc::new(column.i32()?.iter().collect::<Int32Array>()),
        Type::Int64 => Arc::new(column.i64()?.iter().collect::<Int64Array>()),
        // Not a number is no figure.
        Type::Double => Arc::new(column.f64()?.iter().map(|v| v.filter(|v| v.is_finite())).collect::<Float64Array>()),
        Type::Date => Arc::new(column.date()?.physical().iter().collect::<Date32Array>()),
        Type::Timestamp => {
            // Moments of another unit or zone would be off by a factor or by hours.
            let micros = matches!(column.dtype(), DataType::Datetime(TimeUnit::Microseconds, None));
            polars_ensure!(micros, SchemaMismatch: "column {} is {}", column.name(), column.dtype());
            Arc::new(column.datetime()?.physical().iter().collect::<TimestampMicrosecondArray>())
        }
    })
}

fn text<'a>(length: usize, values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut builder = StringBuilder::with_capacity(length, length * 8);
    values.for_each(|v| builder.append_option(v));
    Arc::new(builder.finish())
}
