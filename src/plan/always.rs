//! `{ value = "…" }`: a column that no dump has, the same in every row.

use chrono::NaiveTime;
use chrono::format::{Parsed, StrftimeItems, parse};
use toml::de::DeValue;

use super::dates;
use super::reader::Item;
use crate::schema::input::{InputColumn, Kind, SourceKind};

/// Columns that tell rows apart, or that are what is asked for: one value for all of them makes no sense.
const OWN: [(SourceKind, &str); 6] = [
    (SourceKind::Tickets, "ticket_id"),
    (SourceKind::Surveys, "survey_id"),
    (SourceKind::Surveys, "score"),
    (SourceKind::Staff, "staff_id"),
    (SourceKind::Actions, "action_id"),
    (SourceKind::Units, "units"),
];

/// Reads the value, as a cell would hold it.
pub fn read(kind: SourceKind, column: &InputColumn, item: &Item, format: Option<&str>) -> Option<String> {
    if OWN.contains(&(kind, column.name)) {
        let message = format!("`{}` cannot be the same in every row", column.name);
        item.problems.wrong(item.key_at.clone(), message, "one for all", "name the column that holds it");
        return None;
    }
    match (column.kind, item.raw()) {
        (Kind::Flag, DeValue::Boolean(flag)) => Some(flag.to_string()),
        (Kind::Flag, DeValue::String(text)) if matches!(text.as_ref(), "true" | "false") => Some(text.to_string()),
        (Kind::Flag, _) => {
            item.wrong_type("true or false");
            None
        }
        (Kind::Count, _) => count(item),
        (Kind::Time | Kind::Date, DeValue::Datetime(moment)) => time(&moment.to_string(), item, format),
        (Kind::Time | Kind::Date, _) => time(item.name()?, item, format),
        _ => Some(item.name()?.to_owned()),
    }
}

fn count(item: &Item) -> Option<String> {
    let number = match item.raw().as_str().and_then(|text| text.parse().ok()) {
        Some(number) => number,
        None => item.integer()?,
    };
    let fine = i32::try_from(number).is_ok_and(|number| number >= 0);
    if !fine {
        item.wrong(format!("{number} is no count"), "not a count", "write a whole number, zero or more");
    }
    fine.then(|| number.to_string())
}

fn time(text: &str, item: &Item, format: Option<&str>) -> Option<String> {
    let (fine, help) = match format {
        Some(format) => (fits(text, format), format!("write it as the format says, `{format}`")),
        None => (is_iso(text), "write 2026-06-30 or \"2026-06-30 17:30\", or add a `format`".to_owned()),
    };
    if !fine {
        item.wrong(format!("`{text}` is no date or time"), "not understood", help);
    }
    fine.then(|| text.to_owned())
}

/// `2026-06-30`, perhaps with a time of day after a blank or a `T`, without zone.
fn is_iso(text: &str) -> bool {
    let (date, time) = text.split_once(['T', ' ']).map_or((text, None), |(date, time)| (date, Some(time.trim_start())));
    let is_time = |time: &str| ["%H:%M", "%H:%M:%S%.f"].iter().any(|f| NaiveTime::parse_from_str(time, f).is_ok());
    dates::parse(date).is_some() && time.is_none_or(is_time)
}

/// Whether a text is a time of a format that has been checked.
fn fits(text: &str, format: &str) -> bool {
    // Halves of the day are written in Chinese, too.
    let text =
        if format.contains("%p") { text.replace("上午", "AM").replace("下午", "PM") } else { text.to_owned() };
    // What follows a point is a fraction of a second, however many digits it has.
    let format = format.replace(".%f", "%.f");
    let mut parsed = Parsed::new();
    parse(&mut parsed, &text, StrftimeItems::new(&format)).is_ok() && parsed.to_naive_date().is_ok()
}

#[cfg(test)]
mod tests {
    use super::{fits, is_iso};
    use crate::plan::testing::{SURVEYS, TICKETS, check, plan};
    use crate::plan::types::From;
    use crate::schema::input::SourceKind;

    fn with(columns: &str) -> Vec<String> {
        check(&format!("{TICKETS}{columns}\n"))
    }

