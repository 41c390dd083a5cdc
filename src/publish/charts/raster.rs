//! The display list as PNG, through plotters' bitmap backend.
//!
//! Shapes are painted twice as large as the image and averaged down, because the backend smooths edges only in part.
//! This goes band by band, so that a long chart needs no more memory than a short one. Text is set afterwards at the
//! final size: averaging would only blur it.

use std::fmt::Display;

use plotters::backend::{BitMapBackend, DrawingBackend};
use png::{BitDepth, ColorType, DeflateCompression, Encoder, Filter, PixelDimensions, Unit};

use super::ChartError;
use super::canvas::{Canvas, Label, Point, Shape, count};

/// Pixels of the image for each unit of the page.
const ZOOM: f64 = 2.0;
/// Painted pixels for each pixel of the image, in both directions.
const SAMPLES: usize = 2;
/// Rows of the image that are painted at a time.
const BAND: usize = 128;
/// 144 dpi, so that word processors insert the chart at its intended size.
const DOTS_PER_METRE: u32 = 5669;

/// An image of three bytes per pixel.
struct Image {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

pub(super) fn paint(canvas: &Canvas) -> Result<Vec<u8>, ChartError> {
    let (width, height) = (pixels(canvas.width.ceil()).max(1), pixels(canvas.height.ceil()).max(1));
    let mut image = Image { width, height, rgb: vec![255; width * height * 3] };
    let mut large = vec![255; width * SAMPLES * BAND * SAMPLES * 3];
    for top in (0..height).step_by(BAND) {
        large.fill(255);
        let rows = BAND.min(height - top);
        paint_band(canvas, &mut large, width * SAMPLES, top * SAMPLES)?;
        average(&large, width, &mut image.rgb[top * width * 3..(top + rows) * width * 3]);
    }
    for label in &canvas.labels {
        set(canvas, &mut image, label);
    }
    encode(&image)
}

/// Paints the shapes that touch the band which starts at row `top`.
fn paint_band(canvas: &Canvas, buffer: &mut [u8], width: usize, top: usize) -> Result<(), ChartError> {
    let scale = ZOOM * count(SAMPLES);
    let (from, to) = (count(top) / scale, count(top + BAND * SAMPLES) / scale);
    let size = (u32::try_from(width), u32::try_from(BAND * SAMPLES));
    let (Ok(w), Ok(h)) = size else {
        return Err(failed("the page is too large"));
    };
    let mut backend = BitMapBackend::with_buffer(buffer, (w, h));
    let place = |p: Point| (round(p.0 * scale), round(p.1 * scale - count(top)));
    for shape in canvas.shapes.iter().filter(|shape| touches(shape, from, to)) {
        match shape {
            Shape::Rect { at, size, fill } => {
                let (a, b) = (place(*at), place((at.0 + size.0, at.1 + size.1)));
                // A hair line keeps at least one painted pixel.
                backend.draw_rect(a, (b.0.max(a.0 + 1), b.1.max(a.1 + 1)), fill, true).map_err(failed)?;
            }
            Shape::Polygon { points, fill } => {
                backend.fill_polygon(points.iter().map(|p| place(*p)), fill).map_err(failed)?;
            }
            Shape::Circle { at, radius, fill } => {
                let radius = round(radius * scale).unsigned_abs();
                backend.draw_circle(place(*at), radius, fill, true).map_err(failed)?;
            }
            // The backend's own thick lines have spikes at sharp turns: a bar per segment and a disc per turn have not.
            Shape::Line { points, width, color } => {
                for pair in points.windows(2) {
                    let bar = thick(pair[0], pair[1], *width).map(place);
                    backend.fill_polygon(bar, color).map_err(failed)?;
                }
                let joint = round(width * scale / 2.0).unsigned_abs();
                for turn in points.iter().skip(1).take(points.len().saturating_sub(2)) {
                    backend.draw_circle(place(*turn), joint, color, true).map_err(failed)?;
                }
            }
        }
    }
    backend.present().map_err(failed)
}

/// The corners of a straight line with a width.
fn thick(a: Point, b: Point, width: f64) -> [Point; 4] {
    let length = (b.0 - a.0).hypot(b.1 - a.1).max(f64::MIN_POSITIVE);
    let (nx, ny) = ((a.1 - b.1) / length * width / 2.0, (b.0 - a.0) / length * width / 2.0);
    [(a.0 + nx, a.1 + ny), (b.0 + nx, b.1 + ny), (b.0 - nx, b.1 - ny), (a.0 - nx, a.1 - ny)]
}

fn touches(shape: &Shape, from: f64, to: f64) -> bool {
    let (low, high) = match shape {
        Shape::Rect { at, size, .. } => (at.1, at.1 + size.1),
        Shape::Circle { at, radius, .. } => (at.1 - radius, at.1 + radius),
        Shape::Line { points, width, .. } => span(points, *width),
        Shape::Polygon { points, .. } => span(points, 0.0),
    };
    high + 1.0 >= from && low - 1.0 <= to
}

fn span(points: &[Point], around: f64) -> (f64, f64) {
    let ys = points.iter().map(|p| p.1);
    ys.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y - around), high.max(y + around)))
}

