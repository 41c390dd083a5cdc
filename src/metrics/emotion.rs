//! The mood in which customers were found.

use polars::prelude::{DataFrame, PolarsResult};

use super::chosen::{self, Question};
use super::{Context, Metric};
use crate::schema::{Label, Table};
use crate::tally::{Share, Tally};

static TABLE: Table = Table {
    name: "emotion",
    label: Label { zh: "客户情绪", en: "Emotion" },
    grain: "one row per period, breakdown, member with a mood noted, and mood",
    columns: chosen::COLUMNS,
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies, finish };

const QUESTION: Question = Question { column: "emotion", many: false };

const DOC: &str = "\
# Emotion (客户情绪)

## What it says
In which mood customers were found (平静, 轻微不满, …) when they were asked, for all and for each member of the breakdowns
that the plan names for scores.

## How it is counted
`share` = surveys with this mood ÷ surveys with any mood noted. Moods that nobody had with one member but somebody with
another are told as 0. With fewer than `min_n` such surveys a member is `suppressed`: its moods and n stay, the figures are null.

## How to read it
Moods are noted by whoever calls, so compare members whom the same people have called. `change_q` below 0.05 marks a change against the
previous period that chance hardly explains.

## Source
Wilson (1927), score interval; two-proportion z test with pooled variance; Benjamini and Hochberg (1995).
";

fn tallies(context: &Context) -> Vec<Tally> {
    chosen::tallies(context, QUESTION)
}

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    chosen::table(context, taken, QUESTION, &TABLE)
}
