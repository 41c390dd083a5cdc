//! Whether a rate of events rises or falls over steps of time of equal length, and by what ratio from step to step.
//!
//! Events are Poisson with expectation ∝ exposureᵢ · ratioⁱ. Given their total, each falls into step i with a chance ∝ the
//! same (D. R. Cox, P. A. W. Lewis, *The Statistical Analysis of Series of Events*, 1966), and the sum of the steps of all events,
//! T, says all about the ratio. Test of no trend, by T given the total: W. G. Cochran, *Some Methods for Strengthening the
//! Common χ² Tests*, Biometrics 10 (1954), 417–451; P. Armitage, *Tests for Linear Trends in Proportions and Frequencies*,
//! Biometrics 11 (1955), 375–386. Its p-value is twice the smaller tail, so that each direction is claimed wrongly with half the
//! chance. The estimate is that of maximum likelihood: the ratio at which T is what is expected.

use std::cmp::Ordering;

use super::{finite, normal_p};

/// Up to so many events the tails are summed exactly; above, the normal distribution with the exact variance and half a step of
/// continuity correction gives p-values within a tenth of theirs.
const MOST_EXACT: u64 = 200;

/// With fewer steps that can have events there is no course to speak of.
const LEAST_STEPS: usize = 3;

/// Above this, integers that are compared would not stay exact.
const MAX_EVENTS: u64 = 1_000_000_000;

/// The test of no trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendTest {
    /// Two-sided p-value.
    pub p: f64,
    /// `Greater` where events come later than exposures do, `Less` where they come earlier.
    pub direction: Ordering,
}

/// Steps of time with their exposures. Events of many kinds can be held against them; how the sum of steps is distributed depends
/// on their number alone, and is found once for each number.
#[derive(Debug)]
pub struct Steps {
    exposures: Vec<u64>,
    /// Chance of each step.
    shares: Vec<f64>,
    /// For each number of events, as far as it was needed, the chance of each sum of their steps.
    sums: Vec<Vec<f64>>,
}

/// Events in numbers: how many, and the sum of their steps.
#[derive(Clone, Copy)]
struct Total {
    events: u64,
    sum: u64,
}

#[expect(clippy::cast_precision_loss, reason = "exposures are far below 2^53; beyond, only the last digits suffer")]
impl Steps {
    /// Steps in the order of time, with the exposure of each: tickets, units in the field, any one unit.
    #[must_use]
    pub fn new(exposures: &[u64]) -> Self {
        let all: f64 = exposures.iter().map(|e| *e as f64).sum();
        let shares = exposures.iter().map(|e| *e as f64 / all).collect();
        Self { exposures: exposures.to_vec(), shares, sums: vec![vec![1.0]] }
    }

    /// Tests whether the rate of these events, one number for each step, stays the same.
    ///
    /// `None` without events, with fewer than three steps that have an exposure, where events have none, and above 10⁹ events.
    pub fn test(&mut self, events: &[u64]) -> Option<TrendTest> {
        let total = self.total(events)?;
        if self.exposures.iter().filter(|e| **e > 0).count() < LEAST_STEPS {
            return None;
        }
        if total.events > MOST_EXACT {
            return self.normal(total);
        }
        let (sums, at) = (self.sums(total.events)?, usize::try_from(total.sum).ok()?);
        let (earlier, later): (f64, f64) = (sums.get(..=at)?.iter().sum(), sums.get(at..)?.iter().sum());
        let direction = earlier.partial_cmp(&later)?;
        Some(TrendTest { p: finite(2.0 * earlier.min(later))?.min(1.0), direction })
    }

