//! Rows with a name at the left, shared by the charts that list members.

use super::canvas::{Canvas, count, text};
use super::font::Face;
use super::style::{BODY, GRID, INK, MARGIN};
use super::wrap::wrap_evenly;

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

/// Row height that suits a number of rows: airy for a few, compact for many.
pub(super) fn row_height(rows: usize) -> f64 {
    if rows <= 15 { 30.0 } else { 25.0 }
}
