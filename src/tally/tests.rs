//! Whatever the batches, the siblings and their order: the tallies are those that polars' group-by gives of the whole.

use polars::prelude::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{Key, Of, Taking, Tally};
use crate::schema::shared::NONE;
use crate::stats::quantile::bucket;

/// The tally as one lazy group-by.
fn oracle(fact: &DataFrame, tally: &Tally) -> DataFrame {
    let mut frame = fact.clone();
    for key in &tally.keys {
        match key {
            Key::Mapped { column, name, with } => {
                let values = frame.column(column).unwrap().i64().unwrap().iter().map(|v| v.map(with));
                let mapped = Int32Chunked::from_iter_options(PlSmallStr::from_static(name), values);
                frame.with_column(mapped.into_column()).unwrap();
            }
            Key::Text(name) => {
                let text = col(*name).cast(DataType::String).fill_null(lit(NONE));
                frame = frame.lazy().with_column(text).collect().unwrap();
            }
            Key::Number(_) => {}
        }
    }
    let mut rows = frame.lazy();
    for key in tally.keys.iter().filter(|key| !matches!(key, Key::Text(_))) {
        rows = rows.filter(col(key.name()).is_not_null());
    }
    let mut sums = vec![len().cast(DataType::Int64).alias("rows")];
    sums.extend(tally.sums.iter().map(|sum| {
        let value = match &sum.of {
            Of::Column(column) => col(*column),
            Of::Equals { column, value } => col(column.as_str()).cast(DataType::String).eq(lit(*value)),
            Of::Present(column) => col(column.as_str()).is_not_null(),
        };
        value.cast(DataType::Int64).sum().alias(&sum.name)
    }));
    sums.extend(tally.distinct.map(|c| col(c).drop_nulls().n_unique().cast(DataType::Int64).alias("distinct")));
    let keys: Vec<Expr> = tally.keys.iter().map(|key| col(key.name())).collect();
    let names: Vec<&str> = tally.keys.iter().map(Key::name).collect();
    let taken = if keys.is_empty() {
        rows.select(sums)
    } else {
        rows.group_by(keys).agg(sums).sort(names, SortMultipleOptions::default())
    };
    taken.collect().unwrap()
}

/// Month, region, outcome, score, seconds, flag and customer.
type Row = (usize, Option<usize>, Option<usize>, Option<i32>, Option<i64>, Option<bool>, Option<u8>);

fn row() -> impl Strategy<Value = Row> {
    (
        0..3usize,
        option::of(0..4usize),
        option::of(0..3usize),
        option::of(prop_oneof![-3..4i32, any::<i32>()]),
        option::of(prop_oneof![0..300i64, 0..5_000_000i64]),
        option::of(any::<bool>()),
        option::of(0..9u8),
    )
}

fn frame(rows: &[Row], as_categories: bool) -> DataFrame {
    let text = |name: &str, values: Vec<Option<&str>>| {
        let column = Column::new(name.into(), values);
        if as_categories { column.cast(&DataType::from_categories(Categories::global())).unwrap() } else { column }
    };
    let regions = ["华东", "华南", NONE, "a"];
    DataFrame::new(
        rows.len(),
        vec![
            text("month", rows.iter().map(|r| Some(["2026-07", "2026-08", "2026-09"][r.0])).collect()),
            text("region", rows.iter().map(|r| r.1.map(|i| regions[i])).collect()),
            text("outcome", rows.iter().map(|r| r.2.map(|i| ["met", "breached", "running"][i])).collect()),
            Column::new("score".into(), rows.iter().map(|r| r.3).collect::<Vec<_>>()),
            Column::new("seconds".into(), rows.iter().map(|r| r.4).collect::<Vec<_>>()),
            Column::new("flag".into(), rows.iter().map(|r| r.5).collect::<Vec<_>>()),
            text(
                "customer",
                rows.iter()
                    .map(|r| r.6.map(|c| ["a", "b", "c", "d", "e", "f", "g", "h", "i"][usize::from(c)]))
                    .collect(),
            ),
        ],
    )
    .unwrap()
}

fn bucketed() -> Key {
    Key::Mapped { column: "seconds".to_owned(), name: "bucket", with: bucket }
}