/// Averages blocks of painted pixels into one row after the other of the image.
fn average(large: &[u8], width: usize, out: &mut [u8]) {
    // Most of a page is white, also most of a row: that much of it is looked at, and passed over, at a time.
    const PIXELS: usize = 64;
    let stride = width * SAMPLES * 3;
    for (line, block) in out.chunks_exact_mut(width * 3).zip(large.chunks_exact(SAMPLES * stride)) {
        let (upper, lower) = block.split_at(stride);
        let parts = upper.chunks(PIXELS * SAMPLES * 3).zip(lower.chunks(PIXELS * SAMPLES * 3));
        for (part, (upper, lower)) in line.chunks_mut(PIXELS * 3).zip(parts) {
            if is_white(upper) && is_white(lower) {
                part.fill(u8::MAX);
                continue;
            }
            let pairs = upper.chunks_exact(SAMPLES * 3).zip(lower.chunks_exact(SAMPLES * 3));
            for (pixel, pair) in part.chunks_exact_mut(3).zip(pairs) {
                // Spelled out for two samples each way.
                if let (&[a, b, c, d, e, f], &[g, h, i, j, k, l]) = pair {
                    pixel.copy_from_slice(&[mean([a, d, g, j]), mean([b, e, h, k]), mean([c, f, i, l])]);
                }
            }
        }
    }
}

fn is_white(bytes: &[u8]) -> bool {
    bytes.iter().fold(u8::MAX, |all, byte| all & byte) == u8::MAX
}

fn mean(samples: [u8; SAMPLES * SAMPLES]) -> u8 {
    let sum: u16 = samples.into_iter().map(u16::from).sum();
    u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX)
}

/// Sets one text over the finished shapes.
fn set(canvas: &Canvas, image: &mut Image, label: &Label) {
    let bounds = label.bounds(canvas.face);
    let (x, y) = if label.upwards { (label.at.0, bounds.bottom) } else { (bounds.left, label.at.1) };
    let (x, y) = (round(x * ZOOM), round(y * ZOOM));
    let ink = [label.color.0, label.color.1, label.color.2];
    canvas.face.paint(&label.text, label.size * ZOOM, |dx, dy, cover| {
        let (px, py) = if label.upwards { (x + dy, y - dx) } else { (x + dx, y + dy) };
        let (Ok(px), Ok(py)) = (usize::try_from(px), usize::try_from(py)) else {
            return;
        };
        if px < image.width && py < image.height {
            let at = (py * image.width + px) * 3;
            for (byte, ink) in image.rgb[at..at + 3].iter_mut().zip(ink) {
                *byte = blend(*byte, ink, cover);
            }
        }
    });
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
fn blend(ground: u8, ink: u8, cover: f32) -> u8 {
    let (ground, ink) = (f32::from(ground), f32::from(ink));
    (ground + (ink - ground) * cover.clamp(0.0, 1.0)).round() as u8
}

fn encode(image: &Image) -> Result<Vec<u8>, ChartError> {
    let mut bytes = Vec::new();
    let (Ok(width), Ok(height)) = (u32::try_from(image.width), u32::try_from(image.height)) else {
        return Err(failed("the page is too large"));
    };
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    // Flat colours on white: the lightest compression without filters makes files a third larger in a sixth of the time.
    encoder.set_deflate_compression(DeflateCompression::Level(1));
    encoder.set_filter(Filter::NoFilter);
    let dots = PixelDimensions { xppu: DOTS_PER_METRE, yppu: DOTS_PER_METRE, unit: Unit::Meter };
    encoder.set_pixel_dims(Some(dots));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&image.rgb)?;
    writer.finish()?;
    Ok(bytes)
}

#[expect(clippy::cast_possible_truncation, reason = "the canvas keeps only finite coordinates of a page")]
fn round(value: f64) -> i32 {
    value.round() as i32
}

fn pixels(units: f64) -> usize {
    usize::try_from(round(units * ZOOM)).unwrap_or(0)
}

fn failed(error: impl Display) -> ChartError {
    ChartError::Paint(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::style::BLUE;
    use super::*;

    fn pixel(png: &[u8], x: usize, y: usize) -> ([u8; 3], (u32, u32)) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut data).unwrap();
        let at = (y * info.width as usize + x) * 3;
        ([data[at], data[at + 1], data[at + 2]], (info.width, info.height))
    }

    #[test]
    fn shapes_land_where_they_should_in_every_band() {
        let mut canvas = Canvas::new(40.0, "").unwrap();
        canvas.height = 300.0;
        canvas.rect((10.0, 5.0), (10.0, 290.0), BLUE);
        let png = paint(&canvas).unwrap();
        for y in [12, 127, 128, 129, 255, 256, 500, 588] {
            assert_eq!(pixel(&png, 30, y), ([0x00, 0x72, 0xB2], (80, 600)));
            assert_eq!(pixel(&png, 19, y).0, [255; 3]);
            assert_eq!(pixel(&png, 40, y).0, [255; 3]);
        }
        assert_eq!(pixel(&png, 30, 591).0, [255; 3]);
    }

    #[test]
    fn an_empty_page_is_still_an_image() {
        let canvas = Canvas::new(0.0, "").unwrap();
        assert_eq!(pixel(&paint(&canvas).unwrap(), 0, 0), ([255; 3], (1, 1)));
    }
}