    #[test]
    fn values_are_kept_as_cells_would_hold_them() {
        let value = |column: &str, value: &str| {
            let plan = plan(&format!("{TICKETS}{column} = {{ value = {value} }}\n"));
            match &plan.sources[&SourceKind::Tickets].mapping(column).unwrap().from {
                From::Always(value) => value.clone(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(value("region", "\" 华东 \""), "华东");
        assert_eq!(value("is_complaint", "true"), "true");
        assert_eq!(value("is_complaint", "\"false\""), "false");
        assert_eq!(value("visits", "1"), "1");
        assert_eq!(value("visits", "\"2\""), "2");
        assert_eq!(value("closed_at", "2026-06-30"), "2026-06-30");
        assert_eq!(value("closed_at", "2026-06-30T17:30:00"), "2026-06-30T17:30:00");
        assert_eq!(value("closed_at", "\"30.6.2026\", format = \"%d.%m.%Y\""), "30.6.2026");
    }

    #[test]
    fn values_must_fit_their_column() {
        let advice = "write 2026-06-30 or \"2026-06-30 17:30\", or add a `format`";
        assert_eq!(
            with(
                "region = { value = \"\" }\nis_complaint = { value = \"是\" }\nvisits = { value = -1 }\n\
                 closed_at = { value = \"30.6.2026\" }\n\
                 resolved_at = { value = \"2026-06-30\", format = \"%d.%m.%Y\" }\nstarted_at = { value = 08:30:00 }"
            ),
            [
                "6: `value` is empty | write something between the quotes, or remove it".to_owned(),
                "7: `value` must be true or false, not a string | ".to_owned(),
                "8: -1 is no count | write a whole number, zero or more".to_owned(),
                format!("9: `30.6.2026` is no date or time | {advice}"),
                "10: `2026-06-30` is no date or time | write it as the format says, `%d.%m.%Y`".to_owned(),
                format!("11: `08:30:00` is no date or time | {advice}"),
            ]
        );
    }

    #[test]
    fn rows_must_be_told_apart() {
        assert_eq!(
            check(&TICKETS.replace("\"单号\"", "{ value = \"1\" }")),
            ["4: `ticket_id` cannot be the same in every row | name the column that holds it"]
        );
        assert_eq!(check(&format!("{TICKETS}{}", SURVEYS.replace("\"单号\"", "{ value = \"1\" }"))), [""; 0]);
    }

    #[test]
    fn a_value_stands_alone() {
        let message =
            |key: &str, line: usize| format!("{line}: `{key}` makes no sense beside `value` | keep one of the two");
        assert_eq!(
            with(
                "region = { value = \"a\", column = \"b\" }\nbranch = { columns = [\"a\", \"b\"], join = \"-\", value = \
                 \"c\" }\nfault_codes = { value = \"a、b\", separator = \"、\" }"
            ),
            [message("column", 6), message("columns", 7), message("join", 7), message("separator", 8)]
        );
    }

    #[test]
    fn iso_times_have_no_zone() {
        for fine in ["2026-06-30", "2026-06-30 8:30", "2026-06-30T08:30:05", "2026-06-30 08:30:05.25"] {
            assert!(is_iso(fine), "{fine}");
        }
        for wrong in ["", "2026-06-31", "2026-06-30T", "2026-06-30 25:00", "2026-06-30T08:30Z", "2026-06-30 08:30 x"] {
            assert!(!is_iso(wrong), "{wrong}");
        }
    }

    #[test]
    fn formats_are_held_to() {
        for (text, format) in [
            ("2026年7月1日 8时30分", "%Y年%m月%d日 %H时%M分"),
            ("26-Aug-23", "%y-%b-%d"),
            ("1/7/2026 上午8:30", "%d/%m/%Y %p%I:%M"),
            ("20260701 083005.123", "%Y%m%d %H%M%S.%f"),
            ("2026-07-01 8", "%Y-%m-%d %H"),
        ] {
            assert!(fits(text, format), "{text} {format}");
        }
        assert!(!fits("2026-02-30", "%Y-%m-%d"));
        assert!(!fits("2026-07-01 24:00", "%Y-%m-%d %H:%M"));
    }
}
