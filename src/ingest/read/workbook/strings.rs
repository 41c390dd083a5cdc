//! The texts of a workbook, which its cells refer to by their position.

use std::io::Read;

use quick_xml::events::Event;

use super::xml::{self, Xml};

/// Memory that the texts of one workbook may take.
const MAX_MEMORY: usize = 512 << 20;

/// All texts in one piece, and where each ends.
#[derive(Debug, Default)]
pub struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    pub fn read<R: Read>(mut xml: Xml<R>) -> Result<Self, String> {
        let mut strings = Self::default();
        let mut text = String::new();
        // What is read aloud (`rPh`) is no part of the text.
        let (mut taking, mut aloud) = (false, false);
        loop {
            let event = xml.next()?;
            match &event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "si" => text.clear(),
                    "rPh" => aloud = true,
                    "t" => taking = !aloud,
                    _ => {}
                },
                Event::Empty(tag) if tag.local_name().as_ref() == "si" => strings.push("")?,
                Event::End(tag) => match tag.local_name().as_ref() {
                    "si" => {
                        unescape(&text, &mut strings.text);
                        strings.end()?;
                    }
                    "rPh" => aloud = false,
                    "t" => taking = false,
                    _ => {}
                },
                Event::Eof => return Ok(strings),
                _ if taking => {
                    xml::append(&event, &mut text)?;
                    strings.check(text.len())?;
                }
                _ => {}
            }
        }
    }

    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|i| self.ends.get(i)).copied().unwrap_or(0);
        self.text.get(start..end)
    }

    /// Adds a text as it is.
    pub fn push(&mut self, text: &str) -> Result<(), String> {
        self.text.push_str(text);
        self.end()
    }

    fn end(&mut self) -> Result<(), String> {
        self.ends.push(self.text.len());
        self.check(0)
    }

    fn check(&self, more: usize) -> Result<(), String> {
        if self.text.len() + more + self.ends.len() * size_of::<usize>() > MAX_MEMORY {
            return Err("the workbook holds more than 512 MiB of text; save the sheet as CSV".into());
        }
        Ok(())
    }
}

/// Appends a text, with characters that XML cannot hold (`_x000D_`) put back.
pub fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        rest = match unit(escape) {
            Some(high @ 0xD800..=0xDBFF) => {
                let after = escape.get(7..).unwrap_or_default();
                // Half of a character; the other half should follow.
                if let Some(low @ 0xDC00..=0xDFFF) = unit(after) {
                    out.extend(char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
                    after.get(7..).unwrap_or_default()
                } else {
                    out.push(char::REPLACEMENT_CHARACTER);
                    after
                }
            }
            Some(code) => {
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                escape.get(7..).unwrap_or_default()
            }
            None => {
                out.push('_');
                escape.get(1..).unwrap_or_default()
            }
        };
    }
    out.push_str(rest);
}

/// The number in `_x000D_` at the beginning of a text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let escaped = digits.bytes().all(|b| b.is_ascii_hexdigit()) && text.get(6..7) == Some("_");
    escaped.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_characters() {
        let cases = [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDE00_!", "😀!"),
            ("_xD83D_", "\u{FFFD}"),
            ("snake_xyz_x00", "snake_xyz_x00"),
            ("_x00g0_ 西_x", "_x00g0_ 西_x"),
            ("_x西安安安_", "_x西安安安_"),
        ];
        for (text, expected) in cases {
            let mut out = String::new();
            unescape(text, &mut out);
            assert_eq!(out, expected, "{text}");
        }
    }
}
