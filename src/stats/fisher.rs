//! How likely so many marked ones are among some, if marks were dealt at random.
//!
//! The upper tail of the hypergeometric distribution, which is the one-sided p-value of R. A. Fisher's exact test, *Statistical
//! Methods for Research Workers*, 5th edition (1934), §21.02.

use statrs::function::gamma::ln_gamma;

use super::finite;

/// Chance of at least `marked` marked ones among `n`, drawn without replacement from `all`, of which `all_marked` are marked.
///
/// `None` where the parts do not fit into the whole.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn upper_tail(marked: u64, n: u64, all_marked: u64, all: u64) -> Option<f64> {
    let others = all.checked_sub(n)?;
    let unmarked = all.checked_sub(all_marked)?;
    if marked > n || marked > all_marked || n - marked > unmarked {
        return None;
    }
    let ln_choose = |n: u64, k: u64| {
        let (n, k) = (n as f64, k as f64);
        ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
    };
    let ln_total = ln_choose(all, n);
    let most = n.min(all_marked);
    // What the least number takes from the others can be nothing less than that.
    if marked <= all_marked.saturating_sub(others) {
        return Some(1.0);
    }
    let mut term = (ln_choose(all_marked, marked) + ln_choose(unmarked, n - marked) - ln_total).exp();
    let mut sum = 0.0;
    for count in marked..=most {
        sum += term;
        // From one number to the next the chance changes by a simple factor.
        let up = (all_marked - count) as f64 * (n - count) as f64;
        let down = (count + 1) as f64 * (unmarked + count + 1 - n) as f64;
        term *= up / down;
        if term < sum * f64::EPSILON / 16.0 && up < down {
            break;
        }
    }
    finite(sum.min(1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    /// Origin: `scipy.stats.hypergeom.sf(marked - 1, all, all_marked, n)`.
    #[test]
    fn tails() {
        for (marked, n, all_marked, all, expected) in [
            (3, 10, 20, 100, 0.318_779_936_182_311),
            (8, 8, 30, 1335, 2.388_742_082_237_86e-14),
            (12, 40, 100, 1000, 0.000_268_837_712_137_322),
            (400, 1000, 30_000, 100_000, 8.658_910_250_828_29e-12),
            (1, 5, 1, 50, 0.1),
        ] {
            assert_close(upper_tail(marked, n, all_marked, all).unwrap(), expected);
        }
    }

    #[test]
    fn certain_and_impossible() {
        assert_eq!(upper_tail(0, 10, 5, 100), Some(1.0));
        assert_eq!(upper_tail(5, 10, 10, 10), None);
        assert_eq!(upper_tail(10, 10, 10, 10), Some(1.0));
        assert_eq!(upper_tail(11, 10, 20, 100), None);
        assert_eq!(upper_tail(1, 10, 0, 100), None);
        assert_eq!(upper_tail(0, 11, 0, 10), None);
    }

    proptest! {
        #[test]
        fn more_marks_are_less_likely(n in 1_u64..60, rest in 0_u64..60, all_marked in 0_u64..60) {
            let all = n + rest;
            let all_marked = all_marked.min(all);
            let tails: Vec<f64> = (0..=n.min(all_marked)).filter_map(|k| upper_tail(k, n, all_marked, all)).collect();
            prop_assert!(tails.iter().all(|p| (0.0..=1.0).contains(p)));
            prop_assert!(tails.is_sorted_by(|a, b| *a >= *b - 1e-12));
        }
    }
}
