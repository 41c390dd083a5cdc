//! `fact_ticket`: one row per ticket, as of the moment, with its staff and its clocks.

mod derived;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use polars::prelude::*;

use self::derived::{complaints, fix_stages, with_contacts};
use super::awaiting::{self, Awaiting};
use super::beside::{Beside, Sought};
use super::credit::Credit;
use super::faults::{self, Faults};
use super::pauses::{Closed, Pauses, Standing};
use super::timing::Rows;
use super::{Context, Sink, clocks, frame, reopened};
use crate::ingest::batch::ROW;
use crate::ingest::keys::{self, Keys};
use crate::ingest::ordered::ordered;
use crate::ingest::rules::{self, Bench, Moments, Odd, Ticket, Verdict};
use crate::ingest::{IngestError, Kept, Loaded, Shelf};
use crate::schema::facts::effect::EFFECTS;
use crate::schema::facts::opinion::TERMS;
use crate::schema::facts::{TICKET, status};
use crate::time::period::{Period, PeriodKind};
use crate::time::{MICROS, Wall, date_time, wall};

/// Moments of a ticket that may lie after the moment of the review, and then have not happened; those that only clocks of
/// the plan use come on top.
const LATER: [&str; 6] =
    ["first_response_at", "started_at", "first_resolved_at", "reopened_at", "resolved_at", "closed_at"];

/// Times that a ticket's own promise names.
const PROMISES: [&str; 2] = ["promised_first_response_at", "promised_resolution_at"];

/// What remains of the tickets when they have passed by.
pub struct Streamed<'k> {
    pub beside: Beside<'k>,
    pub faults: Faults,
    pub awaiting: Awaiting,
    /// Times that tickets spent closed.
    pub closed: Vec<Closed>,
}

/// Derives `fact_ticket` batch by batch. Accounts are settled; `surveyed` are the tickets that surveys name.
pub fn stream<'k, S: Sink>(
    loaded: &mut Loaded,
    pauses: &Pauses,
    surveyed: &'k Keys,
    shelf: &Shelf,
    context: &Context,
    sink: &S,
) -> Result<Streamed<'k>, S::Error> {
    let batches = std::mem::take(&mut loaded.batches);
    let shape = shape(&batches, pauses, context).map_err(engine)?;
    let sought = Sought::new(surveyed, &shape, context.plan);
    let mut beside = sought.none(&shape).map_err(engine)?;
    let (mut faults, mut awaiting, mut closed) = (Faults::default(), Awaiting::default(), Vec::new());
    let work = |place: usize| -> Result<_, S::Error> {
        let piece = derive(batches[place].load().map_err(engine)?, pauses, context).map_err(engine)?;
        sink.look(TICKET, &piece.fact)?;
        if let Some(opinions) = &context.opinions {
            sink.look(TERMS, &opinions.tickets(&piece.fact).map_err(engine)?)?;
        }
        if let Some(effects) = &context.effects
            && let Some(sums) = effects.of(TICKET, &piece.fact).map_err(engine)?
        {
            sink.look(EFFECTS, &sums)?;
        }
        let places = sought.places(&piece.fact).map_err(engine)?;
        let found = sought.found(&piece.fact, &places).map_err(engine)?;
        let faults = faults::of_tickets(&piece.fact, &places, shelf, context)?;
        let calls = awaiting::of_tickets(&piece.fact, &places, shelf, context)?;
        Ok((piece, found, faults, calls))
    };
    let files = &mut loaded.files;
    let quarantine = &mut loaded.quarantine;
    ordered(batches.len(), work, |place, (piece, found, faulty, calls)| {
        let report = &mut files[loaded.batch_file[place]];
        piece.verdict.account(piece.left_out, piece.latest, report, quarantine);
        beside.add(found).map_err(engine)?;
        faults.add(faulty);
        awaiting.extend(calls);
        closed.extend(piece.closed);
        sink.take(TICKET, piece.fact)
    })?;
    rules::fetch_raw(loaded)?;
    beside.settle().map_err(engine)?;
    Ok(Streamed { beside, faults, awaiting, closed })
}

/// A batch of tickets as of the moment.
pub struct Piece {
    /// `fact_ticket`.
    pub fact: DataFrame,
    closed: Vec<Closed>,
    left_out: u64,
    latest: Option<Wall>,
    verdict: Verdict,
}

/// `fact_ticket` without rows, with the columns that it will have.
pub fn shape(batches: &[Kept], pauses: &Pauses, context: &Context) -> PolarsResult<DataFrame> {
    match batches.first() {
        Some(first) => Ok(derive(first.shape()?, pauses, context)?.fact),
        None => Ok(DataFrame::empty()),
    }
}

