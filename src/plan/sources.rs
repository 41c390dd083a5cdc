//! `[sources.*]`: where the dumps are.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use glob::Pattern;

use super::carry::Carried;
use super::near::nearest;
use super::pauses::{Known, Statuses};
use super::reader::{Item, Section};
use super::theirs::{self, Theirs};
use super::types::Source;
use super::{carry, columns, dimensions, filter, pauses, reading, values};
use crate::schema::input::SourceKind;

/// The sources, and what the rest of the plan must know about them.
#[derive(Default)]
pub struct Sources {
    pub read: BTreeMap<SourceKind, Source>,
    /// Of each source, the header and the columns of ours that are written at all, right or wrong.
    written: BTreeMap<SourceKind, (Range<usize>, Vec<&'static str>)>,
    /// Their columns that facts carry along.
    pub carried: Vec<Carried>,
    /// Lists of statuses that the pauses have, right or wrong.
    lists: Vec<&'static str>,
    /// Sources that a slip of the pen was probably meant to be.
    meant: Vec<SourceKind>,
}

impl Sources {
    /// Whether the plan has this source, or tries to.
    pub fn has(&self, kind: SourceKind) -> bool {
        self.read.contains_key(&kind) || self.meant.contains(&kind)
    }

    /// Whether there is something to review, but no tickets.
    pub fn surveys_only(&self) -> bool {
        self.has(SourceKind::Surveys) && !self.has(SourceKind::Tickets)
    }

    /// Times of the user's own that a source maps.
    pub fn own_times(&self, kind: SourceKind) -> impl Iterator<Item = &'static str> {
        let written = self.written.get(&kind).into_iter().flat_map(|(_, written)| written);
        written.copied().filter(move |name| kind.column(name).is_none())
    }

    /// Whether a log of events says which statuses are pauses, rightly or not.
    pub fn pending_written(&self) -> bool {
        self.lists.contains(&"pending")
    }

    /// Whether a log of events says in which statuses tickets are resolved, rightly or not.
    pub fn resolved_written(&self) -> bool {
        self.lists.contains(&"resolved")
    }

    /// Header of a source.
    pub fn at(&self, kind: SourceKind) -> Option<Range<usize>> {
        self.written.get(&kind).map(|(at, _)| at.clone())
    }

    /// Whether a source maps a column, or tries to.
    pub fn writes(&self, kind: SourceKind, column: &str) -> bool {
        self.written.get(&kind).is_some_and(|(_, written)| written.contains(&column))
    }

    /// Whether a source lacks a column. Nothing is known of a source that is not there.
    pub fn lacks(&self, kind: SourceKind, column: &str) -> bool {
        self.written.get(&kind).is_some_and(|(_, written)| !written.contains(&column))
    }
}

/// Reads the sources; `own` are the names that may be times of the user's own.
pub fn read(mut section: Section, folder: &Path, own: &[&str]) -> Sources {
    let mut sources = Sources::default();
    for kind in SourceKind::ALL {
        let source = section.section(kind.name());
        if let Some(at) = source.at.clone() {
            if kind == SourceKind::Pauses {
                let written = |key: &&str| source.entries().iter().any(|entry| entry.key == *key);
                sources.lists = pauses::LISTS.into_iter().filter(written).collect();
            }
            let (source, written, carried) = read_source(kind, source, folder, own);
            sources.carried.extend(carried);
            sources.read.insert(kind, source);
            sources.written.insert(kind, (at, written));
        }
    }
    let names = SourceKind::ALL.map(SourceKind::name);
    for entry in section.entries() {
        if !names.contains(&entry.key) {
            let near = nearest(entry.key, names);
            sources.meant.extend(SourceKind::ALL.into_iter().find(|kind| near == Some(kind.name())));
            section.unknown(&entry, "source", &names);
        }
    }
    check_enough(&sources, &section);
    sources
}

/// There must be something to review.
fn check_enough(sources: &Sources, section: &Section) {
    if !sources.has(SourceKind::Tickets) && !sources.has(SourceKind::Surveys) {
        section.problems.missing(
            section.at.clone(),
            "there is neither [sources.tickets] nor [sources.surveys]",
            "a review needs one of the two: name its files in [sources.tickets], its columns in [sources.tickets.columns]",
        );
    } else if let (true, Some(at)) = (sources.surveys_only(), sources.at(SourceKind::Pauses)) {
        let message = "there are no tickets that [sources.pauses] could belong to";
        section.problems.wrong(at, message, "pauses of tickets", "add [sources.tickets], or remove the section");
    }
}

