//! A target before and after a measure was completed.

use crate::schema::facts::effect::{AFTER, BEFORE, DEFECT, DIMENSION, SIDES};
use crate::stats::interval::Interval;
use crate::stats::moments::Moments;
use crate::stats::{proportion, rate_ratio, welch};

/// What one side adds up to.
#[derive(Debug, Default, Clone, Copy)]
pub struct Sums {
    pub n: u64,
    pub hits: u64,
    pub points: u64,
    pub squares: u64,
}

/// What happened to the target of a measure.
#[derive(Debug, Default, Clone)]
pub struct Effect {
    pub kind: String,
    pub days: i32,
    /// By [`SIDES`].
    pub sides: [Sums; 3],
}

impl Effect {
    pub fn side(&self, side: &str) -> Sums {
        SIDES.iter().position(|own| *own == side).map(|place| self.sides[place]).unwrap_or_default()
    }
}

/// How the two sides compare.
#[derive(Debug, Default, Clone, Copy)]
pub struct Compared {
    pub values: [Option<f64>; 2],
    pub change: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub p: Option<f64>,
}

#[expect(clippy::cast_precision_loss, reason = "counts and points are far below 2^53")]
impl Compared {
    pub fn of(effect: &Effect) -> Self {
        let (before, after) = (effect.side(BEFORE), effect.side(AFTER));
        match effect.kind.as_str() {
            DEFECT => Self::rates(before, after),
            DIMENSION => Self::means(before, after),
            _ => Self::shares(before, after),
        }
    }

    fn rates(before: Sums, after: Sums) -> Self {
        let rate = |sums: Sums| (sums.n > 0).then(|| 100.0 * sums.hits as f64 / sums.n as f64);
        let test = rate_ratio::compare(after.hits, after.n as f64, before.hits, before.n as f64);
        Self {
            values: [rate(before), rate(after)],
            change: test.and_then(|test| test.ratio),
            low: test.map(|test| test.low),
            high: test.and_then(|test| test.high),
            p: test.map(|test| test.p),
        }
    }

    fn means(before: Sums, after: Sums) -> Self {
        let (one, other) = (moments(before), moments(after));
        let value = |moments: Option<Moments>| moments.map(|moments| moments.mean);
        let pair = one.zip(other);
        let interval = pair.and_then(|(before, after)| welch::difference(&after, &before));
        Self {
            values: [value(one), value(other)],
            change: pair.map(|(before, after)| after.mean - before.mean),
            p: pair.and_then(|(before, after)| welch::t_test(&after, &before)).map(|test| test.p),
            ..Self::default()
        }
        .within(interval)
    }

    fn shares(before: Sums, after: Sums) -> Self {
        let share = |sums: Sums| (sums.n > 0).then(|| sums.hits as f64 / sums.n as f64);
        let values = [share(before), share(after)];
        Self {
            values,
            change: values[0].zip(values[1]).map(|(before, after)| after - before),
            p: proportion::pooled_z_test(after.hits, after.n, before.hits, before.n).map(|test| test.p),
            ..Self::default()
        }
        .within(proportion::newcombe(after.hits, after.n, before.hits, before.n))
    }

    fn within(self, interval: Option<Interval>) -> Self {
        Self { low: interval.map(|i| i.low), high: interval.map(|i| i.high), ..self }
    }
}

/// The moments of answers from their exact sums.
#[expect(clippy::cast_precision_loss, reason = "the differences are exact, and then far below 2^53")]
fn moments(sums: Sums) -> Option<Moments> {
    let n = i128::from(sums.n);
    // n · Σx² − (Σx)², in whole numbers: nothing cancels.
    let spread = n * i128::from(sums.squares) - i128::from(sums.points) * i128::from(sums.points);
    let variance = if n > 1 { spread as f64 / (n * (n - 1)) as f64 / 1e6 } else { 0.0 };
    (n > 0).then(|| Moments { n: sums.n, mean: sums.points as f64 / n as f64 / 1000.0, variance })
}
