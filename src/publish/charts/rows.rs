//! Rows with a name at the left, shared by the charts that list members.

use super::axis::Scale;
use super::canvas::{Align, Canvas, Point, count, text};
use super::font::Face;
use super::style::{BODY, GRID, INK, MARGIN, MUTED, SMALL};
use super::wrap::{fit, wrap, wrap_evenly};

const LEADING: f64 = 16.0;

/// Where the rows of a list lie and what their names look like.
pub(super) struct Rows {
    /// Width of the column of names.
    pub label_width: f64,
    lines: Vec<Vec<String>>,
    /// Upper edge and height of each row, from the top of the list.
    spans: Vec<(f64, f64)>,
}

impl Rows {
    /// Names take up to `max` pixels and two lines each; rows without a second line are `height` high.
    pub(super) fn new<'a>(face: &Face, labels: impl Iterator<Item = &'a str>, max: f64, height: f64) -> Self {
        let lines: Vec<_> = labels.map(|label| wrap_evenly(face, label, BODY, max, 2)).collect();
        let label_width = lines.iter().flatten().map(|l| face.width(l, BODY)).fold(0.0, f64::max);
        let mut top = 0.0;
        let spans = lines
            .iter()
            .map(|lines| {
                let own = height.max(LEADING * count(lines.len()) + 8.0);
                top += own;
                (top - own, own)
            })
            .collect();
        Self { label_width: label_width.max(48.0).ceil(), lines, spans }
    }

    /// Upper edge and height of a row.
    pub(super) fn span(&self, row: usize) -> (f64, f64) {
        self.spans.get(row).copied().unwrap_or((self.height(), 0.0))
    }

    /// The middle of a row.
    pub(super) fn middle(&self, row: usize) -> f64 {
        let (top, height) = self.span(row);
        top + height / 2.0
    }

    /// Height of all rows.
    pub(super) fn height(&self) -> f64 {
        self.spans.last().map_or(0.0, |(top, height)| top + height)
    }

    /// The names and a hair line below each row, from the margin to `right`.
    pub(super) fn draw(&self, canvas: &mut Canvas, top: f64, right: f64) {
        for (row, lines) in self.lines.iter().enumerate() {
            canvas.lines_mid((MARGIN, top + self.middle(row)), lines, LEADING, text(BODY).color(INK));
            let (edge, height) = self.span(row);
            canvas.rule((MARGIN, top + edge + height), (right, top + edge + height), 0.75, GRID);
        }
    }
}

/// Upright grid lines with their figures below, and above as well where the bottom is far away; `gap` is the least room of a figure.
pub(super) fn grid(
    canvas: &mut Canvas,
    scale: &Scale,
    (top, bottom): (f64, f64),
    (long, gap): (bool, f64),
    figure: impl Fn(f64) -> String,
) {
    for tick in scale.ticks(gap) {
        let x = scale.at(tick);
        canvas.rule((x, top), (x, bottom), 1.0, GRID);
        let style = text(SMALL).color(MUTED).align(Align::Center);
        if bottom > top {
            canvas.text((x, bottom + 16.0), &figure(tick), style);
        }
        if long {
            canvas.text((x, top - 7.0), &figure(tick), style);
        }
    }
}

/// Name of a column of figures, on two lines at most, that ends at the right of it.
pub(super) fn head(canvas: &mut Canvas, (right, bottom): Point, words: &str, room: f64) {
    let style = text(SMALL).color(MUTED).align(Align::Right);
    for (line, above) in wrap(canvas.face, words, SMALL, room, 2).iter().rev().zip([0.0, 13.0]) {
        canvas.text((right, bottom - 8.0 - above), &fit(canvas.face, line, SMALL, room), style);
    }
}

/// Row height that suits a number of rows: airy for a few, compact for many.
pub(super) fn row_height(rows: usize) -> f64 {
    if rows <= 15 { 30.0 } else { 25.0 }
}
