//! The whole flow: dumps, facts, tallies, tables, output.

mod catalogue;
mod headlines;

use std::path::PathBuf;

use chrono::{Days, NaiveDate, NaiveDateTime};
use polars::prelude::DataFrame;
use sha2::{Digest, Sha256};

pub use crate::ingest::Dumps;
use crate::ingest::facts::{self, Facts, Moment};
use crate::ingest::{self, IngestError, tables};
use crate::listings::{self, LISTINGS};
use crate::metrics::{self, METRICS};
use crate::plan::{AsOf, Plan};
use crate::publish::{self, Input, PublishError, Release, RowCounts, Sheet};
use crate::schema::Table;
use crate::schema::facts::FACTS;
use crate::schema::input::SourceKind;
use crate::schema::quality::{DATA_QUALITY, QUARANTINE};
use crate::tally;
pub use crate::time::Wall;
pub use crate::time::period::Period;
use crate::time::period::PeriodKind;
use crate::time::{MICROS, date_time, wall};

pub use self::catalogue::{Entry, catalogue};
pub use self::headlines::{Defect, Headlines, headlines};
pub use crate::ingest::quality::{COLUMN_MISSING, RULES, Severity};
pub use crate::ingest::{BadRow, Watch as ReadWatch};
pub use crate::publish::{Output, Words, abandon};

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

/// Why there is no review.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error(transparent)]
    Ingest(#[from] IngestError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(
        "no ticket was requested{0}: there is nothing to review.\n  Check the ticket dumps, or name a period with --period."
    )]
    NoTickets(String),
    #[error(
        "no ticket was requested and no survey answered in {0}: there is nothing to review.\n  Choose another --period or --as-of, or check the dumps."
    )]
    NothingIn(String),
    #[error(
        "--as-of {as_of} lies before {period} begins: nothing of it has happened yet.\n  Choose a later --as-of, or an earlier --period."
    )]
    AsOfBeforePeriod { as_of: NaiveDate, period: Period },
    #[error(
        "{0} is outside the years that the calendar knows.\n  Extend the calendar, or choose another period or --as-of."
    )]
    OutsideCalendar(NaiveDate),
    #[error("{}", too_many_bad_rows(.0))]
    TooManyBadRows(Vec<BadSource>),
    #[error("the rows of {file} do not add up: {account}. This is a mistake of the program; please report it.")]
    RowsLost { file: String, account: String },
    #[error(transparent)]
    Engine(#[from] polars::error::PolarsError),
}

impl ReviewError {
    /// The exit code that tells of it.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoTickets(_) | Self::NothingIn(_) | Self::AsOfBeforePeriod { .. } | Self::OutsideCalendar(_) => 2,
            Self::TooManyBadRows(_) => 5,
            Self::Publish(_) => 6,
            Self::Ingest(IngestError::Engine(_)) | Self::RowsLost { .. } | Self::Engine(_) => 1,
            Self::Ingest(_) => 4,
        }
    }
}

/// A source with more bad rows than the plan tolerates.
#[derive(Debug)]
pub struct BadSource {
    pub kind: SourceKind,
    pub read: u64,
    pub quarantined: u64,
    pub tolerate: f64,
    /// The first of them: file, row and message.
    pub example: String,
}

fn too_many_bad_rows(sources: &[BadSource]) -> String {
    let line = |bad: &BadSource| {
        let (kind, quarantined, read, tolerate) = (bad.kind.name(), bad.quarantined, bad.read, bad.tolerate * 100.0);
        format!("  {kind}: {quarantined} of {read} rows, more than {tolerate} %; for example {}", bad.example)
    };
    let lines: Vec<String> = sources.iter().map(line).collect();
    format!(
        "more bad rows than the pipeline tolerates ([quality] tolerate):\n{}\n  `aftersales check` lists the rules they \
         break. Mend the dumps, or raise `tolerate`. The previous output is untouched.",
        lines.join("\n")
    )
}

