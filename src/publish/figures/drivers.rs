//! Importance against performance of the dimensions.

use super::{Chart, Shown, Words};
use crate::publish::charts::{Caption, QuadrantChart, QuadrantPoint};

const NAME: &str = "satisfaction_drivers";

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<QuadrantChart> {
    let words = shown.words();
    let table = shown.table("satisfaction_drivers")?;
    let rows = shown.reviewed(table, &[]);
    let point = |row: &usize| {
        Some(QuadrantPoint {
            label: words.dimension(table.text("dimension", *row)?),
            performance: table.double("mean", *row)?,
            importance: table.double("importance", *row)?,
            interval: table.double("ci_low", *row).zip(table.double("ci_high", *row)),
            first: table.text("quadrant", *row) == Some("mend_first"),
        })
    };
    let points: Vec<QuadrantPoint> = rows.iter().filter_map(point).collect();
    let first = *rows.first()?;
    let r_squared = table.double("r_squared", first)?;
    if points.len() < 2 {
        return None;
    }
    let count = f64::from(u32::try_from(points.len()).ok()?);
    let centre = (points.iter().map(|point| point.performance).sum::<f64>() / count, 1.0 / count);
    Some(QuadrantChart {
        caption: Caption {
            title: words.either("满意度驱动因素：重要性与表现", "Satisfaction drivers: importance and performance"),
            subtitle: format!(
                "{} · n = {} {} · R² = {r_squared:.2}",
                words.period(shown.release.period),
                Words::number(table.count("n", first)),
                words.either("份评价", "surveys")
            ),
            footnote: Some(words.either(
                "重要性为各维度对总体满意度 R² 的贡献份额（LMG/Shapley），区间由固定种子的自助法得出；虚线为平均份额与各维度均分的平均。关联不等于因果。",
                "Importance is the share of R² of overall satisfaction (LMG/Shapley), with bootstrap intervals of a fixed seed; dashed lines are the equal share and the mean of all dimensions. Association is not proof.",
            )),
        },
        points,
        centre,
        fields: [
            words.either("重要而偏弱：优先改进", "Important and weak: mend first"),
            words.either("重要且良好：继续保持", "Important and strong: keep up"),
            words.either("次要且偏弱：暂缓", "Neither: low priority"),
            words.either("良好而次要：投入或已足够", "Strong and less important"),
        ],
        axes: [words.either("均分（表现）", "Mean score (performance)"), words.either("重要性（占 R² 的份额）", "Importance (share of R²)")],
        interval_label: words.either("重要性的 95% 区间", "95 % interval of the importance"),
        first_label: words.either("优先改进", "Mend first"),
    })
}
