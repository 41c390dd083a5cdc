//! Blanks and missing markers.

/// The text without blanks around it, those of spreadsheets and Chinese typing included.
pub fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{a0}'))
}

/// The trimmed text, or nothing where the cell is empty or holds one of the plan's markers for "no value".
pub fn present<'a>(cell: &'a str, missing: &[String]) -> Option<&'a str> {
    let text = trim(cell);
    (!text.is_empty() && !missing.iter().any(|m| m == text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_markers_are_no_value() {
        let missing = ["?".to_owned(), "无".to_owned()];
        assert_eq!(present(" \u{3000}张*\u{a0}\t", &missing), Some("张*"));
        assert_eq!(present("\u{3000}", &missing), None);
        assert_eq!(present(" 无 ", &missing), None);
        assert_eq!(present("无锡", &missing), Some("无锡"));
    }
}
