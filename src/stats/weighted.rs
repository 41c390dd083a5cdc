//! The weighted mean of several groups' means, and its interval.
//!
//! The error of Σ w·mean is Σ w²·variance / n; its degrees of freedom are those of B. L. Welch, *The Generalization of
//! “Student's” Problem when Several Different Population Variances are Involved*, Biometrika 34 (1947), 28–35, as approximated by
//! F. E. Satterthwaite, *An Approximate Distribution of Estimates of Variance Components*, Biometrics Bulletin 2 (1946), 110–114.

use super::finite;
use super::interval::{Interval, t_point};
use super::moments::Moments;

/// A weighted mean of means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// In the unit of the means.
    pub mean: f64,
    /// 95 % t interval; none where a group has a single value, whose error nobody knows.
    pub interval: Option<Interval>,
}

/// The mean of groups' means, each with its weight; weights need not add up to 1.
///
/// `None` without groups, for a weight that is not positive, or where a number is not finite.
#[must_use]
pub fn mean(groups: &[(f64, Moments)]) -> Option<Weighted> {
    let total = finite(groups.iter().map(|(weight, _)| weight).sum())?;
    if groups.is_empty() || !groups.iter().all(|(weight, _)| *weight > 0.0) {
        return None;
    }
    let mean = finite(groups.iter().map(|(weight, group)| weight / total * group.mean).sum())?;
    Some(Weighted { mean, interval: interval(mean, total, groups) })
}

fn interval(mean: f64, total: f64, groups: &[(f64, Moments)]) -> Option<Interval> {
    if !groups.iter().all(|(_, group)| group.has_variance()) {
        return None;
    }
    let error = |(weight, group): &(f64, Moments)| (weight / total).powi(2) * group.variance / group.size();
    let all: f64 = groups.iter().map(error).sum();
    if all <= 0.0 {
        return Some(Interval { low: mean, high: mean });
    }
    let spread: f64 = groups.iter().map(|g| (error(g) / all).powi(2) / (g.1.size() - 1.0)).sum();
    let half_width = finite(t_point(1.0 / spread) * all.sqrt())?;
    Some(Interval { low: mean - half_width, high: mean + half_width })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::assert_close;

    const A: Moments = Moments { n: 6, mean: 25.9 / 6.0, variance: 0.61 / 6.0 };
    const B: Moments = Moments { n: 5, mean: 3.76, variance: 0.043 };
    const C: Moments = Moments { n: 4, mean: 4.8, variance: 0.1 / 3.0 };

    /// Origin: numpy and `scipy.stats.t.ppf(0.975, df)` with df by the formula.
    #[test]
    fn of_three_groups() {
        let found = mean(&[(0.6, A), (0.2, B), (0.2, C)]).unwrap();
        assert_close(found.mean, 4.302);
        let interval = found.interval.unwrap();
        assert_close(interval.low, 4.101_491_430_820_59);
        assert_close(interval.high, 4.502_508_569_179_41);
        // Weights are shares of their sum.
        assert_eq!(mean(&[(3.0, A), (1.0, B), (1.0, C)]).unwrap().mean.to_bits(), found.mean.to_bits());
    }

    #[test]
    fn of_one_group_it_is_the_mean_of_the_group() {
        let own = super::super::interval::mean_t(A.mean, A.variance.sqrt(), A.n).unwrap();
        let found = mean(&[(0.3, A)]).unwrap();
        assert_close(found.mean, A.mean);
        assert_close(found.interval.unwrap().low, own.low);
    }

    #[test]
    fn undefined() {
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[(0.0, A), (1.0, B)]), None);
        assert_eq!(mean(&[(f64::NAN, A)]), None);
        assert_eq!(mean(&[(f64::MAX, A), (f64::MAX, B)]), None);
        let single = Moments { n: 1, mean: 4.0, variance: 0.0 };
        assert_eq!(mean(&[(1.0, A), (1.0, single)]).unwrap().interval, None);
        let flat = Moments { variance: 0.0, ..A };
        let found = mean(&[(1.0, flat)]).unwrap();
        assert_eq!(found.interval, Some(Interval { low: found.mean, high: found.mean }));
    }
}
