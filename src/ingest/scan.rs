//! One file is read from its first byte to its last. Files are independent, so several are read at a time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord, WriterBuilder};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::batch::{self, Batch, Collector};
use super::error::Ambiguous;
use super::header::{self, Binding, Reads};
use super::quality::{Account, BadRow, COLUMN_MISSING, FileReport};
use super::row::{Bad, RowReader};
use super::values::text;
use super::values::time::{self, Decision};
use super::{IngestError, Watch, encoding};
use crate::plan::{Plan, Source};

/// Rows looked at to decide how the times of a column are written.
const SAMPLE: usize = 2000;

/// One file after reading.
pub struct Scan {
    pub report: FileReport,
    pub batches: Vec<Batch>,
    pub bad: Vec<BadRow>,
    pub content: u128,
}

/// Reads all files, several at a time; results come in the order of the jobs.
pub fn all(jobs: &[(&Source, PathBuf)], plan: &Plan, watch: &dyn Watch) -> Result<Vec<Scan>, IngestError> {
    let one =
        |(index, (source, path)): (usize, &(&Source, PathBuf))| file(source, plan, path, name_in(jobs, index), watch);
    let scans: Vec<Result<Scan, IngestError>> = jobs.par_iter().with_max_len(1).enumerate().map(one).collect();
    // The first error in the order of the files, whichever thread met one first.
    scans.into_iter().collect()
}

/// The file's name, with its folder's where another file of the source has the same name.
fn name_in(jobs: &[(&Source, PathBuf)], index: usize) -> String {
    let (source, path) = &jobs[index];
    let name = |path: &Path| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let own = name(path);
    let shared = jobs.iter().enumerate().any(|(i, (s, p))| i != index && s.kind == source.kind && name(p) == own);
    match path.parent() {
        Some(parent) if shared => format!("{}/{own}", name(parent)),
        _ => own,
    }
}

fn file(source: &Source, plan: &Plan, path: &Path, name: String, watch: &dyn Watch) -> Result<Scan, IngestError> {
    let look = encoding::look(path)?;
    let unreadable =
        |e: &dyn std::fmt::Display| IngestError::Unreadable { file: path.to_owned(), reason: e.to_string() };
    let input = encoding::open(path, look.encoding).map_err(|e| unreadable(&e))?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 18).from_reader(input);

    let mut record = StringRecord::new();
    if !reader.read_record(&mut record).map_err(|e| unreadable(&e))? {
        return Err(IngestError::Empty { file: path.to_owned(), kind: source.kind });
    }
    let header: Vec<String> = record.iter().map(|h| text::trim(h).to_owned()).collect();
    let bindings = header::bind(source, &header, path)?;

    let mut sample = Vec::new();
    while sample.len() < SAMPLE && reader.read_record(&mut record).map_err(|e| unreadable(&e))? {
        sample.push(std::mem::take(&mut record));
    }
    let bindings = decide_times(bindings, &sample, source, path)?;

    let mut report = FileReport {
        path: path.to_owned(),
        name,
        encoding: look.encoding,
        size: look.size,
        hash: look.hash,
        header,
        account: Account::default(),
        warnings: BTreeMap::new(),
        lacking: Vec::new(),
    };
    report.lacking = bindings.iter().filter(|b| b.lacking).map(|b| b.column().to_owned()).collect();
    let rows = RowReader::new(source, plan, bindings, report.header.len());
    let mut intake = Intake::new(&rows, &mut report);
    for record in &sample {
        intake.take(record)?;
    }
    drop(sample);
    let mut told = (0, 0);
    while reader.read_record(&mut record).map_err(|e| unreadable(&e))? {
        intake.take(&record)?;
        if intake.rows - told.0 >= 10_000 {
            let bytes = reader.position().byte();
            watch.progress(intake.rows - told.0, bytes - told.1);
            told = (intake.rows, bytes);
        }
    }
    watch.progress(intake.rows - told.0, look.size.saturating_sub(told.1));
    let (batches, bad, content) = intake.finish()?;
    if !report.lacking.is_empty() {
        report.warn(&COLUMN_MISSING, report.account.read);
    }
    Ok(Scan { report, batches, bad, content })
}

