//! One review on its way to the disk.

use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::manifest::{Input, Manifest, Output, Pipeline};
use super::parquet::Stamp;
use super::staging::Staging;
use super::{PublishError, dictionary, figures, parquet};
use crate::plan::Plan;
use crate::schema::Table;
use crate::schema::quality::{DATA_DICTIONARY, QUARANTINE};

/// A table with its name on the disk, which for the quarantine is that of its source.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub name: &'a str,
    pub table: &'static Table,
    pub frame: &'a DataFrame,
}

impl<'a> Sheet<'a> {
    pub const fn of(table: &'static Table, frame: &'a DataFrame) -> Self {
        Self { name: table.name, table, frame }
    }
}

/// Everything that a review publishes.
#[derive(Debug)]
pub struct Release<'a> {
    pub plan: &'a Plan,
    pub period: &'a str,
    /// The last moment seen, `2026-09-30 23:59:59`.
    pub as_of: &'a str,
    /// Hash of dumps, plan and as-of.
    pub run_id: &'a str,
    pub inputs: &'a [Input],
    pub tables: Vec<Sheet<'a>>,
    pub facts: Vec<Sheet<'a>>,
    pub quarantine: Vec<Sheet<'a>>,
}

/// What has been written.
#[derive(Debug)]
pub struct Written {
    /// `output/2026Q3`.
    pub folder: PathBuf,
    pub outputs: Vec<Output>,
}

/// Writes a review to `out/<period>`, as a whole or not at all, and points `out/current` at it.
///
/// # Errors
/// The folder cannot be written; the previous output is then untouched.
pub fn write(release: &Release, out: &Path) -> Result<Written, PublishError> {
    let staging = Staging::open(out, release.period)?;
    let stamp = Stamp { version: VERSION, run_id: release.run_id.to_owned() };
    let published: Vec<&Table> =
        release.tables.iter().chain(&release.facts).map(|s| s.table).chain([&DATA_DICTIONARY, &QUARANTINE]).collect();
    let dictionary = dictionary::frame(&published).map_err(PublishError::table(DATA_DICTIONARY.name))?;
    let dictionary = Sheet::of(&DATA_DICTIONARY, &dictionary);
    let mut sheets: Vec<(String, &Sheet)> = Vec::new();
    for (folder, content) in [
        ("tables", release.tables.iter().chain([&dictionary]).collect::<Vec<_>>()),
        ("facts", release.facts.iter().collect()),
        ("quarantine", release.quarantine.iter().collect()),
    ] {
        make(&staging.path().join(folder))?;
        sheets.extend(content.into_iter().map(|sheet| (format!("{folder}/{}.parquet", sheet.name), sheet)));
    }
    make(&staging.path().join("charts"))?;
    // The largest first, so that no thread is left with it at the end.
    sheets.sort_by_key(|(_, sheet)| std::cmp::Reverse(sheet.frame.height()));
    let save_sheet = |(file, sheet): &(String, &Sheet)| {
        parquet::write(&staging.path().join(file), sheet.table, sheet.frame, &stamp)?;
        Ok(Output { file: file.clone(), rows: Some(sheet.frame.height()) })
    };
    let (saved, charts) = rayon::join(
        || sheets.par_iter().with_max_len(1).map(save_sheet).collect::<Vec<Result<Output, PublishError>>>(),
        || figures::draw(release),
    );
    let mut outputs = saved.into_iter().collect::<Result<Vec<Output>, PublishError>>()?;
    for (name, chart) in charts? {
        for (ending, bytes) in [("svg", chart.svg), ("png", chart.png)] {
            let file = format!("charts/{name}.{ending}");
            save(&staging.path().join(&file), &bytes)?;
            outputs.push(Output { file, rows: None });
        }
    }
    outputs.sort_by(|a, b| a.file.cmp(&b.file));
    save(&staging.path().join("manifest.json"), &manifest(release, &outputs)?)?;
    Ok(Written { folder: staging.commit()?, outputs })
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn manifest(release: &Release, outputs: &[Output]) -> Result<Vec<u8>, PublishError> {
    let file = release.plan.path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let manifest = Manifest {
        tool: env!("CARGO_PKG_NAME"),
        version: VERSION,
        run_id: release.run_id,
        title: &release.plan.review.title,
        period: release.period,
        as_of: release.as_of,
        time_zone: release.plan.review.time_zone.name(),
        pipeline: Pipeline { file: &file, sha256: &release.plan.hash },
        inputs: release.inputs,
        outputs,
    };
    manifest.json().map_err(|e| PublishError::Table { table: "manifest.json".to_owned(), reason: e.to_string() })
}

fn make(folder: &Path) -> Result<(), PublishError> {
    fs::create_dir(folder).map_err(PublishError::write(folder))
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), PublishError> {
    fs::write(path, bytes).map_err(PublishError::write(path))
}
