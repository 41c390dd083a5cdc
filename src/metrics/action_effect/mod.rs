//! Whether the improvement measures helped.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Date, Double, Int32, Int64, Text};
use crate::schema::facts::FACT_ACTION;
use crate::schema::facts::action::is_open;
use crate::schema::facts::effect::{
    ACTION_ID, AFTER, BEFORE, DAYS, DEFECT, DIMENSION, EFFECTS, EVER, FEWEST_DAYS, HITS, KIND, N, POINTS, SIDE, SIDES,
    SQUARES, THEME,
};
use crate::schema::shared::{NONE, PERIOD, Q};
use crate::schema::{Column, Label, Table, column};
use crate::stats::adjust;
use crate::tally::{Counted, Key, Share, Tally};

mod compared;

use self::compared::{Compared, Effect, Sums};

const fn text(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Text, "", zh, en, doc)
}

const fn day(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Date, "", zh, en, doc)
}

const fn figure(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Double, "", zh, en, doc)
}

static TABLE: Table = Table {
    name: "action_effect",
    label: Label { zh: "改进措施效果", en: "Effect of measures" },
    grain: "one row per improvement measure that had been decided on",
    columns: &[
        PERIOD.doc("The reviewed period; measures are told as of the moment of the review."),
        text(ACTION_ID, "措施编号", "Action", "Number of the measure."),
        text("target", "改进对象", "Target", "What it is to improve."),
        text("measure", "改进措施", "Measure", "What is to be done."),
        text("department", "责任部门", "Department", "Who is responsible."),
        text("owner", "责任人", "Owner", "The person responsible."),
        text("state", "状态", "State", "`not_started`, `under_way`, `done`, `verifying` or `closed`."),
        day("created_on", "制定日期", "Created on", "When it was decided on."),
        day("due_on", "完成时限", "Due on", "When it is due."),
        day("completed_on", "完成日期", "Completed on", "When it was completed."),
        column(
            "overdue_workdays",
            Int64,
            "days",
            "逾期工作日",
            "Overdue",
            "Working days after `due_on` until it was completed, or until the review.",
        ),
        text(
            KIND,
            "对象类别",
            "Kind of target",
            "`defect`: a fault, a model or both; `dimension`: a dimension of the surveys; `theme`: a theme of opinions. What is none of the two latter is taken for a defect.",
        ),
        column(
            "window_days",
            Int32,
            "days",
            "对比天数",
            "Window",
            "Days before and after the completion that are compared, as many on either side: 90 at most; null where it is not completed.",
        ),
        column(
            "before_n",
            Int64,
            "",
            "前 n",
            "n before",
            "Tickets requested, answers to the dimension, or texts, in the days up to the completion.",
        ),
        figure(
            "before_value",
            "前",
            "Before",
            "Tickets with the defect per 100 tickets, mean of the dimension, or share of texts with the theme, in these days.",
        ),
        column("after_n", Int64, "", "后 n", "n after", "The same in the days after it."),
        figure("after_value", "后", "After", "The same in the days after it."),
        text("unit", "单位", "Unit", "Of the two values: `per_100` tickets, `points` or `share`."),
        figure("change", "变化", "Change", "after_value ÷ before_value for a defect, else after_value − before_value."),
        figure(
            "ci_low",
            "置信下限",
            "CI low",
            "Lower end of the 95 % interval of the change: exact for the ratio of a defect's rates, Welch for a mean, Newcombe for a share.",
        ),
        figure("ci_high", "置信上限", "CI high", "Upper end of that interval; null where there is none."),
        figure("p", "p 值", "p", "Two-sided p-value of no change."),
        Q,
        text(
            "verdict",
            "结论",
            "Verdict",
            "`better` or `worse` where q < 0.05, `no_difference` where not; `too_few`: nothing could be tested; `too_early`: less than 14 days to compare; `not_completed`; `not_in_data`: nothing in the data is the target.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Effect of measures (改进措施效果)

## What it says
Whether what a measure was to improve is better since it was completed: the rate of a defect, the mean of a dimension, or the share of a theme. A
measure whose target is nowhere in the data has its row, and says so.

## How it is counted
The days after the day of completion up to the moment of the review, 90 at most, are compared with as many days up to and including the day of completion; fewer
where the data do not reach back as far. A defect: tickets with every part of the target (model, product line, fault) against all tickets
requested, the ratio of the two rates with its exact interval and test. A dimension: all answers to it in surveys answered, Welch's t test. A theme: surveys with a
text of a customer (where surveys have none, tickets with a description), the difference of shares with Newcombe's interval and the
two-proportion z test. q is taken over all measures. Fewer cases of a defect or theme, and higher means, are better.

## How to read it
Believe `better` more readily the longer `window_days` is. What else changed at the same time changed the figures as well: a season, a new
model, fewer units. `no_difference` with a wide interval says that nobody can tell yet. `follow_up_due` lists the customers to call again.

## Source
Przyborowski and Wilenski (1940) for rates; Welch (1947) for means; Newcombe (1998), method 10, for shares; Benjamini and Hochberg (1995).
";

/// Texts of a measure, in the order of the table.
const TEXTS: [&str; 6] = [ACTION_ID, "target", "measure", "department", "owner", "state"];
/// Days and numbers of a measure, in the order of the table.
const NUMBERS: [&str; 4] = ["created_on", "due_on", "completed_on", "overdue_workdays"];

/// Measures with their days, each alone in its row; then what happened to their targets.
fn tallies(context: &Context) -> Vec<Tally> {
    if !context.has(FACT_ACTION.name, "state") || !context.has(EFFECTS, SIDE) {
        return Vec::new();
    }
    let present = |tally: Tally, name: &'static str| tally.sum(name).present(has(name), name.to_owned());
    let measures = NUMBERS.into_iter().fold(Tally::of(FACT_ACTION.name, TEXTS), present);
    let sums = [N, HITS, POINTS, SQUARES];
    let effects = Tally::of(EFFECTS, [ACTION_ID, KIND, SIDE]).by(Key::Number(DAYS));
    vec![measures, sums.into_iter().fold(effects, Tally::sum)]
}

/// Whether a measure has a number.
fn has(name: &str) -> String {
    format!("has_{name}")
}

fn effects(counted: &Counted) -> PolarsResult<BTreeMap<&str, Effect>> {
    let mut effects: BTreeMap<&str, Effect> = BTreeMap::new();
    let (ids, kinds, sides) = (counted.texts(ACTION_ID)?, counted.texts(KIND)?, counted.texts(SIDE)?);
    let days = counted.numbers(DAYS)?;
    let [n, hits, points, squares] = [N, HITS, POINTS, SQUARES].map(|name| counted.sums(name));
    let (n, hits, points, squares) = (n?, hits?, points?, squares?);
    for row in 0..counted.len() {
        let effect = effects.entry(ids[row]).or_default();
        (effect.kind, effect.days) = (kinds[row].to_owned(), days[row]);
        if let Some(place) = SIDES.iter().position(|side| *side == sides[row]) {
            effect.sides[place] = Sums { n: n[row], hits: hits[row], points: points[row], squares: squares[row] };
        }
    }
    Ok(effects)
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let [measures, happened] = counted.as_slice() else { return rows::table(&TABLE, Vec::new()) };
    let effects = effects(happened)?;
    let texts: Vec<Vec<&str>> = TEXTS.iter().map(|name| measures.texts(name)).collect::<PolarsResult<_>>()?;
    let numbers = NUMBERS.iter().map(|name| Ok((measures.sums(name)?, measures.sums(&has(name))?)));
    let numbers: Vec<(Vec<u64>, Vec<u64>)> = numbers.collect::<PolarsResult<_>>()?;
    let none = Effect::default();
    let of = |row: usize| effects.get(texts[0][row]).unwrap_or(&none);
    let tested = |row: usize| {
        let effect = of(row);
        let compared = Compared::of(effect);
        // What is too early to tell is not tested, so that it takes no part in the q of the others.
        let early = i64::from(effect.days) < FEWEST_DAYS;
        if early { Compared { p: None, ..compared } } else { compared }
    };
    let compared: Vec<Compared> = (0..measures.len()).map(tested).collect();
    let q_values = adjust::benjamini_hochberg(&compared.iter().map(|c| c.p).collect::<Vec<_>>());
    let period = context.months.last().map_or("", |(_, period)| period.as_str());
    let mut out = Vec::new();
    for ((row, compared), q) in compared.iter().enumerate().zip(q_values) {
        let effect = of(row);
        let completed = numbers[2].1[row] > 0;
        let mut cells = vec![Cell::from(period)];
        cells.extend(texts.iter().map(|texts| Some(texts[row]).filter(|text| *text != NONE).into()));
        cells.extend(numbers.iter().map(|(sums, there)| Cell::from((there[row] > 0).then_some(sums[row]))));
        let side = |side: &str| completed.then(|| effect.side(side).n);
        cells.extend([
            Some(effect.kind.as_str()).filter(|kind| !kind.is_empty()).into(),
            completed.then_some(u64::from(effect.days.unsigned_abs())).into(),
            side(BEFORE).into(),
            compared.values[0].filter(|_| completed).into(),
            side(AFTER).into(),
            compared.values[1].filter(|_| completed).into(),
            unit(&effect.kind).into(),
            compared.change.filter(|_| completed).into(),
            compared.low.filter(|_| compared.p.is_some()).into(),
            compared.high.filter(|_| compared.p.is_some()).into(),
            compared.p.into(),
            q.into(),
            verdict(texts[5][row], effect, compared, q).into(),
        ]);
        out.push(cells);
    }
    rows::table(&TABLE, out)
}

fn unit(kind: &str) -> Option<&'static str> {
    match kind {
        DEFECT => Some("per_100"),
        DIMENSION => Some("points"),
        THEME => Some("share"),
        _ => None,
    }
}

fn verdict(state: &str, effect: &Effect, compared: &Compared, q: Option<f64>) -> &'static str {
    const SHOWN: f64 = 0.05;
    if effect.side(EVER).hits == 0 {
        return "not_in_data";
    }
    if is_open(state) {
        return "not_completed";
    }
    if i64::from(effect.days) < FEWEST_DAYS {
        return "too_early";
    }
    let (Some(q), [Some(before), Some(after)]) = (q, compared.values) else { return "too_few" };
    let rises = after > before;
    match (q < SHOWN, rises == (effect.kind == DIMENSION)) {
        (false, _) => "no_difference",
        (true, true) => "better",
        (true, false) => "worse",
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::METRIC;
    use crate::metrics::testing::{assert_numbers, cells, numbers, plan, table};

    /// Number, state, day of completion, kind, days, and n, hits, points and squares before, after and ever.
    type Row = (&'static str, &'static str, Option<i32>, &'static str, i32, [[i64; 4]; 3]);

    fn found(rows: &[Row]) -> DataFrame {
        let text = |of: fn(&Row) -> &'static str| rows.iter().map(of).collect::<Vec<_>>();
        let days: Vec<Option<i32>> = rows.iter().map(|row| row.2).collect();
        let days = Column::new("completed_on".into(), days).cast(&DataType::Date).unwrap();
        let nothing = Column::new("created_on".into(), vec![None::<i32>; rows.len()]).cast(&DataType::Date).unwrap();
        let mut actions = df!(
            "action_id" => text(|row| row.0),
            "target" => text(|row| row.0),
            "measure" => text(|_| "x"),
            "department" => vec![None::<&str>; rows.len()],
            "owner" => text(|_| "y"),
            "state" => text(|row| row.1),
            "overdue_workdays" => vec![Some(3_i32); rows.len()],
        )
        .unwrap();
        actions.with_column(nothing.clone().with_name("due_on".into())).unwrap();
        actions.with_column(nothing).unwrap();
        actions.with_column(days).unwrap();
        let sides =
            || rows.iter().flat_map(|row| ["before", "after", "ever"].into_iter().zip(row.5).map(move |s| (row, s)));
        let sum = |place: usize| sides().map(|(_, (_, sums))| sums[place]).collect::<Vec<_>>();
        let effects = df!(
            "action_id" => sides().map(|(row, _)| row.0).collect::<Vec<_>>(),
            "target_kind" => sides().map(|(row, _)| row.3).collect::<Vec<_>>(),
            "side" => sides().map(|(_, (side, _))| side).collect::<Vec<_>>(),
            "days" => sides().map(|(row, _)| row.4).collect::<Vec<_>>(),
            "n" => sum(0), "hits" => sum(1), "points" => sum(2), "squares" => sum(3),
        );
        table(&METRIC, &plan(), &[("fact_action", actions), ("measure_effect", effects.unwrap())])
    }

    #[test]
    fn targets_are_compared_before_and_after_and_what_cannot_be_is_said() {
        let defect = |before, after| [[1000, before, 0, 0], [1000, after, 0, 0], [9000, before + after, 0, 0]];
        // Ten answers of 3 and ten of 4 points; ten of 4 and ten of 5.
        let scores = [[20, 20, 70_000, 250_000_000], [20, 20, 90_000, 410_000_000], [40, 40, 160_000, 660_000_000]];
        let found = found(&[
            ("a", "closed", Some(20_000), "defect", 90, defect(60, 20)),
            ("b", "done", Some(20_000), "defect", 90, defect(20, 60)),
            ("c", "verifying", Some(20_000), "dimension", 30, scores),
            ("d", "under_way", None, "theme", 0, defect(20, 60)),
            ("e", "done", Some(20_000), "theme", 13, defect(20, 60)),
            ("f", "done", Some(20_000), "defect", 90, defect(0, 0)),
            ("g", "done", Some(20_000), "theme", 90, defect(20, 21)),
        ]);
        let verdicts = ["better", "worse", "better", "not_completed", "too_early", "not_in_data", "no_difference"];
        assert_eq!(cells(&found, "verdict"), verdicts);
        assert_eq!(cells(&found, "unit"), ["per_100", "per_100", "points", "share", "share", "per_100", "share"]);
        let before = [Some(6.0), Some(2.0), Some(3.5), None, Some(0.02), Some(0.0), Some(0.02)];
        assert_numbers(&found, "before_value", &before);
        assert_numbers(&found, "change", &[Some(1.0 / 3.0), Some(3.0), Some(1.0), None, Some(0.04), None, Some(0.001)]);
        // Origin: `scipy.stats.ttest_ind(…, equal_var=False)` and t.ppf(0.975, 38) · √(2 · 0.2631578947 / 20).
        let p = numbers(&found, "p")[2].unwrap();
        assert!((p - 3.387_327_223_095_145e-7).abs() < 1e-15, "{p:e}");
        assert_eq!(cells(&found, "department")[0], "null");
        assert_eq!(cells(&found, "due_on")[0], "null");
        assert_eq!(cells(&found, "completed_on")[0], "2024-10-04");
    }
}
