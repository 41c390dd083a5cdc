//! The fingerprints of what a plan says: of all of it, and of each section as far as it shapes the facts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use toml::de::{DeTable, DeValue};

/// What of a document is written.
#[derive(Clone, Copy)]
struct What {
    /// Whether what stands at a path of keys is left out.
    skips: fn(&[&str]) -> bool,
    /// Whether tables are left out in which nothing stands.
    bare: bool,
}

/// Keys that shape figures and charts alone, and leave the facts as they are.
fn for_figures_alone(path: &[&str]) -> bool {
    matches!(
        path,
        ["breakdowns" | "follow_up"]
            | ["review", "title" | "language"]
            | ["clocks", _, "goal" | "label"]
            | ["scores", "target" | "min_n" | "weights"]
            | ["defects", "levels"]
    )
}

fn places_of_dumps(path: &[&str]) -> bool {
    matches!(path, ["sources", _, "files"])
}

/// The document with its keys sorted, without comments, layout and the `files` of its sources.
pub fn canonical(document: &DeTable<'_>) -> String {
    let mut out = String::new();
    write_table(&mut out, document, &mut Vec::new(), What { skips: places_of_dumps, bare: true });
    out
}

/// A hash of each section as far as it shapes the facts; one that says nothing of them has none. `beside` is what of a
/// section stands elsewhere: in other files, or in the order of its keys.
pub fn sections(document: &DeTable<'_>, beside: &[(&str, &str)]) -> BTreeMap<String, String> {
    let what = What { skips: |path| places_of_dumps(path) || for_figures_alone(path), bare: false };
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in document {
        let key = key.get_ref().as_ref();
        match value.get_ref() {
            DeValue::Table(sources) if key == "sources" => {
                for (kind, source) in sources {
                    let kind = kind.get_ref().as_ref();
                    let mut text = String::new();
                    write_value(&mut text, source.get_ref(), &mut vec![key, kind], what);
                    texts.insert(format!("{key}.{kind}"), text);
                }
            }
            _ if (what.skips)(&[key]) => {}
            value => write_value(texts.entry(key.to_owned()).or_default(), value, &mut vec![key], what),
        }
    }
    texts.retain(|_, text| text != EMPTY);
    for (name, text) in beside.iter().filter(|(_, text)| !text.is_empty()) {
        texts.entry((*name).to_owned()).or_default().push_str(text);
    }
    texts.into_iter().map(|(name, text)| (name, hash(&[&text]))).collect()
}

/// A table in which nothing stands.
const EMPTY: &str = "{}";

/// SHA-256 (hex) of some canonical documents.
pub fn hash(documents: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for document in documents {
        hasher.update(document.len().to_le_bytes());
        hasher.update(document);
    }
    hex::encode(hasher.finalize())
}

fn write_table<'d>(out: &mut String, table: &'d DeTable<'_>, path: &mut Vec<&'d str>, what: What) {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by(|(a, _), (b, _)| a.get_ref().cmp(b.get_ref()));
    out.push('{');
    for (key, value) in entries {
        let key = key.get_ref().as_ref();
        path.push(key);
        if !(what.skips)(path) {
            let before = out.len();
            write_text(out, key);
            let begin = out.len();
            write_value(out, value.get_ref(), path, what);
            if what.bare || &out[begin..] != EMPTY {
                out.push(',');
            } else {
                out.truncate(before);
            }
        }
        path.pop();
    }
    out.push('}');
}

fn write_value<'d>(out: &mut String, value: &'d DeValue<'_>, path: &mut Vec<&'d str>, what: What) {
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
                write_value(out, element.get_ref(), path, what);
                out.push(',');
            }
            write!(out, "]")
        }
        DeValue::Table(table) => {
            write_table(out, table, path, what);
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
    use std::collections::BTreeSet;

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

    /// The sections in which the facts of two plans differ.
    fn changed(this: &str, that: &str) -> Vec<String> {
        let (this, that) = (plan(this).sections, plan(that).sections);
        let names: BTreeSet<&String> = this.keys().chain(that.keys()).collect();
        names.into_iter().filter(|name| this.get(*name) != that.get(*name)).cloned().collect()
    }

    #[test]
    fn sections_tell_what_shapes_the_facts() {
        for (this, that, sections) in [
            ("min_n  = 5", "min_n  = 6", &[][..]),
            ("target = 4.0\n", "", &[]),
            ("[breakdowns]\nsla ", "[breakdowns]\n#", &[]),
            ("language  = \"zh\"", "language  = \"en\"", &[]),
            ("goal   = 0.6", "goal   = 0.7\n\n", &[]),
            ("[tenure]", "[clocks.first_response]\ngoal = \"90%\"\n[tenure]", &[]),
            ("label  = \"上门\"", "label  = \"到场\"", &[]),
            ("../fixtures/", "/elsewhere/", &[]),
            ("period    = \"quarter\"", "period    = \"month\"", &["review"]),
            ("\"2h\"", "\"3h\"", &["sla"]),
            ("维修服务\"\n", "维修\"\n", &["sources.tickets"]),
            ("separator = \"、\"", "separator = \"/\"", &["sources.tickets"]),
            ("holidays = \"cn\"", "", &["calendars"]),
            ("\"1-3y\", \"3y+\"", "\"1y+\"", &["tenure"]),
            ("pauses = \"all\"", "pauses = []", &["clocks"]),
            ("under      = 0.75", "under      = 0.7", &["timeliness"]),
            ("满意 = 4", "满意 = 4.5", &["scores"]),
            ("days = 30", "days = 31", &["defects"]),
            ("unknown_staff = \"error\"", "unknown_staff = \"off\"", &["quality"]),
        ] {
            let other = EXAMPLE.replacen(this, that, 1);
            assert_ne!(other, EXAMPLE, "{this}");
            assert_eq!(changed(EXAMPLE, &other), sections, "{that}");
        }
    }
}
