//! A checked pipeline file. Every value in here has passed the checks of this room; nothing needs checking again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;

use super::follow_up::FollowUp;
use super::integrity::Integrity;
use super::opinions::Opinions;
use crate::schema::input::{InputColumn, SourceKind};
use crate::schema::rules::{Rule, Severity};
use crate::schema::{self, Language};
use crate::time::calendar::CalendarSpec;
use crate::time::period::PeriodKind;
use crate::time::target::Target;

/// Everything that a pipeline file says.
#[derive(Debug)]
pub struct Plan {
    /// The file as the user named it.
    pub path: PathBuf,
    /// SHA-256 (hex) of what the plan says, without comments, layout and the `files` of its sources: two plans with the
    /// same hash review the same dumps into the same bytes, wherever the dumps lie. Calendars and themes that it refers to count.
    pub hash: String,
    /// SHA-256 (hex) of each section, `sla` or `sources.tickets`, as far as it shapes the facts: titles, language,
    /// breakdowns, labels, goals, calls, levels of defects, `target`, `min_n` and `weights` of scores do not. One that says nothing of them is not here.
    pub sections: BTreeMap<String, String>,
    pub review: Review,
    /// Holds tickets or surveys at least.
    pub sources: BTreeMap<SourceKind, Source>,
    /// Working calendars in the order in which they are tried; the last one, `default`, holds for every ticket.
    pub calendars: Vec<NamedCalendar>,
    /// The clocks that exist anyway and those that the plan declares: those of tickets first, then those of surveys.
    pub clocks: Vec<Clock>,
    /// Policies in the order of the file; the first that matches a ticket counts.
    pub policies: Vec<Policy>,
    pub timeliness: Timeliness,
    pub tenure: Vec<TenureBand>,
    pub scores: Scores,
    pub defects: Defects,
    pub integrity: Integrity,
    pub follow_up: FollowUp,
    pub opinions: Opinions,
    pub breakdowns: Breakdowns,
    pub quality: Quality,
}

#[derive(Debug)]
pub struct Review {
    pub title: String,
    pub period: PeriodKind,
    pub time_zone: Tz,
    pub language: Language,
    pub belongs_by: BelongsBy,
    pub as_of: AsOf,
}

/// The moment that decides to which period a ticket belongs (`belongs_by = "requested" | "due" | "resolved"`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BelongsBy {
    #[default]
    Requested,
    Due,
    Resolved,
}

/// The moment the review looks from, when the command line names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// This many days after the end of the reviewed period (`"+7d"`; 0 where the plan says nothing).
    AfterPeriod { days: u32 },
    /// The end of a named day (`"2026-10-07"`).
    EndOf(chrono::NaiveDate),
}

/// One kind of dump: where its files are and what their columns mean.
#[derive(Debug)]
pub struct Source {
    pub kind: SourceKind,
    /// Glob patterns, made absolute from the folder of the pipeline file; never empty.
    pub files: Vec<PathBuf>,
    /// How the files are read, where they do not say it themselves.
    pub reading: Reading,
    /// Only rows for which all of these hold are read; the others are counted as `filtered`.
    pub filter: Vec<Condition>,
    /// Names and phones of customers are kept until the end; no table has them anyway.
    pub contacts: bool,
    /// Their columns that the facts carry along as text, under their own names.
    pub carry: Vec<String>,
    /// Cell texts that mean "no value", besides the empty cell.
    pub missing: Vec<String>,
    /// At most one mapping a column; sorted as the columns stand in `schema::input`.
    pub columns: Vec<Mapping>,
    /// Dimensions of a survey, in the order of the file. Empty for other sources. Where `dimension` and `score` are mapped
    /// (a long survey: a row per answer), the names in here are values of their dimension column, not columns.
    pub dimensions: Vec<Dimension>,
    /// For a column of ours: their value → ours.
    pub values: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Of pauses that are told by events: the statuses that are pauses, and those in which the ticket counts as resolved.
    pub pending: Vec<String>,
    pub resolved: Vec<String>,
    /// Their column whose larger whole number marks the later version of a row; else the order of files and rows.
    pub latest_by: Option<String>,
}

/// How files are read.
#[derive(Debug, Default)]
pub struct Reading {
    /// Glob patterns of the sheets of a workbook or the members of an archive (`sheets`); empty: all of them.
    pub sheets: Vec<glob::Pattern>,
    /// Row of the header as a spreadsheet numbers it (`header_row`); found by the column names where absent.
    pub header_row: Option<u64>,
    /// Field separator of text files (`separator`): one of `,` `;` tab `|`; found where absent.
    pub separator: Option<u8>,
}

