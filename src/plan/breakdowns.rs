//! `[breakdowns]`: what figures are split by.

use super::near::did_you_mean;
use super::reader::{Item, Section};
use super::sources::Sources;
use super::types::Breakdowns;
use crate::schema::shared::{ALL, BREAKDOWNS, breakdown};

const SLA: [&str; 7] = ["service_type", "priority", "region", "branch", "team", "staff", "tenure_band"];
const SCORES: [&str; 4] = ["staff", "tenure_band", "team", "service_type"];

const FIXES: [&str; 3] = ["service_type", "product_model", "staff"];

const COMPLAINTS: [&str; 4] = ["service_type", "branch", "team", "product_model"];

const OPINIONS: [&str; 3] = ["service_type", "branch", "product_model"];
const OPINIONS_ALONE: [&str; 1] = ["team"];

/// What fixes and complaints can be split by: what faults know of their tickets.
const OF_FAULTS: [&str; 7] = ["service_type", "region", "branch", "team", "staff", "tenure_band", "product_model"];

/// What scores can be split by where there are surveys alone: the rest is known of their tickets.
const OF_SURVEYS: [&str; 4] = ["team", "staff", "tenure_band", "evaluator"];

/// What is split.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Split {
    Tickets,
    /// Scores of surveys whose tickets are known, too.
    Scores,
    ScoresAlone,
    /// Fixes and complaints: tickets whose faults are counted, too.
    Faults,
}

impl Split {
    fn can_be_by(self, name: &str) -> bool {
        match self {
            Self::Tickets => breakdown(name).is_some_and(|known| known.of_tickets),
            Self::Scores => true,
            Self::ScoresAlone => OF_SURVEYS.contains(&name),
            Self::Faults => OF_FAULTS.contains(&name),
        }
    }
}

pub fn read(mut section: Section, sources: &Sources) -> Breakdowns {
    let alone = sources.surveys_only();
    let scores = if alone { Split::ScoresAlone } else { Split::Scores };
    let usual = |usual: &[&'static str], split: Split| usual.iter().copied().filter(|n| split.can_be_by(n)).collect();
    let breakdowns = Breakdowns {
        sla: match section.get("sla") {
            Some(item) => of_tickets(&item, Split::Tickets, alone),
            None if alone => Vec::new(),
            None => usual(&SLA, Split::Tickets),
        },
        fixes: match section.get("fixes") {
            Some(item) => of_tickets(&item, Split::Faults, alone),
            None if alone => Vec::new(),
            None => usual(&FIXES, Split::Faults),
        },
        complaints: match section.get("complaints") {
            Some(item) => of_tickets(&item, Split::Faults, alone),
            None if alone => Vec::new(),
            None => usual(&COMPLAINTS, Split::Faults),
        },
        opinions: match section.get("opinions") {
            Some(item) => names(&item, if alone { Split::ScoresAlone } else { Split::Tickets }),
            None if alone => usual(&OPINIONS_ALONE, Split::ScoresAlone),
            None => usual(&OPINIONS, Split::Tickets),
        },
        scores: section.get("scores").map_or_else(|| usual(&SCORES, scores), |item| names(&item, scores)),
    };
    section.finish();
    breakdowns
}

fn of_tickets(item: &Item, split: Split, none: bool) -> Vec<&'static str> {
    let names = names(item, split);
    if none && !names.is_empty() {
        let at = item.key_at.clone();
        item.problems.wrong(
            at,
            "there are no tickets to split",
            "no tickets",
            format!("add [sources.tickets], or remove `{}`", item.key),
        );
    }
    names
}

fn names(item: &Item, split: Split) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (name, at) in item.texts().unwrap_or_default() {
        let wrong = |message: String, label: &str, help: String| item.problems.wrong(at.clone(), message, label, help);
        match breakdown(name) {
            Some(known) if !split.can_be_by(known.name) => match split {
                Split::Tickets => wrong(
                    format!("tickets cannot be split by `{name}`"),
                    "only surveys have it",
                    "use it in `scores`".to_owned(),
                ),
                Split::Faults => wrong(
                    format!("{} cannot be split by `{name}`", item.key),
                    "not a column of faults",
                    format!("known here: {}", OF_FAULTS.join(", ")),
                ),
                _ => wrong(
                    format!("scores cannot be split by `{name}` without tickets"),
                    "only tickets have it",
                    "add [sources.tickets], or remove it".to_owned(),
                ),
            },
            Some(known) if names.contains(&known.name) => {
                wrong(format!("`{name}` is named twice"), "again", "name it once".to_owned());
            }
            Some(known) => names.push(known.name),
            None if name == ALL => {
                wrong("`all` is always there".to_owned(), "not needed", "leave it out".to_owned());
            }
            None => {
                let known: Vec<&str> =
                    BREAKDOWNS.iter().map(|known| known.name).filter(|known| split.can_be_by(known)).collect();
                wrong(format!("unknown breakdown `{name}`"), "not known", did_you_mean(name, &known));
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, check, plan};

    #[test]
    fn the_usual_breakdowns_are_breakdowns() {
        let usual = plan("").breakdowns;
        let written = plan(&format!("[breakdowns]\nsla = {:?}\nscores = {:?}\n", usual.sla, usual.scores)).breakdowns;
        assert_eq!((written.sla, written.scores), (usual.sla, usual.scores));
    }

    #[test]
    fn others_are_told() {
        assert_eq!(
            check(
                "[breakdowns]\nsla = [\"stuff\", \"evaluator\", \"all\", \"region\", \"region\"]\nscores = [\"evaluator\", \"weather\"]\n"
            ),
            [
                "2: unknown breakdown `stuff` | did you mean `staff`?",
                "2: tickets cannot be split by `evaluator` | use it in `scores`",
                "2: `all` is always there | leave it out",
                "2: `region` is named twice | name it once",
                "3: unknown breakdown `weather` | known here: service_type, priority, region, branch, channel, \
                 customer_tier, team, staff, tenure_band, product_model, breach, evaluator",
            ]
        );
    }

    #[test]
    fn without_tickets_scores_are_split_by_what_surveys_know() {
        let usual = plan(SURVEYS).breakdowns;
        assert_eq!((usual.sla, usual.scores), (vec![], vec!["staff", "tenure_band", "team"]));
        assert_eq!(
            check(&format!("{SURVEYS}[breakdowns]\nsla = [\"staff\"]\nscores = [\"evaluator\", \"channel\", \"x\"]\n")),
            [
                "7: there are no tickets to split | add [sources.tickets], or remove `sla`",
                "8: scores cannot be split by `channel` without tickets | add [sources.tickets], or remove it",
                "8: unknown breakdown `x` | known here: team, staff, tenure_band, evaluator",
            ]
        );
    }
}
