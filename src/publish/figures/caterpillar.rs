//! Staff in the order of their shrunk means, one chart a dimension.

use std::collections::BTreeSet;

use super::{Chart, Shown, View};
use crate::publish::charts::{Caption, CaterpillarChart, CaterpillarRow, Estimate};

/// What the names of the charts begin with.
const NAME: &str = "staff_ranking";

/// Rows that a page holds.
const MOST: usize = 40;

/// Pages that anybody looks through.
const MOST_PAGES: usize = 10;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    let Some(table) = shown.table("skill_gaps") else { return Vec::new() };
    let rows = shown.reviewed(table, &[]);
    let dimensions = pages(shown, table, &rows);
    let of = |dimension: &&str| {
        let own = rows.iter().copied().filter(|row| table.text("dimension", *row) == Some(dimension));
        choose(shown, table, dimension, own.collect()).map(|chart| (format!("{NAME}_{dimension}"), chart))
    };
    dimensions.iter().filter_map(of).map(|(name, chart)| Chart::new(&name, move || chart.draw())).collect()
}

/// The dimensions that get a page: all of a few; of many, those with gaps come before others.
fn pages<'a>(shown: &Shown<'a>, table: View, rows: &[usize]) -> Vec<&'a str> {
    let gaps = rows.iter().filter(|row| table.flag("is_gap", **row));
    let weak: BTreeSet<&str> = gaps.filter_map(|row| table.text("dimension", *row)).collect();
    let all = shown.release.plan.score_names();
    let (with, without): (Vec<&str>, Vec<&str>) = all.iter().partition(|dimension| weak.contains(**dimension));
    let chosen: BTreeSet<&str> = with.into_iter().chain(without).take(MOST_PAGES).collect();
    all.into_iter().filter(|dimension| chosen.contains(dimension)).collect()
}

fn choose(shown: &Shown, table: View, dimension: &str, rows: Vec<usize>) -> Option<CaterpillarChart> {
    let words = shown.words();
    let roster = shown.table("dim_staff");
    let all = rows.len();
    let row = |row: usize| {
        let mean = table.double("shrunk_mean", row)?;
        let estimate = Estimate {
            value: mean,
            low: table.double("shrunk_low", row)?,
            high: table.double("shrunk_high", row)?,
            n: table.count("n", row),
        };
        let id = table.text("staff_id", row)?;
        let weak = table.flag("is_gap", row);
        let label = roster.map_or_else(|| id.to_owned(), |roster| words.staff(roster, id));
        let peers = table.double("shrunk_gap", row).map(|gap| mean - gap);
        let note = words.member(table.text("tenure_band", row).unwrap_or_default());
        (!table.flag("suppressed", row)).then_some(CaterpillarRow {
            label,
            note,
            estimate,
            own: table.double("mean", row),
            peers,
            weak,
        })
    };
    let mut ranked: Vec<CaterpillarRow> = rows.into_iter().filter_map(row).collect();
    // Two members or more make an order.
    if ranked.len() < 2 {
        return None;
    }
    let (shown_of, few) = (ranked.len(), all - ranked.len());
    // The weakest stand on top; of many, they alone.
    ranked.sort_by(|a, b| a.estimate.value.total_cmp(&b.estimate.value).then_with(|| a.label.cmp(&b.label)));
    ranked.truncate(MOST);
    let n: u64 = ranked.iter().map(|row| row.estimate.n).sum();
    let chosen = if shown_of > MOST {
        words.either(
            &format!("{shown_of} 名员工中最低的 {MOST} 名"),
            &format!("the lowest {MOST} of {shown_of} members of staff"),
        )
    } else {
        words.either(&format!("{shown_of} 名员工"), &format!("{shown_of} members of staff"))
    };
    let left = words.either(&format!("另有 {few} 名样本不足，未显示。"), &format!(" {few} more have too few answers."));
    let diamonds = if ranked.iter().any(|row| row.weak) {
        words.either(
            "菱形为与同段其他员工相比显著偏低（t 检验，q < 0.05）。",
            " Diamonds are below their peers by a t test with q < 0.05.",
        )
    } else {
        String::new()
    };
    let note = words.either(
        &format!("收缩均分：样本越少越靠近同工龄段均分，区间已含此不确定性。{diamonds}区间大多重叠，名次本身不说明问题。"),
        &format!(
            "Shrunk means: the fewer the answers, the nearer to the mean of the tenure band.{diamonds} Where intervals overlap, \
             ranks mean little."
        ),
    );
    let name = words.dimension(dimension);
    Some(CaterpillarChart {
        caption: Caption {
            title: words.either(&format!("员工比较：{name}"), &format!("Staff compared: {name}")),
            subtitle: format!("{} · {chosen} · {}", words.period(shown.release.period), words.answers(n)),
            footnote: Some(if few > 0 { note + &left } else { note }),
        },
        rows: ranked,
        limits: (1.0, 5.0),
        interval_label: words.either("收缩均分及 95% 区间", "Shrunk mean and 95 % interval"),
        weak_label: words.either("显著低于同工龄段", "Below the peers"),
        own_label: words.either("原始均分", "Raw mean"),
        peers_label: words.either("同工龄段均分", "Mean of the tenure band"),
        heads: [
            words.either("工龄段", "Tenure"),
            words.either("收缩均分", "Shrunk mean"),
            words.either("评分数", "Answers"),
        ],
    })
}
