//! One line of `[sources.*.columns]`: where a column of ours comes from.

use toml::de::DeValue;

use super::reader::Item;
use super::theirs::{self, Theirs};
use super::types::{From, Mapping};
use super::{always, format};
use crate::schema::input::{InputColumn, Kind, SourceKind};

pub fn read<'t>(
    kind: SourceKind,
    column: &'static InputColumn,
    item: &Item<'t>,
    theirs: &mut Theirs<'t>,
) -> Option<Mapping> {
    let line = item.line();
    if !matches!(item.raw(), DeValue::Table(_)) {
        let from = first_of(item, item, theirs)?;
        return Some(Mapping { column, from, format: None, separator: None, line });
    }
    let mut section = item.section(format!("`{}`", item.key));
    let format_item = section.get("format");
    let format = format_item.as_ref().and_then(|format| format_of(column, format));
    let separator_item = section.get("separator");
    let value = section.get("value");
    let separator = match value {
        None => separator_item.as_ref().and_then(|separator| separator_of(column, separator)),
        Some(_) => None,
    };
    let (one, many, with) = (section.get("column"), section.get("columns"), section.get("join"));
    let from = match (&value, &one, &many) {
        (Some(value), ..) => {
            stands_alone([&one, &many, &with, &separator_item]);
            // Nothing can be said of a value whose format is wrong.
            let format_fine = format.is_some() == format_item.is_some();
            let value = format_fine.then(|| always::read(kind, column, value, format.as_deref()));
            value.flatten().map(From::Always)
        }
        (None, Some(one), None) => first_of(item, one, theirs),
        (None, None, Some(many)) => joined(many, with.as_ref()),
        (None, Some(_), Some(many)) => {
            many.problems.wrong(
                many.key_at.clone(),
                format!("`{}` has both `column` and `columns`", item.key),
                "one too many",
                "`column` takes the first name that a file has, `columns` puts all of them together",
            );
            None
        }
        (None, None, None) => {
            item.wrong(
                format!("`{}` does not say which column it comes from", item.key),
                "no `column` in here",
                "add column = \"their name for it\"",
            );
            None
        }
    };
    if let (Some(with), None, None) = (&with, &many, &value) {
        let at = with.key_at.clone();
        item.problems.wrong(at, "`join` needs `columns`", "nothing to join", "write columns = [\"one\", \"other\"]");
    }
    section.finish();
    Some(Mapping { column, from: from?, format, separator, line })
}

/// A value comes from no column.
fn stands_alone(others: [&Option<Item>; 4]) {
    for other in others.into_iter().flatten() {
        let message = format!("`{}` makes no sense beside `value`", other.key);
        other.problems.wrong(other.key_at.clone(), message, "one too many", "keep one of the two");
    }
}

fn first_of<'t>(ours: &Item<'t>, names: &Item<'t>, theirs: &mut Theirs<'t>) -> Option<From> {
    let names = theirs::alternatives(names)?;
    theirs.claim(ours.key, &names, ours.problems);
    Some(From::FirstOf(names.into_iter().map(|(name, _)| name.to_owned()).collect()))
}

/// Parts of a joined column may have a meaning of their own elsewhere.
fn joined(columns: &Item, with: Option<&Item>) -> Option<From> {
    let with = with.map_or(Some(" "), Item::text);
    let columns_named = theirs::columns(columns)?;
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
        return None;
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
    use crate::plan::testing::{TICKETS, check, plan};
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
            From::Always(value) => format!("={value}"),
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
