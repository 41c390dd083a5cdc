//! Batches put aside between two stages of a run, packed: the first of them in memory, the others in a file without a name.
//!
//! A run reads its dumps twice as large as its memory allows, so typed rows cannot wait for one another in it. The file is
//! gone when the run is, however it ends.

mod pack;
mod store;

use std::path::Path;
use std::sync::Arc;

use polars::prelude::*;

use self::pack::{Packed, Part};
use self::store::{Place, Store};
use super::IngestError;

/// Where batches wait. Clones share the place.
#[derive(Debug, Clone)]
pub struct Shelf {
    store: Arc<Store>,
}

/// A batch that waits.
#[derive(Debug)]
pub struct Kept {
    store: Arc<Store>,
    place: Place,
    rows: usize,
    parts: Vec<Part>,
    /// Which rows still count; all where it is empty.
    keep: Vec<bool>,
}

impl Shelf {
    /// A shelf that keeps what does not fit in memory in a file in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { store: Arc::new(Store::new(folder)) }
    }

    /// Puts a batch aside. `keys` are the hashes by which its rows are known, where somebody will ask for them.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn put(&self, batch: &DataFrame, keys: &[u128]) -> Result<Kept, IngestError> {
        let Packed { bytes, parts } = pack::pack(batch, keys)?;
        let place = self.store.put(bytes).map_err(|error| self.store.failed(&error))?;
        Ok(Kept { store: Arc::clone(&self.store), place, rows: batch.height(), parts, keep: Vec::new() })
    }
}

impl Kept {
    /// Rows that count.
    pub fn height(&self) -> usize {
        if self.keep.is_empty() { self.rows } else { self.keep.iter().filter(|keep| **keep).count() }
    }

    /// From now on only these rows count.
    pub fn retain(&mut self, keep: Vec<bool>) {
        self.keep = if keep.iter().all(|keep| *keep) { Vec::new() } else { keep };
    }

    /// The rows that count.
    pub fn load(&self) -> PolarsResult<DataFrame> {
        self.columns(|_| true)
    }

    /// Some columns of the rows that count; those that the batch does not have are not there.
    pub fn only(&self, names: &[&str]) -> PolarsResult<DataFrame> {
        self.columns(|name| names.contains(&name))
    }

    /// The keys of the rows that count.
    pub fn keys(&self) -> PolarsResult<Vec<u128>> {
        let bytes = self.store.get(&self.place)?;
        Ok(self.counting(pack::keys(&bytes, self.rows)))
    }

    /// How many of the rows that count have a value, by column.
    pub fn filled(&self) -> PolarsResult<Vec<(&str, usize)>> {
        let bytes = self.store.get(&self.place)?;
        Ok(self.parts.iter().map(|part| (part.name.as_str(), part.filled(&bytes, &self.keep))).collect())
    }

    /// Name and type of every column.
    pub fn shape(&self) -> PolarsResult<DataFrame> {
        let columns = self.parts.iter().map(|part| Column::new_empty(part.name.clone(), &part.dtype));
        DataFrame::new(0, columns.collect())
    }

    fn columns(&self, wanted: impl Fn(&str) -> bool) -> PolarsResult<DataFrame> {
        let bytes = self.store.get(&self.place)?;
        let wanted = self.parts.iter().filter(|part| wanted(&part.name));
        let columns = wanted.map(|part| part.unpack(&bytes, self.rows)).collect::<PolarsResult<Vec<_>>>()?;
        let batch = DataFrame::new(self.rows, columns)?;
        if self.keep.is_empty() {
            return Ok(batch);
        }
        batch.filter_seq(&BooleanChunked::from_slice(PlSmallStr::EMPTY, &self.keep))
    }

    fn counting<T>(&self, values: Vec<T>) -> Vec<T> {
        if self.keep.is_empty() {
            return values;
        }
        values.into_iter().zip(&self.keep).filter(|(_, keep)| **keep).map(|(value, _)| value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::facts::frame;

    #[test]
    fn only_rows_that_count_come_back() {
        let shelf = Shelf::new(&std::env::temp_dir());
        let ids = [Some("a"), None, Some("c")];
        let columns = vec![frame::strings("id", ids), frame::integers("n", vec![Some(1), Some(2), None])];
        let batch = DataFrame::new(3, columns).unwrap();
        let mut kept = shelf.put(&batch, &[10, 11, 12]).unwrap();
        assert!(kept.load().unwrap().equals_missing(&batch));
        assert_eq!(kept.filled().unwrap(), [("id", 2), ("n", 2)]);
        kept.retain(vec![true, false, true]);
        assert_eq!((kept.height(), kept.keys().unwrap()), (2, vec![10, 12]));
        assert_eq!(kept.filled().unwrap(), [("id", 2), ("n", 1)]);
        let only = kept.only(&["n", "nothing"]).unwrap();
        assert_eq!((only.width(), frame::ints(&only, "n").unwrap()), (1, vec![Some(1), None]));
        assert_eq!(kept.shape().unwrap().schema(), batch.schema());
    }
}
