//! How many customers answered.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::rows::{Building, Cell};
use super::{Context, Metric, runs};
use crate::schema::Type::{Double, Int64};
use crate::schema::facts::{ANSWERED, SURVEY, TICKET};
use crate::schema::shared::{BREAKDOWN, CHANGE_Q, CI_HIGH, CI_LOW, MEMBER, PERIOD, PERIOD_TYPE, breakdown};
use crate::schema::{Label, Table, column};
use crate::stats::{adjust, interval, proportion};
use crate::tally::{Share, Tally};

static TABLE: Table = Table {
    name: "response_rates",
    label: Label { zh: "评价回收率", en: "Response rates" },
    grain: "one row per period, breakdown and member with a finished ticket",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        BREAKDOWN.doc("What the rows are split by; `breach` by whether a clock of the ticket missed its target."),
        MEMBER,
        column(
            "finished",
            Int64,
            "tickets",
            "已完成工单数",
            "Finished",
            "Tickets requested in the period that are resolved.",
        ),
        column(
            "answered",
            Int64,
            "tickets",
            "已评价工单数",
            "Answered",
            "Of these, tickets with an answer of a customer.",
        ),
        column("rate", Double, "share", "评价回收率", "Response rate", "answered ÷ finished."),
        CI_LOW.doc("Lower end of the 95 % Wilson interval of the rate."),
        CI_HIGH.doc("Upper end of the 95 % Wilson interval of the rate."),
        column(
            "previous_rate",
            Double,
            "share",
            "上期回收率",
            "Previous rate",
            "Rate of the period of the same type before.",
        ),
        column("change", Double, "share", "变化", "Change", "rate − previous_rate."),
        CHANGE_Q,
        column(
            "difference_q",
            Double,
            "",
            "与其他差异q值",
            "Difference q",
            "Benjamini–Hochberg q-value, over all members of the table, of the member's rate against that of all others of its breakdown.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Response rates (评价回收率)

## What it says
How many of the finished tickets a customer has answered, for all and for each member of the breakdowns that the plan names for
scores, and for tickets with and without a missed target.

## How it is counted
`finished` are the tickets requested in the period that are resolved as of `--as-of` (closed, where the data do not tell
resolutions). `answered` are those of them with at least one used survey of a customer, each counted once, however many surveys
there are and whenever they were answered. Customers are the evaluators named in `customers` of `[scores]`, else in `evaluators` of `[timeliness]`,
else everybody. A ticket belongs to its own staff, also where its survey names a colleague.

## How to read it
A member whose rate is low looks better or worse than he is: those who answer are not those who do not. Beware of scores of members with a
`difference_q` below 0.05, and of comparisons between periods with a `change_q` below 0.05. Where the tickets that missed a
target are answered more often than the others, scores are gloomier than the service; where less often, they flatter it. Tickets
finished shortly before `--as-of` can still be answered: the last month is always a little low.

## Source
Wilson (1927), score interval; two-proportion z test with pooled variance; Benjamini and Hochberg (1995).
";

/// When a ticket is finished.
fn end(context: &Context) -> Option<&'static str> {
    ["resolved_at", "closed_at"].into_iter().find(|column| context.has(TICKET, column))
}

fn breakdowns(context: &Context) -> Vec<(&'static str, Option<&'static str>)> {
    let mut all = context.breakdowns(TICKET, &context.plan.breakdowns.scores);
    if let Some(breach) = breakdown("breach").filter(|b| context.has(TICKET, b.column))
        && !all.iter().any(|(name, _)| *name == breach.name)
    {
        all.push((breach.name, Some(breach.column)));
    }
    all
}

/// For each breakdown the finished tickets, then the answered ones.
fn tallies(context: &Context) -> Vec<Tally> {
    let names_tickets = context.has(ANSWERED, "month") && context.has(SURVEY, "ticket_id");
    let Some(end) = end(context).filter(|_| names_tickets) else { return Vec::new() };
    let keys = |by| std::iter::once("month").chain(by);
    let both = |(_, by)| {
        [Tally::of(TICKET, keys(by)).present("finished".to_owned(), end.to_owned()), Tally::of(ANSWERED, keys(by))]
    };
    breakdowns(context).into_iter().flat_map(both).collect()
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    finished: u64,
    answered: u64,
}

impl Counts {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn rate(self) -> f64 {
        self.answered as f64 / self.finished as f64
    }

    fn differs(self, other: Self) -> Option<f64> {
        proportion::pooled_z_test(self.answered, self.finished, other.answered, other.finished).map(|test| test.p)
    }
}

/// Rank of the period, place of the breakdown, member.
type Group<'c> = (usize, usize, &'c str);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let (breakdowns, spans) = (breakdowns(context), Spans::new(context));
    let counted = taken.all()?;
    let mut groups: BTreeMap<Group, Counts> = BTreeMap::new();
    for ((place, (_, by)), both) in breakdowns.iter().enumerate().zip(counted.chunks_exact(2)) {
        let finished = both[0].sums("finished")?;
        runs::each(&spans, &both[0], *by, |span, member, rows| {
            groups.entry((span, place, member)).or_default().finished += finished[rows].iter().sum::<u64>();
        })?;
        let answered = both[1].sums("rows")?;
        runs::each(&spans, &both[1], *by, |span, member, rows| {
            groups.entry((span, place, member)).or_default().answered += answered[rows].iter().sum::<u64>();
        })?;
    }
    groups.retain(|_, counts| counts.finished > 0);
    let mut sums: BTreeMap<(usize, usize), Counts> = BTreeMap::new();
    for ((span, place, _), counts) in &groups {
        let sum = sums.entry((*span, *place)).or_default();
        sum.finished += counts.finished;
        sum.answered += counts.answered;
    }
    let before = |(span, place, member): &Group| groups.get(&(spans.previous(*span)?, *place, *member)).copied();
    let others = |(span, place, _): &Group, own: Counts| {
        let all = sums.get(&(*span, *place))?;
        Some(Counts { finished: all.finished - own.finished, answered: all.answered - own.answered })
    };
    let changes = groups.iter().map(|(group, counts)| before(group).and_then(|before| counts.differs(before)));
    let changes = adjust::benjamini_hochberg(&changes.collect::<Vec<_>>());
    let differences = groups.iter().map(|(group, counts)| others(group, *counts).and_then(|all| counts.differs(all)));
    let differences = adjust::benjamini_hochberg(&differences.collect::<Vec<_>>());
    let mut out = Building::new(&TABLE, groups.len())?;
    for ((group, counts), (change_q, difference_q)) in groups.iter().zip(changes.into_iter().zip(differences)) {
        let (span, place, member) = *group;
        let span = spans.span(span);
        let interval = interval::wilson(counts.answered, counts.finished);
        let previous = before(group).map(Counts::rate);
        out.push(vec![
            Cell::from(span.kind),
            span.name.as_str().into(),
            breakdowns[place].0.into(),
            member.into(),
            counts.finished.into(),
            counts.answered.into(),
            counts.rate().into(),
            interval.map(|i| i.low).into(),
            interval.map(|i| i.high).into(),
            previous.into(),
            previous.map(|previous| counts.rate() - previous).into(),
            change_q.into(),
            difference_q.into(),
        ])?;
    }
    out.finish()
}
