//! Blanks, signs nobody sees, full-width letters and missing markers.

use std::borrow::Cow;

/// Signs that spreadsheets take for the beginning of a formula, and blanks that they swallow. In front of them the
/// quarantine's CSV writes an apostrophe.
const NEUTRALISED: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Takes no room on paper: zero-width blanks and joiners, direction marks, soft hyphens, byte order marks.
const fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn blank(c: char) -> bool {
    // No Chinese character is one, and most that come here are.
    !matches!(c, '\u{3001}'..='\u{fefe}') && (c.is_whitespace() || unseen(c))
}

/// The text without blanks and unseen signs around it, those of spreadsheets and Chinese typing included, and without the
/// apostrophe that the quarantine's CSV puts before what a spreadsheet would take for a formula.
pub fn trim(cell: &str) -> &str {
    // Most cells begin and end with a letter, a digit or a Chinese character, which the first of its three bytes tells.
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\'' || matches!(byte, 0xE4..=0xE9);
    if let ([first, ..], [.., last]) = (cell.as_bytes(), cell.as_bytes())
        && plain(*first)
        && (last.is_ascii_graphic() || matches!(cell.as_bytes(), [.., 0xE4..=0xE9, _, _]))
    {
        return cell;
    }
    let start = cell.trim_start_matches(blank);
    match start.strip_prefix('\'') {
        Some(rest) if rest.starts_with(NEUTRALISED) => rest.trim_matches(blank),
        _ => start.trim_end_matches(blank),
    }
}

/// The trimmed text, or nothing where the cell is empty or holds one of the plan's markers for "no value".
pub fn present<'a>(cell: &'a str, missing: &[String]) -> Option<&'a str> {
    let text = trim(cell);
    (!text.is_empty() && !missing.iter().any(|m| m == text)).then_some(text)
}

/// A number of a ticket, a person, a device or a model: full-width letters, digits and `－` become ASCII, no-break blanks and
/// unseen signs fall away. Upper and lower case stay apart.
pub fn id(text: &str) -> Cow<'_, str> {
    mapped(trim(text), |c| match c {
        '\u{a0}' | '\u{2007}' | '\u{202f}' => None,
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' => Some(half_width(c)),
        c => Some(c).filter(|c| !unseen(*c)),
    })
}

/// For values that are read, not kept: all full-width signs become ASCII, blanks of any kind become plain ones, unseen signs
/// fall away.
pub fn narrow(text: &str) -> Cow<'_, str> {
    mapped(text, |c| match c {
        '！'..='～' => Some(half_width(c)),
        '\u{2010}'..='\u{2012}' | '\u{2212}' => Some('-'),
        '\u{2236}' => Some(':'),
        c if unseen(c) => None,
        c if !c.is_ascii() && c.is_whitespace() => Some(' '),
        c => Some(c),
    })
}

/// Whether people write this where they have no value. For drafting a plan: a run takes only the plan's own markers.
pub fn looks_missing(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["n/a", "na", "#n/a", "null", "(null)", "none", "nan", "nat", "nil", "\\n", "无", "空", "(空)", "(blank)"];
    /// What is left of dates that programs write for "none": day 0 of a spreadsheet, zeros of a database.
    const DATES: [&str; 7] =
        ["0000-00-00", "0000/00/00", "1900-01-00", "1900-1-0", "1900/01/00", "1900/1/0", "0001-01-01"];
    let text = narrow(trim(text));
    let text = text.trim();
    let signs = !text.is_empty() && text.chars().all(|c| matches!(c, '-' | '—' | '–' | '―' | '/' | '\\' | '?'));
    let word = || WORDS.iter().any(|w| w.eq_ignore_ascii_case(text));
    let date = || {
        let clock = DATES.iter().find_map(|d| text.strip_prefix(d)).map(|rest| rest.trim_start_matches(['T', ' ']));
        clock.is_some_and(|c| c.chars().all(|c| matches!(c, '0' | ':' | '.')))
    };
    signs || word() || date()
}

