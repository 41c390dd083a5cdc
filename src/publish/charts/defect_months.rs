//! Defects month by month: a small panel for each, with the verdict of its trend test.

use plotters::style::RGBColor;

use super::axis::Scale;
use super::canvas::{Align, Canvas, Point, count, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::style::{AXIS, BLUE, BODY, GRID, HEADING, INK, MARGIN, MUTED, SILVER, SMALL, WIDTH};
use super::timeline::{self, Moment};
use super::wrap::fit;
use super::{Change, ChartError, Estimate, Rendered};

/// Rates of some defects over the same months.
#[derive(Debug, Clone, PartialEq)]
pub struct DefectMonthsChart {
    pub caption: Caption,
    /// In order of time.
    pub months: Vec<Moment>,
    /// Those of the reviewed period, one per month.
    pub reviewed: Vec<bool>,
    pub panels: Vec<DefectMonthsPanel>,
    /// Keys of a month of the reviewed period, and of one before it.
    pub reviewed_label: String,
    pub earlier_label: String,
    /// Stands in a panel without any figure.
    pub no_data: String,
}

/// One defect.
#[derive(Debug, Clone, PartialEq)]
pub struct DefectMonthsPanel {
    pub label: String,
    /// Says what the test found: `n = 215 · 每月 ×1.12 · q = 0.003`.
    pub note: String,
    pub trend: Change,
    /// One per month; a month without exposure has none.
    pub rates: Vec<Option<Estimate>>,
}

const COLUMNS: usize = 3;
const SCALE: f64 = 36.0;
const GAP: f64 = 22.0;
const HEAD: f64 = 50.0;
const PLOT: f64 = 120.0;
const FEET: f64 = 54.0;

impl DefectMonthsChart {
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
            (Mark::Whisker(BLUE), self.reviewed_label.clone()),
            (Mark::Whisker(SILVER), self.earlier_label.clone()),
        ];
        let top = open(&mut canvas, &self.caption, &keys);
        let columns = self.panels.len().clamp(1, COLUMNS);
        let width = (WIDTH - 2.0 * MARGIN + GAP) / count(columns) - SCALE - GAP;
        let mut bottom = top;
        for (i, panel) in self.panels.iter().enumerate() {
            let left = MARGIN + SCALE + count(i % columns) * (width + SCALE + GAP);
            let head = top + count(i / columns) * (HEAD + PLOT + FEET);
            heading(&mut canvas, panel, (left, head), width);
            self.panel(&mut canvas, panel, (left, head + HEAD), width);
            bottom = head + HEAD + PLOT + FEET - 12.0;
        }
        close(&mut canvas, &self.caption, bottom);
        Ok(canvas)
    }

    /// The month's colour: grey before the reviewed period.
    fn color(&self, month: usize) -> RGBColor {
        if self.reviewed.get(month).copied().unwrap_or_default() { BLUE } else { SILVER }
    }

    fn panel(&self, canvas: &mut Canvas, panel: &DefectMonthsPanel, (left, top): Point, width: f64) {
        let (right, bottom) = (left + width, top + PLOT);
        let slot = width / count(self.months.len().max(1));
        let rates: Vec<(usize, Estimate)> = (0..self.months.len())
            .filter_map(|m| panel.rates.get(m).copied().flatten().and_then(Estimate::usable).map(|e| (m, e)))
            .collect();
        // Wide intervals of few cases are cut at the top: they must not flatten the months of many.
        let most = rates.iter().map(|(_, e)| e.value).fold(0.0, f64::max) * 1.6;
        let scale = Scale { low: 0.0, high: if most > 0.0 { most } else { 1.0 }, from: bottom, to: top };
        for tick in scale.ticks(30.0) {
            let y = scale.at(tick);
            canvas.rule((left, y), (right, y), 1.0, GRID);
            let figure = fit(canvas.face, &figure(tick), SMALL, SCALE + GAP - 12.0);
            canvas.text_mid((left - 8.0, y), &figure, text(SMALL).color(MUTED).align(Align::Right));
        }
        canvas.rule((left, bottom), (right, bottom), 1.0, AXIS);
        let at = |(month, e): &(usize, Estimate)| (left + (count(*month) + 0.5) * slot, scale.at(e.value));
        for run in rates.chunk_by(|a, b| a.0 + 1 == b.0) {
            canvas.line(run.iter().map(at).collect(), 1.0, SILVER);
        }
        for rate in &rates {
            let ((x, y), (month, e)) = (at(rate), rate);
            let color = self.color(*month);
            canvas.rule((x, scale.at(e.low)), (x, scale.at(e.high)), if slot < 9.0 { 1.0 } else { 2.0 }, color);
            canvas.dot((x, y), if slot < 9.0 { 2.5 } else { 3.5 }, color);
        }
        if rates.is_empty() {
            let middle = (f64::midpoint(left, right), f64::midpoint(top, bottom));
            let words = fit(canvas.face, &self.no_data, BODY, width);
            canvas.text(middle, &words, text(BODY).color(MUTED).align(Align::Center));
        }
        timeline::draw(canvas, &self.months, (left, bottom), slot, 0.0);
    }
}

