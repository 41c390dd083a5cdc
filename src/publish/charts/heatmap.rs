//! Mean scores of staff (rows) on dimensions (columns).

use plotters::style::RGBColor;

use super::axis::thousands;
use super::canvas::{Align, Canvas, Point, count, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::rows::{Rows, row_height};
use super::style::{BLUE, BODY, HATCH_GROUND, INK, MARGIN, MUTED, PAPER, SMALL, TINY, VERMILLION, WIDTH, mix, text_on};
use super::wrap::{fit, widest_piece, wrap_evenly};
use super::{ChartError, Rendered};

/// A table of means whose cells are coloured by their distance from a middle.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatmapChart {
    pub caption: Caption,
    pub columns: Vec<String>,
    pub rows: Vec<HeatmapRow>,
    /// The mean that is white: the target or the mean of all. Below is orange, above is blue.
    pub middle: f64,
    /// Says what the middle is: `目标 4.0`.
    pub middle_label: String,
    /// Key of the colours: `平均分`.
    pub scale_label: String,
    /// Key of a hatched cell: `样本不足（n < 5），不显示`.
    pub suppressed_label: String,
    /// Keys of cells that differ from the peers: below, above.
    pub marked_labels: [String; 2],
    /// Head of the column of counts: `评价数`.
    pub count_label: String,
}

/// One member of staff.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatmapRow {
    pub label: String,
    /// One per column.
    pub cells: Vec<HeatCell>,
    /// Answers in all.
    pub n: u64,
}

/// What a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum HeatCell {
    Mean(f64),
    /// One that differs from the peers, and hardly by chance: below or above them.
    Marked {
        mean: f64,
        below: bool,
    },
    /// Too few answers: hatched, with their number.
    Suppressed {
        n: u64,
    },
    /// Nobody answered.
    #[default]
    Empty,
}

/// Columns of cells: where the first starts, and how wide each is.
struct Grid {
    left: f64,
    cell: f64,
    counts: f64,
    /// Heads read upwards where words are wider than a column.
    upright: bool,
}

impl HeatmapChart {
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
        let height = row_height(self.rows.len());
        let rows = Rows::new(canvas.face, self.rows.iter().map(|r| r.label.as_str()), 190.0, height);
        let grid = self.grid(&canvas, rows.label_width);
        let right = grid.left + grid.cell * count(self.columns.len()) + grid.counts;
        canvas.width = WIDTH.max((right + MARGIN).ceil());

