//! Rows on their way into a frame.

use polars::prelude::*;

use super::IngestError;
use super::columns::{Builder, Value};
use super::header::Binding;
use super::row::Identity;

/// Rows a batch holds at most: large enough for columns to pay, small enough to keep memory level.
pub const ROWS: usize = 1 << 16;

/// Column of a batch that holds the row number in the dump; never published.
pub const ROW: &str = "@row";

/// Typed rows of one table, each with its identity.
#[derive(Debug)]
pub struct Batch {
    pub frame: DataFrame,
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
    pub fn new(bindings: &[Binding]) -> Self {
        let builder = |b: &Binding| (!b.hidden).then(|| Builder::new(&b.name, b.reads.physical(), 1024));
        Self { builders: bindings.iter().map(builder).collect(), identities: Vec::new(), rows: Vec::new() }
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

    pub fn finish(self) -> Result<Batch, IngestError> {
        let mut columns: Vec<Column> = self.builders.into_iter().flatten().map(Builder::finish).collect();
        columns.push(Column::new(PlSmallStr::from_static(ROW), self.rows));
        Ok(Batch { frame: DataFrame::new(self.identities.len(), columns)?, identities: self.identities })
    }
}
