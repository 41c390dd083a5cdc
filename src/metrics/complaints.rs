//! Complaints: how many, how long they take, whether they come again, and what they are about.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::{Double, Int64};
use crate::schema::facts::opinion::{OTHER, THEMES};
use crate::schema::facts::{COMPLAINT_SECONDS, FACT_FAULT, TICKET, fix, outcome};
use crate::schema::shared::{
    ALL, BREAKDOWN, CHANGE_Q, CI_HIGH, CI_LOW, JOINED, MEMBER, NONE, PERIOD, PERIOD_TYPE, TICKETS,
};
use crate::schema::{Label, Table, column};
use crate::stats::{adjust, interval, proportion, quantile};
use crate::tally::{Counted, Key, Share, Tally};

static TABLE: Table = Table {
    name: "complaints",
    label: Label { zh: "投诉", en: "Complaints" },
    grain: "one row per period, breakdown and member; under `fault_code` and `theme` the causes",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        BREAKDOWN.doc("What the rows are split by; under `fault_code` and `theme` a ticket counts once for each of its faults, or of the themes of its description."),
        MEMBER,
        TICKETS.doc("Tickets requested in the period."),
        column("complaints", Int64, "tickets", "投诉数", "Complaints", "Of these, complaints."),
        column(
            "rate_per_100",
            Double,
            "per 100",
            "每百单投诉",
            "Complaints per 100 tickets",
            "100 × complaints ÷ tickets.",
        ),
        CI_LOW.doc("Lower end of the 95 % Wilson interval of that rate."),
        CI_HIGH.doc("Upper end of the 95 % Wilson interval of that rate."),
        column("share", Double, "share", "占投诉比", "Share", "complaints ÷ all complaints of the period; shares of causes add up to more than 1."),
        column("resolved", Int64, "tickets", "已办结", "Resolved", "Complaints that are resolved and whose time counts."),
        column("p50_seconds", Int64, "s", "处理时长中位数", "Median handling", "Median time of their resolution clock, in working time where its target is; at most 1 % off. Null under `fault_code`."),
        column("p90_seconds", Int64, "s", "处理时长 P90", "90 % handled within", "Nine of ten take at most so long."),
        column("met", Int64, "tickets", "按时办结", "Met", "Complaints whose resolution met its target. Null under `fault_code`."),
        column("breached", Int64, "tickets", "超时", "Breached", "Complaints whose resolution missed its target, also open ones."),
        column("attainment", Double, "share", "按时办结率", "Attainment", "met ÷ (met + breached)."),
        column(
            "repeats",
            Int64,
            "tickets",
            "重复报修",
            "Repeats",
            "Complaints that repeat an earlier ticket of the same customer (or serial number), model and fault; null where the data cannot tell, and under `theme`.",
        ),
        column("repeat_rate", Double, "share", "重复率", "Repeat rate", "repeats ÷ complaints."),
        column(
            "previous_rate_per_100",
            Double,
            "per 100",
            "上期每百单投诉",
            "Previous rate",
            "The rate of the period of the same type before.",
        ),
        column("change", Double, "per 100", "变化", "Change", "rate_per_100 − previous_rate_per_100."),
        CHANGE_Q,
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Complaints (投诉)

## What it says
How many of a hundred tickets are complaints, for all and for the members of the breakdowns that the plan names for complaints, how long
they take, how many come from a repair that did not last, and which faults and themes they are about.

## How it is counted
A complaint is a ticket whose `is_complaint` is true. The handling clock is the resolution clock of `fact_ticket`: time without pauses that stop it,
working time unless the target is around the clock. Its quantiles are read off logarithmic buckets (at most 1 % off). A repeat is a complaint one of whose faults repeats an earlier ticket
(`[defects]`); without faults it cannot. Causes: under `fault_code` the complaints with a fault against all tickets with it, under `theme` those
whose description has a theme against all that have it.

## How to read it
A fault with a high rate makes customers complain; one with a high share makes most complaints, perhaps because it is frequent. Speak of a change
only with `change_q` below 0.05.

## Source
Wilson (1927), score interval; two-proportion z test with pooled variance; Benjamini and Hochberg (1995); quantiles after Hyndman and Fan (1996), type 1.
";

const FLAG: &str = "is_complaint";
const BUCKET: &str = "bucket";
const OUTCOME: &str = "resolution_outcome";

/// What the tallies of one breakdown count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Tickets,
    Times,
    Repeats,
}

