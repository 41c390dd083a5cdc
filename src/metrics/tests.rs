//! What every metric promises by being listed in [`METRICS`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use polars::prelude::{AnyValue, DataFrame, DataType, TimeUnit};

use super::{Context, HEADINGS, METRICS, Metric};
use crate::plan::{self, Plan};
use crate::review::catalogue;
use crate::schema::facts::effect::{EFFECT_COLUMNS, EFFECTS, SIDE};
use crate::schema::facts::opinion::{TERM, TERM_COLUMNS, TERMS};
use crate::schema::facts::{ANSWERED, BLOCK, CLOCKS, Clock, FACT_SCORE, FACT_TICKET, FACTS, SURVEY, product, score};
use crate::schema::shared::BREAKDOWNS;
use crate::schema::{Column, Table, Type};
use crate::tally::{Key, Of, Taking, Tally};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

pub(super) fn default_plan() -> Plan {
    plan::load(&Path::new(ROOT).join("pipelines/quarterly.toml")).expect("the default pipeline")
}

/// Nine months of which the data have every column, or none.
pub(super) fn context(plan: &Plan, complete: bool) -> Context<'_> {
    let months =
        (1..=9).map(|month| (format!("2026-{month:02}"), format!("2026Q{}", (month - 1) / 3 + 1))).collect::<Vec<_>>();
    let all = FACTS.iter().flat_map(|t| columns(t).into_iter().map(|c| (t.name, c.name.to_owned())));
    let hidden = [(ANSWERED, "month"), (SURVEY, BLOCK), (TERMS, TERM), (EFFECTS, SIDE)];
    let hidden = hidden.map(|(fact, column)| (fact, column.to_owned()));
    Context {
        plan,
        months,
        kind: "quarter",
        columns: if complete { all.chain(hidden).collect() } else { BTreeSet::new() },
    }
}

/// The table that a metric makes of these facts, each with its name.
pub(super) fn figure(metric: &Metric, context: &Context, facts: &[(&str, DataFrame)]) -> DataFrame {
    let wanted = (metric.tallies)(context);
    let (count, mut taking) = (wanted.len(), Taking::new(wanted));
    for (fact, frame) in facts {
        taking.feed(fact, frame).unwrap();
    }
    (metric.finish)(context, &taking.settle().share(0..count)).unwrap()
}

/// These cells of each row in one line; a missing value is `-`.
pub(super) fn cells(table: &DataFrame, columns: &[&str]) -> Vec<String> {
    let cell = |name: &str, row: usize| match table.column(name).unwrap().get(row).unwrap() {
        AnyValue::Null => "-".to_owned(),
        value => value.str_value().into_owned(),
    };
    let line = |row: usize| columns.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" ");
    (0..table.height()).map(line).collect()
}

pub(super) fn doubles(table: &DataFrame, column: &str) -> Vec<Option<f64>> {
    table.column(column).unwrap().f64().unwrap().iter().collect()
}

/// The columns of a table, those of its clocks included.
fn columns(table: &Table) -> Vec<Column> {
    let clocks = CLOCKS.iter().filter(|clock| clock.fact == table.name).flat_map(Clock::columns);
    table.columns.iter().copied().chain(clocks).collect()
}

fn polars_type(dtype: Type) -> DataType {
    match dtype {
        Type::Text => DataType::String,
        Type::Bool => DataType::Boolean,
        Type::Int32 => DataType::Int32,
        Type::Int64 => DataType::Int64,
        Type::Double => DataType::Float64,
        Type::Date => DataType::Date,
        Type::Timestamp => DataType::Datetime(TimeUnit::Microseconds, None),
    }
}

/// The names of the modules below a folder that define a metric.
fn defining(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(defining(&path));
            continue;
        }
        let code = std::fs::read_to_string(&path).unwrap();
        if code.lines().any(|line| line.starts_with("pub static METRIC:")) {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let module =
                if stem == "mod" { path.parent().unwrap().file_name().unwrap().to_str().unwrap() } else { stem };
            found.insert(module.to_owned());
        }
    }
    found
}

#[test]
fn metrics_are_sorted_by_table_name() {
    assert!(METRICS.is_sorted_by(|a, b| a.table.name < b.table.name));
}

#[test]
fn every_file_that_defines_a_metric_is_listed_under_its_name() {
    let listed: BTreeSet<String> = METRICS.iter().map(|m| m.table.name.to_owned()).collect();
    assert_eq!(defining(&Path::new(ROOT).join("src/metrics")), listed);
}

#[test]
fn documentation_has_its_headings_in_order_and_something_below_each() {
    for metric in METRICS {
        let name = metric.table.name;
        let mut sections = metric.doc.split("\n## ");
        assert!(sections.next().unwrap().starts_with("# "), "{name}: begins with a title");
        let sections: Vec<(&str, &str)> = sections.map(|s| s.split_once('\n').unwrap_or((s, ""))).collect();
        let headings: Vec<String> = sections.iter().map(|(heading, _)| format!("## {heading}")).collect();
        assert_eq!(headings, HEADINGS, "{name}");
        for (heading, text) in sections {
            assert!(!text.trim().is_empty(), "{name}: nothing under {heading}");
        }
    }
}

