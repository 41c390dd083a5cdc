//! What defects are set against: tickets, or units in the field.

use std::collections::BTreeMap;

use polars::prelude::PolarsResult;

use super::Defect;
use crate::metrics::Context;
use crate::metrics::context::Span;
use crate::plan::Level;
use crate::schema::facts::units::IS_LAST;
use crate::tally::Counted;

/// What defects are set against, period by period.
#[derive(Debug, Default)]
pub struct Exposure {
    /// All tickets.
    tickets: BTreeMap<Span, u64>,
    units: Option<Units>,
}

#[derive(Debug, Default)]
struct Units {
    /// By line and model, the last count of each month.
    counts: BTreeMap<(String, String), BTreeMap<String, u64>>,
    /// The last month of each period.
    ends: BTreeMap<Span, String>,
}

impl Exposure {
    /// `units` are those in the field, where they set defects against them.
    pub fn new(context: &Context, tickets: &Counted, units: Option<&Counted>) -> PolarsResult<Self> {
        let mut all: BTreeMap<Span, u64> = BTreeMap::new();
        for (month, rows) in tickets.texts("month")?.into_iter().zip(tickets.sums("rows")?) {
            for span in context.spans(month) {
                *all.entry(span).or_default() += rows;
            }
        }
        Ok(Self { tickets: all, units: units.map(|units| Units::new(context, units)).transpose()? })
    }

    /// All tickets of a period; none where it has none.
    pub fn tickets(&self, span: &Span) -> Option<u64> {
        self.tickets.get(span).copied().filter(|tickets| *tickets > 0)
    }

    /// The exposure of a defect in a period; none where nothing was counted.
    pub fn of(&self, span: &Span, level: &Level, defect: &Defect) -> Option<u64> {
        match &self.units {
            None => self.tickets(span),
            Some(units) => units.of(span, level, defect),
        }
    }
}

impl Units {
    fn new(context: &Context, counted: &Counted) -> PolarsResult<Self> {
        let mut counts: BTreeMap<(String, String), BTreeMap<String, u64>> = BTreeMap::new();
        let texts = ["product_line", "product_model", "month", IS_LAST].map(|name| counted.texts(name));
        let [lines, models, months, last] = texts;
        let (lines, models, months, last, sums) = (lines?, models?, months?, last?, counted.sums("units")?);
        for row in (0..counted.len()).filter(|row| last[*row] == "true") {
            let key = (lines[row].to_owned(), models[row].to_owned());
            *counts.entry(key).or_default().entry(months[row].to_owned()).or_default() += sums[row];
        }
        let mut ends = BTreeMap::new();
        for (month, _) in &context.months {
            // Months come in the order of time, so the last one stays.
            ends.extend(context.spans(month).into_iter().map(|span| (span, month.clone())));
        }
        Ok(Self { counts, ends })
    }

    /// The units of the defect's model and line, as far as the level has them, in their last counts up to the end of a period.
    fn of(&self, span: &Span, level: &Level, defect: &Defect) -> Option<u64> {
        let end = self.ends.get(span)?;
        let part = |name: &str| level.iter().position(|own| *own == name).map(|place| defect[place].as_str());
        let (line, model) = (part("product_line"), part("product_model"));
        let own = |(of_line, of_model): &(String, String)| {
            line.is_none_or(|line| line == of_line) && model.is_none_or(|model| model == of_model)
        };
        let last = |counts: &BTreeMap<String, u64>| counts.range(..=end.clone()).next_back().map(|(_, n)| *n);
        let found = self.counts.iter().filter(|(key, _)| own(key)).filter_map(|(_, counts)| last(counts));
        Some(found.sum()).filter(|units| *units > 0)
    }
}
