//! Every Parquet file is plain for BI tools: few types, zstd, no NaN, descriptions in the metadata, and the same schema
//! when there are no rows.

mod read_back;

use std::collections::BTreeMap;
use std::path::Path;

use aftersales::review::{Entry, catalogue};
use aftersales::schema::Column;
use aftersales::schema::facts::score_column;
use parquet::basic::Compression;
use parquet::file::metadata::RowGroupMetaData;

use crate::support::{Cell, Desk, Output, Stored, whole};

/// What a column may be, as Parquet's own schema printer shows it.
const PLAIN: [(&str, &str); 7] = [
    ("STRING", "OPTIONAL BYTE_ARRAY _ (STRING);"),
    ("BOOLEAN", "OPTIONAL BOOLEAN _;"),
    ("INT32", "OPTIONAL INT32 _;"),
    ("INT64", "OPTIONAL INT64 _;"),
    ("DOUBLE", "OPTIONAL DOUBLE _;"),
    ("DATE", "OPTIONAL INT32 _ (DATE);"),
    ("TIMESTAMP", "OPTIONAL INT64 _ (TIMESTAMP(MICROS,false));"),
];

/// The schema of a file: for each column its name and its type in our words.
fn columns(stored: &Stored) -> Vec<(String, &'static str)> {
    let schema = stored.schema();
    let lines: Vec<&str> = schema.lines().map(str::trim).filter(|line| line.ends_with(';')).collect();
    let names = stored.names();
    assert_eq!(lines.len(), names.len(), "only plain columns:\n{schema}");
    let found = names.into_iter().zip(lines).map(|(name, line)| {
        let shape = line.replacen(&name, "_", 1);
        let plain = PLAIN.iter().find(|(_, plain)| *plain == shape);
        let kind = plain.unwrap_or_else(|| panic!("{line} is no plain column")).0;
        (name, kind)
    });
    found.collect()
}

/// The table that a file is said to hold.
fn entry(file: &str) -> Entry {
    let (folder, name) = file.split_once('/').unwrap();
    let name = if folder == "quarantine" { "quarantine" } else { name };
    catalogue().into_iter().find(|e| e.table.name == name).unwrap_or_else(|| panic!("{file} has no table"))
}

/// The columns of a table, then those of its clocks, and of surveys those of the dimensions. The default pipeline declares no clocks of its own, so that they are
/// those of the catalogue.
fn declared(entry: &Entry) -> Vec<Column> {
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/quarterly.toml");
    let plan = aftersales::plan::load(&plan).unwrap();
    let of_surveys = plan.dimensions().filter(|_| entry.table.name == "fact_survey");
    let scores = of_surveys.map(|dimension| score_column(&dimension.name, &dimension.columns[0])).collect::<Vec<_>>();
    entry.table.columns.iter().chain(&entry.clocks).copied().chain(scores).collect()
}

#[test]
fn files_have_the_declared_columns_of_plain_types_and_no_others() {
    assert!(whole().tables().count() >= 16);
    for file in whole().tables() {
        let wanted: Vec<_> = declared(&entry(file)).iter().map(|c| (c.name.to_owned(), c.dtype.name())).collect();
        assert_eq!(columns(&whole().table(file)), wanted, "{file}");
    }
}

#[test]
fn every_table_of_the_catalogue_is_written() {
    let written: Vec<&str> = whole().tables().map(|file| entry(file).table.name).collect();
    for entry in catalogue() {
        assert!(written.contains(&entry.table.name), "{} is not written", entry.table.name);
    }
}

#[test]
fn every_column_is_compressed_with_zstd() {
    for file in whole().tables() {
        let stored = whole().table(file);
        for column in stored.metadata.row_groups().iter().flat_map(RowGroupMetaData::columns) {
            assert!(matches!(column.compression(), Compression::ZSTD(_)), "{file}: {}", column.column_path());
        }
    }
}

#[test]
fn metadata_tell_version_run_table_grain_and_columns() {
    let manifest = whole().manifest();
    for file in whole().tables() {
        let (stored, entry) = (whole().table(file), entry(file));
        let (table, columns) = (entry.table, declared(&entry));
        let pairs = stored.metadata.file_metadata().key_value_metadata().unwrap();
        let found: BTreeMap<&str, &str> =
            pairs.iter().map(|pair| (pair.key.as_str(), pair.value.as_deref().unwrap())).collect();
        assert_eq!(found["aftersales.version"], env!("CARGO_PKG_VERSION"), "{file}");
        assert_eq!(found["aftersales.run_id"], manifest["run_id"], "{file}");
        assert_eq!(found["aftersales.table"], table.name, "{file}");
        assert_eq!(found["aftersales.grain"], table.grain, "{file}");
        let about: serde_json::Value = serde_json::from_str(found["aftersales.columns"]).unwrap();
        assert_eq!(about.as_object().unwrap().len(), columns.len(), "{file}");
        for column in columns {
            let told = &about[column.name];
            assert_eq!(told["unit"], column.unit, "{file}: {}", column.name);
            assert_eq!(told["label_zh"], column.label.zh, "{file}: {}", column.name);
            assert_eq!(told["label_en"], column.label.en, "{file}: {}", column.name);
            assert_eq!(told["description"], column.doc, "{file}: {}", column.name);
        }
    }
}

