//! The whole flow: dumps, facts, tallies, tables, output.

mod catalogue;
mod error;
mod headlines;
mod init;
mod moment;
mod story;
mod verdict;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use sha2::{Digest, Sha256};

pub use crate::ingest::Dumps;
use crate::ingest::facts::{self, Facts, Moment};
use crate::ingest::{self, tables};
use crate::listings::{self, LISTINGS};
use crate::metrics::{self, METRICS};
use crate::plan::Plan;
use crate::publish::mend::{self, Bad};
use crate::publish::{self, Input, Rejected, Release, RowCounts, Sheet};
use crate::schema::facts::{CLOCKS, Clock, FACTS};
use crate::schema::input::SourceKind;
use crate::schema::quality::{DATA_QUALITY, QUARANTINE};
use crate::schema::{self, Table};
use crate::tally::Taking;
pub use crate::time::Wall;
use crate::time::date_time;
pub use crate::time::period::Period;
use crate::time::period::PeriodKind;

pub use self::catalogue::{Entry, catalogue};
pub use self::error::ReviewError;
pub use self::headlines::{Defect, Headlines, headlines};
pub use self::init::{draft, save_draft};
pub use self::moment::{parse_as_of, parse_period};
pub use self::story::story;
pub use crate::draft::Draft;
pub use crate::ingest::facts::story::{Day, DayKind, Paused, Story, Told};
pub use crate::ingest::{BadRow, Broken, FileReport, Watch as ReadWatch};
pub use crate::publish::{Output, Words, abandon};
pub use crate::schema::Language;
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
    let judged = match judge(plan, request, watch) {
        Ok(judged) => judged,
        Err(stop) => return Err(stop.tell(plan, &request.out)),
    };
    if let Err(error) = verdict::tolerable(plan, &judged.dumps) {
        return Err(Stop { error, dumps: Some(judged.dumps), moment: Some(judged.moment) }.tell(plan, &request.out));
    }
    let Judged { moment, facts, .. } = &judged;
    let period = moment.period.to_string();

    watch.stage(Stage::Tally);
    let mut tables = figures(plan, *moment, facts)?;
    let Facts { tickets, faults, surveys, .. } = facts;
    let sources = listings::Sources { plan, period: &period, tickets, faults, surveys };
    for listing in LISTINGS {
        tables.push((listing.table, (listing.select)(&sources)?));
    }
    let periods = [period.as_str(), &moment.period.previous().to_string()];
    tables.push((&DATA_QUALITY, tables::data_quality(&judged.dumps, Some((facts, periods)))?));
    tables.sort_by_key(|(table, _)| table.name);

    watch.stage(Stage::Publish);
    let quarantine = quarantine(&judged.dumps)?;
    let release = Release {
        plan,
        period: &period,
        as_of: &seen(*moment),
        run_id: &run_id(plan, Some(*moment), &judged.dumps),
        inputs: &inputs(&judged.dumps),
        tables: tables.iter().map(|(table, frame)| Sheet::of(table, frame)).collect(),
        facts: FACTS.iter().filter_map(|t| facts.get(t.name).map(|f| carrying(plan, Sheet::of(t, f)))).collect(),
        quarantine: quarantine.iter().map(|(kind, frame)| Sheet::of(&QUARANTINE, frame).named(kind.name())).collect(),
        mend: mend(&judged.dumps),
    };
    let written = publish::write(&release, &request.out)?;
    Ok(Report { moment: judged.moment, dumps: judged.dumps, tables, written: Some(written) })
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
    let judged = judge(plan, request, watch).map_err(|stop| stop.error)?;
    let verdict = verdict::tolerable(plan, &judged.dumps).err();
    let policies = facts::tickets_by_policy(&judged.facts, plan)?;
    let calendars = facts::tickets_by_calendar(&judged.facts, plan)?;
    let report = Report { moment: judged.moment, dumps: judged.dumps, tables: Vec::new(), written: None };
    Ok(Checked { report, policies, calendars, verdict })
}

/// Dumps and facts as of the moment of the review.
struct Judged {
    moment: Moment,
    dumps: Dumps,
    facts: Facts,
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
    let data_quality = tables::data_quality(dumps, None)?;
    let period = moment.map(|m| m.period.to_string());
    let as_of = moment.map(seen);
    let rejected = Rejected {
        plan,
        period: period.as_deref(),
        as_of: as_of.as_deref(),
        run_id: &run_id(plan, moment, dumps),
        reason,
        inputs: &inputs(dumps),
        data_quality: Sheet::of(&DATA_QUALITY, &data_quality),
        quarantine: quarantine.iter().map(|(kind, frame)| Sheet::of(&QUARANTINE, frame).named(kind.name())).collect(),
        mend: mend(dumps),
    };
    Ok(publish::write_rejected(&rejected, out)?.folder)
}

fn judge(plan: &Plan, request: &Request, watch: &dyn Watch) -> Result<Judged, Box<Stop>> {
    watch.stage(Stage::Read);
    let mut dumps = ingest::read(plan, watch)?;
    let refused = |error, dumps, moment| Box::new(Stop { error, dumps: Some(dumps), moment });
    let moment = match moment::moment(plan, request, &dumps) {
        // Where bad rows leave nothing to review, they are what the user must hear of.
        Err(ReviewError::NoTickets(by)) => {
            let error = verdict::tolerable(plan, &dumps).err().unwrap_or(ReviewError::NoTickets(by));
            return Err(refused(error, dumps, None));
        }
        other => other?,
    };
    watch.stage(Stage::Derive);
    let facts = facts::derive(&mut dumps, plan, moment)?;
    verdict::nothing_lost(&dumps, &facts)?;
    let period = moment.period.to_string();
    if !facts.reaches(&period)? {
        let error = verdict::tolerable(plan, &dumps).err().unwrap_or(ReviewError::NothingIn(period));
        return Err(refused(error, dumps, Some(moment)));
    }
    Ok(Judged { moment, dumps, facts })
}

