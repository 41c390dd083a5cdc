//! Members of staff beside their peers: the others of the same tenure band in the same period.

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use super::Context;
use crate::schema::facts::{SURVEY, TICKET};
use crate::schema::shared::NONE;
use crate::stats::counts::ScoreCounts;
use crate::stats::interval::Interval;
use crate::stats::moments::Moments;
use crate::stats::{adjust, shrink, student};
use crate::tally::{Counted, Key, Tally};

const SCORE: &str = "fact_score";

/// A gap counts as found below this q-value.
const SIGNIFICANT: f64 = 0.05;

/// What one member of staff scored in one dimension in a reporting period.
#[derive(Debug)]
pub struct Member<'c> {
    pub period: &'c str,
    /// Place among the dimensions of the plan.
    pub dimension: usize,
    pub id: &'c str,
    /// Name and team, where the data have them.
    pub name: Option<&'c str>,
    pub team: Option<&'c str>,
    /// Where most of the member's answers of the period fall; of two alike, the senior one. `(none)` without a roster.
    pub band: &'c str,
    /// Tickets of the period; none where the data have no tickets.
    pub tickets: Option<u64>,
    pub n: u64,
    /// Answers to the others of the band.
    pub peers_n: u64,
    /// None where the member has too few answers.
    pub figures: Option<Figures>,
}

/// In points.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub mean: f64,
    /// Mean of the answers to the others; none without others.
    pub peer_mean: Option<f64>,
    /// The shrunk mean, its interval, and how far it lies from the mean towards which it is drawn.
    pub shrunk_mean: Option<f64>,
    pub interval: Option<Interval>,
    pub shrunk_gap: Option<f64>,
    pub p: Option<f64>,
    pub q: Option<f64>,
}

impl Figures {
    pub fn gap(&self) -> Option<f64> {
        self.peer_mean.map(|peers| self.mean - peers)
    }
}

impl Member<'_> {
    /// Weaker than the peers, and hardly by chance.
    pub fn is_weak(&self) -> bool {
        let weaker = |f: &Figures| f.q.is_some_and(|q| q < SIGNIFICANT) && f.gap().is_some_and(|gap| gap < 0.0);
        self.figures.as_ref().is_some_and(weaker)
    }

    /// Points below the peers, shrunk, times tickets, or answers where the data have no tickets; 0 for who is not below.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn priority(&self) -> Option<f64> {
        let below = (-self.figures?.shrunk_gap?).max(0.0);
        Some(below * self.tickets.unwrap_or(self.n) as f64)
    }
}

/// What [`members`] wants.
pub fn tallies(context: &Context) -> Vec<Tally> {
    let of = |fact, column: &'static str| context.has(fact, column).then_some(column);
    if of(SCORE, "staff_id").is_none() {
        return Vec::new();
    }
    let keys = ["month", "dimension", "staff_id"].into_iter().chain(of(SCORE, BAND));
    let mut tallies = vec![Tally::of(SCORE, keys).by(Key::Number("score_thousandths")), people(context)];
    if of(TICKET, "staff_id").is_some() {
        tallies.push(Tally::of(TICKET, ["month", "staff_id"]));
    }
    tallies
}

const BAND: &str = "tenure_band";

/// Every member of staff with an answer, by period, dimension, band and number. The q-values are of all of them together.
pub fn members<'c>(context: &'c Context, counted: &'c [Counted]) -> PolarsResult<Vec<Member<'c>>> {
    let [scores, people, tickets @ ..] = counted else { return Ok(Vec::new()) };
    let names = names(context, people)?;
    let handled = handled(context, tickets)?;
    let mut found = Vec::new();
    for ((period, dimension, band), group) in groups(context, scores)? {
        let mut all = ScoreCounts::default();
        for (_, own) in &group {
            all.merge(own);
        }
        let moments: Vec<Moments> = group.iter().filter_map(|(_, own)| Moments::of(own)).collect();
        let shrunk = shrink::to_peer_mean(&moments);
        for (place, (id, own)) in group.iter().enumerate() {
            let others = all.without(own);
            let n = own.n();
            let shown = Moments::of(own).filter(|_| i64::try_from(n).is_ok_and(|n| n >= context.plan.scores.min_n));
            let peers = Moments::of(&others);
            let (name, team) = names.get(id).copied().unwrap_or_default();
            found.push(Member {
                period,
                dimension,
                id,
                name,
                team,
                band: band.map_or(NONE, |band| context.plan.tenure[band].name.as_str()),
                tickets: handled.as_ref().map(|all| all.get(&(period, *id)).copied().unwrap_or_default()),
                n,
                peers_n: others.n(),
                figures: shown.map(|own| Figures {
                    mean: own.mean,
                    peer_mean: peers.map(|peers| peers.mean),
                    shrunk_mean: shrunk.as_ref().map(|s| s.means[place]),
                    interval: shrunk.as_ref().and_then(|s| s.interval(place)),
                    shrunk_gap: peers.and(shrunk.as_ref()).map(|s| s.means[place] - s.peer_mean),
                    p: peers.and_then(|peers| student::t_test(&own, &peers)).map(|test| test.p),
                    q: None,
                }),
            });
        }
    }
    let p_values: Vec<Option<f64>> = found.iter().map(|member| member.figures.and_then(|f| f.p)).collect();
    for (member, q) in found.iter_mut().zip(adjust::benjamini_hochberg(&p_values)) {
        if let Some(figures) = &mut member.figures {
            figures.q = q;
        }
    }
    Ok(found)
}

