//! How soon cases come back: a small panel for each member, with the curve of all behind its own.

use super::axis::{Scale, percent_tick};
use super::canvas::{Align, Canvas, Point, count, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::style::{AXIS, BLUE, GRID, HEADING, INK, MARGIN, MUTED, SILVER, SMALL, WIDTH, tint};
use super::wrap::fit;
use super::{ChartError, Rendered};

/// Shares that have come back, by days.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnsChart {
    pub caption: Caption,
    pub panels: Vec<ReturnsPanel>,
    /// The curve of all cases together.
    pub all: Vec<ReturnsStep>,
    /// The last day of the axis, and the one that is marked.
    pub days: f64,
    pub marked: f64,
    /// Keys: `该故障及 95% 区间`, `全部故障`, `30 天`.
    pub own_label: String,
    pub all_label: String,
    pub marked_label: String,
    /// Below the axis: `解决后天数`.
    pub axis_label: String,
}

/// One member.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnsPanel {
    pub label: String,
    /// `n = 512 · 30 天内 12.3%`.
    pub note: String,
    pub steps: Vec<ReturnsStep>,
}

/// The share that has come back by the end of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReturnsStep {
    pub day: f64,
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

const COLUMNS: usize = 3;
const SCALE: f64 = 44.0;
const GAP: f64 = 18.0;
const HEAD: f64 = 46.0;
const PLOT: f64 = 130.0;
const FEET: f64 = 40.0;

struct Axes {
    days: Scale,
    shares: Scale,
}

impl ReturnsChart {
    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// Only if the program itself is broken, see [`ChartError`].
    pub fn draw(&self) -> Result<Rendered, ChartError> {
        self.lay_out()?.render()
    }

    fn lay_out(&self) -> Result<Canvas, ChartError> {
        let mut canvas = Canvas::new(WIDTH, &self.caption.title)?;
        let keys: Vec<Key> = vec![
            (Mark::Band { line: BLUE, fill: tint(BLUE, 0.2) }, self.own_label.clone()),
            (Mark::Line(SILVER), self.all_label.clone()),
            (Mark::Dashes(INK), self.marked_label.clone()),
        ];
        let top = open(&mut canvas, &self.caption, &keys);
        let columns = self.panels.len().clamp(1, COLUMNS);
        let width = (WIDTH - 2.0 * MARGIN + GAP) / count(columns) - SCALE - GAP;
        let seen =
            self.panels.iter().flat_map(|panel| &panel.steps).chain(&self.all).filter(|step| step.day <= self.days);
        // Wide intervals of few cases are cut at the top: they must not flatten all curves.
        let most = seen.map(|step| step.share).filter(|share| share.is_finite()).fold(0.02, f64::max) * 1.4;
        let mut bottom = top;
        for (i, panel) in self.panels.iter().enumerate() {
            let left = MARGIN + SCALE + count(i % columns) * (width + SCALE + GAP);
            let plot = top + count(i / columns) * (HEAD + PLOT + FEET) + HEAD;
            let days = Scale { low: 0.0, high: self.days.max(1.0), from: left, to: left + width };
            let shares = Scale { low: 0.0, high: most.min(1.0), from: plot + PLOT, to: plot };
            self.panel(&mut canvas, panel, &Axes { days, shares });
            bottom = plot + PLOT + FEET;
        }
        close(&mut canvas, &self.caption, bottom);
        Ok(canvas)
    }

