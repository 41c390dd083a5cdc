//! Reading one clock of one row: due time, time used, outcome.

use polars::prelude::*;

use super::calendars::Calendars;
use super::frame::{self, Making};
use crate::ingest::columns::Numbers;
use crate::ingest::rules::Moments;
use crate::plan::{Clock, Plan};
use crate::schema::facts::outcome;
use crate::time::calendar::Calendar;
use crate::time::pauses::Pauses;
use crate::time::target::Target;
use crate::time::{MICROS, Wall};

/// The most that is told of a target's use.
const MOST_PERCENT: i64 = 10_000;

/// What a clock is read from.
#[derive(Debug)]
pub struct Face<'a> {
    pub calendar: &'a Calendar,
    pub as_of: Wall,
    pub start: Option<Wall>,
    pub end: Option<Wall>,
    pub held: Held,
    /// The row counts as cancelled.
    pub cancelled: bool,
    /// The row is over, so that a moment that is missing was never written down.
    pub over: bool,
    /// Moments contradict one another.
    pub contradicts: bool,
    /// When the clock stands still.
    pub still: Pauses,
}

/// What a clock is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    To(Target),
    /// The ticket's own promise.
    Until(Wall),
    ToNothing,
}

impl Held {
    /// How seconds are counted; promises and what has no target are counted in working time.
    pub const fn target(self) -> Option<Target> {
        match self {
            Self::To(target) => Some(target),
            Self::Until(_) | Self::ToNothing => None,
        }
    }
}

/// What one clock of one row came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    pub due: Option<Wall>,
    pub target: Option<i64>,
    /// Without what was paused; while open, up to the moment of the review.
    pub net: Option<i64>,
    /// Unknown where a paused clock cannot be read.
    pub paused: Option<i64>,
    /// None where the clock does not apply.
    pub outcome: Option<&'static str>,
    /// How far the target is exceeded.
    pub over: Option<i64>,
    /// The clock has ended.
    pub ended: bool,
}

impl Reading {
    /// Time used by a clock that has ended.
    pub fn used(&self) -> Option<i64> {
        self.net.filter(|_| self.ended)
    }

    /// Used ÷ target in percent, rounded up.
    pub fn percent(&self) -> Option<i32> {
        let (used, target) = (self.used()?, self.target.filter(|target| *target > 0)?);
        let percent = (used.saturating_mul(100) + target - 1) / target;
        // A promise can be broken, or kept, outside the hours that count as used.
        let percent = if self.is_breached() { percent.max(101) } else { percent.min(100) };
        i32::try_from(percent.min(MOST_PERCENT)).ok()
    }

    /// Whether the target was met, where that is known.
    pub fn judged(&self) -> Option<&'static str> {
        self.outcome.filter(|outcome| matches!(*outcome, outcome::MET | outcome::BREACHED))
    }

    pub fn is_breached(&self) -> bool {
        self.outcome == Some(outcome::BREACHED)
    }
}

impl Face<'_> {
    /// Until when the clock has run.
    pub fn until(&self) -> Wall {
        self.end.unwrap_or(self.as_of)
    }

    /// Reads the clock. Pauses move the due time of a target on, but not a time that the ticket itself promised: whoever
    /// promised it knew of no pauses, and the customer waits for that very hour.
    pub fn read(&self) -> Reading {
        let unread = if self.still.is_empty() { Some(0) } else { None };
        let plain = |outcome| Reading { paused: unread, outcome: Some(outcome), ..Reading::default() };
        if self.cancelled {
            return plain(outcome::CANCELLED);
        }
        let broken_promise = matches!((self.held, self.start), (Held::Until(until), Some(start)) if until < start);
        let never_noted = self.end.is_none() && self.over;
        if self.contradicts || never_noted || broken_promise {
            return plain(outcome::UNUSABLE);
        }
        let Some(start) = self.start else {
            // What has not begun is not late; what ended without a beginning cannot be read.
            return plain(if self.end.is_some() { outcome::UNUSABLE } else { outcome::RUNNING });
        };
        let until = self.until();
        let kind = self.held.target();
        let Ok(whole) = self.calendar.elapsed(kind, start, until) else {
            return plain(outcome::UNUSABLE);
        };
        let paused = match unread {
            Some(none) => none,
            None => match self.calendar.paused(kind, start, until, &self.still) {
                Ok(paused) => paused,
                Err(_) => return plain(outcome::UNUSABLE),
            },
        };
        let net = whole - paused;
        let read = Reading { net: Some(net), paused: Some(paused), ended: self.end.is_some(), ..Reading::default() };
        let (due, target, over) = match self.held {
            Held::ToNothing => {
                return Reading { outcome: Some(outcome::NO_TARGET), ..read };
            }
            Held::To(target) => {
                // Beyond the years that the calendar knows there is no due time, and nothing is late yet.
                let due = self.calendar.due(start, target).ok();
                let at = due.and_then(|due| match unread {
                    Some(_) => Some(due.at),
                    None => self.calendar.postponed(due, start, target, &self.still).ok(),
                });
                let seconds = due.map(|due| due.seconds);
                (at, seconds, seconds.map(|seconds| net - seconds).filter(|over| *over > 0))
            }
            Held::Until(promised) => {
                let seconds = self.calendar.elapsed(None, start, promised).ok();
                // Whoever waits for a promised hour waits at night, too.
                let late = until.div_euclid(MICROS) > promised.div_euclid(MICROS);
                let over = late.then(|| self.calendar.clock_seconds(promised, until).unwrap_or_default());
                (Some(promised), seconds, over)
            }
        };
        let outcome = match (over, self.end.is_some()) {
            (Some(_), _) => outcome::BREACHED,
            (None, true) => outcome::MET,
            (None, false) => outcome::RUNNING,
        };
        Reading { due, target, over, outcome: Some(outcome), ..read }
    }

    /// Seconds between two moments as the target counts them, without those in which the clock stands still; none where
    /// they are out of order or unknown to the calendar.
    pub fn running(&self, from: Wall, to: Wall) -> Option<i64> {
        let kind = self.held.target();
        let whole = self.calendar.elapsed(kind, from, to).ok()?;
        if self.still.is_empty() {
            Some(whole)
        } else {
            Some(whole - self.calendar.paused(kind, from, to, &self.still).ok()?)
        }
    }
}

