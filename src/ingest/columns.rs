//! Columns under construction: one builder a mapped column, filled value by value.

use std::sync::{Arc, LazyLock};

use polars::prelude::*;

/// A value as it stands in a row, before the row is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    Null,
    Text(std::borrow::Cow<'a, str>),
    /// A text of the [`Dictionary`], by its code.
    Word(u32),
    /// Microseconds, days, counts, thousandths of a point, or 0 and 1: as the column's kind says.
    Int(i64),
}

impl Value<'_> {
    pub fn text<'v>(&'v self, dictionary: &'v Dictionary) -> Option<&'v str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Word(code) => Some(dictionary.text(*code)),
            Self::Null | Self::Int(_) => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }
}

/// The texts of all category columns of the process.
#[derive(Debug, Clone)]
pub struct Dictionary(Arc<CategoricalMapping>);

impl Dictionary {
    pub fn new() -> Self {
        // Held from here on, for a dictionary that nobody holds is forgotten.
        Self(Categories::global().mapping())
    }

    /// The code of a text; none where there are too many.
    pub fn code(&self, text: &str) -> Option<u32> {
        self.0.insert_cat(text).ok()
    }

    pub fn text(&self, code: u32) -> &str {
        self.0.cat_to_str(code).unwrap_or_default()
    }
}

/// The column types of a batch inside a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Physical {
    Text,
    /// Few distinct values: stored as small integers with a shared dictionary.
    Category,
    Micros,
    Days,
    Int,
    Bool,
}

/// Fills one column.
pub enum Builder {
    Text(StringChunkedBuilder),
    Category(Numbers<u32>, Dictionary),
    Micros(Numbers<i64>),
    Days(Numbers<i32>),
    Int(Numbers<i32>),
    Bool(Numbers<bool>),
}

/// The values of a column under construction, one a row; where there is none, it is not valid.
#[derive(Debug)]
pub struct Numbers<T> {
    name: PlSmallStr,
    values: Vec<T>,
    valid: Vec<bool>,
}

impl<T: Default> Numbers<T> {
    pub fn new(name: PlSmallStr, capacity: usize) -> Self {
        Self { name, values: Vec::with_capacity(capacity), valid: Vec::with_capacity(capacity) }
    }

    pub fn push(&mut self, value: Option<T>) {
        self.valid.push(value.is_some());
        self.values.push(value.unwrap_or_default());
    }

    fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
        self.valid.truncate(rows);
    }

    pub fn finish<P: PolarsNumericType<Native = T>>(self) -> ChunkedArray<P> {
        let complete = self.valid.iter().all(|valid| *valid);
        let validity = (!complete).then(|| self.valid.into_iter().collect());
        ChunkedArray::from_vec_validity(self.name, self.values, validity)
    }
}

/// The type of category columns: one dictionary for the whole process, so that columns join and stack freely. It is held
/// here, for a dictionary that nobody holds is forgotten, and with it what the codes of rows on the shelf mean.
pub fn category() -> DataType {
    static TYPE: LazyLock<DataType> = LazyLock::new(|| DataType::from_categories(Categories::global()));
    TYPE.clone()
}

impl Builder {
    pub fn new(name: &str, physical: Physical, capacity: usize) -> Self {
        let name = PlSmallStr::from_str(name);
        match physical {
            Physical::Text => Self::Text(StringChunkedBuilder::new(name, capacity)),
            Physical::Category => Self::Category(Numbers::new(name, capacity), Dictionary::new()),
            Physical::Micros => Self::Micros(Numbers::new(name, capacity)),
            Physical::Days => Self::Days(Numbers::new(name, capacity)),
            Physical::Int => Self::Int(Numbers::new(name, capacity)),
            Physical::Bool => Self::Bool(Numbers::new(name, capacity)),
        }
    }

    /// Appends a value of the builder's own kind; any other counts as missing.
    pub fn push(&mut self, value: &Value) -> PolarsResult<()> {
        match (self, value) {
            (Self::Category(builder, dictionary), Value::Text(text)) => {
                builder.push(Some(dictionary.0.insert_cat(text)?));
            }
            (builder, Value::Text(text)) => builder.push_text(Some(text)),
            (builder, Value::Word(code)) => builder.push_word(*code),
            (builder, Value::Int(number)) => builder.push_int(*number),
            (builder, Value::Null) => builder.push_null(),
        }
        Ok(())
    }

