//! Near misses: what was probably meant.

/// The candidate that a word is a slip of, if one is close enough to be worth naming.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    // A third of the letters may be wrong. Words of one or two letters are never close to anything else.
    let limit = word.chars().count() / 3;
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// ``did you mean `x`?``, or all that there is to choose from.
pub fn did_you_mean(word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here: {}", candidates.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_close_and_other_words_are_not() {
        let words = ["quarter", "half", "year", "en", "zh"];
        let near = |word| nearest(word, words);
        assert_eq!(near("quater"), Some("quarter"));
        assert_eq!(near("Quarter"), Some("quarter"));
        assert_eq!(near("yaer"), Some("year"));
        assert_eq!(near("week"), None);
        assert_eq!(near("cn"), None);
        assert_eq!(near(""), None);
    }
}
