//! Parquet files, a batch of rows at a time. Types are the file's own; what a program wrote beside them is not asked.

mod cells;
mod source;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type as Physical;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;

use super::{Flaw, Record, Rows, Seekable, no_panic};
use cells::Column;
use source::Source;

/// Rows that are decoded at once, fewer where there are many columns.
const BATCH: usize = 8192;
const CELLS: usize = 1 << 20;
/// Rows that may be claimed by any file, and how many for each of its bytes beyond that: repeated values take next to no
/// room, but the rows of a dump differ.
const ROWS: u64 = 10_000_000;
const ROWS_PER_BYTE: u64 = 300;
/// Bytes of a row's text, and what is kept of a longer one.
const LARGEST: usize = 16 << 20;
const BEGINNING: usize = 1024;

/// The names of the columns, and then all rows.
pub fn rows(input: Box<dyn Seekable>) -> Result<Box<dyn Rows>, String> {
    let source = Source::new(input)?;
    guarded(|| table(source)).map(|table| Box::new(table) as Box<dyn Rows>)
}

/// The decoder panics on some damaged files; nothing of it is used after that.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    no_panic(|| damaged("its parts contradict each other"), work)
}

fn damaged(reason: &str) -> String {
    format!("the Parquet file is damaged ({reason}); export or copy it again")
}

fn why(error: &ParquetError) -> String {
    match error {
        ParquetError::NYI(what) => {
            format!("the Parquet file uses what is not supported ({what}); save it again plainly")
        }
        ParquetError::General(what) | ParquetError::EOF(what) if !what.contains("feature") => damaged(what),
        ParquetError::General(what) => format!("the Parquet file cannot be unpacked ({what}); save it with zstd"),
        other => damaged(&other.to_string()),
    }
}

fn table(source: Source) -> Result<Table, String> {
    let length = source.length();
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let found = ArrowReaderMetadata::load(&source, options.clone()).map_err(|e| why(&e))?;
    let expected = claimed(found.metadata(), length)?;
    let schema = Arc::new(convenient(found.metadata(), found.schema()));
    let metadata = ArrowReaderMetadata::try_new(found.metadata().clone(), options.with_schema(schema.clone()));

    let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(source, metadata.map_err(|e| why(&e))?);
    let batch = (CELLS / names.len().max(1)).clamp(64, BATCH);
    let reader = builder.with_batch_size(batch).build().map_err(|e| why(&e))?;
    Ok(Table {
        reader,
        names,
        columns: Vec::new(),
        held: 0,
        at: 0,
        number: 0,
        expected,
        ended: false,
        text: String::new(),
    })
}

/// Number of rows that the file claims to have, unless that cannot be.
fn claimed(metadata: &ParquetMetaData, length: u64) -> Result<u64, String> {
    let groups = metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).ok());
    let sum = groups.reduce(|a, b| a?.checked_add(b?)).unwrap_or(Some(0));
    let rows = u64::try_from(metadata.file_metadata().num_rows()).ok();
    match (sum, rows) {
        (Some(sum), Some(rows)) if sum == rows => {
            if rows > ROWS && rows / ROWS_PER_BYTE > length {
                return Err(format!("it claims {rows} rows in {length} bytes, as no dump does"));
            }
            Ok(rows)
        }
        _ => Err(damaged("its row groups do not add up")),
    }
}

/// The schema with types that are cheap and safe to read: texts that are not copied, and old timestamps in microseconds,
/// since nanoseconds do not reach the year 2263.
fn convenient(metadata: &ParquetMetaData, schema: &Schema) -> Schema {
    let descriptor = metadata.file_metadata().schema_descr();
    let physical = |root: usize| {
        let mut leaves = (0..descriptor.num_columns()).filter(|leaf| descriptor.get_column_root_idx(*leaf) == root);
        leaves.next().map(|leaf| descriptor.column(leaf).physical_type())
    };
    let field = |(root, field): (usize, &Arc<Field>)| {
        let eased = match field.data_type() {
            DataType::Utf8 => DataType::Utf8View,
            DataType::Binary => DataType::BinaryView,
            DataType::Timestamp(TimeUnit::Nanosecond, None) if physical(root) == Some(Physical::INT96) => {
                DataType::Timestamp(TimeUnit::Microsecond, None)
            }
            _ => return field.clone(),
        };
        Arc::new(field.as_ref().clone().with_data_type(eased))
    };
    Schema::new(schema.fields().iter().enumerate().map(field).collect::<Vec<_>>())
}

struct Table {
    reader: ParquetRecordBatchReader,
    names: Vec<String>,
    /// The batch at hand.
    columns: Vec<Column>,
    /// Rows of it, and the next one.
    held: usize,
    at: usize,
    /// Rows handed out, the header included.
    number: u64,
    expected: u64,
    ended: bool,
    text: String,
}

impl Rows for Table {
    fn next(&mut self, record: &mut Record) -> Result<bool, String> {
        record.clear();
        if self.number == 0 {
            self.names.iter().for_each(|name| record.push(name));
        } else {
            while self.at == self.held {
                if self.ended || !guarded(|| self.advance())? {
                    self.ended = true;
                    return Ok(false);
                }
            }
            self.write(record);
            self.at += 1;
        }
        self.number += 1;
        record.number = self.number;
        Ok(true)
    }

    fn strict(&self) -> bool {
        false
    }
}

impl Table {
    /// Decodes the next batch.
    fn advance(&mut self) -> Result<bool, String> {
        // Set back when all went well, so that nothing is read on after an error.
        self.ended = true;
        let Some(batch) = self.reader.next() else {
            let rows = self.number.saturating_sub(1);
            let expected = self.expected;
            return if rows == expected {
                Ok(false)
            } else {
                Err(damaged(&format!("it ends after {rows} of {expected} rows")))
            };
        };
        let batch = batch.map_err(|e| damaged(&e.to_string()))?;
        self.columns.clear();
        for (name, array) in self.names.iter().zip(batch.columns()) {
            let column =
                Column::new(array).map_err(|reason| format!("its column {name:?} cannot be read: {reason}"))?;
            self.columns.push(column);
        }
        (self.held, self.at, self.ended) = (batch.num_rows(), 0, false);
        Ok(true)
    }

    fn write(&mut self, record: &mut Record) {
        for column in &self.columns {
            self.text.clear();
            column.push(self.at, record, &mut self.text);
            if record.size() > LARGEST {
                let end = (0..=BEGINNING).rev().find(|end| record.text().is_char_boundary(*end)).unwrap_or(0);
                let beginning = record.text().get(..end).unwrap_or_default().to_owned();
                record.clear();
                record.push(&beginning);
                record.flaw = Some(Flaw::TooLarge);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
