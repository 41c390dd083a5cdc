//! `[[sla]]`: how long things may take. The first policy that matches a ticket counts.

use std::collections::BTreeMap;
use std::ops::Range;

use super::reader::{Item, Section};
use super::sources::Sources;
use super::types::{Clock, Policy, When};
use super::when::{self, Said, Whose, columns};
use crate::schema::facts::{CLOCKS, TICKET};
use crate::time::target::Target;

/// What the tables call the policy of a ticket's own promise.
const PROMISED: &str = "promised";

/// The policies, and what the rest of the plan must know about them.
#[derive(Default)]
pub struct Sla {
    pub policies: Vec<Policy>,
    /// Where the first target in working time stands.
    pub working: Option<Range<usize>>,
}

pub fn read(item: Option<Item>, sources: &Sources, clocks: &[Clock]) -> Sla {
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
    let mut said: Vec<Said> = Vec::new();
    let mut no_tickets = sources.surveys_only();
    for (i, entry) in item.elements().unwrap_or_default().iter().enumerate() {
        let section = entry.section("[[sla]]");
        let at = section.at.clone().unwrap_or(entry.at());
        let mut reader = Reader { section, at: at.clone(), clocks, sources, working: &mut sla.working };
        if no_tickets && reader.asks_for_tickets() {
            // Once is enough.
            no_tickets = false;
            entry.problems.wrong(
                at.clone(),
                "there are no tickets to hold to this policy",
                "no tickets",
                "add [sources.tickets], or remove the policies: surveys are scored without",
            );
        }
        let (policy, known) = reader.policy(i + 1);
        let this = Said { when: policy.when.clone(), at: known.then(|| at.clone()) };
        when::check_reached(&said, &this, Whose::Policy, entry.problems);
        check_name(&policy.name, &sla.policies, clocks, &at, entry);
        said.push(this);
        sla.policies.push(policy);
        reader.section.finish();
    }
    sla
}

/// One policy that is being read.
struct Reader<'t, 'a> {
    section: Section<'t>,
    at: Range<usize>,
    clocks: &'a [Clock],
    sources: &'a Sources,
    working: &'a mut Option<Range<usize>>,
}

impl<'t, 'a> Reader<'t, 'a> {
    /// Whether it is about a clock of tickets, or about none.
    fn asks_for_tickets(&mut self) -> bool {
        let mut of_surveys = self.clocks.iter().filter(|clock| clock.what.fact != TICKET);
        let mut of_tickets = self.clocks.iter().filter(|clock| clock.what.fact == TICKET);
        of_tickets.any(|clock| self.section.get(clock.what.name).is_some())
            || !of_surveys.any(|clock| self.section.get(clock.what.name).is_some())
    }

    /// The policy, and whether its `when` was understood.
    fn policy(&mut self, number: usize) -> (Policy, bool) {
        let (targets, written) = self.targets();
        let name = self.section.get("name").and_then(|item| item.name()).map(str::to_owned);
        let when = self.section.get("when").map(|item| when::read(&item, self.sources, Whose::Policy));
        if written.is_empty() {
            let names: Vec<&str> = self.clocks.iter().map(|clock| clock.what.name).collect();
            let names = match names.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
                _ => names.concat(),
            };
            self.section.problems.wrong(
                self.at.clone(),
                "the policy has no target",
                "nothing to reach",
                format!("add {names}, such as resolution = \"24h\""),
            );
        }
        let (when, known) = match when {
            None => (Vec::new(), true),
            Some(Some(when)) => (when, true),
            Some(None) => (Vec::new(), false),
        };
        self.check_columns(&when, &written);
        let name = name.unwrap_or_else(|| format!("sla-{number}"));
        (Policy { name, when, targets }, known)
    }

    /// Notes targets of clocks whose rows lack a column that `when` asks for.
    fn check_columns(&self, when: &[When], written: &[(&Clock, Item)]) {
        for (clock, item) in written {
            let of_tickets = clock.what.fact == TICKET;
            let lacks = |when: &&When| {
                let column = when.column;
                if of_tickets {
                    columns::only_of_surveys(column, self.sources)
                } else {
                    !columns::of_surveys(column, self.sources)
                }
            };
            let Some(missing) = when.iter().find(lacks) else { continue };
            let (rows, label) = if of_tickets { ("tickets", "of tickets") } else { ("surveys", "of surveys") };
            let message = format!("{rows} have no `{}`, so this target would never count", missing.column);
            let help = format!("{} runs for {rows}: put its target into a policy without it", clock.what.name);
            item.problems.wrong(item.key_at.clone(), message, label, help);
        }
    }

    /// The targets, and those that are written at all, right or wrong.
    fn targets(&mut self) -> (BTreeMap<&'static str, Target>, Vec<(&'a Clock, Item<'t>)>) {
        let clocks: &'a [Clock] = self.clocks;
        let mut targets = BTreeMap::new();
        let mut written = Vec::new();
        for clock in clocks {
            let Some(item) = self.section.get(clock.what.name) else { continue };
            let target = item.text().map(Target::parse);
            match &target {
                Some(Ok(Target::Working { .. } | Target::Days { .. })) if self.working.is_none() => {
                    *self.working = Some(item.at());
                }
                Some(Err(error)) => item.problems.refused(item.at(), "not a target", error, ""),
                _ => {}
            }
            targets.extend(target.and_then(Result::ok).map(|target| (clock.what.name, target)));
            written.push((clock, item));
        }
        for what in CLOCKS.iter().filter(|what| clocks.iter().all(|clock| clock.what.name != what.name)) {
            if let Some(item) = self.section.get(what.name) {
                let message = format!("the clock `{}` cannot run, so it has no target", what.name);
                let help = format!("map {} and {}, or remove the target", what.start, what.end);
                item.problems.wrong(item.key_at.clone(), message, "cannot run", help);
            }
        }
        (targets, written)
    }
}

