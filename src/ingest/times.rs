//! How the times of a table are written: one format for each column, decided from all of its cells where a sample cannot.

use std::path::Path;

use chrono_tz::Tz;

use super::IngestError;
use super::error::Ambiguous;
use super::header::{Binding, Cell, Reads};
use super::read::{Native, Record};
use super::values::time::{self, Decision, Format, SAMPLE, Tie};
use super::values::{number, text};
use crate::plan::{Plan, Source};

/// With fewer cells in the sample a column is read on until it shows how it is written.
const FEW: usize = 20;

/// The columns of a table as its first rows show them.
pub struct Column<'a> {
    pub source: &'a Source,
    pub plan: &'a Plan,
    /// For messages.
    pub file: &'a Path,
    pub sample: &'a [Record],
    /// The table goes on after the sample.
    pub more: bool,
    /// Rows that `where` leaves out decide nothing.
    pub keeps: &'a dyn Fn(&Record) -> bool,
    /// What few cells say may be taken for what the column says, until the rows that follow have been read.
    pub presumes: bool,
}

/// The format of a column of which the first rows show few cells. It is what the column would have been decided to be if it
/// [holds](Self::holds) in the end.
#[derive(Debug)]
pub struct Presumed {
    /// The column, among the bindings.
    binding: usize,
    format: Format,
    /// Cells that decide.
    cells: usize,
    fits: usize,
}

impl Presumed {
    /// Takes a row after the sample.
    pub fn take(&mut self, bindings: &[Binding], record: &Record, source: &Source, keeps: &dyn Fn(&Record) -> bool) {
        let Some(binding) = bindings.get(self.binding).filter(|_| self.cells < SAMPLE) else { return };
        // Most rows have no such cell, or it would not be presumed.
        if let [Cell::At(place)] = binding.cells.as_slice()
            && record.get(*place).is_none_or(str::is_empty)
        {
            return;
        }
        if let Some(cell) = typed(binding, record, source, keeps) {
            self.hear(&cell);
        }
    }

    fn hear(&mut self, cell: &str) {
        self.cells += 1;
        self.fits += usize::from(self.format.parse(cell, Tz::UTC).is_some());
    }

    /// Whether most cells, of as many as decide, are written so.
    pub const fn holds(&self) -> bool {
        self.fits * 2 > self.cells
    }
}

/// Hands every row of a table, from its header on, to a function.
type Whole<'a> = dyn Fn(&mut dyn FnMut(&Record)) -> Result<(), IngestError> + 'a;

impl Column<'_> {
    /// Settles the formats of time columns that the plan leaves open. The table is read to its end where the sample does not
    /// tell day from month, or where it hardly has a cell of the column and nothing may be presumed.
    pub fn decide(&self, bindings: &mut [Binding], whole: &Whole) -> Result<Vec<Presumed>, IngestError> {
        let (cells, presumed) = self.cells(bindings, whole)?;
        for (binding, cells) in bindings.iter_mut().zip(&cells) {
            if !is_open(binding) {
                continue;
            }
            let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
            // Versions are mostly numbered.
            let numbered = texts.iter().filter(|cell| number::version(cell).is_some()).count();
            if matches!(binding.reads, Reads::Version(_)) && numbered * 2 >= texts.len() {
                continue;
            }
            let decision = match time::decide(&texts) {
                Decision::Ambiguous(tie) => self.settle(tie, texts.len(), binding, whole)?,
                decided => decided,
            };
            let format = match decision {
                Decision::Format(format) => format,
                Decision::Unknown if self.is_native(binding, texts.len()) => Format::native(),
                Decision::Unknown => return Err(self.unknown(binding, &texts)),
                Decision::Ambiguous(tie) => return Err(self.ambiguous(binding, &tie)),
            };
            if let Reads::Time(open) | Reads::Date(open) | Reads::Version(open) = &mut binding.reads {
                *open = Some(format);
            }
        }
        Ok(presumed)
    }

    /// The first cells of every column whose format is open, and what is presumed of those that have few.
    fn cells(&self, bindings: &[Binding], whole: &Whole) -> Result<(Vec<Vec<String>>, Vec<Presumed>), IngestError> {
        let open = |b: &Binding| is_open(b) && !b.cells.is_empty();
        let of = |b: &Binding| self.sample.iter().filter_map(|record| self.typed(b, record)).collect();
        let mut cells: Vec<Vec<String>> = bindings.iter().map(|b| if open(b) { of(b) } else { Vec::new() }).collect();
        let mut few: Vec<usize> =
            (0..bindings.len()).filter(|i| open(&bindings[*i]) && cells[*i].len() < FEW).collect();
        let mut presumed = Vec::new();
        if self.more && self.presumes {
            presumed = few.iter().filter_map(|place| presume(*place, &bindings[*place], &cells[*place])).collect();
            few.retain(|place| !presumed.iter().any(|one| one.binding == *place));
        }
        if self.more && !few.is_empty() {
            let mut seen = 0;
            whole(&mut |record| {
                seen += 1;
                for place in few.iter().filter(|_| seen > self.sample.len()) {
                    if cells[*place].len() < SAMPLE {
                        cells[*place].extend(self.typed(&bindings[*place], record));
                    }
                }
            })?;
        }
        Ok((cells, presumed))
    }

    /// What the rest of the column says.
    fn settle(&self, mut tie: Tie, taken: usize, binding: &Binding, whole: &Whole) -> Result<Decision, IngestError> {
        let mut seen = 0;
        whole(&mut |record| {
            if let Some(cell) = self.typed(binding, record) {
                seen += 1;
                if seen > taken {
                    tie.take(&cell);
                }
            }
        })?;
        Ok(tie.settle())
    }

    fn typed(&self, binding: &Binding, record: &Record) -> Option<String> {
        typed(binding, record, self.source, self.keeps)
    }

    /// Whether the sample has at least as many real dates in a column as `texts`: then a text among them is a bad cell, and
    /// no other way to write times.
    fn is_native(&self, binding: &Binding, texts: usize) -> bool {
        let [Cell::At(place)] = binding.cells.as_slice() else { return false };
        let held = |record: &&Record| matches!(record.native(*place), Native::Time | Native::Formula);
        self.sample.iter().filter(held).count() >= texts.max(1)
    }

    fn unknown(&self, binding: &Binding, cells: &[&str]) -> IngestError {
        // Cells that are times by themselves are not what is wrong, unless all are, each in its own way.
        let odd = cells.iter().filter(|cell| time::decide(&[**cell]) == Decision::Unknown);
        let odd: Vec<&str> = odd.take(3).copied().collect();
        let shown = if odd.is_empty() { cells.iter().take(3).copied().collect() } else { odd };
        let samples = shown.iter().map(|c| format!("{c:?}")).collect::<Vec<_>>().join(", ");
        let column = binding.theirs.clone();
        IngestError::UnknownTimes { file: self.file.to_owned(), column, samples, line: binding.line }
    }

    fn ambiguous(&self, binding: &Binding, tie: &Tie) -> IngestError {
        let sample = tie.sample();
        let reading = |format: String| {
            let wall = time::given(&format).and_then(|f| f.parse(sample, self.plan.review.time_zone));
            let date = wall.and_then(crate::time::date_time).map_or_else(String::new, |t| t.date().to_string());
            (date, format)
        };
        IngestError::AmbiguousTimes(Box::new(Ambiguous {
            file: self.file.to_owned(),
            column: binding.theirs.clone(),
            readings: tie.formats().into_iter().map(reading).collect(),
            sample: sample.to_owned(),
            line: binding.line,
        }))
    }
}

