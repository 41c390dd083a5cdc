//! `fact_ticket`: one row per ticket, as of the moment, with its staff and its clocks.

use polars::prelude::*;
use rayon::prelude::*;

use super::credit::Credit;
use super::pauses::Pauses;
use super::{Context, clocks, frame, policy};
use crate::ingest::rules::{self, Bench, Moments, Ticket, Verdict};
use crate::ingest::{IngestError, Loaded};
use crate::schema::facts::status;
use crate::time::period::{Period, PeriodKind};
use crate::time::{Wall, date_time};

/// Moments of a ticket that may lie after the moment of the review, and then have not happened.
const LATER: [&str; 4] = ["first_response_at", "started_at", "resolved_at", "closed_at"];

/// The tickets as of the moment, batch by batch, without those that a rule sets aside. Accounts are settled.
pub fn as_of(loaded: &mut Loaded, context: &Context) -> Result<Vec<DataFrame>, IngestError> {
    let batches = std::mem::take(&mut loaded.batches);
    let seen: Vec<Result<Seen, IngestError>> =
        batches.into_par_iter().with_max_len(1).map(|batch| see(batch, context)).collect();
    let mut frames = Vec::new();
    for (result, file) in seen.into_iter().zip(&loaded.batch_file) {
        let seen = result?;
        let report = &mut loaded.files[*file];
        report.account.left_out += seen.left_out;
        report.account.used -= seen.left_out;
        report.latest = report.latest.max(seen.latest);
        seen.verdict.settle(report, &mut loaded.quarantine);
        frames.push(seen.frame);
    }
    rules::fetch_raw(loaded)?;
    Ok(frames)
}

/// `fact_ticket` from the tickets as of the moment.
pub fn derive(batches: Vec<DataFrame>, pauses: &Pauses, context: &Context) -> Result<DataFrame, IngestError> {
    let derived: Vec<PolarsResult<DataFrame>> =
        batches.into_par_iter().with_max_len(1).map(|batch| one_batch(batch, pauses, context)).collect();
    Ok(frame::stack(derived.into_iter().collect::<PolarsResult<_>>()?)?)
}

/// A batch as of the moment.
struct Seen {
    frame: DataFrame,
    left_out: u64,
    latest: Option<Wall>,
    verdict: Verdict,
}

fn see(batch: DataFrame, context: &Context) -> Result<Seen, IngestError> {
    let before = batch.height();
    let batch = happened(batch, "requested_at", context.moment.as_of)?;
    let left_out = (before - batch.height()) as u64;
    let batch = forget_later(batch, context.moment.as_of)?;
    let moments = clocks::moments(&batch)?;
    let verdict = judged(&batch, &moments, context)?;
    let latest = moments.iter().flat_map(|m| [Some(m.requested), m.first_response, m.started, m.resolved, m.closed]);
    let latest = latest.flatten().max();
    Ok(Seen { frame: verdict.filter(batch)?, left_out, latest, verdict })
}

fn one_batch(mut batch: DataFrame, pauses: &Pauses, context: &Context) -> PolarsResult<DataFrame> {
    let requested = frame::micros(&batch, "requested_at")?;
    let (month, period) = periods(&requested, context)?;
    let credit = {
        let staff = frame::texts(&batch, "staff_id")?;
        let names = frame::texts(&batch, "staff_name")?;
        Credit::of(&staff, &names, &requested, context).columns(context)?
    };
    for column in [month, period].into_iter().chain(credit) {
        batch.with_column(column)?;
    }
    let policies = policy::choose(&batch, &context.plan.policies)?;
    let moments = clocks::moments(&batch)?;
    for column in clocks::columns(&batch, &moments, &policies, pauses, context)? {
        batch.with_column(column)?;
    }
    frame::publishable(batch)
}

fn judged(batch: &DataFrame, moments: &[Moments], context: &Context) -> PolarsResult<Verdict> {
    let staff = frame::texts(batch, "staff_id")?;
    let rows = moments.iter().zip(&staff);
    let rows = rows.map(|(moments, staff)| Ticket { moments: *moments, staff: context.roster.named(*staff) });
    let bench = Bench::of(batch, "ticket_id")?;
    Ok(rules::judge(&rules::of_tickets(), rows, &bench, context.plan))
}

/// The rows whose time is not after the moment.
pub fn happened(batch: DataFrame, column: &str, as_of: Wall) -> PolarsResult<DataFrame> {
    let times = frame::micros(&batch, column)?;
    if times.iter().flatten().all(|t| *t <= as_of) {
        return Ok(batch);
    }
    let mask: BooleanChunked = times.iter().map(|t| t.is_some_and(|t| t <= as_of)).collect();
    batch.filter(&mask)
}

/// What happened after the moment has not happened: times fall away, and with the end of a ticket the status that told of
/// it. Other cells have no time of their own and stay as the latest row has them.
fn forget_later(mut batch: DataFrame, as_of: Wall) -> PolarsResult<DataFrame> {
    let mut undone = vec![false; batch.height()];
    for name in LATER {
        let times = frame::micros(&batch, name)?;
        let later: Vec<bool> = times.iter().map(|t| t.is_some_and(|t| t > as_of)).collect();
        if later.iter().any(|l| *l) {
            batch.with_column(frame::times(name, times.into_iter().map(|t| t.filter(|t| *t <= as_of)).collect()))?;
        }
        if matches!(name, "resolved_at" | "closed_at") {
            undone.iter_mut().zip(&later).for_each(|(undone, later)| *undone |= later);
        }
    }
    if frame::has(&batch, "status") && undone.iter().any(|u| *u) {
        let resolved = frame::micros(&batch, "resolved_at")?;
        let started = frame::micros(&batch, "started_at")?;
        let earlier = |row: usize, word| match (resolved[row], started[row]) {
            // Closed later, but resolved by then.
            (Some(_), _) if !status::is_cancelled(word) => "resolved",
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
    let name = |kind: PeriodKind| {
        let mut last: Option<(Period, String)> = None;
        let mut names = Vec::with_capacity(moments.len());
        for moment in moments {
            let Some(date) = moment.and_then(date_time).map(|t| t.date()) else {
                names.push(None);
                continue;
            };
            // Rows lie close together in time, so the last name usually serves again.
            if last.as_ref().is_none_or(|(period, _)| !period.contains(date)) {
                let period = Period::of(kind, date);
                last = Some((period, period.to_string()));
            }
            names.push(last.as_ref().map(|(_, name)| name.clone()));
        }
        names
    };
    let months = name(PeriodKind::Month);
    let periods = name(context.moment.period.kind);
    Ok((
        frame::categories("month", months.iter().map(Option::as_deref))?,
        frame::categories("period", periods.iter().map(Option::as_deref))?,
    ))
}
