//! Recurring defects, ranked.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Span;
use super::{Context, Metric};
use crate::plan::{Level, USUAL_LEVEL};
use crate::schema::Type::{Bool, Double, Int32, Int64, Text};
use crate::schema::facts::units::IS_LAST;
use crate::schema::facts::{FACT_FAULT, FACT_UNITS, fix};
use crate::schema::shared::{CHANGE_Q, FAULT_CODE, PERIOD, PERIOD_TYPE, PRODUCT_MODEL, RANK, TICKETS};
use crate::schema::{Label, Table, column};
use crate::stats::rate_ratio::RateRatio;
use crate::tally::{Counted, Key, Share, Tally};

mod exposure;
mod priority;
mod table;

use self::exposure::Exposure;

const FAULT: &str = FACT_FAULT.name;

static TABLE: Table = Table {
    name: "defect_ranking",
    label: Label { zh: "重复故障排行", en: "Recurring defects" },
    grain: "one row per level of the plan, period and defect (usually product model × fault code)",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        RANK.doc("By tickets, most first; equal numbers by model and code."),
        PRODUCT_MODEL.doc("Product model; null on levels without it, `(none)` where the data have none."),
        FAULT_CODE.doc("One fault code; null on levels without it."),
        TICKETS.doc("Tickets with this defect; a ticket counts once for each of its defects of the level."),
        column(
            "share",
            Double,
            "share",
            "占比",
            "Share",
            "tickets / the sum of tickets over all defects of the period.",
        ),
        column(
            "cumulative_share",
            Double,
            "share",
            "累计占比",
            "Cumulative share",
            "Sum of the shares down to this rank.",
        ),
        column(
            "pareto_class",
            Text,
            "",
            "ABC 分类",
            "Pareto class",
            "A: the defects that together reach 80 %; B: those that reach 95 %; C: the rest.",
        ),
        column(
            "customers",
            Int64,
            "customers",
            "客户数",
            "Customers",
            "Distinct customers with this defect in the period.",
        ),
        column(
            "repeats",
            Int64,
            "tickets",
            "重复报修",
            "Repeats",
            "Tickets that repeat an earlier one of the same customer (or serial number) and defect; null where the data have no customers (or serial numbers), or no resolution times.",
        ),
        column("repeat_rate", Double, "share", "重复率", "Repeat rate", "repeats / tickets."),
        column(
            "previous_tickets",
            Int64,
            "tickets",
            "上期工单数",
            "Previous tickets",
            "Tickets in the period of the same type before; null where the data do not reach back.",
        ),
        column(
            "change_ratio",
            Double,
            "",
            "变化倍数",
            "Change ratio",
            "Tickets ÷ exposure of the period ÷ the same of the period before; null where there was none before.",
        ),
        CHANGE_Q,
        column(
            "change_low",
            Double,
            "",
            "变化倍数下限",
            "Change ratio low",
            "Lower end of the exact 95 % interval of the change ratio; 0 where the period has none.",
        ),
        column(
            "change_high",
            Double,
            "",
            "变化倍数上限",
            "Change ratio high",
            "Its upper end; null where the period before had none.",
        ),
        column(
            "overall_answers",
            Int64,
            "answers",
            "满意度份数",
            "Overall answers",
            "Answers to `overall` for these tickets.",
        ),
        column(
            "mean_overall",
            Double,
            "points",
            "总体满意度",
            "Mean overall",
            "Mean of these answers; null below `min_n`.",
        ),
        column(
            "priority_score",
            Double,
            "tickets",
            "改进优先分",
            "Priority score",
            "tickets × emotion_factor × influence_factor.",
        ),
        column(
            "priority_rank",
            Int32,
            "",
            "改进优先级",
            "Priority rank",
            "By priority_score, highest first; null where no ticket of the period has an answer.",
        ),
        column(
            "unhappy_share",
            Double,
            "share",
            "不满意占比",
            "Unhappy share",
            "Share of these answers with at most 2 points; null below `min_n`.",
        ),
        column(
            "moods",
            Int64,
            "surveys",
            "情绪记录数",
            "Moods",
            "Surveys of these tickets with a mood that the plan knows.",
        ),
        column("emotion", Double, "", "情绪强度", "Emotion", "Mean strength of these moods: 0 calm to 3 angry."),
        column(
            "emotion_factor",
            Double,
            "",
            "情绪系数",
            "Emotion factor",
            "1 + emotion* ÷ 3, with emotion* drawn towards the mean of all defects: 1 where nobody is annoyed, 2 where everybody is angry.",
        ),
        column(
            "influence_factor",
            Double,
            "",
            "满意度影响系数",
            "Influence factor",
            "(5 − overall*) ÷ 4, with overall* drawn towards the mean of all defects: 0 where everybody is happy, 1 where nobody is.",
        ),
        column(
            "is_top_three",
            Bool,
            "",
            "优先改进",
            "Top three",
            "One of the three defects to mend first: `priority_rank` is 3 at most.",
        ),
        column(
            "level",
            Text,
            "",
            "排行口径",
            "Level",
            "What makes two faults the same defect: `product_model+fault_code`, or another level of `[defects]`. Look at one level at a time.",
        ),
        column("product_line", Text, "", "产品线", "Product line", "Product line, on levels that have it."),
        column(
            "exposure",
            Int64,
            "",
            "对比基数",
            "Exposure",
            "What the change is relative to: all tickets of the period, or, with [sources.units], the units of the defect's model or line in the field as counted last up to the end of the period; null where nobody counted them.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Recurring defects (重复故障排行)

## What it says
Which faults of which models come back most often, whether they grow, how often the same customer returns with them, and
which to mend first.

## How it is counted
A defect is product model × fault code, or what another level of `[defects]` says. A ticket counts once for each of its distinct codes, also a cancelled one: the fault was
reported all the same; shares are of the sum over all
defects, so that they reach 100 %. Pareto class: walking down the ranks, a defect is A while the defects before it hold less
than 80 %, B while they hold less than 95 %, else C. A repeat is a ticket of the same customer (or serial number,
`same` in `[defects]`), model and code requested within `repeat_within_days` × 24 h after an earlier one was resolved.
The change compares tickets per ticket of the period, or per unit in the field where [sources.units] counts units (of the defect's model,
else of its line, else all; the last count of each model up to the end of the period), tested by the exact conditional test of two Poisson rates, with the
exact interval that belongs to it.
Priority score = frequency × emotion × influence on satisfaction: tickets × (1 + emotion* ÷ 3) × (5 − overall*) ÷ 4, where overall* = (sum of
answers + min_n × mean of all defects) ÷ (answers + min_n), and emotion* is made in the same way of the strengths of moods (`emotions` of
`[defects]`, 0 calm to 3 angry; 0 where nobody noted any). The defects of a level are ranked on their own; on levels without fault codes a ticket
with several faults counts once, as a repeat if one of its faults is one.

## How to read it
Look at one `level` at a time. Start with class A and with rows whose `change_ratio` is above 1 and `change_q` below 0.05. A frequent fault that nobody minds ranks
lower in `priority_rank` than a rarer one that makes customers unhappy.

## Source
Pareto analysis after Juran (1951); conditional test of Poisson rates: Przyborowski and Wilenski (1940); Benjamini and Hochberg (1995).
";

#[derive(Debug, Default, Clone, Copy)]
pub struct Figures {
    tickets: u64,
    customers: Option<u64>,
    repeats: u64,
    answers: u64,
    thousandths: u64,
    unhappy: u64,
    moods: u64,
    strength: u64,
}

/// What of a fault or of a ticket is summed.
const SUMS: [&str; 5] = ["overall_answers", "overall_thousandths", "unhappy_answers", "moods", "mood_strength"];

/// Whether several faults of a ticket may be the same defect, so that its tickets are counted by their first fault.
fn by_ticket(level: &Level) -> bool {
    !level.contains(&"fault_code")
}

/// The levels of the plan whose columns the data have.
fn levels<'p>(context: &'p Context) -> impl Iterator<Item = &'p Level> {
    let usual = |level: &Level| *level == USUAL_LEVEL;
    let there = move |level: &&Level| usual(level) || level.iter().all(|part| context.has(FAULT, part));
    context.plan.defects.levels.iter().filter(there)
}