/// The moments of every ticket of a batch.
pub fn moments(batch: &DataFrame) -> PolarsResult<Vec<Moments>> {
    let requested = frame::micros(batch, "requested_at")?;
    let first_response = frame::micros(batch, "first_response_at")?;
    let started = frame::micros(batch, "started_at")?;
    let first_resolved = frame::micros(batch, "first_resolved_at")?;
    let reopened = frame::micros(batch, "reopened_at")?;
    let resolved = frame::micros(batch, "resolved_at")?;
    let closed = frame::micros(batch, "closed_at")?;
    Ok((0..batch.height())
        .map(|row| Moments {
            // Every row has been requested: the readers demand it.
            requested: requested[row].unwrap_or_default(),
            first_response: first_response[row],
            started: started[row],
            first_resolved: first_resolved[row],
            reopened: reopened[row],
            resolved: resolved[row],
            closed: closed[row],
        })
        .collect())
}

/// What clocks are read with.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
    pub plan: &'a Plan,
    pub calendars: &'a Calendars,
    /// The last moment seen.
    pub as_of: Wall,
}

/// A clock of the plan, read for each of some rows.
#[derive(Debug)]
pub struct Read<'a> {
    pub clock: &'a Clock,
    pub readings: Vec<Reading>,
    /// What set the target.
    pub policies: Vec<Option<&'a str>>,
    /// What each row was held to.
    pub held: Vec<Held>,
    pub starts: Vec<Option<Wall>>,
    pub ends: Vec<Option<Wall>>,
    /// Of the breached rows.
    pub causes: Vec<Option<&'static str>>,
}

impl<'a> Read<'a> {
    /// No rows yet.
    pub fn new(clock: &'a Clock) -> Self {
        let (starts, ends) = (Vec::new(), Vec::new());
        let (readings, policies, held, causes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { clock, readings, policies, held, starts, ends, causes }
    }

    /// The nine columns of the clock.
    pub fn columns(&self) -> PolarsResult<[Column; 9]> {
        let mut columns = Columns::new(self.clock, self.readings.len())?;
        for ((reading, policy), cause) in self.readings.iter().zip(&self.policies).zip(&self.causes) {
            columns.push(reading, *policy, *cause)?;
        }
        Ok(columns.finish())
    }
}

/// The columns of a clock under construction.
pub struct Columns<'a> {
    due: Numbers<i64>,
    target: Numbers<i64>,
    used: Numbers<i64>,
    paused: Numbers<i64>,
    over: Numbers<i64>,
    percent: Numbers<i32>,
    outcome: Making<'a>,
    policy: Making<'a>,
    cause: Making<'a>,
    /// The clock stood still, or nobody knows whether it did.
    stood: bool,
}

impl<'a> Columns<'a> {
    pub fn new(clock: &Clock, rows: usize) -> PolarsResult<Self> {
        let column = |part| clock.what.column(part);
        let long = |part| Numbers::new(PlSmallStr::from_static(column(part)), rows);
        Ok(Self {
            due: long("due_at"),
            target: long("target_seconds"),
            used: long("seconds"),
            paused: long("paused_seconds"),
            over: long("over_seconds"),
            percent: Numbers::new(PlSmallStr::from_static(column("used_percent")), rows),
            outcome: Making::new(column("outcome"), rows)?,
            policy: Making::new(column("policy"), rows)?,
            cause: Making::new(column("cause"), rows)?,
            stood: false,
        })
    }

    /// Appends a row: what the clock came to, what set its target, and what made it late.
    pub fn push(&mut self, reading: &Reading, policy: Option<&'a str>, cause: Option<&'a str>) -> PolarsResult<()> {
        self.due.push(reading.due);
        self.target.push(reading.target);
        self.used.push(reading.used());
        self.paused.push(reading.paused);
        self.stood |= reading.paused != Some(0);
        self.over.push(reading.over);
        self.percent.push(reading.percent());
        self.outcome.push(reading.outcome)?;
        self.policy.push(policy)?;
        self.cause.push(cause)
    }

    /// The nine columns in their order.
    pub fn finish(self) -> [Column; 9] {
        let long = |numbers: Numbers<i64>| numbers.finish::<Int64Type>();
        let paused = long(self.paused);
        [
            long(self.due).into_datetime(TimeUnit::Microseconds, None).into_column(),
            long(self.target).into_column(),
            long(self.used).into_column(),
            if self.stood {
                paused.into_column()
            } else {
                Column::new_scalar(paused.name().clone(), Scalar::from(0i64), paused.len())
            },
            self.outcome.finish(),
            self.policy.finish(),
            long(self.over).into_column(),
            self.percent.finish::<Int32Type>().into_column(),
            self.cause.finish(),
        ]
    }
}
