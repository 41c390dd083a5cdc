//! `fact_survey`: one row per survey, credited to a member of staff.

use polars::prelude::*;
use rayon::prelude::*;

use super::ahead::Ahead;
use super::answered::{Heard, Told};
use super::beside::{Beside, CUSTOMER, FAULT_CODES, TIMELINESS, Tickets};
use super::credit::Credit;
use super::{Context, Sink, clocks, frame, products, scores, survey_clocks};
use crate::ingest::flags;
use crate::ingest::header::SCORE;
use crate::ingest::keys::{self, Keys};
use crate::ingest::ordered::ordered;
use crate::ingest::rules::{self, Bench, Odd, Survey, Verdict};
use crate::ingest::{IngestError, Kept, Loaded};
use crate::schema::facts::effect::EFFECTS;
use crate::schema::facts::opinion::TERMS;
use crate::schema::facts::{ANSWERED, FACT_SCORE, SURVEY, began, score};
use crate::time::Wall;

/// Answers to `overall` of one ticket, and its customers' moods.
#[derive(Debug, Default, Clone, Copy)]
pub struct Answers {
    pub n: i32,
    pub thousandths: i64,
    /// Of at most two points.
    pub unhappy: i32,
    /// Moods that are known, and the sum of their strengths.
    pub moods: i32,
    pub strength: i32,
}

impl Answers {
    fn of(score: Option<i32>, mood: Option<i32>) -> Self {
        Self {
            n: i32::from(score.is_some()),
            thousandths: i64::from(score.unwrap_or_default()),
            unhappy: i32::from(score.is_some_and(|score| score <= UNHAPPY_TO)),
            moods: i32::from(mood.is_some()),
            strength: mood.unwrap_or_default(),
        }
    }

    fn add(&mut self, other: Self) {
        self.n += other.n;
        self.thousandths += other.thousandths;
        self.unhappy += other.unhappy;
        self.moods += other.moods;
        self.strength += other.strength;
    }
}

/// Up to so many thousandths of a point a customer is unhappy.
const UNHAPPY_TO: i32 = 2000;

/// Answers to `overall` by the place of the ticket among those that surveys name.
pub type Overall = Vec<Answers>;

/// The tickets that the surveys name.
pub fn named(loaded: &Loaded) -> Result<Keys, IngestError> {
    let of_batch = |batch: &Kept| {
        let batch = batch.only(&["ticket_id"])?;
        let ids = frame::texts(&batch, "ticket_id")?;
        Ok(ids.into_iter().flatten().map(keys::of).collect())
    };
    let named: Vec<PolarsResult<Vec<u128>>> = loaded.batches.par_iter().map(of_batch).collect();
    Ok(Keys::new(named.into_iter().collect::<PolarsResult<Vec<_>>>()?.concat()))
}

/// Derives `fact_survey` and `fact_score` batch by batch, and tells whose customers have answered, and, `again`, when last. Accounts are settled.
pub fn stream<S: Sink>(
    loaded: &mut Loaded,
    beside: &Beside,
    again: bool,
    context: &Context,
    sink: &S,
) -> Result<(Overall, Told), S::Error> {
    let batches = std::mem::take(&mut loaded.batches);
    let mut overall = vec![Answers::default(); beside.names()];
    let told = Told::new(beside.names(), again);
    let ahead = Ahead::look(&batches, beside, context).map_err(IngestError::from)?;
    let work = |place: usize| -> Result<_, S::Error> {
        let load = || derive(batches[place].load()?, beside, (&ahead, place), context);
        let mut piece = load().map_err(IngestError::from)?;
        if let Some(opinions) = &context.opinions {
            sink.look(TERMS, &opinions.surveys(&mut piece.facts.0).map_err(IngestError::from)?)?;
        }
        if let Some(effects) = &context.effects
            && let Some(sums) = effects.of(SURVEY, &piece.facts.0).map_err(IngestError::from)?
        {
            sink.look(EFFECTS, &sums)?;
        }
        sink.look(SURVEY, &piece.facts.0)?;
        sink.look(FACT_SCORE.name, &piece.facts.1)?;
        sink.look(ANSWERED, &piece.heard.new_ones(&told).map_err(IngestError::from)?)?;
        Ok(piece)
    };
    let (files, quarantine) = (&mut loaded.files, &mut loaded.quarantine);
    ordered(batches.len(), work, |place, piece| {
        let report = &mut files[loaded.batch_file[place]];
        piece.verdict.account(piece.left_out, piece.latest, report, quarantine);
        for (ticket, answers) in piece.overall {
            overall[ticket].add(answers);
        }
        let (surveys, scores) = piece.facts;
        sink.take(SURVEY, surveys)?;
        sink.take(FACT_SCORE.name, scores)
    })?;
    rules::fetch_raw(loaded)?;
    Ok((overall, told))
}

