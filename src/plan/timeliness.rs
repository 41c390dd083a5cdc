//! `[timeliness]`: how time used becomes a score of 1–5, and whose own scores are set against it.

use std::collections::BTreeSet;

use super::near::did_you_mean;
use super::reader::{Item, Section};
use super::sources::Sources;
use super::types::{Clock, Timeliness};
use crate::schema::facts::{CLOCKS, TICKET};
use crate::schema::input::SourceKind;

/// Keys of the limits with their usual values, in thousandths of the target.
const LIMITS: [(&str, i64); 4] = [("far_over", 1500), ("over", 1000), ("under", 800), ("far_under", 500)];

/// The largest limit, in thousandths: a hundred times the target.
const LARGEST: i64 = 100_000;

/// What evaluators call timeliness where the plan does not say.
const DIMENSION: &str = "timeliness";

pub fn read(mut section: Section, clocks: &[Clock], sources: &Sources) -> Timeliness {
    let usual = || CLOCKS.iter().filter(|clock| clock.fact == TICKET).map(|clock| clock.name).collect();
    check_tickets(&section, sources);
    let timeliness = Timeliness {
        clocks: section.get("clocks").and_then(|item| of_tickets(&item, clocks)).unwrap_or_else(usual),
        dimension: section.get("dimension").and_then(|item| dimension(&item, sources)).unwrap_or(DIMENSION.to_owned()),
        evaluators: section.get("evaluators").map(|item| evaluators(&item, sources)).unwrap_or_default(),
        limits: limits(&mut section),
    };
    section.finish();
    timeliness
}

fn check_tickets(section: &Section, sources: &Sources) {
    if let (true, Some(at)) = (sources.surveys_only(), section.at.clone()) {
        section.problems.wrong(
            at,
            "there are no tickets whose timeliness could be scored",
            "no tickets",
            "add [sources.tickets], or remove the section",
        );
    }
}

/// Clocks of tickets, in the order of the plan's clocks.
fn of_tickets(item: &Item, clocks: &[Clock]) -> Option<Vec<&'static str>> {
    let mut named = BTreeSet::new();
    let known: Vec<&str> = clocks.iter().filter(|clock| clock.what.fact == TICKET).map(|c| c.what.name).collect();
    for (name, at) in item.names()? {
        let other = clocks.iter().any(|clock| clock.what.name == name);
        let (message, help) = if !known.contains(&name) {
            let what = if other { "is no clock of tickets" } else { "is no clock" };
            (format!("`{name}` {what}"), did_you_mean(name, &known))
        } else if !named.insert(name) {
            (format!("`{name}` is named twice"), "name it once".to_owned())
        } else {
            continue;
        };
        item.problems.wrong(at, message, "not a clock of tickets", help);
    }
    Some(clocks.iter().map(|clock| clock.what.name).filter(|name| named.contains(name)).collect())
}

/// One of the dimensions of the surveys.
fn dimension(item: &Item, sources: &Sources) -> Option<String> {
    let name = item.name()?;
    let Some(surveys) = sources.read.get(&SourceKind::Surveys) else {
        if !sources.has(SourceKind::Surveys) {
            item.problems.wrong(
                item.key_at.clone(),
                "there are no surveys whose scores could be set against ours",
                "no surveys",
                "add [sources.surveys] with its dimensions, or remove the line",
            );
        }
        return None;
    };
    let names: Vec<&str> = surveys.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
    if !names.contains(&name) {
        let help = if names.is_empty() {
            format!("write {name} = \"their name for it\" in [sources.surveys.dimensions]")
        } else {
            did_you_mean(name, &names)
        };
        item.wrong(format!("surveys have no dimension `{name}`"), "not a dimension", help);
    }
    Some(name.to_owned())
}

/// Whose surveys count; an empty list means everybody's.
pub fn evaluators(item: &Item, sources: &Sources) -> Vec<String> {
    let mut evaluators: Vec<String> = Vec::new();
    for (text, at) in item.texts().unwrap_or_default() {
        let name = text.trim();
        let message = if name.is_empty() {
            format!("`{}` has an empty text", item.key)
        } else if evaluators.iter().any(|before| before == name) {
            format!("`{name}` is named twice")
        } else {
            evaluators.push(name.to_owned());
            continue;
        };
        item.problems.wrong(
            at,
            message,
            "not an evaluator",
            "name each evaluator once; an empty list means all of them",
        );
    }
    check_evaluators(item, !evaluators.is_empty(), sources);
    evaluators
}

/// Where evaluators are named, surveys must say who answered them.
pub fn check_evaluators(item: &Item, named: bool, sources: &Sources) {
    let surveys = SourceKind::Surveys;
    if named && (!sources.has(surveys) || sources.lacks(surveys, "evaluator")) {
        item.problems.wrong(
            item.key_at.clone(),
            "nothing says who answered a survey, so none would count",
            "evaluators not known",
            "add evaluator = \"their name for it\" to [sources.surveys.columns], or remove the line",
        );
    }
}

/// The limits in thousandths; they fall.
fn limits(section: &mut Section) -> [i64; 4] {
    let items = LIMITS.map(|(key, _)| section.get(key));
    let mut limits = LIMITS.map(|(_, usual)| usual);
    let mut fine = true;
    for (limit, item) in limits.iter_mut().zip(&items) {
        if let Some(item) = item {
            match thousandths(item) {
                Some(said) => *limit = said,
                None => fine = false,
            }
        }
    }
    let pairs = LIMITS.windows(2).zip(limits.windows(2)).zip(items.windows(2));
    for ((names, values), items) in pairs.filter(|_| fine) {
        if let ([(above, _), (below, _)], [high, low], [first, second]) = (names, values, items)
            && high <= low
            && let Some(item) = second.as_ref().or(first.as_ref())
        {
            item.wrong(
                format!(
                    "`{above}` must be larger than `{below}`, and {} is not larger than {}",
                    share(*high),
                    share(*low)
                ),
                "the limits must fall",
                "time used ÷ target, from far over to far under: usually 1.5, 1.0, 0.8 and 0.5",
            );
        }
    }
    limits
}