/// One test of a raw cell in `[sources.*.where]`; a line with several tests gives several conditions.
#[derive(Debug)]
pub struct Condition {
    /// Their column: the first of these that a file has (the key, then those of `also_called = [...]`).
    pub columns: Vec<String>,
    pub test: Test,
    pub line: usize,
}

/// What a raw cell (blanks trimmed, missing markers counted as empty) must be.
#[derive(Debug, PartialEq)]
pub enum Test {
    /// `状态 = ["已完成", "处理中"]` or `{ is = [...] }`: one of these texts.
    OneOf(Vec<String>),
    /// `{ not = ["测试"] }`: none of these; an empty cell passes.
    NoneOf(Vec<String>),
    /// `{ filled = true }` or `{ filled = false }`.
    Filled(bool),
    /// `{ like = ["INC*"] }`: a pattern where `*` stands for any letters.
    Like(Vec<glob::Pattern>),
    /// `{ min = 1, max = 5 }`: a number within these bounds, both included.
    Within { min: Option<f64>, max: Option<f64> },
}

/// What stops a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stops {
    /// `pauses = "all"`.
    All,
    /// `pauses = ["等待客户"]`: these reasons.
    Reasons(Vec<String>),
}

impl Source {
    /// Whether each row is one answer: `dimension` and `score` are columns.
    pub fn is_long(&self) -> bool {
        self.mapping("dimension").is_some() && self.mapping("score").is_some()
    }

    /// Whether each row of the pauses is a change of status.
    pub fn is_event_log(&self) -> bool {
        self.mapping("event_at").is_some()
    }

    pub fn mapping(&self, column: &str) -> Option<&Mapping> {
        self.columns.iter().find(|m| m.column.name == column)
    }
}

/// Where one of our columns comes from.
#[derive(Debug)]
pub struct Mapping {
    pub column: &'static InputColumn,
    pub from: From,
    /// strftime-like format of a time or date (`%Y/%m/%d %H:%M`); decided from the column where absent.
    pub format: Option<String>,
    /// What separates several codes in one cell.
    pub separator: Option<String>,
    /// Line of the pipeline file, for messages.
    pub line: usize,
}

/// Besides the columns of the file, three that every table has can be named: [`AT_FILE`], [`AT_SHEET`], [`AT_ROW`].
#[derive(Debug)]
pub enum From {
    /// The first of these columns that a file has.
    FirstOf(Vec<String>),
    /// These columns together, those that are missing in a row left out, with a text in between.
    Joined { columns: Vec<String>, with: String },
    /// The same text in every row (`{ value = "2026-06-30" }`).
    Always(String),
}

/// The name of the file, without its folder and its extensions.
pub const AT_FILE: &str = "@file";
/// The name of the sheet or of the member of an archive, without extension; the file's where it has neither.
pub const AT_SHEET: &str = "@sheet";
/// The number of the row.
pub const AT_ROW: &str = "@row";

/// A working calendar and the tickets whose clocks it counts.
#[derive(Debug)]
pub struct NamedCalendar {
    /// Its key in `[calendars]`.
    pub name: String,
    /// All must hold. Empty: every ticket.
    pub when: Vec<When>,
    pub spec: CalendarSpec,
}

/// One test of a fact column in `when` of a calendar or a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// Column of `fact_ticket`, or of `fact_survey` for clocks of surveys; one that a fact lacks never matches.
    pub column: &'static str,
    pub is: Is,
}

/// What the value of a fact column must be; a missing one never matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Is {
    /// One of these texts; flags are `true` and `false`.
    OneOf(Vec<String>),
    /// A whole number within these bounds, both included (`visits = { min = 2 }`).
    Number { min: Option<i64>, max: Option<i64> },
    /// A moment from the first of these days to the last, both included (`requested_at = { from = "2026-07-01" }`).
    Day { from: Option<chrono::NaiveDate>, to: Option<chrono::NaiveDate> },
}

/// A clock and what the plan says of it.
#[derive(Debug)]
pub struct Clock {
    pub what: schema::facts::Clock,
    /// The pauses that stop it.
    pub stops: Option<Stops>,
    /// Its target where no policy names one (`target = "24h clock"`).
    pub target: Option<Target>,
    /// Attainment that is aimed at, a share (`goal = "90%"`): the line in charts.
    pub goal: Option<f64>,
    /// Which resolution of a reopened ticket ends it; only `resolution` may differ.
    pub counts: Counts,
}

/// Which resolution of a reopened ticket counts (`counts = "final" | "first"`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counts {
    #[default]
    Final,
    First,
}

