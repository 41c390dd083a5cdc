//! A tally that has been taken: a few rows of keys and sums.

use std::sync::Arc;

use polars::prelude::*;

use super::{Key, Tally};

/// The rows of a taken tally, sorted by their keys.
#[derive(Debug, Clone)]
pub struct Counted {
    len: usize,
    keys: Vec<(PlSmallStr, Values)>,
    sums: Vec<(PlSmallStr, Vec<i64>)>,
}

/// The values of a key, row by row.
#[derive(Debug, Clone)]
pub(super) enum Values {
    /// Places in a list of texts, which is sorted by bytes.
    Texts {
        texts: Arc<[PlSmallStr]>,
        rows: Vec<u32>,
    },
    Numbers(Vec<i32>),
}

impl Counted {
    pub(super) fn new(len: usize, tally: &Tally, keys: Vec<Values>, sums: Vec<Vec<i64>>) -> Self {
        let name = |name: &str| PlSmallStr::from_str(name);
        let names = std::iter::once("rows").chain(tally.sums.iter().map(|s| s.name.as_str()));
        let names = names.chain(tally.distinct.map(|_| "distinct"));
        let keys = tally.keys.iter().map(|key| name(key.name())).zip(keys).collect();
        Self { len, keys, sums: names.map(name).zip(sums).collect() }
    }

    /// A tally of no rows.
    pub fn empty(tally: &Tally) -> PolarsResult<Self> {
        let key = |key: &Key| match key {
            Key::Text(_) => Values::Texts { texts: Arc::new([]), rows: Vec::new() },
            _ => Values::Numbers(Vec::new()),
        };
        let sums = vec![Vec::new(); tally.sums.len() + 2];
        Ok(Self::new(0, tally, tally.keys.iter().map(key).collect(), sums))
    }

    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Members of a text key.
    pub fn texts(&self, key: &str) -> PolarsResult<Vec<&str>> {
        let (texts, rows) = self.members(key)?;
        Ok(rows.iter().map(|place| texts[*place as usize].as_str()).collect())
    }

    /// The members of a text key, sorted by bytes, and for each row the place of its member among them.
    pub fn members(&self, key: &str) -> PolarsResult<(&[PlSmallStr], &[u32])> {
        match self.key(key)? {
            Values::Texts { texts, rows } => Ok((texts, rows)),
            Values::Numbers(_) => polars_bail!(SchemaMismatch: "{key} is not a text key"),
        }
    }

    /// Values of a number key.
    pub fn numbers(&self, key: &str) -> PolarsResult<&[i32]> {
        match self.key(key)? {
            Values::Numbers(rows) => Ok(rows),
            Values::Texts { .. } => polars_bail!(SchemaMismatch: "{key} is not a number key"),
        }
    }

    /// A sum, or `rows`, or `distinct`. Never negative, for all that is summed is zero or more.
    pub fn sums(&self, name: &str) -> PolarsResult<Vec<u64>> {
        let found = self.sums.iter().find(|(own, _)| own == name);
        let (_, sums) = found.ok_or_else(|| polars_err!(ColumnNotFound: "{name}"))?;
        Ok(sums.iter().map(|sum| sum.unsigned_abs()).collect())
    }

    fn key(&self, key: &str) -> PolarsResult<&Values> {
        let found = self.keys.iter().find(|(own, _)| own == key);
        found.map(|(_, values)| values).ok_or_else(|| polars_err!(ColumnNotFound: "{key}"))
    }

    /// All of it as a frame, to compare or merge tallies.
    pub fn frame(&self) -> PolarsResult<DataFrame> {
        let key = |(name, values): &(PlSmallStr, Values)| match values {
            Values::Texts { texts, rows } => {
                let rows = rows.iter().map(|place| texts[*place as usize].as_str());
                StringChunked::from_iter_values(name.clone(), rows).into_column()
            }
            Values::Numbers(rows) => Column::new(name.clone(), rows),
        };
        let sum = |(name, sums): &(PlSmallStr, Vec<i64>)| Column::new(name.clone(), sums);
        DataFrame::new(self.len, self.keys.iter().map(key).chain(self.sums.iter().map(sum)).collect())
    }
}
