//! `manifest.json`: from what a review was made, and what it holds.

use std::collections::BTreeMap;

use serde::Serialize;

/// The program that writes manifests.
pub const TOOL: &str = env!("CARGO_PKG_NAME");

/// Where the rows of a file went.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RowCounts {
    pub read: u64,
    pub used: u64,
    pub folded: u64,
    pub identical: u64,
    pub superseded: u64,
    pub quarantined: u64,
    pub left_out: u64,
    pub filtered: u64,
    pub blank: u64,
}

/// One file of a dump.
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    pub source: &'static str,
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    pub encoding: String,
    pub rows: RowCounts,
}

/// One file of the output; `rows` where it is a table.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Output {
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
}

/// The whole manifest. Nothing in it depends on when or where the review was made.
#[derive(Debug, Serialize)]
pub struct Manifest<'a> {
    pub tool: &'static str,
    pub version: &'static str,
    pub run_id: &'a str,
    /// Why the dumps were refused, where they were; there is no review then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<&'a str>,
    pub title: &'a str,
    /// Unknown where the dumps were refused before it could be told.
    pub period: Option<&'a str>,
    pub as_of: Option<&'a str>,
    pub time_zone: &'a str,
    pub pipeline: Pipeline<'a>,
    /// Only of reviews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<&'a Origin>,
    pub inputs: &'a [Input],
    pub outputs: &'a [Output],
}

#[derive(Debug, Serialize)]
pub struct Pipeline<'a> {
    pub file: &'a str,
    /// SHA-256 of what the plan says: layout, comments and the places of the dumps do not count.
    pub sha256: &'a str,
}

/// Of what the facts were made, so that another review can be made of them instead of the dumps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Of the review for which they were derived.
    pub run_id: String,
    /// Hash (hex) of all rows of the dumps.
    pub rows: String,
    /// SHA-256 of each section of the pipeline as far as it shapes the facts.
    pub pipeline: BTreeMap<String, String>,
    /// Columns of the facts that the dumps do not have; they are empty.
    pub lacking: BTreeMap<String, Vec<String>>,
}

impl Manifest<'_> {
    /// The manifest as JSON, ending in a line feed.
    pub fn json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// Whether these bytes are the manifest of dumps that were refused.
pub fn tells_of_rejection(bytes: &[u8]) -> bool {
    let Ok(manifest) = serde_json::from_slice::<serde_json::Value>(bytes) else { return false };
    let text = |key: &str| manifest.get(key).and_then(serde_json::Value::as_str);
    text("tool") == Some(TOOL) && text("rejected").is_some()
}
