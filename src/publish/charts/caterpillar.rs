//! Members ordered by a mean with its interval, each beside the mean of the peers.

use super::axis::{Scale, score_range, thousands};
use super::canvas::{Align, Canvas, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::rows::{Rows, grid, head};
use super::style::{AXIS, BLUE, BODY, INK, MARGIN, MUTED, SMALL, VERMILLION, WIDTH};
use super::wrap::fit;
use super::{ChartError, Estimate, Rendered};

/// A caterpillar plot.
#[derive(Debug, Clone, PartialEq)]
pub struct CaterpillarChart {
    pub caption: Caption,
    /// From the top.
    pub rows: Vec<CaterpillarRow>,
    /// Lowest and highest possible score.
    pub limits: (f64, f64),
    /// Key of the marks: `收缩均分及 95% 区间`.
    pub interval_label: String,
    /// Key of a member marked: `显著低于同段`.
    pub weak_label: String,
    /// Key of the ring: `原始均分`.
    pub own_label: String,
    /// Key of the tick: `同工龄段均分`.
    pub peers_label: String,
    /// Heads of the columns of notes, means and counts: `工龄段`, `均分`, `评价数`.
    pub heads: [String; 3],
}

/// One member.
#[derive(Debug, Clone, PartialEq)]
pub struct CaterpillarRow {
    pub label: String,
    /// Stands behind the name: the tenure band.
    pub note: String,
    pub estimate: Estimate,
    /// Mean of the member's own answers alone.
    pub own: Option<f64>,
    /// Mean of the peers.
    pub peers: Option<f64>,
    /// Weaker than the peers, and hardly by chance.
    pub weak: bool,
}

/// Height of a row: there may be forty.
const ROW: f64 = 22.0;

/// Where the columns right of the names lie.
struct Columns {
    note: f64,
    scale: Scale,
    mean: f64,
    count: f64,
}

impl CaterpillarChart {
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
        let rows = Rows::new(canvas.face, self.rows.iter().map(|row| row.label.as_str()), 210.0, ROW);
        let columns = self.columns(&canvas, MARGIN + rows.label_width + 16.0);
        let top = self.heads(&mut canvas, &columns, top);
        let (bottom, right) = (top + rows.height(), canvas.width - MARGIN);
        if !self.rows.is_empty() {
            let how = (self.rows.len() > 15, 60.0);
            grid(&mut canvas, &columns.scale, (top, bottom), how, |tick| format!("{tick:.1}"));
        }
        canvas.rule((MARGIN, top), (right, top), 1.0, AXIS);
        rows.draw(&mut canvas, top, right);
        for (i, row) in self.rows.iter().enumerate() {
            draw(&mut canvas, &columns, row, top + rows.middle(i));
        }
        close(&mut canvas, &self.caption, bottom + if self.rows.is_empty() { 0.0 } else { 20.0 });
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![(Mark::Interval(BLUE), self.interval_label.clone())];
        if self.rows.iter().any(|row| row.weak) {
            keys.push((Mark::Diamond(VERMILLION), self.weak_label.clone()));
        }
        if self.rows.iter().any(|row| row.own.is_some()) {
            keys.push((Mark::Ring(MUTED), self.own_label.clone()));
        }
        if self.rows.iter().any(|row| row.peers.is_some()) {
            keys.push((Mark::Line(INK), self.peers_label.clone()));
        }
        keys
    }

    fn columns(&self, canvas: &Canvas, left: f64) -> Columns {
        let estimates = || self.rows.iter().filter_map(|row| row.estimate.usable());
        let notes = self.rows.iter().map(|row| row.note.as_str()).chain([self.heads[0].as_str()]);
        let note = notes.map(|note| canvas.face.width(note, SMALL)).fold(0.0, f64::max).min(90.0) + 16.0;
        let counts = estimates().map(|e| canvas.face.width(&thousands(e.n), BODY)).fold(24.0, f64::max);
        let count = counts.max(canvas.face.width(&self.heads[2], SMALL).min(64.0)) + 14.0;
        let mean = canvas.face.width("4.00", BODY).max(canvas.face.width(&self.heads[1], SMALL).min(64.0)) + 14.0;
        let right = canvas.width - MARGIN;
        let beside = self.rows.iter().flat_map(|row| [row.peers, row.own]).flatten();
        let figures = estimates().flat_map(|e| [e.low, e.high]).chain(beside);
        let (low, high) = score_range(figures, self.limits);
        Columns {
            note: left,
            scale: Scale { low, high, from: left + note + 10.0, to: right - count - mean - 10.0 },
            mean: right - count,
            count: right,
        }
    }

    /// Names of the columns; returns the height of the first row.
    fn heads(&self, canvas: &mut Canvas, columns: &Columns, top: f64) -> f64 {
        let bottom = top + 34.0;
        let note = fit(canvas.face, &self.heads[0], SMALL, columns.scale.from - columns.note - 14.0);
        canvas.text((columns.note, bottom - 8.0), &note, text(SMALL).color(MUTED));
        head(canvas, (columns.mean, bottom), &self.heads[1], columns.mean - columns.scale.to - 14.0);
        head(canvas, (columns.count, bottom), &self.heads[2], columns.count - columns.mean - 8.0);
        bottom
    }
}

