//! The language of a draft, and its notation.

use crate::schema::Language;
use std::fmt::Write;

/// Widest line of a comment.
const WIDTH: usize = 110;

/// Speaks Chinese or English.
#[derive(Debug, Clone, Copy)]
pub struct Tongue(pub Language);

impl Tongue {
    pub fn say(self, zh: &str, en: &str) -> String {
        match self.0 {
            Language::Zh => zh.to_owned(),
            Language::En => en.to_owned(),
        }
    }

    pub fn is_zh(self) -> bool {
        self.0 == Language::Zh
    }
}

/// How a table is written, in the language of the draft: `CSV separated by commas, UTF-8` and what else the reader says.
pub fn format(text: &str, tongue: Tongue) -> String {
    let Some((between, encoding)) = text.strip_prefix("CSV separated by ").and_then(|rest| rest.split_once(", "))
    else {
        return text.to_owned();
    };
    let between_zh = match between {
        "commas" => "逗号",
        "semicolons" => "分号",
        "tabs" => "制表符",
        "bars" => "竖线",
        other => other,
    };
    let encoding_zh = if encoding == "UTF-8 with BOM" { "带 BOM 的 UTF-8" } else { encoding };
    tongue.say(&format!("CSV，{between_zh}分隔，{encoding_zh}"), text)
}

/// A text as TOML writes it. Control characters are escaped, so that no name of a dump can end the line.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A text within a comment: one line, whatever it holds.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A key of TOML, quoted where it must be.
pub fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { text.to_owned() } else { quoted(text) }
}

/// One text, or a list of them.
pub fn one_or_list<S: AsRef<str>>(texts: &[S]) -> String {
    match texts {
        [one] => quoted(one.as_ref()),
        many => list(many),
    }
}

pub fn list<S: AsRef<str>>(texts: &[S]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text.as_ref())).collect::<Vec<_>>().join(", "))
}

/// Names in a comment, on as many lines as they need.
pub fn wrapped<S: AsRef<str>>(names: &[S]) -> String {
    let mut text = String::new();
    let mut line = String::from("#  ");
    for (i, name) in names.iter().enumerate() {
        let name = plain(name.as_ref()) + if i + 1 < names.len() { "," } else { "" };
        if width(&line) + width(&name) > WIDTH && line.len() > 3 {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#  ");
        }
        line.push(' ');
        line.push_str(&name);
    }
    text + &line + "\n"
}

/// Columns that a text takes on a screen, a Chinese letter counting as two.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum()
}

/// The text, filled up with blanks.
pub fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named_in_both_languages() {
        for (text, zh) in [
            ("CSV separated by tabs, UTF-8 with BOM", "CSV，制表符分隔，带 BOM 的 UTF-8"),
            ("CSV separated by commas, GB18030", "CSV，逗号分隔，GB18030"),
            ("XLSX", "XLSX"),
        ] {
            assert_eq!(format(text, Tongue(Language::Zh)), zh);
            assert_eq!(format(text, Tongue(Language::En)), text);
        }
    }

    #[test]
    fn any_text_is_one_value() {
        for text in ["a\"b", "a\\b\n#", "\u{0}\u{7f}", "表 = [", "\t'"] {
            let line = format!("{} = {}", quoted(text), quoted(text));
            let table: toml::Table = line.parse().unwrap();
            assert_eq!(table[text].as_str(), Some(text), "{line}");
        }
        assert_eq!((key("a_b-1").as_str(), key("a b").as_str(), key("").as_str()), ("a_b-1", "\"a b\"", "\"\""));
    }
}
