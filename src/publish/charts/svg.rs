//! The display list as SVG, through plotters' SVG backend.
//!
//! Text stays text: the file is small, can be searched, copied and read aloud, and any machine with a Chinese font
//! shows it well. Outlines would be ten times the size, and the font itself would add megabytes to every chart.

use std::fmt::{Display, Write as _};

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, ShapeStyle, TextStyle};

use super::ChartError;
use super::canvas::{Align, Canvas, Label, Point, Shape};
use super::style::PAPER;

/// The backend takes whole numbers; tenths of a pixel are fine enough, and the view box scales them back.
const UNITS: f64 = 10.0;

/// Our font first, then what Windows, macOS, Android and Linux bring along.
const FAMILIES: &str = "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif";

/// The backend puts the baseline 0.76 em below the point of a text hung from its top.
const HANG: f64 = 0.76;

/// The backend takes the line height of a font for its size, and divides by this to get the em.
const LINE_HEIGHT: f64 = 1.24;

pub(super) fn paint(canvas: &Canvas) -> Result<String, ChartError> {
    let (width, height) = (canvas.width.ceil(), canvas.height.ceil());
    let page = point((width, height));
    let mut body = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut body, (page.0.unsigned_abs(), page.1.unsigned_abs()));
        backend.draw_rect((0, 0), page, &PAPER, true).map_err(failed)?;
        for shape in &canvas.shapes {
            draw_shape(&mut backend, shape)?;
        }
        for label in &canvas.labels {
            draw_label(&mut backend, label)?;
        }
        backend.present().map_err(failed)?;
    }
    // The first line is the backend's own opening tag, which knows neither units nor a name.
    let inner = body.split_once('\n').map_or("", |(_, inner)| inner);
    let mut svg = String::with_capacity(inner.len() + 500);
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         role=\"img\" aria-label=\"{}\" font-family=\"{FAMILIES}\">",
        page.0,
        page.1,
        escape(&canvas.name),
    );
    svg.push_str(inner);
    Ok(svg)
}

fn draw_shape(backend: &mut SVGBackend, shape: &Shape) -> Result<(), ChartError> {
    match shape {
        Shape::Rect { at, size, fill } => {
            backend.draw_rect(point(*at), point((at.0 + size.0, at.1 + size.1)), fill, true)
        }
        Shape::Line { points, width, color } => {
            let style = ShapeStyle { color: color.to_rgba(), filled: false, stroke_width: length(*width) };
            backend.draw_path(points.iter().map(|p| point(*p)), &style)
        }
        Shape::Polygon { points, fill } => backend.fill_polygon(points.iter().map(|p| point(*p)), fill),
        Shape::Circle { at, radius, fill } => backend.draw_circle(point(*at), length(*radius), fill, true),
    }
    .map_err(failed)
}

fn draw_label(backend: &mut SVGBackend, label: &Label) -> Result<(), ChartError> {
    let transform = if label.upwards { FontTransform::Rotate270 } else { FontTransform::None };
    // The family is inherited from the root instead of being repeated in each text.
    let font = FontDesc::new(FontFamily::Name("inherit"), label.size * UNITS * LINE_HEIGHT, FontStyle::Normal);
    let h_pos = match label.align {
        Align::Left => HPos::Left,
        Align::Center => HPos::Center,
        Align::Right => HPos::Right,
    };
    let style = TextStyle {
        font: font.transform(transform),
        color: label.color.to_backend_color(),
        pos: Pos::new(h_pos, VPos::Top),
    };
    let (x, y) = label.at;
    let hang = HANG * label.size;
    let at = if label.upwards { (x - hang, y) } else { (x, y - hang) };
    backend.draw_text(&label.text, &style, point(at)).map_err(failed)
}

#[expect(clippy::cast_possible_truncation, reason = "the canvas keeps only finite coordinates of a page")]
fn point((x, y): Point) -> (i32, i32) {
    ((x * UNITS).round() as i32, (y * UNITS).round() as i32)
}

fn length(value: f64) -> u32 {
    point((value, 0.0)).0.unsigned_abs()
}

fn failed(error: impl Display) -> ChartError {
    ChartError::Paint(error.to_string())
}

/// Text as the value of an XML attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::canvas::text;
    use super::*;

    #[test]
    fn one_text_as_it_is_written() {
        let mut canvas = Canvas::new(100.0, "A & \"B\"").unwrap();
        canvas.height = 50.0;
        canvas.text((10.0, 20.0), "<王> & 'x'", text(10.0));
        let svg = paint(&canvas).unwrap();
        let lines: Vec<_> = svg.lines().collect();
        assert!(lines[0].contains("width=\"100\" height=\"50\" viewBox=\"0 0 1000 500\""), "{svg}");
        assert!(lines[0].contains("aria-label=\"A &amp; &quot;B&quot;\""), "{svg}");
        // The baseline lies 0.76 em below y: 124 + 76 = 200 tenths.
        assert!(lines[2].contains("x=\"100\" y=\"124\" dy=\"0.76em\" text-anchor=\"start\""), "{svg}");
        assert!(lines[2].contains("font-family=\"inherit\" font-size=\"100\""), "{svg}");
        assert_eq!(lines[3], "&lt;王&gt; &amp; &apos;x&apos;");
        assert_eq!(svg.matches("<svg").count(), 1);
        assert!(svg.trim_end().ends_with("</svg>"));
    }
}
