//! Two-sided 95 % intervals of a proportion and of a mean.
//!
//! Proportion: E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, JASA 22 (1927),
//! 209–212, without continuity correction. Mean: Student's t interval, mean ± t · sd / √n.

use std::collections::HashMap;

use super::beta::ln_odds;
use super::{TAIL_95, Z_95, finite};

/// An interval with both ends finite and `low` ≤ `high`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Wilson score interval of the share `met` / `n`, within 0..=1, exactly 0 (or 1) where none (or all) were met.
///
/// `None` where `n` is 0 or `met` exceeds it.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn wilson(met: u64, n: u64) -> Option<Interval> {
    if n == 0 || met > n {
        return None;
    }
    let total = n as f64;
    let share = met as f64 / total;
    let rest = (n - met) as f64 / total;
    let z2 = Z_95 * Z_95;
    let centre = share + z2 / (2.0 * total);
    let half_width = Z_95 * (share * rest / total + z2 / (4.0 * total * total)).sqrt();
    let scale = 1.0 + z2 / total;
    Some(Interval {
        low: if met == 0 { 0.0 } else { ((centre - half_width) / scale).clamp(0.0, share) },
        high: if met == n { 1.0 } else { ((centre + half_width) / scale).clamp(share, 1.0) },
    })
}

/// t interval of a mean, in the unit of `mean`, from the sample standard deviation `sd` of `n` values.
///
/// `None` where `n` < 2, `sd` is negative, or a number is not finite.
#[must_use]
pub fn mean_t(mean: f64, sd: f64, n: u64) -> Option<Interval> {
    MeanT::default().interval(mean, sd, n)
}

/// t intervals of many means: the point of Student's t, which is what takes time, is found once for each number of values.
#[derive(Debug, Default)]
pub struct MeanT {
    points: HashMap<u64, f64>,
}

impl MeanT {
    /// As [`mean_t`].
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn interval(&mut self, mean: f64, sd: f64, n: u64) -> Option<Interval> {
        if n < 2 || sd < 0.0 {
            return None;
        }
        let point = *self.points.entry(n).or_insert_with(|| t_point((n - 1) as f64));
        let half_width = point * finite(sd)? / (n as f64).sqrt();
        Some(Interval { low: finite(mean - half_width)?, high: finite(mean + half_width)? })
    }
}

/// The 97.5 % point of Student's t: df / (df + t²) follows Beta(df/2, 1/2).
pub(super) fn t_point(df: f64) -> f64 {
    (df * (-ln_odds(df / 2.0, 0.5, 2.0 * TAIL_95)).exp()).sqrt()
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

    /// Origin: `scipy.stats.binomtest(...).proportion_ci(method="wilson")`.
    #[test]
    fn wilson_intervals() {
        assert_interval(wilson(0, 5), 0.0, 0.434_482_464_783_175);
        assert_interval(wilson(8, 10), 0.490_162_471_536_642, 0.943_317_848_545_625);
        assert_interval(wilson(10, 10), 0.722_467_200_137_111, 1.0);
        assert_interval(wilson(95, 100), 0.888_249_530_768_081, 0.978_456_320_845_632);
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(6, 5), None);
    }

    /// Origin: `scipy.stats.t.interval`.
    #[test]
    fn t_intervals() {
        assert_interval(mean_t(4.316_666_666_666_667, 0.318_852_1, 6), 3.982_051_909_070_99, 4.651_281_424_262_35);
        assert_interval(mean_t(4.2, 0.8, 2), -2.987_714_825_675, 11.387_714_825_675);
        assert_interval(mean_t(4.2, 0.8, 1_000_000), 4.198_432_026_914_55, 4.201_567_973_085_45);
    }

    #[test]
    fn t_interval_of_nothing() {
        assert_eq!(mean_t(4.2, 0.8, 1), None);
        assert_eq!(mean_t(f64::NAN, 0.8, 5), None);
        assert_eq!(mean_t(4.2, f64::INFINITY, 5), None);
        assert_eq!(mean_t(4.2, -0.8, 5), None);
        assert_interval(mean_t(4.2, 0.0, 5), 4.2, 4.2);
    }

    /// Origin: `scipy.stats.t.ppf`.
    #[test]
    fn t_points() {
        assert_close(t_point(1.0), 12.706_204_736_174_7);
        assert_close(t_point(2.0), 4.302_652_729_749_46);
        assert_close(t_point(30.0), 2.042_272_456_301_24);
        assert_close(t_point(1e9), 1.959_963_986_912_33);
    }

    proptest! {
        #[test]
        fn wilson_holds_the_share(met in any::<u64>(), rest in any::<u64>()) {
            let (met, n) = (met / 2, met / 2 + rest / 2);
            if let Some(interval) = wilson(met, n) {
                #[expect(clippy::cast_precision_loss, reason = "a test")]
                let share = met as f64 / n as f64;
                prop_assert!(0.0 <= interval.low && interval.low <= share);
                prop_assert!(share <= interval.high && interval.high <= 1.0);
            }
        }

        #[test]
        fn t_interval_is_finite(mean in any::<f64>(), sd in any::<f64>(), n in any::<u64>()) {
            if let Some(interval) = mean_t(mean, sd, n) {
                prop_assert!(interval.low <= mean && mean <= interval.high);
            }
        }
    }
}