        let top = open(&mut canvas, &self.caption, &self.keys());
        let top = self.scale_key(&mut canvas, top);
        let top = self.heads(&mut canvas, &grid, top);
        rows.draw(&mut canvas, top, right);
        for (i, row) in self.rows.iter().enumerate() {
            let (edge, height) = rows.span(i);
            for column in 0..self.columns.len() {
                let cell = row.cells.get(column).copied().unwrap_or_default();
                let at = (grid.left + count(column) * grid.cell, top + edge);
                self.cell(&mut canvas, cell, at, (grid.cell, height));
            }
            let style = text(BODY).color(MUTED).align(Align::Right);
            canvas.text_mid((right, top + rows.middle(i)), &thousands(row.n), style);
        }
        close(&mut canvas, &self.caption, top + rows.height());
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let cells = || self.rows.iter().flat_map(|row| &row.cells);
        let mut keys = Vec::new();
        if cells().any(|cell| matches!(cell, HeatCell::Marked { below: true, .. })) {
            keys.push((Mark::Lozenge(INK), self.marked_labels[0].clone()));
        }
        if cells().any(|cell| matches!(cell, HeatCell::Marked { below: false, .. })) {
            keys.push((Mark::Ring(INK), self.marked_labels[1].clone()));
        }
        if cells().any(|cell| matches!(cell, HeatCell::Suppressed { .. })) {
            keys.push((Mark::Hatch, self.suppressed_label.clone()));
        }
        keys
    }

    fn grid(&self, canvas: &Canvas, labels: f64) -> Grid {
        let left = MARGIN + labels + 16.0;
        let widest = self.rows.iter().map(|r| canvas.face.width(&thousands(r.n), BODY)).fold(30.0, f64::max);
        let counts = widest.max(canvas.face.width(&self.count_label, SMALL).min(70.0)) + 18.0;
        let room = (WIDTH - MARGIN - counts - left) / count(self.columns.len().max(1));
        // Wide enough for `4.25` and `n=12`; the page grows when there are more columns than fit.
        let cell = room.clamp(40.0, 136.0).floor();
        let word = self.columns.iter().map(|c| widest_piece(canvas.face, c, SMALL)).fold(0.0, f64::max);
        Grid { left, cell, counts, upright: word > cell - 6.0 }
    }

    /// Half the range of colours: the largest distance from the middle in steps of a quarter point.
    fn reach(&self) -> f64 {
        let distance = |cell: &HeatCell| match cell {
            HeatCell::Mean(mean) | HeatCell::Marked { mean, .. } if mean.is_finite() => (mean - self.middle).abs(),
            _ => 0.0,
        };
        let largest = self.rows.iter().flat_map(|row| &row.cells).map(distance).fold(0.0, f64::max);
        ((largest * 4.0).ceil() / 4.0).max(0.5)
    }

    fn color(&self, mean: f64) -> RGBColor {
        let share = (mean - self.middle) / self.reach();
        mix(PAPER, if share < 0.0 { VERMILLION } else { BLUE }, share.abs())
    }

    /// The colours as a strip with the figures at its ends and in its middle.
    fn scale_key(&self, canvas: &mut Canvas, top: f64) -> f64 {
        const STEPS: u8 = 60;
        const STRIP: f64 = 4.0;
        let reach = self.reach();
        let name = fit(canvas.face, &self.scale_label, BODY, 160.0);
        let left = MARGIN + canvas.face.width(&name, BODY) + 14.0;
        let width = f64::from(STEPS) * STRIP;
        canvas.text_mid((MARGIN, top + 7.0), &name, text(BODY));
        for step in 0..STEPS {
            let mean = self.middle - reach + 2.0 * reach * (f64::from(step) + 0.5) / f64::from(STEPS);
            canvas.rect((left + f64::from(step) * STRIP, top), (STRIP, 14.0), self.color(mean));
        }
        canvas.rule((left + width / 2.0, top), (left + width / 2.0, top + 18.0), 1.0, MUTED);
        let figure = |value: f64| {
            if value.is_finite() { format!("{value:.2}") } else { String::new() }
        };
        let grey = text(SMALL).color(MUTED);
        canvas.text((left, top + 29.0), &figure(self.middle - reach), grey);
        canvas.text((left + width, top + 29.0), &figure(self.middle + reach), grey.align(Align::Right));
        let middle = fit(canvas.face, &self.middle_label, SMALL, width - 90.0);
        canvas.text((left + width / 2.0, top + 29.0), &middle, grey.align(Align::Center));
        top + 46.0
    }

    /// Names of the columns; returns the height of the first row.
    fn heads(&self, canvas: &mut Canvas, grid: &Grid, top: f64) -> f64 {
        const LEADING: f64 = 14.0;
        const TALLEST: f64 = 150.0;
        let names: Vec<Vec<String>> = self
            .columns
            .iter()
            .map(|name| {
                if grid.upright {
                    let lines = if grid.cell >= 2.0 * LEADING + 4.0 { 2 } else { 1 };
                    wrap_evenly(canvas.face, name, SMALL, TALLEST, lines)
                } else {
                    wrap_evenly(canvas.face, name, SMALL, grid.cell - 4.0, 4)
                }
            })
            .collect();
        let height = if grid.upright {
            names.iter().flatten().map(|line| canvas.face.width(line, SMALL)).fold(0.0, f64::max)
        } else {
            LEADING * count(names.iter().map(Vec::len).max().unwrap_or(1))
        };
        let bottom = top + height.max(LEADING) + 10.0;
        for (i, lines) in names.iter().enumerate() {
            let middle = grid.left + (count(i) + 0.5) * grid.cell;
            for (j, line) in lines.iter().enumerate() {
                let behind = count(lines.len() - 1 - j) * LEADING;
                if grid.upright {
                    let first = middle - LEADING * (count(lines.len()) - 1.0) / 2.0;
                    canvas.text((first + count(j) * LEADING + 0.36 * SMALL, bottom - 6.0), line, text(SMALL).upwards());
                } else {
                    canvas.text((middle, bottom - 8.0 - behind), line, text(SMALL).align(Align::Center));
                }
            }
        }
        let right = grid.left + grid.cell * count(names.len()) + grid.counts;
        let style = text(SMALL).color(MUTED).align(Align::Right);
        canvas.text((right, bottom - 8.0), &fit(canvas.face, &self.count_label, SMALL, grid.counts - 6.0), style);
        bottom
    }

    fn cell(&self, canvas: &mut Canvas, cell: HeatCell, (x, y): Point, (w, h): Point) {
        let middle = (x + w / 2.0, y + h / 2.0);
        // A white seam between cells keeps neighbours of the same colour apart.
        let (at, size) = ((x + 1.0, y + 1.0), (w - 2.0, h - 2.0));
        match cell {
            HeatCell::Mean(mean) | HeatCell::Marked { mean, .. } if mean.is_finite() => {
                let ground = self.color(mean);
                canvas.rect(at, size, ground);
                let style = text(if w < 44.0 { SMALL } else { BODY }).color(text_on(ground)).align(Align::Center);
                canvas.text_mid(middle, &format!("{mean:.2}"), style);
                let corner = (x + w - 8.0, y + 8.0);
                match cell {
                    HeatCell::Marked { below: true, .. } => canvas.diamond(corner, 3.5, text_on(ground)),
                    HeatCell::Marked { below: false, .. } => canvas.ring(corner, 2.5, text_on(ground)),
                    _ => {}
                }
            }
            HeatCell::Suppressed { n } => {
                canvas.hatch(at, size);
                let words = format!("n={n}");
                let half = canvas.face.width(&words, TINY) / 2.0 + 3.0;
                canvas.rect((middle.0 - half, middle.1 - 7.0), (2.0 * half, 14.0), HATCH_GROUND);
                canvas.text_mid(middle, &words, text(TINY).color(MUTED).align(Align::Center));
            }
            HeatCell::Mean(_) | HeatCell::Marked { .. } | HeatCell::Empty => {
                canvas.text_mid(middle, "–", text(BODY).color(MUTED).align(Align::Center));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn chart(rows: usize, columns: usize) -> HeatmapChart {
        let cell = |i: usize| match i % 5 {
            0 => HeatCell::Suppressed { n: i as u64 % 5 },
            1 => HeatCell::Empty,
            2 if i.is_multiple_of(3) => HeatCell::Mean(f64::NAN),
            3 => HeatCell::Marked { mean: 1.0 + count(i * 11 % 40) / 10.0, below: i.is_multiple_of(2) },
            _ => HeatCell::Mean(1.0 + count(i * 7 % 40) / 10.0),
        };
        HeatmapChart {
            caption: check::caption(),
            columns: (0..columns).map(check::name).collect(),
            rows: (0..rows)
                .map(|r| HeatmapRow {
                    label: check::name(r),
                    cells: (0..columns).map(|c| cell(r * 3 + c)).collect(),
                    n: 1000 * r as u64,
                })
                .collect(),
            middle: 4.0,
            middle_label: "目标 4.0".into(),
            scale_label: "平均分".into(),
            suppressed_label: "样本不足（n < 5），不显示".into(),
            marked_labels: ["显著低于同段", "显著高于同段"].map(Into::into),
            count_label: "评价数".into(),
        }
    }

    #[test]
    fn any_number_of_rows_and_columns_fits() {
        for rows in [0, 1, 5, 40] {
            for columns in [0, 1, 5, 12, 28] {
                check::layout(&chart(rows, columns).lay_out().unwrap());
            }
        }
        check::rendered(&chart(5, 6).lay_out().unwrap());
    }

    #[test]
    fn the_middle_is_white_and_the_ends_are_full() {
        let mut chart = chart(1, 1);
        chart.rows[0].cells = vec![HeatCell::Mean(3.0)];
        assert_eq!([chart.color(4.0), chart.color(3.0), chart.color(5.0)], [PAPER, VERMILLION, BLUE]);
        chart.middle = f64::NAN;
        check::rendered(&chart.lay_out().unwrap());
    }

    #[test]
    fn a_suppressed_cell_shows_its_count_and_no_mean() {
        let mut chart = chart(1, 1);
        chart.rows[0].cells = vec![HeatCell::Suppressed { n: 3 }];
        let canvas = chart.lay_out().unwrap();
        assert!(canvas.labels.iter().any(|l| l.text == "n=3"));
        assert!(canvas.labels.iter().any(|l| l.text == "样本不足（n < 5），不显示"));
    }
}