    fn panel(&self, canvas: &mut Canvas, panel: &ReturnsPanel, axes: &Axes) {
        let Axes { days, shares } = axes;
        let (left, right, bottom, width) = (days.from, days.to, shares.from, days.to - days.from);
        let head = shares.to - HEAD;
        canvas.text((left, head + HEADING), &fit(canvas.face, &panel.label, HEADING, width), text(HEADING));
        let note = fit(canvas.face, &panel.note, SMALL, width);
        canvas.text((left, head + HEADING + 17.0), &note, text(SMALL).color(MUTED));
        for tick in shares.ticks(30.0) {
            let y = shares.at(tick);
            canvas.rule((left, y), (right, y), 1.0, GRID);
            canvas.text_mid((left - 8.0, y), &percent_tick(tick), text(SMALL).color(MUTED).align(Align::Right));
        }
        let band = panel.steps.iter().filter(|step| step.low.is_finite() && step.high.is_finite());
        let band: Vec<&ReturnsStep> = band.collect();
        let (low, high) = (
            self.stairs(axes, band.iter().map(|s| (s.day, s.low))),
            self.stairs(axes, band.iter().map(|s| (s.day, s.high))),
        );
        canvas.polygon(low.into_iter().chain(high.into_iter().rev()).collect(), tint(BLUE, 0.2));
        canvas.line(self.stairs(axes, self.all.iter().map(|step| (step.day, step.share))), 2.0, SILVER);
        canvas.line(self.stairs(axes, panel.steps.iter().map(|step| (step.day, step.share))), 2.0, BLUE);
        canvas.rule((left, bottom), (right, bottom), 1.0, AXIS);
        for tick in days.ticks(48.0).into_iter().filter(|tick| tick.fract() == 0.0) {
            let x = days.at(tick);
            canvas.rule((x, bottom), (x, bottom + 4.0), 1.0, AXIS);
            canvas.text((x, bottom + 16.0), &format!("{tick:.0}"), text(SMALL).color(MUTED).align(Align::Center));
        }
        let middle = (f64::midpoint(left, right), bottom + 31.0);
        let words = fit(canvas.face, &self.axis_label, SMALL, width);
        canvas.text(middle, &words, text(SMALL).color(MUTED).align(Align::Center));
        if self.marked > 0.0 && self.marked < self.days {
            let x = days.at(self.marked);
            canvas.dashes((x, shares.to), (x, bottom), 1.25, INK);
        }
    }

    /// A share holds until the next day on which it changes, and to the end of the axis.
    fn stairs(&self, axes: &Axes, steps: impl Iterator<Item = (f64, f64)>) -> Vec<Point> {
        let mut points = vec![(axes.days.at(0.0), axes.shares.at(0.0))];
        let mut last = 0.0;
        for (day, share) in steps.take_while(|(day, _)| *day <= self.days) {
            let x = axes.days.at(day);
            points.extend([(x, axes.shares.at(last)), (x, axes.shares.at(share))]);
            last = share;
        }
        points.push((axes.days.at(self.days), axes.shares.at(last)));
        points
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Shape;
    use super::super::check;
    use super::*;

    fn step(day: f64, share: f64) -> ReturnsStep {
        ReturnsStep { day, share, low: share * 0.8, high: share * 1.2 }
    }

    fn chart(panels: usize) -> ReturnsChart {
        ReturnsChart {
            caption: check::caption(),
            panels: (0..panels)
                .map(|p| ReturnsPanel {
                    label: check::name(p),
                    note: check::name(p + 1),
                    steps: (1..=p * 7).map(|day| step(count(day), 0.4 * count(day) / 70.0)).collect(),
                })
                .collect(),
            all: vec![step(3.0, 0.02), step(30.0, 0.05), step(200.0, 0.9)],
            days: 90.0,
            marked: 30.0,
            own_label: "该故障及 95% 区间".into(),
            all_label: "全部故障".into(),
            marked_label: "30 天".into(),
            axis_label: "解决后天数".into(),
        }
    }

    #[test]
    fn any_number_of_panels_fits() {
        for panels in [0, 1, 2, 4, 9] {
            check::layout(&chart(panels).lay_out().unwrap());
        }
        check::rendered(&chart(2).lay_out().unwrap());
    }

    #[test]
    fn a_share_holds_until_the_day_on_which_it_changes() {
        let canvas = chart(1).lay_out().unwrap();
        let lines = canvas.shapes.iter().filter_map(|shape| match shape {
            Shape::Line { points, color, .. } if *color == SILVER => Some(points.clone()),
            _ => None,
        });
        let lines: Vec<Vec<Point>> = lines.collect();
        let [all] = lines.as_slice() else { panic!("one curve of all") };
        // Two steps of two points each between begin and end: what lies beyond the axis is not drawn.
        assert_eq!(all.len(), 6);
        assert!(all.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 >= pair[1].1));
        // The share rises on its day and not before.
        assert!((all[1].1 - all[0].1).abs() < 1e-9 && all[2].1 < all[1].1);
    }
}
