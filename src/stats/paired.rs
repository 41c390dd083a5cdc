//! Student's t test of paired values: whether the differences within the pairs have a mean of zero.
//!
//! Student, *The Probable Error of a Mean*, Biometrika 6 (1908), 1–25.

use super::finite;
use super::moments::Moments;
use super::welch::f_upper_tail;

/// Result of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedT {
    /// Positive where the mean difference is.
    pub t: f64,
    /// Degrees of freedom: pairs − 1.
    pub df: f64,
    /// Two-sided p-value.
    pub p: f64,
}

/// The paired t test, from the moments of the differences.
///
/// `None` where there are fewer than two pairs, all differences are the same, or a number is not finite.
#[must_use]
pub fn t_test(differences: &Moments) -> Option<PairedT> {
    if !differences.has_variance() || differences.variance <= 0.0 {
        return None;
    }
    let t = finite(differences.mean / (differences.variance / differences.size()).sqrt())?;
    let df = differences.size() - 1.0;
    // The square of t follows F(1, df).
    Some(PairedT { t, df, p: f_upper_tail(t * t, 1.0, df)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    fn of(differences: &[i32]) -> Option<PairedT> {
        let counts = differences.iter().map(|d| (*d, 1)).collect();
        t_test(&Moments::of(&counts)?)
    }

    /// Origin: `scipy.stats.ttest_rel` on the sleep data of Student's paper, in tenths of an hour, and `scipy.stats.t.sf`.
    #[test]
    fn t_tests() {
        let test = of(&[12, 24, 13, 13, 0, 10, 18, 8, 46, 14]).unwrap();
        assert_close(test.t, 4.062_127_683_382_037);
        assert_close(test.df, 9.0);
        assert_close(test.p, 0.002_832_890_197_384_273);

        let large = |n, mean, variance| t_test(&Moments { n, mean, variance }).unwrap();
        let test = large(500_000, -0.02, 0.81);
        assert_close(test.t, -15.713_484_026_367_723);
        assert_close(test.p, 1.260_853_919_600_251e-55);
        assert_close(large(40, 3.0, 0.5).p, 9.452_615_364_122_598e-27);
    }

    #[test]
    fn no_difference_at_all_in_the_mean() {
        let test = of(&[-1000, 1000, 0]).unwrap();
        assert_close(test.p, 1.0);
        assert!(test.t.abs() < f64::MIN_POSITIVE);
    }

    #[test]
    fn undefined() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[500]), None);
        assert_eq!(of(&[500, 500, 500]), None);
    }

    proptest! {
        #[test]
        fn never_nan(n in any::<u64>(), mean in any::<f64>(), variance in any::<f64>()) {
            if let Some(test) = t_test(&Moments { n, mean, variance }) {
                prop_assert!(test.t.is_finite() && test.df > 0.0 && (0.0..=1.0).contains(&test.p));
            }
        }
    }
}
