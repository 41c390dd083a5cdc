//! The binomial distribution with exact tails, and the exact two-sided test.
//!
//! Test: the probabilities of all outcomes at most as likely as the observed one are summed (Sterne 1954; as in R's
//! `binom.test` and `scipy.stats.binomtest`). The other tail begins where a binary search finds it.

use super::beta::{binomial_term, lower_tail};

/// Outcomes whose probabilities differ by less than this factor count as equally likely, as in R and scipy.
const EQUALLY_LIKELY: f64 = 1.0 + 1e-7;

/// A binomial distribution of `n` trials with success probability `p` and failure probability `q` = 1 − p.
#[derive(Debug, Clone, Copy)]
pub(super) struct Binomial {
    pub(super) n: u64,
    pub(super) p: f64,
    pub(super) q: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53; beyond, only the last digits suffer")]
impl Binomial {
    /// P(X = k), k ≤ n.
    pub(super) fn pmf(&self, k: u64) -> f64 {
        let n = self.n as f64;
        if k == 0 {
            power(self.q, self.p, n)
        } else if k == self.n {
            power(self.p, self.q, n)
        } else {
            binomial_term(k as f64, (self.n - k) as f64, self.p, self.q)
        }
    }

    /// P(X ≤ k).
    pub(super) fn at_most(&self, k: u64) -> f64 {
        if k >= self.n {
            return 1.0;
        }
        lower_tail((self.n - k) as f64, k as f64 + 1.0, self.q, self.p).probability
    }

    /// P(X ≥ k).
    pub(super) fn at_least(&self, k: u64) -> f64 {
        if k == 0 {
            1.0
        } else if k > self.n {
            0.0
        } else {
            lower_tail(k as f64, (self.n - k) as f64 + 1.0, self.p, self.q).probability
        }
    }

    /// Two-sided p-value of the observed count `k` ≤ n, at most 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the mean lies in 0..=n")]
    pub(super) fn two_sided_p(&self, k: u64) -> f64 {
        let mean = self.n as f64 * self.p;
        let limit = self.pmf(k) * EQUALLY_LIKELY;
        let p = if (k as f64) < mean {
            // From the mean upwards the probabilities fall.
            let start = (mean.ceil() as u64).min(self.n);
            let other = first(start, self.n + 1, |j| self.pmf(j) <= limit);
            self.at_most(k) + self.at_least(other)
        } else {
            // Up to the mean they rise.
            let end = (mean.floor() as u64).min(self.n) + 1;
            let beyond = first(0, end, |j| self.pmf(j) > limit);
            let other = beyond.checked_sub(1).map_or(0.0, |j| self.at_most(j));
            other + self.at_least(k)
        };
        p.min(1.0)
    }
}

/// `base` to the power of `n`, where `rest` is 1 − base.
fn power(base: f64, rest: f64, n: f64) -> f64 {
    let ln = if rest < 0.5 { (-rest).ln_1p() } else { base.ln() };
    (n * ln).exp()
}

/// The first number of `low..high` where a condition that stays true from then on holds, or `high`.
fn first(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    fn binomial(n: u64, p: f64) -> Binomial {
        Binomial { n, p, q: 1.0 - p }
    }

    /// Origin: `scipy.stats.binom.pmf`.
    #[test]
    fn probabilities() {
        assert_close(binomial(10, 0.3).pmf(3), 0.266_827_932);
        assert_close(binomial(10, 0.3).pmf(0), 0.028_247_524_9);
        assert_close(binomial(10, 0.3).pmf(10), 5.9049e-6);
        assert_close(binomial(1_000_000, 0.5).pmf(500_000), 0.000_797_884_361_331_75);
    }

    proptest! {
        #[test]
        fn tails_are_sums(n in 1_u64..60, p in 0.01..0.99, k in 0_u64..60) {
            let binomial = binomial(n, p);
            let k = k.min(n);
            let sum: f64 = (0..=k).map(|j| binomial.pmf(j)).sum();
            prop_assert!((binomial.at_most(k) - sum).abs() < 1e-12);
            prop_assert!((binomial.at_least(k) - (1.0 - sum + binomial.pmf(k))).abs() < 1e-12);
        }

        #[test]
        fn two_sided_p_sums_what_is_as_unlikely(n in 1_u64..60, p in 0.01..0.99, k in 0_u64..60) {
            let binomial = binomial(n, p);
            let k = k.min(n);
            let limit = binomial.pmf(k) * EQUALLY_LIKELY;
            let sum: f64 = (0..=n).map(|j| binomial.pmf(j)).filter(|&pmf| pmf <= limit).sum();
            prop_assert!((binomial.two_sided_p(k) - sum).abs() < 1e-12);
        }
    }
}
