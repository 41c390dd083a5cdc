//! Facts: what the dumps say as of a moment, joined and measured.

mod calendars;
mod cause;
mod clocks;
mod credit;
mod dates;
mod faults;
pub mod frame;
mod pauses;
mod policy;
mod reopened;
mod repeats;
mod roster;
mod scores;
pub mod story;
mod survey_clocks;
mod surveys;
mod tickets;
mod timing;
mod when;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use self::calendars::Calendars;
use super::{Dumps, IngestError, Loaded};
use crate::plan::Plan;
use crate::schema::input::SourceKind;
use crate::time::period::Period;
use crate::time::{Wall, date_time};

/// Which period is reviewed, seen from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub period: Period,
    /// The last microsecond that has happened.
    pub as_of: Wall,
}

/// All facts of a run. Frames hold the columns that the data have; columns of the schema that no dump feeds are absent.
/// Text of few distinct values is categorical inside a run.
#[derive(Debug, Default)]
pub struct Facts {
    pub tickets: DataFrame,
    pub faults: DataFrame,
    pub surveys: DataFrame,
    pub scores: DataFrame,
    pub staff: DataFrame,
    pub dates: DataFrame,
    /// What they did stands in the tickets.
    pauses: pauses::Pauses,
    calendars: Calendars,
}

impl Facts {
    /// The frame of a fact by its table name.
    pub fn get(&self, table: &str) -> Option<&DataFrame> {
        match table {
            "fact_ticket" => Some(&self.tickets),
            "fact_fault" => Some(&self.faults),
            "fact_survey" => Some(&self.surveys),
            "fact_score" => Some(&self.scores),
            "dim_staff" => Some(&self.staff),
            "dim_date" => Some(&self.dates),
            _ => None,
        }
    }

    /// Rows of pauses that were used.
    pub const fn pauses_used(&self) -> usize {
        self.pauses.used
    }

    /// Whether a ticket or a survey belongs to this reporting period.
    pub fn reaches(&self, period: &str) -> Result<bool, IngestError> {
        for fact in [&self.tickets, &self.surveys] {
            if frame::texts(fact, "period")?.contains(&Some(period)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The first day of `dim_date`.
    pub fn first_day(&self) -> Option<NaiveDate> {
        frame::days(&self.dates, "date").ok()?.into_iter().flatten().min().and_then(NaiveDate::from_epoch_days)
    }
}

/// Derives the facts. The dumps are used up; their accounts are settled: what happened after the moment is left out.
///
/// # Errors
/// Only where the calendar cannot be laid out or the frames do not fit together.
pub fn derive(dumps: &mut Dumps, plan: &Plan, moment: Moment) -> Result<Facts, IngestError> {
    let span = span(dumps, moment)?;
    let calendars = Calendars::new(plan, span.0, span.1)?;
    let roster = match dumps.sources.get_mut(&SourceKind::Staff) {
        Some(staff) => {
            let carry = plan.sources.get(&SourceKind::Staff).map_or(&[][..], |source| &source.carry);
            roster::Roster::read(staff, carry)?
        }
        None => roster::Roster::default(),
    };
    let context = Context { plan, moment, calendars: &calendars, roster: &roster };
    let mut none = empty(SourceKind::Tickets);
    let (tickets, closed) = tickets::as_of(dumps.sources.get_mut(&SourceKind::Tickets).unwrap_or(&mut none), &context)?;
    let pauses = match dumps.sources.get_mut(&SourceKind::Pauses) {
        Some(paused) => pauses::derive(paused, &tickets, &closed, &context)?,
        None => pauses::Pauses::closed_only(&closed),
    };
    let tickets = tickets::derive(tickets, &pauses, &context)?;
    let mut none = empty(SourceKind::Surveys);
    let surveys =
        surveys::derive(dumps.sources.get_mut(&SourceKind::Surveys).unwrap_or(&mut none), &tickets, &context)?;
    let faults = faults::derive(&tickets, &surveys.overall, &context)?;
    let staff = roster.frame(plan, moment)?;
    let dates = dates::derive(calendars.usual(), span.0, span.1)?;
    Ok(Facts { tickets, faults, surveys: surveys.answered, scores: surveys.scores, staff, dates, pauses, calendars })
}

/// What deriving a fact needs to know besides the dump.
struct Context<'a> {
    plan: &'a Plan,
    moment: Moment,
    calendars: &'a Calendars,
    roster: &'a roster::Roster,
}

const fn empty(kind: SourceKind) -> Loaded {
    Loaded { kind, batches: Vec::new(), batch_file: Vec::new(), files: Vec::new(), quarantine: Vec::new(), content: 0 }
}

/// The last moment at which a ticket was requested, not later than `until`; of surveys alone, the last answer.
pub fn last_event(dumps: &Dumps, until: Option<Wall>) -> Result<Option<Wall>, IngestError> {
    for (kind, column) in [(SourceKind::Tickets, "requested_at"), (SourceKind::Surveys, "answered_at")] {
        let mut last = None;
        for batch in dumps.sources.get(&kind).map_or(&[][..], |l| &l.batches) {
            let times = frame::micros(batch, column)?;
            last = last.max(times.into_iter().flatten().filter(|t| until.is_none_or(|u| *t <= u)).max());
        }
        if last.is_some() {
            return Ok(last);
        }
    }
    Ok(None)
}

/// How many tickets each calendar of the plan counts for, in its order.
pub fn tickets_by_calendar(facts: &Facts, plan: &Plan) -> Result<Vec<u64>, IngestError> {
    let mut counts = vec![0; plan.calendars.len()];
    for place in facts.calendars.choose(&facts.tickets, plan)? {
        counts[place] += 1;
    }
    Ok(counts)
}

/// How many tickets fall under each policy of the plan, in its order, and under none.
pub fn tickets_by_policy(facts: &Facts, plan: &Plan) -> Result<(Vec<u64>, u64), IngestError> {
    let (mut counts, mut none) = (vec![0; plan.policies.len()], 0);
    for policy in policy::choose(&facts.tickets, &plan.policies)? {
        match policy {
            Some(place) => counts[place] += 1,
            None => none += 1,
        }
    }
    Ok((counts, none))
}

/// From the first day of the first period with a ticket or a survey to the later of the period's end and the moment.
fn span(dumps: &Dumps, moment: Moment) -> Result<(NaiveDate, NaiveDate), IngestError> {
    let mut first = moment.period.first_day();
    let columns = BTreeMap::from([(SourceKind::Tickets, "requested_at"), (SourceKind::Surveys, "answered_at")]);
    for (kind, column) in columns {
        for batch in dumps.sources.get(&kind).map_or(&[][..], |l| &l.batches) {
            let earliest = frame::micros(batch, column)?.into_iter().flatten().min();
            if let Some(date) = earliest.and_then(date_time) {
                first = first.min(Period::of(moment.period.kind, date.date()).first_day());
            }
        }
    }
    let end = moment.period.end().pred_opt().unwrap_or(first);
    let seen = date_time(moment.as_of).map_or(end, |t| t.date());
    Ok((first, end.max(seen).max(first)))
}
