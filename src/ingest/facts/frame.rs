//! Reading columns of a batch row by row, and building new ones.

use std::sync::Arc;

use polars::prelude::*;

use crate::ingest::batch::ROW;
use crate::ingest::columns::category;
use crate::ingest::header::CARRY;

/// Microseconds of a time column; all missing where the batch does not have it.
pub fn micros(batch: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i64>>> {
    let Ok(column) = batch.column(name) else {
        return Ok(vec![None; batch.height()]);
    };
    Ok(column.datetime()?.physical().iter().collect())
}

/// The latest moment of a time column; none where there is none.
pub fn latest(batch: &DataFrame, name: &str) -> PolarsResult<Option<i64>> {
    let Ok(column) = batch.column(name) else { return Ok(None) };
    Ok(column.datetime()?.physical().max())
}

/// Days of a date column; all missing where the batch does not have it.
pub fn days(batch: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i32>>> {
    let Ok(column) = batch.column(name) else {
        return Ok(vec![None; batch.height()]);
    };
    Ok(column.date()?.physical().iter().collect())
}

/// Whole numbers of a column; all missing where the batch does not have it.
pub fn ints(batch: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i32>>> {
    let Ok(column) = batch.column(name) else {
        return Ok(vec![None; batch.height()]);
    };
    Ok(column.i32()?.iter().collect())
}

/// Flags of a column; all missing where the batch does not have it.
pub fn flags_of(batch: &DataFrame, name: &str) -> PolarsResult<Vec<Option<bool>>> {
    let Ok(column) = batch.column(name) else {
        return Ok(vec![None; batch.height()]);
    };
    Ok(column.bool()?.iter().collect())
}

/// Texts of a string or category column; all missing where the batch does not have it.
pub fn texts<'a>(batch: &'a DataFrame, name: &str) -> PolarsResult<Vec<Option<&'a str>>> {
    let Ok(column) = batch.column(name) else {
        return Ok(vec![None; batch.height()]);
    };
    Ok(match column.try_cat32() {
        Some(categories) => categories.iter_str().collect(),
        None => column.str()?.iter().collect(),
    })
}

/// The batch as a fact: without row numbers, and with carried columns under their own names.
pub fn publishable(mut batch: DataFrame) -> PolarsResult<DataFrame> {
    if has(&batch, ROW) {
        batch = batch.drop(ROW)?;
    }
    let carried = batch.get_column_names_owned();
    for name in carried {
        if let Some(own) = name.strip_prefix(CARRY) {
            batch.rename(&name, PlSmallStr::from_str(own))?;
        }
    }
    Ok(batch)
}

pub fn has(batch: &DataFrame, name: &str) -> bool {
    batch.column(name).is_ok()
}

/// A category column from texts.
pub fn categories<'a>(name: &str, values: impl IntoIterator<Item = Option<&'a str>>) -> PolarsResult<Column> {
    let dtype = category();
    let dictionary = Arc::clone(dtype.cat_mapping()?);
    // Few texts come again and again, mostly from one place in memory, where they need not be compared.
    let mut met: [Option<(&'a str, u32)>; MET] = [None; MET];
    let values = values.into_iter();
    let mut codes = Vec::with_capacity(values.size_hint().0);
    for value in values {
        let Some(text) = value else {
            codes.push(None);
            continue;
        };
        let slot = &mut met[(text.as_ptr().addr() >> 3 ^ text.as_ptr().addr() >> 9) % MET];
        let code = match *slot {
            Some((known, code)) if std::ptr::eq(known, text) => code,
            _ => {
                let code = dictionary.insert_cat(text)?;
                *slot = Some((text, code));
                code
            }
        };
        codes.push(Some(code));
    }
    let codes = UInt32Chunked::from_iter_options(PlSmallStr::from_str(name), codes.into_iter());
    Ok(CategoricalChunked::<Categorical32Type>::from_cats_and_dtype(codes, dtype).into_column())
}

/// Texts that are remembered.
const MET: usize = 64;

pub fn times(name: &str, values: Vec<Option<i64>>) -> Column {
    Int64Chunked::from_iter_options(PlSmallStr::from_str(name), values.into_iter())
        .into_datetime(TimeUnit::Microseconds, None)
        .into_column()
}

pub fn longs(name: &str, values: Vec<Option<i64>>) -> Column {
    Int64Chunked::from_iter_options(PlSmallStr::from_str(name), values.into_iter()).into_column()
}

pub fn integers(name: &str, values: Vec<Option<i32>>) -> Column {
    Int32Chunked::from_iter_options(PlSmallStr::from_str(name), values.into_iter()).into_column()
}

pub fn dates(name: &str, values: Vec<Option<i32>>) -> Column {
    Int32Chunked::from_iter_options(PlSmallStr::from_str(name), values.into_iter()).into_date().into_column()
}

pub fn flags(name: &str, values: Vec<Option<bool>>) -> Column {
    BooleanChunked::from_iter_options(PlSmallStr::from_str(name), values.into_iter()).into_column()
}

pub fn strings<'a>(name: &str, values: impl IntoIterator<Item = Option<&'a str>>) -> Column {
    StringChunked::from_iter_options(PlSmallStr::from_str(name), values.into_iter()).into_column()
}

/// Stacks frames of the same columns; an empty frame where there are none.
pub fn stack(frames: Vec<DataFrame>) -> PolarsResult<DataFrame> {
    let mut frames = frames.into_iter();
    let Some(mut whole) = frames.next() else {
        return Ok(DataFrame::empty());
    };
    for frame in frames {
        whole.vstack_mut_owned(frame)?;
    }
    Ok(whole)
}