/// `fact_ticket` of one batch.
pub fn derive(batch: DataFrame, pauses: &Pauses, context: &Context) -> PolarsResult<Piece> {
    let Seen { frame, closed, left_out, latest, verdict } = see(batch, context)?;
    let stops = pauses.with(&closed);
    Ok(Piece { fact: one_batch(frame, &stops, context)?, closed, left_out, latest, verdict })
}

/// The columns that tell whether a ticket is used, and its moments.
pub fn telling(context: &Context) -> Vec<&'static str> {
    let of_clocks = context.plan.clocks_of(TICKET).flat_map(|clock| [clock.what.start, clock.what.end]);
    let own = [ROW, "ticket_id", "requested_at", "staff_id", "status", "reopened"];
    own.into_iter().chain(LATER).chain(PROMISES).chain(of_clocks).collect()
}

/// The moments of tickets that are used, by the hash of their number; `batch` has the columns that [`telling`] names.
pub fn known(batch: DataFrame, context: &Context) -> PolarsResult<Vec<(u128, Moments)>> {
    let Seen { frame, .. } = see(batch, context)?;
    let ids = frame::texts(&frame, "ticket_id")?;
    Ok(ids.into_iter().zip(clocks::moments(&frame)?).filter_map(|(id, at)| Some((keys::of(id?), at))).collect())
}

fn engine(error: PolarsError) -> IngestError {
    error.into()
}

/// A batch as of the moment.
struct Seen {
    frame: DataFrame,
    closed: Vec<Closed>,
    left_out: u64,
    latest: Option<Wall>,
    verdict: Verdict,
}

fn see(batch: DataFrame, context: &Context) -> PolarsResult<Seen> {
    let before = batch.height();
    let batch = happened(batch, "requested_at", context.moment.as_of)?;
    let left_out = (before - batch.height()) as u64;
    let batch = forget_later(batch, context)?;
    let moments = clocks::moments(&batch)?;
    let verdict = judged(&batch, &moments, context)?;
    let (batch, closed) = settle_reopened(batch, &moments)?;
    let later = |m: &Moments| [m.first_response, m.started, m.first_resolved, m.reopened, m.resolved, m.closed];
    let latest = moments.iter().flat_map(|m| later(m).into_iter().chain([Some(m.requested)]));
    let latest = latest.flatten().max();
    Ok(Seen { frame: verdict.filter(batch)?, closed, left_out, latest, verdict })
}

fn one_batch(mut batch: DataFrame, pauses: &Standing, context: &Context) -> PolarsResult<DataFrame> {
    let requested = frame::micros(&batch, "requested_at")?;
    let (month, period) = periods(&requested, context)?;
    let credit = {
        let staff = frame::texts(&batch, "staff_id")?;
        let names = frame::texts(&batch, "staff_name")?;
        Credit::of(&staff, &names, &requested, context).columns(context)?
    };
    for column in [month, period].into_iter().chain(credit).chain(hours(&requested)?) {
        batch.with_column(column)?;
    }
    completed_by_events(&mut batch, pauses)?;
    let bench = clocks::Bench { plan: context.plan, calendars: context.calendars, as_of: context.moment.as_of };
    for column in Rows::new(&batch, pauses, bench)?.columns()? {
        batch.with_column(column)?;
    }
    for column in [fix_stages(&batch, context)?, complaints(&batch)?].into_iter().flatten() {
        batch.with_column(column)?;
    }
    if let Some(opinions) = &context.opinions
        && let Some(themes) = opinions.themes_of_tickets(&batch)?
    {
        batch.with_column(themes)?;
    }
    with_contacts(&mut batch, context)?;
    frame::publishable(batch)
}

/// Week, weekday and hour of the requests.
fn hours(requested: &[Option<Wall>]) -> PolarsResult<[Column; 3]> {
    const HOUR: i64 = 3600 * MICROS;
    const DAY: i64 = 24 * HOUR;
    let number = |value: i64| i32::try_from(value).ok();
    // 1970-01-01 was a Thursday.
    let weekday = |at: Wall| number((at.div_euclid(DAY) + 3).rem_euclid(7) + 1);
    Ok([
        weeks(requested)?,
        frame::integers("weekday", requested.iter().map(|at| at.and_then(weekday)).collect()),
        frame::integers(
            "hour",
            requested.iter().map(|at| at.and_then(|at| number(at.rem_euclid(DAY) / HOUR))).collect(),
        ),
    ])
}

