//! Texts in one writing.

/// Characters of a text that are looked at: nobody writes more, and what a machine pasted into a cell must not keep a review waiting.
const LONGEST: usize = 2000;

/// Writes a text in small letters, half-width signs and single blanks; blanks beside Chinese characters fall away, and so does what
/// comes after the first [`LONGEST`] characters.
pub fn normal(text: &str, out: &mut String) {
    out.clear();
    let mut blank = false;
    for c in text.chars().take(LONGEST) {
        let c = match c {
            // The full-width forms of ASCII stand in its order.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            // Typographic apostrophes, as telephones write them.
            '\u{2018}' | '\u{2019}' => '\'',
            _ => c,
        };
        match c {
            '\n' | '\r' => {
                if !out.ends_with('\n') {
                    out.push('\n');
                }
                blank = false;
            }
            _ if c.is_whitespace() => blank = true,
            _ => {
                if blank && c.is_ascii() && out.ends_with(|last: char| last.is_ascii() && last != '\n') {
                    out.push(' ');
                }
                blank = false;
                out.push(c.to_ascii_lowercase());
            }
        }
    }
}

/// The same as a text of its own.
pub fn normalized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    normal(text, &mut out);
    out
}

/// Whether a sentence ends here.
pub const fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '!' | '?' | ';' | '\n')
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn writings_of_the_same_become_the_same() {
        for text in ["等了3天，ＯＫ！", "等了 3天,ok!", "等 了3 天，Ok!"] {
            assert_eq!(normalized(text), "等了3天,ok!", "{text}");
        }
        assert_eq!(normalized(&"贵".repeat(5000)).chars().count(), 2000);
        assert_eq!(normalized(" Don’t   call\r\n\r\nme "), "don't call\nme");
    }
}
