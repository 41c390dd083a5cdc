//! Taking a tally: one lazy group-by.

use polars::prelude::*;

use super::{Counted, Key, Of, Tally};
use crate::schema::shared::NONE;

/// Takes a tally of a fact. A fact without one of the columns gives the empty tally.
///
/// # Errors
/// Only where a column is not of the type that the tally says.
pub fn take(fact: &DataFrame, tally: &Tally) -> PolarsResult<Counted> {
    let columns = needed(tally);
    if columns.iter().any(|c| fact.column(c).is_err()) {
        return Counted::empty(tally);
    }
    let mut frame = fact.select(columns)?;
    for key in &tally.keys {
        if let Key::Mapped { column, name, with } = key {
            let values = frame.column(column)?.i64()?.iter().map(|v| v.map(with));
            let mapped = Int32Chunked::from_iter_options(PlSmallStr::from_static(name), values);
            frame.with_column(mapped.into_column())?;
        }
    }
    for key in &tally.keys {
        // Before the grouping, so that a missing value and the text `(none)` are one member.
        if let Key::Text(name) = key
            && frame.column(name)?.null_count() > 0
        {
            let none = lit(NONE).cast(frame.column(name)?.dtype().clone());
            frame = frame.lazy().with_column(col(*name).fill_null(none)).collect()?;
        }
    }
    let mut rows = frame.lazy();
    for key in &tally.keys {
        if !matches!(key, Key::Text(_)) {
            rows = rows.filter(col(key.name()).is_not_null());
        }
    }
    let mut sums = vec![len().cast(DataType::Int64).alias("rows")];
    sums.extend(tally.sums.iter().map(|sum| {
        let value = match &sum.of {
            Of::Column(column) => col(*column),
            Of::Equals { column, value } => col(column.as_str()).eq(lit(*value)),
            Of::Present(column) => col(column.as_str()).is_not_null(),
        };
        value.cast(DataType::Int64).sum().alias(&sum.name)
    }));
    sums.extend(tally.distinct.map(|c| col(c).drop_nulls().n_unique().cast(DataType::Int64).alias("distinct")));
    let keys: Vec<Expr> = tally.keys.iter().map(|k| col(k.name())).collect();
    let grouped = if keys.is_empty() { rows.select(sums) } else { rows.group_by(keys).agg(sums) };
    // Text keys leave the dictionary only now, on a few rows; the order is theirs, not that of any hash.
    let texts = tally.keys.iter().filter(|k| matches!(k, Key::Text(_)));
    let decoded = grouped.with_columns(texts.map(|k| col(k.name()).cast(DataType::String)).collect::<Vec<_>>());
    let names: Vec<&str> = tally.keys.iter().map(Key::name).collect();
    let sorted = if names.is_empty() { decoded } else { decoded.sort(names, SortMultipleOptions::default()) };
    Ok(Counted::new(sorted.collect()?))
}

fn needed(tally: &Tally) -> Vec<&str> {
    let keys = tally.keys.iter().map(Key::column);
    let sums = tally.sums.iter().map(|s| match &s.of {
        Of::Column(column) => *column,
        Of::Equals { column, .. } | Of::Present(column) => column.as_str(),
    });
    let mut columns: Vec<&str> = keys.chain(sums).chain(tally.distinct).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact() -> DataFrame {
        df!(
            "month" => ["2026-01", "2026-01", "2026-02", "2026-02"],
            "region" => [Some("华东"), None, Some("华东"), Some("华南")],
            "outcome" => ["met", "breached", "met", "met"],
            "score" => [4000, 5000, 3000, 1000],
            "seconds" => [Some(10i64), None, Some(20), Some(25)],
            "customer" => [Some("a"), Some("a"), None, Some("b")],
        )
        .unwrap()
    }

    #[test]
    fn counts_and_sums_by_key() {
        let tally = Tally::of("fact", ["month", "region"])
            .sum("score")
            .count("met".into(), "outcome".into(), "met")
            .present("ended".into(), "seconds".into());
        let counted = take(&fact(), &tally).unwrap();
        assert_eq!(counted.texts("month").unwrap(), ["2026-01", "2026-01", "2026-02", "2026-02"]);
        assert_eq!(counted.texts("region").unwrap(), [NONE, "华东", "华东", "华南"]);
        assert_eq!(counted.sums("score").unwrap(), [5000, 4000, 3000, 1000]);
        assert_eq!(counted.sums("met").unwrap(), [0, 1, 1, 1]);
        assert_eq!(counted.sums("ended").unwrap(), [0, 1, 1, 1]);
        assert_eq!(counted.sums("rows").unwrap(), [1, 1, 1, 1]);
    }

    #[test]
    fn mapped_keys_leave_out_missing_values() {
        let key = Key::Mapped { column: "seconds".into(), name: "bucket", with: |s| i32::try_from(s / 20).unwrap() };
        let counted = take(&fact(), &Tally::of("fact", []).by(key)).unwrap();
        assert_eq!(counted.numbers("bucket").unwrap(), [0, 1]);
        assert_eq!(counted.sums("rows").unwrap(), [1, 2]);
    }

    #[test]
    fn distinct_values_and_no_keys() {
        let counted = take(&fact(), &Tally::of("fact", []).distinct("customer")).unwrap();
        assert_eq!(counted.sums("distinct").unwrap(), [2]);
        assert_eq!(counted.sums("rows").unwrap(), [4]);
    }

    #[test]
    fn a_fact_without_the_column_gives_the_empty_tally() {
        let counted = take(&fact(), &Tally::of("fact", ["month", "branch"]).sum("score")).unwrap();
        assert!(counted.is_empty());
        assert!(counted.sums("score").unwrap().is_empty());
    }
}
