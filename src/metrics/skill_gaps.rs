//! Members of staff who are weaker than their peers in a dimension.

use polars::prelude::{DataFrame, PolarsResult};

use super::peers::{self, Member};
use super::rows::{Building, Cell};
use super::{Context, Metric};
use crate::schema::Type::{Bool, Double, Int64};
use crate::schema::shared::{DIMENSION, N, PERIOD, Q, STAFF_ID, STAFF_NAME, SUPPRESSED, TEAM, TENURE_BAND, TICKETS};
use crate::schema::{Label, Table, column};
use crate::tally::Share;

static TABLE: Table = Table {
    name: "skill_gaps",
    label: Label { zh: "技能短板", en: "Skill gaps" },
    grain: "one row per reporting period, member of staff and dimension with an answer",
    columns: &[
        PERIOD,
        STAFF_ID,
        STAFF_NAME,
        TEAM,
        TENURE_BAND.doc("Band in which most of the member's answers of the period fall; of two alike, the senior one."),
        DIMENSION,
        N,
        column("mean", Double, "points", "均分", "Mean", "Mean of the member's answers, 1–5."),
        column(
            "peer_mean",
            Double,
            "points",
            "同段均分",
            "Peer mean",
            "Mean of the answers to the others of the same tenure band; null without others.",
        ),
        column("gap", Double, "points", "与同段差距", "Gap", "mean − peer_mean; below zero is weaker."),
        column(
            "shrunk_gap",
            Double,
            "points",
            "收缩差距",
            "Shrunk gap",
            "Shrunk mean of the member − the mean of the band towards which it is drawn, the more the fewer the answers.",
        ),
        column(
            "p",
            Double,
            "",
            "p值",
            "p",
            "Two-sided p-value of the t test of the member's answers against those to the peers, with the variance pooled over both.",
        ),
        Q,
        column(
            "priority",
            Double,
            "points",
            "优先度",
            "Priority",
            "Points below the peers (shrunk) × tickets, or answers where the data have no tickets; 0 for who is not below.",
        ),
        TICKETS.doc("Tickets of the member in the period; null where the data have no tickets."),
        column("peer_n", Int64, "answers", "同段样本量", "Peer n", "Answers to the others of the band."),
        column(
            "target_gap",
            Double,
            "points",
            "与目标差距",
            "Target gap",
            "mean − `target` of [scores]; below zero misses it.",
        ),
        column(
            "is_gap",
            Bool,
            "",
            "是否短板",
            "Gap found",
            "True where the member is weaker than the peers with q < 0.05; null where nothing could be tested.",
        ),
        SUPPRESSED,
        column(
            "shrunk_mean",
            Double,
            "points",
            "收缩均分",
            "Shrunk mean",
            "The member's mean drawn to the mean of the band.",
        ),
        column("shrunk_low", Double, "points", "收缩置信下限", "Shrunk CI low", "Lower end of its 95 % interval."),
        column("shrunk_high", Double, "points", "收缩置信上限", "Shrunk CI high", "Upper end of its 95 % interval."),
    ],
};

pub static METRIC: Metric = Metric { table: &TABLE, doc: DOC, tallies: peers::tallies, finish };

const DOC: &str = "\
# Skill gaps (技能短板)

## What it says
Who is weaker in which dimension than colleagues with as much experience, whether chance explains it, and how many customers
it reaches: whom to train in what, most pressing first.

## How it is counted
A member's answers of the reporting period in one dimension are set against the answers to all others of the same tenure
band, so that new staff are compared with new staff; what a whole band lacks stands in `tenure_effect`. Who changes band
within the period counts where most answers fall. `p` is Student's t test with pooled variance, for the answers of one
member are often few, and five equal ones prove nothing. `shrunk_gap` draws small samples to the mean of the band
(normal–normal, variance between members by the method of moments). `priority` = −`shrunk_gap` × tickets. Members with
fewer than `min_n` answers are `suppressed`: the row and its n stay, the figures are null.

## How to read it
Take the rows with `is_gap`, from the top. The rest is not shown to differ from the peers, however low `mean` is; where a
whole band misses the target, `target_gap` says so. `training_groups` puts those together who need the same course, and
`training_evidence` has the answers behind each gap: read them before you talk to somebody.

## Source
Student (1908), Fisher (1925); DerSimonian and Laird (1986) for the variance between members; Benjamini and Hochberg (1995).
";

fn finish(context: &Context, taken: &Share) -> PolarsResult<DataFrame> {
    let counted = taken.all()?;
    let mut members = peers::members(context, &counted)?;
    members.sort_by(order);
    let dimensions = context.plan.score_names();
    let mut out = Building::new(&TABLE, members.len())?;
    for member in &members {
        let figures = member.figures;
        out.push(vec![
            Cell::from(member.period),
            member.id.into(),
            member.name.into(),
            member.team.into(),
            member.band.into(),
            dimensions[member.dimension].into(),
            member.n.into(),
            figures.map(|f| f.mean).into(),
            figures.and_then(|f| f.peer_mean).into(),
            figures.and_then(|f| f.gap()).into(),
            figures.and_then(|f| f.shrunk_gap).into(),
            figures.and_then(|f| f.p).into(),
            figures.and_then(|f| f.q).into(),
            member.priority().into(),
            member.tickets.into(),
            member.peers_n.into(),
            figures.map(|f| f.mean - context.plan.scores.target).into(),
            figures.and_then(|f| f.q).map(|_| member.is_weak()).into(),
            figures.is_none().into(),
            figures.and_then(|f| f.shrunk_mean).into(),
            figures.and_then(|f| f.interval).map(|i| i.low).into(),
            figures.and_then(|f| f.interval).map(|i| i.high).into(),
        ])?;
    }
    out.finish()
}

/// By period; gaps that were found first, the most pressing on top.
fn order(a: &Member, b: &Member) -> std::cmp::Ordering {
    let pressing = |member: &Member| (member.is_weak(), member.priority().unwrap_or(-1.0));
    let ((a_weak, a_first), (b_weak, b_first)) = (pressing(a), pressing(b));
    let by_weight = b_weak.cmp(&a_weak).then(b_first.total_cmp(&a_first));
    a.period.cmp(b.period).then(by_weight).then(a.id.cmp(b.id)).then(a.dimension.cmp(&b.dimension))
}
