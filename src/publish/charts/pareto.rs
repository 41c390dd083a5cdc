//! Defects ranked by tickets, with the cumulative share.
//!
//! Names are long and Chinese, so defects are rows. The cumulative line has its own panel at the right with its own
//! axis: two scales over the same bars mislead, and figures on bars would run into the line.

use plotters::style::RGBColor;

use super::axis::{Scale, percent, percent_tick, thousands};
use super::canvas::{Align, Canvas, Point, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::rows::{Rows, row_height};
use super::style::{AXIS, BLUE, BODY, GRID, INK, MARGIN, MUTED, SILVER, SKY, SMALL, WIDTH, text_on};
use super::wrap::fit;
use super::{ChartError, Rendered};

/// Where class A and class B end.
const CUTS: [f64; 2] = [0.80, 0.95];

/// A Pareto chart of defects.
#[derive(Debug, Clone, PartialEq)]
pub struct ParetoChart {
    pub caption: Caption,
    /// Most tickets first; rows that sum up the others of a class come last.
    pub rows: Vec<ParetoRow>,
    /// Head of the bars: `工单数`.
    pub count_label: String,
    /// Head of the cumulative line: `累计占比`.
    pub cumulative_label: String,
    /// Keys of the classes A, B and C: `A 类：累计至 80%`.
    pub class_labels: [String; 3],
}

/// One defect.
#[derive(Debug, Clone, PartialEq)]
pub struct ParetoRow {
    /// Product model and fault.
    pub label: String,
    pub tickets: u64,
    /// Share 0..1 of this and all rows before it.
    pub cumulative: f64,
    pub class: AbcClass,
    /// Several defects in one row: counted in figures, but without a bar, which would dwarf those of single defects.
    pub summary: bool,
}

/// Pareto class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbcClass {
    A,
    B,
    C,
}

impl AbcClass {
    const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }

    /// From dark to light, so that the order survives print in black and white.
    fn color(self) -> RGBColor {
        match self {
            Self::A => BLUE,
            Self::B => SKY,
            Self::C => SILVER,
        }
    }
}

/// The columns of the chart.
struct Columns {
    letter: f64,
    bars: Scale,
    line: Scale,
    right: f64,
}

impl ParetoChart {
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
        let labels = self.rows.iter().map(|r| r.label.as_str());
        let rows = Rows::new(canvas.face, labels, 250.0, row_height(self.rows.len()));
        let columns = self.columns(&canvas, rows.label_width);
        let top = self.heads(&mut canvas, &columns, top);
        let bottom = top + rows.height();
        axes(&mut canvas, &columns, (top, bottom));
        rows.draw(&mut canvas, top, columns.right);
        for (i, row) in self.rows.iter().enumerate() {
            bar(&mut canvas, row, &columns, (top + rows.span(i).0, rows.span(i).1));
        }
        self.dividers(&mut canvas, &rows, &columns, top);
        self.line(&mut canvas, &rows, &columns, top);
        close(&mut canvas, &self.caption, bottom + if self.rows.is_empty() { 0.0 } else { 20.0 });
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let keys = AbcClass::ALL.iter().zip(&self.class_labels);
        keys.filter(|(class, _)| self.rows.iter().any(|r| r.class == **class))
            .map(|(class, label)| (Mark::Square(class.color()), label.clone()))
            .collect()
    }

    fn columns(&self, canvas: &Canvas, labels: f64) -> Columns {
        const LINE: f64 = 210.0;
        let letter = MARGIN + labels + 22.0;
        let right = canvas.width - MARGIN;
        let line_to = right - canvas.face.width("100.0%", BODY) - 14.0;
        let counts = self.rows.iter().map(|r| canvas.face.width(&thousands(r.tickets), BODY)).fold(20.0, f64::max);
        let single = self.rows.iter().filter(|r| !r.summary);
        let high = single.map(|r| r.tickets).max().unwrap_or(0).max(1);
        let high = u32::try_from(high).map_or(f64::from(u32::MAX), f64::from);
        let from = letter + 18.0;
        let to = line_to - LINE - 30.0 - counts - 8.0;
        Columns {
            letter,
            bars: Scale { low: 0.0, high, from, to },
            line: Scale { low: 0.0, high: 1.0, from: line_to - LINE, to: line_to },
            right,
        }
    }

    fn heads(&self, canvas: &mut Canvas, columns: &Columns, top: f64) -> f64 {
        let y = top + SMALL;
        let left = fit(canvas.face, &self.count_label, SMALL, columns.line.from - columns.bars.from - 20.0);
        canvas.text((columns.bars.from, y), &left, text(SMALL).color(MUTED));
        let right = fit(canvas.face, &self.cumulative_label, SMALL, columns.right - columns.line.from);
        canvas.text((columns.line.from, y), &right, text(SMALL).color(MUTED));
        y + 28.0
    }

    /// A line across all columns below the last row of class A and of class B.
    fn dividers(&self, canvas: &mut Canvas, rows: &Rows, columns: &Columns, top: f64) {
        for (i, pair) in self.rows.windows(2).enumerate() {
            if pair[0].class != pair[1].class {
                let (edge, height) = rows.span(i);
                let y = top + edge + height;
                canvas.rule((MARGIN, y), (columns.right, y), 1.25, MUTED);
            }
        }
    }

    fn line(&self, canvas: &mut Canvas, rows: &Rows, columns: &Columns, top: f64) {
        let points: Vec<(Point, &ParetoRow)> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.cumulative.is_finite())
            .map(|(i, row)| ((columns.line.at(row.cumulative), top + rows.middle(i)), row))
            .collect();
        canvas.line(points.iter().map(|(at, _)| *at).collect(), 1.5, INK);
        for (at, row) in points {
            canvas.dot(at, 3.0, INK);
            let style = text(BODY).color(MUTED).align(Align::Right);
            canvas.text_mid((columns.right, at.1), &percent(row.cumulative), style);
        }
    }
}

