//! `dim_date`: the calendar laid out day by day.

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use super::frame;
use crate::time::calendar::Calendar;
use crate::time::period::{Period, PeriodKind};

/// One row per date from `first` to `last`. Dates in years that the calendar does not know are left out.
pub fn derive(calendar: &Calendar, first: NaiveDate, last: NaiveDate) -> PolarsResult<DataFrame> {
    let spec = calendar.spec();
    let days: Vec<NaiveDate> = first.iter_days().take_while(|d| *d <= last).filter(|d| calendar.knows(*d)).collect();
    let name = |kind: PeriodKind| days.iter().map(|d| Period::of(kind, *d).to_string()).collect::<Vec<_>>();
    let (quarters, months) = (name(PeriodKind::Quarter), name(PeriodKind::Month));
    let working = |d: &NaiveDate| spec.hours_on(*d).iter().map(|s| i64::from(s.to) - i64::from(s.from)).sum::<i64>();
    let weekday = |d: &NaiveDate| i32::try_from(d.weekday().number_from_monday()).ok();
    let explicit = |d: &NaiveDate| spec.dates.contains_key(d);
    DataFrame::new(
        days.len(),
        vec![
            frame::dates("date", days.iter().map(|d| Some(d.to_epoch_days())).collect()),
            frame::integers("year", days.iter().map(|d| Some(d.year())).collect()),
            frame::strings("quarter", quarters.iter().map(|q| Some(q.as_str()))),
            frame::strings("month", months.iter().map(|m| Some(m.as_str()))),
            frame::integers("weekday", days.iter().map(weekday).collect()),
            frame::flags("is_workday", days.iter().map(|d| Some(calendar.is_open_day(*d))).collect()),
            frame::flags("is_holiday", days.iter().map(|d| Some(spec.holidays.contains(d) && !explicit(d))).collect()),
            frame::flags("is_makeup", days.iter().map(|d| Some(spec.makeup.contains_key(d) && !explicit(d))).collect()),
            frame::longs("working_seconds", days.iter().map(|d| Some(working(d))).collect()),
        ],
    )
}