/// Name of the defect, and below it what the test found.
fn heading(canvas: &mut Canvas, panel: &DefectMonthsPanel, (left, top): Point, width: f64) {
    canvas.text((left, top + HEADING), &fit(canvas.face, &panel.label, HEADING, width), text(HEADING).color(INK));
    let note = fit(canvas.face, &panel.trend.sign(&panel.note), SMALL, width);
    canvas.text((left, top + HEADING + 17.0), &note, text(SMALL).color(panel.trend.color()));
}

/// A tick without needless decimals.
fn figure(tick: f64) -> String {
    let figure = format!("{tick:.3}");
    figure.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Shape;
    use super::super::check;
    use super::*;

    fn chart(panels: usize, months: usize, high: f64) -> DefectMonthsChart {
        DefectMonthsChart {
            caption: check::caption(),
            months: (0..months)
                .map(|m| Moment { label: format!("{}月", m % 12 + 1), year: format!("{}", 2024 + m / 12) })
                .collect(),
            reviewed: (0..months).map(|m| m + 3 >= months).collect(),
            panels: (0..panels)
                .map(|p| DefectMonthsPanel {
                    label: check::name(p),
                    note: check::name(p + 1),
                    trend: [Change::Rising, Change::Falling, Change::Steady][p % 3],
                    rates: (0..months).map(|m| check::estimate(m + p, 0.0, high)).collect(),
                })
                .collect(),
            reviewed_label: "本期各月及 95% 区间".into(),
            earlier_label: "此前各月".into(),
            no_data: "无数据".into(),
        }
    }

    #[test]
    fn any_number_of_panels_and_months_fits() {
        for (panels, months) in [(0, 0), (1, 0), (1, 1), (2, 3), (4, 12), (9, 36), (9, 9)] {
            for high in [0.0, 0.02, 4.0, 100.0] {
                check::layout(&chart(panels, months, high).lay_out().unwrap());
            }
        }
        check::rendered(&chart(4, 9, 4.0).lay_out().unwrap());
    }

    #[test]
    fn months_of_the_reviewed_period_stand_out() {
        let mut chart = chart(1, 6, 4.0);
        chart.panels[0].rates = vec![Some(Estimate { value: 2.0, low: 1.0, high: 3.0, n: 10 }); 6];
        let canvas = chart.lay_out().unwrap();
        let dots = |color| {
            let of = |s: &&Shape| matches!(s, Shape::Circle { fill, radius, at } if *fill == color && *radius < 3.9 && at.1 > 150.0);
            canvas.shapes.iter().filter(of).count()
        };
        assert_eq!((dots(BLUE), dots(SILVER)), (3, 3));
    }

    #[test]
    fn ticks_have_no_needless_decimals() {
        assert_eq!([0.0, 0.5, 2.0, 10.0, 0.025].map(figure), ["0", "0.5", "2", "10", "0.025"]);
    }
}