/// Scores in thousandths of a point, and how often each was given.
type Pairs = Vec<(i32, u64)>;

/// Reporting period, place of the dimension, place of the band.
type Peers<'c> = (&'c str, usize, Option<usize>);

/// The scores of the members of each band.
fn groups<'c>(
    context: &'c Context,
    counted: &'c Counted,
) -> PolarsResult<BTreeMap<Peers<'c>, Vec<(&'c str, ScoreCounts)>>> {
    let dimensions = context.plan.score_names();
    let (months, staff) = (counted.texts("month")?, counted.texts("staff_id")?);
    let bands = counted.texts(BAND).unwrap_or_default();
    let (names, scores, rows) =
        (counted.texts("dimension")?, counted.numbers("score_thousandths")?, counted.sums("rows")?);
    let mut answers: BTreeMap<(&str, &str), BTreeMap<Option<usize>, u64>> = BTreeMap::new();
    let mut own: BTreeMap<(&str, &str, usize), Pairs> = BTreeMap::new();
    for row in 0..counted.len() {
        let period = context.period(months[row]);
        let dimension = dimensions.iter().position(|d| *d == names[row]);
        let (Some(period), Some(dimension)) = (period, dimension) else { continue };
        if staff[row] == NONE {
            continue;
        }
        let band = bands.get(row).and_then(|band| context.plan.tenure.iter().position(|b| b.name == *band));
        *answers.entry((period, staff[row])).or_default().entry(band).or_default() += rows[row];
        own.entry((period, staff[row], dimension)).or_default().push((scores[row], rows[row]));
    }
    // Bands stand in the order of the plan, junior first, so that the last of those alike is the senior one.
    let usual =
        |bands: &BTreeMap<Option<usize>, u64>| bands.iter().max_by_key(|(_, n)| **n).and_then(|(band, _)| *band);
    let mut groups: BTreeMap<Peers, Vec<(&str, ScoreCounts)>> = BTreeMap::new();
    for ((period, staff, dimension), scores) in own {
        let band = answers.get(&(period, staff)).and_then(usual);
        groups.entry((period, dimension, band)).or_default().push((staff, scores.into_iter().collect()));
    }
    Ok(groups)
}

/// Name and team.
pub type Known<'c> = (Option<&'c str>, Option<&'c str>);

/// Surveys by staff, which tell names and teams.
pub fn people(context: &Context) -> Tally {
    let team = Some("team").filter(|column| context.has(SURVEY, column));
    Tally::of(SURVEY, ["staff_id", "staff_name"].into_iter().chain(team))
}

/// Name and team by number, from [`people`].
pub fn names<'c>(context: &Context, people: &'c Counted) -> PolarsResult<BTreeMap<&'c str, Known<'c>>> {
    let some = |text: &'c str| Some(text).filter(|text| *text != NONE);
    let teams = if context.has(SURVEY, "team") { people.texts("team")? } else { Vec::new() };
    let team = |row: usize| teams.get(row).and_then(|team| some(team));
    let own = people.texts("staff_id")?.into_iter().zip(people.texts("staff_name")?).enumerate();
    Ok(own.map(|(row, (id, name))| (id, (some(name), team(row)))).collect())
}

/// Tickets of each member by period; none where the data have no tickets.
fn handled<'c>(
    context: &'c Context,
    tickets: &'c [Counted],
) -> PolarsResult<Option<BTreeMap<(&'c str, &'c str), u64>>> {
    let Some(tickets) = tickets.first() else { return Ok(None) };
    let mut handled = BTreeMap::new();
    let (months, staff, rows) = (tickets.texts("month")?, tickets.texts("staff_id")?, tickets.sums("rows")?);
    for row in 0..tickets.len() {
        if let Some(period) = context.period(months[row]) {
            *handled.entry((period, staff[row])).or_default() += rows[row];
        }
    }
    Ok(Some(handled))
}
