//! Facts: what the dumps say as of a moment, joined and measured.

mod actions;
mod ahead;
mod answered;
mod awaiting;
mod beside;
mod calendars;
mod cause;
mod clocks;
mod credit;
mod dates;
mod effects;
mod faults;
pub mod frame;
mod opinions;
mod pauses;
mod policy;
pub mod products;
mod reopened;
mod repeats;
mod roster;
mod scores;
pub mod story;
mod survey_clocks;
mod surveys;
mod tickets;
mod timing;
mod units;
mod when;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

pub use self::actions::Actions;
use self::ahead::Ahead;
pub use self::answered::by_customer;
pub use self::awaiting::{Calling, Calls, SHOWN, TELLING};
pub use self::beside::CUSTOMER;
use self::beside::Sought;
pub use self::calendars::Calendars;
pub use self::effects::Effects;
pub use self::opinions::{OF_SURVEY, Opinions};
use self::tickets::Streamed;
use super::keys::Keys;
use super::{Dumps, IngestError, Kept, Loaded, Shelf};
use crate::opinions::Lexicon;
use crate::plan::Plan;
use crate::schema::facts::effect::EFFECTS;
use crate::schema::facts::opinion::TERMS;
use crate::schema::facts::{
    ANSWERED, DIM_DATE, DIM_STAFF, FACT_ACTION, FACT_FAULT, FACT_SCORE, FACT_UNITS, SURVEY, TICKET,
};
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

/// Takes the facts of a run piece by piece, so that no fact is ever whole in memory.
///
/// Pieces hold the columns that the data have; columns of the schema that no dump feeds are absent. Text of few distinct
/// values is categorical inside a run. Columns whose names begin with `@` are for listings and are not published.
pub trait Sink: Sync {
    type Error: From<IngestError> + Send;

    /// Looks at a piece; on any thread, pieces in any order.
    fn look(&self, fact: &'static str, rows: &DataFrame) -> Result<(), Self::Error>;

    /// Takes a piece that has been looked at: those of one fact come one by one, in the order of the dumps.
    fn take(&self, fact: &'static str, rows: DataFrame) -> Result<(), Self::Error>;
}

/// What is known of the tickets besides the facts once these have been derived.
#[derive(Debug)]
pub struct Derived {
    pauses: pauses::Pauses,
    closed: Vec<pauses::Closed>,
    calendars: Calendars,
}

impl Derived {
    /// Rows of pauses that were used.
    pub const fn pauses_used(&self) -> usize {
        self.pauses.used
    }
}

/// Dumps on their way to facts.
#[derive(Debug)]
pub struct Deriving<'a> {
    plan: &'a Plan,
    moment: Moment,
    dumps: &'a mut Dumps,
    calendars: Calendars,
    roster: roster::Roster,
    actions: Actions,
    /// What they did stands in the tickets.
    pauses: pauses::Pauses,
    /// The tickets that surveys name.
    surveyed: Keys,
    dates: DataFrame,
    staff: DataFrame,
    units: DataFrame,
    lexicon: Option<Lexicon>,
}

impl<'a> Deriving<'a> {
    /// Lays out the calendars, reads the roster and judges the pauses, whose account is settled.
    ///
    /// # Errors
    /// Only where the calendar cannot be laid out or the frames do not fit together.
    pub fn new(dumps: &'a mut Dumps, plan: &'a Plan, moment: Moment) -> Result<Self, IngestError> {
        let span = span(dumps, moment)?;
        let calendars = Calendars::new(plan, span.0, span.1)?;
        let roster = match dumps.sources.get_mut(&SourceKind::Staff) {
            Some(staff) => roster::Roster::read(staff, plan.carried(SourceKind::Staff))?,
            None => roster::Roster::default(),
        };
        let actions = match dumps.sources.get_mut(&SourceKind::Actions) {
            Some(actions) => Actions::read(actions, plan.carried(SourceKind::Actions), &calendars, moment)?,
            None => Actions::default(),
        };
        let units = match dumps.sources.get_mut(&SourceKind::Units) {
            Some(units) => units::derive(units, plan.carried(SourceKind::Units), moment)?,
            None => DataFrame::empty(),
        };
        let lexicon = Lexicon::of(&plan.opinions);
        let context = Context {
            plan,
            moment,
            calendars: &calendars,
            roster: &roster,
            actions: &actions,
            opinions: None,
            effects: None,
        };
        let pauses = match dumps.sources.remove(&SourceKind::Pauses) {
            Some(mut loaded) => {
                let tickets = dumps.sources.get(&SourceKind::Tickets).map_or(&[][..], |tickets| &tickets.batches);
                let pauses = pauses::derive(&mut loaded, tickets, &context);
                dumps.sources.insert(SourceKind::Pauses, loaded);
                pauses?
            }
            None => pauses::Pauses::default(),
        };
        let surveyed = match dumps.sources.get(&SourceKind::Surveys) {
            Some(surveys) => surveys::named(surveys)?,
            None => Keys::default(),
        };
        let staff = roster.frame(plan, moment)?;
        let dates = dates::derive(calendars.usual(), span.0, span.1)?;
        Ok(Self { plan, moment, dumps, calendars, roster, actions, pauses, surveyed, dates, staff, units, lexicon })
    }

