//! `sheets`, `header_row`, `separator` of a source: how its files are read.

use std::ops::Range;

use glob::Pattern;

use super::reader::{Item, Problems, Section};
use super::types::Reading;

/// Field separators, as plans write them.
const SEPARATORS: [(&str, u8); 5] = [(",", b','), (";", b';'), ("\t", b'\t'), ("tab", b'\t'), ("|", b'|')];

pub fn read(section: &mut Section) -> Reading {
    Reading {
        sheets: section.get("sheets").map(|item| sheets(&item)).unwrap_or_default(),
        header_row: section.get("header_row").and_then(|item| header_row(&item)),
        separator: section.get("separator").and_then(|item| separator(&item)),
    }
}

fn sheets(item: &Item) -> Vec<Pattern> {
    let names = item.names().unwrap_or_default();
    names.into_iter().filter_map(|(text, at)| pattern(text, &at, "sheet", item.problems)).collect()
}

/// A glob pattern of some things.
pub fn pattern(text: &str, at: &Range<usize>, what: &str, problems: &Problems) -> Option<Pattern> {
    let pattern = Pattern::new(text);
    if let Err(error) = &pattern {
        problems.wrong(
            at.clone(),
            format!("`{text}` is no {what} pattern: {}", error.msg),
            "not understood",
            "`*` stands for any letters; put `[` and `]` of a name in brackets: `[[]`, `[]]`",
        );
    }
    pattern.ok()
}

fn header_row(item: &Item) -> Option<u64> {
    let number = item.integer()?;
    let row = u64::try_from(number).ok().filter(|row| *row > 0);
    if row.is_none() {
        item.wrong(
            format!("`header_row` must be at least 1, not {number}"),
            "no row",
            "rows are numbered as in a spreadsheet: the first one is 1",
        );
    }
    row
}

fn separator(item: &Item) -> Option<u8> {
    let text = item.text()?;
    let separator = SEPARATORS.iter().find(|(name, _)| *name == text).map(|(_, separator)| *separator);
    if separator.is_none() {
        item.wrong(
            format!("`{text}` does not separate fields"),
            "not a separator",
            "write \",\", \";\", \"tab\" or \"|\"; leave it out where the files may say it themselves",
        );
    }
    separator
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{TICKETS, check, plan};
    use crate::schema::input::SourceKind;

    fn with(keys: &str) -> String {
        TICKETS.replace("files = \"t.csv\"", &format!("files = \"t.csv\"\n{keys}"))
    }

    #[test]
    fn files_may_be_told_how_to_read() {
        let source = |keys: &str| plan(&with(keys)).sources.remove(&SourceKind::Tickets).unwrap().reading;
        let usual = source("");
        assert!(usual.sheets.is_empty() && usual.header_row.is_none() && usual.separator.is_none());
        let said = source("sheets = \" 西安* \"\nheader_row = 3\nseparator = \"tab\"");
        assert_eq!(said.sheets[0].as_str(), "西安*");
        assert_eq!((said.header_row, said.separator), (Some(3), Some(b'\t')));
        assert_eq!(source("sheets = [\"a\", \"b\"]").sheets.len(), 2);
        for (written, byte) in [(",", b','), (";", b';'), ("\\t", b'\t'), ("|", b'|')] {
            assert_eq!(source(&format!("separator = \"{written}\"")).separator, Some(byte));
        }
    }

    #[test]
    fn others_are_told() {
        let advice = "write \",\", \";\", \"tab\" or \"|\"; leave it out where the files may say it themselves";
        assert_eq!(
            check(&with("sheets = [\"a[\", \"\"]\nheader_row = 0\nseparator = \"，\"\nseperator = \",\"")),
            [
                "3: `sheets` has an empty text | ".to_owned(),
                "4: `header_row` must be at least 1, not 0 | \
                 rows are numbered as in a spreadsheet: the first one is 1"
                    .to_owned(),
                format!("5: `，` does not separate fields | {advice}"),
                "6: unknown key `seperator` in [sources.tickets] | did you mean `separator`?".to_owned(),
            ]
        );
        assert_eq!(
            check(&with("sheets = [\"a\", \"b[\"]\nheader_row = \"1\"\nseparator = 9")),
            [
                "3: `b[` is no sheet pattern: invalid range pattern | \
                 `*` stands for any letters; put `[` and `]` of a name in brackets: `[[]`, `[]]`",
                "4: `header_row` must be a whole number, not a string | ",
                "5: `separator` must be a string, not a whole number | ",
            ]
        );
    }
}
