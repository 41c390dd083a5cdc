//! One row of a table becomes values, or a reason why it cannot.

mod cell;
mod derived;
mod direct;
mod quick;
mod words;

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_128;

use self::cell::Context;
use self::derived::Places;
pub use self::quick::Quick;
use super::columns::{Dictionary, Value};
use super::header::{Binding, Cell};
use super::read::{Flaw, Native, Record};
use super::values::text;
use crate::plan::{Plan, Source};
use crate::schema::input::SourceKind;
use crate::schema::rules::{DAMAGED_ROW, MISSING_KEY, Rule, Severity, WRONG_FIELDS};

/// What a row, or a cell of it, has against it.
#[derive(Debug)]
pub struct Bad {
    /// Index of the binding; `None` where the whole row is meant.
    pub binding: Option<usize>,
    pub value: Option<String>,
    pub rule: &'static Rule,
    pub message: String,
}

/// Who a row is: rows of the same key are versions of one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    pub key: u128,
    /// Hash of all mapped values, typed: equal for the same row however it is written.
    pub content: u64,
    /// What `latest_by` says; 0 where the plan names no such column.
    pub version: i64,
}

/// Where a table lies, for the columns that every table has.
#[derive(Debug, Default)]
pub struct Whereabouts {
    /// `@file`.
    pub file: String,
    /// `@sheet`.
    pub sheet: String,
}

/// What reading a row needs to know.
pub struct RowReader<'p> {
    source: &'p Source,
    plan: &'p Plan,
    pub bindings: Vec<Binding<'p>>,
    at: Whereabouts,
    /// Fields that every row must have; `None` where cells at the end may be missing.
    width: Option<usize>,
    places: Places,
    dictionary: Dictionary,
}

impl<'p> RowReader<'p> {
    pub fn new(
        source: &'p Source,
        plan: &'p Plan,
        bindings: Vec<Binding<'p>>,
        at: Whereabouts,
        width: Option<usize>,
    ) -> Self {
        let places = Places::of(source.kind, &bindings);
        Self { source, plan, bindings, at, width, places, dictionary: Dictionary::new() }
    }

    /// What the quick way through the table's rows learns as it goes.
    pub fn quick(&self) -> Quick {
        Quick::new(&self.bindings, &self.source.missing, self.plain_key())
    }

