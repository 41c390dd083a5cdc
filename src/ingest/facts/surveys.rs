//! `fact_survey`: one row per survey, credited to a member of staff.

use polars::prelude::*;
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::credit::Credit;
use super::{Context, clocks, frame, scores, survey_clocks};
use crate::ingest::header::SCORE;
use crate::ingest::rules::{self, Bench, Moments, Odd, Survey, Verdict};
use crate::ingest::{IngestError, Loaded};
use crate::schema::facts::SURVEY;
use crate::time::Wall;

/// A moment that did not happen.
const NEVER: Wall = Wall::MIN;

/// Answers to `overall` of one ticket.
#[derive(Debug, Default, Clone, Copy)]
pub struct Answers {
    pub answers: i32,
    pub thousandths: i64,
}

/// Answers to `overall` by row of `fact_ticket`.
pub type Overall = Vec<Answers>;

pub struct Surveys {
    /// `fact_survey`.
    pub answered: DataFrame,
    /// `fact_score`.
    pub scores: DataFrame,
    pub overall: Overall,
}

pub fn derive(loaded: &mut Loaded, tickets: &DataFrame, context: &Context) -> Result<Surveys, IngestError> {
    let side = TicketSide::new(tickets)?;
    let batches = std::mem::take(&mut loaded.batches);
    let derived: Vec<PolarsResult<Derived>> =
        batches.into_par_iter().with_max_len(1).map(|batch| derive_batch(batch, &side, tickets, context)).collect();
    let mut overall = vec![Answers::default(); tickets.height()];
    let (mut surveys, mut scores) = (Vec::new(), Vec::new());
    for (derived, file) in derived.into_iter().zip(&loaded.batch_file) {
        let derived = derived?;
        let report = &mut loaded.files[*file];
        report.account.left_out += derived.left_out;
        report.account.used -= derived.left_out;
        report.latest = report.latest.max(derived.latest);
        derived.verdict.settle(report, &mut loaded.quarantine);
        for (ticket, score) in derived.overall {
            let sum = &mut overall[ticket as usize];
            sum.answers += 1;
            sum.thousandths += i64::from(score);
        }
        surveys.push(derived.surveys);
        scores.push(derived.scores);
    }
    rules::fetch_raw(loaded)?;
    Ok(Surveys { answered: frame::stack(surveys)?, scores: frame::stack(scores)?, overall })
}

/// What one batch of surveys comes to.
struct Derived {
    surveys: DataFrame,
    scores: DataFrame,
    /// Row of the ticket and its answer to `overall`.
    overall: Vec<(IdxSize, i32)>,
    left_out: u64,
    latest: Option<Wall>,
    verdict: Verdict,
}

fn derive_batch(batch: DataFrame, side: &TicketSide, tickets: &DataFrame, context: &Context) -> PolarsResult<Derived> {
    let before = batch.height();
    let batch = super::tickets::happened(batch, "answered_at", context.moment.as_of)?;
    let batch = forget_later(batch, context)?;
    let left_out = (before - batch.height()) as u64;
    let verdict = judged(&batch, side, context)?;
    let batch = verdict.filter(batch)?;
    let found = side.find(&frame::texts(&batch, "ticket_id")?);
    let latest = frame::micros(&batch, "answered_at")?.into_iter().flatten().max();
    let answers = frame::ints(&batch, &format!("{SCORE}overall"))?;
    let overall = found.iter().zip(answers).filter_map(|(ticket, score)| Some(((*ticket)?, score?))).collect();
    let survey = frame::publishable(one_batch(batch, &found, side, tickets, context)?)?;
    let scores = scores::melt(&survey)?;
    let columns: Vec<Column> = survey.columns().iter().filter(|c| !c.name().starts_with(SCORE)).cloned().collect();
    let surveys = DataFrame::new(survey.height(), columns)?;
    Ok(Derived { surveys, scores, overall, left_out, latest, verdict })
}