/// What one batch of surveys comes to.
pub struct Piece {
    /// `fact_survey` and `fact_score`.
    pub facts: (DataFrame, DataFrame),
    pub heard: Heard,
    /// Place of the ticket among those that surveys name, and what its survey says of it.
    overall: Vec<(usize, Answers)>,
    left_out: u64,
    latest: Option<Wall>,
    verdict: Verdict,
}

/// The surveys of a batch that are used, and their tickets.
pub struct Used {
    pub batch: DataFrame,
    pub tickets: Tickets,
    left_out: u64,
    verdict: Verdict,
}

/// Leaves out what happened after the moment, and what rules forbid.
pub fn used(batch: DataFrame, beside: &Beside, context: &Context) -> PolarsResult<Used> {
    let before = batch.height();
    let batch = super::tickets::happened(batch, "answered_at", context.moment.as_of)?;
    let batch = forget_later(batch, context)?;
    let left_out = (before - batch.height()) as u64;
    let tickets = beside.of(&frame::texts(&batch, "ticket_id")?)?;
    let verdict = judged(&batch, &tickets, context)?;
    let (batch, tickets) = (verdict.filter(batch)?, tickets.filter(&verdict.keep)?);
    Ok(Used { batch, tickets, left_out, verdict })
}

/// Both facts of one batch, the one at a place among all.
pub fn derive(
    batch: DataFrame,
    beside: &Beside,
    (ahead, place): (&Ahead, usize),
    context: &Context,
) -> PolarsResult<Piece> {
    let Used { batch, tickets, left_out, verdict } = used(batch, beside, context)?;
    let latest = frame::micros(&batch, "answered_at")?.into_iter().flatten().max();
    let answers = frame::ints(&batch, &format!("{SCORE}overall"))?;
    let moods = frame::texts(&batch, "emotion")?;
    let said = answers.into_iter().zip(moods).map(|(score, mood)| {
        Answers::of(score, mood.and_then(|mood| context.plan.defects.emotions.get(mood).copied()))
    });
    let overall = tickets.places.iter().zip(said).filter_map(|(ticket, said)| Some(((*ticket)?, said))).collect();
    let heard = Heard::of(&batch, &tickets, context)?;
    let mut survey = frame::publishable(one_batch(batch, &tickets, context)?)?;
    let found: Vec<Option<String>> = (0..survey.height()).map(|row| flags::names(ahead.flags(place, row))).collect();
    survey.with_column(frame::categories("flags", found.iter().map(Option::as_deref))?)?;
    if let Some(opinions) = &context.opinions
        && let Some(themes) = opinions.themes_of_surveys(&survey)?
    {
        survey.with_column(themes)?;
    }
    let scores = scores::melt(&survey, &tickets.places, ahead, context.plan)?;
    let surveys = wide(survey, context)?;
    Ok(Piece { facts: (surveys, scores), heard, overall, left_out, latest, verdict })
}

/// Scores under the names by which surveys are published, and their products.
fn wide(mut survey: DataFrame, context: &Context) -> PolarsResult<DataFrame> {
    for name in survey.get_column_names_owned() {
        if let Some(dimension) = name.strip_prefix(SCORE) {
            survey.rename(&name, PlSmallStr::from_static(score(dimension)))?;
        }
    }
    for column in products::columns(&survey, context.plan)? {
        survey.with_column(column)?;
    }
    Ok(survey)
}

