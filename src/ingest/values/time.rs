//! Dates and times as dumps write them. One format holds for a whole column of a file.

use chrono::NaiveDate;

use crate::time::Wall;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// How the times of one column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// Year, month, day with this separator, then perhaps a time of day: `2026-07-01 08:30:00`, `2026/7/1 8:30`.
    YearFirst(u8),
    /// As the plan says.
    Given(Vec<Item>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Hour,
    Hour12,
    HalfOfDay,
    Minute,
    Second,
    Fraction,
    Blank,
    Literal(char),
}

impl Item {
    fn specifier(&self) -> String {
        match self {
            Self::Year => "%Y",
            Self::ShortYear => "%y",
            Self::Month => "%m",
            Self::MonthName => "%b",
            Self::Day => "%d",
            Self::Hour => "%H",
            Self::Hour12 => "%I",
            Self::HalfOfDay => "%p",
            Self::Minute => "%M",
            Self::Second => "%S",
            Self::Fraction => "%f",
            Self::Blank => " ",
            Self::Literal(c) => return c.to_string(),
        }
        .to_owned()
    }
}

/// What the values of a column say about its format.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    Format(Format),
    /// Day and month cannot be told apart: a sample, and the formats of its two readings.
    Ambiguous {
        sample: String,
        formats: [String; 2],
    },
    /// No format fits most of the values.
    Unknown,
}

/// Decides the format of a column from a sample of its values. A format must fit more than half of them: the others
/// are bad cells, to be quarantined one by one.
pub fn decide(sample: &[&str]) -> Decision {
    let fits = |format: &Format| sample.iter().filter(|v| format.parse(v).is_some()).count();
    let enough = |count: usize| count * 2 > sample.len();
    if sample.is_empty() {
        return Decision::Format(Format::YearFirst(b'-'));
    }
    for separator in *b"-/." {
        let format = Format::YearFirst(separator);
        if enough(fits(&format)) {
            return Decision::Format(format);
        }
    }
    for separator in ['-', '/', '.'] {
        for tail in [" %H:%M", " %H:%M:%S", ""] {
            let texts = [format!("%d{separator}%m{separator}%Y{tail}"), format!("%m{separator}%d{separator}%Y{tail}")];
            let [Some(day_first), Some(month_first)] = [given(&texts[0]), given(&texts[1])] else {
                continue;
            };
            let (days, months) = (fits(&day_first), fits(&month_first));
            if !enough(days.max(months)) {
                continue;
            }
            return match days.cmp(&months) {
                std::cmp::Ordering::Greater => Decision::Format(day_first),
                std::cmp::Ordering::Less => Decision::Format(month_first),
                std::cmp::Ordering::Equal => {
                    let shown = sample.iter().find(|v| day_first.parse(v) != month_first.parse(v)).or(sample.first());
                    Decision::Ambiguous { sample: shown.map_or_else(String::new, |s| (*s).to_owned()), formats: texts }
                }
            };
        }
    }
    Decision::Unknown
}

/// The format that the plan gives in `strftime` notation; `None` where a specifier is unknown.
pub fn given(text: &str) -> Option<Format> {
    let mut items = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        items.push(match c {
            '%' => match chars.next()? {
                'Y' => Item::Year,
                'y' => Item::ShortYear,
                'm' => Item::Month,
                'b' => Item::MonthName,
                'd' => Item::Day,
                'H' => Item::Hour,
                'I' => Item::Hour12,
                'p' => Item::HalfOfDay,
                'M' => Item::Minute,
                'S' => Item::Second,
                'f' => Item::Fraction,
                _ => return None,
            },
            c if c.is_whitespace() => Item::Blank,
            c => Item::Literal(c),
        });
    }
    Some(Format::Given(items))
}

impl Format {
    /// The wall-clock microseconds that a text stands for; a date alone is its midnight.
    pub fn parse(&self, text: &str) -> Option<Wall> {
        match self {
            Self::YearFirst(separator) => year_first(text.as_bytes(), *separator),
            Self::Given(items) => given_items(text, items),
        }
    }

