//! Scores by tenure band, one panel per dimension on a common scale.

use super::axis::{Scale, clear_of, score_range, thousands};
use super::canvas::{Align, Canvas, Point, count, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::style::{AXIS, BLUE, GRID, HEADING, INK, MARGIN, MUTED, SMALL, TINY, VERMILLION, WIDTH};
use super::wrap::{fit, wrap_evenly};
use super::{ChartError, Estimate, Rendered};

/// Mean scores by tenure band.
#[derive(Debug, Clone, PartialEq)]
pub struct TenureChart {
    pub caption: Caption,
    /// Names of the bands, shortest tenure first.
    pub bands: Vec<String>,
    pub panels: Vec<TenurePanel>,
    /// Lowest and highest possible score.
    pub limits: (f64, f64),
    /// Key of the mark: `平均分及 95% 置信区间`.
    pub interval_label: String,
    /// Key of the reference line: `该维度全体均值`.
    pub reference_label: String,
    /// Key of a hatched band: `样本不足（n < 5），不显示`.
    pub suppressed_label: String,
    /// Stands before the row of counts: `n`.
    pub count_label: String,
}

/// One dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct TenurePanel {
    pub label: String,
    /// Mean of all answers, a dashed line.
    pub reference: Option<f64>,
    /// One per band.
    pub bands: Vec<TenureBand>,
    /// Shown with a mark next to the name when the bands differ significantly: `差异显著 q = 0.003`.
    pub note: Option<String>,
}

/// What a band shows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum TenureBand {
    Mean(Estimate),
    /// Too few answers: hatched, with their number.
    Suppressed {
        n: u64,
    },
    /// Nobody answered.
    #[default]
    Empty,
}

const PLOT: f64 = 170.0;
const SCALE: f64 = 34.0;
const GAP: f64 = 26.0;
const LEADING: f64 = 13.0;

impl TenureChart {
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
        // Four panels look better as two rows of two than as three and one.
        let columns = match self.panels.len() {
            0 | 1 => 1,
            2 | 4 => 2,
            _ => 3,
        };
        let width = (canvas.width - 2.0 * MARGIN + GAP) / count(columns) - SCALE - GAP;
        let slot = width / count(self.bands.len().max(1));
        let bands: Vec<Vec<String>> =
            self.bands.iter().map(|band| wrap_evenly(canvas.face, band, SMALL, slot - 4.0, 3)).collect();
        // Room for the notes only where there is one.
        let head = if self.panels.iter().any(|p| p.note.is_some()) { 46.0 } else { 30.0 };
        let feet = 24.0 + 16.0 + LEADING * count(bands.iter().map(Vec::len).max().unwrap_or(0));
        let mut bottom = top;
        for (i, panel) in self.panels.iter().enumerate() {
            let left = MARGIN + SCALE + count(i % columns) * (width + SCALE + GAP);
            let y = top + count(i / columns) * (head + PLOT + feet + 22.0);
            heading(&mut canvas, panel, (left, y), width);
            self.panel(&mut canvas, panel, (left, y + head), width);
            self.feet(&mut canvas, panel, &bands, (left, y + head + PLOT), slot);
            bottom = y + head + PLOT + feet;
        }
        close(&mut canvas, &self.caption, bottom);
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![(Mark::Whisker(BLUE), self.interval_label.clone())];
        if self.panels.iter().any(|p| p.reference.is_some()) {
            keys.push((Mark::Dashes(INK), self.reference_label.clone()));
        }
        let mut bands = self.panels.iter().flat_map(|p| &p.bands);
        if bands.any(|b| matches!(b, TenureBand::Suppressed { .. })) {
            keys.push((Mark::Hatch, self.suppressed_label.clone()));
        }
        keys
    }

    fn scale(&self, top: f64) -> Scale {
        let figures = self.panels.iter().flat_map(|panel| {
            let bands = panel.bands.iter().filter_map(|band| estimate(*band)).flat_map(|e| [e.low, e.high]);
            bands.chain(panel.reference)
        });
        let (low, high) = score_range(figures, self.limits);
        Scale { low, high, from: top + PLOT, to: top }
    }

    fn panel(&self, canvas: &mut Canvas, panel: &TenurePanel, (left, top): Point, width: f64) {
        let (right, bottom) = (left + width, top + PLOT);
        let slot = width / count(self.bands.len().max(1));
        let middle = |band: usize| left + (count(band) + 0.5) * slot;
        let bands: Vec<TenureBand> =
            (0..self.bands.len()).map(|i| panel.bands.get(i).copied().unwrap_or_default()).collect();
        for (i, band) in bands.iter().enumerate() {
            if matches!(band, TenureBand::Suppressed { .. }) {
                let half = (slot * 0.3).min(14.0);
                canvas.hatch((middle(i) - half, top), (2.0 * half, PLOT));
            }
        }
        let scale = self.scale(top);
        for tick in scale.ticks(32.0) {
            let y = scale.at(tick);
            canvas.rule((left, y), (right, y), 1.0, GRID);
            canvas.text_mid((left - 8.0, y), &format!("{tick:.1}"), text(SMALL).color(MUTED).align(Align::Right));
        }
        canvas.rule((left, bottom), (right, bottom), 1.0, AXIS);
        if let Some(reference) = panel.reference.filter(|r| r.is_finite()) {
            canvas.dashes((left, scale.at(reference)), (right, scale.at(reference)), 1.25, INK);
        }
        for (i, e) in bands.iter().enumerate().filter_map(|(i, band)| estimate(*band).map(|e| (i, e))) {
            let x = middle(i);
            canvas.rule((x, scale.at(e.high)), (x, scale.at(e.low)), 2.0, BLUE);
            canvas.dot((x, scale.at(e.value)), 4.5, BLUE);
            let reference = panel.reference.filter(|r| r.is_finite()).map(|r| scale.at(r));
            figure(canvas, e, (x, scale.at(e.value)), slot, reference);
        }
    }

    /// Counts and names of the bands below a panel.
    fn feet(&self, canvas: &mut Canvas, panel: &TenurePanel, names: &[Vec<String>], (left, bottom): Point, slot: f64) {
        let grey = text(TINY).color(MUTED);
        let label = fit(canvas.face, &self.count_label, TINY, SCALE - 4.0);
        canvas.text((left - 8.0, bottom + 20.0), &label, grey.align(Align::Right));
        for (i, lines) in names.iter().enumerate() {
            let x = left + (count(i) + 0.5) * slot;
            let n = match panel.bands.get(i).copied().unwrap_or_default() {
                TenureBand::Mean(e) => e.n,
                TenureBand::Suppressed { n } => n,
                TenureBand::Empty => 0,
            };
            let n = fit(canvas.face, &thousands(n), TINY, slot - 2.0);
            canvas.text((x, bottom + 20.0), &n, grey.align(Align::Center));
            for (j, line) in lines.iter().enumerate() {
                let y = bottom + 38.0 + count(j) * LEADING;
                canvas.text((x, y), line, text(SMALL).align(Align::Center));
            }
        }
    }
}

