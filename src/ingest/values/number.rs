//! Counts and scores.

use std::collections::BTreeMap;

/// A whole number, zero or more; `2.0` is one too, as spreadsheets write it.
pub fn count(text: &str) -> Option<i32> {
    let whole = text
        .split_once('.')
        .map_or(text, |(whole, rest)| if !rest.is_empty() && rest.bytes().all(|b| b == b'0') { whole } else { text });
    (!whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit())).then(|| whole.parse().ok()).flatten()
}

/// Any whole number, for columns that order versions of a row.
pub fn version(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// What became of the text of an answer.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum Score {
    /// Thousandths of a point on the 1–5 scale.
    Points(i32),
    /// A number, but not on the scale.
    OutOfRange,
    /// Neither a word of the plan nor a number.
    Unreadable,
}

/// An answer: a word of the plan, else a number on `scale`, rescaled linearly to 1–5 and rounded to thousandths, halves up.
pub fn score(text: &str, words: &BTreeMap<String, f64>, scale: (f64, f64)) -> Score {
    if let Some(points) = words.get(text) {
        return thousandths(*points);
    }
    let Ok(value) = text.parse::<f64>() else {
        return Score::Unreadable;
    };
    if !value.is_finite() {
        return Score::Unreadable;
    }
    let (low, high) = scale;
    if value < low || value > high {
        return Score::OutOfRange;
    }
    // A 1–5 answer stays what it is, without the rounding of a rescaling.
    if scale == (1.0, 5.0) { thousandths(value) } else { thousandths(1.0 + 4.0 * (value - low) / (high - low)) }
}

#[expect(clippy::cast_possible_truncation, reason = "checked to lie within 1000..=5000")]
fn thousandths(points: f64) -> Score {
    let value = (points * 1000.0 + 0.5).floor();
    if (1000.0..=5000.0).contains(&value) { Score::Points(value as i32) } else { Score::OutOfRange }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        assert_eq!(count("2"), Some(2));
        assert_eq!(count("2.0"), Some(2));
        for bad in ["", "-1", "两次", "2.5", "1e3", "99999999999", "."] {
            assert_eq!(count(bad), None, "{bad}");
        }
    }

    #[test]
    fn scores() {
        let words = BTreeMap::from([("满意".to_owned(), 4.0)]);
        let on = |text, scale| score(text, &words, scale);
        assert_eq!(on("满意", (1.0, 5.0)), Score::Points(4000));
        assert_eq!(on("4", (1.0, 5.0)), Score::Points(4000));
        assert_eq!(on("4.5", (1.0, 5.0)), Score::Points(4500));
        assert_eq!(on("7", (1.0, 5.0)), Score::OutOfRange);
        assert_eq!(on("0", (1.0, 5.0)), Score::OutOfRange);
        assert_eq!(on("很好吧", (1.0, 5.0)), Score::Unreadable);
        assert_eq!(on("NaN", (1.0, 5.0)), Score::Unreadable);
        // 0–10: 0 is 1 point, 10 are 5, 7 are 1 + 4 × 0.7.
        assert_eq!(on("0", (0.0, 10.0)), Score::Points(1000));
        assert_eq!(on("7", (0.0, 10.0)), Score::Points(3800));
        assert_eq!(on("10", (0.0, 10.0)), Score::Points(5000));
    }
}
