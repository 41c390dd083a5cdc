//! Merged regions of an XLSX sheet. They stand behind the rows, so the rows are passed over as bytes first.

use std::io::{self, BufRead, BufReader, Read};

use memchr::memmem::Finder;
use quick_xml::events::Event;

use super::line::{MAX_REGIONS, Region, position};
use super::package::Part;
use super::xml::{Xml, attribute};

/// The tag that ends the rows, less `</` and a prefix.
const END: &[u8] = b"sheetData>";
/// Bytes that are kept of a chunk, so that a tag that lies across two is found.
const KEPT: usize = 128;

/// The regions over more than one row.
pub fn regions<R: Read>(part: Part<R>) -> Result<Vec<Region>, String> {
    let mut bytes = BufReader::with_capacity(1 << 17, part);
    if !pass_rows(&mut bytes).map_err(|e| e.to_string())? {
        return Ok(Vec::new());
    }
    let mut xml = Xml::fragment(bytes);
    let mut regions = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "mergeCell" => {
                let area = attribute(&tag, "ref")?.unwrap_or_default();
                regions.extend(region(&area).filter(|r| r.last_row > r.first_row));
                if regions.len() > MAX_REGIONS {
                    return Err("there are more than a million merged regions".into());
                }
            }
            Event::End(tag) if matches!(tag.local_name().as_ref(), "mergeCells" | "worksheet") => return Ok(regions),
            Event::Eof => return Ok(regions),
            _ => {}
        }
    }
}

/// `A2:B11`.
fn region(area: &str) -> Option<Region> {
    let (from, to) = area.split_once(':')?;
    let ((column, first_row), (_, last_row)) = (position(from)?, position(to)?);
    Some(Region { first_row: first_row?, column, last_row: last_row? })
}

/// Passes over the rows; `false` where there are none.
fn pass_rows<R: Read>(bytes: &mut BufReader<Part<R>>) -> io::Result<bool> {
    let finder = Finder::new(END);
    let mut window: Vec<u8> = Vec::new();
    loop {
        let kept = window.len();
        bytes.get_mut().grant();
        let chunk = bytes.fill_buf()?;
        let length = chunk.len();
        if length == 0 {
            return Ok(false);
        }
        window.extend_from_slice(chunk);
        let end = finder.find_iter(&window).find(|&at| closes(window.get(..at).unwrap_or_default()));
        if let Some(at) = end {
            bytes.consume((at + END.len()).saturating_sub(kept));
            return Ok(true);
        }
        bytes.consume(length);
        window.drain(..window.len().saturating_sub(KEPT));
    }
}

/// Whether the bytes before a name make it a closing tag: `</` or `</x:`.
fn closes(before: &[u8]) -> bool {
    let near = before.get(before.len().saturating_sub(KEPT / 2)..).unwrap_or_default();
    let Some(open) = near.iter().rposition(|&b| b == b'<') else { return false };
    match near.get(open + 1..) {
        Some([b'/']) => true,
        Some([b'/', prefix @ .., b':']) => !prefix.contains(&b'>'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_read() {
        assert_eq!(region("B2:C11"), Some(Region { first_row: 2, column: 1, last_row: 11 }));
        assert_eq!(region("B2"), None);
        assert_eq!(region("A:A"), None);
    }

    #[test]
    fn only_the_closing_tag_ends_the_rows() {
        for (before, expected) in
            [("</", true), ("<x></x:", true), ("<", false), ("<x:", false), ("", false), ("</a> b:", false)]
        {
            assert_eq!(closes(before.as_bytes()), expected, "{before}");
        }
    }
}
