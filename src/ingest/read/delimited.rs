//! CSV and its relatives: fields separated by `,` `;` tab or `|`, quoted where they hold a separator or a line break.
//!
//! `csv_core` reads what is odd; rows without quotation marks, which are most, are cut without it.

mod chunk;
mod split;

use std::io::{self, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use self::chunk::Chunks;
use super::{Flaw, Record, Rows};

/// The separators that are tried.
pub const SEPARATORS: [u8; 4] = *b",;\t|";

/// No row is larger: a quotation mark that nothing closes would swallow the rest of the file.
const LARGEST: usize = 16 << 20;
/// No row has more fields.
const MOST_FIELDS: usize = 1 << 17;
/// What is kept of a row that is larger.
const KEPT: usize = 1 << 10;
/// Text looked at to find the separator.
pub const LOOK: u64 = 1 << 16;
/// Bytes of a row that is read the short way; so it cannot have too many fields either.
const PLAIN: usize = 1 << 16;

/// Rows of a delimited text.
pub struct Delimited {
    input: Chunks,
    separator: u8,
    parser: Reader,
    /// The parser has read the first row, and with it what it takes for a mark of the encoding.
    begun: bool,
    text: Vec<u8>,
    ends: Vec<usize>,
    number: u64,
    /// The last row ended with CR, whose LF is still to come.
    after_cr: bool,
    done: bool,
}

impl Delimited {
    /// `input` is UTF-8.
    pub fn new(input: Box<dyn Read + Send>, separator: u8) -> Self {
        Self {
            input: Chunks::new(input, chunk::SIZE),
            separator,
            parser: ReaderBuilder::new().delimiter(separator).build(),
            begun: false,
            text: vec![0; 1 << 12],
            ends: vec![0; 1 << 8],
            number: 0,
            after_cr: false,
            done: false,
        }
    }

    /// Passes over line ends before a row. Empty lines are no rows, but are numbered, as a spreadsheet does.
    fn skip_empty_lines(&mut self) -> io::Result<()> {
        loop {
            let Some(first) = self.input.rest()?.first().copied() else { return Ok(()) };
            match first {
                b'\n' if self.after_cr => {}
                b'\n' | b'\r' => self.number += 1,
                _ => {
                    self.after_cr = false;
                    return Ok(());
                }
            }
            self.after_cr = first == b'\r';
            self.input.consume(1);
        }
    }

    /// Reads the next row if it is plain: in one piece, without quotation marks, and not the first.
    fn read_plain(&mut self, record: &mut Record) -> io::Result<bool> {
        if !self.begun {
            return Ok(false);
        }
        self.skip_empty_lines()?;
        let Some(row) = self.input.plain_row(PLAIN) else { return Ok(false) };
        record.fill_row(row, |row, ends| split::ends(row, self.separator, ends));
        self.number += 1;
        record.number = self.number;
        Ok(true)
    }

    /// Reads one row into `text` and `ends`; `None` at the end, else their lengths and what is wrong with the row.
    fn read_row(&mut self) -> io::Result<Option<(usize, usize, Option<Flaw>)>> {
        self.skip_empty_lines()?;
        self.begun = true;
        let (mut text, mut ends, mut taken) = (0, 0, 0);
        let mut flaw = None;
        // At the end of the file a line end is put in first: within quotes it ends no row, which tells of a cut.
        let mut ending = false;
        loop {
            let buffer = self.input.rest()?;
            let at_end = buffer.is_empty();
            if at_end && taken == 0 {
                return Ok(None);
            }
            let (input, ended): (&[u8], bool) = match (at_end, ending) {
                (false, _) => (buffer, false),
                (true, false) => (b"\n", false),
                (true, true) => (b"", true),
            };
            let (result, read, wrote, fields) =
                self.parser.read_record(input, &mut self.text[text..], &mut self.ends[ends..]);
            let last = read.checked_sub(1).and_then(|i| input.get(i)).copied();
            if !at_end {
                self.input.consume(read);
            } else if read > 0 {
                ending = true;
            }
            taken += read.max(usize::from(ended));
            text += wrote;
            ends += fields;
            match result {
                ReadRecordResult::InputEmpty => {
                    if at_end && ending && !ended {
                        flaw = flaw.or(Some(Flaw::CutOff));
                    }
                }
                ReadRecordResult::OutputFull if self.text.len() < LARGEST => {
                    let larger = (self.text.len() * 2).min(LARGEST);
                    self.text.resize(larger, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MOST_FIELDS => {
                    let larger = self.ends.len() * 2;
                    self.ends.resize(larger, 0);
                }
                // The beginning is kept, the rest is read over and over itself.
                ReadRecordResult::OutputFull => {
                    flaw = Some(Flaw::TooLarge);
                    text = KEPT;
                }
                ReadRecordResult::OutputEndsFull => {
                    flaw = Some(Flaw::TooLarge);
                    ends = 0;
                }
                ReadRecordResult::Record => {
                    self.after_cr = last == Some(b'\r');
                    self.number += 1;
                    return Ok(Some((text, ends, flaw)));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }
}

impl std::fmt::Debug for Delimited {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Delimited").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Rows for Delimited {
    fn next(&mut self, record: &mut Record) -> Result<bool, String> {
        record.clear();
        if self.done {
            return Ok(false);
        }
        if self.read_plain(record).map_err(|e| super::reason(&e))? {
            return Ok(true);
        }
        let Some((mut text, ends, flaw)) = self.read_row().map_err(|e| super::reason(&e))? else {
            self.done = true;
            return Ok(false);
        };
        record.number = self.number;
        if flaw == Some(Flaw::CutOff) && self.text[..text].last() == Some(&b'\n') {
            // The line end that was put in.
            text -= 1;
            if let Some(last) = self.ends[..ends].last_mut() {
                *last = text;
            }
        }
        if flaw == Some(Flaw::TooLarge) {
            record.push(&String::from_utf8_lossy(&self.text[..text.min(KEPT)]));
        } else {
            // Cells end where characters end, since separators and quotation marks are ASCII.
            let text = std::str::from_utf8(&self.text[..text]).map_err(|e| format!("row {}: {e}", self.number))?;
            record.fill(text, &self.ends[..ends]);
        }
        record.flaw = flaw.or_else(|| memchr::memchr(0, record.text().as_bytes()).map(|_| Flaw::Nul));
        Ok(true)
    }

    fn strict(&self) -> bool {
        true
    }
}

/// The separator that cuts most rows at the beginning of a text into the same number of fields, two at least.
pub fn separator(input: Box<dyn Read + Send>) -> io::Result<u8> {
    let mut sample = Vec::new();
    input.take(LOOK).read_to_end(&mut sample)?;
    let whole = (sample.len() as u64) < LOOK;
    // The end of the sample may cut a character off. Any other does for it: the row that it is in is not counted.
    if let Err(error) = std::str::from_utf8(&sample) {
        sample.truncate(error.valid_up_to());
        sample.push(b'x');
    }
    let best = SEPARATORS
        .into_iter()
        .zip((0..).map(std::cmp::Reverse))
        .filter_map(|(separator, order)| {
            let (alike, rows, fields) = agreement(&sample, separator, whole);
            // Compared in thousandths of the rows, so that a few title rows do not decide.
            (fields > 1).then(|| (alike * 1000 / rows, fields, order, separator))
        })
        .max();
    Ok(best.map_or(b',', |(.., separator)| separator))
}

/// How many rows have the commonest number of fields, how many rows there are, and that number.
fn agreement(sample: &[u8], separator: u8, whole: bool) -> (usize, usize, usize) {
    let mut rows = Delimited::new(Box::new(io::Cursor::new(sample.to_vec())), separator);
    let mut counts = Vec::new();
    while let Ok(Some((_, fields, _))) = rows.read_row() {
        counts.push(fields);
    }
    // The last row is cut by the end of the sample.
    if !whole && counts.len() > 1 {
        counts.pop();
    }
    counts.sort_unstable();
    let commonest = counts.chunk_by(|a, b| a == b).map(|same| (same.len(), same.first().copied().unwrap_or(0))).max();
    let (alike, fields) = commonest.unwrap_or((0, 0));
    (alike, counts.len().max(1), fields)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_short_way_and_csv_core_agree(
            text in "[a,\"\n\r工\u{0}\u{feff}]{0,80}|([a工]{0,3}[,\"]?[a工]{0,2}(\r?\n)?){0,30}", size in 4..40_usize,
        ) {
            let rows = |plain: bool| {
                let mut rows = Delimited::new(Box::new(io::empty()), b',');
                rows.input = Chunks::new(Box::new(io::Cursor::new(text.clone().into_bytes())), size);
                let mut all = Vec::new();
                let mut record = Record::default();
                while {
                    rows.begun &= plain;
                    rows.next(&mut record).unwrap()
                } {
                    all.push((record.number, record.iter().map(str::to_owned).collect::<Vec<_>>(), record.flaw));
                }
                all
            };
            prop_assert_eq!(rows(true), rows(false));
        }
    }

    fn read(text: &str, separator: u8) -> Vec<(u64, Vec<String>, Option<Flaw>)> {
        let mut rows = Delimited::new(Box::new(io::Cursor::new(text.as_bytes().to_vec())), separator);
        let mut record = Record::default();
        let mut all = Vec::new();
        while rows.next(&mut record).unwrap() {
            all.push((record.number, record.iter().map(str::to_owned).collect(), record.flaw));
        }
        all
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text, b',').into_iter().map(|(_, cells, _)| cells).collect()
    }

    #[test]
    fn line_ends_of_every_kind_and_quoted_ones() {
        let expected = [["a", "b"], ["1", "x\ny, \"z\""], ["2", ""]];
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("a,b{end}1,\"x\ny, \"\"z\"\"\"{end}2,{end}");
            assert_eq!(cells(&text), expected, "{end:?}");
            assert_eq!(cells(text.trim_end_matches(['\r', '\n'])), expected, "{end:?} without the last");
        }
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_does() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "a,b", "", "", "1,\"x\ny\"", "2,3"].join(end);
            let numbers: Vec<u64> = read(&text, b',').iter().map(|r| r.0).collect();
            assert_eq!(numbers, [2, 5, 6], "{end:?}");
        }
    }

    #[test]
    fn a_file_cut_within_quotes_is_told() {
        let flaws = |text: &str| read(text, b',').into_iter().map(|(_, _, flaw)| flaw).collect::<Vec<_>>();
        assert_eq!(flaws("a,b\n1,\"x\n2,y\n"), [None, Some(Flaw::CutOff)]);
        assert_eq!(flaws("a,b\n1,\""), [None, Some(Flaw::CutOff)]);
        assert_eq!(flaws("a,b\n1,\"x\""), [None, None]);
        assert_eq!(flaws("a,b\n1,5\" pipe\n2,3"), [None, None, None]);
        assert_eq!(flaws("a,b\n1,x\0y\n"), [None, Some(Flaw::Nul)]);
        assert!(flaws("").is_empty());
        assert!(flaws("\n\r\n").is_empty());
    }

    #[test]
    fn a_row_without_measure_is_cut_and_the_next_one_read() {
        let text = format!("a,b\n1,{}\n2,x\n", "y".repeat(LARGEST + 5));
        let rows = read(&text, b',');
        assert_eq!(rows.len(), 3);
        assert_eq!((rows[1].2, rows[1].1[0].len()), (Some(Flaw::TooLarge), KEPT));
        assert_eq!(rows[2], (3, vec!["2".to_owned(), "x".to_owned()], None));
        let many = format!("a,b\n{}\n2,x\n", ",".repeat(MOST_FIELDS + 5));
        let rows = read(&many, b',');
        assert_eq!((rows.len(), rows[1].2, rows[2].1.len()), (3, Some(Flaw::TooLarge), 2));
    }

    #[test]
    fn the_separator_is_found() {
        let find = |text: &str| char::from(separator(Box::new(io::Cursor::new(text.as_bytes().to_vec()))).unwrap());
        assert_eq!(find("a,b\n1,2\n"), ',');
        assert_eq!(find("a\tb, c\n1\t2\n3\t4,5,6\n"), '\t');
        assert_eq!(find("a;b\n1,5;2,5\n3,5;4,5\n"), ';');
        assert_eq!(find("工单|时间\n1|2026-07-01, 8:30; x\n"), '|');
        assert_eq!(find("one\n2\n"), ',');
        assert_eq!(find("\"a;b\",c\n\"d;e\",f\n"), ',');
        assert_eq!(find(""), ',');
    }
}
