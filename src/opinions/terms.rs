//! The words of a text that mean something, cut out of it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jieba_rs::Jieba;
use xxhash_rust::xxh3::xxh3_64;

use super::normal::normalized;
use crate::plan::Opinions;

/// Cuts texts into words.
#[derive(Debug)]
pub struct Terms {
    stop: BTreeSet<String>,
    /// Words of the themes, which the dictionary of the language may not have.
    own: Vec<String>,
    /// Read when the first text is cut.
    jieba: OnceLock<Jieba>,
}

/// The words of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Each once, by bytes: at least two Chinese characters or three letters, without digits.
    pub terms: Vec<String>,
    /// The same for all texts whose words are the same, in whatever order, with whatever stop words and signs between.
    pub alike: u64,
}

impl Terms {
    pub fn new(opinions: &Opinions) -> Self {
        let words = opinions.themes.iter().flat_map(|theme| theme.words.iter().flatten());
        let own = words.map(|word| normalized(word)).filter(|word| word.chars().all(is_han)).collect();
        Self { stop: opinions.stop.iter().map(|word| normalized(word)).collect(), own, jieba: OnceLock::new() }
    }

    /// Cuts a text.
    pub fn cut(&self, text: &str) -> Cut {
        let text = normalized(text);
        let words: BTreeSet<&str> = self.jieba().cut(&text, true).into_iter().map(|token| token.word).collect();
        let meant = |word: &&str| word.chars().any(char::is_alphanumeric) && !self.stop.contains(*word);
        let words: Vec<&str> = words.into_iter().map(|word| word.trim_matches('\'')).filter(meant).collect();
        let alike = xxh3_64(words.join(" ").as_bytes());
        let terms = words.into_iter().filter(|word| is_term(word)).map(ToOwned::to_owned).collect();
        Cut { terms, alike }
    }

    fn jieba(&self) -> &Jieba {
        self.jieba.get_or_init(|| {
            let mut jieba = Jieba::new();
            for word in &self.own {
                jieba.add_word(word, None, None);
            }
            jieba
        })
    }
}

fn is_term(word: &str) -> bool {
    let letters = word.chars().count();
    let long = if word.chars().any(is_han) { letters >= 2 } else { letters >= 3 };
    long && word.chars().all(|c| c.is_alphabetic() || c == '\'')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Theme;

    fn terms() -> Terms {
        let theme = Theme { words: vec![vec!["备齐".to_owned()]], ..Theme::default() };
        let stop = ["的", "了", "请", "把", "the", "希望"].map(ToOwned::to_owned);
        Terms::new(&Opinions { themes: vec![theme], stop: stop.into() })
    }

    #[test]
    fn words_that_mean_something_are_cut_out() {
        let cut = terms().cut("希望把配件备齐了再来，E3报警！The pump leaks.");
        assert_eq!(cut.terms, ["leaks", "pump", "备齐", "报警", "配件"]);
    }

    #[test]
    fn texts_of_the_same_words_are_alike() {
        let terms = terms();
        let alike = |text: &str| terms.cut(text).alike;
        assert_eq!(alike("请把配件备齐再来。"), alike("配件备齐了，再来！"));
        assert_ne!(alike("请把配件备齐再来。"), alike("请周末再来。"));
        assert_eq!(alike("！！"), alike(""));
    }
}
