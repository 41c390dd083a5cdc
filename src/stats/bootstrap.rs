//! Percentile intervals from resampled blocks.
//!
//! B. Efron, *Bootstrap Methods: Another Look at the Jackknife*, Annals of Statistics 7 (1979), 1–26. Observations are dealt into blocks at
//! random beforehand, and blocks are drawn instead of observations: what is computed from sums then needs the sums of the
//! blocks alone. The draws are the same in each run.

use super::TAIL_95;
use super::interval::Interval;
use super::random::Random;

/// Samples drawn.
pub const SAMPLES: usize = 1000;

/// The 95 % intervals of several figures of a sample, each the middle 95 % of the figures of samples drawn with replacement.
///
/// `figures` hears how often each block was drawn, and may find that nothing can be computed; an interval is none where that
/// happens in more than one sample of ten, or with fewer than two blocks.
#[must_use]
pub fn intervals(
    blocks: usize,
    count: usize,
    mut figures: impl FnMut(&[u32]) -> Option<Vec<f64>>,
) -> Vec<Option<Interval>> {
    let mut found: Vec<Vec<f64>> = vec![Vec::with_capacity(SAMPLES); count];
    if blocks >= 2 {
        let mut random = Random::new();
        let mut times = vec![0_u32; blocks];
        for _ in 0..SAMPLES {
            times.fill(0);
            for _ in 0..blocks {
                times[random.below(blocks)] += 1;
            }
            if let Some(figures) = figures(&times) {
                found.iter_mut().zip(figures).for_each(|(all, figure)| all.push(figure));
            }
        }
    }
    found.into_iter().map(middle).collect()
}

fn middle(mut figures: Vec<f64>) -> Option<Interval> {
    figures.retain(|figure| figure.is_finite());
    if figures.len() < SAMPLES - SAMPLES / 10 {
        return None;
    }
    figures.sort_by(f64::total_cmp);
    Some(Interval { low: quantile(&figures, TAIL_95), high: quantile(&figures, 1.0 - TAIL_95) })
}

/// With linear interpolation between the order statistics, as numpy and R (type 7) have it.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a thousand figures, a share of 0..1"
)]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor();
    let (low, high) = (sorted[below as usize], sorted[(below as usize + 1).min(sorted.len() - 1)]);
    low + (place - below) * (high - low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::assert_close;

    /// Origin: `numpy.quantile([1, 2, 4, 8], [0.025, 0.975])`.
    #[test]
    fn quantiles() {
        assert_close(quantile(&[1.0, 2.0, 4.0, 8.0], 0.025), 1.075);
        assert_close(quantile(&[1.0, 2.0, 4.0, 8.0], 0.975), 7.7);
    }

    /// The interval of a mean of many values is nearly mean ± 1.96 · sd / √n.
    #[test]
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn interval_of_a_mean() {
        let values: Vec<f64> = (0..200).map(|i| f64::from(i * i % 17)).collect();
        let mean = values.iter().sum::<f64>() / 200.0;
        let sd = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 199.0).sqrt();
        let mean_of = |times: &[u32]| {
            let n: u32 = times.iter().sum();
            let sum: f64 = times.iter().zip(&values).map(|(times, value)| f64::from(*times) * value).sum();
            Some(vec![sum / f64::from(n)])
        };
        let found = intervals(values.len(), 1, mean_of);
        let half = 1.96 * sd / (values.len() as f64).sqrt();
        let interval = found[0].unwrap();
        assert!((interval.low - (mean - half)).abs() < 0.1 * half, "{interval:?}");
        assert!((interval.high - (mean + half)).abs() < 0.1 * half, "{interval:?}");
        assert_eq!(intervals(values.len(), 1, mean_of), found);
    }

    #[test]
    fn too_little_to_resample() {
        assert_eq!(intervals(1, 1, |_| Some(vec![1.0])), [None]);
        assert_eq!(intervals(20, 2, |_| None), [None, None]);
        assert_eq!(intervals(20, 1, |times| (times[0] > 1).then(|| vec![1.0])), [None]);
    }
}
