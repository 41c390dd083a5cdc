//! What must be known of all surveys before the first one is derived: what customers said of the tickets that others have scored,
//! too, and the flags of the reviewed period.

use std::collections::{HashMap, HashSet};

use polars::prelude::*;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::answered::by_customer;
use super::beside::{Beside, CUSTOMER, PHONE};
use super::{Context, frame, surveys};
use crate::ingest::batch::ROW;
use crate::ingest::flags::{self, Found};
use crate::ingest::header::SCORE;
use crate::ingest::ordered::ordered;
use crate::ingest::{Kept, keys};
use crate::time::wall;

/// What is known beforehand.
#[derive(Debug, Default)]
pub struct Ahead {
    /// Dimensions in the order of the columns.
    dimensions: Vec<String>,
    /// Customers' answers, by place of the ticket and dimension.
    answers: HashMap<(usize, usize), Sum>,
    /// Flags of the used surveys of each batch.
    flags: Vec<Vec<Found>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    thousandths: i64,
    answers: i64,
}

/// Columns that tell whether a survey is used, by whom it is, and of whom.
const TELLING: [&str; 7] =
    [ROW, "survey_id", "ticket_id", "staff_id", "evaluator", "answered_at", "suggestion_answered_at"];

/// What one batch tells.
struct Told {
    /// Place of the ticket, of the dimension, and score.
    answers: Vec<(usize, usize, i32)>,
    /// Of the reviewed period, with the places of these surveys among the used ones.
    surveys: flags::Surveys,
    places: Vec<usize>,
    used: usize,
}

impl Ahead {
    /// Looks through all surveys.
    pub fn look(batches: &[Kept], beside: &Beside, context: &Context) -> PolarsResult<Self> {
        let Some(first) = batches.first() else { return Ok(Self::default()) };
        let shape = first.shape()?;
        let named = shape.get_column_names_owned();
        let dimensions: Vec<String> =
            named.iter().filter_map(|name| name.strip_prefix(SCORE)).map(ToOwned::to_owned).collect();
        let others = others(batches, &shape, context)?;
        let columns = TELLING.into_iter().map(ToOwned::to_owned);
        let columns = columns.chain(dimensions.iter().map(|name| format!("{SCORE}{name}")));
        let columns: Vec<String> = columns.filter(|name| frame::has(&shape, name)).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let work = |place: usize| tell(batches[place].only(&columns)?, &dimensions, &others, beside, context);

        let mut ahead = Self::default();
        let mut all = flags::Surveys { dimensions: dimensions.len(), ..flags::Surveys::default() };
        let mut places = Vec::new();
        ordered(batches.len(), work, |batch, told| {
            for (place, dimension, score) in told.answers {
                let sum = ahead.answers.entry((place, dimension)).or_default();
                sum.thousandths += i64::from(score);
                sum.answers += 1;
            }
            ahead.flags.push(vec![0; told.used]);
            places.extend(told.places.into_iter().map(|place| (batch, place)));
            all.extend(told.surveys);
            Ok(())
        })?;
        ahead.dimensions = dimensions;
        for ((batch, place), found) in places.into_iter().zip(flags::find(&all, &context.plan.integrity)) {
            ahead.flags[batch][place] = found;
        }
        Ok(ahead)
    }

    /// The flags of a used survey of a batch.
    pub fn flags(&self, batch: usize, survey: usize) -> Found {
        self.flags.get(batch).and_then(|flags| flags.get(survey)).copied().unwrap_or_default()
    }

    /// A score − the mean of the customers' for the same ticket and dimension, which is rounded half up.
    pub fn gap(&self, place: usize, dimension: &str, score: i32) -> Option<i32> {
        let dimension = self.dimensions.iter().position(|own| own == dimension)?;
        let sum = self.answers.get(&(place, dimension))?;
        let mean = (2 * sum.thousandths + sum.answers).div_euclid(2 * sum.answers);
        i32::try_from(i64::from(score) - mean).ok()
    }
}

/// The tickets that somebody else than a customer has scored, where the plan tells customers from others.
fn others(batches: &[Kept], shape: &DataFrame, context: &Context) -> PolarsResult<HashSet<u128>> {
    if context.plan.scores.customers.is_empty() || !frame::has(shape, "evaluator") {
        return Ok(HashSet::new());
    }
    let others = |batch: &Kept| {
        let batch = batch.only(&["ticket_id", "evaluator"])?;
        let (ids, evaluators) = (frame::texts(&batch, "ticket_id")?, frame::texts(&batch, "evaluator")?);
        let inside = ids.into_iter().zip(evaluators);
        let inside = inside.filter(|(_, who)| who.is_some() && !by_customer(context.plan, *who));
        Ok(inside.filter_map(|(id, _)| id.map(keys::of)).collect())
    };
    let others: Vec<PolarsResult<Vec<u128>>> = batches.par_iter().map(others).collect();
    Ok(others.into_iter().collect::<PolarsResult<Vec<_>>>()?.into_iter().flatten().collect())
}

fn tell(
    batch: DataFrame,
    dimensions: &[String],
    others: &HashSet<u128>,
    beside: &Beside,
    context: &Context,
) -> PolarsResult<Told> {
    let surveys::Used { batch, tickets, .. } = surveys::used(batch, beside, context)?;
    let answered = frame::micros(&batch, "answered_at")?;
    let evaluators = frame::texts(&batch, "evaluator")?;
    let ids = frame::texts(&batch, "ticket_id")?;
    let own = frame::texts(&batch, "staff_id")?;
    let theirs = frame::texts(&tickets.frame, "staff_id")?;
    let (customers, phones) = (frame::longs_of(&tickets.frame, CUSTOMER)?, frame::longs_of(&tickets.frame, PHONE)?);
    let ended = frame::ended(&tickets.frame)?;
    let scores = dimensions.iter().map(|name| frame::ints(&batch, &format!("{SCORE}{name}")));
    let scores: Vec<Vec<Option<i32>>> = scores.collect::<PolarsResult<_>>()?;

    let hash = |text: &str| xxh3_64(text.as_bytes());
    let midnight = |day: chrono::NaiveDate| wall(day.and_time(chrono::NaiveTime::MIN));
    let period = context.moment.period;
    let reviewed = midnight(period.first_day())..midnight(period.end());
    let mut told = Told {
        answers: Vec::new(),
        surveys: flags::Surveys { dimensions: dimensions.len(), ..flags::Surveys::default() },
        places: Vec::new(),
        used: batch.height(),
    };
    for row in 0..batch.height() {
        let customer = by_customer(context.plan, evaluators[row]);
        if let (Some(place), true) = (tickets.places[row], customer)
            && ids[row].is_some_and(|id| others.contains(&keys::of(id)))
        {
            let given = scores.iter().enumerate().filter_map(|(dimension, scores)| Some((dimension, scores[row]?)));
            told.answers.extend(given.map(|(dimension, score)| (place, dimension, score)));
        }
        let Some(at) = answered[row].filter(|at| reviewed.contains(at)) else { continue };
        told.places.push(row);
        let found = &mut told.surveys;
        found.answered.push(at);
        found.staff.push(own[row].or(theirs[row]).map(hash));
        found.customer.push(customers[row].map(i64::cast_unsigned));
        found.phone.push(phones[row].map(i64::cast_unsigned));
        found.ended.push(ended[row]);
        found.ticket.push(tickets.places[row].and_then(|place| u32::try_from(place).ok()));
        found.by_customer.push(customer);
        found.scores.extend(scores.iter().map(|scores| scores[row]));
    }
    Ok(told)
}
