//! NDJSON: a JSON object a line. Columns are the keys of all lines, in the order in which they first come.
//!
//! Objects within objects become columns named `outer.inner`; lists of plain values are joined with `;`; what is deeper
//! stays JSON. Numbers keep the digits that they are written with, so that long ticket numbers stay whole.

mod lines;
mod number;
mod object;

use std::collections::HashMap;
use std::io::BufRead;

use super::{Flaw, Native, Record, Rows};
use lines::{BEGINNING, Line, Lines};
use object::{Bad, Cell};

/// Keys beyond which a file holds no table.
const COLUMNS: usize = 3000;

/// The keys of all lines, in the order of their first appearance. Lines that are no objects are passed over here and
/// come as flawed rows.
pub fn header(reader: impl BufRead) -> Result<Vec<String>, String> {
    let mut lines = Lines::new(reader);
    let mut keys = Keys::default();
    let mut first = true;
    loop {
        match lines.next()? {
            Line::End => break,
            Line::TooLong => {}
            Line::Text => {
                if first && lines.text().trim_ascii_start().first() == Some(&b'[') {
                    let advice = "write one object a line, for example with: jq -c '.[]' export.json";
                    return Err(format!("it is one JSON array, not an object a line; {advice}"));
                }
                keys.learn(lines.text());
            }
        }
        first = false;
        if keys.names.len() > COLUMNS {
            let number = lines.number();
            return Err(format!(
                "its objects have more than {COLUMNS} different keys by line {number}; is it a table?"
            ));
        }
    }
    if keys.names.is_empty() {
        return Err("no line of it is a JSON object with a key; write one object a line".to_owned());
    }
    Ok(keys.names)
}

/// The header, numbered 0 since no line holds it, and then a row a line, numbered as the line. Blank lines do not come.
pub fn rows(reader: Box<dyn BufRead + Send>, header: Vec<String>) -> Box<dyn Rows> {
    let slots = vec![Slot::default(); header.len()];
    let places = header.iter().cloned().zip(0..).collect();
    let keys = Keys { names: header, places, next: 0 };
    Box::new(Table { lines: Lines::new(reader), keys, slots, values: String::new(), begun: false })
}

/// Names of columns and their places. Lines mostly have their keys in the same order, so the next one is tried first.
#[derive(Debug, Default)]
struct Keys {
    names: Vec<String>,
    places: HashMap<String, usize>,
    next: usize,
}

impl Keys {
    fn place(&mut self, key: &str) -> Option<usize> {
        let place = if self.names.get(self.next).is_some_and(|name| name == key) {
            self.next
        } else {
            *self.places.get(key)?
        };
        self.next = place + 1;
        Some(place)
    }

    /// Adds the keys of a line that are new.
    fn learn(&mut self, line: &[u8]) {
        let known = self.names.len();
        self.next = 0;
        let learnt = object::read(line, &mut |key, _| {
            if self.place(key).is_none() {
                self.places.insert(key.to_owned(), self.names.len());
                self.names.push(key.to_owned());
                self.next = self.names.len();
            }
            // Enough to know that there are too many.
            if self.names.len() > COLUMNS { Err(Bad::Key(String::new())) } else { Ok(()) }
        });
        if matches!(learnt, Err(Bad::Malformed)) {
            for name in self.names.drain(known..) {
                self.places.remove(&name);
            }
        }
    }
}

/// Where a cell's text lies, and the line that it belongs to.
#[derive(Debug, Clone, Default)]
struct Slot {
    start: usize,
    end: usize,
    native: Native,
    line: u64,
}

struct Table<R> {
    lines: Lines<R>,
    keys: Keys,
    slots: Vec<Slot>,
    /// Texts of the cells, in the order of the line.
    values: String,
    begun: bool,
}

impl<R: BufRead> Rows for Table<R> {
    fn next(&mut self, record: &mut Record) -> Result<bool, String> {
        record.clear();
        if !self.begun {
            self.begun = true;
            record.number = 0;
            self.keys.names.iter().for_each(|name| record.push(name));
            return Ok(true);
        }
        let line = self.lines.next()?;
        record.number = self.lines.number();
        match line {
            Line::End => return Ok(false),
            Line::TooLong => {
                record.flaw = Some(Flaw::TooLarge);
                let text = self.lines.text();
                record.push(&String::from_utf8_lossy(text.get(..BEGINNING).unwrap_or(text)));
            }
            Line::Text => match self.fill() {
                Ok(()) => self.write(record),
                Err(Bad::Malformed) => {
                    record.flaw = Some(Flaw::Malformed);
                    record.push(&String::from_utf8_lossy(self.lines.text()));
                }
                Err(Bad::Key(key)) => {
                    let number = record.number;
                    return Err(format!("line {number} has a new key {key:?}: the file changed while it was read"));
                }
            },
        }
        Ok(true)
    }