/// The moment of a review as its files name it.
fn seen(moment: Moment) -> String {
    date_time(moment.as_of).map_or_else(String::new, |t| t.format("%Y-%m-%d %H:%M:%S").to_string())
}

fn quarantine(dumps: &Dumps) -> Result<Vec<(SourceKind, DataFrame)>, ReviewError> {
    dumps.sources.iter().map(|(kind, loaded)| Ok((*kind, tables::quarantine(loaded)?))).collect()
}

/// The quarantined rows dump by dump, as they are to be mended.
fn mend(dumps: &Dumps) -> Vec<Bad<'_>> {
    let mut all = Vec::new();
    for (kind, loaded) in &dumps.sources {
        let mut by_file: BTreeMap<&str, Vec<mend::BadRow>> = BTreeMap::new();
        for bad in &loaded.quarantine {
            let row = mend::BadRow { row: bad.row, rule: bad.rule, message: &bad.message, raw: &bad.raw };
            by_file.entry(&bad.file).or_default().push(row);
        }
        for file in &loaded.files {
            let rows = by_file.remove(file.name.as_str()).unwrap_or_default();
            all.push(Bad { source: *kind, file: &file.name, header: &file.header, rows });
        }
    }
    all
}

/// The fact with the columns of its clocks and those that the plan carries along.
fn carrying<'a>(plan: &'a Plan, sheet: Sheet<'a>) -> Sheet<'a> {
    let kind = match sheet.name {
        "fact_ticket" => SourceKind::Tickets,
        "fact_survey" => SourceKind::Surveys,
        "dim_staff" => SourceKind::Staff,
        _ => return sheet,
    };
    let own = plan.own_times(kind).into_iter().map(schema::facts::own_time);
    // The clocks that exist anyway have their columns also where the dumps cannot run them.
    let usual = CLOCKS.iter().filter(|clock| clock.fact == sheet.name);
    let declared = plan.clocks_of(sheet.name).map(|clock| &clock.what);
    let declared = declared.filter(|clock| CLOCKS.iter().all(|usual| usual.name != clock.name));
    let clocks = own.chain(usual.chain(declared).flat_map(Clock::columns)).collect();
    let sheet = sheet.timing(clocks);
    match plan.sources.get(&kind) {
        Some(source) => sheet.carrying(&source.carry),
        None => sheet,
    }
}

/// Takes every tally that the metrics ask for in one pass over each fact, and finishes their tables.
fn figures(plan: &Plan, moment: Moment, facts: &Facts) -> Result<Vec<(&'static Table, DataFrame)>, ReviewError> {
    let context = context(plan, moment, facts);
    let wanted = METRICS.map(|metric| (metric.tallies)(&context));
    let mut taking = Taking::new(wanted.iter().flatten().cloned().collect());
    for fact in FACTS {
        if let Some(rows) = facts.get(fact.name) {
            taking.feed(fact.name, rows)?;
        }
    }
    let mut counted = taking.finish()?.into_iter();
    let mut tables = Vec::new();
    for (metric, wanted) in METRICS.iter().zip(&wanted) {
        let counted: Vec<_> = counted.by_ref().take(wanted.len()).collect();
        tables.push((metric.table, (metric.finish)(&context, &counted)?));
    }
    Ok(tables)
}

fn context<'a>(plan: &'a Plan, moment: Moment, facts: &Facts) -> metrics::Context<'a> {
    let columns = FACTS.iter().filter_map(|t| facts.get(t.name).map(|frame| (t.name, frame)));
    let columns =
        columns.flat_map(|(name, frame)| frame.columns().iter().map(move |c| (name, c.name().to_string()))).collect();
    let first = facts.first_day().unwrap_or_else(|| moment.period.first_day());
    let mut months = Vec::new();
    let mut month = Period::of(PeriodKind::Month, first);
    while month.first_day() < moment.period.end() {
        months.push((month.to_string(), Period::of(moment.period.kind, month.first_day()).to_string()));
        month = month.next();
    }
    metrics::Context { plan, months, kind: moment.period.kind.name(), columns }
}

/// The same for the same rows, plan, period and moment, wherever and whenever the review is made.
fn run_id(plan: &Plan, moment: Option<Moment>, dumps: &Dumps) -> String {
    let mut hasher = Sha256::new();
    hasher.update(plan.hash.as_bytes());
    if let Some(moment) = moment {
        hasher.update(moment.period.to_string());
        hasher.update(moment.as_of.to_le_bytes());
    }
    hasher.update(dumps.content().to_le_bytes());
    hex::encode(&hasher.finalize()[..16])
}

fn inputs(dumps: &Dumps) -> Vec<Input> {
    let files = dumps.sources.iter().flat_map(|(kind, loaded)| loaded.files.iter().map(move |f| (kind, f)));
    files
        .map(|(kind, file)| Input {
            source: kind.name(),
            file: file.name.clone(),
            bytes: file.size,
            sha256: file.hash.clone(),
            encoding: file.part.format.name(),
            rows: RowCounts {
                read: file.account.read,
                used: file.account.used,
                folded: file.account.folded,
                identical: file.account.identical,
                superseded: file.account.superseded,
                quarantined: file.account.quarantined,
                left_out: file.account.left_out,
                filtered: file.account.filtered,
                blank: file.account.blank,
            },
        })
        .collect()
}
