//! Dates and times as dumps write them. One format holds for a whole column of a file.
//!
//! A format fixes how the date is written; what may follow it is the same for all: a time of day with or without seconds,
//! `下午` or `PM`, a zone, a weekday ([`clock`]). A date alone is its midnight.

mod clock;
mod cursor;
mod date;
mod decide;
mod fast;
mod given;
mod memo;
mod stamp;

use chrono_tz::Tz;

use self::cursor::Cursor;
use self::date::{Order, Written};
use super::text;
use crate::time::{Wall, zone};

pub use self::decide::{Decision, SAMPLE, Tie, decide};
pub use self::given::{Item, given};
pub use self::memo::Memo;
pub use self::stamp::serial;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// How the times of one column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// Year, month and day, in this way: `2026-07-01`, `07/01/2026`, `26-Aug-23`, `2026年7月1日`.
    Dated(Written),
    /// Digits without separators: `20260701`, `202607010830`, `20260701083000`.
    Compact,
    /// Days since 1899-12-30, as spreadsheets count them: `45839.3541667`.
    Serial,
    /// Seconds since 1970 in UTC: `1782866400`.
    EpochSeconds,
    /// Milliseconds since 1970 in UTC.
    EpochMillis,
    /// As the plan says, where that is none of the above.
    Given(Vec<Item>),
}

impl Format {
    /// How readers write what a file holds as a time: `2026-07-01 08:30:00`, with a fraction where there is one.
    pub const fn native() -> Self {
        Self::Dated(Written::Numbers { order: Order::YearFirst, short_year: false, separator: b'-' })
    }

    /// Whether dates begin with all four digits of their year, which no other format fits.
    pub const fn is_year_first(&self) -> bool {
        matches!(self, Self::Dated(Written::Numbers { order: Order::YearFirst, short_year: false, .. }))
    }

    /// The wall-clock microseconds that a text stands for in `zone`; a date alone is its midnight. A text with a zone of its
    /// own is converted, others are taken for wall-clock times.
    pub fn parse(&self, text: &str, zone: Tz) -> Option<Wall> {
        if let Self::Dated(Written::Numbers { order, short_year: false, separator }) = self
            && let Some(wall) = fast::parse(text.as_bytes(), *order, *separator)
        {
            return Some(wall);
        }
        self.read(text::narrow(text).trim(), zone)
    }

    /// The same for text that is narrow and trimmed.
    fn read(&self, text: &str, zone: Tz) -> Option<Wall> {
        let mut rest = Cursor::new(text);
        match self {
            Self::Dated(written) => {
                let weekday = clock::weekday_beside(&mut rest);
                let date = written.read(&mut rest)?;
                let tail = clock::tail(&mut rest)?;
                tail.moment(date, weekday, zone)
            }
            Self::Compact => stamp::compact(&mut rest, zone),
            Self::Serial => stamp::serial(text),
            Self::EpochSeconds => stamp::epoch(&mut rest, SECOND, zone),
            Self::EpochMillis => stamp::epoch(&mut rest, 1000, zone),
            Self::Given(items) => given::read(rest, items, zone),
        }
    }

    /// What a time of this format looks like, for messages: an example, or the format that the plan gives.
    pub fn describe(&self) -> String {
        match self {
            Self::Dated(Written::Chinese) => "2026年7月31日 8:30".to_owned(),
            Self::Dated(written) => format!("{} 08:30", written.example()),
            Self::Compact => "20260731083000".to_owned(),
            Self::Serial => "46234.3542 (days since 1900, of a spreadsheet)".to_owned(),
            Self::EpochSeconds => "1785457800 (seconds since 1970)".to_owned(),
            Self::EpochMillis => "1785457800000 (milliseconds since 1970)".to_owned(),
            Self::Given(items) => items.iter().map(Item::specifier).collect(),
        }
    }

    /// The same for a column of dates.
    pub fn describe_date(&self) -> String {
        match self {
            Self::Dated(written) => written.example(),
            Self::Compact => "20260731".to_owned(),
            Self::Serial => "46234 (days since 1900, of a spreadsheet)".to_owned(),
            _ => self.describe(),
        }
    }

    /// In the notation of `format`, for a date alone.
    fn notation(&self) -> String {
        match self {
            Self::Dated(written) => written.notation(),
            Self::Compact => "%Y%m%d%H".to_owned(),
            Self::EpochSeconds => "%s".to_owned(),
            _ => self.describe(),
        }
    }
}

