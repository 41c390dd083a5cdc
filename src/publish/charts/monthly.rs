//! Attainment month by month, one panel per clock on a common scale.
//!
//! Panels stand side by side while the months leave room for their counts, else below each other.

use super::axis::{Scale, clear_of, percent, percent_tick, share_range, thousands};
use super::canvas::{Align, Canvas, Point, count, text};
use super::frame::{Caption, Key, Mark, Target, close, open};
use super::style::{AXIS, BLUE, BODY, GRID, HEADING, INK, MARGIN, MUTED, SMALL, TINY, WIDTH, tint};
use super::timeline::{self, Moment};
use super::wrap::fit;
use super::{ChartError, Estimate, Rendered};

/// Attainment on each clock over the same months.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthlyChart {
    pub caption: Caption,
    /// In order of time.
    pub months: Vec<Moment>,
    pub panels: Vec<MonthlyPanel>,
    /// Key of the dashed line, where a clock has a goal: `目标达标率`.
    pub goal_label: String,
    /// Key of the line and its band: `达成率及 95% 置信区间`.
    pub interval_label: String,
    /// Stands before the row of counts: `n`.
    pub count_label: String,
    /// Stands in a panel without any figure.
    pub no_data: String,
}

/// One clock.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthlyPanel {
    pub label: String,
    /// The attainment aimed at; its label stands beside that of the clock.
    pub goal: Option<Target>,
    /// One per month; a month without figure is a gap in the line.
    pub estimates: Vec<Option<Estimate>>,
}

impl MonthlyPanel {
    fn goal(&self) -> Option<&Target> {
        self.goal.as_ref().filter(|goal| goal.value.is_finite())
    }
}

/// How the panels are arranged.
struct Grid {
    columns: usize,
    /// Width of the space of one month.
    slot: f64,
    plot_width: f64,
    /// Counts read upwards where they are wider than a month.
    upright: bool,
    /// Height of the counts.
    counts: f64,
}

/// Room for the scale at the left, the last figure at the right, and between two panels.
const SCALE: f64 = 40.0;
const LAST: f64 = 48.0;
const GAP: f64 = 20.0;

impl MonthlyChart {
    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// Only if the program itself is broken, see [`ChartError`].
    pub fn draw(&self) -> Result<Rendered, ChartError> {
        self.lay_out()?.render()
    }

    fn lay_out(&self) -> Result<Canvas, ChartError> {
        const PLOT: f64 = 190.0;
        let mut canvas = Canvas::new(WIDTH, &self.caption.title)?;
        let top = open(&mut canvas, &self.caption, &self.keys());
        let grid = self.grid(&canvas);
        let below = grid.counts + 52.0;
        let mut bottom = top;
        for (i, panel) in self.panels.iter().enumerate() {
            let column = count(i % grid.columns);
            let row = count(i / grid.columns);
            let left = MARGIN + SCALE + column * (grid.plot_width + LAST + GAP + SCALE);
            let head = top + row * (26.0 + PLOT + below + 12.0);
            let mut room = grid.plot_width;
            if let Some(goal) = panel.goal() {
                let words = fit(canvas.face, &goal.label, SMALL, grid.plot_width / 2.0);
                room -= canvas.face.width(&words, SMALL) + 10.0;
                let style = text(SMALL).color(MUTED).align(Align::Right);
                canvas.text((left + grid.plot_width, head + HEADING), &words, style);
            }
            canvas.text((left, head + HEADING), &fit(canvas.face, &panel.label, HEADING, room), text(HEADING));
            let from = head + 34.0;
            self.panel(&mut canvas, panel, &grid, (left, from), from + PLOT);
            bottom = from + PLOT + below - 6.0;
        }
        close(&mut canvas, &self.caption, bottom);
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let band = Mark::Band { line: BLUE, fill: tint(BLUE, 0.2) };
        let mut keys = vec![(band, self.interval_label.clone())];
        if self.panels.iter().any(|panel| panel.goal().is_some()) {
            keys.push((Mark::Dashes(INK), self.goal_label.clone()));
        }
        keys
    }

    fn grid(&self, canvas: &Canvas) -> Grid {
        let months = count(self.months.len().max(1));
        let counts = self.panels.iter().flat_map(|p| &p.estimates).flatten().map(|e| thousands(e.n));
        let widest = counts.map(|n| canvas.face.width(&n, TINY)).fold(20.0, f64::max) + 4.0;
        let width = |columns: f64| (canvas.width - 2.0 * MARGIN + GAP) / columns - SCALE - LAST - GAP;
        let aside = self.panels.len().clamp(1, 3);
        let columns = if width(count(aside)) / months >= widest { aside } else { 1 };
        let plot_width = width(count(columns));
        let slot = plot_width / months;
        let upright = slot < widest;
        Grid { columns, slot, plot_width, upright, counts: if upright { widest + 8.0 } else { 20.0 } }
    }

    fn scale(&self, top: f64, bottom: f64) -> Scale {
        let estimates = self.panels.iter().flat_map(|p| &p.estimates).filter_map(|e| e.and_then(Estimate::usable));
        let figures = estimates
            .map(|e| e.low.min(e.value))
            .chain(self.panels.iter().filter_map(MonthlyPanel::goal).map(|goal| goal.value));
        let (low, high) = share_range(figures);
        Scale { low, high, from: bottom, to: top }
    }

