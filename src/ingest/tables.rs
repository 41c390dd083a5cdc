//! What is known about the dumps, as tables.

use polars::prelude::*;

use super::quality::{RULES, Severity};
use super::{Dumps, Loaded};

/// `data_quality`: for every file the account of its rows, then the rules that rows broke.
pub fn data_quality(dumps: &Dumps) -> PolarsResult<DataFrame> {
    let mut rows: Vec<(&str, &str, &str, &str, u64)> = Vec::new();
    for loaded in dumps.sources.values() {
        for file in &loaded.files {
            let source = loaded.kind.name();
            rows.extend(file.account.parts().map(|(part, n)| (source, file.name.as_str(), part, "info", n)));
            for rule in RULES {
                let found = match rule.severity {
                    Severity::Warning => file.warnings.get(rule.name).copied().unwrap_or_default(),
                    Severity::Error => {
                        loaded.quarantine.iter().filter(|b| b.file == file.name && b.rule == rule.name).count() as u64
                    }
                };
                let severity = if rule.severity == Severity::Error { "error" } else { "warning" };
                if found > 0 {
                    rows.push((source, &file.name, rule.name, severity, found));
                }
            }
        }
    }
    let column = |name: &str, values: Vec<&str>| Column::new(PlSmallStr::from_str(name), values);
    DataFrame::new(
        rows.len(),
        vec![
            column("source", rows.iter().map(|r| r.0).collect()),
            column("file", rows.iter().map(|r| r.1).collect()),
            column("rule", rows.iter().map(|r| r.2).collect()),
            column("severity", rows.iter().map(|r| r.3).collect()),
            Column::new(PlSmallStr::from_static("rows"), rows.iter().map(|r| r.4.cast_signed()).collect::<Vec<i64>>()),
        ],
    )
}

/// `quarantine` of one source.
pub fn quarantine(loaded: &Loaded) -> PolarsResult<DataFrame> {
    let bad = || loaded.quarantine.iter();
    let text = |name: &str, values: Vec<Option<&str>>| Column::new(PlSmallStr::from_str(name), values);
    DataFrame::new(
        loaded.quarantine.len(),
        vec![
            text("file", bad().map(|b| Some(b.file.as_str())).collect()),
            Column::new(PlSmallStr::from_static("row"), bad().map(|b| b.row.cast_signed()).collect::<Vec<i64>>()),
            text("column", bad().map(|b| b.column.as_deref()).collect()),
            text("value", bad().map(|b| b.value.as_deref()).collect()),
            text("rule", bad().map(|b| Some(b.rule)).collect()),
            text("message", bad().map(|b| Some(b.message.as_str())).collect()),
            text("raw", bad().map(|b| Some(b.raw.as_str())).collect()),
        ],
    )
}
