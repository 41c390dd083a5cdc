//! The story of one ticket.

use super::{Dumps, Read, Request, ReviewError, Stage, Watch, read};
use crate::ingest::Shelf;
use crate::ingest::facts::Deriving;
use crate::ingest::facts::story::{Gather, Story};
use crate::plan::Plan;
use crate::schema::input::SourceKind;

/// Everything that the clocks of a ticket were read from. Nothing is written.
///
/// # Errors
/// As for [`super::run`], and a number that no ticket has that is used.
pub fn story(plan: &Plan, request: &Request, ticket_id: &str, watch: &dyn Watch) -> Result<Story, ReviewError> {
    let aside = std::env::temp_dir();
    let Read { mut dumps, moment } = read(plan, request, &aside, watch).map_err(|stop| stop.error)?;
    watch.stage(Stage::Derive);
    let gather = Gather::new(ticket_id);
    let derived = Deriving::new(&mut dumps, plan, moment)?.run(&Shelf::new(&aside), &gather)?;
    match gather.story(&derived, plan, moment)? {
        Some(story) => Ok(story),
        None => Err(ReviewError::NoTicket {
            ticket_id: ticket_id.to_owned(),
            set_aside: set_aside(&dumps, ticket_id),
            near: gather.near(),
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
