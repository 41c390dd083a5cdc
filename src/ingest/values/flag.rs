//! Yes or no.

/// The words that people write, and counts, where any number above zero is a yes.
pub fn parse(text: &str) -> Option<bool> {
    const YES: [&str; 7] = ["是", "有", "y", "yes", "true", "t", "√"];
    const NO: [&str; 7] = ["否", "无", "n", "no", "false", "f", "×"];
    let lower = text.to_lowercase();
    if YES.contains(&lower.as_str()) {
        return Some(true);
    }
    if NO.contains(&lower.as_str()) {
        return Some(false);
    }
    super::number::count(text).map(|n| n > 0)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn words_and_counts() {
        for yes in ["是", "TRUE", "y", "1", "3"] {
            assert_eq!(parse(yes), Some(true), "{yes}");
        }
        for no in ["否", "False", "N", "0"] {
            assert_eq!(parse(no), Some(false), "{no}");
        }
        assert_eq!(parse("或许"), None);
    }
}