    /// What a time of this format looks like, for messages: an example, or the format that the plan gives.
    pub fn describe(&self) -> String {
        match self {
            Self::YearFirst(_) => format!("{} 08:30", self.describe_date()),
            Self::Given(items) => items.iter().map(Item::specifier).collect(),
        }
    }

    /// The same for a column of dates.
    pub fn describe_date(&self) -> String {
        match self {
            Self::YearFirst(separator) => {
                let s = char::from(*separator);
                format!("2026{s}07{s}01")
            }
            Self::Given(_) => self.describe(),
        }
    }

    /// The days since 1970-01-01 that a text stands for; a time of day is ignored.
    pub fn parse_date(&self, text: &str) -> Option<i32> {
        i32::try_from(self.parse(text)?.div_euclid(DAY)).ok()
    }
}

/// Reads digits from the front: at least one, at most `most`.
fn digits(bytes: &mut &[u8], most: usize) -> Option<u32> {
    let mut value = 0;
    let mut length = 0;
    while length < most && length < bytes.len() && bytes[length].is_ascii_digit() {
        value = value * 10 + u32::from(bytes[length] - b'0');
        length += 1;
    }
    *bytes = &bytes[length..];
    (length > 0).then_some(value)
}

fn literal(bytes: &mut &[u8], expected: u8) -> Option<()> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    (*first == expected).then_some(())
}

