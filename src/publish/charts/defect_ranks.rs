//! Ranks of defects in two periods, joined by lines.
//!
//! Names stand at both ends, so that nobody has to follow a line back. What is among the first on one side alone runs
//! to a rail at the bottom of the other.

use super::axis::thousands;
use super::canvas::{Align, Canvas, Point, count, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::style::{AXIS, BODY, GRID, HEADING, INK, MARGIN, MUTED, SILVER, SMALL, TINY, WIDTH};
use super::wrap::fit;
use super::{Change, ChartError, Rendered};

/// A slope chart.
#[derive(Debug, Clone, PartialEq)]
pub struct DefectRanksChart {
    pub caption: Caption,
    /// Heads of the sides: `2026年第2季度`, `2026年第3季度`.
    pub periods: [String; 2],
    pub lines: Vec<RankLine>,
    /// Names of the rails: `更低`, `无`.
    pub rails: [String; 2],
    /// Head of the numbers beside the ranks: `工单数`.
    pub count_label: String,
    /// Keys of the lines: rising, falling, others.
    pub keys: [String; 3],
}

/// One defect.
#[derive(Debug, Clone, PartialEq)]
pub struct RankLine {
    pub label: String,
    /// Before and now; one of them at least is a place.
    pub ends: [RankEnd; 2],
    pub change: Change,
    /// Stands below the name: `×1.8 · q = 0.012`, `上期第 14 名（5 张）`.
    pub note: String,
}

/// Where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankEnd {
    /// Among the first, from 1.
    Place { rank: usize, tickets: u64 },
    /// Behind them.
    Lower,
    /// Not there at all.
    Missing,
}

const ROW: f64 = 37.0;
const RAIL: f64 = 30.0;
const SLOPE: f64 = 240.0;
/// Room of a rank, and between the columns.
const RANK: f64 = 26.0;
const GAP: f64 = 12.0;

/// Where things lie from the top.
struct Heights {
    top: f64,
    /// Of the two rails, where a line ends there.
    rails: [Option<f64>; 2],
    bottom: f64,
}

impl Heights {
    fn of(&self, end: RankEnd) -> f64 {
        match end {
            RankEnd::Place { rank, .. } => self.top + (count(rank) - 0.5) * ROW,
            RankEnd::Lower => self.rails[0].unwrap_or(self.bottom),
            RankEnd::Missing => self.rails[1].unwrap_or(self.bottom),
        }
    }
}

/// One side: where lines end, which way the columns go from there, and how wide they are.
struct Side {
    axis: f64,
    away: f64,
    align: Align,
    counts: f64,
    labels: f64,
}

impl Side {
    fn ranks(&self) -> f64 {
        self.axis + self.away * (GAP + RANK / 2.0)
    }

    /// Numbers are right-aligned on both sides.
    fn counts(&self) -> f64 {
        let near = self.axis + self.away * (GAP + RANK);
        if self.away > 0.0 { near + self.counts } else { near }
    }

    fn labels(&self) -> f64 {
        self.axis + self.away * (GAP + RANK + self.counts + GAP)
    }
}

impl DefectRanksChart {
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
        let top = open(&mut canvas, &self.caption, &self.marks());
        let sides = self.sides(&canvas);
        for (side, period) in sides.iter().zip(&self.periods) {
            self.heads(&mut canvas, side, period, top);
        }
        let heights = self.heights(top + 46.0);
        self.rails(&mut canvas, &sides, &heights);
        for side in &sides {
            canvas.rule((side.axis, heights.top), (side.axis, heights.bottom), 1.0, AXIS);
        }
        // What has changed lies on top.
        let mut order: Vec<&RankLine> = self.lines.iter().collect();
        order.sort_by_key(|line| line.change != Change::Steady);
        for line in order {
            draw(&mut canvas, line, &sides, &heights);
        }
        close(&mut canvas, &self.caption, heights.bottom + 8.0);
        Ok(canvas)
    }

    fn marks(&self) -> Vec<Key> {
        let marks = [
            (Change::Rising, Mark::Diamond(Change::Rising.color())),
            (Change::Falling, Mark::Interval(Change::Falling.color())),
            (Change::Steady, Mark::Line(AXIS)),
        ];
        let keys = marks.into_iter().zip(&self.keys);
        keys.filter(|((change, _), _)| self.lines.iter().any(|line| line.change == *change))
            .map(|((_, mark), label)| (mark, label.clone()))
            .collect()
    }

    fn sides(&self, canvas: &Canvas) -> [Side; 2] {
        let tickets = self.lines.iter().flat_map(|line| &line.ends).filter_map(|end| match end {
            RankEnd::Place { tickets, .. } => Some(canvas.face.width(&thousands(*tickets), BODY)),
            RankEnd::Lower | RankEnd::Missing => None,
        });
        let counts = tickets.fold(canvas.face.width(&self.count_label, SMALL).min(60.0), f64::max);
        let labels = (WIDTH - SLOPE) / 2.0 - MARGIN - 2.0 * GAP - RANK - counts;
        let side = |axis, away, align| Side { axis, away, align, counts, labels };
        let middle = WIDTH / 2.0;
        [side(middle - SLOPE / 2.0, -1.0, Align::Right), side(middle + SLOPE / 2.0, 1.0, Align::Left)]
    }

    fn heads(&self, canvas: &mut Canvas, side: &Side, period: &str, top: f64) {
        let period = fit(canvas.face, period, HEADING, side.labels);
        canvas.text((side.labels(), top + HEADING), &period, text(HEADING).align(side.align));
        let words = fit(canvas.face, &self.count_label, SMALL, side.counts);
        let style = text(SMALL).color(MUTED).align(Align::Right);
        canvas.text((side.counts(), top + HEADING), &words, style);
        canvas.rule((side.axis, top + 30.0), (side.labels() + side.away * side.labels, top + 30.0), 1.0, GRID);
    }

    fn heights(&self, top: f64) -> Heights {
        let ends = || self.lines.iter().flat_map(|line| line.ends);
        let last = ends().filter_map(|end| if let RankEnd::Place { rank, .. } = end { Some(rank) } else { None }).max();
        let mut bottom = top + count(last.unwrap_or(0)) * ROW;
        let mut rail = |wanted: RankEnd| {
            ends().any(|end| end == wanted).then(|| {
                bottom += RAIL;
                bottom - RAIL / 2.0 + 4.0
            })
        };
        let rails = [rail(RankEnd::Lower), rail(RankEnd::Missing)];
        Heights { top, rails, bottom: bottom + 8.0 }
    }

    /// A rail is named on the sides on which lines run to it.
    fn rails(&self, canvas: &mut Canvas, sides: &[Side; 2], heights: &Heights) {
        for ((y, end), words) in heights.rails.iter().zip([RankEnd::Lower, RankEnd::Missing]).zip(&self.rails) {
            let Some(y) = *y else { continue };
            canvas.dashes((sides[0].axis, y), (sides[1].axis, y), 1.0, SILVER);
            for (i, side) in sides.iter().enumerate() {
                if self.lines.iter().any(|line| line.ends[i] == end) {
                    let words = fit(canvas.face, words, SMALL, RANK + side.counts + side.labels);
                    let style = text(SMALL).color(MUTED).align(side.align);
                    canvas.text_mid((side.axis + side.away * GAP, y), &words, style);
                }
            }
        }
    }
}

