//! A Parquet file, read back by the `parquet` crate.

use std::io::{Seek, Write};

use arrow::array::{
    Array, AsArray, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::compute::concat_batches;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ParquetMetaData;

/// A table as it stands in a file.
pub struct Stored {
    pub metadata: ParquetMetaData,
    pub rows: RecordBatch,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Text(String),
    Bool(bool),
    /// Counts, days and microseconds.
    Int(i64),
    Double(f64),
}

impl Stored {
    pub fn read(bytes: &[u8]) -> Self {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let (metadata, schema) = (builder.metadata().as_ref().clone(), builder.schema().clone());
        let batches: Vec<RecordBatch> = builder.build().unwrap().map(Result::unwrap).collect();
        Self { metadata, rows: concat_batches(&schema, &batches).unwrap() }
    }

    pub fn height(&self) -> usize {
        self.rows.num_rows()
    }

    /// The schema as Parquet writes it out: physical and logical types and names.
    pub fn schema(&self) -> String {
        let mut text = Vec::new();
        parquet::schema::printer::print_schema(&mut text, self.metadata.file_metadata().schema());
        String::from_utf8(text).unwrap()
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> Vec<String> {
        self.rows.schema().fields().iter().map(|f| f.name().clone()).collect()
    }

    pub fn column(&self, name: &str) -> Vec<Cell> {
        cells(self.rows.column_by_name(name).unwrap_or_else(|| panic!("no column {name}")))
    }

    /// A text column; empty where there is no value.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let text = |cell| match cell {
            Cell::Text(text) => text,
            Cell::Null => String::new(),
            other => panic!("{name} holds {other:?}"),
        };
        self.column(name).into_iter().map(text).collect()
    }

    /// A column of whole numbers, days or moments.
    pub fn ints(&self, name: &str) -> Vec<Option<i64>> {
        let int = |cell| match cell {
            Cell::Int(value) => Some(value),
            Cell::Null => None,
            other => panic!("{name} holds {other:?}"),
        };
        self.column(name).into_iter().map(int).collect()
    }

    /// A column of counts, none of which is missing.
    pub fn counts(&self, name: &str) -> Vec<u64> {
        self.ints(name).into_iter().map(|v| u64::try_from(v.expect("a count")).unwrap()).collect()
    }
}

fn cells(array: &dyn Array) -> Vec<Cell> {
    let any = array.as_any();
    let int = |value: Option<i64>| value.map_or(Cell::Null, Cell::Int);
    if let Some(texts) = array.as_string_opt::<i32>() {
        let texts: &StringArray = texts;
        texts.iter().map(|v| v.map_or(Cell::Null, |v| Cell::Text(v.to_owned()))).collect()
    } else if let Some(flags) = any.downcast_ref::<BooleanArray>() {
        flags.iter().map(|v| v.map_or(Cell::Null, Cell::Bool)).collect()
    } else if let Some(numbers) = any.downcast_ref::<Float64Array>() {
        numbers.iter().map(|v| v.map_or(Cell::Null, Cell::Double)).collect()
    } else if let Some(numbers) = any.downcast_ref::<Int64Array>() {
        numbers.iter().map(int).collect()
    } else if let Some(moments) = any.downcast_ref::<TimestampMicrosecondArray>() {
        moments.iter().map(int).collect()
    } else if let Some(numbers) = any.downcast_ref::<Int32Array>() {
        numbers.iter().map(|v| int(v.map(i64::from))).collect()
    } else if let Some(days) = any.downcast_ref::<Date32Array>() {
        days.iter().map(|v| int(v.map(i64::from))).collect()
    } else {
        panic!("a column of type {}", array.data_type())
    }
}
