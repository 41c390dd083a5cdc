//! `[breakdowns]`: what figures are split by.

use super::near::did_you_mean;
use super::reader::{Item, Section};
use super::types::Breakdowns;
use crate::schema::shared::{ALL, BREAKDOWNS, breakdown};

const SLA: [&str; 7] = ["service_type", "priority", "region", "branch", "team", "staff", "tenure_band"];
const SCORES: [&str; 4] = ["staff", "tenure_band", "team", "service_type"];

pub fn read(mut section: Section) -> Breakdowns {
    let breakdowns = Breakdowns {
        sla: section.get("sla").map_or(SLA.to_vec(), |item| names(&item, true)),
        scores: section.get("scores").map_or(SCORES.to_vec(), |item| names(&item, false)),
    };
    section.finish();
    breakdowns
}

fn names(item: &Item, of_tickets: bool) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (name, at) in item.texts().unwrap_or_default() {
        let wrong = |message: String, label: &str, help: String| item.problems.wrong(at.clone(), message, label, help);
        match breakdown(name) {
            Some(known) if of_tickets && !known.of_tickets => {
                wrong(
                    format!("tickets cannot be split by `{name}`"),
                    "only surveys have it",
                    "use it in `scores`".to_owned(),
                );
            }
            Some(known) if names.contains(&known.name) => {
                wrong(format!("`{name}` is named twice"), "again", "name it once".to_owned());
            }
            Some(known) => names.push(known.name),
            None if name == ALL => {
                wrong("`all` is always there".to_owned(), "not needed", "leave it out".to_owned());
            }
            None => {
                let known: Vec<&str> =
                    BREAKDOWNS.iter().filter(|known| known.of_tickets || !of_tickets).map(|known| known.name).collect();
                wrong(format!("unknown breakdown `{name}`"), "not known", did_you_mean(name, &known));
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{check, plan};

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
                 customer_tier, team, staff, tenure_band, product_model, evaluator",
            ]
        );
    }
}
