//! Whatever a user may copy from `docs/` is right. The pages show pieces of a pipeline file: each is put into the default
//! pipeline, in place of what stands there.

use std::fs;
use std::path::Path;

use aftersales::ingest::flags::FLAGS;
use aftersales::plan;
use aftersales::review::catalogue;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Pieces that are shown as a whole: one of them takes the place of all of its kind.
const WHOLE: [&str; 3] = ["[calendars.", "[sources.pauses", "[[sla]]"];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

/// The fenced blocks of a Markdown text in this language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let rest = markdown.split(&fence).skip(1);
    rest.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The tables of a TOML text: header and lines.
type Tables<'t> = Vec<(&'t str, Vec<&'t str>)>;

fn tables(text: &str) -> Tables<'_> {
    let mut tables = vec![("", Vec::new())];
    for line in text.lines() {
        if line.starts_with('[') {
            tables.push((line.split('#').next().unwrap_or_default().trim(), Vec::new()));
        } else if let Some((_, lines)) = tables.last_mut() {
            lines.push(line);
        }
    }
    tables
}

/// What stands left of `=`.
fn key(line: &str) -> Option<&str> {
    line.split_once('=').map(|(key, _)| key.trim()).filter(|key| !key.starts_with('#'))
}

/// A pipeline with a piece in it: tables that are there get its lines, in place of those with the same key.
fn with(pipeline: &str, piece: &str) -> String {
    let (mut all, pieces) = (tables(pipeline), tables(piece));
    let shown = |kind: &str| pieces.iter().any(|(header, _)| header.starts_with(kind));
    all.retain(|(header, _)| !WHOLE.iter().any(|kind| header.starts_with(kind) && shown(kind)));
    for (header, lines) in pieces {
        match all.iter_mut().find(|(there, _)| *there == header && !header.starts_with("[[")) {
            Some((_, there)) => {
                there.retain(|old| key(old).is_none_or(|key_of| lines.iter().all(|new| key(new) != Some(key_of))));
                there.extend(lines);
            }
            None => all.push((header, lines)),
        }
    }
    let table = |(header, lines): &(&str, Vec<&str>)| format!("{header}\n{}\n", lines.join("\n"));
    all.iter().map(table).collect()
}

#[test]
fn every_piece_of_the_pipeline_page_is_right() {
    let (page, pipeline) = (read("docs/pipeline.md"), read("pipelines/quarterly.toml"));
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("calendars")).unwrap();
    let files = blocks(&page, "ics");
    fs::write(folder.path().join("calendars/company.ics"), files.concat()).unwrap();
    let pieces = blocks(&page, "toml");
    assert!(pieces.len() >= 10 && files.len() == 1, "the page shows pieces and a calendar file");
    for piece in &pieces {
        if let Err(errors) = plan::parse(&with(&pipeline, piece), &folder.path().join("page.toml")) {
            panic!("{piece}\n{}", errors.render(false));
        }
    }
}

#[test]
fn every_list_of_the_pipeline_page_is_right() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("calendars")).unwrap();
    let lists = blocks(&read("docs/pipeline.md"), "text");
    assert!(!lists.is_empty(), "the page shows a list of holidays");
    let pipeline = read("pipelines/quarterly.toml").replace("holidays = \"cn\"", "holidays = \"factory\"");
    for list in lists {
        fs::write(folder.path().join("calendars/factory.toml"), list).unwrap();
        let plan = plan::parse(&pipeline, &folder.path().join("page.toml"));
        let plan = plan.unwrap_or_else(|errors| panic!("{}", errors.render(false)));
        assert!(plan.calendars.iter().any(|calendar| !calendar.spec.makeup.is_empty()), "the list has a workday");
    }
}

#[test]
fn every_pipeline_of_the_page_of_dumps_is_right() {
    let mut pipelines = blocks(&read("docs/dumps.md"), "toml");
    pipelines.retain(|block| block.contains("[sources.tickets]"));
    assert!(!pipelines.is_empty(), "the page shows pipelines");
    for pipeline in &pipelines {
        if let Err(errors) = plan::parse(pipeline, &Path::new(ROOT).join("pipelines/page.toml")) {
            panic!("{pipeline}\n{}", errors.render(false));
        }
    }
}

#[test]
fn pieces_take_the_place_of_what_is_there() {
    let pipeline = "[a]\nx = 1\ny = 2\n[calendars.b]\nz = 3\n[[sla]]\nu = 4\n";
    assert_eq!(
        with(pipeline, "[a]\ny = 5\n[calendars.default]\nz = 6"),
        "\n\n[a]\nx = 1\ny = 5\n[[sla]]\nu = 4\n[calendars.default]\nz = 6\n"
    );
}

#[test]
fn readers_are_told_of_every_flag() {
    let entry = catalogue().into_iter().find(|entry| entry.table.name == "survey_flags").unwrap();
    let told = entry.doc.unwrap().lines().filter_map(|line| line.strip_prefix("- `")?.split_once('`'));
    let told: Vec<&str> = told.map(|(name, _)| name).collect();
    assert_eq!(told, FLAGS.map(|flag| flag.name));
}
