//! `[sources.*.columns]`: ours = theirs.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::DeValue;

use super::errors::Problem;
use super::format;
use super::near::{did_you_mean, nearest};
use super::reader::{Item, Problems, Section, Text};
use super::types::{From, Mapping};
use crate::schema::input::{InputColumn, Kind, SourceKind};

/// Their columns that already have a meaning in a source: our name for each, and where that is written.
#[derive(Debug, Default)]
pub struct Theirs<'t>(BTreeMap<&'t str, (&'t str, Range<usize>)>);

impl<'t> Theirs<'t> {
    /// Notes a problem if one of their columns means something else already.
    pub fn claim(&mut self, ours: &'t str, names: &[Text<'t>], problems: &Problems) {
        for (name, at) in names {
            let Some((before, first)) = self.0.insert(name, (ours, at.clone())) else {
                continue;
            };
            let document = &problems.document;
            let (message, help) = if before == ours {
                (format!("`{name}` is named twice for `{ours}`"), "name it once")
            } else {
                let lines = (document.line(first.start), document.line(at.start));
                (
                    format!(
                        "their column `{name}` is mapped to `{before}` and `{ours}`, on lines {} and {}",
                        lines.0, lines.1
                    ),
                    "map it to one of ours; remove the other line",
                )
            };
            let problem = Problem::new(document, message).mark(at.clone(), "again").mark(first, "first").help(help);
            problems.note(problem);
        }
    }
}

/// The columns of a source.
pub struct Columns {
    /// Sorted as the columns stand in the schema.
    pub mappings: Vec<Mapping>,
    /// Ours that are written, also where the mapping itself is wrong.
    pub written: Vec<&'static str>,
}

/// Reads the columns; `source_at` is the header of the source, in case they are missing altogether.
pub fn read<'t>(
    kind: SourceKind,
    section: &Section<'t>,
    source_at: Option<Range<usize>>,
    theirs: &mut Theirs<'t>,
) -> Columns {
    let mut columns = Columns { mappings: Vec::new(), written: Vec::new() };
    for item in section.entries() {
        match kind.column(item.key) {
            Some(column) => {
                columns.written.push(column.name);
                columns.mappings.extend(mapping(column, &item, theirs));
            }
            // The slip of a required column need not be reported as its absence, too.
            None => columns.written.extend(unknown_column(kind, section, &item)),
        }
    }
    let place = |ours: &InputColumn| kind.columns().iter().position(|column| column.name == ours.name);
    columns.mappings.sort_by_key(|mapping| place(mapping.column));
    check_required(kind, section, source_at, &columns.written);
    columns
}

fn check_required(kind: SourceKind, section: &Section, source_at: Option<Range<usize>>, written: &[&str]) {
    let at = section.at.clone().or(source_at);
    for column in kind.columns().iter().filter(|column| column.required && !written.contains(&column.name)) {
        section.problems.missing(
            at.clone(),
            format!("`{}` is not mapped in {}", column.name, section.title),
            format!("write {} = \"their name for it\", such as \"{}\"", column.name, column.label.zh),
        );
    }
    if kind == SourceKind::Surveys && !written.contains(&"ticket_id") && !written.contains(&"staff_id") {
        section.problems.missing(
            at,
            format!("neither `ticket_id` nor `staff_id` is mapped in {}", section.title),
            "a survey must say which ticket or which staff it is about: map one of the two",
        );
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

fn mapping<'t>(column: &'static InputColumn, item: &Item<'t>, theirs: &mut Theirs<'t>) -> Option<Mapping> {
    let line = item.line();
    if !matches!(item.raw(), DeValue::Table(_)) {
        let from = first_of(item, item, theirs)?;
        return Some(Mapping { column, from, format: None, separator: None, line });
    }
    let mut section = item.section(format!("`{}`", item.key));
    let format = section.get("format").and_then(|format| format_of(column, &format));
    let separator = section.get("separator").and_then(|separator| separator_of(column, &separator));
    let (one, many, with) = (section.get("column"), section.get("columns"), section.get("join"));
    let from = match (&one, &many) {
        (Some(one), None) => first_of(item, one, theirs),
        (None, Some(many)) => joined(many, with.as_ref()),
        (Some(_), Some(many)) => {
            many.problems.wrong(
                many.key_at.clone(),
                format!("`{}` has both `column` and `columns`", item.key),
                "one too many",
                "`column` takes the first name that a file has, `columns` puts all of them together",
            );
            None
        }
        (None, None) => {
            item.wrong(
                format!("`{}` does not say which column it comes from", item.key),
                "no `column` in here",
                "add column = \"their name for it\"",
            );
            None
        }
    };
    if let (Some(with), None) = (&with, &many) {
        let at = with.key_at.clone();
        item.problems.wrong(at, "`join` needs `columns`", "nothing to join", "write columns = [\"one\", \"other\"]");
    }
    section.finish();
    Some(Mapping { column, from: from?, format, separator, line })
}

fn first_of<'t>(ours: &Item<'t>, names: &Item<'t>, theirs: &mut Theirs<'t>) -> Option<From> {
    let names = names.names()?;
    theirs.claim(ours.key, &names, ours.problems);
    Some(From::FirstOf(names.into_iter().map(|(name, _)| name.to_owned()).collect()))
}

