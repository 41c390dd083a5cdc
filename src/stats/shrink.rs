//! Empirical Bayes shrinkage of group means towards the mean of their peers, in the normal–normal model.
//!
//! Estimator: C. N. Morris, *Parametric Empirical Bayes Inference: Theory and Applications*, JASA 78 (1983), 47–55.
//! Variance between groups: the method of moments of R. `DerSimonian`, N. Laird, *Meta-Analysis in Clinical Trials*,
//! Controlled Clinical Trials 7 (1986), 177–188. The variance within is pooled over the groups, so each mean has the
//! sampling variance σ² / n: a group's own variance is too noisy in small groups, and zero where all gave one score.

use super::interval::Interval;
use super::moments::Moments;
use super::{Z_95, finite};

/// Shrunk means and what they were shrunk by.
#[derive(Debug, Clone, PartialEq)]
pub struct Shrinkage {
    /// The peer mean: groups weighted by 1 / (σ² / n + τ²).
    pub peer_mean: f64,
    /// Variance between the groups' true means, ≥ 0.
    pub tau_squared: f64,
    /// Shrunk mean of each group, in the order given, between its own mean and the peer mean.
    pub means: Vec<f64>,
    /// Their standard errors: what is left of σ² / n, and of the error of the peer mean, once τ² is taken as known. A single group
    /// of a single value has none.
    pub errors: Vec<Option<f64>>,
}

impl Shrinkage {
    /// The 95 % interval of a shrunk mean.
    #[must_use]
    pub fn interval(&self, group: usize) -> Option<Interval> {
        let (mean, error) = (*self.means.get(group)?, (*self.errors.get(group)?)?);
        Some(Interval { low: finite(mean - Z_95 * error)?, high: finite(mean + Z_95 * error)? })
    }
}

/// Shrinks each group's mean by σ² / n against τ². With τ² = 0 all means are the peer mean; one group keeps its own.
///
/// Where every group has one value, nothing tells σ² from τ²: `None`, as without groups, for an empty group, or where
/// a number is not finite. If no group varies within, σ² = 0 and every group keeps its own mean.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a small number of groups")]
pub fn to_peer_mean(groups: &[Moments]) -> Option<Shrinkage> {
    if groups.iter().any(|g| g.n == 0 || !g.mean.is_finite()) {
        return None;
    }
    if let [only] = groups {
        let error = only.has_variance().then(|| (only.variance / only.size()).sqrt());
        return Some(Shrinkage { peer_mean: only.mean, tau_squared: 0.0, means: vec![only.mean], errors: vec![error] });
    }
    let within = pooled_variance(groups)?;
    let n: f64 = groups.iter().map(Moments::size).sum();
    let n_squared: f64 = groups.iter().map(|g| g.size().powi(2)).sum();
    let centre = weighted_mean(groups, Moments::size)?;
    // DerSimonian–Laird with the weights n / σ², both sides of the fraction multiplied by σ², which may be 0.
    let between: f64 = groups.iter().map(|g| g.size() * (g.mean - centre).powi(2)).sum();
    let degrees = groups.len() as f64 - 1.0;
    let tau_squared = finite((between - degrees * within) / (n - n_squared / n))?.max(0.0);

    if tau_squared <= 0.0 {
        let errors = vec![finite((within / n).sqrt()); groups.len()];
        return Some(Shrinkage { peer_mean: centre, tau_squared: 0.0, means: vec![centre; groups.len()], errors });
    }
    // τ² / (σ² / n + τ²): how far a group's own mean is trusted, and its weight in the peer mean up to a factor.
    let trust = |g: &Moments| tau_squared / (within / g.size() + tau_squared);
    let peer_mean = weighted_mean(groups, trust)?;
    let means = groups.iter().map(|g| finite(peer_mean + trust(g) * (g.mean - peer_mean))).collect::<Option<_>>()?;
    let peer_error = 1.0 / groups.iter().map(|g| 1.0 / (within / g.size() + tau_squared)).sum::<f64>();
    let error = |g: &Moments| (trust(g) * within / g.size() + (1.0 - trust(g)).powi(2) * peer_error).sqrt();
    let errors = groups.iter().map(|g| finite(error(g))).collect();
    Some(Shrinkage { peer_mean, tau_squared, means, errors })
}