/// Makes a review and writes it.
///
/// # Errors
/// See [`ReviewError`]; the previous output is then untouched.
pub fn run(plan: &Plan, request: &Request, watch: &dyn Watch) -> Result<Report, ReviewError> {
    let judged = judge(plan, request, watch)?;
    tolerable(plan, &judged.dumps)?;
    let Judged { moment, facts, .. } = &judged;
    let period = moment.period.to_string();

    watch.stage(Stage::Tally);
    let mut tables = figures(plan, *moment, facts)?;
    let sources = listings::Sources { plan, period: &period, tickets: &facts.tickets, faults: &facts.faults };
    for listing in LISTINGS {
        tables.push((listing.table, (listing.select)(&sources)?));
    }
    tables.push((&DATA_QUALITY, tables::data_quality(&judged.dumps)?));
    tables.sort_by_key(|(table, _)| table.name);

    watch.stage(Stage::Publish);
    let quarantine: Vec<(SourceKind, DataFrame)> = judged
        .dumps
        .sources
        .iter()
        .map(|(kind, loaded)| Ok((*kind, tables::quarantine(loaded)?)))
        .collect::<Result<_, polars::error::PolarsError>>()?;
    let release = Release {
        plan,
        period: &period,
        as_of: &date_time(moment.as_of).map_or_else(String::new, |t| t.format("%Y-%m-%d %H:%M:%S").to_string()),
        run_id: &run_id(plan, *moment, &judged.dumps),
        inputs: &inputs(&judged.dumps),
        tables: tables.iter().map(|(table, frame)| Sheet::of(table, frame)).collect(),
        facts: FACTS.iter().filter_map(|t| judged.facts.get(t.name).map(|f| Sheet::of(t, f))).collect(),
        quarantine: quarantine
            .iter()
            .map(|(kind, frame)| Sheet { name: kind.name(), table: &QUARANTINE, frame })
            .collect(),
    };
    let written = publish::write(&release, &request.out)?;
    Ok(Report { moment: judged.moment, dumps: judged.dumps, tables, written: Some(written) })
}

/// Dumps that have been judged.
#[derive(Debug)]
pub struct Checked {
    pub report: Report,
    /// Why a run would refuse them.
    pub verdict: Option<ReviewError>,
}

/// Reads and judges the dumps; nothing is written.
///
/// # Errors
/// As for [`run`], but too many bad rows are the verdict.
pub fn check(plan: &Plan, request: &Request, watch: &dyn Watch) -> Result<Checked, ReviewError> {
    let judged = judge(plan, request, watch)?;
    let verdict = tolerable(plan, &judged.dumps).err();
    let report = Report { moment: judged.moment, dumps: judged.dumps, tables: Vec::new(), written: None };
    Ok(Checked { report, verdict })
}

/// Dumps and facts as of the moment of the review.
struct Judged {
    moment: Moment,
    dumps: Dumps,
    facts: Facts,
}

fn judge(plan: &Plan, request: &Request, watch: &dyn Watch) -> Result<Judged, ReviewError> {
    watch.stage(Stage::Read);
    let mut dumps = ingest::read(plan, watch)?;
    // Where bad rows leave no ticket, they are what the user must hear of.
    let moment = match moment(plan, request, &dumps) {
        Err(ReviewError::NoTickets(_)) => tolerable(plan, &dumps).and(moment(plan, request, &dumps))?,
        other => other?,
    };
    watch.stage(Stage::Derive);
    let facts = facts::derive(&mut dumps, plan, moment)?;
    nothing_lost(&dumps, &facts)?;
    let period = moment.period.to_string();
    if !facts.reaches(&period)? {
        tolerable(plan, &dumps)?;
        return Err(ReviewError::NothingIn(period));
    }
    Ok(Judged { moment, dumps, facts })
}

