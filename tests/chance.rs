//! What chance alone makes is not told as a finding, and intervals cover what they promise.
//!
//! All draws are the same in each run.

use std::collections::BTreeMap;

use aftersales::metrics::{Context, METRICS};
use aftersales::plan::{self, Plan};
use aftersales::stats::counts::ScoreCounts;
use aftersales::stats::moments::Moments;
use aftersales::stats::{interval, shrink};
use aftersales::tally::Taking;
use polars::prelude::*;

use crate::support::reviewed::reviewed;

/// `SplitMix64`, apart from the program's own.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / 4_294_967_296.0
    }

    /// Nearly standard normal.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    fn shuffle<T>(&mut self, values: &mut [T]) {
        for place in (1..values.len()).rev() {
            values.swap(place, self.below(place + 1));
        }
    }
}

/// An answer of the fixtures.
#[derive(Clone)]
struct Answer {
    month: String,
    dimension: String,
    staff: Option<String>,
    band: Option<String>,
    thousandths: i32,
}

fn answers() -> Vec<Answer> {
    let own = |text: Option<&str>| text.map(str::to_owned);
    let rows = reviewed().table("facts/fact_score").rows();
    rows.map(|row| Answer {
        month: own(row.text("month")).unwrap(),
        dimension: own(row.text("dimension")).unwrap(),
        staff: own(row.text("staff_id")),
        band: own(row.text("tenure_band")),
        thousandths: i32::try_from(row.int("score_thousandths").unwrap()).unwrap(),
    })
    .collect()
}

