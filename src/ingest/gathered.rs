//! Rows that other rows name, gathered while they go by piece by piece.

use polars::prelude::*;

use super::facts::frame;

/// No row.
const NONE: u32 = u32::MAX;

/// Some columns of the rows of one piece that are named.
#[derive(Debug)]
pub struct Found {
    rows: DataFrame,
    /// Their places among the names.
    places: Vec<u32>,
}

impl Found {
    /// Takes some columns of the rows that have a place among the names.
    pub fn of<'c>(
        piece: &DataFrame,
        columns: impl Iterator<Item = &'c str>,
        places: impl Iterator<Item = Option<u32>>,
    ) -> PolarsResult<Self> {
        let (rows, places): (Vec<IdxSize>, Vec<u32>) =
            (0..).zip(places).filter_map(|(row, place)| Some((row, place?))).unzip();
        let rows = frame::gather(&piece.select(columns)?, &IdxCa::from_slice(PlSmallStr::EMPTY, &rows))?;
        Ok(Self { rows, places })
    }
}

/// All rows found so far.
#[derive(Debug)]
pub struct Gathered {
    frame: DataFrame,
    /// By the place of the name: its row.
    rows: Vec<u32>,
}

impl Gathered {
    /// Nothing yet of so many names. `shape` has the columns that will be found, or none, where they are known later.
    pub fn new(shape: DataFrame, names: usize) -> Self {
        Self { frame: shape, rows: vec![NONE; names] }
    }

    pub fn add(&mut self, found: Found) -> PolarsResult<()> {
        let first = self.frame.height();
        for (row, place) in (first..).zip(&found.places) {
            self.rows[*place as usize] = u32::try_from(row).unwrap_or(NONE);
        }
        self.frame.vstack_mut_owned(found.rows)?;
        Ok(())
    }

    /// To be called when all are there: their rows lie in one piece from then on.
    pub fn settle(&mut self) -> PolarsResult<()> {
        let rows = self.frame.height();
        let columns = std::mem::take(&mut self.frame).into_columns();
        // One by one, so that only one column is there twice.
        self.frame = DataFrame::new(rows, columns.into_iter().map(|column| column.rechunk()).collect())?;
        Ok(())
    }

    pub const fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// The row of the name at a place; none where none was found.
    pub fn row(&self, place: usize) -> Option<IdxSize> {
        self.rows.get(place).copied().filter(|row| *row != NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_the_place_of_their_name() {
        let piece = |ids: [&str; 3], n: [i32; 3]| df!("id" => ids, "n" => n, "other" => n).unwrap();
        let columns = || ["id", "n"].into_iter();
        let mut gathered = Gathered::new(DataFrame::empty(), 4);
        for (piece, places) in [
            (piece(["a", "b", "c"], [1, 2, 3]), [Some(3), None, Some(0)]),
            (piece(["d", "e", "f"], [4, 5, 6]), [None, Some(1), None]),
        ] {
            gathered.add(Found::of(&piece, columns(), places.into_iter()).unwrap()).unwrap();
        }
        gathered.settle().unwrap();
        assert_eq!(
            (0..5).map(|place| gathered.row(place)).collect::<Vec<_>>(),
            [Some(1), Some(2), None, Some(0), None]
        );
        let expected = df!("id" => ["a", "c", "e"], "n" => [1, 3, 5]).unwrap();
        assert!(gathered.frame().equals(&expected));
    }
}