/// Name, column, and whether a cell holds several members.
#[derive(Debug, Clone, Copy)]
struct Split {
    name: &'static str,
    fact: &'static str,
    by: Option<&'static str>,
    many: bool,
}

fn splits(context: &Context) -> Vec<Split> {
    let asked = context.breakdowns(TICKET, &context.plan.breakdowns.complaints);
    let asked = asked.into_iter().map(|(name, by)| Split { name, fact: TICKET, by, many: false });
    let mut splits: Vec<Split> = asked.collect();
    if context.has(FACT_FAULT.name, "fault_code") {
        splits.push(Split { name: "fault_code", fact: FACT_FAULT.name, by: Some("fault_code"), many: false });
    }
    if context.has(TICKET, THEMES) {
        splits.push(Split { name: "theme", fact: TICKET, by: Some(THEMES), many: true });
    }
    splits
}

/// What is counted of which split, in the order of the tallies.
fn wanted(context: &Context) -> Vec<(usize, What)> {
    if !context.has(TICKET, FLAG) {
        return Vec::new();
    }
    let repeats = |split: &Split| {
        let there = split.by.is_none_or(|by| context.has(FACT_FAULT.name, by));
        there && context.has(FACT_FAULT.name, fix::TICKET_REPEAT) && context.has(TICKET, "resolved_at")
    };
    let mut wanted = Vec::new();
    for (place, split) in splits(context).iter().enumerate() {
        wanted.push((place, What::Tickets));
        if split.fact == TICKET && context.has(TICKET, COMPLAINT_SECONDS) {
            wanted.push((place, What::Times));
        }
        if !split.many && repeats(split) {
            wanted.push((place, What::Repeats));
        }
    }
    wanted
}

fn tallies(context: &Context) -> Vec<Tally> {
    let splits = splits(context);
    let judged = context.has(TICKET, OUTCOME);
    let tally = |(place, what): (usize, What)| {
        let Split { fact, by, .. } = splits[place];
        let keys = || std::iter::once("month").chain(by);
        match what {
            What::Tickets => {
                let tally = Tally::of(fact, keys().chain([FLAG]));
                let outcomes = [outcome::MET, outcome::BREACHED].into_iter().filter(|_| judged && fact == TICKET);
                outcomes.fold(tally, |tally, name| tally.count(name.to_owned(), OUTCOME.to_owned(), name))
            }
            What::Times => {
                let key = Key::Mapped { column: COMPLAINT_SECONDS.to_owned(), name: BUCKET, with: quantile::bucket };
                Tally::of(TICKET, keys()).by(key)
            }
            // Under faults each fault is told on its own.
            What::Repeats if by == Some("fault_code") => {
                Tally::of(FACT_FAULT.name, keys().chain([FLAG])).sum("is_repeat")
            }
            What::Repeats => Tally::of(FACT_FAULT.name, keys().chain([FLAG])).sum(fix::TICKET_REPEAT),
        }
    };
    wanted(context).into_iter().map(tally).collect()
}

#[derive(Debug, Default)]
struct Counts {
    tickets: u64,
    complaints: u64,
    /// Met and breached; none where the data cannot tell.
    judged: Option<[u64; 2]>,
    repeats: u64,
    times: Vec<(i32, u64)>,
}

