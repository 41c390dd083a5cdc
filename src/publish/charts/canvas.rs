//! The display list a chart lays itself out on, in units of one CSS pixel.
//!
//! Shapes come first and text on top of all shapes. Whatever is not a finite number is dropped here, so no chart can
//! hand such a coordinate to a backend.

use plotters::style::RGBColor;

use super::font::{Face, clean};
use super::style::{HATCH, HATCH_GROUND, INK, PAPER};
use super::{ChartError, Rendered, raster, svg};

/// A point of the page; y grows downwards.
pub(super) type Point = (f64, f64);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Rect { at: Point, size: Point, fill: RGBColor },
    Line { points: Vec<Point>, width: f64, color: RGBColor },
    Polygon { points: Vec<Point>, fill: RGBColor },
    Circle { at: Point, radius: f64, fill: RGBColor },
}

/// Which part of the text lies at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Align {
    #[default]
    Left,
    Center,
    Right,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    /// Where the baseline starts, is centred or ends.
    pub at: Point,
    pub text: String,
    pub size: f64,
    pub color: RGBColor,
    pub align: Align,
    /// Reads upwards instead of to the right.
    pub upwards: bool,
}

/// A rectangle of the page: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Bounds {
    pub(super) fn is_apart_from(self, other: Self) -> bool {
        self.right <= other.left || other.right <= self.left || self.bottom <= other.top || other.bottom <= self.top
    }

    fn holds(self, (x, y): Point) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }
}

impl Label {
    /// The box that the text covers: the em box of Chinese characters, which also holds Latin descenders but for a hair.
    pub(super) fn bounds(&self, face: &Face) -> Bounds {
        let width = face.width(&self.text, self.size);
        let start = match self.align {
            Align::Left => 0.0,
            Align::Center => -width / 2.0,
            Align::Right => -width,
        };
        let (above, below) = (0.86 * self.size, 0.14 * self.size);
        let (x, y) = self.at;
        if self.upwards {
            Bounds { left: x - above, top: y - start - width, right: x + below, bottom: y - start }
        } else {
            Bounds { left: x + start, top: y - above, right: x + start + width, bottom: y + below }
        }
    }
}

/// How a text looks; made with [`text`] and the methods below.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextStyle {
    size: f64,
    color: RGBColor,
    align: Align,
    upwards: bool,
}

/// Dark text that starts at its point.
pub(super) fn text(size: f64) -> TextStyle {
    TextStyle { size, color: INK, align: Align::Left, upwards: false }
}

impl TextStyle {
    pub(super) fn color(self, color: RGBColor) -> Self {
        Self { color, ..self }
    }

    pub(super) fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    pub(super) fn upwards(self) -> Self {
        Self { upwards: true, ..self }
    }
}

pub(super) struct Canvas {
    pub face: &'static Face,
    pub width: f64,
    pub height: f64,
    /// What a screen reader says.
    pub name: String,
    pub shapes: Vec<Shape>,
    pub labels: Vec<Label>,
}

impl Canvas {
    /// An empty page; its height is set when everything is laid out.
    pub(super) fn new(width: f64, name: &str) -> Result<Self, ChartError> {
        let face = Face::get()?;
        Ok(Self { face, width, height: 0.0, name: clean(name), shapes: Vec::new(), labels: Vec::new() })
    }

    pub(super) fn rect(&mut self, at: Point, size: Point, fill: RGBColor) {
        if finite(&[at, size]) && size.0 > 0.0 && size.1 > 0.0 {
            self.shapes.push(Shape::Rect { at, size, fill });
        }
    }

    /// A horizontal or vertical line is a thin rectangle: it stays crisp in both formats.
    pub(super) fn rule(&mut self, from: Point, to: Point, width: f64, color: RGBColor) {
        let (left, top) = (from.0.min(to.0), from.1.min(to.1));
        let (dx, dy) = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
        if dx >= dy {
            self.rect((left, top - width / 2.0), (dx, width), color);
        } else {
            self.rect((left - width / 2.0, top), (width, dy), color);
        }
    }

    /// A dashed horizontal or vertical line.
    pub(super) fn dashes(&mut self, from: Point, to: Point, width: f64, color: RGBColor) {
        const DASH: f64 = 5.0;
        const GAP: f64 = 3.0;
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if !length.is_finite() || length <= 0.0 {
            return;
        }
        let along = |d: f64| {
            let share = d.min(length) / length;
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        };
        let mut start = 0.0;
        while start < length {
            self.rule(along(start), along(start + DASH), width, color);
            start += DASH + GAP;
        }
    }

