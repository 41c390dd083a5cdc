//! Counts and scores.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::text;

/// What people write behind a count.
const TIMES: [&str; 3] = ["次", "回", "个"];
/// What people write behind a score; `颗星` before `星`, which it ends with.
const POINTS: [&str; 5] = ["分", "颗星", "星", "级", "颗"];

/// A whole number, zero or more; `2.0` is one too, as spreadsheets write it, and so are `2次` and `1,234`.
pub fn count(text: &str) -> Option<i32> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    whole(&text::narrow(text), &TIMES).filter(|n| *n >= 0)?.try_into().ok()
}

/// Any whole number, for columns that order versions of a row.
pub fn version(text: &str) -> Option<i64> {
    whole(&text::narrow(text), &[])
}

/// A number with or without sign, decimals and thousands separators; `1e5`, `NaN` and `1,5` are none.
pub fn decimal(text: &str) -> Option<f64> {
    plain(&text::narrow(text), &[])?.parse().ok()
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

/// An answer: a word of the plan, else a number on `scale`, perhaps with a unit such as `分`, rescaled linearly to 1–5 and
/// rounded to thousandths, halves up.
pub fn score(text: &str, words: &BTreeMap<String, f64>, scale: (f64, f64)) -> Score {
    if let Some(points) = words.get(text) {
        return thousandths(*points);
    }
    let narrow = text::narrow(text);
    let answer = narrow.trim();
    if answer != text
        && let Some(points) = words.get(answer)
    {
        return thousandths(*points);
    }
    let Some(value) = plain(answer, &POINTS).and_then(|n| n.parse::<f64>().ok()) else {
        let same = |word: &str| text::narrow(word).trim() == answer;
        return words.iter().find(|(w, _)| same(w)).map_or(Score::Unreadable, |(_, points)| thousandths(*points));
    };
    let (low, high) = scale;
    if !(low..=high).contains(&value) {
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

/// A whole number, exact to the last digit; decimals must be zeros.
fn whole(text: &str, units: &[&str]) -> Option<i64> {
    let number = plain(text, units)?;
    match number.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|b| b == b'0') => whole.parse().ok(),
        Some(_) => None,
        None => number.parse().ok(),
    }
}

/// The text as Rust reads a number: without unit, blanks, thousands separators and `+`. Digits on both sides of a point.
fn plain<'a>(text: &'a str, units: &[&str]) -> Option<Cow<'a, str>> {
    let text = text.trim();
    let unit = if text.is_ascii() { None } else { units.iter().find(|unit| text.ends_with(**unit)) };
    let text = unit.and_then(|unit| text.strip_suffix(unit)).map_or(text, str::trim_end);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('+').filter(|t| !t.starts_with('-')).unwrap_or(text);
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let negative = unsigned.len() < text.len();
    let (whole, decimals) = unsigned.split_once('.').map_or((unsigned, None), |(w, d)| (w, Some(d)));
    if !decimals.is_none_or(digits) {
        return None;
    }
    if digits(whole) {
        return Some(Cow::Borrowed(text));
    }
    let joined = ungrouped(whole)?;
    let sign = if negative { "-" } else { "" };
    Some(Cow::Owned(decimals.map_or_else(|| format!("{sign}{joined}"), |d| format!("{sign}{joined}.{d}"))))
}

