//! The columns of a fault that its ticket gives.

use polars::prelude::*;

use crate::ingest::facts::frame;
use crate::schema::shared::JOINED;

/// Columns of the ticket that its faults carry along, where the data have them.
const CARRIED: [&str; 8] =
    ["ticket_id", "product_model", "month", "period", "requested_at", "customer_id", "serial_number", "service_type"];

/// Staff and resolution of the ticket, which the listing of repeats tells; never published with the fact.
pub const HIDDEN: [&str; 2] = ["@staff_id", "@resolved_at"];

/// The same of the ticket that is repeated.
pub const EARLIER_STAFF_ID: &str = "@earlier_staff_id";
pub const EARLIER_RESOLVED_AT: &str = "@earlier_resolved_at";

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
    for hidden in HIDDEN {
        if let Ok(column) = tickets.column(hidden.trim_start_matches('@')) {
            rows.with_column(column.take(&index)?.with_name(PlSmallStr::from_static(hidden)))?;
        }
    }
    Ok((rows, of_ticket))
}
