//! One column of a row group: from the pieces of frames that hold it to a chunk.

use polars::prelude::*;

use super::bits::Bits;
use super::numbers::{self, Whole};
use super::page::Chunk;
use super::texts;
use crate::schema::Type;

/// Values that are there, one after the other, and which rows have one.
struct Dense<T> {
    valid: Bits,
    values: Vec<T>,
}

impl<T: Copy + Default> Dense<T> {
    fn new(rows: usize) -> Self {
        Self { valid: Bits::default(), values: Vec::with_capacity(rows) }
    }

    fn missing(&mut self, rows: usize) {
        self.valid.repeat(false, rows);
    }

    /// Values of which each stands in a row, and some are there. `bits` says which, in bytes and from which bit on.
    fn some(
        &mut self,
        values: impl ExactSizeIterator<Item = T>,
        there: impl Iterator<Item = bool>,
        bits: (&[u8], usize),
    ) {
        let (mut end, rows) = (self.values.len(), values.len());
        self.values.resize(end + rows, T::default());
        for (value, there) in values.zip(there) {
            // Written in any case and then passed over: cheaper than to ask.
            if let Some(place) = self.values.get_mut(end) {
                *place = value;
            }
            end += usize::from(there);
        }
        self.values.truncate(end);
        self.valid.extend(bits.0, bits.1, rows);
    }
}

/// The chunk of a column; rows of a piece without it have no value.
///
/// # Errors
/// A piece has another type there.
pub fn chunk(name: &str, dtype: Type, pieces: &[DataFrame]) -> PolarsResult<Chunk> {
    let rows = pieces.iter().map(DataFrame::height).sum();
    let found: Vec<(Option<&Column>, usize)> = pieces
        .iter()
        .map(|piece| (piece.column(name).ok().filter(|c| *c.dtype() != DataType::Null), piece.height()))
        .collect();
    Ok(match dtype {
        Type::Text => return text(rows, &found),
        Type::Bool => return flags(&found),
        Type::Int32 => whole(rows, &found, Whole::Narrow, |c, into| narrow(c.i32()?, into))?,
        Type::Date => whole(rows, &found, Whole::Narrow, |c, into| narrow(c.date()?.physical(), into))?,
        Type::Int64 => whole(rows, &found, Whole::Wide, |c, into| append(c.i64()?, into, |v| v))?,
        Type::Timestamp => whole(rows, &found, Whole::Moment, |c, into| {
            // Moments of another unit or zone would be off by a factor or by hours.
            let micros = matches!(c.dtype(), DataType::Datetime(TimeUnit::Microseconds, None));
            polars_ensure!(micros, SchemaMismatch: "column {} is {}", c.name(), c.dtype());
            append(c.datetime()?.physical(), into, |v| v)
        })?,
        Type::Double => {
            let mut dense = Dense::new(rows);
            for (column, rows) in &found {
                let Some(column) = column else {
                    dense.missing(*rows);
                    continue;
                };
                for value in column.f64()?.iter() {
                    // Not a number is no figure.
                    let value = value.filter(|v| v.is_finite());
                    dense.valid.push(value.is_some());
                    dense.values.extend(value);
                }
            }
            numbers::figures(&dense.valid, &dense.values)
        }
    })
}

fn whole(
    rows: usize,
    found: &[(Option<&Column>, usize)],
    kind: Whole,
    append: impl Fn(&Column, &mut Dense<i64>) -> PolarsResult<()>,
) -> PolarsResult<Chunk> {
    let mut dense = Dense::new(rows);
    for (column, rows) in found {
        match column {
            Some(column) => append(column, &mut dense)?,
            None => dense.missing(*rows),
        }
    }
    Ok(numbers::whole(&dense.valid, &dense.values, kind))
}

fn narrow(column: &Int32Chunked, dense: &mut Dense<i64>) -> PolarsResult<()> {
    append(column, dense, i64::from)
}

#[expect(clippy::unnecessary_wraps, reason = "one of several, of which others fail")]
fn append<T: PolarsNumericType, U: Copy + Default>(
    column: &ChunkedArray<T>,
    dense: &mut Dense<U>,
    value: impl Fn(T::Native) -> U,
) -> PolarsResult<()> {
    for piece in column.downcast_iter() {
        let values = piece.values().iter().map(|v| value(*v));
        match piece.validity() {
            Some(validity) if validity.unset_bits() == validity.len() => dense.missing(validity.len()),
            Some(validity) if validity.unset_bits() > 0 => {
                let (bytes, offset, _) = validity.as_slice();
                dense.some(values, validity.iter(), (bytes, offset));
            }
            _ => {
                dense.valid.repeat(true, values.len());
                dense.values.extend(values);
            }
        }
    }
    Ok(())
}

fn flags(found: &[(Option<&Column>, usize)]) -> PolarsResult<Chunk> {
    let (mut valid, mut values) = (Bits::default(), Bits::default());
    for (column, rows) in found {
        let Some(column) = column else {
            valid.repeat(false, *rows);
            continue;
        };
        for piece in column.bool()?.downcast_iter() {
            match piece.validity() {
                Some(validity) if validity.unset_bits() > 0 => {
                    let (bytes, offset, rows) = validity.as_slice();
                    valid.extend(bytes, offset, rows);
                    for (value, there) in piece.values().iter().zip(validity.iter()) {
                        if there {
                            values.push(value);
                        }
                    }
                }
                _ => {
                    let (bytes, offset, rows) = piece.values().as_slice();
                    valid.repeat(true, rows);
                    values.extend(bytes, offset, rows);
                }
            }
        }
    }
    Ok(numbers::flags(&valid, &values))
}

fn text(rows: usize, found: &[(Option<&Column>, usize)]) -> PolarsResult<Chunk> {
    if let Some(chunk) = categories(rows, found)? {
        return Ok(chunk);
    }
    let (mut valid, mut values) = (Bits::default(), Vec::with_capacity(rows));
    for (column, rows) in found {
        let Some(column) = column else {
            valid.repeat(false, *rows);
            continue;
        };
        if let Some(categories) = column.try_cat32() {
            for text in categories.iter_str() {
                valid.push(text.is_some());
                values.extend(text);
            }
            continue;
        }
        let column = column.str()?;
        for (piece, array) in column.downcast_iter().zip(column.chunks()) {
            match array.validity() {
                Some(validity) if validity.unset_bits() > 0 => {
                    let (bytes, offset, rows) = validity.as_slice();
                    valid.extend(bytes, offset, rows);
                    values.extend(piece.iter().flatten());
                }
                _ => {
                    valid.repeat(true, piece.len());
                    values.extend(piece.values_iter());
                }
            }
        }
    }
    Ok(texts::texts(&valid, &values))
}

/// The chunk where all pieces hold categories of the same codes.
fn categories(rows: usize, found: &[(Option<&Column>, usize)]) -> PolarsResult<Option<Chunk>> {
    let mut mapping: Option<&Arc<CategoricalMapping>> = None;
    let mut dense = Dense::<u32>::new(rows);
    for (column, rows) in found {
        let Some(column) = column else {
            dense.missing(*rows);
            continue;
        };
        let Some(categories) = column.try_cat32() else { return Ok(None) };
        if mapping.is_some_and(|known| !Arc::ptr_eq(known, categories.get_mapping())) {
            return Ok(None);
        }
        mapping = Some(categories.get_mapping());
        append(categories.physical(), &mut dense, |code| code)?;
    }
    let Some(mapping) = mapping else { return Ok(None) };
    let text = |code| mapping.cat_to_str(code).unwrap_or_default();
    Ok(Some(texts::categories(&dense.valid, &dense.values, text)))
}
