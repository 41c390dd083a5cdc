//! Dumps of every format become typed rows. Figures: `benches/README.md`.
//!
//! Run: `cargo bench --bench read`. The tickets of `fixtures/` over and over again, under new numbers, in a folder of their
//! own; one item is one row, and bytes are those of the file. Each file is read whole: looked at, hashed, parsed, typed,
//! checked, freed of duplicates. Files are read one by one, so on one core.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use aftersales::ingest::{self, Watch};
use aftersales::plan::{self, Plan};
use arrow::array::{ArrayRef, RecordBatch, StringArray};
use divan::{Bencher, counter::BytesCount, counter::ItemsCount};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

/// Rows of a dump.
const ROWS: usize = 100_000;
/// Dumps by the names of their files.
const DUMPS: [&str; 5] = ["utf8.csv", "gb18030.csv", "lines.ndjson", "zstd.parquet", "sheet.xlsx"];
const NUMBER: &str = "服务工单号";

/// The folder of the dumps, for as long as the program runs.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder can be made"));
static TICKETS: LazyLock<Tickets> = LazyLock::new(Tickets::gather);

fn main() {
    divan::main();
    // A static is never dropped.
    let _ = fs::remove_dir_all(FOLDER.path());
}

/// Tickets as text, cell by cell.
struct Tickets {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Tickets {
    /// Those of one month of the fixtures, again and again.
    fn gather() -> Self {
        let path = root().join("fixtures/tickets-2026-03.csv");
        let text = fs::read_to_string(path).expect("the fixtures are there, in UTF-8");
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let number = header.iter().position(|name| name == NUMBER).expect("tickets have numbers");
        let month: Vec<Vec<String>> =
            reader.records().map_while(Result::ok).map(|row| row.iter().map(str::to_owned).collect()).collect();
        let rows = (0..ROWS).zip(month.iter().cycle());
        let renumbered = rows.map(|(index, row)| {
            let mut row = row.clone();
            row[number] = format!("{}-{index}", row[number]);
            row
        });
        let rows = renumbered.collect();
        Self { header, rows }
    }

    fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).expect("memory takes everything");
        for row in &self.rows {
            writer.write_record(row).expect("memory takes everything");
        }
        String::from_utf8(writer.into_inner().expect("memory takes everything")).expect("texts stay texts")
    }

    fn ndjson(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let cells = self.header.iter().zip(row).map(|(name, cell)| (name.clone(), cell.clone().into()));
            text += &serde_json::Value::Object(cells.collect()).to_string();
            text.push('\n');
        }
        text
    }

    fn parquet(&self, path: &Path) {
        let column = |(place, name): (usize, &String)| {
            let cells = self.rows.iter().map(|row| row.get(place).filter(|cell| !cell.is_empty()));
            (name.clone(), Arc::new(cells.collect::<StringArray>()) as ArrayRef, true)
        };
        let batch = RecordBatch::try_from_iter_with_nullable(self.header.iter().enumerate().map(column));
        let batch = batch.expect("columns are of one length");
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let file = File::create(path).expect("the folder takes files");
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("texts can be written");
        writer.write(&batch).expect("texts can be written");
        writer.close().expect("texts can be written");
    }

    fn xlsx(&self, path: &Path) {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, cells) in (0_u32..).zip(std::iter::once(&self.header).chain(&self.rows)) {
            for (column, cell) in (0_u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row, column, cell).expect("the sheet has room");
            }
        }
        workbook.save(path).expect("the folder takes files");
    }

    fn write(&self, path: &Path) {
        let write = |bytes: &[u8]| fs::write(path, bytes).expect("the folder takes files");
        match path.file_name().and_then(|name| name.to_str()) {
            Some("utf8.csv") => write(self.csv().as_bytes()),
            Some("gb18030.csv") => write(&encoding_rs::GB18030.encode(&self.csv()).0),
            Some("lines.ndjson") => write(self.ndjson().as_bytes()),
            Some("zstd.parquet") => self.parquet(path),
            _ => self.xlsx(path),
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The default pipeline with this dump as its tickets and no other source.
fn plan(dump: &str) -> Plan {
    let path = root().join("pipelines/quarterly.toml");
    let text = fs::read_to_string(&path).expect("the default pipeline is there");
    let dump = FOLDER.path().join(dump).display().to_string();
    let mut plan =
        plan::parse(&text.replace("../fixtures/tickets-*.csv", &dump), &path).expect("the pipeline is right");
    plan.sources.retain(|kind, _| kind.name() == "tickets");
    plan
}

/// Hears nothing.
struct Deaf;

impl Watch for Deaf {
    fn begin(&self, _: u64) {}
    fn progress(&self, _: u64, _: u64) {}
}

#[divan::bench(args = DUMPS, sample_count = 10, sample_size = 1)]
fn read(bencher: Bencher, dump: &str) {
    let path = FOLDER.path().join(dump);
    if !path.exists() {
        TICKETS.write(&path);
    }
    let plan = plan(dump);
    let bytes = fs::metadata(&path).expect("the dump has been written").len();
    bencher
        .counter(ItemsCount::new(ROWS))
        .counter(BytesCount::new(bytes))
        .bench_local(|| ingest::read(&plan, &std::env::temp_dir(), &Deaf).expect("the dump can be read").content());
}
