//! Which themes a text speaks of.
//!
//! Words of the lists are looked for as they stand, all at once: a trade's own words are known better than any segmentation of
//! the language would cut them.

use aho_corasick::AhoCorasick;

use super::normal::{ends_sentence, normal, normalized};
use crate::plan::{Opinions, Theme};
use crate::schema::shared::JOINED;

/// A theme by its place in the plan.
type Place = u8;

/// Characters that may lie between the words of a pattern: of one with Chinese words, and of one without.
const REACH: [usize; 2] = [8, 40];

/// What a word that was found stands for.
#[derive(Debug, Clone, Copy)]
enum Role {
    Whole(Place),
    Not(Place),
    /// A pattern, and which of its words.
    Part(u16, u8),
}

#[derive(Debug)]
struct Pattern {
    theme: Place,
    /// It takes words out.
    not: bool,
    words: u8,
    /// Characters that may lie between two words.
    reach: usize,
}

/// The words of all themes.
#[derive(Debug)]
pub struct Themes {
    names: Vec<String>,
    /// None where there are more than a machine can hold.
    words: Option<AhoCorasick>,
    /// For each word that is looked for what it stands for, and its letters at either end, which must not go on.
    roles: Vec<(Vec<Role>, [bool; 2])>,
    patterns: Vec<Pattern>,
}

/// The themes of a text, a bit each, in the order of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Found(pub u64);

/// What is used again from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    text: String,
    nots: Vec<(Place, usize, usize)>,
    wholes: Vec<(Place, usize, usize)>,
    parts: Vec<(u16, u8, usize, usize)>,
}

impl Themes {
    pub fn new(opinions: &Opinions) -> Self {
        let mut all: Vec<(String, Vec<Role>)> = Vec::new();
        let mut add = |word: &str, role: Role| {
            let word = normalized(word);
            match all.iter_mut().find(|(known, _)| *known == word) {
                Some((_, roles)) => roles.push(role),
                None => all.push((word, vec![role])),
            }
        };
        let mut patterns = Vec::new();
        for (place, theme) in (0..).zip(&opinions.themes) {
            let not = theme.not.iter().map(|words| (words, true));
            for (words, not) in not.chain(theme.words.iter().map(|words| (words, false))) {
                let (Ok(at), Ok(len)) = (u16::try_from(patterns.len()), u8::try_from(words.len())) else { continue };
                if let [word] = words.as_slice() {
                    add(word, if not { Role::Not(place) } else { Role::Whole(place) });
                    continue;
                }
                let latin = words.iter().all(|word| word.is_ascii());
                patterns.push(Pattern { theme: place, not, words: len, reach: REACH[usize::from(latin)] });
                // The words end first, before there is no further number.
                for (word, part) in words.iter().zip(0..) {
                    add(word, Role::Part(at, part));
                }
            }
        }
        let edges = |word: &str| {
            [word.chars().next(), word.chars().last()].map(|c| c.is_some_and(|c| c.is_ascii_alphanumeric()))
        };
        let roles = all.iter().map(|(word, roles)| (roles.clone(), edges(word))).collect();
        let words = AhoCorasick::new(all.iter().map(|(word, _)| word)).ok();
        let names = opinions.themes.iter().map(|theme: &Theme| theme.name.clone()).collect();
        Self { names, words, roles, patterns }
    }

