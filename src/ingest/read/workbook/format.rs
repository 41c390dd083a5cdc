//! Number formats: which of them show a number as a date.

use super::cell::Look;

/// Formats that have a number but no code in the file. 27–36 and 50–58 are the dates of Chinese, Japanese and Korean
/// Excel, whose codes depend on the language; 32–35 and 55–56 hold times of day in some of them.
pub const fn builtin(id: u32) -> Look {
    match id {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Look::Moment,
        46 => Look::Duration,
        _ => Look::Number,
    }
}

/// What a format code shows: `yyyy"年"m"月"d"日"`, `[h]:mm`, `0.00;[Red]-0.00`.
pub fn classify(code: &str) -> Look {
    // Sections for positive, negative, zero and text: a date in any of them says that the numbers are dates.
    let mut section = Section::default();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                chars.by_ref().find(|&c| c == '"');
            }
            // The character that follows is shown, skipped over or repeated.
            '\\' | '_' | '*' | '!' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').take(64).collect();
                if counts_on(&inside) {
                    return Look::Duration;
                }
            }
            ';' => {
                if section.is_date() {
                    return Look::Moment;
                }
                section = Section::default();
            }
            c => section.take(c),
        }
    }
    if section.is_date() { Look::Moment } else { Look::Number }
}

/// `[h]`, `[mm]`, `[ss]`: the unit does not start anew at its end.
fn counts_on(inside: &str) -> bool {
    let mut letters = inside.chars().map(|c| c.to_ascii_lowercase());
    let Some(first @ ('h' | 'm' | 's')) = letters.next() else { return false };
    letters.all(|c| c == first)
}

/// What has been seen of a section.
#[derive(Default)]
struct Section {
    date: bool,
    number: bool,
    /// The letters so far, to tell `General` and `aaa` (the day of the week) from each other.
    word: String,
}

impl Section {
    fn take(&mut self, c: char) {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphabetic() {
            self.word.push(c);
        }
        match c {
            'y' | 'm' | 'd' | 'h' | 's' | 'b' | 'g' => self.date = true,
            '#' | '?' => self.number = true,
            // Fractions of a second follow the seconds.
            '0' if !self.date => self.number = true,
            _ => {}
        }
    }

    /// `general` holds a `g`, and whatever stands beside it is text.
    fn is_date(&self) -> bool {
        !self.number && !self.word.contains("general") && (self.date || self.word.starts_with("aaa"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_is_a_date() {
        let dates = [
            "yyyy\"年\"m\"月\"d\"日\"",
            "yyyy/m/d h:mm;@",
            "[$-804]aaaa",
            "[$-804]aaaa;@",
            "m/d/yy h:mm",
            "YYYY\\-MM\\-DD",
            "[DBNum1][$-804]yyyy\"年\"m\"月\";@",
            "上午/下午h\"时\"mm\"分\"",
            "mm:ss.0",
            "[$-409]h:mm AM/PM",
            "[<1]h:mm;yyyy/m/d",
            "[$-404]e\"年\"m\"月\"",
        ];
        let numbers = [
            "General",
            "0.00",
            "#,##0.0####\" YMD\"",
            "00000",
            "0_ ;[Red]\\-0\\ ",
            "\\Y000000",
            "#,##0*y",
            "@",
            "\"工单\"0",
            "[Red]General;General",
            "0.0E+00",
            "¥#,##0.00",
            "# ?/?",
            "0\"h\"",
            "",
        ];
        for code in dates {
            assert_eq!(classify(code), Look::Moment, "{code}");
        }
        for code in numbers {
            assert_eq!(classify(code), Look::Number, "{code}");
        }
        for code in ["[h]:mm", "[mm]:ss", "[$-804][HH]:mm:ss;@", "[Blue]\\+[h]:mm"] {
            assert_eq!(classify(code), Look::Duration, "{code}");
        }
    }

    #[test]
    fn builtin_formats_of_east_asia_are_dates() {
        let dates: Vec<u32> = (0..100).filter(|&id| builtin(id) == Look::Moment).collect();
        assert_eq!(dates.len(), 9 + 10 + 2 + 9);
        assert!(dates.contains(&31) && dates.contains(&57) && !dates.contains(&49));
        assert_eq!(builtin(46), Look::Duration);
    }
}
