//! How much of the target was used: a histogram for each clock.
//!
//! Up to twice the target the bars are to scale. What lies beyond stands apart as a few wide bins, not to scale.

use super::axis::{Scale, thousands};
use super::canvas::{Align, Canvas, Point, count, real, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::style::{AXIS, BLUE, GRID, HEADING, INK, MARGIN, MUTED, SMALL, TINY, VERMILLION, WIDTH};
use super::wrap::fit;
use super::{ChartError, Rendered};

/// Time used as a share of the target, on one or more clocks.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetUseChart {
    pub caption: Caption,
    pub panels: Vec<TargetUsePanel>,
    /// Names of the bins beyond twice the target: `200–500%`.
    pub far: Vec<String>,
    /// Key of bars up to the target: `时限内`.
    pub within_label: String,
    /// Key of bars beyond it: `超过时限`.
    pub over_label: String,
    /// Key of the line: `时限（100%）`.
    pub line_label: String,
    /// Stands below the bins beyond twice the target: `宽度不按比例`.
    pub far_label: String,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetUsePanel {
    pub label: String,
    /// How many tickets are over the target: `超过时限 12.3%（123 / 1,000）`.
    pub note: String,
    /// Tickets in each tenth of the target, up to twice the target: twenty counts.
    pub tenths: Vec<u64>,
    /// Tickets in each bin beyond, as many as there are names.
    pub far: Vec<u64>,
}

/// Tenths up to the target, and up to the end of the part that is to scale.
const TARGET: usize = 10;
const TENTHS: usize = 20;

const SCALE: f64 = 46.0;
const GAP: f64 = 30.0;
const BREAK: f64 = 18.0;
const PLOT: f64 = 170.0;
const HEAD: f64 = 56.0;
const FEET: f64 = 46.0;

/// Where a panel lies.
struct Plot {
    left: f64,
    top: f64,
    /// Width of a tenth, and of a bin beyond.
    slot: f64,
    far: f64,
    scale: Scale,
}

impl TargetUseChart {
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
        let columns = if self.panels.len() < 2 { 1 } else { 2 };
        let width = (WIDTH - 2.0 * MARGIN + GAP) / count(columns) - SCALE - GAP;
        // Names of bins must have room, and so must counts above them.
        let counts = self.panels.iter().flat_map(|panel| &panel.far).map(|n| thousands(*n));
        let words = counts.chain(self.far.iter().cloned()).map(|word| canvas.face.width(&word, TINY));
        let far = words.fold(36.0, f64::max) + 8.0;
        let beyond = if self.far.is_empty() { 0.0 } else { BREAK + far * count(self.far.len()) };
        let slot = ((width - beyond) / count(TENTHS)).max(4.0);
        let mut bottom = top;
        for (i, panel) in self.panels.iter().enumerate() {
            let left = MARGIN + SCALE + count(i % columns) * (width + SCALE + GAP);
            let head = top + count(i / columns) * (HEAD + PLOT + FEET + 20.0);
            let plot_top = head + HEAD;
            let most = panel.tenths.iter().chain(&panel.far).copied().max().unwrap_or(0).max(1);
            // A little air, so that a count stands above the tallest bar.
            let scale = Scale { low: 0.0, high: real(most) * 1.08, from: plot_top + PLOT, to: plot_top };
            self.panel(&mut canvas, panel, &Plot { left, top: plot_top, slot, far, scale }, width);
            bottom = plot_top + PLOT + FEET;
        }
        close(&mut canvas, &self.caption, bottom);
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        vec![
            (Mark::Square(BLUE), self.within_label.clone()),
            (Mark::Square(VERMILLION), self.over_label.clone()),
            (Mark::Dashes(INK), self.line_label.clone()),
        ]
    }

    fn panel(&self, canvas: &mut Canvas, panel: &TargetUsePanel, plot: &Plot, width: f64) {
        let head = plot.top - HEAD;
        canvas.text((plot.left, head + HEADING), &fit(canvas.face, &panel.label, HEADING, width), text(HEADING));
        let note = fit(canvas.face, &panel.note, SMALL, width);
        canvas.text((plot.left, head + HEADING + 18.0), &note, text(SMALL).color(MUTED));

        let (bottom, end) = (plot.top + PLOT, plot.left + plot.slot * count(TENTHS));
        let far = end + BREAK;
        let right = if self.far.is_empty() { end } else { far + plot.far * count(self.far.len()) };
        for tick in plot.scale.ticks(30.0).into_iter().filter(|tick| tick.fract() == 0.0) {
            let y = plot.scale.at(tick);
            canvas.rule((plot.left, y), (end, y), 1.0, GRID);
            canvas.rule((far, y), (right, y), 1.0, GRID);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of tickets")]
            let n = thousands(tick as u64);
            canvas.text_mid((plot.left - 8.0, y), &n, text(SMALL).color(MUTED).align(Align::Right));
        }
        for (i, n) in (0..TENTHS).map(|i| (i, panel.tenths.get(i).copied().unwrap_or(0))) {
            let at = plot.left + count(i) * plot.slot;
            bar(canvas, plot, (at, plot.slot), n, i >= TARGET);
        }
        for (i, name) in self.far.iter().enumerate() {
            let (at, n) = (far + count(i) * plot.far, panel.far.get(i).copied().unwrap_or(0));
            bar(canvas, plot, (at + plot.far * 0.2, plot.far * 0.6), n, true);
            let (middle, style) = (at + plot.far / 2.0, text(TINY).align(Align::Center));
            let above = plot.scale.at(real(n)) - 5.0;
            canvas.text((middle, above), &fit(canvas.face, &thousands(n), TINY, plot.far), style);
            canvas.text((middle, bottom + 16.0), &fit(canvas.face, name, TINY, plot.far), style.color(MUTED));
        }
        canvas.rule((plot.left, bottom), (end, bottom), 1.0, AXIS);
        canvas.rule((far, bottom), (right, bottom), 1.0, AXIS);
        self.feet(canvas, plot, (far, right));
        let line = plot.left + count(TARGET) * plot.slot;
        canvas.dashes((line, plot.top - 8.0), (line, bottom), 1.25, INK);
    }

    /// Figures of the axis, the sign of its break, and that what follows is not to scale.
    fn feet(&self, canvas: &mut Canvas, plot: &Plot, (far, right): (f64, f64)) {
        let (bottom, style) = (plot.top + PLOT, text(SMALL).color(MUTED));
        for tenth in (0..=TENTHS).step_by(5) {
            let x = plot.left + count(tenth) * plot.slot;
            canvas.rule((x, bottom), (x, bottom + 4.0), 1.0, AXIS);
            // The last figure ends at its tick: beside it stands the first bin beyond.
            let align = if tenth == TENTHS && !self.far.is_empty() { Align::Right } else { Align::Center };
            canvas.text((x, bottom + 16.0), &format!("{}%", tenth * 10), style.align(align));
        }
        if !self.far.is_empty() {
            for x in [far - BREAK / 2.0 - 2.5, far - BREAK / 2.0 + 2.5] {
                canvas.line(vec![(x - 2.5, bottom + 5.0), (x + 2.5, bottom - 5.0)], 1.0, MUTED);
            }
            let words = fit(canvas.face, &self.far_label, TINY, right - far);
            let style = text(TINY).color(MUTED).align(Align::Center);
            canvas.text((f64::midpoint(far, right), bottom + 32.0), &words, style);
        }
    }
}

