//! What people chose from a list: how many of those who chose anything chose what.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, PolarsResult};

use super::context::Spans;
use super::portion::Portion;
use super::rows::{Building, Cell};
use super::{Context, runs};
use crate::schema::Type::{Double, Int64, Text};
use crate::schema::facts::SURVEY;
use crate::schema::shared::{
    BREAKDOWN, CHANGE_Q, CI_HIGH, CI_LOW, JOINED, MEMBER, N, NONE, PERIOD, PERIOD_TYPE, SUPPRESSED,
};
use crate::schema::{Column, Table, column};
use crate::stats::adjust;
use crate::tally::{Share, Tally};

/// The columns of a table of choices.
pub const COLUMNS: &[Column] = &[
    PERIOD_TYPE,
    PERIOD,
    BREAKDOWN,
    MEMBER,
    column("choice", Text, "", "选项", "Choice", "What was chosen, as in the dump."),
    column("surveys", Int64, "surveys", "评价份数", "Surveys", "Surveys in which it was chosen."),
    N.doc("Surveys in which anything was chosen."),
    column(
        "share",
        Double,
        "share",
        "占比",
        "Share",
        "surveys ÷ n; of many-choice questions, shares add up to more than 1.",
    ),
    CI_LOW.doc("Lower end of the 95 % Wilson interval of the share."),
    CI_HIGH.doc("Upper end of the 95 % Wilson interval of the share."),
    column(
        "previous_share",
        Double,
        "share",
        "上期占比",
        "Previous share",
        "Share in the period of the same type before, where it was not suppressed.",
    ),
    column("change", Double, "share", "变化", "Change", "share − previous_share."),
    CHANGE_Q,
    SUPPRESSED,
];

/// A column of surveys in which people choose.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    pub column: &'static str,
    /// Whether several choices, joined by `;`, may stand in one cell.
    pub many: bool,
}

fn breakdowns(context: &Context) -> Vec<(&'static str, Option<&'static str>)> {
    context.breakdowns(SURVEY, &context.plan.breakdowns.scores)
}

/// Surveys by what was chosen together, for all and by the breakdowns of scores.
pub fn tallies(context: &Context, question: Question) -> Vec<Tally> {
    if !context.has(SURVEY, question.column) {
        return Vec::new();
    }
    let tally = |by| Tally::of(SURVEY, std::iter::once("month").chain(by).chain([question.column]));
    breakdowns(context).into_iter().map(|(_, by)| tally(by)).collect()
}

/// What one member's surveys chose.
#[derive(Debug, Default)]
struct Chosen<'c> {
    n: u64,
    choices: BTreeMap<&'c str, u64>,
}

/// Rank of the period, place of the breakdown, member.
type Group<'c> = (usize, usize, &'c str);

/// The table of a question. Choices that others of the same breakdown and period made are told as 0 of n.
pub fn table(context: &Context, taken: &Share, question: Question, table: &Table) -> PolarsResult<DataFrame> {
    let (breakdowns, spans) = (breakdowns(context), Spans::new(context));
    let counted = taken.all()?;
    let mut groups: BTreeMap<Group, Chosen> = BTreeMap::new();
    for ((place, (_, by)), counted) in breakdowns.iter().enumerate().zip(&counted) {
        let (cells, cell, rows) =
            counted.members(question.column).map(|(names, place)| (names, place, counted.sums("rows")))?;
        let rows = rows?;
        runs::each(&spans, counted, *by, |span, member, range| {
            let chosen = groups.entry((span, place, member)).or_default();
            for row in range {
                let text = cells[cell[row] as usize].as_str();
                if text == NONE {
                    continue;
                }
                chosen.n += rows[row];
                let choices: BTreeSet<&str> =
                    if question.many { text.split(JOINED).map(str::trim).collect() } else { BTreeSet::from([text]) };
                for choice in choices.into_iter().filter(|choice| !choice.is_empty()) {
                    *chosen.choices.entry(choice).or_default() += rows[row];
                }
            }
        })?;
    }
    let lines = lines(context, &spans, &groups);
    let q_values = adjust::benjamini_hochberg(&lines.iter().map(|line| line.portion.p()).collect::<Vec<_>>());
    let mut out = Building::new(table, lines.len())?;
    for (line, q) in lines.iter().zip(q_values) {
        let (span, breakdown, member) = line.group;
        let span = spans.span(span);
        let mut row =
            vec![Cell::from(span.kind), span.name.as_str().into(), breakdowns[breakdown].0.into(), member.into()];
        row.push(line.choice.into());
        row.extend(line.portion.now().into_iter().chain(line.portion.change(q)));
        out.push(row)?;
    }
    out.finish()
}

/// One choice of one member.
struct Line<'c> {
    group: Group<'c>,
    choice: &'c str,
    portion: Portion,
}

fn lines<'c>(context: &Context, spans: &Spans, groups: &BTreeMap<Group<'c>, Chosen<'c>>) -> Vec<Line<'c>> {
    let shown = |chosen: &Chosen| chosen.n > 0 && i64::try_from(chosen.n).is_ok_and(|n| n >= context.plan.scores.min_n);
    let mut choices: BTreeMap<(usize, usize), BTreeSet<&str>> = BTreeMap::new();
    for ((span, breakdown, _), chosen) in groups {
        choices.entry((*span, *breakdown)).or_default().extend(chosen.choices.keys());
    }
    let mut lines = Vec::new();
    for (group, chosen) in groups.iter().filter(|(_, chosen)| chosen.n > 0) {
        let (span, breakdown, member) = *group;
        let before = spans.previous(span).and_then(|span| groups.get(&(span, breakdown, member))).filter(|c| shown(c));
        for choice in choices.get(&(span, breakdown)).into_iter().flatten() {
            let of = |chosen: &Chosen| chosen.choices.get(choice).copied().unwrap_or_default();
            let shown = shown(chosen);
            let before = before.filter(|_| shown).map(|before| (of(before), before.n));
            let portion = Portion { part: of(chosen), n: chosen.n, shown, before };
            lines.push(Line { group: *group, choice, portion });
        }
    }
    lines
}
