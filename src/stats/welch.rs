//! Tests on means that do not assume equal variances: Welch's t test and Welch's analysis of variance.
//!
//! B. L. Welch, *The Generalization of "Student's" Problem when Several Different Population Variances are Involved*,
//! Biometrika 34 (1947), 28–35; *On the Comparison of Several Mean Values: An Alternative Approach*, Biometrika 38
//! (1951), 330–336.

use super::beta::lower_tail;
use super::finite;
use super::interval::{Interval, t_point};
use super::moments::Moments;

/// Result of Welch's t test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WelchT {
    /// Positive where the first mean is the higher one.
    pub t: f64,
    /// Degrees of freedom (Welch–Satterthwaite).
    pub df: f64,
    /// Two-sided p-value.
    pub p: f64,
}

/// Welch's t test of mean a = mean b. One of the two variances may be zero.
///
/// `None` where a group has fewer than two values, both variances are zero, or a number is not finite.
#[must_use]
pub fn t_test(a: &Moments, b: &Moments) -> Option<WelchT> {
    if !a.has_variance() || !b.has_variance() {
        return None;
    }
    let (error_a, error_b) = (a.variance / a.size(), b.variance / b.size());
    let error = error_a + error_b;
    let t = finite((a.mean - b.mean) / error.sqrt())?;
    let (part_a, part_b) = (error_a / error, error_b / error);
    let df = 1.0 / (part_a * part_a / (a.size() - 1.0) + part_b * part_b / (b.size() - 1.0));
    let p = f_upper_tail(t * t, 1.0, df)?;
    Some(WelchT { t, df, p })
}

/// 95 % interval of mean a − mean b, by the degrees of freedom of [`t_test`].
///
/// `None` as for [`t_test`].
#[must_use]
pub fn difference(a: &Moments, b: &Moments) -> Option<Interval> {
    let test = t_test(a, b)?;
    let error = (a.variance / a.size() + b.variance / b.size()).sqrt();
    let (difference, half) = (a.mean - b.mean, t_point(test.df) * error);
    Some(Interval { low: finite(difference - half)?, high: finite(difference + half)? })
}

/// Result of Welch's analysis of variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WelchAnova {
    /// F statistic.
    pub f: f64,
    /// Numerator degrees of freedom: groups − 1.
    pub df1: f64,
    /// Denominator degrees of freedom.
    pub df2: f64,
    /// p-value.
    pub p: f64,
}

/// Welch's test that all groups have the same mean.
///
/// `None` where there are fewer than two groups, a group has fewer than two values or a variance of zero (its weight
/// n / variance would be infinite; so also where every variance is zero), or a number is not finite. Groups too small
/// for the test are left out by the caller.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a small number of groups")]
pub fn anova(groups: &[Moments]) -> Option<WelchAnova> {
    if groups.len() < 2 || !groups.iter().all(|g| g.has_variance() && g.variance > 0.0) {
        return None;
    }
    let k = groups.len() as f64;
    let weight = |g: &Moments| g.size() / g.variance;
    let total: f64 = groups.iter().map(weight).sum();
    let centre = groups.iter().map(|g| weight(g) * g.mean).sum::<f64>() / total;
    let between = groups.iter().map(|g| weight(g) * (g.mean - centre).powi(2)).sum::<f64>() / (k - 1.0);
    let spread: f64 = groups.iter().map(|g| (1.0 - weight(g) / total).powi(2) / (g.size() - 1.0)).sum();
    let f = finite(between / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * spread))?;
    let df1 = k - 1.0;
    let df2 = finite((k * k - 1.0) / (3.0 * spread))?;
    let p = f_upper_tail(f, df1, df2)?;
    Some(WelchAnova { f, df1, df2, p })
}

