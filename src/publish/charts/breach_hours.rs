//! Breaches by weekday and hour of the request, as a calendar: one panel for each clock.
//!
//! Colour tells how often, figures tell how many. Cells with few tickets keep their figure and have no colour, since
//! one breach of two tickets says nothing about an hour.

use plotters::style::RGBColor;

use super::axis::{percent, percent_tick, thousands};
use super::canvas::{Align, Canvas, Point, count, real, text};
use super::frame::{Caption, Key, Mark, close, open};
use super::style::{AXIS, BODY, GRID, HATCH_GROUND, HEADING, MARGIN, MUTED, PAPER, SMALL, TINY, VERMILLION, WIDTH};
use super::style::{mix, text_on};
use super::wrap::fit;
use super::{ChartError, Rendered};

/// Breaches by weekday (rows) and hour (columns).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachHoursChart {
    pub caption: Caption,
    /// Names of the rows, Monday first.
    pub weekdays: Vec<String>,
    /// Names of the columns.
    pub hours: Vec<String>,
    pub panels: Vec<BreachPanel>,
    /// Cells with fewer tickets have no colour.
    pub enough: u64,
    /// Key of the colours: `超时占比`.
    pub scale_label: String,
    /// Key of a cell without colour: `工单少于 5 张，不着色`.
    pub few_label: String,
    /// Heads of the margins: `超时`, `工单`, `占比`.
    pub breached_label: String,
    pub tickets_label: String,
    pub share_label: String,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachPanel {
    pub label: String,
    /// One row per weekday, one cell per hour.
    pub cells: Vec<Vec<BreachCell>>,
}

/// The tickets judged of one hour of a weekday, and the breached ones of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BreachCell {
    pub breached: u64,
    pub tickets: u64,
}

/// Columns of cells and of the margin at the right.
struct Grid {
    left: f64,
    cell: f64,
    /// Left and right edges of breached, tickets and share.
    margin: [(f64, f64); 3],
}

const ROW: f64 = 24.0;

impl BreachCell {
    fn share(self) -> f64 {
        if self.tickets == 0 { 0.0 } else { real(self.breached) / real(self.tickets) }
    }

    fn sum(cells: impl Iterator<Item = Self>) -> Self {
        cells.fold(Self::default(), |sum, cell| Self {
            breached: sum.breached.saturating_add(cell.breached),
            tickets: sum.tickets.saturating_add(cell.tickets),
        })
    }
}

impl BreachPanel {
    fn cell(&self, weekday: usize, hour: usize) -> BreachCell {
        self.cells.get(weekday).and_then(|row| row.get(hour)).copied().unwrap_or_default()
    }
}

