//! Statistics: pure functions of numbers, one topic in each file, each with its source.
//!
//! Nothing here panics or returns NaN: a figure that the numbers do not define is `None`.

pub mod adjust;
mod beta;
mod binomial;
pub mod bootstrap;
pub mod control;
pub mod counts;
pub mod effect;
pub mod fisher;
pub mod interval;
pub mod kruskal;
pub mod log_odds;
pub mod moments;
pub mod paired;
pub mod poisson;
pub mod proportion;
pub mod quantile;
mod random;
pub mod rate_ratio;
pub mod relative_importance;
pub mod shrink;
pub mod stratified;
pub mod student;
pub mod survival;
pub mod trend;
pub mod weighted;
pub mod welch;

/// The 97.5 % point of the standard normal distribution, for two-sided 95 % intervals.
const Z_95: f64 = 1.959_963_984_540_054;

/// The probability beyond either end of a two-sided 95 % interval.
const TAIL_95: f64 = 0.025;

/// The number, or `None` where it is NaN or infinite.
fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// Two-sided p-value of a standard normal statistic.
fn normal_p(z: f64) -> f64 {
    statrs::function::erf::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Fails unless `actual` agrees with `expected` to 9 significant digits.
#[cfg(test)]
#[track_caller]
fn assert_close(actual: f64, expected: f64) {
    let tolerance = 1e-9 * expected.abs().max(f64::MIN_POSITIVE);
    assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected}");
}
