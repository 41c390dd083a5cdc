//! Importance against performance, in four fields.

use super::axis::{Scale, percent_tick};
use super::canvas::{Align, Canvas, Point, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::style::{AXIS, BLUE, BODY, GRID, INK, MARGIN, MUTED, SMALL, VERMILLION, WIDTH, tint};
use super::wrap::fit;
use super::{ChartError, Rendered};

/// A chart of dimensions by what they matter and how they score.
#[derive(Debug, Clone, PartialEq)]
pub struct QuadrantChart {
    pub caption: Caption,
    pub points: Vec<QuadrantPoint>,
    /// Where the fields meet: performance, importance.
    pub centre: (f64, f64),
    /// Names of the fields: important and weak, important and strong, neither, strong only.
    pub fields: [String; 4],
    /// Names of the axes: performance, importance.
    pub axes: [String; 2],
    /// Key of the upright bars: `重要性的 95% 区间`.
    pub interval_label: String,
    /// Key of the dimensions to mend first.
    pub first_label: String,
}

/// One dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct QuadrantPoint {
    pub label: String,
    /// Mean score.
    pub performance: f64,
    /// Share of what is explained, 0–1, and its interval.
    pub importance: f64,
    pub interval: Option<(f64, f64)>,
    /// Important and weak.
    pub first: bool,
}

const PLOT: f64 = 460.0;
const SCALE: f64 = 60.0;

impl QuadrantChart {
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
        let top = open(&mut canvas, &self.caption, &self.keys()) + 24.0;
        let (left, right, bottom) = (MARGIN + SCALE, canvas.width - MARGIN - 20.0, top + PLOT);
        let across = self.across(left, right);
        let up = self.up(bottom, top);
        let centre = (across.at(self.centre.0), up.at(self.centre.1));
        canvas.rect((left, top), (centre.0 - left, centre.1 - top), tint(VERMILLION, 0.07));
        for tick in across.ticks(80.0) {
            let x = across.at(tick);
            canvas.rule((x, top), (x, bottom), 1.0, GRID);
            canvas.text((x, bottom + 17.0), &format!("{tick:.2}"), text(SMALL).color(MUTED).align(Align::Center));
        }
        for tick in up.ticks(50.0) {
            let y = up.at(tick);
            canvas.rule((left, y), (right, y), 1.0, GRID);
            canvas.text_mid((left - 8.0, y), &percent_tick(tick), text(SMALL).color(MUTED).align(Align::Right));
        }
        canvas.rule((left, bottom), (right, bottom), 1.0, AXIS);
        canvas.rule((left, top), (left, bottom), 1.0, AXIS);
        canvas.dashes((centre.0, top), (centre.0, bottom), 1.25, INK);
        canvas.dashes((left, centre.1), (right, centre.1), 1.25, INK);
        self.names(&mut canvas, (left, right), (top, bottom));
        for point in self.points.iter().filter(|point| point.is_usable()) {
            let (x, color) = (across.at(point.performance), if point.first { VERMILLION } else { BLUE });
            if let Some((low, high)) = point.interval {
                canvas.rule((x, up.at(high)), (x, up.at(low)), 2.0, color);
            }
            let at = (x, up.at(point.importance));
            if point.first {
                canvas.diamond(at, 6.5, color);
            } else {
                canvas.dot(at, 5.5, color);
            }
        }
        let bars: Vec<Point> = self.points.iter().flat_map(|point| bar(point, &across, &up)).collect();
        let dots = self.points.iter().map(|point| (across.at(point.performance), up.at(point.importance)));
        let dots: Vec<Point> = dots.collect();
        for point in self.points.iter().filter(|point| point.is_usable()) {
            label(&mut canvas, point, (across.at(point.performance), up.at(point.importance)), [&bars, &dots, &[]]);
        }
        close(&mut canvas, &self.caption, bottom + 40.0);
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let mut keys = Vec::new();
        if self.points.iter().any(|point| point.first) {
            keys.push((Mark::Lozenge(VERMILLION), self.first_label.clone()));
        }
        if self.points.iter().any(|point| point.interval.is_some()) {
            keys.push((Mark::Whisker(BLUE), self.interval_label.clone()));
        }
        keys
    }

    /// Scores, with air on both sides, at least half a point.
    fn across(&self, from: f64, to: f64) -> Scale {
        let figures = self.points.iter().map(|point| point.performance).chain([self.centre.0]);
        let (low, high) =
            figures.filter(|f| f.is_finite()).fold((5.0, 1.0), |(low, high): (f64, f64), f| (low.min(f), high.max(f)));
        let air = (0.25 - (high - low) / 2.0).max(0.06);
        let (low, high) = if low > high { (1.0, 5.0) } else { (low - air, high + air) };
        Scale { low: (low * 20.0).floor() / 20.0, high: (high * 20.0).ceil() / 20.0, from, to }
    }

    /// Shares from none.
    fn up(&self, from: f64, to: f64) -> Scale {
        let highs =
            self.points.iter().flat_map(|point| [Some(point.importance), point.interval.map(|i| i.1)]).flatten();
        let high = highs.chain([self.centre.1]).filter(|f| f.is_finite()).fold(0.1, f64::max);
        Scale { low: 0.0, high: (high * 10.0 + 0.3).ceil() / 10.0, from, to }
    }

    /// Names of the fields in their corners, and of the axes.
    fn names(&self, canvas: &mut Canvas, (left, right): Point, (top, bottom): Point) {
        let room = (right - left) / 2.0 - 20.0;
        let corners = [
            (left + 8.0, top + 17.0, Align::Left),
            (right - 8.0, top + 17.0, Align::Right),
            (left + 8.0, bottom - 9.0, Align::Left),
            (right - 8.0, bottom - 9.0, Align::Right),
        ];
        for ((x, y, align), name) in corners.into_iter().zip(&self.fields) {
            let name = fit(canvas.face, name, BODY, room);
            canvas.text((x, y), &name, text(BODY).color(MUTED).align(align));
        }
        let across = fit(canvas.face, &self.axes[0], SMALL, right - left);
        canvas.text((right, bottom + 34.0), &across, text(SMALL).color(MUTED).align(Align::Right));
        let up = fit(canvas.face, &self.axes[1], SMALL, 300.0);
        canvas.text((MARGIN, top - 16.0), &up, text(SMALL).color(MUTED));
    }
}

