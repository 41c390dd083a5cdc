//! Breaking and shortening text to a width.

use super::font::{Face, clean};

/// The text, or its beginning with `…` where it is wider than `max`; nothing where not even that has room.
pub(super) fn fit(face: &Face, text: &str, size: f64, max: f64) -> String {
    let text = clean(text);
    if face.width(&text, size) <= max {
        return text;
    }
    let mut room = max - face.width("…", size);
    let short: String = text
        .chars()
        .take_while(|c| {
            room -= face.width(c.encode_utf8(&mut [0; 4]), size);
            room >= 0.0
        })
        .collect();
    if short.is_empty() && face.width("…", size) > max {
        return short;
    }
    format!("{}…", short.trim_end())
}

/// Like [`wrap`], with lines of about equal width: no last line of a single character.
pub(super) fn wrap_evenly(face: &Face, text: &str, size: f64, max: f64, max_lines: usize) -> Vec<String> {
    let lines = wrap(face, text, size, max, max_lines);
    if lines.len() < 2 || lines.iter().any(|line| line.ends_with('…')) {
        return lines;
    }
    // The narrowest column that still needs no further line and shortens nothing.
    let even = (1..16).map(|step| wrap(face, text, size, max * f64::from(16 - step) / 16.0, max_lines));
    even.take_while(|even| even.len() == lines.len() && !even.iter().any(|line| line.ends_with('…') || line.is_empty()))
        .last()
        .unwrap_or(lines)
}

/// The text on at most `max_lines` lines (one if zero is asked for); only the last one is ever shortened.
pub(super) fn wrap(face: &Face, text: &str, size: f64, max: f64, max_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut pieces = split(&clean(text)).into_iter().peekable();
    let mut line = String::new();
    while let Some(piece) = pieces.next() {
        let joined = format!("{line}{piece}");
        if line.is_empty() || face.width(joined.trim_end(), size) <= max {
            line = joined;
            continue;
        }
        if lines.len() + 1 >= max_lines {
            line = joined;
            line.extend(pieces.by_ref());
            break;
        }
        lines.push(line.trim_end().to_owned());
        line = piece;
    }
    lines.push(line);
    lines.iter().map(|line| fit(face, line, size, max)).collect()
}

/// Width of the widest piece that cannot be broken.
pub(super) fn widest_piece(face: &Face, text: &str, size: f64) -> f64 {
    split(&clean(text)).iter().map(|piece| face.width(piece.trim_end(), size)).fold(0.0, f64::max)
}

/// Pieces between which a line may break: after spaces, hyphens and slashes, and between Chinese characters as long as
/// no line then starts with a closing mark or ends with an opening one.
fn split(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in text.chars() {
        let breaks = before.is_some_and(|b| {
            let loose = matches!(b, ' ' | '-' | '/' | '·' | '|' | '–') || is_wide(b) || is_wide(c);
            loose && c != ' ' && !closes(c) && !opens(b)
        });
        match pieces.last_mut() {
            Some(piece) if !breaks => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(c);
    }
    pieces
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

fn closes(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '）' | '》' | '」' | '』' | '】' | '”' | '’' | '％')
        || matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '%' | '-' | '/' | '·' | '…')
}

fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '「' | '『' | '【' | '“' | '‘' | '(' | '[')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face() -> &'static Face {
        Face::get().unwrap()
    }

    #[test]
    fn english_breaks_at_words_and_chinese_anywhere() {
        assert_eq!(wrap(face(), "Response speed", 12.0, 60.0, 3), ["Response", "speed"]);
        assert_eq!(wrap(face(), "维修技术能力", 12.0, 48.0, 3), ["维修技术", "能力"]);
        assert_eq!(wrap(face(), "服务（维修）", 12.0, 36.0, 3), ["服务", "（维", "修）"]);
        assert_eq!(wrap_evenly(face(), "6–12个月", 12.0, 40.0, 3), ["6–12", "个月"]);
        assert_eq!(wrap_evenly(face(), "不满三个月", 12.0, 50.0, 3), ["不满三", "个月"]);
    }

    #[test]
    fn no_line_is_wider_than_asked_and_none_too_many() {
        for text in [
            "",
            "一",
            "Preventive maintenance, contract customers (west)",
            "华东区域客户预防性维护保养服务",
            "ABCDEFGHIJKLMNOPQRSTUVW",
        ] {
            for max in [5.0, 30.0, 80.0] {
                for count in [0, 1, 2, 3] {
                    let lines = wrap(face(), text, 12.0, max, count);
                    assert!(lines.len() <= count.max(1), "{text} {lines:?}");
                    assert!(lines.iter().all(|l| face().width(l, 12.0) <= max), "{lines:?}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_ends_with_an_ellipsis() {
        assert_eq!(fit(face(), "服务态度", 12.0, 40.0), "服务…");
        assert_eq!(fit(face(), "服务态度", 12.0, 48.0), "服务态度");
        assert_eq!(wrap(face(), "华东区域客户预防性维护", 12.0, 48.0, 2), ["华东区域", "客户预…"]);
    }
}
