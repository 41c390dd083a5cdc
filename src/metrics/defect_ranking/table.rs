//! The rows of the ranking.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::exposure::Exposure;
use super::priority::{Priority, priorities};
use super::{Change, Defect, Figures, Ranked};
use crate::metrics::Context;
use crate::metrics::context::Span;
use crate::metrics::rows::{self, Cell};
use crate::plan::{LEVEL_PARTS, Level, Same, level_name};
use crate::schema::Table;
use crate::schema::facts::FACT_FAULT;
use crate::stats::{adjust, rate_ratio};

pub fn table(
    context: &Context,
    table: &Table,
    levels: &[(&Level, Ranked)],
    exposure: &Exposure,
) -> PolarsResult<DataFrame> {
    let all = || {
        let periods = levels
            .iter()
            .flat_map(|(level, periods)| periods.iter().map(move |(span, found)| ((*level, periods), span, found)));
        periods.flat_map(|(periods, span, found)| found.iter().map(move |(defect, f)| (periods, span, defect, f)))
    };
    let compare = |((level, periods), span, defect, figures): (_, _, _, &Figures)| {
        compare(context, exposure, (level, periods), (span, defect), figures)
    };
    let compared: Vec<_> = all().map(compare).collect();
    let q_values = adjust::benjamini_hochberg(&compared.iter().map(|c| c.map(|c| c.p)).collect::<Vec<_>>());
    let mut changes: Vec<Change> = compared.into_iter().zip(q_values).collect();
    let told = context.has(
        FACT_FAULT.name,
        match context.plan.defects.same {
            Same::Customer => "customer_id",
            Same::SerialNumber => "serial_number",
        },
    ) && context.has("fact_ticket", "resolved_at");
    let mut out = Vec::new();
    // The changes stand in the order of levels, periods and defects.
    let mut rest = changes.as_mut_slice();
    for (level, periods) in levels {
        for (span, found) in periods {
            let (own, others) = rest.split_at_mut(found.len());
            rest = others;
            let earlier = |defect: &Defect| before(context, exposure, periods, span, defect);
            let exposed = |defect: &Defect| exposure.of(span, level, defect);
            let ranking = Ranking { context, level, span, told, before: &earlier, exposed: &exposed };
            ranking.rows(found, own, &mut out);
        }
    }
    rows::table(table, out)
}

/// Tickets with a defect in the period before, and that period; none where the data do not reach back. A defect that it does not have
/// stood at zero.
fn before(
    context: &Context,
    exposure: &Exposure,
    periods: &Ranked,
    span: &Span,
    defect: &Defect,
) -> Option<(u64, Span)> {
    let previous = context.previous(span).filter(|p| exposure.tickets(p).is_some())?;
    Some((periods.get(&previous).and_then(|p| p.get(defect)).map_or(0, |f| f.tickets), previous))
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^53")]
fn compare(
    context: &Context,
    exposure: &Exposure,
    (level, periods): (&Level, &Ranked),
    (span, defect): (&Span, &Defect),
    figures: &Figures,
) -> Option<rate_ratio::RateRatio> {
    let (earlier, previous) = before(context, exposure, periods, span, defect)?;
    let (now, then) = (exposure.of(span, level, defect)?, exposure.of(&previous, level, defect)?);
    rate_ratio::compare(figures.tickets, now as f64, earlier, then as f64)
}

/// The defects of one level and period.
struct Ranking<'a> {
    context: &'a Context<'a>,
    level: &'a Level,
    span: &'a Span,
    /// Whether the data can tell repeats.
    told: bool,
    before: &'a dyn Fn(&Defect) -> Option<(u64, Span)>,
    exposed: &'a dyn Fn(&Defect) -> Option<u64>,
}

impl Ranking<'_> {
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets and points are far below 2^53")]
    fn rows(&self, found: &BTreeMap<Defect, Figures>, changes: &[Change], out: &mut Vec<Vec<Cell>>) {
        let share = |part: u64, of: u64| part as f64 / of as f64;
        let total: u64 = found.values().map(|f| f.tickets).sum();
        let mut order: Vec<(&Defect, &Figures, &Change)> =
            found.iter().zip(changes).map(|((defect, f), change)| (defect, f, change)).collect();
        order.sort_by(|a, b| b.1.tickets.cmp(&a.1.tickets).then_with(|| a.0.cmp(b.0)));
        let min_n = self.context.plan.scores.min_n;
        let priority = priorities(&order.iter().map(|(_, f, _)| *f).collect::<Vec<_>>(), min_n);
        let mut cumulative = 0;
        for (place, ((defect, figures, (change, q)), priority)) in order.into_iter().zip(priority).enumerate() {
            let class = super::pareto_class(cumulative, total);
            cumulative += figures.tickets;
            let shown = figures.answers > 0 && i64::try_from(figures.answers).is_ok_and(|n| n >= min_n);
            let answered = |part: u64| shown.then(|| share(part, figures.answers));
            let part = |name: &str| {
                self.level.iter().position(|own| *own == name).map(|place| Cell::from(defect[place].as_str()))
            };
            let [line, model, code] = LEVEL_PARTS.map(|name| part(name).unwrap_or(Cell::Null));
            let of = |value: fn(&Priority) -> f64| priority.as_ref().map(value);
            out.push(vec![
                Cell::from(self.span.kind),
                self.span.name.as_str().into(),
                (place + 1).into(),
                model,
                code,
                figures.tickets.into(),
                share(figures.tickets, total).into(),
                share(cumulative, total).into(),
                class.into(),
                figures.customers.into(),
                self.told.then_some(figures.repeats).into(),
                self.told.then(|| share(figures.repeats, figures.tickets)).into(),
                (self.before)(defect).map(|(tickets, _)| tickets).into(),
                change.and_then(|change| change.ratio).into(),
                (*q).into(),
                change.map(|change| change.low).into(),
                change.and_then(|change| change.high).into(),
                figures.answers.into(),
                answered(figures.thousandths).map(|mean| mean / 1000.0).into(),
                of(|p| p.score).into(),
                priority.as_ref().map(|p| p.rank).into(),
                answered(figures.unhappy).into(),
                figures.moods.into(),
                (figures.moods > 0).then(|| share(figures.strength, figures.moods)).into(),
                of(|p| p.emotion).into(),
                of(|p| p.influence).into(),
                priority.as_ref().is_some_and(|p| p.rank <= 3).into(),
                level_name(self.level).as_str().into(),
                line,
                (self.exposed)(defect).into(),
            ]);
        }
    }
}
