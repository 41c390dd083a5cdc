//! `[sources.*.where]`: which rows are read. All lines must hold.

use toml::de::DeValue;

use super::reader::{Item, Section};
use super::types::{Condition, Test};
use super::{reading, theirs};

const EXAMPLE: &str = "write what the cell must be: is, not, like, filled, min or max; such as { not = \"测试\" }";

/// Reads the conditions; `missing` are the texts that count as an empty cell.
pub fn read(section: &Section, missing: &[String]) -> Vec<Condition> {
    section.entries().iter().flat_map(|entry| conditions(entry, missing)).collect()
}

/// The tests of one column.
fn conditions(entry: &Item, missing: &[String]) -> Vec<Condition> {
    let name = entry.key.trim();
    if name.is_empty() {
        let at = entry.key_at.clone();
        entry.problems.wrong(at, "a condition without column", "empty", "write the name of their column");
    } else {
        theirs::check(name, &entry.key_at, entry.problems);
    }
    let mut columns = vec![name.to_owned()];
    let mut tests = Vec::new();
    match entry.raw() {
        DeValue::String(_) | DeValue::Array(_) => tests.extend(texts(entry, missing).map(Test::OneOf)),
        DeValue::Table(_) => {
            let mut section = entry.section(format!("`{}`", entry.key));
            if let Some(item) = section.get("also_called") {
                let others = theirs::columns(&item).unwrap_or_default();
                columns.extend(others.into_iter().map(|(name, _)| name.to_owned()));
            }
            tests = read_tests(entry, &mut section, missing);
            section.finish();
        }
        _ => entry.wrong_type("a string, a list of strings or a table of tests"),
    }
    let condition = |test| Condition { columns: columns.clone(), test, line: entry.line() };
    tests.into_iter().map(condition).collect()
}

fn read_tests(entry: &Item, section: &mut Section, missing: &[String]) -> Vec<Test> {
    // A slip of a test is told as such.
    if section.entries().iter().all(|item| item.key == "also_called") {
        entry.wrong(format!("`{}` is not tested for anything", entry.key), "no test in here", EXAMPLE);
    }
    let is = section.get("is");
    let not = section.get("not");
    let like = section.get("like");
    let filled = section.get("filled");
    let (min, max) = (section.get("min"), section.get("max"));
    let needs_text = is.as_ref().or(like.as_ref()).or(min.as_ref()).or(max.as_ref());

    let mut tests = Vec::new();
    tests.extend(is.as_ref().and_then(|item| texts(item, missing)).map(Test::OneOf));
    tests.extend(not.as_ref().and_then(|item| texts(item, missing)).map(Test::NoneOf));
    tests.extend(like.as_ref().and_then(patterns).map(Test::Like));
    if let Some(flag) = filled.as_ref().and_then(Item::flag) {
        if let (false, Some(other), Some(filled)) = (flag, needs_text, &filled) {
            let message = format!("no row can pass: an empty cell never passes `{}`", other.key);
            filled.wrong(message, "only empty cells", "keep one of the two");
        }
        tests.push(Test::Filled(flag));
    }
    tests.extend(within(min.as_ref(), max.as_ref()));
    tests
}

/// Texts that a cell can be.
fn texts(item: &Item, missing: &[String]) -> Option<Vec<String>> {
    let texts = item.texts()?;
    if texts.is_empty() {
        item.wrong(format!("`{}` is an empty list", item.key), "nothing in here", "name one at least");
        return None;
    }
    let mut fine = true;
    for (text, at) in &texts {
        let text = text.trim();
        if text.is_empty() || missing.iter().any(|missing| missing == text) {
            let message = if text.is_empty() {
                format!("`{}` has an empty text", item.key)
            } else {
                format!("`{text}` counts as an empty cell, as `missing` says")
            };
            let help = "write { filled = false } for empty cells, { filled = true } for all others";
            item.problems.wrong(at.clone(), message, "an empty cell", help);
            fine = false;
        }
    }
    fine.then(|| texts.into_iter().map(|(text, _)| text.trim().to_owned()).collect())
}

fn patterns(item: &Item) -> Option<Vec<glob::Pattern>> {
    let names = item.names()?;
    // All of them are looked at, so that all wrong ones are noted.
    let patterns: Vec<_> =
        names.into_iter().map(|(text, at)| reading::pattern(text, &at, "text", item.problems)).collect();
    patterns.into_iter().collect()
}

