//! Control chart of a share: which points of a row differ from the others by more than chance.
//!
//! Binomial limits: the p chart of W. A. Shewhart, *Economic Control of Quality of Manufactured Product* (1931), p̄ ±
//! 3 σᵢ with σᵢ = √(p̄ (1 − p̄) / nᵢ). With many cases a point they are far too narrow, since real shares vary by
//! more than the binomial allows; D. B. Laney, *Improved Control Charts for Attributes*, Quality Engineering 14
//! (2002), 531–537, widens them by what neighbouring points really differ: zᵢ = (pᵢ − p̄) / σᵢ, `σ_z` = mean |zᵢ −
//! zᵢ₋₁| / 1.128, limits p̄ ± 3 σᵢ `σ_z`. Rule of runs: Western Electric, *Statistical Quality Control Handbook*
//! (1956), eight points in a row on one side of the centre.

use std::cmp::Ordering;

use super::finite;
use super::interval::Interval;

/// Points in a row on one side of the centre that make a signal.
pub const RUN: usize = 8;

/// Half the width between limits, in standard deviations.
const SIGMAS: f64 = 3.0;

/// Mean range of two standard normal values, as tables of control charts have it.
const MEAN_RANGE: f64 = 1.128;

/// Why a point stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Outside Laney's limits.
    Beyond,
    /// Inside, but at least the eighth in a row on one side of the centre.
    Run,
}

/// What the chart says of one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Shewhart's limits, within 0..=1.
    pub binomial: Interval,
    /// Laney's limits, within 0..=1. `None` where there is but one point.
    pub laney: Option<Interval>,
    pub signal: Option<Signal>,
}

/// A chart of shares, each with its own number of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct PChart {
    /// The share of all cases together, p̄.
    pub center: f64,
    /// How many times more the points vary than the binomial says. `None` where there is but one point, and where p̄
    /// is 0 or 1, so that nothing varies.
    pub sigma_z: Option<f64>,
    /// One for each pair of the input; `None` for points without cases.
    pub points: Vec<Option<Point>>,
}

/// The chart of (met, cases) pairs in the order of time, all of them being the baseline.
///
/// Points without cases are skipped: they neither count as zero nor end a run. A point on the centre ends a run.
/// Where p̄ is 0 or 1 all limits are p̄.
///
/// `None` where there are no cases at all, or where cases are exceeded by their part.
#[must_use]
pub fn p_chart(counts: &[(u64, u64)]) -> Option<PChart> {
    if counts.iter().any(|(met, n)| met > n) {
        return None;
    }
    let met = counts.iter().try_fold(0_u64, |sum, (met, _)| sum.checked_add(*met))?;
    let total = counts.iter().try_fold(0_u64, |sum, (_, n)| sum.checked_add(*n))?;
    if total == 0 {
        return None;
    }
    let center = share(met, total);
    let spread = (center * share(total - met, total)).sqrt();
    let several = counts.iter().filter(|(_, n)| *n > 0).count() > 1;
    let sigma_z = if several && spread > 0.0 { sigma_z(counts, center, spread) } else { None };
    let widening = sigma_z.or((several && spread <= 0.0).then_some(0.0));
    let mut run = Run::default();
    let point = |&(part, n): &(u64, u64)| {
        if n == 0 {
            return None;
        }
        let sigma = spread / root(n);
        let laney = widening.map(|times| limits(center, sigma * times));
        let outside = laney.is_some_and(|limits| !(limits.low..=limits.high).contains(&share(part, n)));
        // Exact, so that a share that equals the centre is on it.
        let side = (u128::from(part) * u128::from(total)).cmp(&(u128::from(met) * u128::from(n)));
        let long = run.add(side) >= RUN;
        let signal = if outside { Some(Signal::Beyond) } else { long.then_some(Signal::Run) };
        Some(Point { binomial: limits(center, sigma), laney, signal })
    };
    Some(PChart { center, sigma_z, points: counts.iter().map(point).collect() })
}

/// Points in a row on one side of the centre, up to now.
#[derive(Debug)]
struct Run {
    side: Ordering,
    length: usize,
}

impl Default for Run {
    fn default() -> Self {
        Self { side: Ordering::Equal, length: 0 }
    }
}

impl Run {
    fn add(&mut self, side: Ordering) -> usize {
        self.length = if side == Ordering::Equal { 0 } else { 1 + if side == self.side { self.length } else { 0 } };
        self.side = side;
        self.length
    }
}

/// Laney's ratio, from the differences between neighbouring points; `spread` is √(p̄ (1 − p̄)).
#[expect(clippy::cast_precision_loss, reason = "the number of points is far below 2^53")]
fn sigma_z(counts: &[(u64, u64)], center: f64, spread: f64) -> Option<f64> {
    let z = counts.iter().filter(|(_, n)| *n > 0).map(|&(met, n)| (share(met, n) - center) / spread * root(n));
    let z: Vec<f64> = z.collect();
    let ranges = z.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    finite(ranges.sum::<f64>() / (z.len() - 1) as f64 / MEAN_RANGE)
}

