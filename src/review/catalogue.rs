//! Everything that a review publishes, with its documentation.

use crate::listings::LISTINGS;
use crate::metrics::METRICS;
use crate::schema::facts::{CLOCKS, Clock, FACTS};
use crate::schema::quality::{DATA_DICTIONARY, DATA_QUALITY, QUARANTINE};
use crate::schema::{Column, Label, Table};

/// A published table.
#[derive(Debug, Clone)]
pub struct Entry {
    pub kind: &'static str,
    pub table: &'static Table,
    /// Columns of the clocks that exist anyway.
    pub clocks: Vec<Column>,
    /// Documentation in Markdown; only figures and listings have more than their columns say.
    pub doc: Option<&'static str>,
}

impl Entry {
    pub fn label(&self) -> Label {
        self.table.label
    }
}

/// All tables: figures, listings, tables about the data, facts.
pub fn catalogue() -> Vec<Entry> {
    let metrics =
        METRICS.iter().map(|m| Entry { kind: "metric", table: m.table, clocks: Vec::new(), doc: Some(m.doc) });
    let listings =
        LISTINGS.iter().map(|l| Entry { kind: "listing", table: l.table, clocks: Vec::new(), doc: Some(l.doc) });
    let quality = [&DATA_DICTIONARY, &DATA_QUALITY, &QUARANTINE].into_iter().map(|table| Entry {
        kind: "data",
        table,
        clocks: Vec::new(),
        doc: None,
    });
    let clocks = |table: &Table| CLOCKS.iter().filter(|c| c.fact == table.name).flat_map(Clock::columns).collect();
    let facts = FACTS.iter().map(|table| Entry { kind: "fact", table, clocks: clocks(table), doc: None });
    metrics.chain(listings).chain(quality).chain(facts).collect()
}
