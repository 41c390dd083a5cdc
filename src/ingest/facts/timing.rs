//! Everything that is timed of tickets: their clocks, the parts of their time, their timeliness.

use polars::prelude::*;

use super::cause::{Parts, cause};
use super::clocks::{self, Bench, Columns, Face, Held, Read, Reading};
use super::pauses::{self, Standing};
use super::{frame, policy};
use crate::ingest::rules::Moments;
use crate::plan::{Clock, Counts, Plan};
use crate::schema::facts::{PARTS_WAIT, RESOLUTION, SEGMENTS, TICKET, outcome, status};
use crate::time::pauses::Pauses as Stretches;
use crate::time::{MICROS, Wall};

/// The rows of a batch of tickets as clocks see them.
pub struct Rows<'a> {
    bench: Bench<'a>,
    batch: &'a DataFrame,
    tickets: Vec<Moments>,
    /// Place of the calendar of each row.
    pub calendars: Vec<usize>,
    policies: Vec<Option<usize>>,
    statuses: Vec<Option<&'a str>>,
    reopened: Vec<Option<bool>>,
    /// Mostly nothing is paused, and then this is empty.
    stops: Vec<&'a [pauses::Stop]>,
    parts: Parts,
    standing: &'a Standing<'a>,
}

impl<'a> Rows<'a> {
    pub fn new(batch: &'a DataFrame, pauses: &'a Standing<'a>, bench: Bench<'a>) -> PolarsResult<Self> {
        let stops = if pauses.is_empty() {
            Vec::new()
        } else {
            let ids = frame::texts(batch, "ticket_id")?;
            ids.into_iter().map(|id| id.map_or(&[][..], |id| pauses.of(id))).collect()
        };
        Ok(Self {
            bench,
            batch,
            tickets: clocks::moments(batch)?,
            calendars: bench.calendars.choose(batch, bench.plan)?,
            policies: policy::choose(batch, &bench.plan.policies)?,
            statuses: frame::texts(batch, "status")?,
            reopened: frame::flags_of(batch, "reopened")?,
            stops,
            parts: Parts::of(batch),
            standing: pauses,
        })
    }

    /// The clocks of tickets whose beginning and end the batch has, each with its place among those of the plan.
    fn clocks(&self) -> impl Iterator<Item = (usize, &'a Clock)> {
        let has = |column| frame::has(self.batch, column);
        let clocks = self.bench.plan.clocks_of(TICKET).enumerate();
        clocks.filter(move |(_, clock)| has(clock.what.end) && has(clock.what.start))
    }

