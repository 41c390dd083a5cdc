//! Months, quarters, half-years and years.

use std::cmp::Ordering;
use std::fmt;

use chrono::{Datelike, NaiveDate};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodKind {
    /// A calendar month: `2026-07`.
    Month,
    /// A calendar quarter: `2026Q3`.
    Quarter,
    /// Half a calendar year: `2026H1`.
    Half,
    /// A calendar year: `2026`.
    Year,
}

impl PeriodKind {
    /// Every kind, the shortest first.
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Half, Self::Year];

    /// The word for it in plans and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::Year => "year",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Months in a period of this kind.
    #[must_use]
    pub const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Half => 6,
            Self::Year => 12,
        }
    }
}

impl fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A calendar period. Periods are ordered by their beginning, the shorter one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// How long it is.
    pub kind: PeriodKind,
    /// The calendar year it lies in.
    pub year: i32,
    /// Its place in the year, from 0.
    pub index: u32,
}

/// A text that is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a period; periods look like `2026-07`, `2026Q3`, `2026H1` or `2026`")]
pub struct PeriodError {
    /// The period as written.
    pub text: String,
}

impl Period {
    /// The period of a kind that a date lies in.
    #[must_use]
    pub fn of(kind: PeriodKind, date: NaiveDate) -> Self {
        Self { kind, year: date.year(), index: date.month0() / kind.months() }
    }

    /// Reads `2026-07`, `2026Q3`, `2026H1` or `2026`.
    ///
    /// # Errors
    /// Anything else, a month beyond 12 among it.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        Self::read(text.trim()).ok_or_else(|| PeriodError { text: text.trim().to_owned() })
    }

    fn read(text: &str) -> Option<Self> {
        if !text.bytes().all(|byte| byte.is_ascii_digit() || b"-QH".contains(&byte)) {
            return None;
        }
        let (year, rest) = text.split_at_checked(4)?;
        let year = year.parse().ok()?;
        let (kind, number) = match (rest.get(..1), rest.len()) {
            (None, _) => {
                return Some(Self { kind: PeriodKind::Year, year, index: 0 });
            }
            (Some("-"), 3) => (PeriodKind::Month, &rest[1..]),
            (Some("Q"), 2) => (PeriodKind::Quarter, &rest[1..]),
            (Some("H"), 2) => (PeriodKind::Half, &rest[1..]),
            _ => return None,
        };
        let index = number.parse::<u32>().ok()?.checked_sub(1)?;
        (index < 12 / kind.months()).then_some(Self { kind, year, index })
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        first_of_month(self.first_month())
    }

    /// The first day after it.
    #[must_use]
    pub fn end(self) -> NaiveDate {
        first_of_month(self.first_month() + i64::from(self.kind.months()))
    }

    /// The period of the same kind before it.
    #[must_use]
    pub fn previous(self) -> Self {
        self.moved(-1)
    }

    /// The period of the same kind after it.
    #[must_use]
    pub fn next(self) -> Self {
        self.moved(1)
    }

    /// Whether a date lies in it.
    #[must_use]
    pub fn contains(self, date: NaiveDate) -> bool {
        Self::of(self.kind, date) == self
    }

    /// Its months in order.
    pub fn months(self) -> impl Iterator<Item = Self> + use<> {
        let first = self.index * self.kind.months();
        (first..first + self.kind.months()).map(move |index| Self { kind: PeriodKind::Month, year: self.year, index })
    }

    /// Months since January of year 0 at its beginning.
    fn first_month(self) -> i64 {
        i64::from(self.year) * 12 + i64::from(self.index) * i64::from(self.kind.months())
    }

    fn moved(self, by: i64) -> Self {
        Self::of(self.kind, first_of_month(self.first_month() + by * i64::from(self.kind.months())))
    }
}

/// The first day of a month counted from year 0, clipped to what chrono can express.
fn first_of_month(month: i64) -> NaiveDate {
    let clipped = if month < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    let year = i32::try_from(month.div_euclid(12));
    let month = u32::try_from(month.rem_euclid(12) + 1);
    match (year, month) {
        (Ok(year), Ok(month)) => NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(clipped),
        _ => clipped,
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.first_month(), self.kind).cmp(&(other.first_month(), other.kind))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, number) = (self.year, self.index + 1);
        match self.kind {
            PeriodKind::Month => write!(f, "{year:04}-{number:02}"),
            PeriodKind::Quarter => write!(f, "{year:04}Q{number}"),
            PeriodKind::Half => write!(f, "{year:04}H{number}"),
            PeriodKind::Year => write!(f, "{year:04}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::parse(text).unwrap()
    }

    #[test]
    fn periods_are_read_and_shown() {
        for text in ["2026-07", "2026-12", "2026Q1", "2026Q4", "2026H2", "2026", "0999"] {
            assert_eq!(period(text).to_string(), text);
        }
        for text in [
            "",
            "26",
            "2026-7",
            "2026-13",
            "2026-00",
            "2026Q5",
            "2026Q0",
            "2026H3",
            "2026q3",
            "2026-Q",
            "年年年年",
            "+026",
            "20260",
        ] {
            assert_eq!(Period::parse(text), Err(PeriodError { text: text.to_owned() }));
        }
        for kind in PeriodKind::ALL {
            assert_eq!(PeriodKind::parse(kind.name()), Some(kind));
        }
        assert_eq!(PeriodKind::parse("week"), None);
    }

    #[test]
    fn bounds_and_neighbours() {
        for (text, first, end, previous, next) in [
            ("2026-12", "2026-12-01", "2027-01-01", "2026-11", "2027-01"),
            ("2026Q1", "2026-01-01", "2026-04-01", "2025Q4", "2026Q2"),
            ("2026H2", "2026-07-01", "2027-01-01", "2026H1", "2027H1"),
            ("2026", "2026-01-01", "2027-01-01", "2025", "2027"),
        ] {
            let one = period(text);
            assert_eq!((one.first_day().to_string().as_str(), one.end().to_string().as_str()), (first, end));
            assert_eq!((one.previous(), one.next()), (period(previous), period(next)));
            assert!(one.contains(one.first_day()) && !one.contains(one.end()));
            assert!(one.contains(one.end().pred_opt().unwrap()));
        }
    }

    #[test]
    fn months_and_order() {
        let months: Vec<String> = period("2026Q3").months().map(|month| month.to_string()).collect();
        assert_eq!(months, ["2026-07", "2026-08", "2026-09"]);
        assert_eq!(period("2025").months().count(), 12);
        let mut order = ["2026", "2026Q2", "2026-01", "2025H2", "2026Q1"].map(period);
        order.sort();
        assert_eq!(order.map(|one| one.to_string()), ["2025H2", "2026-01", "2026Q1", "2026", "2026Q2"]);
    }

    #[test]
    fn absurd_years_are_clipped() {
        let far = Period { kind: PeriodKind::Year, year: i32::MAX, index: 0 };
        assert_eq!(far.end(), NaiveDate::MAX);
    }
}
