//! Whatever a user may copy is right: every pipeline, every calendar, every example of the README.

use std::fs;
use std::path::{Path, PathBuf};

use aftersales::plan;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The TOML files right in a folder, at least one.
fn tomls(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "toml"));
    files.sort();
    assert!(!files.is_empty(), "no TOML file in {folder}");
    files
}

#[test]
fn every_pipeline_loads() {
    for file in tomls("pipelines") {
        if let Err(errors) = plan::load(&file) {
            panic!("{}", errors.render(false));
        }
    }
}

#[test]
fn every_calendar_serves_the_default_pipeline() {
    let pipeline = Path::new(ROOT).join("pipelines/quarterly.toml");
    let text = fs::read_to_string(&pipeline).unwrap();
    assert!(text.contains("holidays = \"cn\""), "the default pipeline names its holidays");
    for file in tomls("pipelines/calendars") {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let other = text.replace("holidays = \"cn\"", &format!("holidays = {name:?}"));
        let plan = plan::parse(&other, &pipeline).unwrap_or_else(|errors| panic!("{}", errors.render(false)));
        assert!(plan.calendar.years.is_some_and(|years| !years.is_empty()), "{name} says which years it knows");
    }
}

/// The fenced blocks of a Markdown text in this language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while lines.by_ref().any(|line| line.trim() == format!("```{language}")) {
        blocks.push(lines.by_ref().take_while(|line| line.trim() != "```").map(|line| format!("{line}\n")).collect());
    }
    blocks
}

#[test]
fn every_pipeline_in_the_readme_is_right() {
    // The README is the last file to be written; without one there is nothing to copy.
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap_or_default();
    let pipelines = blocks(&readme, "toml");
    let pipelines = pipelines.iter().filter(|block| block.contains("[sources.tickets"));
    for block in pipelines {
        if let Err(errors) = plan::parse(block, &Path::new(ROOT).join("pipelines/readme.toml")) {
            panic!("{}", errors.render(false));
        }
    }
}

#[test]
fn blocks_of_the_readme_are_found() {
    let markdown = "Text\n```toml\n[review]\n```\n```sh\nls\n```\n```toml\na = 1\nb = 2\n```\n";
    assert_eq!(blocks(markdown, "toml"), ["[review]\n", "a = 1\nb = 2\n"]);
}
