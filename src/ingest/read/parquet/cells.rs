//! Values of Parquet columns as text.

use std::fmt::Write;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BooleanArray, Decimal128Array, Decimal256Array, FixedSizeBinaryArray,
    Float32Array, Float64Array, Int64Array, StringViewArray, UInt64Array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    DataType, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int64Type, TimeUnit, UInt64Type,
};
use arrow::util::display::array_value_to_string;

use super::super::{Native, Record};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Days from 0000-03-01 to 1970-01-01, and in the 400 years after which the calendar repeats.
const EPOCH: i64 = 719_468;
const CYCLE: i64 = 146_097;

/// A column of the batch at hand.
pub enum Column {
    Flag(BooleanArray),
    Whole(Int64Array),
    Unsigned(UInt64Array),
    Single(Float32Array),
    Double(Float64Array),
    Decimal(Decimal128Array),
    Wide(Decimal256Array),
    Text(StringViewArray),
    Bytes(BinaryViewArray),
    Fixed(FixedSizeBinaryArray),
    /// Points in time, counted from 1970; with a zone they are in UTC.
    Time {
        ticks: Int64Array,
        per_second: i64,
        zoned: bool,
    },
    /// Days, counted from 1970.
    Date(Int64Array),
    /// Times of day, counted from midnight.
    Clock {
        ticks: Int64Array,
        per_second: i64,
    },
    /// Where each list begins and ends in the items.
    List {
        list: ArrayRef,
        ends: Vec<(usize, usize)>,
        items: Box<Column>,
    },
    /// What has parts of its own.
    Other(ArrayRef),
}

