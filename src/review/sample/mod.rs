//! A round of calls: whom of the customers of a period to ask how the service was.
//!
//! Customers are drawn without replacement in three strata. The order in which they are drawn is that of the SHA-256 of
//! `seed/period/customer number`, so whoever knows the seed can check a round, and it stays the same however the dumps are
//! split or sorted.

mod gather;
mod sheet;

use std::path::Path;

use polars::prelude::*;

use self::gather::{Asked, Customer, Gather};
pub use self::sheet::{Sheet, label as stratum_label};
use super::{Dumps, Moment, Read, Request, ReviewError, Stage, Watch, read, verdict};
use crate::ingest::Shelf;
use crate::ingest::facts::Deriving;
use crate::plan::Plan;
use crate::publish;
use crate::stats::stratified::{at_least, filled, quotas};

/// The strata in the order in which a customer is put into one, and in which they stand in for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stratum {
    /// Of a tier that matters most.
    Vip,
    /// With a complaint in the period.
    Complaint,
    Other,
}

impl Stratum {
    pub const ALL: [Self; 3] = [Self::Vip, Self::Complaint, Self::Other];
}

/// Customers of the period by stratum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub customers: u64,
    /// None of their tickets in the period is finished.
    pub unfinished: u64,
    /// They have answered a survey lately.
    pub asked: u64,
    /// How many the round wants, and how many it has of them, whatever stratum they stand in for.
    pub wanted: u64,
    pub drawn: u64,
}

/// A round of calls.
#[derive(Debug)]
pub struct Round {
    pub moment: Moment,
    pub seed: i64,
    /// By stratum.
    pub counts: [Count; 3],
    /// `[wanted][from]`: how many of one stratum stand in for another.
    pub drawn: [[u64; 3]; 3],
    /// Tickets of the period that name no customer.
    pub nameless: u64,
    /// The list for those who call.
    pub sheet: Sheet,
}

/// Draws a round of calls from the customers of a period. Nothing is written.
///
/// # Errors
/// As for [`super::check`], and a period whose tickets name no customer.
pub fn sample(plan: &Plan, request: &Request, seed: Option<i64>, watch: &dyn Watch) -> Result<Round, ReviewError> {
    let aside = std::env::temp_dir();
    let Read { mut dumps, moment } = read(plan, request, &aside, watch).map_err(|stop| stop.error)?;
    watch.stage(Stage::Derive);
    let seed = seed.unwrap_or(plan.follow_up.seed);
    let period = moment.period.to_string();
    let gather = gathered(&mut dumps, plan, moment, seed, &aside)?;
    verdict::tolerable(plan, &dumps)?;
    let reaches = gather.reaches(&period);
    let Asked { customers, recently, nameless, mut pieces } = gather.finish();
    if customers.is_empty() {
        return Err(if reaches { ReviewError::NoCustomers(period) } else { ReviewError::NothingIn(period) });
    }
    let mut counts = [Count::default(); 3];
    let mut callable: [Vec<(u128, (usize, IdxSize))>; 3] = Default::default();
    for (key, customer) in customers {
        let stratum = customer.stratum() as usize;
        let count = &mut counts[stratum];
        count.customers += 1;
        let Customer { hash, ticket, .. } = customer;
        match ticket {
            None => count.unfinished += 1,
            Some(_) if recently.contains(&hash) => count.asked += 1,
            Some(ticket) => callable[stratum].push((key, ticket.row())),
        }
    }
    for own in &mut callable {
        own.sort_unstable();
    }

    let all: u64 = counts.iter().map(|count| count.customers).sum();
    let follow_up = &plan.follow_up;
    let (vip, complaint) = (follow_up.vip_share, follow_up.complaint_share);
    let wanted = quotas(at_least(follow_up.share, all), [vip, complaint, 1.0 - vip - complaint]);
    let drawn = filled(wanted, callable.each_ref().map(|own| own.len() as u64));
    let mut queues = callable.map(Vec::into_iter);
    let mut chosen = Vec::new();
    for (quota, from) in (0..3).flat_map(|quota| (0..3).map(move |step| (quota, (quota + step) % 3))) {
        let called = usize::try_from(drawn[quota][from]).unwrap_or_default();
        let rows = queues[from].by_ref().take(called);
        chosen.extend(rows.map(|(_, row)| (Stratum::ALL[from], Stratum::ALL[quota], row)));
    }
    for (place, count) in counts.iter_mut().enumerate() {
        count.wanted = wanted[place];
        count.drawn = drawn.iter().map(|quota| quota[place]).sum();
    }
    let sheet = Sheet::of(plan, seed, &chosen, &mut pieces)?;
    Ok(Round { moment, seed, counts, drawn, nameless, sheet })
}

/// Writes the list of a round; one that is there already is only replaced if `replace` says so.
///
/// # Errors
/// The folder cannot be written, or the file is there already.
pub fn save_calls(path: &Path, round: &Round, replace: bool) -> Result<(), ReviewError> {
    Ok(publish::calls::save(path, &round.sheet.header, &round.sheet.rows, replace)?)
}

fn gathered<'a>(
    dumps: &mut Dumps,
    plan: &'a Plan,
    moment: Moment,
    seed: i64,
    aside: &Path,
) -> Result<Gather<'a>, ReviewError> {
    let shelf = Shelf::new(aside);
    let gather = Gather::new(plan, moment, seed, shelf.clone());
    let derived = Deriving::new(dumps, plan, moment)?.run(&shelf, &gather)?;
    verdict::nothing_lost(dumps, &gather.passed(), derived.pauses_used())?;
    Ok(gather)
}
