//! One review on its way to the disk.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, PolarsResult};
use rayon::prelude::*;

use super::adopted::{Adopted, Copied};
use super::manifest::{Input, Manifest, Origin, Output, Pipeline, TOOL};
use super::mend::{self, Bad};
use super::parquet::Stamp;
use super::staging::Staging;
use super::{FactFile, PublishError, dictionary, figures, parquet};
use crate::plan::Plan;
use crate::schema::quality::{DATA_DICTIONARY, QUARANTINE};
use crate::schema::{self, Column, Language, Table};

/// A table with its name on the disk, which for the quarantine is that of its source.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub name: &'a str,
    pub table: &'static Table,
    pub frame: &'a DataFrame,
    /// Columns of the clocks that the plan knows, and of the moments that they alone need.
    pub clocks: Vec<Column>,
    /// Columns beyond those of the table: text, carried along from the dumps under their own names.
    pub extra: &'a [String],
}

impl<'a> Sheet<'a> {
    pub const fn of(table: &'static Table, frame: &'a DataFrame) -> Self {
        Self { name: table.name, table, frame, clocks: Vec::new(), extra: &[] }
    }

    /// The same sheet under another name.
    #[must_use]
    pub fn named(mut self, name: &'a str) -> Self {
        self.name = name;
        self
    }

    /// The same sheet with these columns of clocks after its own.
    #[must_use]
    pub fn timing(mut self, clocks: Vec<Column>) -> Self {
        self.clocks = clocks;
        self
    }

    /// The same sheet with these columns after its own, whether its frame has them or not.
    #[must_use]
    pub fn carrying(mut self, extra: &'a [String]) -> Self {
        self.extra = extra;
        self
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
    /// `dim_staff`, whose names charts show.
    pub roster: Option<Sheet<'a>>,
    pub quarantine: Vec<Sheet<'a>>,
    /// The quarantined rows again, dump by dump, for the person who mends them.
    pub mend: Vec<Bad<'a>>,
}

/// What is told of dumps that were refused.
#[derive(Debug)]
pub struct Rejected<'a> {
    pub plan: &'a Plan,
    /// As for a review, where they could be told.
    pub period: Option<&'a str>,
    pub as_of: Option<&'a str>,
    /// Hash of dumps and plan, and of period and as-of where they could be told.
    pub run_id: &'a str,
    /// Why the dumps were refused.
    pub reason: &'a str,
    pub inputs: &'a [Input],
    pub data_quality: Sheet<'a>,
    pub quarantine: Vec<Sheet<'a>>,
    pub mend: Vec<Bad<'a>>,
}

/// What has been written.
#[derive(Debug)]
pub struct Written {
    /// `output/2026Q3`, or `output/rejected`.
    pub folder: PathBuf,
    pub outputs: Vec<Output>,
}

/// A review whose folder stands aside and whose facts are being written.
#[derive(Debug)]
pub struct Opened {
    pub(super) staging: Staging,
    facts: Vec<FactFile>,
    pub(super) adopted: Vec<Adopted>,
    pub(super) copied: Vec<Copied>,
    origin: Option<Origin>,
}

/// Opens the folder beside `out/<period>`. What is dropped before [`Opened::write`] leaves nothing.
///
/// # Errors
/// The folder cannot be written.
pub fn open(out: &Path, period: &str) -> Result<Opened, PublishError> {
    let staging = Staging::open(out, period)?;
    make(&staging.path().join(FACTS))?;
    Ok(Opened { staging, facts: Vec::new(), adopted: Vec::new(), copied: Vec::new(), origin: None })
}

impl Opened {
    /// Begins a fact with the columns of some clocks and some extra ones after its own. It comes back by [`Opened::keep`].
    ///
    /// # Errors
    /// The file cannot be written, or two columns have the same name.
    pub fn fact(
        &self,
        table: &'static Table,
        clocks: Vec<Column>,
        extra: Vec<String>,
    ) -> Result<FactFile, PublishError> {
        let path = self.staging.path().join(FACTS).join(format!("{}.parquet", table.name));
        FactFile::create(&path, table, clocks, extra)
    }

