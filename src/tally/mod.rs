//! Tallies: from which fact, by which keys, which integers are summed.
//!
//! Every sum is of integers, so tallies merge exactly in any order: months add up to quarters and parts to the whole.

mod axis;
mod cells;
mod counted;
mod distinct;
mod fact;
mod finish;
mod groups;
mod layout;
mod runs;
mod taking;

pub use self::counted::Counted;
pub use self::taking::{Share, Taken, Taking};

/// A declared tally. A row count, `rows`, always comes along.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Table name of the fact.
    pub fact: &'static str,
    pub keys: Vec<Key>,
    pub sums: Vec<Sum>,
    /// A column whose distinct values are counted, as `distinct`. Such a tally does not add up over its keys.
    pub distinct: Option<&'static str>,
}

/// What rows are grouped by.
#[derive(Debug, Clone)]
pub enum Key {
    /// A text column, or flags as `true` and `false`; a missing value is the member `(none)`.
    Text(&'static str),
    /// A whole-number column; rows without a value are left out.
    Number(&'static str),
    /// A whole-number column through a function, under a name of its own; rows without a value are left out.
    Mapped { column: String, name: &'static str, with: fn(i64) -> i32 },
}

impl Key {
    /// Name of the key in the tally.
    pub fn name(&self) -> &str {
        match self {
            Self::Text(name) | Self::Number(name) | Self::Mapped { name, .. } => name,
        }
    }

    /// Name of the fact's column.
    pub fn column(&self) -> &str {
        match self {
            Self::Text(column) | Self::Number(column) => column,
            Self::Mapped { column, .. } => column,
        }
    }
}

/// One sum of a tally.
#[derive(Debug, Clone)]
pub struct Sum {
    pub name: String,
    pub of: Of,
}

/// What is summed; a missing value counts as zero.
#[derive(Debug, Clone)]
pub enum Of {
    /// Whole numbers, or flags as 0 and 1.
    Column(&'static str),
    /// 1 for each row whose text is this.
    Equals { column: String, value: &'static str },
    /// 1 for each row that has a value.
    Present(String),
}

impl Tally {
    /// Rows of a fact by some text columns.
    pub fn of(fact: &'static str, keys: impl IntoIterator<Item = &'static str>) -> Self {
        Self { fact, keys: keys.into_iter().map(Key::Text).collect(), sums: Vec::new(), distinct: None }
    }

    /// The columns of the fact that it looks at.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let summed = self.sums.iter().map(|sum| match &sum.of {
            Of::Column(column) => *column,
            Of::Equals { column, .. } | Of::Present(column) => column.as_str(),
        });
        self.keys.iter().map(Key::column).chain(summed).chain(self.distinct)
    }

    #[must_use]
    pub fn by(mut self, key: Key) -> Self {
        self.keys.push(key);
        self
    }

    #[must_use]
    pub fn sum(mut self, column: &'static str) -> Self {
        self.sums.push(Sum { name: column.to_owned(), of: Of::Column(column) });
        self
    }

    #[must_use]
    pub fn count(mut self, name: String, column: String, value: &'static str) -> Self {
        self.sums.push(Sum { name, of: Of::Equals { column, value } });
        self
    }

    #[must_use]
    pub fn present(mut self, name: String, column: String) -> Self {
        self.sums.push(Sum { name, of: Of::Present(column) });
        self
    }

    #[must_use]
    pub const fn distinct(mut self, column: &'static str) -> Self {
        self.distinct = Some(column);
        self
    }
}

#[cfg(test)]
mod tests;