fn within(min: Option<&Item>, max: Option<&Item>) -> Option<Test> {
    let (low, high) = (min.map(Item::number), max.map(Item::number));
    if let (Some(item), Some(Some(low)), Some(Some(high))) = (max, low, high)
        && low > high
    {
        item.wrong(format!("no number is from {low} to {high}"), "smaller than `min`", "the smaller one is `min`");
    }
    (low.is_some() || high.is_some()).then(|| Test::Within { min: low.flatten(), max: high.flatten() })
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{TICKETS, check, plan};
    use crate::plan::types::Test;
    use crate::schema::input::SourceKind;

    fn with(conditions: &str) -> String {
        format!("{TICKETS}[sources.tickets.where]\n{conditions}\n")
    }

    #[test]
    fn all_tests_are_read() {
        let plan = plan(&with(
            "状态 = [\"已完成\", \" 处理中 \"]\n渠道 = \"电话\"\n\"@sheet\" = { not = \"汇总\", like = [\"西*\", \"北*\"] }\n\
             电话 = { filled = true }\n次数 = { min = 1, max = 5 }\n金额 = { min = 10_000_000_000, also_called = [\"总额\"] }",
        ));
        let filter = &plan.sources[&SourceKind::Tickets].filter;
        let lines: Vec<_> = filter.iter().map(|c| format!("{} {}", c.line, c.columns.join("|"))).collect();
        assert_eq!(lines, ["7 状态", "8 渠道", "9 @sheet", "9 @sheet", "10 电话", "11 次数", "12 金额|总额"]);
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let like = ["西*", "北*"].map(|text| glob::Pattern::new(text).unwrap());
        let tests: Vec<_> = filter.iter().map(|c| &c.test).collect();
        assert_eq!(
            tests,
            [
                &Test::OneOf(owned(&["已完成", "处理中"])),
                &Test::OneOf(owned(&["电话"])),
                &Test::NoneOf(owned(&["汇总"])),
                &Test::Like(like.to_vec()),
                &Test::Filled(true),
                &Test::Within { min: Some(1.0), max: Some(5.0) },
                &Test::Within { min: Some(1e10), max: None },
            ]
        );
    }

    #[test]
    fn tests_must_test_something() {
        let advice = "write what the cell must be: is, not, like, filled, min or max; such as { not = \"测试\" }";
        assert_eq!(
            check(&with(
                "a = {}\nb = { also_called = \"c\" }\nd = { nto = \"x\" }\ne = 5\nf = []\ng = { filled = \"no\" }"
            )),
            [
                format!("7: `a` is not tested for anything | {advice}"),
                format!("8: `b` is not tested for anything | {advice}"),
                "9: unknown key `nto` | did you mean `not`?".to_owned(),
                "10: `e` must be a string, a list of strings or a table of tests, not a whole number | ".to_owned(),
                "11: `f` is an empty list | name one at least".to_owned(),
                "12: `filled` must be true or false, not a string | ".to_owned(),
            ]
        );
        assert_eq!(
            check(&TICKETS.replace("\"t.csv\"", "\"t.csv\"\nwhere = \"x\"")),
            ["3: `where` must be a table, not a string | "]
        );
    }

    #[test]
    fn rows_must_be_able_to_pass() {
        assert_eq!(
            check(&with(
                "a = { min = 5, max = 1 }\nb = { filled = false, min = 1 }\nc = { min = nan }\nd = { like = [\"x[\", \"\"] }\n\
                 \"@sheets\" = \"x\"\n\" \" = \"x\""
            )),
            [
                "7: no number is from 5 to 1 | the smaller one is `min`",
                "8: no row can pass: an empty cell never passes `min` | keep one of the two",
                "9: `min` must be a number, not infinity or nan | ",
                "10: `like` has an empty text | ",
                "11: `@sheets` is no column of every table | \
                 `@` begins the names of columns that every table has: `@file`, `@sheet` and `@row`",
                "12: a condition without column | write the name of their column",
            ]
        );
    }

    #[test]
    fn empty_cells_are_asked_for_by_name() {
        let advice = "write { filled = false } for empty cells, { filled = true } for all others";
        let text =
            with("a = [\"无\", \"x\"]\nb = { not = [\"\"] }").replace("t.csv\"\n", "t.csv\"\nmissing = \"无\"\n");
        assert_eq!(
            check(&text),
            [
                format!("8: `无` counts as an empty cell, as `missing` says | {advice}"),
                format!("9: `not` has an empty text | {advice}"),
            ]
        );
    }

    #[test]
    fn names_of_columns_may_be_headers_and_need_quotes_for_signs() {
        let plan = plan(&format!("{TICKETS}[sources.tickets.where.状态]\nnot = \"测试\"\n"));
        let condition = &plan.sources[&SourceKind::Tickets].filter[0];
        assert_eq!((condition.columns[0].as_str(), condition.line), ("状态", 6));
        assert_eq!(
            check(&with("@sheet = \"西安\"")),
            [
                "7: not valid TOML: invalid unquoted key, expected letters, numbers, `-`, `_` | put the key in double quotes"
            ]
        );
    }
}
