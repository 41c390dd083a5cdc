//! A folder of its own with the pipeline and dumps, laid out as the repository is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::Output;

/// A desk to work at: `pipelines/`, `fixtures/`, and `out/` for what runs write.
pub struct Desk {
    folder: TempDir,
}

/// What a run of the program did.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Holds that the run succeeded.
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }
}

/// The program, without settings of the caller's.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aftersales"));
    command.env_remove("POLARS_MAX_THREADS");
    command
}

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

impl Desk {
    /// With the default pipeline and its calendars, and no dumps.
    pub fn bare() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["pipelines/calendars", "fixtures"] {
            fs::create_dir_all(desk.path(folder)).unwrap();
        }
        for file in ["pipelines/quarterly.toml", "pipelines/calendars/cn.toml"] {
            fs::copy(Path::new(ROOT).join(file), desk.path(file)).unwrap();
        }
        desk
    }

    /// With all dumps of `fixtures/`.
    pub fn whole() -> Self {
        let desk = Self::bare();
        for name in fixtures() {
            desk.write(&format!("fixtures/{name}"), &fixture(&name));
        }
        desk
    }

    /// With the first rows of some dumps, of different encodings and column orders: enough for every table, and quick.
    pub fn small() -> Self {
        let desk = Self::bare();
        for (name, rows) in [
            ("tickets-2026-04.csv", 150),
            ("tickets-2026-07.csv", 150),
            ("tickets-2026-08.csv", 150),
            ("tickets-2026-09.csv", 150),
            ("surveys-2026-04.csv", 100),
            ("surveys-2026-07.csv", 100),
            ("surveys-2026-08.csv", 100),
            ("surveys-2026-09.csv", 100),
            ("pauses.csv", 2000),
            ("staff.csv", 60),
            ("actions.csv", 8),
        ] {
            desk.write(&format!("fixtures/{name}"), &head(&fixture(name), rows));
        }
        desk
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub fn write(&self, file: &str, bytes: &[u8]) {
        fs::write(self.path(file), bytes).unwrap();
    }

    pub fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.path(file)).unwrap()
    }

    /// Replaces a text that the file must have.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.read(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(file, text.replace(from, to).as_bytes());
    }

    /// Replaces the bytes of every dump.
    pub fn rewrite_dumps(&self, change: impl Fn(&str, &[u8]) -> Vec<u8>) {
        for entry in fs::read_dir(self.path("fixtures")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let file = format!("fixtures/{name}");
            self.write(&file, &change(&name, &self.read(&file)));
        }
    }

    /// The program at this desk.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.current_dir(self.folder.path()).args(arguments);
        command
    }

    /// Runs the program at this desk. Its folder is shown as `[desk]` in what the program says.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(&mut self.command(arguments))
    }

    /// Reviews with the default pipeline into `out/`, with so many threads.
    pub fn review(&self, more: &[&str], threads: &str) -> Ran {
        let arguments = [&["run", "pipelines/quarterly.toml", "--out", "out"], more].concat();
        self.finish(self.command(&arguments).env("POLARS_MAX_THREADS", threads))
    }

    pub fn finish(&self, command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8");
            text.replace(&*self.folder.path().to_string_lossy(), "[desk]")
        };
        Ran { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// All files of `out/<period>`.
    pub fn output(&self, period: &str) -> Output {
        Output::of(&self.path("out").join(period))
    }

    /// The names in a folder, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The names of the dumps in `fixtures/`.
fn fixtures() -> Vec<String> {
    let entries = fs::read_dir(Path::new(ROOT).join("fixtures")).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    names.filter(|name| Path::new(name).extension().is_some_and(|e| e == "csv")).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(ROOT).join("fixtures").join(name)).unwrap()
}

/// The header and so many rows, byte by byte as they stand.
fn head(bytes: &[u8], rows: usize) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    for _ in 0..=rows {
        if !reader.read_byte_record(&mut record).unwrap() {
            return bytes.to_vec();
        }
    }
    let end = usize::try_from(reader.position().byte()).unwrap();
    // The reader looks one byte further where lines end with CRLF.
    let end = if bytes.get(end) == Some(&b'\n') { end + 1 } else { end };
    bytes[..end].to_vec()
}
