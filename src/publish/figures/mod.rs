//! From the tables of a review to its charts. One kind of chart, one file: which rows it shows, in which order, under which words.

mod attainment;
mod breach_hours;
mod caterpillar;
mod control;
mod defect_months;
mod defect_ranks;
mod defects;
mod distribution;
mod drivers;
mod measures;
mod monthly;
mod opinion_themes;
mod returns;
mod staff;
mod target_use;
mod tenure;
mod view;
mod words;

#[cfg(test)]
mod testing;

pub use self::view::View;
pub use self::words::Words;
use rayon::prelude::*;

use super::charts::{Change, ChartError, Rendered};
use super::{PublishError, Release};
use crate::schema::hold;

/// A difference counts as shown by the data below this q-value.
const SIGNIFICANT: f64 = 0.05;

/// Which way a figure has gone, unless that may be chance.
fn changed(up: Option<bool>, q: Option<f64>) -> Change {
    match up.filter(|_| q.is_some_and(|q| q < SIGNIFICANT)) {
        Some(true) => Change::Rising,
        Some(false) => Change::Falling,
        None => Change::Steady,
    }
}

/// One kind of chart of the review: the charts; none where the review has no rows for it.
type Figure = fn(&Shown) -> Vec<Chart>;

/// All kinds of charts, in the order of the names of their files.
static FIGURES: [Figure; 16] = [
    attainment::charts,
    monthly::charts,
    defects::charts,
    defect_ranks::charts,
    defect_months::charts,
    returns::charts,
    measures::charts,
    staff::charts,
    tenure::charts,
    caterpillar::charts,
    drivers::charts,
    distribution::charts,
    opinion_themes::charts,
    breach_hours::charts,
    control::charts,
    target_use::charts,
];

/// A chart whose rows and words are chosen, and that waits for being drawn.
struct Chart {
    /// Name of the files.
    name: &'static str,
    draw: Box<dyn Fn() -> Result<Rendered, ChartError> + Send>,
}

impl Chart {
    fn new(name: &str, draw: impl Fn() -> Result<Rendered, ChartError> + Send + 'static) -> Self {
        Self { name: hold(name), draw: Box::new(draw) }
    }

    fn draw(&self) -> Result<(&'static str, Rendered), PublishError> {
        let failed = |e: ChartError| PublishError::Chart { name: self.name, reason: e.to_string() };
        Ok((self.name, (self.draw)().map_err(failed)?))
    }
}

/// What charts are made of.
struct Shown<'a> {
    release: &'a Release<'a>,
}

impl<'a> Shown<'a> {
    fn table(&self, name: &str) -> Option<View<'a>> {
        let sheets = self.release.tables.iter().chain(&self.release.roster);
        sheets.into_iter().find(|s| s.name == name).map(|s| View::new(s.frame))
    }

    /// The rows of a table that belong to the reviewed period.
    fn reviewed(&self, view: View, conditions: &[(&str, &str)]) -> Vec<usize> {
        let all: Vec<(&str, &str)> =
            [("period", self.release.period)].into_iter().chain(conditions.iter().copied()).collect();
        view.rows(&all)
    }

    fn words(&self) -> Words<'a> {
        Words::of(self.release.plan)
    }

    /// The clocks of the plan that these rows of a table have, in the order of the plan.
    fn clocks(&self, view: View, rows: &[usize]) -> Vec<&'static str> {
        let there = view.distinct("clock", rows);
        self.release.plan.clocks.iter().map(|clock| clock.what.name).filter(|name| there.contains(name)).collect()
    }
}

/// Draws every chart that the review has rows for.
pub fn draw(release: &Release) -> Result<Vec<(&'static str, Rendered)>, PublishError> {
    let shown = Shown { release };
    // One chart is one piece of work, so that a figure of many charts keeps no thread waiting.
    let charts: Vec<Chart> = FIGURES.par_iter().flat_map_iter(|figure| figure(&shown)).collect();
    charts.into_par_iter().with_max_len(1).map(|chart| chart.draw()).collect()
}
