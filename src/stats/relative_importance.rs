//! What share of the variance of an overall score each dimension explains.
//!
//! Lindeman, Merenda and Gold, *Introduction to Bivariate and Multivariate Analysis* (1980), as told by U. Grömping,
//! *Relative Importance for Linear Regression in R: The Package relaimpo*, Journal of Statistical Software 17 (2006), no. 1:
//! what a predictor adds to R², averaged over all orders in which the predictors can enter. The same numbers are the Shapley
//! values of R².

use super::random::Random;

/// Up to so many predictors all orders count: 2ᵖ regressions are solved. With more, [`ORDERS`] orders stand for all.
pub const MOST: usize = 10;

/// Orders of many predictors, drawn once for all: half of them, and each of these the other way round.
const ORDERS: usize = 100;

/// A pivot below this share of its predictor's own variance: what is left of it is rounding.
const NOTHING_LEFT: f64 = 1e-10;

/// Sums of products of deviations from the means: of the predictors with each other, row by row, and with the response.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviations {
    pub predictors: Vec<Vec<f64>>,
    pub with_response: Vec<f64>,
    pub response: f64,
}

/// Shares of R².
#[derive(Debug, Clone, PartialEq)]
pub struct Importance {
    pub r_squared: f64,
    /// Of each predictor; they add up to R².
    pub shares: Vec<f64>,
}

impl Importance {
    /// The shares of R² itself, which add up to 1; none where R² is 0.
    #[must_use]
    pub fn of_r_squared(&self) -> Option<Vec<f64>> {
        (self.r_squared > 0.0).then(|| self.shares.iter().map(|share| share / self.r_squared).collect())
    }
}

/// The shares; none without a predictor, or where the response does not vary.
#[must_use]
pub fn lmg(sums: &Deviations) -> Option<Importance> {
    let count = sums.predictors.len();
    if count == 0 || sums.response <= 0.0 || !sums.response.is_finite() {
        return None;
    }
    if count > MOST {
        return Some(sampled(sums));
    }
    let total = |subset: usize| -> f64 {
        explained_in_turn(sums, (0..count).filter(move |place| subset >> place & 1 == 1)).map(|(_, share)| share).sum()
    };
    let explained: Vec<f64> = (0..1_usize << count).map(total).collect();
    let weights = weights(count);
    let share = |predictor: usize| {
        let own = 1 << predictor;
        let without = (0..explained.len()).filter(|subset| subset & own == 0);
        let added =
            |subset: usize| weights[subset.count_ones() as usize] * (explained[subset | own] - explained[subset]);
        without.map(added).sum()
    };
    Some(Importance { r_squared: explained[explained.len() - 1], shares: (0..count).map(share).collect() })
}

/// How many of all orders put exactly `k` given predictors before one and the others behind it, as a share: k! (p − k − 1)! / p!.
#[expect(clippy::cast_precision_loss, reason = "few predictors")]
fn weights(count: usize) -> Vec<f64> {
    let mut weights = Vec::with_capacity(count);
    let mut ways = 1.0;
    for before in 0..count {
        // One in p · C(p − 1, k).
        weights.push(1.0 / (count as f64 * ways));
        ways *= (count - 1 - before) as f64 / (before + 1) as f64;
    }
    weights
}

/// The shares by some orders only.
#[expect(clippy::cast_precision_loss, reason = "few orders")]
fn sampled(sums: &Deviations) -> Importance {
    let count = sums.predictors.len();
    let mut shares = vec![0.0; count];
    let mut random = Random::new();
    let mut order: Vec<usize> = (0..count).collect();
    for _ in 0..ORDERS / 2 {
        for place in (1..count).rev() {
            order.swap(place, random.below(place + 1));
        }
        for (place, share) in explained_in_turn(sums, order.iter().copied()) {
            shares[place] += share;
        }
        for (place, share) in explained_in_turn(sums, order.iter().rev().copied()) {
            shares[place] += share;
        }
    }
    let orders = (ORDERS / 2 * 2) as f64;
    let shares: Vec<f64> = shares.into_iter().map(|share| share / orders).collect();
    Importance { r_squared: shares.iter().sum(), shares }
}

