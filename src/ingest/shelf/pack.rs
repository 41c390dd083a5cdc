//! A batch as bytes: whole numbers in as few bytes as their range needs, texts end to end, no value twice.

use polars::prelude::*;

use crate::ingest::columns::category;
use crate::time::MICROS;

/// A batch as bytes, and where its columns are in them.
pub struct Packed {
    pub bytes: Vec<u8>,
    pub parts: Vec<Part>,
}

/// One column in the bytes of its batch.
#[derive(Debug)]
pub struct Part {
    pub name: PlSmallStr,
    pub dtype: DataType,
    /// A bit a row, where only some rows have a value.
    valid: Option<usize>,
    /// Rows with a value.
    count: usize,
    at: usize,
    form: Form,
}

/// How the values are written.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// No row has a value.
    Nothing,
    /// Steps of `unit` above `base`, each in so many bytes; missing values are 0.
    Steps { base: i64, unit: i64, width: usize },
    /// A byte a row.
    Flags,
    /// Eight bytes a row; missing values are 0.
    Figures,
    /// The length of each text in so many bytes, then all of them; missing values are empty.
    Texts { width: usize },
}

/// Packs a batch and the keys of its rows.
pub fn pack(batch: &DataFrame, keys: &[u128]) -> PolarsResult<Packed> {
    let mut bytes = Vec::with_capacity(batch.height() * 96);
    for key in keys {
        bytes.extend(key.to_le_bytes());
    }
    let mut parts = Vec::with_capacity(batch.width());
    for column in batch.columns() {
        parts.push(one(column, &mut bytes)?);
    }
    bytes.shrink_to_fit();
    Ok(Packed { bytes, parts })
}

/// The keys that were packed with a batch of so many rows.
pub fn keys(bytes: &[u8], rows: usize) -> Vec<u128> {
    bytes.as_chunks().0.iter().take(rows).map(|key| u128::from_le_bytes(*key)).collect()
}

fn one(column: &Column, bytes: &mut Vec<u8>) -> PolarsResult<Part> {
    let (rows, missing) = (column.len(), column.null_count());
    let part = |valid, at, form| Part {
        name: column.name().clone(),
        dtype: column.dtype().clone(),
        valid,
        count: rows - missing,
        at,
        form,
    };
    if missing == rows {
        return Ok(part(None, bytes.len(), Form::Nothing));
    }
    let valid = (missing > 0).then_some(bytes.len());
    if missing > 0 {
        let present = column.is_not_null();
        let mut bits = vec![0u8; rows.div_ceil(8)];
        for (row, present) in present.iter().enumerate() {
            bits[row / 8] |= u8::from(present == Some(true)) << (row % 8);
        }
        bytes.extend(bits);
    }
    let at = bytes.len();
    let numbers =
        |values: Vec<i64>, bytes: &mut Vec<u8>, moments| part(valid, at, steps(&values, missing > 0, moments, bytes));
    Ok(match column.dtype() {
        DataType::Datetime(TimeUnit::Microseconds, None) => numbers(whole(column.datetime()?.physical()), bytes, true),
        DataType::Int64 => numbers(whole(column.i64()?), bytes, false),
        DataType::Int32 => numbers(whole(column.i32()?), bytes, false),
        DataType::Date => numbers(whole(column.date()?.physical()), bytes, false),
        DataType::UInt32 => numbers(whole(column.u32()?), bytes, false),
        DataType::Categorical(..) => numbers(whole(column.cat32()?.physical()), bytes, false),
        DataType::Boolean => {
            bytes.extend(column.bool()?.iter().map(|v| u8::from(v == Some(true))));
            part(valid, at, Form::Flags)
        }
        DataType::Float64 => {
            bytes.extend(column.f64()?.iter().flat_map(|v| v.unwrap_or_default().to_le_bytes()));
            part(valid, at, Form::Figures)
        }
        DataType::String => {
            let texts = column.str()?;
            let longest = texts.iter().flatten().map(str::len).max().unwrap_or_default();
            let width = bytes_for(longest as u64);
            for text in texts.iter() {
                bytes.extend(&text.unwrap_or_default().len().to_le_bytes()[..width]);
            }
            for text in texts.iter().flatten() {
                bytes.extend(text.as_bytes());
            }
            part(valid, at, Form::Texts { width })
        }
        other => polars_bail!(ComputeError: "{} of type {other} cannot be put aside", column.name()),
    })
}