    /// Appends a text, or that there is none.
    pub fn push_text(&mut self, text: Option<&str>) {
        match (self, text) {
            (Self::Text(builder), Some(text)) => builder.append_value(text),
            (builder, _) => builder.push_null(),
        }
    }

    /// Appends a text of the dictionary, by its code.
    pub fn push_word(&mut self, code: u32) {
        match self {
            Self::Category(builder, _) => builder.push(Some(code)),
            builder => builder.push_null(),
        }
    }

    /// Appends a number, in the unit of the column.
    pub fn push_int(&mut self, number: i64) {
        match self {
            Self::Micros(builder) => builder.push(Some(number)),
            Self::Days(builder) | Self::Int(builder) => builder.push(i32::try_from(number).ok()),
            Self::Bool(builder) => builder.push(Some(number != 0)),
            builder @ (Self::Text(_) | Self::Category(..)) => builder.push_null(),
        }
    }

    /// Appends that there is no value.
    pub fn push_null(&mut self) {
        match self {
            Self::Text(builder) => builder.append_null(),
            Self::Category(builder, _) => builder.push(None),
            Self::Micros(builder) => builder.push(None),
            Self::Days(builder) | Self::Int(builder) => builder.push(None),
            Self::Bool(builder) => builder.push(None),
        }
    }

    /// Takes values back that are more than so many; texts stay.
    pub fn truncate(&mut self, rows: usize) {
        match self {
            Self::Text(_) => {}
            Self::Category(builder, _) => builder.truncate(rows),
            Self::Micros(builder) => builder.truncate(rows),
            Self::Days(builder) | Self::Int(builder) => builder.truncate(rows),
            Self::Bool(builder) => builder.truncate(rows),
        }
    }

    pub fn finish(self) -> Column {
        match self {
            Self::Text(builder) => builder.finish().into_column(),
            Self::Category(builder, _) => {
                let codes = builder.finish::<UInt32Type>();
                CategoricalChunked::<Categorical32Type>::from_cats_and_dtype(codes, category()).into_column()
            }
            Self::Micros(builder) => {
                builder.finish::<Int64Type>().into_datetime(TimeUnit::Microseconds, None).into_column()
            }
            Self::Days(builder) => builder.finish::<Int32Type>().into_date().into_column(),
            Self::Int(builder) => builder.finish::<Int32Type>().into_column(),
            Self::Bool(Numbers { name, values, valid }) => {
                if valid.iter().all(|valid| *valid) {
                    return BooleanChunked::from_iter_values(name, values.into_iter()).into_column();
                }
                let flags = values.into_iter().zip(valid).map(|(value, valid)| valid.then_some(value));
                BooleanChunked::from_iter_options(name, flags).into_column()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_each_kind_come_back_and_others_are_missing() {
        let word = Dictionary::new().code("漏水").unwrap();
        let values = [Value::Int(7), Value::Text("漏水".into()), Value::Word(word), Value::Null, Value::Int(1 << 40)];
        let cases = [
            (Physical::Text, [false, true, false, false, false], "漏水"),
            (Physical::Category, [false, true, true, false, false], "漏水"),
            (Physical::Micros, [true, false, false, false, true], "7"),
            (Physical::Int, [true, false, false, false, false], "7"),
            (Physical::Bool, [true, false, false, false, true], "true"),
        ];
        for (physical, valid, shown) in cases {
            let mut builder = Builder::new("x", physical, 0);
            for value in &values {
                builder.push(value).unwrap();
            }
            builder.push_null();
            let rows = values.len() + usize::from(physical == Physical::Text);
            builder.truncate(rows);
            let column = builder.finish();
            assert_eq!(column.len(), rows, "{physical:?}");
            let found: Vec<bool> = column.is_not_null().iter().flatten().take(values.len()).collect();
            assert_eq!(found, valid, "{physical:?}");
            let first = column.drop_nulls().cast(&DataType::String).unwrap();
            let first = first.str().unwrap().get(0).map(str::to_owned);
            let micros = (physical == Physical::Micros).then(|| "1970-01-01 00:00:00.000007".to_owned());
            assert_eq!(first, Some(micros.unwrap_or_else(|| shown.to_owned())), "{physical:?}");
        }
    }
}
