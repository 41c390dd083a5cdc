//! Gathering the story of one ticket from the facts.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::*;

use super::{Day, DayKind, Paused, Story, Told};
use crate::ingest::facts::clocks::{Bench, Held, Reading};
use crate::ingest::facts::pauses::Standing;
use crate::ingest::facts::timing::Rows;
use crate::ingest::facts::{Calendars, Derived, Moment, frame, survey_clocks};
use crate::ingest::rules::Moments;
use crate::plan::Plan;
use crate::schema::Type;
use crate::schema::facts::{FACT_TICKET, RESOLUTION, TICKET};
use crate::time::calendar::Calendar;
use crate::time::{DAY_SECONDS, MICROS, Wall, date_time};

/// A story of more days than this is told without those on which nothing happens.
const LONG: usize = 62;
/// Days at the beginning and at the end of a long story that are told anyway.
const EDGE: usize = 7;

/// Columns of the fact that tell how it is counted, not what the ticket is about.
const NOT_ABOUT: [&str; 7] = ["ticket_id", "month", "period", "week", "weekday", "hour", "calendar"];

/// What a story is told from, besides its ticket.
struct Facts<'a> {
    surveys: &'a DataFrame,
    stops: Standing<'a>,
    calendars: &'a Calendars,
}

/// The story of a ticket.
pub fn tell(
    ticket: &DataFrame,
    surveys: &DataFrame,
    derived: &Derived,
    plan: &Plan,
    moment: Moment,
    ticket_id: &str,
) -> PolarsResult<Story> {
    let facts = Facts { surveys, stops: derived.pauses.with(&derived.closed), calendars: &derived.calendars };
    let bench = Bench { plan, calendars: facts.calendars, as_of: moment.as_of };
    let rows = Rows::new(ticket, &facts.stops, bench)?;
    let (name, calendar) = facts.calendars.get(rows.calendars.first().copied().unwrap_or(usize::MAX));
    let moments = super::super::clocks::moments(ticket)?.into_iter().next().unwrap_or_default();

    let mut clocks = Vec::new();
    for read in rows.read()? {
        let contradiction = moments.contradictions().find(|pair| pair.later.0 == read.clock.what.end);
        let told = told(read.clock.what.name, &read.readings[0], read.held[0], read.policies[0]);
        let (start, end, cause) = (read.starts[0], read.ends[0], read.causes[0]);
        clocks.push(Told { start, end, cause, contradiction, ..told });
    }
    clocks.extend(of_surveys(&facts, bench, ticket, ticket_id)?);
    let moments_told = told_moments(ticket)?;
    let pauses = told_pauses(&facts, plan, moment, ticket_id, &clocks);
    let days = days(&moments, &clocks, &pauses, &moments_told, calendar, moment.as_of);
    Ok(Story {
        ticket_id: ticket_id.to_owned(),
        about: about(ticket)?,
        calendar: name.to_owned(),
        as_of: moment.as_of,
        moments: moments_told,
        pauses,
        days,
        clocks,
    })
}

fn about(ticket: &DataFrame) -> PolarsResult<Vec<(&'static str, String)>> {
    let mut about = Vec::new();
    for column in FACT_TICKET.columns.iter().filter(|c| !NOT_ABOUT.contains(&c.name)) {
        let text = match column.dtype {
            Type::Text => frame::texts(ticket, column.name)?.first().copied().flatten().map(ToOwned::to_owned),
            Type::Bool => frame::flags_of(ticket, column.name)?.first().copied().flatten().map(|flag| flag.to_string()),
            _ if column.name == "visits" => {
                frame::ints(ticket, column.name)?.first().copied().flatten().map(|n| n.to_string())
            }
            _ => None,
        };
        about.extend(text.map(|text| (column.name, text)));
    }
    Ok(about)
}

/// Every time column of the fact that is no due time, in the order of time.
fn told_moments(ticket: &DataFrame) -> PolarsResult<Vec<(&'static str, Wall)>> {
    let mut moments = Vec::new();
    for column in
        ticket.columns().iter().filter(|column| column.dtype().is_datetime() && !column.name().ends_with("_due_at"))
    {
        let at = frame::micros(ticket, column.name())?.first().copied().flatten();
        moments.extend(at.map(|at| (crate::schema::hold(column.name()), at)));
    }
    // One resolution needs one name.
    let resolved = moments.iter().find(|(name, _)| *name == "resolved_at").map(|(_, at)| *at);
    moments.retain(|(name, at)| *name != "first_resolved_at" || Some(*at) != resolved);
    moments.sort_by_key(|(_, at)| *at);
    Ok(moments)
}

fn told(clock: &'static str, reading: &Reading, held: Held, policy: Option<&str>) -> Told {
    Told {
        clock,
        survey: None,
        start: None,
        end: None,
        policy: policy.map(ToOwned::to_owned),
        target: held.target(),
        promised: matches!(held, Held::Until(_)),
        due: reading.due,
        target_seconds: reading.target,
        used_seconds: reading.net,
        paused_seconds: reading.paused,
        over_seconds: reading.over,
        outcome: reading.outcome,
        cause: None,
        contradiction: None,
    }
}