    pub(super) fn line(&mut self, points: Vec<Point>, width: f64, color: RGBColor) {
        if points.len() > 1 && finite(&points) {
            self.shapes.push(Shape::Line { points, width, color });
        }
    }

    pub(super) fn polygon(&mut self, points: Vec<Point>, fill: RGBColor) {
        if points.len() > 2 && finite(&points) {
            self.shapes.push(Shape::Polygon { points, fill });
        }
    }

    /// A dot with a thin white rim, so that it stands off lines behind it.
    pub(super) fn dot(&mut self, at: Point, radius: f64, fill: RGBColor) {
        self.disc(at, radius + 1.0, PAPER);
        self.disc(at, radius, fill);
    }

    /// A dot with a white middle.
    pub(super) fn ring(&mut self, at: Point, radius: f64, color: RGBColor) {
        self.dot(at, radius, color);
        self.disc(at, radius * 0.5, PAPER);
    }

    fn disc(&mut self, at: Point, radius: f64, fill: RGBColor) {
        if finite(&[at]) && radius > 0.0 {
            self.shapes.push(Shape::Circle { at, radius, fill });
        }
    }

    pub(super) fn diamond(&mut self, (x, y): Point, radius: f64, fill: RGBColor) {
        for (r, color) in [(radius + 1.5, PAPER), (radius, fill)] {
            self.polygon(vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)], color);
        }
    }

    /// Slanted lines on light grey: the mark of "too few answers to show" in every chart.
    pub(super) fn hatch(&mut self, (x, y): Point, (w, h): Point) {
        const STEP: f64 = 6.0;
        self.rect((x, y), (w, h), HATCH_GROUND);
        let mut sum = STEP;
        while sum < w + h {
            // The line where dx + dy = sum, cut to the box.
            let from = (x + (sum - h).max(0.0), y + sum.min(h));
            let to = (x + sum.min(w), y + (sum - w).max(0.0));
            self.line(vec![from, to], 1.0, HATCH);
            sum += STEP;
        }
    }

    pub(super) fn text(&mut self, at: Point, content: &str, style: TextStyle) {
        let text = clean(content);
        if !text.is_empty() && finite(&[at]) {
            let TextStyle { size, color, align, upwards } = style;
            self.labels.push(Label { at, text, size, color, align, upwards });
        }
    }

    /// Text at the first of some places where it touches no text that is there already, covers none of some points, and
    /// stays between the sides of the page; no text where there is no such place.
    pub(super) fn text_where_free(
        &mut self,
        places: &[(Point, Align)],
        content: &str,
        style: TextStyle,
        points: &[Point],
    ) {
        for (at, align) in places {
            let before = self.labels.len();
            self.text(*at, content, style.align(*align));
            let Some(label) = self.labels.get(before) else { return };
            let own = label.bounds(self.face);
            let inside = own.left >= 0.0 && own.right <= self.width;
            let bare = !points.iter().any(|point| own.holds(*point));
            if inside && bare && self.labels.iter().take(before).all(|other| own.is_apart_from(other.bounds(self.face)))
            {
                return;
            }
            self.labels.truncate(before);
        }
    }

    /// Text whose middle height is at the point: figures and Chinese characters reach about 0.72 em up.
    pub(super) fn text_mid(&mut self, at: Point, content: &str, style: TextStyle) {
        self.text((at.0, at.1 + 0.36 * style.size), content, style);
    }

    /// Lines below each other, centred on a height.
    pub(super) fn lines_mid(&mut self, at: Point, lines: &[String], leading: f64, style: TextStyle) {
        let mut y = at.1 - leading * (count(lines.len()) - 1.0) / 2.0;
        for line in lines {
            self.text_mid((at.0, y), line, style);
            y += leading;
        }
    }

    /// Both formats of the page.
    pub(super) fn render(&self) -> Result<Rendered, ChartError> {
        Ok(Rendered { svg: svg::paint(self)?.into_bytes(), png: raster::paint(self)? })
    }
}

/// A count as a coordinate.
pub(super) fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// A number of cases as a figure of a scale; what exceeds 32 bits is held there.
pub(super) fn real(n: u64) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

fn finite(points: &[Point]) -> bool {
    // Far beyond any page, and still safe to convert to pixels.
    const FAR: f64 = 1e6;
    points.iter().all(|p| p.0.abs() < FAR && p.1.abs() < FAR)
}