fn judged(batch: &DataFrame, side: &TicketSide, context: &Context) -> PolarsResult<Verdict> {
    let answered = frame::micros(batch, "answered_at")?;
    let tickets = frame::texts(batch, "ticket_id")?;
    let staff = frame::texts(batch, "staff_id")?;
    let found = side.find(&tickets);
    let (replied, calendar) = (frame::micros(batch, "suggestion_answered_at")?, context.calendars.usual());
    let rows = (0..batch.height()).map(|row| Survey {
        // Every survey has been answered: the readers demand it.
        answered: answered[row].unwrap_or_default(),
        ticket_id: tickets[row],
        ticket: found[row].map(|t| side.moments(t)),
        staff: context.roster.named(staff[row]),
        within: context.plan.quality.survey_within,
        odd: Odd::among(&[("answered_at", answered[row]), ("suggestion_answered_at", replied[row])], calendar),
    });
    let bench = Bench::of(batch, "survey_id")?;
    Ok(rules::judge(&rules::of_surveys(), rows, &bench, context.plan))
}

fn one_batch(
    mut batch: DataFrame,
    found: &[Option<IdxSize>],
    side: &TicketSide,
    tickets: &DataFrame,
    context: &Context,
) -> PolarsResult<DataFrame> {
    let answered = frame::micros(&batch, "answered_at")?;
    let (month, period) = super::tickets::periods(&answered, context)?;
    let ids = frame::texts(&batch, "ticket_id")?;
    let ticket_found =
        frame::flags("ticket_found", ids.iter().zip(found).map(|(n, f)| n.map(|_| f.is_some())).collect());

    let ticket = |row: usize| found[row].map(|t| t as usize);
    let own_staff = frame::texts(&batch, "staff_id")?;
    let rows = 0..batch.height();
    let days: Vec<Option<Wall>> = rows.clone().map(|r| ticket(r).map(|t| side.moments[t][0]).or(answered[r])).collect();
    let staff: Vec<Option<&str>> =
        rows.clone().map(|r| own_staff[r].or_else(|| ticket(r).and_then(|t| side.staff[t]))).collect();
    let names: Vec<Option<&str>> =
        rows.map(|r| if own_staff[r].is_some() { None } else { ticket(r).and_then(|t| side.names[t]) }).collect();
    let credit = Credit::of(&staff, &names, &days, context);
    let staff = frame::categories("staff_id", staff)?;
    let dimensions = (0..batch.height())
        .map(|row| {
            let scored = batch.columns().iter().filter(|c| c.name().starts_with(SCORE));
            i32::try_from(scored.filter(|c| c.get(row).is_ok_and(|v| !v.is_null())).count()).ok()
        })
        .collect();
    let credit = credit.columns(context)?;
    let week = super::tickets::weeks(&answered)?;
    let own = [month, period, week, ticket_found, staff, frame::integers("dimensions", dimensions)];
    for column in own.into_iter().chain(credit) {
        batch.with_column(column)?;
    }
    with_tickets(batch, found, tickets, context)
}

/// What the surveys take over from their tickets, and their clocks.
fn with_tickets(
    mut batch: DataFrame,
    found: &[Option<IdxSize>],
    tickets: &DataFrame,
    context: &Context,
) -> PolarsResult<DataFrame> {
    let plan = context.plan;
    let mut wanted = survey_clocks::of_tickets(plan);
    wanted.extend(scores::OF_TICKET);
    wanted.push(TIMELINESS);
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|column| frame::has(tickets, column));
    let index = IdxCa::from_iter_options(PlSmallStr::EMPTY, found.iter().copied());
    let theirs = tickets.select(wanted)?.take(&index)?;
    let bench = clocks::Bench { plan, calendars: context.calendars, as_of: context.moment.as_of };
    let mut columns = Vec::new();
    for read in survey_clocks::read(&batch, &theirs, bench)? {
        columns.extend(read.columns()?);
    }
    columns.extend(timeliness(&batch, &theirs, context)?);
    // The channel of a survey is another thing than that of its ticket, which the facts tell.
    if frame::has(&batch, "channel") {
        batch = batch.drop("channel")?;
    }
    columns.extend(scores::OF_TICKET.into_iter().filter_map(|name| theirs.column(name).ok().cloned()));
    for column in columns {
        batch.with_column(column)?;
    }
    Ok(batch)
}

const TIMELINESS: &str = "timeliness_thousandths";

