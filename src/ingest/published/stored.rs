//! One Parquet file of a published review.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::data_type::ByteArray;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::statistics::Statistics;
use polars::prelude::*;

use super::chunk;
use crate::ingest::read::no_panic;
use crate::schema::Type;

/// A file that is as its manifest tells.
#[derive(Debug)]
pub struct Stored {
    pub path: PathBuf,
    /// With the types in which columns are decoded.
    metadata: ArrowReaderMetadata,
    /// Place and type of each column.
    columns: BTreeMap<String, (usize, Type)>,
}

/// What a file must be.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub version: &'a str,
    pub run_id: &'a str,
    pub rows: usize,
    /// Whether its texts are categories in a run, as far as few are distinct.
    pub few: bool,
}

impl Stored {
    /// Opens a file that has these columns and was written as told.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn open(path: &Path, columns: &[(String, Type)], told: Told) -> Result<Self, String> {
        let file = File::open(path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => "is not there".to_owned(),
            _ => format!("cannot be read: {e}"),
        })?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let load = || ArrowReaderMetadata::load(&file, options.clone()).map_err(|e| damaged(&e));
        let found = no_panic(contradiction, load)?;
        let said = |key: &str| {
            let pairs = found.metadata().file_metadata().key_value_metadata();
            pairs.into_iter().flatten().find(|pair| pair.key == key).and_then(|pair| pair.value.as_deref())
        };
        if said("aftersales.run_id") != Some(told.run_id) || said("aftersales.version") != Some(told.version) {
            return Err("was written by another run than the manifest tells".to_owned());
        }
        let rows = usize::try_from(found.metadata().file_metadata().num_rows()).unwrap_or_default();
        if rows != told.rows {
            return Err(format!("has {rows} rows, and the manifest tells {}", told.rows));
        }
        let fields = found.schema().fields().iter().map(|field| (field.name().as_str(), field.data_type().clone()));
        if !fields.eq(columns.iter().map(|(name, dtype)| (name.as_str(), dtype.arrow()))) {
            return Err("does not have the columns that the pipeline gives it".to_owned());
        }
        let decoded = columns.iter().map(|(name, dtype)| {
            let dtype = chunk::arrow_type(name, *dtype, told.few);
            Field::new(name, dtype, true)
        });
        let schema = Arc::new(Schema::new(decoded.collect::<Vec<_>>()));
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(found.metadata()), options.with_schema(schema));
        let columns = columns.iter().enumerate().map(|(place, (name, dtype))| (name.clone(), (place, *dtype)));
        Ok(Self { path: path.to_owned(), metadata: metadata.map_err(|e| damaged(&e))?, columns: columns.collect() })
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.metadata.metadata()
    }

    /// Number of row groups.
    pub fn groups(&self) -> usize {
        self.metadata().num_row_groups()
    }

    /// The type of a column.
    pub fn column(&self, name: &str) -> Option<Type> {
        self.columns.get(name).map(|(_, dtype)| *dtype)
    }

    /// A column without values.
    pub fn empty(&self, name: &str) -> Option<Column> {
        self.column(name).map(|dtype| chunk::empty(name, dtype))
    }

    /// Whether a row group may have rows with this text in a column.
    pub fn may_have(&self, group: usize, column: &str, text: &str) -> bool {
        let Some((place, _)) = self.columns.get(column) else { return false };
        match self.metadata().row_group(group).column(*place).statistics() {
            Some(Statistics::ByteArray(ends)) => {
                let (least, most) = (ends.min_opt().map(ByteArray::data), ends.max_opt().map(ByteArray::data));
                least.is_none_or(|least| least <= text.as_bytes()) && most.is_none_or(|most| text.as_bytes() <= most)
            }
            _ => true,
        }
    }

    /// Some columns of a row group, those that the file has, piece by piece.
    ///
    /// # Errors
    /// What is wrong with the file, in words.
    pub fn group(&self, group: usize, wanted: &BTreeSet<&str>) -> Result<Pieces, String> {
        self.read(Some(group), wanted)
    }

    /// All rows with all columns.
    ///
    /// # Errors
    /// As for [`group`](Self::group).
    pub fn whole(&self) -> Result<DataFrame, String> {
        let mut all: Option<DataFrame> = None;
        for piece in self.read(None, &self.columns.keys().map(String::as_str).collect())? {
            match &mut all {
                None => all = Some(piece?),
                Some(all) => drop(all.vstack_mut_owned(piece?).map_err(|e| damaged(&e))?),
            }
        }
        Ok(all.unwrap_or_default())
    }

    fn read(&self, group: Option<usize>, wanted: &BTreeSet<&str>) -> Result<Pieces, String> {
        // Each on its own, for a place in a file is shared by all who hold it.
        let file = File::open(&self.path).map_err(|e| format!("cannot be read: {e}"))?;
        let places = wanted.iter().filter_map(|name| self.columns.get(*name)).map(|(place, _)| *place);
        let open = || {
            let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
            let mask = ProjectionMask::leaves(builder.parquet_schema(), places);
            builder = builder.with_projection(mask).with_batch_size(PIECE);
            if let Some(group) = group {
                builder = builder.with_row_groups(vec![group]);
            }
            builder.build().map_err(|e| damaged(&e))
        };
        Ok(Pieces { reader: no_panic(contradiction, open)? })
    }
}

/// Rows that are decoded at once: few enough for their memory to be used again and again while it is near.
const PIECE: usize = 1 << 15;

/// The rows of a file, piece by piece.
#[derive(Debug)]
pub struct Pieces {
    reader: ParquetRecordBatchReader,
}

impl Iterator for Pieces {
    type Item = Result<DataFrame, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let decode = || {
            let Some(batch) = self.reader.next() else { return Ok(None) };
            let batch = batch.map_err(|e| damaged(&e))?;
            let schema = batch.schema();
            let columns = schema.fields().iter().zip(batch.columns());
            let columns = columns.map(|(field, array)| chunk::column(field.name(), array));
            let columns = columns.collect::<PolarsResult<Vec<_>>>().map_err(|e| damaged(&e))?;
            DataFrame::new(batch.num_rows(), columns).map(Some).map_err(|e| damaged(&e))
        };
        no_panic(contradiction, decode).transpose()
    }
}

fn contradiction() -> String {
    damaged(&"its parts contradict each other")
}

fn damaged(reason: &dyn std::fmt::Display) -> String {
    format!("is damaged ({reason})")
}
