//! `fact_units`: how many units of which model were in the field when.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};
use polars::prelude::*;

use super::{Moment, frame};
use crate::ingest::header::CARRY;
use crate::ingest::{IngestError, Loaded};
use crate::schema::facts::units::IS_LAST;
use crate::time::period::{Period, PeriodKind};
use crate::time::wall;

/// All counts up to the moment; later ones are left out of the account. `carry` are the columns that the plan carries along.
pub fn derive(loaded: &mut Loaded, carry: &[String], moment: Moment) -> Result<DataFrame, IngestError> {
    let mut frames = Vec::new();
    for (place, batch) in std::mem::take(&mut loaded.batches).into_iter().enumerate() {
        let batch = batch.load()?;
        let days = frame::days(&batch, "counted_on")?;
        let happened = |day: &Option<i32>| {
            let at = day.and_then(NaiveDate::from_epoch_days).map(|day| wall(day.and_time(NaiveTime::MIN)));
            at.is_some_and(|at| at <= moment.as_of)
        };
        let keep: Vec<bool> = days.iter().map(happened).collect();
        let left_out = keep.iter().filter(|keep| !**keep).count() as u64;
        let account = &mut loaded.files[loaded.batch_file[place]].account;
        account.left_out += left_out;
        account.used -= left_out;
        frames.push(batch.filter_seq(&BooleanChunked::from_slice(PlSmallStr::EMPTY, &keep))?);
    }
    Ok(shape(&frame::stack(frames)?, carry, moment)?)
}

/// The fact of these rows.
fn shape(rows: &DataFrame, carry: &[String], moment: Moment) -> PolarsResult<DataFrame> {
    let (models, lines) = (frame::texts(rows, "product_model")?, frame::texts(rows, "product_line")?);
    let (days, units) = (frame::days(rows, "counted_on")?, frame::ints(rows, "units")?);
    let day = |row: usize| days[row].and_then(NaiveDate::from_epoch_days);
    let name = |kind: PeriodKind| {
        let names = (0..rows.height()).map(|row| day(row).map(|day| Period::of(kind, day).to_string()));
        names.collect::<Vec<Option<String>>>()
    };
    let (months, periods) = (name(PeriodKind::Month), name(moment.period.kind));
    let mut last: HashMap<[Option<&str>; 3], usize> = HashMap::new();
    for row in 0..rows.height() {
        let known = last.entry([models[row], lines[row], months[row].as_deref()]).or_insert(row);
        // Of the same day the later row.
        if days[row] >= days[*known] {
            *known = row;
        }
    }
    let is_last = |row: usize| Some(last.get(&[models[row], lines[row], months[row].as_deref()]) == Some(&row));
    let mut columns = vec![
        frame::strings("product_model", models.iter().copied()),
        frame::strings("product_line", lines.iter().copied()),
        frame::dates("counted_on", days.clone()),
        frame::integers("units", units),
        frame::strings("month", months.iter().map(Option::as_deref)),
        frame::strings("period", periods.iter().map(Option::as_deref)),
        frame::flags(IS_LAST, (0..rows.height()).map(is_last).collect()),
    ];
    for name in carry {
        let texts = frame::texts(rows, &format!("{CARRY}{name}"))?;
        columns.push(frame::strings(name, texts));
    }
    DataFrame::new(rows.height(), columns)
}