/// The mean beside its dot, where a band has room for it; moved up or down off the reference line.
fn figure(canvas: &mut Canvas, e: Estimate, (x, y): Point, slot: f64, reference: Option<f64>) {
    let words = format!("{:.2}", e.value);
    if canvas.face.width(&words, SMALL) + 16.0 <= slot {
        canvas.text_mid((x + 8.0, clear_of(reference, y)), &words, text(SMALL));
    }
}

/// Name of the dimension, and below it the note with a mark.
fn heading(canvas: &mut Canvas, panel: &TenurePanel, (left, top): Point, width: f64) {
    canvas.text((left, top + HEADING), &fit(canvas.face, &panel.label, HEADING, width), text(HEADING));
    if let Some(note) = &panel.note {
        canvas.diamond((left + 5.0, top + 26.0), 4.0, VERMILLION);
        let note = fit(canvas.face, note, SMALL, width - 14.0);
        canvas.text_mid((left + 14.0, top + 26.0), &note, text(SMALL).color(VERMILLION));
    }
}

fn estimate(band: TenureBand) -> Option<Estimate> {
    match band {
        TenureBand::Mean(e) => e.usable(),
        TenureBand::Suppressed { .. } | TenureBand::Empty => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn chart(bands: usize, panels: usize) -> TenureChart {
        let band = |i: usize| match check::estimate(i, 1.0, 5.0) {
            Some(e) => TenureBand::Mean(e),
            None if i.is_multiple_of(2) => TenureBand::Suppressed { n: 3 },
            None => TenureBand::Empty,
        };
        TenureChart {
            caption: check::caption(),
            bands: (0..bands).map(check::name).collect(),
            panels: (0..panels)
                .map(|p| TenurePanel {
                    label: check::name(p),
                    reference: [Some(4.1), None, Some(f64::NAN)][p % 3],
                    bands: (0..bands).map(|b| band(b + p)).collect(),
                    note: (p % 2 == 0).then(|| check::name(p + 1)),
                })
                .collect(),
            limits: (1.0, 5.0),
            interval_label: "平均分及 95% 置信区间".into(),
            reference_label: "该维度全体均值".into(),
            suppressed_label: "样本不足（n < 5），不显示".into(),
            count_label: "n".into(),
        }
    }

    #[test]
    fn any_number_of_bands_and_panels_fits() {
        for bands in [0, 1, 3, 5, 8, 40] {
            for panels in [0, 1, 2, 4, 5, 6, 28] {
                check::layout(&chart(bands, panels).lay_out().unwrap());
            }
        }
        check::rendered(&chart(5, 5).lay_out().unwrap());
    }
}
