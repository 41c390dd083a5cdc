//! The files and sheets of a source, as a pipeline names them.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use glob::Pattern;

use super::Peek;

/// Patterns, relative to the folder of the pipeline, that match these files and no others.
pub fn patterns(tables: &[&Peek], folder: &Path) -> Vec<String> {
    let paths: BTreeSet<&Path> = tables.iter().map(|peek| peek.path.as_path()).collect();
    let folders: BTreeSet<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
    let mut patterns = Vec::new();
    for parent in folders {
        let inside: Vec<&Path> = paths.iter().copied().filter(|path| path.parent() == Some(parent)).collect();
        let base = relative(parent, folder);
        match pattern(parent, &inside) {
            Some(name) => patterns.push(join(&base, &name)),
            None => patterns.extend(inside.iter().map(|path| join(&base, &Pattern::escape(&name(path))))),
        }
    }
    patterns
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn join(base: &str, name: &str) -> String {
    if base.is_empty() { name.to_owned() } else { format!("{}/{name}", base.trim_end_matches('/')) }
}

/// `tickets-*.csv`, if that is exactly these files of the folder.
fn pattern(parent: &Path, paths: &[&Path]) -> Option<String> {
    if paths.len() < 2 {
        return None;
    }
    let names: Vec<Vec<char>> = paths.iter().map(|path| name(path).chars().collect()).collect();
    let first = names.first()?;
    let shortest = names.iter().map(Vec::len).min()?;
    let same = |at: &dyn Fn(&Vec<char>) -> Option<char>| names.iter().all(|name| at(name) == at(first));
    let before = (0..shortest).take_while(|i| same(&|name| name.get(*i).copied())).count();
    let after = (0..shortest - before)
        .take_while(|i| same(&|name| name.len().checked_sub(i + 1).and_then(|i| name.get(i)).copied()))
        .count();
    let start: String = first.iter().take(before).collect();
    let end: String = first.iter().skip(first.len() - after).collect();
    // The numbers of months and years change: what stands before them is the name, what follows the last point the type.
    let bare = start.trim_end_matches(|c: char| c.is_numeric() || "-_. ".contains(c));
    let sign = start.get(bare.len()..).and_then(|rest| rest.chars().next()).filter(|c| !c.is_numeric());
    let word = &format!("{bare}{}", sign.map(String::from).unwrap_or_default());
    let kind = end.find('.').and_then(|point| end.get(point..)).unwrap_or(&end);
    let same_year = start.trim_end_matches(char::is_numeric);
    let starts = [word, same_year, &start];
    starts.into_iter().flat_map(|start| [(start, kind), (start, &end)]).find_map(|(start, end)| {
        let name = format!("{}*{}", Pattern::escape(start), Pattern::escape(end));
        let whole = PathBuf::from(Pattern::escape(&absolute(parent).to_string_lossy())).join(&name);
        let found = glob::glob(&whole.to_string_lossy()).ok()?.filter_map(Result::ok);
        let found: BTreeSet<PathBuf> = found.map(|path| absolute(&path)).collect();
        let wanted: BTreeSet<PathBuf> = paths.iter().map(|path| absolute(path)).collect();
        (found == wanted).then_some(name)
    })
}

/// The way from the folder of the pipeline to a folder, signs of patterns escaped; empty for the same folder.
fn relative(to: &Path, from: &Path) -> String {
    let (to, from) = (absolute(to), absolute(from));
    let same = to.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    let escaped = |component: Component| Pattern::escape(&component.as_os_str().to_string_lossy());
    // Nothing in common but the root: the whole path says more than a row of `..`.
    if same <= 1 {
        return Pattern::escape(&to.to_string_lossy()).replace('\\', "/");
    }
    let up = from.components().skip(same).map(|_| "..".to_owned());
    up.chain(to.components().skip(same).map(escaped)).collect::<Vec<_>>().join("/")
}

/// The whole path, without `.` and `..`.
fn absolute(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    plain(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            other => plain.push(other),
        }
    }
    plain
}

/// Patterns of the sheets or members to be read, where the same files have others that are not.
pub fn sheets(tables: &[&Peek], all: &[&Peek]) -> Vec<String> {
    let names: BTreeSet<&str> = tables.iter().filter_map(|peek| peek.table.as_deref()).collect();
    let ours = |peek: &Peek| tables.iter().any(|table| table.path == peek.path && table.table == peek.table);
    let shared = |peek: &Peek| tables.iter().any(|table| table.path == peek.path);
    if all.iter().any(|peek| shared(peek) && !ours(peek)) {
        let in_order = tables.iter().filter_map(|peek| peek.table.as_deref());
        let mut seen = BTreeSet::new();
        in_order.filter(|name| seen.insert(*name) && names.contains(name)).map(Pattern::escape).collect()
    } else {
        Vec::new()
    }
}