/// `[timeliness]`: how time used ÷ target becomes a score of 1–5.
#[derive(Debug)]
pub struct Timeliness {
    /// Clocks of tickets whose scores are averaged.
    pub clocks: Vec<&'static str>,
    /// The dimension in which evaluators score timeliness themselves.
    pub dimension: String,
    /// Whose surveys are set against it (`evaluators`); empty: everybody's.
    pub evaluators: Vec<String>,
    /// Used ÷ target in thousandths, falling: above the first 1 point, above the second 2, above the third 3, above the
    /// fourth 4, else 5.
    pub limits: [i64; 4],
}

/// One scored dimension of a survey. `overall` is one of them.
#[derive(Debug)]
pub struct Dimension {
    /// Our name, in `snake_case`.
    pub name: String,
    /// Their column names, the first present one is taken.
    pub columns: Vec<String>,
    /// The scale of the answers as written, rescaled linearly to 1–5.
    pub scale: (f64, f64),
    pub line: usize,
}

/// One `[[sla]]` entry.
#[derive(Debug)]
pub struct Policy {
    /// Name in the tables: `name` of the entry, else `sla-1`, `sla-2`, … by position.
    pub name: String,
    /// All must hold. Empty: matches everything.
    pub when: Vec<When>,
    /// By name of the clock.
    pub targets: BTreeMap<&'static str, Target>,
}

/// `a-b`: a ≤ completed months < b. The last band may be open (`3y+`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenureBand {
    /// As written in the plan.
    pub name: String,
    pub from_months: i32,
    pub to_months: Option<i32>,
}

#[derive(Debug)]
pub struct Scores {
    /// The mean that a dimension should reach, 1–5.
    pub target: f64,
    /// Members with fewer answers are suppressed.
    pub min_n: i64,
    /// Words that stand for scores 1–5.
    pub words: BTreeMap<String, f64>,
    /// How much the mean of each evaluator counts in the weighted mean, more than 0 each; empty: there is none.
    pub weights: BTreeMap<String, f64>,
    /// The evaluators who are the customers (those of [timeliness] where the plan does not say); empty: everybody is.
    pub customers: Vec<String>,
}

#[derive(Debug)]
pub struct Defects {
    pub repeat_within_days: i64,
    pub same: Same,
    /// On which levels defects are ranked; the first is the usual one, model × fault.
    pub levels: Vec<Level>,
    /// How strong the moods of customers are, 0–3 (`emotions`); those of other words are not known.
    pub emotions: BTreeMap<String, i32>,
    /// Reasons of pauses for which a ticket waits for parts; empty: those that speak of parts.
    pub parts_reasons: Vec<String>,
}

impl Defects {
    /// Whether a pause for this reason waits for parts.
    pub fn waits_for_parts(&self, reason: &str) -> bool {
        const WORDS: [&str; 6] = ["备件", "配件", "零件", "缺料", "part", "spare"];
        if self.parts_reasons.is_empty() {
            let reason = reason.to_lowercase();
            return WORDS.iter().any(|word| reason.contains(word));
        }
        self.parts_reasons.iter().any(|own| own == reason)
    }
}

/// What makes two faults the same defect: columns of `fact_fault`, in the order of [`LEVEL_PARTS`].
pub type Level = Vec<&'static str>;

/// Name of a level in the pipeline file and in tables.
pub fn level_name(level: &[&str]) -> String {
    level.join(LEVEL_SIGN)
}

/// What stands between the parts of a level.
pub const LEVEL_SIGN: &str = "+";

/// The level that is always there: model × fault.
pub const USUAL_LEVEL: [&str; 2] = ["product_model", "fault_code"];

/// What levels are made of.
pub const LEVEL_PARTS: [&str; 3] = ["product_line", "product_model", "fault_code"];

/// The strongest mood.
pub const STRONGEST: i32 = 3;

/// What two tickets must share, besides model and fault, for the later one to be a repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Same {
    #[default]
    Customer,
    SerialNumber,
}

/// Breakdowns asked for, each a name of `schema::shared::BREAKDOWNS`, without `all`.
#[derive(Debug)]
pub struct Breakdowns {
    pub sla: Vec<&'static str>,
    pub scores: Vec<&'static str>,
    /// Of tickets solved the first time: columns that faults have, too.
    pub fixes: Vec<&'static str>,
    pub complaints: Vec<&'static str>,
    /// Of what customers write.
    pub opinions: Vec<&'static str>,
}

#[derive(Debug)]
pub struct Quality {
    /// Highest share of quarantined rows that a run accepts, 0..1, for each source.
    pub tolerate: f64,
    /// What the plan says about rules by name (`[quality.rules]`); only what it changes.
    pub rules: BTreeMap<&'static str, Severity>,
    /// An answer later than this after the end of the service breaks `survey_late` (`survey_within`, seconds; 24 h).
    pub survey_within: i64,
}

impl Quality {
    pub fn severity(&self, rule: &Rule) -> Severity {
        self.rules.get(rule.name).copied().unwrap_or(rule.severity)
    }
}
