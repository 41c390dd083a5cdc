//! Yes or no.

use super::{number, text};

const YES: [&str; 15] = ["是", "有", "已", "对", "真", "是的", "y", "yes", "true", "t", "on", "√", "✓", "✔", "☑"];
const NO: [&str; 14] = ["否", "无", "未", "错", "假", "没有", "n", "no", "false", "f", "off", "×", "✗", "✘"];

/// The words that people write, and counts, where any number above zero is a yes.
pub fn parse(text: &str) -> Option<bool> {
    let narrow = text::narrow(text);
    let word = narrow.trim();
    let is = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(word));
    if is(&YES) {
        return Some(true);
    }
    if is(&NO) {
        return Some(false);
    }
    number::count(word).map(|n| n > 0)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn words_and_counts() {
        for yes in
            ["是", "TRUE", "y", "1", "3", "有", "已", "对", "Yes", "on", "√", "ＴＲＵＥ", "Ｙ", "１", "2次", " 是 "]
        {
            assert_eq!(parse(yes), Some(true), "{yes}");
        }
        for no in ["否", "False", "N", "0", "无", "未", "错", "OFF", "×", "ｎｏ", "０", "0.0"] {
            assert_eq!(parse(no), Some(false), "{no}");
        }
        for neither in ["或许", "", "x", "-1", "不详", "yes no", "已未"] {
            assert_eq!(parse(neither), None, "{neither}");
        }
    }
}
