//! Two Poisson rates compared, exactly, given their total.
//!
//! Given the total count, the first count is binomial with the first exposure's share of the total if the rates are
//! equal: J. Przyborowski, H. Wilenski, *Homogeneity of Results in Testing Samples from Poisson Series*, Biometrika 31
//! (1940), 313–323. The interval carries the limits of C. J. Clopper, E. S. Pearson, *The Use of Confidence or
//! Fiducial Limits Illustrated in the Case of the Binomial*, Biometrika 26 (1934), 404–413, over to the ratio. Both
//! are those of R's `poisson.test`.

use super::beta::ln_odds;
use super::binomial::Binomial;
use super::{TAIL_95, finite};

/// Above this the exact method takes too long.
const MAX_EVENTS: u64 = 1_000_000_000;

/// The ratio of two rates (first over second) with its 95 % interval and test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateRatio {
    /// (events a / exposure a) / (events b / exposure b); `None` where b has no events: the ratio has no upper bound.
    pub ratio: Option<f64>,
    /// Lower end of the interval; 0 where a has no events.
    pub low: f64,
    /// Upper end of the interval; `None` where b has no events.
    pub high: Option<f64>,
    /// Two-sided p-value of equal rates.
    pub p: f64,
}

/// Compares two counts of events, each over its exposure (units in the field, days: any one unit for both).
///
/// `None` where there are no events at all, an exposure is not positive and finite, the exposures differ beyond
/// measure, or there are more than 10⁹ events.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "at most MAX_EVENTS")]
pub fn compare(events_a: u64, exposure_a: f64, events_b: u64, exposure_b: f64) -> Option<RateRatio> {
    let n = events_a.checked_add(events_b)?;
    let exposure_ratio = exposure_b / exposure_a;
    let usable = |x: f64| x.is_finite() && x > 0.0;
    if n == 0 || n > MAX_EVENTS || ![exposure_a, exposure_b, exposure_ratio].into_iter().all(usable) {
        return None;
    }
    let (a, b) = (events_a as f64, events_b as f64);
    let low = if events_a == 0 { 0.0 } else { finite(ln_odds(a, b + 1.0, TAIL_95).exp() * exposure_ratio)? };
    let (ratio, high) = if events_b == 0 {
        (None, None)
    } else {
        let odds = (-ln_odds(b, a + 1.0, TAIL_95)).exp();
        (Some(finite(a / b * exposure_ratio)?), Some(finite(odds * exposure_ratio)?))
    };
    let equal_rates = Binomial { n, p: 1.0 / (1.0 + exposure_ratio), q: exposure_ratio / (1.0 + exposure_ratio) };
    let p = finite(equal_rates.two_sided_p(events_a))?;
    Some(RateRatio { ratio, low, high, p })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    /// Origin: `scipy.stats.binomtest(a, a + b, exposure_a / (exposure_a + exposure_b))`, its p-value and the odds of
    /// its `proportion_ci(method="exact")`.
    #[test]
    fn ratios() {
        #[track_caller]
        fn check(test: Option<RateRatio>, ratio: f64, interval: (f64, f64), p: f64) {
            let test = test.expect("a comparison");
            assert_close(test.ratio.expect("a ratio"), ratio);
            assert_close(test.low, interval.0);
            assert_close(test.high.expect("an upper end"), interval.1);
            assert_close(test.p, p);
        }
        check(
            compare(15, 100.0, 8, 120.0),
            2.25,
            (0.895_498_733_171_434, 6.127_635_762_221_11),
            0.061_949_621_439_267_3,
        );
        check(compare(12, 1.0, 2, 3.0), 18.0, (4.007_231_167_401_75, 165.591_272_003_655), 3.211_200_237_274_17e-6);
        check(compare(7, 1.0, 7, 1.0), 1.0, (0.299_309_681_810_58, 3.341_021_225_744_57), 1.0);
        check(compare(3, 1.0, 900, 250.0), 0.833_333_333_333_333, (0.171_531_217_998_147, 2.443_167_532_245_76), 1.0);
        check(compare(0, 50.0, 4, 60.0), 0.0, (0.0, 1.817_840_231_239_13), 0.131_206_884_775_63);
        check(
            compare(1_000_000, 90.0, 1_001_500, 91.0),
            1.009_596_716_037_06,
            (1.006_802_221_145_76, 1.012_398_965_930_72),
            1.424_393_678_746_91e-11,
        );
        check(
            compare(1_000_000, 1.0, 998_000, 1.0),
            1.002_004_008_016_03,
            (0.999_228_104_603_755, 1.004_787_624_930_59),
            0.157_299_137_796_473,
        );
    }

    #[test]
    fn no_events() {
        let test = compare(4, 60.0, 0, 50.0).unwrap();
        assert_eq!((test.ratio, test.high), (None, None));
        assert_close(test.low, 0.550_103_349_466_719);
        assert_close(test.p, 0.131_206_884_775_63);
        assert_eq!(compare(0, 60.0, 0, 50.0), None);
    }

    proptest! {
        #[test]
        fn exchanging_the_groups_inverts_the_ratio(
            a in 1_u64..3000, exposure_a in 0.01..1e4, b in 1_u64..3000, exposure_b in 0.01..1e4
        ) {
            let one = compare(a, exposure_a, b, exposure_b).unwrap();
            let other = compare(b, exposure_b, a, exposure_a).unwrap();
            prop_assert!((one.low * other.high.unwrap() - 1.0).abs() < 1e-9);
            prop_assert!((one.p - other.p).abs() < 1e-9);
            prop_assert!(one.low < one.ratio.unwrap() && one.ratio < one.high);
        }

        #[test]
        fn never_nan(a in any::<u64>(), exposure_a in any::<f64>(), b in 0_u64..9, exposure_b in any::<f64>()) {
            for a in [a, a % 7] {
                if let Some(test) = compare(a, exposure_a, b, exposure_b) {
                    prop_assert!(test.low.is_finite() && (0.0..=1.0).contains(&test.p));
                }
            }
        }
    }
}
