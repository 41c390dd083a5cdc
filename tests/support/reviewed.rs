//! A review of the fixtures by the library, made once, and what it wrote as rows to look things up in.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use aftersales::plan;
use aftersales::review::{self, Request};

use super::{Cell, Output, Silent};

/// The Parquet files of a review by their paths, without their ending: `tables/sla_attainment`.
pub struct Reviewed {
    tables: BTreeMap<String, Rows>,
}

/// One table.
pub struct Rows {
    name: String,
    height: usize,
    columns: BTreeMap<String, Vec<Cell>>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Rows,
    at: usize,
}

/// What the default pipeline makes of the fixtures.
pub fn reviewed() -> &'static Reviewed {
    static REVIEWED: OnceLock<Reviewed> = OnceLock::new();
    REVIEWED.get_or_init(|| {
        let pipeline = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/quarterly.toml");
        let plan = plan::load(&pipeline).unwrap();
        let out = tempfile::tempdir().unwrap();
        let request = Request { period: None, as_of: None, out: out.path().to_owned() };
        let report = review::run(&plan, &request, &Silent).unwrap();
        Reviewed::of(&Output::of(&report.written.unwrap().folder))
    })
}

impl Reviewed {
    /// The tables of an output.
    pub fn of(output: &Output) -> Self {
        let tables = output.tables().map(|name| (name.to_owned(), Rows::of(output, name))).collect();
        Self { tables }
    }

    pub fn table(&self, name: &str) -> &Rows {
        self.tables.get(name).unwrap_or_else(|| panic!("no {name} was written"))
    }
}

impl Rows {
    fn of(output: &Output, name: &str) -> Self {
        let stored = output.table(name);
        let columns = stored.names().into_iter().map(|column| (column.clone(), stored.column(&column))).collect();
        Self { name: name.to_owned(), height: stored.height(), columns }
    }

    pub const fn height(&self) -> usize {
        self.height
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.height).map(|at| Row { table: self, at })
    }

    /// All rows that have these texts in these columns.
    pub fn having<'a, 'w>(&'a self, wanted: &'w [(&'w str, &'w str)]) -> impl Iterator<Item = Row<'a>> + use<'a, 'w> {
        self.rows().filter(move |row| wanted.iter().all(|(column, value)| row.text(column) == Some(*value)))
    }

    /// The only row that has these texts in these columns.
    pub fn row(&self, wanted: &[(&str, &str)]) -> Row<'_> {
        let found: Vec<usize> = self.having(wanted).map(|row| row.at).collect();
        let [at] = found[..] else { panic!("{} has {} rows with {wanted:?}", self.name, found.len()) };
        Row { table: self, at }
    }
}

impl<'a> Row<'a> {
    pub fn cell(&self, column: &str) -> &'a Cell {
        let cells = self.table.columns.get(column);
        &cells.unwrap_or_else(|| panic!("{} has no column {column}", self.table.name))[self.at]
    }

    pub fn text(&self, column: &str) -> Option<&'a str> {
        match self.cell(column) {
            Cell::Text(text) => Some(text),
            Cell::Null => None,
            other => panic!("{column} holds {other:?}"),
        }
    }

    /// A whole number, or a moment in microseconds.
    pub fn int(&self, column: &str) -> Option<i64> {
        match self.cell(column) {
            Cell::Int(number) => Some(*number),
            Cell::Null => None,
            other => panic!("{column} holds {other:?}"),
        }
    }

    pub fn double(&self, column: &str) -> Option<f64> {
        match self.cell(column) {
            Cell::Double(number) => Some(*number),
            Cell::Null => None,
            other => panic!("{column} holds {other:?}"),
        }
    }

    /// A number that must be there.
    #[track_caller]
    pub fn number(&self, column: &str) -> f64 {
        self.double(column).unwrap_or_else(|| panic!("{column} of {} is null", self.table.name))
    }

    pub fn flag(&self, column: &str) -> bool {
        matches!(self.cell(column), Cell::Bool(true))
    }
}
