//! Attainment by member (service type, region, …) and clock.
//!
//! One panel per clock with the same rows, so that the eye compares members down a panel and clocks across it; figures
//! and counts stand in columns, where they cannot run into the marks.

use super::axis::{Scale, percent, percent_tick, share_range, thousands};
use super::canvas::{Align, Canvas, Point, count, text};
use super::frame::{Caption, Key, Mark, Target, close, open};
use super::rows::{Rows, grid, head, row_height};
use super::style::{AXIS, BLUE, BODY, HEADING, INK, MARGIN, MUTED, SMALL, VERMILLION, WIDTH};
use super::wrap::{fit, wrap};
use super::{ChartError, Estimate, Rendered};

/// Attainment of members on up to three clocks.
#[derive(Debug, Clone, PartialEq)]
pub struct AttainmentChart {
    pub caption: Caption,
    /// In the order of the estimates of a row.
    pub clocks: Vec<AttainmentClock>,
    pub rows: Vec<AttainmentRow>,
    /// Key of the dashed line, where a clock has a goal: `目标达标率`.
    pub goal_label: String,
    /// Key of the plain mark: `达成率及 95% 置信区间`.
    pub interval_label: String,
    /// Key of the mark of an interval that lies below the goal of its clock as a whole.
    pub below_label: String,
    /// Head of the column of counts: `工单数`.
    pub count_label: String,
    /// Stands where a member has no figure.
    pub no_data: String,
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub struct AttainmentClock {
    pub label: String,
    /// The attainment aimed at; its label stands below that of the clock.
    pub goal: Option<Target>,
}

/// One member.
#[derive(Debug, Clone, PartialEq)]
pub struct AttainmentRow {
    pub label: String,
    /// One per clock; attainment as a share 0..1, n in tickets.
    pub estimates: Vec<Option<Estimate>>,
}

/// The columns of one panel.
struct Panel {
    left: f64,
    scale: Scale,
    value_right: f64,
    count_right: f64,
}

impl AttainmentChart {
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
        let top = open(&mut canvas, &self.caption, &self.keys());
        let rows =
            Rows::new(canvas.face, self.rows.iter().map(|r| r.label.as_str()), 210.0, row_height(self.rows.len()));
        let panels = self.panels(&canvas, MARGIN + rows.label_width + 24.0);

        let top = self.heads(&mut canvas, &panels, top);
        let bottom = top + rows.height();
        for panel in &panels {
            // A wide panel needs no more figures than a narrow one.
            let gap = 36.0_f64.max((panel.scale.to - panel.scale.from) / 8.0);
            grid(&mut canvas, &panel.scale, (top, bottom), (self.rows.len() > 15, gap), percent_tick);
        }
        let right = canvas.width - MARGIN;
        canvas.rule((MARGIN, top), (right, top), 1.0, AXIS);
        rows.draw(&mut canvas, top, right);
        for (clock, panel) in panels.iter().enumerate() {
            if let Some(goal) = self.goal(clock).filter(|_| bottom > top) {
                let x = panel.scale.at(goal.value);
                canvas.dashes((x, top), (x, bottom), 1.25, INK);
            }
            for (i, row) in self.rows.iter().enumerate() {
                let estimate = row.estimates.get(clock).copied().flatten().and_then(Estimate::usable);
                let below = self.is_below(clock, estimate);
                self.cell(&mut canvas, panel, (estimate, below), top + rows.middle(i));
            }
        }
        close(&mut canvas, &self.caption, bottom + if self.rows.is_empty() { 0.0 } else { 20.0 });
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![(Mark::Interval(BLUE), self.interval_label.clone())];
        let mut cells = self.rows.iter().flat_map(|row| row.estimates.iter().enumerate());
        if cells.any(|(clock, e)| self.is_below(clock, e.and_then(Estimate::usable))) {
            keys.push((Mark::Diamond(VERMILLION), self.below_label.clone()));
        }
        if (0..self.clocks.len()).any(|clock| self.goal(clock).is_some()) {
            keys.push((Mark::Dashes(INK), self.goal_label.clone()));
        }
        keys
    }

    fn goal(&self, clock: usize) -> Option<&Target> {
        self.clocks.get(clock)?.goal.as_ref().filter(|goal| goal.value.is_finite())
    }

    fn is_below(&self, clock: usize, estimate: Option<Estimate>) -> bool {
        self.goal(clock).zip(estimate).is_some_and(|(goal, e)| e.high < goal.value)
    }

    fn estimates(&self) -> impl Iterator<Item = Estimate> {
        self.rows.iter().flat_map(|row| &row.estimates).filter_map(|e| e.and_then(Estimate::usable))
    }

    fn panels(&self, canvas: &Canvas, left: f64) -> Vec<Panel> {
        const GAP: f64 = 28.0;
        let widest = self.estimates().map(|e| canvas.face.width(&thousands(e.n), BODY)).fold(24.0, f64::max);
        let count_width = widest.max(canvas.face.width(&self.count_label, SMALL).min(64.0)) + 14.0;
        let value_width = canvas.face.width("100.0%", BODY) + 10.0;
        // Points and goals, not intervals: one member with three tickets must not squeeze all others.
        let goals = (0..self.clocks.len()).filter_map(|clock| self.goal(clock)).map(|goal| goal.value);
        let figures = self.estimates().map(|e| e.value).chain(goals);
        let (low, high) = share_range(figures);
        let panels = count(self.clocks.len().max(1));
        let width = (canvas.width - MARGIN - left - GAP * (panels - 1.0)) / panels;
        (0..self.clocks.len())
            .map(|i| {
                let left = left + count(i) * (width + GAP);
                let count_right = left + width;
                let value_right = count_right - count_width;
                Panel {
                    left,
                    scale: Scale { low, high, from: left + 6.0, to: value_right - value_width - 4.0 },
                    value_right,
                    count_right,
                }
            })
            .collect()
    }