const fn half_width(c: char) -> char {
    match c {
        '！'..='～' => match char::from_u32(c as u32 - 0xfee0) {
            Some(half) => half,
            None => c,
        },
        c => c,
    }
}

/// The full-width form of an ASCII sign; other letters stay as they are.
pub const fn wide(c: char) -> char {
    match c {
        ' ' => '\u{3000}',
        '!'..='~' => match char::from_u32(c as u32 + 0xfee0) {
            Some(wide) => wide,
            None => c,
        },
        c => c,
    }
}

/// Replaces or drops letters; text that stays as it is is not copied.
fn mapped(text: &str, map: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    match text.char_indices().find(|(_, c)| map(*c) != Some(*c)) {
        None => Cow::Borrowed(text),
        Some((from, _)) => {
            let (same, rest) = text.split_at(from);
            let mut changed = String::with_capacity(text.len());
            changed.push_str(same);
            changed.extend(rest.chars().filter_map(map));
            Cow::Owned(changed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_markers_are_no_value() {
        let missing = ["?".to_owned(), "无".to_owned()];
        assert_eq!(present(" \u{3000}张*\u{a0}\t", &missing), Some("张*"));
        assert_eq!(present("\u{feff}\u{200b}x y\u{ad}\u{2060}", &missing), Some("x y"));
        assert_eq!(present("\u{3000}", &missing), None);
        assert_eq!(present(" 无 ", &missing), None);
        assert_eq!(present("无锡", &missing), Some("无锡"));
        for (cell, trimmed) in
            [("工单\u{3000}", "工单"), ("\u{3000}工", "工"), ("工\u{feff}", "工"), ("é ", "é"), ("工é ", "工é")]
        {
            assert_eq!(trim(cell), trimmed, "{cell:?}");
        }
    }

    #[test]
    fn our_own_apostrophe_goes_others_stay() {
        let cases = [
            ("'=1+1", "=1+1"),
            ("'-2", "-2"),
            ("'+86 10", "+86 10"),
            ("'@home", "@home"),
            ("'\t=x", "=x"),
            ("'\t", ""),
            ("'\r", ""),
            ("'n Sie", "'n Sie"),
            ("'", "'"),
            ("''=1", "''=1"),
            ("it's", "it's"),
            ("=1", "=1"),
        ];
        for (cell, text) in cases {
            assert_eq!(trim(cell), text, "{cell:?}");
        }
    }

    #[test]
    fn numbers_of_things_are_written_in_one_way() {
        let cases = [
            ("ＷＯ－２０２６０７０１", "WO-20260701"),
            ("WO\u{a0}12\u{200b}3", "WO123"),
            ("wo 1", "wo 1"),
            ("工单（１）", "工单（1）"),
            ("\u{3000}ab\u{ad}c ", "abc"),
        ];
        for (cell, text) in cases {
            assert_eq!(id(cell), text, "{cell:?}");
        }
        assert!(matches!(id("工单-1"), Cow::Borrowed(_)));
    }

    #[test]
    fn values_are_narrow() {
        assert_eq!(narrow("２０２６／７／１\u{3000}８：３０"), "2026/7/1 8:30");
        assert_eq!(narrow("１，２３４．５％"), "1,234.5%");
        assert_eq!(narrow("\u{200e}7\u{202f}PM\u{2212}1"), "7 PM-1");
        assert!(matches!(narrow("7月1日"), Cow::Borrowed(_)));
    }

    #[test]
    fn markers_of_missing_values_are_known() {
        let all = "- -- — —— / N/A NA NULL null None NaN ? ？ 无 空 #N/A 1900-01-00 1900/1/0 0000-00-00";
        for marker in all.split(' ').chain(["0000-00-00 00:00:00", "1900-01-00T00:00:00", " － "]) {
            assert!(looks_missing(marker), "{marker}");
        }
        for value in ["", "无锡", "0", "1900-01-01", "nano", "1900-01-00 08:30", "-1", "2000-00-00"] {
            assert!(!looks_missing(value), "{value}");
        }
    }
}
