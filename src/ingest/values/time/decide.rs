//! Which format a column has.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::Format;
use super::date::{Order, Written};
use crate::ingest::values::text;

/// So many cells decide; more would rarely say more.
pub const SAMPLE: usize = 2000;

/// What the values of a column say about its format.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    Format(Format),
    /// Several formats fit equally many values and give different dates.
    Ambiguous(Tie),
    /// No format fits most of the values.
    Unknown,
}

/// Formats between which the cells so far do not decide. More cells can be taken, to the end of the column.
#[derive(Debug, PartialEq, Eq)]
pub struct Tie {
    /// Each format and how many cells it fits.
    readings: Vec<(Format, usize)>,
    cells: usize,
    first: String,
    /// The first cell that two formats, by their places in `readings`, read as different moments.
    differs: BTreeMap<(usize, usize), String>,
    clock: Clock,
}

/// The fullest time of day among the cells, in the notation of `format`; the later of two is the fuller one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Clock {
    None,
    Minutes,
    Seconds,
    HalfMinutes,
    HalfSeconds,
}

/// Decides the format of a column from a sample of its values. A format must fit more than half of them: the others are bad
/// cells, to be quarantined one by one. Only the first [`SAMPLE`] values are looked at.
pub fn decide(sample: &[&str]) -> Decision {
    let sample = sample.get(..SAMPLE).unwrap_or(sample);
    if sample.is_empty() {
        return Decision::Format(Format::native());
    }
    let most = |fits: usize| fits * 2 > sample.len();
    // Year first, with four digits, is never in doubt.
    for format in b"-/.".map(|s| numbers(Order::YearFirst, false, s)) {
        if most(sample.iter().filter(|cell| format.parse(cell, Tz::UTC).is_some()).count()) {
            return Decision::Format(format);
        }
    }
    let narrow: Vec<Cow<str>> = sample.iter().map(|cell| text::narrow(cell)).collect();
    let fits = |format: &Format| narrow.iter().filter(|cell| format.read(cell.trim(), Tz::UTC).is_some()).count();
    let counted: Vec<(Format, usize)> =
        candidates().map(|format| (fits(&format), format)).map(|(n, f)| (f, n)).collect();
    let best = counted.iter().map(|(_, fits)| *fits).max().filter(|best| most(*best));
    let mut leading: Vec<Format> = counted.into_iter().filter(|(_, n)| Some(*n) == best).map(|(f, _)| f).collect();
    if leading.len() < 2 {
        return leading.pop().map_or(Decision::Unknown, Decision::Format);
    }
    let mut tie = Tie::among(leading);
    for cell in sample {
        tie.take(cell);
    }
    Decision::Ambiguous(tie)
}

/// Formats besides year first, those with rivals in the order in which a message shows them.
fn candidates() -> impl Iterator<Item = Format> {
    let separated = b"/-.".iter().flat_map(|s| {
        [
            numbers(Order::DayFirst, false, *s),
            numbers(Order::MonthFirst, false, *s),
            numbers(Order::YearFirst, true, *s),
            numbers(Order::DayFirst, true, *s),
            numbers(Order::MonthFirst, true, *s),
        ]
    });
    let named =
        [Order::DayFirst, Order::MonthFirst, Order::YearFirst].map(|order| Format::Dated(Written::Named(order)));
    let others =
        [Format::Dated(Written::Chinese), Format::Compact, Format::EpochSeconds, Format::EpochMillis, Format::Serial];
    separated.chain(named).chain(others)
}

const fn numbers(order: Order, short_year: bool, separator: u8) -> Format {
    Format::Dated(Written::Numbers { order, short_year, separator })
}

impl Tie {
    fn among(formats: Vec<Format>) -> Self {
        let readings = formats.into_iter().map(|format| (format, 0)).collect();
        Self { readings, cells: 0, first: String::new(), differs: BTreeMap::new(), clock: Clock::None }
    }