    /// The ratio of the rate of these events from one step to the next.
    ///
    /// `None` where there are no events, or all are in the first step that has an exposure, or all in the last, so that the
    /// likelihood has no maximum; where events have no exposure; and above 10⁹ events.
    #[must_use]
    pub fn ratio(&self, events: &[u64]) -> Option<f64> {
        let total = self.total(events)?;
        // The expected sum is T where Σ (events · i − T) · exposureᵢ · ratioⁱ = 0. Below the root this is negative, above it positive, for
        // the factors change their sign once.
        let (all, sum) = (i128::from(total.events), i128::from(total.sum));
        let factors =
            (0_i128..).zip(&self.exposures).map(|(step, exposure)| (all * step - sum) as f64 * *exposure as f64);
        let factors: Vec<f64> = factors.collect();
        if !factors.iter().any(|f| *f < 0.0) || !factors.iter().any(|f| *f > 0.0) {
            return None;
        }
        let above = |ratio: f64| factors.iter().rev().fold(0.0, |sum, factor| sum * ratio + factor) > 0.0;
        let (mut low, mut high) = (1.0_f64, 1.0_f64);
        while above(low) {
            low /= 2.0;
        }
        while !above(high) {
            high *= 2.0;
        }
        if low < 1.0 {
            high = 2.0 * low;
        } else {
            low = high / 2.0;
        }
        // Halved until no number lies between.
        loop {
            let middle = low.midpoint(high);
            if middle <= low || middle >= high {
                return finite(middle);
            }
            if above(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
    }

    fn total(&self, events: &[u64]) -> Option<Total> {
        if events.len() != self.exposures.len() || events.iter().zip(&self.exposures).any(|(n, e)| *n > 0 && *e == 0) {
            return None;
        }
        let mut total = Total { events: 0, sum: 0 };
        for (step, events) in (0_u64..).zip(events) {
            total.events = total.events.checked_add(*events).filter(|n| *n <= MAX_EVENTS)?;
            total.sum = total.sum.checked_add(step.checked_mul(*events)?)?;
        }
        Some(total).filter(|total| total.events > 0)
    }

    /// The chance of each sum of steps of so many events.
    fn sums(&mut self, events: u64) -> Option<&[f64]> {
        let events = usize::try_from(events).ok()?;
        while self.sums.len() <= events {
            let before = self.sums.last()?;
            let mut sums = vec![0.0; before.len() + self.shares.len() - 1];
            for (sum, chance) in before.iter().enumerate() {
                for (step, share) in self.shares.iter().enumerate() {
                    sums[sum + step] += chance * share;
                }
            }
            self.sums.push(sums);
        }
        self.sums.get(events).map(Vec::as_slice)
    }

    fn normal(&self, total: Total) -> Option<TrendTest> {
        let steps = || self.shares.iter().enumerate().map(|(step, share)| (step as f64, share));
        let mean: f64 = steps().map(|(step, share)| step * share).sum();
        let variance: f64 = steps().map(|(step, share)| (step - mean) * (step - mean) * share).sum();
        let events = total.events as f64;
        let beyond = total.sum as f64 - events * mean;
        let z = (beyond.abs() - 0.5).max(0.0) / (events * variance).sqrt();
        Some(TrendTest { p: finite(normal_p(z))?, direction: beyond.partial_cmp(&0.0)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    const MONTHS: [u64; 9] = [1011, 901, 1036, 1000, 971, 1005, 1075, 1090, 1038];

    /// Origin: p-values from the powers of the polynomial Σ exposureᵢ · xⁱ in whole numbers (Python's `Fraction`), those above
    /// `MOST_EXACT` from `scipy.stats.norm.sf`; ratios from `GLM` of statsmodels, Poisson with `offset`.
    #[test]
    fn trends() {
        #[track_caller]
        fn check(events: &[u64], exposures: &[u64], direction: Ordering, p: f64, ratio: f64) {
            let mut steps = Steps::new(exposures);
            let test = steps.test(events).unwrap();
            assert_eq!(test.direction, direction);
            assert_close(test.p, p);
            assert_close(steps.ratio(events).unwrap(), ratio);
        }
        use Ordering::{Greater, Less};
        let rises = [6, 10, 6, 10, 6, 10, 25, 40, 17];
        check(&rises, &MONTHS, Greater, 3.170_505_866_949_37e-8, 1.218_233_296_621_01);
        check(&[1, 1, 2, 0, 0, 2, 0, 0, 0], &MONTHS, Less, 0.160_118_439_060_411, 0.776_578_821_648_96);
        check(&[0, 1, 3, 2], &[10; 4], Greater, 0.205_078_125, 1.791_529_940_757_85);
        // Nothing was counted in the second step; it takes its time all the same.
        check(&[2, 0, 1, 4, 3], &[500, 0, 400, 650, 700], Greater, 0.889_211_042_872_685, 1.064_492_666_344_79);
        check(&[60, 50, 40, 30, 20], &[100; 5], Less, 5.567_997_461_854_15e-7, 0.773_303_025_730_683);
        let shares = [1000, 990, 1010, 1000, 1005];
        check(&[30, 38, 44, 50, 55], &shares, Greater, 0.003_608_713_164_806_26, 1.152_758_548_187_46);
        let many = [100_000, 101_000, 99_000, 103_000];
        check(&[2400, 2500, 2300, 2700], &many, Greater, 0.018_180_771_518_949_2, 1.021_440_737_326_48);
    }

    /// By hand: five of five in the first of three steps, 2 · (7/27)⁵; all in the middle, 11 r² = 7; two steps, the ratio of two rates.
    #[test]
    fn at_the_ends() {
        let mut steps = Steps::new(&[7, 9, 11]);
        let test = steps.test(&[5, 0, 0]).unwrap();
        assert_close(test.p, 2.0 * (7.0_f64 / 27.0).powi(5));
        assert_eq!((test.direction, steps.ratio(&[5, 0, 0]), steps.ratio(&[0, 0, 5])), (Ordering::Less, None, None));
        assert_close(steps.ratio(&[0, 4, 0]).unwrap(), (7.0_f64 / 11.0).sqrt());
        let mut two = Steps::new(&[0, 50, 60]);
        assert_eq!(two.test(&[0, 3, 4]), None);
        assert_close(two.ratio(&[0, 3, 4]).unwrap(), 4.0 / 60.0 / (3.0 / 50.0));
        assert_eq!((two.ratio(&[0, 3, 0]), two.ratio(&[0, 0, 3])), (None, None));
    }

    #[test]
    fn what_cannot_be_told() {
        let mut steps = Steps::new(&[5, 0, 5, 5]);
        for events in [&[0, 0, 0, 0][..], &[1, 1, 1, 1], &[1, 0, 1], &[u64::MAX, 0, 1, 0], &[2_000_000_000, 0, 1, 0]] {
            assert_eq!((steps.test(events), steps.ratio(events)), (None, None), "{events:?}");
        }
        assert_eq!((Steps::new(&[]).test(&[]), Steps::new(&[]).ratio(&[])), (None, None));
        assert_eq!(Steps::new(&[0, 0, 0]).test(&[0, 0, 0]), None);
    }

    #[test]
    fn an_even_course_is_none() {
        let mut steps = Steps::new(&[100; 5]);
        let test = steps.test(&[4; 5]).unwrap();
        assert_eq!((test.p.to_bits(), steps.ratio(&[4; 5]).unwrap().to_bits()), (1.0_f64.to_bits(), 1.0_f64.to_bits()));
    }

    /// Twice the smaller tail, event by event through all ways in which they may fall.
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn one_by_one(exposures: &[u64], events: &[u64]) -> f64 {
        let all: u64 = exposures.iter().sum();
        let seen: u64 = (0..).zip(events).map(|(step, n)| step * n).sum();
        let mut ways = vec![(0_u64, 1.0)];
        for _ in 0..events.iter().sum::<u64>() {
            let next = |(sum, chance): (u64, f64)| {
                (0..)
                    .zip(exposures)
                    .map(move |(step, e)| (sum + step, chance * *e as f64 / all as f64))
                    .collect::<Vec<_>>()
            };
            ways = ways.into_iter().flat_map(next).collect();
        }
        let tail =
            |within: &dyn Fn(u64) -> bool| ways.iter().filter(|(sum, _)| within(*sum)).map(|(_, c)| c).sum::<f64>();
        (2.0 * tail(&|sum| sum <= seen).min(tail(&|sum| sum >= seen))).min(1.0)
    }

    proptest! {
        #[test]
        fn the_tails_are_those_of_all_ways(steps in prop::collection::vec((0_u64..3, 1_u64..50), 3..5)) {
            let (events, exposures): (Vec<u64>, Vec<u64>) = steps.into_iter().unzip();
            if let Some(test) = Steps::new(&exposures).test(&events) {
                prop_assert!((test.p - one_by_one(&exposures, &events)).abs() < 1e-12);
            }
        }

        #[test]
        fn backwards_the_ratio_is_inverted(steps in prop::collection::vec((0_u64..60, 1_u64..5000), 3..13)) {
            let (mut events, mut exposures): (Vec<u64>, Vec<u64>) = steps.into_iter().unzip();
            let mut forth = Steps::new(&exposures);
            let (test, ratio) = (forth.test(&events), forth.ratio(&events));
            events.reverse();
            exposures.reverse();
            let mut back = Steps::new(&exposures);
            if let (Some(test), Some(back)) = (test, back.test(&events)) {
                prop_assert!((test.p - back.p).abs() < 1e-9);
                prop_assert!(test.p > 0.99 || test.direction == back.direction.reverse());
            }
            prop_assert_eq!(ratio.is_some(), back.ratio(&events).is_some());
            if let (Some(ratio), Some(back)) = (ratio, back.ratio(&events)) {
                prop_assert!((ratio * back - 1.0).abs() < 1e-9);
            }
        }

        #[test]
        fn never_nan(steps in prop::collection::vec((any::<u64>(), any::<u64>()), 0..5)) {
            let (events, exposures): (Vec<u64>, Vec<u64>) = steps.into_iter().unzip();
            let few: Vec<u64> = events.iter().map(|n| n % 7).collect();
            for events in [events, few] {
                let mut steps = Steps::new(&exposures);
                prop_assert!(steps.test(&events).is_none_or(|test| (0.0..=1.0).contains(&test.p)));
                prop_assert!(steps.ratio(&events).is_none_or(|ratio| ratio.is_finite() && ratio > 0.0));
            }
        }
    }
}