fn judged(batch: &DataFrame, theirs: &Tickets, context: &Context) -> PolarsResult<Verdict> {
    let answered = frame::micros(batch, "answered_at")?;
    let tickets = frame::texts(batch, "ticket_id")?;
    let staff = frame::texts(batch, "staff_id")?;
    let moments = theirs.moments()?;
    let (replied, calendar) = (frame::micros(batch, "suggestion_answered_at")?, context.calendars.usual());
    let rows = (0..batch.height()).map(|row| Survey {
        // Every survey has been answered: the readers demand it.
        answered: answered[row].unwrap_or_default(),
        ticket_id: tickets[row],
        ticket: moments[row],
        staff: context.roster.named(staff[row]),
        within: context.plan.quality.survey_within,
        odd: Odd::among(&[("answered_at", answered[row]), ("suggestion_answered_at", replied[row])], calendar),
    });
    let bench = Bench::of(batch, "survey_id")?;
    Ok(rules::judge(&rules::of_surveys(), rows, &bench, context.plan))
}

fn one_batch(mut batch: DataFrame, tickets: &Tickets, context: &Context) -> PolarsResult<DataFrame> {
    let answered = frame::micros(&batch, "answered_at")?;
    let (month, period) = super::tickets::periods(&answered, context)?;
    let ids = frame::texts(&batch, "ticket_id")?;
    let found = ids.iter().zip(&tickets.places).map(|(named, found)| named.map(|_| found.is_some()));
    let ticket_found = frame::flags("ticket_found", found.collect());

    let own_staff = frame::texts(&batch, "staff_id")?;
    let requested = frame::micros(&tickets.frame, "requested_at")?;
    let (theirs, names) = (frame::texts(&tickets.frame, "staff_id")?, frame::texts(&tickets.frame, "staff_name")?);
    let rows = 0..batch.height();
    let days: Vec<Option<Wall>> = rows.clone().map(|row| requested[row].or(answered[row])).collect();
    let staff: Vec<Option<&str>> = rows.clone().map(|row| own_staff[row].or(theirs[row])).collect();
    let names: Vec<Option<&str>> = rows.map(|row| if own_staff[row].is_some() { None } else { names[row] }).collect();
    let credit = Credit::of(&staff, &names, &days, context);
    let staff = frame::categories("staff_id", staff)?;
    let dimensions = dimensions(&batch);
    let credit = credit.columns(context)?;
    let week = super::tickets::weeks(&answered)?;
    let own = [month, period, week, ticket_found, staff, frame::integers("dimensions", dimensions)];
    for column in own.into_iter().chain(credit) {
        batch.with_column(column)?;
    }
    with_tickets(batch, &tickets.frame, context)
}

/// How many dimensions each survey answers.
fn dimensions(batch: &DataFrame) -> Vec<Option<i32>> {
    let mut counts = vec![0; batch.height()];
    for column in batch.columns().iter().filter(|column| column.name().starts_with(SCORE)) {
        for (count, answered) in counts.iter_mut().zip(column.is_not_null().iter()) {
            *count += i32::from(answered == Some(true));
        }
    }
    counts.into_iter().map(Some).collect()
}

/// What the surveys take over from their tickets, and their clocks.
fn with_tickets(mut batch: DataFrame, theirs: &DataFrame, context: &Context) -> PolarsResult<DataFrame> {
    let plan = context.plan;
    let bench = clocks::Bench { plan, calendars: context.calendars, as_of: context.moment.as_of };
    let mut columns = Vec::new();
    for read in survey_clocks::read(&batch, theirs, bench)? {
        columns.extend(read.columns()?);
        // For the listing of breaches, which tells when the clock began.
        if !frame::has(&batch, read.clock.what.start) {
            columns.push(frame::times(&began(read.clock.what.start), read.starts));
        }
    }
    columns.extend(timeliness(&batch, theirs, context)?);
    // The channel of a survey is another thing than that of its ticket, which the facts tell.
    if frame::has(&batch, "channel") {
        batch = batch.drop("channel")?;
    }
    columns.extend(
        scores::OF_TICKET
            .into_iter()
            .chain([FAULT_CODES, CUSTOMER])
            .filter_map(|name| theirs.column(name).ok().cloned()),
    );
    for column in columns {
        batch.with_column(column)?;
    }
    Ok(batch)
}

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
