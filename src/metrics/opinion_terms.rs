//! The words that stand out, beyond what the lists of themes know.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, PolarsResult};

use super::opinion_themes::SOURCE;
use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Bool, Double, Int64, Text};
use crate::schema::facts::opinion::{self, MOOD, SATISFIED, TERM, TERMS, TEXTS, UNHAPPY};
use crate::schema::shared::{PERIOD, Q, RANK};
use crate::schema::{Label, Table, column};
use crate::stats::adjust;
use crate::stats::log_odds::{self, LogOdds};
use crate::tally::{Share, Tally};

static TABLE: Table = Table {
    name: "opinion_terms",
    label: Label { zh: "突出用词", en: "Words that stand out" },
    grain: "one row per source, comparison and word that is said more often than in what it is compared with, the first fifty",
    columns: &[
        PERIOD.doc("The reviewed period."),
        SOURCE,
        column(
            "against",
            Text,
            "",
            "对照",
            "Against",
            "`previous`: the texts of the period are compared with those of the period before; `satisfied`: those of customers who give less than 4 points overall with those of the others.",
        ),
        RANK.doc("By z, highest first."),
        column(
            "term",
            Text,
            "",
            "词语",
            "Word",
            "A word as segmentation cuts it: two Chinese characters or three letters at least, no stop word, no digits.",
        ),
        column("texts", Int64, "texts", "出现数", "Texts", "Texts with the word."),
        column("n", Int64, "texts", "有意见数", "n", "All texts of the same side."),
        column(
            "other_texts",
            Int64,
            "texts",
            "对照出现数",
            "Texts against",
            "Texts with the word on the side that it is compared with.",
        ),
        column("other_n", Int64, "texts", "对照有意见数", "n against", "All texts of that side."),
        column(
            "log_odds",
            Double,
            "",
            "对数优势比",
            "Log-odds",
            "Natural logarithm of the ratio of odds, drawn towards 0 by the prior.",
        ),
        column("z", Double, "", "z 值", "z", "log_odds ÷ its standard error."),
        Q.doc("Benjamini–Hochberg q-value of z over all words that were compared, those not shown included."),
        column(
            "in_themes",
            Bool,
            "",
            "词典已有",
            "In the lists",
            "The word, or a part of it, is a word of the lists of themes.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Words that stand out (突出用词)

## What it says
Which words customers use more than before, and which unhappy customers use more than satisfied ones: what the lists of themes may miss.

## How it is counted
Texts are cut into words by jieba's dictionary and hidden Markov model, and by the words of the lists. A word counts once for each text. Of the words said in
three texts at least on both sides together, the log-odds ratio of one side to the other is taken with an informative Dirichlet prior worth 500
words: the word's share on both sides together. Texts of surveys are those of customers; of tickets they are the fault descriptions. The fifty
words with the highest z of each comparison are shown.

## How to read it
Take words with `q` below 0.05 and `in_themes` false for new themes of the lists, or for a matter that has just come up. A word stands out
against what it is compared with: that it is rare otherwise does not make it important.

## Source
Monroe, Colaresi and Quinn (2008), Fightin' Words; Benjamini and Hochberg (1995). Segmentation: jieba.
";

const AGAINST: [&str; 2] = ["previous", "satisfied"];
/// Texts with a word, on both sides together, from which on it is compared.
const FEWEST: u64 = 3;
const SHOWN: usize = 50;

fn tallies(context: &Context) -> Vec<Tally> {
    if !context.has(TERMS, TERM) {
        return Vec::new();
    }
    vec![Tally::of(TERMS, [opinion::SOURCE, opinion::PERIOD, MOOD, TERM]).sum(TEXTS)]
}

/// Texts by word; under the empty word all of them.
type Side<'c> = BTreeMap<&'c str, u64>;

#[derive(Debug)]
struct Word<'c> {
    source: &'c str,
    against: &'static str,
    term: &'c str,
    texts: [u64; 2],
    n: [u64; 2],
    found: LogOdds,
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let [counted] = counted.as_slice() else { return rows::table(&TABLE, Vec::new()) };
    let period = context.months.last().map_or("", |(_, period)| period.as_str());
    let mut sides: BTreeMap<(&str, usize), [Side; 2]> = BTreeMap::new();
    let keys = [opinion::SOURCE, opinion::PERIOD, MOOD, TERM].map(|key| counted.texts(key));
    let [sources, periods, moods, terms] = keys;
    let (sources, periods, moods, terms, texts) = (sources?, periods?, moods?, terms?, counted.sums(TEXTS)?);
    for row in 0..counted.len() {
        let now = periods[row] == period;
        let mut add = |against: usize, side: usize| {
            *sides.entry((sources[row], against)).or_default()[side].entry(terms[row]).or_default() += texts[row];
        };
        add(0, usize::from(!now));
        match moods[row] {
            UNHAPPY if now => add(1, 0),
            SATISFIED if now => add(1, 1),
            _ => {}
        }
    }
    let mut words = Vec::new();
    for ((source, against), sides) in &sides {
        words.extend(compared(source, AGAINST[*against], sides));
    }
    let q_values = adjust::benjamini_hochberg(&words.iter().map(|word| Some(word.found.p)).collect::<Vec<_>>());
    let mut words: Vec<(Word, Option<f64>)> = words.into_iter().zip(q_values).collect();
    words.retain(|(word, _)| word.found.z > 0.0);
    words.sort_by(|(a, _), (b, _)| {
        let group = |word: &Word| (std::cmp::Reverse(word.source == opinion::OF_SURVEYS), word.against);
        let order = group(a).cmp(&group(b));
        order.then(b.found.z.total_cmp(&a.found.z)).then_with(|| a.term.cmp(b.term))
    });
    let known = known(context);
    let mut out = Vec::new();
    for group in words.chunk_by(|(a, _), (b, _)| (a.source, a.against) == (b.source, b.against)) {
        for (rank, (word, q)) in (1_usize..).zip(group).take(SHOWN) {
            out.push(vec![
                Cell::from(period),
                word.source.into(),
                word.against.into(),
                rank.into(),
                word.term.into(),
                word.texts[0].into(),
                word.n[0].into(),
                word.texts[1].into(),
                word.n[1].into(),
                word.found.log_odds.into(),
                word.found.z.into(),
                (*q).into(),
                known.iter().any(|own| holds(word.term, own)).into(),
            ]);
        }
    }
    rows::table(&TABLE, out)
}

/// The words of one side against the other, by bytes.
fn compared<'c>(source: &'c str, against: &'static str, sides: &[Side<'c>; 2]) -> Vec<Word<'c>> {
    let of = |side: &Side, term: &str| side.get(term).copied().unwrap_or_default();
    let n = [of(&sides[0], ""), of(&sides[1], "")];
    // All words said, each once for each text.
    let said = [0, 1].map(|side: usize| sides[side].iter().filter(|(term, _)| !term.is_empty()).map(|(_, t)| t).sum());
    let terms: BTreeSet<&str> = sides.iter().flat_map(|side| side.keys().copied()).filter(|t| !t.is_empty()).collect();
    let word = |term: &'c str| {
        let texts = [of(&sides[0], term), of(&sides[1], term)];
        let found = log_odds::compare((texts[0], said[0]), (texts[1], said[1]))?;
        (texts[0] + texts[1] >= FEWEST).then_some(Word { source, against, term, texts, n, found })
    };
    terms.into_iter().filter_map(word).collect()
}