    /// All facts without rows, with the columns that they will have.
    ///
    /// # Errors
    /// Only where the frames do not fit together.
    pub fn shape(&self) -> Result<BTreeMap<&'static str, DataFrame>, IngestError> {
        let context = self.context();
        let surveys = self.dumps.sources.get(&SourceKind::Surveys).and_then(|loaded| loaded.batches.first());
        let none = Vec::new();
        let batches = self.dumps.sources.get(&SourceKind::Tickets).map_or(&none, |loaded| &loaded.batches);
        let tickets = tickets::shape(batches, &self.pauses, &context)?;
        let beside = Sought::new(&self.surveyed, &tickets, self.plan).none(&tickets)?;
        let effects = effects(self.dumps, &self.actions, self.plan, self.moment, self.first_day())?;
        let effects = effects.map(|effects| effects.shape()).transpose()?.unwrap_or_default();
        let terms = match &context.opinions {
            Some(opinions) => opinions.tickets(&tickets.clear())?,
            None => DataFrame::empty(),
        };
        let (surveys, scores, answered) = match surveys {
            Some(batch) => {
                let surveys::Piece { facts, heard, .. } =
                    surveys::derive(batch.shape()?, &beside, (&Ahead::default(), 0), &context)?;
                (facts.0, facts.1, heard.shape())
            }
            None => (DataFrame::empty(), DataFrame::empty(), DataFrame::empty()),
        };
        let faults = faults::shape(&tickets, &context)?;
        Ok(BTreeMap::from([
            (TICKET, tickets),
            (SURVEY, surveys),
            (FACT_SCORE.name, scores),
            (ANSWERED, answered),
            (TERMS, terms),
            (EFFECTS, effects),
            (FACT_FAULT.name, faults),
            (DIM_STAFF.name, self.staff.clear()),
            (DIM_DATE.name, self.dates.clear()),
            (FACT_ACTION.name, self.measures()?.clear()),
            (FACT_UNITS.name, self.units.clear()),
        ]))
    }

    /// The first day of `dim_date`.
    pub fn first_day(&self) -> Option<NaiveDate> {
        frame::days(&self.dates, "date").ok()?.into_iter().flatten().min().and_then(NaiveDate::from_epoch_days)
    }

    /// Derives all facts: staff and dates, then tickets, surveys with their scores, faults. The dumps are used up; their
    /// accounts are settled: what happened after the moment is left out.
    ///
    /// # Errors
    /// What the sink says, or frames that do not fit together.
    pub fn run<S: Sink>(self, aside: &Shelf, sink: &S) -> Result<Derived, S::Error> {
        let measures = self.measures()?;
        let first = self.first_day();
        let Self { plan, moment, dumps, calendars, roster, actions, pauses, surveyed, dates, staff, units, lexicon } =
            self;
        let small =
            [(DIM_STAFF.name, staff), (DIM_DATE.name, dates), (FACT_ACTION.name, measures), (FACT_UNITS.name, units)];
        for (fact, rows) in small {
            sink.look(fact, &rows)?;
            sink.take(fact, rows)?;
        }
        let opinions = lexicon.as_ref().map(|lexicon| Opinions::new(plan, lexicon, moment));
        let effects = effects(dumps, &actions, plan, moment, first).map_err(IngestError::from)?;
        let context =
            Context { plan, moment, calendars: &calendars, roster: &roster, actions: &actions, opinions, effects };
        let mut none = empty(SourceKind::Tickets);
        let loaded = dumps.sources.get_mut(&SourceKind::Tickets).unwrap_or(&mut none);
        let Streamed { beside, faults, awaiting, closed } =
            tickets::stream(loaded, &pauses, &surveyed, aside, &context, sink)?;
        let mut none = empty(SourceKind::Surveys);
        let loaded = dumps.sources.get_mut(&SourceKind::Surveys).unwrap_or(&mut none);
        let (overall, heard) = surveys::stream(loaded, &beside, awaiting.again(), &context, sink)?;
        drop(beside);
        awaiting.stream(&heard, sink)?;
        faults.stream(&overall, &context, sink)?;
        Ok(Derived { pauses, closed, calendars })
    }

    fn context(&self) -> Context<'_> {
        let Self { plan, moment, calendars, roster, actions, lexicon, .. } = self;
        let opinions = lexicon.as_ref().map(|lexicon| Opinions::new(plan, lexicon, *moment));
        Context { plan, moment: *moment, calendars, roster, actions, opinions, effects: None }
    }

    /// `fact_action`, which has no columns where there is no source of measures.
    fn measures(&self) -> Result<DataFrame, IngestError> {
        match self.plan.sources.get(&SourceKind::Actions) {
            Some(source) => Ok(self.actions.frame(&source.carry)?),
            None => Ok(DataFrame::empty()),
        }
    }
}

