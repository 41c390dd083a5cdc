//! A cell of an ODS sheet: its type and value stand in the tag, its text in paragraphs.

use std::io::Read;

use quick_xml::events::{BytesStart, Event};

use super::cell::{write_iso, write_iso_duration, write_literal};
use super::xml::{self, Xml, count};
use crate::ingest::read::Native;

/// Text that one cell may hold.
const MAX_TEXT: usize = 16 << 20;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    /// The text shown: strings, errors, and what has no type.
    #[default]
    Shown,
    Number,
    Date,
    Duration,
    Boolean,
}

/// The cell that is being read. It is filled again and again.
#[derive(Debug, Default)]
pub struct Cell {
    kind: Kind,
    /// Value in the tag.
    value: Option<String>,
    /// Paragraphs, a line each.
    shown: String,
    failed: bool,
    /// The last character was a blank that swallows those after it.
    blank: bool,
}

impl Cell {
    /// Takes what the tag says.
    pub fn begin(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        (self.kind, self.value, self.failed) = (Kind::Shown, None, false);
        self.shown.clear();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|e| e.to_string())?;
            let key = attribute.key;
            match key.local_name().as_ref() {
                "value-type" if key.as_ref().starts_with("calcext:") => self.failed = &*attribute.value == "error",
                "value-type" => {
                    self.kind = match &*attribute.value {
                        "float" | "percentage" | "currency" => Kind::Number,
                        "date" => Kind::Date,
                        "time" => Kind::Duration,
                        "boolean" => Kind::Boolean,
                        _ => Kind::Shown,
                    }
                }
                "value" | "date-value" | "time-value" | "boolean-value" | "string-value" => {
                    self.value = xml::attribute(tag, key.local_name().as_ref())?.map(std::borrow::Cow::into_owned);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads the paragraphs, up to the end of the cell. Notes and drawings are passed over.
    pub fn content<R: Read>(&mut self, xml: &mut Xml<R>) -> Result<(), String> {
        let mut first = true;
        loop {
            match xml.next()? {
                Event::Start(tag) if matches!(tag.local_name().as_ref(), "p" | "h") => {
                    if !first {
                        self.shown.push('\n');
                    }
                    first = false;
                    self.paragraph(xml)?;
                }
                Event::Start(_) => xml.skip()?,
                Event::Empty(tag) if matches!(tag.local_name().as_ref(), "p" | "h") => {
                    if !first {
                        self.shown.push('\n');
                    }
                    first = false;
                }
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(super::package::DAMAGED.into()),
                _ => {}
            }
        }
    }

    fn paragraph<R: Read>(&mut self, xml: &mut Xml<R>) -> Result<(), String> {
        let mut piece = String::new();
        let mut depth = 0_u32;
        self.blank = true;
        loop {
            let event = xml.next()?;
            match &event {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "annotation" | "note" | "ruby-text" | "frame" | "custom-shape" => xml.skip()?,
                    _ => {
                        self.special(tag)?;
                        depth += 1;
                    }
                },
                Event::Empty(tag) => self.special(tag)?,
                Event::End(_) if depth == 0 => return Ok(()),
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(super::package::DAMAGED.into()),
                event => {
                    piece.clear();
                    xml::append(event, &mut piece)?;
                    self.squeeze(&piece);
                }
            }
            if self.shown.len() > MAX_TEXT {
                return Err("a cell is larger than 16 MiB, as no spreadsheet program writes them".into());
            }
        }
    }

    /// Blanks in a row count as one, and none at the beginning: wanted ones have tags of their own.
    fn squeeze(&mut self, piece: &str) {
        for c in piece.chars() {
            let blank = matches!(c, ' ' | '\t' | '\r' | '\n');
            if !blank {
                self.shown.push(c);
            } else if !self.blank {
                self.shown.push(' ');
            }
            self.blank = blank;
        }
    }

    fn special(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        match tag.local_name().as_ref() {
            "s" => {
                let blanks = usize::try_from(count(tag, "c")?.unwrap_or(1)).unwrap_or(usize::MAX);
                if blanks > MAX_TEXT {
                    return Err("a cell is larger than 16 MiB, as no spreadsheet program writes them".into());
                }
                self.shown.extend(std::iter::repeat_n(' ', blanks));
            }
            "tab" => self.shown.push('\t'),
            "line-break" => self.shown.push('\n'),
            _ => return Ok(()),
        }
        self.blank = false;
        Ok(())
    }

    /// Appends what comes out.
    pub fn finish(&self, out: &mut String) -> Result<Native, String> {
        let value = match &self.value {
            Some(value) if !self.failed && !is_error(&self.shown) => value,
            _ => {
                out.push_str(&self.shown);
                return Ok(Native::Text);
            }
        };
        match self.kind {
            Kind::Number if write_literal(value, out) => Ok(Native::Number),
            Kind::Number => Err(format!("\"{}\" is no number", value.chars().take(40).collect::<String>())),
            Kind::Date => Ok(write_iso(value, out)),
            Kind::Duration => Ok(write_iso_duration(value, out)),
            Kind::Boolean => {
                out.push_str(if value == "true" { "TRUE" } else { "FALSE" });
                Ok(Native::Text)
            }
            Kind::Shown => {
                out.push_str(value);
                Ok(Native::Text)
            }
        }
    }
}

/// Failed formulas may carry a zero as their value.
fn is_error(shown: &str) -> bool {
    matches!(shown, "#N/A" | "#REF!" | "#DIV/0!" | "#VALUE!" | "#NAME?" | "#NUM!" | "#NULL!")
        || shown.starts_with("Err:")
}
