//! The whole flow: dumps, facts, tallies, tables, output.

mod again;
mod catalogue;
mod error;
mod headlines;
mod init;
mod inputs;
mod listed;
mod moment;
mod sample;
mod sink;
mod story;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

pub use crate::ingest::Dumps;
use crate::ingest::facts::{Deriving, Moment};
use crate::ingest::{self, Shelf, tables};
use crate::listings;
use crate::metrics::{self, METRICS, Metric};
use crate::plan::{Dimension, Plan};
use crate::publish::{self, Opened, Rejected, Release, Sheet};
use crate::schema::facts::{CLOCKS, Clock, DIM_STAFF, FACTS};
use crate::schema::quality::{DATA_QUALITY, QUARANTINE};
use crate::schema::{self, Table};
use crate::tally::{Taken, Tally};
pub use crate::time::Wall;
use crate::time::date_time;
pub use crate::time::period::Period;
use crate::time::period::PeriodKind;

pub use self::again::run_again;
pub use self::catalogue::{Entry, catalogue};
pub use self::error::ReviewError;
pub use self::headlines::{Calls, Course, Defect, Headlines, Improve, Named, headlines};
pub use self::init::{draft, save_draft};
use self::inputs::{counts, inputs, mend};
use self::listed::listed;
pub use self::moment::{parse_as_of, parse_period};
pub use self::sample::{Count, Round, Stratum, sample, save_calls, stratum_label};
use self::sink::{Counting, Counts, Left, Passing};
pub use self::story::story;
pub use crate::draft::Draft;
pub use crate::ingest::facts::story::{Day, DayKind, Paused, Story, Told};
pub use crate::ingest::{Account, BadRow, Broken, FileReport, Watch as ReadWatch};
pub use crate::publish::{Output, Words, abandon};
pub use crate::schema::Language;
pub use crate::schema::input::SourceKind;
pub use crate::schema::rules::{RULES, UNKNOWN_VALUE};
pub use crate::time::shift::Shift;
pub use crate::time::target::Target;

/// What the command line asks for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The period to review; else the last one in which a ticket was requested.
    pub period: Option<Period>,
    /// The last moment that has happened; else what the plan says.
    pub as_of: Option<Wall>,
    pub out: PathBuf,
}

/// Hears how a review goes on.
pub trait Watch: ingest::Watch {
    /// A stage begins.
    fn stage(&self, stage: Stage);
}

/// The stages of a review, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Read,
    Derive,
    Tally,
    Publish,
}

