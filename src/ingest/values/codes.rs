//! Several codes in one cell.

/// Separators tried where the plan names none; a code never holds one of them.
const USUAL: &[char] = &['、', ',', '，', ';', '；', '|'];

/// What stands between the codes of a published cell.
pub const JOINED: &str = ";";

/// The distinct codes of a cell in the order of their first appearance; empty pieces (a trailing separator) fall away.
pub fn split<'a>(cell: &'a str, separator: Option<&str>) -> Vec<&'a str> {
    let mut codes = Vec::new();
    let mut take = |piece: &'a str| {
        let code = super::text::trim(piece);
        if !code.is_empty() && !codes.contains(&code) {
            codes.push(code);
        }
    };
    match separator {
        Some(separator) => cell.split(separator).for_each(&mut take),
        None => cell.split(USUAL).for_each(&mut take),
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
}
