//! The tables of `fixtures/README.md`: how many rows of which kind are in which file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::dirt::{BAD_STAFF, BAD_SURVEYS, BAD_TICKETS, Kind, Row};
use super::pauses::BAD as BAD_PAUSES;

#[derive(Default)]
pub struct Counts {
    /// By file in the order of writing: rows by kind.
    files: Vec<(String, BTreeMap<Kind, usize>)>,
}

const RULES: [&str; 5] = ["missing_key", "unparseable", "out_of_range", "wrong_fields", "outside_calendar"];

/// The rule that a kind of bad rows breaks; some kinds of tickets and surveys share a name and a rule.
fn rule(kind: &str) -> &'static str {
    let all = BAD_TICKETS
        .iter()
        .chain(&BAD_SURVEYS)
        .map(|b| (b.0, b.1))
        .chain(BAD_PAUSES.map(|b| (b.0, b.1)))
        .chain([BAD_STAFF]);
    all.into_iter().find(|b| b.0 == kind).expect("a kind of bad rows").1
}

impl Counts {
    pub fn file(&mut self, name: &str, rows: &[Row]) {
        let mut kinds = BTreeMap::new();
        for row in rows {
            *kinds.entry(row.kind).or_default() += 1;
        }
        self.files.push((name.to_owned(), kinds));
    }

    /// Both tables as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = self.by_file();
        out.push('\n');
        out.push_str(&self.bad_by_kind());
        out
    }

    fn by_file(&self) -> String {
        let mut out = String::from("| file | rows | used | identical | superseded |");
        for rule in RULES {
            write!(out, " {rule} |").expect("to a string");
        }
        out.push_str("\n| --- |");
        out.push_str(&" ---: |".repeat(4 + RULES.len()));
        out.push('\n');
        for source in ["tickets", "surveys", "pauses", "staff"] {
            let files = self.files.iter().filter(|f| f.0.starts_with(source));
            let mut total = [0; 9];
            let mut n = 0;
            for (name, kinds) in files {
                let line = numbers(kinds);
                (0..9).for_each(|i| total[i] += line[i]);
                row(&mut out, &format!("`{name}`"), &line);
                n += 1;
            }
            if n > 1 {
                row(&mut out, &format!("**{source}**"), &total);
            }
        }
        out
    }

    fn bad_by_kind(&self) -> String {
        let mut out =
            String::from("| source | bad rows | rule | rows | in the files of |\n| --- | --- | --- | ---: | --- |\n");
        let tickets = BAD_TICKETS.iter().map(|b| ("tickets", b.0, b.1));
        let surveys = BAD_SURVEYS.iter().map(|b| ("surveys", b.0, b.1));
        let pauses = BAD_PAUSES.iter().map(|b| ("pauses", b.0, b.1));
        for (source, kind, rule) in tickets.chain(surveys).chain(pauses).chain([("staff", BAD_STAFF.0, BAD_STAFF.1)]) {
            let mut rows = 0;
            let mut places = Vec::new();
            for (name, kinds) in self.files.iter().filter(|f| f.0.starts_with(source)) {
                let Some(n) = kinds.get(&Kind::Bad(kind)) else {
                    continue;
                };
                rows += n;
                let month = name.trim_end_matches(".csv").rsplit('-').next().expect("a name");
                places.push(if *n == 1 { month.to_owned() } else { format!("{month} ({n})") });
            }
            writeln!(out, "| {source} | {kind} | {rule} | {rows} | {} |", places.join(", ")).expect("to a string");
        }
        out
    }
}

/// Rows, used, copies, repeats, superseded, and bad rows by rule.
fn numbers(kinds: &BTreeMap<Kind, usize>) -> [usize; 9] {
    let mut out = [0; 9];
    for (kind, n) in kinds {
        out[0] += n;
        let place = match kind {
            Kind::Used => 1,
            Kind::Identical => 2,
            Kind::Superseded => 3,
            Kind::Bad(kind) => 4 + RULES.iter().position(|r| *r == rule(kind)).expect("a rule"),
        };
        out[place] += n;
    }
    out
}

fn row(out: &mut String, name: &str, numbers: &[usize]) {
    let cells: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    writeln!(out, "| {name} | {} |", cells.join(" | ")).expect("to a string");
}
