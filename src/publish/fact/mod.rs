//! A fact on its way to the disk: one Parquet file that grows while its rows are made.
//!
//! Rows are gathered into row groups of a fixed size, which other threads encode while the caller goes on, a few at a time;
//! they are written in their order. So the bytes are the same however the rows come and however many threads there are.
//!
//! Facts are wide and long, and most of their columns hold few values, times of whole minutes, or nothing. The chunks are made
//! straight from the frames, by the ways of the Parquet format that suit such columns:
//!
//! - few texts or numbers: places in a dictionary, as in the tables;
//! - ids and free texts that seldom repeat: what each adds to the one before (`DELTA_BYTE_ARRAY`), for ids mostly share
//!   their beginning;
//! - numbers that seldom repeat: differences (`DELTA_BINARY_PACKED`).
//!
//! Statistics stand at the chunks alone; pages have none.

mod bits;
mod column;
mod numbers;
mod page;
mod texts;

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TryRecvError};

use parquet::arrow::ArrowSchemaConverter;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::SchemaDescriptor;
use polars::prelude::*;
use rayon::prelude::*;

use self::page::Encoded;
use super::PublishError;
use super::dictionary::{self, Described};
use super::parquet::{Stamp, arrow_schema, distinct, pairs, reason};
use crate::schema::{self, Table, Type};

/// Rows of a row group.
const GROUP: usize = 1 << 17;
/// Row groups that are encoded while the next one is gathered.
const IN_FLIGHT: usize = 1;

/// The columns of a fact, as threads need them.
#[derive(Debug)]
struct Layout {
    table: &'static Table,
    columns: Vec<(String, Type)>,
    schema: SchemaDescriptor,
}

/// The column chunks of a row group.
type Group = Result<Vec<Encoded>, PublishError>;

/// One fact under construction.
#[derive(Debug)]
pub struct FactFile {
    path: PathBuf,
    /// `fact_ticket`.
    pub(super) name: &'static str,
    pub(super) table: &'static Table,
    pub(super) clocks: Vec<schema::Column>,
    pub(super) extra: Vec<String>,
    layout: Arc<Layout>,
    writer: SerializedFileWriter<BufWriter<File>>,
    /// Less than a row group.
    waiting: Vec<DataFrame>,
    waiting_rows: usize,
    in_flight: VecDeque<Receiver<Group>>,
    rows: usize,
}

impl FactFile {
    /// Opens the file of a fact with the columns of some clocks and some extra ones after its own.
    ///
    /// # Errors
    /// The file cannot be written, or two columns have the same name.
    pub(super) fn create(
        path: &Path,
        table: &'static Table,
        clocks: Vec<schema::Column>,
        extra: Vec<String>,
    ) -> Result<Self, PublishError> {
        let columns: Vec<Described> = dictionary::columns(table, &clocks, &extra).collect();
        distinct(table, &columns)?;
        let failed = |e: ParquetError| PublishError::Write { path: path.to_owned(), reason: reason(e) };
        let schema = ArrowSchemaConverter::new().convert(&arrow_schema(&columns)).map_err(failed)?;
        let properties = WriterProperties::builder().set_created_by(Stamp::creator()).build();
        let file = BufWriter::new(File::create(path).map_err(PublishError::write(path))?);
        let writer = SerializedFileWriter::new(file, schema.root_schema_ptr(), Arc::new(properties)).map_err(failed)?;
        let columns = columns.iter().map(|c| (c.name.to_owned(), c.dtype)).collect();
        Ok(Self {
            path: path.to_owned(),
            name: table.name,
            table,
            layout: Arc::new(Layout { table, columns, schema }),
            clocks,
            extra,
            writer,
            waiting: Vec::new(),
            waiting_rows: 0,
            in_flight: VecDeque::new(),
            rows: 0,
        })
    }

