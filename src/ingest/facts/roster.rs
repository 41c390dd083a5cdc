//! The staff roster, and the tenure of its members at any day.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use polars::prelude::*;

use super::{Moment, frame};
use crate::ingest::header::CARRY;
use crate::ingest::rules::Named;
use crate::ingest::{IngestError, Loaded};
use crate::plan::{Plan, TenureBand};
use crate::schema::input::SourceKind;
use crate::time::{date_time, tenure};

/// One member of staff.
#[derive(Debug, Default, Clone)]
pub struct Member {
    pub id: String,
    pub name: Option<String>,
    pub team: Option<String>,
    pub position: Option<String>,
    pub hired_on: Option<NaiveDate>,
    pub left_on: Option<NaiveDate>,
    /// A band that the dump gives ready-made.
    pub band: Option<String>,
    /// What the plan carries along, in its order.
    pub carried: Vec<Option<String>>,
}

/// All members, sorted by number.
#[derive(Debug, Default)]
pub struct Roster {
    members: Vec<Member>,
    by_id: HashMap<String, usize>,
}

impl Roster {
    /// `carry` are the columns that the plan carries along.
    pub fn read(loaded: &mut Loaded, carry: &[String]) -> Result<Self, IngestError> {
        let mut sorted = BTreeMap::new();
        for batch in std::mem::take(&mut loaded.batches) {
            let batch = batch.load()?;
            let id = frame::texts(&batch, "staff_id")?;
            let name = frame::texts(&batch, "staff_name")?;
            let team = frame::texts(&batch, "team")?;
            let position = frame::texts(&batch, "position")?;
            let band = frame::texts(&batch, "tenure_band")?;
            let hired = frame::days(&batch, "hired_on")?;
            let left = frame::days(&batch, "left_on")?;
            let carried: Vec<Vec<Option<&str>>> = carry
                .iter()
                .map(|column| frame::texts(&batch, &format!("{CARRY}{column}")))
                .collect::<PolarsResult<_>>()?;
            for row in 0..batch.height() {
                let Some(id) = id[row] else { continue };
                let own = |text: Option<&str>| text.map(ToOwned::to_owned);
                let date = |days: Option<i32>| days.and_then(NaiveDate::from_epoch_days);
                let member = Member {
                    id: id.to_owned(),
                    name: own(name[row]),
                    team: own(team[row]),
                    position: own(position[row]),
                    hired_on: date(hired[row]),
                    left_on: date(left[row]),
                    band: own(band[row]),
                    carried: carried.iter().map(|column| own(column[row])).collect(),
                };
                sorted.insert(id.to_owned(), member);
            }
        }
        let members: Vec<Member> = sorted.into_values().collect();
        let by_id = members.iter().enumerate().map(|(i, m)| (m.id.clone(), i)).collect();
        Ok(Self { members, by_id })
    }

    pub fn get(&self, id: &str) -> Option<&Member> {
        self.by_id.get(id).map(|i| &self.members[*i])
    }

    /// The staff of a row, as rules see them. Without a roster nobody is unknown.
    pub fn named<'a>(&self, id: Option<&'a str>) -> Named<'a> {
        let member = id.and_then(|id| self.get(id));
        Named { id, known: self.is_empty() || member.is_some(), hired_on: member.and_then(|m| m.hired_on) }
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// `dim_staff`.
    pub fn frame(&self, plan: &Plan, moment: Moment) -> PolarsResult<DataFrame> {
        let today = date_time(moment.as_of).map(|t| t.date());
        let last_day = |m: &Member| today.map(|t| m.left_on.map_or(t, |left| left.min(t)));
        let tenures: Vec<(Option<i32>, Option<&str>)> =
            self.members.iter().map(|m| last_day(m).map_or((None, None), |d| m.tenure(d, &plan.tenure))).collect();
        let days = |date: Option<NaiveDate>| date.map(|d| d.to_epoch_days());
        let members = || self.members.iter();
        let carry = plan.carried(SourceKind::Staff);
        let mut frame = DataFrame::new(
            self.members.len(),
            vec![
                frame::strings("staff_id", members().map(|m| Some(m.id.as_str()))),
                frame::strings("staff_name", members().map(|m| m.name.as_deref())),
                frame::strings("team", members().map(|m| m.team.as_deref())),
                frame::strings("position", members().map(|m| m.position.as_deref())),
                frame::dates("hired_on", members().map(|m| days(m.hired_on)).collect()),
                frame::dates("left_on", members().map(|m| days(m.left_on)).collect()),
                frame::integers("tenure_months", tenures.iter().map(|t| t.0).collect()),
                frame::strings("tenure_band", tenures.iter().map(|t| t.1)),
            ],
        )?;
        for (place, column) in carry.iter().enumerate() {
            let texts = members().map(|m| m.carried.get(place).and_then(Option::as_deref));
            frame.with_column(frame::strings(column, texts))?;
        }
        Ok(frame)
    }
}

impl Member {
    /// Completed months and band at a day; nothing before the first day of work.
    pub fn tenure<'a>(&'a self, day: NaiveDate, bands: &'a [TenureBand]) -> (Option<i32>, Option<&'a str>) {
        let months = self.hired_on.map(|hired| tenure::completed_months(hired, day)).filter(|m| *m >= 0);
        let band = self.band.as_deref().or_else(|| {
            months
                .and_then(|m| bands.iter().find(|b| b.from_months <= m && b.to_months.is_none_or(|to| m < to)))
                .map(|b| b.name.as_str())
        });
        (months, band)
    }
}
