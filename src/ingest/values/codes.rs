//! Several codes in one cell.

use std::borrow::Cow;

use super::text;

/// Separators tried where the plan names none; a code never holds one of them.
const USUAL: &[char] = &['、', ',', '，', ';', '；', '|', '｜'];

/// The distinct codes of a cell in the order of their first appearance; empty pieces (a trailing separator) fall away. A
/// separator of one sign stands for its full-width form too.
pub fn split<'a>(cell: &'a str, separator: Option<&str>) -> Vec<Cow<'a, str>> {
    let mut codes = Vec::new();
    let mut take = |piece: &'a str| {
        let code = text::id(piece);
        if !code.is_empty() && !codes.contains(&code) {
            codes.push(code);
        }
    };
    let mut signs = separator.unwrap_or_default().chars();
    match (separator, signs.next(), signs.next()) {
        (None, ..) => cell.split(USUAL).for_each(&mut take),
        (_, Some(sign), None) if !cell.is_ascii() => cell.split([sign, text::wide(sign)]).for_each(&mut take),
        (Some(separator), ..) => cell.split(separator).for_each(&mut take),
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn codes_are_distinct_and_trailing_separators_harmless() {
        assert_eq!(split("H93,H15,", Some(",")), ["H93", "H15"]);
        assert_eq!(split("漏水、 异响、漏水", None), ["漏水", "异响"]);
        assert_eq!(split("A/B", Some("、")), ["A/B"]);
        assert!(split(",,", None).is_empty());
    }

    #[test]
    fn full_width_separators_and_codes() {
        assert_eq!(split("Ｈ９３；H93； H15\u{a0}", None), ["H93", "H15"]);
        assert_eq!(split("H93，H15,H16", Some(",")), ["H93", "H15", "H16"]);
        assert_eq!(split("漏水\u{3000}异响 漏水", Some(" ")), ["漏水", "异响"]);
        assert_eq!(split("漏水，异响", Some("、")), ["漏水，异响"]);
    }
}