/// What the wall of a zone shows at a moment of UTC, both in microseconds.
fn on_wall(utc: i64, zone: Tz) -> Wall {
    zone::to_wall(zone, utc.div_euclid(SECOND)) * SECOND + utc.rem_euclid(SECOND)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDateTime};
    use proptest::prelude::*;

    use super::*;

    /// Reads a text by a format in the notation of a plan.
    fn read(format: &str, text: &str) -> Option<String> {
        let wall = given(format).unwrap().parse(text, Tz::Asia__Shanghai)?;
        crate::time::date_time(wall).map(|t| t.to_string())
    }

    #[test]
    fn what_may_follow_a_date() {
        let cases = [
            ("", "00:00:00"),
            (" 08:30:05", "08:30:05"),
            (" 8:30", "08:30:00"),
            ("T08:30", "08:30:00"),
            ("T08:30:05.25", "08:30:05.250"),
            (" 08:30:05,123", "08:30:05.123"),
            (" 08:30:05.1234567", "08:30:05.123456"),
            ("  \t 08:30", "08:30:00"),
            ("\u{a0}08:30", "08:30:00"),
            ("\u{3000}０８：３０", "08:30:00"),
            (", 8:30:00\u{202f}PM", "20:30:00"),
            (" 8:30PM", "20:30:00"),
            (" 8:30:00 p.m.", "20:30:00"),
            (" 12:30 am", "00:30:00"),
            (" 12:30 PM", "12:30:00"),
            (" 上午 8:30", "08:30:00"),
            (" 下午 08:30:15", "20:30:15"),
            ("下午8:30", "20:30:00"),
            (" 8:30 下午", "20:30:00"),
            (" 下午 20:30", "20:30:00"),
            (" 上午 12:30", "00:30:00"),
            (" 下午12:30", "12:30:00"),
            (" 凌晨1:30", "01:30:00"),
            (" 中午 12:00", "12:00:00"),
            (" 中午1点", "13:00:00"),
            (" 晚上9点半", "21:30:00"),
            (" 8时30分", "08:30:00"),
            (" 8时30分05秒", "08:30:05"),
            (" 8点", "08:00:00"),
            (" 星期三 08:30", "08:30:00"),
            (" 周三", "00:00:00"),
            ("(周三) 8:30", "08:30:00"),
            ("（星期三）", "00:00:00"),
            (" Wed 08:30", "08:30:00"),
            (" 08:30 Wednesday", "08:30:00"),
            ("T00:30:00Z", "08:30:00"),
            ("T08:30:00+08:00", "08:30:00"),
            ("T08:30:00.5+0800", "08:30:00.500"),
            (" 08:30 +08", "08:30:00"),
            (" 08:30 GMT+8", "08:30:00"),
            (" 01:30 UTC+01:00", "08:30:00"),
            (" 00:30 UTC", "08:30:00"),
            ("T02:30−0200", "12:30:00"),
        ];
        for (tail, expected) in cases {
            for (format, date) in
                [("%Y-%m-%d", "2026-07-01"), ("%m/%d/%Y", "7/1/2026"), ("%Y年%m月%d日", "2026年7月1日")]
            {
                let text = format!("{date}{tail}");
                assert_eq!(read(format, &text), Some(format!("2026-07-01 {expected}")), "{text}");
            }
        }
        assert_eq!(read("%Y-%m-%d", "2026-07-01T20:30-05:00").as_deref(), Some("2026-07-02 09:30:00"));
        assert_eq!(read("%Y-%m-%d", "2026-06-30 24:00").as_deref(), Some("2026-07-01 00:00:00"));
        assert_eq!(read("%Y-%m-%d", "2026-06-30 24:00:00").as_deref(), Some("2026-07-01 00:00:00"));
    }

    #[test]
    fn what_may_not_follow_a_date() {
        let bad = [
            "5",
            " 8",
            " 8:",
            " 8:30:",
            " 8:30:00.",
            " 8:60",
            " 8:30:60",
            " 24:01",
            " 24:00:01",
            " 25:00",
            " 08:30x",
            "x",
            " 08:30 x",
            " 13:30 PM",
            " 0:30 AM",
            " 上午 13:30",
            " 下午0:30",
            " 晚上12:30",
            " 晚上1:30",
            " 中午 9:00",
            " 下午 24:00",
            " 下午",
            " PM",
            " PM 8:30 PM",
            " 下午 8:30 下午",
            " 周四",
            " Thu 08:30",
            " Z",
            "+08:00",
            " 8:30+8",
            " 8:30 +0860",
            " 8:30 +15:00",
            " 8:30 +08:",
            " 8:30 CST",
            " 8时3O分",
            " 8时30分5",
            " 8:30:00 08:30",
            " 8:030",
            "T",
        ];
        for tail in bad {
            for (format, date) in [("%Y-%m-%d", "2026-07-01"), ("%m/%d/%Y", "7/1/2026")] {
                assert_eq!(read(format, &format!("{date}{tail}")), None, "{tail}");
            }
        }
    }

    #[test]
    fn dates_as_they_are_written() {
        let cases = [
            ("%Y-%m-%d", "2026-7-1"),
            ("%Y/%m/%d", "２０２６／７／１"),
            ("%Y.%m.%d", "2026.7.1"),
            ("%d-%m-%Y", "1-07-2026"),
            ("%Y年%m月%d日", "2026 年 7 月 01 日"),
            ("%Y年%m月%d日", "26年7月1号"),
            ("%y.%m.%d", "26.7.1"),
            ("%Y-%m-%d", "\u{feff}2026-07-01 "),
            ("%Y-%m-%d", "星期三 2026-07-01"),
        ];
        for (format, text) in cases {
            assert_eq!(read(format, text).as_deref(), Some("2026-07-01 00:00:00"), "{text}");
        }
        let named = |order, text| {
            let wall = Format::Dated(Written::Named(order)).parse(text, Tz::UTC)?;
            crate::time::date_time(wall).map(|t| t.to_string())
        };
        let fitting = [
            (Order::DayFirst, "26-Aug-23"),
            (Order::DayFirst, "26 august 2023"),
            (Order::DayFirst, "26/AUG/2023"),
            (Order::DayFirst, "26Aug2023"),
            (Order::DayFirst, "Sat, 26 Aug 2023"),
            (Order::MonthFirst, "Aug 26, 2023"),
            (Order::MonthFirst, "Saturday, August 26, 2023"),
            (Order::MonthFirst, "Aug. 26 2023"),
            (Order::YearFirst, "2023-Aug-26"),
        ];
        for (order, text) in fitting {
            assert_eq!(named(order, text).as_deref(), Some("2023-08-26 00:00:00"), "{text}");
        }
        for (order, text) in [
            (Order::DayFirst, "26-Augu-23"),
            (Order::DayFirst, "26-Aug-023"),
            (Order::DayFirst, "26-Aug"),
            (Order::DayFirst, "Sun, 26 Aug 2023"),
            (Order::MonthFirst, "Aug 26, 23"),
            (Order::MonthFirst, "Aug 262023"),
            (Order::YearFirst, "23-Aug-26"),
        ] {
            assert_eq!(named(order, text), None, "{text}");
        }
        for bad in
            ["2026-13-01", "2026-02-30 08:00", "26-07-01", "2026/07/01", "2026-07", "02026-07-01", "2026--7-1", ""]
        {
            assert_eq!(read("%Y-%m-%d", bad), None, "{bad}");
        }
    }

    fn moments() -> impl Strategy<Value = NaiveDateTime> {
        // 1970 to 2068: what two digits of a year and the plausible range of stamps can hold.
        (0_i64..3_124_224_000_000).prop_map(|ms| DateTime::from_timestamp_millis(ms).unwrap().naive_utc())
    }

    proptest! {
        #[test]
        fn every_moment_reads_back(moment in moments()) {
            let dates = [
                "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%-d/%-m/%Y", "%m-%d-%Y", "%d.%m.%y", "%y/%m/%d", "%Y年%-m月%-d日",
                "%d-%b-%y", "%b %-d, %Y", "%d %B %Y", "%Y-%b-%d", "%A, %d %b %Y", "%Y%m%d",
            ];
            let clocks = [
                " %H:%M:%S%.3f", "T%H:%M:%S%.3fZ", " %-I:%M:%S%.3f %p", ", %I:%M:%S%.3f%P", "  %-H:%M:%S%.3f +00:00",
                " %H:%M:%S%.3f %a",
            ];
            let formats = candidates_of(&dates);
            for (date, format) in dates.iter().zip(formats) {
                for clock in clocks {
                    let text = moment.format(&format!("{date}{clock}")).to_string();
                    prop_assert_eq!(format.parse(&text, Tz::UTC), Some(crate::time::wall(moment)), "{}", text);
                }
            }
            let text = moment.format("%Y%m%d%H%M%S%3f").to_string();
            prop_assert_eq!(Format::Compact.parse(&text, Tz::UTC), Some(crate::time::wall(moment)));
            let half = if moment.format("%p").to_string() == "AM" { "上午" } else { "下午" };
            let text = moment.format(&format!("%Y年%m月%d日 {half}%I:%M:%S%.3f")).to_string();
            prop_assert_eq!(Format::Dated(Written::Chinese).parse(&text, Tz::UTC), Some(crate::time::wall(moment)));
        }

        #[test]
        fn every_millisecond_of_a_stamp_reads_back(moment in moments()) {
            let wall = crate::time::wall(moment);
            let whole = wall.div_euclid(SECOND) * SECOND;
            #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no more either")]
            let serial_of = |wall: Wall| (wall as f64 / DAY as f64 + 25_569.0).to_string();
            prop_assert_eq!(serial(&serial_of(whole)), Some(whole));
            // Less than eight decimals do not tell milliseconds.
            let exact = serial_of(wall);
            if exact.len() > "25569.1234567".len() {
                prop_assert_eq!(serial(&exact), Some(wall));
            }
            // The millisecond stamps of 2001 and later have thirteen digits.
            let (millis, whole) = (wall / 1000 + 1_000_000_000_000, whole + 1_000_000_000 * SECOND);
            let wall = wall + 1_000_000_000 * SECOND;
                        prop_assert_eq!(Format::EpochMillis.parse(&millis.to_string(), Tz::UTC), Some(wall));
            let seconds = (millis / 1000).to_string();
            prop_assert_eq!(Format::EpochSeconds.parse(&seconds, Tz::UTC), Some(whole));
        }

        #[test]
        fn the_quick_way_and_the_patient_way_agree(
            year in "[0-9]{4}", first in "[01]?[0-9]", second in "[0-3]?[0-9]",
            clock in "([ T]+[0-2]?[0-9]:[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]{1,7})?)?)?",
        ) {
            for (order, text) in [
                (Order::YearFirst, format!("{year}-{first}-{second}{clock}")),
                (Order::DayFirst, format!("{second}-{first}-{year}{clock}")),
                (Order::MonthFirst, format!("{first}-{second}-{year}{clock}")),
            ] {
                let format = Format::Dated(Written::Numbers { order, short_year: false, separator: b'-' });
                let quick = fast::parse(text.as_bytes(), order, b'-');
                let patient = format.read(&text, Tz::Asia__Shanghai);
                prop_assert!(quick == patient || quick.is_none(), "{} {:?} {:?}", text, quick, patient);
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC*|[0-9/:年月日时分. TZ+-]{0,24}|[0-9]{0,30}", zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec())) {
            for format in candidates_of(&["%Y-%m-%d", "%d/%m/%y", "%Y年%m月%d日", "%d-%b-%y", "%b %-d, %Y", "%Y%m%d", "%d um %m%Y"]) {
                let _ = format.parse(&text, zone);
            }
            for format in [Format::Serial, Format::EpochSeconds, Format::EpochMillis] {
                let _ = format.parse(&text, zone);
            }
            let _ = decide(&[&text]);
            let _ = given(&text).map(|format| format.parse(&text, zone));
        }
    }

    /// The formats of dates that chrono writes in these ways.
    fn candidates_of(dates: &[&str]) -> Vec<Format> {
        let format = |date: &&str| match *date {
            "%d-%b-%y" | "%d %B %Y" | "%A, %d %b %Y" => Format::Dated(Written::Named(Order::DayFirst)),
            "%b %-d, %Y" => Format::Dated(Written::Named(Order::MonthFirst)),
            "%Y-%b-%d" => Format::Dated(Written::Named(Order::YearFirst)),
            date => given(&date.replace("%-", "%")).unwrap(),
        };
        dates.iter().map(format).collect()
    }
}
