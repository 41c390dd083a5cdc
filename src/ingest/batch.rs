//! Rows on their way into a frame.

use polars::prelude::*;

use super::columns::{Builder, Value};
use super::header::Binding;
use super::row::Identity;
use super::{IngestError, Kept, Shelf};
use crate::schema::input::SourceKind;

/// Rows a batch holds at most: large enough for columns to pay, small enough to keep memory level.
pub const ROWS: usize = 1 << 16;

/// Column of a batch that holds the row number in the dump; never published.
pub const ROW: &str = "@row";

/// Typed rows of one table, each with its identity.
#[derive(Debug)]
pub struct Batch {
    pub rows: Kept,
    pub identities: Vec<Identity>,
}

/// Collects rows until they make a batch.
pub struct Collector {
    /// One a binding; `None` where the column is hidden.
    builders: Vec<Option<Builder>>,
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
        self.identities.push(identity);
        self.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
        Ok(())
    }

    pub const fn len(&self) -> usize {
        self.identities.len()
    }

    /// Puts the rows aside.
    pub fn finish(self, kind: SourceKind, shelf: &Shelf) -> Result<Batch, IngestError> {
        let mut columns: Vec<Column> = self.builders.into_iter().flatten().map(Builder::finish).collect();
        columns.push(Column::new(PlSmallStr::from_static(ROW), self.rows));
        let frame = DataFrame::new(self.identities.len(), columns)?;
        // Pauses and surveys ask for tickets by their keys.
        let keys: Vec<u128> = match kind {
            SourceKind::Tickets => self.identities.iter().map(|one| one.key).collect(),
            _ => Vec::new(),
        };
        Ok(Batch { rows: shelf.put(&frame, &keys)?, identities: self.identities })
    }
}
