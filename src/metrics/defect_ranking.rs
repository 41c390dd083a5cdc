//! Recurring defects, ranked.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Span;
use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::plan::Same;
use crate::schema::Type::{Double, Int32, Int64, Text};
use crate::schema::shared::{CHANGE_Q, FAULT_CODE, PERIOD, PERIOD_TYPE, PRODUCT_MODEL, RANK, TICKETS};
use crate::schema::{Label, Table, column};
use crate::stats::rate_ratio::RateRatio;
use crate::stats::{adjust, rate_ratio};
use crate::tally::{Counted, Share, Tally};

static TABLE: Table = Table {
    name: "defect_ranking",
    label: Label { zh: "重复故障排行", en: "Recurring defects" },
    grain: "one row per period and defect (product model × fault code)",
    columns: &[
        PERIOD_TYPE,
        PERIOD,
        RANK.doc("By tickets, most first; equal numbers by model and code."),
        PRODUCT_MODEL,
        FAULT_CODE,
        TICKETS.doc("Tickets with this defect; a ticket counts once for each of its codes."),
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
            "Rate per ticket of the period ÷ the same of the period before; null where there was none before.",
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
            "tickets × (5 − overall*) / 4: unhappiness in whole tickets, with overall* drawn towards the mean of all defects.",
        ),
        column(
            "priority_rank",
            Int32,
            "",
            "改进优先级",
            "Priority rank",
            "By priority_score, highest first; null where no ticket of the period has an answer.",
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
A defect is product model × fault code. A ticket counts once for each of its distinct codes, also a cancelled one: the fault was
reported all the same; shares are of the sum over all
defects, so that they reach 100 %. Pareto class: walking down the ranks, a defect is A while the defects before it hold less
than 80 %, B while they hold less than 95 %, else C. A repeat is a ticket of the same customer (or serial number,
`same` in `[defects]`), model and code requested within `repeat_within_days` × 24 h after an earlier one was resolved.
The change compares tickets per ticket of the period, tested by the exact conditional test of two Poisson rates, with the
exact interval that belongs to it.
Priority score = tickets × (5 − overall*) ÷ 4, where overall* = (sum of answers + min_n × mean of all defects) ÷ (answers + min_n).

## How to read it
Start with class A and with rows whose `change_ratio` is above 1 and `change_q` below 0.05. A frequent fault that nobody minds ranks
lower in `priority_rank` than a rarer one that makes customers unhappy.

## Source
Pareto analysis after Juran (1951); conditional test of Poisson rates: Przyborowski and Wilenski (1940); Benjamini and Hochberg (1995).
";

fn tallies(_: &Context) -> Vec<Tally> {
    let defects = |time| Tally::of("fact_fault", [time, "product_model", "fault_code"]);
    vec![
        defects("month").sum("is_repeat").sum("overall_answers").sum("overall_thousandths"),
        // Distinct customers do not add up, so they are counted for months and periods apart.
        defects("month").distinct("customer_id"),
        defects("period").distinct("customer_id"),
        Tally::of("fact_ticket", ["month"]),
    ]
}

#[derive(Debug, Default, Clone, Copy)]
struct Figures {
    tickets: u64,
    customers: Option<u64>,
    repeats: u64,
    answers: u64,
    thousandths: u64,
}

/// Product model and fault code.
type Defect = (String, String);
type Ranked = BTreeMap<Span, BTreeMap<Defect, Figures>>;

/// The comparison with the previous period, and its q-value.
type Change = (Option<RateRatio>, Option<f64>);

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let [monthly, month_customers, period_customers, exposure] = counted.as_slice() else {
        return rows::table(&TABLE, Vec::new());
    };
    let mut periods = Ranked::new();
    let parts = ["rows", "is_repeat", "overall_answers", "overall_thousandths"];
    let sums: Vec<Vec<u64>> = parts.iter().map(|p| monthly.sums(p)).collect::<PolarsResult<_>>()?;
    for (row, (month, defect)) in defects(monthly, "month")?.into_iter().enumerate() {
        for span in context.spans(&month) {
            let figures = periods.entry(span).or_default().entry(defect.clone()).or_default();
            figures.tickets += sums[0][row];
            figures.repeats += sums[1][row];
            figures.answers += sums[2][row];
            figures.thousandths += sums[3][row];
        }
    }
    customers(context, &mut periods, period_customers, "period", |name| context.reporting(name))?;
    customers(context, &mut periods, month_customers, "month", |name| {
        context.spans(name).into_iter().next().unwrap_or_else(|| context.reporting(name))
    })?;
    let mut tickets: BTreeMap<Span, u64> = BTreeMap::new();
    for (month, rows) in exposure.texts("month")?.into_iter().zip(exposure.sums("rows")?) {
        for span in context.spans(month) {
            *tickets.entry(span).or_default() += rows;
        }
    }
    table(context, &periods, &tickets)
}

fn defects(counted: &Counted, time: &str) -> PolarsResult<Vec<(String, Defect)>> {
    let (times, models, codes) = (counted.texts(time)?, counted.texts("product_model")?, counted.texts("fault_code")?);
    let own = |((time, model), code): ((&str, &str), &str)| (time.to_owned(), (model.to_owned(), code.to_owned()));
    Ok(times.into_iter().zip(models).zip(codes).map(own).collect())
}

fn customers(
    context: &Context,
    periods: &mut Ranked,
    counted: &Counted,
    time: &str,
    span: impl Fn(&str) -> Span,
) -> PolarsResult<()> {
    let distinct = counted.sums("distinct")?;
    for ((name, defect), customers) in defects(counted, time)?.into_iter().zip(distinct) {
        let figures = periods.get_mut(&span(&name)).and_then(|p| p.get_mut(&defect));
        if let Some(figures) = figures.filter(|_| context.has("fact_fault", "customer_id")) {
            figures.customers = Some(customers);
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of tickets and points are far below 2^53")]
fn table(context: &Context, periods: &Ranked, tickets: &BTreeMap<Span, u64>) -> PolarsResult<DataFrame> {
    let float = |value: u64| value as f64;
    let exposure = |span: &Span| tickets.get(span).copied().unwrap_or_default();
    // Where the previous period lies within the data, a defect that it does not have stood at zero.
    let before = |span: &Span, defect: &Defect| {
        let previous = context.previous(span).filter(|p| exposure(p) > 0)?;
        let tickets = periods.get(&previous).and_then(|p| p.get(defect)).map_or(0, |f| f.tickets);
        Some((tickets, exposure(&previous)))
    };
    let compare = |span: &Span, defect: &Defect, figures: &Figures| {
        let (tickets, exposed) = before(span, defect)?;
        rate_ratio::compare(figures.tickets, float(exposure(span)), tickets, float(exposed))
    };
    let all = || periods.iter().flat_map(|(span, defects)| defects.iter().map(move |(d, f)| (span, d, f)));
    let compared: Vec<_> = all().map(|(span, defect, f)| compare(span, defect, f)).collect();
    let q_values = adjust::benjamini_hochberg(&compared.iter().map(|c| c.map(|c| c.p)).collect::<Vec<_>>());
    let changes = compared.iter().copied().zip(q_values);
    let change_of: BTreeMap<(&Span, &Defect), Change> =
        all().zip(changes).map(|((span, defect, _), change)| ((span, defect), change)).collect();

    let told = context.has(
        "fact_fault",
        match context.plan.defects.same {
            Same::Customer => "customer_id",
            Same::SerialNumber => "serial_number",
        },
    ) && context.has("fact_ticket", "resolved_at");
    let mut out = Vec::new();
    for (span, defects) in periods {
        let total: u64 = defects.values().map(|f| f.tickets).sum();
        let mut order: Vec<(&Defect, &Figures)> = defects.iter().collect();
        order.sort_by(|a, b| b.1.tickets.cmp(&a.1.tickets).then_with(|| a.0.cmp(b.0)));
        let priority = priorities(&order, context.plan.scores.min_n);
        let mut cumulative = 0;
        for (place, ((defect, figures), priority)) in order.iter().zip(priority).enumerate() {
            let (change, q) = change_of.get(&(span, *defect)).copied().unwrap_or_default();
            let class = pareto_class(cumulative, total);
            cumulative += figures.tickets;
            let shown = i64::try_from(figures.answers).is_ok_and(|n| n >= context.plan.scores.min_n);
            let mean =
                (shown && figures.answers > 0).then(|| float(figures.thousandths) / 1000.0 / float(figures.answers));
            out.push(vec![
                Cell::from(span.kind),
                span.name.as_str().into(),
                (place + 1).into(),
                defect.0.as_str().into(),
                defect.1.as_str().into(),
                figures.tickets.into(),
                (float(figures.tickets) / float(total)).into(),
                (float(cumulative) / float(total)).into(),
                class.into(),
                figures.customers.into(),
                told.then_some(figures.repeats).into(),
                told.then(|| float(figures.repeats) / float(figures.tickets)).into(),
                before(span, defect).map(|(tickets, _)| tickets).into(),
                change.and_then(|change| change.ratio).into(),
                q.into(),
                change.map(|change| change.low).into(),
                change.and_then(|change| change.high).into(),
                figures.answers.into(),
                mean.into(),
                priority.map(|(score, _)| score).into(),
                priority.map(|(_, rank)| rank).into(),
            ]);
        }
    }
    rows::table(&TABLE, out)
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

/// Score and rank of each defect, in the order given; none where no ticket of the period has an answer.
#[expect(clippy::cast_precision_loss, reason = "counts of tickets and points are far below 2^53")]
fn priorities(order: &[(&Defect, &Figures)], min_n: i64) -> Vec<Option<(f64, usize)>> {
    let answers: u64 = order.iter().map(|(_, f)| f.answers).sum();
    if answers == 0 {
        return vec![None; order.len()];
    }
    let points: u64 = order.iter().map(|(_, f)| f.thousandths).sum();
    let mean = points as f64 / 1000.0 / answers as f64;
    let weight = min_n as f64;
    let score = |f: &Figures| {
        let overall = (f.thousandths as f64 / 1000.0 + weight * mean) / (f.answers as f64 + weight);
        f.tickets as f64 * (5.0 - overall) / 4.0
    };
    let scores: Vec<f64> = order.iter().map(|(_, f)| score(f)).collect();
    let mut places: Vec<usize> = (0..order.len()).collect();
    // Stable, so equal scores keep the order of the ranking.
    places.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let mut ranked = vec![None; order.len()];
    for (rank, place) in places.into_iter().enumerate() {
        ranked[place] = Some((scores[place], rank + 1));
    }
    ranked
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

    #[test]
    fn unhappy_defects_come_first() {
        let defect = |code: &str| ("M".to_owned(), code.to_owned());
        let (often, rare) = (defect("often"), defect("rare"));
        let happy = Figures { tickets: 20, answers: 10, thousandths: 50_000, ..Figures::default() };
        let unhappy = Figures { tickets: 15, answers: 10, thousandths: 20_000, ..Figures::default() };
        let ranked = priorities(&[(&often, &happy), (&rare, &unhappy)], 5);
        assert_eq!(ranked.iter().map(|r| r.unwrap().1).collect::<Vec<_>>(), [2, 1]);
        // mean of all 3.5: overall* = (20 + 17.5) / 15 = 2.5, score = 15 × 2.5 / 4.
        assert!((ranked[1].unwrap().0 - 9.375).abs() < 1e-12);
        assert_eq!(priorities(&[(&often, &Figures::default())], 5), [None]);
    }
}
