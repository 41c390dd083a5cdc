//! `carry` of a source: their columns that the fact has, too, under their own names.

use std::ops::Range;

use super::reader::{Item, Problems};
use super::theirs;
use crate::schema::Table;
use crate::schema::facts::{DIM_STAFF, FACT_ACTION, FACT_SURVEY, FACT_TICKET, FACT_UNITS};
use crate::schema::input::SourceKind;

/// One of their columns that is carried, and where the plan says so.
pub struct Carried {
    pub kind: SourceKind,
    pub name: String,
    at: Range<usize>,
}

/// Notes the carried columns whose names clocks, dimensions or times of the user's own have taken; `taken` are those of a source.
pub fn check(carried: &[Carried], taken: impl Fn(SourceKind) -> Vec<&'static str>, problems: &Problems) {
    for kind in [SourceKind::Tickets, SourceKind::Surveys] {
        let taken = taken(kind);
        for carried in carried.iter().filter(|carried| carried.kind == kind) {
            let column = taken.iter().find(|column| same(column, &carried.name));
            if let (Some(column), Some(fact)) = (column, fact(kind)) {
                let message = format!("`{}` has a column `{column}` already", fact.name);
                problems.wrong(
                    carried.at.clone(),
                    message,
                    "taken",
                    "leave it out, or give the clock or moment of the plan another name",
                );
            }
        }
    }
}

pub fn read(kind: SourceKind, item: &Item) -> Vec<Carried> {
    let Some(fact) = fact(kind) else {
        let message = format!("{} have no table of their own to carry columns into", kind.name());
        item.problems.wrong(item.key_at.clone(), message, "no such table", "remove `carry`");
        return Vec::new();
    };
    let mut carried: Vec<Carried> = Vec::new();
    for (name, at) in theirs::columns(item).unwrap_or_default() {
        let wrong = |message: String, label: &str, help: String| item.problems.wrong(at.clone(), message, label, help);
        if let Some(column) = fact.columns.iter().find(|column| same(column.name, name)) {
            let help = match kind.column(column.name) {
                Some(ours) => {
                    format!("to fill that one, write {} = \"{name}\" in [sources.{}.columns]", ours.name, kind.name())
                }
                None => "leave it out: the review fills that one itself".to_owned(),
            };
            wrong(format!("`{}` has a column `{}` already", fact.name, column.name), "taken", help);
        } else if let Some(before) = carried.iter().map(|c| &c.name).find(|before| same(before, name)) {
            let (message, help) = if before == name {
                (format!("`{name}` is carried twice"), "name it once")
            } else {
                (
                    format!("`{before}` and `{name}` differ in capital letters only"),
                    "most BI tools take them for one column: carry one of the two",
                )
            };
            wrong(message, "again", help.to_owned());
        } else {
            carried.push(Carried { kind, name: name.to_owned(), at });
        }
    }
    carried
}

/// The table that has a row for each row of a source.
fn fact(kind: SourceKind) -> Option<&'static Table> {
    match kind {
        SourceKind::Tickets => Some(&FACT_TICKET),
        SourceKind::Surveys => Some(&FACT_SURVEY),
        SourceKind::Staff => Some(&DIM_STAFF),
        SourceKind::Actions => Some(&FACT_ACTION),
        SourceKind::Units => Some(&FACT_UNITS),
        SourceKind::Pauses => None,
    }
}

/// BI tools do not tell columns apart by capital letters.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
    use crate::schema::input::SourceKind;

    fn with(carry: &str) -> String {
        TICKETS.replace("files = \"t.csv\"", &format!("files = \"t.csv\"\ncarry = {carry}"))
    }

    #[test]
    fn columns_are_carried_in_the_order_of_the_file() {
        let plan = plan(&with("[\"made_sla\", \"@sheet\", \"单号\", \"@file\"]"));
        assert_eq!(plan.sources[&SourceKind::Tickets].carry, ["made_sla", "@sheet", "单号", "@file"]);
    }

    #[test]
    fn answers_to_dimensions_have_columns_already() {
        let surveys =
            SURVEYS.replace("[sources.surveys.columns]", "carry = [\"Score_speed\"]\n[sources.surveys.columns]");
        assert_eq!(
            check(&format!("{TICKETS}{surveys}[sources.surveys.dimensions]\nspeed = \"x\"\n")),
            ["8: `fact_survey` has a column `score_speed` already | \
              leave it out, or give the clock or moment of the plan another name"]
        );
    }

    #[test]
    fn carried_columns_have_names_of_their_own() {
        assert_eq!(
            check(&with("[\"Region\", \"a\", \"a\", \"A\", \"@line\", \"\"]")),
            ["3: `carry` has an empty text | "]
        );
        assert_eq!(
            check(&with("[\"Region\", \"month\", \"a\", \"a\", \"A\"]")),
            [
                "3: `fact_ticket` has a column `region` already | \
                 to fill that one, write region = \"Region\" in [sources.tickets.columns]",
                "3: `fact_ticket` has a column `month` already | leave it out: the review fills that one itself",
                "3: `a` is carried twice | name it once",
                "3: `a` and `A` differ in capital letters only | \
                 most BI tools take them for one column: carry one of the two",
            ]
        );
        assert_eq!(
            check(&with("[\"@line\"]")),
            ["3: `@line` is no column of every table | \
              `@` begins the names of columns that every table has: `@file`, `@sheet` and `@row`"]
        );
    }
}