#[test]
fn finish_on_empty_tallies_gives_exactly_the_declared_schema() {
    let plan = default_plan();
    for complete in [true, false] {
        let context = context(&plan, complete);
        for metric in METRICS {
            let frame = figure(metric, &context, &[]);
            let found: Vec<(&str, DataType)> =
                frame.columns().iter().map(|c| (c.name().as_str(), c.dtype().clone())).collect();
            let declared: Vec<(&str, DataType)> =
                metric.table.columns.iter().map(|c| (c.name, polars_type(c.dtype))).collect();
            assert_eq!(found, declared, "{}", metric.table.name);
            assert_eq!(frame.height(), 0, "{}", metric.table.name);
        }
    }
}

#[test]
fn every_metric_asks_for_tallies_where_the_data_have_all_columns() {
    let plan = default_plan();
    for metric in METRICS {
        assert!(!(metric.tallies)(&context(&plan, true)).is_empty(), "{}", metric.table.name);
    }
}

#[test]
fn columns_are_unique_documented_and_labelled_in_both_languages() {
    for entry in catalogue() {
        let table = entry.table;
        assert!(!table.grain.is_empty() && !table.label.zh.is_empty() && !table.label.en.is_empty(), "{}", table.name);
        let mut names = BTreeSet::new();
        for column in columns(table) {
            let place = format!("{}.{}", table.name, column.name);
            assert!(names.insert(column.name), "{place} comes twice");
            assert!(column.doc.ends_with(['.', '…']), "{place} is documented in a sentence");
            assert!(!column.label.en.is_empty(), "{place} has no English label");
            assert!(!column.label.zh.is_empty(), "{place} has no Chinese label");
        }
    }
}

#[test]
fn no_two_tables_share_a_name() {
    let mut kinds = BTreeMap::new();
    for entry in catalogue() {
        let before = kinds.insert(entry.table.name, entry.kind);
        assert_eq!(before, None, "{} is a {} too", entry.table.name, entry.kind);
    }
}

#[test]
fn tallies_name_columns_that_their_fact_has_with_the_right_type() {
    let plan = default_plan();
    for metric in METRICS {
        for tally in (metric.tallies)(&context(&plan, true)) {
            for (column, allowed) in wanted(&tally) {
                let place = format!("{}: {}.{column}", metric.table.name, tally.fact);
                let found = type_of(tally.fact, &column).unwrap_or_else(|| panic!("{place} does not exist"));
                assert!(allowed.contains(&found), "{place} is {}", found.name());
            }
        }
    }
}

/// The columns of a tally, each with the types it may have.
fn wanted(tally: &Tally) -> Vec<(String, &'static [Type])> {
    const TEXT: &[Type] = &[Type::Text];
    const KEY: &[Type] = &[Type::Text, Type::Bool];
    let keys = tally.keys.iter().map(|key| {
        let allowed: &[Type] = match key {
            Key::Text(_) => KEY,
            Key::Number(_) => &[Type::Int32],
            Key::Mapped { .. } => &[Type::Int64],
        };
        (key.column().to_owned(), allowed)
    });
    let sums = tally.sums.iter().map(|sum| match &sum.of {
        Of::Column(column) => ((*column).to_owned(), &[Type::Bool, Type::Int32, Type::Int64, Type::Date][..]),
        Of::Equals { column, .. } => (column.clone(), TEXT),
        Of::Present(column) => {
            (column.clone(), &[Type::Text, Type::Int32, Type::Int64, Type::Date, Type::Timestamp][..])
        }
    });
    keys.chain(sums).chain(tally.distinct.map(|c| (c.to_owned(), TEXT))).collect()
}

/// The type of a column, also of what lives in a run only.
fn type_of(name: &str, column: &str) -> Option<Type> {
    let of = |columns: &[(&str, Type)]| columns.iter().find(|(own, _)| *own == column).map(|(_, dtype)| *dtype);
    match name {
        TERMS => of(&TERM_COLUMNS),
        EFFECTS => of(&EFFECT_COLUMNS),
        _ => dtype(fact(name), column),
    }
}

fn fact(name: &str) -> &'static Table {
    let name = if name == ANSWERED { FACT_TICKET.name } else { name };
    FACTS.iter().find(|t| t.name == name).unwrap_or_else(|| panic!("there is no fact {name}"))
}

fn dtype(table: &Table, column: &str) -> Option<Type> {
    let names = default_plan().score_names().into_iter().map(str::to_owned).collect::<Vec<_>>();
    let pairs = names.iter().flat_map(|one| names.iter().map(|other| product(one, other)));
    let of_dimensions = || names.iter().map(|name| score(name)).chain(pairs).chain([BLOCK]).any(|own| own == column);
    if table.name == SURVEY && of_dimensions() {
        return Some(Type::Int32);
    }
    columns(table).iter().find(|c| c.name == column).map(|c| c.dtype)
}

#[test]
fn breakdowns_are_text_columns_of_the_facts_they_split() {
    for breakdown in BREAKDOWNS {
        let of_tickets = breakdown.of_tickets.then_some(&FACT_TICKET);
        for table in [&FACT_SCORE].into_iter().chain(of_tickets) {
            assert_eq!(dtype(table, breakdown.column), Some(Type::Text), "{}.{}", table.name, breakdown.column);
        }
    }
}
