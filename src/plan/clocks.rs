//! `[clocks.*]`: what stops a clock.

use super::reader::{Item, Section};
use super::sources::Sources;
use super::types::{Clock, Counts, Stops};
use crate::schema::facts::CLOCKS;
use crate::schema::input::SourceKind;
use crate::time::target::Target;

/// Every pause stops the clock.
const ALL: &str = "all";

pub fn read(mut section: Section, sources: &Sources) -> Vec<Clock> {
    let mut clocks = Vec::new();
    let mut said = false;
    for what in CLOCKS {
        let mut clock = Clock {
            what,
            stops: None,
            target: what.target.and_then(|text| Target::parse(text).ok()),
            goal: None,
            counts: Counts::Final,
        };
        let mut clock_section = section.section(what.name);
        if let Some(item) = clock_section.get("pauses") {
            said = true;
            if let Some(stops) = stops(&item).filter(|stops| *stops != Stops::Reasons(Vec::new())) {
                check_pauses(&item, &stops, sources);
                clock.stops = Some(stops);
            }
        }
        clock_section.finish();
        clocks.push(clock);
    }
    let names = CLOCKS.map(|clock| clock.name);
    for entry in section.entries().iter().filter(|entry| !names.contains(&entry.key)) {
        // The pauses of a clock whose name is a slip are meant to stop one.
        said = true;
        section.unknown(entry, "clock", &names);
    }
    if let (false, false, Some(at)) = (said, sources.surveys_only(), sources.at(SourceKind::Pauses)) {
        section.problems.wrong(
            at,
            "no clock is stopped by these pauses",
            "without effect",
            "write [clocks.resolution] with pauses = \"all\" or a list of reasons; pauses = [] if they stop none",
        );
    }
    clocks
}

/// Reasons that stop a clock; may be none of them.
fn stops(item: &Item) -> Option<Stops> {
    if item.raw().as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case(ALL)) {
        return Some(Stops::All);
    }
    let mut reasons: Vec<String> = Vec::new();
    for (text, at) in item.texts()? {
        let reason = text.trim();
        let (message, help) = if reason.is_empty() {
            (
                format!("`{}` has an empty text", item.key),
                "pauses without a reason stop a clock with pauses = \"all\" only",
            )
        } else if reason.eq_ignore_ascii_case(ALL) {
            (format!("`{reason}` is no reason"), "write pauses = \"all\" for every pause, without brackets")
        } else if reasons.iter().any(|before| before == reason) {
            (format!("`{reason}` is named twice"), "name it once")
        } else {
            reasons.push(reason.to_owned());
            continue;
        };
        item.problems.wrong(at, message, "not a reason", help);
    }
    Some(Stops::Reasons(reasons))
}

/// What stops a clock must be known.
fn check_pauses(item: &Item, stops: &Stops, sources: &Sources) {
    let wrong = |message: &str, label: &str, help: &str| {
        item.problems.wrong(item.key_at.clone(), message, label, help);
    };
    if sources.surveys_only() {
        wrong(
            "there are no tickets whose clocks could stop",
            "no tickets",
            "add [sources.tickets], or remove `pauses`",
        );
    } else if !sources.has(SourceKind::Pauses) {
        wrong(
            "nothing says when tickets were paused",
            "no pauses known",
            "add [sources.pauses] with `files` and the columns ticket_id, paused_at, resumed_at and reason, or remove \
             `pauses`: the clock then runs on",
        );
    } else if matches!(stops, Stops::Reasons(_)) && sources.lacks(SourceKind::Pauses, "reason") {
        wrong(
            "`reason` is not mapped, so no pause would stop the clock",
            "reasons not known",
            "add reason = \"their name for it\" to [sources.pauses.columns], or write pauses = \"all\"",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{PAUSES, SURVEYS, TICKETS, check, plan};
    use crate::plan::types::Stops;

    fn with(clocks: &str) -> String {
        format!("{clocks}\n{TICKETS}{PAUSES}")
    }

    #[test]
    fn pauses_stop_clocks() {
        let stops = |clocks: &str| -> Vec<(&str, Stops)> {
            let clocks = plan(&with(clocks)).clocks.into_iter();
            clocks.filter_map(|clock| Some((clock.what.name, clock.stops?))).collect()
        };
        let found = stops(
            "[clocks]\nresolution.pauses = [\" 等待客户 \", \"等待备件\"]\nstart.pauses = \"all\"\nfirst_response.pauses = []",
        );
        let reasons = ["等待客户", "等待备件"].map(str::to_owned).to_vec();
        assert_eq!(found, [("start", Stops::All), ("resolution", Stops::Reasons(reasons))]);
        let one = stops("[clocks]\nresolution.pauses = \"等待客户\"");
        assert_eq!(one, [("resolution", Stops::Reasons(vec!["等待客户".to_owned()]))]);
    }

    #[test]
    fn clocks_and_reasons_must_make_sense() {
        assert_eq!(
            check(&with(
                "[clocks.resolution]\npauses = [\"a\", \"\", \"all\", \"a\"]\n[clocks.start]\npauses = []\npause = 1\n\
                 [clocks.resolutoin]\n[clocks.first_response]\npauses = 3\n"
            )),
            [
                "2: `pauses` has an empty text | pauses without a reason stop a clock with pauses = \"all\" only",
                "2: `all` is no reason | write pauses = \"all\" for every pause, without brackets",
                "2: `a` is named twice | name it once",
                "5: unknown key `pause` in [clocks.start] | did you mean `pauses`?",
                "6: unknown clock `resolutoin` in [clocks] | did you mean `resolution`?",
                "8: `pauses` must be a string or a list of strings, not a whole number | ",
            ]
        );
    }

    #[test]
    fn pauses_must_be_known() {
        let clock = "[clocks.resolution]\npauses = [\"等待客户\"]\n";
        assert_eq!(
            check(clock),
            [
                "2: nothing says when tickets were paused | add [sources.pauses] with `files` and the columns ticket_id, \
              paused_at, resumed_at and reason, or remove `pauses`: the clock then runs on"
            ]
        );
        assert_eq!(
            check(&with(clock).replace("reason = \"原因\"\n", "")),
            ["2: `reason` is not mapped, so no pause would stop the clock | \
              add reason = \"their name for it\" to [sources.pauses.columns], or write pauses = \"all\""]
        );
        assert_eq!(
            check(&format!("{clock}{SURVEYS}")),
            ["2: there are no tickets whose clocks could stop | add [sources.tickets], or remove `pauses`"]
        );
        assert_eq!(
            check(&format!("{clock}{TICKETS}{}", PAUSES.replace("sources.pauses", "sources.pausse"))),
            ["8: unknown source `pausse` in [sources] | did you mean `pauses`?"]
        );
    }

    #[test]
    fn pauses_must_stop_something() {
        assert_eq!(
            check(&format!("{TICKETS}{PAUSES}")),
            ["6: no clock is stopped by these pauses | \
              write [clocks.resolution] with pauses = \"all\" or a list of reasons; pauses = [] if they stop none"]
        );
    }
}
