//! Rows read = used + duplicates + quarantined + left out, for every file, and each of these rows is somewhere.

mod mutilated;
mod time_machine;

use std::collections::BTreeMap;

use crate::support::{Output, whole};

const PARTS: [&str; 9] =
    ["read", "used", "folded", "identical", "superseded", "quarantined", "left_out", "filtered", "blank"];

/// The accounts in the manifest by source and file, in the order of `PARTS`.
fn accounts(output: &Output) -> BTreeMap<(String, String), [u64; PARTS.len()]> {
    let manifest = output.manifest();
    let inputs = manifest["inputs"].as_array().unwrap();
    let own = |input: &serde_json::Value, name: &str| input[name].as_str().unwrap().to_owned();
    let rows = |input: &serde_json::Value| PARTS.map(|part| input["rows"][part].as_u64().unwrap());
    inputs.iter().map(|input| ((own(input, "source"), own(input, "file")), rows(input))).collect()
}

/// A part of the accounts of a source, over all its files.
fn sum(output: &Output, source: &str, part: &str) -> u64 {
    let place = PARTS.iter().position(|p| *p == part).unwrap();
    accounts(output).iter().filter(|((s, _), _)| s == source).map(|(_, rows)| rows[place]).sum()
}

fn assert_balanced(output: &Output) {
    for (file, [read, parts @ ..]) in accounts(output) {
        assert_eq!(read, parts.iter().sum::<u64>(), "{file:?}");
    }
}

#[test]
fn every_file_balances_and_none_is_missing() {
    assert_balanced(whole());
    assert_eq!(accounts(whole()).len(), 21);
    let read = ["tickets", "pauses", "surveys", "staff", "actions"].map(|source| sum(whole(), source, "read"));
    assert_eq!(read, [10_009, 1_027, 4_034, 60, 8]);
}

#[test]
fn data_quality_gives_the_same_accounts_as_the_manifest() {
    let table = whole().table("tables/data_quality");
    let (source, file, rule) = (table.texts("source"), table.texts("file"), table.texts("rule"));
    let (severity, rows) = (table.texts("severity"), table.counts("rows"));
    let mut found: BTreeMap<(String, String), [u64; PARTS.len()]> = BTreeMap::new();
    let mut errors: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in 0..table.height() {
        let key = (source[row].clone(), file[row].clone());
        match severity[row].as_str() {
            "info" => {
                if let Some(place) = PARTS.iter().position(|p| *p == rule[row]) {
                    found.entry(key).or_default()[place] += rows[row];
                } else {
                    let known = ["filled", "latest", "in_period", "in_previous_period"];
                    assert!(known.contains(&rule[row].as_str()), "{}", rule[row]);
                }
            }
            "error" => *errors.entry(key).or_default() += rows[row],
            _ => {}
        }
    }
    assert_eq!(found, accounts(whole()));
    for (file, parts) in accounts(whole()) {
        let quarantined = parts[5];
        assert_eq!(errors.get(&file).copied().unwrap_or_default(), quarantined, "{file:?}: errors by rule");
    }
}

#[test]
fn facts_have_a_row_for_every_row_used() {
    for (source, fact) in [("tickets", "fact_ticket"), ("surveys", "fact_survey"), ("staff", "dim_staff")] {
        let rows = whole().table(&format!("facts/{fact}")).height() as u64;
        assert_eq!(rows, sum(whole(), source, "used"), "{fact}");
    }
}

#[test]
fn the_quarantine_has_every_quarantined_row_of_every_file() {
    let mut found: BTreeMap<(String, String), u64> = BTreeMap::new();
    for source in ["tickets", "pauses", "surveys", "staff"] {
        for file in whole().table(&format!("quarantine/{source}")).texts("file") {
            *found.entry((source.to_owned(), file)).or_default() += 1;
        }
    }
    let mut told: BTreeMap<_, _> = accounts(whole()).into_iter().map(|(file, rows)| (file, rows[5])).collect();
    told.retain(|_, quarantined| *quarantined > 0);
    assert_eq!(found, told);
}
