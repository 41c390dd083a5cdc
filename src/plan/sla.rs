//! `[[sla]]`: how long things may take. The first policy that matches a ticket counts.

use std::ops::Range;

use toml::de::DeValue;

use super::errors::Problem;
use super::near::did_you_mean;
use super::reader::{Item, Section};
use super::sources::Sources;
use super::types::{Is, Policy, When};
use crate::schema::facts::CLOCKS;
use crate::schema::hold;
use crate::schema::input::{InputColumn, Kind, SourceKind};
use crate::time::target::Target;

/// The policies, and what the rest of the plan must know about them.
#[derive(Default)]
pub struct Sla {
    pub policies: Vec<Policy>,
    /// Where the first target in working time stands.
    pub working: Option<Range<usize>>,
}

pub fn read(item: Option<Item>, sources: &Sources) -> Sla {
    let mut sla = Sla::default();
    let Some(item) = item else { return sla };
    if item.raw().is_table() {
        item.problems.wrong(
            item.section("[sla]").at.unwrap_or(item.at()),
            "policies are a list",
            "a single table",
            "write [[sla]] with two brackets, for each policy",
        );
        return sla;
    }
    check_tickets(&item, sources);
    let mut entries: Vec<(Policy, Range<usize>)> = Vec::new();
    for (i, entry) in item.elements().unwrap_or_default().iter().enumerate() {
        let section = entry.section("[[sla]]");
        let at = section.at.clone().unwrap_or(entry.at());
        let (policy, when_known) = policy(section, &at, i + 1, sources, &mut sla.working);
        check_against(&entries, &policy, when_known, &at, entry);
        // A policy whose `when` is wrong says nothing about the others.
        entries.push((policy, if when_known { at } else { 0..0 }));
    }
    sla.policies = entries.into_iter().map(|(policy, _)| policy).collect();
    sla
}

fn check_tickets(item: &Item, sources: &Sources) {
    if let (true, Some([first, ..])) = (sources.surveys_only(), item.elements().as_deref()) {
        first.problems.wrong(
            first.section("[[sla]]").at.unwrap_or(first.at()),
            "there are no tickets to hold to this policy",
            "no tickets",
            "add [sources.tickets], or remove the policies: surveys are scored without",
        );
    }
}

/// Reads one policy, and tells whether its `when` was understood.
fn policy(
    mut section: Section,
    at: &Range<usize>,
    number: usize,
    sources: &Sources,
    working: &mut Option<Range<usize>>,
) -> (Policy, bool) {
    let mut targets_written = false;
    let mut target = |key| {
        let item = section.get(key)?;
        targets_written = true;
        let target = Target::parse(item.text()?);
        match &target {
            Ok(Target::Working { .. } | Target::Days { .. }) if working.is_none() => *working = Some(item.at()),
            Ok(_) => {}
            Err(error) => item.problems.refused(item.at(), "not a target", error, ""),
        }
        target.ok()
    };
    let targets = CLOCKS.iter().filter_map(|clock| Some((clock.name, target(clock.name)?))).collect();
    let name = section.get("name").and_then(|item| item.name()).map(str::to_owned);
    let when = section.get("when").map(|item| when(&item, sources));
    if !targets_written {
        section.problems.wrong(
            at.clone(),
            "the policy has no target",
            "nothing to reach",
            "add first_response, start or resolution, such as resolution = \"24h\"",
        );
    }
    section.finish();
    let (when, when_known) = match when {
        None => (Vec::new(), true),
        Some(Some(when)) => (when, true),
        Some(None) => (Vec::new(), false),
    };
    let name = name.unwrap_or_else(|| format!("sla-{number}"));
    (Policy { name, when, targets }, when_known)
}

/// The conditions, or none if any of them is wrong.
fn when(item: &Item, sources: &Sources) -> Option<Vec<When>> {
    let mut fine = item.raw().is_table();
    let mut when = Vec::new();
    for entry in item.section("when").entries() {
        let values = condition(&entry, sources);
        fine &= values.is_some();
        when.push(When { column: hold(entry.key), is: Is::OneOf(values.unwrap_or_default()) });
    }
    fine.then_some(when)
}