    fn panel(&self, canvas: &mut Canvas, panel: &MonthlyPanel, grid: &Grid, (left, top): Point, bottom: f64) {
        let right = left + grid.plot_width;
        let scale = self.scale(top, bottom);
        let ticks = scale.ticks(34.0);
        let middle = |month: usize| left + (count(month) + 0.5) * grid.slot;
        let marks: Vec<Option<Estimate>> = (0..self.months.len())
            .map(|m| panel.estimates.get(m).copied().flatten().and_then(Estimate::usable))
            .collect();

        for run in runs(&marks) {
            band(canvas, &run, &scale, middle);
        }
        for tick in &ticks {
            let y = scale.at(*tick);
            canvas.rule((left, y), (right, y), 1.0, GRID);
            canvas.text_mid((left - 8.0, y), &percent_tick(*tick), text(SMALL).color(MUTED).align(Align::Right));
        }
        canvas.rule((left, bottom), (right, bottom), 1.0, AXIS);
        let goal = panel.goal().map(|goal| scale.at(goal.value));
        if let Some(y) = goal {
            canvas.dashes((left, y), (right, y), 1.25, INK);
        }
        for run in runs(&marks) {
            canvas.line(run.iter().map(|(m, e)| (middle(*m), scale.at(e.value))).collect(), 2.0, BLUE);
            for (month, e) in run {
                canvas.dot((middle(month), scale.at(e.value)), if grid.slot < 14.0 { 2.5 } else { 3.5 }, BLUE);
            }
        }
        match marks.iter().enumerate().rev().find_map(|(m, e)| e.map(|e| (m, e))) {
            Some((month, e)) => {
                let at = (middle(month) + 8.0, clear_of(goal, scale.at(e.value)));
                canvas.text_mid(at, &percent(e.value), text(BODY));
            }
            None => canvas.text_mid(
                (left + grid.plot_width / 2.0, f64::midpoint(top, bottom)),
                &fit(canvas.face, &self.no_data, BODY, grid.plot_width),
                text(BODY).color(MUTED).align(Align::Center),
            ),
        }
        self.feet(canvas, panel, grid, (left, bottom));
    }

    /// Counts, months and years below a panel.
    fn feet(&self, canvas: &mut Canvas, panel: &MonthlyPanel, grid: &Grid, (left, bottom): Point) {
        let grey = text(TINY).color(MUTED);
        let label = fit(canvas.face, &self.count_label, TINY, SCALE - 4.0);
        canvas.text((left - 8.0, bottom + 20.0), &label, grey.align(Align::Right));
        for (i, _) in self.months.iter().enumerate() {
            let x = left + (count(i) + 0.5) * grid.slot;
            let n = thousands(panel.estimates.get(i).copied().flatten().map_or(0, |e| e.n));
            if !grid.upright {
                canvas.text((x, bottom + 20.0), &n, grey.align(Align::Center));
            } else if grid.slot >= TINY + 1.0 {
                canvas.text((x + 0.36 * TINY, bottom + 8.0), &n, grey.upwards().align(Align::Right));
            }
        }
        timeline::draw(canvas, &self.months, (left, bottom), grid.slot, grid.counts);
    }
}

/// Months in a row that have figures.
fn runs(marks: &[Option<Estimate>]) -> Vec<Vec<(usize, Estimate)>> {
    let mut runs: Vec<Vec<(usize, Estimate)>> = Vec::new();
    for (month, mark) in marks.iter().enumerate() {
        let Some(estimate) = *mark else { continue };
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(m, _)| m + 1 == month) => {
                run.push((month, estimate));
            }
            _ => runs.push(vec![(month, estimate)]),
        }
    }
    runs
}

/// The intervals of a run as a band; a month alone has a bar of a few pixels.
fn band(canvas: &mut Canvas, run: &[(usize, Estimate)], scale: &Scale, middle: impl Fn(usize) -> f64) {
    if let [(month, e)] = run {
        let (x, high) = (middle(*month), scale.at(e.high));
        canvas.rect((x - 3.0, high), (6.0, scale.at(e.low) - high), tint(BLUE, 0.2));
    }
    let upper = run.iter().map(|(m, e)| (middle(*m), scale.at(e.high)));
    let lower = run.iter().rev().map(|(m, e)| (middle(*m), scale.at(e.low)));
    canvas.polygon(upper.chain(lower).collect(), tint(BLUE, 0.2));
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn chart(months: usize, panels: usize, big: u64) -> MonthlyChart {
        MonthlyChart {
            caption: check::caption(),
            months: (0..months)
                .map(|m| Moment { label: format!("{}月", m % 12 + 1), year: format!("{}", 2024 + m / 12) })
                .collect(),
            panels: (0..panels)
                .map(|p| MonthlyPanel {
                    label: check::name(p + 1),
                    goal: [Some(0.95), None, Some(f64::NAN)][p % 3]
                        .map(|value| Target { value, label: "目标 95%".into() }),
                    estimates: (0..months)
                        .map(|m| check::estimate(m + p, 0.2, 1.0).map(|e| Estimate { n: e.n * big, ..e }))
                        .collect(),
                })
                .collect(),
            goal_label: "目标达标率".into(),
            interval_label: "达成率及 95% 置信区间".into(),
            count_label: "工单数".into(),
            no_data: "无数据".into(),
        }
    }

    #[test]
    fn any_number_of_months_and_panels_fits() {
        for months in [0, 1, 3, 5, 12, 36, 40, 90] {
            for panels in [0, 1, 3, 4] {
                for big in [1, 1000] {
                    check::layout(&chart(months, panels, big).lay_out().unwrap());
                }
            }
        }
        check::rendered(&chart(5, 3, 1).lay_out().unwrap());
    }

    #[test]
    fn a_gap_parts_the_line() {
        let e = check::estimate(0, 0.0, 1.0);
        let runs = runs(&[e, e, None, e]);
        assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    }
}
