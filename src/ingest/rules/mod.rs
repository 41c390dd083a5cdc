//! Rules about whole rows: one file a rule, with its test and its message.
//!
//! Rules about single cells (`missing_key`, `unparseable`, `out_of_range`, `outside_calendar`, `unknown_value`) are tested
//! where cells are read; rules about files (`column_missing`, `column_emptied`, `conflicting_duplicate`) where files are.
//! `schema::rules` lists them all.

mod clock_change;
mod judge;
mod pause_open;
mod pause_outside_ticket;
mod pause_overlapping;
mod service_before_hired;
mod survey_before_service;
mod survey_late;
mod survey_without_ticket;
mod time_of_day_lost;
mod times_out_of_order;
mod unknown_staff;

use chrono::NaiveDate;

pub use self::clock_change::Odd;
pub use self::judge::{Bench, Verdict, fetch_raw, judge};
use crate::schema::rules::Rule;
use crate::time::{Wall, date_time};

/// One rule: whether a row breaks it, and what to say then.
#[derive(Debug, Clone, Copy)]
pub struct Check<V> {
    pub rule: &'static Rule,
    pub broken: fn(&V) -> bool,
    pub message: fn(&V) -> String,
}

/// The staff that a row names.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'a> {
    /// The number, where the row itself names one.
    pub id: Option<&'a str>,
    /// On the roster, or there is none.
    pub known: bool,
    pub hired_on: Option<NaiveDate>,
}

/// The moments of a ticket, as far as they have happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    pub requested: Wall,
    pub first_response: Option<Wall>,
    pub started: Option<Wall>,
    pub first_resolved: Option<Wall>,
    pub reopened: Option<Wall>,
    pub resolved: Option<Wall>,
    pub closed: Option<Wall>,
}

/// A ticket as rules see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ticket<'a> {
    pub moments: Moments,
    pub staff: Named<'a>,
    /// Its status says that it is done.
    pub ended: bool,
    pub odd: Option<Odd>,
}

/// A survey as rules see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Survey<'a> {
    pub answered: Wall,
    pub ticket_id: Option<&'a str>,
    /// Of the ticket, where it is known.
    pub ticket: Option<Moments>,
    pub staff: Named<'a>,
    /// Seconds after the service within which an answer is in time.
    pub within: i64,
    pub odd: Option<Odd>,
}

/// A pause as rules see it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pause<'a> {
    pub ticket_id: Option<&'a str>,
    pub paused: Wall,
    pub resumed: Option<Wall>,
    pub ticket: Option<Moments>,
    /// End of an earlier pause of the ticket that reaches into this one.
    pub before: Option<Wall>,
    /// Rows of an event log that tell of something else are no pauses.
    pub is_pause: bool,
    pub odd: Option<Odd>,
}

/// Rules about tickets.
pub fn of_tickets<'a>() -> [Check<Ticket<'a>>; 5] {
    [
        clock_change::of_tickets(),
        service_before_hired::check(),
        time_of_day_lost::check(),
        times_out_of_order::check(),
        unknown_staff::of_tickets(),
    ]
}

/// Rules about surveys.
pub fn of_surveys<'a>() -> [Check<Survey<'a>>; 5] {
    [
        clock_change::of_surveys(),
        survey_before_service::check(),
        survey_late::check(),
        survey_without_ticket::check(),
        unknown_staff::of_surveys(),
    ]
}

/// Rules about pauses.
pub fn of_pauses<'a>() -> [Check<Pause<'a>>; 4] {
    [clock_change::of_pauses(), pause_open::check(), pause_outside_ticket::check(), pause_overlapping::check()]
}

/// Two moments of which the later one by name must not lie before the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub earlier: (&'static str, Wall),
    pub later: (&'static str, Wall),
}

impl Moments {
    /// Every moment under the name of its column.
    pub fn named(&self) -> [(&'static str, Option<Wall>); 7] {
        [
            ("requested_at", Some(self.requested)),
            ("first_response_at", self.first_response),
            ("started_at", self.started),
            ("first_resolved_at", self.first_resolved),
            ("reopened_at", self.reopened),
            ("resolved_at", self.resolved),
            ("closed_at", self.closed),
        ]
    }

    /// Pairs of moments in the wrong order.
    pub fn contradictions(&self) -> impl Iterator<Item = Pair> {
        let requested = ("requested_at", Some(self.requested));
        let response = ("first_response_at", self.first_response);
        let started = ("started_at", self.started);
        let resolved = ("resolved_at", self.resolved);
        let first_resolved = ("first_resolved_at", self.first_resolved);
        let reopened = ("reopened_at", self.reopened);
        let pairs = [
            (requested, response),
            (requested, started),
            (requested, resolved),
            (response, resolved),
            (started, resolved),
            (requested, first_resolved),
            (first_resolved, reopened),
            (requested, reopened),
            (first_resolved, resolved),
        ];
        pairs.into_iter().filter_map(|((first, earlier), (second, later))| {
            let (earlier, later) = (earlier?, later?);
            (later < earlier).then_some(Pair { earlier: (first, earlier), later: (second, later) })
        })
    }
}

impl Pair {
    /// The later moment is the midnight of the earlier one's day: its time of day was never kept.
    pub const fn is_lost_time(&self) -> bool {
        const DAY: i64 = 86_400 * crate::time::MICROS;
        self.later.1.rem_euclid(DAY) == 0 && self.later.1.div_euclid(DAY) == self.earlier.1.div_euclid(DAY)
    }
}

/// A moment in words.
fn shown(wall: Wall) -> String {
    date_time(wall).map_or_else(String::new, |t| t.format("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
mod testing {
    use crate::time::{Wall, wall};

    /// `2026-07-01 08:30`.
    pub fn at(text: &str) -> Wall {
        wall(chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
    }
}