fn year_first(mut bytes: &[u8], separator: u8) -> Option<Wall> {
    let rest = &mut bytes;
    if rest.len() < 8 || !rest[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = digits(rest, 4)?;
    literal(rest, separator)?;
    let month = digits(rest, 2)?;
    literal(rest, separator)?;
    let day = digits(rest, 2)?;
    let date = midnight(i32::try_from(year).ok()?, month, day)?;
    if rest.is_empty() {
        return Some(date);
    }
    match rest[0] {
        b'T' => *rest = &rest[1..],
        b' ' => *rest = rest.trim_ascii_start(),
        _ => return None,
    }
    let hour = digits(rest, 2)?;
    literal(rest, b':')?;
    let minute = digits(rest, 2)?;
    let (mut second, mut micros) = (0, 0);
    if !rest.is_empty() {
        literal(rest, b':')?;
        second = digits(rest, 2)?;
        if !rest.is_empty() {
            literal(rest, b'.')?;
            micros = fraction(rest)?;
        }
    }
    (rest.is_empty()).then(|| time_of_day(hour, minute, second, micros)).flatten().map(|t| date + t)
}

/// Digits after the decimal point as microseconds; finer ones are cut off.
fn fraction(bytes: &mut &[u8]) -> Option<i64> {
    let length = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let (figures, rest) = bytes.split_at(length);
    *bytes = rest;
    (length > 0).then(|| (0..6).fold(0, |sum, i| sum * 10 + figures.get(i).map_or(0, |d| i64::from(d - b'0'))))
}

fn midnight(year: i32, month: u32, day: u32) -> Option<Wall> {
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    Some(i64::from(date.to_epoch_days()) * DAY)
}

fn time_of_day(hour: u32, minute: u32, second: u32, micros: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 60).then(|| i64::from(hour * 3600 + minute * 60 + second) * SECOND + micros)
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn given_items(text: &str, items: &[Item]) -> Option<Wall> {
    let mut rest = text.as_bytes();
    let (mut year, mut month, mut day) = (None, None, None);
    let (mut hour, mut minute, mut second, mut micros) = (0, 0, 0, 0);
    let mut afternoon = None;
    for item in items {
        match item {
            Item::Year => year = Some(i32::try_from(digits(&mut rest, 4)?).ok()?),
            // POSIX: 69–99 are 19xx, 00–68 are 20xx.
            Item::ShortYear => {
                let two = i32::try_from(digits(&mut rest, 2)?).ok()?;
                year = Some(if two < 69 { 2000 + two } else { 1900 + two });
            }
            Item::Month => month = Some(digits(&mut rest, 2)?),
            Item::MonthName => {
                let name = rest.get(..3)?.to_ascii_lowercase();
                month = Some(u32::try_from(MONTHS.iter().position(|m| m.as_bytes() == name)?).ok()? + 1);
                rest = &rest[3..];
            }
            Item::Day => day = Some(digits(&mut rest, 2)?),
            Item::Hour | Item::Hour12 => hour = digits(&mut rest, 2)?,
            Item::Minute => minute = digits(&mut rest, 2)?,
            Item::Second => second = digits(&mut rest, 2)?,
            Item::Fraction => micros = fraction(&mut rest)?,
            Item::HalfOfDay => {
                let half = rest.get(..2)?.to_ascii_lowercase();
                afternoon = Some(match half.as_slice() {
                    b"am" => false,
                    b"pm" => true,
                    _ => return None,
                });
                rest = &rest[2..];
            }
            Item::Blank => rest = rest.trim_ascii_start(),
            Item::Literal(c) => {
                let mut buffer = [0; 4];
                rest = rest.strip_prefix(c.encode_utf8(&mut buffer).as_bytes())?;
            }
        }
    }
    if let Some(afternoon) = afternoon {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    let date = midnight(year?, month?, day?)?;
    rest.is_empty().then(|| time_of_day(hour, minute, second, micros)).flatten().map(|t| date + t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> Wall {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap().and_utc().timestamp_micros()
    }

    #[test]
    fn year_first_with_and_without_time_of_day() {
        let dash = Format::YearFirst(b'-');
        assert_eq!(dash.parse("2026-07-01 08:30:05"), Some(wall("2026-07-01 08:30:05")));
        assert_eq!(dash.parse("2026-07-01T08:30"), Some(wall("2026-07-01 08:30:00")));
        assert_eq!(dash.parse("2026-7-1"), Some(wall("2026-07-01 00:00:00")));
        assert_eq!(dash.parse("2026-07-01 08:30:05.25"), Some(wall("2026-07-01 08:30:05") + 250_000));
        assert_eq!(Format::YearFirst(b'/').parse("2026/7/1 8:30"), Some(wall("2026-07-01 08:30:00")));
        for bad in [
            "2026-13-01",
            "2026-02-30 08:00",
            "2026-07-01 24:00",
            "2026-07-01 8",
            "26-07-01",
            "2026-07-01 08:30x",
            "2026/07/01",
            "",
        ] {
            assert_eq!(dash.parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn formats_of_the_plan() {
        let cases = [
            ("%d-%m-%Y %H:%M", "29-02-2016 01:16", "2016-02-29 01:16:00"),
            ("%d-%b-%y", "26-Aug-23", "2023-08-26 00:00:00"),
            ("%m/%d/%Y %I:%M:%S %p", "7/1/2026 12:05:00 AM", "2026-07-01 00:05:00"),
            ("%m/%d/%Y %I:%M %p", "07/01/2026 1:05 pm", "2026-07-01 13:05:00"),
            ("%Y年%m月%d日 %H时%M分", "2026年7月1日 8时30分", "2026-07-01 08:30:00"),
        ];
        for (format, text, expected) in cases {
            let given = given(format).unwrap();
            assert_eq!(given.parse(text), Some(wall(expected)), "{format}");
            assert_eq!(given.describe(), format);
        }
        assert_eq!(given("%Q"), None);
        assert_eq!(given("%m/%d/%Y %I:%M %p").unwrap().parse("07/01/2026 13:05 pm"), None);
    }

    #[test]
    fn the_column_decides_the_format() {
        assert_eq!(
            decide(&["2026-07-01 08:30", "oops", "2026-07-02 09:00:00"]),
            Decision::Format(Format::YearFirst(b'-'))
        );
        assert_eq!(decide(&["2026/7/1 8:30"]), Decision::Format(Format::YearFirst(b'/')));
        assert_eq!(
            decide(&["01-02-2016 01:16", "29-02-2016 01:16"]),
            Decision::Format(given("%d-%m-%Y %H:%M").unwrap())
        );
        assert_eq!(decide(&["02/28/2016"]), Decision::Format(given("%m/%d/%Y").unwrap()));
        assert_eq!(
            decide(&["05/05/2016", "01/02/2016"]),
            Decision::Ambiguous {
                sample: "01/02/2016".to_owned(),
                formats: ["%d/%m/%Y".to_owned(), "%m/%d/%Y".to_owned()]
            }
        );
        assert_eq!(decide(&["soon", "later"]), Decision::Unknown);
    }
}
