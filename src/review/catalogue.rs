//! Everything that a review publishes, with its documentation.

use crate::listings::LISTINGS;
use crate::metrics::METRICS;
use crate::schema::facts::FACTS;
use crate::schema::quality::{DATA_DICTIONARY, DATA_QUALITY, QUARANTINE};
use crate::schema::{Label, Table};

/// A published table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub kind: &'static str,
    pub table: &'static Table,
    /// Documentation in Markdown; only figures and listings have more than their columns say.
    pub doc: Option<&'static str>,
}

impl Entry {
    pub const fn label(&self) -> Label {
        self.table.label
    }
}

/// All tables: figures, listings, tables about the data, facts.
pub fn catalogue() -> Vec<Entry> {
    let metrics = METRICS.iter().map(|m| Entry { kind: "metric", table: m.table, doc: Some(m.doc) });
    let listings = LISTINGS.iter().map(|l| Entry { kind: "listing", table: l.table, doc: Some(l.doc) });
    let quality = [&DATA_DICTIONARY, &DATA_QUALITY, &QUARANTINE].into_iter().map(|table| Entry {
        kind: "data",
        table,
        doc: None,
    });
    let facts = FACTS.iter().map(|table| Entry { kind: "fact", table, doc: None });
    metrics.chain(listings).chain(quality).chain(facts).collect()
}
