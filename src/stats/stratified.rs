//! Samples from strata: how many from each, and who stands in where one has too few.

/// How many of `total` each share gets: the largest remainders (A. Hamilton's method; M. L. Balinski, H. P. Young, *Fair
/// Representation*, 1982). Of equal remainders the first one gets more. The shares come to 1.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 of anybody")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the total")]
pub fn quotas<const N: usize>(total: u64, shares: [f64; N]) -> [u64; N] {
    // Shares such as 0.3 are no binary fractions, and 0.3 × 10 is three all the same.
    let exact = shares.map(|share| share * total as f64 + SLACK);
    let mut quotas = exact.map(|exact| exact.floor() as u64);
    let mut order: Vec<usize> = (0..N).collect();
    order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()));
    let given: u64 = quotas.iter().sum();
    for place in order.into_iter().cycle().take(total.saturating_sub(given) as usize) {
        quotas[place] += 1;
    }
    quotas
}

/// A share of `total`, rounded up: a sample of at least so much.
#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 of anybody")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the total")]
pub fn at_least(share: f64, total: u64) -> u64 {
    (share * total as f64 - SLACK).ceil().max(0.0) as u64
}

const SLACK: f64 = 1e-9;

/// How many each stratum gives to the quota of each: `[quota][stratum]`. A stratum serves its own quota first; where one has too
/// few, what the next ones have left fills its quota, after the last the first again.
pub fn filled<const N: usize>(quotas: [u64; N], available: [u64; N]) -> [[u64; N]; N] {
    let mut left = available;
    let mut drawn = [[0; N]; N];
    for (place, quota) in quotas.into_iter().enumerate() {
        let own = quota.min(left[place]);
        drawn[place][place] = own;
        left[place] -= own;
    }
    for (place, quota) in quotas.into_iter().enumerate() {
        let mut short = quota - drawn[place][place];
        for from in (1..N).map(|step| (place + step) % N) {
            let taken = short.min(left[from]);
            drawn[place][from] += taken;
            left[from] -= taken;
            short -= taken;
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotas_by_largest_remainders() {
        // By hand: 10 × 0.3 = 3, 2, 5; 11: 3.3, 2.2, 5.5, the last has the largest remainder; 13: 3.9, 2.6, 6.5.
        assert_eq!(quotas(10, [0.3, 0.2, 0.5]), [3, 2, 5]);
        assert_eq!(quotas(11, [0.3, 0.2, 0.5]), [3, 2, 6]);
        assert_eq!(quotas(13, [0.3, 0.2, 0.5]), [4, 3, 6]);
        assert_eq!(quotas(1, [0.3, 0.2, 0.5]), [0, 0, 1]);
        assert_eq!(quotas(3, [0.5, 0.5]), [2, 1]);
        assert_eq!(quotas(0, [0.3, 0.2, 0.5]), [0, 0, 0]);
    }

    #[test]
    fn a_share_is_rounded_up_and_no_further() {
        assert_eq!([0, 1, 10, 30, 31].map(|total| at_least(0.1, total)), [0, 1, 1, 3, 4]);
        assert_eq!(at_least(1.0, 7), 7);
    }

    #[test]
    fn the_next_stratum_stands_in() {
        // Three are wanted of the first and it has one: the second has nothing left over, the third gives two.
        assert_eq!(filled([3, 2, 5], [1, 2, 9]), [[1, 0, 2], [0, 2, 0], [0, 0, 5]]);
        // After the last comes the first again.
        assert_eq!(filled([3, 2, 5], [9, 3, 3]), [[3, 0, 0], [0, 2, 0], [2, 0, 3]]);
        // Nobody is drawn twice, and what there is not is not drawn.
        assert_eq!(filled([3, 2, 5], [1, 0, 2]), [[1, 0, 0], [0, 0, 0], [0, 0, 2]]);
    }

    proptest! {
        #[test]
        fn nobody_is_missing_and_nobody_twice(
            total in 0u64..500, first in 0.0f64..0.5, second in 0.0f64..0.5, available in prop::array::uniform3(0u64..300),
        ) {
            let quotas = quotas(total, [first, second, 1.0 - first - second]);
            prop_assert_eq!(quotas.iter().sum::<u64>(), total);
            let drawn = filled(quotas, available);
            let given: u64 = drawn.iter().flatten().sum();
            prop_assert_eq!(given, total.min(available.iter().sum()));
            for place in 0..3 {
                prop_assert!(drawn.iter().map(|quota| quota[place]).sum::<u64>() <= available[place]);
                prop_assert!(drawn[place].iter().sum::<u64>() <= quotas[place]);
            }
        }
    }
}
