//! A source of the draft in short.

use std::fmt;
use std::fmt::Write as _;

use crate::schema::Language;
use crate::schema::input::SourceKind;

/// A source of the draft in short.
#[derive(Debug, PartialEq, Eq)]
pub struct Summary {
    pub kind: SourceKind,
    /// Files, sheets and members.
    pub tables: usize,
    /// Patterns of its files, as the pipeline has them.
    pub files: Vec<String>,
    /// Columns of ours that are mapped, and dimensions.
    pub columns: usize,
    pub dimensions: usize,
    /// Their columns that nothing uses.
    pub unused: usize,
}

impl Summary {
    /// In the language of the draft.
    pub fn say(&self, language: Language) -> String {
        if language == Language::En {
            return self.to_string();
        }
        let mut text = format!(
            "{:<8} {} 个表（{}）：{} 列已对应",
            self.kind.name(),
            self.tables,
            self.files.join("、"),
            self.columns
        );
        // Writing into memory cannot fail.
        if self.dimensions > 0 {
            let _ = write!(text, "，{} 个评价维度", self.dimensions);
        }
        if self.unused > 0 {
            let _ = write!(text, "，{} 列未用", self.unused);
        }
        text
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let tables = counted(self.tables, "table");
        let columns = counted(self.columns, "column");
        write!(f, "{:<8} {tables} ({}): {columns} mapped", self.kind.name(), self.files.join(", "))?;
        if self.dimensions > 0 {
            write!(f, ", {}", counted(self.dimensions, "dimension"))?;
        }
        if self.unused > 0 {
            write!(f, ", {} unused", counted(self.unused, "column"))?;
        }
        Ok(())
    }
}

/// A number and its noun.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_many() {
        let summary = Summary {
            kind: SourceKind::Surveys,
            tables: 1,
            files: vec!["a.csv".to_owned()],
            columns: 2,
            dimensions: 1,
            unused: 1,
        };
        assert_eq!(summary.to_string(), "surveys  1 table (a.csv): 2 columns mapped, 1 dimension, 1 column unused");
        assert_eq!(summary.say(Language::Zh), "surveys  1 个表（a.csv）：2 列已对应，1 个评价维度，1 列未用");
    }
}
