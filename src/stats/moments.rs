//! Size, mean and variance of one group: what the tests on means need to know of it.

use super::counts::ScoreCounts;

/// Size, mean and sample variance of a group of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Number of values.
    pub n: u64,
    /// Mean, in the unit of the values.
    pub mean: f64,
    /// Sample variance (divisor n − 1), in the squared unit; 0 where n is 1, where nothing reads it.
    pub variance: f64,
}

impl Moments {
    /// The moments of a sample of scores, in points; `None` without scores.
    #[must_use]
    pub fn of(scores: &ScoreCounts) -> Option<Self> {
        let n = scores.n();
        Some(Self { n, mean: scores.mean()?, variance: if n == 1 { 0.0 } else { scores.variance()? } })
    }

    /// Whether there are at least two values and all numbers make sense.
    pub(super) fn has_variance(&self) -> bool {
        self.n >= 2 && self.mean.is_finite() && self.variance.is_finite() && self.variance >= 0.0
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub(super) fn size(&self) -> f64 {
        self.n as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_scores() {
        let of = |pairs: &[(i32, u64)]| Moments::of(&pairs.iter().copied().collect());
        assert_eq!(of(&[]), None);
        let one = Moments { n: 1, mean: 4.0, variance: 0.0 };
        assert_eq!(of(&[(4000, 1)]), Some(one));
        let two = Moments { n: 2, mean: 4.0, variance: 2.0 };
        assert_eq!(of(&[(3000, 1), (5000, 1)]), Some(two));
    }
}
