//! The walls between the rooms of DESIGN.md, section 1: which room uses which, which touch files, which read the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms that it may use. Review uses all but cli and generate, which makes dumps without knowing the tool.
const ROOMS: [(&str, &[&str]); 14] = [
    ("schema", &[]),
    ("plan", &["schema", "time"]),
    ("time", &[]),
    ("stats", &[]),
    ("opinions", &["schema", "plan"]),
    ("ingest", &["schema", "plan", "time", "opinions"]),
    ("draft", &["schema", "plan", "ingest"]),
    ("tally", &["schema"]),
    ("metrics", &["schema", "plan", "stats", "tally"]),
    ("listings", &["schema", "plan", "opinions"]),
    ("publish", &["schema", "plan"]),
    (
        "review",
        &["schema", "plan", "time", "stats", "opinions", "ingest", "draft", "tally", "metrics", "listings", "publish"],
    ),
    ("generate", &[]),
    ("cli", &["review", "plan", "generate"]),
];

/// Rooms, or single files, that may touch files. In `plan` it is one function.
const FILES: [&str; 5] = ["ingest/", "publish/", "plan/mod.rs", "cli/progress.rs", "generate/"];

const LINES: usize = 400;

/// A file of `src/`: its path below that folder, and its code without comments and tests.
struct Code {
    path: String,
    text: String,
}

impl Code {
    fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let name = |file: &PathBuf| file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
    files.iter().map(|file| (name(file), fs::read_to_string(file).unwrap())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// The code of the rooms: files of tests, tests at the end of a file, and comments left out.
fn code() -> Vec<Code> {
    let is_test = |path: &str| ["tests.rs", "testing.rs"].iter().any(|name| path.ends_with(name));
    let own = |(path, text): (String, String)| {
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().lines();
        let text = text.map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
        Code { path, text }
    };
    let files = sources().into_iter().filter(|(path, _)| !is_test(path) && path != "lib.rs" && path != "main.rs");
    files.map(own).collect()
}

/// The rooms that a code names after `crate::`, alone or in braces.
fn used(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, start) in text.match_indices("crate::") {
        let rest = &text[at + start.len()..];
        match rest.strip_prefix('{') {
            None => found.extend(word(rest)),
            Some(list) => {
                let mut depth = 0;
                for item in list.split_inclusive([',', '{', '}']) {
                    if depth == 0 {
                        found.extend(word(item.trim_start()));
                    }
                    depth += item.matches('{').count();
                    match depth.checked_sub(item.matches('}').count()) {
                        Some(left) => depth = left,
                        None => break,
                    }
                }
            }
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// Every use of another room: from, to, and the files where.
fn edges() -> BTreeMap<(String, String), Vec<String>> {
    let mut edges: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for file in code() {
        for to in used(&file.text).into_iter().filter(|to| to != file.room()) {
            edges.entry((file.room().to_owned(), to)).or_default().push(file.path.clone());
        }
    }
    edges
}

#[test]
fn every_room_of_the_crate_stands_in_the_table() {
    let found: BTreeSet<String> = code().iter().map(|file| file.room().to_owned()).collect();
    let table: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(found, table);
}

#[test]
fn rooms_use_only_the_rooms_that_the_table_allows() {
    let broken: Vec<String> = edges()
        .into_iter()
        .filter(|((from, to), _)| {
            let may = ROOMS.iter().any(|(room, may)| room == from && may.contains(&to.as_str()));
            !may
        })
        .map(|((from, to), files)| format!("{from} uses {to} in {}", files.join(", ")))
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn no_path_climbs_out_of_its_room() {
    for file in code() {
        // `super` of a module file is its parent; `mod.rs` and `review.rs` are the module of their folder.
        let inner = file.path.matches('/').count() - usize::from(file.path.ends_with("/mod.rs")).min(1);
        let climb = "super::".repeat(inner + 1);
        assert!(!file.text.contains(&climb), "{} climbs with {climb}", file.path);
    }
}

#[test]
fn only_ingest_publish_and_generate_touch_files() {
    for file in code() {
        let touches = ["std::fs", "{fs,", " fs,", " fs}", " fs::", "(fs::", "tempfile::", "File::open", "File::create"];
        let found: Vec<&str> = touches.into_iter().filter(|t| file.text.contains(t)).collect();
        let allowed = FILES.iter().any(|place| file.path.starts_with(place));
        assert!(found.is_empty() || allowed, "{} has {found:?}", file.path);
        if file.path == "plan/mod.rs" {
            assert_eq!(file.text.matches("fs::read").count(), 1, "plan reads files in one function");
        }
    }
}

#[test]
fn only_cli_reads_the_clock() {
    for file in code().iter().filter(|file| file.room() != "cli") {
        for clock in ["Instant", "SystemTime", "Local::now", "Utc::now"] {
            assert!(!file.text.contains(clock), "{} has {clock}", file.path);
        }
    }
}

#[test]
fn no_file_has_more_than_400_lines() {
    let long: Vec<(String, usize)> =
        sources().into_iter().map(|(path, text)| (path, text.lines().count())).filter(|(_, n)| *n > LINES).collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn uses_are_found_alone_in_braces_and_in_code() {
    let text =
        "use crate::plan::Plan;\nuse crate::{review, schema::{Table, input}, time};\nlet x = crate::stats::mean();";
    assert_eq!(used(text).into_iter().collect::<Vec<_>>(), ["plan", "review", "schema", "stats", "time"]);
}
