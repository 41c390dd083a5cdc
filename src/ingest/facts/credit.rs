//! To whom a row is credited: name, team and tenure of its staff on its day.

use polars::prelude::*;

use super::{Context, frame};
use crate::time::{Wall, date_time};

/// The columns that a staff number brings along.
pub struct Credit<'a> {
    names: Vec<Option<&'a str>>,
    teams: Vec<Option<&'a str>>,
    months: Vec<Option<i32>>,
    bands: Vec<Option<&'a str>>,
}

impl<'a> Credit<'a> {
    /// `names` is what the dump itself says, where the roster knows no better.
    pub fn of(
        staff: &[Option<&'a str>],
        names: &[Option<&'a str>],
        days: &[Option<Wall>],
        context: &Context<'a>,
    ) -> Self {
        let rows = staff.len();
        let mut credit = Self {
            names: Vec::with_capacity(rows),
            teams: Vec::with_capacity(rows),
            months: Vec::with_capacity(rows),
            bands: Vec::with_capacity(rows),
        };
        for row in 0..rows {
            let member = staff[row].and_then(|id| context.roster.get(id));
            let day = days[row].and_then(date_time).map(|t| t.date());
            let (months, band) = match (member, day) {
                (Some(member), Some(day)) => member.tenure(day, &context.plan.tenure),
                _ => (None, None),
            };
            credit.names.push(member.and_then(|m| m.name.as_deref()).or(names[row]));
            credit.teams.push(member.and_then(|m| m.team.as_deref()));
            credit.months.push(months);
            credit.bands.push(band);
        }
        credit
    }

    /// Name, and with a roster team and tenure: without one nobody has them, and nothing is to be split by them.
    pub fn columns(self, context: &Context) -> PolarsResult<Vec<Column>> {
        let mut columns = vec![frame::categories("staff_name", self.names)?];
        if !context.roster.is_empty() {
            columns.push(frame::categories("team", self.teams)?);
            columns.push(frame::integers("tenure_months", self.months));
            columns.push(frame::categories("tenure_band", self.bands)?);
        }
        Ok(columns)
    }
}
