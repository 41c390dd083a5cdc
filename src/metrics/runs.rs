//! Rows of a taken tally that belong to one member, together.

use std::collections::BTreeMap;
use std::ops::Range;

use polars::prelude::PolarsResult;

use super::context::Spans;
use crate::schema::shared::ALL;
use crate::stats::quantile;
use crate::tally::Counted;

/// Calls for each run of rows of one month and member with a period it counts towards, the member and the rows. A member may
/// have several runs in a month, where the tally has another key between the two. Without a breakdown the member is `all`.
pub fn each<'c>(
    spans: &Spans,
    counted: &'c Counted,
    by: Option<&str>,
    mut call: impl FnMut(usize, &'c str, Range<usize>),
) -> PolarsResult<()> {
    let (months, month) = counted.members("month")?;
    let members = by.map(|by| counted.members(by)).transpose()?;
    let same = |a: usize, b: usize| month[a] == month[b] && members.is_none_or(|(_, member)| member[a] == member[b]);
    let mut start = 0;
    while start < counted.len() {
        let end = (start + 1..counted.len()).find(|row| !same(start, *row)).unwrap_or(counted.len());
        let member = members.map_or(ALL, |(names, member)| names[member[start] as usize].as_str());
        for span in spans.of(&months[month[start] as usize]) {
            call(*span, member, start..end);
        }
        start = end;
    }
    Ok(())
}

/// Counts by bucket, in rising order, of each period and member.
pub type Buckets<'c> = BTreeMap<(usize, &'c str), Vec<(i32, u64)>>;

/// The counts by bucket of a tally by month, breakdown and bucket, summed over the months of each period.
pub fn buckets<'c>(spans: &Spans, counted: &'c Counted, by: Option<&str>, key: &str) -> PolarsResult<Buckets<'c>> {
    let (buckets, rows) = (counted.numbers(key)?, counted.sums("rows")?);
    let mut groups = Buckets::new();
    each(spans, counted, by, |span, member, range| {
        let pairs = buckets[range.clone()].iter().copied().zip(rows[range].iter().copied());
        groups.entry((span, member)).or_default().extend(pairs);
    })?;
    for counts in groups.values_mut() {
        counts.sort_unstable_by_key(|(bucket, _)| *bucket);
        counts.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
    }
    Ok(groups)
}

/// A quantile of durations from their counts by bucket, in whole seconds, as all durations are. Half a second more keeps within
/// the error: from 128 s on, a bucket of 2ᵏ seconds begins at 64 · 2ᵏ s at least, and its middle, rounded up, is 2ᵏ⁻¹ s from
/// either end at most.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "seconds between two dates, never negative"
)]
pub fn seconds(counts: &[(i32, u64)], q: f64) -> Option<u64> {
    quantile::quantile(counts, q).map(|seconds| seconds.round() as u64)
}
