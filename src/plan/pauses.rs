//! `[sources.pauses]`: a list of pauses (`paused_at`, `resumed_at`, `reason`), or a log of events (`event_at`, `status`)
//! with the statuses that are pauses.

use std::collections::BTreeMap;

use super::columns::Columns;
use super::reader::{Item, Section, Text};

/// Columns of a list of pauses.
const OF_LIST: [&str; 3] = ["paused_at", "resumed_at", "reason"];
/// Columns of a log of events.
const OF_LOG: [&str; 2] = ["event_at", "status"];

/// Keys of a log that list statuses.
pub const LISTS: [&str; 2] = ["pending", "resolved"];

/// What the statuses of a log mean.
#[derive(Default)]
pub struct Statuses {
    /// The ticket waits.
    pub pending: Vec<String>,
    /// The ticket counts as resolved.
    pub resolved: Vec<String>,
}

/// Of the rest of the source, what the statuses are checked against.
pub struct Known<'k> {
    pub columns: &'k Columns,
    /// Their status → ours.
    pub translated: Option<&'k BTreeMap<String, String>>,
    pub missing: &'k [String],
}

/// Checks that the columns are those of one form, and reads the statuses of a log. `columns` is the section of them.
pub fn read(section: &mut Section, columns: &Section, known: &Known) -> Statuses {
    let (pending, resolved) = (section.get("pending"), section.get("resolved"));
    let lists: Vec<Item> = [&pending, &resolved].into_iter().flatten().cloned().collect();
    let written = |names: &[&'static str]| names.iter().copied().find(|name| known.columns.written.contains(name));
    match (written(&OF_LIST), written(&OF_LOG)) {
        (Some(list), Some(log)) => mixed(columns, list, log),
        (Some(_), None) => {
            required(columns, known, "paused_at", "暂停时间", "");
            for item in &lists {
                item.problems.wrong(
                    item.key_at.clone(),
                    format!("`{}` is for a log of events, and these are pauses with a beginning", item.key),
                    "not for a list of pauses",
                    "remove it; where each row is a change of status, map event_at and status instead of paused_at",
                );
            }
        }
        (None, None) if lists.is_empty() => {
            let or = "; where each row is a change of status, write event_at and status instead";
            required(columns, known, "paused_at", "暂停时间", or);
        }
        (None, _) => {
            required(columns, known, "event_at", "状态变更时间", "");
            required(columns, known, "status", "工单状态", "");
            if lists.is_empty() {
                section.problems.missing(
                    section.at.clone(),
                    "nothing says which statuses are pauses",
                    "write pending = [\"等待客户\"], the statuses in which a ticket waits; resolved = [\"已解决\"], those \
                     in which it counts as resolved; or both",
                );
            }
        }
    }
    let mut seen: Vec<Text> = Vec::new();
    let pending = pending.map(|item| statuses(&item, known, &mut seen)).unwrap_or_default();
    let resolved = resolved.map(|item| statuses(&item, known, &mut seen)).unwrap_or_default();
    Statuses { pending, resolved }
}

fn mixed(columns: &Section, list: &str, log: &str) {
    let at = columns.entries().into_iter().find(|entry| entry.key == log).map(|entry| entry.key_at);
    columns.problems.wrong(
        at.or_else(|| columns.at.clone()).unwrap_or_default(),
        format!("`{log}` belongs to a log of events, `{list}` to a list of pauses"),
        "two forms",
        "map paused_at, resumed_at and reason, or event_at and status; not some of both",
    );
}

fn required(columns: &Section, known: &Known, name: &str, such_as: &str, or: &str) {
    if !known.columns.written.contains(&name) {
        columns.problems.missing(
            known.columns.at.clone(),
            format!("`{name}` is not mapped in {}", columns.title),
            format!("write {name} = \"their name for it\", such as \"{such_as}\"{or}"),
        );
    }
}

/// The statuses of a list; `seen` are those of the lists before.
fn statuses<'t>(item: &Item<'t>, known: &Known, seen: &mut Vec<Text<'t>>) -> Vec<String> {
    let mut statuses: Vec<String> = Vec::new();
    for (text, at) in item.names().unwrap_or_default() {
        let translation = known.translated.filter(|words| !words.values().any(|ours| ours == text));
        let (message, help) = if statuses.iter().any(|before| before == text) {
            (format!("`{text}` is named twice"), "name it once".to_owned())
        } else if let Some((_, before)) = seen.iter().find(|(before, _)| *before == text) {
            let line = item.problems.document.line(before.start);
            let message = format!("`{text}` is pending, on line {line}, and resolved");
            (message, "a ticket waits or is resolved: name it in one of the two".to_owned())
        } else if known.missing.iter().any(|missing| missing == text) {
            let message = format!("`{text}` counts as an empty cell, as `missing` says");
            (message, "remove it from one of the two".to_owned())
        } else if let Some(ours) = translation.and_then(|words| words.get(text)) {
            let message = format!("`{text}` is called `{ours}` in [sources.pauses.values.status]");
            (message, format!("write \"{ours}\""))
        } else {
            statuses.push(text.to_owned());
            seen.push((text, at));
            continue;
        };
        item.problems.wrong(at, message, "not a status of these", help);
    }
    statuses
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{EVENTS, PAUSES, SURVEYS, TICKETS, check, plan};
    use crate::schema::input::SourceKind;

    const CLOCK: &str = "[clocks]\nresolution.pauses = \"all\"\n";

    /// Mistakes of a log of events: the clocks stand on lines 1 and 2, the log from line 8 on.
    fn with(this: &str, that: &str) -> Vec<String> {
        let log = EVENTS.replacen(this, that, 1);
        assert!(this.is_empty() || log != EVENTS, "{this}");
        check(&format!("{CLOCK}{TICKETS}{log}"))
    }

    #[test]
    fn events_tell_pauses() {
        let plan = plan(&format!("{CLOCK}{TICKETS}{EVENTS}"));
        let source = &plan.sources[&SourceKind::Pauses];
        assert!(source.is_event_log());
        assert_eq!(source.pending, ["等待客户", "On Hold"]);
        assert_eq!(source.resolved, ["Resolved", "Closed"]);
        assert_eq!(source.columns.len(), 3);
        let list = crate::plan::testing::plan(&format!("{CLOCK}{TICKETS}{PAUSES}"));
        assert!(!list.sources[&SourceKind::Pauses].is_event_log());
        assert_eq!(with("", ""), [""; 0]);
    }

    #[test]
    fn one_form_at_a_time() {
        let forms = "map paused_at, resumed_at and reason, or event_at and status; not some of both";
        assert_eq!(
            with("ticket_id = \"单号\"", "ticket_id = \"单号\"\nreason = \"原因\""),
            [format!("15: `event_at` belongs to a log of events, `reason` to a list of pauses | {forms}")]
        );
        assert_eq!(
            check(&format!("{CLOCK}{TICKETS}{PAUSES}status = \"状态\"\n")),
            [format!("14: `status` belongs to a log of events, `paused_at` to a list of pauses | {forms}")]
        );
        let help = "remove it; where each row is a change of status, map event_at and status instead of paused_at";
        assert_eq!(
            check(&format!(
                "{CLOCK}{TICKETS}{}",
                PAUSES.replace("\"p.csv\"", "\"p.csv\"\npending = \"a\"\nresolved = \"b\"")
            )),
            ["10: `pending`", "11: `resolved`"]
                .map(|key| format!("{key} is for a log of events, and these are pauses with a beginning | {help}"))
        );
    }

    #[test]
    fn what_a_log_needs() {
        let lists = "write pending = [\"等待客户\"], the statuses in which a ticket waits; resolved = [\"已解决\"], those \
                     in which it counts as resolved; or both";
        let unmapped = |line: u8, name: &str, such_as: &str| {
            format!(
                "{line}: `{name}` is not mapped in [sources.pauses.columns] | \
                 write {name} = \"their name for it\", such as \"{such_as}\""
            )
        };
        assert_eq!(with("event_at = \"变更时间\"\n", ""), [unmapped(12, "event_at", "状态变更时间")]);
        let untranslated = EVENTS.split("[sources.pauses.values").next().unwrap();
        let log = |log: &str| check(&format!("{CLOCK}{TICKETS}{log}"));
        assert_eq!(log(&untranslated.replace("status = \"新状态\"\n", "")), [unmapped(12, "status", "工单状态")]);
        assert_eq!(
            log(&untranslated.replace("status = \"新状态\"", "paused = \"新状态\"")),
            [
                unmapped(12, "status", "工单状态"),
                "15: unknown column `paused` in [sources.pauses.columns] | \
                 known here: ticket_id, paused_at, resumed_at, reason, event_at, status"
                    .to_owned(),
            ]
        );
        let neither = log(&untranslated.replace("event_at = \"变更时间\"\nstatus = \"新状态\"\n", ""));
        assert_eq!(neither, [unmapped(12, "event_at", "状态变更时间"), unmapped(12, "status", "工单状态")]);
        let listless =
            EVENTS.replace("pending = [\"等待客户\", \"On Hold\"]\nresolved = [\"Resolved\", \"Closed\"]\n", "");
        assert_eq!(
            check(&format!("[clocks]\nresolution.pauses = []\n{TICKETS}{listless}")),
            [format!("8: nothing says which statuses are pauses | {lists}")]
        );
    }

    #[test]
    fn statuses_mean_one_thing() {
        assert_eq!(
            with("\"On Hold\"]", "\"On Hold\", \"On Hold\", \"Closed\", \"?\", \"待客户\"]\nmissing = \"?\""),
            [
                "10: `On Hold` is named twice | name it once",
                "10: `?` counts as an empty cell, as `missing` says | remove it from one of the two",
                "10: `待客户` is called `等待客户` in [sources.pauses.values.status] | write \"等待客户\"",
                "12: `Closed` is pending, on line 10, and resolved | \
                 a ticket waits or is resolved: name it in one of the two",
            ]
        );
        assert_eq!(with("[\"Resolved\", \"Closed\"]", "[]"), ["11: `resolved` is an empty list | name one at least"]);
        assert_eq!(
            check(&format!("{TICKETS}{}", SURVEYS.replace("\"s.csv\"", "\"s.csv\"\npending = \"a\""))),
            ["8: unknown key `pending` in [sources.surveys] | known here: files, sheets, header_row, separator, \
              missing, where, columns, dimensions, carry, values, latest_by"]
        );
    }
}
