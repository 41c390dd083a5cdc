//! Control chart of attainment by week: all tickets in a large panel, groups of them in small ones below.
//!
//! Limits are a stepped band, since each week has its own number of cases. Signals differ from other weeks by colour and
//! by shape.

use super::axis::{Scale, percent, percent_tick, thousands};
use super::canvas::{Align, Canvas, Point, count, real, text};
use super::control_plot::{Plot, limits, range, runs, trace};
use super::frame::{Caption, Key, Mark, close, open};
use super::style::{AXIS, BLUE, BODY, GRID, HEADING, INK, MARGIN, MUTED, SILVER, SKY, SMALL, TINY, WIDTH};
use super::style::{VERMILLION, tint};
use super::timeline::{self, Moment};
use super::wrap::fit;
use super::{ChartError, Rendered};

/// Attainment week by week with control limits.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlChart {
    pub caption: Caption,
    /// One after the other without gaps; a panel may lack figures for some.
    pub weeks: Vec<Moment>,
    pub all: ControlPanel,
    pub groups: Vec<ControlPanel>,
    /// Stands between the large panel and the small ones: `按服务类型`.
    pub groups_label: String,
    /// Key of the line: `每周达标率`.
    pub value_label: String,
    /// Key of the centre: `中心线`.
    pub center_label: String,
    /// Key of the band: `Laney p′ 控制限（3σ）`.
    pub limits_label: String,
    /// Key of a week outside the limits.
    pub beyond_label: String,
    /// Key of a week at the end of a long run on one side of the centre.
    pub run_label: String,
    /// Stands before counts: `n`.
    pub count_label: String,
}

/// One group of tickets.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlPanel {
    pub label: String,
    /// Attainment of all weeks together, a share.
    pub center: Option<f64>,
    /// One per week; nothing for a week without figure.
    pub points: Vec<Option<ControlPoint>>,
}

/// One week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ControlPoint {
    /// Attainment, a share 0..1.
    pub value: f64,
    /// Lower and upper control limit.
    pub limits: Option<(f64, f64)>,
    /// Cases judged.
    pub n: u64,
    pub signal: Option<ControlSignal>,
}

/// Why a week deserves attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlSignal {
    /// Outside the limits.
    Beyond,
    /// One of many in a row on the same side of the centre.
    Run,
}

const SCALE: f64 = 44.0;
const LAST: f64 = 46.0;
const GAP: f64 = 16.0;
const TALL: f64 = 220.0;
const SHORT: f64 = 104.0;
/// Height of the bars of n below a panel.
const BARS: f64 = 22.0;

impl ControlChart {
    /// Draws the chart.
    ///
    /// # Errors
    ///
    /// Only if the program itself is broken, see [`ChartError`].
    pub fn draw(&self) -> Result<Rendered, ChartError> {
        self.lay_out()?.render()
    }

    fn lay_out(&self) -> Result<Canvas, ChartError> {
        const COLUMNS: usize = 3;
        let mut canvas = Canvas::new(WIDTH, &self.caption.title)?;
        let top = open(&mut canvas, &self.caption, &self.keys());
        let weeks = count(self.weeks.len().max(1));
        let width = WIDTH - 2.0 * MARGIN - SCALE - LAST;
        let shares = range([&self.all].into_iter(), true);
        let plot = Plot::new((MARGIN + SCALE, top), (width, TALL), width / weeks, shares);
        let mut bottom = self.panel(&mut canvas, &self.all, &plot);
        if !self.groups.is_empty() {
            let label = fit(canvas.face, &self.groups_label, HEADING, WIDTH - 2.0 * MARGIN);
            canvas.text((MARGIN, bottom + 30.0), &label, text(HEADING));
            let shares = range(self.groups.iter(), false);
            let width = (WIDTH - 2.0 * MARGIN + GAP) / count(COLUMNS) - SCALE - LAST - GAP;
            let mut top = bottom + 40.0;
            for panels in self.groups.chunks(COLUMNS) {
                for (column, panel) in panels.iter().enumerate() {
                    let left = MARGIN + SCALE + count(column) * (width + SCALE + LAST + GAP);
                    let plot = Plot::new((left, top), (width, SHORT), width / weeks, shares);
                    bottom = bottom.max(self.panel(&mut canvas, panel, &plot));
                }
                top = bottom + 6.0;
            }
        }
        close(&mut canvas, &self.caption, bottom);
        Ok(canvas)
    }

    fn keys(&self) -> Vec<Key> {
        let panels = || std::iter::once(&self.all).chain(&self.groups);
        let signals = |signal| panels().flat_map(ControlPanel::usable).any(|(_, p)| p.signal == Some(signal));
        let mut keys = vec![(Mark::Interval(BLUE), self.value_label.clone())];
        if panels().any(|p| p.center.is_some_and(f64::is_finite)) {
            keys.push((Mark::Line(INK), self.center_label.clone()));
        }
        if panels().flat_map(ControlPanel::usable).any(|(_, p)| p.limits.is_some()) {
            keys.push((Mark::Square(tint(SKY, 0.3)), self.limits_label.clone()));
        }
        if signals(ControlSignal::Beyond) {
            keys.push((Mark::Lozenge(VERMILLION), self.beyond_label.clone()));
        }
        if signals(ControlSignal::Run) {
            keys.push((Mark::Ring(VERMILLION), self.run_label.clone()));
        }
        keys
    }

