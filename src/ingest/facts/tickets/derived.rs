//! What tickets get from their own columns besides credit and clocks.

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::super::beside::{CUSTOMER, PHONE};
use super::super::{Context, frame};
use crate::schema::facts::{COMPLAINT_SECONDS, fix, status};
use crate::schema::input::SourceKind;
use crate::time::{DAY_SECONDS, MICROS};

/// By what surveys know a customer again, without names and phones, unless somebody is to be called.
pub fn with_contacts(batch: &mut DataFrame, context: &Context) -> PolarsResult<()> {
    if frame::has(batch, "customer_id") {
        let hashes = frame::texts(batch, "customer_id")?.into_iter().map(|id| id.map(hash)).collect();
        batch.with_column(frame::longs(CUSTOMER, hashes))?;
    }
    if frame::has(batch, "customer_phone") {
        let hashes = frame::texts(batch, "customer_phone")?.into_iter().map(|phone| phone.and_then(number)).collect();
        batch.with_column(frame::longs(PHONE, hashes))?;
        if !context.plan.sources.get(&SourceKind::Tickets).is_some_and(|tickets| tickets.contacts) {
            *batch = batch.drop("customer_phone")?;
        }
    }
    Ok(())
}

/// How long complaints took; none where the data tell neither.
pub fn complaints(batch: &DataFrame) -> PolarsResult<Option<Column>> {
    let seconds = "resolution_seconds";
    if !frame::has(batch, "is_complaint") || !frame::has(batch, seconds) {
        return Ok(None);
    }
    let (complaints, seconds) = (frame::flags_of(batch, "is_complaint")?, frame::longs_of(batch, seconds)?);
    let own = complaints.into_iter().zip(seconds).map(|(own, seconds)| seconds.filter(|_| own == Some(true)));
    Ok(Some(frame::longs(COMPLAINT_SECONDS, own.collect())))
}

/// How tickets were solved; none where the data tell no resolutions.
pub fn fix_stages(batch: &DataFrame, context: &Context) -> PolarsResult<Option<Column>> {
    if !frame::has(batch, "resolved_at") {
        return Ok(None);
    }
    let (resolved, states) = (frame::micros(batch, "resolved_at")?, frame::texts(batch, "status")?);
    let (reopened, visits) = (frame::flags_of(batch, "reopened")?, frame::ints(batch, "visits")?);
    let opened = frame::micros(batch, "reopened_at")?;
    let watched = context.moment.as_of - context.plan.defects.repeat_within_days * DAY_SECONDS * MICROS;
    let stage = |row: usize| {
        let at = resolved[row].filter(|_| !states[row].is_some_and(status::is_cancelled))?;
        let again =
            reopened[row] == Some(true) || opened[row].is_some() || visits[row].is_some_and(|visits| visits > 1);
        Some(if at > watched {
            fix::CENSORED
        } else if again {
            fix::AGAIN
        } else {
            fix::ONE_GO
        })
    };
    frame::categories(fix::STAGE, (0..batch.height()).map(stage)).map(Some)
}

/// A phone by its digits, however they are grouped; none where some are masked or too few to tell phones apart.
pub fn number(phone: &str) -> Option<i64> {
    const FEWEST: usize = 7;
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let masked = phone.contains(['*', '×', '＊', 'x', 'X', '#']);
    (digits.len() >= FEWEST && !masked).then(|| hash(&digits))
}

fn hash(text: &str) -> i64 {
    xxh3_64(text.as_bytes()).cast_signed()
}
