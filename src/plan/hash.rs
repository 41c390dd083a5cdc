//! The fingerprint of what a plan says.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use toml::de::{DeTable, DeValue};

/// How deep in the document a table is, as far as that matters.
#[derive(Clone, Copy)]
enum Level {
    Root,
    Sources,
    Source,
    Other,
}

/// The document with its keys sorted, without comments, layout and the `files` of its sources.
pub fn canonical(document: &DeTable<'_>) -> String {
    let mut out = String::new();
    write_table(&mut out, document, Level::Root);
    out
}

/// SHA-256 (hex) of some canonical documents.
pub fn hash(documents: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for document in documents {
        hasher.update(document.len().to_le_bytes());
        hasher.update(document);
    }
    hex::encode(hasher.finalize())
}

fn write_table(out: &mut String, table: &DeTable<'_>, level: Level) {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by(|(a, _), (b, _)| a.get_ref().cmp(b.get_ref()));
    out.push('{');
    for (key, value) in entries {
        let key = key.get_ref().as_ref();
        let below = match (level, key) {
            (Level::Root, "sources") => Level::Sources,
            (Level::Sources, _) => Level::Source,
            (Level::Source, "files") => continue,
            _ => Level::Other,
        };
        write_text(out, key);
        write_value(out, value.get_ref(), below);
        out.push(',');
    }
    out.push('}');
}

fn write_value(out: &mut String, value: &DeValue<'_>, level: Level) {
    // Writing into a string cannot fail.
    let _ = match value {
        DeValue::String(text) => {
            write_text(out, text);
            Ok(())
        }
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => write!(out, "{number}"),
            Err(_) => write!(out, "{integer}"),
        },
        DeValue::Float(float) => match float.as_str().parse::<f64>() {
            Ok(number) => write!(out, "{number:?}"),
            Err(_) => write!(out, "{float}"),
        },
        DeValue::Boolean(flag) => write!(out, "{flag}"),
        DeValue::Datetime(moment) => write!(out, "{moment}"),
        DeValue::Array(array) => {
            out.push('[');
            for element in array {
                write_value(out, element.get_ref(), Level::Other);
                out.push(',');
            }
            write!(out, "]")
        }
        DeValue::Table(table) => {
            write_table(out, table, level);
            Ok(())
        }
    };
}

/// A text with its length in front, which needs no escapes to be unambiguous.
fn write_text(out: &mut String, text: &str) {
    let _ = write!(out, "{}\"{text}\"", text.len());
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{EXAMPLE, plan};

    fn hash(text: &str) -> String {
        plan(text).hash
    }

    #[test]
    fn layout_and_files_do_not_count() {
        let moved = EXAMPLE.replace("../fixtures/", "/elsewhere/");
        assert_ne!(moved, EXAMPLE);
        assert_eq!(hash(&moved), hash(EXAMPLE));
        assert_eq!(hash(&format!("# a comment\n\n{}", EXAMPLE.replace("  =", " ="))), hash(EXAMPLE));
    }

    #[test]
    fn everything_else_counts() {
        for (this, that) in [
            ("min_n  = 5", "min_n  = 6"),
            ("\"2h\"", "\"3h\""),
            ("维修服务\"\n", "维修\"\n"),
            ("holidays = \"cn\"", ""),
            ("\"1-3y\", \"3y+\"", "\"1y+\""),
            ("\"*网点\", ", ""),
            ("header_row = 2", "header_row = 3"),
            ("separator = \";\"", "separator = \",\""),
            ("\"made_sla\", ", ""),
            ("\"INC*\"", "\"SR*\""),
            ("value = true", "value = false"),
            ("pauses = \"all\"", "pauses = []"),
            ("\"48h\"", "\"72h\""),
            ("unknown_staff = \"error\"", "unknown_staff = \"off\""),
        ] {
            let changed = EXAMPLE.replacen(this, that, 1);
            assert_ne!(changed, EXAMPLE, "{this}");
            assert_ne!(hash(&changed), hash(EXAMPLE), "{this}");
        }
    }
}