    /// Draws a panel with its heading; returns the height below it.
    fn panel(&self, canvas: &mut Canvas, panel: &ControlPanel, plot: &Plot) -> f64 {
        self.heading(canvas, panel, plot);
        for run in runs(panel) {
            limits(canvas, &run, plot);
        }
        let (right, bottom) = (plot.left + plot.width, plot.bottom());
        for tick in plot.scale.ticks(28.0) {
            let y = plot.scale.at(tick);
            canvas.rule((plot.left, y), (right, y), 1.0, GRID);
            canvas.text_mid((plot.left - 8.0, y), &percent_tick(tick), text(SMALL).color(MUTED).align(Align::Right));
        }
        canvas.rule((plot.left, bottom), (right, bottom), 1.0, AXIS);
        let center = panel.center.filter(|c| c.is_finite()).map(|c| plot.scale.at(c));
        if let (Some(y), Some(share)) = (center, panel.center) {
            canvas.rule((plot.left, y), (right, y), 1.25, INK);
            canvas.text_mid((right + 5.0, y), &percent(share), text(SMALL));
        }
        let below = self.counts(canvas, panel, plot);
        timeline::draw(canvas, &self.weeks, (plot.left, bottom), plot.slot, below);
        for run in runs(panel) {
            canvas.line(run.iter().map(|(w, p)| plot.at(*w, p.value)).collect(), 1.75, BLUE);
        }
        let radius = if plot.slot < 9.0 { 2.0 } else { 3.5 };
        for (week, point) in panel.usable() {
            let at = plot.at(week, point.value);
            match point.signal {
                Some(ControlSignal::Beyond) => canvas.diamond(at, radius + 2.0, VERMILLION),
                Some(ControlSignal::Run) => canvas.ring(at, radius + 1.0, VERMILLION),
                None => canvas.dot(at, radius, BLUE),
            }
        }
        let trace = trace(panel, plot);
        let beyond = panel.usable().filter(|(_, p)| p.signal == Some(ControlSignal::Beyond)).collect::<Vec<_>>();
        for weeks in beyond.chunk_by(|a, b| a.0 + 1 == b.0) {
            // A small panel has room for the first of them.
            let named = if plot.height < TALL { 1 } else { weeks.len() };
            for (week, point) in weeks.iter().take(named) {
                self.name(canvas, *week, (plot.at(*week, point.value), center), (plot, &trace));
            }
        }
        bottom + below + timeline::HEIGHT
    }

    /// The label of a week outside the limits, beside its mark where it covers neither text nor line; else nothing, as the
    /// axis tells the week too.
    fn name(
        &self,
        canvas: &mut Canvas,
        week: usize,
        ((x, y), center): (Point, Option<f64>),
        (plot, trace): (&Plot, &[Point]),
    ) {
        const OFF: f64 = 9.0;
        let Some(label) = self.weeks.get(week).map(|w| w.label.as_str()) else { return };
        let (above, middle, below) = (y - OFF, y + 0.36 * TINY, y + OFF + 0.8 * TINY);
        // Away from the centre first.
        let sides = if center.is_some_and(|c| y > c) { [below, above] } else { [above, below] };
        let straight = sides.map(|y| ((x, y), Align::Center));
        let beside = [middle, sides[0], sides[1]];
        let beside = beside.into_iter().flat_map(|y| [((x + OFF, y), Align::Left), ((x - OFF, y), Align::Right)]);
        let inside = |((_, y), _): &(Point, Align)| *y >= plot.top + TINY && *y <= plot.bottom() - 2.0;
        let places: Vec<(Point, Align)> = straight.into_iter().chain(beside).filter(inside).collect();
        canvas.text_where_free(&places, label, text(TINY).color(VERMILLION), trace);
    }

    /// Name of the group and the range of its n.
    fn heading(&self, canvas: &mut Canvas, panel: &ControlPanel, plot: &Plot) {
        let ns = || panel.usable().map(|(_, p)| p.n);
        let range = match (ns().min(), ns().max()) {
            (Some(low), Some(high)) if low < high => {
                format!("{} {}–{}", self.count_label, thousands(low), thousands(high))
            }
            (Some(n), _) => format!("{} {}", self.count_label, thousands(n)),
            _ => format!("{} 0", self.count_label),
        };
        let y = plot.top - 12.0;
        canvas.text((plot.left + plot.width, y), &range, text(TINY).color(MUTED).align(Align::Right));
        let room = plot.width - canvas.face.width(&range, TINY) - 12.0;
        let label = fit(canvas.face, &panel.label, BODY, room);
        canvas.text((plot.left, y), &label, text(BODY));
    }