impl Column {
    pub fn new(array: &ArrayRef) -> Result<Self, String> {
        let strict = CastOptions { safe: false, ..CastOptions::default() };
        let cast = |to: &DataType| cast_with_options(array, to, &strict).map_err(|e| e.to_string());
        let whole = || Ok::<_, String>(cast(&DataType::Int64)?.as_primitive::<Int64Type>().clone());
        Ok(match array.data_type() {
            DataType::Boolean => Self::Flag(array.as_boolean().clone()),
            DataType::UInt64 => Self::Unsigned(array.as_primitive::<UInt64Type>().clone()),
            kind if kind.is_integer() => Self::Whole(whole()?),
            DataType::Float16 | DataType::Float32 => {
                Self::Single(cast(&DataType::Float32)?.as_primitive::<Float32Type>().clone())
            }
            DataType::Float64 => Self::Double(array.as_primitive::<Float64Type>().clone()),
            DataType::Decimal128(..) => Self::Decimal(array.as_primitive::<Decimal128Type>().clone()),
            DataType::Decimal256(..) => Self::Wide(array.as_primitive::<Decimal256Type>().clone()),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                Self::Text(cast(&DataType::Utf8View)?.as_string_view().clone())
            }
            DataType::Dictionary(_, values) => return Self::new(&cast(values)?),
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
                Self::Bytes(cast(&DataType::BinaryView)?.as_binary_view().clone())
            }
            DataType::FixedSizeBinary(_) => Self::Fixed(array.as_fixed_size_binary().clone()),
            DataType::Timestamp(unit, zone) => {
                Self::Time { ticks: whole()?, per_second: per_second(*unit), zoned: zone.is_some() }
            }
            DataType::Date32 => {
                let days = cast(&DataType::Int32)
                    .and_then(|a| cast_with_options(&a, &DataType::Int64, &strict).map_err(|e| e.to_string()))?;
                Self::Date(days.as_primitive::<Int64Type>().clone())
            }
            DataType::Date64 => Self::Time { ticks: whole()?, per_second: 1000, zoned: false },
            DataType::Time32(unit) => {
                let ticks = cast(&DataType::Int32)
                    .and_then(|a| cast_with_options(&a, &DataType::Int64, &strict).map_err(|e| e.to_string()))?;
                Self::Clock { ticks: ticks.as_primitive::<Int64Type>().clone(), per_second: per_second(*unit) }
            }
            DataType::Time64(unit) => Self::Clock { ticks: whole()?, per_second: per_second(*unit) },
            DataType::List(item) if !item.data_type().is_nested() => {
                let list = array.as_list::<i32>();
                let place = |offset: i32| usize::try_from(offset).unwrap_or_default();
                let ends = list.value_offsets().iter().zip(list.value_offsets().iter().skip(1));
                let ends = ends.map(|(start, end)| (place(*start), place(*end))).collect();
                Self::List { list: array.clone(), ends, items: Box::new(Self::new(list.values())?) }
            }
            _ => Self::Other(array.clone()),
        })
    }

    /// Appends the cell of a row.
    pub fn push(&self, row: usize, record: &mut Record, scratch: &mut String) {
        match self {
            Self::Text(array) if array.is_valid(row) => record.push(array.value(row)),
            _ => match self.write(row, scratch) {
                Native::Text => record.push(scratch),
                native => record.push_as(scratch, native),
            },
        }
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Flag(array) => array.is_null(row),
            Self::Whole(array) | Self::Date(array) => array.is_null(row),
            Self::Time { ticks, .. } | Self::Clock { ticks, .. } => ticks.is_null(row),
            Self::Unsigned(array) => array.is_null(row),
            Self::Single(array) => array.is_null(row),
            Self::Double(array) => array.is_null(row),
            Self::Decimal(array) => array.is_null(row),
            Self::Wide(array) => array.is_null(row),
            Self::Text(array) => array.is_null(row),
            Self::Bytes(array) => array.is_null(row),
            Self::Fixed(array) => array.is_null(row),
            Self::List { list, .. } => list.is_null(row),
            Self::Other(array) => array.is_null(row),
        }
    }

    /// Writes the cell's text and says what it was. Writing to a string cannot fail.
    fn write(&self, row: usize, out: &mut String) -> Native {
        if self.is_null(row) {
            return Native::Text;
        }
        match self {
            Self::Flag(array) => out.push_str(if array.value(row) { "TRUE" } else { "FALSE" }),
            Self::Whole(array) => return number(format_args!("{}", array.value(row)), out),
            Self::Unsigned(array) => return number(format_args!("{}", array.value(row)), out),
            Self::Single(array) => return float(array.value(row).into(), format_args!("{}", array.value(row)), out),
            Self::Double(array) => return float(array.value(row), format_args!("{}", array.value(row)), out),
            Self::Decimal(array) => return decimal(&array.value_as_string(row), out),
            Self::Wide(array) => return decimal(&array.value_as_string(row), out),
            Self::Text(array) => out.push_str(array.value(row)),
            Self::Bytes(array) => match std::str::from_utf8(array.value(row)) {
                Ok(text) => out.push_str(text),
                Err(_) => hex(array.value(row), out),
            },
            Self::Fixed(array) => hex(array.value(row), out),
            Self::Time { ticks, per_second, zoned } => return time(ticks.value(row), *per_second, *zoned, out),
            Self::Date(days) => {
                if date(days.value(row), out) {
                    out.push_str(" 00:00:00");
                    return Native::Time;
                }
                let _ = write!(out, "{}", days.value(row));
            }
            Self::Clock { ticks, per_second } => clock(ticks.value(row), *per_second, out),
            Self::List { list, ends, items } => {
                let (start, end) = ends.get(row).copied().unwrap_or_default();
                let begin = out.len();
                for item in start..end {
                    if item > start {
                        out.push(';');
                    }
                    items.write(item, out);
                }
                // An item that holds the separator itself would fall apart.
                let joints = out.get(begin..).unwrap_or_default().matches(';').count();
                if joints > (end - start).saturating_sub(1) {
                    out.truncate(begin);
                    display(list, row, out);
                }
            }
            Self::Other(array) => display(array, row, out),
        }
        Native::Text
    }
}

/// Writes a value with parts as a program would show it: `{name: 李, tags: [a, b]}`.
fn display(array: &ArrayRef, row: usize, out: &mut String) {
    match array_value_to_string(array, row) {
        Ok(text) => out.push_str(&text),
        Err(error) => {
            let _ = write!(out, "{error}");
        }
    }
}

const fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

fn number(text: std::fmt::Arguments, out: &mut String) -> Native {
    let _ = out.write_fmt(text);
    Native::Number
}

fn float(value: f64, shortest: std::fmt::Arguments, out: &mut String) -> Native {
    if value == 0.0 {
        out.push('0');
    } else {
        let _ = out.write_fmt(shortest);
    }
    if value.is_finite() { Native::Number } else { Native::Text }
}

fn decimal(text: &str, out: &mut String) -> Native {
    out.push_str(if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text });
    Native::Number
}

fn hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
}

/// `2026-07-01 08:30:00`, with its fraction, and `+00:00` where the file says that it is UTC. A year that has not four
/// digits stays a count, which nobody takes for a time.
fn time(ticks: i64, per_second: i64, zoned: bool, out: &mut String) -> Native {
    let seconds = ticks.div_euclid(per_second);
    if !date(seconds.div_euclid(DAY), out) {
        let _ = write!(out, "{ticks}");
        return Native::Text;
    }
    out.push(' ');
    clock(seconds.rem_euclid(DAY) * per_second + ticks.rem_euclid(per_second), per_second, out);
    if zoned {
        out.push_str("+00:00");
        return Native::Text;
    }
    Native::Time
}

/// Writes a day counted from 1970, unless its year has not four digits.
fn date(days: i64, out: &mut String) -> bool {
    // The years run from March, so that the leap day is the last of its year.
    let Some(days) = days.checked_add(EPOCH) else { return false };
    let (cycle, day) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = cycle * 400 + year + next;
    let known = (1..=9999).contains(&year);
    if known {
        padded(year, 4, out);
        out.push('-');
        padded(month, 2, out);
        out.push('-');
        padded(day, 2, out);
    }
    known
}

/// Writes a number with leading zeros; the machinery of `write!` would take most of the time of a column of times.
fn padded(number: i64, width: u32, out: &mut String) {
    for place in (0..width).rev() {
        let digit = number / 10_i64.pow(place) % 10;
        out.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
    }
}

/// Writes a time of day, with as many digits of its fraction as it takes in threes.
fn clock(ticks: i64, per_second: i64, out: &mut String) {
    let (seconds, fraction) = (ticks.div_euclid(per_second), ticks.rem_euclid(per_second));
    padded(seconds / 3600, 2, out);
    out.push(':');
    padded(seconds / 60 % 60, 2, out);
    out.push(':');
    padded(seconds % 60, 2, out);
    let nanoseconds = fraction * (1_000_000_000 / per_second);
    if nanoseconds % 1_000_000 == 0 && nanoseconds > 0 {
        let _ = write!(out, ".{:03}", nanoseconds / 1_000_000);
    } else if nanoseconds % 1_000 == 0 && nanoseconds > 0 {
        let _ = write!(out, ".{:06}", nanoseconds / 1_000);
    } else if nanoseconds > 0 {
        let _ = write!(out, ".{nanoseconds:09}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_from_their_ticks() {
        let cases = [
            (0, 1, false, "1970-01-01 00:00:00", Native::Time),
            (-1, 1_000, false, "1969-12-31 23:59:59.999", Native::Time),
            (951_782_400, 1, false, "2000-02-29 00:00:00", Native::Time),
            (1_782_894_600_000_001, 1_000_000, false, "2026-07-01 08:30:00.000001", Native::Time),
            (1_782_894_600_500_000_000, 1_000_000_000, true, "2026-07-01 08:30:00.500+00:00", Native::Text),
            (253_402_300_799, 1, false, "9999-12-31 23:59:59", Native::Time),
            (253_402_300_800, 1, false, "253402300800", Native::Text),
            (i64::MIN, 1, true, "-9223372036854775808", Native::Text),
        ];
        for (ticks, per_second, zoned, expected, native) in cases {
            let mut out = String::new();
            assert_eq!((time(ticks, per_second, zoned, &mut out), out.as_str()), (native, expected));
        }
    }
}