    /// Takes a fact that has all its rows.
    pub fn keep(&mut self, fact: FactFile) {
        self.facts.push(fact);
    }

    /// Tells of what the facts were made.
    pub fn tell(&mut self, origin: Origin) {
        self.origin = Some(origin);
    }

    /// Writes the rest of a review to `out/<period>`, as a whole or not at all, and points `out/current` at it. An
    /// `out/rejected` of earlier dumps goes.
    ///
    /// # Errors
    /// The folder cannot be written; the previous output is then untouched.
    pub fn write(self, release: &Release) -> Result<Written, PublishError> {
        let Self { staging, facts, adopted, copied, origin } = self;
        let stamp = Stamp { version: VERSION, run_id: release.run_id.to_owned() };
        let dictionary = described(release, &facts, &adopted).map_err(PublishError::table(DATA_DICTIONARY.name))?;
        let dictionary = Sheet::of(&DATA_DICTIONARY, &dictionary);
        let content = Content {
            folders: vec![
                ("tables", release.tables.iter().chain([&dictionary]).collect()),
                ("quarantine", release.quarantine.iter().collect()),
            ],
            mend: &release.mend,
            language: release.plan.review.language,
        };
        let close = |fact: FactFile| {
            let file = format!("{FACTS}/{}.parquet", fact.name);
            Ok(Output { file, rows: Some(fact.close(&stamp)?) })
        };
        let save = || {
            let mut outputs = content.save(staging.path(), &stamp)?;
            outputs.extend(facts.into_iter().map(close).collect::<Result<Vec<Output>, PublishError>>()?);
            outputs.extend(adopted.into_iter().map(|fact| fact.output));
            outputs.extend(copied.into_iter().map(|lines| lines.put(staging.path())).collect::<Result<Vec<_>, _>>()?);
            Ok::<_, PublishError>(outputs)
        };
        let (saved, charts) = rayon::join(save, || figures::draw(release));
        let mut outputs = saved?;
        make(&staging.path().join("charts"))?;
        for (name, chart) in charts? {
            for (ending, bytes) in [("svg", chart.svg), ("png", chart.png)] {
                let file = format!("charts/{name}.{ending}");
                save_bytes(&staging.path().join(&file), &bytes)?;
                outputs.push(Output { file, rows: None });
            }
        }
        outputs.sort_by(|a, b| a.file.cmp(&b.file));
        let about = About {
            plan: release.plan,
            period: Some(release.period),
            as_of: Some(release.as_of),
            run_id: release.run_id,
            rejected: None,
            facts: origin.as_ref(),
            inputs: release.inputs,
        };
        save_bytes(&staging.path().join("manifest.json"), &manifest(&about, &outputs)?)?;
        Ok(Written { folder: staging.commit()?, outputs })
    }
}

/// The columns of all tables of a review; facts stand in the order of the schema.
fn described(release: &Release, facts: &[FactFile], adopted: &[Adopted]) -> PolarsResult<DataFrame> {
    let written = facts.iter().map(|f| (f.table, f.clocks.as_slice(), f.extra.as_slice()));
    let mut all: Vec<Described> = written.chain(adopted.iter().map(Adopted::described)).collect();
    all.sort_by_key(|(table, ..)| schema::facts::FACTS.iter().position(|known| known.name == table.name));
    let tables = release.tables.iter().map(|s| (s.table, s.clocks.as_slice(), s.extra));
    let own = [&DATA_DICTIONARY, &QUARANTINE].map(|table| (table, [].as_slice(), [].as_slice()));
    let published: Vec<Described> = tables.chain(all).chain(own).collect();
    dictionary::frame(&published)
}

/// A table, the columns of its clocks, and its extra ones.
pub(super) type Described<'a> = (&'a Table, &'a [Column], &'a [String]);

