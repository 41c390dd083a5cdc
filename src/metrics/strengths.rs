//! What customers praise: the boxes that they tick.

use polars::prelude::{DataFrame, PolarsResult};

use super::chosen::{self, Question};
use super::{Context, Metric};
use crate::schema::{Label, Table};
use crate::tally::{Share, Tally};

static TABLE: Table = Table {
    name: "strengths",
    label: Label { zh: "服务亮点", en: "Strengths" },
    grain: "one row per period, breakdown, member with a box ticked, and box",
    columns: chosen::COLUMNS,
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const QUESTION: Question = Question { column: "strengths", many: true };

const DOC: &str = "\
# Strengths (服务亮点)

## What it says
What the evaluators praise, by the boxes they tick (响应迅速, 态度友好, …), for all and for each member of the breakdowns that the plan
names for scores.

## How it is counted
`share` = surveys in which the box is ticked ÷ surveys in which any box is. Several boxes may be ticked, each counts once a
survey. Surveys without a tick say nothing: whether the question was seen, nobody knows. Boxes that nobody ticked for one member but
somebody for another are told as 0. With fewer than `min_n` such surveys a member is `suppressed`: its boxes and n stay, the figures are null.

## How to read it
What is praised seldom where the same staff score well is a habit nobody notices; what is praised often and scores low is worth a look at
the raw answers. `change_q` below 0.05 marks a change against the previous period that chance hardly explains.

## Source
Wilson (1927), score interval; two-proportion z test with pooled variance; Benjamini and Hochberg (1995).
";

fn tallies(context: &Context) -> Vec<Tally> {
    chosen::tallies(context, QUESTION)
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    chosen::table(context, taken, QUESTION, &TABLE)
}
