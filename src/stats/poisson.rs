//! The exact interval of a Poisson count.
//!
//! F. Garwood, *Fiducial Limits for the Poisson Distribution*, Biometrika 28 (1936), 437–442: half the 2.5 % point of
//! χ² with 2k degrees of freedom, and half its 97.5 % point with 2k + 2, as points of the gamma distribution.

use statrs::distribution::{ContinuousCDF, Gamma};

use super::interval::Interval;
use super::{TAIL_95, finite};

/// Above this the series behind the gamma distribution takes too long.
const MAX_EVENTS: u64 = 1_000_000_000;

/// 95 % interval of the expected number of events where `events` were seen, 0 at its lower end for no events.
///
/// `None` above 10⁹ events.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "at most MAX_EVENTS")]
pub fn exact(events: u64) -> Option<Interval> {
    if events > MAX_EVENTS {
        return None;
    }
    let low = if events == 0 { 0.0 } else { gamma_quantile(events as f64, TAIL_95)? };
    let high = gamma_quantile(events as f64 + 1.0, 1.0 - TAIL_95)?;
    Some(Interval { low, high })
}

fn gamma_quantile(shape: f64, p: f64) -> Option<f64> {
    finite(Gamma::new(shape, 1.0).ok()?.inverse_cdf(p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::assert_close;

    /// Origin: `scipy.stats.chi2.ppf`.
    #[test]
    fn intervals() {
        for (events, low, high) in [
            (0, 0.0, 3.688_879_454_113_94),
            (1, 0.025_317_807_984_289_9, 5.571_643_390_938_9),
            (7, 2.814_363_051_519_87, 14.422_675_361_702_4),
            (100, 81.363_991_250_923_1, 121.626_793_792_426),
            (1_000_000, 998_040.983_340_294, 1_001_961.911_945_43),
            (1_000_000_000, 999_938_021.443_928, 1_000_061_981.450_41),
        ] {
            let interval = exact(events).unwrap();
            assert_close(interval.low, low);
            assert_close(interval.high, high);
        }
        assert_eq!(exact(u64::MAX), None);
    }
}
