//! The quick way through a row: cells that are plain, or known from earlier rows, become values without second thoughts. It
//! knows only what is right; anything else is left to the patient way.

use std::borrow::Cow;

use super::direct::Direct;
use super::words::{Meaning, Words};
use crate::ingest::columns::{Dictionary, Physical, Value};
use crate::ingest::header::{Binding, Cell, Reads};
use crate::ingest::read::{Native, Record};
use crate::ingest::values::text;
use crate::ingest::values::time::{Format, Memo};
use crate::time::{DAY_SECONDS, MICROS, Wall};

/// The quick ways of a table's columns, and what they have learnt.
#[derive(Debug)]
pub struct Quick {
    pub(super) columns: Vec<Column>,
    /// One bit for each length that a marker of "no value" has; the last for 63 bytes and more.
    pub(super) markers: u64,
    /// Whether rows are tried without stops.
    pub(super) direct: Direct,
    /// The values of the row so far, as its hash takes them.
    pub hashed: Vec<u8>,
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) way: Way,
    pub(super) place: usize,
    pub(super) required: bool,
    /// Its values are texts, which cannot be taken back once they have been appended.
    pub(super) text: bool,
}

#[derive(Debug)]
pub(super) enum Way {
    /// There is none: columns of several cells, of long surveys, of versions, and odd formats of time.
    None,
    /// The table does not have the column.
    Empty,
    Text {
        narrow: bool,
    },
    Moment {
        memo: Memo,
        /// The format is that of cells which a spreadsheet holds as times.
        native: bool,
        day: bool,
    },
    Words(Words),
}

impl Quick {
    /// `key` is the column by which rows are known, where one text alone tells them apart.
    pub fn new(bindings: &[Binding], missing: &[String], key: Option<usize>) -> Self {
        let columns: Vec<Column> = bindings.iter().map(Column::of).collect();
        let markers = missing.iter().fold(0, |bits, marker| bits | bit(marker.len()));
        let direct = Direct::new(&columns, key);
        Self { columns, markers, direct, hashed: Vec::new() }
    }

    /// Appends the value of a binding to `values`, where it is plain; the hash has then been told of it. `fits` says whether a
    /// moment lies in a year that the column may have.
    pub fn read<'r>(
        &mut self,
        index: usize,
        record: &'r Record,
        missing: &[String],
        fits: impl FnOnce(Wall) -> bool,
        values: &mut Vec<Value<'r>>,
    ) -> Option<()> {
        let column = self.columns.get_mut(index)?;
        let cell = match &column.way {
            Way::None => return None,
            Way::Empty => "",
            _ => record.get(column.place).unwrap_or_default(),
        };
        if cell.is_empty() {
            if column.required {
                return None;
            }
            self.hashed.push(0);
            values.push(Value::Null);
            return Some(());
        }
        let native = record.native(column.place);
        match &mut column.way {
            Way::Text { narrow } if native != Native::Formula => {
                let cell = text::trim(cell);
                let is_marker = self.markers & bit(cell.len()) != 0 && missing.iter().any(|m| m == cell);
                if is_marker || cell.is_empty() {
                    return None;
                }
                let cell = if *narrow { text::id(cell) } else { Cow::Borrowed(cell) };
                hash_text(&mut self.hashed, &cell);
                values.push(Value::Text(cell));
            }
            Way::Moment { memo, native: same, day } if native == Native::Text || (native == Native::Time && *same) => {
                if self.markers & bit(cell.len()) != 0 {
                    return None;
                }
                let wall = memo.parse(cell.as_bytes(), fits)?;
                let number = if *day { wall.div_euclid(DAY_SECONDS * MICROS) } else { wall };
                hash_number(&mut self.hashed, number);
                values.push(Value::Int(number));
            }
            Way::Words(words) if native != Native::Formula => {
                values.push(match words.meaning(cell.as_bytes(), &mut self.hashed)? {
                    Meaning::Null => Value::Null,
                    Meaning::Int(number) => Value::Int(number),
                    Meaning::Word(code) => Value::Word(code),
                });
            }
            _ => return None,
        }
        Some(())
    }

    /// Tells the hash of a value that the patient way gave. If it was `sound`, it is remembered for cells like this one.
    pub fn learn(&mut self, index: usize, record: &Record, value: &Value, sound: bool, dictionary: &Dictionary) {
        let before = self.hashed.len();
        self.hash(value, None);
        let Some(column) = self.columns.get_mut(index) else { return };
        let (Way::Words(words), true) = (&mut column.way, sound && record.native(column.place) != Native::Formula)
        else {
            return;
        };
        let meaning = match value {
            Value::Null => Some(Meaning::Null),
            Value::Int(number) => Some(Meaning::Int(*number)),
            Value::Word(code) => Some(Meaning::Word(*code)),
            Value::Text(text) => dictionary.code(text).map(Meaning::Word),
        };
        let added = self.hashed.get(before..).unwrap_or_default();
        if let (Some(cell), Some(meaning)) = (record.get(column.place), meaning)
            && !words.learn(cell.as_bytes(), meaning, added)
        {
            column.way = Way::None;
        }
    }

    /// Hashes a row anew whose values have changed since they were read.
    pub fn hash_again(&mut self, values: &[Value], dictionary: &Dictionary) {
        self.hashed.clear();
        for value in values {
            self.hash(value, Some(dictionary));
        }
    }

    fn hash(&mut self, value: &Value, dictionary: Option<&Dictionary>) {
        match value {
            Value::Null => self.hashed.push(0),
            Value::Int(number) => hash_number(&mut self.hashed, *number),
            Value::Text(text) => hash_text(&mut self.hashed, text),
            Value::Word(code) => hash_text(&mut self.hashed, dictionary.map_or("", |d| d.text(*code))),
        }
    }
}

pub(super) fn hash_number(hashed: &mut Vec<u8>, number: i64) {
    let mut bytes = [2; 9];
    bytes[1..].copy_from_slice(&number.to_le_bytes());
    hashed.extend_from_slice(&bytes);
}

pub(super) fn hash_text(hashed: &mut Vec<u8>, text: &str) {
    hashed.push(1);
    hashed.extend_from_slice(text.as_bytes());
    hashed.push(0xFF);
}

impl Column {
    fn of(binding: &Binding) -> Self {
        let (place, way) = match (binding.cells.as_slice(), binding.when) {
            ([], None) => (0, Way::Empty),
            ([Cell::At(place)], None) => (*place, Way::of(binding)),
            _ => (0, Way::None),
        };
        let text = binding.reads.physical() == Physical::Text;
        Self { way, place, required: binding.required, text }
    }
}

impl Way {
    fn of(binding: &Binding) -> Self {
        match &binding.reads {
            Reads::Text => Self::Text { narrow: binding.narrow },
            Reads::Time(Some(format)) | Reads::Date(Some(format)) => format.memo().map_or(Self::None, |memo| {
                Self::Moment { memo, native: *format == Format::native(), day: matches!(binding.reads, Reads::Date(_)) }
            }),
            Reads::Category(_) | Reads::Status(_) | Reads::Count | Reads::Flag | Reads::Codes(_) | Reads::Score(_) => {
                Self::Words(Words::new())
            }
            Reads::Time(None) | Reads::Date(None) | Reads::Version(_) => Self::None,
        }
    }
}

/// The bit of a length.
pub(super) fn bit(length: usize) -> u64 {
    1 << length.min(63)
}
