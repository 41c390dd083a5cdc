//! One row of a file becomes values, or a reason why it cannot.

use std::borrow::Cow;

use csv::StringRecord;
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_128;

use super::columns::Value;
use super::header::{Binding, LATEST, Reads};
use super::quality::{MISSING_KEY, OUT_OF_RANGE, OUTSIDE_CALENDAR, Rule, UNPARSEABLE, WRONG_FIELDS};
use super::values::number::{self, Score};
use super::values::time::Format;
use super::values::{codes, flag, text};
use crate::plan::{Plan, Source};
use crate::schema::input::SourceKind;
use crate::time::{self, Wall};

/// Why a row is set aside.
#[derive(Debug)]
pub struct Bad {
    /// Index of the binding; `None` where the whole row is meant.
    pub binding: Option<usize>,
    pub value: Option<String>,
    pub rule: &'static Rule,
    pub message: String,
}

/// Who a row is: rows of the same key are versions of one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    pub key: u128,
    /// Hash of all mapped values, typed: equal for the same row however it is written.
    pub content: u64,
    /// What `latest_by` says; 0 where the plan names no such column.
    pub version: i64,
}

/// What reading a row needs to know.
pub struct RowReader<'p> {
    source: &'p Source,
    plan: &'p Plan,
    pub bindings: Vec<Binding<'p>>,
    /// Fields that every row must have.
    width: usize,
    places: Places,
}

/// Where the columns stand that rows are told apart by or that others are made from.
#[derive(Debug)]
struct Places {
    key: Option<usize>,
    version: Option<usize>,
    customer: Option<usize>,
    name: Option<usize>,
    phone: Option<usize>,
    ticket: Option<usize>,
    staff: Option<usize>,
    evaluator: Option<usize>,
    answered: Option<usize>,
}

impl<'p> RowReader<'p> {
    pub fn new(source: &'p Source, plan: &'p Plan, bindings: Vec<Binding<'p>>, width: usize) -> Self {
        let place = |name: &str| bindings.iter().position(|b| b.name == name);
        let key = match source.kind {
            SourceKind::Tickets => "ticket_id",
            SourceKind::Surveys => "survey_id",
            SourceKind::Staff => "staff_id",
        };
        let places = Places {
            key: place(key),
            version: place(LATEST),
            customer: place("customer_id"),
            name: place("customer_name"),
            phone: place("customer_phone"),
            ticket: place("ticket_id"),
            staff: place("staff_id"),
            evaluator: place("evaluator"),
            answered: place("answered_at"),
        };
        Self { source, plan, bindings, width, places }
    }

