//! Text becomes a document. Mistakes that leave the rest readable do not hide what else is wrong.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

use super::errors::{Document, Problem};
use super::reader::Problems;

/// Punctuation of a Chinese keyboard that looks like TOML's.
const FULL_WIDTH: [(char, &str); 14] = [
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('＂', "\""),
    ('，', ","),
    ('、', ","),
    ('＝', "="),
    ('［', "["),
    ('］', "]"),
    ('【', "["),
    ('】', "]"),
    ('｛', "{"),
    ('｝', "}"),
];

/// What the parser says where a single value or key is wrong and the rest can be trusted.
const LOCAL: [&str; 7] = [
    "string values must be quoted",
    "invalid",
    "missing escaped value",
    "too few unicode",
    "unexpected key or value",
    "cannot extend value",
    "duplicate key",
];

/// The document, or none where the text is too broken to look for more. Mistakes are noted either way.
pub fn parse<'t>(text: &'t str, problems: &Problems) -> Option<Spanned<DeTable<'t>>> {
    let (table, mut errors) = DeTable::parse_recoverable(text);
    errors.retain(|error| !is_bare_word(text, error));
    errors.sort_by_key(|error| error.span().map(|span| span.start));
    let mut readable = true;
    let mut line_before = None;
    for error in errors {
        let at = error.span().unwrap_or(0..0);
        if error.message() == "duplicate key" {
            problems.note(duplicate(&problems.document, table.get_ref(), at));
            continue;
        }
        readable = false;
        let line = problems.document.line(at.start);
        // What follows on the same line is an echo.
        if line_before.replace(line) == Some(line) {
            continue;
        }
        problems.wrong(at.clone(), message(error.message()), "here", advice(text, &at, error.message()));
        // A bracket or quote that is not closed makes everything after it look wrong.
        if !LOCAL.iter().any(|start| error.message().starts_with(start)) {
            break;
        }
    }
    readable.then_some(table)
}

