//! Where the fields of a row without quotation marks end.

/// Eight bytes with a one each.
const ONES: u64 = 0x0101_0101_0101_0101;
/// All bits of eight bytes but the highest of each.
const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;

/// Appends the end of every field. Eight bytes are looked at at a time: fields are mostly shorter than what calls of a search
/// pay for.
pub fn ends(row: &[u8], separator: u8, ends: &mut Vec<u32>) {
    let pattern = u64::from(separator) * ONES;
    let (words, rest) = row.as_chunks::<8>();
    let mut base = 0;
    for word in words {
        let other = u64::from_le_bytes(*word) ^ pattern;
        // The highest bit of each byte that is the separator.
        let mut hits = !(((other & LOW) + LOW) | other | LOW);
        while hits != 0 {
            ends.push(base + hits.trailing_zeros() / 8);
            hits &= hits - 1;
        }
        base += 8;
    }
    for byte in rest {
        if *byte == separator {
            ends.push(base);
        }
        base += 1;
    }
    ends.push(base);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_separator_ends_a_field(row in "[,a工\u{7f}\u{80}\u{ac}-]{0,40}", separator in prop::sample::select(b",;\t|".to_vec())) {
            let mut found = vec![7];
            ends(row.as_bytes(), separator, &mut found);
            let mut end = 0;
            let expected = row.split(char::from(separator)).map(|field| {
                end += u32::try_from(field.len()).unwrap() + 1;
                end - 1
            });
            prop_assert_eq!(found, std::iter::once(7).chain(expected).collect::<Vec<_>>());
        }
    }
}
