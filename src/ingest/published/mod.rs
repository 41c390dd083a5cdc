//! Facts that a review has published, as the facts of another review.
//!
//! They go by as those of dumps do, row group by row group, and only with the columns that somebody looks at. What listings ask
//! for beyond that is read only where a row group may have rows of the reviewed period.

mod again;
mod chunk;
mod manifest;
mod missing;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use polars::prelude::*;

use self::again::Answered;
pub use self::again::hidden;
pub use self::manifest::{Input, Manifest, Origin, Output};
use self::missing::Missing;
use self::stored::{Stored, Told};
use super::IngestError;
use super::facts::{Actions, Calendars, Calling, Effects, Moment, OF_SURVEY, Opinions, SHOWN, Sink, TELLING, frame};
use super::ordered::ordered;
use crate::opinions::Lexicon;
use crate::plan::Plan;
use crate::schema::facts::effect::EFFECTS;
use crate::schema::facts::opinion::TERMS;
use crate::schema::facts::{
    ANSWERED, AWAITED, DIM_DATE, DIM_STAFF, FACT_ACTION, FACT_FAULT, FACT_SCORE, FACT_UNITS, SURVEY, TICKET,
};
use crate::schema::{Table, Type};

/// The facts in the order in which they go by: tickets before what names them.
const ORDER: [&str; 8] = [
    DIM_STAFF.name,
    DIM_DATE.name,
    FACT_ACTION.name,
    FACT_UNITS.name,
    TICKET,
    SURVEY,
    FACT_SCORE.name,
    FACT_FAULT.name,
];

const AGAIN: &str = "Make the review from the dumps again, without --from-facts.";
const FOLDER: &str = "Name the folder of a review, such as output/2026Q3 or output/current.";

/// A review that has been published.
#[derive(Debug)]
pub struct Published {
    /// As the user named it.
    named: PathBuf,
    folder: PathBuf,
    pub manifest: Manifest,
    /// Of what its facts were made.
    pub origin: Origin,
}

