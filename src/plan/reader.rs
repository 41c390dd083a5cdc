//! Walks a parsed document, notes what is wrong and which keys were asked for.
//!
//! Readers never stop at a mistake: they note it and go on with a default, so that one run shows all of them. The
//! defaults never get out, because a plan with mistakes is not handed out.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::errors::{Document, Problem};
use super::near::did_you_mean;

/// The mistakes found so far in one file.
#[derive(Debug)]
pub struct Problems {
    pub document: Document,
    found: RefCell<Vec<Problem>>,
}

impl Problems {
    pub fn new(document: Document) -> Self {
        Self { document, found: RefCell::default() }
    }

    pub fn note(&self, problem: Problem) {
        self.found.borrow_mut().push(problem);
    }

    /// Notes a mistake at one place.
    pub fn wrong(&self, at: Range<usize>, message: impl Into<String>, label: &str, help: impl Into<String>) {
        self.note(Problem::new(&self.document, message).mark(at, label).help(help));
    }

    /// Notes what another room says about a text. What follows the last semicolon is its advice, else there is ours.
    pub fn refused(&self, at: Range<usize>, label: &str, reason: &dyn std::error::Error, advice: &str) {
        let reason = reason.to_string();
        let (message, help) = reason.rsplit_once("; ").unwrap_or((&reason, advice));
        self.wrong(at, message, label, help);
    }

    /// Notes that something is missing, at the section that should have it if there is one.
    pub fn missing(&self, at: Option<Range<usize>>, message: impl Into<String>, help: impl Into<String>) {
        let problem = Problem::new(&self.document, message).help(help);
        self.note(match at {
            Some(at) => problem.mark(at, "in this section"),
            None => problem,
        });
    }

    pub fn add(&self, more: Vec<Problem>) {
        self.found.borrow_mut().extend(more);
    }

    pub fn into_found(self) -> Vec<Problem> {
        self.found.into_inner()
    }
}

/// One value with the place of its key.
#[derive(Clone)]
pub struct Item<'t> {
    /// Key in messages; for an element of a list, the key of the list.
    pub key: &'t str,
    pub key_at: Range<usize>,
    pub problems: &'t Problems,
    value: &'t Spanned<DeValue<'t>>,
}

/// A text and where it stands.
pub type Text<'t> = (&'t str, Range<usize>);

impl<'t> Item<'t> {
    /// Where the value stands.
    pub fn at(&self) -> Range<usize> {
        self.value.span()
    }

    pub fn raw(&self) -> &'t DeValue<'t> {
        self.value.get_ref()
    }

    pub fn line(&self) -> usize {
        self.problems.document.line(self.key_at.start)
    }

    /// Notes a mistake in the value.
    pub fn wrong(&self, message: impl Into<String>, label: &str, help: impl Into<String>) {
        self.problems.wrong(self.at(), message, label, help);
    }

    pub fn wrong_type(&self, expected: &str) {
        let found = found(self.raw());
        self.wrong(format!("`{}` must be {expected}, not {found}", self.key), &format!("this is {found}"), "");
    }

