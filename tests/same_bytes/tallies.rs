//! Tallies of parts add up to the tally of the whole.

use std::collections::BTreeMap;

use aftersales::tally::{Counted, Key, Taking, Tally};
use polars::prelude::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Month, region, outcome, score, seconds and a flag.
type Row = (usize, Option<usize>, usize, i32, Option<i64>, Option<bool>);

fn row() -> impl Strategy<Value = Row> {
    (0..3usize, option::of(0..3usize), 0..3usize, 0..4i32, option::of(0..5000i64), option::of(any::<bool>()))
}

fn frame(rows: &[Row]) -> DataFrame {
    let region = |r: &Row| r.1.map(|i| ["华东", "华南", "(none)"][i]);
    df!(
        "month" => rows.iter().map(|r| ["2026-07", "2026-08", "2026-09"][r.0]).collect::<Vec<_>>(),
        "region" => rows.iter().map(region).collect::<Vec<_>>(),
        "outcome" => rows.iter().map(|r| ["met", "breached", "running"][r.2]).collect::<Vec<_>>(),
        "score" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
        "seconds" => rows.iter().map(|r| r.4).collect::<Vec<_>>(),
        "flag" => rows.iter().map(|r| r.5).collect::<Vec<_>>(),
    )
    .unwrap()
}

fn tallies() -> [Tally; 3] {
    let bucket = Key::Mapped { column: "seconds".to_owned(), name: "bucket", with: |s| i32::try_from(s / 60).unwrap() };
    [
        Tally::of("fact", ["month", "region"]).sum("score").sum("flag").sum("seconds").count(
            "met".to_owned(),
            "outcome".to_owned(),
            "met",
        ),
        Tally::of("fact", ["month"]).by(bucket).sum("score"),
        Tally::of("fact", ["region"]).by(Key::Number("score")),
    ]
}

fn take(frame: &DataFrame, tally: &Tally) -> Counted {
    let mut taking = Taking::new(vec![tally.clone()]);
    taking.feed("fact", frame).unwrap();
    taking.settle().share(0..1).get(0).unwrap().unwrap_or_else(|| Counted::empty(tally).unwrap())
}

/// Adds the rows of a taken tally to sums by key.
fn add(sums: &mut BTreeMap<Vec<String>, Vec<i64>>, counted: &Counted, tally: &Tally) {
    let frame = counted.frame().unwrap();
    let width = tally.keys.len();
    for row in 0..counted.len() {
        let (key, values) = frame.columns().split_at(width);
        let key = key.iter().map(|c| c.get(row).unwrap().to_string()).collect();
        let sum = sums.entry(key).or_insert_with(|| vec![0; values.len()]);
        for (sum, column) in sum.iter_mut().zip(values) {
            *sum += column.i64().unwrap().get(row).expect("sums have a value");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tallies_of_parts_add_up_to_the_tally_of_the_whole(rows in vec(row(), 1..60), cuts in vec(any::<usize>(), 0..3)) {
        let all = frame(&rows);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % rows.len()).chain([0, rows.len()]).collect();
        cuts.sort_unstable();
        for tally in tallies() {
            let mut whole = BTreeMap::new();
            add(&mut whole, &take(&all, &tally), &tally);
            let mut parts = BTreeMap::new();
            for cut in cuts.windows(2) {
                let part = all.slice(i64::try_from(cut[0]).unwrap(), cut[1] - cut[0]);
                add(&mut parts, &take(&part, &tally), &tally);
            }
            prop_assert_eq!(parts, whole);
        }
    }

    #[test]
    fn every_row_is_in_some_group(rows in vec(row(), 0..60)) {
        let counted = take(&frame(&rows), &tallies()[0]);
        prop_assert_eq!(counted.sums("rows").unwrap().iter().sum::<u64>(), rows.len() as u64);
        let scores: u64 = rows.iter().map(|r| u64::from(r.3.unsigned_abs())).sum();
        prop_assert_eq!(counted.sums("score").unwrap().iter().sum::<u64>(), scores);
    }

    #[test]
    fn groups_are_sorted_and_each_comes_once(rows in vec(row(), 0..60)) {
        let counted = take(&frame(&rows), &tallies()[0]);
        let (months, regions) = (counted.texts("month").unwrap(), counted.texts("region").unwrap());
        let keys: Vec<_> = months.into_iter().zip(regions).collect();
        prop_assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
    }
}