impl Published {
    /// Reads the manifest of a review.
    ///
    /// # Errors
    /// The folder holds no review of this version of the program.
    pub fn open(folder: &Path) -> Result<Self, IngestError> {
        let named = folder.to_owned();
        let folder = followed(folder);
        let no = |reason: String, advice| IngestError::Facts { folder: named.clone(), reason, advice };
        let bytes = fs::read(folder.join("manifest.json")).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if !folder.exists() => no("there is no such folder".to_owned(), FOLDER),
            io::ErrorKind::NotFound => no("it has no manifest.json".to_owned(), FOLDER),
            _ => no(format!("its manifest.json cannot be read ({error})"), FOLDER),
        })?;
        // A manifest of another version may say other things; that is told first.
        let said: serde_json::Value = serde_json::from_slice(&bytes)
            .map_err(|error| no(format!("its manifest.json is damaged ({error})"), AGAIN))?;
        let text = |key: &str| said.get(key).and_then(serde_json::Value::as_str);
        if text("tool") != Some(env!("CARGO_PKG_NAME")) {
            return Err(no("another program wrote its manifest.json".to_owned(), FOLDER));
        }
        if text("rejected").is_some() {
            return Err(no("it tells of dumps that were refused, and holds no facts".to_owned(), FOLDER));
        }
        let (version, own) = (text("version").unwrap_or("unknown"), env!("CARGO_PKG_VERSION"));
        if version != own || said.get("facts").is_none() {
            let reason = format!("version {version} of the program wrote it in another way, and this is version {own}");
            return Err(no(reason, AGAIN));
        }
        let damaged = |error: &dyn std::fmt::Display| no(format!("its manifest.json is damaged ({error})"), AGAIN);
        let manifest: Manifest = serde_json::from_value(said).map_err(|error| damaged(&error))?;
        let origin = manifest.facts.clone().ok_or_else(|| damaged(&"no facts"))?;
        // `current` may point elsewhere once the new review is there.
        let folder = fs::canonicalize(folder).map_err(|error| damaged(&error))?;
        Ok(Self { named, folder, manifest, origin })
    }

    /// The sections of a pipeline that would give other facts than these.
    pub fn changed(&self, plan: &Plan) -> Vec<String> {
        let (this, that) = (&self.origin.pipeline, &plan.sections);
        let names: BTreeSet<&String> = this.keys().chain(that.keys()).collect();
        names.into_iter().filter(|name| this.get(*name) != that.get(*name)).cloned().collect()
    }

    /// Something is wrong with what the review holds.
    pub fn refuse(&self, reason: impl Into<String>) -> IngestError {
        IngestError::Facts { folder: self.named.clone(), reason: reason.into(), advice: AGAIN }
    }

    /// Where a file of the review is.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// A table of the review, `tables/data_quality` or `quarantine/tickets`, or a small fact, `facts/dim_staff`.
    ///
    /// # Errors
    /// The file is not as the manifest tells.
    pub fn table(&self, name: &str, table: &Table) -> Result<DataFrame, IngestError> {
        let columns: Vec<(String, Type)> = table.columns.iter().map(|c| (c.name.to_owned(), c.dtype)).collect();
        let file = format!("{name}.parquet");
        // Facts stay those of the run that derived them, however often reviews are made of them.
        let run_id = if name.starts_with("facts/") { &self.origin.run_id } else { &self.manifest.run_id };
        let stored = self.stored(&file, &columns, run_id, false)?;
        stored.whole().map_err(|reason| self.refuse(format!("{file} {reason}")))
    }

    /// The facts, which have these columns.
    ///
    /// # Errors
    /// A file is not as the manifest tells.
    pub fn facts(&self, columns: Vec<(&'static str, Vec<(String, Type)>)>) -> Result<Facts<'_>, IngestError> {
        let mut files = BTreeMap::new();
        for (fact, columns) in columns {
            let file = format!("facts/{fact}.parquet");
            files.insert(fact, self.stored(&file, &columns, &self.origin.run_id, true)?);
        }
        Ok(Facts { published: self, files })
    }

    fn stored(&self, file: &str, columns: &[(String, Type)], run_id: &str, few: bool) -> Result<Stored, IngestError> {
        let refuse = |reason: String| self.refuse(format!("{file} {reason}"));
        let rows = self.manifest.rows(file).ok_or_else(|| refuse("is not in the manifest".to_owned()))?;
        let told = Told { version: &self.manifest.version, run_id, rows, few };
        Stored::open(&self.path(file), columns, told).map_err(refuse)
    }
}

/// The folder that is meant: where there are no links, `current` is a text that names it.
fn followed(folder: &Path) -> PathBuf {
    let name = if folder.is_file() { fs::read_to_string(folder).ok() } else { None };
    name.map_or_else(|| folder.to_owned(), |name| folder.with_file_name(name.trim()))
}

/// Columns that are looked at, by fact.
#[derive(Debug, Default)]
pub struct Wanted {
    /// In all rows.
    pub tallied: BTreeMap<&'static str, BTreeSet<String>>,
    /// In rows of the reviewed period; names that begin with `@` are of columns that are not published.
    pub listed: BTreeMap<&'static str, BTreeSet<String>>,
    /// The reviewed period.
    pub period: String,
}

/// The facts of a published review.
#[derive(Debug)]
pub struct Facts<'a> {
    published: &'a Published,
    files: BTreeMap<&'static str, Stored>,
}

