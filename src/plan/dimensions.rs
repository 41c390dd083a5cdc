//! `[sources.surveys.dimensions]`: what surveys score.

use super::columns::Columns;
use super::reader::{Item, Section};
use super::theirs::{self, Theirs};
use super::types::Dimension;
use crate::schema::input::SourceKind;

/// The scale of scores in the tables.
const SCALE: (f64, f64) = (1.0, 5.0);

/// What stands right of a dimension.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Columns that hold its scores.
    Columns,
    /// Values of the column that says which dimension a row scores.
    Values,
}

pub fn read<'t>(kind: SourceKind, section: Section<'t>, columns: &Columns, theirs: &mut Theirs<'t>) -> Vec<Dimension> {
    let written = |column| columns.written.contains(&column);
    if kind != SourceKind::Surveys {
        if let Some(at) = section.at {
            let message = format!("{} have no dimensions", kind.name());
            section.problems.wrong(at, message, "only surveys score", "move them to [sources.surveys.dimensions]");
        }
        return Vec::new();
    }
    let entries = section.entries();
    if !(written("dimension") && written("score")) {
        return entries.iter().filter_map(|item| dimension(item, Names::Columns, theirs)).collect();
    }
    if entries.is_empty() {
        let at = section.at.or_else(|| columns.at.clone());
        section.problems.missing(
            at,
            "no dimension is named in [sources.surveys.dimensions]",
            "the tables need a name for each value of `dimension`: write attitude = \"服务态度\", ours = theirs",
        );
    }
    let mut theirs = Theirs::dimensions();
    entries.iter().filter_map(|item| dimension(item, Names::Values, &mut theirs)).collect()
}

fn dimension<'t>(item: &Item<'t>, are: Names, theirs: &mut Theirs<'t>) -> Option<Dimension> {
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
    let names = |item: &Item<'t>| match are {
        Names::Columns => theirs::alternatives(item),
        Names::Values => item.names(),
    };
    let mut scale = SCALE;
    let names = if item.raw().is_table() {
        let mut section = item.section(format!("`{name}`"));
        let column = section.get("column");
        if column.is_none() {
            let (what, help) = match are {
                Names::Columns => ("column it comes from", "add column = \"their name for it\""),
                Names::Values => ("value of `dimension` it is", "add column = \"their value\""),
            };
            item.wrong(format!("`{name}` does not say which {what}"), "no `column` in here", help);
        }
        scale = section.get("scale").and_then(|item| read_scale(&item)).unwrap_or(SCALE);
        section.finish();
        names(&column?)?
    } else {
        names(item)?
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

pub fn is_snake_case(name: &str) -> bool {
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

    /// Surveys with a row an answer, the dimensions from line 14 on.
    fn long(dimensions: &str) -> String {
        with(dimensions).replace(
            "[sources.surveys.dimensions]",
            "dimension = \"项目\"\nscore = \"分值\"\n[sources.surveys.dimensions]",
        )
    }

    #[test]
    fn values_name_the_dimensions_of_long_surveys() {
        let plan = plan(&long("attitude = [\"态度\", \"@态度\"]\nnps = { column = \"分值\", scale = [0, 10] }"));
        let surveys = &plan.sources[&SourceKind::Surveys];
        assert!(surveys.is_long());
        let dimensions: Vec<_> = surveys.dimensions.iter().map(|d| (d.columns.join("|"), d.scale)).collect();
        assert_eq!(dimensions, [("态度|@态度".to_owned(), (1.0, 5.0)), ("分值".to_owned(), (0.0, 10.0))]);
        assert_eq!(
            check(&long("a = \"x\"\nb = \"x\"\nc = { scale = [0, 10] }")),
            [
                "15: the value `x` of `dimension` is mapped to `a` and `b`, on lines 14 and 15 | \
                 map it to one of ours; remove the other line",
                "16: `c` does not say which value of `dimension` it is | add column = \"their value\"",
            ]
        );
    }

    #[test]
    fn long_surveys_have_both_columns_and_name_their_dimensions() {
        let advice =
            "the tables need a name for each value of `dimension`: write attitude = \"服务态度\", ours = theirs";
        let message = "no dimension is named in [sources.surveys.dimensions]";
        assert_eq!(check(&long("")), [format!("13: {message} | {advice}")]);
        assert_eq!(
            check(&long("").replace("[sources.surveys.dimensions]\n", "")),
            [format!("8: {message} | {advice}")]
        );
        let both = "a survey with a row an answer has both: map";
        assert_eq!(
            check(&long("a = \"x\"").replace("score = \"分值\"\n", "")),
            [format!(
                "11: `dimension` is mapped without `score` | {both} `score`, too; where each dimension is a column, list \
                 them in [sources.surveys.dimensions] instead"
            )]
        );
        assert_eq!(
            check(&long("a = \"x\"").replace("dimension = \"项目\"\n", "")),
            [format!(
                "11: `score` is mapped without `dimension` | {both} `dimension`, too; where each dimension is a column, \
                 write overall = \"their name for it\" in [sources.surveys.dimensions] instead"
            )]
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
