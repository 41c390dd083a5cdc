//! The text of one cell becomes a value of its column.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::ingest::columns::Value;
use crate::ingest::header::{Binding, Reads};
use crate::ingest::read::Native;
use crate::ingest::values::number::{self, Score};
use crate::ingest::values::time::Format;
use crate::ingest::values::{codes, flag, time as written};
use crate::plan::{NamedCalendar, Plan};
use crate::schema::facts::{action, status};
use crate::schema::input::SourceKind;
use crate::schema::rules::{OUT_OF_RANGE, OUTSIDE_CALENDAR, Rule, UNKNOWN_VALUE, UNPARSEABLE};
use crate::schema::shared::JOINED;
use crate::time::{self, Wall};

/// A cell that breaks a rule.
pub struct Wrong<'r> {
    pub rule: &'static Rule,
    /// The cell as written.
    pub cell: Cow<'r, str>,
    pub message: String,
    /// What the row has where the rule is no error.
    pub instead: Value<'r>,
}

impl<'r> Wrong<'r> {
    pub fn unknown_value(cell: Cow<'r, str>, instead: Value<'r>, place: &str) -> Self {
        let message = format!("{place} does not name this value");
        Wrong { rule: &UNKNOWN_VALUE, cell, message, instead }
    }
}

/// What the value of a cell depends on besides its text.
pub struct Context<'c, 'p> {
    pub plan: &'p Plan,
    pub kind: SourceKind,
    pub binding: &'c Binding<'p>,
    pub native: Native,
}

impl Context<'_, '_> {
    /// Whether we know what a status of the source means.
    fn knows(&self, word: &str) -> bool {
        if self.kind == SourceKind::Actions { action::state(word).is_some() } else { status::is_known(word) }
    }

    pub fn value<'r>(&self, cell: Cow<'r, str>) -> Result<Value<'r>, Wrong<'r>> {
        let zone = self.plan.review.time_zone;
        if self.native == Native::Formula {
            let what = "a value, and the formula has none stored: open the workbook in Excel and save it";
            return Err(self.unreadable(cell, what));
        }
        match &self.binding.reads {
            Reads::Text | Reads::Category(None) => Ok(Value::Text(cell)),
            Reads::Category(Some(translate)) => match known(translate, cell) {
                Ok(value) => Ok(value),
                Err(cell) => Err(self.unlisted(cell)),
            },
            Reads::Status(translate) => {
                // A word that we do not know counts as open, which moves figures: it must not pass in silence.
                match translate.map(|t| known(t, cell.clone())) {
                    Some(Ok(value)) => Ok(value),
                    _ if self.knows(&cell) => Ok(Value::Text(cell)),
                    _ => Err(self.unlisted(cell)),
                }
            }
            Reads::Time(format) => match self.moment(format.as_ref(), &cell, zone) {
                Some(wall) => self.known_year(wall, cell),
                None => Err(self.unreadable(cell, &in_format("a time", format.as_ref().map(Format::describe)))),
            },
            Reads::Date(format) => match self.moment(format.as_ref(), &cell, zone) {
                Some(wall) => Ok(Value::Int(wall.div_euclid(86_400 * time::MICROS))),
                None => Err(self.unreadable(cell, &in_format("a date", format.as_ref().map(Format::describe_date)))),
            },
            Reads::Count => number::count(&cell)
                .map(|count| Value::Int(i64::from(count)))
                .ok_or_else(|| self.unreadable(cell, "a whole number, zero or more")),
            Reads::Version(format) => {
                let version = match format {
                    Some(_) => self.moment(format.as_ref(), &cell, zone),
                    None => number::version(&cell),
                };
                version.map(Value::Int).ok_or_else(|| self.unreadable(cell, "a whole number, or a time throughout"))
            }
            Reads::Flag => flag::parse(&cell)
                .map(|yes| Value::Int(i64::from(yes)))
                .ok_or_else(|| self.unreadable(cell, "yes or no")),
            Reads::Codes(separator) => Ok(match codes::split(&cell, *separator).join(JOINED) {
                joined if joined.is_empty() => Value::Null,
                joined => Value::Text(Cow::Owned(joined)),
            }),
            Reads::Score(scale) => match number::score(&cell, &self.plan.scores.words, *scale) {
                Score::Points(thousandths) => Ok(Value::Int(i64::from(thousandths))),
                Score::Unreadable => Err(self.unreadable(cell, "a number or one of the words in [scores] words")),
                Score::OutOfRange => {
                    let message = format!("`{}` lies on the scale {}–{}", self.binding.column(), scale.0, scale.1);
                    Err(Wrong { rule: &OUT_OF_RANGE, cell, message, instead: Value::Null })
                }
            },
        }
    }

    /// A moment as the column's format has it; cells that a spreadsheet holds as dates or numbers need no format.
    fn moment(&self, format: Option<&Format>, cell: &str, zone: chrono_tz::Tz) -> Option<Wall> {
        match self.native {
            Native::Time => Format::native().parse(cell, zone),
            Native::Number => format.and_then(|f| f.parse(cell, zone)).or_else(|| written::serial(cell)),
            Native::Text | Native::Formula => format?.parse(cell, zone),
        }
    }

    fn unreadable<'r>(&self, cell: Cow<'r, str>, what: &str) -> Wrong<'r> {
        let message = format!("`{}` expects {what}", self.binding.column());
        Wrong { rule: &UNPARSEABLE, cell, message, instead: Value::Null }
    }

    fn unlisted<'r>(&self, cell: Cow<'r, str>) -> Wrong<'r> {
        let place = format!("[sources.{}.values.{}]", self.kind.name(), self.binding.column());
        let instead = Value::Text(cell.clone());
        Wrong::unknown_value(cell, instead, &place)
    }

    /// Times of tickets and pauses feed the clocks, so their year must be one that the calendar knows.
    fn known_year<'r>(&self, wall: Wall, cell: Cow<'r, str>) -> Result<Value<'r>, Wrong<'r>> {
        if let Some((calendar, date)) = stranger(self.plan, self.kind, wall) {
            let years = calendar.spec.known_years();
            let message = format!(
                "`{}` lies in {}, and the calendar knows {}–{}; correct the date, or extend the calendar",
                self.binding.name,
                date.year(),
                years.start(),
                years.end()
            );
            return Err(Wrong { rule: &OUTSIDE_CALENDAR, cell, message, instead: Value::Null });
        }
        Ok(Value::Int(wall))
    }
}

/// The calendar that a time of tickets or pauses lies outside of, and its date.
pub fn stranger(plan: &Plan, kind: SourceKind, wall: Wall) -> Option<(&NamedCalendar, NaiveDate)> {
    if !matches!(kind, SourceKind::Tickets | SourceKind::Pauses) {
        return None;
    }
    let date = time::date_time(wall)?.date();
    plan.calendars.iter().find(|calendar| !calendar.spec.knows(date)).map(|calendar| (calendar, date))
}

/// Our word for theirs; the cell again where the plan names it neither as theirs nor as ours.
fn known<'r>(translate: &BTreeMap<String, String>, cell: Cow<'r, str>) -> Result<Value<'r>, Cow<'r, str>> {
    match translate.get(cell.as_ref()) {
        Some(ours) => Ok(Value::Text(Cow::Owned(ours.clone()))),
        None if translate.values().any(|ours| *ours == cell) => Ok(Value::Text(cell)),
        None => Err(cell),
    }
}

/// What a time cell must look like.
fn in_format(what: &str, format: Option<String>) -> String {
    format.map_or_else(|| what.to_owned(), |f| format!("{what} like {f}, the format of this column of the file"))
}