impl BreachHoursChart {
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
        let grid = self.grid(&canvas);
        canvas.width = WIDTH.max((grid.right() + MARGIN).ceil());
        let top = open(&mut canvas, &self.caption, &self.keys());
        let mut bottom = self.scale_key(&mut canvas, top);
        for (i, panel) in self.panels.iter().enumerate() {
            let head = bottom + if i == 0 { 0.0 } else { 24.0 };
            bottom = self.panel(&mut canvas, panel, &grid, head);
        }
        close(&mut canvas, &self.caption, bottom);
        Ok(canvas)
    }

    fn cells(&self) -> impl Iterator<Item = BreachCell> {
        self.panels.iter().flat_map(|panel| panel.cells.iter().flatten().copied())
    }

    fn keys(&self) -> Vec<Key> {
        let any = self.cells().any(|cell| cell.tickets > 0 && cell.tickets < self.enough);
        if any { vec![(Mark::Hatch, self.few_label.clone())] } else { Vec::new() }
    }

    fn grid(&self, canvas: &Canvas) -> Grid {
        let face = canvas.face;
        let names = self.weekdays.iter().map(|name| face.width(name, BODY));
        let sums = [&self.breached_label, &self.tickets_label].map(|name| face.width(name, SMALL));
        let labels = names.chain(sums).fold(30.0, f64::max).min(110.0);
        let left = MARGIN + labels.ceil() + 12.0;
        let total = self.panels.iter().map(|p| BreachCell::sum(p.cells.iter().flatten().copied()).tickets).max();
        let figure = face.width(&thousands(total.unwrap_or(0)), SMALL);
        let column = |head: &str| figure.max(face.width("100.0%", SMALL)).max(face.width(head, SMALL).min(90.0)) + 14.0;
        let columns = [&self.breached_label, &self.tickets_label, &self.share_label].map(|head| column(head).ceil());
        let room = WIDTH - MARGIN - left - columns.iter().sum::<f64>();
        // Sums of an hour are the widest figures of its column.
        let widest = self.panels.iter().flat_map(|panel| {
            (0..self.hours.len()).map(|hour| {
                let sum = BreachCell::sum((0..self.weekdays.len()).map(|weekday| panel.cell(weekday, hour)));
                face.width(&thousands(sum.tickets), TINY)
            })
        });
        let least = widest.chain(self.hours.iter().map(|hour| face.width(hour, TINY))).fold(20.0, f64::max) + 6.0;
        let cell = (room / count(self.hours.len().max(1))).min(72.0).max(least).floor();
        let mut right = left + cell * count(self.hours.len());
        let margin = columns.map(|width| {
            right += width;
            (right - width, right)
        });
        Grid { left, cell, margin }
    }

    /// The share that has the full colour: the largest of cells with enough tickets, up to the next tenth.
    fn reach(&self) -> f64 {
        let shares = self.cells().filter(|cell| cell.tickets >= self.enough).map(BreachCell::share);
        ((shares.fold(0.0, f64::max) * 10.0 - 1e-9).ceil() / 10.0).clamp(0.1, 1.0)
    }

    fn color(&self, share: f64) -> RGBColor {
        mix(PAPER, VERMILLION, share / self.reach())
    }

    /// The colours as a strip with figures at its ends.
    fn scale_key(&self, canvas: &mut Canvas, top: f64) -> f64 {
        const STEPS: u8 = 60;
        const STRIP: f64 = 4.0;
        let name = fit(canvas.face, &self.scale_label, BODY, 300.0);
        let left = MARGIN + canvas.face.width(&name, BODY) + 14.0;
        let right = left + f64::from(STEPS) * STRIP;
        canvas.text_mid((MARGIN, top + 7.0), &name, text(BODY));
        let reach = self.reach();
        for step in 0..STEPS {
            let share = reach * (f64::from(step) + 0.5) / f64::from(STEPS);
            canvas.rect((left + f64::from(step) * STRIP, top), (STRIP, 14.0), self.color(share));
        }
        for (from, to) in [((left, top), (right, top)), ((left, top + 14.0), (right, top + 14.0))] {
            canvas.rule(from, to, 1.0, GRID);
        }
        let grey = text(SMALL).color(MUTED);
        canvas.text((left, top + 29.0), &percent_tick(0.0), grey);
        canvas.text((right, top + 29.0), &percent_tick(reach), grey.align(Align::Right));
        top + 48.0
    }

    /// Draws a panel; returns the height below it.
    fn panel(&self, canvas: &mut Canvas, panel: &BreachPanel, grid: &Grid, head: f64) -> f64 {
        let right = grid.right();
        canvas.text((MARGIN, head + HEADING), &fit(canvas.face, &panel.label, HEADING, right - MARGIN), text(HEADING));
        let top = head + 44.0;
        let grey = text(TINY).color(MUTED);
        for (hour, name) in self.hours.iter().enumerate() {
            let name = fit(canvas.face, name, TINY, grid.cell - 2.0);
            canvas.text((grid.middle(hour), top - 7.0), &name, grey.align(Align::Center));
        }
        let heads = [&self.breached_label, &self.tickets_label, &self.share_label];
        for (name, (from, to)) in heads.into_iter().zip(grid.margin) {
            let name = fit(canvas.face, name, SMALL, to - from - 6.0);
            canvas.text((to, top - 7.0), &name, text(SMALL).color(MUTED).align(Align::Right));
        }
        for (weekday, name) in self.weekdays.iter().enumerate() {
            let y = top + count(weekday) * ROW;
            let name = fit(canvas.face, name, BODY, grid.left - MARGIN - 6.0);
            canvas.text_mid((MARGIN, y + ROW / 2.0), &name, text(BODY));
            for hour in 0..self.hours.len() {
                self.cell(canvas, panel.cell(weekday, hour), (grid.edge(hour), y), grid.cell);
            }
            let sum = BreachCell::sum((0..self.hours.len()).map(|hour| panel.cell(weekday, hour)));
            margin(canvas, sum, grid, y + ROW / 2.0);
        }
        let mut y = top + count(self.weekdays.len()) * ROW + 3.0;
        canvas.rule((MARGIN, y), (right, y), 1.0, AXIS);
        let sum = |hour| BreachCell::sum((0..self.weekdays.len()).map(|weekday| panel.cell(weekday, hour)));
        for (i, name) in [&self.breached_label, &self.tickets_label].into_iter().enumerate() {
            y += 10.0;
            let name = fit(canvas.face, name, SMALL, grid.left - MARGIN - 6.0);
            canvas.text_mid((MARGIN, y), &name, text(SMALL).color(MUTED));
            for hour in 0..self.hours.len() {
                canvas.text_mid(
                    (grid.middle(hour), y),
                    &thousands(if i == 0 { sum(hour).breached } else { sum(hour).tickets }),
                    grey.align(Align::Center),
                );
            }
            if i == 0 {
                margin(canvas, BreachCell::sum((0..self.hours.len()).map(sum)), grid, y);
            }
            y += 7.0;
        }
        y + 4.0
    }

    fn cell(&self, canvas: &mut Canvas, cell: BreachCell, (x, y): Point, width: f64) {
        // A white seam between cells keeps neighbours of the same colour apart.
        let (at, size) = ((x + 1.0, y + 1.0), (width - 2.0, ROW - 2.0));
        let middle = (x + width / 2.0, y + ROW / 2.0);
        if cell.tickets == 0 {
            return;
        }
        let words = thousands(cell.breached);
        if cell.tickets < self.enough {
            canvas.hatch(at, size);
            let half = canvas.face.width(&words, TINY) / 2.0 + 3.0;
            canvas.rect((middle.0 - half, middle.1 - 7.0), (2.0 * half, 14.0), HATCH_GROUND);
            canvas.text_mid(middle, &words, text(TINY).color(MUTED).align(Align::Center));
            return;
        }
        // The rim shows that there were tickets, even where none was breached.
        let ground = self.color(cell.share());
        canvas.rect(at, size, GRID);
        canvas.rect((at.0 + 1.0, at.1 + 1.0), (size.0 - 2.0, size.1 - 2.0), ground);
        canvas.text_mid(middle, &words, text(SMALL).color(text_on(ground)).align(Align::Center));
    }
}

