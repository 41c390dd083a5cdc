//! `pauses` of a clock: which reasons stop it.

use super::super::near::did_you_mean;
use super::super::reader::Item;
use super::super::sources::Sources;
use super::super::types::Stops;
use crate::schema::facts;
use crate::schema::input::SourceKind;

/// Every pause stops the clock.
const ALL: &str = "all";

/// What stops a clock; nothing where that list is empty.
pub fn read(item: &Item, clock: &facts::Clock, sources: &Sources) -> Option<Stops> {
    let stops = stops(item).filter(|stops| *stops != Stops::Reasons(Vec::new()))?;
    check(item, &stops, clock, sources);
    Some(stops)
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
fn check(item: &Item, stops: &Stops, clock: &facts::Clock, sources: &Sources) {
    let wrong = |message: String, label: &str, help: &str| {
        item.problems.wrong(item.key_at.clone(), message, label, help);
    };
    if clock.fact == facts::SURVEY {
        let message = format!("`{}` is a clock of surveys, and pauses are those of tickets", clock.name);
        wrong(message, "not for surveys", "remove `pauses`");
    } else if sources.surveys_only() {
        wrong(
            "there are no tickets whose clocks could stop".to_owned(),
            "no tickets",
            "add [sources.tickets], or remove `pauses`",
        );
    } else if !sources.has(SourceKind::Pauses) {
        wrong(
            "nothing says when tickets were paused".to_owned(),
            "no pauses known",
            "add [sources.pauses] with `files` and the columns ticket_id, paused_at, resumed_at and reason, or remove \
             `pauses`: the clock then runs on",
        );
    } else if sources.writes(SourceKind::Pauses, "event_at") {
        check_pending(item, stops, sources);
    } else if matches!(stops, Stops::Reasons(_)) && sources.lacks(SourceKind::Pauses, "reason") {
        wrong(
            "`reason` is not mapped, so no pause would stop the clock".to_owned(),
            "reasons not known",
            "add reason = \"their name for it\" to [sources.pauses.columns], or write pauses = \"all\"",
        );
    }
}

/// In a log of events the pauses are its `pending` statuses.
fn check_pending(item: &Item, stops: &Stops, sources: &Sources) {
    let Some(pending) = sources.read.get(&SourceKind::Pauses).map(|source| &source.pending) else { return };
    // A list that is wrong itself says nothing about the clocks.
    if pending.is_empty() && !sources.pending_written() {
        item.problems.wrong(
            item.key_at.clone(),
            "no status of the events in [sources.pauses] is a pause",
            "no pauses known",
            "name the statuses in which a ticket waits: pending = [\"等待客户\"], or remove `pauses`",
        );
    }
    let (Stops::Reasons(reasons), false) = (stops, pending.is_empty()) else { return };
    let known: Vec<&str> = pending.iter().map(String::as_str).collect();
    for (text, at) in item.texts().unwrap_or_default() {
        let reason = text.trim();
        if reasons.iter().any(|r| r == reason) && !known.contains(&reason) {
            let message = format!("`{reason}` is not among the `pending` statuses of [sources.pauses]");
            item.problems.wrong(at, message, "never a pause", did_you_mean(reason, &known));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{EVENTS, PAUSES, SURVEYS, TICKETS, check, plan};
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
    fn reasons_are_statuses_of_the_log() {
        let clock = |pauses: &str| format!("[clocks]\nresolution.pauses = {pauses}\n{TICKETS}{EVENTS}");
        assert_eq!(check(&clock("[\"On Hold\"]")), [""; 0]);
        assert_eq!(
            check(&clock("[\"等待客户\", \"on hold\"]")),
            ["2: `on hold` is not among the `pending` statuses of [sources.pauses] | did you mean `On Hold`?"]
        );
        let only_resolved = EVENTS.replace("pending = [\"等待客户\", \"On Hold\"]\n", "");
        assert_eq!(
            check(&format!("[clocks]\nresolution.pauses = \"all\"\n{TICKETS}{only_resolved}")),
            ["2: no status of the events in [sources.pauses] is a pause | \
              name the statuses in which a ticket waits: pending = [\"等待客户\"], or remove `pauses`"]
        );
        // Times spent closed need no clock to say so.
        assert_eq!(check(&format!("{TICKETS}{only_resolved}")), [""; 0]);
    }

    #[test]
    fn surveys_do_not_pause() {
        let text = format!(
            "[clocks]\nresolution.pauses = \"all\"\nsurvey_return.pauses = \"all\"\n{TICKETS}resolved_at = \"c\"\n\
             {PAUSES}{SURVEYS}"
        );
        assert_eq!(
            check(&text),
            ["3: `survey_return` is a clock of surveys, and pauses are those of tickets | remove `pauses`"]
        );
        assert_eq!(check(&text.replace("return.pauses = \"all\"", "return.pauses = []")), [""; 0]);
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
