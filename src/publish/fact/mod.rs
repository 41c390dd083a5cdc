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
const GROUP: usize = 1 << 15;
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
    let encode = |((name, dtype), column): (&(String, Type), _)| {
        let chunk = column::chunk(name, *dtype, pieces).map_err(PublishError::table(layout.table.name))?;
        page::encode(chunk, column).map_err(failed)
    };
    columns.map(encode).collect::<Vec<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::publish::parquet;
    use crate::schema::facts::FACT_TICKET;

    /// Rows with every kind of column: repeated and unique texts, categories, times, flags, gaps.
    fn frame(from: usize, rows: usize) -> DataFrame {
        let numbers: Vec<i64> = (from..from + rows).map(|i| i64::try_from(i).unwrap()).collect();
        let some = |keep: fn(i64) -> bool, value: fn(i64) -> i64| -> Vec<Option<i64>> {
            numbers.iter().map(|i| keep(*i).then(|| value(*i))).collect()
        };
        let frame = df!(
            "ticket_id" => numbers.iter().map(|i| format!("WO-{i:08}")).collect::<Vec<_>>(),
            "customer_id" => numbers.iter().map(|i| (i % 7 > 0).then(|| format!("C{}", i * 7919 % 100))).collect::<Vec<_>>(),
            "service_type" => numbers.iter().map(|i| (i % 5 > 0).then(|| format!("S{}", i % 3))).collect::<Vec<_>>(),
            "requested_at" => some(|_| true, |i| i * 60_000_000),
            "resolved_at" => some(|i| i % 3 > 0, |i| i * i),
            "reopened" => numbers.iter().map(|i| (i % 4 > 0).then_some(i % 3 == 0)).collect::<Vec<_>>(),
            "visits" => some(|i| i % 2 > 0, |i| i / 1000),
        );
        let moment = DataType::Datetime(TimeUnit::Microseconds, None);
        let cast = [
            col("service_type").cast(DataType::from_categories(Categories::global())),
            col("requested_at").cast(moment.clone()),
            col("resolved_at").cast(moment),
            col("visits").cast(DataType::Int32),
        ];
        frame.unwrap().lazy().with_columns(cast).collect().unwrap()
    }

    fn write(path: &Path, pieces: &[DataFrame]) -> Vec<u8> {
        let mut fact = FactFile::create(path, &FACT_TICKET, Vec::new(), vec!["自带".to_owned()]).unwrap();
        for piece in pieces {
            fact.push(piece.clone()).unwrap();
        }
        let stamp = Stamp { version: "0", run_id: "r".to_owned() };
        assert_eq!(fact.close(&stamp).unwrap(), pieces.iter().map(DataFrame::height).sum::<usize>());
        fs::read(path).unwrap()
    }

    #[test]
    fn bytes_do_not_depend_on_the_cut_and_values_are_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.parquet");
        let rows = GROUP * 2 + 777;
        let whole = write(&path, &[frame(0, rows)]);
        let cuts = [0, 1, GROUP / 2, GROUP - 1, GROUP + 5, rows];
        let pieces: Vec<DataFrame> = cuts.windows(2).map(|w| frame(w[0], w[1] - w[0])).collect();
        assert!(write(&path, &pieces) == whole);

        let extra = ["自带".to_owned()];
        let columns: Vec<Described> = dictionary::columns(&FACT_TICKET, &[], &extra).collect();
        let expected = parquet::batch(&columns, &arrow_schema(&columns), &frame(0, rows)).unwrap();
        let read = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        assert_eq!(read.metadata().num_row_groups(), 3);
        let mut at = 0;
        for batch in read.with_batch_size(50_000).build().unwrap() {
            let batch = batch.unwrap();
            assert_eq!(batch.schema(), expected.schema());
            for (place, column) in batch.columns().iter().enumerate() {
                let expected = expected.column(place).slice(at, batch.num_rows());
                assert!(*column == expected, "{} from row {at}", columns[place].name);
            }
            at += batch.num_rows();
        }
        assert_eq!(at, rows);
    }
}
