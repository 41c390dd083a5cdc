//! `[sources.*.columns]`: ours = theirs.

use std::ops::Range;

use super::dimensions::is_snake_case;
use super::mapping;
use super::near::{did_you_mean, nearest};
use super::reader::{Item, Section};
use super::theirs::Theirs;
use super::types::Mapping;
use crate::schema::input::{self, InputColumn, OWN_ENDING, SourceKind};

/// The columns of a source.
pub struct Columns {
    /// Sorted as the columns stand in the schema.
    pub mappings: Vec<Mapping>,
    /// Ours that are written, also where the mapping itself is wrong.
    pub written: Vec<&'static str>,
    /// Their header; that of the source where they have none.
    pub at: Option<Range<usize>>,
}

/// Reads the columns; `source_at` is the header of the source, in case they are missing altogether, and `own` are names
/// that clocks of the plan begin or end with and that are no columns of ours.
pub fn read<'t>(
    kind: SourceKind,
    section: &Section<'t>,
    source_at: Option<Range<usize>>,
    theirs: &mut Theirs<'t>,
    own: &[&str],
) -> Columns {
    let at = section.at.clone().or(source_at);
    let mut columns = Columns { mappings: Vec::new(), written: Vec::new(), at };
    for item in section.entries() {
        match kind.column(item.key) {
            Some(column) => {
                columns.written.push(column.name);
                columns.mappings.extend(mapping::read(kind, column, &item, theirs));
            }
            None if matches!(kind, SourceKind::Tickets | SourceKind::Surveys) && own.contains(&item.key) => {
                let column = own_time(&item);
                columns.written.push(column.name);
                columns.mappings.extend(mapping::read(kind, column, &item, theirs));
            }
            // The slip of a required column need not be reported as its absence, too.
            None => columns.written.extend(unknown_column(kind, section, &item)),
        }
    }
    // Those of the user's own stand last, in the order of the file.
    let place = |ours: &InputColumn| {
        kind.columns().iter().position(|column| column.name == ours.name).unwrap_or(kind.columns().len())
    };
    columns.mappings.sort_by_key(|mapping| place(mapping.column));
    check_required(kind, section, &columns);
    check_long(kind, section, &columns.written);
    columns
}

/// A time of the user's own. Readers know it by their first name for it.
fn own_time(item: &Item) -> &'static InputColumn {
    if !is_snake_case(item.key) || !item.key.ends_with(OWN_ENDING) {
        item.problems.wrong(
            item.key_at.clone(),
            format!("`{}` cannot name a moment", item.key),
            "not a name",
            "use small Latin letters, digits and `_`, with `_at` at the end: arrived_at = \"到达时间\"; here and in the \
             clock",
        );
    }
    let column = item.raw().as_table().and_then(|table| table.get("column")).map(toml::Spanned::get_ref);
    let names = column.unwrap_or(item.raw());
    let first = names.as_array().and_then(|names| names.first()).map_or(names, |first| first.get_ref());
    let label = first.as_str().map(str::trim).filter(|name| !name.is_empty() && !name.starts_with('@'));
    input::own_time(item.key, label.unwrap_or(item.key))
}

fn check_required(kind: SourceKind, section: &Section, columns: &Columns) {
    let (at, written) = (&columns.at, &columns.written);
    for column in kind.columns().iter().filter(|column| column.required && !written.contains(&column.name)) {
        section.problems.missing(
            at.clone(),
            format!("`{}` is not mapped in {}", column.name, section.title),
            format!("write {} = \"their name for it\", such as \"{}\"", column.name, column.label.zh),
        );
    }
    if kind == SourceKind::Surveys && !written.contains(&"ticket_id") && !written.contains(&"staff_id") {
        section.problems.missing(
            at.clone(),
            format!("neither `ticket_id` nor `staff_id` is mapped in {}", section.title),
            "a survey must say which ticket or which staff it is about: map one of the two",
        );
    }
    if kind == SourceKind::Actions {
        check_due(section, columns);
    }
}

/// A measure is due on a day, or so many working days after it was decided on.
fn check_due(section: &Section, columns: &Columns) {
    let written = |name| columns.written.contains(&name);
    if !written("due_on") && !written("due_days") {
        section.problems.missing(
            columns.at.clone(),
            format!("neither `due_on` nor `due_days` is mapped in {}", section.title),
            "a measure has a day on which it is due, or a number of working days after created_on: map one of the two",
        );
    } else if written("due_days") && !written("created_on") {
        section.problems.missing(
            columns.at.clone(),
            format!("`due_days` is mapped in {}, but not `created_on`", section.title),
            "working days count from the day on which the measure was decided on: map created_on, too",
        );
    }
}

