//! Score by tenure band, one panel a dimension.

use super::{Chart, SIGNIFICANT, Shown, Words};
use crate::publish::charts::{Caption, TenureBand, TenureChart, TenurePanel};
use crate::schema::shared::ALL;

const NAME: &str = "scores_by_tenure";

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<TenureChart> {
    let plan = shown.release.plan;
    let words = Words::of(plan);
    let table = shown.table("dimension_scores")?;
    let effect = shown.table("tenure_effect");
    let rows = shown.reviewed(table, &[("breakdown", "tenure_band")]);
    let all = shown.reviewed(table, &[("breakdown", ALL)]);
    let dimensions = table.distinct("dimension", &rows);
    if dimensions.is_empty() {
        return None;
    }
    let band = |dimension: &str, band: &str| {
        let row = rows
            .iter()
            .find(|r| table.text("dimension", **r) == Some(dimension) && table.text("member", **r) == Some(band));
        let Some(row) = row else {
            return TenureBand::Empty;
        };
        let n = table.count("n", *row);
        match table.estimate("mean", n, *row) {
            Some(estimate) if !table.flag("suppressed", *row) => TenureBand::Mean(estimate),
            _ => TenureBand::Suppressed { n },
        }
    };
    let note = |dimension: &str| {
        let effect = effect?;
        let row = *shown.reviewed(effect, &[("dimension", dimension)]).first()?;
        let q = effect.double("q", row).filter(|q| *q < SIGNIFICANT)?;
        let figure = Words::q(q);
        Some(words.either(&format!("差异显著 {figure}"), &format!("differs, {figure}")))
    };
    let n: u64 = rows.iter().map(|r| table.count("n", *r)).sum();
    Some(TenureChart {
        caption: Caption {
            title: words.either("各工龄段评分", "Scores by tenure band"),
            subtitle: format!("{} · {}", words.period(shown.release.period), words.answers(n)),
            footnote: Some(words.either(
                "工龄按客户提出需求当日的满月数计；竖线为均分的 95% t 置信区间；显著性为 Welch 方差分析并经 Benjamini–Hochberg 校正。",
                "Tenure in completed months on the day of the request; bars are 95 % t intervals; differences by Welch's ANOVA, Benjamini–Hochberg adjusted.",
            )),
        },
        bands: plan.tenure.iter().map(|b| b.name.clone()).collect(),
        panels: dimensions
            .iter()
            .map(|dimension| TenurePanel {
                label: words.dimension(dimension),
                reference: all
                    .iter()
                    .find(|r| table.text("dimension", **r) == Some(dimension))
                    .and_then(|r| table.double("mean", *r)),
                bands: plan.tenure.iter().map(|b| band(dimension, &b.name)).collect(),
                note: note(dimension),
            })
            .collect(),
        limits: (1.0, 5.0),
        interval_label: words.either("平均分及 95% 置信区间", "Mean and 95 % interval"),
        reference_label: words.either("该维度全体均分", "Mean of all answers"),
        suppressed_label: words.suppressed(),
        count_label: "n".to_owned(),
    })
}
