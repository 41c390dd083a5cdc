//! Effect sizes of two groups.
//!
//! Hedges' g: L. V. Hedges, *Distribution Theory for Glass's Estimator of Effect Size and Related Estimators*, Journal
//! of Educational Statistics 6 (1981), 107–128, with his approximation 1 − 3 / (4m − 1) of the bias correction, m
//! degrees of freedom. Cliff's delta: N. Cliff, *Dominance Statistics*, Psychological Bulletin 114 (1993), 494–509.

use super::counts::ScoreCounts;
use super::finite;
use super::moments::Moments;

/// Hedges' g, (mean a − mean b) in pooled standard deviations, corrected for small samples.
///
/// `None` where a group has fewer than two values, neither varies, or a number is not finite.
#[must_use]
pub fn hedges_g(a: &Moments, b: &Moments) -> Option<f64> {
    if !a.has_variance() || !b.has_variance() {
        return None;
    }
    let (df_a, df_b) = (a.size() - 1.0, b.size() - 1.0);
    let df = df_a + df_b;
    let pooled = (df_a / df * a.variance + df_b / df * b.variance).sqrt();
    let correction = 1.0 - 3.0 / (4.0 * df - 1.0);
    finite(correction * (a.mean - b.mean) / pooled)
}

/// Cliff's delta, P(a > b) − P(a < b) for a score drawn from each, −1..=1; `None` where a sample is empty.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "the sums are exact until here")]
pub fn cliffs_delta(a: &ScoreCounts, b: &ScoreCounts) -> Option<f64> {
    let n_b = i128::from(b.n());
    let mut smaller = 0_i128;
    let mut rest = b.pairs();
    let mut dominance = 0_i128;
    for &(value, count) in a.pairs() {
        while let [(other, n), tail @ ..] = rest
            && *other < value
        {
            smaller += i128::from(*n);
            rest = tail;
        }
        let equal = match rest.first() {
            Some(&(other, n)) if other == value => i128::from(n),
            _ => 0,
        };
        let larger = n_b - smaller - equal;
        dominance = dominance.checked_add(i128::from(count).checked_mul(smaller - larger)?)?;
    }
    finite(dominance as f64 / (a.n() as f64 * n_b as f64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    // Samples a = 4.2 4.5 3.9 4.8 4.1 4.4, b = 3.8 3.6 4.0 3.5 3.9.
    const A: Moments = Moments { n: 6, mean: 25.9 / 6.0, variance: 0.61 / 6.0 };
    const B: Moments = Moments { n: 5, mean: 3.76, variance: 0.043 };

    /// Origin: the formula, evaluated in numpy.
    #[test]
    fn hedges() {
        assert_close(hedges_g(&A, &B).unwrap(), 1.851_132_604_036_62);
        let flat = Moments { variance: 0.0, ..A };
        assert_eq!(hedges_g(&flat, &flat), None);
        assert_eq!(hedges_g(&A, &Moments { n: 1, ..B }), None);
    }

    fn counts(values: &[i32]) -> ScoreCounts {
        values.iter().map(|&value| (value, 1)).collect()
    }

    /// Origin: the mean of the signs of all differences, in numpy.
    #[test]
    fn cliff() {
        let a = counts(&[4200, 4500, 3900, 4800, 4100, 4400]);
        let b = counts(&[3800, 3600, 4000, 3500, 3900]);
        assert_close(cliffs_delta(&a, &b).unwrap(), 0.9);
        let ties = cliffs_delta(&counts(&[1, 1, 2, 3]), &counts(&[2, 2, 3, 3]));
        assert_close(ties.unwrap(), -0.5);
        assert_eq!(cliffs_delta(&a, &ScoreCounts::default()), None);
        assert_eq!(cliffs_delta(&ScoreCounts::default(), &b), None);
    }

    proptest! {
        #[test]
        fn cliff_is_the_mean_sign(
            a in prop::collection::vec(-9..9_i32, 1..12), b in prop::collection::vec(-9..9_i32, 1..12)
        ) {
            let signs: i32 = a.iter().flat_map(|x| b.iter().map(move |y| (x - y).signum())).sum();
            #[expect(clippy::cast_precision_loss, reason = "a test")]
            let expected = f64::from(signs) / (a.len() * b.len()) as f64;
            prop_assert_eq!(cliffs_delta(&counts(&a), &counts(&b)), Some(expected));
        }
    }
}
