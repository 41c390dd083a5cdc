//! Members of staff with the same gap, for whom one course serves.

use std::collections::BTreeMap;

use polars::prelude::{DataFrame, PolarsResult};

use super::peers::{self, Member};
use super::rows::{Building, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Double, Int32, Text};
use crate::schema::shared::{DIMENSION, JOINED, N, PERIOD, RANK, TICKETS};
use crate::schema::{Label, Table, column};
use crate::tally::Share;

static TABLE: Table = Table {
    name: "training_groups",
    label: Label { zh: "培训分组", en: "Training groups" },
    grain: "one row per reporting period and dimension in which somebody has a gap",
    columns: &[
        PERIOD,
        RANK.doc("By priority; 1 is the most pressing course of the period."),
        DIMENSION,
        column("staff", Int32, "staff", "人数", "Staff", "Members of staff with a gap in this dimension."),
        column(
            "staff_ids",
            Text,
            "",
            "员工编号",
            "Staff numbers",
            "Their numbers, the most pressing first, joined by `;`.",
        ),
        column(
            "staff_names",
            Text,
            "",
            "员工姓名",
            "Staff names",
            "Their names in the same order, joined by `;`; `?` for one that the data do not tell.",
        ),
        N.doc("Answers to them in this dimension."),
        column("mean", Double, "points", "均分", "Mean", "Mean of these answers, 1–5."),
        column(
            "shrunk_gap",
            Double,
            "points",
            "收缩差距",
            "Shrunk gap",
            "Mean of their shrunk gaps to the peers, by answers.",
        ),
        TICKETS.doc("Tickets of these members in the period; null where the data have no tickets."),
        column(
            "priority",
            Double,
            "points",
            "优先度",
            "Priority",
            "Sum of their priorities in `skill_gaps`: points below the peers × tickets.",
        ),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies: peers::tallies, finish };

const DOC: &str = "\
# Training groups (培训分组)

## What it says
Which courses to hold, and for whom: all members of staff with the same gap stand in one row.

## How it is counted
A gap is a row of `skill_gaps` with `is_gap`: weaker than the peers of the same tenure band with q < 0.05. Gaps of the same
dimension and reporting period make a group. Its priority is the sum of theirs, so that a small gap of many people who see many customers
can come before a large one of somebody who sees few.

## How to read it
From the top: one row, one course. A group of one is a case for coaching rather than for a class. What a whole tenure band lacks is no
gap between peers and stands in `tenure_effect`: there the course belongs into the induction of new staff.

## Source
As for `skill_gaps`.
";

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let mut groups: BTreeMap<(&str, usize), Vec<Member>> = BTreeMap::new();
    for member in peers::members(context, &counted)? {
        if member.is_weak() {
            groups.entry((member.period, member.dimension)).or_default().push(member);
        }
    }
    let mut courses: Vec<Course> =
        groups.into_iter().map(|((period, dimension), group)| Course::of(period, dimension, group)).collect();
    courses.sort_by(|a, b| a.period.cmp(b.period).then(b.priority.total_cmp(&a.priority)));
    let dimensions = context.plan.score_names();
    let mut out = Building::new(&TABLE, courses.len())?;
    for of_period in courses.chunk_by(|a, b| a.period == b.period) {
        for (course, rank) in of_period.iter().zip(1_usize..) {
            out.push(course.row(dimensions[course.dimension], rank))?;
        }
    }
    out.finish()
}

struct Course<'c> {
    period: &'c str,
    dimension: usize,
    /// The most pressing first.
    members: Vec<Member<'c>>,
    priority: f64,
}

impl<'c> Course<'c> {
    fn of(period: &'c str, dimension: usize, mut members: Vec<Member<'c>>) -> Self {
        let priority = |member: &Member| member.priority().unwrap_or_default();
        members.sort_by(|a, b| priority(b).total_cmp(&priority(a)).then(a.id.cmp(b.id)));
        let all = members.iter().map(priority).sum();
        Self { period, dimension, members, priority: all }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    fn row(&self, dimension: &str, rank: usize) -> Vec<Cell> {
        let joined = |of: fn(&Member<'c>) -> &'c str| self.members.iter().map(of).collect::<Vec<_>>().join(JOINED);
        let n: u64 = self.members.iter().map(|member| member.n).sum();
        let by_answers = |of: fn(&peers::Figures) -> Option<f64>| {
            let of = |member: &Member| Some(member.n as f64 * of(&member.figures?)?);
            self.members.iter().map(of).sum::<Option<f64>>().map(|sum| sum / n as f64)
        };
        vec![
            Cell::from(self.period),
            rank.into(),
            dimension.into(),
            self.members.len().into(),
            joined(|member| member.id).as_str().into(),
            joined(|member| member.name.unwrap_or("?")).as_str().into(),
            n.into(),
            by_answers(|f| Some(f.mean)).into(),
            by_answers(|f| f.shrunk_gap).into(),
            self.members.iter().map(|member| member.tickets).sum::<Option<u64>>().into(),
            self.priority.into(),
        ]
    }
}
