//! Months add up to the quarter, within a table and from review to review.

use std::collections::BTreeMap;

use crate::support::{Desk, Stored, small};

const COUNTS: [&str; 7] = ["tickets", "met", "breached", "running", "no_target", "cancelled", "unusable"];

/// The counts of `sla_attainment` by clock, breakdown and member, over the rows of these periods.
fn counts(table: &Stored, periods: &[&str]) -> BTreeMap<[String; 3], [u64; 7]> {
    let (period, keys) = (table.texts("period"), ["clock", "breakdown", "member"].map(|name| table.texts(name)));
    let columns = COUNTS.map(|name| table.counts(name));
    let mut sums: BTreeMap<[String; 3], [u64; 7]> = BTreeMap::new();
    for row in (0..table.height()).filter(|row| periods.contains(&period[*row].as_str())) {
        let sum = sums.entry([0, 1, 2].map(|key| keys[key][row].clone())).or_default();
        sum.iter_mut().zip(&columns).for_each(|(sum, column)| *sum += column[row]);
    }
    sums
}

#[test]
fn the_months_of_a_quarter_add_up_to_it() {
    let table = small().table("tables/sla_attainment");
    let quarter = counts(&table, &["2026Q3"]);
    assert!(quarter.len() > 50, "{} rows", quarter.len());
    assert_eq!(counts(&table, &["2026-07", "2026-08", "2026-09"]), quarter);
}

#[test]
fn reviews_of_three_months_add_up_to_the_review_of_their_quarter() {
    let desk = Desk::small();
    let mut sums: BTreeMap<[String; 3], [u64; 7]> = BTreeMap::new();
    for month in ["2026-07", "2026-08", "2026-09"] {
        desk.review(&["--period", month, "--as-of", "2026-09-30"], "2").done();
        for (key, part) in counts(&desk.output(month).table("tables/sla_attainment"), &[month]) {
            sums.entry(key).or_default().iter_mut().zip(part).for_each(|(sum, n)| *sum += n);
        }
    }
    assert_eq!(sums, counts(&small().table("tables/sla_attainment"), &["2026Q3"]));
}