    /// Takes one more cell of the column.
    pub fn take(&mut self, cell: &str) {
        let narrow = text::narrow(cell);
        let moments: Vec<_> = self.readings.iter().map(|(format, _)| format.read(narrow.trim(), Tz::UTC)).collect();
        for ((_, fits), moment) in self.readings.iter_mut().zip(&moments) {
            *fits += usize::from(moment.is_some());
        }
        if self.cells == 0 {
            cell.clone_into(&mut self.first);
        }
        self.cells += 1;
        self.clock = self.clock.max(Clock::of(&narrow));
        for (i, one) in moments.iter().enumerate() {
            for (j, other) in moments.iter().enumerate().skip(i + 1) {
                if one.is_some() && other.is_some() && one != other {
                    self.differs.entry((i, j)).or_insert_with(|| cell.to_owned());
                }
            }
        }
    }

    /// What all cells together say: a format that fits more of them than any other, or any of the best where these never
    /// differ.
    pub fn settle(self) -> Decision {
        let leading = self.leading();
        match leading.first().and_then(|place| self.readings.get(*place)) {
            Some((first, fits)) if fits * 2 > self.cells => {
                if leading.len() == 1 || self.split(&leading).is_none() {
                    Decision::Format(first.clone())
                } else {
                    Decision::Ambiguous(self)
                }
            }
            _ => Decision::Unknown,
        }
    }

    /// A cell with more than one meaning.
    pub fn sample(&self) -> &str {
        self.split(&self.leading()).map_or(&self.first, |(_, cell)| cell)
    }

    /// The formats, at least two, that give the sample a meaning, in the notation of a plan.
    pub fn formats(&self) -> Vec<String> {
        let sample = text::narrow(self.sample());
        let formats = self.leading().into_iter().filter_map(|place| self.readings.get(place)).map(|(format, _)| format);
        let fitting = formats.filter(|format| format.read(sample.trim(), Tz::UTC).is_some());
        fitting
            .map(|format| {
                format.notation() + if matches!(format, Format::Dated(_)) { self.clock.notation() } else { "" }
            })
            .collect()
    }

    /// The places of the formats that fit the most cells.
    fn leading(&self) -> Vec<usize> {
        let best = self.readings.iter().map(|(_, fits)| *fits).max();
        self.readings.iter().enumerate().filter(|(_, (_, fits))| Some(*fits) == best).map(|(place, _)| place).collect()
    }

    /// Two of these places that differ, and the cell.
    fn split(&self, places: &[usize]) -> Option<((usize, usize), &str)> {
        let both = |(i, j): &(usize, usize)| places.contains(i) && places.contains(j);
        self.differs.iter().find(|(pair, _)| both(pair)).map(|(pair, cell)| (*pair, cell.as_str()))
    }
}

impl Clock {
    fn of(text: &str) -> Self {
        let half = text.bytes().any(|b| matches!(b, b'p' | b'P' | b'a' | b'A'));
        match (text.bytes().filter(|b| *b == b':').count(), half) {
            (0, _) => Self::None,
            (1, false) => Self::Minutes,
            (_, false) => Self::Seconds,
            (1, true) => Self::HalfMinutes,
            (_, true) => Self::HalfSeconds,
        }
    }