/// Notes names that are used twice or that mean something else in the tables.
fn check_name(name: &str, earlier: &[Policy], clocks: &[Clock], at: &Range<usize>, entry: &Item) {
    let wrong = |message: String, label: &str, help: &str| entry.problems.wrong(at.clone(), message, label, help);
    let help = "names tell policies apart in the tables";
    if name == PROMISED {
        let label = "taken";
        wrong(format!("no policy can be named `{name}`: that is a ticket's own promised time"), label, help);
    } else if clocks.iter().any(|clock| clock.what.name == name) {
        wrong(format!("no policy can be named `{name}`: that is the clock's own target"), "taken", help);
    } else if earlier.iter().any(|first| first.name == name) {
        wrong(format!("two policies are named `{name}`"), "the second one", help);
    }
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
                "[[sla]]\nfirst_response = \"soon\"\nstart = \"0h\"\nresolution = 24\nresolve = \"1h\"\n\
                 [[sla]]\nwhen.region = \"a\""
            ),
            [
                "2: `soon` is not understood | a target looks like `2h`, `1h30m`, `24h clock`, `3d` or `3d close`",
                "3: a target of zero cannot be met | leave it out if there is none",
                "4: `resolution` must be a string, not a whole number | ",
                "5: unknown key `resolve` in [[sla]] | known here: first_response, start, resolution, survey_return, \
                 suggestion_reply, name, when",
                // Without surveys none of their clocks runs.
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
    fn some_names_mean_something_else() {
        let policy = |name: &str| with(&format!("[[sla]]\nname = \"{name}\"\nstart = \"1h\"\n"));
        let help = "names tell policies apart in the tables";
        assert_eq!(
            policy("promised"),
            [format!("1: no policy can be named `promised`: that is a ticket's own promised time | {help}")]
        );
        assert_eq!(
            policy("start"),
            [format!("1: no policy can be named `start`: that is the clock's own target | {help}")]
        );
    }

    #[test]
    fn every_clock_can_have_a_target() {
        let plan = plan(&format!(
            "{CALENDAR}{TICKETS}{SURVEYS}evaluator = \"主体\"\nsuggestion_answered_at = \"回复\"\n\
             [[sla]]\nwhen.evaluator = \"客户\"\nsuggestion_reply = \"3d\"\n"
        ));
        assert_eq!(plan.policies[0].targets["suggestion_reply"], Target::Days { days: 3, at_close: false });
        assert_eq!(plan.policies[0].when[0].column, "evaluator");
    }

    #[test]
    fn conditions_of_surveys_are_not_for_tickets() {
        assert_eq!(
            check(&format!(
                "[[sla]]\nwhen.emotion = \"不满\"\nstart = \"1h clock\"\nsuggestion_reply = \"24h clock\"\n{TICKETS}{SURVEYS}\
                 suggestion_answered_at = \"回复\"\nemotion = \"情绪\"\n"
            )),
            ["3: tickets have no `emotion`, so this target would never count | \
              start runs for tickets: put its target into a policy without it"]
        );
        assert_eq!(
            check(&format!(
                "[[sla]]\nwhen = {{ is_complaint = true, service_type = \"a\" }}\nsuggestion_reply = \"24h clock\"\n{TICKETS}\
                 is_complaint = \"投诉\"\nservice_type = \"类型\"\n{SURVEYS}suggestion_answered_at = \"回复\"\n"
            )),
            ["3: surveys have no `is_complaint`, so this target would never count | \
              suggestion_reply runs for surveys: put its target into a policy without it"]
        );
    }

    #[test]
    fn policies_need_tickets() {
        assert_eq!(
            check(&format!(
                "[[sla]]\nstart = \"1h clock\"\nwhen.region = \"a\"\n[[sla]]\nstart = \"2h clock\"\n{SURVEYS}"
            )),
            [
                "1: there are no tickets to hold to this policy | \
                 add [sources.tickets], or remove the policies: surveys are scored without",
                "3: `region` is a column of tickets, and there are none, so the policy would never match | \
                 add [sources.tickets] with `files` and the column region, or remove the condition",
            ]
        );
        assert_eq!(check(&format!("sla = []\n{SURVEYS}")), [""; 0]);
        let reply = format!("[[sla]]\nsuggestion_reply = \"24h clock\"\n{SURVEYS}suggestion_answered_at = \"回复\"\n");
        assert_eq!(check(&reply), [""; 0]);
    }
}