/// P(F ≥ f): df2 / (df2 + df1 F) follows Beta(df2/2, df1/2).
pub(super) fn f_upper_tail(f: f64, df1: f64, df2: f64) -> Option<f64> {
    let ratio = finite(df1 * f / df2)?;
    let x = 1.0 / (1.0 + ratio);
    finite(lower_tail(df2 / 2.0, df1 / 2.0, x, ratio / (1.0 + ratio)).probability)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    // Samples a = 4.2 4.5 3.9 4.8 4.1 4.4, b = 3.8 3.6 4.0 3.5 3.9, c = 4.9 4.7 4.6 5.0.
    const A: Moments = Moments { n: 6, mean: 25.9 / 6.0, variance: 0.61 / 6.0 };
    const B: Moments = Moments { n: 5, mean: 3.76, variance: 0.043 };
    const C: Moments = Moments { n: 4, mean: 4.8, variance: 0.1 / 3.0 };

    /// Origin: `scipy.stats.ttest_ind(equal_var=False)`, `ttest_ind_from_stats`.
    #[test]
    fn t_tests() {
        let test = t_test(&A, &B).unwrap();
        assert_close(test.t, 3.482_947_959_671_25);
        assert_close(test.df, 8.595_629_490_611_39);
        assert_close(test.p, 0.007_410_716_358_076_51);

        let large = |n, mean, variance| Moments { n, mean, variance };
        let test = t_test(&large(500_000, 4.31, 0.64), &large(400_000, 4.3, 0.81)).unwrap();
        assert_close(test.t, 5.500_653_241_360_8);
        assert_close(test.p, 3.785_009_950_043_37e-8);

        let test = t_test(&large(3, 4.0, 0.0), &large(8, 4.5, 0.25)).unwrap();
        assert_close(test.p, 0.025_463_561_683_239_3);
    }

    /// Origin: numpy and `scipy.stats.t.ppf(0.975, df)` with Welch's df.
    #[test]
    fn differences() {
        let found = difference(&A, &B).unwrap();
        assert_close(found.low, 0.192_505_042_582_603_65);
        assert_close(found.high, 0.920_828_290_750_729_7);
        assert_eq!(difference(&A, &Moments { n: 1, ..B }), None);
    }

    /// Origin: statsmodels `anova_oneway(use_var="unequal")`.
    #[test]
    fn anovas() {
        let test = anova(&[A, B, C]).unwrap();
        assert_close(test.f, 29.470_408_807_086_4);
        assert_close(test.df1, 2.0);
        assert_close(test.df2, 7.903_837_209_764_48);
        assert_close(test.p, 0.000_216_604_590_590_491);
    }

    /// Origin: with two groups, Welch's F is the square of his t.
    #[test]
    fn two_groups() {
        let (f, t) = (anova(&[A, B]).unwrap(), t_test(&A, &B).unwrap());
        assert_close(f.f, t.t * t.t);
        assert_close(f.df2, t.df);
        assert_close(f.p, t.p);
    }

    #[test]
    fn undefined() {
        let flat = Moments { variance: 0.0, ..A };
        let single = Moments { n: 1, ..A };
        assert_eq!(t_test(&flat, &flat), None);
        assert_eq!(t_test(&single, &B), None);
        assert_eq!(anova(&[flat, flat]), None);
        assert_eq!(anova(&[flat, B, C]), None);
        assert_eq!(anova(&[single, B, C]), None);
        assert_eq!(anova(&[A]), None);
    }

    fn moments() -> impl Strategy<Value = Moments> {
        let number = || prop_oneof![any::<f64>(), -5.0..5.0];
        (any::<u64>(), 0_u64..20, number(), number()).prop_map(|(large, n, mean, variance)| Moments {
            n: if n == 0 { large } else { n },
            mean,
            variance,
        })
    }

    proptest! {
        #[test]
        fn never_nan(a in moments(), b in moments(), c in moments()) {
            if let Some(test) = t_test(&a, &b) {
                prop_assert!(test.t.is_finite() && test.df > 0.0 && (0.0..=1.0).contains(&test.p));
            }
            if let Some(test) = anova(&[a, b, c]) {
                prop_assert!(test.f >= 0.0 && test.df2 > 0.0 && (0.0..=1.0).contains(&test.p));
            }
        }
    }
}