fn draw(canvas: &mut Canvas, line: &RankLine, sides: &[Side; 2], heights: &Heights) {
    let color = line.change.color();
    let ends: Vec<Point> = sides.iter().zip(line.ends).map(|(side, end)| (side.axis, heights.of(end))).collect();
    if line.change == Change::Steady {
        canvas.line(ends.clone(), 1.5, AXIS);
    } else {
        canvas.line(ends.clone(), 2.5, color);
    }
    for at in ends {
        match line.change {
            Change::Rising => canvas.diamond(at, 5.0, color),
            Change::Falling => canvas.dot(at, 4.5, color),
            Change::Steady => canvas.dot(at, 3.0, color),
        }
    }
    // The note stands on the side of the reviewed period, unless the line runs to a rail there.
    let noted = usize::from(matches!(line.ends[1], RankEnd::Place { .. }));
    for (i, side) in sides.iter().enumerate() {
        let RankEnd::Place { rank, tickets } = line.ends[i] else { continue };
        let y = heights.of(line.ends[i]);
        let style = text(SMALL).color(MUTED).align(Align::Center);
        canvas.text_mid((side.ranks(), y), &rank.to_string(), style);
        canvas.text_mid((side.counts(), y), &thousands(tickets), text(BODY).align(Align::Right));
        let label = fit(canvas.face, &line.label, BODY, side.labels);
        let note = fit(canvas.face, &line.change.sign(&line.note), TINY, side.labels);
        if i == noted && !line.note.is_empty() {
            canvas.text_mid((side.labels(), y - 7.5), &label, text(BODY).color(INK).align(side.align));
            canvas.text_mid((side.labels(), y + 8.0), &note, text(TINY).color(color).align(side.align));
        } else {
            canvas.text_mid((side.labels(), y), &label, text(BODY).color(INK).align(side.align));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn place(rank: usize, big: u64) -> RankEnd {
        RankEnd::Place { rank, tickets: 97 * big / rank as u64 }
    }

    fn chart(lines: usize, big: u64) -> DefectRanksChart {
        DefectRanksChart {
            caption: check::caption(),
            periods: ["2026年第2季度".into(), check::name(1)],
            lines: (0..lines)
                .map(|i| RankLine {
                    label: check::name(i),
                    ends: match i % 4 {
                        0 => [place(i + 1, big), RankEnd::Lower],
                        1 => [RankEnd::Missing, place(i + 1, big)],
                        2 => [place(i + 1, big), place(i + 2, big)],
                        _ => [place(i + 1, big), place(i, big)],
                    },
                    change: [Change::Rising, Change::Falling, Change::Steady][i % 3],
                    note: check::name(i + 2),
                })
                .collect(),
            rails: ["更低".into(), "无".into()],
            count_label: "工单数".into(),
            keys: ["显著上升", "显著下降", "无显著变化"].map(Into::into),
        }
    }

    #[test]
    fn any_number_of_defects_fits() {
        for lines in [0, 1, 2, 4, 20] {
            for big in [0, 1, 1_000_000] {
                check::layout(&chart(lines, big).lay_out().unwrap());
            }
        }
        check::rendered(&chart(8, 1).lay_out().unwrap());
    }

    #[test]
    fn a_rail_is_there_only_where_a_line_runs_to_it() {
        let names = |chart: &DefectRanksChart| {
            let canvas = chart.lay_out().unwrap();
            canvas.labels.iter().filter(|l| ["更低", "无"].contains(&l.text.as_str())).count()
        };
        let mut chart = chart(4, 1);
        assert_eq!(names(&chart), 2);
        chart.lines.retain(|line| line.ends[0] != RankEnd::Missing);
        assert_eq!(names(&chart), 1);
        chart.lines.retain(|line| line.ends[1] != RankEnd::Lower);
        assert_eq!(names(&chart), 0);
    }
}