/// Names of months and of sheets that nobody named.
const NO_NAMES: [&str; 22] = [
    "sheet", "table", "data", "export", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
    "dec", "月", "季", "年", "表", "工单", "数据",
];

/// The pseudo column that names the branch of a row, if sheets or files are named after branches.
pub fn branch(tables: &[&Peek]) -> Option<&'static str> {
    let named = |name: &str| {
        let lower = name.to_lowercase();
        !lower.is_empty()
            && !lower.chars().any(char::is_numeric)
            && !NO_NAMES.iter().any(|part| if part.is_ascii() { lower.starts_with(part) } else { lower.contains(part) })
    };
    let sheets: BTreeSet<&str> = tables.iter().filter_map(|peek| peek.table.as_deref()).collect();
    if sheets.len() >= 2 {
        return sheets.iter().all(|name| named(name)).then_some("@sheet");
    }
    let stems: BTreeSet<String> = tables.iter().map(|peek| stem(&peek.path)).collect();
    let chinese = |stem: &String| stem.chars().all(|c| u32::from(c) >= 0x4e00) && named(stem);
    (stems.len() >= 2 && stems.iter().all(chinese)).then_some("@file")
}

/// The name of a file without its extensions.
pub fn stem(path: &Path) -> String {
    let name = name(path);
    name.split('.').next().unwrap_or(&name).to_owned()
}

/// What a review of these files may be called: what their names have in common, else their folder.
pub fn title(tables: &[&Peek]) -> Option<String> {
    const GENERAL: [&str; 20] = [
        "tickets",
        "ticket",
        "surveys",
        "survey",
        "data",
        "export",
        "dump",
        "dumps",
        "fixtures",
        "report",
        "work",
        "tmp",
        "home",
        "downloads",
        "desktop",
        "工单",
        "数据",
        "导出",
        "评价",
        "服务工单",
    ];
    let telling = |name: &str| {
        let digits = |c: char| c.is_numeric() || c == '-' || c == '_' || c == ' ';
        let name = name.trim_matches(digits);
        let known = GENERAL.iter().any(|general| name.eq_ignore_ascii_case(general));
        (name.chars().count() >= if name.is_ascii() { 5 } else { 2 } && !known).then(|| name.replace(['_', '-'], " "))
    };
    let stems: BTreeSet<String> = tables.iter().map(|peek| stem(&peek.path)).collect();
    let first = stems.first()?;
    let common: String = first
        .char_indices()
        .take_while(|(at, c)| stems.iter().all(|stem| stem.get(*at..).is_some_and(|rest| rest.starts_with(*c))))
        .map(|(_, c)| c)
        .collect();
    let folder = tables.first()?.path.parent().and_then(Path::file_name)?.to_string_lossy().into_owned();
    if stems.len() == 1 {
        telling(&common).or_else(|| telling(&folder))
    } else {
        telling(&folder).or_else(|| telling(&common))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_these_files_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let dumps = folder.path().join("du[m]ps");
        std::fs::create_dir(&dumps).unwrap();
        for name in [
            "tickets-2026-07.csv",
            "tickets-2026-08.csv",
            "tickets-2025-12.csv",
            "工单7月.csv",
            "工单8月.csv",
            "a[1].csv",
        ] {
            std::fs::write(dumps.join(name), "").unwrap();
        }
        let found = |names: &[&str]| {
            let paths: Vec<PathBuf> = names.iter().map(|name| dumps.join(name)).collect();
            pattern(&dumps, &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>())
        };
        let all = ["tickets-2026-07.csv", "tickets-2026-08.csv", "tickets-2025-12.csv"];
        assert_eq!(found(&all).as_deref(), Some("tickets-*.csv"));
        // The one of 2025 must stay out.
        assert_eq!(found(&all[..2]).as_deref(), Some("tickets-2026-*.csv"));
        assert_eq!(found(&["工单7月.csv", "工单8月.csv"]).as_deref(), Some("工单*.csv"));
        assert_eq!(found(&["tickets-2026-07.csv", "a[1].csv"]), None);
        assert_eq!(found(&["a[1].csv"]), None);
    }

    #[test]
    fn ways_from_the_pipeline_to_the_dumps() {
        let cases = [
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/b/pipelines", ".."),
            ("/a/b/c [x]", "/a/p", "../b/c [[]x[]]"),
            ("/x/y", "/a/b", "/x/y"),
            ("/a/./b/../d", "/a", "d"),
        ];
        for (to, from, expected) in cases {
            assert_eq!(relative(Path::new(to), Path::new(from)), expected, "{to} from {from}");
        }
        assert_eq!(
            (join("", "a.csv"), join("..", "a.csv"), join("/x", "a.csv")),
            ("a.csv".to_owned(), "../a.csv".to_owned(), "/x/a.csv".to_owned())
        );
    }
}
