//! The one font of all charts: measuring text, and painting it into pixels.
//!
//! plotters' own text painting ignores the side bearings of glyphs and sets each at a whole pixel, which makes Latin
//! text uneven. Painting glyphs with `ab_glyph` directly costs thirty lines and gives print quality.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

use super::ChartError;

static BYTES: &[u8] = include_bytes!("../fonts/noto-sans-sc.ttf");

/// The embedded font, read once.
pub(super) struct Face {
    font: FontRef<'static>,
    missing: GlyphId,
}

impl Face {
    /// The font; reading it happens at the first call.
    pub(super) fn get() -> Result<&'static Self, ChartError> {
        static FACE: OnceLock<Option<Face>> = OnceLock::new();
        FACE.get_or_init(|| {
            let font = FontRef::try_from_slice(BYTES).ok()?;
            let missing = font.glyph_id('□');
            Some(Self { font, missing })
        })
        .as_ref()
        .ok_or(ChartError::Font)
    }

    /// A character outside the font shows as □, so that a rare name is visibly incomplete rather than shortened.
    fn glyph(&self, c: char) -> GlyphId {
        match self.font.glyph_id(c) {
            GlyphId(0) => self.missing,
            id => id,
        }
    }

    /// `ab_glyph` scales by line height, designers by em.
    #[expect(clippy::cast_possible_truncation, reason = "font sizes are small")]
    fn scale(&self, size: f64) -> PxScale {
        let em = self.font.units_per_em().unwrap_or(1000.0);
        PxScale::from(size as f32 * self.font.height_unscaled() / em)
    }

    /// Width of a line of text at a font size given in pixels per em.
    pub(super) fn width(&self, text: &str, size: f64) -> f64 {
        let font = self.font.as_scaled(self.scale(size));
        text.chars().map(|c| f64::from(font.h_advance(self.glyph(c)))).sum()
    }

    /// Calls `dot` with each pixel of a line of text, relative to its start on the baseline, and its coverage 0..1.
    #[expect(clippy::cast_possible_truncation, reason = "pixels of one line")]
    pub(super) fn paint(&self, text: &str, size: f64, mut dot: impl FnMut(i32, i32, f32)) {
        let scale = self.scale(size);
        let font = self.font.as_scaled(scale);
        let mut x = 0.0;
        for c in text.chars() {
            let id = self.glyph(c);
            if let Some(outline) = self.font.outline_glyph(id.with_scale_and_position(scale, point(x, 0.0))) {
                let corner = outline.px_bounds().min;
                outline.draw(|dx, dy, cover| {
                    dot(corner.x as i32 + dx.cast_signed(), corner.y as i32 + dy.cast_signed(), cover.min(1.0));
                });
            }
            x += font.h_advance(id);
        }
    }
}

/// Text as it can be drawn on one line and stored as XML: line breaks and tabs become spaces, control, zero-width and
/// direction marks go.
pub(super) fn clean(text: &str) -> String {
    let text: String = text
        .chars()
        .filter_map(|c| match c {
            '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFFE}'
            | '\u{FFFF}' => None,
            c if c.is_whitespace() => Some(' '),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_characters_we_promise_are_there() {
        let face = Face::get().unwrap();
        let promised = "服务质量喆堃昇旻骉鱻璟赪ABCxyz019%℃≥≤×±–—…→▲▼●□αβμσχΔⅠⅡⅣⅫ①⑩éüß°²“”‘’（）、。，：；￥€";
        for c in promised.chars() {
            assert_ne!(face.font.glyph_id(c), GlyphId(0), "{c}");
        }
    }

    #[test]
    fn widths_add_up_and_chinese_is_one_em() {
        let face = Face::get().unwrap();
        assert!((face.width("服务态度", 12.0) - 48.0).abs() < 0.1);
        let whole = face.width("SLA 达成率", 14.0);
        assert!((whole - face.width("SLA ", 14.0) - face.width("达成率", 14.0)).abs() < 1e-3);
    }

    #[test]
    fn a_missing_character_is_a_visible_box() {
        let face = Face::get().unwrap();
        let mut ink = 0.0;
        face.paint("\u{1F600}", 20.0, |_, _, cover| ink += cover);
        assert!(ink > 10.0);
    }

    #[test]
    fn text_is_cleaned_for_one_line_of_xml() {
        assert_eq!(clean(" 王\n小\u{0}\u{200B}明\t<b>\u{FFFF} "), "王 小明 <b>");
    }
}
