//! Answers as stacked bars around the middle of the scale: the unhappy left, the happy right.

use plotters::style::RGBColor;

use super::axis::{percent, thousands};
use super::canvas::{Align, Canvas, real, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::rows::{Rows, head, row_height};
use super::style::{AXIS, BLUE, BODY, INK, MARGIN, MUTED, SILVER, SMALL, TINY, VERMILLION, WIDTH, text_on, tint};
use super::{ChartError, Rendered};

/// A diverging chart of answers.
#[derive(Debug, Clone, PartialEq)]
pub struct LikertChart {
    pub caption: Caption,
    pub rows: Vec<LikertRow>,
    /// What 1, 2, 3, 4 and 5 points mean.
    pub answers: [String; 5],
    /// Heads of the columns: `满意率`, `评价数`.
    pub heads: [String; 2],
}

/// One dimension or member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikertRow {
    pub label: String,
    /// Answers of 1, 2, 3, 4 and 5 points.
    pub answers: [u64; 5],
}

/// Place of the threes.
const MIDDLE: usize = 2;

impl LikertRow {
    pub fn n(&self) -> u64 {
        self.answers.iter().sum()
    }

    /// Share of the answers with so many points, 0 for one.
    fn share(&self, place: usize) -> f64 {
        real(self.answers[place]) / real(self.n().max(1))
    }

    /// Share of four and five points.
    pub fn satisfied(&self) -> f64 {
        self.share(3) + self.share(4)
    }

    /// Share left of the middle of the scale; half of the threes is.
    fn before(&self) -> f64 {
        self.share(0) + self.share(1) + self.share(2) / 2.0
    }
}

impl LikertChart {
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
        let right = canvas.width - MARGIN;
        let counts = self.rows.iter().map(|row| canvas.face.width(&thousands(row.n()), BODY)).fold(40.0, f64::max);
        let satisfied = right - counts.max(canvas.face.width(&self.heads[1], SMALL).min(80.0)) - 18.0;
        let end = satisfied
            - canvas.face.width("100.0%", BODY).max(canvas.face.width(&self.heads[0], SMALL).min(80.0))
            - 18.0;
        let left = MARGIN + rows.label_width + 18.0;
        let before = self.rows.iter().map(LikertRow::before).fold(0.05, f64::max);
        let after = self.rows.iter().map(|row| 1.0 - row.before()).fold(0.05, f64::max);
        let unit = (end - left) / (before + after);
        let middle = left + unit * before;
        let top = top + 36.0;
        head(&mut canvas, (satisfied, top), &self.heads[0], satisfied - end - 6.0);
        head(&mut canvas, (right, top), &self.heads[1], right - satisfied - 6.0);
        for (i, row) in self.rows.iter().enumerate() {
            let (edge, height) = rows.span(i);
            let mut x = middle - unit * row.before();
            for (place, color) in colors().into_iter().enumerate() {
                let width = unit * row.share(place);
                if row.answers[place] > 0 {
                    canvas.rect((x, top + edge + 4.0), (width.max(0.75), height - 8.0), color);
                    let words = format!("{:.0}%", row.share(place) * 100.0);
                    // The line of the middle runs through the threes.
                    let room = if place == MIDDLE { width / 2.0 } else { width };
                    if canvas.face.width(&words, TINY) + 6.0 <= room {
                        let style = text(TINY).color(text_on(color)).align(Align::Center);
                        canvas.text_mid((x + room / 2.0, top + rows.middle(i)), &words, style);
                    }
                }
                x += width;
            }
            let style = text(BODY).align(Align::Right);
            if row.n() > 0 {
                canvas.text_mid((satisfied, top + rows.middle(i)), &percent(row.satisfied()), style);
            }
            canvas.text_mid((right, top + rows.middle(i)), &thousands(row.n()), style.color(MUTED));
        }
        rows.draw(&mut canvas, top, right);
        canvas.rule((MARGIN, top), (right, top), 1.0, AXIS);
        canvas.rule((middle, top), (middle, top + rows.height()), 1.0, INK);
        close(&mut canvas, &self.caption, top + rows.height());
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        colors().into_iter().zip(&self.answers).map(|(color, words)| (Mark::Square(color), words.clone())).collect()
    }
}

/// From one point to five; the middle is neither.
fn colors() -> [RGBColor; 5] {
    [VERMILLION, tint(VERMILLION, 0.45), SILVER, tint(BLUE, 0.45), BLUE]
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Shape;
    use super::super::check;
    use super::*;

    fn chart(rows: usize, big: u64) -> LikertChart {
        LikertChart {
            caption: check::caption(),
            rows: (0..rows)
                .map(|i| LikertRow {
                    label: check::name(i),
                    answers: std::array::from_fn(|place| (i as u64 * 5 + place as u64 * 3) % 7 * big),
                })
                .collect(),
            answers: ["1 分", "2 分", "3 分", "4 分", "5 分"].map(Into::into),
            heads: ["满意率（4–5 分）", "评价数"].map(Into::into),
        }
    }

    #[test]
    fn any_number_of_rows_and_answers_fits() {
        for rows in [0, 1, 6, 40] {
            for big in [0, 1, 10_000_000] {
                check::layout(&chart(rows, big).lay_out().unwrap());
            }
        }
        check::rendered(&chart(6, 1).lay_out().unwrap());
    }

    #[test]
    fn bars_meet_at_the_middle_of_the_scale() {
        let mut chart = chart(2, 1);
        chart.rows[0].answers = [0, 0, 2, 1, 1];
        chart.rows[1].answers = [1, 1, 2, 0, 0];
        let canvas = chart.lay_out().unwrap();
        let mut neutral = canvas.shapes.iter().filter_map(|shape| match shape {
            Shape::Rect { at, size, fill } if *fill == SILVER && size.0 > 20.0 => Some(at.0 + size.0 / 2.0),
            _ => None,
        });
        let (first, second) = (neutral.next().unwrap(), neutral.next().unwrap());
        assert!((first - second).abs() < 1e-9);
        assert!((chart.rows[0].satisfied() - 0.5).abs() < 1e-12);
    }
}
