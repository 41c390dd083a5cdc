//! The dumps of `fixtures/` are exactly what `cargo run -- generate` writes, and its README says what is in them.

use std::fs;
use std::path::Path;

use aftersales::generate::fixtures;

#[test]
fn fixtures_are_what_the_generator_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let dumps = fixtures::make();

    let mut committed: Vec<String> = fs::read_dir(&folder)
        .expect("fixtures/")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| Path::new(name).extension().is_some_and(|e| e == "csv"))
        .collect();
    committed.sort();
    let mut made: Vec<&str> = dumps.files.iter().map(|(name, _)| name.as_str()).collect();
    made.sort_unstable();
    assert_eq!(committed, made);

    for (name, bytes) in &dumps.files {
        // Not assert_eq: a difference of 250 kB helps nobody.
        let same = fs::read(folder.join(name)).expect("a dump") == *bytes;
        assert!(same, "{name} differs: run `cargo run -- generate`");
    }

    let readme = fs::read_to_string(folder.join("README.md")).expect("fixtures/README.md");
    for table in dumps.counts.trim_end().split("\n\n") {
        assert!(readme.contains(table), "fixtures/README.md should have this table:\n{table}");
    }
}

#[test]
fn fixtures_stay_small() {
    let bytes: usize = fixtures::make().files.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes < 3_000_000, "{bytes} bytes");
}