/// The digits of `1,234,567` or `1 234 567`. Groups of three after a first of one to three, all with the same separator:
/// anything else, `1,5` before all, may be a decimal comma. `0,123` surely is one.
fn ungrouped(whole: &str) -> Option<String> {
    let separator = whole.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, ',' | ' '))?;
    let all_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let right = (1..=3).contains(&first.len()) && !first.starts_with('0') && all_digits(first);
    (right && groups.all(|g| g.len() == 3 && all_digits(g))).then(|| whole.replace(separator, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts() {
        let cases = [
            ("2", 2),
            ("2.0", 2),
            ("+2", 2),
            ("２", 2),
            ("2次", 2),
            ("3 回", 3),
            ("1个", 1),
            ("1,234", 1234),
            ("1 234", 1234),
            ("1\u{a0}234", 1234),
            ("１，２３４", 1234),
            ("12,345,678.00", 12_345_678),
            ("007", 7),
        ];
        for (text, expected) in cases {
            assert_eq!(count(text), Some(expected), "{text}");
        }
        let bad = "-1 两次 2.5 1e3 99999999999 . 1,5 1,23 12,34 1,2345 0,123 ,123 1,,234 1,234,56 1234,567 +-2 ++2 2. .5 2次次 次";
        for bad in bad.split(' ').chain(["", "1 2", "1,234 567", "1  234", "2次 3"]) {
            assert_eq!(count(bad), None, "{bad}");
        }
    }

    #[test]
    fn versions_are_exact_and_may_be_negative() {
        assert_eq!(version("9007199254740993"), Some(9_007_199_254_740_993));
        assert_eq!(version("-3"), Some(-3));
        assert_eq!(version("-1,234.0"), Some(-1234));
        assert_eq!(version("3次"), None);
    }

    #[test]
    fn decimals() {
        assert_eq!(decimal("-1,234.5"), Some(-1234.5));
        assert_eq!(decimal("＋４．５"), Some(4.5));
        for bad in ["1e5", "NaN", "inf", "1,5", "4.5.6", "", "4分", "- 4"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }

    #[test]
    fn scores() {
        let words =
            BTreeMap::from([("满意".to_owned(), 4.0), ("一般（还行）".to_owned(), 3.0), ("Ａ".to_owned(), 5.0)]);
        let on = |text, scale| score(text, &words, scale);
        let five = (1.0, 5.0);
        let cases = [
            ("满意", Score::Points(4000)),
            ("\u{200b}满意\u{3000}", Score::Points(4000)),
            ("一般(还行)", Score::Points(3000)),
            ("A", Score::Points(5000)),
            ("4", Score::Points(4000)),
            ("４", Score::Points(4000)),
            ("4.5", Score::Points(4500)),
            ("+4.0", Score::Points(4000)),
            ("4分", Score::Points(4000)),
            ("5 星", Score::Points(5000)),
            ("3颗星", Score::Points(3000)),
            ("2级", Score::Points(2000)),
            ("7", Score::OutOfRange),
            ("0", Score::OutOfRange),
            ("很好吧", Score::Unreadable),
            ("NaN", Score::Unreadable),
            ("80%", Score::Unreadable),
            ("4,5", Score::Unreadable),
            ("分", Score::Unreadable),
            ("", Score::Unreadable),
        ];
        for (text, expected) in cases {
            assert_eq!(on(text, five), expected, "{text}");
        }
        // 0–10: 0 is 1 point, 10 are 5, 7 are 1 + 4 × 0.7.
        assert_eq!(on("0", (0.0, 10.0)), Score::Points(1000));
        assert_eq!(on("7分", (0.0, 10.0)), Score::Points(3800));
        assert_eq!(on("10", (0.0, 10.0)), Score::Points(5000));
    }

    /// `1234567` as `1,234,567`.
    fn grouped(n: u32) -> String {
        let digits = n.to_string();
        let head = (digits.len() - 1) % 3 + 1;
        digits.char_indices().fold(String::new(), |mut text, (i, c)| {
            if i >= head && (i - head).is_multiple_of(3) {
                text.push(',');
            }
            text.push(c);
            text
        })
    }

    proptest! {
        #[test]
        fn every_count_reads_back(n in 0..=i32::MAX) {
            prop_assert_eq!(count(&n.to_string()), Some(n));
            prop_assert_eq!(count(&format!("{n}.0次")), Some(n));
            prop_assert_eq!(count(&grouped(n.unsigned_abs())), Some(n));
        }

        #[test]
        fn no_text_panics(text in "\\PC*|[0-9+., 次分-]{0,9}") {
            let words = BTreeMap::from([("好".to_owned(), 5.0)]);
            let _ = (count(&text), version(&text), decimal(&text), score(&text, &words, (0.0, 10.0)));
            let _ = (super::super::flag::parse(&text), super::super::codes::split(&text, None), text::looks_missing(&text));
        }
    }
}