fn condition(entry: &Item, sources: &Sources) -> Option<Vec<String>> {
    let wrong = |message: String, label: &str, help: String| {
        entry.problems.wrong(entry.key_at.clone(), message, label, help);
        None
    };
    // Names and phones are read to tell customers apart, and kept nowhere.
    let personal = |name| matches!(name, "customer_name" | "customer_phone");
    let comparable = |column: &InputColumn| {
        matches!(column.kind, Kind::Text | Kind::Category | Kind::Flag) && !personal(column.name)
    };
    let columns = SourceKind::Tickets.columns();
    let Some(column) = SourceKind::Tickets.column(entry.key) else {
        let names: Vec<&str> = columns.iter().filter(|column| comparable(column)).map(|column| column.name).collect();
        let message = format!("tickets have no column `{}`", entry.key);
        return wrong(message, "not a column of tickets", did_you_mean(entry.key, &names));
    };
    if !comparable(column) {
        let message = format!("`when` cannot compare `{}`", column.name);
        let label = if personal(column.name) { "personal, not kept" } else { "no text, no yes or no" };
        return wrong(message, label, "use a column such as service_type or priority".to_owned());
    }
    if sources.lacks(SourceKind::Tickets, column.name) {
        return wrong(
            format!("`{}` is not mapped, so the policy would never match", column.name),
            "not mapped",
            format!("add {} = \"their name for it\" to [sources.tickets.columns]", column.name),
        );
    }
    match (column.kind, entry.raw()) {
        (Kind::Flag, DeValue::Boolean(flag)) => Some(vec![flag.to_string()]),
        (Kind::Flag, _) => {
            entry.wrong_type("true or false");
            None
        }
        _ => Some(entry.names()?.into_iter().map(|(name, _)| name.to_owned()).collect()),
    }
}

/// Notes a policy that an earlier one leaves nothing to, and names that are used twice.
fn check_against(
    earlier: &[(Policy, Range<usize>)],
    policy: &Policy,
    when_known: bool,
    at: &Range<usize>,
    entry: &Item,
) {
    let document = &entry.problems.document;
    if let Some((_, first)) =
        earlier.iter().find(|(first, first_at)| when_known && !first_at.is_empty() && catches_all(first, policy))
    {
        let line = document.line(first.start);
        let message =
            format!("this policy can never match: the one on line {line} comes first and catches all it would");
        let problem =
            Problem::new(document, message).mark(at.clone(), "never reached").mark(first.clone(), "catches all");
        entry.problems.note(problem.help("the first match wins: put the narrower policy above, or remove it"));
    }
    if earlier.iter().any(|(first, _)| first.name == policy.name) {
        let message = format!("two policies are named `{}`", policy.name);
        entry.problems.wrong(at.clone(), message, "the second one", "names tell policies apart in the tables");
    }
}