    /// Names and goals of the clocks, name of the column of counts; returns the height of the first row.
    fn heads(&self, canvas: &mut Canvas, panels: &[Panel], top: f64) -> f64 {
        const LEADING: f64 = 17.0;
        let names: Vec<Vec<String>> = panels
            .iter()
            .zip(&self.clocks)
            .map(|(p, clock)| wrap(canvas.face, &clock.label, HEADING, p.value_right - p.left - 8.0, 2))
            .collect();
        let lines = count(names.iter().map(Vec::len).max().unwrap_or(0));
        let any_goal = (0..self.clocks.len()).any(|clock| self.goal(clock).is_some());
        let bottom = top + lines * LEADING + if any_goal { 42.0 } else { 26.0 };
        for (clock, (panel, name)) in panels.iter().zip(&names).enumerate() {
            let mut y = top + HEADING;
            for line in name {
                canvas.text((panel.left, y), line, text(HEADING));
                y += LEADING;
            }
            if let Some(goal) = self.goal(clock) {
                let words = fit(canvas.face, &goal.label, SMALL, panel.value_right - panel.left - 8.0);
                canvas.text((panel.left, y), &words, text(SMALL).color(MUTED));
            }
            head(canvas, (panel.count_right, bottom), &self.count_label, panel.count_right - panel.value_right - 6.0);
        }
        bottom
    }

    fn cell(&self, canvas: &mut Canvas, panel: &Panel, (estimate, below): (Option<Estimate>, bool), y: f64) {
        let Some(e) = estimate else {
            let words = wrap(canvas.face, &self.no_data, SMALL, panel.count_right - panel.left, 1).concat();
            canvas.text_mid((panel.left + 6.0, y), &words, text(SMALL).color(MUTED));
            return;
        };
        let color = if below { VERMILLION } else { BLUE };
        let at: Point = (panel.scale.at(e.value), y);
        canvas.rule((panel.scale.at(e.low), y), (panel.scale.at(e.high), y), 2.0, color);
        if e.low < panel.scale.low {
            // The interval goes on beyond the axis.
            let tip = panel.scale.from - 5.0;
            canvas.polygon(vec![(tip, y), (tip + 6.0, y - 4.0), (tip + 6.0, y + 4.0)], color);
        }
        if below {
            canvas.diamond(at, 5.5, color);
        } else {
            canvas.dot(at, 4.5, color);
        }
        canvas.text_mid((panel.value_right, y), &percent(e.value), text(BODY).align(Align::Right));
        canvas.text_mid((panel.count_right, y), &thousands(e.n), text(BODY).color(MUTED).align(Align::Right));
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn chart(rows: usize, clocks: usize) -> AttainmentChart {
        AttainmentChart {
            caption: check::caption(),
            clocks: ["首次响应", "Start of work on site", "Resolution"][..clocks]
                .iter()
                .zip([Some(0.95), None, Some(f64::NAN)])
                .map(|(label, goal)| AttainmentClock {
                    label: (*label).to_owned(),
                    goal: goal.map(|value| Target { value, label: "目标 95%".into() }),
                })
                .collect(),
            rows: (0..rows)
                .map(|i| AttainmentRow {
                    label: check::name(i),
                    estimates: (0..clocks).map(|c| check::estimate(i + c, 0.0, 1.0)).collect(),
                })
                .collect(),
            goal_label: "目标达标率".into(),
            interval_label: "达成率及 95% 置信区间".into(),
            below_label: "区间整体低于目标".into(),
            count_label: "工单数".into(),
            no_data: "无数据".into(),
        }
    }

    #[test]
    fn any_number_of_rows_and_clocks_fits() {
        for rows in [0, 1, 5, 40] {
            for clocks in [0, 1, 2, 3] {
                check::layout(&chart(rows, clocks).lay_out().unwrap());
            }
        }
        check::rendered(&chart(5, 3).lay_out().unwrap());
    }

    #[test]
    fn a_missing_estimate_is_named_and_a_short_row_is_one() {
        let mut chart = chart(1, 2);
        chart.rows[0].estimates = vec![None];
        let canvas = chart.lay_out().unwrap();
        assert_eq!(canvas.labels.iter().filter(|l| l.text == "无数据").count(), 2);
    }

    #[test]
    fn a_clock_without_goal_has_no_line_and_nothing_below_it() {
        let mut chart = chart(2, 2);
        chart.rows[0].estimates = vec![check::estimate(1, 0.0, 0.5); 2];
        assert_eq!([0, 1].map(|clock| chart.is_below(clock, check::estimate(1, 0.0, 0.5))), [true, false]);
        assert_eq!(chart.keys().len(), 3);
        chart.clocks.iter_mut().for_each(|clock| clock.goal = None);
        assert_eq!(chart.keys().len(), 1);
    }
}
