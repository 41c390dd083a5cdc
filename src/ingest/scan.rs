//! One table is read from its first row to its last. Tables are independent, so several are read at a time.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::batch::Batch;
use super::filter::Filter;
use super::header::{self, Found};
use super::intake::Intake;
use super::quality::{BadRow, FileReport};
use super::read::{self, Heard, Look, Part, Record, Rows};
use super::row::{self, RowReader, Whereabouts};
use super::values::time::SAMPLE;
use super::{IngestError, Shelf, Watch, times};
use crate::plan::{Plan, Source};
use crate::schema::rules::{COLUMN_MISSING, Severity};

/// Rows among which the header is looked for.
const LEAD: usize = 50;
/// Bytes of text that these rows may take.
const SAMPLE_SIZE: usize = 32 << 20;

/// One table to read.
#[derive(Debug)]
pub struct Job<'p> {
    pub source: &'p Source,
    pub path: PathBuf,
    pub look: Arc<Look>,
    pub part: Part,
    /// The name by which messages and tables know it.
    pub name: String,
}

/// One table after reading.
pub struct Scan {
    pub report: FileReport,
    pub batches: Vec<Batch>,
    pub bad: Vec<BadRow>,
    pub content: u128,
}

/// Looks through all files of all sources; jobs come in the order of sources, files and tables.
pub fn jobs<'p>(files: &[(&'p Source, PathBuf)]) -> Result<Vec<Job<'p>>, IngestError> {
    let looks: Vec<Result<Look, IngestError>> =
        files.par_iter().with_max_len(1).map(|(source, path)| read::glance(path, &source.reading)).collect();
    if looks.iter().any(Result::is_err) {
        // One before it may be no better, if it is looked through.
        files.iter().try_for_each(|(source, path)| read::look(path, &source.reading).map(|_| ()))?;
    }
    let mut jobs = Vec::new();
    for (index, look) in looks.into_iter().enumerate() {
        let look = Arc::new(look?);
        let (source, path) = &files[index];
        let file = name_in(files, index);
        for part in &look.parts {
            let name = part.name().map_or_else(|| file.clone(), |part| format!("{file}/{part}"));
            jobs.push(Job { source, path: path.clone(), look: Arc::clone(&look), part: part.clone(), name });
        }
    }
    Ok(jobs)
}

/// The file's name, with its folder's where another file of the source has the same name.
fn name_in(files: &[(&Source, PathBuf)], index: usize) -> String {
    let (source, path) = &files[index];
    let name = |path: &Path| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let own = name(path);
    let shared = files.iter().enumerate().any(|(i, (s, p))| i != index && s.kind == source.kind && name(p) == own);
    match path.parent() {
        Some(parent) if shared => format!("{}/{own}", name(parent)),
        _ => own,
    }
}

/// Why a table could not be read.
enum Failure {
    /// The file is none that can be read at all.
    Look(IngestError),
    Table(IngestError),
}