/// A review that has been made.
#[derive(Debug)]
pub struct Report {
    pub moment: Moment,
    /// Where the rows of each source went.
    pub accounts: BTreeMap<SourceKind, Account>,
    /// None where the review was made from facts.
    pub dumps: Dumps,
    pub tables: Vec<(&'static Table, DataFrame)>,
    /// `None` where nothing was to be written.
    pub written: Option<publish::Written>,
}

impl Report {
    /// The last day seen.
    pub fn as_of(&self) -> Option<NaiveDate> {
        date_time(self.moment.as_of).map(|t| t.date())
    }
}

/// Makes a review and writes it.
///
/// # Errors
/// See [`ReviewError`]; the previous output is then untouched. Of dumps with too many bad rows the quarantine is written
/// beside it.
pub fn run(plan: &Plan, request: &Request, watch: &dyn Watch) -> Result<Report, ReviewError> {
    let aside = existing(&request.out);
    let made = make(plan, request, aside, watch);
    made.map_err(|stop| stop.tell(plan, &request.out))
}

fn make(plan: &Plan, request: &Request, aside: &Path, watch: &dyn Watch) -> Result<Report, Box<Stop>> {
    let Read { mut dumps, moment } = read(plan, request, aside, watch)?;
    let period = moment.period.to_string();
    let run_id = run_id(&plan.hash, Some(moment), dumps.content());
    let mut opened = publish::open(&request.out, &period)?;

    watch.stage(Stage::Derive);
    let derived = match derive(&mut dumps, plan, moment, aside, &mut opened) {
        Ok(derived) => derived,
        Err(error) => return Err(refused(error, dumps, Some(moment))),
    };

    watch.stage(Stage::Tally);
    let Derived { context, asked, left } = derived;
    opened.tell(again::origin(&context, &run_id, dumps.content()));
    let mut tables = figures(&context, &asked, &left.tallies)?;
    let listed = listed(plan, &period, left.picked, &tables, &left.roster)?;
    tables.extend(listed);
    let periods = left.passed.by_source([period.as_str(), &moment.period.previous().to_string()]);
    tables.push((&DATA_QUALITY, tables::data_quality(&dumps, &periods)?));
    tables.sort_by_key(|(table, _)| table.name);

    watch.stage(Stage::Publish);
    let quarantine = quarantine(&dumps)?;
    let release = Release {
        plan,
        period: &period,
        as_of: &seen(moment),
        run_id: &run_id,
        inputs: &inputs(&dumps),
        tables: tables.iter().map(|(table, frame)| Sheet::of(table, frame)).collect(),
        roster: Some(Sheet::of(&DIM_STAFF, &left.roster)),
        quarantine: quarantine.iter().map(|(kind, frame)| Sheet::of(&QUARANTINE, frame).named(kind.name())).collect(),
        mend: mend(&dumps),
    };
    let written = opened.write(&release)?;
    drop(release);
    Ok(Report { moment, accounts: dumps.accounts(), dumps, tables, written: Some(written) })
}

/// Dumps that have been judged.
#[derive(Debug)]
pub struct Checked {
    pub report: Report,
    /// Tickets by policy of the plan, and under none.
    pub policies: (Vec<u64>, u64),
    /// Tickets by calendar of the plan.
    pub calendars: Vec<u64>,
    /// Why a run would refuse them.
    pub verdict: Option<ReviewError>,
}

/// Reads and judges the dumps; nothing is written.
///
/// # Errors
/// As for [`run`], but too many bad rows are the verdict.
pub fn check(plan: &Plan, request: &Request, watch: &dyn Watch) -> Result<Checked, ReviewError> {
    let aside = std::env::temp_dir();
    let Read { mut dumps, moment } = read(plan, request, &aside, watch).map_err(|stop| stop.error)?;
    watch.stage(Stage::Derive);
    let counting = Counting::new(plan);
    let derived = Deriving::new(&mut dumps, plan, moment)?.run(&Shelf::new(&aside), &counting)?;
    let Counts { calendars, mut policies, passed } = counting.finish();
    let period = moment.period.to_string();
    verdict::nothing_lost(&dumps, &passed, derived.pauses_used())?;
    let verdict = verdict::tolerable(plan, &dumps).err();
    if verdict.is_none() && !passed.reaches(&period) {
        return Err(ReviewError::NothingIn(period));
    }
    let none = policies.pop().unwrap_or_default();
    let report = Report { moment, accounts: dumps.accounts(), dumps, tables: Vec::new(), written: None };
    Ok(Checked { report, policies: (policies, none), calendars, verdict })
}

/// The folder in which rows may wait: the one of the output, or the nearest above it that is there already.
fn existing(out: &Path) -> &Path {
    let there = |folder: &&Path| !folder.as_os_str().is_empty() && folder.is_dir();
    out.ancestors().find(there).unwrap_or(Path::new("."))
}

/// Dumps, and the moment from which they are seen.
struct Read {
    dumps: Dumps,
    moment: Moment,
}

/// Why there is no review, with what is known by then.
struct Stop {
    error: ReviewError,
    dumps: Option<Dumps>,
    moment: Option<Moment>,
}

impl<E: Into<ReviewError>> From<E> for Box<Stop> {
    fn from(error: E) -> Self {
        Self::new(Stop { error: error.into(), dumps: None, moment: None })
    }
}

impl Stop {
    /// Writes the quarantine of dumps that are refused for it, beside the previous output.
    fn tell(self, plan: &Plan, out: &Path) -> ReviewError {
        match (self.error, &self.dumps) {
            (ReviewError::TooManyBadRows(mut refused), Some(dumps)) => {
                let reason = ReviewError::TooManyBadRows(refused.clone()).to_string();
                match reject(plan, self.moment, dumps, &reason, out) {
                    Ok(folder) => {
                        refused.folder = Some(folder);
                        ReviewError::TooManyBadRows(refused)
                    }
                    Err(error) => {
                        refused.unwritten = Some(error.to_string());
                        ReviewError::TooManyBadRows(refused)
                    }
                }
            }
            (error, _) => error,
        }
    }
}

fn reject(
    plan: &Plan,
    moment: Option<Moment>,
    dumps: &Dumps,
    reason: &str,
    out: &Path,
) -> Result<PathBuf, ReviewError> {
    let quarantine = quarantine(dumps)?;
    let data_quality = tables::data_quality(dumps, &BTreeMap::new())?;
    let period = moment.map(|m| m.period.to_string());
    let as_of = moment.map(seen);
    let rejected = Rejected {
        plan,
        period: period.as_deref(),
        as_of: as_of.as_deref(),
        run_id: &run_id(&plan.hash, moment, dumps.content()),
        reason,
        inputs: &inputs(dumps),
        data_quality: Sheet::of(&DATA_QUALITY, &data_quality),
        quarantine: quarantine.iter().map(|(kind, frame)| Sheet::of(&QUARANTINE, frame).named(kind.name())).collect(),
        mend: mend(dumps),
    };
    Ok(publish::write_rejected(&rejected, out)?.folder)
}

fn refused(error: ReviewError, dumps: Dumps, moment: Option<Moment>) -> Box<Stop> {
    Box::new(Stop { error, dumps: Some(dumps), moment })
}

fn read(plan: &Plan, request: &Request, aside: &Path, watch: &dyn Watch) -> Result<Read, Box<Stop>> {
    watch.stage(Stage::Read);
    let dumps = ingest::read(plan, aside, watch)?;
    match moment::moment(plan, request, &dumps) {
        Ok(moment) => Ok(Read { dumps, moment }),
        // Where bad rows leave nothing to review, they are what the user must hear of.
        Err(ReviewError::NoTickets(by)) => {
            let error = verdict::tolerable(plan, &dumps).err().unwrap_or(ReviewError::NoTickets(by));
            Err(refused(error, dumps, None))
        }
        Err(other) => Err(other.into()),
    }
}

/// What a review is made of once its facts have passed by.
struct Derived<'a> {
    context: metrics::Context<'a>,
    /// Of each metric how many tallies it asked for.
    asked: Vec<usize>,
    left: Left,
}