/// Whether a word of the lists stands in a term; a Latin one stands alone.
fn holds(term: &str, own: &str) -> bool {
    if own.is_ascii() { term == own || term.strip_suffix('s') == Some(own) } else { term.contains(own) }
}

/// The words of the lists that tell of a theme on their own.
fn known(context: &Context) -> BTreeSet<String> {
    let themes = context.plan.opinions.themes.iter();
    let alone = themes.flat_map(|theme| &theme.words).filter(|words| words.len() == 1);
    alone.flatten().map(|word| word.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::METRIC;
    use crate::metrics::testing::{assert_numbers, cells, plan, table};
    use crate::stats::log_odds;

    #[test]
    fn words_are_compared_with_the_period_before_and_with_satisfied_customers() {
        let rows: [(&str, &str, &str, i64); 9] = [
            ("2026Q2", "unhappy", "", 10),
            ("2026Q2", "unhappy", "异味", 8),
            ("2026Q2", "unhappy", "配件", 1),
            ("2026Q2", "satisfied", "", 20),
            ("2026Q2", "satisfied", "配件", 9),
            ("2026Q1", "", "", 30),
            ("2026Q1", "", "配件", 20),
            ("2026Q1", "", "异味", 1),
            ("2026Q1", "", "一次", 2),
        ];
        let terms = df!(
            "source" => vec!["survey"; rows.len()],
            "period" => rows.map(|row| row.0),
            "mood" => rows.map(|row| row.1),
            "term" => rows.map(|row| row.2),
            "texts" => rows.map(|row| row.3),
        );
        let found = table(&METRIC, &plan(), &[("opinion_term", terms.unwrap())]);
        assert_eq!(cells(&found, "against"), ["previous", "satisfied"]);
        assert_eq!(cells(&found, "term"), ["异味", "异味"]);
        assert_eq!(cells(&found, "in_themes"), ["false", "false"]);
        for (column, expected) in
            [("texts", [8.0, 8.0]), ("n", [30.0, 10.0]), ("other_texts", [1.0, 0.0]), ("other_n", [30.0, 20.0])]
        {
            assert_numbers(&found, column, &expected.map(Some));
        }
        // Words said: 18 of 30 texts now, 23 of 30 before; 9 by unhappy customers, 9 by the others.
        let z = [((8, 18), (1, 23)), ((8, 9), (0, 9))].map(|(one, other)| log_odds::compare(one, other).map(|l| l.z));
        assert_numbers(&found, "z", &z);
    }
}
