//! `[sources.*.values.*]`: their values = ours.

use std::collections::BTreeMap;

use super::columns::Columns;
use super::near::did_you_mean;
use super::reader::Section;
use crate::schema::input::{Kind, SourceKind};

pub fn read(
    kind: SourceKind,
    section: &Section,
    columns: &Columns,
) -> BTreeMap<&'static str, BTreeMap<String, String>> {
    let mut values = BTreeMap::new();
    for item in section.entries() {
        let wrong = |message: String, label: &str, help: String| {
            item.problems.wrong(item.key_at.clone(), message, label, help);
        };
        match kind.column(item.key) {
            // A time of the user's own.
            None if columns.written.contains(&item.key) => wrong(
                format!("values of `{}` are not translated", item.key),
                "not a column of few distinct values",
                "remove the section".to_owned(),
            ),
            None => {
                let names: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
                let message = format!("unknown column `{}` in {}", item.key, section.title);
                wrong(message, "not one of ours", did_you_mean(item.key, &names));
            }
            Some(column) if !columns.written.contains(&column.name) => wrong(
                format!("`{}` has values, but is not mapped", column.name),
                "not mapped",
                format!("add {} = \"their name for it\" to [sources.{}.columns]", column.name, kind.name()),
            ),
            Some(column) if (kind, column.name) == (SourceKind::Surveys, "dimension") => wrong(
                "values of `dimension` are named with the dimensions".to_owned(),
                "named elsewhere",
                "write attitude = \"服务态度\", ours = theirs, in [sources.surveys.dimensions]".to_owned(),
            ),
            Some(column) if column.kind != Kind::Category => wrong(
                format!("values of `{}` are not translated", column.name),
                "not a column of few distinct values",
                "remove the section".to_owned(),
            ),
            Some(column) => {
                let entries = item.section(item.key).entries();
                let pairs =
                    entries.iter().filter_map(|entry| Some((entry.key.trim().to_owned(), entry.name()?.to_owned())));
                values.insert(column.name, pairs.collect());
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, TICKETS, check};

    #[test]
    fn values_belong_to_mapped_columns_of_few_values() {
        assert_eq!(
            check(&format!(
                "{TICKETS}status = \"状态\"\nserial_number = \"序列号\"\n[sources.tickets.values.status]\n已完成 = 1\n\
                 待定 = \"\"\n[sources.tickets.values.region]\n[sources.tickets.values.regoin]\n\
                 [sources.tickets.values.serial_number]\n"
            )),
            [
                "9: `已完成` must be a string, not a whole number | ",
                "10: `待定` is empty | write something between the quotes, or remove it",
                "11: `region` has values, but is not mapped | \
                 add region = \"their name for it\" to [sources.tickets.columns]",
                "12: unknown column `regoin` in [sources.tickets.values] | did you mean `region`?",
                "13: values of `serial_number` are not translated | remove the section",
            ]
        );
        assert_eq!(
            check(&format!(
                "{TICKETS}{SURVEYS}dimension = \"a\"\nscore = \"b\"\n[sources.surveys.dimensions]\nc = \"d\"\n\
                 [sources.surveys.values.dimension]\nd = \"e\"\n"
            )),
            ["15: values of `dimension` are named with the dimensions | \
              write attitude = \"服务态度\", ours = theirs, in [sources.surveys.dimensions]"]
        );
    }
}