fn limits(center: f64, sigma: f64) -> Interval {
    Interval { low: (center - SIGMAS * sigma).max(0.0), high: (center + SIGMAS * sigma).min(1.0) }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn share(met: u64, n: u64) -> f64 {
    met as f64 / n as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn root(n: u64) -> f64 {
    (n as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    /// Cans that leak, of 50 each: the trial samples of `orangejuice` in R's qcc, then its later ones.
    const TRIAL: [u64; 30] =
        [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6];
    const LATER: [u64; 24] = [9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5];

    /// Places, from 1, of the points that hold.
    fn places(chart: &PChart, holds: impl Fn(usize, &Point) -> bool) -> Vec<usize> {
        let points = chart.points.iter().enumerate().filter_map(|(at, p)| p.as_ref().map(|p| (at, p)));
        points.filter(|(at, point)| holds(*at, point)).map(|(at, _)| at + 1).collect()
    }

    /// Origin: R qcc, `qcc(D, sizes = size, type = "p")` and type = "p" after Laney; digits recomputed with numpy.
    #[test]
    fn the_trial_of_the_juice_cans() {
        let counts = TRIAL.map(|met| (met, 50));
        let chart = p_chart(&counts).unwrap();
        assert_close(chart.center, 0.231_333_333_333_333_3);
        assert_close(chart.sigma_z.unwrap(), 1.660_866_719_743_238_5);
        let first = chart.points[0].unwrap();
        assert_close(first.binomial.low, 0.052_427_548_071_928_23);
        assert_close(first.binomial.high, 0.410_239_118_594_738_44);
        let laney = first.laney.unwrap();
        assert_eq!(laney.low.to_bits(), 0.0_f64.to_bits());
        assert_close(laney.high, 0.528_471_998_043_531_5);
        let outside = |at: usize, p: &Point| share(TRIAL[at], 50) > p.binomial.high;
        assert_eq!(places(&chart, outside), [15, 23], "outside the binomial limits");
        assert_eq!(places(&chart, |_, p| p.signal.is_some()), [] as [usize; 0], "none outside Laney's");
    }

    /// Origin: numpy. Samples 19 to 26 lie above the centre of 0.1778, those from 34 on below; the eighth ones are 26
    /// and 41.
    #[test]
    fn the_repaired_machine_makes_a_run() {
        let counts: Vec<(u64, u64)> = TRIAL.iter().chain(&LATER).map(|met| (*met, 50)).collect();
        let chart = p_chart(&counts).unwrap();
        assert_close(chart.sigma_z.unwrap(), 1.379_753_644_461_110_7);
        assert_close(chart.points[0].unwrap().laney.unwrap().high, 0.401_583_478_299_656_6);
        assert_eq!(places(&chart, |_, p| p.signal == Some(Signal::Beyond)), [15, 23]);
        let run = [26].into_iter().chain(41..=54).collect::<Vec<_>>();
        assert_eq!(places(&chart, |_, p| p.signal == Some(Signal::Run)), run);
    }

    /// Origin: numpy, the formulas written down again.
    #[test]
    fn points_of_unequal_size() {
        let chart = p_chart(&[(47, 50), (0, 0), (110, 130), (80, 80), (9, 20), (300, 333)]).unwrap();
        assert_close(chart.center, 0.890_701_468_189_233_2);
        assert_close(chart.sigma_z.unwrap(), 5.290_154_299_921_163);
        assert_eq!(chart.points[1], None);
        let [second, last] = [2, 5].map(|at| chart.points[at].unwrap());
        assert_close(chart.points[4].unwrap().binomial.low, 0.681_396_515_453_637_7);
        assert_close(second.laney.unwrap().low, 0.456_400_131_331_304_2);
        assert_close(last.laney.unwrap().low, 0.619_344_657_909_570_2);
    }

    #[test]
    fn where_nothing_can_be_said() {
        assert_eq!(p_chart(&[]), None);
        assert_eq!(p_chart(&[(0, 0), (0, 0)]), None);
        assert_eq!(p_chart(&[(3, 2)]), None);
        let one = p_chart(&[(0, 0), (3, 4)]).unwrap();
        assert_eq!((one.sigma_z, one.points[1].unwrap().laney), (None, None));
        assert!(one.points[1].unwrap().binomial.low > 0.0);
        for (met, n, center) in [(0, 9, 0.0), (9, 9, 1.0)] {
            let chart = p_chart(&[(met, n); 9]).unwrap();
            let at = Interval { low: center, high: center };
            let point = Point { binomial: at, laney: Some(at), signal: None };
            assert_eq!(chart, PChart { center, sigma_z: None, points: vec![Some(point); 9] });
        }
    }

    #[test]
    fn a_run_ends_on_the_centre_and_not_where_nothing_came() {
        let run = |counts: &[(u64, u64)]| places(&p_chart(counts).unwrap(), |_, p| p.signal == Some(Signal::Run));
        let (above, below) = ([(5, 9), (9, 9), (5, 9), (9, 9), (5, 9)], [(4, 9), (0, 9), (4, 9), (0, 9), (4, 9)]);
        let with = |middle: (u64, u64)| [&above[..], &[middle], &above, &below, &below].concat();
        assert_eq!(run(&with((7, 9))), [8, 9, 10, 11, 19, 20, 21]);
        assert_eq!(run(&with((0, 0))), [9, 10, 11, 19, 20, 21]);
        let on_it = with((1, 2));
        assert_eq!(p_chart(&on_it).unwrap().center.to_bits(), 0.5_f64.to_bits());
        assert_eq!(run(&on_it), [19, 20, 21]);
    }

    fn counts() -> impl Strategy<Value = Vec<(u64, u64)>> {
        let pair = (0_u64..2000, 0_u64..2000).prop_map(|(met, rest)| (met, met + rest));
        proptest::collection::vec(prop_oneof![4 => pair, 1 => Just((0, 0))], 0..40)
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    proptest! {
        #[test]
        fn limits_hold_the_centre_and_stay_within_shares(counts in counts()) {
            let total: u64 = counts.iter().map(|(_, n)| n).sum();
            let chart = p_chart(&counts);
            prop_assert_eq!(chart.is_some(), total > 0);
            let Some(chart) = chart else { return Ok(()) };
            prop_assert_eq!(chart.points.len(), counts.len());
            for ((met, n), point) in counts.iter().zip(&chart.points) {
                prop_assert_eq!(point.is_some(), *n > 0);
                let Some(point) = point else { continue };
                for limits in [Some(point.binomial), point.laney].into_iter().flatten() {
                    prop_assert!(0.0 <= limits.low && limits.low <= chart.center);
                    prop_assert!(chart.center <= limits.high && limits.high <= 1.0);
                }
                let outside = point.laney.is_some_and(|l| share(*met, *n) < l.low || share(*met, *n) > l.high);
                prop_assert_eq!(point.signal == Some(Signal::Beyond), outside);
            }
        }

        /// Points without cases say nothing, wherever they stand.
        #[test]
        fn points_without_cases_change_nothing(counts in counts()) {
            let without: Vec<(u64, u64)> = counts.iter().copied().filter(|(_, n)| *n > 0).collect();
            let chart = |counts: &[(u64, u64)]| {
                let chart = p_chart(counts)?;
                Some((chart.center, chart.sigma_z, chart.points.into_iter().flatten().collect::<Vec<_>>()))
            };
            prop_assert_eq!(chart(&counts), chart(&without));
        }

        /// Missed ÷ judged makes the same chart upside down.
        #[test]
        fn the_chart_of_the_rest_is_the_mirror(counts in counts()) {
            let rest: Vec<(u64, u64)> = counts.iter().map(|(met, n)| (n - met, *n)).collect();
            let (Some(chart), Some(mirror)) = (p_chart(&counts), p_chart(&rest)) else { return Ok(()) };
            prop_assert!(close(chart.center, 1.0 - mirror.center));
            prop_assert!(close(chart.sigma_z.unwrap_or(-1.0), mirror.sigma_z.unwrap_or(-1.0)));
            for (one, other) in chart.points.iter().flatten().zip(mirror.points.iter().flatten()) {
                prop_assert!(close(one.binomial.low, 1.0 - other.binomial.high));
                prop_assert_eq!(one.signal == Some(Signal::Run), other.signal == Some(Signal::Run));
            }
        }

        /// The order of time backwards gives the same limits, and the same points outside.
        #[test]
        fn backwards_the_limits_are_the_same(counts in counts()) {
            let backwards: Vec<(u64, u64)> = counts.iter().rev().copied().collect();
            let (Some(chart), Some(other)) = (p_chart(&counts), p_chart(&backwards)) else { return Ok(()) };
            for (one, other) in chart.points.iter().zip(other.points.iter().rev()) {
                let low = |p: &Option<Point>| p.and_then(|p| p.laney).map_or(-1.0, |l| l.low);
                prop_assert!(close(low(one), low(other)));
            }
        }

        /// With σ_z from three points, none of them can be beyond: no alarm from nearly no data.
        #[test]
        fn three_points_never_raise_an_alarm(counts in proptest::collection::vec((0_u64..2000, 1_u64..2000), 1..=3)) {
            let counts: Vec<(u64, u64)> = counts.iter().map(|(met, rest)| (*met, met + rest)).collect();
            let chart = p_chart(&counts).unwrap();
            prop_assert!(chart.points.iter().flatten().all(|p| p.signal.is_none()));
        }
    }
}
