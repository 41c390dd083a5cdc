//! Tables of one kind: files, sheets and members with the same columns, give or take a renamed one.

use std::collections::BTreeSet;

use super::Peek;
use super::content::{Cell, Column, Place};
use crate::ingest::values::text;
use crate::schema::input::SourceKind;
use crate::schema::synonyms;

/// Tables that are read as one, and their columns by name.
#[derive(Debug)]
pub struct Group<'a> {
    pub tables: Vec<&'a Peek>,
    pub columns: Vec<Column<'a>>,
}

impl<'a> Group<'a> {
    pub fn new(tables: Vec<&'a Peek>) -> Self {
        let mut columns: Vec<Column<'a>> = Vec::new();
        for (table, peek) in tables.iter().enumerate() {
            for (index, name) in peek.header.iter().enumerate() {
                let name = text::trim(name);
                if name.is_empty() {
                    continue;
                }
                let place = columns.iter().position(|column| column.name == name);
                let column = match place.and_then(|place| columns.get_mut(place)) {
                    Some(column) => column,
                    None => columns.push_mut(Column::new(name)),
                };
                // The second column of a name cannot be told from the first.
                if column.place(table).is_none() {
                    column.add(table, index, peek);
                }
            }
        }
        Self { tables, columns }
    }

    /// All rows: table and row.
    pub fn rows(&self) -> impl Iterator<Item = (usize, usize)> {
        self.tables.iter().enumerate().flat_map(|(table, peek)| (0..peek.rows.len()).map(move |row| (table, row)))
    }

    /// The cell of a column in a row, blanks trimmed.
    pub fn cell(&self, place: &Place, row: usize) -> Option<Cell<'a>> {
        let record = self.tables.get(place.table)?.rows.get(row)?;
        Some(Cell { text: text::trim(record.get(place.index)?), native: record.native(place.index) })
    }

    /// All cells of a column in one table.
    pub fn cells(&self, place: &Place) -> impl Iterator<Item = Cell<'a>> {
        let rows = self.tables.get(place.table).map_or(0, |peek| peek.rows.len());
        (0..rows).filter_map(|row| self.cell(place, row))
    }

    /// The text of a column in a row.
    pub fn text(&self, column: &Column, table: usize, row: usize) -> Option<&'a str> {
        self.cell(column.place(table)?, row).map(|cell| cell.text)
    }
}

/// Puts tables of one kind together, in the order of their first tables.
pub fn groups<'a>(peeks: &[&'a Peek]) -> Vec<Vec<&'a Peek>> {
    let mut groups: Vec<(BTreeSet<String>, Vec<&'a Peek>)> = Vec::new();
    for peek in peeks {
        let meanings: BTreeSet<String> = peek.header.iter().filter_map(|name| meaning(name)).collect();
        if meanings.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(others, _)| alike(&meanings, others)) {
            Some((others, tables)) => {
                others.extend(meanings);
                tables.push(peek);
            }
            None => groups.push((meanings, vec![peek])),
        }
    }
    groups.into_iter().map(|(_, tables)| tables).collect()
}

/// Most of the columns of the smaller one are in the other one, too, and the other one is not another thing altogether.
fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let both = one.intersection(other).count();
    both * 10 >= one.len().min(other.len()) * 7 && both * 10 >= one.len().max(other.len()) * 4
}

/// What a header probably means, so that a renamed column stays the same; else the name itself.
fn meaning(name: &str) -> Option<String> {
    let keys = synonyms::keys(name);
    for kind in SourceKind::ALL {
        if let Some(names) = synonyms::keyed(kind).iter().find(|names| names.strong.iter().any(|n| keys.contains(n))) {
            return Some(format!("={}", names.ours.name));
        }
    }
    keys.into_iter().next()
}
