//! What clocks of the plan's own may be called: their columns and labels must be theirs alone.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::dimensions::is_snake_case;
use super::super::reader::Problems;
use super::super::sources::Sources;
use super::super::types::Clock;
use crate::schema::facts::{self, FACT_SURVEY, FACT_TICKET};

/// Names that mean something else where clocks are named: keys of `[[sla]]`, and a policy.
const TAKEN: [&str; 3] = ["name", "when", "promised"];

/// Each clock has a name and columns of its own; `at` says where clocks of the plan are named.
pub fn check(clocks: &[Clock], at: &BTreeMap<&'static str, Range<usize>>, sources: &Sources, problems: &Problems) {
    for (place, clock) in clocks.iter().enumerate() {
        let Some(at) = at.get(clock.what.name) else { continue };
        let name = clock.what.name;
        let wrong = |message: String, label: &str, help: &str| problems.wrong(at.clone(), message, label, help);
        if !is_snake_case(name) {
            wrong(
                format!("`{name}` cannot name a clock"),
                "not a name",
                "use small Latin letters, digits and `_`, beginning with a letter; label = \"上门\" is what readers see",
            );
            continue;
        }
        if TAKEN.contains(&name) {
            wrong(
                format!("`{name}` cannot name a clock"),
                "means something else",
                "policies have a meaning for that word: choose another",
            );
            continue;
        }
        let columns: Vec<&str> = clock.what.columns().iter().map(|column| column.name).collect();
        let fact = if clock.what.fact == facts::SURVEY { &FACT_SURVEY } else { &FACT_TICKET };
        let of_fact = fact.columns.iter().map(|column| column.name).chain(sources.own_times(clock.source()));
        if let Some(column) = of_fact.into_iter().find(|column| columns.contains(column)) {
            wrong(
                format!("a clock `{name}` would fill `{column}`, which `{}` has already", fact.name),
                "not free",
                "choose another name",
            );
        }
        // Of two clocks of the plan the later one is told, of one that exists anyway the other.
        let others = clocks.iter().enumerate().filter(|(other, clock)| *other < place || !is_declared(clock));
        let others: Vec<&Clock> = others.filter(|(other, _)| *other != place).map(|(_, clock)| clock).collect();
        for other in others {
            let shared = other.what.columns().into_iter().find(|column| columns.contains(&column.name));
            if let Some(column) = shared {
                wrong(
                    format!("the clocks `{}` and `{name}` would both have a column `{}`", other.what.name, column.name),
                    "not free",
                    "choose another name",
                );
            }
            let label = other.what.label;
            if label.zh == clock.what.label.zh || label.en == clock.what.label.en {
                wrong(
                    format!("readers could not tell the clocks `{}` and `{name}` apart", other.what.name),
                    "the same label",
                    "write label = \"…\" with another one",
                );
            }
        }
    }
}

/// Whether the plan declares a clock.
fn is_declared(clock: &Clock) -> bool {
    super::built_in(clock.what.name).is_none()
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{DECLARED, TICKETS, check, with_times};

    #[test]
    fn names_are_names() {
        let clock = |name: &str| format!("[clocks.{name}]\nfrom = \"requested_at\"\nto = \"arrived_at\"\n");
        let told = |name: &str| check(&format!("{}{TICKETS}arrived_at = \"a\"\n", clock(name))).join("\n");
        for (name, message) in [
            (
                "\"上门\"",
                "`上门` cannot name a clock | use small Latin letters, digits and `_`, beginning with a letter; label = \"上门\" is what readers see",
            ),
            ("when", "`when` cannot name a clock | policies have a meaning for that word: choose another"),
            ("promised", "`promised` cannot name a clock | policies have a meaning for that word: choose another"),
            (
                "segment_response",
                "a clock `segment_response` would fill `segment_response_seconds`, which `fact_ticket` has already | choose another name",
            ),
            (
                "resolution_target",
                "the clocks `resolution` and `resolution_target` would both have a column `resolution_target_seconds` | choose another name",
            ),
        ] {
            assert_eq!(told(name), format!("1: {message}"), "{name}");
        }
        let both = format!("{}{}", clock("visit_over"), clock("visit"));
        assert_eq!(
            check(&format!("{both}{TICKETS}arrived_at = \"a\"\n")),
            [
                "4: the clocks `visit_over` and `visit` would both have a column `visit_over_seconds` | choose another name"
            ]
        );
        assert_eq!(
            check(&format!("{}label = \"问题解决\"\n{TICKETS}arrived_at = \"a\"\n", clock("visit"))),
            [
                "1: readers could not tell the clocks `resolution` and `visit` apart | write label = \"…\" with another one"
            ]
        );
        assert_eq!(
            check(&format!("{}{TICKETS}Arrived = \"a\"\n", clock("visit").replace("arrived_at", "Arrived"))),
            ["9: `Arrived` cannot name a moment | use small Latin letters, digits and `_`, with `_at` at the end: \
              arrived_at = \"到达时间\"; here and in the clock"]
        );
    }

    #[test]
    fn carried_columns_make_way() {
        let carried = "files = \"t.csv\"\ncarry = [\"Resolution_Seconds\", \"arrived_at\", \"made_sla\"]";
        let help = "leave it out, or give the clock or moment of the plan another name";
        assert_eq!(
            check(&with_times(DECLARED).replace("files = \"t.csv\"", carried)),
            [
                format!("13: `fact_ticket` has a column `resolution_seconds` already | {help}"),
                format!("13: `fact_ticket` has a column `arrived_at` already | {help}"),
            ]
        );
    }
}
