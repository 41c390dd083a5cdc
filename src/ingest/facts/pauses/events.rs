//! Pauses out of an event log: a row for each change of a ticket, with the status that it had from then on.
//!
//! A pause runs from an event whose status is one of `pending` to the next event of the ticket with another status, a time
//! spent closed likewise from one whose status is one of `resolved`. Where nothing follows, a pause goes on, and a ticket
//! that counts as resolved is.

use polars::prelude::*;

use super::rows::{Row, stopped};
use super::{ALL_CLOCKS, Reasons, Stopped};
use crate::ingest::facts::frame;
use crate::ingest::keys;
use crate::plan::Plan;
use crate::schema::input::SourceKind;
use crate::time::Wall;

/// Column of the moment of an event.
pub const AT: &str = "event_at";

/// The events of an event log.
#[derive(Debug, Default)]
pub struct Events {
    events: Vec<Event>,
}

#[derive(Debug, Clone, Copy)]
struct Event {
    ticket: u128,
    at: Wall,
    /// Place of its status among the reasons.
    status: u32,
    /// Its place among all rows.
    place: usize,
}

/// What a status means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Pending(Stopped),
    Resolved,
    Other,
}

impl Events {
    /// Reads the events of a batch, whose first row has the place `first` among all rows.
    pub fn read(&mut self, batch: &DataFrame, first: usize, known: &mut Reasons) -> PolarsResult<()> {
        let ids = frame::texts(batch, "ticket_id")?;
        let at = frame::micros(batch, AT)?;
        let statuses = frame::texts(batch, "status")?;
        self.events.extend(statuses.into_iter().enumerate().map(|(row, status)| Event {
            ticket: keys::of(ids[row].unwrap_or_default()),
            at: at[row].unwrap_or_default(),
            status: known.place(status),
            place: first + row,
        }));
        Ok(())
    }

    /// Fills in the rows of the events. Events of one moment follow one another in the order of the dumps.
    pub fn settle(mut self, rows: &mut [Row], plan: &Plan, reasons: &Reasons) {
        let meanings: Vec<Meaning> = reasons.names().iter().map(|status| meaning(plan, status.as_deref())).collect();
        let meanings = |status: u32| meanings.get(status as usize).copied().unwrap_or(Meaning::Other);
        self.events.sort_by_key(|event| (event.ticket, event.at, event.place));
        for ticket in self.events.chunk_by(|a, b| a.ticket == b.ticket) {
            // From the last event back: what ends the status of an event ends that of an equal one before it.
            let mut ends = None;
            for (place, event) in ticket.iter().enumerate().rev() {
                let meaning = meanings(event.status);
                if let Some(next) = ticket.get(place + 1) {
                    // Resolved and then closed is closed all the time.
                    let both_closed = meaning == Meaning::Resolved && meanings(next.status) == Meaning::Resolved;
                    if next.status != event.status && !both_closed {
                        ends = Some(next.at);
                    }
                }
                let begins = place == 0 || ticket[place - 1].status != event.status;
                let Some(row) = rows.get_mut(event.place) else { continue };
                *row = Row { ticket: event.ticket, paused: event.at, resumed: ends, used: true, ..Row::default() };
                match (meaning, ends) {
                    (Meaning::Pending(clocks), _) => {
                        (row.clocks, row.is_pause, row.reason) = (clocks, begins, event.status);
                    }
                    (Meaning::Resolved, Some(_)) => (row.clocks, row.closed) = (ALL_CLOCKS, true),
                    // It still is, and no clock runs any more.
                    (Meaning::Resolved, None) => row.closed = true,
                    (Meaning::Other, _) => {}
                }
            }
        }
    }
}

fn meaning(plan: &Plan, status: Option<&str>) -> Meaning {
    let (Some(source), Some(status)) = (plan.sources.get(&SourceKind::Pauses), status) else {
        return Meaning::Other;
    };
    let among = |statuses: &[String]| statuses.iter().any(|s| s == status);
    if among(&source.pending) {
        Meaning::Pending(stopped(plan, Some(status)))
    } else if among(&source.resolved) {
        Meaning::Resolved
    } else {
        Meaning::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let text = "[sources.tickets]\nfiles = \"t.csv\"\n[sources.tickets.columns]\nticket_id = \"a\"\n\
                    requested_at = \"b\"\nresolved_at = \"c\"\n[sources.pauses]\nfiles = \"p.csv\"\n\
                    pending = [\"等待\", \"挂起\"]\nresolved = [\"已解决\", \"已关闭\"]\n\
                    [sources.pauses.columns]\nticket_id = \"a\"\nevent_at = \"b\"\nstatus = \"c\"\n\
                    [clocks.resolution]\npauses = [\"等待\"]\n";
        crate::plan::parse(text, std::path::Path::new("q.toml")).unwrap()
    }

    /// Events of one ticket as (moment, status); spans as (begin, end, stops the resolution clock, closed).
    #[test]
    fn spans_end_with_the_next_other_status() {
        type Span = (Wall, Option<Wall>, bool, bool);
        type Case<'a> = (&'a [(Wall, &'a str)], &'a [Span]);
        let cases: [Case; 6] = [
            (&[(1, "新建"), (5, "处理")], &[]),
            (&[(1, "新建"), (5, "等待"), (9, "处理")], &[(5, Some(9), true, false)]),
            (
                &[(5, "等待"), (7, "等待"), (9, "挂起")],
                &[(5, Some(9), true, false), (7, Some(9), true, false), (9, None, false, false)],
            ),
            (&[(5, "已解决"), (7, "已关闭"), (9, "处理")], &[(5, Some(9), true, true), (7, Some(9), true, true)]),
            (&[(5, "已解决"), (7, "已关闭")], &[]),
            // Of one moment, in the order of the dump.
            (
                &[(5, "等待"), (5, "处理"), (5, "等待"), (8, "处理")],
                &[(5, Some(5), true, false), (5, Some(8), true, false)],
            ),
        ];
        let plan = plan();
        for (given, expected) in cases {
            let (at, status): (Vec<_>, Vec<_>) = given.iter().map(|(at, status)| (Some(*at), Some(*status))).unzip();
            let ids = vec!["T"; given.len()];
            let batch = DataFrame::new(
                given.len(),
                vec![Column::new("ticket_id".into(), ids), frame::times(AT, at), frame::strings("status", status)],
            );
            let (mut events, mut reasons) = (Events::default(), Reasons::default());
            events.read(&batch.unwrap(), 0, &mut reasons).unwrap();
            let mut rows = vec![Row::default(); given.len()];
            events.settle(&mut rows, &plan, &reasons);
            assert!(rows.iter().all(|row| row.used && row.ticket == keys::of("T")));
            // What is resolved and stays so stops nothing.
            let spans = rows.iter().filter(|row| row.is_pause || row.clocks != 0);
            let found: Vec<Span> =
                spans.map(|row| (row.paused, row.resumed, row.clocks & 0b100 != 0, row.closed)).collect();
            assert_eq!(found, expected, "{given:?}");
        }
    }
}
