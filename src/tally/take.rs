//! Taking one tally of one frame.

use polars::prelude::*;

use super::{Counted, Taking, Tally};

/// Takes a tally of a fact. A fact without one of the columns gives the empty tally.
///
/// # Errors
/// Only where a column is not of the type that the tally says.
pub fn take(fact: &DataFrame, tally: &Tally) -> PolarsResult<Counted> {
    let mut taking = Taking::new(vec![tally.clone()]);
    taking.feed(tally.fact, fact)?;
    taking.settle().share(0..1).get(0)?.map_or_else(|| Counted::empty(tally), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::shared::NONE;
    use crate::tally::Key;

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
