//! Improvement measures on a calendar: when they ran, when they were due, what they did.

use plotters::style::RGBColor;

use super::axis::Scale;
use super::canvas::{Align, Canvas, Point, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::rows::Rows;
use super::style::{AXIS, BLUE, GRID, INK, MARGIN, MUTED, SILVER, SKY, SMALL, VERMILLION, WIDTH};
use super::wrap::{fit, wrap_evenly};
use super::{Change, ChartError, Rendered};

/// A timeline of measures. Days count from any day.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuresChart {
    pub caption: Caption,
    /// From the top.
    pub rows: Vec<MeasureBar>,
    /// First and last day of the axis.
    pub days: (f64, f64),
    /// In order of time.
    pub ticks: Vec<MeasureTick>,
    /// The day of the review.
    pub today: f64,
    /// Keys of bars: completed, under way, not started; then of the part that is late, of the day due and of the review.
    pub state_labels: [String; 3],
    pub late_label: String,
    pub due_label: String,
    pub today_label: String,
    /// Heads of the columns: measures, who is responsible, effect.
    pub heads: [String; 3],
}

/// One measure.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureBar {
    pub label: String,
    /// Department and person, a line each; two at most are shown.
    pub responsible: Vec<String>,
    pub state: MeasureState,
    /// From, to.
    pub bar: (f64, f64),
    pub due: Option<f64>,
    /// What lies behind the day due is late.
    pub late: bool,
    /// `3.1 → 1.2 每百单 ✓`.
    pub effect: String,
    /// Falling is good, as of defects.
    pub verdict: Change,
}

/// How far a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureState {
    Completed,
    UnderWay,
    NotStarted,
}

impl MeasureState {
    const ALL: [Self; 3] = [Self::Completed, Self::UnderWay, Self::NotStarted];

    fn color(self) -> RGBColor {
        match self {
            Self::Completed => BLUE,
            Self::UnderWay => SKY,
            Self::NotStarted => SILVER,
        }
    }
}

/// The beginning of a week or month.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureTick {
    pub day: f64,
    /// `7月`, `7月6日`.
    pub label: String,
    /// Stands below the first one of each year.
    pub year: String,
}

/// Where the columns lie.
struct Columns {
    responsible: f64,
    scale: Scale,
    effect: f64,
    right: f64,
}

const LABELS: f64 = 236.0;
/// A row has room for two small lines.
const ROW: f64 = 34.0;
const LEADING: f64 = 14.0;

impl MeasuresChart {
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
        let rows = Rows::new(canvas.face, self.rows.iter().map(|row| row.label.as_str()), LABELS, ROW);
        let columns = self.columns(&canvas, rows.label_width);
        self.heads(&mut canvas, &columns, top + SMALL);
        let top = top + 44.0;
        let bottom = top + rows.height();
        self.calendar(&mut canvas, &columns.scale, (top, bottom));
        rows.draw(&mut canvas, top, columns.right);
        for (i, row) in self.rows.iter().enumerate() {
            draw(&mut canvas, &columns, row, top + rows.middle(i));
        }
        let today = columns.scale.at(self.today);
        canvas.dashes((today, top), (today, bottom), 1.25, INK);
        close(&mut canvas, &self.caption, bottom + 6.0);
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let states = MeasureState::ALL.into_iter().zip(&self.state_labels);
        let mut keys: Vec<Key> = states
            .filter(|(state, _)| self.rows.iter().any(|row| row.state == *state))
            .map(|(state, label)| (Mark::Square(state.color()), label.clone()))
            .collect();
        if self.rows.iter().any(|row| row.late) {
            keys.push((Mark::Square(VERMILLION), self.late_label.clone()));
        }
        if self.rows.iter().any(|row| row.due.is_some()) {
            keys.push((Mark::Lozenge(INK), self.due_label.clone()));
        }
        keys.push((Mark::Dashes(INK), self.today_label.clone()));
        keys
    }

    fn columns(&self, canvas: &Canvas, labels: f64) -> Columns {
        let widest = |texts: &mut dyn Iterator<Item = &str>, least: f64, most: f64| {
            texts.map(|words| canvas.face.width(words, SMALL)).fold(least, f64::max).min(most).ceil()
        };
        let people = self.rows.iter().flat_map(|row| &row.responsible).chain([&self.heads[1]]);
        let people = widest(&mut people.map(String::as_str), 20.0, 108.0);
        let effect =
            widest(&mut self.rows.iter().map(|row| row.effect.as_str()).chain([self.heads[2].as_str()]), 60.0, 176.0);
        let (left, right) = (MARGIN + labels + 14.0, canvas.width - MARGIN);
        let (low, high) = self.days;
        let scale = Scale { low, high: high.max(low + 1.0), from: left + people + 16.0, to: right - effect - 18.0 };
        Columns { responsible: left, scale, effect: right - effect, right }
    }

    fn heads(&self, canvas: &mut Canvas, columns: &Columns, y: f64) {
        let rooms = [
            (MARGIN, columns.responsible - 14.0),
            (columns.responsible, columns.scale.from - 16.0),
            (columns.effect, columns.right),
        ];
        for ((left, right), words) in rooms.into_iter().zip(&self.heads) {
            let words = fit(canvas.face, words, SMALL, right - left + 1.0);
            canvas.text((left, y + 15.0), &words, text(SMALL).color(MUTED));
        }
    }

    /// Weeks or months: a line for each, a name where there is room, the year above its first name.
    fn calendar(&self, canvas: &mut Canvas, scale: &Scale, (top, bottom): Point) {
        canvas.rule((MARGIN, top), (canvas.width - MARGIN, top), 1.0, AXIS);
        let (mut free, mut free_year) = (scale.from, scale.from);
        let mut year = None;
        for tick in self.ticks.iter().filter(|tick| (scale.low..=scale.high).contains(&tick.day)) {
            let x = scale.at(tick.day);
            canvas.rule((x, top), (x, bottom), 1.0, GRID);
            let width = canvas.face.width(&tick.label, SMALL);
            if x < free || x + width > scale.to + 10.0 {
                continue;
            }
            canvas.rule((x, top - 5.0), (x, top), 1.0, AXIS);
            canvas.text((x, top - 8.0), &tick.label, text(SMALL).color(MUTED));
            free = x + width + 8.0;
            let width = canvas.face.width(&tick.year, SMALL);
            if year != Some(&tick.year) && x >= free_year && x + width <= scale.to + 10.0 {
                canvas.text((x, top - 24.0), &tick.year, text(SMALL).color(MUTED));
                free_year = x + width + 8.0;
                year = Some(&tick.year);
            }
        }
    }
}