    fn strict(&self) -> bool {
        false
    }
}

impl<R: BufRead> Table<R> {
    /// Takes the line apart.
    fn fill(&mut self) -> Result<(), Bad> {
        self.values.clear();
        self.keys.next = 0;
        let Self { lines, keys, slots, values, .. } = self;
        let line = lines.number();
        // Known only when the line has proved to be sound: keys of other lines have not been learnt.
        let mut unknown = None;
        object::read(lines.text(), &mut |key, cell| {
            let Some(slot) = keys.place(key).and_then(|place| slots.get_mut(place)) else {
                unknown.get_or_insert_with(|| key.to_owned());
                return Ok(());
            };
            if slot.line == line {
                return Err(Bad::Malformed);
            }
            let start = values.len();
            let native = match cell {
                Cell::Empty => Native::Text,
                Cell::Text(text) => {
                    values.push_str(text);
                    Native::Text
                }
                Cell::Number(text) => number::plain(text, values),
            };
            *slot = Slot { start, end: values.len(), native, line };
            Ok(())
        })?;
        unknown.map_or(Ok(()), |key| Err(Bad::Key(key)))
    }

    /// Puts the cells in the order of the header.
    fn write(&self, record: &mut Record) {
        for slot in &self.slots {
            let text = if slot.line == record.number { self.values.get(slot.start..slot.end) } else { None };
            match slot.native {
                Native::Text => record.push(text.unwrap_or_default()),
                native if text.is_some() => record.push_as(text.unwrap_or_default(), native),
                _ => record.push(""),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row: its number, flaw and cells.
    type Row = (u64, Option<Flaw>, Vec<String>);

    /// The header, and the rows.
    fn read(text: &str) -> (Vec<String>, Vec<Row>) {
        let header = header(text.as_bytes()).unwrap();
        let mut rows = rows(Box::new(std::io::Cursor::new(text.to_owned())), header);
        let mut record = Record::default();
        let mut all = Vec::new();
        while rows.next(&mut record).unwrap() {
            all.push((record.number, record.flaw, record.iter().map(str::to_owned).collect()));
        }
        (all.remove(0).2, all)
    }

    #[test]
    fn keys_of_all_lines_become_columns() {
        let text = "\u{FEFF}{\"单号\": \"A\", \"n\": 1}\r\n\n  \n{\"n\": 2.50, \"客户\": {\"name\": \"李\", \"tags\": [1, \"b\"]}}\n{}\n{\"单号\":null}";
        let (header, rows) = read(text);
        assert_eq!(header, ["单号", "n", "客户.name", "客户.tags"]);
        let cells = |c: [&str; 4]| c.map(str::to_owned).to_vec();
        let expected = [
            (1, None, cells(["A", "1", "", ""])),
            (4, None, cells(["", "2.5", "李", "1;b"])),
            (5, None, cells(["", "", "", ""])),
            (6, None, cells(["", "", "", ""])),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn flawed_lines_come_whole() {
        let deep = format!("{{\"a\":{}}}", "[".repeat(100_000));
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(17 << 20));
        let bad = ["[1]", "{\"a\":1,\"a\":2}", "{\"a\":1", "{\"b\":1}{\"c\":1}", &deep];
        let (header, rows) = read(&format!("{{\"a\":1}}\n{}\n{long}\n{{\"a\":3}}\n", bad.join("\n")));
        assert_eq!(header, ["a"]);
        for (line, text) in (2..).zip(bad) {
            assert_eq!(rows[line - 1], (line as u64, Some(Flaw::Malformed), vec![text.to_owned()]));
        }
        assert_eq!((rows[6].1, rows[6].2[0].len()), (Some(Flaw::TooLarge), BEGINNING));
        assert_eq!(rows[7], (8, None, vec!["3".to_owned()]));
    }

    #[test]
    fn what_is_no_table_says_so() {
        let many: Vec<String> = (0..=COLUMNS).map(|i| format!("{{\"k{i}\":1}}")).collect();
        let many = many.join("\n");
        let cases =
            [(" \n [{\"a\":1}]", "JSON array"), ("{\n\"a\":1\n}\n", "no line"), ("", "no line"), (&many, "3000")];
        for (text, expected) in cases {
            assert!(header(text.as_bytes()).unwrap_err().contains(expected), "{expected}");
        }
        let mut rows = rows(Box::new(&b"{\"b\":1}"[..]), vec!["a".to_owned()]);
        let mut record = Record::default();
        assert_eq!(rows.next(&mut record), Ok(true));
        assert!(rows.next(&mut record).unwrap_err().contains("line 1 has a new key \"b\""));
    }
}