/// One bar, thin space to its neighbours; a single ticket among thousands is still seen.
fn bar(canvas: &mut Canvas, plot: &Plot, (x, width): Point, n: u64, over: bool) {
    if n > 0 {
        let top = plot.scale.at(real(n)).min(plot.scale.from - 1.5);
        let color = if over { VERMILLION } else { BLUE };
        canvas.rect((x + 0.75, top), (width - 1.5, plot.scale.from - top), color);
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Shape;
    use super::super::check;
    use super::*;

    fn chart(panels: usize, big: u64) -> TargetUseChart {
        TargetUseChart {
            caption: check::caption(),
            panels: (0..panels)
                .map(|p| TargetUsePanel {
                    label: check::name(p),
                    note: check::name(p + 1),
                    tenths: (0..20).map(|i| (p as u64 + i * 7) % 23 * big).collect(),
                    far: vec![3 * big, big, 0],
                })
                .collect(),
            far: ["200–500%", "500–1,000%", "> 1,000%"].map(Into::into).to_vec(),
            within_label: "时限内".into(),
            over_label: "超过时限".into(),
            line_label: "时限（100%）".into(),
            far_label: "宽度不按比例".into(),
        }
    }

    #[test]
    fn any_number_of_clocks_and_tickets_fits() {
        for panels in [0, 1, 2, 3, 5] {
            for big in [0, 1, 1000, 10_000_000] {
                check::layout(&chart(panels, big).lay_out().unwrap());
            }
        }
        check::rendered(&chart(2, 1).lay_out().unwrap());
    }

    #[test]
    fn bars_change_colour_at_the_target() {
        let mut chart = chart(1, 1);
        chart.panels[0] = TargetUsePanel { tenths: vec![1; 20], far: vec![1, 0, 1], ..chart.panels[0].clone() };
        let canvas = chart.lay_out().unwrap();
        let bars = |color| {
            let of =
                |shape: &&Shape| matches!(shape, Shape::Rect { fill, size, .. } if *fill == color && size.1 > 100.0);
            canvas.shapes.iter().filter(of).count()
        };
        assert_eq!((bars(BLUE), bars(VERMILLION)), (10, 12));
        assert!(!canvas.labels.iter().any(|l| l.text.contains('…')), "no name is cut");
        // Ten and two, and not the bin of no ticket.
        chart.panels[0].tenths.truncate(10);
        assert_eq!(chart.lay_out().unwrap().labels.iter().filter(|l| l.text == "0").count(), 2);
    }
}