/// What deriving a fact needs to know besides the dump.
struct Context<'a> {
    plan: &'a Plan,
    moment: Moment,
    calendars: &'a Calendars,
    roster: &'a roster::Roster,
    actions: &'a Actions,
    opinions: Option<Opinions<'a>>,
    effects: Option<Effects<'a>>,
}

const fn empty(kind: SourceKind) -> Loaded {
    Loaded { kind, batches: Vec::new(), batch_file: Vec::new(), files: Vec::new(), quarantine: Vec::new(), content: 0 }
}

/// The last moment at which a ticket was requested, not later than `until`; of surveys alone, the last answer.
pub fn last_event(dumps: &Dumps, until: Option<Wall>) -> Result<Option<Wall>, IngestError> {
    for (kind, column) in [(SourceKind::Tickets, "requested_at"), (SourceKind::Surveys, "answered_at")] {
        let last = moments(dumps, kind, column, |at| until.is_none_or(|until| at <= until))?.1;
        if last.is_some() {
            return Ok(last);
        }
    }
    Ok(None)
}

/// The first and the last of the moments of a source that count.
fn moments(
    dumps: &Dumps,
    kind: SourceKind,
    column: &str,
    counts: impl Fn(Wall) -> bool + Sync,
) -> Result<(Option<Wall>, Option<Wall>), IngestError> {
    let batches = dumps.sources.get(&kind).map_or(&[][..], |loaded| &loaded.batches);
    let of_batch = |batch: &Kept| {
        let times = frame::micros(&batch.only(&[column])?, column)?;
        let counting = || times.iter().flatten().copied().filter(|at| counts(*at));
        Ok((counting().min(), counting().max()))
    };
    let ends: Vec<PolarsResult<(Option<Wall>, Option<Wall>)>> = batches.par_iter().map(of_batch).collect();
    let ends = ends.into_iter().collect::<PolarsResult<Vec<_>>>()?;
    Ok((ends.iter().filter_map(|(first, _)| *first).min(), ends.iter().filter_map(|(_, last)| *last).max()))
}

/// Rows of tickets or surveys by reporting period.
pub fn by_period(rows: &DataFrame) -> Result<BTreeMap<String, u64>, IngestError> {
    let mut counts = BTreeMap::new();
    let periods = frame::texts(rows, "period")?;
    for alike in periods.chunk_by(|a, b| a == b) {
        if let Some(Some(period)) = alike.first() {
            *counts.entry((*period).to_owned()).or_default() += alike.len() as u64;
        }
    }
    Ok(counts)
}

/// Adds to the number of tickets under each calendar of the plan, in its order.
pub fn add_by_calendar(counts: &mut [u64], tickets: &DataFrame, plan: &Plan) -> Result<(), IngestError> {
    for name in frame::texts(tickets, "calendar")? {
        let place = plan.calendars.iter().position(|calendar| Some(calendar.name.as_str()) == name);
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    Ok(())
}

/// Adds to the number of tickets under each policy of the plan, in its order, and at the end under none.
pub fn add_by_policy(counts: &mut [u64], tickets: &DataFrame, plan: &Plan) -> Result<(), IngestError> {
    for policy in policy::choose(tickets, &plan.policies)? {
        if let Some(count) = counts.get_mut(policy.unwrap_or(plan.policies.len())) {
            *count += 1;
        }
    }
    Ok(())
}

/// What is counted for the measures; none where there are none.
fn effects<'a>(
    dumps: &Dumps,
    actions: &'a Actions,
    plan: &Plan,
    moment: Moment,
    first: Option<NaiveDate>,
) -> PolarsResult<Option<Effects<'a>>> {
    let surveys = dumps.sources.get(&SourceKind::Surveys).and_then(|loaded| loaded.batches.first());
    let surveys = surveys.map(Kept::shape).transpose()?;
    let of_surveys = surveys.is_some_and(|shape| opinions::OF_SURVEY.iter().any(|name| frame::has(&shape, name)));
    let first = first.filter(|_| !actions.all.is_empty());
    Ok(first.map(|first| Effects::new(actions, plan, moment, first, of_surveys)))
}

/// From the first day of the first period with a ticket or a survey to the later of the period's end and the moment.
fn span(dumps: &Dumps, moment: Moment) -> Result<(NaiveDate, NaiveDate), IngestError> {
    let mut first = moment.period.first_day();
    for (kind, column) in [(SourceKind::Tickets, "requested_at"), (SourceKind::Surveys, "answered_at")] {
        if let Some(date) = moments(dumps, kind, column, |_| true)?.0.and_then(date_time) {
            first = first.min(Period::of(moment.period.kind, date.date()).first_day());
        }
    }
    let end = moment.period.end().pred_opt().unwrap_or(first);
    let seen = date_time(moment.as_of).map_or(end, |t| t.date());
    Ok((first, end.max(seen).max(first)))
}
