//! `[opinions]`: the themes that free text is searched for, from lists beside the pipeline file.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::errors::{Document, Problem};
use super::reader::{Item, Problems, Section};
use super::{hash, read_text, syntax};
use crate::schema::shared::JOINED;

/// Our own lists, for pipelines that lie elsewhere than ours.
const BUILT_IN: [(&str, &str); 2] =
    [("zh", include_str!("../../pipelines/themes/zh.toml")), ("en", include_str!("../../pipelines/themes/en.toml"))];

/// What stands between two words of which the second follows the first in the same sentence.
pub const GAP: char = '…';

/// So many themes at most: which of them a text has is kept in the bits of a number.
const MOST: usize = 64;

/// What free text is searched for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Opinions {
    /// In the order of the lists; empty where the plan names none.
    pub themes: Vec<Theme>,
    /// Words without a meaning of their own.
    pub stop: BTreeSet<String>,
}

/// What customers speak of.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Theme {
    /// As tables call it.
    pub name: String,
    /// As charts call it.
    pub zh: String,
    pub en: String,
    /// Words that tell of it; of several in a row each follows the one before.
    pub words: Vec<Vec<String>>,
    /// Sayings that mean something else: a word that overlaps one of them does not count.
    pub not: Vec<Vec<String>>,
}

/// What the lists say together, and their canonical form for the hash.
pub struct Read {
    pub opinions: Opinions,
    pub canonical: String,
}

pub fn read(mut section: Section, folder: &Path) -> Read {
    let mut read = Read { opinions: Opinions::default(), canonical: String::new() };
    if let Some(item) = section.get("themes") {
        let mut known = BTreeSet::new();
        for (name, at) in item.names().unwrap_or_default() {
            if known.insert(name) {
                list(&item, (name, at), folder, &mut read);
            } else {
                item.problems.wrong(at, format!("`{name}` is named twice"), "again", "name it once");
            }
        }
        if read.opinions.themes.len() > MOST {
            let message = format!("{} themes are too many", read.opinions.themes.len());
            item.wrong(message, "these lists", format!("{MOST} at most can be told apart"));
        }
    }
    section.finish();
    read
}

fn list(item: &Item, (name, at): super::reader::Text, folder: &Path, read: &mut Read) {
    let wrong = |message: String, help: &str| item.problems.wrong(at.clone(), message, "this list", help);
    if !name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
        let help = "write the name without folder and ending: \"zh\" is themes/zh.toml beside this file";
        return wrong(format!("`{name}` cannot name a list of themes"), help);
    }
    let path = folder.join("themes").join(format!("{name}.toml"));
    let built_in = BUILT_IN.iter().find(|(own, _)| *own == name);
    let (path, text) = match (read_text(&path), built_in) {
        (Ok(text), _) => (path, text),
        (Err(error), Some((_, text))) if error.kind() == io::ErrorKind::NotFound => {
            (PathBuf::from(format!("{name}.toml (built in)")), (*text).to_owned())
        }
        (Err(error), _) => {
            let message = format!("cannot read the themes in {}: {error}", path.display());
            return wrong(message, "put the list there; \"zh\" and \"en\" are built in");
        }
    };
    let found = parse(&text, &path, read);
    if !found.is_empty() {
        wrong(format!("the themes in {} have mistakes", path.display()), "they are shown at their lines");
    }
    item.problems.add(found);
}

/// Reads the text of a list, and adds what it says.
fn parse(text: &str, path: &Path, read: &mut Read) -> Vec<Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problems = Problems::new(Document::new(path, text));
    if let Some(document) = syntax::parse(text, &problems) {
        let mut root = Section::root(document.get_ref(), &problems);
        let stop = root.get("stop").and_then(|item| item.names()).unwrap_or_default();
        read.opinions.stop.extend(stop.into_iter().map(|(word, _)| word.to_lowercase()));
        let themes = root.section("themes");
        if themes.entries().is_empty() {
            problems.missing(
                themes.at.clone(),
                "the list has no theme",
                "write [themes.price] with words = [\"price\"]",
            );
        }
        for entry in themes.entries() {
            theme(&entry, &mut read.opinions.themes);
        }
        read.canonical.push_str(&hash::canonical(document.get_ref()));
        root.finish();
    }
    problems.into_found()
}

