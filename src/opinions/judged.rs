//! The themes judged on sentences that were labelled by hand, `fixtures/vectors/opinions.csv`. Words were chosen by those of the set
//! `tune`, and none by those of the set `test`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Lexicon;
use super::themes::Scratch;
use crate::plan;

#[derive(Debug, Default, Clone, Copy)]
struct Judged {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Judged {
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong).max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.missed).max(1))
    }
}

/// By set, and by theme.
type All = BTreeMap<(String, String), Judged>;

fn judge() -> (All, usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = "[sources.tickets]\nfiles = \"t.csv\"\n[sources.tickets.columns]\nticket_id = \"a\"\nrequested_at = \"b\"\n\
                [opinions]\nthemes = [\"zh\", \"en\"]\n";
    let plan = plan::parse(text, &root.join("pipelines/x.toml")).unwrap();
    let lexicon = Lexicon::of(&plan.opinions).unwrap();
    let mut scratch = Scratch::default();
    let (mut all, mut sentences) = (All::new(), 0);
    for row in csv::Reader::from_path(root.join("fixtures/vectors/opinions.csv")).unwrap().into_records() {
        let row = row.unwrap();
        sentences += 1;
        let expected: BTreeSet<&str> = row[1].split(';').filter(|theme| !theme.is_empty()).collect();
        let joined = lexicon.themes.joined(lexicon.themes.find(&row[2], &mut scratch));
        let found: BTreeSet<&str> = joined.split(';').filter(|theme| !theme.is_empty()).collect();
        for theme in expected.union(&found) {
            let judged = all.entry((row[0].to_owned(), (*theme).to_owned())).or_default();
            match (expected.contains(theme), found.contains(theme)) {
                (true, true) => judged.right += 1,
                (false, _) => judged.wrong += 1,
                (true, false) => judged.missed += 1,
            }
        }
    }
    (all, sentences)
}

#[test]
fn themes_are_found_in_what_customers_write() {
    let (all, sentences) = judge();
    assert!(sentences >= 300, "{sentences}");
    let mut sets: BTreeMap<&str, Judged> = BTreeMap::new();
    println!("set   theme            n   precision recall");
    for ((set, theme), judged) in &all {
        let (precision, recall) = (judged.precision(), judged.recall());
        println!("{set:5} {theme:15} {:3}   {precision:.2}      {recall:.2}", judged.right + judged.missed);
        let sum = sets.entry(set).or_default();
        sum.right += judged.right;
        sum.wrong += judged.wrong;
        sum.missed += judged.missed;
        // Of few sentences a few more or less say little.
        let least = if set == "tune" { (0.65, 0.7) } else { (0.5, 0.25) };
        assert!(precision >= least.0 && recall >= least.1, "{set} {theme}: {precision:.2} {recall:.2}");
    }
    for (set, least) in [("tune", (0.9, 0.95)), ("test", (0.78, 0.65))] {
        let (precision, recall) = (sets[set].precision(), sets[set].recall());
        println!("{set}: precision {precision:.3}, recall {recall:.3}");
        assert!(precision >= least.0 && recall >= least.1, "{set}: {precision:.3} {recall:.3}");
    }
}