    /// Rows pushed so far.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Appends rows. Columns that the frame lacks are empty in the file, those that the fact lacks are left out.
    ///
    /// # Errors
    /// A column has another type than the fact, or the file cannot be written; both may be about rows pushed before.
    pub fn push(&mut self, mut rows: DataFrame) -> Result<(), PublishError> {
        self.rows += rows.height();
        while self.waiting_rows + rows.height() >= GROUP {
            let lacking = GROUP - self.waiting_rows;
            let (own, rest) = rows.split_at(i64::try_from(lacking).unwrap_or(i64::MAX));
            self.waiting.push(own);
            self.send()?;
            rows = rest;
        }
        if rows.height() > 0 {
            self.waiting_rows += rows.height();
            self.waiting.push(rows);
        }
        Ok(())
    }

    /// Writes what is left; tells how many rows the file has.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub(super) fn close(mut self, stamp: &Stamp) -> Result<usize, PublishError> {
        if self.waiting_rows > 0 {
            self.send()?;
        }
        self.settle(0)?;
        let columns: Vec<Described> = dictionary::columns(self.table, &self.clocks, &self.extra).collect();
        for pair in pairs(self.table, &columns, stamp) {
            self.writer.append_key_value_metadata(pair);
        }
        let failed = |e: ParquetError| PublishError::Write { path: self.path.clone(), reason: reason(e) };
        self.writer.finish().map_err(failed)?;
        Ok(self.rows)
    }

    /// Hands the waiting rows to the threads.
    fn send(&mut self) -> Result<(), PublishError> {
        self.settle(IN_FLIGHT)?;
        let pieces = std::mem::take(&mut self.waiting);
        self.waiting_rows = 0;
        let (layout, (to, from)) = (Arc::clone(&self.layout), mpsc::channel());
        rayon::spawn(move || {
            // Nobody listens where the review has failed meanwhile.
            let _ = to.send(encode(&layout, &pieces));
        });
        self.in_flight.push_back(from);
        Ok(())
    }

    /// Writes encoded row groups until at most so many are in flight.
    fn settle(&mut self, most: usize) -> Result<(), PublishError> {
        while self.in_flight.len() > most {
            let Some(next) = self.in_flight.pop_front() else { break };
            let group = wait(&next).ok_or_else(|| PublishError::Write {
                path: self.path.clone(),
                reason: "a thread ended early".to_owned(),
            })??;
            let failed = |e: ParquetError| PublishError::Write { path: self.path.clone(), reason: reason(e) };
            let mut rows = self.writer.next_row_group().map_err(failed)?;
            for (bytes, close) in group {
                rows.append_column(&bytes, close).map_err(failed)?;
            }
            rows.close().map_err(failed)?;
        }
        Ok(())
    }
}

/// The next row group. A thread of the pool helps with the work meanwhile, for it may be the only one.
fn wait(next: &Receiver<Group>) -> Option<Group> {
    loop {
        match next.try_recv() {
            Ok(group) => return Some(group),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => match rayon::yield_now() {
                None => return next.recv().ok(),
                Some(rayon::Yield::Executed) => {}
                Some(rayon::Yield::Idle) => std::thread::yield_now(),
            },
        }
    }
}

fn encode(layout: &Layout, pieces: &[DataFrame]) -> Group {
    let failed = |e: ParquetError| PublishError::Table { table: layout.table.name.to_owned(), reason: e.to_string() };
    let columns = layout.columns.par_iter().zip(layout.schema.columns());
    let encode = |zstd: &mut std::io::Result<_>, ((name, dtype), column): (&(String, Type), _)| {
        let chunk = column::chunk(name, *dtype, pieces).map_err(PublishError::table(layout.table.name))?;
        match zstd {
            Ok(zstd) => page::encode(chunk, column, zstd).map_err(failed),
            Err(e) => Err(failed(ParquetError::General(e.to_string()))),
        }
    };
    columns.map_init(page::compressor, encode).collect::<Vec<_>>().into_iter().collect()
}