/// Writes to `out/rejected`, as a whole or not at all, what is wrong with dumps that were refused. Reviews and
/// `out/current` stay as they are.
///
/// # Errors
/// The folder cannot be written, or one of that name is not ours.
pub fn write_rejected(rejected: &Rejected, out: &Path) -> Result<Written, PublishError> {
    let staging = Staging::open_rejected(out)?;
    let stamp = Stamp { version: VERSION, run_id: rejected.run_id.to_owned() };
    let content = Content {
        folders: vec![("tables", vec![&rejected.data_quality]), ("quarantine", rejected.quarantine.iter().collect())],
        mend: &rejected.mend,
        language: rejected.plan.review.language,
    };
    let mut outputs = content.save(staging.path(), &stamp)?;
    outputs.sort_by(|a, b| a.file.cmp(&b.file));
    let about = About {
        plan: rejected.plan,
        period: rejected.period,
        as_of: rejected.as_of,
        run_id: rejected.run_id,
        rejected: Some(rejected.reason),
        facts: None,
        inputs: rejected.inputs,
    };
    save_bytes(&staging.path().join("manifest.json"), &manifest(&about, &outputs)?)?;
    Ok(Written { folder: staging.commit_rejected()?, outputs })
}

/// The folder of the facts.
pub(super) const FACTS: &str = "facts";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What is written in rows.
struct Content<'a> {
    /// Folders, `quarantine` among them, and the tables in each.
    folders: Vec<(&'static str, Vec<&'a Sheet<'a>>)>,
    mend: &'a [Bad<'a>],
    language: Language,
}

impl Content<'_> {
    fn save(&self, root: &Path, stamp: &Stamp) -> Result<Vec<Output>, PublishError> {
        let mut sheets: Vec<(String, &Sheet)> = Vec::new();
        for (folder, content) in &self.folders {
            make(&root.join(folder))?;
            sheets.extend(content.iter().map(|sheet| (format!("{folder}/{}.parquet", sheet.name), *sheet)));
        }
        // The largest first, so that no thread is left with it at the end.
        sheets.sort_by_key(|(_, sheet)| std::cmp::Reverse(sheet.frame.height()));
        let save_sheet = |(file, sheet): &(String, &Sheet)| {
            parquet::write(&root.join(file), sheet, stamp)?;
            Ok(Output { file: file.clone(), rows: Some(sheet.frame.height()) })
        };
        let mend = mend::files(self.mend);
        let save_lines = |(name, bad): &(String, &Bad)| {
            let file = format!("quarantine/{name}");
            let path = root.join(&file);
            let lines = File::create(&path).and_then(|to| mend::write(to, bad, self.language));
            Ok(Output { file, rows: Some(lines.map_err(PublishError::write(&path))?) })
        };
        let (tables, lines) = rayon::join(
            || sheets.par_iter().with_max_len(1).map(save_sheet).collect::<Vec<Result<Output, PublishError>>>(),
            || mend.par_iter().with_max_len(1).map(save_lines).collect::<Vec<Result<Output, PublishError>>>(),
        );
        tables.into_iter().chain(lines).collect()
    }
}

/// What a manifest says besides the files.
struct About<'a> {
    plan: &'a Plan,
    period: Option<&'a str>,
    as_of: Option<&'a str>,
    run_id: &'a str,
    rejected: Option<&'a str>,
    facts: Option<&'a Origin>,
    inputs: &'a [Input],
}

fn manifest(about: &About, outputs: &[Output]) -> Result<Vec<u8>, PublishError> {
    let About { plan, period, as_of, run_id, rejected, facts, inputs } = *about;
    let file = plan.path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let manifest = Manifest {
        tool: TOOL,
        version: VERSION,
        run_id,
        rejected,
        title: &plan.review.title,
        period,
        as_of,
        time_zone: plan.review.time_zone.name(),
        pipeline: Pipeline { file: &file, sha256: &plan.hash },
        facts,
        inputs,
        outputs,
    };
    manifest.json().map_err(|e| PublishError::Table { table: "manifest.json".to_owned(), reason: e.to_string() })
}

fn make(folder: &Path) -> Result<(), PublishError> {
    fs::create_dir(folder).map_err(PublishError::write(folder))
}

fn save_bytes(path: &Path, bytes: &[u8]) -> Result<(), PublishError> {
    fs::write(path, bytes).map_err(PublishError::write(path))
}
