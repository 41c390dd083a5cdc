//! How long something lasts, where some of it is still lasting: the share that has lasted so long, from counts by day.
//!
//! E. L. Kaplan, P. Meier, *Nonparametric Estimation from Incomplete Observations*, JASA 53 (1958), 457–481; variance after
//! M. Greenwood (1926); interval on the scale of log(−log S): J. D. Kalbfleisch, R. L. Prentice, *The Statistical Analysis of
//! Failure Time Data*, 1980, which stays between 0 and 1.

use super::interval::Interval;
use super::{Z_95, finite};

/// What happened on one day since the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub day: i32,
    /// So many ended then.
    pub ended: u64,
    /// So many were last seen then, still lasting. They are at risk on their last day.
    pub censored: u64,
}

/// The curve at a day on which something ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub day: i32,
    /// Still lasting at the beginning of the day.
    pub at_risk: u64,
    pub ended: u64,
    /// The share that lasts beyond the day.
    pub share: f64,
    /// `None` where nothing lasts.
    pub interval: Option<Interval>,
}

/// The curve, a step for each day on which something ended. `days` rise.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn kaplan_meier(days: &[Day]) -> Vec<Step> {
    let mut at_risk: u64 = days.iter().map(|day| day.ended + day.censored).sum();
    let (mut share, mut variance) = (1.0_f64, 0.0_f64);
    let mut steps = Vec::new();
    for Day { day, ended, censored } in days.iter().copied() {
        if ended > 0 {
            let (n, d) = (at_risk as f64, ended as f64);
            share *= (n - d) / n;
            variance += d / (n * (n - d));
            steps.push(Step { day, at_risk, ended, share, interval: interval(share, variance) });
        }
        at_risk -= ended + censored;
    }
    steps
}

fn interval(share: f64, variance: f64) -> Option<Interval> {
    let half = Z_95 * variance.sqrt() / share.ln();
    let end = |half: f64| finite(share.powf(half.exp()));
    // The logarithm of a share is negative, so the upper end comes of the negative half.
    Some(Interval { low: end(-half)?, high: end(half)? }).filter(|_| share > 0.0 && share < 1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    /// Remission under 6-MP: E. J. Freireich et al., Blood 21 (1963), 699–716. Origin of the figures: `KaplanMeierFitter` of
    /// lifelines 0.30, its estimate and its interval.
    #[test]
    fn remission_under_6_mp() {
        let weeks = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        let of = |week: i32| Day {
            day: week,
            ended: weeks.iter().filter(|w| **w == week).count() as u64,
            censored: still.iter().filter(|w| **w == week).count() as u64,
        };
        let steps = kaplan_meier(&(1..40).map(of).collect::<Vec<_>>());
        let expected = [
            (6, 21, 0.857_142_857_143, 0.619_717_955_266, 0.951_551_747_647),
            (7, 17, 0.806_722_689_076, 0.563_146_564_622, 0.922_809_019_203),
            (10, 15, 0.752_941_176_471, 0.503_199_510_800, 0.889_361_835_169),
            (13, 12, 0.690_196_078_431, 0.431_610_222_486, 0.849_065_963_349),
            (16, 11, 0.627_450_980_392, 0.367_510_855_988, 0.804_912_189_472),
            (22, 7, 0.537_815_126_050, 0.267_778_936_767, 0.746_790_717_635),
            (23, 6, 0.448_179_271_709, 0.188_052_005_959, 0.680_142_628_495),
        ];
        assert_eq!(steps.len(), expected.len());
        for (step, (day, at_risk, share, low, high)) in steps.iter().zip(expected) {
            assert_eq!((step.day, step.at_risk), (day, at_risk));
            assert_close(step.share, share);
            let interval = step.interval.unwrap();
            assert_close(interval.low, low);
            assert_close(interval.high, high);
        }
    }

    #[test]
    fn nothing_is_left_in_the_end() {
        let steps = kaplan_meier(&[Day { day: 3, ended: 1, censored: 0 }, Day { day: 5, ended: 1, censored: 0 }]);
        assert_eq!(steps.iter().map(|step| step.share).collect::<Vec<_>>(), [0.5, 0.0]);
        assert!(steps[0].interval.is_some() && steps[1].interval.is_none());
        assert_eq!(kaplan_meier(&[Day { day: 3, ended: 0, censored: 9 }]), []);
    }

    proptest! {
        #[test]
        fn falls_and_stays_within_its_interval(days in prop::collection::vec((0u64..50, 0u64..50), 0..60)) {
            let days: Vec<Day> = (0..).zip(days).map(|(day, (ended, censored))| Day { day, ended, censored }).collect();
            let steps = kaplan_meier(&days);
            prop_assert!(steps.windows(2).all(|pair| pair[1].share <= pair[0].share && pair[0].share <= 1.0));
            for step in steps {
                if let Some(Interval { low, high }) = step.interval {
                    prop_assert!(0.0 <= low && low <= step.share && step.share <= high && high <= 1.0);
                }
            }
        }
    }
}