    /// Any string, also an empty one.
    pub fn text(&self) -> Option<&'t str> {
        let text = self.raw().as_str();
        if text.is_none() {
            self.wrong_type("a string");
        }
        text
    }

    /// A string with something in it, without the blanks around it.
    pub fn name(&self) -> Option<&'t str> {
        let name = self.text()?.trim();
        if name.is_empty() {
            self.wrong(format!("`{}` is empty", self.key), "empty", "write something between the quotes, or remove it");
            return None;
        }
        Some(name)
    }

    pub fn integer(&self) -> Option<i64> {
        let Some(integer) = self.raw().as_integer() else {
            self.wrong_type("a whole number");
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if number.is_none() {
            self.wrong(format!("`{}` is too large", self.key), "too large", "");
        }
        number
    }

    pub fn number(&self) -> Option<f64> {
        let number = match self.raw() {
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .ok()
                .and_then(|number| number.to_string().parse().ok()),
            DeValue::Float(float) => float.as_str().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number: &f64| number.is_finite());
        if number.is_none() {
            self.wrong_type("a number");
        }
        number
    }

    pub fn flag(&self) -> Option<bool> {
        let flag = self.raw().as_bool();
        if flag.is_none() {
            self.wrong_type("true or false");
        }
        flag
    }

    /// One of some words.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let word = self.text()?;
        let choice = choices.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice);
        if choice.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.wrong(format!("`{}` cannot be `{word}`", self.key), "not known", did_you_mean(word, &names));
        }
        choice
    }

    /// A string, or a list of them.
    pub fn texts(&self) -> Option<Vec<Text<'t>>> {
        let items = match self.raw() {
            DeValue::String(_) => vec![self.clone()],
            DeValue::Array(_) => self.elements()?,
            _ => {
                self.wrong_type("a string or a list of strings");
                return None;
            }
        };
        // All of them are looked at, so that all wrong ones are noted.
        let texts: Vec<_> = items.iter().map(|item| Some((item.text()?, item.at()))).collect();
        texts.into_iter().collect()
    }

    /// Like `texts`, but each must have something in it, and there must be one at least.
    pub fn names(&self) -> Option<Vec<Text<'t>>> {
        let names: Vec<Text<'t>> = self.texts()?.into_iter().map(|(text, at)| (text.trim(), at)).collect();
        let mut fine = true;
        if names.is_empty() {
            self.wrong(format!("`{}` is an empty list", self.key), "nothing in here", "name one at least");
            fine = false;
        }
        for (_, at) in names.iter().filter(|(name, _)| name.is_empty()) {
            self.problems.wrong(at.clone(), format!("`{}` has an empty text", self.key), "empty", "");
            fine = false;
        }
        fine.then_some(names)
    }

    /// The elements of a list.
    pub fn elements(&self) -> Option<Vec<Item<'t>>> {
        let Some(array) = self.raw().as_array() else {
            self.wrong_type("a list");
            return None;
        };
        let item = |value: &'t Spanned<DeValue<'t>>| Item { value, key_at: value.span(), ..self.clone() };
        Some(array.iter().map(item).collect())
    }

    /// A table; an empty section after noting it, if it is something else.
    pub fn section(&self, title: impl Into<String>) -> Section<'t> {
        let table = self.raw().as_table();
        if table.is_none() {
            self.wrong_type("a table");
        }
        Section { at: Some(self.section_at()), title: title.into(), table, asked: Vec::new(), problems: self.problems }
    }

    /// A table under a header is best shown by its header, one in braces by its key.
    fn section_at(&self) -> Range<usize> {
        let at = self.at();
        let header = self.problems.document.text().get(at.clone()).is_some_and(|text| text.starts_with('['));
        if header { at } else { self.key_at.clone() }
    }
}

fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(float) if float.as_str().parse::<f64>().is_ok_and(f64::is_finite) => "a decimal one",
        DeValue::Float(_) => "infinity or nan",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A table that is being read; present or not, so that readers need not care.
pub struct Section<'t> {
    /// Header or key; none where the section is not there.
    pub at: Option<Range<usize>>,
    /// As messages call it: `[review]`.
    pub title: String,
    pub problems: &'t Problems,
    table: Option<&'t DeTable<'t>>,
    asked: Vec<&'static str>,
}

impl<'t> Section<'t> {
    pub fn root(table: &'t DeTable<'t>, problems: &'t Problems) -> Self {
        Self { at: None, title: "the file".to_owned(), table: Some(table), asked: Vec::new(), problems }
    }

    /// The value of a key, which is a known one from now on.
    pub fn get(&mut self, key: &'static str) -> Option<Item<'t>> {
        self.asked.push(key);
        let (key, value) = self.table?.get_key_value(key)?;
        Some(Item { key: key.get_ref(), key_at: key.span(), problems: self.problems, value })
    }

    /// A table in this one.
    pub fn section(&mut self, key: &'static str) -> Section<'t> {
        let title = if self.title.starts_with('[') {
            format!("{}.{key}]", self.title.trim_end_matches(']'))
        } else {
            format!("[{key}]")
        };
        match self.get(key) {
            Some(item) => item.section(title),
            None => Section { at: None, title, table: None, asked: Vec::new(), problems: self.problems },
        }
    }

    /// All entries in the order of the file, for tables whose keys the user chooses.
    pub fn entries(&self) -> Vec<Item<'t>> {
        let mut entries: Vec<_> = self
            .table
            .into_iter()
            .flatten()
            .map(|(key, value)| Item { key: key.get_ref(), key_at: key.span(), problems: self.problems, value })
            .collect();
        entries.sort_by_key(|entry| entry.key_at.start);
        entries
    }

    /// Notes the keys that nobody asked for.
    pub fn finish(self) {
        for entry in self.entries() {
            if !self.asked.contains(&entry.key) {
                self.unknown(&entry, "key", &self.asked);
            }
        }
    }

    /// Notes that an entry should not be there.
    pub fn unknown(&self, entry: &Item<'t>, what: &str, known: &[&str]) {
        let place = if self.title.starts_with('[') { format!(" in {}", self.title) } else { String::new() };
        self.problems.wrong(
            entry.key_at.clone(),
            format!("unknown {what} `{}`{place}", entry.key),
            "not known",
            did_you_mean(entry.key, known),
        );
    }
}