    /// Reads a row into `values`, one a binding.
    pub fn read<'r>(&self, record: &'r StringRecord, values: &mut Vec<Value<'r>>) -> Result<(), Bad> {
        values.clear();
        if record.len() != self.width {
            let message = format!("the row has {} fields, the header has {}", record.len(), self.width);
            return Err(Bad { binding: None, value: None, rule: &WRONG_FIELDS, message });
        }
        for (index, binding) in self.bindings.iter().enumerate() {
            let cell = match binding.fields.as_slice() {
                [] => None,
                [field] => record.get(*field).and_then(|c| text::present(c, &self.source.missing)).map(Cow::Borrowed),
                fields => join(record, fields, binding.with, &self.source.missing),
            };
            values.push(match cell {
                None if binding.required => {
                    let message = format!("every row of {} needs `{}`", self.source.kind.name(), binding.name);
                    return Err(Bad { binding: Some(index), value: None, rule: &MISSING_KEY, message });
                }
                None => Value::Null,
                Some(cell) => self.value(binding, cell).map_err(|(rule, value, message)| Bad {
                    binding: Some(index),
                    value: Some(value),
                    rule,
                    message,
                })?,
            });
        }
        self.derive(values)
    }

    fn value<'r>(&self, binding: &Binding, cell: Cow<'r, str>) -> Result<Value<'r>, (&'static Rule, String, String)> {
        let unreadable = |cell: Cow<str>, what: &str| {
            let message = format!("`{}` expects {what}", binding.column());
            (&UNPARSEABLE, cell.into_owned(), message)
        };
        Ok(match &binding.reads {
            Reads::Text => Value::Text(cell),
            Reads::Category(translate) => match translate.and_then(|t| t.get(cell.as_ref())) {
                Some(ours) => Value::Text(Cow::Owned(ours.clone())),
                None => Value::Text(cell),
            },
            Reads::Time(format) => match format.as_ref().and_then(|f| f.parse(&cell)) {
                Some(wall) => self.known(wall, binding, &cell)?,
                None => return Err(unreadable(cell, &in_format("a time", format.as_ref().map(Format::describe)))),
            },
            Reads::Date(format) => match format.as_ref().and_then(|f| f.parse_date(&cell)) {
                Some(days) => Value::Int(i64::from(days)),
                None => return Err(unreadable(cell, &in_format("a date", format.as_ref().map(Format::describe_date)))),
            },
            Reads::Count => match number::count(&cell) {
                Some(count) => Value::Int(i64::from(count)),
                None => return Err(unreadable(cell, "a whole number, zero or more")),
            },
            Reads::Version => match number::version(&cell) {
                Some(version) => Value::Int(version),
                None => return Err(unreadable(cell, "a whole number")),
            },
            Reads::Flag => match flag::parse(&cell) {
                Some(yes) => Value::Int(i64::from(yes)),
                None => return Err(unreadable(cell, "yes or no")),
            },
            Reads::Codes(separator) => match codes::split(&cell, *separator).join(codes::JOINED) {
                joined if joined.is_empty() => Value::Null,
                joined => Value::Text(Cow::Owned(joined)),
            },
            Reads::Score(scale) => match number::score(&cell, &self.plan.scores.words, *scale) {
                Score::Points(thousandths) => Value::Int(i64::from(thousandths)),
                Score::Unreadable => {
                    return Err(unreadable(cell, "a number or one of the words in [scores] words"));
                }
                Score::OutOfRange => {
                    let message = format!("`{}` lies on the scale {}–{}", binding.column(), scale.0, scale.1);
                    return Err((&OUT_OF_RANGE, cell.into_owned(), message));
                }
            },
        })
    }

    /// Times of tickets feed the clocks, so their year must be one that the calendar knows.
    fn known<'r>(
        &self,
        wall: Wall,
        binding: &Binding,
        cell: &str,
    ) -> Result<Value<'r>, (&'static Rule, String, String)> {
        if self.source.kind == SourceKind::Tickets
            && let (Some(years), Some(date)) = (&self.plan.calendar.years, time::date_time(wall).map(|t| t.date()))
        {
            use chrono::Datelike;
            let year = date.year();
            if !years.contains(&year) && !self.plan.calendar.dates.contains_key(&date) {
                let message = format!(
                    "`{}` lies in {year}, and the calendar knows {}–{}; correct the date, or extend the calendar",
                    binding.name,
                    years.start(),
                    years.end()
                );
                return Err((&OUTSIDE_CALENDAR, cell.to_owned(), message));
            }
        }
        Ok(Value::Int(wall))
    }

    /// Fills the columns that a row gets from its other columns.
    fn derive(&self, values: &mut [Value]) -> Result<(), Bad> {
        let at = &self.places;
        let text = |values: &[Value], place: Option<usize>| place.and_then(|p| values[p].text().map(ToOwned::to_owned));
        match self.source.kind {
            SourceKind::Tickets => {
                if let Some(customer) = at.customer.filter(|c| values[*c] == Value::Null) {
                    let (name, phone) = (text(values, at.name), text(values, at.phone));
                    if name.is_some() || phone.is_some() {
                        values[customer] = Value::Text(Cow::Owned(pseudonym(name.as_deref(), phone.as_deref())));
                    }
                }
            }
            SourceKind::Surveys => {
                let missing = |place: Option<usize>| place.is_none_or(|p| values[p] == Value::Null);
                if missing(at.ticket) && missing(at.staff) {
                    let message = "a survey needs `ticket_id` or `staff_id`".to_owned();
                    return Err(Bad { binding: at.ticket.or(at.staff), value: None, rule: &MISSING_KEY, message });
                }
                if let Some(id) = at.key.filter(|k| values[*k] == Value::Null) {
                    let answered = at.answered.and_then(|p| values[p].int()).and_then(time::date_time);
                    let parts = [
                        text(values, at.ticket).or_else(|| text(values, at.staff)).unwrap_or_default(),
                        text(values, at.evaluator).unwrap_or_default(),
                        answered.map_or_else(String::new, |t| t.format("%Y-%m-%dT%H:%M:%S").to_string()),
                    ];
                    values[id] = Value::Text(Cow::Owned(parts.join("/")));
                }
            }
            SourceKind::Staff => {}
        }
        Ok(())
    }

    /// The identity of an accepted row, and the whole hash of its values. `scratch` is reused from row to row.
    pub fn identify(&self, values: &[Value], scratch: &mut Vec<u8>) -> (Identity, u128) {
        scratch.clear();
        for value in values {
            match value {
                Value::Null => scratch.push(0),
                Value::Text(text) => {
                    scratch.push(1);
                    scratch.extend(text.as_bytes());
                    scratch.push(0xFF);
                }
                Value::Int(number) => {
                    scratch.push(2);
                    scratch.extend(number.to_le_bytes());
                }
            }
        }
        let key = self.places.key.and_then(|p| values[p].text()).unwrap_or_default();
        let version = self.places.version.and_then(|p| values[p].int()).unwrap_or_default();
        let hash = xxh3_128(scratch);
        // Rows of one key are compared, so half of the hash tells them apart; a key must be unique among all.
        let content = (hash >> 64) as u64;
        (Identity { key: xxh3_128(key.as_bytes()), content, version }, hash)
    }
}

/// What a time cell must look like.
fn in_format(what: &str, format: Option<String>) -> String {
    format.map_or_else(|| what.to_owned(), |f| format!("{what} like {f}, the format of this column of the file"))
}

fn join<'r>(record: &'r StringRecord, fields: &[usize], with: &str, missing: &[String]) -> Option<Cow<'r, str>> {
    let parts: Vec<&str> =
        fields.iter().filter_map(|f| record.get(*f)).filter_map(|c| text::present(c, missing)).collect();
    (!parts.is_empty()).then(|| Cow::Owned(parts.join(with)))
}

/// A customer number for dumps without one: the same name and phone give the same number. It keeps names and phones out of
/// sight; it is no encryption, for whoever knows a name and a phone can compute their number.
fn pseudonym(name: Option<&str>, phone: Option<&str>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(name.unwrap_or_default());
    hasher.update([0]);
    hasher.update(phone.unwrap_or_default());
    let hex = hex::encode(hasher.finalize());
    format!("C-{}", &hex[..12])
}
