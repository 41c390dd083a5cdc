//! A desk with one small pipeline and the few dumps that it reads, and what a review makes of them.

use std::collections::BTreeMap;
use std::fs;

use super::{Cell, Desk, Output, Ran};

/// A desk with `pipelines/p.toml`, which reads from `dumps/`.
pub struct Tiny {
    pub desk: Desk,
}

/// What a review wrote.
pub struct Review {
    pub output: Output,
}

impl Tiny {
    /// `sources` is the pipeline without its `[review]` and its calendar: Monday to Friday, 08:30–17:30. Without a policy
    /// there are no charts of times, which take most of a run.
    pub fn new(sources: &str) -> Self {
        let calendar = "[calendars.default]\nweekly = { mon-fri = \"08:30-17:30\" }";
        Self::whole(&format!("[review]\nlanguage = \"en\"\n{sources}\n{calendar}\n"))
    }

    /// With surveys alone, which need no calendar.
    pub fn surveys(sources: &str) -> Self {
        Self::whole(&format!("[review]\nlanguage = \"en\"\n{sources}\n"))
    }

    /// With a pipeline that is all there.
    pub fn whole(pipeline: &str) -> Self {
        let desk = Desk::bare();
        fs::create_dir(desk.path("dumps")).unwrap();
        desk.write("pipelines/p.toml", pipeline.as_bytes());
        Self { desk }
    }

    /// The same with a dump more.
    pub fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.put(name, bytes);
        self
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        self.desk.write(&format!("dumps/{name}"), bytes.as_ref());
    }

    pub fn check(&self) -> Ran {
        self.desk.run(&["check", "pipelines/p.toml"])
    }

    pub fn run(&self) -> Ran {
        self.desk.run(&["run", "pipelines/p.toml", "--out", "out", "--quiet"])
    }

    /// A review that must succeed.
    #[track_caller]
    pub fn review(&self) -> Review {
        let ran = self.run();
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        Review { output: self.desk.output("current") }
    }

    /// Holds that the dumps are refused with this code and a message that says all of these.
    #[track_caller]
    pub fn refused(&self, code: i32, parts: &[&str]) {
        self.check().assert_refused(code, parts);
    }
}

impl Ran {
    /// Holds that the program ended with this code and a message that says all of these.
    #[track_caller]
    pub fn assert_refused(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stderr, self.stdout);
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is not in:\n{}", self.stderr);
        }
        assert!(self.stderr.ends_with('\n') && !self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

impl Review {
    /// Rows of a fact or table, in order: the cells of these columns with `|` between them, moments as
    /// `2026-07-01 08:30:00`.
    pub fn rows(&self, table: &str, columns: &[&str]) -> Vec<String> {
        let stored = self.output.table(table);
        let cells: Vec<(&str, Vec<Cell>)> = columns.iter().map(|name| (*name, stored.column(name))).collect();
        let row = |at: usize| cells.iter().map(|(name, cells)| shown(name, &cells[at])).collect::<Vec<_>>().join("|");
        (0..stored.height()).map(row).collect()
    }

    /// What `data_quality` counts for a source, by rule, over all files.
    pub fn counts(&self, source: &str) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for line in self.quality().into_iter().filter(|line| line.source == source) {
            *counts.entry(line.rule).or_default() += line.rows;
        }
        counts
    }

    /// The same for one part of the account or one rule.
    pub fn count(&self, source: &str, rule: &str) -> u64 {
        self.counts(source).get(rule).copied().unwrap_or(0)
    }

    /// The rules that rows broke, as `source rule severity rows`, over all files, sorted.
    pub fn broken(&self) -> Vec<String> {
        let mut rules: BTreeMap<String, u64> = BTreeMap::new();
        for line in self.quality().into_iter().filter(|line| line.severity != "info") {
            *rules.entry(format!("{} {} {}", line.source, line.rule, line.severity)).or_default() += line.rows;
        }
        rules.into_iter().map(|(rule, rows)| format!("{rule} {rows}")).collect()
    }

    /// Rows of the quarantine of a source, as `rule: raw row`, sorted.
    pub fn quarantined(&self, source: &str) -> Vec<String> {
        let stored = self.output.table(&format!("quarantine/{source}"));
        let both = stored.texts("rule").into_iter().zip(stored.texts("raw"));
        let mut rows: Vec<String> = both.map(|(rule, raw)| format!("{rule}: {raw}")).collect();
        rows.sort();
        rows
    }

    pub fn quality(&self) -> Vec<Line> {
        let stored = self.output.table("tables/data_quality");
        let text = |name: &str| stored.texts(name).into_iter();
        let texts = text("source").zip(text("rule")).zip(text("severity").zip(text("column")));
        let line = |(((source, rule), (severity, column)), rows)| Line { source, rule, severity, column, rows };
        texts.zip(stored.counts("rows")).map(line).collect()
    }
}

/// A row of `data_quality`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub source: String,
    pub rule: String,
    pub severity: String,
    pub column: String,
    pub rows: u64,
}

fn shown(column: &str, cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Bool(flag) => flag.to_string(),
        Cell::Double(number) => number.to_string(),
        Cell::Int(micros) if column.ends_with("_at") => {
            chrono::DateTime::from_timestamp_micros(*micros).unwrap().naive_utc().to_string()
        }
        Cell::Int(number) => number.to_string(),
    }
}