/// Grid of both panels; the cuts of the classes are dashed and named above.
fn axes(canvas: &mut Canvas, columns: &Columns, (top, bottom): (f64, f64)) {
    let grey = text(SMALL).color(MUTED).align(Align::Center);
    for tick in columns.bars.ticks(70.0).into_iter().filter(|t| t.fract() == 0.0) {
        let x = columns.bars.at(tick);
        canvas.rule((x, top), (x, bottom), 1.0, GRID);
        if bottom > top {
            canvas.text((x, bottom + 16.0), &format!("{tick:.0}"), grey);
        }
    }
    for tick in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let x = columns.line.at(tick);
        canvas.rule((x, top), (x, bottom), 1.0, GRID);
        if bottom > top {
            canvas.text((x, bottom + 16.0), &percent_tick(tick), grey);
        }
    }
    for cut in CUTS {
        let x = columns.line.at(cut);
        canvas.dashes((x, top), (x, bottom), 1.25, INK);
        canvas.text((x, top - 7.0), &percent_tick(cut), text(SMALL).align(Align::Center));
    }
    canvas.rule((MARGIN, top), (columns.right, top), 1.0, AXIS);
}

/// Letter, bar and count of one row.
fn bar(canvas: &mut Canvas, row: &ParetoRow, columns: &Columns, (top, height): (f64, f64)) {
    let middle = top + height / 2.0;
    let tickets = u32::try_from(row.tickets).map_or(f64::from(u32::MAX), f64::from);
    let end = columns.bars.at(tickets);
    let thick = height.min(30.0) - 9.0;
    let (at, size) = ((columns.bars.from, middle - thick / 2.0), (end - columns.bars.from, thick));
    canvas.rect((columns.letter - 9.0, at.1), (18.0, thick), row.class.color());
    let style = text(SMALL).color(text_on(row.class.color())).align(Align::Center);
    canvas.text_mid((columns.letter, middle), row.class.letter(), style);
    if row.summary {
        return canvas.text_mid((columns.bars.from + 7.0, middle), &thousands(row.tickets), text(BODY).color(MUTED));
    }
    canvas.rect(at, size, row.class.color());
    canvas.text_mid((end + 7.0, middle), &thousands(row.tickets), text(BODY));
}

#[cfg(test)]
mod tests {
    use super::super::canvas::count;
    use super::super::check;
    use super::*;

    fn chart(rows: usize) -> ParetoChart {
        let class = |i: usize| match i * 10 / rows {
            0..3 => AbcClass::A,
            3..6 => AbcClass::B,
            _ => AbcClass::C,
        };
        ParetoChart {
            caption: check::caption(),
            rows: (0..rows)
                .map(|i| ParetoRow {
                    label: check::name(i),
                    tickets: 90_000 / (i as u64 + 1).pow(2),
                    cumulative: if i == 2 { f64::NAN } else { count(i + 1) / count(rows) },
                    class: class(i),
                    summary: i + 1 == rows,
                })
                .collect(),
            count_label: "工单数".into(),
            cumulative_label: "累计占比".into(),
            class_labels: ["A 类：累计至 80%", "B 类：累计至 95%", "C 类：其余"].map(Into::into),
        }
    }

    #[test]
    fn any_number_of_rows_fits() {
        for rows in [0, 1, 2, 5, 40, 41] {
            check::layout(&chart(rows).lay_out().unwrap());
        }
        check::rendered(&chart(5).lay_out().unwrap());
    }

    #[test]
    fn bars_without_tickets_have_no_length() {
        let mut chart = chart(2);
        chart.rows.iter_mut().for_each(|row| row.tickets = 0);
        check::rendered(&chart.lay_out().unwrap());
    }
}
