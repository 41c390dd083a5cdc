//! What the tallies of a fact share: columns, axes, groups of rows and counts of cells, each once.

use std::collections::HashMap;

use super::axis::Kind;
use super::{Key, Of, Tally};

/// Groups of rows by no key at all.
pub const ROOT: usize = 0;

/// What is read and counted for the tallies of one fact. Numbers are places in the lists.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    pub columns: Vec<String>,
    /// Column and kind of each axis.
    pub axes: Vec<(usize, Kind)>,
    /// Parent (which comes before) and axis of each grouping; the first is [`ROOT`].
    pub groups: Vec<(usize, usize)>,
    groups_of: HashMap<(usize, usize), usize>,
    /// Grouping and axis of each table of counts.
    pub cells: Vec<(usize, usize)>,
    cells_of: HashMap<(usize, usize), usize>,
    /// Columns of whole numbers that are summed.
    pub numbers: Vec<usize>,
    /// Grouping of each sum, and its place in `numbers`.
    pub sums: Vec<(usize, usize)>,
    /// Columns whose values are hashed.
    pub hashes: Vec<usize>,
    /// Grouping of each count of distinct values, and its place in `hashes`.
    pub distinct: Vec<(usize, usize)>,
    pub tallies: Vec<Recipe>,
}

/// Where the rows and sums of a tally are found.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Columns without which the tally is empty.
    pub columns: Vec<usize>,
    pub rows: Rows,
    pub sums: Vec<Figure>,
    /// Place in `distinct`.
    pub distinct: Option<usize>,
}

/// The rows of a tally.
#[derive(Debug, Clone, Copy)]
pub enum Rows {
    /// All rows are one group.
    One,
    /// A table of counts by all keys but the last, and the last.
    Cells(usize),
    /// A grouping by all keys, and the same as a table of counts.
    Groups(usize, usize),
}

/// A sum over the groups of a tally.
#[derive(Debug, Clone)]
pub enum Figure {
    /// A place in `sums`.
    Sum(usize),
    /// A table of counts, of which one text is told.
    Text(usize, &'static str),
    /// A table of counts, of which rows with a value are told.
    Present(usize),
}

impl Layout {
    /// The layout of these tallies, all of one fact.
    pub fn new<'a>(tallies: impl IntoIterator<Item = &'a Tally>) -> Self {
        let mut layout = Self { groups: vec![(ROOT, 0)], ..Self::default() };
        for tally in tallies {
            let recipe = layout.recipe(tally);
            layout.tallies.push(recipe);
        }
        layout
    }

    fn recipe(&mut self, tally: &Tally) -> Recipe {
        let mut columns: Vec<usize> = tally.keys.iter().map(|key| self.column(key.column())).collect();
        let axes: Vec<usize> = tally.keys.iter().map(|key| self.key(key)).collect();
        let plain = tally.sums.is_empty() && tally.distinct.is_none();
        let rows = match axes.split_last() {
            None => Rows::One,
            Some((last, first)) => {
                let parent = first.iter().fold(ROOT, |parent, axis| self.grouping(parent, *axis));
                let cells = self.table(parent, *last);
                if plain { Rows::Cells(cells) } else { Rows::Groups(self.grouping(parent, *last), cells) }
            }
        };
        let grouping = if let Rows::Groups(grouping, _) = rows { grouping } else { ROOT };
        let mut sums = Vec::new();
        for sum in &tally.sums {
            let (column, figure) = match &sum.of {
                Of::Column(name) => {
                    let column = self.column(name);
                    let number = place(&mut self.numbers, column);
                    (column, Figure::Sum(place(&mut self.sums, (grouping, number))))
                }
                Of::Equals { column, value } => {
                    let column = self.column(column);
                    let texts = self.axis(column, Kind::Text);
                    (column, Figure::Text(self.table(grouping, texts), value))
                }
                Of::Present(column) => {
                    let column = self.column(column);
                    let present = self.axis(column, Kind::Present);
                    (column, Figure::Present(self.table(grouping, present)))
                }
            };
            columns.push(column);
            sums.push(figure);
        }
        let distinct = tally.distinct.map(|name| {
            let column = self.column(name);
            columns.push(column);
            let hash = place(&mut self.hashes, column);
            place(&mut self.distinct, (grouping, hash))
        });
        Recipe { columns, rows, sums, distinct }
    }

    fn key(&mut self, key: &Key) -> usize {
        let column = self.column(key.column());
        let kind = match key {
            Key::Text(_) => Kind::Member,
            Key::Number(_) => Kind::Number,
            Key::Mapped { with, .. } => Kind::Mapped(*with),
        };
        self.axis(column, kind)
    }

    fn column(&mut self, name: &str) -> usize {
        if let Some(at) = self.columns.iter().position(|known| known == name) {
            return at;
        }
        self.columns.push(name.to_owned());
        self.columns.len() - 1
    }

    fn axis(&mut self, column: usize, kind: Kind) -> usize {
        if let Some(at) = self.axes.iter().position(|(known, of)| *known == column && of.same(kind)) {
            return at;
        }
        self.axes.push((column, kind));
        self.axes.len() - 1
    }

    fn grouping(&mut self, parent: usize, axis: usize) -> usize {
        let groups = &mut self.groups;
        *self.groups_of.entry((parent, axis)).or_insert_with(|| {
            groups.push((parent, axis));
            groups.len() - 1
        })
    }

    fn table(&mut self, grouping: usize, axis: usize) -> usize {
        let cells = &mut self.cells;
        *self.cells_of.entry((grouping, axis)).or_insert_with(|| {
            cells.push((grouping, axis));
            cells.len() - 1
        })
    }
}

/// Place of an entry in a list, to which it is added where it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, entry: T) -> usize {
    if let Some(at) = list.iter().position(|known| *known == entry) {
        return at;
    }
    list.push(entry);
    list.len() - 1
}