/// Reads all tables, several at a time, the largest first; results come in the order of the jobs.
pub fn all(jobs: &[Job], plan: &Plan, shelf: &Shelf, watch: &dyn Watch) -> Result<Vec<Scan>, IngestError> {
    let mut order: Vec<(usize, &Job)> = jobs.iter().enumerate().collect();
    order.sort_by_key(|(_, job)| Reverse(job.size()));
    let mut scans: Vec<(usize, Result<Scan, Failure>)> =
        order.into_iter().par_bridge().map(|(index, job)| (index, presumed(job, plan, shelf, watch))).collect();
    scans.sort_by_key(|(index, _)| *index);
    // The first error in the order of the files, whichever thread met one first; before others those which a look through all
    // files would have found.
    let (mut done, mut failed) = (Vec::with_capacity(scans.len()), None);
    for (_, scan) in scans {
        match scan {
            Ok(scan) => done.push(scan),
            Err(Failure::Look(error)) => return Err(error),
            Err(Failure::Table(error)) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(done), Err)
}

/// Reads a table. If only its beginning has been looked at and reading it fails, it is looked through, and if it is not what it
/// was presumed to be, it is read again.
fn presumed(job: &Job, plan: &Plan, shelf: &Shelf, watch: &dyn Watch) -> Result<Scan, Failure> {
    // Nothing that was presumed of its times has a part in an error.
    let error = match timed(job, plan, shelf, watch) {
        Ok(scan) => return Ok(scan),
        Err(error) => error,
    };
    if job.look.hash.is_some() {
        return Err(Failure::Table(error));
    }
    let look = read::look(&job.path, &job.source.reading).map_err(Failure::Look)?;
    match look.parts.first() {
        Some(part) if *part != job.part => {
            let (path, name, part) = (job.path.clone(), job.name.clone(), part.clone());
            let job = Job { source: job.source, path, name, part, look: Arc::new(look) };
            // What was read in vain has been told already.
            timed(&job, plan, shelf, &Deaf).map_err(Failure::Table)
        }
        _ => Err(Failure::Table(error)),
    }
}

/// Reads a table. If what was presumed of its times does not hold to its end, or the reading fails, it is read again with
/// nothing presumed of them.
fn timed(job: &Job, plan: &Plan, shelf: &Shelf, watch: &dyn Watch) -> Result<Scan, IngestError> {
    let mut times = Times { presume: true, presumed: Vec::new() };
    let scan = table(job, plan, shelf, watch, &mut times);
    if times.presumed.is_empty() || scan.is_ok() && times.presumed.iter().all(times::Presumed::holds) {
        return scan;
    }
    table(job, plan, shelf, &Deaf, &mut Times { presume: false, presumed: Vec::new() })
}

/// What is presumed of the times of a table.
struct Times {
    /// Whether anything may be.
    presume: bool,
    presumed: Vec<times::Presumed>,
}

/// Hears nothing.
struct Deaf;

impl Watch for Deaf {
    fn begin(&self, _: u64) {}
    fn progress(&self, _: u64, _: u64) {}
}

impl Job<'_> {
    /// Bytes of the file that are this table's, about.
    fn size(&self) -> u64 {
        self.look.size / self.look.parts.len().max(1) as u64
    }

    /// Opens the table, and listens for its hash where that is not known yet.
    fn rows(&self) -> Result<(Box<dyn Rows>, Heard), String> {
        match &self.look.hash {
            None => self.part.rows_heard(&self.path),
            Some(hash) => self.part.rows(&self.path).map(|rows| (rows, Heard::new(hash.clone().into()))),
        }
    }
}

/// A table whose header has been found.
pub struct Opened {
    pub rows: Box<dyn Rows>,
    /// The rows after the header that were read while it was looked for.
    pub ahead: Vec<Record>,
    pub header: Vec<String>,
    /// The number of the header's row; 0 where the table is empty.
    pub header_row: u64,
}

/// Opens a table and passes over its title rows and its header. `place` finds the header among the first rows.
pub fn open(
    path: &Path,
    mut rows: Box<dyn Rows>,
    header_row: Option<u64>,
    place: impl Fn(&[Record]) -> Option<usize>,
) -> Result<Opened, IngestError> {
    let unreadable = |reason: String| IngestError::Unreadable { file: path.to_owned(), reason };
    let mut lead: Vec<Record> = Vec::new();
    let mut record = Record::default();
    let (mut size, mut last) = (0, 0);
    let far_enough = |last: u64, count: usize| header_row.map_or(count >= LEAD, |row| last >= row);
    while size < SAMPLE_SIZE && !far_enough(last, lead.len()) && rows.next(&mut record).map_err(unreadable)? {
        size += record.size();
        last = record.number;
        if header_row.is_none_or(|row| record.number >= row) {
            lead.push(std::mem::take(&mut record));
        }
    }
    let Some(at) = place(&lead) else {
        if let (Some(row), false) = (header_row, lead.is_empty() && last == 0) {
            return Err(unreadable(format!("`header_row` is {row}, and there is no such row with a text in it")));
        }
        return Ok(Opened { rows, ahead: Vec::new(), header: Vec::new(), header_row: 0 });
    };
    let mut ahead = lead.split_off(at);
    let head = ahead.remove(0);
    if let Some(flaw) = head.flaw {
        return Err(unreadable(format!("its header, row {}, is damaged: {}", head.number, row::damage(flaw, &head))));
    }
    Ok(Opened { rows, ahead, header: header::clean(&head), header_row: head.number })
}

