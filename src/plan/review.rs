//! `[review]`: what is reviewed, as of when, and for whom.

use chrono_tz::{TZ_VARIANTS, Tz};
use toml::de::DeValue;

use super::dates;
use super::near::nearest;
use super::reader::{Item, Section};
use super::types::{AsOf, BelongsBy, Review};
use crate::schema::Language;
use crate::time::period::PeriodKind;

/// Further off than this is a slip of the pen.
const MAX_DAYS: u32 = 3660;

pub fn read(mut section: Section) -> Review {
    let language = section.get("language").and_then(|item| item.choice(&[("zh", Language::Zh), ("en", Language::En)]));
    let language = language.unwrap_or_default();
    let title = section.get("title").and_then(|item| item.name()).unwrap_or(match language {
        Language::Zh => "售后服务质量评审",
        Language::En => "After-sales quality review",
    });
    let periods = PeriodKind::ALL.map(|kind| (kind.name(), kind));
    let review = Review {
        title: title.to_owned(),
        period: section.get("period").and_then(|item| item.choice(&periods)).unwrap_or(PeriodKind::Quarter),
        time_zone: section.get("time_zone").and_then(|item| time_zone(&item)).unwrap_or(Tz::Asia__Shanghai),
        language,
        belongs_by: section.get("belongs_by").and_then(|item| belongs_by(&item)).unwrap_or_default(),
        as_of: section.get("as_of").and_then(|item| as_of(&item)).unwrap_or(AsOf::AfterPeriod { days: 0 }),
    };
    section.finish();
    review
}

fn time_zone(item: &Item) -> Option<Tz> {
    let name = item.name()?;
    let zone = name.parse().ok();
    if zone.is_none() {
        let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
        let city = |zone: &str| zone.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name));
        let help = match nearest(name, names()).or_else(|| names().find(|zone| city(zone))) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "time zones are named like `Asia/Shanghai`; China has no other".to_owned(),
        };
        item.wrong(format!("unknown time zone `{name}`"), "not known", help);
    }
    zone
}

fn belongs_by(item: &Item) -> Option<BelongsBy> {
    let by = item.choice(&[
        ("requested", BelongsBy::Requested),
        ("due", BelongsBy::Due),
        ("resolved", BelongsBy::Resolved),
    ])?;
    if by != BelongsBy::Requested {
        item.wrong(
            "tickets belong to the period of their request in this version",
            "not done by this version",
            "write \"requested\", or leave `belongs_by` out",
        );
    }
    Some(by)
}

fn as_of(item: &Item) -> Option<AsOf> {
    let text = match item.raw() {
        DeValue::Datetime(moment) => moment.to_string(),
        _ => item.name()?.to_owned(),
    };
    let as_of = match text.strip_prefix('+') {
        Some(days) => days_after(days).map(|days| AsOf::AfterPeriod { days }),
        None => dates::parse(&text).map(AsOf::EndOf),
    };
    if as_of.is_none() {
        item.wrong(
            format!("`{text}` is no moment to look from"),
            "not understood",
            format!("write a date, \"2026-10-07\", or days after the end of the period, \"+7d\", up to {MAX_DAYS}"),
        );
    }
    as_of
}

fn days_after(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('d').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().filter(|days| *days <= MAX_DAYS)
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{check, plan};
    use crate::plan::types::AsOf;

    #[test]
    fn the_title_speaks_the_language_of_the_review() {
        assert_eq!(plan("[review]\nlanguage = \"en\"\n").review.title, "After-sales quality review");
        assert_eq!(plan("").review.title, "售后服务质量评审");
    }

    #[test]
    fn as_of_is_a_date_or_days_after_the_period() {
        let as_of = |value: &str| plan(&format!("[review]\nas_of = {value}\n")).review.as_of;
        let day = AsOf::EndOf(chrono::NaiveDate::from_ymd_opt(2026, 10, 7).unwrap());
        assert_eq!(as_of("\"2026-10-07\""), day);
        assert_eq!(as_of("2026-10-07"), day);
        assert_eq!(as_of("\"+7d\""), AsOf::AfterPeriod { days: 7 });
        for wrong in ["7d", "+7", "+d", "+-7d", "+99999999999d", "+3661d", "2026-10-32", "now"] {
            let message = format!(
                "2: `{wrong}` is no moment to look from | write a date, \"2026-10-07\", or days after the end of the \
                 period, \"+7d\", up to 3660"
            );
            assert_eq!(check(&format!("[review]\nas_of = \"{wrong}\"\n")), [message]);
        }
    }

    #[test]
    fn unknown_words_are_told_with_the_known_ones() {
        assert_eq!(
            check("[review]\nperiod = \"quater\"\nlanguage = \"cn\"\ntitel = \"x\"\ntitle = \" \"\n"),
            [
                "2: `period` cannot be `quater` | did you mean `quarter`?",
                "3: `language` cannot be `cn` | known here: zh, en",
                "4: unknown key `titel` in [review] | did you mean `title`?",
                "5: `title` is empty | write something between the quotes, or remove it",
            ]
        );
    }

    #[test]
    fn time_zones_are_found_by_near_names_and_cities() {
        let unknown = |name: &str| check(&format!("[review]\ntime_zone = \"{name}\"\n")).concat();
        assert_eq!(unknown("Asia/Shangai"), "2: unknown time zone `Asia/Shangai` | did you mean `Asia/Shanghai`?");
        assert_eq!(unknown("shanghai"), "2: unknown time zone `shanghai` | did you mean `Asia/Shanghai`?");
        assert_eq!(
            unknown("北京时间"),
            "2: unknown time zone `北京时间` | time zones are named like `Asia/Shanghai`; China has no other"
        );
    }

    #[test]
    fn only_requested_decides_the_period_in_this_version() {
        assert_eq!(
            check("[review]\nbelongs_by = \"due\"\n"),
            ["2: tickets belong to the period of their request in this version | \
              write \"requested\", or leave `belongs_by` out"]
        );
    }

    #[test]
    fn types_are_told() {
        assert_eq!(check("review = 3\n"), ["1: `review` must be a table, not a whole number | "]);
        assert_eq!(
            check("[review]\ntitle = 5\nperiod = [\"month\"]\n"),
            ["2: `title` must be a string, not a whole number | ", "3: `period` must be a string, not a list | "]
        );
    }
}