impl Facts<'_> {
    /// The type of a column that the data have.
    pub fn has(&self, fact: &str, column: &str) -> Option<Type> {
        let lacking = self.published.origin.lacking.get(fact).is_some_and(|names| names.iter().any(|n| n == column));
        self.files.get(fact).filter(|_| !lacking)?.column(column)
    }

    /// The first day of `dim_date`.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn first_day(&self) -> Result<Option<NaiveDate>, IngestError> {
        let mut first: Option<i32> = None;
        if let Some(dates) = self.files.get(DIM_DATE.name) {
            for group in 0..dates.groups() {
                for rows in self.group(DIM_DATE.name, dates, group, &BTreeSet::from(["date"]))? {
                    let least = frame::days(&rows?, "date")?.into_iter().flatten().min();
                    first = first.into_iter().chain(least).min();
                }
            }
        }
        Ok(first.and_then(NaiveDate::from_epoch_days))
    }

    /// Lets all facts go by: staff and dates, then tickets, surveys with their scores, faults.
    ///
    /// # Errors
    /// What the sink says, or a damaged file.
    pub fn stream<S: Sink>(&self, wanted: &Wanted, plan: &Plan, moment: Moment, sink: &S) -> Result<(), S::Error> {
        let first = self.first_day()?.unwrap_or_else(|| moment.period.first_day());
        let calendars = Calendars::new(plan, first, moment.period.end())?;
        let actions =
            Actions::of(&self.published.table("facts/fact_action", &FACT_ACTION)?).map_err(IngestError::from)?;
        let calling = Calling { plan, calendars: &calendars, moment, actions: &actions.all };
        let mut missing = Missing::find(self, wanted, plan)?;
        let answered = Answered::find(self, wanted, calling)?;
        let of_products = again::of_products(wanted, plan);
        let of_surveys = OF_SURVEY.iter().any(|name| self.has(SURVEY, name).is_some());
        let effects = (!actions.all.is_empty()).then(|| Effects::new(&actions, plan, moment, first, of_surveys));
        let lexicon = Lexicon::of(&plan.opinions);
        let opinions = lexicon.as_ref().map(|lexicon| Opinions::new(plan, lexicon, moment));
        for fact in ORDER {
            let Some(file) = self.files.get(fact) else { continue };
            let nothing = BTreeSet::new();
            let tallied = wanted.tallied.get(fact).unwrap_or(&nothing);
            let listed = wanted.listed.get(fact).unwrap_or(&nothing);
            let found = Mutex::new(Vec::new());
            let work = |group: usize| -> Result<(), S::Error> {
                let here = !listed.is_empty() && file.may_have(group, "period", &wanted.period);
                let mut columns: BTreeSet<&str> = tallied.iter().map(String::as_str).collect();
                if here {
                    columns.extend(listed.iter().map(String::as_str).chain(missing.names(fact).iter().copied()));
                }
                if fact == TICKET {
                    columns.extend(missing.columns().into_iter().chain(answered.columns()));
                }
                let with_products = fact == SURVEY && !of_products.is_empty();
                if with_products {
                    columns.extend(&of_products);
                }
                let near = |period: &String| file.may_have(group, "period", period);
                let opinions = opinions.as_ref().filter(|opinions| opinions.periods().iter().any(near));
                if opinions.is_some() {
                    columns.extend(Opinions::columns(fact));
                }
                columns.extend(effects.iter().flat_map(|effects| effects.columns(fact)));
                let mut calls = false;
                for rows in self.group(fact, file, group, &columns)? {
                    let mut rows = rows?;
                    if fact == TICKET
                        && let Some(tickets) = missing.found(&rows).map_err(IngestError::from)?
                    {
                        found.lock().unwrap_or_else(PoisonError::into_inner).push(tickets);
                    }
                    if with_products {
                        rows = again::with_products(rows, plan).map_err(IngestError::from)?;
                    }
                    if fact == TICKET
                        && let Some(answered) = answered.of(&rows).map_err(IngestError::from)?
                    {
                        sink.look(ANSWERED, &answered)?;
                    }
                    calls |= fact == TICKET && answered.may_await(&rows).map_err(IngestError::from)?;
                    if let Some(opinions) = opinions
                        && let Some(words) = opinions.words(fact, &mut rows).map_err(IngestError::from)?
                    {
                        sink.look(TERMS, &words)?;
                    }
                    if let Some(effects) = &effects
                        && let Some(sums) = effects.of(fact, &rows).map_err(IngestError::from)?
                    {
                        sink.look(EFFECTS, &sums)?;
                    }
                    if here {
                        rows = missing.complete(fact, rows).map_err(IngestError::from)?;
                    }
                    sink.look(fact, &rows)?;
                }
                if calls {
                    let columns = TELLING.into_iter().chain(SHOWN).collect();
                    for rows in self.group(fact, file, group, &columns)? {
                        if let Some(calls) = answered.awaiting(&rows?).map_err(IngestError::from)? {
                            sink.look(AWAITED, &calls)?;
                        }
                    }
                }
                Ok(())
            };
            // What a dump without rows gives: the columns alone.
            if file.groups() == 0 && tallied.iter().any(|column| self.has(fact, column).is_some()) {
                sink.look(fact, &self.shape(fact, file, tallied).map_err(IngestError::from)?)?;
            }
            ordered(file.groups(), work, |_, ()| Ok(()))?;
            for tickets in found.into_inner().unwrap_or_else(PoisonError::into_inner) {
                missing.add(tickets).map_err(IngestError::from)?;
            }
            if fact == TICKET {
                missing.settle().map_err(IngestError::from)?;
            }
        }
        Ok(())
    }

    /// What a function makes of some columns of a fact, row group by row group, where these may have rows of the reviewed
    /// period; it hears which rows belong to it. Nothing where the data lack one of the columns.
    fn picked<T: Send>(
        &self,
        fact: &'static str,
        wanted: &Wanted,
        columns: &[&str],
        with: impl Fn(&DataFrame, &[bool]) -> PolarsResult<Vec<T>> + Sync,
    ) -> Result<Vec<T>, IngestError> {
        if columns.iter().chain(&["period"]).any(|column| self.has(fact, column).is_none()) {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        let columns: Vec<&str> = columns.iter().copied().chain(["period"]).collect();
        let may_have = |file: &Stored, group: usize| file.may_have(group, "period", &wanted.period);
        let with = |rows: &DataFrame| {
            let periods = frame::texts(rows, "period")?;
            let keep: Vec<bool> = periods.into_iter().map(|one| one == Some(wanted.period.as_str())).collect();
            with(rows, &keep)
        };
        self.each(fact, &columns, may_have, with, |picked| all.extend(picked))?;
        Ok(all)
    }

    /// Takes what a function makes of some columns of the row groups that are asked for, in their order.
    fn each<T: Send>(
        &self,
        fact: &'static str,
        columns: &[&str],
        asked: impl Fn(&Stored, usize) -> bool + Sync,
        with: impl Fn(&DataFrame) -> PolarsResult<Vec<T>> + Sync,
        mut take: impl FnMut(Vec<T>),
    ) -> Result<(), IngestError> {
        let Some(file) = self.files.get(fact) else { return Ok(()) };
        let columns: BTreeSet<&str> = columns.iter().copied().collect();
        let work = |group: usize| -> Result<Vec<T>, IngestError> {
            let mut all = Vec::new();
            if asked(file, group) {
                for rows in self.group(fact, file, group, &columns)? {
                    all.extend(with(&rows?)?);
                }
            }
            Ok(all)
        };
        ordered(file.groups(), work, |_, made| {
            take(made);
            Ok(())
        })
    }

    /// Some columns of a row group, those that the data have, piece by piece.
    fn group(
        &self,
        fact: &'static str,
        file: &Stored,
        group: usize,
        columns: &BTreeSet<&str>,
    ) -> Result<impl Iterator<Item = Result<DataFrame, IngestError>> + use<'_>, IngestError> {
        let columns = columns.iter().copied().filter(|column| self.has(fact, column).is_some()).collect();
        let refuse = move |reason| self.published.refuse(format!("facts/{fact}.parquet {reason}"));
        Ok(file.group(group, &columns).map_err(refuse)?.map(move |rows| rows.map_err(refuse)))
    }

    /// Some columns without rows.
    fn shape(&self, fact: &str, file: &Stored, columns: &BTreeSet<String>) -> PolarsResult<DataFrame> {
        let here = columns.iter().filter(|column| self.has(fact, column).is_some());
        DataFrame::new(0, here.filter_map(|column| file.empty(column)).collect())
    }
}
