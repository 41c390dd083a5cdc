//! A part of a workbook as XML: one event after the other, with bounded memory.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

use super::package::Part;

/// Tags within tags. Spreadsheets have at most a dozen or two.
const MAX_DEPTH: u32 = 256;

/// A reader of events.
pub struct Xml<R: Read> {
    reader: Reader<BufReader<Part<R>>>,
    buffer: Vec<u8>,
    depth: u32,
}

impl<R: Read> Xml<R> {
    pub fn new(part: Part<R>) -> Self {
        let reader = Reader::from_reader(BufReader::with_capacity(1 << 16, part));
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// What is left of a part of which the beginning has been read.
    pub fn fragment(rest: BufReader<Part<R>>) -> Self {
        let mut reader = Reader::from_reader(rest);
        reader.config_mut().allow_unmatched_ends = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// Reads the rest as bytes, so that damage to the file is found.
    pub fn finish(&mut self) -> Result<(), String> {
        let bytes = self.reader.get_mut();
        loop {
            bytes.get_mut().grant();
            let length = bytes.fill_buf().map_err(|e| e.to_string())?.len();
            if length == 0 {
                return Ok(());
            }
            bytes.consume(length);
        }
    }

    /// The next event; the last one is `Eof`. A text comes in several events where entities stand in it.
    pub fn next(&mut self) -> Result<Event<'_>, String> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().grant();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|e| words(&e))?;
        match event {
            Event::Start(_) if self.depth == MAX_DEPTH => {
                return Err("its XML nests more than 256 tags, as no spreadsheet program writes them".into());
            }
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            // A file that stops within a tag's content is no end.
            Event::Eof if self.depth > 0 => return Err(super::package::DAMAGED.into()),
            _ => {}
        }
        Ok(event)
    }

    /// Skips the element that has just begun, with all in it.
    pub fn skip(&mut self) -> Result<(), String> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }
}

impl<R: Read> std::fmt::Debug for Xml<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Xml").field("depth", &self.depth).finish_non_exhaustive()
    }
}

/// Appends what an event says as text, if it does.
pub fn append(event: &Event<'_>, out: &mut String) -> Result<(), String> {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(text) => out.push_str(&text.xml10_content()),
        Event::GeneralRef(entity) => out.push(character(entity)?),
        _ => {}
    }
    Ok(())
}

fn character(entity: &BytesRef<'_>) -> Result<char, String> {
    if let Some(c) = entity.resolve_char_ref().map_err(|e| words(&e))? {
        return Ok(c);
    }
    match &**entity {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => Err(format!("its XML is damaged (unknown entity &{other};)")),
    }
}

/// An attribute by its name without prefix.
pub fn attribute<'a>(tag: &'a BytesStart<'_>, name: &str) -> Result<Option<Cow<'a, str>>, String> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| words(&e.into()))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| words(&e))?;
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// An attribute that is a whole number; none where it is something else.
pub fn count(tag: &BytesStart<'_>, name: &str) -> Result<Option<u64>, String> {
    Ok(attribute(tag, name)?.and_then(|v| v.trim().parse().ok()))
}

fn words(error: &Error) -> String {
    match error {
        Error::Io(e) => e.to_string(),
        other => format!("its XML is damaged ({other})"),
    }
}
