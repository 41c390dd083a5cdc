//! How the improvement measures stand.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::rows::{self, Cell};
use super::{Context, Metric};
use crate::schema::Type::Int64;
use crate::schema::facts::FACT_ACTION;
use crate::schema::facts::action::{STATES, is_open};
use crate::schema::shared::{ALL, BREAKDOWN, MEMBER, PERIOD};
use crate::schema::{Column, Label, Table, column};
use crate::tally::{Share, Tally};

const fn count(name: &'static str, zh: &'static str, en: &'static str, doc: &'static str) -> Column {
    column(name, Int64, "measures", zh, en, doc)
}

static TABLE: Table = Table {
    name: "action_status",
    label: Label { zh: "改进措施进度", en: "Measures by state" },
    grain: "one row for all measures and one per department",
    columns: &[
        PERIOD.doc("The reviewed period; measures are told as they stand at the moment of the review, whenever they were decided on."),
        BREAKDOWN.doc("`all`, or `department`."),
        MEMBER,
        count("measures", "措施数", "Measures", "Measures that had been decided on."),
        count("not_started", "未启动", "Not started", "Of these, not begun."),
        count("under_way", "进行中", "Under way", "Of these, begun and not completed."),
        count("done", "已完成", "Done", "Of these, completed, and their effect not looked at yet."),
        count("verifying", "效果验证中", "Being verified", "Of these, completed, and their effect being verified."),
        count("closed", "已闭环", "Closed", "Of these, verified."),
        count("overdue", "逾期未完成", "Overdue", "Not completed, and due on an earlier working day."),
        column(
            "overdue_workdays",
            Int64,
            "days",
            "逾期工作日合计",
            "Overdue working days",
            "Sum of the working days by which the overdue ones are late so far.",
        ),
        count("completed_late", "逾期完成", "Completed late", "Completed after the working day on which they were due."),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const DOC: &str = "\
# Measures by state (改进措施进度)

## What it says
How many of the improvement measures are open, completed and verified, and how many are overdue, for all and for each department.

## How it is counted
From `fact_action`: each measure once, in its state at the moment of the review. A measure is overdue if it is not completed and a working
day of the default calendar has passed since the day on which it was due; `overdue_workdays` adds these days up. Measures without a due
day are never overdue; measures decided on later are left out.

## How to read it
Chase `overdue` every week, the departments with most overdue working days first. Measures that stay `done` have not been looked at: whether
they helped is not known until they are `closed`.

## Source
Counts, no statistics.
";

fn tallies(context: &Context) -> Vec<Tally> {
    if !context.has(FACT_ACTION.name, "state") {
        return Vec::new();
    }
    vec![Tally::of(FACT_ACTION.name, ["department", "state"]).sum("is_late").sum("overdue_workdays")]
}

#[derive(Debug, Default)]
struct Counts {
    /// By [`STATES`].
    states: [u64; 5],
    overdue: u64,
    overdue_workdays: u64,
    completed_late: u64,
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let mut members: BTreeMap<(usize, &str), Counts> = BTreeMap::new();
    for counted in &counted {
        let (departments, states) = (counted.texts("department")?, counted.texts("state")?);
        let [measures, late, days] = ["rows", "is_late", "overdue_workdays"].map(|name| counted.sums(name));
        let (measures, late, days) = (measures?, late?, days?);
        for row in 0..counted.len() {
            for key in [(0, ALL), (1, departments[row])] {
                let own = members.entry(key).or_default();
                if let Some(place) = STATES.iter().position(|state| *state == states[row]) {
                    own.states[place] += measures[row];
                }
                if is_open(states[row]) {
                    own.overdue += late[row];
                    own.overdue_workdays += days[row];
                } else {
                    own.completed_late += late[row];
                }
            }
        }
    }
    let period = context.months.last().map_or("", |(_, period)| period.as_str());
    let line = |((place, member), counts): ((usize, &str), Counts)| {
        let Counts { states, overdue, overdue_workdays, completed_late } = counts;
        let names = [period, [ALL, "department"][place], member].map(Cell::from);
        let counts = [states.iter().sum()].into_iter().chain(states).chain([overdue, overdue_workdays, completed_late]);
        names.into_iter().chain(counts.map(Cell::from)).collect()
    };
    rows::table(&TABLE, members.into_iter().map(line))
}