/// Derives the facts; they are tallied, picked from and written as they pass by.
fn derive<'a>(
    dumps: &mut Dumps,
    plan: &'a Plan,
    moment: Moment,
    aside: &Path,
    opened: &mut Opened,
) -> Result<Derived<'a>, ReviewError> {
    let deriving = Deriving::new(dumps, plan, moment)?;
    let shape = deriving.shape()?;
    let names = |frame: &DataFrame| frame.get_column_names_owned();
    let columns = shape.iter().flat_map(|(fact, frame)| names(frame).into_iter().map(|name| (*fact, name.to_string())));
    let context = context(plan, moment, deriving.first_day(), columns.collect());
    let tallies: Vec<Vec<Tally>> = METRICS.iter().map(|metric| (metric.tallies)(&context)).collect();
    let asked = tallies.iter().map(Vec::len).collect();
    let mut files = Vec::new();
    for table in FACTS {
        let (clocks, extra) = columns_of(plan, table);
        files.push((table.name, opened.fact(table, clocks, extra)?));
    }
    let period = moment.period.to_string();
    let (review, shelf) = (listings::Review { plan, period: &period, gaps: &[], staff: &[] }, Shelf::new(aside));
    let passing = Passing::new(review, tallies.concat(), files, shelf.clone());
    let derived = deriving.run(&shelf, &passing)?;
    let left = passing.finish(opened)?;
    verdict::nothing_lost(dumps, &left.passed, derived.pauses_used())?;
    if !left.passed.reaches(&period) {
        return Err(verdict::tolerable(plan, dumps).err().unwrap_or(ReviewError::NothingIn(period)));
    }
    verdict::tolerable(plan, dumps)?;
    Ok(Derived { context, asked, left })
}

