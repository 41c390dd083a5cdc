//! `fact_ticket`: one row per ticket, as of the moment, with its staff and its clocks.

use polars::prelude::*;
use rayon::prelude::*;

use super::credit::Credit;
use super::{Context, clocks, frame, policy};
use crate::ingest::quality::{TIMES_OUT_OF_ORDER, UNKNOWN_STAFF};
use crate::ingest::{IngestError, Loaded};
use crate::schema::facts::status;
use crate::time::period::{Period, PeriodKind};
use crate::time::{Wall, date_time};

/// Moments of a ticket that may lie after the moment of the review, and then have not happened.
const LATER: [&str; 4] = ["first_response_at", "started_at", "resolved_at", "closed_at"];

pub fn derive(loaded: &mut Loaded, context: &Context) -> Result<DataFrame, IngestError> {
    let batches = std::mem::take(&mut loaded.batches);
    let derived: Vec<Result<Derived, IngestError>> =
        batches.into_par_iter().with_max_len(1).map(|batch| one_batch(batch, context)).collect();
    let mut frames = Vec::new();
    for (result, file) in derived.into_iter().zip(&loaded.batch_file) {
        let derived = result?;
        let report = &mut loaded.files[*file];
        report.account.left_out += derived.left_out;
        report.account.used -= derived.left_out;
        report.warn(&TIMES_OUT_OF_ORDER, derived.out_of_order);
        report.warn(&UNKNOWN_STAFF, derived.unknown_staff);
        frames.push(derived.frame);
    }
    Ok(frame::stack(frames)?)
}

struct Derived {
    frame: DataFrame,
    left_out: u64,
    out_of_order: u64,
    unknown_staff: u64,
}

fn one_batch(batch: DataFrame, context: &Context) -> Result<Derived, IngestError> {
    let before = batch.height();
    let batch = happened(batch, "requested_at", context.moment.as_of)?;
    let left_out = (before - batch.height()) as u64;
    let mut batch = forget_later(batch, context.moment.as_of)?;

    let requested = frame::micros(&batch, "requested_at")?;
    let (month, period) = periods(&requested, context)?;
    let (credit, unknown_staff) = {
        let staff = frame::texts(&batch, "staff_id")?;
        let names = frame::texts(&batch, "staff_name")?;
        let credit = Credit::of(&staff, &names, &requested, context);
        let unknown = credit.unknown;
        (credit.columns(context)?, unknown)
    };
    for column in [month, period].into_iter().chain(credit) {
        batch.with_column(column)?;
    }
    let policies = policy::choose(&batch, &context.plan.policies)?;
    let (columns, out_of_order) = clocks::columns(&batch, &policies, context)?;
    for column in columns {
        batch.with_column(column)?;
    }
    Ok(Derived { frame: batch, left_out, out_of_order, unknown_staff })
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
