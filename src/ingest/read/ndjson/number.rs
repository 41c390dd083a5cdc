//! Numbers as JSON writes them.

use std::fmt::Write;

use super::super::Native;

/// Writes a number plainly: whole ones without a point, none with an exponent where that is reasonable. Digits are kept.
pub fn plain(number: &str, out: &mut String) -> Native {
    if number.contains(['e', 'E']) {
        // Rust reads the nearest number, and writes the shortest text that gives it back.
        let value: f64 = number.parse().unwrap_or(f64::INFINITY);
        let size = value.abs();
        let zero = !number.bytes().take_while(|b| !b.eq_ignore_ascii_case(&b'e')).any(|b| matches!(b, b'1'..=b'9'));
        if zero {
            out.push('0');
        } else if (1e-7..1e21).contains(&size) {
            // Writing to a string cannot fail.
            let _ = write!(out, "{value}");
        } else {
            out.push_str(number);
            return if size.is_finite() && size > 0.0 { Native::Number } else { Native::Text };
        }
        return Native::Number;
    }
    let short = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    out.push_str(if short == "-0" { "0" } else { short });
    Native::Number
}

/// Whether this is a number in JSON's grammar.
pub fn is_number(word: &[u8]) -> bool {
    let digits = |text: &mut &[u8]| {
        let count = text.iter().take_while(|b| b.is_ascii_digit()).count();
        *text = text.get(count..).unwrap_or_default();
        count
    };
    let mut rest = word.strip_prefix(b"-").unwrap_or(word);
    let leading_zero = rest.first() == Some(&b'0');
    let whole = digits(&mut rest);
    if whole == 0 || leading_zero && whole > 1 {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = fraction;
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = if let [b'+' | b'-', unsigned @ ..] = exponent { unsigned } else { exponent };
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_plainly() {
        let cases = [
            ("0", "0", Native::Number),
            ("-0.00", "0", Native::Number),
            ("100", "100", Native::Number),
            ("4.50", "4.5", Native::Number),
            ("4.0", "4", Native::Number),
            ("1e15", "1000000000000000", Native::Number),
            ("1.5e-3", "0.0015", Native::Number),
            ("0e5", "0", Native::Number),
            ("1e300", "1e300", Native::Number),
            ("1e400", "1e400", Native::Text),
            ("1e-400", "1e-400", Native::Text),
        ];
        for (number, expected, native) in cases {
            let mut out = String::new();
            assert_eq!((plain(number, &mut out), out.as_str()), (native, expected), "{number}");
        }
    }
}