    /// Reads every clock of tickets whose end the batch has.
    pub fn read(&self) -> PolarsResult<Vec<Read<'a>>> {
        let one = |(place, clock): (usize, &'a Clock)| {
            let mut read = Read::new(clock);
            self.each(place, clock, |one| {
                read.starts.push(one.start);
                read.ends.push(one.end);
                read.readings.push(one.reading);
                read.policies.push(one.policy);
                read.held.push(one.held);
                read.causes.push(one.cause);
                Ok(())
            })?;
            Ok(read)
        };
        self.clocks().map(one).collect()
    }

    /// Reads a clock row by row.
    fn each(
        &self,
        place: usize,
        clock: &'a Clock,
        mut take: impl FnMut(One<'a>) -> PolarsResult<()>,
    ) -> PolarsResult<()> {
        let promised = match clock.what.name {
            RESOLUTION | "first_response" => frame::micros(self.batch, &format!("promised_{}_at", clock.what.name))?,
            _ => Vec::new(),
        };
        let starts = frame::micros(self.batch, clock.what.start)?;
        let ends = self.ends(clock)?;
        for (row, (start, end)) in starts.into_iter().zip(ends).enumerate() {
            let (held, policy) = self.held(clock, row, promised.get(row).copied().flatten());
            let face = self.face(clock, place, row, (start, end), held);
            let reading = face.read();
            let cause = reading.is_breached().then(|| cause(clock.what.name, &face, &self.tickets[row], self.parts));
            take(One { start, end, reading, held, policy, cause })?;
        }
        Ok(())
    }

    /// When the clock ended for each row; of several resolutions the one that counts.
    fn ends(&self, clock: &Clock) -> PolarsResult<Vec<Option<Wall>>> {
        if clock.counts == Counts::First && clock.what.name == RESOLUTION {
            let first = |row: usize| self.first_resolution(row);
            return Ok((0..self.tickets.len()).map(first).collect());
        }
        frame::micros(self.batch, clock.what.end)
    }

    /// Where a ticket was reopened and nobody noted its first resolution, there is none to count.
    fn first_resolution(&self, row: usize) -> Option<Wall> {
        let ticket = &self.tickets[row];
        if frame::has(self.batch, "first_resolved_at") {
            return ticket.first_resolved;
        }
        ticket.resolved.filter(|_| self.reopened[row] != Some(true))
    }

    fn held(&self, clock: &'a Clock, row: usize, promised: Option<Wall>) -> (Held, Option<&'a str>) {
        if let Some(until) = promised {
            return (Held::Until(until), Some("promised"));
        }
        target(self.bench.plan, clock, self.policies[row])
    }

    fn face(
        &self,
        clock: &Clock,
        place: usize,
        row: usize,
        (start, end): (Option<Wall>, Option<Wall>),
        held: Held,
    ) -> Face<'a> {
        let ticket = &self.tickets[row];
        let state = self.statuses[row].unwrap_or_default();
        let until = end.unwrap_or(self.bench.as_of);
        let still = match self.stops.get(row) {
            // A promise is held to the time it names, whatever came between.
            Some(stops) if !stops.is_empty() && !matches!(held, Held::Until(_)) => {
                pauses::standing_still(stops, place, until)
            }
            _ => Stretches::default(),
        };
        Face {
            calendar: self.bench.calendars.get(self.calendars[row]).1,
            as_of: self.bench.as_of,
            start,
            end,
            held,
            cancelled: status::is_cancelled(state),
            over: ticket.resolved.is_some() || ticket.closed.is_some() || status::is_ended(state),
            contradicts: contradicts(ticket, clock) || start.zip(end).is_some_and(|(start, end)| end < start),
            still,
        }
    }

    /// The columns of the clocks, the calendar, the parts of the time and the timeliness score.
    pub fn columns(&self) -> PolarsResult<Vec<Column>> {
        let names = self.calendars.iter().map(|place| Some(self.bench.calendars.get(*place).0));
        let mut columns = vec![frame::categories("calendar", names)?];
        let how = &self.bench.plan.timeliness;
        let rows = self.tickets.len();
        let mut scores: Option<Vec<Score>> = None;
        let mut worst: Vec<Option<&'static str>> = vec![None; rows];
        for (place, clock) in self.clocks() {
            let mut own = Columns::new(clock, rows)?;
            let counts = how.clocks.contains(&clock.what.name);
            let scores = counts.then(|| scores.get_or_insert_with(|| vec![Score::default(); rows]));
            let mut scores = scores.into_iter().flatten();
            let mut worst = worst.iter_mut();
            self.each(place, clock, |one| {
                if let (Some(worst), Some(outcome)) = (worst.next(), one.reading.judged()) {
                    *worst = Some(if *worst == Some(outcome::BREACHED) { outcome::BREACHED } else { outcome });
                }
                if let Some(score) = scores.next() {
                    score.add(points(&one.reading, how.limits));
                }
                own.push(&one.reading, one.policy, one.cause)
            })?;
            columns.extend(own.finish());
        }
        columns.extend(self.segments());
        if let Some(scores) = scores {
            let means = scores.into_iter().map(Score::thousandths);
            columns.push(frame::integers("timeliness_thousandths", means.collect()));
        }
        columns.extend(self.parts_waits());
        if self.clocks().next().is_some() {
            columns.push(frame::categories("breach", worst)?);
        }
        Ok(columns)
    }

    /// Real seconds for which each ticket waited for parts; none where nobody ever did.
    fn parts_waits(&self) -> Option<Column> {
        let defects = &self.bench.plan.defects;
        let waits = |reason: &Option<String>| reason.as_deref().is_some_and(|reason| defects.waits_for_parts(reason));
        let parts: Vec<bool> = self.standing.pauses.reasons.names().iter().map(waits).collect();
        if !parts.contains(&true) {
            return None;
        }
        let waited = |row: usize| {
            let ticket = &self.tickets[row];
            let end = ticket.resolved.unwrap_or(self.bench.as_of);
            let stops = self.stops.get(row).copied().unwrap_or_default().iter();
            let mut seconds = 0;
            // In the order of time, so that what overlaps is counted once.
            let mut from = ticket.requested;
            for stop in stops.filter(|stop| !stop.closed && parts.get(stop.reason as usize) == Some(&true)) {
                let (begin, until) = (stop.begin.max(from), stop.end.min(end));
                if until > begin {
                    seconds += (until - begin) / MICROS;
                    from = until;
                }
            }
            Some(seconds)
        };
        Some(frame::longs(PARTS_WAIT, (0..self.tickets.len()).map(waited).collect()))
    }

    /// Working time of each part without what the resolution clock stood still for.
    fn segments(&self) -> Vec<Column> {
        let Some((place, clock)) =
            self.bench.plan.clocks_of(TICKET).enumerate().find(|(_, clock)| clock.what.name == RESOLUTION)
        else {
            return Vec::new();
        };
        let mut parts: [Vec<Option<i64>>; 3] = std::array::from_fn(|_| Vec::with_capacity(self.tickets.len()));
        for (row, ticket) in self.tickets.iter().enumerate() {
            let resolved = if clock.counts == Counts::First { self.first_resolution(row) } else { ticket.resolved };
            let face = self.face(clock, place, row, (Some(ticket.requested), resolved), Held::ToNothing);
            let between = |from: Option<Wall>, to: Option<Wall>| {
                let (from, to) = from.zip(to).filter(|(from, to)| from <= to && !face.cancelled)?;
                face.running(from, to)
            };
            parts[0].push(between(Some(ticket.requested), ticket.first_response));
            parts[1].push(between(ticket.first_response, ticket.started));
            parts[2].push(between(ticket.started, resolved).filter(|_| !reopened_out_of_order(ticket)));
        }
        let needs =
            [self.parts.response, self.parts.response && self.parts.start, self.parts.start && self.parts.resolution];
        let columns = SEGMENTS.into_iter().zip(parts).zip(needs);
        columns.filter(|(_, has)| *has).map(|((name, part), _)| frame::longs(name, part)).collect()
    }
}