impl Grid {
    fn edge(&self, hour: usize) -> f64 {
        self.left + count(hour) * self.cell
    }

    fn middle(&self, hour: usize) -> f64 {
        self.edge(hour) + self.cell / 2.0
    }

    /// The right edge of all.
    fn right(&self) -> f64 {
        self.margin[2].1
    }
}

/// The sums of a row at its right.
fn margin(canvas: &mut Canvas, sum: BreachCell, grid: &Grid, y: f64) {
    let share = if sum.tickets == 0 { "–".to_owned() } else { percent(sum.share()) };
    let words = [thousands(sum.breached), thousands(sum.tickets), share];
    for (word, (_, right)) in words.iter().zip(grid.margin) {
        canvas.text_mid((right, y), word, text(SMALL).color(MUTED).align(Align::Right));
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn chart(hours: usize, panels: usize, big: u64) -> BreachHoursChart {
        let cell = |i: usize| {
            let tickets = (i as u64 * 7 % 11) * big;
            BreachCell { breached: tickets * (i as u64 % 4) / 4, tickets }
        };
        BreachHoursChart {
            caption: check::caption(),
            weekdays: ["周一", "周二", "周三", "Thursday", "周五", "周六", "周日"].map(Into::into).to_vec(),
            hours: (0..hours).map(|h| format!("{h}时")).collect(),
            panels: (0..panels)
                .map(|p| BreachPanel {
                    label: check::name(p),
                    cells: (0..7).map(|d| (0..hours).map(|h| cell(d * 24 + h + p)).collect()).collect(),
                })
                .collect(),
            enough: 5,
            scale_label: "超时占比".into(),
            few_label: "工单少于 5 张，不着色".into(),
            breached_label: "Breached".into(),
            tickets_label: "Tickets".into(),
            share_label: "占比".into(),
        }
    }

    #[test]
    fn any_number_of_hours_clocks_and_tickets_fits() {
        for hours in [0, 1, 10, 24] {
            for panels in [0, 1, 3, 5] {
                for big in [0, 1, 100, 1_000_000] {
                    check::layout(&chart(hours, panels, big).lay_out().unwrap());
                }
            }
        }
        check::rendered(&chart(24, 2, 1).lay_out().unwrap());
    }

    #[test]
    fn the_worst_hour_with_enough_tickets_has_the_full_colour() {
        let mut chart = chart(2, 1, 1);
        let cell = |breached, tickets| BreachCell { breached, tickets };
        // 1 of 4 is not enough, 2 of 10 is the worst that is.
        chart.panels[0].cells = vec![vec![cell(1, 4), cell(2, 10)]];
        assert_eq!([chart.color(0.0), chart.color(0.2), chart.color(0.9)], [PAPER, VERMILLION, VERMILLION]);
        let canvas = chart.lay_out().unwrap();
        let words = |word: &str| canvas.labels.iter().filter(|l| l.text == word).count();
        // Of the row and of all: 3 breached of 14.
        assert_eq!([words("3"), words("14"), words("21.4%")], [2, 2, 2]);
    }

    #[test]
    fn no_figure_is_shortened() {
        let canvas = chart(24, 1, 1_000_000).lay_out().unwrap();
        assert!(!canvas.labels.iter().any(|l| l.text.ends_with('…')));
    }
}
