//! The Kruskal–Wallis test on ranks, from counts per value.
//!
//! W. H. Kruskal, W. A. Wallis, *Use of Ranks in One-Criterion Variance Analysis*, JASA 47 (1952), 583–621: mean
//! ranks for ties, H divided by 1 − Σ(t³ − t) / (N³ − N). All sums are of integers, so H does not depend on the order
//! of the groups' values and loses no digits in large samples.

use std::collections::BTreeMap;

use statrs::function::gamma::gamma_ur;

use super::counts::ScoreCounts;
use super::finite;

/// Result of a Kruskal–Wallis test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KruskalWallis {
    /// H statistic, corrected for ties.
    pub h: f64,
    /// p-value from the χ² distribution with (groups − 1) degrees of freedom.
    pub p: f64,
}

/// Tests that all groups come from one distribution. Empty groups do not take part.
///
/// `None` where fewer than two groups have scores, all scores are equal, or there are so many (above 10¹²) that the
/// integer sums overflow.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "the sums are exact until here")]
pub fn kruskal_wallis(groups: &[ScoreCounts]) -> Option<KruskalWallis> {
    let groups: Vec<_> = groups.iter().filter(|g| g.n() > 0).collect();
    if groups.len() < 2 {
        return None;
    }
    let pooled: ScoreCounts = groups.iter().flat_map(|g| g.pairs()).copied().collect();
    let n = i128::from(pooled.n());
    let cubed = |t: i128| Some(t.checked_pow(3)? - t);

    let mut correction = 0_i128;
    let mut below = 0_i128;
    let mut rank_from_centre = BTreeMap::new();
    for &(value, count) in pooled.pairs() {
        let tied = i128::from(count);
        correction = correction.checked_add(cubed(tied)?)?;
        // Twice the distance of the mean rank, below + (tied + 1) / 2, from the centre, (n + 1) / 2.
        rank_from_centre.insert(value, 2 * below + tied - n);
        below += tied;
    }
    let untied = cubed(n)?.checked_sub(correction)?;
    if untied <= 0 {
        return None;
    }

    let mut between = 0.0;
    for group in &groups {
        let mut rank_sum = 0_i128;
        for (value, count) in group.pairs() {
            let term = i128::from(*count).checked_mul(*rank_from_centre.get(value)?)?;
            rank_sum = rank_sum.checked_add(term)?;
        }
        let rank_sum = rank_sum as f64 / 2.0;
        between += rank_sum * rank_sum / group.n() as f64;
    }
    // 12 / (N (N + 1)) · between, over the tie correction untied / (N³ − N).
    let h = finite(12.0 * between * (n - 1) as f64 / untied as f64)?;
    let half_df = (groups.len() - 1) as f64 / 2.0;
    let p = if h > 0.0 { gamma_ur(half_df, h / 2.0) } else { 1.0 };
    Some(KruskalWallis { h, p: finite(p)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::assert_close;

    fn counts(values: &[i32]) -> ScoreCounts {
        values.iter().map(|&value| (value, 1)).collect()
    }

    #[track_caller]
    fn assert_test(groups: &[ScoreCounts], h: f64, p: f64) {
        let test = kruskal_wallis(groups).expect("a test");
        assert_close(test.h, h);
        assert_close(test.p, p);
    }

    /// Origin: `scipy.stats.kruskal`.
    #[test]
    fn tests_on_ranks() {
        let a = counts(&[4200, 4500, 3900, 4800, 4100, 4400]);
        let b = counts(&[3800, 3600, 4000, 3500, 3900]);
        let c = counts(&[4900, 4700, 4600, 5000]);
        assert_test(&[a, b, c], 10.643_589_743_589_8, 0.004_883_979_736_027_15);
        let ties = [[1, 1, 2, 3], [2, 2, 3, 3], [3, 4, 4, 5]].map(|group| counts(&group));
        assert_test(&ties, 7.160_185_185_185_19, 0.027_873_117_291_566_1);
        let large = [[1000, 2000, 5000, 30_000, 40_000], [900, 2100, 5200, 29_000, 41_000], [10, 20, 50, 310, 390]]
            .map(|group| (1..).zip(group).collect());
        assert_test(&large, 13.395_628_004_955_2, 0.001_233_605_616_195_87);
    }

    #[test]
    fn undefined() {
        let some = counts(&[1, 2, 3]);
        assert_eq!(kruskal_wallis(&[]), None);
        assert_eq!(kruskal_wallis(std::slice::from_ref(&some)), None);
        assert_eq!(kruskal_wallis(&[some, ScoreCounts::default()]), None);
        assert_eq!(kruskal_wallis(&[counts(&[4, 4]), counts(&[4])]), None);
        let huge = ScoreCounts::from_iter([(1, u64::MAX / 2), (2, 1)]);
        assert_eq!(kruskal_wallis(&[huge.clone(), huge]), None);
    }

    #[test]
    fn same_groups() {
        let group = counts(&[1, 2, 3]);
        let same = KruskalWallis { h: 0.0, p: 1.0 };
        assert_eq!(kruskal_wallis(&[group.clone(), group]), Some(same));
    }

    proptest! {
        #[test]
        fn only_the_order_of_values_counts(
            groups in prop::collection::vec(prop::collection::vec((-50..50, 0_u64..100), 0..6), 0..5)
        ) {
            let groups: Vec<ScoreCounts> = groups.into_iter().map(ScoreCounts::from_iter).collect();
            let stretched: Vec<ScoreCounts> = groups
                .iter()
                .map(|g| g.pairs().iter().map(|&(value, count)| (value.pow(3), count)).collect())
                .collect();
            let test = kruskal_wallis(&groups);
            prop_assert_eq!(test, kruskal_wallis(&stretched));
            if let Some(test) = test {
                prop_assert!(test.h >= 0.0 && (0.0..=1.0).contains(&test.p));
            }
        }
    }
}