fn tallies() -> Vec<Tally> {
    let of = |keys: &[&'static str]| Tally::of("fact", keys.iter().copied());
    let outcomes = |tally: Tally| {
        ["met", "breached", "never"]
            .into_iter()
            .fold(tally, |t, value| t.count(format!("was_{value}"), "outcome".to_owned(), value))
    };
    vec![
        of(&["month"]),
        of(&["region", "month"]),
        of(&["month", "region"]).by(bucketed()),
        of(&["month"]).by(bucketed()),
        of(&[]).by(Key::Number("score")).by(bucketed()),
        of(&["region"]).by(bucketed()).by(Key::Number("score")).sum("flag").sum("seconds"),
        outcomes(of(&["month", "region"])).present("ended".to_owned(), "seconds".to_owned()).distinct("customer"),
        outcomes(of(&["month"]).by(Key::Number("score"))),
        of(&["region"]).distinct("customer"),
        outcomes(of(&[])).sum("flag"),
        of(&["outcome", "month"]).present("known".to_owned(), "region".to_owned()),
        of(&["month", "region"]),
    ]
}

/// Batch by batch to two siblings, which are merged.
fn taken(batches: &[(DataFrame, bool)], tallies: &[Tally]) -> Vec<DataFrame> {
    let mut first = Taking::new(tallies.to_vec());
    let mut second = first.sibling();
    for (batch, to_second) in batches {
        let taking = if *to_second { &mut second } else { &mut first };
        taking.feed("fact", batch).unwrap();
        taking.feed("another", &DataFrame::empty()).unwrap();
    }
    first.merge(second).unwrap();
    all(first).iter().map(|counted| counted.frame().unwrap()).collect()
}

fn all(taking: Taking) -> Vec<super::Counted> {
    taking.settle().share(0..tallies().len()).all().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn batches_and_siblings_do_not_show(
        rows in vec(row(), 1..150),
        cuts in vec((any::<usize>(), any::<bool>(), any::<bool>()), 1..6),
        last_first in any::<bool>(),
    ) {
        let mut ends: Vec<(usize, bool, bool)> = cuts.iter().map(|(cut, a, b)| (cut % rows.len(), *a, *b)).collect();
        ends.push((rows.len(), true, true));
        ends.sort_unstable();
        let mut start = 0_usize;
        let mut batches = Vec::new();
        for (end, as_categories, to_second) in ends {
            // Of two chunks, as facts are that were stacked.
            let middle = start.midpoint(end);
            let mut batch = frame(&rows[start..middle], as_categories);
            batch.vstack_mut(&frame(&rows[middle..end], as_categories)).unwrap();
            batches.push((batch, to_second));
            start = end;
        }
        if last_first {
            batches.reverse();
        }
        let whole = frame(&rows, false);
        let tallies = tallies();
        for (found, tally) in taken(&batches, &tallies).iter().zip(&tallies) {
            let expected = oracle(&whole, tally);
            prop_assert!(found.equals_missing(&expected), "{tally:?}: {found} is not {expected}");
        }
    }
}

/// More cells than a table may have: 4,000 staff, 3,000 faults and 800 buckets.
#[test]
fn many_members_are_counted_alike() {
    let mut state = 1_u64;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let category = DataType::from_categories(Categories::global());
    let mut text = |prefix: &str, bound| {
        let values: Vec<String> = (0..70_000).map(|_| format!("{prefix}{}", next(bound))).collect();
        Column::new(prefix.into(), values).cast(&category).unwrap()
    };
    let (staff, fault) = (text("staff", 4000), text("fault", 3000));
    let seconds: Vec<i64> = (0..70_000)
        .map(|_| {
            let bound = 1 << next(20);
            i64::try_from(next(bound)).unwrap()
        })
        .collect();
    let whole = DataFrame::new(70_000, vec![staff, fault, Column::new("seconds".into(), seconds)]).unwrap();
    let batches: Vec<_> = (0..7).map(|at| (whole.slice(at * 10_000, 10_000), at % 3 == 1)).collect();
    let tallies = [
        Tally::of("fact", ["staff"]).by(bucketed()),
        Tally::of("fact", ["staff", "fault"]).sum("seconds"),
        Tally::of("fact", ["fault", "staff"]).by(bucketed()),
    ];
    for (found, tally) in taken(&batches, &tallies).iter().zip(&tallies) {
        assert!(found.equals_missing(&oracle(&whole, tally)), "{tally:?}");
    }
}

#[test]
fn what_was_never_fed_is_empty() {
    let taken = all(Taking::new(tallies()));
    assert!(taken.iter().all(super::Counted::is_empty));
}

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

/// A single tally of the few rows.
fn take(tally: Tally) -> super::Counted {
    let mut taking = Taking::new(vec![tally]);
    taking.feed("fact", &fact()).unwrap();
    taking.settle().share(0..1).get(0).unwrap().unwrap()
}

#[test]
fn counts_and_sums_by_key() {
    let tally = Tally::of("fact", ["month", "region"])
        .sum("score")
        .count("met".into(), "outcome".into(), "met")
        .present("ended".into(), "seconds".into());
    let counted = take(tally);
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
    let counted = take(Tally::of("fact", []).by(key));
    assert_eq!(counted.numbers("bucket").unwrap(), [0, 1]);
    assert_eq!(counted.sums("rows").unwrap(), [1, 2]);
}

#[test]
fn distinct_values_and_no_keys() {
    let counted = take(Tally::of("fact", []).distinct("customer"));
    assert_eq!(counted.sums("distinct").unwrap(), [2]);
    assert_eq!(counted.sums("rows").unwrap(), [4]);
}

#[test]
fn a_fact_without_the_column_gives_the_empty_tally() {
    let counted = take(Tally::of("fact", ["month", "branch"]).sum("score"));
    assert!(counted.is_empty());
    assert!(counted.sums("score").unwrap().is_empty());
}
