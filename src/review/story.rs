//! The story of one ticket.

use super::{Dumps, Request, ReviewError, Watch, judge};
use crate::ingest::facts::story::{self, Story};
use crate::plan::Plan;
use crate::schema::input::SourceKind;

/// Everything that the clocks of a ticket were read from. Nothing is written.
///
/// # Errors
/// As for [`super::run`], and a number that no ticket has that is used.
pub fn story(plan: &Plan, request: &Request, ticket_id: &str, watch: &dyn Watch) -> Result<Story, ReviewError> {
    let judged = judge(plan, request, watch).map_err(|stop| stop.error)?;
    match story::tell(&judged.facts, plan, judged.moment, ticket_id)? {
        Some(story) => Ok(story),
        None => Err(ReviewError::NoTicket {
            ticket_id: ticket_id.to_owned(),
            set_aside: set_aside(&judged.dumps, ticket_id),
            near: story::near(&judged.facts, ticket_id)?,
        }),
    }
}

/// Where a row that holds this number was set aside, and why.
fn set_aside(dumps: &Dumps, ticket_id: &str) -> Option<String> {
    let tickets = dumps.sources.get(&SourceKind::Tickets)?;
    let bad =
        tickets.quarantine.iter().find(|bad| bad.raw.split(',').any(|cell| cell.trim_matches('"') == ticket_id))?;
    Some(format!("{} row {}: {}", bad.file, bad.row, bad.message))
}