/// The clocks of the surveys that name the ticket, in the order of the fact.
fn of_surveys(facts: &Facts, bench: Bench, ticket: &DataFrame, ticket_id: &str) -> PolarsResult<Vec<Told>> {
    let ids = frame::texts(facts.surveys, "ticket_id")?;
    let places: Vec<IdxSize> = (0..).zip(&ids).filter(|(_, id)| **id == Some(ticket_id)).map(|(row, _)| row).collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let surveys = facts.surveys.take(&IdxCa::from_slice(PlSmallStr::EMPTY, &places))?;
    let tickets = ticket.take(&IdxCa::from_slice(PlSmallStr::EMPTY, &vec![0; places.len()]))?;
    let numbers = frame::texts(&surveys, "survey_id")?;
    let mut all = Vec::new();
    for read in survey_clocks::read(&surveys, &tickets, bench)? {
        for (row, number) in numbers.iter().enumerate() {
            let told = told(read.clock.what.name, &read.readings[row], read.held[row], read.policies[row]);
            let survey = number.map(ToOwned::to_owned);
            all.push(Told { survey, start: read.starts[row], end: read.ends[row], ..told });
        }
    }
    Ok(all)
}

/// What follows on the same for the same reason is told as one. Only clocks that the story tells of are named, and none
/// that a promise holds to its very hour.
fn told_pauses(facts: &Facts, plan: &Plan, moment: Moment, ticket_id: &str, clocks: &[Told]) -> Vec<Paused> {
    let of_tickets: Vec<&'static str> = plan.clocks_of(TICKET).map(|clock| clock.what.name).collect();
    let counts = |name: &str| clocks.iter().any(|told| told.clock == name && !told.promised);
    let mut all: Vec<Paused> = Vec::new();
    for stop in facts.stops.of(ticket_id) {
        let stopped = |place: usize| place < 64 && stop.clocks >> place & 1 == 1;
        let stops = of_tickets.iter().enumerate().filter(|(place, name)| stopped(*place) && counts(name));
        let stops: Vec<&'static str> = stops.map(|(_, name)| *name).collect();
        let reason = facts.stops.pauses.reason(stop);
        let same = |last: &&mut Paused| {
            last.reason.as_deref() == reason
                && last.closed == stop.closed
                && last.stops == stops
                && last.end.is_none_or(|end| end >= stop.begin)
        };
        let end = Some(stop.end).filter(|end| *end < moment.as_of);
        if let Some(last) = all.last_mut().filter(same) {
            last.end = last.end.zip(end).map(|(one, other)| one.max(other));
        } else {
            let (begin, reason) = (stop.begin, reason.map(ToOwned::to_owned));
            all.push(Paused { begin, end, reason, closed: stop.closed, stops });
        }
    }
    all
}

/// The dates from the request to the end of the story.
fn days(
    ticket: &Moments,
    clocks: &[Told],
    pauses: &[Paused],
    moments: &[(&'static str, Wall)],
    calendar: &Calendar,
    as_of: Wall,
) -> Vec<Day> {
    let date = |at: Wall| date_time(at).map(|at| at.date());
    let Some(first) = date(ticket.requested) else {
        return Vec::new();
    };
    let happened = moments.iter().filter(|(name, _)| !name.starts_with("promised_")).map(|(_, at)| *at);
    let ended =
        clocks.iter().filter_map(|clock| clock.end.or(Some(as_of).filter(|_| clock.outcome == Some("running"))));
    let due = clocks.iter().filter_map(|clock| clock.due);
    let last = happened.chain(ended).chain(due).filter_map(date).max().unwrap_or(first);
    let until = clocks.iter().find(|clock| clock.clock == RESOLUTION).and_then(|clock| clock.end).unwrap_or(as_of);

    let all: Vec<NaiveDate> =
        first.iter_days().take_while(|day| *day <= last).filter(|day| calendar.knows(*day)).collect();
    let busy: BTreeSet<NaiveDate> = if all.len() > LONG {
        let edges = all.iter().take(EDGE).chain(all.iter().rev().take(EDGE)).copied();
        let stops = pauses.iter().flat_map(|pause| [Some(pause.begin), pause.end]).flatten();
        let events = moments.iter().map(|(_, at)| *at).chain(clocks.iter().filter_map(|clock| clock.due));
        edges.chain(stops.chain(events).filter_map(date)).collect()
    } else {
        all.iter().copied().collect()
    };
    let told = all.into_iter().filter(|day| busy.contains(day));
    told.map(|day| one_day(day, ticket.requested, until, pauses, calendar, as_of)).collect()
}

fn one_day(date: NaiveDate, requested: Wall, until: Wall, pauses: &[Paused], calendar: &Calendar, as_of: Wall) -> Day {
    let spec = calendar.spec();
    let kind = if spec.dates.contains_key(&date) {
        DayKind::Explicit
    } else if spec.holidays.contains(&date) {
        DayKind::Holiday
    } else if let Some(weekday) = spec.makeup.get(&date) {
        DayKind::Makeup(*weekday)
    } else {
        DayKind::Usual
    };
    let begin = i64::from(date.to_epoch_days()) * DAY_SECONDS * MICROS;
    let (from, to) = (begin.max(requested), (begin + DAY_SECONDS * MICROS).min(until));
    let working = |from: Wall, to: Wall| if from < to { calendar.working_seconds(from, to).unwrap_or(0) } else { 0 };
    let still = pauses.iter().filter(|pause| pause.stops.contains(&RESOLUTION));
    let still = crate::time::pauses::Pauses::new(still.map(|pause| (pause.begin, pause.end.unwrap_or(as_of))));
    let lost = if from < to { calendar.paused(None, from, to, &still).unwrap_or(0) } else { 0 };
    Day { date, hours: spec.hours_on(date).to_vec(), kind, seconds: working(from, to), paused: lost }
}
