//! Which dimensions the overall score depends on.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::rows::{Building, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Double, Text};
use crate::schema::facts::{BLOCK, SURVEY, product, score};
use crate::schema::shared::{CI_HIGH, CI_LOW, DIMENSION, N, PERIOD, RANK, SUPPRESSED};
use crate::schema::{Label, Table, column};
use crate::stats::bootstrap;
use crate::stats::relative_importance::{self, Deviations, Importance};
use crate::tally::{Counted, Key, Share, Tally};

static TABLE: Table = Table {
    name: "satisfaction_drivers",
    label: Label { zh: "满意度驱动因素", en: "Satisfaction drivers" },
    grain: "one row per reporting period and dimension besides `overall`",
    columns: &[
        PERIOD,
        RANK.doc("By leverage; 1 is what to mend first. Null where nothing could be told."),
        DIMENSION,
        N.doc("Surveys of customers in which every dimension and `overall` are answered."),
        column(
            "r_squared",
            Double,
            "share",
            "R²",
            "R²",
            "Part of the variance of `overall` that all dimensions together explain.",
        ),
        column(
            "importance",
            Double,
            "share",
            "重要性",
            "Importance",
            "Share of this R² that the dimension has; the shares of a period add up to 1.",
        ),
        CI_LOW.doc("Lower end of the 95 % bootstrap interval of the importance."),
        CI_HIGH.doc("Upper end of the 95 % bootstrap interval of the importance."),
        column(
            "mean",
            Double,
            "points",
            "均分",
            "Mean",
            "Mean of the dimension in these surveys, 1–5: the performance.",
        ),
        column(
            "leverage",
            Double,
            "points",
            "改进潜力",
            "Leverage",
            "importance × (5 − mean): much is to be won where an important dimension is far from full marks.",
        ),
        column(
            "quadrant",
            Text,
            "",
            "象限",
            "Quadrant",
            "`mend_first` important and weak, `keep_up` important and strong, `low_priority` neither, `beyond_need` strong and unimportant; \
             important is more than an equal share, strong is at least the mean of all dimensions.",
        ),
        SUPPRESSED
            .doc("True where the surveys are fewer than `min_n` or than ten for each dimension: figures are null."),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Satisfaction drivers (满意度驱动因素)

## What it says
What customers' overall satisfaction hangs on, and what to mend first: an important dimension that scores low comes before a weak one
that nobody minds.

## How it is counted
`overall` is regressed on all other dimensions, over the surveys of customers of the reporting period that answer all of them.
The importance of a dimension is what it adds to R², averaged over all orders in which dimensions can enter (LMG, the Shapley value of
R²), as a share of R². Dimensions that go together share what they explain. Up to ten dimensions all orders count; with
more, a fixed set of a hundred orders. Intervals come from 1,000 bootstrap samples of 200 random blocks of surveys, the same ones in each run.
Everything is computed from sums of products of scores, so it does not depend on how the dumps are split.

## How to read it
From the top. `r_squared` says how much the dimensions explain at all: where it is low, something that is not asked matters more. Importance is
association, not proof: a dimension may be important because it goes with one that was not asked. Where intervals overlap
widely, the order of importance is open.

## Source
Lindeman, Merenda and Gold (1980), told by Grömping (2006), relative importance; Efron (1979), bootstrap; Martilla and James
(1977), importance and performance.
";

const OVERALL: &str = "overall";

/// Fewer surveys for each dimension tell nothing.
const FOR_EACH: u64 = 10;

/// The dimensions that may explain, and `overall` as the last; none where there is nothing to explain.
fn names<'c>(context: &Context<'c>) -> Option<Vec<&'c str>> {
    let plan = context.plan;
    let names: Vec<&str> = plan.score_names();
    let mut sorted: Vec<&str> = names.iter().copied().filter(|name| *name != OVERALL).collect();
    (sorted.len() < names.len() && !sorted.is_empty() && context.has(SURVEY, BLOCK)).then(|| {
        sorted.push(OVERALL);
        sorted
    })
}

/// The name of the product of two scores, whichever comes first in the plan.
fn product_of(context: &Context, one: &str, other: &str) -> &'static str {
    let place = |name: &str| context.plan.dimensions().position(|dimension| dimension.name == name);
    if place(one) <= place(other) { product(one, other) } else { product(other, one) }
}

fn tallies(context: &Context) -> Vec<Tally> {
    let Some(names) = names(context) else { return Vec::new() };
    let mut tally = Tally::of(SURVEY, ["month"]).by(Key::Number(BLOCK));
    for (place, one) in names.iter().enumerate() {
        tally = tally.sum(score(one));
        for other in &names[place..] {
            tally = tally.sum(product_of(context, one, other));
        }
    }
    vec![tally]
}

/// Sums over some surveys: their number, scores, and products of scores (row by row from the diagonal on), in thousandths and
/// millionths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Sums {
    n: u64,
    scores: Vec<i128>,
    products: Vec<i128>,
}

