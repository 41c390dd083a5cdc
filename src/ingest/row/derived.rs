//! What a row gets from its other columns, and the key by which it is known.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_128;

use super::Bad;
use crate::ingest::columns::{Dictionary, Value};
use crate::ingest::header::{Binding, LATEST};
use crate::ingest::keys;
use crate::schema::input::SourceKind;
use crate::schema::rules::MISSING_KEY;
use crate::time;

/// Where the columns stand that rows are told apart by or that others are made from.
#[derive(Debug)]
pub struct Places {
    /// Columns that make up the key.
    key: Vec<usize>,
    version: Option<usize>,
    customer: Option<usize>,
    name: Option<usize>,
    phone: Option<usize>,
    ticket: Option<usize>,
    staff: Option<usize>,
    evaluator: Option<usize>,
    answered: Option<usize>,
    survey: Option<usize>,
}

impl Places {
    pub fn of(kind: SourceKind, bindings: &[Binding]) -> Self {
        let place = |name: &str| bindings.iter().position(|b| b.name == name);
        let key: &[&str] = match kind {
            SourceKind::Tickets => &["ticket_id"],
            // A ticket waits once at a time for one reason, or gets one status.
            SourceKind::Pauses => &["ticket_id", "paused_at", "reason", "event_at", "status"],
            SourceKind::Surveys => &["survey_id"],
            SourceKind::Staff => &["staff_id"],
            SourceKind::Actions => &["action_id"],
            SourceKind::Units => &["product_model", "product_line", "counted_on"],
        };
        Self {
            key: key.iter().filter_map(|name| place(name)).collect(),
            version: place(LATEST),
            customer: place("customer_id"),
            name: place("customer_name"),
            phone: place("customer_phone"),
            ticket: place("ticket_id"),
            staff: place("staff_id"),
            evaluator: place("evaluator"),
            answered: place("answered_at"),
            survey: place("survey_id"),
        }
    }

    pub fn version(&self, values: &[Value]) -> i64 {
        self.version.and_then(|p| values[p].int()).unwrap_or_default()
    }

    /// Whether all of the key is among the values read so far, and says something.
    pub fn has_key(&self, values: &[Value]) -> bool {
        let said = |place: &usize| values.get(*place).is_some_and(|value| *value != Value::Null);
        !self.key.is_empty() && self.key.iter().all(said)
    }

    /// The hash of the key; of a long survey the dimension is part of it.
    pub fn key(
        &self,
        values: &[Value],
        dimension: Option<&str>,
        dictionary: &Dictionary,
        scratch: &mut Vec<u8>,
    ) -> u128 {
        if let ([place], None) = (self.key.as_slice(), dimension) {
            return keys::of(values[*place].text(dictionary).unwrap_or_default());
        }
        scratch.clear();
        for place in &self.key {
            match &values[*place] {
                Value::Text(text) => scratch.extend(text.as_bytes()),
                Value::Word(code) => scratch.extend(dictionary.text(*code).as_bytes()),
                Value::Int(number) => scratch.extend(number.to_le_bytes()),
                Value::Null => {}
            }
            scratch.push(0xFF);
        }
        scratch.extend(dimension.unwrap_or_default().as_bytes());
        xxh3_128(scratch)
    }

    /// The column that alone makes up the key.
    pub fn only_key(&self) -> Option<usize> {
        match self.key.as_slice() {
            [place] => Some(*place),
            _ => None,
        }
    }

    /// Whether a row is complete as it stands, by the columns without a value, a bit each: nothing has to be derived, and
    /// nothing is missing that it could not be derived from.
    pub fn complete(&self, kind: SourceKind, nulls: u64) -> bool {
        let null = |place: usize| nulls >> place & 1 == 1;
        match kind {
            SourceKind::Tickets => !self.customer.is_some_and(null),
            SourceKind::Surveys => {
                let without = |place: Option<usize>| place.is_none_or(null);
                !(without(self.ticket) && without(self.staff) || self.survey.is_some_and(null))
            }
            SourceKind::Pauses | SourceKind::Staff | SourceKind::Actions | SourceKind::Units => true,
        }
    }

    /// Fills the columns that a row gets from its other columns. True where there are such.
    pub fn derive(&self, kind: SourceKind, values: &mut [Value], dictionary: &Dictionary) -> Result<bool, Bad> {
        let text = |values: &[Value], place: Option<usize>| {
            place.and_then(|p| values[p].text(dictionary).map(ToOwned::to_owned))
        };
        match kind {
            SourceKind::Tickets => {
                if let Some(customer) = self.customer.filter(|c| values[*c] == Value::Null) {
                    let (name, phone) = (text(values, self.name), text(values, self.phone));
                    if name.is_some() || phone.is_some() {
                        values[customer] = Value::Text(Cow::Owned(pseudonym(name.as_deref(), phone.as_deref())));
                        return Ok(true);
                    }
                }
            }
            SourceKind::Surveys => {
                let missing = |place: Option<usize>| place.is_none_or(|p| values[p] == Value::Null);
                if missing(self.ticket) && missing(self.staff) {
                    let message = "a survey needs `ticket_id` or `staff_id`".to_owned();
                    return Err(Bad { binding: self.ticket.or(self.staff), value: None, rule: &MISSING_KEY, message });
                }
                if let Some(id) = self.survey.filter(|k| values[*k] == Value::Null) {
                    let answered = self.answered.and_then(|p| values[p].int()).and_then(time::date_time);
                    let parts = [
                        text(values, self.ticket).or_else(|| text(values, self.staff)).unwrap_or_default(),
                        text(values, self.evaluator).unwrap_or_default(),
                        answered.map_or_else(String::new, |t| t.format("%Y-%m-%dT%H:%M:%S").to_string()),
                    ];
                    values[id] = Value::Text(Cow::Owned(parts.join("/")));
                    return Ok(true);
                }
            }
            SourceKind::Pauses | SourceKind::Staff | SourceKind::Actions | SourceKind::Units => {}
        }
        Ok(false)
    }
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
