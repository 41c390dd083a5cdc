//! q-values for many tests at once, controlling the false discovery rate.
//!
//! Y. Benjamini, Y. Hochberg, *Controlling the False Discovery Rate: A Practical and Powerful Approach to Multiple
//! Testing*, Journal of the Royal Statistical Society B 57 (1995), 289–300.

/// Benjamini–Hochberg q-values, in the order of the p-values: the least of p₍ⱼ₎ · m / j over the ranks j from its own.
///
/// `None`, and anything outside 0..=1, stays `None` and does not count among the m tests. Equal p-values get equal
/// q-values.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "the number of tests is far below 2^53")]
pub fn benjamini_hochberg(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut ranked: Vec<(f64, usize)> = p_values
        .iter()
        .enumerate()
        .filter_map(|(at, p)| p.filter(|p| (0.0..=1.0).contains(p)).map(|p| (p, at)))
        .collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));

    let tests = ranked.len() as f64;
    let mut q_values = vec![None; p_values.len()];
    let mut q = 1.0_f64;
    for (index, (p, at)) in ranked.into_iter().enumerate().rev() {
        q = q.min(p * (tests / (index + 1) as f64));
        q_values[at] = Some(q);
    }
    q_values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    /// Origin: `scipy.stats.false_discovery_control`; the entries without a p-value were not passed to it.
    #[test]
    fn q_values() {
        let p = [0.01, 0.04, 0.03, 0.005, 0.8, 0.04, 1.0, 0.0].map(Some);
        let expected = [2.0 / 75.0, 4.0 / 75.0, 4.0 / 75.0, 0.02, 6.4 / 7.0, 4.0 / 75.0, 1.0, 0.0];
        let with_gaps: Vec<_> = [None, Some(f64::NAN)].into_iter().chain(p).chain([Some(1.5)]).collect();
        let q = benjamini_hochberg(&with_gaps);
        assert_eq!((q[0], q[1], q[10]), (None, None, None));
        for (q, expected) in q[2..10].iter().zip(expected) {
            assert_close(q.unwrap(), expected);
        }
        assert_eq!(benjamini_hochberg(&[]), []);
    }

    proptest! {
        #[test]
        fn never_below_p_and_in_its_order(
            p in prop::collection::vec(prop::option::weighted(0.8, 0.0..=1.0), 0..30)
        ) {
            let q = benjamini_hochberg(&p);
            let pairs: Vec<(f64, f64)> = p.iter().zip(&q).filter_map(|(p, q)| Some(((*p)?, (*q)?))).collect();
            prop_assert_eq!(pairs.len(), p.iter().flatten().count());
            for &(p, q) in &pairs {
                prop_assert!(p <= q && q <= 1.0);
                prop_assert!(pairs.iter().all(|&(other_p, other_q)| p > other_p || q <= other_q));
            }
        }
    }
}