/// A limit in thousandths of the target.
fn thousandths(item: &Item) -> Option<i64> {
    let number = item.number()?;
    // Few enough digits for every thousandth to have a number of its own.
    let limit = (1..=LARGEST).contains(&rounded(number * 1000.0)).then(|| rounded(number * 1000.0));
    let exact = limit.is_some_and(|limit| share(limit).parse() == Ok(number));
    if !exact {
        item.wrong(
            format!("`{}` must be above 0 and at most 100, with three decimals at most", item.key),
            "not such a number",
            "write the share of the target, such as 1.5 for half as long again",
        );
    }
    limit.filter(|_| exact)
}

/// The whole number next to one; zero where there is none.
fn rounded(number: f64) -> i64 {
    format!("{:.0}", number.clamp(0.0, 1e9)).parse().unwrap_or(0)
}

/// Thousandths as a decimal number.
fn share(thousandths: i64) -> String {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};

    const CLOCK: &str = "[clocks.visit]\nfrom = \"requested_at\"\nto = \"arrived_at\"\n";

    fn with(timeliness: &str) -> String {
        format!(
            "[timeliness]\n{timeliness}\n{CLOCK}{TICKETS}arrived_at = \"到场\"\nresolved_at = \"解决\"\n{SURVEYS}\
             evaluator = \"谁\"\n[sources.surveys.dimensions]\nspeed = \"响应时效\"\noverall = \"总体\"\n"
        )
    }

    #[test]
    fn what_holds_where_the_plan_says_nothing() {
        let usual = plan(&with("")).timeliness;
        assert_eq!(usual.clocks, ["first_response", "start", "resolution"]);
        assert_eq!(
            (usual.dimension.as_str(), usual.evaluators.len(), usual.limits),
            ("timeliness", 0, [1500, 1000, 800, 500])
        );
        assert_eq!(plan(TICKETS).timeliness.limits, usual.limits);
    }

    #[test]
    fn everything_can_be_said() {
        let said = plan(&with(
            "clocks = [\"visit\", \"first_response\"]\ndimension = \"speed\"\nevaluators = [\"客户\", \"督导\"]\nfar_over = 2\n\
             over = 1.125\nunder = 0.9\nfar_under = 0.001",
        ))
        .timeliness;
        assert_eq!(said.clocks, ["first_response", "visit"]);
        assert_eq!(said.dimension, "speed");
        assert_eq!(said.evaluators, ["客户", "督导"]);
        assert_eq!(said.limits, [2000, 1125, 900, 1]);
        assert_eq!(plan(&with("evaluators = []\nclocks = \"visit\"")).timeliness.clocks, ["visit"]);
    }

    #[test]
    fn it_must_make_sense() {
        assert_eq!(
            check(&with(
                "clocks = [\"visits\", \"survey_return\", \"start\", \"start\"]\ndimension = \"sped\"\nevaluators = [\"a\", \"a\"]\n\
                 ovre = 1"
            )),
            [
                "2: `visits` is no clock | did you mean `visit`?",
                "2: `survey_return` is no clock of tickets | known here: first_response, start, resolution, visit",
                "2: `start` is named twice | name it once",
                "3: surveys have no dimension `sped` | did you mean `speed`?",
                "4: `a` is named twice | name each evaluator once; an empty list means all of them",
                "5: unknown key `ovre` in [timeliness] | did you mean `over`?",
            ]
        );
        assert_eq!(
            check(&with("evaluators = \"客户\"").replace("evaluator = \"谁\"\n", "")),
            ["2: nothing says who answered a survey, so none would count | \
              add evaluator = \"their name for it\" to [sources.surveys.columns], or remove the line"]
        );
        assert_eq!(
            check(&format!("[timeliness]\ndimension = \"speed\"\n{TICKETS}")),
            ["2: there are no surveys whose scores could be set against ours | \
              add [sources.surveys] with its dimensions, or remove the line"]
        );
        assert_eq!(
            check(&format!("[timeliness]\n{SURVEYS}")),
            ["1: there are no tickets whose timeliness could be scored | add [sources.tickets], or remove the section"]
        );
    }

    #[test]
    fn limits_fall() {
        let advice = "time used ÷ target, from far over to far under: usually 1.5, 1.0, 0.8 and 0.5";
        assert_eq!(
            check(&with("over = 1.5")),
            [format!("2: `far_over` must be larger than `over`, and 1.500 is not larger than 1.500 | {advice}")]
        );
        assert_eq!(
            check(&with("under = 0.4")),
            [format!("2: `under` must be larger than `far_under`, and 0.400 is not larger than 0.500 | {advice}")]
        );
        for wrong in ["0", "-1", "0.0005", "1.0001", "100.001", "1e9"] {
            assert_eq!(
                check(&with(&format!("far_over = {wrong}"))),
                ["2: `far_over` must be above 0 and at most 100, with three decimals at most | \
                  write the share of the target, such as 1.5 for half as long again"],
                "{wrong}"
            );
        }
        assert_eq!(plan(&with("far_over = 100")).timeliness.limits[0], 100_000);
    }
}