/// A missing value among whole numbers; one of this size is never far from being out of range itself.
const MISSING: i64 = i64::MIN;

fn whole<T: PolarsNumericType>(column: &ChunkedArray<T>) -> Vec<i64>
where
    T::Native: Into<i64>,
{
    let mut values = Vec::with_capacity(column.len());
    for piece in column.downcast_iter() {
        match piece.validity() {
            Some(validity) if validity.unset_bits() > 0 => {
                let given = piece.values().iter().zip(validity.iter());
                values.extend(given.map(|(value, there)| if there { (*value).into() } else { MISSING }));
            }
            _ => values.extend(piece.values().iter().map(|value| (*value).into())),
        }
    }
    values
}

/// Writes whole numbers as steps above the least; moments in seconds, where all of them are whole ones.
fn steps(values: &[i64], some_missing: bool, moments: bool, bytes: &mut Vec<u8>) -> Form {
    let there = || values.iter().copied().filter(|value| !some_missing || *value != MISSING);
    let base = there().min().unwrap_or_default();
    let largest = there().max().unwrap_or_default().wrapping_sub(base).cast_unsigned();
    let seconds = moments && there().all(|value| value.wrapping_sub(base) % MICROS == 0);
    let above = |value: i64| {
        if some_missing && value == MISSING { 0 } else { value.wrapping_sub(base).cast_unsigned() }
    };
    if seconds {
        const SECOND: u64 = MICROS.cast_unsigned();
        let width = bytes_for(largest / SECOND);
        write(values, width, |value| above(value) / SECOND, bytes);
        return Form::Steps { base, unit: MICROS, width };
    }
    let width = bytes_for(largest);
    write(values, width, above, bytes);
    Form::Steps { base, unit: 1, width }
}

#[expect(clippy::cast_possible_truncation, reason = "the width was chosen to hold the largest")]
fn write(values: &[i64], width: usize, step: impl Fn(i64) -> u64, bytes: &mut Vec<u8>) {
    let from = bytes.len();
    bytes.resize(from + values.len() * width, 0);
    let to = &mut bytes[from..];
    match width {
        1 => to.iter_mut().zip(values).for_each(|(to, value)| *to = step(*value) as u8),
        2 => put(to, values, |value| (step(value) as u16).to_le_bytes()),
        4 => put(to, values, |value| (step(value) as u32).to_le_bytes()),
        _ => put(to, values, |value| step(value).to_le_bytes()),
    }
}

fn put<const N: usize>(to: &mut [u8], values: &[i64], bytes: impl Fn(i64) -> [u8; N]) {
    to.as_chunks_mut::<N>().0.iter_mut().zip(values).for_each(|(to, value)| *to = bytes(*value));
}

/// 1, 2, 4 or 8 bytes hold numbers up to this one.
const fn bytes_for(largest: u64) -> usize {
    match largest {
        0..=0xFF => 1,
        0x100..=0xFFFF => 2,
        0x1_0000..=0xFFFF_FFFF => 4,
        _ => 8,
    }
}

impl Part {
    /// How many rows have a value, among those that count (all where `keep` is empty).
    pub fn filled(&self, bytes: &[u8], keep: &[bool]) -> usize {
        match (self.form, self.valid) {
            (Form::Nothing, _) => 0,
            (_, None) if keep.is_empty() => self.count,
            (_, None) => keep.iter().filter(|keep| **keep).count(),
            _ if keep.is_empty() => self.count,
            (_, Some(at)) => keep.iter().enumerate().filter(|(row, keep)| **keep && bit(&bytes[at..], *row)).count(),
        }
    }