/// Σ(n − 1)·variance / Σ(n − 1), over the groups with at least two values; `None` without such a group.
fn pooled_variance(groups: &[Moments]) -> Option<f64> {
    let (mut sum, mut degrees) = (0.0, 0.0);
    for group in groups.iter().filter(|g| g.n >= 2) {
        if !group.has_variance() {
            return None;
        }
        sum += (group.size() - 1.0) * group.variance;
        degrees += group.size() - 1.0;
    }
    finite(sum / degrees)
}

fn weighted_mean(groups: &[Moments], weight: impl Fn(&Moments) -> f64) -> Option<f64> {
    let total: f64 = groups.iter().map(&weight).sum();
    finite(groups.iter().map(|g| weight(g) * g.mean).sum::<f64>() / total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    const fn group(n: u64, mean: f64, variance: f64) -> Moments {
        Moments { n, mean, variance }
    }

    /// Origin: statsmodels `combine_effects(means, pooled variance / n, method_re="dl")`.
    #[test]
    fn shrinks() {
        let groups = [group(12, 4.1, 0.64), group(30, 3.6, 0.81), group(5, 4.9, 0.3), group(8, 4.4, 0.5)];
        let shrunk = to_peer_mean(&groups).unwrap();
        assert_close(shrunk.tau_squared, 0.232_643_017_037_688);
        assert_close(shrunk.peer_mean, 4.186_611_789_137_88);
        let expected = [4.117_180_202_847_88, 3.652_831_586_579_8, 4.634_197_656_186_45, 4.342_237_710_937_41];
        for (mean, expected) in shrunk.means.iter().zip(expected) {
            assert_close(*mean, expected);
        }
        // Origin: numpy, the formula written out with the figures above.
        let expected = [0.221_653_011_428_259, 0.146_858_305_233_952, 0.311_779_856_164_775, 0.261_782_576_723_71];
        for (error, expected) in shrunk.errors.iter().zip(expected) {
            assert_close(error.unwrap(), expected);
        }
        let interval = shrunk.interval(2).unwrap();
        assert_close(interval.high - interval.low, 2.0 * Z_95 * expected[2]);
    }

    #[test]
    fn without_variance_between_all_at_the_peer_mean() {
        let shrunk = to_peer_mean(&[group(10, 4.0, 1.0), group(30, 4.2, 1.0)]).unwrap();
        assert_eq!((shrunk.tau_squared, &shrunk.means), (0.0, &vec![shrunk.peer_mean; 2]));
        assert_close(shrunk.peer_mean, 4.15);
    }

    #[test]
    fn without_variance_within_each_keeps_its_mean() {
        let shrunk = to_peer_mean(&[group(10, 4.0, 0.0), group(30, 5.0, 0.0)]).unwrap();
        assert_eq!((shrunk.peer_mean, shrunk.means), (4.5, vec![4.0, 5.0]));
    }

    #[test]
    fn few_groups() {
        assert_eq!(to_peer_mean(&[]), None);
        assert_eq!(to_peer_mean(&[group(1, 4.0, 0.0)]).unwrap().means, [4.0]);
        assert_eq!(to_peer_mean(&[group(1, 4.0, 0.0), group(1, 3.0, 0.0)]), None);
        assert_eq!(to_peer_mean(&[group(5, 4.0, 0.0), group(0, 3.0, 0.0)]), None);
        assert_eq!(to_peer_mean(&[group(5, f64::NAN, 0.0)]), None);
    }

    proptest! {
        #[test]
        fn between_own_mean_and_peer_mean(
            groups in prop::collection::vec((1_u64..50, 1.0..5.0, 0.0..2.0), 1..12)
        ) {
            let groups: Vec<Moments> = groups.into_iter().map(|(n, mean, variance)| group(n, mean, variance)).collect();
            if let Some(shrunk) = to_peer_mean(&groups) {
                for (group, mean) in groups.iter().zip(&shrunk.means) {
                    let (low, high) = (group.mean.min(shrunk.peer_mean), group.mean.max(shrunk.peer_mean));
                    prop_assert!(low - 1e-12 <= *mean && *mean <= high + 1e-12);
                }
            }
        }

        #[test]
        fn never_nan(groups in prop::collection::vec((any::<u64>(), any::<f64>(), any::<f64>()), 0..4)) {
            let groups: Vec<Moments> = groups.into_iter().map(|(n, mean, variance)| group(n, mean, variance)).collect();
            if let Some(shrunk) = to_peer_mean(&groups) {
                prop_assert!(shrunk.means.iter().all(|mean| mean.is_finite()));
            }
        }
    }
}