/// An event log tells of resolutions and reopenings that the rows of the tickets do not name.
fn completed_by_events(batch: &mut DataFrame, pauses: &Standing) -> PolarsResult<()> {
    if !pauses.pauses.tells_resolutions {
        return Ok(());
    }
    let own = clocks::moments(batch)?;
    let mut tickets = own.clone();
    {
        let ids = frame::texts(batch, "ticket_id")?;
        let flagged = frame::flags_of(batch, "reopened")?;
        for (row, ticket) in tickets.iter_mut().enumerate() {
            match ids[row].and_then(|id| pauses.pauses.history(id)) {
                Some(history) => history.complete(ticket),
                None => reopened::settle(ticket, flagged[row] == Some(true)),
            }
        }
    }
    if frame::has(batch, "status") {
        let told = frame::texts(batch, "status")?;
        let status = told.iter().zip(own.iter().zip(&tickets)).map(|(told, (before, after))| {
            let open = told.is_none_or(|word| !status::is_ended(word) && !status::is_cancelled(word));
            if open && before.resolved.is_none() && after.resolved.is_some() { Some(status::RESOLVED) } else { *told }
        });
        let status = frame::categories("status", status)?;
        batch.with_column(status)?;
    }
    for column in settled_columns(&tickets, frame::has(batch, "closed_at")) {
        batch.with_column(column)?;
    }
    batch.with_column(frame::times("reopened_at", tickets.iter().map(|ticket| ticket.reopened).collect()))?;
    Ok(())
}

/// The columns that a reopening bears on.
fn settled_columns(tickets: &[Moments], closed: bool) -> Vec<Column> {
    let times = |name, of: fn(&Moments) -> Option<Wall>| frame::times(name, tickets.iter().map(of).collect());
    let resolved = [times("first_resolved_at", |ticket| ticket.first_resolved), times("resolved_at", |t| t.resolved)];
    resolved.into_iter().chain(closed.then(|| times("closed_at", |ticket| ticket.closed))).collect()
}

/// Which resolution of a ticket holds, and when it was closed in between.
fn settle_reopened(mut batch: DataFrame, moments: &[Moments]) -> PolarsResult<(DataFrame, Vec<Closed>)> {
    if !frame::has(&batch, "first_resolved_at") && !frame::has(&batch, "reopened_at") {
        return Ok((batch, Vec::new()));
    }
    let mut closed = Vec::new();
    let mut settled = moments.to_vec();
    {
        let ids = frame::texts(&batch, "ticket_id")?;
        let flagged = frame::flags_of(&batch, "reopened")?;
        for (row, ticket) in settled.iter_mut().enumerate() {
            if let (Some((begin, end)), Some(id)) = (reopened::spent_closed(ticket), ids[row]) {
                closed.push(Closed { ticket: keys::of(id), begin, end });
            }
            reopened::settle(ticket, flagged[row] == Some(true));
        }
    }
    for column in settled_columns(&settled, frame::has(&batch, "closed_at")) {
        batch.with_column(column)?;
    }
    Ok((batch, closed))
}

