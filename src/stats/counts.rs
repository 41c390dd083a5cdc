//! A sample of scores as counts per value, from which means, variances and rank statistics follow exactly.
//!
//! All sums are of integers, so the order in which counts are added or merged never shows in a result.

use std::collections::BTreeMap;

use super::finite;

/// A value of 1000 is one point.
const THOUSANDTHS_PER_POINT: f64 = 1000.0;

/// How often each score occurred: (value in thousandths of a point, count) pairs, sorted by value, without zero counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScoreCounts {
    pairs: Vec<(i32, u64)>,
}

impl ScoreCounts {
    /// The (value, count) pairs, sorted by value, each value once.
    #[must_use]
    pub fn pairs(&self) -> &[(i32, u64)] {
        &self.pairs
    }

    /// Adds the counts of another sample.
    pub fn merge(&mut self, other: &Self) {
        *self = self.pairs.iter().chain(&other.pairs).copied().collect::<Self>();
    }

    /// What is left without a part of it.
    #[must_use]
    pub fn without(&self, part: &Self) -> Self {
        let of = |value: i32| part.pairs.binary_search_by_key(&value, |pair| pair.0).map_or(0, |at| part.pairs[at].1);
        let left = self.pairs.iter().map(|&(value, count)| (value, count.saturating_sub(of(value))));
        Self { pairs: left.filter(|&(_, count)| count > 0).collect() }
    }

    /// Number of scores.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.pairs.iter().fold(0, |n, &(_, count)| n.saturating_add(count))
    }

    /// Sum of the scores, in thousandths of a point.
    #[must_use]
    pub fn sum(&self) -> i128 {
        self.pairs.iter().fold(0, |sum, &(value, count)| sum.saturating_add(i128::from(value) * i128::from(count)))
    }

    /// Sum of the squared scores, in millionths of a squared point.
    #[must_use]
    pub fn sum_of_squares(&self) -> i128 {
        self.pairs
            .iter()
            .fold(0, |sum, &(value, count)| sum.saturating_add(i128::from(value).pow(2) * i128::from(count)))
    }

    /// Mean in points; `None` without scores.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the sums are exact until here")]
    pub fn mean(&self) -> Option<f64> {
        finite(self.sum() as f64 / (THOUSANDTHS_PER_POINT * self.n() as f64))
    }

    /// Sample variance in squared points, (n Σv² − (Σv)²) / (n (n − 1)) with an exact numerator.
    ///
    /// `None` where there are fewer than two scores, or sums beyond 128 bits.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the sums are exact until here")]
    pub fn variance(&self) -> Option<f64> {
        let n = self.n();
        if n < 2 {
            return None;
        }
        let numerator = i128::from(n).checked_mul(self.sum_of_squares())?.checked_sub(self.sum().checked_pow(2)?)?;
        let scale = THOUSANDTHS_PER_POINT * THOUSANDTHS_PER_POINT;
        finite(numerator as f64 / (n as f64 * (n - 1) as f64 * scale))
    }

    /// Sample standard deviation in points; `None` as for [`variance`](Self::variance).
    #[must_use]
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Share of the scores at or above a value in thousandths of a point; `None` without scores.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn share_at_least(&self, threshold: i32) -> Option<f64> {
        let start = self.pairs.partition_point(|&(value, _)| value < threshold);
        let reached = self.pairs[start..].iter().fold(0_u64, |n, &(_, count)| n.saturating_add(count));
        finite(reached as f64 / self.n() as f64)
    }
}

/// Collects (value in thousandths of a point, count) pairs in any order; counts of the same value are added.
impl FromIterator<(i32, u64)> for ScoreCounts {
    fn from_iter<I: IntoIterator<Item = (i32, u64)>>(pairs: I) -> Self {
        let mut counts = BTreeMap::new();
        for (value, count) in pairs {
            let sum: &mut u64 = counts.entry(value).or_default();
            *sum = sum.saturating_add(count);
        }
        Self { pairs: counts.into_iter().filter(|&(_, count)| count > 0).collect() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    /// The scores 4.2 4.5 3.9 4.8 4.1 4.4.
    fn sample() -> ScoreCounts {
        [4200, 4500, 3900, 4800, 4100, 4400].into_iter().map(|value| (value, 1)).collect()
    }

    /// Origin: numpy `mean`, `var(ddof=1)`, `std(ddof=1)`.
    #[test]
    fn what_is_left_without_a_part() {
        let all = ScoreCounts::from_iter([(3000, 2), (4000, 5), (5000, 1)]);
        let part = ScoreCounts::from_iter([(3000, 2), (5000, 1), (1000, 7)]);
        assert_eq!(all.without(&part).pairs(), [(4000, 5)]);
        assert_eq!(all.without(&ScoreCounts::default()), all);
    }

    #[test]
    fn moments() {
        let sample = sample();
        assert_eq!((sample.n(), sample.sum()), (6, 25_900));
        assert_eq!(sample.sum_of_squares(), 112_310_000);
        assert_close(sample.mean().unwrap(), 4.316_666_666_666_67);
        assert_close(sample.variance().unwrap(), 0.101_666_666_666_667);
        assert_close(sample.sd().unwrap(), 0.318_852_107_828_483);
    }

    #[test]
    fn shares() {
        let sample = sample();
        assert_eq!(sample.share_at_least(4200), Some(4.0 / 6.0));
        assert_eq!(sample.share_at_least(4201), Some(3.0 / 6.0));
        assert_eq!(sample.share_at_least(i32::MAX), Some(0.0));
    }

    #[test]
    fn nothing_and_one() {
        let empty = ScoreCounts::from_iter([(1000, 0)]);
        assert_eq!(empty, ScoreCounts::default());
        assert_eq!((empty.mean(), empty.sd(), empty.share_at_least(0)), (None, None, None));
        let one = ScoreCounts::from_iter([(4000, 1)]);
        assert_eq!((one.mean(), one.sd()), (Some(4.0), None));
        let equal = ScoreCounts::from_iter([(4000, 7)]);
        assert_eq!(equal.sd(), Some(0.0));
    }

    fn pairs() -> impl Strategy<Value = Vec<(i32, u64)>> {
        prop::collection::vec((any::<i32>(), any::<u64>()), 0..9)
    }

    proptest! {
        #[test]
        fn merging_in_any_order_is_counting_at_once(a in pairs(), b in pairs()) {
            let (one, other) = (ScoreCounts::from_iter(a.clone()), ScoreCounts::from_iter(b.clone()));
            let (mut ab, mut ba) = (one.clone(), other.clone());
            ab.merge(&other);
            ba.merge(&one);
            prop_assert_eq!(&ab, &ba);
            prop_assert_eq!(ab, a.into_iter().chain(b).collect::<ScoreCounts>());
        }

        #[test]
        fn never_nan(a in pairs()) {
            let counts = ScoreCounts::from_iter(a);
            for figure in [counts.mean(), counts.sd(), counts.share_at_least(0)].into_iter().flatten() {
                prop_assert!(figure.is_finite());
            }
        }
    }
}