    /// Reads a row into `values`, one a binding. What the row can be used with all the same goes into `warned`.
    pub fn read<'r>(
        &'r self,
        record: &'r Record,
        quick: &mut Quick,
        values: &mut Vec<Value<'r>>,
        warned: &mut Vec<Bad>,
    ) -> Result<(), Bad> {
        values.clear();
        quick.hashed.clear();
        let whole = |rule, message| Err(Bad { binding: None, value: None, rule, message });
        if let Some(flaw) = record.flaw {
            return whole(&DAMAGED_ROW, damage(flaw, record));
        }
        if let Some(width) = self.width.filter(|w| *w != record.len()) {
            return whole(&WRONG_FIELDS, format!("the row has {} fields, the header has {width}", record.len()));
        }
        let mut answered = false;
        let fits = |wall| cell::stranger(self.plan, self.source.kind, wall).is_none();
        for (index, binding) in self.bindings.iter().enumerate() {
            if quick.read(index, record, &self.source.missing, fits, values).is_some() {
                continue;
            }
            let warnings = warned.len();
            let (cell, native) = self.cell(binding, record);
            answered |= binding.when.is_some() && cell.is_some();
            let value = match cell {
                None if binding.required => {
                    let message = format!("every row of {} needs `{}`", self.source.kind.name(), binding.name);
                    return Err(Bad { binding: Some(index), value: None, rule: &MISSING_KEY, message });
                }
                None => Value::Null,
                Some(cell) => {
                    let context = Context { plan: self.plan, kind: self.source.kind, binding, native };
                    match context.value(cell) {
                        Ok(value) => value,
                        Err(wrong) => self.weigh(index, wrong, warned)?,
                    }
                }
            };
            quick.learn(index, record, &value, warned.len() == warnings, &self.dictionary);
            values.push(value);
        }
        if !answered && self.source.is_long() {
            self.unlisted_dimension(record, warned)?;
        }
        if self.places.derive(self.source.kind, values, &self.dictionary)? {
            quick.hash_again(values, &self.dictionary);
        }
        Ok(())
    }

    /// What stands in a binding's cells, if anything.
    fn cell<'r>(&'r self, binding: &Binding<'p>, record: &'r Record) -> (Option<Cow<'r, str>>, Native)
    where
        'p: 'r,
    {
        if let Some((place, names)) = binding.when
            && !record.get(place).is_some_and(|text| names.iter().any(|n| n == text::trim(text)))
        {
            return (None, Native::Text);
        }
        match binding.cells.as_slice() {
            [] => (None, Native::Text),
            [Cell::At(place)] => {
                let cell = record.get(*place).and_then(|c| text::present(c, &self.source.missing));
                let narrow = |c| if binding.narrow { text::id(c) } else { Cow::Borrowed(c) };
                (cell.map(narrow), record.native(*place))
            }
            [cell] => (self.one(*cell, record), Native::Text),
            cells => {
                let native = |cell: &Cell| match cell {
                    Cell::At(place) => record.native(*place),
                    _ => Native::Text,
                };
                if let Some(formula) = cells.iter().find(|cell| native(cell) == Native::Formula) {
                    return (self.one(*formula, record), Native::Formula);
                }
                let parts: Vec<Cow<str>> = cells.iter().filter_map(|c| self.one(*c, record)).collect();
                ((!parts.is_empty()).then(|| Cow::Owned(parts.join(binding.with))), Native::Text)
            }
        }
    }

    /// The text of one of a binding's cells.
    fn one<'r>(&'r self, cell: Cell<'p>, record: &'r Record) -> Option<Cow<'r, str>>
    where
        'p: 'r,
    {
        match cell {
            Cell::At(place) => {
                let text = record.get(place).and_then(|c| text::present(c, &self.source.missing))?;
                // The date of a date cell is joined with a time of day from another cell.
                let date = text.strip_suffix(" 00:00:00").filter(|_| record.native(place) == Native::Time);
                Some(Cow::Borrowed(date.unwrap_or(text)))
            }
            Cell::File => Some(Cow::Borrowed(self.at.file.as_str())),
            Cell::Sheet => Some(Cow::Borrowed(self.at.sheet.as_str())),
            Cell::Row => Some(Cow::Owned(record.number.to_string())),
            Cell::Always(text) => Some(Cow::Borrowed(text)),
        }
    }

    /// What the plan makes of a broken rule: the row goes, or the cell, or neither.
    fn weigh<'r>(&self, index: usize, wrong: cell::Wrong<'r>, warned: &mut Vec<Bad>) -> Result<Value<'r>, Bad> {
        let severity = self.plan.quality.severity(wrong.rule);
        let bad = Bad {
            binding: Some(index),
            value: Some(wrong.cell.into_owned()),
            rule: wrong.rule,
            message: wrong.message,
        };
        let required = self.bindings[index].required && wrong.instead == Value::Null;
        match severity {
            Severity::Error => return Err(bad),
            Severity::Warning if required => return Err(bad),
            Severity::Warning => warned.push(bad),
            Severity::Off => {}
        }
        Ok(wrong.instead)
    }

    fn unlisted_dimension(&self, record: &Record, warned: &mut Vec<Bad>) -> Result<(), Bad> {
        let Some((index, (place, _))) =
            self.bindings.iter().enumerate().find_map(|(i, b)| b.when.map(|when| (i, when)))
        else {
            return Ok(());
        };
        let Some(named) = record.get(place).and_then(|c| text::present(c, &self.source.missing)) else {
            let message = "the row has no dimension".to_owned();
            return Err(Bad { binding: Some(index), value: None, rule: &MISSING_KEY, message });
        };
        if self.bindings.iter().any(|b| b.when.is_some_and(|(_, names)| names.iter().any(|n| n == named))) {
            return Ok(());
        }
        let wrong = cell::Wrong::unknown_value(Cow::Borrowed(named), Value::Null, "[sources.surveys.dimensions]");
        self.weigh(index, wrong, warned).map(|_| ())
    }

    /// The identity of the row that was just read and accepted, and the whole hash of its values. `scratch` is reused from
    /// row to row.
    pub fn identify(
        &self,
        record: &Record,
        values: &[Value],
        quick: &Quick,
        scratch: &mut Vec<u8>,
    ) -> (Identity, u128) {
        let hash = xxh3_128(&quick.hashed);
        // Rows of one key are compared, so half of the hash tells them apart; a key must be unique among all.
        let content = (hash >> 64) as u64;
        let dimension = self.bindings.iter().find_map(|b| b.when).and_then(|(place, _)| record.get(place));
        let key = self.places.key(values, dimension, &self.dictionary, scratch);
        (Identity { key, content, version: self.places.version(values) }, hash)
    }

    /// The key of a row that could not be used, where it was read before what is wrong.
    pub fn key_of(&self, values: &[Value], scratch: &mut Vec<u8>) -> Option<u128> {
        let long = self.bindings.iter().any(|b| b.when.is_some());
        (!long && self.places.has_key(values)).then(|| self.places.key(values, None, &self.dictionary, scratch))
    }

    pub const fn kind(&self) -> SourceKind {
        self.source.kind
    }

    pub const fn whereabouts(&self) -> &Whereabouts {
        &self.at
    }
}

/// What is wrong with a damaged row, and what to do.
pub fn damage(flaw: Flaw, record: &Record) -> String {
    match flaw {
        Flaw::CutOff => {
            let lines = record.text().matches('\n').count();
            format!(
                "a quotation mark opens a field that nothing closes before the end of the file, {lines} line breaks later; \
                 the file was cut off, or a quotation mark is missing"
            )
        }
        Flaw::Nul => "the row holds NUL bytes: the file is damaged; export it again".to_owned(),
        Flaw::TooLarge => {
            "the row is larger than 16 MiB or has more than 131,072 fields: a quotation mark may be missing; what is shown \
             is its beginning"
                .to_owned()
        }
        Flaw::Malformed => "the line is no JSON object".to_owned(),
    }
}
