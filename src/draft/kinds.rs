//! What a group of tables is: tickets, surveys, a roster, pauses, or several of them in one.

use super::columns::{How, Matches, recognise};
use super::content::Column;
use super::dimensions::{self, Found};
use super::group::Group;
use super::{events, guess};
use crate::schema::input::SourceKind;

/// A group of tables as dumps of one kind.
#[derive(Debug)]
pub struct Feed<'g, 'a> {
    pub kind: SourceKind,
    pub group: &'g Group<'a>,
    pub matches: Matches<'g, 'a>,
    /// Of a survey.
    pub dimensions: Vec<Found<'g, 'a>>,
    /// The tables are tickets in the first place: only some rows hold a survey, a pause, …
    pub among_tickets: bool,
    /// Of tickets in a log of events: when the event of a row was, which is no moment of its ticket.
    pub event_times: Vec<&'g Column<'a>>,
}

/// Columns that only tickets have.
const TELLING: [&str; 13] = [
    "first_response_at",
    "started_at",
    "resolved_at",
    "closed_at",
    "status",
    "fault_codes",
    "service_type",
    "priority",
    "product_model",
    "serial_number",
    "promised_resolution_at",
    "customer_phone",
    "visits",
];

/// What a group feeds, judged by the names of its columns; nothing if they do not tell.
pub fn feeds<'g, 'a>(group: &'g Group<'a>) -> Vec<Feed<'g, 'a>> {
    let mut tickets = recognise(group, SourceKind::Tickets);
    let mut surveys = recognise(group, SourceKind::Surveys);
    let staff = recognise(group, SourceKind::Staff);
    let mut pauses = recognise(group, SourceKind::Pauses);
    let actions = recognise(group, SourceKind::Actions);
    let sure = |matches: &Matches, ours: &str| matches.get(ours).is_some_and(|found| found.how == How::Strong);
    let telling = TELLING.iter().filter(|ours| sure(&tickets, ours)).count();

    let long = surveys.has("dimension") && surveys.has("score");
    if !long {
        surveys.take("dimension");
        surveys.take("score");
    }
    let among = sure(&tickets, "requested_at") || telling >= 2;
    let mut scored = match (surveys.column("dimension"), surveys.column("score")) {
        (Some(dimension), Some(score)) => dimensions::find_long(group, dimension, score),
        _ => dimensions::find(group, &surveys, among),
    };
    let has_pauses = pauses.has("ticket_id") && pauses.has("paused_at");
    let has_roster =
        (staff.has("staff_id") || staff.has("staff_name")) && (sure(&staff, "hired_on") || staff.has("tenure_band"));
    let only_roster = has_roster && !sure(&tickets, "requested_at") && scored.is_empty() && telling < 2;
    let bare_roster = !tickets.has("requested_at")
        && scored.is_empty()
        && staff.column("staff_id").is_some_and(Column::is_unique)
        && (staff.has("team") || staff.has("position"));
    let only_pauses = has_pauses && !sure(&tickets, "requested_at");
    // A row with three moments and more is a ticket, whatever else is told of it.
    let times = group.columns.iter().filter(|column| column.is_written_time()).count();
    let has_moments = times >= 3 && telling >= 2 && !long;
    if has_moments
        && tickets.has("requested_at")
        && !tickets.has("ticket_id")
        && let Some(column) = guess::number(group, &tickets)
    {
        tickets.put(SourceKind::Tickets, "ticket_id", vec![column], How::Guessed);
    }
    // A plan of improvements names measures and when they are due; nothing else does.
    let due = sure(&actions, "due_on") || actions.has("due_days") && actions.has("created_on");
    let is_plan = actions.has("action_id") && sure(&actions, "measure") && due && !sure(&tickets, "requested_at");
    if is_plan {
        return vec![Feed {
            kind: SourceKind::Actions,
            group,
            matches: actions,
            dimensions: Vec::new(),
            among_tickets: false,
            event_times: Vec::new(),
        }];
    }
    // Nothing else counts the units of a model that are in the field.
    let units = recognise(group, SourceKind::Units);
    let of_product = units.has("product_model") || units.has("product_line");
    if of_product && sure(&units, "units") && units.has("counted_on") && !tickets.has("ticket_id") {
        return vec![Feed {
            kind: SourceKind::Units,
            group,
            matches: units,
            dimensions: Vec::new(),
            among_tickets: false,
            event_times: Vec::new(),
        }];
    }
    let is_tickets = (tickets.has("ticket_id") || has_moments)
        && tickets.has("requested_at")
        && (sure(&tickets, "requested_at") && !(long && telling == 0) || telling >= 1 || scored.is_empty())
        && !only_roster
        && !only_pauses;
    let named = surveys.has("ticket_id") || surveys.has("staff_id");
    let is_survey = !scored.is_empty() && (named || (!is_tickets && scored.len() >= 2)) && !only_pauses;
    let is_survey = is_survey && (is_tickets || !has_moments || sure(&surveys, "answered_at"));

    let mut event_times = Vec::new();
    if is_tickets {
        guess::requested_elsewhere(group, &mut tickets);
        event_times = events::set_aside(group, &mut tickets);
        guess::later_moments(group, &mut tickets, &event_times);
        guess::later_elsewhere(group, &mut tickets, &event_times);
    }
    let of_events = events::log(group, &pauses, is_tickets.then_some(&tickets), &event_times);
    // A list of pauses and a log of events are two forms.
    for ours in ["event_at", "status"] {
        pauses.take(ours);
    }
    let pauses = if has_pauses { Some(pauses) } else { of_events };

    let mut feeds = Vec::new();
    let mut add = |kind, matches, dimensions, event_times| {
        feeds.push(Feed { kind, group, matches, dimensions, among_tickets: is_tickets, event_times });
    };
    if is_tickets {
        add(SourceKind::Tickets, tickets, Vec::new(), event_times);
    }
    if let Some(pauses) = pauses {
        add(SourceKind::Pauses, pauses, Vec::new(), Vec::new());
    }
    if is_survey {
        add(SourceKind::Surveys, surveys, std::mem::take(&mut scored), Vec::new());
    }
    if has_roster || bare_roster {
        add(SourceKind::Staff, staff, Vec::new(), Vec::new());
    }
    feeds
}

/// Takes a group as tickets, although its names do not tell: by what is in its columns.
pub fn by_content<'g, 'a>(group: &'g Group<'a>) -> Option<Feed<'g, 'a>> {
    let mut matches = recognise(group, SourceKind::Tickets);
    if !matches.has("requested_at") {
        let column = guess::requested(group, &matches)?;
        matches.put(SourceKind::Tickets, "requested_at", vec![column], How::Guessed);
    }
    if !matches.has("ticket_id")
        && let Some(column) = guess::number(group, &matches)
    {
        matches.put(SourceKind::Tickets, "ticket_id", vec![column], How::Guessed);
    }
    let event_times = events::set_aside(group, &mut matches);
    guess::later_moments(group, &mut matches, &event_times);
    // Without a number the rows of the files are the tickets, if something else says that they are tickets.
    let fine = matches.has("ticket_id") || matches.0.len() >= 3;
    fine.then_some(Feed {
        kind: SourceKind::Tickets,
        group,
        matches,
        dimensions: Vec::new(),
        among_tickets: false,
        event_times,
    })
}