#[test]
fn no_figure_is_nan_or_infinite() {
    let mut figures = 0;
    for file in whole().tables() {
        let stored = whole().table(file);
        for (name, _) in columns(&stored).iter().filter(|(_, kind)| *kind == "DOUBLE") {
            for cell in stored.column(name) {
                let Cell::Double(value) = cell else { continue };
                assert!(value.is_finite(), "{file}: {name}");
                figures += 1;
            }
        }
    }
    assert!(figures > 10_000, "only {figures} figures");
}

#[test]
fn the_manifest_counts_the_rows_of_every_table() {
    let manifest = whole().manifest();
    let told: BTreeMap<&str, u64> = manifest["outputs"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|output| Some((output["file"].as_str()?.strip_suffix(".parquet")?, output["rows"].as_u64()?)))
        .collect();
    let found: BTreeMap<&str, u64> = whole().tables().map(|file| (file, whole().table(file).height() as u64)).collect();
    assert_eq!(told, found);
}

#[test]
fn the_dictionary_has_every_column_of_every_table() {
    let dictionary = whole().table("tables/data_dictionary");
    let [tables, names, kinds, docs] = ["table", "column", "type", "description"].map(|c| dictionary.texts(c));
    let listed: Vec<[&str; 4]> =
        (0..dictionary.height()).map(|row| [&*tables[row], &*names[row], &*kinds[row], &*docs[row]]).collect();
    for file in whole().tables() {
        let entry = entry(file);
        let table = entry.table;
        for column in declared(&entry) {
            let row = [table.name, column.name, column.dtype.name(), column.doc];
            assert_eq!(listed.iter().filter(|r| **r == row).count(), 1, "{}.{}", table.name, column.name);
        }
    }
}

/// A pipeline without one of its sections.
fn without_section(text: &str, section: &str) -> String {
    let (before, rest) = text.split_once(&format!("\n[{section}]\n")).unwrap();
    format!("{before}{}", &rest[rest.find("\n[").unwrap()..])
}

#[test]
fn a_review_without_surveys_and_staff_has_all_tables_with_the_same_schema() {
    let desk = Desk::small();
    let text = String::from_utf8(desk.read("pipelines/quarterly.toml")).unwrap();
    let (before, rest) = text.split_once("[sources.surveys]").unwrap();
    let after = &rest[rest.find("[calendars.default]").unwrap()..];
    // Without surveys nobody weighs who answered them.
    let weighted = |line: &&str| line.starts_with("weights");
    let after = after.lines().filter(|line| !weighted(line)).collect::<Vec<_>>().join("\n");
    let without = ["clocks.survey_return", "clocks.suggestion_reply", "timeliness"]
        .iter()
        .fold(format!("{before}{after}"), |text, section| without_section(&text, section));
    desk.write("pipelines/quarterly.toml", without.as_bytes());
    desk.review(&[], "2").done();
    let output = desk.output("2026Q3");
    for file in whole().tables().filter(|file| !file.starts_with("quarantine/")) {
        // The plan names no dimensions, of which surveys would have columns.
        let schema = |output: &Output| {
            let all = output.table(file).schema();
            all.lines()
                .filter(|line| !line.contains(" score_") || file != "facts/fact_survey")
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(schema(&output), schema(whole()), "{file}");
    }
    for empty in ["dimension_scores", "tenure_effect", "timeliness_gap"].map(|name| format!("tables/{name}")) {
        assert_eq!(output.table(&empty).height(), 0, "{empty}");
    }
    for empty in ["facts/fact_survey", "facts/fact_score"] {
        assert_eq!(output.table(empty).height(), 0, "{empty}");
    }
    let clocks = output.table("tables/sla_attainment").texts("clock");
    assert!(clocks.iter().any(|clock| clock == "resolution"));
    assert!(!clocks.iter().any(|clock| clock == "survey_return" || clock == "suggestion_reply"));
    assert_eq!(
        output.tables().filter(|file| file.starts_with("quarantine/")).collect::<Vec<_>>(),
        ["quarantine/pauses", "quarantine/tickets"]
    );
}
