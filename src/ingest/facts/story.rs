//! The story of one ticket: everything that its clocks were read from.

mod gather;
mod tell;

use chrono::{NaiveDate, Weekday};

use crate::ingest::rules::Pair;
use crate::time::Wall;
use crate::time::shift::Shift;
use crate::time::target::Target;

pub use self::gather::Gather;

/// What happened to a ticket, and what its clocks made of it.
#[derive(Debug, Clone)]
pub struct Story {
    pub ticket_id: String,
    /// What the fact says of it besides moments and clocks: column and value, in the order of the fact.
    pub about: Vec<(&'static str, String)>,
    /// Name of the working calendar that counts for it.
    pub calendar: String,
    /// The last moment seen.
    pub as_of: Wall,
    /// Column and moment, in the order of time.
    pub moments: Vec<(&'static str, Wall)>,
    /// In the order of time.
    pub pauses: Vec<Paused>,
    /// Every date from the request to the last of: end of the last clock, last due time by then; of a long story only the
    /// dates on which something happens stand between its first and last days.
    pub days: Vec<Day>,
    /// Clocks of the ticket, then those of its surveys.
    pub clocks: Vec<Told>,
}

/// A time in which some clocks of the ticket stood still.
#[derive(Debug, Clone)]
pub struct Paused {
    pub begin: Wall,
    /// None while it goes on.
    pub end: Option<Wall>,
    pub reason: Option<String>,
    /// Between a resolution and its reopening; `reason` is then none.
    pub closed: bool,
    /// Names of the clocks that it stops.
    pub stops: Vec<&'static str>,
}

/// One date, and what of it counted.
#[derive(Debug, Clone)]
pub struct Day {
    pub date: NaiveDate,
    pub hours: Vec<Shift>,
    pub kind: DayKind,
    /// Working seconds of it from the request to the resolution, or to the moment of the review.
    pub seconds: i64,
    /// Those among them in which the resolution clock stood still.
    pub paused: i64,
}

/// Why a date has its hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// The hours of its weekday.
    Usual,
    Holiday,
    /// A make-up workday with the hours of that weekday.
    Makeup(Weekday),
    /// The calendar gives this very date hours of its own, or closes it.
    Explicit,
}

/// A clock of the story.
#[derive(Debug, Clone)]
pub struct Told {
    pub clock: &'static str,
    /// Number of the survey, for a clock of a survey.
    pub survey: Option<String>,
    pub start: Option<Wall>,
    pub end: Option<Wall>,
    pub policy: Option<String>,
    /// As the plan has it; none where the ticket's own promise counts, or nothing does.
    pub target: Option<Target>,
    pub promised: bool,
    pub due: Option<Wall>,
    pub target_seconds: Option<i64>,
    /// While open, up to the moment of the review.
    pub used_seconds: Option<i64>,
    pub paused_seconds: Option<i64>,
    pub over_seconds: Option<i64>,
    /// None where the clock does not apply.
    pub outcome: Option<&'static str>,
    pub cause: Option<&'static str>,
    /// The moments in the wrong order that make it unusable, where that is why.
    pub contradiction: Option<Pair>,
}
