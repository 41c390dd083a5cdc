//! The working calendars of the plan, laid out, and which of them counts for a row.

use chrono::NaiveDate;
use polars::prelude::*;

use super::when;
use crate::ingest::IngestError;
use crate::plan::{NamedCalendar, Plan};
use crate::time::calendar::Calendar;

/// All calendars in the order in which they are tried; the last one counts for every row that none before it does.
#[derive(Debug, Default)]
pub struct Calendars {
    laid: Vec<(String, Calendar)>,
}

impl Calendars {
    /// Lays them out for the days from the first to the last.
    pub fn new(plan: &Plan, first: NaiveDate, last: NaiveDate) -> Result<Self, IngestError> {
        let lay = |named: &NamedCalendar| {
            let calendar = Calendar::new(&named.spec, plan.review.time_zone, first, last);
            calendar.map(|calendar| (named.name.clone(), calendar)).map_err(|e| IngestError::Calendar(e.to_string()))
        };
        let laid = plan.calendars.iter().map(lay).collect::<Result<Vec<_>, _>>()?;
        if laid.is_empty() {
            return Err(IngestError::Calendar("the plan has none".to_owned()));
        }
        Ok(Self { laid })
    }

    /// The place of the calendar that counts for each row.
    pub fn choose(&self, rows: &DataFrame, plan: &Plan) -> PolarsResult<Vec<usize>> {
        if self.laid.len() == 1 {
            return Ok(vec![0; rows.height()]);
        }
        let found = when::first(rows, plan.calendars.iter().map(|calendar| calendar.when.as_slice()))?;
        Ok(found.into_iter().map(|place| place.unwrap_or(self.laid.len() - 1)).collect())
    }

    /// A calendar and its name; beyond the last place the last one.
    pub fn get(&self, place: usize) -> (&str, &Calendar) {
        let (name, calendar) = &self.laid[place.min(self.laid.len() - 1)];
        (name, calendar)
    }

    /// The calendar that counts where nothing else does.
    pub fn usual(&self) -> &Calendar {
        self.get(usize::MAX).1
    }

    /// The place of a calendar by its name; that of the last one where there is no such name.
    pub fn place(&self, name: Option<&str>) -> usize {
        self.laid.iter().position(|(known, _)| Some(known.as_str()) == name).unwrap_or(self.laid.len() - 1)
    }
}