/// Parts of a joined column may have a meaning of their own elsewhere.
fn joined(columns: &Item, with: Option<&Item>) -> Option<From> {
    let with = with.map_or(Some(" "), Item::text);
    let columns_named = columns.names()?;
    if columns_named.len() < 2 {
        columns.wrong("there is only one column to join", "only one", "name two or more, or write `column`");
        return None;
    }
    let columns = columns_named.into_iter().map(|(name, _)| name.to_owned()).collect();
    Some(From::Joined { columns, with: with?.to_owned() })
}

fn format_of(column: &InputColumn, item: &Item) -> Option<String> {
    if !matches!(column.kind, Kind::Time | Kind::Date) {
        let message = format!("`{}` is no time, so it has no `format`", column.name);
        item.problems.wrong(item.key_at.clone(), message, "only for times and dates", "remove `format`");
        return None;
    }
    let text = item.name()?;
    if let Err(wrong) = format::check(text) {
        item.wrong(wrong.message, "not a format of times", wrong.help);
    }
    Some(text.to_owned())
}

fn separator_of(column: &InputColumn, item: &Item) -> Option<String> {
    if column.kind != Kind::Codes {
        let message = format!("`{}` holds one value a cell, so it has no `separator`", column.name);
        item.problems.wrong(item.key_at.clone(), message, "only for codes", "remove `separator`");
        return None;
    }
    let text = item.text()?;
    if text.is_empty() {
        item.wrong("the separator is empty", "empty", "write what stands between two codes, or leave it out");
    }
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
    use crate::plan::types::From;
    use crate::schema::input::SourceKind;

    fn with(columns: &str) -> Vec<String> {
        check(&format!("{TICKETS}{columns}\n"))
    }

    fn from(column: &str, text: &str) -> String {
        let plan = plan(&format!("{TICKETS}{text}\n"));
        let mapping = plan.sources[&SourceKind::Tickets].mapping(column).unwrap();
        let from = match &mapping.from {
            From::FirstOf(names) => names.join("|"),
            From::Joined { columns, with } => columns.join(with),
        };
        format!("{from} {:?} {:?} {}", mapping.format, mapping.separator, mapping.line)
    }

    #[test]
    fn all_forms_are_read() {
        assert_eq!(from("region", "region = \" 区域 \""), "区域 None None 6");
        assert_eq!(from("region", "region = [\"区域\", \"大区\"]"), "区域|大区 None None 6");
        assert_eq!(
            from("resolved_at", "resolved_at = { column = [\"a\", \"b\"], format = \"%d/%m/%Y\" }"),
            "a|b Some(\"%d/%m/%Y\") None 6"
        );
        assert_eq!(
            from("fault_codes", "fault_codes = { column = \"a\", separator = \"、\" }"),
            "a None Some(\"、\") 6"
        );
        assert_eq!(
            from("product_model", "product_model = { columns = [\"品牌\", \"车型\"], join = \"-\" }"),
            "品牌-车型 None None 6"
        );
        assert_eq!(
            from("product_model", "[sources.tickets.columns.product_model]\ncolumns = [\"a\", \"b\"]"),
            "a b None None 6"
        );
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

    #[test]
    fn one_of_theirs_means_one_thing() {
        assert_eq!(
            with("staff_id = \"姓名\"\nstaff_name = [\"名字\", \"姓名\"]\nregion = [\"a\", \"a\"]"),
            [
                "7: their column `姓名` is mapped to `staff_id` and `staff_name`, on lines 6 and 7 | \
                 map it to one of ours; remove the other line",
                "8: `a` is named twice for `region` | name it once",
            ]
        );
        assert_eq!(with("region = \"a\"\nbranch = { columns = [\"a\", \"b\"] }"), [""; 0]);
    }

    #[test]
    fn tables_must_make_sense() {
        assert_eq!(
            with(
                "region = { colum = \"a\" }\nbranch = { column = \"b\", columns = [\"c\", \"d\"] }\n\
                 status = { columns = [\"e\"] }\nchannel = { column = \"f\", join = \" \" }\nvisits = 5\npriority = []"
            ),
            [
                "6: `region` does not say which column it comes from | add column = \"their name for it\"",
                "6: unknown key `colum` | did you mean `column`?",
                "7: `branch` has both `column` and `columns` | \
                 `column` takes the first name that a file has, `columns` puts all of them together",
                "8: there is only one column to join | name two or more, or write `column`",
                "9: `join` needs `columns` | write columns = [\"one\", \"other\"]",
                "10: `visits` must be a string or a list of strings, not a whole number | ",
                "11: `priority` is an empty list | name one at least",
            ]
        );
    }

    #[test]
    fn format_and_separator_stand_where_they_belong() {
        assert_eq!(
            with(
                "region = { column = \"a\", format = \"%Y-%m-%d\" }\nbranch = { column = \"b\", separator = \";\" }\n\
                 fault_codes = { column = \"c\", separator = \"\" }\nclosed_at = { column = \"d\", format = \"%Y-%M-%d\" }"
            ),
            [
                "6: `region` is no time, so it has no `format` | remove `format`",
                "7: `branch` holds one value a cell, so it has no `separator` | remove `separator`",
                "8: the separator is empty | write what stands between two codes, or leave it out",
                "9: the format `%Y-%M-%d` has no month | add `%m` or `%b`; `%M` is the minute",
            ]
        );
    }
}
