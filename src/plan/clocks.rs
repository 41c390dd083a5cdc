//! `[clocks.*]`: what stops a clock and what it aims at, and clocks that the plan declares itself.

mod declared;
mod pauses;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::carry;
use super::near::nearest;
use super::quality::percent;
use super::reader::{Item, Section};
use super::sources::Sources;
use super::types::{Clock, Counts};
use crate::schema::facts::{self, CLOCKS, RESOLUTION};
use crate::schema::input::SourceKind;
use crate::time::target::Target;

/// The clocks, and what the rest of the plan must know about them.
#[derive(Default)]
pub struct Clocks {
    /// Those of tickets, then those of surveys; of each first those that exist anyway, then those of the plan in the order
    /// of the file.
    pub read: Vec<Clock>,
    /// Where the first target in working time stands that the plan writes here.
    pub working: Option<Range<usize>>,
    /// Whether the plan says what pauses stop.
    pauses_said: bool,
}

/// The names of moments that clocks of the plan begin or end with and that are no columns of ours.
pub fn own_times<'t>(section: &Section<'t>) -> Vec<&'t str> {
    let ours = |name: &&str| [SourceKind::Tickets, SourceKind::Surveys].iter().any(|kind| kind.column(name).is_some());
    let ends = |entry: Item<'t>| {
        let end = |key| entry.raw().as_table()?.get(key)?.get_ref().as_str().map(str::trim);
        [end("from"), end("to")]
    };
    let declared = section.entries().into_iter().filter(|entry| built_in(entry.key).is_none());
    declared.flat_map(ends).flatten().filter(|name| !ours(name)).collect()
}

fn built_in(name: &str) -> Option<&'static facts::Clock> {
    CLOCKS.iter().find(|clock| clock.name == name)
}

pub fn read(mut section: Section, sources: &Sources) -> Clocks {
    let mut clocks = Clocks::default();
    let mut at = BTreeMap::new();
    for what in CLOCKS {
        let clock_section = section.section(what.name);
        let missing = declared::missing(&what, sources);
        if what.fact == facts::SURVEY && !missing.is_empty() {
            let Some(at) = clock_section.at.clone() else { continue };
            declared::cannot_run(&what, &missing, at, &section);
        }
        check_tickets(&what, &clock_section, sources);
        clocks.add(what, clock_section, sources);
    }
    let names = CLOCKS.map(|clock| clock.name);
    for entry in section.entries().iter().filter(|entry| built_in(entry.key).is_none()) {
        let has = |key: &str| entry.raw().as_table().is_some_and(|table| table.contains_key(key));
        if !has("from") && !has("to") && nearest(entry.key, names).is_some() {
            // The pauses of a clock whose name is a slip are meant to stop one.
            clocks.pauses_said = true;
            section.unknown(entry, "clock", &names);
            continue;
        }
        let mut clock_section = entry.section(format!("[clocks.{}]", entry.key));
        let what = declared::read(entry, &mut clock_section, sources);
        at.insert(what.name, entry.key_at.clone());
        clocks.add(what, clock_section, sources);
    }
    clocks.read.sort_by_key(|clock| clock.what.fact == facts::SURVEY);
    declared::check_names(&clocks.read, &at, sources, section.problems);
    let columns_of = |kind: SourceKind| {
        let of_clocks = clocks.read.iter().filter(|clock| clock.source() == kind).flat_map(|c| c.what.columns());
        of_clocks.map(|column| column.name).chain(sources.own_times(kind)).collect()
    };
    carry::check(&sources.carried, columns_of, section.problems);
    check_pauses_stop(&clocks, &section, sources);
    clocks
}

