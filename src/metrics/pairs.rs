//! Two scores of the same thing, pair by pair.

use std::collections::BTreeMap;

use crate::schema::Type::Double;
use crate::schema::{Column, column};
use crate::stats::counts::ScoreCounts;
use crate::stats::interval::{self, Interval};
use crate::stats::moments::Moments;
use crate::stats::paired;

/// The test that the members of pairs are alike.
pub const P: Column = column(
    "p",
    Double,
    "",
    "p值",
    "p",
    "Two-sided p-value of the paired t test that the gap is zero; null where all gaps are the same.",
);

/// The pairs of one member: a base score and another one.
#[derive(Debug, Default)]
pub struct Pairs {
    /// Pairs by other − base, in thousandths of a point.
    pub gaps: BTreeMap<i32, u64>,
    /// Sum of the base scores, in thousandths of a point.
    pub base: u64,
}

/// What the pairs of one member come to; nothing but `n` where they are too few to be shown.
#[derive(Debug)]
pub struct Figures {
    pub n: u64,
    pub means: Option<Means>,
    pub interval: Option<Interval>,
    /// Of the paired t test.
    pub p: Option<f64>,
}

/// In points.
#[derive(Debug, Clone, Copy)]
pub struct Means {
    pub base: f64,
    pub other: f64,
    pub gap: f64,
}

impl Figures {
    #[expect(clippy::cast_precision_loss, reason = "the sums are exact until here")]
    pub fn of(pairs: &Pairs, min_n: i64, means: &mut interval::MeanT) -> Self {
        let gaps: ScoreCounts = pairs.gaps.iter().map(|(gap, n)| (*gap, *n)).collect();
        let n = gaps.n();
        let shown = Moments::of(&gaps).filter(|_| i64::try_from(n).is_ok_and(|n| n >= min_n));
        let points = |thousandths: i128| thousandths as f64 / (1000.0 * n as f64);
        Self {
            n,
            means: shown.map(|gap| Means {
                base: points(i128::from(pairs.base)),
                other: points(i128::from(pairs.base) + gaps.sum()),
                gap: gap.mean,
            }),
            // With a single pair there is none.
            interval: shown.and_then(|gap| means.interval(gap.mean, gap.variance.sqrt(), n)),
            p: shown.and_then(|gap| paired::t_test(&gap)).map(|test| test.p),
        }
    }
}