fn draw(canvas: &mut Canvas, columns: &Columns, row: &CaterpillarRow, y: f64) {
    let scale = &columns.scale;
    let note = fit(canvas.face, &row.note, SMALL, scale.from - columns.note - 14.0);
    canvas.text_mid((columns.note, y), &note, text(SMALL).color(MUTED));
    let Some(e) = row.estimate.usable() else { return };
    let color = if row.weak { VERMILLION } else { BLUE };
    canvas.rule((scale.at(e.low), y), (scale.at(e.high), y), 2.0, color);
    if let Some(peers) = row.peers.filter(|peers| peers.is_finite()) {
        let x = scale.at(peers);
        canvas.rule((x, y - 7.0), (x, y + 7.0), 1.5, INK);
    }
    if let Some(own) = row.own.filter(|own| own.is_finite()) {
        canvas.ring((scale.at(own), y), 3.5, MUTED);
    }
    if row.weak {
        canvas.diamond((scale.at(e.value), y), 5.5, color);
    } else {
        canvas.dot((scale.at(e.value), y), 4.0, color);
    }
    canvas.text_mid((columns.mean, y), &format!("{:.2}", e.value), text(BODY).align(Align::Right));
    canvas.text_mid((columns.count, y), &thousands(e.n), text(BODY).color(MUTED).align(Align::Right));
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn chart(rows: usize) -> CaterpillarChart {
        CaterpillarChart {
            caption: check::caption(),
            rows: (0..rows)
                .map(|i| CaterpillarRow {
                    label: check::name(i),
                    note: ["0-3m", "3y+", "(none)"][i % 3].to_owned(),
                    estimate: check::estimate(i, 1.0, 5.0).unwrap_or(Estimate {
                        value: 4.2,
                        low: 4.0,
                        high: 4.4,
                        n: 12,
                    }),
                    own: (i % 3 > 0).then_some(3.9),
                    peers: (i % 4 > 0).then_some(4.1),
                    weak: i % 5 == 1,
                })
                .collect(),
            limits: (1.0, 5.0),
            interval_label: "收缩均分及 95% 区间".into(),
            weak_label: "显著低于同工龄段".into(),
            own_label: "原始均分".into(),
            peers_label: "同工龄段均分".into(),
            heads: ["工龄段", "收缩均分", "评价数"].map(Into::into),
        }
    }

    #[test]
    fn any_number_of_members_fits() {
        for rows in [0, 1, 7, 40] {
            check::layout(&chart(rows).lay_out().unwrap());
        }
        check::rendered(&chart(7).lay_out().unwrap());
    }

    #[test]
    fn keys_tell_what_is_there() {
        let mut chart = chart(6);
        assert_eq!(chart.keys().len(), 4);
        chart.rows.iter_mut().for_each(|row| (row.weak, row.peers, row.own) = (false, None, None));
        assert_eq!(chart.keys().len(), 1);
    }
}