/// Reads a source, with the columns of ours that are written and those of theirs that are carried.
fn read_source(
    kind: SourceKind,
    mut section: Section,
    folder: &Path,
    own: &[&str],
) -> (Source, Vec<&'static str>, Vec<Carried>) {
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
    let reading = reading::read(&mut section);
    let missing = section.get("missing").and_then(|item| item.texts()).unwrap_or_default();
    let missing: Vec<String> = missing.into_iter().map(|(text, _)| text.trim().to_owned()).collect();
    let filter = filter::read(&section.section("where"), &missing);
    let mut theirs = Theirs::columns();
    let columns_section = section.section("columns");
    let columns = columns::read(kind, &columns_section, section.at.clone(), &mut theirs, own);
    let dimensions = dimensions::read(kind, section.section("dimensions"), &columns, &mut theirs);
    let carried = section.get("carry").map(|item| carry::read(kind, &item)).unwrap_or_default();
    let mut values = values::read(kind, &section.section("values"), &columns);
    let statuses = if kind == SourceKind::Pauses {
        let known = Known { columns: &columns, translated: values.get("status"), missing: &missing };
        pauses::read(&mut section, &columns_section, &known)
    } else {
        Statuses::default()
    };
    if let Some(words) = values.get_mut("status") {
        // What the lists name is known, translated or not.
        let named =
            statuses.pending.iter().chain(&statuses.resolved).filter(|word| !words.values().any(|ours| ours == *word));
        let named: Vec<String> = named.cloned().collect();
        words.extend(named.into_iter().map(|word| (word.clone(), word)));
    }
    let source = Source {
        kind,
        files,
        reading,
        filter,
        contacts: false,
        carry: carried.iter().map(|carried| carried.name.clone()).collect(),
        missing,
        values,
        columns: columns.mappings,
        dimensions,
        pending: statuses.pending,
        resolved: statuses.resolved,
        latest_by: section.get("latest_by").and_then(|item| latest_by(&item)),
    };
    section.finish();
    (source, columns.written, carried)
}

fn latest_by(item: &Item) -> Option<String> {
    let name = item.name()?;
    theirs::check(name, &item.at(), item.problems).then(|| name.to_owned())
}

/// Patterns from the folder of the pipeline file. Signs in the name of that folder are not patterns.
fn files(item: &Item, folder: &Path) -> Vec<PathBuf> {
    let folder = PathBuf::from(Pattern::escape(&folder.to_string_lossy()));
    let patterns = item.names().unwrap_or_default();
    for (text, at) in &patterns {
        if text.contains("://") {
            let help = "copy the files to this machine first, with curl or the tool of the store, and name them here";
            item.problems.wrong(at.clone(), format!("`{text}` is not a file of this machine"), "not read", help);
        }
        reading::pattern(text, at, "file", item.problems);
    }
    patterns.into_iter().map(|(pattern, _)| folder.join(pattern)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
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
    fn tickets_or_surveys_are_needed() {
        let message = "there is neither [sources.tickets] nor [sources.surveys]";
        let advice = "a review needs one of the two: name its files in [sources.tickets], its columns in \
                      [sources.tickets.columns]";
        let staff = "[sources]\n[sources.staff]\nfiles = \"s.csv\"\ncolumns.staff_id = \"a\"\n";
        for text in ["[sources]\n", staff] {
            assert_eq!(check(text), [format!("1: {message} | {advice}")]);
        }
        assert_eq!(
            check("[sources.ticket]\nfiles = \"x\"\n"),
            ["1: unknown source `ticket` in [sources] | did you mean `tickets`?"]
        );
        let errors = crate::plan::parse("", Path::new("q.toml")).unwrap_err();
        assert_eq!(errors.problems()[0].line(), None);
        assert_eq!(errors.problems()[0].message(), message);
        assert_eq!(plan(SURVEYS).sources.into_keys().collect::<Vec<_>>(), [SourceKind::Surveys]);
    }

    #[test]
    fn pauses_belong_to_tickets() {
        assert_eq!(
            check(&format!("{SURVEYS}[sources.pauses]\nfiles = \"p.csv\"\ncolumns = {{ ticket_id = \"a\" }}\n")),
            [
                "6: there are no tickets that [sources.pauses] could belong to | \
                 add [sources.tickets], or remove the section",
                "8: `paused_at` is not mapped in [sources.pauses.columns] | \
                 write paused_at = \"their name for it\", such as \"暂停时间\"; where each row is a change of \
                 status, write event_at and status instead",
            ]
        );
    }

    #[test]
    fn measures_are_due_on_a_day_or_in_working_days() {
        let with = |columns: &str| {
            check(&format!(
                "{TICKETS}[sources.actions]\nfiles = \"a.csv\"\n[sources.actions.columns]\naction_id = \"a\"\n{columns}"
            ))
        };
        assert_eq!(
            with(""),
            ["8: neither `due_on` nor `due_days` is mapped in [sources.actions.columns] | \
              a measure has a day on which it is due, or a number of working days after created_on: map one of the two"]
        );
        assert_eq!(
            with("due_days = \"b\"\n"),
            ["8: `due_days` is mapped in [sources.actions.columns], but not `created_on` | \
              working days count from the day on which the measure was decided on: map created_on, too"]
        );
        assert_eq!(with("due_days = \"b\"\ncreated_on = \"c\"\n"), [""; 0]);
        assert_eq!(with("due_on = \"b\"\n"), [""; 0]);
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
    fn unknown_keys_are_told() {
        assert_eq!(
            check(&TICKETS.replace("\"t.csv\"", "\"t.csv\"\nwheel = \"x\"\nmising = []\nlatest_by = \"@line\"")),
            [
                "3: unknown key `wheel` in [sources.tickets] | known here: files, sheets, header_row, separator, missing, \
                 where, columns, dimensions, carry, values, latest_by",
                "4: unknown key `mising` in [sources.tickets] | did you mean `missing`?",
                "5: `@line` is no column of every table | \
                 `@` begins the names of columns that every table has: `@file`, `@sheet` and `@row`",
            ]
        );
    }
}