    /// The column again.
    pub fn unpack(&self, bytes: &[u8], rows: usize) -> PolarsResult<Column> {
        let name = self.name.clone();
        let data = &bytes[self.at..];
        let present = self.valid.map(|at| (0..rows).map(move |row| bit(&bytes[at..], row)));
        Ok(match self.form {
            Form::Nothing => Column::full_null(name, rows, &self.dtype),
            Form::Flags => {
                let flags = data.iter().take(rows).map(|v| *v == 1);
                match present {
                    None => BooleanChunked::from_iter_values(name, flags).into_column(),
                    Some(present) => {
                        let flags = flags.zip(present).map(|(flag, present)| present.then_some(flag));
                        BooleanChunked::from_iter_options(name, flags).into_column()
                    }
                }
            }
            Form::Figures => {
                let figures = data.as_chunks().0.iter().take(rows).map(|figure| f64::from_le_bytes(*figure)).collect();
                Float64Chunked::from_vec_validity(name, figures, present.map(Iterator::collect)).into_column()
            }
            Form::Texts { width } => {
                let (lengths, texts) = data.split_at(rows * width);
                let lengths: Vec<usize> = each(lengths, width, |length| usize::try_from(length).unwrap_or_default());
                let all = texts.get(..lengths.iter().sum()).unwrap_or_default();
                let mut all = std::str::from_utf8(all).map_err(|e| polars_err!(ComputeError: "{name}: {e}"))?;
                let mut next = |length: usize| {
                    let (text, rest) = all.split_at_checked(length).unwrap_or_default();
                    all = rest;
                    text
                };
                match present {
                    None => StringChunked::from_iter_values(name, lengths.into_iter().map(next)).into_column(),
                    Some(present) => {
                        let texts = lengths.into_iter().zip(present).map(|(length, there)| there.then(|| next(length)));
                        StringChunked::from_iter_options(name, texts).into_column()
                    }
                }
            }
            Form::Steps { base, unit, width } => {
                let unit = unit.cast_unsigned();
                let value = move |step: u64| base.wrapping_add(step.wrapping_mul(unit).cast_signed());
                let narrow = move |step: u64| i32::try_from(value(step)).unwrap_or_default();
                let unsigned = move |step: u64| u32::try_from(value(step)).unwrap_or_default();
                let data = &data[..rows * width];
                let present = present.map(Iterator::collect);
                let longs = |present| Int64Chunked::from_vec_validity(name.clone(), each(data, width, value), present);
                let integers =
                    |present| Int32Chunked::from_vec_validity(name.clone(), each(data, width, narrow), present);
                match &self.dtype {
                    DataType::Datetime(..) => longs(present).into_datetime(TimeUnit::Microseconds, None).into_column(),
                    DataType::Int64 => longs(present).into_column(),
                    DataType::Int32 => integers(present).into_column(),
                    DataType::Date => integers(present).into_date().into_column(),
                    dtype => {
                        let codes =
                            UInt32Chunked::from_vec_validity(name.clone(), each(data, width, unsigned), present);
                        if *dtype == DataType::UInt32 {
                            codes.into_column()
                        } else {
                            CategoricalChunked::<Categorical32Type>::from_cats_and_dtype(codes, category())
                                .into_column()
                        }
                    }
                }
            }
        })
    }
}

/// What each number of so many bytes stands for.
fn each<T>(data: &[u8], width: usize, value: impl Fn(u64) -> T) -> Vec<T> {
    match width {
        1 => data.iter().map(|byte| value(u64::from(*byte))).collect(),
        2 => data.as_chunks().0.iter().map(|bytes| value(u64::from(u16::from_le_bytes(*bytes)))).collect(),
        4 => data.as_chunks().0.iter().map(|bytes| value(u64::from(u32::from_le_bytes(*bytes)))).collect(),
        _ => data.as_chunks().0.iter().map(|bytes| value(u64::from_le_bytes(*bytes))).collect(),
    }
}