/// Rank of the period, place of the split, member.
type Group<'c> = (usize, usize, &'c str);
type Groups<'c> = BTreeMap<Group<'c>, Counts>;

/// The members that a cell names: those without a theme have none, and those without a text are nobody's cause.
fn members(split: Split, cell: &str) -> impl Iterator<Item = &str> {
    let parts = if split.many { cell.split(JOINED).collect() } else { vec![cell] };
    parts.into_iter().filter(move |part| !split.many || ![NONE, OTHER].contains(part))
}

fn add<'c>(
    groups: &mut Groups<'c>,
    spans: &Spans,
    (place, split): (usize, Split),
    what: What,
    counted: &'c Counted,
) -> PolarsResult<()> {
    if what == What::Times {
        for ((span, cell), times) in runs::buckets(spans, counted, split.by, BUCKET)? {
            for member in members(split, cell) {
                groups.entry((span, place, member)).or_default().times.extend(&times);
            }
        }
        return Ok(());
    }
    let (flags, flag) = counted.members(FLAG)?;
    let rows = counted.sums("rows")?;
    let repeated = counted.sums(fix::TICKET_REPEAT).or_else(|_| counted.sums("is_repeat")).ok();
    let (met, breached) = (counted.sums(outcome::MET).ok(), counted.sums(outcome::BREACHED).ok());
    runs::each(spans, counted, split.by, |span, cell, range| {
        for member in members(split, cell) {
            let counts = groups.entry((span, place, member)).or_default();
            for row in range.clone() {
                let complaint = flags[flag[row] as usize] == "true";
                if what == What::Repeats {
                    let own = repeated.as_ref().filter(|_| complaint).map_or(0, |repeated| repeated[row]);
                    counts.repeats += own;
                    continue;
                }
                counts.tickets += rows[row];
                if let (Some(met), Some(breached)) = (&met, &breached) {
                    let judged = counts.judged.get_or_insert_default();
                    if complaint {
                        judged[0] += met[row];
                        judged[1] += breached[row];
                    }
                }
                counts.complaints += if complaint { rows[row] } else { 0 };
            }
        }
    })
}

