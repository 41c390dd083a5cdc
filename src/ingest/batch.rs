//! Rows on their way into a frame.

use polars::prelude::*;

use super::IngestError;
use super::columns::{Builder, Value};
use super::header::Binding;
use super::row::Identity;

/// Rows a batch holds at most: large enough for columns to pay, small enough to keep memory level.
pub const ROWS: usize = 1 << 16;

/// Typed rows of one file, each with its identity and its row number.
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
}

impl Collector {
    pub fn new(bindings: &[Binding]) -> Self {
        let builder = |b: &Binding| (!b.hidden).then(|| Builder::new(&b.name, b.reads.physical(), 1024));
        Self { builders: bindings.iter().map(builder).collect(), identities: Vec::new() }
    }

    pub fn push(&mut self, values: &[Value], identity: Identity) -> Result<(), IngestError> {
        for (builder, value) in self.builders.iter_mut().zip(values) {
            if let Some(builder) = builder {
                builder.push(value)?;
            }
        }
        self.identities.push(identity);
        Ok(())
    }

    pub const fn len(&self) -> usize {
        self.identities.len()
    }

    pub fn finish(self) -> Result<Batch, IngestError> {
        let columns: Vec<Column> = self.builders.into_iter().flatten().map(Builder::finish).collect();
        Ok(Batch { frame: DataFrame::new(self.identities.len(), columns)?, identities: self.identities })
    }
}