/// For each level the sums by month, and the customers by month and by period; at the end the tickets by month.
fn tallies(context: &Context) -> Vec<Tally> {
    let mut tallies = Vec::new();
    for level in levels(context) {
        let defects = |time| Tally::of(FAULT, std::iter::once(time).chain(level.iter().copied()));
        let own = if by_ticket(level) {
            defects("month").by(Key::Text(fix::TICKET_FIRST)).sum(fix::TICKET_REPEAT)
        } else {
            defects("month").sum("is_repeat")
        };
        tallies.push(SUMS.into_iter().fold(own, Tally::sum));
        // Distinct customers do not add up, so they are counted for months and periods apart.
        tallies.push(defects("month").distinct("customer_id"));
        tallies.push(defects("period").distinct("customer_id"));
    }
    tallies.push(Tally::of("fact_ticket", ["month"]));
    if counts_units(context) {
        tallies.push(Tally::of(FACT_UNITS.name, ["product_line", "product_model", "month", IS_LAST]).sum("units"));
    }
    tallies
}

/// Whether defects are set against the units in the field.
fn counts_units(context: &Context) -> bool {
    context.has(FACT_UNITS.name, "units")
}

/// Members of the parts of a level, in its order.
type Defect = Vec<String>;
type Ranked = BTreeMap<Span, BTreeMap<Defect, Figures>>;

