//! Rows of a Parquet file of ours as a frame of a run.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    self as arrow_types, ArrowNativeType, ArrowPrimitiveType, DataType as Arrow, TimeUnit as ArrowUnit,
};
use polars::prelude::*;

use crate::ingest::columns::category;
use crate::schema::Type;

/// Columns whose texts are seldom the same; all others of a fact hold few distinct ones.
const DISTINCT: [&str; 12] = [
    "ticket_id",
    "survey_id",
    "repeat_of",
    "customer_id",
    "serial_number",
    "fault_codes",
    "fault_description",
    "strengths",
    "suggestion",
    "comment",
    "message",
    "raw",
];

/// How a column is decoded: `few` where it holds few distinct texts.
pub fn arrow_type(name: &str, dtype: Type, few: bool) -> Arrow {
    match dtype {
        Type::Text if few && !DISTINCT.contains(&name) => Arrow::Dictionary(Arrow::Int32.into(), Arrow::Utf8.into()),
        plain => plain.arrow(),
    }
}

/// A decoded column as a run has it.
pub fn column(name: &str, array: &ArrayRef) -> PolarsResult<Column> {
    let name = PlSmallStr::from_str(name);
    Ok(match array.data_type() {
        Arrow::Dictionary(..) => categories(name, array)?,
        Arrow::Utf8 => {
            let texts = array.as_string::<i32>();
            match texts.null_count() {
                0 => StringChunked::from_iter_values(name, texts.iter().flatten()).into_column(),
                _ => StringChunked::from_iter_options(name, texts.iter()).into_column(),
            }
        }
        Arrow::Boolean => BooleanChunked::from_iter_options(name, array.as_boolean().iter()).into_column(),
        Arrow::Int32 => numbers::<Int32Type, _, _>(name, array.as_primitive::<arrow_types::Int32Type>()).into_column(),
        Arrow::Int64 => numbers::<Int64Type, _, _>(name, array.as_primitive::<arrow_types::Int64Type>()).into_column(),
        Arrow::Float64 => {
            numbers::<Float64Type, _, _>(name, array.as_primitive::<arrow_types::Float64Type>()).into_column()
        }
        Arrow::Date32 => {
            numbers::<Int32Type, _, _>(name, array.as_primitive::<arrow_types::Date32Type>()).into_date().into_column()
        }
        Arrow::Timestamp(ArrowUnit::Microsecond, None) => {
            let micros = array.as_primitive::<arrow_types::TimestampMicrosecondType>();
            numbers::<Int64Type, _, _>(name, micros).into_datetime(TimeUnit::Microseconds, None).into_column()
        }
        other => polars_bail!(SchemaMismatch: "column {name} is {other}"),
    })
}

fn numbers<T, A, N>(name: PlSmallStr, array: &PrimitiveArray<A>) -> ChunkedArray<T>
where
    N: ArrowNativeType + NumericNative,
    T: PolarsNumericType<Native = N>,
    A: ArrowPrimitiveType<Native = N>,
{
    filled(name, array.values().to_vec(), array.nulls())
}

/// Values, of which those are missing that `nulls` marks.
fn filled<T: PolarsNumericType>(
    name: PlSmallStr,
    values: Vec<T::Native>,
    nulls: Option<&NullBuffer>,
) -> ChunkedArray<T> {
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else { return ChunkedArray::from_vec(name, values) };
    // Two libraries, each with bits of its own.
    let present = BooleanChunked::from_iter_values(PlSmallStr::EMPTY, nulls.iter());
    let bits = present.downcast_iter().next().map(|array| array.values().clone());
    ChunkedArray::from_vec_validity(name, values, bits)
}

/// Texts by their places in a dictionary: each text is looked up once.
fn categories(name: PlSmallStr, array: &ArrayRef) -> PolarsResult<Column> {
    let dtype = category();
    let mapping = Arc::clone(dtype.cat_mapping()?);
    let texts = array.as_dictionary::<arrow_types::Int32Type>();
    let code = |text: Option<&str>| text.map_or(Ok(0), |text| mapping.insert_cat(text));
    let codes = texts.values().as_string::<i32>().iter().map(code).collect::<PolarsResult<Vec<u32>>>()?;
    let of = |key: i32| usize::try_from(key).ok().and_then(|key| codes.get(key)).copied().unwrap_or_default();
    let keys = texts.keys();
    let codes: UInt32Chunked = filled(name, keys.values().iter().map(|key| of(*key)).collect(), keys.nulls());
    Ok(CategoricalChunked::<Categorical32Type>::from_cats_and_dtype(codes, dtype).into_column())
}

/// A column without values.
pub fn empty(name: &str, dtype: Type) -> Column {
    let dtype = match arrow_type(name, dtype, true) {
        Arrow::Dictionary(..) => category(),
        Arrow::Utf8 => DataType::String,
        Arrow::Boolean => DataType::Boolean,
        Arrow::Int32 => DataType::Int32,
        Arrow::Int64 => DataType::Int64,
        Arrow::Float64 => DataType::Float64,
        Arrow::Date32 => DataType::Date,
        _ => DataType::Datetime(TimeUnit::Microseconds, None),
    };
    Column::new_empty(PlSmallStr::from_str(name), &dtype)
}

#[cfg(test)]
mod tests {
    use arrow::array::{BooleanArray, DictionaryArray, Int64Array, StringArray, TimestampMicrosecondArray};

    use super::*;

    #[test]
    fn values_and_missing_ones_come_as_they_are() {
        let texts = || vec![Some("华东"), None, Some("华南"), Some("华东")];
        let numbers = || vec![Some(1), None, Some(3), Some(1)];
        let cases: [(ArrayRef, DataType, [&str; 4]); 6] = [
            (
                Arc::new(texts().into_iter().collect::<DictionaryArray<arrow_types::Int32Type>>()),
                category(),
                ["华东", "-", "华南", "华东"],
            ),
            (Arc::new(StringArray::from(texts())), DataType::String, ["华东", "-", "华南", "华东"]),
            (Arc::new(Int64Array::from(numbers())), DataType::Int64, ["1", "-", "3", "1"]),
            (Arc::new(Int64Array::from(vec![4, 5, 6, 7])), DataType::Int64, ["4", "5", "6", "7"]),
            (
                Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), None])),
                DataType::Boolean,
                ["true", "-", "false", "-"],
            ),
            (
                Arc::new(TimestampMicrosecondArray::from(numbers())),
                DataType::Datetime(TimeUnit::Microseconds, None),
                ["1", "-", "3", "1"],
            ),
        ];
        for (array, dtype, expected) in cases {
            let column = column("c", &array).unwrap();
            assert_eq!(column.dtype(), &dtype);
            let shown = |value| match value {
                AnyValue::Null => "-".to_owned(),
                AnyValue::Datetime(micros, ..) => micros.to_string(),
                other => other.str_value().into_owned(),
            };
            let found: Vec<String> = (0..4).map(|row| shown(column.get(row).unwrap())).collect();
            assert_eq!(found, expected, "{dtype}");
            assert_eq!(column.slice(0, 0).dtype(), &dtype);
        }
        for (dtype, few) in [(Type::Text, true), (Type::Double, true), (Type::Date, false)] {
            assert_eq!(empty("region", dtype).len(), 0, "{dtype:?} {few}");
        }
    }

    #[test]
    fn ids_are_texts_and_all_other_texts_categories() {
        assert_eq!(arrow_type("ticket_id", Type::Text, true), Arrow::Utf8);
        assert_eq!(empty("region", Type::Text).dtype(), &category());
        assert_eq!(arrow_type("region", Type::Text, false), Arrow::Utf8);
    }
}