fn table(job: &Job, plan: &Plan, shelf: &Shelf, watch: &dyn Watch, times: &mut Times) -> Result<Scan, IngestError> {
    let Job { source, path, part, .. } = job;
    let unreadable = |reason: String| IngestError::Unreadable { file: path.clone(), reason };
    let begin = |rows| open(path, rows, source.reading.header_row, |lead| header::place(source, lead));
    let (rows, heard) = job.rows().map_err(unreadable)?;
    let Opened { mut rows, ahead, header, header_row } = begin(rows)?;
    let mut report = FileReport::new(job, header, header_row);
    if report.header.is_empty() {
        // An empty sheet beside others is how workbooks are made; an empty file is a failed export.
        if part.sheet.is_none() {
            return Err(IngestError::Empty { file: path.clone(), kind: source.kind });
        }
        return Ok(Scan { report, batches: Vec::new(), bad: Vec::new(), content: 0 });
    }
    let file = shown(path, part);
    let found = Found { header: &report.header, file: &file, row: header_row };
    let mut bindings = header::bind(source, &found)?;
    let filter = Filter::new(source, &found)?;

    let mut record = Record::default();
    let mut sample = ahead;
    let mut size: usize = sample.iter().map(Record::size).sum();
    let mut more = true;
    while more && sample.len() < SAMPLE && size < SAMPLE_SIZE {
        more = rows.next(&mut record).map_err(unreadable)?;
        if more {
            size += record.size();
            sample.push(std::mem::take(&mut record));
        }
    }
    let whole = |take: &mut dyn FnMut(&Record)| {
        let Opened { mut rows, ahead, .. } = begin(part.rows(path).map_err(unreadable)?)?;
        ahead.iter().for_each(&mut *take);
        let mut record = Record::default();
        while rows.next(&mut record).map_err(unreadable)? {
            take(&record);
        }
        Ok(())
    };
    let at = Whereabouts::of(path, part);
    let keeps = |record: &Record| filter.keeps(record, &at);
    let presumes = times.presume;
    let columns = times::Column { source, plan, file: &file, sample: &sample, more, keeps: &keeps, presumes };
    times.presumed = columns.decide(&mut bindings, &whole)?;

    report.lacking = bindings.iter().filter(|b| b.lacking).map(|b| b.column().to_owned()).collect();
    let width = rows.strict().then_some(report.header.len());
    let reader = RowReader::new(source, plan, bindings, Whereabouts::of(path, part), width);
    let rows_expected = rows_in(job, &sample);
    let mut intake = Intake::new(&reader, &filter, &file, &mut report, shelf, rows_expected);
    for record in &sample {
        intake.take(record)?;
    }
    drop(sample);
    let mut told = Told { watch, rows: 0, bytes: 0, size: job.size() };
    while rows.next(&mut record).map_err(unreadable)? {
        for column in &mut times.presumed {
            column.take(&reader.bindings, &record, source, &keeps);
        }
        intake.take(&record)?;
        told.hear(record.size() + record.len());
    }
    job.look.still(path).map_err(unreadable)?;
    told.done(intake.rows());
    let (batches, bad, content) = intake.finish()?;
    report.hash = heard.get().cloned().unwrap_or_default();
    if !report.lacking.is_empty() && plan.quality.severity(&COLUMN_MISSING) != Severity::Off {
        let lacking = report.lacking.clone();
        report.warn_of_columns(&COLUMN_MISSING, report.account.read, &lacking);
    }
    Ok(Scan { report, batches, bad, content })
}

/// How many rows the table may have, by its size and the size of its first ones.
fn rows_in(job: &Job, sample: &[Record]) -> usize {
    let bytes: usize = sample.iter().map(|record| record.size() + record.len()).sum();
    let rows = u128::from(job.size()) * sample.len() as u128 / bytes.max(1) as u128;
    usize::try_from(rows).unwrap_or(usize::MAX)
}

/// The file with its sheet or member, as messages name it.
fn shown(path: &Path, part: &Part) -> PathBuf {
    part.name().map_or_else(|| path.to_owned(), |name| path.join(name))
}

impl Whereabouts {
    fn of(path: &Path, part: &Part) -> Self {
        // `七月.csv.gz` is `七月`.
        let plain = |name: &str| name.split('.').find(|part| !part.is_empty()).unwrap_or_default().to_owned();
        let file = plain(&path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()));
        let sheet = match (&part.sheet, part.name()) {
            (Some(sheet), _) => sheet.clone(),
            (None, Some(member)) => plain(&member),
            (None, None) => file.clone(),
        };
        Self { file, sheet }
    }
}

/// Tells the watch how far the reading is. Bytes are those of the text read, which is near enough for a bar.
struct Told<'w> {
    watch: &'w dyn Watch,
    rows: u64,
    bytes: u64,
    /// Bytes of the file that are still to be told.
    size: u64,
}

impl Told<'_> {
    fn hear(&mut self, bytes: usize) {
        self.rows += 1;
        self.bytes += bytes as u64;
        if self.rows.is_multiple_of(10_000) {
            let bytes = self.bytes.min(self.size);
            self.watch.progress(10_000, bytes);
            self.size -= bytes;
            self.bytes = 0;
        }
    }

    fn done(&self, rows: u64) {
        self.watch.progress(rows - self.rows / 10_000 * 10_000, self.size);
    }
}
