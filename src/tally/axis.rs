//! An axis: the values of one key, each with a small number that stands for it while rows are counted.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use polars::prelude::*;
use xxhash_rust::xxh3::Xxh3Default;

use crate::schema::shared::NONE;

/// Place of rows without a value. A text key never has it: there they are the member `(none)`.
pub const MISSING: u32 = 0;

/// A code or number that has no place yet.
const UNKNOWN: u32 = u32::MAX;

/// Numbers up to here, from [`LEAST`] on, find their place without hashing.
const WINDOW: usize = 1 << 15;
const LEAST: i32 = -8192;

pub type Texts<V> = HashMap<PlSmallStr, V, BuildHasherDefault<Xxh3Default>>;
/// What the values of an axis are.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Texts; a missing one is `(none)`.
    Member,
    /// Texts; a missing one is missing.
    Text,
    /// Whole numbers of 32 bits.
    Number,
    /// Whole numbers of 64 bits through a function.
    Mapped(fn(i64) -> i32),
    /// Whether there is a value: 1 where there is.
    Present,
}

impl Kind {
    /// Whether two kinds give the same places to the same rows.
    pub fn same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Mapped(a), Self::Mapped(b)) => std::ptr::fn_addr_eq(a, b),
            (Self::Mapped(_), _) | (_, Self::Mapped(_)) => false,
            (a, b) => std::mem::discriminant(&a) == std::mem::discriminant(&b),
        }
    }
}

/// Values by place, and places by value. Places are given in the order in which values turn up; 0 is [`MISSING`].
#[derive(Debug)]
pub struct Axis {
    pub kind: Kind,
    texts: Vec<PlSmallStr>,
    by_text: Texts<u32>,
    /// Places of the codes of `mapping`.
    by_code: Vec<u32>,
    /// Held, so that its codes go on meaning the same texts from batch to batch.
    mapping: Option<Arc<CategoricalMapping>>,
    numbers: Vec<i32>,
    window: Vec<u32>,
    by_number: HashMap<i32, u32>,
    /// Places of the rows of the present block.
    pub rows: Vec<u32>,
}

impl Axis {
    pub fn new(kind: Kind) -> Self {
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        match kind {
            Kind::Member | Kind::Text => texts.push(PlSmallStr::EMPTY),
            Kind::Number | Kind::Mapped(_) => numbers.push(0),
            Kind::Present => numbers.extend([0, 1]),
        }
        Self {
            kind,
            texts,
            by_text: Texts::default(),
            by_code: Vec::new(),
            mapping: None,
            numbers,
            window: Vec::new(),
            by_number: HashMap::new(),
            rows: Vec::new(),
        }
    }

    /// Number of places given so far, the missing one included.
    pub fn len(&self) -> usize {
        self.texts.len().max(self.numbers.len())
    }

    /// Texts by place; the first is that of no value.
    pub fn texts(&self) -> &[PlSmallStr] {
        &self.texts
    }

    /// Numbers by place; the first is that of no value.
    pub fn numbers(&self) -> &[i32] {
        &self.numbers
    }

    /// Place of a text that has turned up.
    pub fn find(&self, text: &str) -> Option<u32> {
        self.by_text.get(text).copied()
    }

    /// The column in the type that [`read`](Self::read) wants, in one piece.
    pub fn prepare(&self, column: &Column) -> PolarsResult<Column> {
        let text = matches!(self.kind, Kind::Member | Kind::Text);
        let plain = text && column.try_cat32().is_none() && column.dtype() != &DataType::String;
        let column = if plain { column.cast(&DataType::String)? } else { column.clone() };
        Ok(column.rechunk())
    }

    /// Finds the places of rows `start..start + len`; all have no value where the fact lacks the column.
    pub fn read(&mut self, column: Option<&Column>, start: usize, len: usize) -> PolarsResult<()> {
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        let done = if let Some(column) = column {
            self.fill(&mut rows, column, start, len)
        } else {
            let none = self.none();
            rows.resize(len, none);
            Ok(())
        };
        self.rows = rows;
        done
    }

    fn fill(&mut self, rows: &mut Vec<u32>, column: &Column, start: usize, len: usize) -> PolarsResult<()> {
        match self.kind {
            Kind::Member | Kind::Text => {
                if let Some(categories) = column.try_cat32() {
                    return self.fill_codes(rows, categories, start, len);
                }
                let none = if column.null_count() > 0 { self.none() } else { MISSING };
                let part = column.slice(i64::try_from(start).unwrap_or(i64::MAX), len);
                rows.extend(part.str()?.iter().map(|text| text.map_or(none, |text| self.text(text))));
            }
            Kind::Number => {
                let array = column.i32()?.downcast_iter().next();
                let Some(array) = array else { return Ok(()) };
                let values = &array.values().as_slice()[start..start + len];
                let valid = array.validity().map(|bits| move |row: usize| bits.get_bit(start + row));
                each(rows, values, valid, MISSING, |number| self.number(number));
            }
            Kind::Mapped(with) => {
                let array = column.i64()?.downcast_iter().next();
                let Some(array) = array else { return Ok(()) };
                let values = &array.values().as_slice()[start..start + len];
                let valid = array.validity().map(|bits| move |row: usize| bits.get_bit(start + row));
                each(rows, values, valid, MISSING, |number| self.number(with(number)));
            }
            Kind::Present => {
                if column.null_count() == 0 {
                    rows.resize(len, 1);
                } else {
                    let part = column.slice(i64::try_from(start).unwrap_or(i64::MAX), len);
                    rows.extend(part.is_not_null().iter().map(|present| u32::from(present.unwrap_or_default())));
                }
            }
        }
        Ok(())
    }