/// The moment of a review as its files name it.
fn seen(moment: Moment) -> String {
    date_time(moment.as_of).map_or_else(String::new, |t| t.format("%Y-%m-%d %H:%M:%S").to_string())
}

fn quarantine(dumps: &Dumps) -> Result<Vec<(SourceKind, DataFrame)>, ReviewError> {
    dumps.sources.iter().map(|(kind, loaded)| Ok((*kind, tables::quarantine(loaded)?))).collect()
}

/// The columns of a fact beyond those of its table: of its clocks, and those that the plan carries along.
fn columns_of(plan: &Plan, table: &Table) -> (Vec<schema::Column>, Vec<String>) {
    let kind = match table.name {
        "fact_ticket" => SourceKind::Tickets,
        "fact_survey" => SourceKind::Surveys,
        "dim_staff" => SourceKind::Staff,
        "fact_action" => SourceKind::Actions,
        "fact_units" => SourceKind::Units,
        _ => return (Vec::new(), Vec::new()),
    };
    let own = plan.own_times(kind).into_iter().map(schema::facts::own_time);
    // The clocks that exist anyway have their columns also where the dumps cannot run them.
    let usual = CLOCKS.iter().filter(|clock| clock.fact == table.name);
    let declared = plan.clocks_of(table.name).map(|clock| &clock.what);
    let declared = declared.filter(|clock| CLOCKS.iter().all(|usual| usual.name != clock.name));
    let clocks = own.chain(usual.chain(declared).flat_map(Clock::columns));
    let theirs = |dimension: &Dimension| dimension.columns.first().map_or("", String::as_str).to_owned();
    let scores = plan.dimensions().filter(|_| kind == SourceKind::Surveys);
    let clocks = clocks.chain(scores.map(|d| schema::facts::score_column(&d.name, &theirs(d)))).collect();
    (clocks, plan.carried(kind).to_vec())
}

/// The tables of all metrics, from the tallies that they asked for in their order.
fn figures(
    context: &metrics::Context,
    asked: &[usize],
    tallies: &Taken,
) -> Result<Vec<(&'static Table, DataFrame)>, ReviewError> {
    let ends = asked.iter().scan(0, |end, asked| {
        *end += asked;
        Some(*end)
    });
    let finish = |(metric, (asked, end)): (&&Metric, (&usize, usize))| {
        Ok((metric.table, (metric.finish)(context, &tallies.share(end - asked..end))?))
    };
    METRICS.par_iter().zip(asked.iter().zip(ends).collect::<Vec<_>>()).with_max_len(1).map(finish).collect()
}

fn context<'a>(
    plan: &'a Plan,
    moment: Moment,
    first_day: Option<NaiveDate>,
    columns: BTreeSet<(&'static str, String)>,
) -> metrics::Context<'a> {
    let first = first_day.unwrap_or_else(|| moment.period.first_day());
    let mut months = Vec::new();
    let mut month = Period::of(PeriodKind::Month, first);
    while month.first_day() < moment.period.end() {
        months.push((month.to_string(), Period::of(moment.period.kind, month.first_day()).to_string()));
        month = month.next();
    }
    metrics::Context { plan, months, kind: moment.period.kind.name(), columns }
}

/// The same for the same rows, plan (by its hash), period and moment, wherever and whenever the review is made.
fn run_id(plan: &str, moment: Option<Moment>, rows: u128) -> String {
    let mut hasher = Sha256::new();
    hasher.update(plan.as_bytes());
    if let Some(moment) = moment {
        hasher.update(moment.period.to_string());
        hasher.update(moment.as_of.to_le_bytes());
    }
    hasher.update(rows.to_le_bytes());
    hex::encode(&hasher.finalize()[..16])
}