fn judged(batch: &DataFrame, moments: &[Moments], context: &Context) -> PolarsResult<Verdict> {
    let staff = frame::texts(batch, "staff_id")?;
    let states = frame::texts(batch, "status")?;
    let rows = moments.iter().zip(&staff).zip(&states);
    let calendar = context.calendars.usual();
    // Moments that only promises and clocks of the plan use.
    let own = context.plan.clocks_of(TICKET).flat_map(|clock| [clock.what.start, clock.what.end]);
    let own = own.chain(PROMISES).filter(|name| *name != "requested_at" && !LATER.contains(name));
    let own: Vec<(&'static str, Vec<Option<Wall>>)> = own
        .filter(|name| frame::has(batch, name))
        .map(|name| Ok((name, frame::micros(batch, name)?)))
        .collect::<PolarsResult<_>>()?;
    let rows = rows.enumerate().map(|(row, ((moments, staff), state))| Ticket {
        moments: *moments,
        staff: context.roster.named(*staff),
        ended: state.is_some_and(status::is_ended),
        odd: Odd::among(&moments.named(), calendar)
            .or_else(|| own.iter().find_map(|(name, at)| Odd::among(&[(*name, at[row])], calendar))),
    });
    let bench = Bench::of(batch, "ticket_id")?;
    Ok(rules::judge(&rules::of_tickets(), rows, &bench, context.plan))
}

/// The rows whose time is not after the moment.
pub fn happened(batch: DataFrame, column: &str, as_of: Wall) -> PolarsResult<DataFrame> {
    if frame::latest(&batch, column)?.is_none_or(|latest| latest <= as_of) {
        return Ok(batch);
    }
    let times = frame::micros(&batch, column)?;
    let mask: BooleanChunked = times.iter().map(|t| t.is_some_and(|t| t <= as_of)).collect();
    batch.filter_seq(&mask)
}

/// What happened after the moment has not happened: times fall away, and with the end of a ticket the status that told of
/// it. Other cells have no time of their own and stay as the latest row has them.
fn forget_later(mut batch: DataFrame, context: &Context) -> PolarsResult<DataFrame> {
    let as_of = context.moment.as_of;
    let mut undone = vec![false; batch.height()];
    let of_clocks = context.plan.clocks_of(TICKET).flat_map(|clock| [clock.what.start, clock.what.end]);
    let of_clocks = of_clocks.filter(|name| *name != "requested_at" && !LATER.contains(name));
    for name in LATER.into_iter().chain(of_clocks) {
        if frame::latest(&batch, name)?.is_none_or(|latest| latest <= as_of) {
            continue;
        }
        let times = frame::micros(&batch, name)?;
        let later: Vec<bool> = times.iter().map(|t| t.is_some_and(|t| t > as_of)).collect();
        batch.with_column(frame::times(name, times.into_iter().map(|t| t.filter(|t| *t <= as_of)).collect()))?;
        if matches!(name, "resolved_at" | "closed_at") {
            undone.iter_mut().zip(&later).for_each(|(undone, later)| *undone |= later);
        }
    }
    if frame::has(&batch, "status") && undone.iter().any(|u| *u) {
        // As they stand once a reopening is taken into account, which comes later.
        let mut tickets = clocks::moments(&batch)?;
        for ticket in &mut tickets {
            reopened::settle(ticket, false);
        }
        let resolved: Vec<Option<Wall>> = tickets.iter().map(|ticket| ticket.resolved).collect();
        let started: Vec<Option<Wall>> = tickets.iter().map(|ticket| ticket.started).collect();
        let earlier = |row: usize, word| match (resolved[row], started[row]) {
            // Closed later, but resolved by then.
            (Some(_), _) if !status::is_cancelled(word) => status::RESOLVED,
            (_, Some(_)) => status::IN_PROGRESS,
            (_, None) => status::OPEN,
        };
        let told = frame::texts(&batch, "status")?;
        let ended = |word: &str| status::is_ended(word) || status::is_cancelled(word);
        let as_it_was = (0..batch.height()).map(|row| match told[row] {
            Some(word) if undone[row] && ended(word) => Some(earlier(row, word)),
            other => other,
        });
        let column = frame::categories("status", as_it_was)?;
        batch.with_column(column)?;
    }
    Ok(batch)
}

/// The month and the period of each moment, as the tables name them.
pub fn periods(moments: &[Option<Wall>], context: &Context) -> PolarsResult<(Column, Column)> {
    let of = |name, kind: PeriodKind| {
        let span = move |day: NaiveDate| {
            let period = Period::of(kind, day);
            (period.first_day(), period.end(), period.to_string())
        };
        spans(name, moments, span)
    };
    Ok((of("month", PeriodKind::Month)?, of("period", context.moment.period.kind)?))
}

/// The ISO week of each moment, as the tables name it.
pub fn weeks(moments: &[Option<Wall>]) -> PolarsResult<Column> {
    let span = |day: NaiveDate| {
        let before = Days::new(day.weekday().num_days_from_monday().into());
        let monday = day.checked_sub_days(before).unwrap_or(NaiveDate::MIN);
        let next = monday.checked_add_days(Days::new(7)).unwrap_or(NaiveDate::MAX);
        let week = day.iso_week();
        (monday, next, format!("{:04}-W{:02}", week.year(), week.week()))
    };
    spans("week", moments, span)
}

/// For each moment the name of the time that holds it; `span` tells of a day that time's first day, the day after its last,
/// and its name.
fn spans(
    name: &str,
    moments: &[Option<Wall>],
    span: impl Fn(NaiveDate) -> (NaiveDate, NaiveDate, String),
) -> PolarsResult<Column> {
    let mut known: Vec<(Wall, Wall, String)> = Vec::new();
    let midnight = |day: NaiveDate| wall(day.and_time(NaiveTime::MIN));
    let mut places = Vec::with_capacity(moments.len());
    let mut last = 0;
    for moment in moments {
        let holds = |(from, to, _): &(Wall, Wall, String)| moment.is_some_and(|at| *from <= at && at < *to);
        // Rows lie close together in time, so the last one usually serves again.
        if !known.get(last).is_some_and(holds) {
            let Some(day) = moment.and_then(date_time).map(|at| at.date()) else {
                places.push(None);
                continue;
            };
            last = known.iter().position(holds).unwrap_or_else(|| {
                let (from, to, name) = span(day);
                known.push((midnight(from), midnight(to), name));
                known.len() - 1
            });
        }
        places.push(Some(last));
    }
    frame::categories(name, places.iter().map(|place| place.map(|place| known[place].2.as_str())))
}

#[cfg(test)]
mod tests;