fn catches_all(first: &Policy, later: &Policy) -> bool {
    let wider = |one: &Is, other: &Is| match (one, other) {
        (Is::OneOf(values), Is::OneOf(wanted)) => wanted.iter().all(|value| values.contains(value)),
        _ => false,
    };
    first.when.iter().all(|one| later.when.iter().any(|other| one.column == other.column && wider(&one.is, &other.is)))
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
    use crate::plan::types::{Is, When};
    use crate::time::target::Target;

    const CALENDAR: &str = "[calendars.default]\nweekly.daily = \"09:00-18:00\"\n";

    /// Mistakes of some policies; the first one begins on line 1.
    fn with(policies: &str) -> Vec<String> {
        let columns = "priority = \"优先级\"\nregion = \"区域\"\nis_complaint = \"投诉\"\n";
        check(&format!("{policies}\n{CALENDAR}{TICKETS}{columns}"))
    }

    #[test]
    fn policies_keep_their_order_and_have_names() {
        let plan = plan(&format!(
            "{CALENDAR}{TICKETS}is_complaint = \"投诉\"\npriority = \"p\"\n\
             [[sla]]\nname = \"投诉\"\nwhen = {{ is_complaint = true, priority = \"高\" }}\nstart = \"30m\"\n\
             [[sla]]\nresolution = \"3d close\"\n"
        ));
        let names: Vec<_> = plan.policies.iter().map(|policy| policy.name.as_str()).collect();
        assert_eq!(names, ["投诉", "sla-2"]);
        let when = |column, value: &str| When { column, is: Is::OneOf(vec![value.to_owned()]) };
        assert_eq!(plan.policies[0].when, [when("is_complaint", "true"), when("priority", "高")]);
        assert_eq!(plan.policies[0].targets["start"], Target::Working { seconds: 1800 });
        assert_eq!(plan.policies[1].targets["resolution"], Target::Days { days: 3, at_close: true });
    }

    #[test]
    fn targets_must_be_targets() {
        assert_eq!(
            with(
                "[[sla]]\nfirst_response = \"soon\"\nstart = \"0h\"\nresolution = 24\nresolve = \"1h\"\n[[sla]]\nwhen.region = \"a\""
            ),
            [
                "2: `soon` is not understood | a target looks like `2h`, `1h30m`, `24h clock`, `3d` or `3d close`",
                "3: a target of zero cannot be met | leave it out if there is none",
                "4: `resolution` must be a string, not a whole number | ",
                "5: unknown key `resolve` in [[sla]] | known here: first_response, start, resolution, name, when",
                "6: the policy has no target | add first_response, start or resolution, such as resolution = \"24h\"",
                "6: this policy can never match: the one on line 1 comes first and catches all it would | \
                 the first match wins: put the narrower policy above, or remove it",
            ]
        );
        assert_eq!(
            with("[sla]\nresolution = \"1h\"\n"),
            ["1: policies are a list | write [[sla]] with two brackets, for each policy"]
        );
    }

    #[test]
    fn conditions_must_be_about_mapped_columns_of_tickets() {
        assert_eq!(
            with(
                "[[sla]]\nstart = \"1h\"\n[sla.when]\nprioritty = \"高\"\nteam = \"a\"\nbranch = \"b\"\nrequested_at = \"c\"\n\
                 region = []\npriority = [\"高\", \"\"]\nis_complaint = \"是\"\n[[sla]]\nwhen = \"all\"\nstart = \"1h\"\n"
            ),
            [
                "4: tickets have no column `prioritty` | did you mean `priority`?",
                "5: tickets have no column `team` | known here: ticket_id, status, customer_id, \
                 customer_tier, customer_kind, service_type, channel, priority, region, branch, \
                 product_model, product_line, serial_number, fault_description, staff_id, staff_name, reopened, \
                 is_complaint",
                "6: `branch` is not mapped, so the policy would never match | \
                 add branch = \"their name for it\" to [sources.tickets.columns]",
                "7: `when` cannot compare `requested_at` | use a column such as service_type or priority",
                "8: `region` is an empty list | name one at least",
                "9: `priority` has an empty text | ",
                "10: `is_complaint` must be true or false, not a string | ",
                "12: `when` must be a table, not a string | ",
            ]
        );
    }

    #[test]
    fn a_policy_behind_a_wider_one_is_never_reached() {
        let policy = |when: &str| format!("[[sla]]\nwhen = {{ {when} }}\nstart = \"1h\"\n");
        let never = |first: &str, later: &str| with(&(policy(first) + &policy(later)));
        let message = "4: this policy can never match: the one on line 1 comes first and catches all it would | \
                       the first match wins: put the narrower policy above, or remove it";
        for (first, later) in [
            ("", "priority = \"高\""),
            ("", ""),
            ("priority = \"高\"", "priority = \"高\""),
            ("priority = [\"高\", \"低\"]", "priority = \"高\", region = \"北\""),
        ] {
            assert_eq!(never(first, later), [message], "{first} / {later}");
        }
        for (first, later) in [
            ("priority = \"高\"", ""),
            ("priority = \"高\"", "priority = [\"高\", \"低\"]"),
            ("priority = \"高\", region = \"北\"", "priority = \"高\""),
            ("priority = \"高\"", "region = \"北\""),
        ] {
            assert_eq!(never(first, later), [""; 0], "{first} / {later}");
        }
    }

    #[test]
    fn names_come_once() {
        assert_eq!(
            with("[[sla]]\nname = \"sla-2\"\nwhen.region = \"a\"\nstart = \"1h\"\n[[sla]]\nstart = \"1h\"\n"),
            ["5: two policies are named `sla-2` | names tell policies apart in the tables"]
        );
    }

    #[test]
    fn policies_need_tickets() {
        assert_eq!(
            check(&format!(
                "[[sla]]\nstart = \"1h clock\"\nwhen.region = \"a\"\n[[sla]]\nstart = \"2h clock\"\n{SURVEYS}"
            )),
            ["1: there are no tickets to hold to this policy | \
              add [sources.tickets], or remove the policies: surveys are scored without"]
        );
        assert_eq!(check(&format!("sla = []\n{SURVEYS}")), [""; 0]);
    }
}
