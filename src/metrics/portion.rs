//! A part of the surveys or texts of a member, and how it changed.

use super::rows::Cell;
use crate::stats::{interval, proportion};

/// So many of `n` were counted.
#[derive(Debug, Clone, Copy)]
pub struct Portion {
    pub part: u64,
    pub n: u64,
    /// Whether `n` is enough to tell a figure.
    pub shown: bool,
    /// Part and n of the period before, where both are shown.
    pub before: Option<(u64, u64)>,
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn share((part, n): (u64, u64)) -> f64 {
    part as f64 / n as f64
}

impl Portion {
    /// Of no change; none where nothing can be compared.
    pub fn p(&self) -> Option<f64> {
        let (part, n) = self.before?;
        proportion::pooled_z_test(self.part, self.n, part, n).map(|test| test.p)
    }

    /// The part, n, the share and the ends of its interval.
    pub fn now(&self) -> [Cell; 5] {
        let interval = interval::wilson(self.part, self.n).filter(|_| self.shown);
        [
            self.shown.then_some(self.part).into(),
            self.n.into(),
            self.shown.then(|| share((self.part, self.n))).into(),
            interval.map(|i| i.low).into(),
            interval.map(|i| i.high).into(),
        ]
    }

    /// The share of the period before, the change, its q-value, and whether figures are suppressed.
    pub fn change(&self, q: Option<f64>) -> [Cell; 4] {
        let before = self.before.map(share);
        let change = before.map(|before| share((self.part, self.n)) - before);
        [before.into(), change.into(), q.into(), (!self.shown).into()]
    }
}
