//! `[sources.surveys.dimensions]`: what surveys score.

use super::columns::Theirs;
use super::reader::{Item, Section};
use super::types::Dimension;
use crate::schema::input::SourceKind;

/// The scale of scores in the tables.
const SCALE: (f64, f64) = (1.0, 5.0);

pub fn read<'t>(kind: SourceKind, section: Section<'t>, theirs: &mut Theirs<'t>) -> Vec<Dimension> {
    if kind == SourceKind::Surveys {
        return section.entries().iter().filter_map(|item| dimension(item, theirs)).collect();
    }
    if let Some(at) = section.at {
        let message = format!("{} have no dimensions", kind.name());
        section.problems.wrong(at, message, "only surveys score", "move them to [sources.surveys.dimensions]");
    }
    Vec::new()
}

fn dimension<'t>(item: &Item<'t>, theirs: &mut Theirs<'t>) -> Option<Dimension> {
    let name = item.key;
    let wrong = |message: String, help: &str| item.problems.wrong(item.key_at.clone(), message, "not a name", help);
    if !is_snake_case(name) {
        wrong(
            format!("`{name}` cannot name a dimension"),
            "use small Latin letters, digits and `_`, beginning with a letter: attitude = \"服务态度\"",
        );
    } else if SourceKind::Surveys.column(name).is_some() {
        wrong(format!("`{name}` is a column of surveys, not a dimension"), "choose another name");
    }
    let mut scale = SCALE;
    let names = if item.raw().is_table() {
        let mut section = item.section(format!("`{name}`"));
        let column = section.get("column");
        if column.is_none() {
            item.wrong(
                format!("`{name}` does not say which column it comes from"),
                "no `column` in here",
                "add column = \"their name for it\"",
            );
        }
        scale = section.get("scale").and_then(|item| read_scale(&item)).unwrap_or(SCALE);
        section.finish();
        column?.names()?
    } else {
        item.names()?
    };
    theirs.claim(name, &names, item.problems);
    let columns = names.into_iter().map(|(name, _)| name.to_owned()).collect();
    Some(Dimension { name: name.to_owned(), columns, scale, line: item.line() })
}

fn read_scale(item: &Item) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = item.elements()?.iter().map(Item::number).collect::<Option<_>>()?;
    match numbers[..] {
        [low, high] if low < high && (high - low).is_finite() => Some((low, high)),
        _ => {
            item.wrong("not a scale", "not two rising numbers", "write the worst and the best score: scale = [0, 10]");
            None
        }
    }
}

fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
    use crate::schema::input::SourceKind;

    fn with(dimensions: &str) -> String {
        format!("{TICKETS}{SURVEYS}[sources.surveys.dimensions]\n{dimensions}\n")
    }

    #[test]
    fn dimensions_stand_in_the_order_of_the_file() {
        let plan = plan(&with(
            "speed = \"及时性\"\nattitude = [\"态度\", \"服务态度\"]\nnps = { column = \"推荐\", scale = [0, 10] }",
        ));
        let dimensions: Vec<_> = plan.sources[&SourceKind::Surveys]
            .dimensions
            .iter()
            .map(|d| format!("{} {} {:?} {}", d.name, d.columns.join("|"), d.scale, d.line))
            .collect();
        assert_eq!(
            dimensions,
            ["speed 及时性 (1.0, 5.0) 12", "attitude 态度|服务态度 (1.0, 5.0) 13", "nps 推荐 (0.0, 10.0) 14"]
        );
    }

    #[test]
    fn names_are_names() {
        let advice = "use small Latin letters, digits and `_`, beginning with a letter: attitude = \"服务态度\"";
        assert_eq!(
            check(&with("服务态度 = \"a\"\nAttitude = \"b\"\ncomment = \"c\"")),
            [
                format!("12: `服务态度` cannot name a dimension | {advice}"),
                format!("13: `Attitude` cannot name a dimension | {advice}"),
                "14: `comment` is a column of surveys, not a dimension | choose another name".to_owned(),
            ]
        );
    }

    #[test]
    fn scales_rise() {
        let advice = "write the worst and the best score: scale = [0, 10]";
        for scale in ["[5, 1]", "[1, 1]", "[1]", "[]", "[1, 2, 3]"] {
            assert_eq!(
                check(&with(&format!("a = {{ column = \"x\", scale = {scale} }}"))),
                [format!("12: not a scale | {advice}")]
            );
        }
        assert_eq!(
            check(&with(
                "a = { column = \"x\", scale = \"1-5\" }\nb = { column = \"y\", scale = [1, inf] }\nc = { scale = [0, 1] }"
            )),
            [
                "12: `scale` must be a list, not a string | ",
                "13: `scale` must be a number, not infinity or nan | ",
                "14: `c` does not say which column it comes from | add column = \"their name for it\"",
            ]
        );
    }

    #[test]
    fn their_columns_score_one_dimension() {
        assert_eq!(
            check(&with("a = \"评价时间\"\nb = \"x\"\nc = \"x\"")),
            [
                "12: their column `评价时间` is mapped to `answered_at` and `a`, on lines 9 and 12 | \
                 map it to one of ours; remove the other line",
                "14: their column `x` is mapped to `b` and `c`, on lines 13 and 14 | \
                 map it to one of ours; remove the other line",
            ]
        );
    }

    #[test]
    fn only_surveys_have_them() {
        assert_eq!(
            check(&format!("{TICKETS}[sources.tickets.dimensions]\na = \"b\"\n")),
            ["6: tickets have no dimensions | move them to [sources.surveys.dimensions]"]
        );
    }
}
