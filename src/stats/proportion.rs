//! Two proportions compared: interval of the difference and test of equality.
//!
//! Interval: R. G. Newcombe, *Interval Estimation for the Difference between Independent Proportions*, Statistics in
//! Medicine 17 (1998), 873–890, method 10 (hybrid score, from two Wilson intervals). Test: the two-proportion z test
//! with pooled variance, whose z² is Pearson's χ² of the 2 × 2 table without continuity correction.

use super::interval::{Interval, wilson};
use super::normal_p;

/// 95 % interval of share a − share b, within −1..=1.
///
/// `None` where a total is 0 or exceeded by its part.
#[must_use]
pub fn newcombe(met_a: u64, n_a: u64, met_b: u64, n_b: u64) -> Option<Interval> {
    let a = wilson(met_a, n_a)?;
    let b = wilson(met_b, n_b)?;
    let share_a = share(met_a, n_a);
    let share_b = share(met_b, n_b);
    let difference = share_a - share_b;
    Some(Interval {
        low: (difference - (share_a - a.low).hypot(b.high - share_b)).max(-1.0),
        high: (difference + (a.high - share_a).hypot(share_b - b.low)).min(1.0),
    })
}

/// A z statistic and its two-sided p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZTest {
    /// Positive where the first share is the higher one.
    pub z: f64,
    /// Two-sided p-value.
    pub p: f64,
}

/// Pooled z test of share a = share b.
///
/// The pooled variance is 0 only where both shares are 0 or both are 1: they are equal, so z = 0 and p = 1.
/// `None` where a total is 0 or exceeded by its part.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn pooled_z_test(met_a: u64, n_a: u64, met_b: u64, n_b: u64) -> Option<ZTest> {
    if n_a == 0 || n_b == 0 || met_a > n_a || met_b > n_b {
        return None;
    }
    let (total_a, total_b) = (n_a as f64, n_b as f64);
    let total = total_a + total_b;
    let pooled = (met_a as f64 + met_b as f64) / total;
    let pooled_rest = ((n_a - met_a) as f64 + (n_b - met_b) as f64) / total;
    let variance = pooled * pooled_rest * (1.0 / total_a + 1.0 / total_b);
    if variance <= 0.0 {
        return Some(ZTest { z: 0.0, p: 1.0 });
    }
    let z = (share(met_a, n_a) - share(met_b, n_b)) / variance.sqrt();
    Some(ZTest { z, p: normal_p(z) })
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn share(met: u64, n: u64) -> f64 {
    met as f64 / n as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    #[track_caller]
    fn assert_interval(actual: Option<Interval>, low: f64, high: f64) {
        let actual = actual.expect("an interval");
        assert_close(actual.low, low);
        assert_close(actual.high, high);
    }

    /// Origin: statsmodels `confint_proportions_2indep(..., method="newcomb")`.
    #[test]
    fn newcombe_intervals() {
        assert_interval(newcombe(95, 100, 88, 100), -0.009_458_882_754_380_71, 0.153_142_359_488_723);
        assert_interval(newcombe(3, 7, 20, 31), -0.522_746_114_177_038, 0.149_314_430_227_3);
        assert_interval(newcombe(0, 10, 10, 10), -1.0, -0.607_509_350_430_524);
        assert_eq!(newcombe(0, 0, 1, 2), None);
    }

    /// Origin: statsmodels `proportions_ztest`.
    #[test]
    fn pooled_tests() {
        let close = |test: Option<ZTest>, z, p| {
            let test = test.expect("a test");
            assert_close(test.z, z);
            assert_close(test.p, p);
        };
        close(pooled_z_test(95, 100, 88, 100), 1.774_855_629_063_39, 0.075_921_728_269_019_3);
        close(pooled_z_test(3, 7, 20, 31), -1.058_888_524_586_12, 0.289_650_551_019_933);
        close(pooled_z_test(900_000, 1_000_000, 890_000, 1_000_000), 23.066_347_738_170_1, 1.008_253_918_885_23e-117);
    }

    #[test]
    fn without_variance_equal_without_data_none() {
        let equal = Some(ZTest { z: 0.0, p: 1.0 });
        assert_eq!(pooled_z_test(0, 3, 0, 9), equal);
        assert_eq!(pooled_z_test(3, 3, 9, 9), equal);
        assert_eq!(pooled_z_test(0, 0, 1, 2), None);
        assert_eq!(pooled_z_test(3, 2, 1, 2), None);
    }

    proptest! {
        #[test]
        fn exchanging_the_groups_changes_the_sign(
            met_a in 0_u64..2_000_000, rest_a in 0_u64..2_000_000, met_b in any::<u64>(), n_b in any::<u64>()
        ) {
            let n_a = met_a + rest_a;
            match (newcombe(met_a, n_a, met_b, n_b), newcombe(met_b, n_b, met_a, n_a)) {
                (Some(one), Some(other)) => {
                    prop_assert!((one.low + other.high).abs() < 1e-12);
                    prop_assert!((one.high + other.low).abs() < 1e-12);
                }
                (one, other) => prop_assert!(one.is_none() && other.is_none()),
            }
            if let Some(test) = pooled_z_test(met_a, n_a, met_b, n_b) {
                prop_assert!(test.z.is_finite() && (0.0..=1.0).contains(&test.p));
            }
        }
    }
}