/// The period and the moment from which it is seen.
fn moment(plan: &Plan, request: &Request, dumps: &Dumps) -> Result<Moment, ReviewError> {
    let period = if let Some(period) = request.period {
        period
    } else {
        let last = facts::last_request(dumps, request.as_of)?.and_then(date_time);
        let by = || request.as_of.and_then(date_time).map_or_else(String::new, |t| format!(" by {}", t.date()));
        Period::of(plan.review.period, last.ok_or_else(|| ReviewError::NoTickets(by()))?.date())
    };
    let as_of = request.as_of.unwrap_or_else(|| match plan.review.as_of {
        AsOf::AfterPeriod { days } => {
            let end = period.end();
            last_moment(end.checked_add_days(Days::new(days.into())).unwrap_or(end)) - DAY
        }
        AsOf::EndOf(date) => last_moment(date),
    });
    let seen = date_time(as_of).map_or(NaiveDate::MAX, |t| t.date());
    if seen < period.first_day() {
        return Err(ReviewError::AsOfBeforePeriod { as_of: seen, period });
    }
    if !plan.calendar.knows(seen) {
        return Err(ReviewError::OutsideCalendar(seen));
    }
    Ok(Moment { period, as_of })
}

const DAY: i64 = 86_400 * MICROS;

/// Reads the name of a period: `2026Q3`, `2026-07`, `2026H1` or `2026`.
pub fn parse_period(text: &str) -> Result<Period, String> {
    Period::parse(text).map_err(|e| e.to_string())
}

/// Reads a day, which means its end, or a moment, which means its second.
pub fn parse_as_of(text: &str) -> Result<Wall, String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(last_moment(date));
    }
    let moment = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    moment
        .map(|m| wall(m) + MICROS - 1)
        .ok_or_else(|| format!("{text:?} is neither a date like 2026-10-07 nor a moment like \"2026-10-07 12:00\""))
}

/// A day means its end.
fn last_moment(date: NaiveDate) -> Wall {
    wall(date.and_time(chrono::NaiveTime::MIN)) + DAY - 1
}

fn nothing_lost(dumps: &Dumps, facts: &Facts) -> Result<(), ReviewError> {
    for (kind, loaded) in &dumps.sources {
        if let Some(file) = loaded.files.iter().find(|f| !f.account.balances()) {
            return Err(ReviewError::RowsLost { file: file.name.clone(), account: format!("{:?}", file.account) });
        }
        let rows = match kind {
            SourceKind::Tickets => facts.tickets.height(),
            SourceKind::Surveys => facts.surveys.height(),
            SourceKind::Staff => facts.staff.height(),
        };
        let account = loaded.account();
        if account.used != rows as u64 {
            return Err(ReviewError::RowsLost {
                file: kind.name().to_owned(),
                account: format!("{account:?}, and {rows} facts"),
            });
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^53")]
fn tolerable(plan: &Plan, dumps: &Dumps) -> Result<(), ReviewError> {
    let tolerate = plan.quality.tolerate;
    let mut bad = Vec::new();
    for (kind, loaded) in &dumps.sources {
        let account = loaded.account();
        if account.quarantined as f64 > tolerate * account.read as f64 {
            let first = loaded.quarantine.first();
            let example = first.map_or_else(String::new, |b| format!("{} row {}: {}", b.file, b.row, b.message));
            bad.push(BadSource {
                kind: *kind,
                read: account.read,
                quarantined: account.quarantined,
                tolerate,
                example,
            });
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(ReviewError::TooManyBadRows(bad)) }
}

/// Takes every tally that the metrics ask for, each once, and finishes their tables.
fn figures(plan: &Plan, moment: Moment, facts: &Facts) -> Result<Vec<(&'static Table, DataFrame)>, ReviewError> {
    let context = context(plan, moment, facts);
    let empty = DataFrame::empty();
    let mut tables = Vec::new();
    for metric in METRICS {
        let mut counted = Vec::new();
        for wanted in (metric.tallies)(&context) {
            counted.push(tally::take(facts.get(wanted.fact).unwrap_or(&empty), &wanted)?);
        }
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
fn run_id(plan: &Plan, moment: Moment, dumps: &Dumps) -> String {
    let mut hasher = Sha256::new();
    hasher.update(plan.hash.as_bytes());
    hasher.update(moment.period.to_string());
    hasher.update(moment.as_of.to_le_bytes());
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
            encoding: file.encoding.name(),
            rows: RowCounts {
                read: file.account.read,
                used: file.account.used,
                identical: file.account.identical,
                superseded: file.account.superseded,
                quarantined: file.account.quarantined,
                left_out: file.account.left_out,
            },
        })
        .collect()
}
