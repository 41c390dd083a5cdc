//! What the manifest of a review says, as far as another review needs it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::ingest::Account;

/// The manifest of a review, or of dumps that were refused.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    pub tool: String,
    pub version: String,
    pub run_id: String,
    /// Why the dumps were refused.
    pub rejected: Option<String>,
    pub period: Option<String>,
    /// The last second seen, `2026-09-30 23:59:59`.
    pub as_of: Option<String>,
    pub pipeline: Pipeline,
    pub facts: Option<Origin>,
    pub inputs: Vec<Input>,
    pub outputs: Vec<Output>,
}

/// The pipeline of a review.
#[derive(Debug, Clone, Deserialize)]
pub struct Pipeline {
    pub sha256: String,
}

/// Of what the facts were made.
#[derive(Debug, Clone, Deserialize)]
pub struct Origin {
    /// Of the review for which they were derived.
    pub run_id: String,
    /// Hash (hex) of all rows of the dumps.
    pub rows: String,
    /// Hash of each section of the pipeline as far as it shapes the facts.
    pub pipeline: BTreeMap<String, String>,
    /// Columns of the facts that the dumps do not have.
    pub lacking: BTreeMap<String, Vec<String>>,
}

/// A file of a dump.
#[derive(Debug, Clone, Deserialize)]
pub struct Input {
    pub source: String,
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    pub encoding: String,
    pub rows: Account,
}

/// A file of the review; `rows` where it is a table.
#[derive(Debug, Clone, Deserialize)]
pub struct Output {
    pub file: String,
    pub rows: Option<usize>,
}

impl Manifest {
    /// Rows of a file of the review, where it has it.
    pub fn rows(&self, file: &str) -> Option<usize> {
        self.outputs.iter().find(|output| output.file == file)?.rows
    }
}
