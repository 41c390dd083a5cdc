//! SLA attainment in working time, for the clocks of tickets and of surveys.

mod table;

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use self::table::{DOC, TABLE};
use super::context::{CLOCKED, Span};
use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::schema::facts::outcome;
use crate::schema::shared::ALL;
use crate::stats::{adjust, interval, proportion, quantile};
use crate::tally::{Counted, Key, Tally};

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
    used: BTreeMap<i32, u64>,
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

    /// In whole seconds, as all durations.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seconds between two dates, never negative"
    )]
    fn quantile(&self, q: f64) -> Option<u64> {
        let counts: Vec<(i32, u64)> = self.used.iter().map(|(b, n)| (*b, *n)).collect();
        quantile::quantile(&counts, q).map(|seconds| seconds.round() as u64)
    }
}

/// What the rows of a clock and breakdown are called.
type Names = (&'static str, &'static str);
/// Period, clock and breakdown (by their place in the list of their names, which keeps the order of the table), member.
type Group = (Span, usize, String);

fn finish(context: &Context, counted: &[Counted]) -> PolarsResult<DataFrame> {
    let parts = parts(context);
    let names: Vec<Names> = parts.iter().flat_map(names).collect();
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    let mut tallies = counted.iter();
    let mut first = 0;
    for Part { clocks, breakdowns, .. } in &parts {
        for (place, (_, by)) in breakdowns.iter().enumerate() {
            let number = |clock: usize| first + clock * breakdowns.len() + place;
            let Some(outcomes) = tallies.next() else { break };
            for (clock, name) in clocks.iter().enumerate() {
                let mut sums = Vec::new();
                for value in outcome::ALL {
                    sums.push(outcomes.sums(&format!("{name}_{value}"))?);
                }
                each_group(context, outcomes, *by, number(clock), &mut groups, |figures, row| {
                    for (total, part) in figures.outcomes.iter_mut().zip(&sums) {
                        *total += part[row];
                    }
                })?;
            }
            for clock in 0..clocks.len() {
                let Some(used) = tallies.next() else { break };
                let (buckets, rows) = (used.numbers(BUCKET)?, used.sums("rows")?);
                each_group(context, used, *by, number(clock), &mut groups, |figures, row| {
                    *figures.used.entry(buckets[row]).or_default() += rows[row];
                })?;
            }
        }
        first += clocks.len() * breakdowns.len();
    }
    groups.retain(|_, figures| figures.all() > 0);
    table(context, &names, &groups)
}

/// Clock by clock, its breakdowns.
fn names(part: &Part) -> Vec<Names> {
    part.clocks.iter().flat_map(|clock| part.breakdowns.iter().map(|(breakdown, _)| (*clock, *breakdown))).collect()
}

/// Adds each row of a tally to all periods it counts towards.
fn each_group(
    context: &Context,
    counted: &Counted,
    by: Option<&str>,
    names: usize,
    groups: &mut BTreeMap<Group, Figures>,
    mut add: impl FnMut(&mut Figures, usize),
) -> PolarsResult<()> {
    let months = counted.texts("month")?;
    let members = by.map(|b| counted.texts(b)).transpose()?;
    for (row, month) in months.iter().enumerate() {
        let member = members.as_ref().map_or(ALL, |m| m[row]);
        for span in context.spans(month) {
            add(groups.entry((span, names, member.to_owned())).or_default(), row);
        }
    }
    Ok(())
}

fn table(context: &Context, names: &[Names], groups: &BTreeMap<Group, Figures>) -> PolarsResult<DataFrame> {
    let previous =
        |(span, names, member): &Group| context.previous(span).and_then(|p| groups.get(&(p, *names, member.clone())));
    let p_values: Vec<Option<f64>> = groups
        .iter()
        .map(|(group, now)| {
            let ((met, n), (met_before, n_before)) = (now.judged(), previous(group)?.judged());
            proportion::pooled_z_test(met, n, met_before, n_before).map(|test| test.p)
        })
        .collect();
    let q_values = adjust::benjamini_hochberg(&p_values);
    let mut out = Vec::with_capacity(groups.len());
    for ((group, figures), q) in groups.iter().zip(q_values) {
        let (span, place, member) = group;
        let (clock, breakdown) = names[*place];
        let (met, n) = figures.judged();
        let wilson = interval::wilson(met, n);
        let before = previous(group);
        let attainment_before = before.and_then(Figures::attainment);
        let change = figures.attainment().zip(attainment_before).map(|(now, before)| now - before);
        let newcombe = before.map(Figures::judged).and_then(|(m, of)| proportion::newcombe(met, n, m, of));
        let mut row = Vec::from([span.kind, span.name.as_str(), clock, breakdown, member.as_str()].map(Cell::from));
        row.push(figures.all().into());
        row.extend(figures.outcomes.map(Cell::from));
        row.extend([
            figures.attainment().into(),
            wilson.map(|i| i.low).into(),
            wilson.map(|i| i.high).into(),
            figures.quantile(0.5).into(),
            figures.quantile(0.9).into(),
            attainment_before.into(),
            change.into(),
            q.into(),
            newcombe.map(|i| i.low).into(),
            newcombe.map(|i| i.high).into(),
        ]);
        out.push(row);
    }
    rows::table(&TABLE, out)
}

#[cfg(test)]
mod tests;
