//! `fact_action`: improvement measures as of the moment.

use chrono::{Days, NaiveDate};
use polars::prelude::*;

use super::calendars::Calendars;
use super::{Moment, frame};
use crate::ingest::header::CARRY;
use crate::ingest::{IngestError, Loaded};
use crate::schema::facts::action::{CLOSED, DONE, NOT_STARTED, UNDER_WAY, VERIFYING, is_open, state};
use crate::schema::shared::JOINED;
use crate::time::{Wall, date_time, wall};

/// One improvement measure.
#[derive(Debug, Clone, Default)]
pub struct Action {
    id: String,
    /// `measure`, `department`, `owner`.
    said: [Option<String>; 3],
    target: Option<String>,
    /// The parts of the target, in each way in which it may be read.
    aims: Vec<Vec<String>>,
    created: Option<NaiveDate>,
    due: Option<NaiveDate>,
    state: Option<&'static str>,
    completed: Option<NaiveDate>,
    verified: Option<NaiveDate>,
    overdue: Option<i32>,
    carried: Vec<Option<String>>,
}

const SAID: [&str; 3] = ["measure", "department", "owner"];

/// All measures that had been decided on, sorted by number.
#[derive(Debug, Default)]
pub struct Actions {
    pub all: Vec<Action>,
}

impl Actions {
    /// Reads them; those of later days are left out of the account. `carry` are the columns that the plan carries along.
    pub fn read(
        loaded: &mut Loaded,
        carry: &[String],
        calendars: &Calendars,
        moment: Moment,
    ) -> Result<Self, IngestError> {
        let today = date_time(moment.as_of).map_or(NaiveDate::MAX, |at| at.date());
        let mut all = Vec::new();
        for (place, batch) in std::mem::take(&mut loaded.batches).into_iter().enumerate() {
            let before = all.len();
            let batch = batch.load()?;
            read(&batch, carry, &mut all)?;
            let left_out =
                all.extract_if(before.., |action: &mut Action| action.created.is_some_and(|day| day > today));
            let account = &mut loaded.files[loaded.batch_file[place]].account;
            let left_out = left_out.count() as u64;
            account.left_out += left_out;
            account.used -= left_out;
        }
        for action in &mut all {
            action.settle(calendars, today);
        }
        all.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { all })
    }

    /// Those of a `fact_action`, as far as calls ask for them.
    pub fn of(fact: &DataFrame) -> PolarsResult<Self> {
        let (ids, targets) = (frame::texts(fact, "action_id")?, frame::texts(fact, "target")?);
        let completed = frame::days(fact, "completed_on")?;
        let one = |row: usize| Action {
            id: ids[row].unwrap_or_default().to_owned(),
            target: targets[row].map(ToOwned::to_owned),
            aims: aims(targets[row].unwrap_or_default()),
            completed: completed[row].and_then(NaiveDate::from_epoch_days),
            ..Action::default()
        };
        Ok(Self { all: (0..fact.height()).map(one).collect() })
    }

    /// `fact_action`; without columns where there is no source of measures.
    pub fn frame(&self, carry: &[String]) -> PolarsResult<DataFrame> {
        let all = || self.all.iter();
        let days = |of: fn(&Action) -> Option<NaiveDate>| all().map(|a| of(a).map(|day| day.to_epoch_days())).collect();
        let mut columns = vec![
            frame::strings("action_id", all().map(|a| Some(a.id.as_str()))),
            frame::strings("target", all().map(|a| a.target.as_deref())),
        ];
        for (place, name) in SAID.into_iter().enumerate() {
            columns.push(frame::strings(name, all().map(|a| a.said[place].as_deref())));
        }
        columns.extend([
            frame::dates("created_on", days(|a| a.created)),
            frame::dates("due_on", days(|a| a.due)),
            frame::strings("state", all().map(|a| a.state)),
            frame::dates("completed_on", days(|a| a.completed)),
            frame::dates("verified_on", days(|a| a.verified)),
            frame::flags("is_open", all().map(|a| Some(a.is_open())).collect()),
            frame::integers("overdue_workdays", all().map(|a| a.overdue).collect()),
            frame::flags("is_late", all().map(|a| a.overdue.map(|days| days > 0)).collect()),
        ]);
        for (place, name) in carry.iter().enumerate() {
            columns.push(frame::strings(name, all().map(|a| a.carried.get(place).and_then(Option::as_deref))));
        }
        DataFrame::new(self.all.len(), columns)
    }
}