/// Settles the formats of time columns that the plan leaves open.
fn decide_times<'p>(
    mut bindings: Vec<Binding<'p>>,
    sample: &[StringRecord],
    source: &Source,
    path: &Path,
) -> Result<Vec<Binding<'p>>, IngestError> {
    for binding in &mut bindings {
        let (Reads::Time(format @ None) | Reads::Date(format @ None)) = &mut binding.reads else {
            continue;
        };
        let [field] = binding.fields.as_slice() else {
            continue;
        };
        let cells: Vec<&str> =
            sample.iter().filter_map(|r| r.get(*field)).filter_map(|c| text::present(c, &source.missing)).collect();
        match time::decide(&cells) {
            Decision::Format(decided) => *format = Some(decided),
            Decision::Unknown => {
                let samples = cells.iter().take(3).map(|c| format!("{c:?}")).collect::<Vec<_>>().join(", ");
                let column = binding.theirs.clone();
                return Err(IngestError::UnknownTimes { file: path.to_owned(), column, samples, line: binding.line });
            }
            Decision::Ambiguous { sample, formats } => {
                let reading = |format: &str| {
                    let wall = time::given(format).and_then(|f| f.parse(&sample));
                    wall.and_then(crate::time::date_time).map_or_else(String::new, |t| t.date().to_string())
                };
                return Err(IngestError::AmbiguousTimes(Box::new(Ambiguous {
                    file: path.to_owned(),
                    column: binding.theirs.clone(),
                    readings: formats.map(|format| (reading(&format), format)),
                    sample,
                    line: binding.line,
                })));
            }
        }
    }
    Ok(bindings)
}

/// Takes the rows of a file one by one and sorts them into good and bad.
struct Intake<'a, 'p> {
    reader: &'a RowReader<'p>,
    report: &'a mut FileReport,
    collector: Collector,
    batches: Vec<Batch>,
    bad: Vec<BadRow>,
    content: u128,
    scratch: Vec<u8>,
    rows: u64,
}

impl<'a, 'p> Intake<'a, 'p> {
    fn new(reader: &'a RowReader<'p>, report: &'a mut FileReport) -> Self {
        let collector = Collector::new(&reader.bindings);
        Self {
            reader,
            report,
            collector,
            batches: Vec::new(),
            bad: Vec::new(),
            content: 0,
            scratch: Vec::new(),
            rows: 0,
        }
    }

    fn take(&mut self, record: &StringRecord) -> Result<(), IngestError> {
        self.rows += 1;
        self.report.account.read += 1;
        let mut values = Vec::with_capacity(self.reader.bindings.len());
        match self.reader.read(record, &mut values) {
            Ok(()) => {
                let (identity, hash) = self.reader.identify(&values, &mut self.scratch);
                self.content = self.content.wrapping_add(hash);
                self.collector.push(&values, identity)?;
                if self.collector.len() == batch::ROWS {
                    self.close_batch()?;
                }
            }
            Err(bad) => self.reject(record, bad),
        }
        Ok(())
    }

    fn reject(&mut self, record: &StringRecord, bad: Bad) {
        let raw = as_csv(record);
        self.content = self.content.wrapping_add(xxh3_128(raw.as_bytes()));
        self.report.account.quarantined += 1;
        self.bad.push(BadRow {
            file: self.report.name.clone(),
            row: self.rows + 1,
            column: bad.binding.map(|i| self.reader.bindings[i].theirs.clone()).filter(|c| !c.is_empty()),
            value: bad.value,
            rule: bad.rule.name,
            message: bad.message,
            raw,
        });
    }

    fn close_batch(&mut self) -> Result<(), IngestError> {
        let full = std::mem::replace(&mut self.collector, Collector::new(&self.reader.bindings));
        self.batches.push(full.finish()?);
        Ok(())
    }

    fn finish(mut self) -> Result<(Vec<Batch>, Vec<BadRow>, u128), IngestError> {
        if self.collector.len() > 0 {
            self.close_batch()?;
        }
        Ok((self.batches, self.bad, self.content))
    }
}

/// The row as one line of CSV.
fn as_csv(record: &StringRecord) -> String {
    let mut writer =
        WriterBuilder::new().flexible(true).terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = writer.write_record(record);
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(bytes.strip_suffix(b"\n").unwrap_or(&bytes)).into_owned()
}
