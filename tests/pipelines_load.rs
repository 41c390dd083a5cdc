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
        let default = plan.calendars.last().unwrap();
        assert_eq!(default.name, "default");
        assert!(default.spec.years.as_ref().is_some_and(|years| !years.is_empty()), "{name} says which years it knows");
    }
}

/// The fenced blocks of a Markdown text in this language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while lines.by_ref().any(|line| line.trim() == format!("```{language}")) {
        let block: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
        blocks.push(block.join("\n"));
    }
    blocks
}

#[test]
fn every_pipeline_in_the_readme_is_right() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).expect("README.md");
    let mut pipelines = blocks(&readme, "toml");
    pipelines.retain(|block| block.contains("[sources.tickets]"));
    assert!(!pipelines.is_empty(), "the README shows a pipeline");
    for block in &pipelines {
        if let Err(errors) = plan::parse(block, &Path::new(ROOT).join("pipelines/readme.toml")) {
            panic!("{}", errors.render(false));
        }
    }
}

#[test]
fn blocks_of_the_readme_are_found() {
    let markdown = "Text\n```toml\n[review]\n```\n```sh\nls\n```\n```toml\na = 1\nb = 2\n```\n";
    assert_eq!(blocks(markdown, "toml"), ["[review]", "a = 1\nb = 2"]);
}