/// Keys in Chinese (`满意 = 5`) are clear without quotes, although TOML asks for them.
fn is_bare_word(text: &str, error: &Error) -> bool {
    error.message().starts_with("invalid unquoted key")
        && error
            .span()
            .and_then(|at| text.get(at))
            .is_some_and(|key| key.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'))
}

fn message(parser: &str) -> String {
    if parser == "recursion limit" || parser.starts_with("cannot recurse") {
        return "nested too deeply".to_owned();
    }
    format!("not valid TOML: {parser}")
}

fn advice(text: &str, at: &Range<usize>, message: &str) -> String {
    let line_from = text.get(..at.start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let line = text.get(line_from..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let suspects = line.chars().find_map(|c| FULL_WIDTH.iter().find(|(wide, _)| *wide == c));
    if message.contains("escape") || message.contains("unicode") {
        "a backslash begins an escape: put the text in single quotes, or write `/` in paths".to_owned()
    } else if message.starts_with("invalid unquoted key") {
        "put the key in double quotes".to_owned()
    } else if let Some((wide, plain)) = suspects {
        format!("`{wide}` is a full-width sign: write `{plain}`")
    } else if message.starts_with("string values must be quoted") {
        "put the text in double quotes".to_owned()
    } else if message.starts_with("unclosed") || message.contains("basic string") || message.contains("comma") {
        "look for a quote, bracket or comma that is missing on this line or before".to_owned()
    } else {
        "each line reads `key = value`, or `[section]`".to_owned()
    }
}

fn duplicate(document: &Document, root: &DeTable<'_>, at: Range<usize>) -> Problem {
    let key = document.text().get(at.clone()).unwrap_or_default().trim_matches(['"', '\'']);
    let first = first_header(document, &at).or_else(|| first_key(document.text(), root, key, &at));
    let line = |at: &Range<usize>| document.line(at.start);
    let message = match &first {
        Some(first) => format!("`{key}` is given twice, on lines {} and {}", line(first), line(&at)),
        None => format!("`{key}` is given twice"),
    };
    let problem = Problem::new(document, message).help("keep one of the two");
    match first {
        Some(first) => problem.mark(at, "again").mark(first, "first"),
        None => problem.mark(at, "again"),
    }
}

/// An equal section header on an earlier line.
fn first_header(document: &Document, at: &Range<usize>) -> Option<Range<usize>> {
    let bare = |line: &str| line.split('#').next().unwrap_or_default().replace(char::is_whitespace, "");
    let mut lines = Vec::new();
    let mut from = 0;
    for line in document.text().split_inclusive('\n') {
        let to = from + line.len();
        if (from..to).contains(&at.start) {
            let wanted = bare(line);
            return lines.into_iter().find(|(header, _)| *header == wanted).map(|(_, at)| at);
        }
        if line.trim_start().starts_with('[') {
            lines.push((bare(line), from..from + line.trim_end().len()));
        }
        from = to;
    }
    None
}

/// The key of the same name in the table that holds a place.
fn first_key(text: &str, root: &DeTable<'_>, key: &str, at: &Range<usize>) -> Option<Range<usize>> {
    let mut tables = vec![(0, root)];
    let mut to_visit: Vec<&Spanned<DeValue<'_>>> = root.values().collect();
    while let Some(value) = to_visit.pop() {
        match value.get_ref() {
            DeValue::Table(table) => {
                let span = value.span();
                let in_braces = text.get(span.clone()).is_some_and(|text| text.starts_with('{'));
                if span.start < at.start && (!in_braces || span.contains(&at.start)) {
                    tables.push((span.start, table));
                }
                to_visit.extend(table.values());
            }
            DeValue::Array(array) => to_visit.extend(array.iter()),
            _ => {}
        }
    }
    let (_, table) = tables.into_iter().max_by_key(|(start, _)| *start)?;
    let (first, _) = table.get_key_value(key)?;
    (first.span().start < at.start).then(|| first.span())
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::check;

    #[test]
    fn every_broken_value_is_shown_with_its_advice() {
        assert_eq!(
            check("[review]\ntitle = “季度”\nlanguage = zh\nas_of = \"\\d\"\n"),
            [
                "2: not valid TOML: string values must be quoted, expected literal string | \
                 `“` is a full-width sign: write `\"`",
                "3: not valid TOML: string values must be quoted, expected literal string | \
                 put the text in double quotes",
                "4: not valid TOML: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\\`, `\"`, `x`, `u`, \
                 `U` | a backslash begins an escape: put the text in single quotes, or write `/` in paths",
            ]
        );
    }

    #[test]
    fn an_open_bracket_is_shown_once() {
        assert_eq!(
            check("[tenure]\nbands = [\"0-3m\", \"3m+\"\n[scores]\nmin_n = 5\n[defects]\nsame = \"x\"\n"),
            ["3: not valid TOML: missing comma between array elements, expected `,` | \
              look for a quote, bracket or comma that is missing on this line or before"]
        );
    }

    #[test]
    fn a_key_given_twice_names_both_lines_and_hides_nothing() {
        assert_eq!(
            check("[scores]\nmin_n = 5\ntarget = 9\nmin_n = 6\n"),
            [
                "3: `target` must be from 1 to 5, not 9 | scores are points on a 1–5 scale",
                "4: `min_n` is given twice, on lines 2 and 4 | keep one of the two",
            ]
        );
        assert_eq!(
            check("[scores]\nmin_n = 5\n[defects]\n[scores]\ntarget = 4.0\n"),
            ["4: `scores` is given twice, on lines 1 and 4 | keep one of the two"]
        );
        assert_eq!(
            check("[scores]\nwords = { 好 = 5, 差 = 1, 好 = 4 }\nmin_n = 5\n"),
            ["2: `好` is given twice, on lines 2 and 2 | keep one of the two"]
        );
    }

    #[test]
    fn keys_in_chinese_need_no_quotes_but_other_signs_do() {
        assert_eq!(check("[scores]\nwords = { 好 = 5, 差 = 1 }\n"), [""; 0]);
        assert_eq!(
            check("[scores.words]\n很好！ = 5\n"),
            [
                "2: not valid TOML: invalid unquoted key, expected letters, numbers, `-`, `_` | put the key in double quotes"
            ]
        );
    }
}