    /// The themes of a text.
    pub fn find(&self, text: &str, scratch: &mut Scratch) -> Found {
        normal(text, &mut scratch.text);
        let Scratch { text, nots, wholes, parts } = scratch;
        nots.clear();
        wholes.clear();
        parts.clear();
        for found in self.words.iter().flat_map(|words| words.find_overlapping_iter(text.as_str())) {
            let (roles, edges) = &self.roles[found.pattern().as_usize()];
            let (start, end) = (found.start(), found.end());
            if !stands_alone(text, (start, end), *edges) {
                continue;
            }
            for role in roles {
                match *role {
                    Role::Whole(theme) => wholes.push((theme, start, end)),
                    Role::Not(theme) => nots.push((theme, start, end)),
                    Role::Part(pattern, part) => parts.push((pattern, part, start, end)),
                }
            }
        }
        for (pattern, _, start, end) in parts.iter().filter(|(_, part, ..)| *part == 0) {
            let own = &self.patterns[usize::from(*pattern)];
            if let Some(last) = follow(text, parts, (*pattern, own), *end) {
                let found = if own.not { &mut *nots } else { &mut *wholes };
                found.push((own.theme, *start, last));
            }
        }
        let mut bits = 0;
        for (theme, start, end) in wholes.iter() {
            let masked = nots.iter().any(|(own, from, to)| own == theme && from < end && start < to);
            bits |= u64::from(!masked) << theme;
        }
        Found(bits)
    }

    /// Names of the themes, in the order of the plan.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The names of some themes, as cells hold several.
    pub fn joined(&self, found: Found) -> String {
        let names = self.names.iter().enumerate().filter(|(place, _)| found.0 >> place & 1 == 1);
        names.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(JOINED)
    }
}

/// Whether what was found is no part of a longer Latin word or number; an ending `s` belongs to it.
fn stands_alone(text: &str, (start, end): (usize, usize), edges: [bool; 2]) -> bool {
    let bytes = text.as_bytes();
    let goes_on = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let before = edges[0] && start.checked_sub(1).is_some_and(goes_on);
    let plural = bytes.get(end) == Some(&b's') && !goes_on(end + 1);
    let after = edges[1] && goes_on(end) && !plural;
    !before && !after
}

/// Where the last word of a pattern ends whose first one ends here.
fn follow(text: &str, parts: &[(u16, u8, usize, usize)], (at, pattern): (u16, &Pattern), end: usize) -> Option<usize> {
    let mut end = end;
    for part in 1..pattern.words {
        let next = parts.iter().filter(|(own, place, start, _)| (*own, *place) == (at, part) && *start >= end);
        let near = |start: usize| {
            let between = &text[end..start];
            // A full stop within a number or a name ends nothing.
            let ended = between.contains(ends_sentence) || between.contains(". ");
            between.chars().count() <= pattern.reach && !ended
        };
        end = next.filter(|(_, _, start, _)| near(*start)).map(|(.., to)| *to).min()?;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn themes() -> Themes {
        let theme = |name: &str, words: &[&[&str]], not: &[&str]| Theme {
            name: name.to_owned(),
            words: words.iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect()).collect(),
            not: not.iter().map(|word| word.split('…').map(ToOwned::to_owned).collect()).collect(),
            ..Theme::default()
        };
        let themes = vec![
            theme("parts", &[&["配件"], &["part"], &["等", "货"]], &["配件厂", "part of"]),
            theme("price", &[&["贵"], &["took", "days", "pay"]], &["宝贵", "贵…人"]),
        ];
        Themes::new(&Opinions { themes, ..Opinions::default() })
    }

    #[test]
    fn words_tell_of_themes_and_sayings_that_mean_something_else_do_not() {
        let (themes, mut scratch) = (themes(), Scratch::default());
        for (text, expected) in [
            ("配件没到", "parts"),
            ("配件厂的人", ""),
            ("配件厂也等配件", "parts"),
            ("太贵，配件也没有", "parts;price"),
            ("宝贵意见", ""),
            ("贵客都是人", ""),
            ("贵。人多", "price"),
            ("等了三天还没有货", "parts"),
            ("等了三天。没有货", ""),
            ("等了三天三夜也没看到有货", ""),
            ("货等了三天", ""),
            ("Wrong PART delivered", "parts"),
            ("two parts", "parts"),
            ("a party apart", ""),
            ("part of the house", ""),
            ("took five days to pay", "price"),
            ("took five days. I will not pay", ""),
            ("", ""),
        ] {
            assert_eq!(themes.joined(themes.find(text, &mut scratch)), expected, "{text}");
        }
    }
}
