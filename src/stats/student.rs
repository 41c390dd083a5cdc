//! Student's t test of two means, with the variance pooled over both groups.
//!
//! Student, *The Probable Error of a Mean*, Biometrika 6 (1908), 1–25; R. A. Fisher, *Applications of “Student's” Distribution*, Metron
//! 5 (1925), 90–104. Where one group is small, its own variance says little, and nothing where all its answers are the same: Welch's test
//! would then find five equal answers beyond doubt.

use super::finite;
use super::moments::Moments;
use super::welch::f_upper_tail;

/// Result of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentT {
    /// Positive where the first mean is the higher one.
    pub t: f64,
    /// Degrees of freedom: values − 2.
    pub df: f64,
    /// Two-sided p-value.
    pub p: f64,
}

/// Test of mean a = mean b.
///
/// `None` where a group is empty, there are fewer than three values, none varies within its group, or a number is not
/// finite.
#[must_use]
pub fn t_test(a: &Moments, b: &Moments) -> Option<StudentT> {
    let valid = |group: &Moments| group.n > 0 && group.mean.is_finite() && (group.n == 1 || group.has_variance());
    if !valid(a) || !valid(b) || a.n.saturating_add(b.n) < 3 {
        return None;
    }
    let sum = |group: &Moments| if group.n == 1 { 0.0 } else { (group.size() - 1.0) * group.variance };
    let df = a.size() + b.size() - 2.0;
    let pooled = (sum(a) + sum(b)) / df;
    let t = finite((a.mean - b.mean) / (pooled * (1.0 / a.size() + 1.0 / b.size())).sqrt())?;
    Some(StudentT { t, df, p: f_upper_tail(t * t, 1.0, df)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::assert_close;

    const A: Moments = Moments { n: 6, mean: 25.9 / 6.0, variance: 0.61 / 6.0 };
    const B: Moments = Moments { n: 5, mean: 3.76, variance: 0.043 };

    /// Origin: `scipy.stats.ttest_ind`.
    #[test]
    fn t_tests() {
        let test = t_test(&A, &B).unwrap();
        assert_close(test.t, 3.343_642_839_941_78);
        assert_close(test.p, 0.008_610_138_298_156_52);
        assert_close(test.df, 9.0);
        // Origin: `scipy.stats.ttest_ind([5, 5, 5, 5, 5], [4, 3, 5, 4, 5, 4, 2])`.
        let flat = Moments { n: 5, mean: 5.0, variance: 0.0 };
        let mixed = Moments { n: 7, mean: 27.0 / 7.0, variance: 48.0 / 42.0 };
        let test = t_test(&flat, &mixed).unwrap();
        assert_close(test.t, 2.357_022_603_955_16);
        assert_close(test.p, 0.040_156_718_110_477_6);
    }

    #[test]
    fn undefined() {
        let single = |mean| Moments { n: 1, mean, variance: 0.0 };
        assert_eq!(t_test(&single(4.0), &single(5.0)), None);
        assert!(t_test(&single(4.0), &B).is_some());
        let flat = Moments { variance: 0.0, ..A };
        assert_eq!(t_test(&flat, &flat), None);
        assert_eq!(t_test(&Moments { n: 0, ..A }, &B), None);
        assert_eq!(t_test(&Moments { mean: f64::NAN, ..A }, &B), None);
    }
}