/// What a clock of one row came to.
struct One<'a> {
    start: Option<Wall>,
    end: Option<Wall>,
    reading: Reading,
    held: Held,
    /// What set the target.
    policy: Option<&'a str>,
    /// Of a breached row.
    cause: Option<&'static str>,
}

/// Points of the clocks of one ticket that count for its timeliness.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    points: i32,
    clocks: i32,
}

impl Score {
    fn add(&mut self, points: Option<i32>) {
        self.points += points.unwrap_or_default();
        self.clocks += i32::from(points.is_some());
    }

    /// The mean in thousandths of a point.
    fn thousandths(self) -> Option<i32> {
        (self.clocks > 0).then(|| (self.points * 1000 + self.clocks / 2) / self.clocks)
    }
}

/// The target of a clock: that of the policy, else that of the clock itself, with the name of what set it.
pub fn target<'a>(plan: &'a Plan, clock: &'a Clock, policy: Option<usize>) -> (Held, Option<&'a str>) {
    let policy = policy.and_then(|place| plan.policies.get(place));
    match (policy.and_then(|p| p.targets.get(clock.what.name).map(|t| (*t, p.name.as_str()))), clock.target) {
        (Some((target, name)), _) => (Held::To(target), Some(name)),
        (None, Some(target)) => (Held::To(target), Some(clock.what.name)),
        (None, None) => (Held::ToNothing, None),
    }
}

/// The end lies before a moment that must come first, so the clock cannot be read.
fn contradicts(ticket: &Moments, clock: &Clock) -> bool {
    let concerns = |column: &str| {
        let resolution = clock.what.end == "resolved_at" && matches!(column, "first_resolved_at" | "reopened_at");
        column == clock.what.end || resolution
    };
    ticket.contradictions().any(|pair| concerns(pair.later.0))
}

/// When such a ticket was closed, and with it how long it was worked on, nobody knows.
fn reopened_out_of_order(ticket: &Moments) -> bool {
    ticket.contradictions().any(|pair| pair.earlier.0 == "first_resolved_at" || pair.later.0 == "first_resolved_at")
}

/// 5 for far under the target, 1 for far over it; only what has been judged counts.
fn points(reading: &Reading, limits: [i64; 4]) -> Option<i32> {
    reading.judged()?;
    let (net, target) = (reading.net?, reading.target.filter(|target| *target > 0)?);
    let share = (net.saturating_mul(1000) + target - 1) / target;
    // A promise can be broken in the night, without any working time beyond it.
    let share = if reading.is_breached() { share.max(1001) } else { share };
    let above = limits.iter().position(|limit| share > *limit).unwrap_or(limits.len());
    i32::try_from(above + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_for_the_share_of_the_target() {
        let limits = [1500, 1000, 800, 500];
        let reading =
            |net, outcome| Reading { net: Some(net), target: Some(100), outcome: Some(outcome), ..Reading::default() };
        for (net, outcome, expected) in [
            (0, outcome::MET, Some(5)),
            (50, outcome::MET, Some(5)),
            (51, outcome::MET, Some(4)),
            (80, outcome::MET, Some(4)),
            (81, outcome::MET, Some(3)),
            (100, outcome::MET, Some(3)),
            (101, outcome::BREACHED, Some(2)),
            (150, outcome::BREACHED, Some(2)),
            (151, outcome::BREACHED, Some(1)),
            (99, outcome::BREACHED, Some(2)),
            (0, outcome::BREACHED, Some(2)),
            (20, outcome::RUNNING, None),
            (20, outcome::UNUSABLE, None),
        ] {
            assert_eq!(points(&reading(net, outcome), limits), expected, "{net} {outcome}");
        }
    }
}
