//! Staff × dimension: the members with most answers, suppressed cells visible as such.

use std::collections::BTreeMap;

use super::{Chart, SIGNIFICANT, Shown, Words};
use crate::publish::charts::{Caption, HeatCell, HeatmapChart, HeatmapRow};
use crate::schema::shared::NONE;

const NAME: &str = "scores_by_staff";

/// Rows that a page holds.
const MOST: usize = 30;

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<HeatmapChart> {
    let plan = shown.release.plan;
    let words = Words::of(plan);
    let table = shown.table("dimension_scores")?;
    let roster = shown.table("dim_staff");
    let compared = compared(shown);
    let rows = shown.reviewed(table, &[("breakdown", "staff")]);
    let dimensions = table.distinct("dimension", &rows);
    // Each row is looked at once, for staff may be tens of thousands.
    let mut answers: BTreeMap<&str, u64> = BTreeMap::new();
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &rows {
        let Some(member) = table.text("member", *row).filter(|member| *member != NONE) else { continue };
        *answers.entry(member).or_default() += table.count("n", *row);
        if let Some(dimension) = table.text("dimension", *row) {
            places.entry((member, dimension)).or_insert(*row);
        }
    }
    let mut staff: Vec<(&str, u64)> = answers.into_iter().collect();
    if staff.is_empty() {
        return None;
    }
    let all = staff.len();
    staff.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    staff.truncate(MOST);
    let answers: u64 = staff.iter().map(|(_, n)| n).sum();
    // The chosen ones are shown in the order of their numbers, where a reader looks a name up.
    staff.sort_by_key(|(member, _)| *member);
    let label = |id: &str| roster.map_or_else(|| id.to_owned(), |roster| words.staff(roster, id));
    let cell = |member: &str, dimension: &str| {
        let Some(row) = places.get(&(member, dimension)) else {
            return HeatCell::Empty;
        };
        match table.double("mean", *row) {
            Some(mean) if !table.flag("suppressed", *row) => match compared.get(&(member, dimension)) {
                Some(below) => HeatCell::Marked { mean, below: *below },
                None => HeatCell::Mean(mean),
            },
            _ => HeatCell::Suppressed { n: table.count("n", *row) },
        }
    };
    let chosen = match words.either("zh", "en").as_str() {
        "zh" if all > MOST => format!("{all} 名员工中评分最多的 {MOST} 名"),
        "zh" => format!("{all} 名员工"),
        _ if all > MOST => format!("the {MOST} of {all} members of staff with most answers"),
        _ => format!("{all} members of staff"),
    };
    Some(HeatmapChart {
        caption: Caption {
            title: words.either("员工各维度平均分", "Mean score by staff and dimension"),
            subtitle: format!("{} · {chosen} · {}", words.period(shown.release.period), words.answers(answers)),
            footnote: Some(words.either(
                "均分为原始均分；样本少的员工请参考表 dimension_scores 中的收缩均分与置信区间。",
                "Means are raw; for members with few answers see shrunk means and intervals in the table dimension_scores.",
            )),
        },
        columns: dimensions.iter().map(|d| words.dimension(d)).collect(),
        rows: staff
            .iter()
            .map(|(member, n)| HeatmapRow {
                label: label(member),
                cells: dimensions.iter().map(|d| cell(member, d)).collect(),
                n: *n,
            })
            .collect(),
        middle: plan.scores.target,
        middle_label: words.either(&format!("目标 {:.1}", plan.scores.target), &format!("Target {:.1}", plan.scores.target)),
        scale_label: words.either("平均分", "Mean score"),
        suppressed_label: words.suppressed(),
        marked_labels: [
            words.either("显著低于同工龄段（q < 0.05）", "Below peers of the same tenure (q < 0.05)"),
            words.either("显著高于同工龄段（q < 0.05）", "Above peers of the same tenure (q < 0.05)"),
        ],
        count_label: words.either("评分数", "Answers"),
    })
}

/// Cells that differ from the peers, and whether they lie below them.
fn compared<'a>(shown: &Shown<'a>) -> BTreeMap<(&'a str, &'a str), bool> {
    let Some(gaps) = shown.table("skill_gaps") else { return BTreeMap::new() };
    let differs = |row: &usize| {
        gaps.double("q", *row).filter(|q| *q < SIGNIFICANT)?;
        Some(((gaps.text("staff_id", *row)?, gaps.text("dimension", *row)?), gaps.double("gap", *row)? < 0.0))
    };
    shown.reviewed(gaps, &[]).iter().filter_map(differs).collect()
}