/// Our timeliness score beside the evaluator's own, where the survey has both and its evaluator counts.
fn timeliness(batch: &DataFrame, theirs: &DataFrame, context: &Context) -> PolarsResult<Vec<Column>> {
    let how = &context.plan.timeliness;
    let dimension = format!("{SCORE}{}", how.dimension);
    if !frame::has(batch, &dimension) || !frame::has(theirs, TIMELINESS) {
        return Ok(Vec::new());
    }
    let (own, ours) = (frame::ints(batch, &dimension)?, frame::ints(theirs, TIMELINESS)?);
    let evaluators = frame::texts(batch, "evaluator")?;
    let counts = |row: usize| {
        how.evaluators.is_empty() || evaluators[row].is_some_and(|one| how.evaluators.iter().any(|e| e == one))
    };
    let pairs: Vec<Option<(i32, i32)>> =
        (0..batch.height()).map(|row| ours[row].zip(own[row]).filter(|_| counts(row))).collect();
    let gap = |pair: &Option<(i32, i32)>| pair.map(|(ours, own)| own - ours);
    Ok(vec![
        frame::integers(TIMELINESS, pairs.iter().map(|pair| pair.map(|(ours, _)| ours)).collect()),
        frame::integers("timeliness_gap_thousandths", pairs.iter().map(gap).collect()),
    ])
}

/// Answers and other ends of clocks that lie after the moment have not happened.
fn forget_later(mut batch: DataFrame, context: &Context) -> PolarsResult<DataFrame> {
    let as_of = context.moment.as_of;
    let of_clocks = context.plan.clocks_of(SURVEY).flat_map(|clock| [clock.what.start, clock.what.end]);
    for name in of_clocks.chain(["suggestion_answered_at"]).filter(|name| *name != "answered_at") {
        if frame::has(&batch, name) {
            let times = frame::micros(&batch, name)?;
            if times.iter().flatten().any(|at| *at > as_of) {
                batch
                    .with_column(frame::times(name, times.into_iter().map(|t| t.filter(|t| *t <= as_of)).collect()))?;
            }
        }
    }
    Ok(batch)
}

/// What surveys need of the tickets. Tickets are found by number through sorted hashes, a fraction of the memory of a map
/// of strings.
struct TicketSide<'a> {
    ids: Vec<Option<&'a str>>,
    /// Requested, started, resolved and closed of every ticket; `NEVER` where it did not happen. Half the size of options.
    moments: Vec<[Wall; 4]>,
    staff: Vec<Option<&'a str>>,
    names: Vec<Option<&'a str>>,
    hashes: Vec<(u64, IdxSize)>,
}

impl<'a> TicketSide<'a> {
    fn new(tickets: &'a DataFrame) -> PolarsResult<Self> {
        let ids = frame::texts(tickets, "ticket_id")?;
        let mut hashes: Vec<(u64, IdxSize)> =
            (0..).zip(&ids).filter_map(|(row, id)| id.map(|id| (xxh3_64(id.as_bytes()), row))).collect();
        hashes.sort_unstable();
        Ok(Self {
            ids,
            moments: {
                let never = |moment: Option<Wall>| moment.unwrap_or(NEVER);
                let all = clocks::moments(tickets)?;
                all.iter().map(|m| [m.requested, never(m.started), never(m.resolved), never(m.closed)]).collect()
            },
            staff: frame::texts(tickets, "staff_id")?,
            names: frame::texts(tickets, "staff_name")?,
            hashes,
        })
    }

    /// What rules about surveys ask of a ticket.
    fn moments(&self, row: IdxSize) -> Moments {
        let [requested, started, resolved, closed] =
            self.moments[row as usize].map(|m| Some(m).filter(|m| *m != NEVER));
        let requested = requested.unwrap_or_default();
        Moments { requested, started, resolved, closed, ..Moments::default() }
    }

    fn find(&self, named: &[Option<&str>]) -> Vec<Option<IdxSize>> {
        let one = |id: &str| {
            let hash = xxh3_64(id.as_bytes());
            let from = self.hashes.partition_point(|(h, _)| *h < hash);
            let same = self.hashes[from..].iter().take_while(|(h, _)| *h == hash);
            same.map(|(_, row)| *row).find(|row| self.ids[*row as usize] == Some(id))
        };
        named.iter().map(|id| id.and_then(one)).collect()
    }
}
