//! Which rows a source asks for (`[sources.*.where]`), judged by the raw cells.

use super::IngestError;
use super::header::{Cell, Found};
use super::read::Record;
use super::row::Whereabouts;
use super::values::{number, text};
use crate::plan::{Source, Test};

/// The conditions of a source, placed in one table.
pub struct Filter<'p> {
    source: &'p Source,
    tests: Vec<(Cell<'p>, &'p Test)>,
}

impl<'p> Filter<'p> {
    /// A condition on a column that the table does not have is an error: rows would be kept or dropped by guess.
    pub fn new(source: &'p Source, found: &Found) -> Result<Self, IngestError> {
        let mut tests = Vec::new();
        for condition in &source.filter {
            let (cell, _) = found
                .first_of(&condition.columns)?
                .ok_or_else(|| found.lacks(source.kind, "where", &condition.columns, condition.line))?;
            tests.push((cell, &condition.test));
        }
        Ok(Self { source, tests })
    }

    /// Whether all conditions hold.
    pub fn keeps(&self, record: &Record, at: &Whereabouts) -> bool {
        self.tests.iter().all(|(cell, test)| {
            let row;
            let text = match cell {
                Cell::At(place) => record.get(*place),
                Cell::File => Some(at.file.as_str()),
                Cell::Sheet => Some(at.sheet.as_str()),
                Cell::Row => {
                    row = record.number.to_string();
                    Some(row.as_str())
                }
                Cell::Always(text) => Some(*text),
            };
            holds(test, text.and_then(|t| text::present(t, &self.source.missing)))
        })
    }
}

/// Whether a test holds of a cell; `None` is an empty one.
fn holds(test: &Test, cell: Option<&str>) -> bool {
    match (test, cell) {
        (Test::Filled(filled), cell) => cell.is_some() == *filled,
        (Test::NoneOf(texts), cell) => cell.is_none_or(|cell| !texts.iter().any(|t| t == cell)),
        (_, None) => false,
        (Test::OneOf(texts), Some(cell)) => texts.iter().any(|t| t == cell),
        (Test::Like(patterns), Some(cell)) => patterns.iter().any(|p| p.matches(cell)),
        (Test::Within { min, max }, Some(cell)) => {
            number::decimal(cell).is_some_and(|n| min.is_none_or(|m| n >= m) && max.is_none_or(|m| n <= m))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_of_cells() {
        let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        let one = Test::OneOf(texts(&["已完成", "处理中"]));
        assert!(holds(&one, Some("已完成")) && !holds(&one, Some("草稿")) && !holds(&one, None));
        let not = Test::NoneOf(texts(&["测试"]));
        assert!(holds(&not, Some("西安")) && !holds(&not, Some("测试")) && holds(&not, None));
        assert!(holds(&Test::Filled(true), Some("x")) && !holds(&Test::Filled(true), None));
        assert!(holds(&Test::Filled(false), None) && !holds(&Test::Filled(false), Some("x")));
        let like = Test::Like(vec![glob::Pattern::new("INC*").unwrap()]);
        assert!(holds(&like, Some("INC0000045")) && !holds(&like, Some("REQ1")) && !holds(&like, None));
        let within = Test::Within { min: Some(1.0), max: None };
        assert!(holds(&within, Some("1,000")) && !holds(&within, Some("0.5")) && !holds(&within, Some("many")));
    }
}
