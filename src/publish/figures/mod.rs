//! From the tables of a review to its charts. One chart, one file: which rows it shows, in which order, under which words.

mod attainment;
mod defects;
mod monthly;
mod staff;
mod tenure;
mod view;
mod words;

pub use self::view::View;
pub use self::words::Words;
use rayon::prelude::*;

use super::charts::{ChartError, Rendered};
use super::{PublishError, Release};

/// A chart of the review.
struct Figure {
    /// Name of the files.
    name: &'static str,
    /// Nothing where the review has no rows for it.
    draw: fn(&Shown) -> Option<Result<Rendered, ChartError>>,
}

/// All charts, sorted by name.
static FIGURES: [&Figure; 5] =
    [&attainment::FIGURE, &monthly::FIGURE, &defects::FIGURE, &staff::FIGURE, &tenure::FIGURE];

/// What charts are made of.
struct Shown<'a> {
    release: &'a Release<'a>,
}

impl<'a> Shown<'a> {
    fn table(&self, name: &str) -> Option<View<'a>> {
        let sheets = self.release.tables.iter().chain(&self.release.facts);
        sheets.into_iter().find(|s| s.name == name).map(|s| View::new(s.frame))
    }

    /// The rows of a table that belong to the reviewed period.
    fn reviewed(&self, view: View, conditions: &[(&str, &str)]) -> Vec<usize> {
        let all: Vec<(&str, &str)> =
            [("period", self.release.period)].into_iter().chain(conditions.iter().copied()).collect();
        view.rows(&all)
    }
}

/// Draws every chart that the review has rows for.
pub fn draw(release: &Release) -> Result<Vec<(&'static str, Rendered)>, PublishError> {
    let shown = Shown { release };
    let one = |figure: &&Figure| {
        let chart = (figure.draw)(&shown)?;
        let named = |chart| (figure.name, chart);
        Some(chart.map(named).map_err(|e| PublishError::Chart { name: figure.name, reason: e.to_string() }))
    };
    let drawn: Vec<Result<(&'static str, Rendered), PublishError>> = FIGURES.par_iter().filter_map(one).collect();
    drawn.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::FIGURES;

    #[test]
    fn figures_are_sorted() {
        assert!(FIGURES.is_sorted_by_key(|f| f.name));
    }
}