    const fn notation(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Minutes => " %H:%M",
            Self::Seconds => " %H:%M:%S",
            Self::HalfMinutes => " %I:%M %p",
            Self::HalfSeconds => " %I:%M:%S %p",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::values::time::given;

    /// What is decided, as messages show it.
    fn decided(sample: &[&str]) -> String {
        match decide(sample) {
            Decision::Format(format) => format.describe_date(),
            Decision::Ambiguous(tie) => format!("{} {}", tie.sample(), tie.formats().join(" or ")),
            Decision::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn the_column_decides_the_format() {
        let cases: [(&[&str], &str); 27] = [
            (&[], "2026-07-31"),
            (&["2026-07-01 08:30", "oops", "2026-07-02 09:00:00"], "2026-07-31"),
            (&["2026/7/1 8:30"], "2026/07/31"),
            (&["2026.7.1"], "2026.07.31"),
            (&["２０２６／７／１"], "2026/07/31"),
            (&["2026年7月1日"], "2026年7月31日"),
            (&["01-02-2016 01:16", "29-02-2016 01:16"], "31-07-2026"),
            (&["01-02-2016 01:16:00", "02-29-2016", "1-3-2016 下午1:16"], "07-31-2026"),
            (&["02/28/2016"], "07/31/2026"),
            (&["26-Aug-23", "1 August 2023"], "31-Jul-26"),
            (&["Aug 26, 2023 8:30 PM"], "Jul 31, 2026"),
            (&["2023-Aug-26"], "2026-Jul-31"),
            (&["20260701", "202607010830"], "20260731"),
            (&["1782866400"], "1785457800 (seconds since 1970)"),
            (&["1782866400000"], "1785457800000 (milliseconds since 1970)"),
            (&["45839.35", "45840"], "46234 (days since 1900, of a spreadsheet)"),
            (&["99/12/31", "26/07/01"], "26/07/31"),
            (&["31/12/00", "01/07/26"], "31/07/26"),
            (&["12/31/25", "01/07/26"], "07/31/26"),
            // Perhaps in 2031.
            (&["31/12/25", "01/07/26"], "31/12/25 %y/%m/%d or %d/%m/%y"),
            (&["soon", "later"], "unknown"),
            (&["2026-07-01", "2026/7/1"], "unknown"),
            (&["12345", "99999", "00001"], "unknown"),
            // The weekday decides.
            (&["周四 02/07/2026"], "31/07/2026"),
            (&["05/05/2016", "01/02/2016"], "01/02/2016 %d/%m/%Y or %m/%d/%Y"),
            (&["01/02/2016", "01/02/2016 8:30 PM"], "01/02/2016 %d/%m/%Y %I:%M %p or %m/%d/%Y %I:%M %p"),
            (&["2026070108"], "2026070108 %Y%m%d%H or %s"),
        ];
        for (sample, expected) in cases {
            assert_eq!(decided(sample), expected, "{sample:?}");
        }
    }

    #[test]
    fn two_digits_of_a_year_have_three_readings() {
        assert_eq!(decided(&["01/02/03 8:30"]), "01/02/03 8:30 %y/%m/%d %H:%M or %d/%m/%y %H:%M or %m/%d/%y %H:%M");
        assert_eq!(decided(&["26-08-23"]), "26-08-23 %y-%m-%d or %d-%m-%y");
    }

    #[test]
    fn every_format_of_a_tie_can_be_given() {
        for sample in ["01/02/2016 8:30:15", "01.02.03", "2026070108", "01-02-2016 8:30:15 am"] {
            let Decision::Ambiguous(tie) = decide(&[sample]) else { panic!("{sample}") };
            let moments: Vec<_> =
                tie.formats().iter().map(|f| given(f).unwrap().parse(sample, Tz::UTC).unwrap()).collect();
            assert!(moments.len() >= 2 && moments[0] != moments[1], "{sample}: {moments:?}");
        }
    }

    #[test]
    fn the_rest_of_the_column_can_settle_a_tie() {
        let tie = |sample: &[&str], more: &[&str]| {
            let Decision::Ambiguous(mut tie) = decide(sample) else { panic!("{sample:?}") };
            for cell in more {
                tie.take(cell);
            }
            tie.settle()
        };
        let day_first = Decision::Format(given("%d/%m/%Y").unwrap());
        assert_eq!(tie(&["01/02/2016"], &["29/02/2016"]), day_first);
        // One typing error does not outweigh two days above 12.
        assert_eq!(tie(&["01/02/2016"], &["02/29/2016", "29/02/2016", "30/03/2016"]), day_first);
        assert_eq!(tie(&["05/05/2016"], &["06/06/2016"]), day_first);
        assert!(matches!(tie(&["05/05/2016"], &["01/02/2016"]), Decision::Ambiguous(t) if t.sample() == "01/02/2016"));
        assert_eq!(tie(&["05/05/2016"], &["x", "y"]), Decision::Unknown);
        let short = tie(&["01/02/03"], &["26/08/23"]);
        assert!(matches!(short, Decision::Ambiguous(t) if t.formats() == ["%y/%m/%d", "%d/%m/%y"]));
    }
}