    /// The n of each week in figures where they have room, else as bars; returns the height taken.
    fn counts(&self, canvas: &mut Canvas, panel: &ControlPanel, plot: &Plot) -> f64 {
        let widest = panel.usable().map(|(_, p)| canvas.face.width(&thousands(p.n), TINY)).fold(0.0, f64::max);
        let (bottom, grey) = (plot.bottom(), text(TINY).color(MUTED));
        let upright = widest + 4.0 > plot.slot;
        if upright && plot.slot < TINY + 1.0 {
            let most = panel.usable().map(|(_, p)| p.n).max().unwrap_or(0).max(1);
            let tallest = Scale { low: 0.0, high: real(most), from: 0.0, to: BARS - 4.0 };
            let foot = bottom + 4.0 + BARS;
            for (week, point) in panel.usable() {
                let height = tallest.at(real(point.n)).max(1.0);
                let width = (plot.slot - 1.0).max(0.75);
                canvas.rect((plot.middle(week) - width / 2.0, foot - height), (width, height), SILVER);
            }
            let label = fit(canvas.face, &self.count_label, TINY, SCALE - 10.0);
            canvas.text((plot.left - 8.0, foot), &label, grey.align(Align::Right));
            return BARS + 4.0;
        }
        let label = fit(canvas.face, &self.count_label, TINY, SCALE - 10.0);
        canvas.text((plot.left - 8.0, bottom + 18.0), &label, grey.align(Align::Right));
        for week in 0..self.weeks.len() {
            let n = thousands(panel.points.get(week).copied().flatten().map_or(0, |p| p.n));
            let x = plot.middle(week);
            if upright {
                canvas.text((x + 0.36 * TINY, bottom + 7.0), &n, grey.upwards().align(Align::Right));
            } else {
                canvas.text((x, bottom + 18.0), &n, grey.align(Align::Center));
            }
        }
        // Panels beside each other keep a common height, whether they show figures or bars.
        if upright { (widest + 10.0).max(BARS + 4.0) } else { BARS + 4.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    fn panel(weeks: usize, seed: usize, big: u64) -> ControlPanel {
        let point = |week: usize| {
            let e = check::estimate(week * 5 + seed, 0.4, 1.0)?;
            let signal = [None, Some(ControlSignal::Beyond), None, Some(ControlSignal::Run)][(week + seed) % 4];
            Some(ControlPoint { value: e.value, limits: (week % 5 != 4).then_some((e.low, 1.0)), n: e.n * big, signal })
        };
        ControlPanel {
            label: check::name(seed),
            center: [Some(0.9), None, Some(f64::NAN)][seed % 3],
            points: (0..weeks).map(point).collect(),
        }
    }

    fn chart(weeks: usize, groups: usize, big: u64) -> ControlChart {
        let week =
            |w: usize| Moment { label: format!("{}月{}日", w / 4 % 12 + 1, w % 28 + 1), year: (w / 52).to_string() };
        ControlChart {
            caption: check::caption(),
            weeks: (0..weeks).map(week).collect(),
            all: panel(weeks, 0, big * 10),
            groups: (1..=groups).map(|g| panel(weeks, g, big)).collect(),
            groups_label: "按服务类型".into(),
            value_label: "每周达标率".into(),
            center_label: "中心线".into(),
            limits_label: "Laney p′ 控制限（3σ）".into(),
            beyond_label: "超出控制限".into(),
            run_label: "连续 8 周位于中心线同侧".into(),
            count_label: "n".into(),
        }
    }

    #[test]
    fn any_number_of_weeks_and_groups_fits() {
        for weeks in [0, 1, 13, 60, 90] {
            for groups in [0, 1, 6] {
                for big in [1, 1000] {
                    check::layout(&chart(weeks, groups, big).lay_out().unwrap());
                }
            }
        }
        check::rendered(&chart(13, 2, 1).lay_out().unwrap());
    }

    #[test]
    fn a_week_outside_the_limits_is_named_and_a_run_is_not() {
        let mut chart = chart(5, 0, 1);
        let label = |chart: &ControlChart| {
            let canvas = chart.lay_out().unwrap();
            canvas.labels.iter().filter(|l| l.color == VERMILLION).map(|l| l.text.clone()).collect::<Vec<_>>()
        };
        chart.all.points = vec![None; 5];
        chart.all.points[3] =
            Some(ControlPoint { value: 0.5, limits: None, n: 9, signal: Some(ControlSignal::Beyond) });
        assert_eq!(label(&chart), ["1月4日"]);
        chart.all.points[3] = Some(ControlPoint { value: 0.5, limits: None, n: 9, signal: Some(ControlSignal::Run) });
        assert!(label(&chart).is_empty());
    }
}
