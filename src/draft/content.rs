//! What the cells of a column say about it.

use std::collections::{BTreeMap, BTreeSet};

use super::Peek;
use super::dates::{self, Moment, Reading};
use crate::ingest::read::Native;
use crate::ingest::values::{self, flag, text};

/// A cell that holds something.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    pub text: &'a str,
    pub native: Native,
}

/// Where a column stands.
#[derive(Debug)]
pub struct Place {
    /// Position of the table in its group.
    pub table: usize,
    /// Position of the column in its header.
    pub index: usize,
    pub reading: Reading,
    /// Different in nearly every row, and more than a count of the rows.
    pub unique: bool,
    /// 1, 2, 3, … from row to row.
    pub counts: bool,
}

/// All columns of one name in a group of tables.
#[derive(Debug)]
pub struct Column<'a> {
    pub name: &'a str,
    pub places: Vec<Place>,
    /// The cells that hold something, table by table.
    pub cells: Vec<Cell<'a>>,
    /// Rows looked at.
    pub rows: usize,
    /// Cells with a formula whose value was not stored.
    pub formulas: usize,
    /// Texts that mean "no value".
    pub markers: BTreeSet<&'a str>,
    /// What stands in its cells, and how often.
    pub distinct: BTreeMap<&'a str, usize>,
    /// Its moments in their order.
    pub times: Vec<Moment>,
    /// Words that stand where a time is not known, and how often; only in columns of times.
    pub words: BTreeMap<&'a str, usize>,
}

impl<'a> Column<'a> {
    pub const fn new(name: &'a str) -> Self {
        Self {
            name,
            places: Vec::new(),
            cells: Vec::new(),
            rows: 0,
            formulas: 0,
            markers: BTreeSet::new(),
            distinct: BTreeMap::new(),
            times: Vec::new(),
            words: BTreeMap::new(),
        }
    }

    /// Takes the cells of one more table.
    pub fn add(&mut self, table: usize, index: usize, peek: &'a Peek) {
        let first = self.cells.len();
        for record in &peek.rows {
            self.rows += 1;
            let text = text::trim(record.get(index).unwrap_or_default());
            if text.is_empty() {
            } else if record.native(index) == Native::Formula {
                self.formulas += 1;
            } else if text::looks_missing(text) {
                self.markers.insert(text);
            } else {
                self.cells.push(Cell { text, native: record.native(index) });
                *self.distinct.entry(text).or_default() += 1;
            }
        }
        let added = self.cells.get(first..).unwrap_or_default();
        let words = dates::words(added);
        let timed: Vec<Cell> = added.iter().filter(|cell| !words.contains(cell.text)).copied().collect();
        let reading = dates::read(&timed);
        if !matches!(reading, Reading::No) {
            for cell in added.iter().filter(|cell| words.contains(cell.text)) {
                *self.words.entry(cell.text).or_default() += 1;
            }
        }
        self.times.extend(added.iter().filter_map(|cell| reading.time(*cell)));
        self.times.sort_unstable();
        self.places.push(Place { table, index, reading, unique: is_unique(added), counts: counts(added) });
    }

    pub fn place(&self, table: usize) -> Option<&Place> {
        self.places.iter().find(|place| place.table == table)
    }

    /// Whether a table has both columns.
    pub fn meets(&self, other: &Self) -> bool {
        self.places.iter().any(|place| other.place(place.table).is_some())
    }

    /// Percentage of the filled cells for which this holds; 0 where none is filled.
    pub fn percent(&self, holds: impl Fn(&str) -> bool) -> usize {
        let holding = self.distinct.iter().filter(|(text, _)| holds(text)).map(|(_, count)| count).sum();
        percent(holding, self.cells.len())
    }

    pub const fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub const fn filled_percent(&self) -> usize {
        percent(self.cells.len(), self.rows)
    }

    /// Times, on most of its filled cells that hold no word in place of one.
    pub fn is_time(&self) -> bool {
        percent(self.times.len(), self.cells.len().saturating_sub(self.words.values().sum())) >= 60
    }

    /// The times between which all but the odd ones lie, slips of the pen left out.
    pub fn span(&self) -> Option<(Moment, Moment)> {
        let odd = self.times.len() / 100;
        Some((*self.times.get(odd)?, *self.times.get(self.times.len() - 1 - odd)?))
    }

    /// No moment has a time of day.
    pub fn dates_only(&self) -> bool {
        self.times.iter().all(|time| dates::is_midnight(*time))
    }

    /// Nothing but figures: a number, though it may be read as a time.
    pub fn is_number(&self) -> bool {
        !self.is_empty() && self.percent(|text| number(text).is_some()) >= 95
    }

    /// A time by its looks: not a number that could be one, unless its name says that it is the day of a spreadsheet.
    pub fn is_written_time(&self) -> bool {
        self.is_time() && (!self.is_number() || dates::names_moment(self.name) && self.is_serial())
    }

    /// Numbers as a spreadsheet counts its days, of years in which a service may have run.
    pub fn is_serial(&self) -> bool {
        self.is_time() && self.range().is_some_and(|(low, high)| low >= 20_000.0 && high <= 80_000.0)
    }

    /// The numbers of the rows: 1, 2, 3, … in each table.
    pub fn counts_rows(&self) -> bool {
        !self.is_empty() && self.places.iter().all(|place| place.counts)
    }

    pub fn is_flag(&self) -> bool {
        self.percent(|text| flag::parse(text).is_some()) >= 80
    }

    /// Different in nearly every row of each table. Dumps may overlap, so tables may share values.
    pub fn is_unique(&self) -> bool {
        !self.places.is_empty() && self.places.iter().all(|place| place.unique)
    }

    /// Few values that come again and again.
    pub fn is_category(&self) -> bool {
        self.distinct.len() <= 200 && self.distinct.len() * 3 <= self.cells.len()
    }

    /// Smallest and largest number, where all but single cells are numbers.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.is_number().then_some(())?;
        let numbers = || self.distinct.keys().filter_map(|text| number(text));
        Some((numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max)))
    }
}

fn is_unique(cells: &[Cell]) -> bool {
    let distinct: BTreeSet<&str> = cells.iter().map(|cell| cell.text).collect();
    // 1, 2, 3, … begins anew in every dump.
    cells.len() > 1 && percent(distinct.len(), cells.len()) >= 95 && !counts(cells)
}

fn counts(cells: &[Cell]) -> bool {
    !cells.is_empty() && cells.iter().zip(1_usize..).all(|(cell, row)| cell.text.parse() == Ok(row))
}

/// The number in a cell; `4分` is one, too.
pub fn number(text: &str) -> Option<f64> {
    values::number::decimal(text.trim_end_matches(['分', '星'])).filter(|number| number.is_finite())
}

/// `part` of `whole` in whole per cent.
pub const fn percent(part: usize, whole: usize) -> usize {
    match (part * 100).checked_div(whole) {
        Some(share) => share,
        None => 0,
    }
}
