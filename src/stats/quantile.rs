//! Quantiles of durations from counts per logarithmic bucket.
//!
//! The buckets are those of G. Tene's `HdrHistogram` (2012): each power of two is cut into 64 equal buckets, found by
//! integer shifts alone, so any machine and any engine gives the same bucket. Counts per bucket add up, and as in
//! C. Masson, J. E. Rim, H. K. Lee, `DDSketch`, PVLDB 12 (2019), 2195–2205, the error is bounded relative to the
//! value: at most 1/128. Values up to 127 are exact.

/// The greatest relative error of [`value`] against any value in its bucket, below 0.8 %.
pub const RELATIVE_ERROR: f64 = 1.0 / 128.0;

/// Buckets in each power of two, as a power of two.
const SUB_BUCKET_BITS: u32 = 6;

/// The bucket of the greatest `i64`.
const MAX_BUCKET: i32 = (56 << SUB_BUCKET_BITS) + 127;

/// The bucket of a number of seconds; buckets rise with the values. Negative values count as 0.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "at most MAX_BUCKET")]
pub const fn bucket(seconds: i64) -> i32 {
    if seconds <= 0 {
        return 0;
    }
    // The leading 7 bits of the value: 64..=127 from 64 on.
    let shift = seconds.ilog2().saturating_sub(SUB_BUCKET_BITS);
    (shift << SUB_BUCKET_BITS) as i32 + (seconds >> shift) as i32
}

/// The value that stands for a bucket, in seconds: the middle of its least and greatest whole second.
///
/// Numbers that are no bucket count as the nearest one.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "not negative; from 2^53 on, one part in 2^53 does not matter"
)]
pub const fn value(bucket: i32) -> f64 {
    let bucket = if bucket < 0 {
        0
    } else if bucket > MAX_BUCKET {
        MAX_BUCKET
    } else {
        bucket
    };
    let shift = if bucket < 128 { 0 } else { (bucket >> SUB_BUCKET_BITS) - 1 };
    let low = ((bucket - (shift << SUB_BUCKET_BITS)) as u64) << shift;
    low as f64 + ((1_u64 << shift) - 1) as f64 / 2.0
}

/// The `q` quantile in seconds, 0 ≤ q ≤ 1, of (bucket, count) pairs in any order: nearest rank.
///
/// That is the value of rank ⌈q n⌉ (at least 1), without interpolation: the inverse of the empirical distribution
/// function, type 1 of R. J. Hyndman, Y. Fan, *Sample Quantiles in Statistical Packages*, The American Statistician 50
/// (1996), 361–365. `None` without values, or where `q` is not in 0..=1.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn quantile(counts: &[(i32, u64)], q: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    let sorted = |counts: &[(i32, u64)]| counts.is_sorted_by_key(|(bucket, _)| *bucket);
    let mut own = Vec::new();
    let counts = if sorted(counts) {
        counts
    } else {
        own.extend_from_slice(counts);
        own.sort_unstable();
        own.as_slice()
    };
    let n: u128 = counts.iter().map(|(_, count)| u128::from(*count)).sum();
    // 0.07 × 100 is a hair above 7 in floating point; shaving it off keeps the rank at 7.
    let rank = q * n as f64 * (1.0 - 4.0 * f64::EPSILON);
    let mut reached = 0_u128;
    for &(bucket, count) in counts.iter().filter(|(_, count)| *count > 0) {
        reached += u128::from(count);
        if reached as f64 >= rank {
            return Some(value(bucket));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_values_are_exact() {
        for seconds in 0..128_i32 {
            assert_eq!(bucket(i64::from(seconds)), seconds);
            assert_eq!(value(seconds).to_bits(), f64::from(seconds).to_bits());
        }
    }

    #[test]
    fn buckets_follow_one_another() {
        let mut last = bucket(0);
        for seconds in 1..2_000_000 {
            let next = bucket(seconds);
            assert!(next == last || next == last + 1, "at {seconds}");
            last = next;
        }
        assert_eq!((bucket(i64::MIN), bucket(i64::MAX)), (0, MAX_BUCKET));
        assert!(value(i32::MIN) < value(i32::MAX));
    }

    /// Origin: the definition; ⌈0.9 · 10⌉ = 9, ⌈0.07 · 100⌉ = 7.
    #[test]
    fn nearest_rank() {
        let ten: Vec<(i32, u64)> = (1..=10).rev().map(|bucket| (bucket, 1)).collect();
        let of_ten = [0.0, 0.1, 0.5, 0.51, 0.9, 1.0].map(|q| quantile(&ten, q).unwrap());
        let expected = [1.0, 1.0, 5.0, 6.0, 9.0, 10.0_f64];
        assert_eq!(of_ten.map(f64::to_bits), expected.map(f64::to_bits));
        let hundred: Vec<(i32, u64)> = (1..=100).map(|bucket| (bucket, 1)).collect();
        assert_eq!(quantile(&hundred, 0.07), Some(7.0));
    }

    #[test]
    fn undefined() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[(3, 0)], 0.5), None);
        assert_eq!(quantile(&[(3, 1)], f64::NAN), None);
        assert_eq!(quantile(&[(3, 1)], 1.1), None);
    }

    proptest! {
        #[test]
        #[expect(clippy::cast_precision_loss, reason = "a test")]
        fn within_the_relative_error(bits in 0_u32..63, seconds in any::<i64>()) {
            let seconds = (seconds & i64::MAX) >> bits;
            let error = (value(bucket(seconds)) - seconds as f64).abs();
            prop_assert!(error <= RELATIVE_ERROR * seconds as f64);
        }

        #[test]
        fn between_the_least_and_the_greatest(
            counts in prop::collection::vec((any::<i32>(), any::<u64>()), 1..9), q in 0.0..=1.0
        ) {
            if let Some(found) = quantile(&counts, q) {
                prop_assert!(counts.iter().any(|&(bucket, _)| value(bucket).to_bits() == found.to_bits()));
            }
        }

        #[test]
        #[expect(clippy::cast_precision_loss, reason = "a test")]
        fn near_the_value_of_that_rank(
            mut seconds in prop::collection::vec(0_i64..10_000_000, 1..50), q in 0_usize..=100
        ) {
            let counts: Vec<(i32, u64)> = seconds.iter().map(|&s| (bucket(s), 1)).collect();
            seconds.sort_unstable();
            let exact = seconds[(q * seconds.len()).div_ceil(100).max(1) - 1] as f64;
            let found = quantile(&counts, q as f64 / 100.0).unwrap();
            prop_assert!((found - exact).abs() <= RELATIVE_ERROR * exact);
        }
    }
}