impl Sums {
    fn add(&mut self, other: &Self, times: u32) {
        self.n += other.n * u64::from(times);
        for (sums, more) in [(&mut self.scores, &other.scores), (&mut self.products, &other.products)] {
            sums.resize(more.len(), 0);
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more * i128::from(times);
            }
        }
    }

    /// Sums of products of deviations from the means, in squared points; exact up to the last division.
    #[expect(clippy::cast_precision_loss, reason = "the sums are exact until here")]
    fn deviations(&self) -> Deviations {
        let count = self.scores.len();
        // Row by row from the diagonal on.
        let first = |row: usize| row * count - row * row.saturating_sub(1) / 2;
        let deviation = |one: usize, other: usize| {
            let (row, column) = (one.min(other), one.max(other));
            let product = self.products.get(first(row) + column - row).copied().unwrap_or_default();
            let exact = i128::from(self.n) * product - self.scores[one] * self.scores[other];
            exact as f64 / (self.n.max(1) as f64 * 1e6)
        };
        let overall = count - 1;
        Deviations {
            with_response: (0..overall).map(|one| deviation(one, overall)).collect(),
            response: deviation(overall, overall),
            predictors: (0..overall).map(|one| (0..overall).map(|other| deviation(one, other)).collect()).collect(),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the sums are exact until here")]
    fn mean(&self, place: usize) -> f64 {
        self.scores[place] as f64 / (self.n as f64 * 1000.0)
    }
}

/// The sums of each block of each reporting period.
fn blocks<'c>(context: &'c Context, counted: &Counted, names: &[&str]) -> PolarsResult<BTreeMap<&'c str, Vec<Sums>>> {
    let (months, blocks, rows) = (counted.texts("month")?, counted.numbers(BLOCK)?, counted.sums("rows")?);
    let columns =
        |names: Vec<&'static str>| names.into_iter().map(|name| counted.sums(name)).collect::<PolarsResult<Vec<_>>>();
    let scores = columns(names.iter().map(|name| score(name)).collect())?;
    let pairs =
        names.iter().enumerate().flat_map(|(place, one)| names[place..].iter().map(move |other| (*one, *other)));
    let products = columns(pairs.map(|(one, other)| product_of(context, one, other)).collect())?;
    let mut all: BTreeMap<&str, BTreeMap<i32, Sums>> = BTreeMap::new();
    for row in 0..counted.len() {
        let Some(period) = context.period(months[row]) else { continue };
        let of = |sums: &[Vec<u64>]| sums.iter().map(|sums| i128::from(sums[row])).collect();
        let own = Sums { n: rows[row], scores: of(&scores), products: of(&products) };
        all.entry(period).or_default().entry(blocks[row]).or_default().add(&own, 1);
    }
    Ok(all.into_iter().map(|(period, blocks)| (period, blocks.into_values().collect())).collect())
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let (Some(names), Some(counted)) = (names(context), counted.first()) else {
        return Building::new(&TABLE, 0)?.finish();
    };
    let mut out = Building::new(&TABLE, 0)?;
    for (period, blocks) in blocks(context, counted, &names)? {
        let mut drivers = drivers(context, &names, &blocks);
        drivers.sort_by(|a, b| b.leverage().total_cmp(&a.leverage()));
        for (driver, rank) in drivers.iter().zip(1_usize..) {
            out.push(driver.row(period, rank))?;
        }
    }
    out.finish()
}

/// One dimension of one period.
struct Driver<'c> {
    dimension: &'c str,
    n: u64,
    figures: Option<Figures>,
}

#[derive(Clone, Copy)]
struct Figures {
    r_squared: f64,
    importance: f64,
    interval: Option<(f64, f64)>,
    mean: f64,
    quadrant: &'static str,
}

/// The dimensions in the order of the plan.
#[expect(clippy::cast_precision_loss, reason = "few dimensions")]
fn drivers<'c>(context: &Context, names: &[&'c str], blocks: &[Sums]) -> Vec<Driver<'c>> {
    let mut all = Sums::default();
    for block in blocks {
        all.add(block, 1);
    }
    let count = names.len() - 1;
    let enough = i64::try_from(all.n).is_ok_and(|n| n >= context.plan.scores.min_n) && all.n >= FOR_EACH * count as u64;
    let shares = |sums: &Sums| relative_importance::lmg(&sums.deviations()).as_ref().and_then(Importance::of_r_squared);
    let found = relative_importance::lmg(&all.deviations()).filter(|_| enough);
    let own = found.as_ref().and_then(Importance::of_r_squared);
    let intervals = own.as_ref().map(|_| {
        bootstrap::intervals(blocks.len(), count, |times| {
            let mut sums = Sums::default();
            blocks.iter().zip(times).for_each(|(block, times)| sums.add(block, *times));
            shares(&sums)
        })
    });
    let centre = (0..count).map(|place| all.mean(place)).sum::<f64>() / count as f64;
    let quadrant = |importance: f64, mean: f64| match (importance >= 1.0 / count as f64, mean >= centre) {
        (true, false) => "mend_first",
        (true, true) => "keep_up",
        (false, false) => "low_priority",
        (false, true) => "beyond_need",
    };
    let figures = |place: usize| {
        let (importance, mean) = (own.as_ref()?[place], all.mean(place));
        Some(Figures {
            r_squared: found.as_ref()?.r_squared,
            importance,
            interval: intervals.as_ref().and_then(|all| all[place]).map(|i| (i.low, i.high)),
            mean,
            quadrant: quadrant(importance, mean),
        })
    };
    (0..count).map(|place| Driver { dimension: names[place], n: all.n, figures: figures(place) }).collect()
}

impl Driver<'_> {
    fn leverage(&self) -> f64 {
        self.figures.map_or(-1.0, |f| f.importance * (5.0 - f.mean))
    }

    fn row(&self, period: &str, rank: usize) -> Vec<Cell> {
        let of = |figure: fn(&Figures) -> f64| Cell::from(self.figures.as_ref().map(figure));
        let interval = self.figures.and_then(|f| f.interval);
        vec![
            period.into(),
            self.figures.map(|_| rank).into(),
            self.dimension.into(),
            self.n.into(),
            of(|f| f.r_squared),
            of(|f| f.importance),
            interval.map(|i| i.0).into(),
            interval.map(|i| i.1).into(),
            of(|f| f.mean),
            self.figures.map(|_| self.leverage()).into(),
            self.figures.map(|f| f.quadrant).into(),
            self.figures.is_none().into(),
        ]
    }
}
