//! The lines of a calendar file (RFC 5545, section 3): unfolded, and sorted into its events.
//!
//! The crate `ical` takes a line apart. Which event it belongs to is found out here, so that every mistake has a line.

use std::ops::Range;

use crate::plan::reader::Problems;

/// One property of an event, such as `DTSTART;VALUE=DATE:20261001`.
pub struct Property {
    /// Its first line in the file.
    pub at: Range<usize>,
    /// In capital letters.
    pub name: String,
    pub value: String,
}

/// The properties of a `VEVENT`, without those of its alarms.
pub struct Block {
    /// The line that begins it.
    pub at: Range<usize>,
    pub properties: Vec<Property>,
}

/// A line with those that continue it.
struct Line {
    at: Range<usize>,
    text: String,
}

/// The events of all calendars in a file; time zones, tasks and the like are passed over. None where the file is damaged,
/// which is noted.
pub fn blocks(text: &str, problems: &Problems) -> Vec<Block> {
    let mut found: Vec<(Range<usize>, Vec<Line>)> = Vec::new();
    // Parts that have begun and not ended, with the lines that begin them.
    let mut open: Vec<(String, Range<usize>)> = Vec::new();
    let mut calendars = 0;
    for line in unfold(text) {
        let in_calendar = matches!(&open[..], [(outer, _)] if outer == "VCALENDAR");
        let in_event = matches!(&open[..], [(outer, _), (inner, _)] if outer == "VCALENDAR" && inner == "VEVENT");
        if let Some(part) = after(&line.text, "BEGIN:") {
            calendars += usize::from(open.is_empty() && part == "VCALENDAR");
            if in_calendar && part == "VEVENT" {
                found.push((line.at.clone(), Vec::new()));
            }
            open.push((part, line.at));
        } else if let Some(part) = after(&line.text, "END:") {
            if open.pop().is_none_or(|(begun, _)| begun != part) {
                let message = format!("`END:{part}` ends nothing that has begun");
                problems.wrong(line.at, message, "out of place", DAMAGED);
                return Vec::new();
            }
        } else if let (true, Some((_, lines))) = (in_event, found.last_mut()) {
            lines.push(line);
        }
    }
    if calendars == 0 {
        let message = format!("{} is no calendar file: it has no line `BEGIN:VCALENDAR`", problems.document.name());
        problems.missing(None, message, DAMAGED);
    } else if let Some((part, at)) = open.pop() {
        problems.wrong(at, format!("the file ends before `END:{part}`"), "not ended", DAMAGED);
        return Vec::new();
    }
    let block = |(at, lines): (Range<usize>, Vec<Line>)| Block {
        at,
        properties: lines.iter().filter_map(|line| property(line, problems)).collect(),
    };
    found.into_iter().map(block).collect()
}

const DAMAGED: &str = "export the calendar again, or fetch the whole file";

/// What follows a word in capital or small letters, in capital ones.
fn after(text: &str, word: &str) -> Option<String> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then(|| rest.trim().to_ascii_uppercase())
}

/// Lines that begin with a blank continue the one before.
fn unfold(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let content = whole.trim_end_matches(['\r', '\n']);
        let at = start..start + content.len();
        start += whole.len();
        match (content.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(line)) => line.text.push_str(more),
            _ if content.trim().is_empty() => {}
            _ => lines.push(Line { at, text: content.to_owned() }),
        }
    }
    lines
}

fn property(line: &Line, problems: &Problems) -> Option<Property> {
    let Some(Ok(property)) = ical::PropertyParser::from_reader(line.text.as_bytes()).next() else {
        let help = "a line looks like `SUMMARY:国庆节`; one that continues the line before begins with a blank";
        problems.wrong(line.at.clone(), "this line of an event is not understood", "not a property", help);
        return None;
    };
    let value = property.value.unwrap_or_default().trim().to_owned();
    Some(Property { at: line.at.clone(), name: property.name.to_ascii_uppercase(), value })
}