/// The comparison with the previous period, and its q-value.
type Change = (Option<RateRatio>, Option<f64>);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let mut all = Vec::new();
    for (level, counted) in levels(context).zip(counted.chunks_exact(3)) {
        let mut periods = Ranked::new();
        sums(context, &mut periods, level, &counted[0])?;
        customers(context, &mut periods, level, (&counted[2], "period"), |name| context.reporting(name))?;
        customers(context, &mut periods, level, (&counted[1], "month"), |name| {
            context.spans(name).into_iter().next().unwrap_or_else(|| context.reporting(name))
        })?;
        all.push((level, periods));
    }
    let exposure = match counted.get(3 * all.len()..) {
        Some([tickets, units @ ..]) => Exposure::new(context, tickets, units.first())?,
        _ => Exposure::default(),
    };
    table::table(context, &TABLE, &all, &exposure)
}

fn sums(context: &Context, periods: &mut Ranked, level: &Level, counted: &Counted) -> PolarsResult<()> {
    let repeats = counted.sums(if by_ticket(level) { fix::TICKET_REPEAT } else { "is_repeat" })?;
    let first = if by_ticket(level) { Some(counted.texts(fix::TICKET_FIRST)?) } else { None };
    let [answers, thousandths, unhappy, moods, strength] = SUMS.map(|name| counted.sums(name));
    let (answers, thousandths, unhappy, moods, strength) = (answers?, thousandths?, unhappy?, moods?, strength?);
    let tickets = counted.sums("rows")?;
    for (row, (month, defect)) in defects(counted, "month", level)?.into_iter().enumerate() {
        if first.as_ref().is_some_and(|first| first[row] != "true") {
            continue;
        }
        for span in context.spans(&month) {
            let figures = periods.entry(span).or_default().entry(defect.clone()).or_default();
            figures.tickets += tickets[row];
            figures.repeats += repeats[row];
            figures.answers += answers[row];
            figures.thousandths += thousandths[row];
            figures.unhappy += unhappy[row];
            figures.moods += moods[row];
            figures.strength += strength[row];
        }
    }
    Ok(())
}

fn defects(counted: &Counted, time: &str, level: &Level) -> PolarsResult<Vec<(String, Defect)>> {
    let parts: Vec<Vec<&str>> = level.iter().map(|part| counted.texts(part)).collect::<PolarsResult<_>>()?;
    let defect = |row: usize| parts.iter().map(|part| part[row].to_owned()).collect();
    let times = counted.texts(time)?;
    Ok(times.into_iter().enumerate().map(|(row, time)| (time.to_owned(), defect(row))).collect())
}

fn customers(
    context: &Context,
    periods: &mut Ranked,
    level: &Level,
    (counted, time): (&Counted, &str),
    span: impl Fn(&str) -> Span,
) -> PolarsResult<()> {
    let distinct = counted.sums("distinct")?;
    for ((name, defect), customers) in defects(counted, time, level)?.into_iter().zip(distinct) {
        let figures = periods.get_mut(&span(&name)).and_then(|p| p.get_mut(&defect));
        if let Some(figures) = figures.filter(|_| context.has(FAULT, "customer_id")) {
            figures.customers = Some(customers);
        }
    }
    Ok(())
}

/// The class of a defect before which `cumulative` of `total` tickets stand. In integers, so that a border is a border.
const fn pareto_class(cumulative: u64, total: u64) -> &'static str {
    if cumulative * 100 < total * 80 {
        "A"
    } else if cumulative * 100 < total * 95 {
        "B"
    } else {
        "C"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Classes of the qcc Pareto example: 94 80 66 33 27, cumulative 31 58 80 91 100 %. The third reaches exactly 80 %.
    #[test]
    fn pareto_classes_of_a_known_example() {
        let tickets = [94, 80, 66, 33, 27];
        let before: Vec<u64> = tickets
            .iter()
            .scan(0, |sum, t| {
                let b = *sum;
                *sum += t;
                Some(b)
            })
            .collect();
        let classes: Vec<&str> = before.iter().map(|b| pareto_class(*b, tickets.iter().sum())).collect();
        assert_eq!(classes, ["A", "A", "A", "B", "B"]);
    }
}