impl Clocks {
    /// Reads what may be said of any clock.
    fn add(&mut self, what: facts::Clock, mut section: Section, sources: &Sources) {
        let mut clock = Clock {
            what,
            stops: None,
            target: what.target.and_then(|text| Target::parse(text).ok()),
            goal: None,
            counts: Counts::Final,
        };
        if let Some(item) = section.get("pauses") {
            self.pauses_said = true;
            clock.stops = pauses::read(&item, &what, sources);
        }
        if let Some(item) = section.get("target") {
            clock.target = self.target(&item);
        }
        clock.goal = section.get("goal").and_then(|item| goal(&item));
        if let Some(item) = section.get("counts") {
            clock.counts = counts(&item, what.name, sources).unwrap_or_default();
        }
        if built_in(what.name).is_some() {
            for item in ["from", "to", "label"].into_iter().filter_map(|key| section.get(key)) {
                let message = format!("the clock `{}` exists anyway, from {} to {}", what.name, what.start, what.end);
                let help = "remove the line, or declare a clock under another name";
                item.problems.wrong(item.key_at, message, "only for clocks of your own", help);
            }
        }
        section.finish();
        self.read.push(clock);
    }

    fn target(&mut self, item: &Item) -> Option<Target> {
        let target = Target::parse(item.text()?);
        match &target {
            Ok(Target::Working { .. } | Target::Days { .. }) => _ = self.working.get_or_insert(item.at()),
            Ok(Target::Clock { .. }) => {}
            Err(error) => item.problems.refused(item.at(), "not a target", error, ""),
        }
        target.ok()
    }
}

/// The attainment that is aimed at, a share.
fn goal(item: &Item) -> Option<f64> {
    let share = match item.raw() {
        DeValue::String(text) => percent(text),
        _ => Some(item.number()?),
    };
    let share = share.filter(|share| *share > 0.0 && *share <= 1.0);
    if share.is_none() {
        item.wrong(
            "`goal` is no share of the tickets that are judged",
            "not a share",
            "write a percentage above zero, \"90%\", or a number up to 1, 0.9",
        );
    }
    share
}

/// Which resolution of a reopened ticket counts.
fn counts(item: &Item, clock: &str, sources: &Sources) -> Option<Counts> {
    let counts = item.choice(&[("final", Counts::Final), ("first", Counts::First)])?;
    let wrong = |message: &str, label: &str, help: &str| {
        item.problems.wrong(item.key_at.clone(), message, label, help);
    };
    if clock != RESOLUTION {
        wrong(
            "only the clock `resolution` ends with a resolution that may be followed by another",
            "not here",
            "remove `counts`",
        );
    } else if counts == Counts::First
        && sources.lacks(SourceKind::Tickets, "first_resolved_at")
        && !sources.resolved_written()
    {
        wrong(
            "nothing says when tickets were resolved for the first time",
            "no first resolution known",
            "add first_resolved_at = \"their name for it\" to [sources.tickets.columns], or a log of events as \
             [sources.pauses] with resolved = [\"已解决\"]",
        );
    }
    Some(counts)
}

/// Without tickets nothing can be said of their clocks. What pauses do is told with the pauses.
fn check_tickets(what: &facts::Clock, section: &Section, sources: &Sources) {
    let said = section.entries().into_iter().find(|entry| matches!(entry.key, "target" | "goal" | "counts"));
    if let (facts::TICKET, true, Some(entry)) = (what.fact, sources.surveys_only(), said) {
        section.problems.wrong(
            entry.key_at,
            format!("there are no tickets that the clock `{}` could run for", what.name),
            "no tickets",
            "add [sources.tickets], or remove the line",
        );
    }
}

/// Pauses that are read must stop something.
fn check_pauses_stop(clocks: &Clocks, section: &Section, sources: &Sources) {
    // Those of a log are its `pending` statuses; times spent closed stop clocks without being told to.
    let pauses = !sources.writes(SourceKind::Pauses, "event_at") || sources.pending_written();
    if let (false, false, true, Some(at)) =
        (clocks.pauses_said, sources.surveys_only(), pauses, sources.at(SourceKind::Pauses))
    {
        section.problems.wrong(
            at,
            "no clock is stopped by these pauses",
            "without effect",
            "write [clocks.resolution] with pauses = \"all\" or a list of reasons; pauses = [] if they stop none",
        );
    }
}
