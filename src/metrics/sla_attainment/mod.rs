//! SLA attainment in working time, for the clocks of tickets and of surveys.

mod table;

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PlSmallStr, PolarsResult};

use self::table::{DOC, TABLE};
use super::context::{CLOCKED, Spans};
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::facts::outcome;
use crate::stats::{adjust, interval, proportion, quantile};
use crate::tally::{Key, Share, Tally};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const BUCKET: &str = "bucket";

/// A fact with clocks; these and its breakdowns are in the order in which the table lists them.
struct Part {
    fact: &'static str,
    clocks: Vec<&'static str>,
    /// Name and column; `all` has no column.
    breakdowns: Vec<(&'static str, Option<&'static str>)>,
}

fn parts(context: &Context) -> Vec<Part> {
    let part = |fact| {
        let (clocks, breakdowns) = (context.clocks(fact), context.breakdowns(fact, &context.plan.breakdowns.sla));
        Part { fact, clocks, breakdowns }
    };
    CLOCKED.into_iter().map(part).filter(|part| !part.clocks.is_empty()).collect()
}

/// For each fact and breakdown the outcomes of all clocks, then for each clock its buckets of time used.
fn tallies(context: &Context) -> Vec<Tally> {
    let mut tallies = Vec::new();
    for Part { fact, clocks, breakdowns } in parts(context) {
        for (_, by) in breakdowns {
            let tally = || Tally::of(fact, std::iter::once("month").chain(by));
            let mut outcomes = tally();
            for clock in &clocks {
                for value in outcome::ALL {
                    outcomes = outcomes.count(format!("{clock}_{value}"), format!("{clock}_outcome"), value);
                }
            }
            tallies.push(outcomes);
            for clock in &clocks {
                let column = format!("{clock}_seconds");
                tallies.push(tally().by(Key::Mapped { column, name: BUCKET, with: quantile::bucket }));
            }
        }
    }
    tallies
}

#[derive(Debug, Default, Clone)]
struct Figures {
    /// In the order of `outcome::ALL`.
    outcomes: [u64; 6],
    /// Time used, in whole seconds: median, and 90th percentile.
    used: [Option<u64>; 2],
}

impl Figures {
    /// Those met, and those judged.
    const fn judged(&self) -> (u64, u64) {
        (self.outcomes[0], self.outcomes[0] + self.outcomes[1])
    }

    /// All to which the clock applies.
    fn all(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^53")]
    fn attainment(&self) -> Option<f64> {
        let (met, n) = self.judged();
        (n > 0).then(|| met as f64 / n as f64)
    }
}

/// What the rows of a clock and breakdown are called.
type Names = (&'static str, &'static str);
/// Rank of the period, clock and breakdown (by their place in the list of their names, which keeps the order of the
/// table), member.
type Group = (usize, usize, PlSmallStr);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (parts, spans) = (parts(context), Spans::new(context));
    let names: Vec<Names> = parts.iter().flat_map(names).collect();
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    // One by one: members and buckets make many rows.
    let mut tallies = (0..).map_while(|at| taken.get(at).transpose());
    let mut first = 0;
    for Part { clocks, breakdowns, .. } in &parts {
        for (place, (_, by)) in breakdowns.iter().enumerate() {
            let number = |clock: usize| first + clock * breakdowns.len() + place;
            let Some(outcomes) = tallies.next().transpose()? else { break };
            for (clock, name) in clocks.iter().enumerate() {
                let mut sums = Vec::new();
                for value in outcome::ALL {
                    sums.push(outcomes.sums(&format!("{name}_{value}"))?);
                }
                runs::each(&spans, &outcomes, *by, |span, member, rows| {
                    let group = (span, number(clock), PlSmallStr::from_str(member));
                    let figures = groups.entry(group).or_default();
                    for (total, part) in figures.outcomes.iter_mut().zip(&sums) {
                        *total += part[rows.clone()].iter().sum::<u64>();
                    }
                })?;
            }
            for clock in 0..clocks.len() {
                let Some(used) = tallies.next().transpose()? else { break };
                for ((span, member), counts) in runs::buckets(&spans, &used, *by, BUCKET)? {
                    // Whoever used time has an outcome.
                    if let Some(figures) = groups.get_mut(&(span, number(clock), PlSmallStr::from_str(member))) {
                        figures.used = [0.5, 0.9].map(|q| runs::seconds(&counts, q));
                    }
                }
            }
        }
        first += clocks.len() * breakdowns.len();
    }
    groups.retain(|_, figures| figures.all() > 0);
    table(&spans, &names, &groups)
}

/// Clock by clock, its breakdowns.
fn names(part: &Part) -> Vec<Names> {
    part.clocks.iter().flat_map(|clock| part.breakdowns.iter().map(|(breakdown, _)| (*clock, *breakdown))).collect()
}

/// The figures of the same member in the period before.
fn before<'g>(spans: &Spans, groups: &'g BTreeMap<Group, Figures>, group: &Group) -> Option<&'g Figures> {
    let (span, names, member) = group;
    groups.get(&(spans.previous(*span)?, *names, member.clone()))
}

fn table(spans: &Spans, names: &[Names], groups: &BTreeMap<Group, Figures>) -> PolarsResult<DataFrame> {
    let p_values: Vec<Option<f64>> = groups
        .iter()
        .map(|(group, now)| {
            let ((met, n), (met_before, n_before)) = (now.judged(), before(spans, groups, group)?.judged());
            proportion::pooled_z_test(met, n, met_before, n_before).map(|test| test.p)
        })
        .collect();
    let q_values = adjust::benjamini_hochberg(&p_values);
    let mut out = Building::new(&TABLE, groups.len())?;
    for ((group, figures), q) in groups.iter().zip(q_values) {
        let (span, place, member) = group;
        let (clock, breakdown) = names[*place];
        let (met, n) = figures.judged();
        let wilson = interval::wilson(met, n);
        let earlier = before(spans, groups, group);
        let attainment_before = earlier.and_then(Figures::attainment);
        let change = figures.attainment().zip(attainment_before).map(|(now, before)| now - before);
        let newcombe = earlier.map(Figures::judged).and_then(|(m, of)| proportion::newcombe(met, n, m, of));
        let span = spans.span(*span);
        let mut row = Vec::from([span.kind, span.name.as_str(), clock, breakdown, member.as_str()].map(Cell::from));
        row.push(figures.all().into());
        row.extend(figures.outcomes.map(Cell::from));
        row.extend([
            figures.attainment().into(),
            wilson.map(|i| i.low).into(),
            wilson.map(|i| i.high).into(),
            figures.used[0].into(),
            figures.used[1].into(),
            attainment_before.into(),
            change.into(),
            q.into(),
            newcombe.map(|i| i.low).into(),
            newcombe.map(|i| i.high).into(),
        ]);
        out.push(row)?;
    }
    out.finish()
}

#[cfg(test)]
mod tests;