/// Whether the plan leaves open how the column is written.
const fn is_open(binding: &Binding) -> bool {
    matches!(binding.reads, Reads::Time(None) | Reads::Date(None) | Reads::Version(None))
}

/// The text of one of a binding's cells.
fn one<'a>(cell: &Cell<'a>, record: &'a Record, source: &Source) -> Option<&'a str> {
    match cell {
        Cell::At(place) => record.get(*place).and_then(|c| text::present(c, &source.missing)),
        Cell::Always(text) => Some(*text),
        Cell::File | Cell::Sheet | Cell::Row => None,
    }
}

/// The text of a binding's cells in a row, unless a spreadsheet holds it as a date already.
fn typed(binding: &Binding, record: &Record, source: &Source, keeps: &dyn Fn(&Record) -> bool) -> Option<String> {
    if record.flaw.is_some() || !keeps(record) {
        return None;
    }
    let one = |cell| one(cell, record, source);
    match binding.cells.as_slice() {
        [Cell::At(place)] if matches!(record.native(*place), Native::Time | Native::Formula) => None,
        [cell] => one(cell).map(ToOwned::to_owned),
        cells => {
            let date = |cell: &Cell, text: &str| match cell {
                Cell::At(place) if record.native(*place) == Native::Time => {
                    text.strip_suffix(" 00:00:00").unwrap_or(text).to_owned()
                }
                _ => text.to_owned(),
            };
            let parts: Vec<String> = cells.iter().filter_map(|c| one(c).map(|text| date(c, text))).collect();
            (!parts.is_empty()).then(|| parts.join(binding.with))
        }
    }
}

/// What the few cells of a column say, where they are in a format that has no rival: year first, with four digits.
fn presume(place: usize, binding: &Binding, cells: &[String]) -> Option<Presumed> {
    // Versions may be numbers.
    if cells.is_empty() || matches!(binding.reads, Reads::Version(_)) {
        return None;
    }
    let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
    let Decision::Format(format) = time::decide(&texts) else { return None };
    let mut presumed = Presumed { binding: place, cells: 0, fits: 0, format };
    if !presumed.format.is_year_first() {
        return None;
    }
    for cell in texts {
        presumed.hear(cell);
    }
    presumed.holds().then_some(presumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_few_cells_say_holds_while_most_cells_are_written_so() {
        let presumed = |binding: &Binding, cells: &[&str]| {
            let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            presume(0, binding, &cells)
        };
        let plan = crate::plan::parse(
            "[sources.tickets]\nfiles = \"t.csv\"\n[sources.tickets.columns]\nticket_id = \"a\"\nrequested_at = \"b\"\n",
            Path::new("q.toml"),
        )
        .unwrap();
        let source = plan.sources.values().next().unwrap();
        let header = ["a".to_owned(), "b".to_owned()];
        let found = super::super::header::Found { header: &header, file: Path::new("t.csv"), row: 1 };
        let bindings = super::super::header::bind(source, &found).unwrap();
        let binding = &bindings[1];
        for unsure in [&[][..], &["01/02/2026"], &["31/01/2026"], &["2026-07-01", "2026/7/1"], &["46234.5"]] {
            assert!(presumed(binding, unsure).is_none(), "{unsure:?}");
        }
        let mut one = Presumed { binding: 1, ..presumed(binding, &["2026-07-01", "x", "2026-07-02 8:30"]).unwrap() };
        for (cell, holds) in [("2026/7/1", false), ("", false), ("2026-07-03", true), ("2026.7.3", false)] {
            let mut record = Record::default();
            record.push("T1");
            record.push(cell);
            one.take(&bindings, &record, source, &|_| true);
            assert_eq!(one.holds(), holds, "{cell}");
        }
    }
}
