//! Whether a dimension's score depends on tenure.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Double, Int32, Text};
use crate::schema::shared::{DIMENSION, N, PERIOD};
use crate::schema::{Label, Table, column};
use crate::stats::counts::ScoreCounts;
use crate::stats::moments::Moments;
use crate::stats::{adjust, effect, kruskal, welch};
use crate::tally::{Key, Share, Tally};

static TABLE: Table = Table {
    name: "tenure_effect",
    label: Label { zh: "工龄影响", en: "Tenure effect" },
    grain: "one row per reporting period and dimension",
    columns: &[
        PERIOD,
        DIMENSION,
        column(
            "bands",
            Int32,
            "bands",
            "工龄段数",
            "Bands",
            "Tenure bands compared: those with at least `min_n` answers.",
        ),
        N.doc("Answers in the bands compared."),
        column("welch_f", Double, "", "Welch F", "Welch F", "Statistic of Welch's analysis of variance."),
        column(
            "welch_p",
            Double,
            "",
            "Welch p",
            "Welch p",
            "Its p-value; null where fewer than two bands can be compared or a band does not vary.",
        ),
        column(
            "kruskal_h",
            Double,
            "",
            "Kruskal H",
            "Kruskal H",
            "Statistic of the Kruskal–Wallis test, corrected for ties.",
        ),
        column("kruskal_p", Double, "", "Kruskal p", "Kruskal p", "Its p-value."),
        column("q", Double, "", "q值", "q", "Benjamini–Hochberg q-value of `welch_p` over all rows of the run."),
        column("lowest_band", Text, "", "最低工龄段", "Lowest band", "Band with the lowest mean."),
        column("reference_band", Text, "", "参照工龄段", "Reference band", "The most senior band compared."),
        column("gap", Double, "points", "差距", "Gap", "Mean of the lowest band − mean of the reference band."),
        column(
            "hedges_g",
            Double,
            "",
            "Hedges g",
            "Hedges g",
            "The gap in pooled standard deviations, corrected for small samples; −0.2 is small, −0.5 medium, −0.8 large.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Tenure effect (工龄影响)

## What it says
Whether new staff are weaker than senior staff in a dimension, which band is the weakest and by how much.

## How it is counted
From the number of answers per score value and tenure band in the reporting period. Bands with fewer than `min_n` answers take
no part. Welch's analysis of variance compares the means without assuming equal variances; Kruskal–Wallis compares the ranks.
The gap and Hedges' g set the lowest band against the most senior one.

## How to read it
Believe a difference when q < 0.05; then look at `gap` and `hedges_g` to see whether it matters. A row without q could not be tested: too
few answers, or answers that do not vary.

## Source
Welch (1951); Kruskal and Wallis (1952); Hedges (1981); Benjamini and Hochberg (1995).
";

fn tallies(_: &Context) -> Vec<Tally> {
    vec![Tally::of("fact_score", ["month", "dimension", "tenure_band"]).by(Key::Number("score_thousandths"))]
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let dimensions = context.plan.score_names();
    let mut groups: BTreeMap<(&str, usize), BTreeMap<usize, ScoreCounts>> = BTreeMap::new();
    for counted in &taken.all()? {
        let (months, names, bands) =
            (counted.texts("month")?, counted.texts("dimension")?, counted.texts("tenure_band")?);
        let (scores, rows) = (counted.numbers("score_thousandths")?, counted.sums("rows")?);
        for row in 0..counted.len() {
            let dimension = dimensions.iter().position(|d| *d == names[row]);
            let band = context.plan.tenure.iter().position(|b| b.name == bands[row]);
            let period = context.period(months[row]);
            let (Some(dimension), Some(band), Some(period)) = (dimension, band, period) else {
                continue;
            };
            let one = ScoreCounts::from_iter([(scores[row], rows[row])]);
            groups.entry((period, dimension)).or_default().entry(band).or_default().merge(&one);
        }
    }
    let tests: Vec<Test> = groups.values().map(|bands| Test::of(bands, context.plan.scores.min_n)).collect();
    let q_values = adjust::benjamini_hochberg(&tests.iter().map(|t| t.welch.map(|w| w.p)).collect::<Vec<_>>());
    let band = |place: Option<usize>| place.map(|p| context.plan.tenure[p].name.as_str());
    let mut out = Vec::new();
    for (((period, dimension), test), q) in groups.keys().zip(&tests).zip(q_values) {
        out.push(vec![
            Cell::from(*period),
            dimensions[*dimension].into(),
            test.bands.into(),
            test.n.into(),
            test.welch.map(|w| w.f).into(),
            test.welch.map(|w| w.p).into(),
            test.kruskal.map(|k| k.h).into(),
            test.kruskal.map(|k| k.p).into(),
            q.into(),
            band(test.lowest).into(),
            band(test.reference).into(),
            test.gap.into(),
            test.hedges_g.into(),
        ]);
    }
    rows::table(&TABLE, out)
}

/// The bands of one dimension and period compared.
struct Test {
    bands: usize,
    n: u64,
    welch: Option<welch::WelchAnova>,
    kruskal: Option<kruskal::KruskalWallis>,
    lowest: Option<usize>,
    reference: Option<usize>,
    gap: Option<f64>,
    hedges_g: Option<f64>,
}

impl Test {
    fn of(bands: &BTreeMap<usize, ScoreCounts>, min_n: i64) -> Self {
        // A variance needs two answers, whatever the plan says.
        let enough = |scores: &ScoreCounts| i64::try_from(scores.n()).is_ok_and(|n| n >= min_n.max(2));
        let compared: Vec<(usize, &ScoreCounts, Moments)> = bands
            .iter()
            .filter(|(_, scores)| enough(scores))
            .filter_map(|(band, scores)| Moments::of(scores).map(|m| (*band, scores, m)))
            .collect();
        let moments: Vec<Moments> = compared.iter().map(|(_, _, m)| *m).collect();
        let scores: Vec<ScoreCounts> = compared.iter().map(|(_, s, _)| (*s).clone()).collect();
        let lowest = compared.iter().min_by(|a, b| a.2.mean.total_cmp(&b.2.mean));
        // Bands stand in the order of the plan, junior first.
        let reference = compared.last();
        let apart = lowest.zip(reference).filter(|(l, r)| l.0 != r.0);
        Self {
            bands: compared.len(),
            n: scores.iter().map(ScoreCounts::n).sum(),
            welch: welch::anova(&moments),
            kruskal: kruskal::kruskal_wallis(&scores),
            lowest: lowest.map(|l| l.0),
            reference: reference.map(|r| r.0),
            gap: lowest.zip(reference).map(|(l, r)| l.2.mean - r.2.mean),
            hedges_g: apart.and_then(|(l, r)| effect::hedges_g(&l.2, &r.2)),
        }
    }
}