/// Reads a theme; of one that an earlier list has the words are added to it.
fn theme(entry: &Item, themes: &mut Vec<Theme>) {
    let name = entry.key.trim();
    let wrong = |message: String, help: &str| entry.problems.wrong(entry.key_at.clone(), message, "not a name", help);
    if name.is_empty() || name.contains(JOINED) || name.starts_with('(') {
        wrong(format!("`{name}` cannot name a theme"), "use letters, digits and `_`, as in [themes.spare_parts]");
    }
    let mut section = entry.section(format!("[themes.{}]", entry.key));
    let mut label = |key| section.get(key).and_then(|item| item.name()).map(ToOwned::to_owned);
    let (zh, en) = (label("zh"), label("en"));
    let mut words = Vec::new();
    if let Some(item) = section.get("words") {
        words.extend(item.names().unwrap_or_default().into_iter().filter_map(|word| pattern(&item, word)));
    } else {
        let help = "write words = [\"价格\", \"收费…贵\"]";
        entry.problems.missing(section.at.clone(), format!("the theme `{name}` has no `words`"), help);
    }
    let mut not = Vec::new();
    if let Some(item) = section.get("not") {
        not.extend(item.names().unwrap_or_default().into_iter().filter_map(|word| pattern(&item, word)));
    }
    if let Some(known) = themes.iter_mut().find(|known| known.name == name) {
        known.words.extend(words);
        known.not.extend(not);
    } else {
        let labelled = |label: Option<String>| label.unwrap_or_else(|| name.to_owned());
        let (zh, en) = (labelled(zh), labelled(en));
        themes.push(Theme { name: name.to_owned(), zh, en, words, not });
    }
    section.finish();
}

/// The words of a pattern in their order; none where the mistake has been told.
fn pattern(item: &Item, (text, at): super::reader::Text) -> Option<Vec<String>> {
    let parts: Vec<String> = text.split(GAP).map(|part| part.trim().to_owned()).collect();
    if parts.iter().any(String::is_empty) {
        let help = "write a word on either side of `…`, or the word alone";
        item.problems.wrong(at, format!("`{text}` begins or ends with a gap"), "a word is missing", help);
        return None;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::plan::PlanErrors;
    use crate::plan::testing::{check, lines, plan};

    fn mistakes(text: &str) -> Vec<String> {
        let mut read = Read { opinions: Opinions::default(), canonical: String::new() };
        lines(PlanErrors::new(parse(text, Path::new("x.toml"), &mut read)).problems())
    }

    #[test]
    fn built_in_lists_are_fine_and_go_together() {
        let both = plan("[opinions]\nthemes = [\"zh\", \"en\"]\n").opinions;
        let zh = plan("[opinions]\nthemes = \"zh\"\n").opinions;
        assert_eq!(zh.themes.len(), 16);
        let names = |opinions: &Opinions| opinions.themes.iter().map(|theme| theme.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&both), names(&zh));
        assert!(both.themes[0].words.len() > zh.themes[0].words.len() && both.stop.len() > zh.stop.len());
        assert_eq!((zh.themes[0].zh.as_str(), zh.themes[0].en.as_str()), ("备件", "Spare parts"));
        assert!(plan("").opinions.themes.is_empty());
    }

    #[test]
    fn other_words_are_another_plan() {
        let hash = |more: &str| plan(more).hash;
        assert_ne!(hash("[opinions]\nthemes = \"zh\"\n"), hash("[opinions]\nthemes = \"en\"\n"));
    }

    #[test]
    fn mistakes_are_told_where_they_are() {
        assert_eq!(
            check("[opinions]\nthemes = [\"zh\", \"zh\", \"themes/zh.toml\", \"fr\"]\nwords = 1\n"),
            [
                "2: `zh` is named twice | name it once".to_owned(),
                "2: `themes/zh.toml` cannot name a list of themes | write the name without folder and ending: \"zh\" is \
                 themes/zh.toml beside this file"
                    .to_owned(),
                format!(
                    "2: cannot read the themes in {}: No such file or directory (os error 2) | put the list there; \
                     \"zh\" and \"en\" are built in",
                    Path::new("themes/fr.toml").display()
                ),
                "3: unknown key `words` in [opinions] | known here: themes".to_owned(),
            ]
        );
        assert_eq!(
            mistakes("stopp = []\n[themes.\"a;b\"]\nwords = [\"x…\", \"\"]\n[themes.c]\nzh = \"\"\nword = \"y\"\n"),
            [
                "1: unknown key `stopp` | did you mean `stop`?",
                "2: `a;b` cannot name a theme | use letters, digits and `_`, as in [themes.spare_parts]",
                "3: `words` has an empty text | ",
                "4: the theme `c` has no `words` | write words = [\"价格\", \"收费…贵\"]",
                "5: `zh` is empty | write something between the quotes, or remove it",
                "6: unknown key `word` in [themes.c] | did you mean `words`?",
            ]
        );
        assert_eq!(
            mistakes("stop = [\"x\"]\n"),
            ["the list has no theme | write [themes.price] with words = [\"price\"]"]
        );
    }
}
