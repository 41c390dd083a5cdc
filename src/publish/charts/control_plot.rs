//! The plane of a control chart: where weeks and shares lie, the band of limits, and the line that texts keep clear of.

use super::axis::Scale;
use super::canvas::{Canvas, Point, count};
use super::control::{ControlPanel, ControlPoint};
use super::style::{SKY, tint};

/// Where a panel lies.
pub(super) struct Plot {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    /// Width of a week.
    pub slot: f64,
    pub scale: Scale,
}

impl ControlPanel {
    /// The weeks that have a figure, with their places.
    pub(super) fn usable(&self) -> impl Iterator<Item = (usize, ControlPoint)> {
        let points = self.points.iter().enumerate().filter_map(|(week, p)| Some((week, (*p)?)));
        points.filter(|(_, p)| p.value.is_finite())
    }
}

impl Plot {
    pub(super) fn new((left, head): Point, (width, height): Point, slot: f64, (low, high): (f64, f64)) -> Self {
        let top = head + 30.0;
        Self { left, top, width, height, slot, scale: Scale { low, high, from: top + height, to: top } }
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    pub(super) fn middle(&self, week: usize) -> f64 {
        self.left + (count(week) + 0.5) * self.slot
    }

    pub(super) fn at(&self, week: usize, value: f64) -> Point {
        (self.middle(week), self.scale.at(value))
    }
}

/// The shares that an axis holds, in steps of 5 %: points and centres, and limits where they count. Limits of small
/// groups reach from 0 to 100 % and would squeeze the points.
pub(super) fn range<'a>(panels: impl Iterator<Item = &'a ControlPanel>, with_limits: bool) -> (f64, f64) {
    let of = |panel: &ControlPanel| {
        let limits = panel.usable().filter(|_| with_limits).filter_map(|(_, p)| p.limits);
        let limits: Vec<f64> = limits.flat_map(|(low, high)| [low, high]).collect();
        panel.usable().map(|(_, p)| p.value).chain(panel.center).chain(limits).collect::<Vec<f64>>()
    };
    let figures = panels.flat_map(of).filter(|f| f.is_finite());
    let (low, high) = figures.fold((1.0, 0.0), |(low, high): (f64, f64), f| (low.min(f), high.max(f)));
    if low > high {
        return (0.0, 1.0);
    }
    let step = |share: f64| (share.clamp(0.0, 1.0) * 20.0).round() / 20.0;
    let high = step(((high + 0.005) * 20.0).ceil() / 20.0).max(0.1);
    let low = step(((low - 0.005) * 20.0).floor() / 20.0);
    (low.min(high - 0.1).max(0.0), high)
}

/// Weeks in a row that have a figure.
pub(super) fn runs(panel: &ControlPanel) -> Vec<Vec<(usize, ControlPoint)>> {
    let mut runs: Vec<Vec<(usize, ControlPoint)>> = Vec::new();
    for (week, point) in panel.usable() {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(before, _)| before + 1 == week) => run.push((week, point)),
            _ => runs.push(vec![(week, point)]),
        }
    }
    runs
}

/// Points all along the line of a panel, dense enough that no text slips between them.
pub(super) fn trace(panel: &ControlPanel, plot: &Plot) -> Vec<Point> {
    const DENSE: f64 = 3.0;
    const MARK: f64 = 4.0;
    let around = |(x, y): Point| [(x - MARK, y), (x + MARK, y), (x, y - MARK), (x, y + MARK), (x, y)];
    let mut points: Vec<Point> = panel.usable().flat_map(|(week, p)| around(plot.at(week, p.value))).collect();
    for run in runs(panel) {
        for pair in run.windows(2) {
            let [(a, from), (b, to)] = pair else { continue };
            let (from, to) = (plot.at(*a, from.value), plot.at(*b, to.value));
            let steps = ((to.0 - from.0).hypot(to.1 - from.1) / DENSE).ceil().max(1.0);
            let along = |share: f64| (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            points.extend((0..400).map(f64::from).take_while(|i| *i < steps).map(|i| along(i / steps)));
        }
    }
    points
}

/// The limits of a run of weeks as a band with a step between weeks.
pub(super) fn limits(canvas: &mut Canvas, run: &[(usize, ControlPoint)], plot: &Plot) {
    let has = |p: &ControlPoint| p.limits.filter(|(low, high)| low.is_finite() && high.is_finite());
    for part in run.chunk_by(|a, b| has(&a.1).is_some() == has(&b.1).is_some()) {
        let steps = part.iter().filter_map(|(week, p)| has(p).map(|limits| (*week, limits)));
        let ends = |week: usize| [plot.middle(week) - plot.slot / 2.0, plot.middle(week) + plot.slot / 2.0];
        let edge = |pick: fn((f64, f64)) -> f64| -> Vec<Point> {
            steps.clone().flat_map(|(week, l)| ends(week).map(|x| (x, plot.scale.at(pick(l))))).collect()
        };
        let (lower, upper) = (edge(|l| l.0), edge(|l| l.1));
        canvas.polygon(upper.iter().chain(lower.iter().rev()).copied().collect(), tint(SKY, 0.3));
        canvas.line(upper, 1.0, SKY);
        canvas.line(lower, 1.0, SKY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_holds_points_and_limits() {
        let point = |value, limits| ControlPoint { value, limits: Some(limits), n: 9, signal: None };
        let panel = |points: &[ControlPoint]| ControlPanel {
            label: String::new(),
            center: None,
            points: points.iter().copied().map(Some).collect(),
        };
        let tight = panel(&[point(0.93, (0.88, 0.99)), point(0.96, (0.87, 1.0))]);
        for (panel, with_limits, expected) in [
            (&tight, true, (0.85, 1.0)),
            (&tight, false, (0.9, 1.0)),
            (&panel(&[point(1.0, (1.0, 1.0))]), true, (0.9, 1.0)),
            (&panel(&[point(0.0, (0.0, 0.0))]), true, (0.0, 0.1)),
            (&panel(&[]), true, (0.0, 1.0)),
        ] {
            let (low, high) = range([panel].into_iter(), with_limits);
            assert!((low - expected.0).abs() < 1e-9 && (high - expected.1).abs() < 1e-9, "{low} {high} {expected:?}");
        }
    }

    #[test]
    fn weeks_in_a_row_make_a_run() {
        let point = Some(ControlPoint { value: 0.5, limits: None, n: 1, signal: None });
        let points = vec![point, point, None, point];
        let runs = runs(&ControlPanel { label: String::new(), center: None, points });
        assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }
}
