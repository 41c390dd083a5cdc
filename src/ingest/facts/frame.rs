//! Reading columns of a batch row by row, and building new ones.

use std::sync::Arc;

use polars::prelude::*;

use crate::ingest::batch::ROW;
use crate::ingest::columns::{Numbers, category};
use crate::ingest::header::CARRY;

/// Microseconds of a time column; all missing where the batch does not have it.
pub fn micros(batch: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i64>>> {
    let Ok(column) = batch.column(name) else {
        return Ok(vec![None; batch.height()]);
    };
    Ok(each(column.datetime()?.physical()))
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
    Ok(each(column.date()?.physical()))
}

/// When each ticket ended; all missing where the batch knows no end.
pub fn ended(tickets: &DataFrame) -> PolarsResult<Vec<Option<i64>>> {
    micros(tickets, if has(tickets, "resolved_at") { "resolved_at" } else { "closed_at" })
}

/// Whole numbers of a column; all missing where the batch does not have it.
pub fn ints(batch: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i32>>> {
    let Ok(column) = batch.column(name) else {
        return Ok(vec![None; batch.height()]);
    };
    Ok(each(column.i32()?))
}

/// Long whole numbers of a column; all missing where the batch does not have it.
pub fn longs_of(batch: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i64>>> {
    let Ok(column) = batch.column(name) else {
        return Ok(vec![None; batch.height()]);
    };
    Ok(each(column.i64()?))
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
        Some(categories) => words(categories),
        None => column.str()?.iter().collect(),
    })
}

/// The values of a column, one a row.
fn each<T: PolarsNumericType>(column: &ChunkedArray<T>) -> Vec<Option<T::Native>> {
    let mut values = Vec::with_capacity(column.len());
    for piece in column.downcast_iter() {
        let given = piece.values().iter().copied();
        match piece.validity() {
            Some(there) => values.extend(given.zip(there.iter()).map(|(value, there)| there.then_some(value))),
            None => values.extend(given.map(Some)),
        }
    }
    values
}

/// The texts of categories, each looked up once.
fn words(categories: &Categorical32Chunked) -> Vec<Option<&str>> {
    let mapping = categories.get_mapping();
    let mut known: Vec<Option<&str>> = Vec::new();
    let mut text = |code: u32| {
        let place = code as usize;
        if let Some(Some(text)) = known.get(place) {
            return Some(*text);
        }
        let text = mapping.cat_to_str(code);
        if place < KNOWN {
            known.resize(known.len().max(place + 1), None);
            known[place] = text;
        }
        text
    };
    each(categories.physical()).into_iter().map(|code| text(code?)).collect()
}

/// Codes of categories that are looked up once only.
const KNOWN: usize = 1 << 14;

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
    let values = values.into_iter();
    let mut categories = Making::new(name, values.size_hint().0)?;
    for value in values {
        categories.push(value)?;
    }
    Ok(categories.finish())
}

/// A category column under construction.
#[derive(Debug)]
pub struct Making<'a> {
    codes: Numbers<u32>,
    dtype: DataType,
    dictionary: Arc<CategoricalMapping>,
    /// Few texts come again and again, mostly from one place in memory, where they need not be compared.
    met: [Option<(&'a str, u32)>; MET],
}

impl<'a> Making<'a> {
    pub fn new(name: &str, rows: usize) -> PolarsResult<Self> {
        let dtype = category();
        let dictionary = Arc::clone(dtype.cat_mapping()?);
        Ok(Self { codes: Numbers::new(PlSmallStr::from_str(name), rows), dtype, dictionary, met: [None; MET] })
    }

    pub fn push(&mut self, text: Option<&'a str>) -> PolarsResult<()> {
        let Some(text) = text else {
            self.codes.push(None);
            return Ok(());
        };
        let slot = &mut self.met[(text.as_ptr().addr() >> 3 ^ text.as_ptr().addr() >> 9) % MET];
        let code = match *slot {
            Some((known, code)) if std::ptr::eq(known, text) => code,
            _ => {
                let code = self.dictionary.insert_cat(text)?;
                *slot = Some((text, code));
                code
            }
        };
        self.codes.push(Some(code));
        Ok(())
    }

    pub fn finish(self) -> Column {
        CategoricalChunked::<Categorical32Type>::from_cats_and_dtype(self.codes.finish(), self.dtype).into_column()
    }
}

/// Texts that are remembered.
const MET: usize = 64;

fn numbers<T: PolarsNumericType>(name: &str, values: Vec<Option<T::Native>>) -> ChunkedArray<T> {
    let mut numbers = Numbers::new(PlSmallStr::from_str(name), values.len());
    for value in values {
        numbers.push(value);
    }
    numbers.finish()
}

pub fn times(name: &str, values: Vec<Option<i64>>) -> Column {
    numbers::<Int64Type>(name, values).into_datetime(TimeUnit::Microseconds, None).into_column()
}

pub fn longs(name: &str, values: Vec<Option<i64>>) -> Column {
    numbers::<Int64Type>(name, values).into_column()
}

pub fn integers(name: &str, values: Vec<Option<i32>>) -> Column {
    numbers::<Int32Type>(name, values).into_column()
}

pub fn dates(name: &str, values: Vec<Option<i32>>) -> Column {
    numbers::<Int32Type>(name, values).into_date().into_column()
}

pub fn flags(name: &str, values: Vec<Option<bool>>) -> Column {
    BooleanChunked::from_iter_options(PlSmallStr::from_str(name), values.into_iter()).into_column()
}

pub fn strings<'a>(name: &str, values: impl IntoIterator<Item = Option<&'a str>>) -> Column {
    StringChunked::from_iter_options(PlSmallStr::from_str(name), values.into_iter()).into_column()
}

/// Some rows of a batch, in any order and as often as they are named.
///
/// Column by column on this thread: whoever waits for threads of another pool begins with the next batch meanwhile, and
/// keeps everybody waiting for this one.
pub fn gather(batch: &DataFrame, rows: &IdxCa) -> PolarsResult<DataFrame> {
    let columns = batch.columns().iter().map(|column| column.take(rows)).collect::<PolarsResult<Vec<_>>>()?;
    DataFrame::new(rows.len(), columns)
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
