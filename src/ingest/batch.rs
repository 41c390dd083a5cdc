//! Rows on their way into a frame.

use polars::prelude::*;

use super::columns::{Builder, Value};
use super::header::Binding;
use super::row::Identity;
use super::{IngestError, Kept, Shelf};
use crate::schema::input::SourceKind;

/// Rows a batch holds at most: large enough for columns to pay, small enough to keep memory level.
pub const ROWS: usize = 1 << 13;

/// Column of a batch that holds the row number in the dump; never published.
pub const ROW: &str = "@row";

/// Typed rows of one table, each with its identity.
#[derive(Debug)]
pub struct Batch {
    pub rows: Kept,
    /// Of each row the hash of its key.
    pub keys: Vec<u128>,
    /// Of each row the hash of its values.
    pub contents: Vec<u64>,
    /// Of each row what `latest_by` says; empty where that is 0 for all.
    pub versions: Vec<i64>,
}

/// Collects rows until they make a batch.
pub struct Collector {
    /// One a binding; `None` where the column is hidden.
    pub builders: Vec<Option<Builder>>,
    identities: Vec<Identity>,
    rows: Vec<u32>,
}

impl Collector {
    /// With room for about so many rows.
    pub fn new(bindings: &[Binding], expected: usize) -> Self {
        // Room that is never written to costs nothing; columns that grow are copied.
        let room = (expected + expected / 8 + 64).min(ROWS);
        let builder = |b: &Binding| (!b.hidden).then(|| Builder::new(&b.name, b.reads.physical(), room));
        Self {
            builders: bindings.iter().map(builder).collect(),
            identities: Vec::with_capacity(room),
            rows: Vec::with_capacity(room),
        }
    }

    pub fn push(&mut self, values: &[Value], identity: Identity, row: u64) -> Result<(), IngestError> {
        for (builder, value) in self.builders.iter_mut().zip(values) {
            if let Some(builder) = builder {
                builder.push(value)?;
            }
        }
        self.accept(identity, row);
        Ok(())
    }

    /// Closes a row whose values have all been appended.
    pub fn accept(&mut self, identity: Identity, row: u64) {
        self.identities.push(identity);
        self.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
    }

    /// Takes back what has been appended of a row; texts cannot be.
    pub fn undo(&mut self) {
        let rows = self.len();
        for builder in self.builders.iter_mut().flatten() {
            builder.truncate(rows);
        }
    }

    /// The row that was appended last.
    #[cfg(test)]
    pub fn last(&self) -> Identity {
        self.identities[self.identities.len() - 1]
    }

    pub const fn len(&self) -> usize {
        self.identities.len()
    }

    /// Puts the rows aside.
    pub fn finish(self, kind: SourceKind, aside: &Shelf) -> Result<Batch, IngestError> {
        let mut columns: Vec<Column> = self.builders.into_iter().flatten().map(Builder::finish).collect();
        columns.push(Column::new(PlSmallStr::from_static(ROW), self.rows));
        let frame = DataFrame::new(self.identities.len(), columns)?;
        // Pauses and surveys ask for tickets by their keys.
        let keys: Vec<u128> = self.identities.iter().map(|one| one.key).collect();
        let rows = aside.put(&frame, if kind == SourceKind::Tickets { &keys } else { &[] })?;
        let contents = self.identities.iter().map(|one| one.content).collect();
        let versions = self.identities.iter().map(|one| one.version);
        let versions = if versions.clone().all(|version| version == 0) { Vec::new() } else { versions.collect() };
        Ok(Batch { rows, keys, contents, versions })
    }
}