fn draw(canvas: &mut Canvas, columns: &Columns, row: &MeasureBar, y: f64) {
    const THICK: f64 = 11.0;
    let scale = &columns.scale;
    let room = scale.from - columns.responsible - 14.0;
    let people: Vec<String> = row.responsible.iter().take(2).map(|who| fit(canvas.face, who, SMALL, room)).collect();
    canvas.lines_mid((columns.responsible, y), &people, LEADING, text(SMALL).color(MUTED));
    // A measure of one day is still seen.
    let (from, to) = (scale.at(row.bar.0), scale.at(row.bar.1).max(scale.at(row.bar.0) + 2.0));
    let bar = |canvas: &mut Canvas, from: f64, to: f64, color| {
        canvas.rect((from, y - THICK / 2.0), (to - from, THICK), color);
    };
    bar(canvas, from, to, row.state.color());
    if let Some(due) = row.due.filter(|due| due.is_finite()) {
        if row.late {
            bar(canvas, scale.at(due).max(from), to, VERMILLION);
        }
        if (scale.low..=scale.high).contains(&due) {
            canvas.diamond((scale.at(due), y), 5.0, INK);
        }
    }
    let effect = wrap_evenly(canvas.face, &row.effect, SMALL, columns.right - columns.effect + 1.0, 2);
    let color = if row.verdict == Change::Steady { INK } else { row.verdict.color() };
    canvas.lines_mid((columns.effect, y), &effect, LEADING, text(SMALL).color(color).align(Align::Left));
}

#[cfg(test)]
mod tests {
    use super::super::canvas::{Shape, count};
    use super::super::check;
    use super::*;

    fn chart(rows: usize, days: f64) -> MeasuresChart {
        MeasuresChart {
            caption: check::caption(),
            rows: (0..rows)
                .map(|i| MeasureBar {
                    label: check::name(i),
                    responsible: (0..i % 4).map(|n| check::name(i + n)).collect(),
                    state: MeasureState::ALL[i % 3],
                    bar: (count(i * 3), count(i * 5 + 9)),
                    due: [None, Some(count(i * 4)), Some(f64::NAN), Some(-900.0)][i % 4],
                    late: i % 2 == 1,
                    effect: check::name(i + 1),
                    verdict: [Change::Rising, Change::Falling, Change::Steady][i % 3],
                })
                .collect(),
            days: (0.0, days),
            ticks: (0..20)
                .map(|m| MeasureTick {
                    day: count(m) * days / 18.0 - 3.0,
                    label: format!("{}月{}日", m % 12 + 1, m + 1),
                    year: format!("{}", 2025 + m / 7),
                })
                .collect(),
            today: days * 0.8,
            state_labels: ["已完成", "进行中", "未启动"].map(Into::into),
            late_label: "逾期部分".into(),
            due_label: "完成时限".into(),
            today_label: "评审时点".into(),
            heads: ["措施", "责任部门与责任人", "改进前 → 改进后"].map(Into::into),
        }
    }

    #[test]
    fn any_number_of_measures_fits() {
        for rows in [0, 1, 6, 25] {
            for days in [0.0, 1.0, 40.0, 600.0] {
                check::layout(&chart(rows, days).lay_out().unwrap());
            }
        }
        check::rendered(&chart(6, 40.0).lay_out().unwrap());
    }

    #[test]
    fn what_is_late_begins_on_the_day_due() {
        let mut chart = chart(1, 100.0);
        let row = &mut chart.rows[0];
        (row.bar, row.due, row.late) = ((10.0, 80.0), Some(60.0), true);
        let late = |chart: &MeasuresChart| {
            let shapes = chart.lay_out().unwrap().shapes;
            let bars = shapes.iter().filter_map(|shape| match shape {
                Shape::Rect { size, fill, .. } if [VERMILLION, BLUE].contains(fill) && size.1 < 11.5 => Some(size.0),
                _ => None,
            });
            bars.collect::<Vec<_>>()
        };
        let widths = late(&chart);
        assert!((widths[0] / widths[1] - 3.5).abs() < 0.01, "{widths:?}");
        chart.rows[0].late = false;
        assert_eq!(late(&chart).len(), 1);
    }
}
