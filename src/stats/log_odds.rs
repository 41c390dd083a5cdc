//! Which words set one group of texts apart from another.
//!
//! Log-odds ratio with an informative Dirichlet prior: Monroe, Colaresi and Quinn (2008), “Fightin' Words”, Political Analysis
//! 16(4), equations 15, 16, 19 and 22. What both groups say together is the prior, of the weight of [`PRIOR`] words, so that rare
//! words must be said more often before they stand out.

use super::normal_p;

/// Words that the prior is worth.
pub const PRIOR: f64 = 500.0;

/// How much more one group says a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogOdds {
    /// Natural logarithm of the ratio of odds.
    pub log_odds: f64,
    pub z: f64,
    /// Two-sided.
    pub p: f64,
}

/// Compares how often a word was said, of so many words said in each group; none where a group said nothing, or nobody the word.
#[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^53")]
pub fn compare((word, all): (u64, u64), (other_word, other_all): (u64, u64)) -> Option<LogOdds> {
    if word > all || other_word > other_all || all == 0 || other_all == 0 || word + other_word == 0 {
        return None;
    }
    let share = (word + other_word) as f64 / (all + other_all) as f64;
    let prior = PRIOR * share;
    let odds = |word: u64, all: u64| {
        let said = word as f64 + prior;
        said / (all as f64 + PRIOR - said)
    };
    let log_odds = odds(word, all).ln() - odds(other_word, other_all).ln();
    let variance = 1.0 / (word as f64 + prior) + 1.0 / (other_word as f64 + prior);
    let z = log_odds / variance.sqrt();
    let found = LogOdds { log_odds, z, p: normal_p(z) };
    found.z.is_finite().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: prior 500 · 30 ÷ 1500 = 10; odds 35 ÷ 965 + 500 … of 25 in 500 against 5 in 1000.
    #[test]
    fn a_word_counted_by_hand() {
        let found = compare((25, 500), (5, 1000)).unwrap();
        // ln(35 / 965) − ln(15 / 1485) = 1.278 558…; variance 1 ÷ 35 + 1 ÷ 15 = 0.095 238…
        let expected = (35.0_f64 / 965.0).ln() - (15.0_f64 / 1485.0).ln();
        assert!((found.log_odds - expected).abs() < 1e-12 && (found.log_odds - 1.2785).abs() < 1e-3);
        assert!((found.z - expected / 0.095_238_095_238_095_24_f64.sqrt()).abs() < 1e-12);
        let back = compare((5, 1000), (25, 500)).unwrap();
        assert!((found.z + back.z).abs() < 1e-12 && (found.p - back.p).abs() < 1e-15);
    }

    #[test]
    fn what_nobody_says_cannot_be_compared() {
        assert_eq!(compare((0, 10), (0, 10)), None);
        assert_eq!(compare((0, 0), (1, 10)), None);
        assert!(compare((3, 10), (3, 10)).unwrap().z.abs() < 1e-12);
    }
}
