//! `[clocks.*]`: what stops a clock and what it aims at, and clocks that the plan declares itself.

mod declared;
mod names;
mod pauses;

use std::collections::BTreeMap;

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

/// The clocks read so far.
#[derive(Default)]
struct Clocks {
    read: Vec<Clock>,
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

/// Reads the clocks: those of tickets, then those of surveys; of each first those that exist anyway, then those of the plan
/// in the order of the file.
pub fn read(mut section: Section, sources: &Sources) -> Vec<Clock> {
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
    let known = CLOCKS.map(|clock| clock.name);
    for entry in section.entries().iter().filter(|entry| built_in(entry.key).is_none()) {
        let has = |key: &str| entry.raw().as_table().is_some_and(|table| table.contains_key(key));
        if !has("from") && !has("to") && nearest(entry.key, known).is_some() {
            // The pauses of a clock whose name is a slip are meant to stop one.
            clocks.pauses_said = true;
            section.unknown(entry, "clock", &known);
            continue;
        }
        let mut clock_section = entry.section(format!("[clocks.{}]", entry.key));
        let what = declared::read(entry, &mut clock_section, sources);
        at.insert(what.name, entry.key_at.clone());
        clocks.add(what, clock_section, sources);
    }
    clocks.read.sort_by_key(|clock| clock.what.fact == facts::SURVEY);
    names::check(&clocks.read, &at, sources, section.problems);
    let columns_of = |kind: SourceKind| {
        let fact = match kind {
            SourceKind::Tickets => Some(facts::TICKET),
            SourceKind::Surveys => Some(facts::SURVEY),
            _ => None,
        };
        // Those that exist anyway have their columns also where they cannot run.
        let of_clocks = CLOCKS.iter().chain(clocks.read.iter().map(|clock| &clock.what));
        let of_clocks = of_clocks.filter(|clock| fact == Some(clock.fact)).flat_map(facts::Clock::columns);
        let scores = sources.read.get(&kind).into_iter().flat_map(|source| &source.dimensions);
        let scores = scores.map(|dimension| facts::score(&dimension.name));
        of_clocks.map(|column| column.name).chain(sources.own_times(kind)).chain(scores).collect()
    };
    carry::check(&sources.carried, columns_of, section.problems);
    check_pauses_stop(&clocks, &section, sources);
    clocks.read
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
            clock.target = target(&item);
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
}

fn target(item: &Item) -> Option<Target> {
    let target = Target::parse(item.text()?);
    if let Err(error) = &target {
        item.problems.refused(item.at(), "not a target", error, "");
    }
    target.ok()
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

#[cfg(test)]
mod tests {
    use crate::plan::testing::{EVENTS, SURVEYS, TICKETS, check, plan};
    use crate::plan::types::Counts;

    const CALENDAR: &str = "[calendars.default]\nweekly.daily = \"09:00-18:00\"\n";
    const RESOLVED: &str = "resolved_at = \"解决\"\nfirst_resolved_at = \"首次\"\n";

    fn with(clocks: &str) -> Vec<String> {
        check(&format!("{clocks}\n{CALENDAR}{TICKETS}{RESOLVED}"))
    }

    #[test]
    fn clocks_have_targets_goals_and_the_resolution_that_counts() {
        let plan = plan(&format!(
            "[clocks]\nresolution = {{ target = \"24h clock\", goal = \"90%\", counts = \"first\" }}\n\
             start = {{ target = \"2d close\", goal = 0.995 }}\n{CALENDAR}{TICKETS}{RESOLVED}"
        ));
        let said = |name| {
            let clock = plan.clock(name).unwrap();
            (clock.target.map(|t| t.to_string()), clock.goal, clock.counts)
        };
        assert_eq!(said("resolution"), (Some("24h clock".to_owned()), Some(0.9), Counts::First));
        assert_eq!(said("start"), (Some("2d close".to_owned()), Some(0.995), Counts::Final));
        assert_eq!(said("first_response"), (None, None, Counts::Final));
        assert_eq!(plan.targets_without_end(), [("start", "started_at")]);
    }

    #[test]
    fn what_is_said_of_clocks_must_make_sense() {
        let goal = |line| {
            format!(
                "{line}: `goal` is no share of the tickets that are judged | \
                 write a percentage above zero, \"90%\", or a number up to 1, 0.9"
            )
        };
        assert_eq!(
            with(
                "[clocks.resolution]\ngoal = 90\ncounts = \"last\"\ntarget = \"0h\"\n[clocks.start]\ngoal = \"0%\"\n\
                 counts = \"final\"\n[clocks.first_response]\ngoal = \"101%\"\ntarget = 5\nfrom = \"requested_at\""
            ),
            [
                goal(2),
                "3: `counts` cannot be `last` | known here: final, first".to_owned(),
                "4: a target of zero cannot be met | leave it out if there is none".to_owned(),
                goal(6),
                "7: only the clock `resolution` ends with a resolution that may be followed by another | \
                 remove `counts`"
                    .to_owned(),
                goal(9),
                "10: `target` must be a string, not a whole number | ".to_owned(),
                "11: the clock `first_response` exists anyway, from requested_at to first_response_at | \
                 remove the line, or declare a clock under another name"
                    .to_owned(),
            ]
        );
    }

    #[test]
    fn the_first_resolution_must_be_known() {
        let clock = "[clocks]\nresolution.counts = \"first\"\n";
        assert_eq!(
            check(&format!("{clock}{TICKETS}")),
            ["2: nothing says when tickets were resolved for the first time | \
              add first_resolved_at = \"their name for it\" to [sources.tickets.columns], or a log of events as \
              [sources.pauses] with resolved = [\"已解决\"]"]
        );
        assert_eq!(check(&format!("{clock}resolution.pauses = []\n{TICKETS}{EVENTS}")), [""; 0]);
    }

    #[test]
    fn clocks_of_surveys_run_where_they_can() {
        let names = |columns: &str, surveys: &str| -> Vec<&str> {
            let text = format!("{TICKETS}{columns}{SURVEYS}{surveys}");
            let plan = plan(&text);
            plan.clocks_of("fact_survey").map(|clock| clock.what.name).collect()
        };
        assert_eq!(names("", ""), [""; 0]);
        assert_eq!(names(RESOLVED, ""), ["survey_return"]);
        assert_eq!(names("", "suggestion_answered_at = \"回复\"\n"), ["suggestion_reply"]);
        let no_ticket = format!("{TICKETS}{RESOLVED}{}", SURVEYS.replace("ticket_id", "staff_id"));
        assert_eq!(plan(&no_ticket).clocks_of("fact_survey").count(), 0);
        assert_eq!(plan(TICKETS).clocks.len(), 3);
    }

    #[test]
    fn clocks_that_cannot_run_are_told_if_the_plan_speaks_of_them() {
        assert_eq!(
            check(&format!(
                "[clocks]\nsurvey_return.goal = \"90%\"\nsuggestion_reply.target = \"24h clock\"\n{TICKETS}{}",
                SURVEYS.replace("ticket_id", "staff_id")
            )),
            [
                "2: the clock `survey_return` cannot run: `resolved_at` is not mapped in [sources.tickets.columns] | \
                 add resolved_at = \"their name for it\" there, or remove the section",
                "2: the clock `survey_return` cannot run: `ticket_id` is not mapped in [sources.surveys.columns] | \
                 add ticket_id = \"their name for it\" there, or remove the section",
                "3: the clock `suggestion_reply` cannot run: `suggestion_answered_at` is not mapped in \
                 [sources.surveys.columns] | add suggestion_answered_at = \"their name for it\" there, or remove the section",
            ]
        );
        assert_eq!(
            check(&format!("[clocks.suggestion_reply]\n{TICKETS}")),
            ["1: the clock `suggestion_reply` cannot run: there is no [sources.surveys] | \
              add [sources.surveys], or remove the section"]
        );
        assert_eq!(
            check(&format!("[clocks.resolution]\ngoal = \"90%\"\n{SURVEYS}")),
            ["2: there are no tickets that the clock `resolution` could run for | \
              add [sources.tickets], or remove the line"]
        );
    }
}