fn read(batch: &DataFrame, carry: &[String], all: &mut Vec<Action>) -> PolarsResult<()> {
    let texts = |name: &str| frame::texts(batch, name);
    let (ids, targets, states) = (texts("action_id")?, texts("target")?, texts("status")?);
    let said: Vec<Vec<Option<&str>>> = SAID.into_iter().map(texts).collect::<PolarsResult<_>>()?;
    let carried = carry.iter().map(|column| texts(&format!("{CARRY}{column}")));
    let carried: Vec<Vec<Option<&str>>> = carried.collect::<PolarsResult<_>>()?;
    let [created, due, completed, verified] =
        ["created_on", "due_on", "completed_on", "verified_on"].map(|name| frame::days(batch, name));
    let (created, due, completed, verified) = (created?, due?, completed?, verified?);
    let due_days = frame::ints(batch, "due_days")?;
    for row in 0..batch.height() {
        let own = |text: Option<&str>| text.map(ToOwned::to_owned);
        let day = |days: &[Option<i32>]| days[row].and_then(NaiveDate::from_epoch_days);
        all.push(Action {
            id: own(ids[row]).unwrap_or_default(),
            said: [0, 1, 2].map(|place: usize| own(said[place][row])),
            target: own(targets[row]),
            aims: aims(targets[row].unwrap_or_default()),
            created: day(&created),
            due: day(&due),
            state: states[row].and_then(state),
            completed: day(&completed),
            verified: day(&verified),
            // How many working days it may take, until `settle` counts them.
            overdue: due_days[row],
            carried: carried.iter().map(|column| own(column[row])).collect(),
        });
    }
    Ok(())
}

impl Action {
    fn is_open(&self) -> bool {
        self.state.is_none_or(is_open)
    }

    /// Forgets what happened later, and counts working days.
    fn settle(&mut self, calendars: &Calendars, today: NaiveDate) {
        let calendar = calendars.usual();
        let days = self.overdue.take();
        if self.due.is_none()
            && let (Some(created), Some(days)) = (self.created, days)
        {
            self.due = calendar.workday_after(created, days);
        }
        let was = self.state;
        let verified_later = self.verified.is_some_and(|day| day > today);
        self.verified = self.verified.filter(|day| *day <= today);
        let completed_later = self.completed.is_some_and(|day| day > today);
        self.completed = self.completed.filter(|day| *day <= today);
        let by_days = match (self.completed, self.verified) {
            (_, Some(_)) => CLOSED,
            (Some(_), None) => DONE,
            (None, None) => UNDER_WAY,
        };
        self.state = Some(match was {
            Some(DONE | VERIFYING | CLOSED) | None if completed_later => UNDER_WAY,
            Some(CLOSED) if verified_later => VERIFYING,
            // Without a day of its own a state stays as the latest row has it.
            Some(state) => state,
            None if self.created.is_none() && by_days == UNDER_WAY => NOT_STARTED,
            None => by_days,
        });
        let last = self.completed.unwrap_or(today);
        let due = self.due.filter(|_| self.completed.is_some() || self.is_open());
        self.overdue = due.map(|due| i32::try_from(calendar.workdays_between(due, last)).unwrap_or(i32::MAX));
    }

    /// Whether it is to improve what a ticket was about: every part of its target is the ticket's model, its line or one of its
    /// faults.
    pub fn is_about(&self, model: Option<&str>, line: Option<&str>, faults: Option<&str>) -> bool {
        let codes = || faults.into_iter().flat_map(|codes| codes.split(JOINED));
        let is = |part: &str| model == Some(part) || line == Some(part) || codes().any(|code| code == part);
        self.aims.iter().any(|parts| parts.iter().all(|part| is(part)))
    }

    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// The moment from which on it was completed: the end of the day.
    pub fn completed_at(&self) -> Option<Wall> {
        let next = self.completed?.checked_add_days(Days::new(1))?;
        Some(wall(next.and_time(chrono::NaiveTime::MIN)))
    }
}

/// The parts of a target: as a whole, split at signs, and split at blanks, too. A name may hold either.
fn aims(target: &str) -> Vec<Vec<String>> {
    const SIGNS: &[char] = &['×', '*', '/', '、', '+', '＋'];
    const BLANKS: &[char] = &['×', '*', '/', '、', '+', '＋', ' ', '\u{3000}'];
    let split = |at: &[char]| {
        let parts = target.split(at).map(str::trim).filter(|part| !part.is_empty());
        parts.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let mut aims = vec![split(&[]), split(SIGNS), split(BLANKS)];
    aims.retain(|parts| !parts.is_empty());
    aims.dedup();
    aims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_models_and_faults_in_any_writing() {
        let about = |target: &str| {
            let action = Action { aims: aims(target), ..Action::default() };
            action.is_about(Some("KX-300"), Some("净水机"), Some("漏水;噪音大"))
        };
        for target in ["漏水", "KX-300", "KX-300×漏水", "漏水 KX-300", "KX-300 × 漏水", "净水机/噪音大", " 漏水 "]
        {
            assert!(about(target), "{target}");
        }
        for target in ["", "×", "KX-200×漏水", "KX-300×不通电", "服务态度", "KX-30"] {
            assert!(!about(target), "{target}");
        }
    }
}
