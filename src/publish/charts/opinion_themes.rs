//! Themes of what customers write: how many texts name them, and how many did before.

use super::axis::{Scale, percent, percent_tick, thousands};
use super::canvas::{Align, Canvas, Point, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::rows::{Rows, grid, head, row_height};
use super::style::{AXIS, BLUE, BODY, INK, MARGIN, MUTED, VERMILLION, WIDTH, tint};
use super::wrap::fit;
use super::{Change, ChartError, Estimate, Rendered};

/// Shares of themes.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemesChart {
    pub caption: Caption,
    /// From the top.
    pub rows: Vec<ThemeRow>,
    /// Keys of the bar with its interval, and of the ring: `占比及 95% 区间`, `上期占比`.
    pub share_label: String,
    pub previous_label: String,
    /// Heads of the columns: `占比`, `条数`, `较上期`, `总体满意度`.
    pub heads: [String; 4],
}

/// One theme.
#[derive(Debug, Clone, PartialEq)]
pub struct ThemeRow {
    pub label: String,
    /// Share with its interval, and the texts behind it.
    pub share: Estimate,
    pub previous: Option<f64>,
    /// `+3.2`, in percentage points; marked where it is hardly by chance.
    pub change: String,
    pub changed: Change,
    /// `3.42`: what those who name it answer overall.
    pub mean: String,
}

/// The axis, and where the columns of figures end.
struct Columns {
    scale: Scale,
    ends: [f64; 4],
}

/// Room of a head, which may take two lines, and between the columns.
const HEAD: f64 = 74.0;
const GAP: f64 = 18.0;

impl ThemesChart {
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
        let height = row_height(self.rows.len());
        let rows = Rows::new(canvas.face, self.rows.iter().map(|row| row.label.as_str()), 210.0, height);
        let columns = self.columns(&canvas, MARGIN + rows.label_width + 16.0);
        let top = top + 34.0;
        let mut start = columns.scale.to;
        for (end, words) in columns.ends.iter().zip(&self.heads) {
            head(&mut canvas, (*end, top), words, *end - start - 8.0);
            start = *end;
        }
        let bottom = top + rows.height();
        grid(&mut canvas, &columns.scale, (top, bottom), (false, 60.0), percent_tick);
        let right = canvas.width - MARGIN;
        canvas.rule((MARGIN, top), (right, top), 1.0, AXIS);
        rows.draw(&mut canvas, top, right);
        for (i, row) in self.rows.iter().enumerate() {
            draw(&mut canvas, &columns, row, top + rows.middle(i));
        }
        close(&mut canvas, &self.caption, bottom + if self.rows.is_empty() { 0.0 } else { 20.0 });
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![(Mark::Band { line: BLUE, fill: tint(BLUE, 0.25) }, self.share_label.clone())];
        if self.rows.iter().any(|row| row.previous.is_some()) {
            keys.push((Mark::Ring(INK), self.previous_label.clone()));
        }
        keys
    }

    fn columns(&self, canvas: &Canvas, left: f64) -> Columns {
        let width = |words: &str| canvas.face.width(words, BODY);
        let texts = |of: fn(&ThemeRow) -> String| self.rows.iter().map(of).map(|t| width(&t)).fold(0.0, f64::max);
        let figures = [
            width("100.0%"),
            texts(|row| thousands(row.share.n)),
            texts(|row| row.changed.sign(&row.change)),
            texts(|row| row.mean.clone()),
        ];
        let mut end = canvas.width - MARGIN;
        let mut ends = [0.0; 4];
        for ((place, figure), words) in ends.iter_mut().zip(figures).zip(&self.heads).rev() {
            *place = end;
            end -= figure.max(canvas.face.width(words, BODY).min(HEAD)).min(110.0) + GAP;
        }
        let shares = self.rows.iter().filter_map(|row| row.share.usable()).map(|e| e.high.max(e.value));
        let high = shares.chain(self.rows.iter().filter_map(|row| row.previous)).filter(|s| s.is_finite());
        let high = high.fold(0.0, f64::max).min(1.0);
        let high = if high > 0.0 { high } else { 1.0 };
        Columns { scale: Scale { low: 0.0, high, from: left, to: end - 6.0 }, ends }
    }
}

fn draw(canvas: &mut Canvas, columns: &Columns, row: &ThemeRow, y: f64) {
    const THICK: f64 = 13.0;
    let scale = &columns.scale;
    let right = |color| text(BODY).color(color).align(Align::Right);
    if let Some(e) = row.share.usable() {
        let end = scale.at(e.value);
        canvas.rect((scale.from, y - THICK / 2.0), (end - scale.from, THICK), tint(BLUE, 0.25));
        canvas.rule((scale.at(e.low), y), (scale.at(e.high), y), 2.0, BLUE);
        canvas.dot((end, y), 3.5, BLUE);
        canvas.text_mid((columns.ends[0], y), &percent(e.value), right(INK));
    }
    if let Some(before) = row.previous.filter(|before| before.is_finite()) {
        canvas.ring((scale.at(before), y), 4.5, INK);
    }
    canvas.text_mid((columns.ends[1], y), &thousands(row.share.n), right(MUTED));
    let color = if row.changed == Change::Steady { MUTED } else { VERMILLION };
    figure(canvas, (columns.ends[2], y), &row.changed.sign(&row.change), color);
    figure(canvas, (columns.ends[3], y), &row.mean, INK);
}

fn figure(canvas: &mut Canvas, at: Point, words: &str, color: plotters::style::RGBColor) {
    let words = fit(canvas.face, words, BODY, 110.0);
    canvas.text_mid(at, &words, text(BODY).color(color).align(Align::Right));
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn chart(rows: usize) -> ThemesChart {
        ThemesChart {
            caption: check::caption(),
            rows: (0..rows)
                .map(|i| ThemeRow {
                    label: check::name(i),
                    share: check::estimate(i, 0.0, 0.4).unwrap_or(Estimate { value: 0.1, low: 0.0, high: 0.9, n: 3 }),
                    previous: [None, Some(0.12), Some(f64::NAN)][i % 3],
                    change: ["", "+3.2", "−12.9"][i % 3].into(),
                    changed: [Change::Steady, Change::Rising, Change::Falling][i % 3],
                    mean: if i % 4 == 0 { String::new() } else { "3.42".into() },
                })
                .collect(),
            share_label: "占比及 95% 区间".into(),
            previous_label: "上期占比".into(),
            heads: ["占比", "Texts that name it", "Change, percentage points", "总体满意度均分"].map(Into::into),
        }
    }

    #[test]
    fn any_number_of_themes_fits() {
        for rows in [0, 1, 3, 16, 40] {
            check::layout(&chart(rows).lay_out().unwrap());
        }
        check::rendered(&chart(7).lay_out().unwrap());
    }

    #[test]
    fn a_change_that_may_be_chance_is_grey() {
        let canvas = chart(3).lay_out().unwrap();
        let marked = canvas.labels.iter().filter(|label| label.color == VERMILLION);
        assert_eq!(marked.map(|label| label.text.as_str()).collect::<Vec<_>>(), ["▲ +3.2", "▼ −12.9"]);
    }
}