fn bit(bytes: &[u8], row: usize) -> bool {
    bytes.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::facts::frame;

    type Row = (Option<i64>, Option<i32>, Option<bool>, Option<String>, u32);

    fn batch(rows: &[Row]) -> DataFrame {
        let text = |row: &Row| row.3.clone();
        let texts: Vec<Option<String>> = rows.iter().map(text).collect();
        let texts = || texts.iter().map(Option::as_deref);
        let columns = vec![
            frame::times("at", rows.iter().map(|row| row.0.map(|v| v * MICROS)).collect()),
            frame::times("odd_at", rows.iter().map(|row| row.0).collect()),
            frame::longs("long", rows.iter().map(|row| row.0).collect()),
            Column::new("figure".into(), rows.iter().map(|row| row.1.map(f64::from)).collect::<Vec<_>>()),
            frame::integers("integer", rows.iter().map(|row| row.1).collect()),
            frame::dates("date", rows.iter().map(|row| row.1).collect()),
            frame::flags("flag", rows.iter().map(|row| row.2).collect()),
            frame::strings("text", texts()),
            frame::categories("category", texts()).unwrap(),
            Column::new("number".into(), rows.iter().map(|row| row.4).collect::<Vec<u32>>()),
        ];
        DataFrame::new(rows.len(), columns).unwrap()
    }

    fn row() -> impl Strategy<Value = Row> {
        let text = prop::option::weighted(0.8, prop_oneof![Just(String::new()), "[a-c漏水]{1,3}", "[x]{250,300}"]);
        let long = prop::option::weighted(0.8, prop_oneof![0i64..300, -70_000i64..70_000, -(1i64 << 42)..1 << 42]);
        (long, prop::option::of(any::<i32>()), prop::option::of(any::<bool>()), text, any::<u32>())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_was_packed_comes_back(rows in prop::collection::vec(row(), 0..40), keep in any::<u64>()) {
            let batch = batch(&rows);
            let given: Vec<u128> = (0..rows.len() as u128).map(|n| n << 100 | 7).collect();
            let packed = pack(&batch, &given).unwrap();
            prop_assert_eq!(keys(&packed.bytes, rows.len()), given);
            let keep: Vec<bool> = (0..rows.len()).map(|row| keep >> row & 1 == 1).collect();
            for (part, column) in packed.parts.iter().zip(batch.columns()) {
                let back = part.unpack(&packed.bytes, rows.len()).unwrap();
                prop_assert_eq!(back.dtype(), column.dtype());
                prop_assert!(back.equals_missing(column), "{}: {:?} is not {:?}", part.name, back, column);
                prop_assert_eq!(part.filled(&packed.bytes, &[]), column.len() - column.null_count());
                if !rows.is_empty() {
                    let present = column.is_not_null();
                    let filled = present.iter().zip(&keep).filter(|(present, keep)| **keep && *present == Some(true));
                    prop_assert_eq!(part.filled(&packed.bytes, &keep), filled.count());
                }
            }
        }
    }

    #[test]
    fn times_to_the_second_and_few_categories_take_little_room() {
        let rows: Vec<Row> = (0..1000).map(|n| (Some(1_700_000_000 + n * 900), None, None, None, 0)).collect();
        let whole = batch(&rows).select(["at"]).unwrap();
        assert_eq!(pack(&whole, &[]).unwrap().bytes.len(), 4 * 1000);
        let texts = (0..1000).map(|n| Some(["维修", "安装"][n % 2]));
        let few = DataFrame::new(1000, vec![frame::categories("category", texts).unwrap()]).unwrap();
        assert!(pack(&few, &[]).unwrap().bytes.len() <= 2 * 1000);
    }
}