    fn fill_codes(
        &mut self,
        rows: &mut Vec<u32>,
        categories: &Categorical32Chunked,
        start: usize,
        len: usize,
    ) -> PolarsResult<()> {
        let mapping = categories.get_mapping();
        if self.mapping.as_ref().is_none_or(|held| !Arc::ptr_eq(held, mapping)) {
            self.by_code.clear();
            self.mapping = Some(Arc::clone(mapping));
        }
        let physical = categories.physical();
        let none = if physical.null_count() > 0 { self.none() } else { MISSING };
        let Some(array) = physical.downcast_iter().next() else { return Ok(()) };
        let values = &array.values().as_slice()[start..start + len];
        let valid = array.validity().map(|bits| move |row: usize| bits.get_bit(start + row));
        let mut stray = false;
        each(rows, values, valid, none, |code| match self.by_code.get(code as usize) {
            Some(&place) if place != UNKNOWN => place,
            _ => mapping.cat_to_str(code).map_or_else(
                || {
                    stray = true;
                    MISSING
                },
                |text| self.code(code, text),
            ),
        });
        polars_ensure!(!stray, ComputeError: "a category without a text");
        Ok(())
    }

    /// Place of a code that is met for the first time.
    #[cold]
    fn code(&mut self, code: u32, text: &str) -> u32 {
        let place = self.text(text);
        let at = code as usize;
        if self.by_code.len() <= at {
            self.by_code.resize(at + 1, UNKNOWN);
        }
        self.by_code[at] = place;
        place
    }

    /// Place of rows without a value.
    fn none(&mut self) -> u32 {
        if matches!(self.kind, Kind::Member) { self.text(NONE) } else { MISSING }
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(place) = self.by_text.get(text) {
            return *place;
        }
        let place = place(self.texts.len());
        let text = PlSmallStr::from_str(text);
        self.texts.push(text.clone());
        self.by_text.insert(text, place);
        place
    }

    fn number(&mut self, number: i32) -> u32 {
        let near = number.checked_sub(LEAST).and_then(|n| usize::try_from(n).ok()).filter(|n| *n < WINDOW);
        match near {
            Some(at) => match self.window.get(at) {
                Some(&place) if place != UNKNOWN => place,
                _ => {
                    if self.window.is_empty() {
                        self.window.resize(WINDOW, UNKNOWN);
                    }
                    let place = place(self.numbers.len());
                    self.numbers.push(number);
                    self.window[at] = place;
                    place
                }
            },
            None => *self.by_number.entry(number).or_insert_with(|| {
                self.numbers.push(number);
                place(self.numbers.len() - 1)
            }),
        }
    }

    /// Takes over the values of another axis of the same kind; gives the places here by the places there.
    pub fn merge(&mut self, other: &Self) -> Vec<u32> {
        let mut places = vec![MISSING; other.len()];
        match self.kind {
            Kind::Member | Kind::Text => {
                for (place, text) in places.iter_mut().zip(&other.texts).skip(1) {
                    *place = self.text(text);
                }
            }
            Kind::Number | Kind::Mapped(_) => {
                for (place, number) in places.iter_mut().zip(&other.numbers).skip(1) {
                    *place = self.number(*number);
                }
            }
            Kind::Present => places = vec![MISSING, 1],
        }
        places
    }

    /// Rank of each place in the order of the values: texts by bytes, numbers ascending. `None` for rows that are left
    /// out.
    pub fn ranks(&self) -> Vec<Option<u32>> {
        let mut places: Vec<u32> = (1..place(self.len())).collect();
        match self.kind {
            Kind::Member | Kind::Text => {
                places.sort_unstable_by(|a, b| self.texts[*a as usize].cmp(&self.texts[*b as usize]));
            }
            _ => places.sort_unstable_by_key(|p| self.numbers[*p as usize]),
        }
        let mut ranks = vec![None; self.len()];
        for (rank, at) in (0..).zip(places) {
            ranks[at as usize] = Some(rank);
        }
        ranks
    }
}

/// The place of the next value. There are never as many: they would not fit into memory.
fn place(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(UNKNOWN)
}

/// Appends the place of each value.
fn each<T: Copy>(
    rows: &mut Vec<u32>,
    values: &[T],
    valid: Option<impl Fn(usize) -> bool>,
    missing: u32,
    mut place: impl FnMut(T) -> u32,
) {
    match valid {
        None => rows.extend(values.iter().map(|value| place(*value))),
        Some(valid) => {
            let place = |(row, value): (usize, &T)| if valid(row) { place(*value) } else { missing };
            rows.extend(values.iter().enumerate().map(place));
        }
    }
}