/// What each of some predictors adds to R² when they enter in this order, by Cholesky's decomposition. A predictor that those
/// before it determine adds nothing, and is left out.
fn explained_in_turn(sums: &Deviations, order: impl Iterator<Item = usize>) -> impl Iterator<Item = (usize, f64)> {
    // Rows of the decomposition, and what each explains of the response.
    let mut kept: Vec<(usize, Vec<f64>, f64)> = Vec::new();
    for place in order {
        let own = sums.predictors[place][place];
        let mut row: Vec<f64> = Vec::with_capacity(kept.len() + 1);
        for (other, theirs, _) in &kept {
            let known: f64 = row.iter().zip(theirs).map(|(a, b)| a * b).sum();
            let pivot = theirs[row.len()];
            row.push((sums.predictors[place][*other] - known) / pivot);
        }
        let left = own - row.iter().map(|x| x * x).sum::<f64>();
        if own <= 0.0 || left <= NOTHING_LEFT * own {
            continue;
        }
        let known: f64 = row.iter().zip(&kept).map(|(x, (_, _, explained))| x * explained).sum();
        let explained = (sums.with_response[place] - known) / left.sqrt();
        row.push(left.sqrt());
        kept.push((place, row, explained));
    }
    let response = sums.response;
    kept.into_iter().map(move |(place, _, explained)| (place, explained * explained / response))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::assert_close;

    const PREDICTORS: [[f64; 10]; 4] = [
        [5.0, 4.0, 3.0, 5.0, 2.0, 4.0, 1.0, 3.0, 5.0, 4.0],
        [4.0, 4.0, 2.0, 5.0, 3.0, 5.0, 2.0, 3.0, 4.0, 3.0],
        [4.0, 3.0, 3.0, 4.0, 2.0, 5.0, 2.0, 4.0, 5.0, 3.0],
        [5.0, 4.0, 4.0, 4.0, 3.0, 5.0, 4.0, 2.0, 3.0, 3.0],
    ];
    const RESPONSE: [f64; 10] = [5.0, 4.0, 3.0, 5.0, 2.0, 5.0, 1.0, 3.0, 4.0, 4.0];

    fn deviations(predictors: &[[f64; 10]]) -> Deviations {
        let product = |a: &[f64; 10], b: &[f64; 10]| {
            let (mean_a, mean_b) = (a.iter().sum::<f64>() / 10.0, b.iter().sum::<f64>() / 10.0);
            a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum::<f64>()
        };
        Deviations {
            predictors: predictors.iter().map(|a| predictors.iter().map(|b| product(a, b)).collect()).collect(),
            with_response: predictors.iter().map(|a| product(a, &RESPONSE)).collect(),
            response: product(&RESPONSE, &RESPONSE),
        }
    }

    /// Origin: `numpy.linalg.lstsq` on each of the 24 orders, what each predictor adds to R² averaged over them.
    #[test]
    fn shares_of_four_predictors() {
        let found = lmg(&deviations(&PREDICTORS)).unwrap();
        assert_close(found.r_squared, 0.939_103_595_805_78);
        let expected = [0.419_583_817_008_35, 0.255_064_170_489_514, 0.197_629_469_495_614, 0.066_826_138_812_302];
        for (share, expected) in found.shares.iter().zip(expected) {
            assert_close(*share, expected);
        }
        assert_close(found.shares.iter().sum(), found.r_squared);
    }

    /// Origin: with one predictor, R² is the square of the correlation.
    #[test]
    fn of_one_predictor() {
        let sums = deviations(&PREDICTORS[..1]);
        let correlation = sums.with_response[0] / (sums.predictors[0][0] * sums.response).sqrt();
        let found = lmg(&sums).unwrap();
        assert_close(found.r_squared, correlation * correlation);
        assert_close(found.shares[0], correlation * correlation);
    }

    #[test]
    fn two_that_are_the_same_share_alike() {
        let found = lmg(&deviations(&[PREDICTORS[0], PREDICTORS[0], PREDICTORS[2]])).unwrap();
        assert_close(found.shares[0], found.shares[1]);
        assert_close(found.r_squared, lmg(&deviations(&[PREDICTORS[0], PREDICTORS[2]])).unwrap().r_squared);
    }

    #[test]
    fn one_that_does_not_vary_has_no_share() {
        let found = lmg(&deviations(&[PREDICTORS[0], [3.0; 10]])).unwrap();
        assert_eq!(found.shares[1].to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn undefined() {
        assert_eq!(lmg(&deviations(&[])), None);
        let flat = Deviations { response: 0.0, ..deviations(&PREDICTORS) };
        assert_eq!(lmg(&flat), None);
    }

    /// Twelve that are independent of each other: each has the square of its correlation, in whatever order.
    #[test]
    fn many_predictors_by_some_orders() {
        let predictors = (0..12).map(|one| (0..12).map(|other| f64::from(u8::from(one == other))).collect()).collect();
        let with_response: Vec<f64> = (0..12).map(|one| 0.02 * f64::from(one)).collect();
        let found = lmg(&Deviations { predictors, with_response: with_response.clone(), response: 1.0 }).unwrap();
        for (share, with) in found.shares.iter().zip(with_response) {
            assert!((share - with * with).abs() < 1e-15);
        }
    }

    /// Some orders come near to what all orders give.
    #[test]
    fn some_orders_come_near_to_all() {
        let sums = deviations(&PREDICTORS);
        let (all, some) = (lmg(&sums).unwrap(), sampled(&sums));
        assert_close(some.r_squared, all.r_squared);
        for (some, all) in some.shares.iter().zip(&all.shares) {
            assert!((some - all).abs() < 0.05, "{some} is far from {all}");
        }
        assert_close(some.of_r_squared().unwrap().iter().sum(), 1.0);
    }
}
