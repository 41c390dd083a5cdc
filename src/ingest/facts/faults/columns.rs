//! The columns of a fault that its ticket gives.

use polars::prelude::*;

use super::super::Context;
use super::super::repeats::Visit;
use super::DAY;
use crate::ingest::facts::frame;
use crate::schema::facts::{PARTS_WAIT, fix};
use crate::schema::shared::JOINED;
use crate::time::Wall;

/// Columns of the ticket that its faults carry along, where the data have them.
const CARRIED: [&str; 17] = [
    "ticket_id",
    "product_line",
    "product_model",
    "is_complaint",
    "month",
    "period",
    "requested_at",
    "customer_id",
    "serial_number",
    "service_type",
    "staff_id",
    "team",
    "tenure_band",
    "region",
    "branch",
    fix::STAGE,
    PARTS_WAIT,
];

/// The resolution of the ticket, which the listing of repeats tells; never published with the fact.
pub const RESOLVED_AT: &str = "@resolved_at";

/// The same of the ticket that is repeated.
pub const EARLIER_STAFF_ID: &str = "@earlier_staff_id";
pub const EARLIER_RESOLVED_AT: &str = "@earlier_resolved_at";
pub const EARLIER_PARTS_WAIT: &str = "@earlier_parts_wait_seconds";

/// One row per ticket and code, and the row of each one's ticket.
pub fn of_tickets(tickets: &DataFrame) -> PolarsResult<(DataFrame, Vec<IdxSize>)> {
    let cells = frame::texts(tickets, "fault_codes")?;
    let mut of_ticket: Vec<IdxSize> = Vec::new();
    let mut faults: Vec<Option<&str>> = Vec::new();
    for (ticket, cell) in (0..).zip(&cells) {
        for code in cell.iter().flat_map(|c| c.split(JOINED)) {
            of_ticket.push(ticket);
            faults.push(Some(code));
        }
    }
    let carried: Vec<&str> = CARRIED.into_iter().filter(|c| frame::has(tickets, c)).collect();
    let index = IdxCa::from_slice(PlSmallStr::EMPTY, &of_ticket);
    let mut rows = frame::gather(&tickets.select(carried)?, &index)?;
    // Without models a defect is its code alone, of the model `(none)`.
    if !frame::has(&rows, "product_model") {
        rows.with_column(frame::categories("product_model", faults.iter().map(|_| None))?)?;
    }
    rows.with_column(frame::categories("fault_code", faults)?)?;
    if let Ok(column) = tickets.column("resolved_at") {
        rows.with_column(column.take(&index)?.with_name(PlSmallStr::from_static(RESOLVED_AT)))?;
    }
    Ok((rows, of_ticket))
}

/// Adds whether somebody came back after each fault was resolved, and what that says of the fix; `back` is when.
pub fn with_returns(
    mut rows: DataFrame,
    visits: &[Visit],
    back: &[Option<Wall>],
    context: &Context,
) -> PolarsResult<DataFrame> {
    if !frame::has(&rows, fix::STAGE) {
        return Ok(rows);
    }
    let within = context.plan.defects.repeat_within_days * DAY;
    // Without a stage it is not resolved, or cancelled.
    let told: Vec<bool> = frame::texts(&rows, fix::STAGE)?.iter().map(Option::is_some).collect();
    let ended = |row: usize| visits[row].resolved().filter(|_| told[row] && visits[row].is_known());
    let (mut returned, mut followed) = (Vec::with_capacity(back.len()), Vec::with_capacity(back.len()));
    for (row, back) in back.iter().enumerate() {
        let ended = ended(row);
        let days = ended.map(|ended| (back.unwrap_or(context.moment.as_of) - ended).div_euclid(DAY));
        returned.push(ended.map(|_| back.is_some()));
        followed.push(days.and_then(|days| i32::try_from(days).ok()));
    }
    let (failed, of_tickets) = {
        let (stages, tickets) = (frame::texts(&rows, fix::STAGE)?, frame::texts(&rows, "ticket_id")?);
        let soon = |row: usize| {
            let resolved = ended(row)?;
            back[row].filter(|back| back - resolved <= within)
        };
        let failed = |row: usize| stages[row].map(|stage| stage == fix::ONE_GO && soon(row).is_some());
        let failed: Vec<Option<bool>> = (0..visits.len()).map(failed).collect();
        let mut of_tickets = vec![None; failed.len()];
        let mut first = 0;
        for (row, failed) in failed.iter().enumerate() {
            if tickets[row] != tickets[first] {
                first = row;
            }
            of_tickets[row] = failed.map(|_| false);
            if *failed == Some(true) {
                of_tickets[first] = Some(true);
            }
        }
        (failed, of_tickets)
    };
    for column in [
        frame::flags("returned", returned),
        frame::integers("followed_days", followed),
        frame::flags(fix::FAILED, failed),
        frame::flags(fix::TICKET_FAILED, of_tickets),
    ] {
        rows.with_column(column)?;
    }
    Ok(rows)
}

/// Adds what is told of a ticket with its first fault alone, so that tickets are counted once: that it is the first, and whether
/// any of the ticket's faults is a repeat.
pub fn with_tickets(mut rows: DataFrame) -> PolarsResult<DataFrame> {
    let (first, repeats) = {
        let tickets = frame::texts(&rows, "ticket_id")?;
        let flags = frame::flags_of(&rows, "is_repeat")?;
        let first: Vec<bool> = (0..tickets.len()).map(|row| row == 0 || tickets[row] != tickets[row - 1]).collect();
        let mut repeats: Vec<Option<bool>> = vec![None; tickets.len()];
        let mut of = 0;
        for row in 0..tickets.len() {
            if first[row] {
                of = row;
            }
            if let Some(repeat) = flags[row] {
                repeats[row] = Some(repeats[row].unwrap_or_default());
                repeats[of] = Some(repeats[of].unwrap_or_default() || repeat);
            }
        }
        (first, repeats)
    };
    rows.with_column(frame::flags(fix::TICKET_FIRST, first.into_iter().map(Some).collect()))?;
    rows.with_column(frame::flags(fix::TICKET_REPEAT, repeats))?;
    Ok(rows)
}