/// The same member in the period before.
fn earlier<'g, 'c>(groups: &'g Groups<'c>, spans: &Spans, (span, place, member): Group<'c>) -> Option<&'g Counts> {
    groups.get(&(spans.previous(span)?, place, member))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (splits, spans, wanted) = (splits(context), Spans::new(context), wanted(context));
    let counted = taken.all()?;
    let mut groups = Groups::new();
    for ((place, what), counted) in wanted.iter().zip(&counted) {
        add(&mut groups, &spans, (*place, splits[*place]), *what, counted)?;
    }
    // Repeats are told of faults whose tickets are there.
    groups.retain(|_, counts| counts.tickets > 0);
    let all = |span: usize| groups.get(&(span, 0, ALL)).map_or(0, |counts| counts.complaints);
    let p = |(group, own): (&Group, &Counts)| {
        let before = earlier(&groups, &spans, *group)?;
        let test = proportion::pooled_z_test(own.complaints, own.tickets, before.complaints, before.tickets);
        test.map(|test| test.p)
    };
    let q_values = adjust::benjamini_hochberg(&groups.iter().map(p).collect::<Vec<_>>());
    let rate = |counts: &Counts| 100.0 * counts.complaints as f64 / counts.tickets as f64;
    let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64);
    let mut out = Building::new(&TABLE, groups.len())?;
    for ((group, counts), q) in groups.iter().zip(q_values) {
        let (span, place, member) = *group;
        let interval = interval::wilson(counts.complaints, counts.tickets);
        let mut times = counts.times.clone();
        times.sort_unstable();
        let told = wanted.contains(&(place, What::Repeats));
        let repeats = told.then_some(counts.repeats);
        let clocked = splits[place].fact == TICKET && context.has(TICKET, COMPLAINT_SECONDS);
        let resolved: u64 = times.iter().map(|(_, n)| n).sum();
        let before = earlier(&groups, &spans, *group).map(rate);
        out.push(vec![
            Cell::from(spans.span(span).kind),
            spans.span(span).name.as_str().into(),
            splits[place].name.into(),
            member.into(),
            counts.tickets.into(),
            counts.complaints.into(),
            rate(counts).into(),
            interval.map(|i| 100.0 * i.low).into(),
            interval.map(|i| 100.0 * i.high).into(),
            share(counts.complaints, all(span)).into(),
            clocked.then_some(resolved).into(),
            runs::seconds(&times, 0.5).into(),
            runs::seconds(&times, 0.9).into(),
            counts.judged.map(|judged| judged[0]).into(),
            counts.judged.map(|judged| judged[1]).into(),
            counts.judged.and_then(|judged| share(judged[0], judged[0] + judged[1])).into(),
            repeats.into(),
            repeats.and_then(|repeats| share(repeats, counts.complaints)).into(),
            before.into(),
            before.map(|before| rate(counts) - before).into(),
            q.into(),
        ])?;
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::METRIC;
    use crate::metrics::testing::{assert_numbers, cells, plan, table};

    #[test]
    fn complaints_are_told_by_member_and_by_cause() {
        let mut plan = plan();
        plan.breakdowns.complaints = vec!["branch"];
        let flags = [Some(true), Some(true), None, Some(false), Some(true), Some(false)];
        let tickets = df!(
            "month" => ["2026-04", "2026-04", "2026-04", "2026-05", "2026-01", "2026-01"],
            "branch" => ["A", "B", "A", "A", "A", "A"],
            "is_complaint" => flags,
            "themes" => [Some("price;speed"), Some("price"), None, Some("price"), Some("(other)"), None],
            "resolved_at" => [1_i64, 2, 3, 4, 5, 6],
            "resolution_outcome" => ["met", "breached", "met", "met", "met", "met"],
            "complaint_seconds" => [Some(60_i64), Some(90), None, None, Some(30), None],
        );
        let faults = df!(
            "month" => ["2026-04", "2026-04", "2026-05"],
            "fault_code" => ["漏水", "异响", "漏水"],
            "branch" => ["A", "A", "A"],
            "is_complaint" => [Some(true), Some(true), Some(false)],
            "is_repeat" => [true, false, true],
            "ticket_repeat" => [Some(true), Some(false), Some(true)],
        );
        let facts = [("fact_ticket", tickets.unwrap()), ("fact_fault", faults.unwrap())];
        let found = table(&METRIC, &plan, &facts);
        let found = found.lazy().filter(col("period").eq(lit("2026Q2"))).collect().unwrap();
        assert_eq!(cells(&found, "member"), ["all", "A", "B", "异响", "漏水", "price", "speed"]);
        let of = |column: &str, expected: [f64; 7]| assert_numbers(&found, column, &expected.map(Some));
        of("tickets", [4.0, 3.0, 1.0, 1.0, 2.0, 3.0, 1.0]);
        of("complaints", [2.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0]);
        of("share", [1.0, 0.5, 0.5, 0.5, 0.5, 1.0, 0.5]);
        assert_eq!(cells(&found, "p50_seconds")[..3], ["60", "60", "90"]);
        assert_eq!(cells(&found, "met")[..3], ["1", "1", "0"]);
        // The repeat of a ticket that is no complaint is not counted.
        assert_eq!(cells(&found, "repeats")[..5], ["1", "1", "0", "0", "1"]);
        assert_numbers(&found, "previous_rate_per_100", &[Some(50.0), Some(50.0), None, None, None, None, None]);
    }

    #[test]
    fn without_the_flag_there_are_none() {
        let tickets = df!("month" => ["2026-04"], "branch" => ["A"]).unwrap();
        assert_eq!(table(&METRIC, &plan(), &[("fact_ticket", tickets)]).height(), 0);
    }
}
