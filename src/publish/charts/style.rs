//! Colours and type sizes of all charts.
//!
//! The hues are from Okabe and Ito, "Color Universal Design" (2008): they stay apart for readers with protanopia,
//! deuteranopia and tritanopia. No meaning rests on hue alone: each is repeated by a shape, a letter or a position.

use plotters::style::RGBColor;

pub(super) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
pub(super) const SKY: RGBColor = RGBColor(0x56, 0xB4, 0xE9);
pub(super) const VERMILLION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
pub(super) const SILVER: RGBColor = RGBColor(0xC4, 0xC8, 0xCC);

pub(super) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// Dark grey is softer than black and still has a contrast of 12:1.
pub(super) const INK: RGBColor = RGBColor(0x33, 0x33, 0x33);
/// For what is read second: axes, counts, notes. Contrast 5.3:1.
pub(super) const MUTED: RGBColor = RGBColor(0x6B, 0x6B, 0x6B);
pub(super) const GRID: RGBColor = RGBColor(0xE7, 0xE7, 0xE7);
pub(super) const AXIS: RGBColor = RGBColor(0xB4, 0xB4, 0xB4);
pub(super) const HATCH: RGBColor = RGBColor(0xC9, 0xC9, 0xC9);
pub(super) const HATCH_GROUND: RGBColor = RGBColor(0xF3, 0xF3, 0xF3);

pub(super) const TITLE: f64 = 20.0;
pub(super) const SUBTITLE: f64 = 13.0;
pub(super) const HEADING: f64 = 13.5;
pub(super) const BODY: f64 = 12.5;
pub(super) const SMALL: f64 = 11.0;
pub(super) const TINY: f64 = 10.0;

/// White space around every chart.
pub(super) const MARGIN: f64 = 28.0;
/// Width of every chart that does not need more.
pub(super) const WIDTH: f64 = 1040.0;

/// A mix of two colours: `share` 0 is all `a`, 1 is all `b`. Solid mixes instead of transparency look the same in
/// every viewer and print.
pub(super) fn mix(a: RGBColor, b: RGBColor, share: f64) -> RGBColor {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let blend = |a: u8, b: u8| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
        let byte = (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        byte
    };
    RGBColor(blend(a.0, b.0), blend(a.1, b.1), blend(a.2, b.2))
}

/// A paler version of a colour.
pub(super) fn tint(color: RGBColor, strength: f64) -> RGBColor {
    mix(PAPER, color, strength)
}

/// White or near-black text, whichever has the higher contrast on this ground (WCAG 2 relative luminance).
pub(super) fn text_on(ground: RGBColor) -> RGBColor {
    const DARK: RGBColor = RGBColor(0x1A, 0x1A, 0x1A);
    if contrast(ground, PAPER) > contrast(ground, DARK) { PAPER } else { DARK }
}

fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(color: RGBColor) -> f64 {
    let linear = |byte: u8| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_readable_on_every_colour_we_fill() {
        for ground in [BLUE, SKY, VERMILLION, SILVER, PAPER, HATCH_GROUND] {
            for strength in [0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0] {
                let ground = tint(ground, strength);
                assert!(contrast(ground, text_on(ground)) >= 4.0, "{ground:?}");
            }
        }
        assert!(contrast(PAPER, MUTED) >= 4.5);
    }

    #[test]
    fn mixing_ends_at_its_two_colours() {
        assert_eq!(mix(BLUE, PAPER, 0.0), BLUE);
        assert_eq!(mix(BLUE, PAPER, 1.0), PAPER);
        assert_eq!(mix(BLUE, PAPER, f64::NAN), BLUE);
    }
}