impl QuadrantPoint {
    fn is_usable(&self) -> bool {
        self.performance.is_finite() && self.importance.is_finite()
    }
}

/// What a name should not cover: the mark and its interval.
fn bar(point: &QuadrantPoint, across: &Scale, up: &Scale) -> Vec<Point> {
    const STEP: f64 = 6.0;
    let x = across.at(point.performance);
    let (low, high) = point.interval.unwrap_or((point.importance, point.importance));
    let (mut y, end) = (up.at(high), up.at(low));
    let mut points = vec![(x, up.at(point.importance)), (x, end)];
    while y < end {
        points.push((x, y));
        y += STEP;
    }
    points
}

/// The name beside its mark, where it covers no other name and, if there is such a place, the first of what should stay free.
fn label(canvas: &mut Canvas, point: &QuadrantPoint, (x, y): Point, free: [&[Point]; 3]) {
    let name = fit(canvas.face, &point.label, BODY, 220.0);
    let heights = [4.0, -9.0, 17.0, -22.0, 30.0, -35.0, 43.0];
    let right = heights.map(|by| ((x + 12.0, y + by), Align::Left));
    let left = heights.map(|by| ((x - 12.0, y + by), Align::Right));
    let places: Vec<(Point, Align)> = right.into_iter().zip(left).flat_map(|(right, left)| [right, left]).collect();
    let before = canvas.labels.len();
    for points in free {
        if canvas.labels.len() == before {
            canvas.text_where_free(&places, &name, text(BODY), points);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn chart(points: usize) -> QuadrantChart {
        QuadrantChart {
            caption: check::caption(),
            points: (0..points)
                .map(|i| QuadrantPoint {
                    label: check::name(i),
                    performance: 3.9 + 0.11 * f64::from(u32::try_from(i * 7 % 5).unwrap()),
                    importance: 0.05 + 0.07 * f64::from(u32::try_from(i * 3 % 7).unwrap()),
                    interval: (i % 3 > 0).then_some((0.03, 0.5)),
                    first: i % 4 == 1,
                })
                .collect(),
            centre: (4.2, 0.2),
            fields: ["优先改进", "继续保持", "次要", "可能过度"].map(Into::into),
            axes: ["均分", "重要性（占 R² 的比例）"].map(Into::into),
            interval_label: "重要性的 95% 区间".into(),
            first_label: "优先改进".into(),
        }
    }

    #[test]
    fn any_number_of_dimensions_fits() {
        for points in [0, 1, 5, 12] {
            check::layout(&chart(points).lay_out().unwrap());
        }
        check::rendered(&chart(5).lay_out().unwrap());
    }

    #[test]
    fn every_dimension_of_a_usual_review_is_named() {
        let canvas = chart(5).lay_out().unwrap();
        for name in (0..5).map(check::name).filter(|name| !name.is_empty()) {
            let known = |label: &str| !label.is_empty() && name.starts_with(label.trim_end_matches('…'));
            assert!(canvas.labels.iter().any(|label| known(&label.text)), "{name}");
        }
    }

    #[test]
    fn what_is_not_a_number_is_left_out() {
        let mut chart = chart(2);
        chart.points[0].performance = f64::NAN;
        check::layout(&chart.lay_out().unwrap());
    }
}