/// Surveys with a row an answer have a column that says what is scored, and one that holds the score.
fn check_long(kind: SourceKind, section: &Section, written: &[&str]) {
    if kind != SourceKind::Surveys {
        return;
    }
    for (one, other, help) in [
        (
            "dimension",
            "score",
            "a survey with a row an answer has both: map `score`, too; where each dimension is a column, list them in \
             [sources.surveys.dimensions] instead",
        ),
        (
            "score",
            "dimension",
            "a survey with a row an answer has both: map `dimension`, too; where each dimension is a column, write \
             overall = \"their name for it\" in [sources.surveys.dimensions] instead",
        ),
    ] {
        if written.contains(&one)
            && !written.contains(&other)
            && let Some(entry) = section.entries().into_iter().find(|entry| entry.key == one)
        {
            let message = format!("`{one}` is mapped without `{other}`");
            section.problems.wrong(entry.key_at.clone(), message, "half of an answer", help);
        }
    }
}

/// Notes it, and gives the column that was probably meant.
fn unknown_column(kind: SourceKind, section: &Section, item: &Item) -> Option<&'static str> {
    let names: Vec<&'static str> = kind.columns().iter().map(|column| column.name).collect();
    let by_label = || kind.columns().iter().find(|c| c.label.zh == item.key || c.label.en == item.key).map(|c| c.name);
    let swapped = item.raw().as_str().and_then(|theirs| kind.column(theirs)).map(|column| column.name);
    let near = nearest(item.key, names.iter().copied()).or_else(by_label);
    let help = match (swapped, near) {
        (Some(ours), _) => format!("ours comes first: {ours} = \"{}\"", item.key),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        _ if kind == SourceKind::Surveys && item.key == "overall" => {
            "it is a dimension: map it in [sources.surveys.dimensions]".to_owned()
        }
        _ => did_you_mean(item.key, &names),
    };
    let message = format!("unknown column `{}` in {}", item.key, section.title);
    item.problems.wrong(item.key_at.clone(), message, "not one of ours", help);
    swapped.or(near)
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
    use crate::schema::input::SourceKind;

    fn with(columns: &str) -> Vec<String> {
        check(&format!("{TICKETS}{columns}\n"))
    }

    #[test]
    fn mappings_stand_in_the_order_of_the_schema() {
        let plan = plan(&format!("{TICKETS}visits = \"v\"\nstatus = \"s\"\n"));
        let names: Vec<_> = plan.sources[&SourceKind::Tickets].columns.iter().map(|m| m.column.name).collect();
        assert_eq!(names, ["ticket_id", "requested_at", "status", "visits"]);
    }

    #[test]
    fn unknown_columns_are_guessed() {
        assert_eq!(
            with("resolve_at = \"a\"\n区域 = \"b\"\n\"所属网点\" = \"branch\""),
            [
                "6: unknown column `resolve_at` in [sources.tickets.columns] | did you mean `resolved_at`?",
                "7: unknown column `区域` in [sources.tickets.columns] | did you mean `region`?",
                "8: unknown column `所属网点` in [sources.tickets.columns] | ours comes first: branch = \"所属网点\"",
            ]
        );
        assert_eq!(
            check(&format!("{TICKETS}{SURVEYS}[sources.surveys.columns.overall]\n")),
            ["11: unknown column `overall` in [sources.surveys.columns] | \
              it is a dimension: map it in [sources.surveys.dimensions]"]
        );
    }

    #[test]
    fn required_columns_are_asked_for_once() {
        assert_eq!(
            check("[sources.tickets]\nfiles = \"t.csv\"\n"),
            [
                "1: `ticket_id` is not mapped in [sources.tickets.columns] | \
                 write ticket_id = \"their name for it\", such as \"服务工单号\"",
                "1: `requested_at` is not mapped in [sources.tickets.columns] | \
                 write requested_at = \"their name for it\", such as \"客户提出需求时间\"",
            ]
        );
        assert_eq!(
            check(&TICKETS.replace("requested_at", "requestd_at")),
            ["5: unknown column `requestd_at` in [sources.tickets.columns] | did you mean `requested_at`?"]
        );
        assert_eq!(
            check(&format!("{TICKETS}{}", SURVEYS.replace("ticket_id", "evaluator"))),
            ["8: neither `ticket_id` nor `staff_id` is mapped in [sources.surveys.columns] | \
              a survey must say which ticket or which staff it is about: map one of the two"]
        );
    }
}
