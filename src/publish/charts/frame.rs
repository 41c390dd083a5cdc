//! What stands around every chart: title, subtitle, keys, footnote.

use plotters::style::RGBColor;

use super::canvas::{Canvas, text};
use super::style::{BODY, INK, MARGIN, MUTED, SMALL, SUBTITLE, TITLE};
use super::wrap::wrap;

/// The texts around a chart, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caption {
    pub title: String,
    /// The period and the number of cases behind the chart.
    pub subtitle: String,
    pub footnote: Option<String>,
}

/// A figure to hold the others against, drawn as a dashed line.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub value: f64,
    /// What its key says, with the figure: `目标 95%`.
    pub label: String,
}

/// A sign in the key of a chart.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    Diamond(RGBColor),
    /// A dot with its interval.
    Interval(RGBColor),
    /// The same in the upright.
    Whisker(RGBColor),
    Square(RGBColor),
    /// A diamond alone.
    Lozenge(RGBColor),
    Ring(RGBColor),
    Line(RGBColor),
    Dashes(RGBColor),
    Band {
        line: RGBColor,
        fill: RGBColor,
    },
    Hatch,
}

/// A sign and what it means.
pub(super) type Key = (Mark, String);

/// Title, subtitle and keys; returns the height at which the chart itself may start.
pub(super) fn open(canvas: &mut Canvas, caption: &Caption, keys: &[Key]) -> f64 {
    let room = canvas.width - 2.0 * MARGIN;
    let mut y = MARGIN;
    for line in wrap(canvas.face, &caption.title, TITLE, room, 2) {
        y += TITLE;
        canvas.text((MARGIN, y), &line, text(TITLE));
        y += 8.0;
    }
    for line in wrap(canvas.face, &caption.subtitle, SUBTITLE, room, 2) {
        y += SUBTITLE;
        canvas.text((MARGIN, y), &line, text(SUBTITLE).color(MUTED));
        y += 5.0;
    }
    legend(canvas, keys, y + 10.0) + 18.0
}

/// Footnote and bottom margin; this ends the page.
pub(super) fn close(canvas: &mut Canvas, caption: &Caption, bottom: f64) {
    let mut y = bottom;
    if let Some(note) = &caption.footnote {
        y += 12.0;
        for line in wrap(canvas.face, note, SMALL, canvas.width - 2.0 * MARGIN, 4) {
            y += SMALL + 5.0;
            canvas.text((MARGIN, y), &line, text(SMALL).color(MUTED));
        }
    }
    canvas.height = (y + MARGIN).ceil();
}

/// Keys side by side, on as many lines as they need; returns the height below them.
fn legend(canvas: &mut Canvas, keys: &[Key], top: f64) -> f64 {
    const SIGN: f64 = 26.0;
    const GAP: f64 = 24.0;
    const LINE: f64 = 20.0;
    let right = canvas.width - MARGIN;
    let (mut x, mut y) = (MARGIN, top + LINE / 2.0);
    for (mark, label) in keys {
        let label = wrap(canvas.face, label, BODY, right - MARGIN - SIGN - 8.0, 1).concat();
        let width = SIGN + 8.0 + canvas.face.width(&label, BODY);
        if x > MARGIN && x + width > right {
            (x, y) = (MARGIN, y + LINE);
        }
        sign(canvas, *mark, (x, y), SIGN);
        canvas.text_mid((x + SIGN + 8.0, y), &label, text(BODY).color(INK));
        x += width + GAP;
    }
    if keys.is_empty() { top } else { y + LINE / 2.0 }
}

fn sign(canvas: &mut Canvas, mark: Mark, (x, y): (f64, f64), width: f64) {
    let middle = x + width / 2.0;
    match mark {
        Mark::Diamond(color) => {
            canvas.rule((x, y), (x + width, y), 2.0, color);
            canvas.diamond((middle, y), 5.5, color);
        }
        Mark::Interval(color) => {
            canvas.rule((x, y), (x + width, y), 2.0, color);
            canvas.dot((middle, y), 4.5, color);
        }
        Mark::Whisker(color) => {
            canvas.rule((middle, y - 8.0), (middle, y + 8.0), 2.0, color);
            canvas.dot((middle, y), 4.0, color);
        }
        Mark::Square(color) => canvas.rect((middle - 8.0, y - 6.0), (16.0, 12.0), color),
        Mark::Lozenge(color) => canvas.diamond((middle, y), 5.5, color),
        Mark::Ring(color) => canvas.ring((middle, y), 4.5, color),
        Mark::Line(color) => canvas.rule((x, y), (x + width, y), 1.5, color),
        Mark::Dashes(color) => canvas.dashes((x, y), (x + width, y), 1.5, color),
        Mark::Band { line, fill } => {
            canvas.rect((x, y - 6.0), (width, 12.0), fill);
            canvas.rule((x, y), (x + width, y), 2.0, line);
            canvas.dot((middle, y), 3.5, line);
        }
        Mark::Hatch => canvas.hatch((x, y - 6.0), (width, 12.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::super::style::{BLUE, WIDTH};
    use super::*;

    #[test]
    fn many_long_keys_and_titles_do_not_touch() {
        let long = "2026年第三季度各服务类型响应与解决时限达成情况（含95%置信区间）".repeat(3);
        let keys: Vec<Key> = (0..7).map(|i| (Mark::Interval(BLUE), long.chars().take(8 + i * 9).collect())).collect();
        let mut canvas = Canvas::new(WIDTH, &long).unwrap();
        let caption = Caption { title: long.clone(), subtitle: long.clone(), footnote: Some(long.repeat(2)) };
        let y = open(&mut canvas, &caption, &keys);
        close(&mut canvas, &caption, y);
        check::layout(&canvas);
    }
}
