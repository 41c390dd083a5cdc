//! Names of their columns: which ones a plan may write, and what each of them means already.

use std::collections::BTreeMap;
use std::ops::Range;

use super::errors::Problem;
use super::reader::{Item, Problems, Text};
use super::types::{AT_FILE, AT_ROW, AT_SHEET};

/// Columns that every table has, besides those of the file.
const EVERYWHERE: [&str; 3] = [AT_FILE, AT_SHEET, AT_ROW];

/// Whether every table has a column of this name.
pub fn is_everywhere(name: &str) -> bool {
    EVERYWHERE.contains(&name)
}

/// The names of one or more columns.
pub fn columns<'t>(item: &Item<'t>) -> Option<Vec<Text<'t>>> {
    let names = item.names()?;
    // All of them are looked at, so that all wrong ones are noted.
    let wrong = names.iter().filter(|(name, at)| !check(name, at, item.problems)).count();
    (wrong == 0).then_some(names)
}

/// The names of columns of which the first present one is taken.
pub fn alternatives<'t>(item: &Item<'t>) -> Option<Vec<Text<'t>>> {
    let names = columns(item)?;
    for pair in names.windows(2) {
        if let [(name, at), (next, _)] = pair
            && is_everywhere(name)
        {
            item.problems.wrong(
                at.clone(),
                format!("every table has `{name}`, so `{next}` is never looked for"),
                "always there",
                format!("put `{name}` last, or remove one of the two"),
            );
            return None;
        }
    }
    Some(names)
}

/// Notes a name that begins like a column of every table, but is none.
pub fn check(name: &str, at: &Range<usize>, problems: &Problems) -> bool {
    let known = !name.starts_with('@') || is_everywhere(name);
    if !known {
        let [file, sheet, row] = EVERYWHERE;
        problems.wrong(
            at.clone(),
            format!("`{name}` is no column of every table"),
            "not known",
            format!("`@` begins the names of columns that every table has: `{file}`, `{sheet}` and `{row}`"),
        );
    }
    known
}

/// Their names that already have a meaning in a source: our name for each, and where that is written.
#[derive(Debug)]
pub struct Theirs<'t> {
    /// What they are names of: words before and after the name.
    what: [&'static str; 2],
    taken: BTreeMap<&'t str, (&'t str, Range<usize>)>,
}

impl<'t> Theirs<'t> {
    /// Columns of the files.
    pub fn columns() -> Self {
        Self { what: ["their column ", ""], taken: BTreeMap::new() }
    }

    /// Values of the column that says which dimension a row scores.
    pub fn dimensions() -> Self {
        Self { what: ["the value ", " of `dimension`"], taken: BTreeMap::new() }
    }

    /// Notes a problem if one of their names means something else already. Columns that every table has may mean many
    /// things.
    pub fn claim(&mut self, ours: &'t str, names: &[Text<'t>], problems: &Problems) {
        for (name, at) in names {
            if is_everywhere(name) {
                continue;
            }
            let Some((before, first)) = self.taken.insert(name, (ours, at.clone())) else {
                continue;
            };
            let document = &problems.document;
            let (message, help) = if before == ours {
                (format!("`{name}` is named twice for `{ours}`"), "name it once")
            } else {
                let lines = (document.line(first.start), document.line(at.start));
                let [before_name, after_name] = self.what;
                (
                    format!(
                        "{before_name}`{name}`{after_name} is mapped to `{before}` and `{ours}`, on lines {} and {}",
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

#[cfg(test)]
mod tests {
    use crate::plan::testing::{TICKETS, check};

    fn with(columns: &str) -> Vec<String> {
        check(&format!("{TICKETS}{columns}\n"))
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
    fn columns_of_every_table_may_mean_many_things() {
        assert_eq!(
            with(
                "region = \"@sheet\"\nbranch = [\"网点\", \"@sheet\"]\nchannel = { columns = [\"@file\", \"@row\"] }\n\
                 closed_at = { column = \"@file\", format = \"%Y%m%d\" }"
            ),
            [""; 0]
        );
        let three = "`@` begins the names of columns that every table has: `@file`, `@sheet` and `@row`";
        assert_eq!(
            with("region = \"@sheets\"\nbranch = { columns = [\"@\", \"b\"] }\nchannel = [\"@sheet\", \"渠道\"]"),
            [
                format!("6: `@sheets` is no column of every table | {three}"),
                format!("7: `@` is no column of every table | {three}"),
                "8: every table has `@sheet`, so `渠道` is never looked for | put `@sheet` last, or remove one of the \
                 two"
                .to_owned(),
            ]
        );
    }
}
