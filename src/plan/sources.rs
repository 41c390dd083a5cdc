//! `[sources.*]`: where the dumps are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use glob::Pattern;

use super::columns::{self, Theirs};
use super::near::nearest;
use super::reader::{Item, Section};
use super::types::Source;
use super::{dimensions, values};
use crate::schema::input::SourceKind;

/// Dumps that the design knows and this version does not read.
const NOT_READ: [&str; 2] = ["pauses", "actions"];

/// The sources, and which columns of tickets are written at all, right or wrong; none if there are no tickets.
pub fn read(mut section: Section, folder: &Path) -> (BTreeMap<SourceKind, Source>, Option<Vec<&'static str>>) {
    let mut sources = BTreeMap::new();
    let mut ticket_columns = None;
    for kind in SourceKind::ALL {
        let source = section.section(kind.name());
        if source.at.is_some() {
            let (source, written) = read_source(kind, source, folder);
            sources.insert(kind, source);
            if kind == SourceKind::Tickets {
                ticket_columns = Some(written);
            }
        }
    }
    let names = SourceKind::ALL.map(SourceKind::name);
    let mut meant_tickets = false;
    for entry in section.entries() {
        if NOT_READ.contains(&entry.key) {
            section.problems.wrong(
                entry.key_at.clone(),
                format!("[sources.{}] is not read by this version", entry.key),
                "not read",
                "remove the section; what it says would have no effect",
            );
        } else if !names.contains(&entry.key) {
            meant_tickets |= nearest(entry.key, names) == Some("tickets");
            section.unknown(&entry, "source", &names);
        }
    }
    if !sources.contains_key(&SourceKind::Tickets) && !meant_tickets {
        section.problems.missing(
            section.at.clone(),
            "there is no [sources.tickets]",
            "a review needs tickets: name their files and columns in [sources.tickets]",
        );
    }
    (sources, ticket_columns)
}

fn read_source(kind: SourceKind, mut section: Section, folder: &Path) -> (Source, Vec<&'static str>) {
    let files = if let Some(item) = section.get("files") {
        files(&item, folder)
    } else {
        section.problems.missing(
            section.at.clone(),
            format!("{} names no `files`", section.title),
            format!("write files = [\"../dumps/{}-*.csv\"], relative to this file", kind.name()),
        );
        Vec::new()
    };
    let missing = section.get("missing").and_then(|item| item.texts()).unwrap_or_default();
    let mut theirs = Theirs::default();
    let columns = columns::read(kind, &section.section("columns"), section.at.clone(), &mut theirs);
    let dimensions = dimensions::read(kind, section.section("dimensions"), &mut theirs);
    let source = Source {
        kind,
        files,
        missing: missing.into_iter().map(|(text, _)| text.trim().to_owned()).collect(),
        values: values::read(kind, &section.section("values"), &columns),
        columns: columns.mappings,
        dimensions,
        latest_by: section.get("latest_by").and_then(|item| item.name()).map(str::to_owned),
    };
    section.finish();
    (source, columns.written)
}

/// Patterns from the folder of the pipeline file. Signs in the name of that folder are not patterns.
fn files(item: &Item, folder: &Path) -> Vec<PathBuf> {
    let folder = PathBuf::from(Pattern::escape(&folder.to_string_lossy()));
    let patterns = item.names().unwrap_or_default();
    for (pattern, at) in &patterns {
        if let Err(error) = Pattern::new(pattern) {
            item.problems.wrong(
                at.clone(),
                format!("`{pattern}` is no file pattern: {}", error.msg),
                "not understood",
                "`*` stands for any letters; put `[` and `]` of a name in brackets: `[[]`, `[]]`",
            );
        }
    }
    patterns.into_iter().map(|(pattern, _)| folder.join(pattern)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::plan::testing::{TICKETS, check, plan};
    use crate::schema::input::SourceKind;

    #[test]
    fn files_start_at_the_folder_of_the_pipeline() {
        let text = TICKETS.replace("\"t.csv\"", "[\"../dumps/t-*.csv\", \"/abs/t.csv\"]");
        let plan = crate::plan::parse(&text, Path::new("/a [b]/pipelines/q.toml")).unwrap();
        let files = &plan.sources[&SourceKind::Tickets].files;
        assert_eq!(files, &[Path::new("/a [[]b[]]/pipelines/../dumps/t-*.csv"), Path::new("/abs/t.csv")]);
    }

    #[test]
    fn a_relative_pipeline_gives_absolute_files() {
        assert!(plan("").sources[&SourceKind::Tickets].files[0].is_absolute());
    }

    #[test]
    fn tickets_are_needed() {
        let advice = "a review needs tickets: name their files and columns in [sources.tickets]";
        let missing = |line: &str| format!("{line}there is no [sources.tickets] | {advice}");
        assert_eq!(check("[sources]\n"), [missing("1: ")]);
        assert_eq!(
            check("[sources.ticket]\nfiles = \"x\"\n"),
            ["1: unknown source `ticket` in [sources] | did you mean `tickets`?"]
        );
        let errors = crate::plan::parse("", Path::new("q.toml")).unwrap_err();
        assert_eq!(errors.problems()[0].line(), None);
        assert_eq!(errors.problems()[0].message(), "there is no [sources.tickets]");
    }

    #[test]
    fn what_is_not_read_is_said() {
        assert_eq!(
            check(&format!("{TICKETS}[sources.pauses]\nfiles = \"p.csv\"\n[sources.actions]\n")),
            [
                "6: [sources.pauses] is not read by this version | \
                 remove the section; what it says would have no effect",
                "8: [sources.actions] is not read by this version | \
                 remove the section; what it says would have no effect",
            ]
        );
    }

    #[test]
    fn files_must_be_named_and_be_patterns() {
        let with = |files: &str| check(&TICKETS.replace("files = \"t.csv\"", files));
        assert_eq!(
            with(""),
            [
                "1: [sources.tickets] names no `files` | write files = [\"../dumps/tickets-*.csv\"], relative to this file"
            ]
        );
        assert_eq!(with("files = []"), ["2: `files` is an empty list | name one at least"]);
        assert_eq!(with("files = [\"a\", \" \"]"), ["2: `files` has an empty text | "]);
        assert_eq!(
            with("files = [\"a\", 1, true]"),
            ["2: `files` must be a string, not a whole number | ", "2: `files` must be a string, not true or false | "]
        );
        assert_eq!(
            with("files = \"t[.csv\""),
            ["2: `t[.csv` is no file pattern: invalid range pattern | \
              `*` stands for any letters; put `[` and `]` of a name in brackets: `[[]`, `[]]`"]
        );
    }

    #[test]
    fn later_keys_are_unknown_yet() {
        assert_eq!(
            check(&TICKETS.replace("files = \"t.csv\"", "files = \"t.csv\"\nwhere = \"x\"\nmising = []")),
            [
                "3: unknown key `where` in [sources.tickets] | \
                 known here: files, missing, columns, dimensions, values, latest_by",
                "4: unknown key `mising` in [sources.tickets] | did you mean `missing`?",
            ]
        );
    }
}