fn plan() -> Plan {
    plan::load(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/quarterly.toml")).unwrap()
}

fn fact(answers: &[Answer]) -> DataFrame {
    df!(
        "month" => answers.iter().map(|a| a.month.as_str()).collect::<Vec<_>>(),
        "dimension" => answers.iter().map(|a| a.dimension.as_str()).collect::<Vec<_>>(),
        "staff_id" => answers.iter().map(|a| a.staff.as_deref()).collect::<Vec<_>>(),
        "tenure_band" => answers.iter().map(|a| a.band.as_deref()).collect::<Vec<_>>(),
        "score_thousandths" => answers.iter().map(|a| a.thousandths).collect::<Vec<_>>(),
    )
    .unwrap()
}

/// The table of a metric of these answers and, for names, of as many surveys.
fn table(name: &str, plan: &Plan, answers: &[Answer]) -> DataFrame {
    let metric = METRICS.iter().find(|metric| metric.table.name == name).unwrap();
    let scores = fact(answers);
    let staff: Vec<Option<&str>> = answers.iter().map(|a| a.staff.as_deref()).collect();
    let surveys = df!("staff_id" => &staff, "staff_name" => &staff).unwrap();
    let facts = [("fact_score", &scores), ("fact_survey", &surveys)];
    let months = (1..=9).map(|month| (format!("2026-{month:02}"), format!("2026Q{}", (month + 2) / 3))).collect();
    let names = |(fact, frame): &(&'static str, &DataFrame)| {
        let fact = *fact;
        frame.get_column_names_owned().into_iter().map(move |name| (fact, name.to_string())).collect::<Vec<_>>()
    };
    let columns = facts.iter().flat_map(names).collect();
    let context = Context { plan, months, kind: "quarter", columns };
    let wanted = (metric.tallies)(&context);
    let (count, mut taking) = (wanted.len(), Taking::new(wanted));
    for (fact, frame) in facts {
        taking.feed(fact, frame).unwrap();
    }
    (metric.finish)(&context, &taking.settle().share(0..count)).unwrap()
}

fn significant(table: &DataFrame) -> usize {
    table.column("q").unwrap().f64().unwrap().iter().flatten().filter(|q| *q < 0.05).count()
}

/// With nothing to find, q < 0.05 anywhere in a table has a chance of 5 % at most; 16 of 200 is what that allows with 98 % certainty.
#[test]
fn shuffled_scores_yield_findings_no_more_often_than_promised() {
    let (plan, planted) = (plan(), answers());
    assert!(significant(&table("tenure_effect", &plan, &planted)) > 0);
    assert!(significant(&table("skill_gaps", &plan, &planted)) > 0);
    let mut places: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (place, answer) in planted.iter().enumerate() {
        places.entry((&answer.month, &answer.dimension)).or_default().push(place);
    }
    let mut draws = Draws(200);
    let mut found = [0, 0];
    for _ in 0..200 {
        let mut shuffled = planted.clone();
        for places in places.values() {
            let mut scores: Vec<i32> = places.iter().map(|place| planted[*place].thousandths).collect();
            draws.shuffle(&mut scores);
            places.iter().zip(scores).for_each(|(place, score)| shuffled[*place].thousandths = score);
        }
        for (found, name) in found.iter_mut().zip(["tenure_effect", "skill_gaps"]) {
            *found += usize::from(significant(&table(name, &plan, &shuffled)) > 0);
        }
    }
    assert!(found.iter().all(|found| *found <= 16), "of 200 shuffles yield findings: {found:?}");
}

/// How many of so many experiments succeed, as a share.
fn share(experiments: u32, mut succeeds: impl FnMut() -> bool) -> f64 {
    f64::from((0..experiments).map(|_| u32::from(succeeds())).sum::<u32>()) / f64::from(experiments)
}

fn moments(values: &[f64]) -> Moments {
    #[expect(clippy::cast_possible_truncation, reason = "points")]
    let counts: ScoreCounts = values.iter().map(|value| ((value * 1000.0).round() as i32, 1)).collect();
    Moments::of(&counts).unwrap()
}

/// Answers as the fixtures have them: mostly fours and fives.
fn answer(draws: &mut Draws, level: f64) -> f64 {
    (level + 0.75 * draws.normal()).round().clamp(1.0, 5.0)
}

#[test]
fn intervals_of_means_and_shares_cover_what_they_promise() {
    let mut draws = Draws(95);
    let many: Vec<f64> = (0..400_000).map(|_| answer(&mut draws, 4.3)).collect();
    let truth = many.iter().sum::<f64>() / 400_000.0;
    let means = share(20_000, || {
        let own: Vec<f64> = (0..25).map(|_| answer(&mut draws, 4.3)).collect();
        let own = moments(&own);
        interval::mean_t(own.mean, own.variance.sqrt(), own.n).is_some_and(|i| i.low <= truth && truth <= i.high)
    });
    assert!((0.93..=0.97).contains(&means), "means: {means}");
    let shares = share(20_000, || {
        let (p, n) = (0.05 + 0.9 * draws.unit(), 10 + draws.below(200));
        let met = (0..n).filter(|_| draws.unit() < p).count();
        interval::wilson(met as u64, n as u64).is_some_and(|i| i.low <= p && p <= i.high)
    });
    assert!((0.93..=0.97).contains(&shares), "shares: {shares}");
}

#[test]
fn intervals_of_shrunk_means_cover_what_they_promise() {
    let mut draws = Draws(40);
    let (mut covered, mut all) = (0_u32, 0_u32);
    for _ in 0..400 {
        let truths: Vec<f64> = (0..30).map(|_| 3.4 + 0.25 * draws.normal()).collect();
        let groups: Vec<Moments> = truths
            .iter()
            .map(|truth| {
                let n = 5 + draws.below(40);
                moments(&(0..n).map(|_| truth + 0.7 * draws.normal()).collect::<Vec<_>>())
            })
            .collect();
        let shrunk = shrink::to_peer_mean(&groups).unwrap();
        for (place, truth) in truths.iter().enumerate() {
            let interval = shrunk.interval(place).unwrap();
            covered += u32::from(interval.low <= *truth && *truth <= interval.high);
            all += 1;
        }
    }
    let share = f64::from(covered) / f64::from(all);
    assert!((0.93..=0.97).contains(&share), "{share}");
}

/// What one half says; mean and number of the answers of the other.
type Half = (Moments, f64, f64);

/// Half of each member's answers foretell the other half: shrunk means miss it by less than raw ones.
#[test]
fn shrunk_means_foretell_the_other_half_better_than_raw_ones() {
    let mut halves: BTreeMap<(String, String, String), [Vec<f64>; 2]> = BTreeMap::new();
    for (place, answer) in answers().into_iter().enumerate().filter(|(_, answer)| answer.month.as_str() >= "2026-07") {
        if let (Some(staff), Some(band)) = (answer.staff, answer.band) {
            let both = halves.entry((answer.dimension, band, staff)).or_default();
            both[place % 2].push(f64::from(answer.thousandths) / 1000.0);
        }
    }
    let mut peers: BTreeMap<(&str, &str), Vec<Half>> = BTreeMap::new();
    for ((dimension, band, _), [first, second]) in halves.iter().filter(|(_, both)| both.iter().all(|h| !h.is_empty()))
    {
        let size = f64::from(u32::try_from(second.len()).unwrap());
        let later = second.iter().sum::<f64>() / size;
        peers.entry((dimension, band)).or_default().push((moments(first), later, size));
    }
    let (mut raw, mut drawn) = (0.0, 0.0);
    for group in peers.values() {
        let own: Vec<Moments> = group.iter().map(|(own, _, _)| *own).collect();
        let Some(shrunk) = shrink::to_peer_mean(&own) else { continue };
        for ((own, later, size), mean) in group.iter().zip(shrunk.means) {
            raw += size * (own.mean - later).powi(2);
            drawn += size * (mean - later).powi(2);
        }
    }
    assert!(drawn < 0.8 * raw, "shrunk {drawn}, raw {raw}");
}
